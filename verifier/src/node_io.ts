// SPDX-License-Identifier: EUPL-1.2
// node_io.ts - what the commands under Node share: languages, files that must be there, output.
import { readFileSync, writeSync } from "node:fs";
import { type Result } from "./audit";
import { type Sentences } from "./sentences";

export type Lang = "sv" | "en";

/** The command line is not understood. */
export class UsageError extends Error {}

/** Something that was named cannot be read: the status to end with. */
export class UnreadableError extends Error {
    constructor(message: string, readonly status: number) {
        super(message);
    }
}

/** What `read` makes of a file; it ends the program with this status if it cannot be read. */
export function readFile<T>(path: string, status: number, read: (data: Uint8Array) => T): T {
    try {
        return read(readFileSync(path === "-" ? 0 : path));
    } catch (error) {
        throw new UnreadableError(`${path}: ${(error as Error).message}`, status);
    }
}

export function write(text: string): void {
    for (let data = Buffer.from(text); data.length > 0;) data = data.subarray(writeSync(1, data));
}

const WORDS = {
    sv: { "pass": "godkänd", "fail": "UNDERKÄND", "not checked": "EJ KONTROLLERAD", all: "GODKÄND: alla", passed: "kontroller godkända.", failed: "UNDERKÄND." },
    en: { "pass": "pass", "fail": "FAIL", "not checked": "NOT CHECKED", all: "PASS: all", passed: "checks passed.", failed: "FAIL." },
};

export function printResult(r: Result, sentences: Sentences, lang: Lang): void {
    const details = r.outcome === "pass" ? (r.note === "" ? [] : [r.note]) : r.details;
    write(`${WORDS[lang][r.outcome].padEnd(16)} ${r.id.padEnd(26)} ${sentences[r.id]![lang]} (${r.inputs})\n`
        + details.map((d) => `${" ".repeat(17)}${d}\n`).join(""));
}

export function printVerdict(results: Result[], isPass: boolean, lang: Lang): void {
    const words = WORDS[lang];
    write(isPass ? `${words.all} ${results.length} ${words.passed}\n` : `${words.failed}\n`);
}
