// SPDX-License-Identifier: EUPL-1.2
// log_files.ts - a public log of files that a visitor has chosen: a folder, as a browser gives it.
import { demand } from "./bytes";
import { type LogSource } from "./log_source";

export class LogFiles implements LogSource {
    /** By their names within the folder. */
    private readonly files = new Map<string, File>();

    constructor(all: File[]) {
        for (const file of all) this.files.set(file.webkitRelativePath.split("/").slice(1).join("/"), file);
    }

    list(folder: string): string[] {
        return [...this.files.keys()].filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1));
    }

    async read(name: string, most: number): Promise<Uint8Array | null> {
        const file = this.files.get(name);
        if (file === undefined) return null;
        demand(file.size <= most, "longer than it may be");
        return new Uint8Array(await file.arrayBuffer());
    }
}
