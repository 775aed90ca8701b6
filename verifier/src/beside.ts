// SPDX-License-Identifier: EUPL-1.2
// beside.ts - earlier bundles on the disk, found by the names that the publisher gives them (docs/audit.md).
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LinkedEntry, readArchive } from "./bundle";
import { isSame } from "./bytes";
import { sha256 } from "./hash";
import { readTask, type Task } from "./parameters";

/** Where earlier bundles are: a folder, or one file. */
export class Beside {
    private readonly files: string[];

    /** `place`: a folder or a bundle; `bundle` beside which they are, if it is null. */
    constructor(private readonly place: string | null, bundle: string) {
        if (place !== null && !statSync(place).isDirectory()) this.files = [place];
        else {
            const folder = place ?? (bundle === "-" ? null : dirname(bundle));
            this.files = folder === null ? [] : readdirSync(folder).filter((n) => n.endsWith(".tar")).sort().map((n) => join(folder, n));
        }
    }

    private named(task: Task, period: string, revision: RegExp): string[] {
        if (this.files.length === 1 && this.files[0] === this.place) return this.files;
        return this.files.filter((path) => {
            const name = path.replace(/^.*[/\\]/, "");
            const prefix = [`${task.collection}-${period}`, period].find((p) => name.startsWith(p) && revision.test(name.slice(p.length)));
            return prefix !== undefined;
        });
    }

    /** All that is there, one at a time. */
    *all(): Generator<Uint8Array> {
        for (const path of this.files) yield readFileSync(path);
    }

    /** What a correction corrects: a bundle of that very task, else the one that was given or is named like an earlier revision. */
    findCorrected(task: Task): Uint8Array | null {
        const own = new RegExp(`\\.r${task.revision}\\.tar$`);
        const paths = this.named(task, task.period, /^(\.r\d+)?\.tar$/).filter((path) => path === this.place || !own.test(path));
        for (const path of paths) {
            const data = readFileSync(path);
            try {
                const parameters = readArchive(data).find((f) => f.name === "parameters")!.data;
                if (isSame(readTask(parameters).taskId, task.previous!.taskId)) return data;
            } catch {
                continue; // not a bundle, or not to be read: it is not the one
            }
        }
        return paths[0] !== undefined ? readFileSync(paths[0]) : null;
    }

    /** A release that is named by another: the one of that hash, else one of that name. */
    findLinked(entry: LinkedEntry, task: Task): Uint8Array | null {
        const paths = this.named(task, entry.period, entry.revision === 0 ? /^\.tar$/ : new RegExp(`^\\.r${entry.revision}\\.tar$`));
        const all = paths.map((path) => readFileSync(path));
        return all.find((data) => isSame(sha256(data), entry.hash)) ?? all[0] ?? null;
    }
}
