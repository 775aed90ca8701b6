// SPDX-License-Identifier: EUPL-1.2
// answer_logs.ts - the verifier as a process that is asked about one public log after the other (tests/tamper/other_verifier.h):
//
//   question    the path of a folder and a line feed; in it the log's folder `log`, the file `policy`, and perhaps `trust`, `bundle`, `earlier`
//   answer      "pass" or "fail", a tab, the identifiers of the checks that fail, a line feed
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { auditLog } from "../src/log_audit";
import { LogFolder } from "../src/log_folder";
import { readPolicy } from "../src/note";
import { readTrust } from "../src/trust";

async function answer(folder: string): Promise<string> {
    const read = (name: string) => (existsSync(join(folder, name)) ? new Uint8Array(readFileSync(join(folder, name))) : null);
    const trust = read("trust");
    const report = await auditLog({
        source: new LogFolder(join(folder, "log")), policy: readPolicy(read("policy")!), trust: trust === null ? null : readTrust(trust),
        bundle: read("bundle"), earlier: read("earlier"), onResult: () => {},
    });
    return `${report.isPass ? "pass" : "fail"}\t${report.results.filter((r) => r.outcome === "fail").map((r) => r.id).join(" ")}\n`;
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(await answer(line));
