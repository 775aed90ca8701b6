// SPDX-License-Identifier: EUPL-1.2
// log_folder.ts - a public log on the disk.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./bytes";
import { type LogSource, Unreachable } from "./log_source";

function isAbsent(error: unknown): boolean {
    return ["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

export class LogFolder implements LogSource {
    constructor(private readonly folder: string) {}

    list(folder: string): string[] {
        try {
            return readdirSync(join(this.folder, folder));
        } catch (error) {
            if (isAbsent(error)) return [];
            throw new Unreachable((error as Error).message);
        }
    }

    async read(name: string, most: number): Promise<Uint8Array | null> {
        let fd: number;
        try {
            fd = openSync(join(this.folder, name), "r");
        } catch (error) {
            if (isAbsent(error)) return null;
            throw new Unreachable((error as Error).message);
        }
        try {
            const stat = fstatSync(fd);
            if (!stat.isFile()) return null;
            demand(stat.size <= most, "longer than it may be");
            return readFileSync(fd);
        } finally {
            closeSync(fd);
        }
    }
}
