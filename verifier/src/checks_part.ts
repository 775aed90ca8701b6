// SPDX-License-Identifier: EUPL-1.2
// checks_part.ts - the bundle's part of the public log (docs/log.md, "In the bundle"). Not read here yet: where one is promised, nothing is said of it.
import { type Check, type Evidence, type Finding } from "./finding";

function unread(e: Evidence, f: Finding): void {
    f.mayBeEmpty = e.task!.logPolicy.every((b) => b === 0);
    if (!f.mayBeEmpty) f.notChecked("this verifier does not read the public log yet");
}

export const PART_CHECKS: Record<string, Check["run"]> = Object.fromEntries(
    ["log-form", "log-policy", "log-checkpoint", "log-quorum", "log-root", "log-task", "log-close", "log-accepted"].map((id) => [id, unread]),
);
