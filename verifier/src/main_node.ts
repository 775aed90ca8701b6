// SPDX-License-Identifier: EUPL-1.2
// main_node.ts - the verifier as a command under Node: `node verifier.mjs verify BUNDLE --trust FILE`.
import { readFileSync, writeSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { audit, type Report, type Result, toJson } from "./audit";
import { Beside } from "./beside";
import { CHECKS } from "./checks";
import { type Evidence, type Heavy } from "./finding";
import { join, type Part, split, workOn } from "./heavy";
import { type Parties } from "./parameters";
import { SENTENCES } from "./sentences";
import { readTrust } from "./trust";

type Lang = "sv" | "en";

interface Options {
    command: "verify" | "list-checks" | "help";
    bundle: string;
    trust: string;
    earlier: string | null;
    isJson: boolean;
    lang: Lang;
    jobs: number;
}

const HELP: Record<Lang, string> = {
    sv: `verifier.mjs - kontrollera att publicerade siffror stämmer (den andra verifieraren)

  node verifier.mjs verify PAKET --trust FIL [--earlier FIL|MAPP] [--json] [--lang sv|en] [--jobs N]
  node verifier.mjs list-checks [--json] [--lang sv|en]

PAKET är filen som utgivaren publicerar med en period, eller - för standardinmatningen. Utgångsstatus som skarva-audit:
0 alla kontroller godkända; 1 någon underkänd eller inte kontrollerad; 2 kommandoraden går inte att förstå;
3 paketet går inte att läsa; 4 förtroendefilen går inte att läsa.
`,
    en: `verifier.mjs - check that published figures are right (the second verifier)

  node verifier.mjs verify BUNDLE --trust FILE [--earlier FILE|FOLDER] [--json] [--lang sv|en] [--jobs N]
  node verifier.mjs list-checks [--json] [--lang sv|en]

BUNDLE is the file that the publisher publishes with a period, or - for the standard input. Exit status as skarva-audit:
0 all checks passed; 1 one failed or was not checked; 2 the command line is not understood;
3 the bundle cannot be read; 4 the trust file cannot be read.
`,
};
const WORDS = {
    sv: { "pass": "godkänd", "fail": "UNDERKÄND", "not checked": "EJ KONTROLLERAD", all: "GODKÄND: alla", passed: "kontroller godkända.", failed: "UNDERKÄND." },
    en: { "pass": "pass", "fail": "FAIL", "not checked": "NOT CHECKED", all: "PASS: all", passed: "checks passed.", failed: "FAIL." },
};

class UsageError extends Error {}

function languageOfEnvironment(): Lang {
    const { LC_ALL, LC_MESSAGES, LANG } = process.env;
    return (LC_ALL || LC_MESSAGES || LANG || "").startsWith("sv") ? "sv" : "en";
}

function cores(): number {
    return typeof availableParallelism === "function" ? availableParallelism() : cpus().length;
}

function readOptions(args: string[]): Options {
    const o: Options = { command: "help", bundle: "", trust: "", earlier: null, isJson: false, lang: languageOfEnvironment(), jobs: cores() };
    const [command, ...rest] = args;
    if (command === "--help" || command === "-h") return o;
    if (command !== "verify" && command !== "list-checks") throw new UsageError(`no such command: ${command ?? ""}`);
    o.command = command;
    for (let i = 0; i < rest.length; i++) {
        const value = () => rest[++i] ?? (() => { throw new UsageError(`${rest[i - 1]} needs a value`); })();
        const word = rest[i]!;
        if (word === "--json") o.isJson = true;
        else if (word === "--trust") o.trust = value();
        else if (word === "--earlier") o.earlier = value();
        else if (word === "--lang") {
            const lang = value();
            if (lang !== "sv" && lang !== "en") throw new UsageError("--lang sv|en");
            o.lang = lang;
        } else if (word === "--jobs") {
            o.jobs = Number(value());
            if (!Number.isInteger(o.jobs) || o.jobs < 1 || o.jobs > 256) throw new UsageError("--jobs 1 to 256");
        } else if ((word.startsWith("-") && word !== "-") || o.bundle !== "" || command !== "verify") throw new UsageError(`not understood: ${word}`);
        else o.bundle = word;
    }
    if (command === "verify" && (o.bundle === "" || o.trust === "")) throw new UsageError("verify BUNDLE --trust FILE");
    return o;
}

function write(text: string): void {
    for (let data = Buffer.from(text); data.length > 0;) data = data.subarray(writeSync(1, data));
}

/** A pool: each part to a worker of its own. */
function runPool(jobs: number, onProgress: (done: number, n: number) => void): (e: Evidence) => Promise<Heavy> {
    return async (e) => {
        const n = e.submissions.length;
        let done = 0;
        const step = () => onProgress(++done, n);
        const parts = split(e, Math.max(1, Math.min(jobs, Math.ceil(n / 8))));
        if (parts.length === 1) return workOn(parts[0]!, step);
        return join(await Promise.all(parts.map((part) => runWorker(part, step))));
    };
}

function runWorker(part: Part, step: () => void): Promise<Heavy> {
    return new Promise((resolve, reject) => {
        const worker = new Worker(fileURLToPath(import.meta.url), { workerData: part });
        worker.on("message", (message: Heavy | "step") => (message === "step" ? step() : resolve(message)));
        worker.on("error", reject);
        worker.on("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
    });
}

function printResult(r: Result, lang: Lang): void {
    const details = r.outcome === "pass" ? (r.note === "" ? [] : [r.note]) : r.details;
    write(`${WORDS[lang][r.outcome].padEnd(16)} ${r.id.padEnd(26)} ${SENTENCES[r.id]![lang]} (${r.inputs})\n`
        + details.map((d) => `${" ".repeat(17)}${d}\n`).join(""));
}

function printVerdict(report: Report, lang: Lang): void {
    const words = WORDS[lang];
    write(report.isPass ? `${words.all} ${report.results.length} ${words.passed}\n` : `${words.failed}\n`);
}

async function verify(o: Options): Promise<number> {
    let bundle: Uint8Array;
    let beside: Beside;
    let trust: Parties;
    try {
        bundle = readFileSync(o.bundle === "-" ? 0 : o.bundle);
        beside = new Beside(o.earlier, o.bundle);
    } catch (error) {
        process.stderr.write(`${o.bundle}: ${(error as Error).message}\n`);
        return 3;
    }
    try {
        trust = readTrust(readFileSync(o.trust));
    } catch (error) {
        process.stderr.write(`${o.trust}: ${(error as Error).message}\n`);
        return 4;
    }
    const isShown = process.stderr.isTTY === true && !o.isJson;
    const onProgress = (done: number, n: number) => {
        if (isShown) process.stderr.write(`\r${done}/${n} `);
    };
    const report = await audit({
        bundle, trust, verifyHeavy: runPool(o.jobs, onProgress),
        findEarlier: (task) => Promise.resolve(beside.findCorrected(task)),
        findLinked: (entry, task) => Promise.resolve(beside.findLinked(entry, task)),
        beside: () => beside.all(),
        onResult: (r) => { if (!o.isJson) printResult(r, o.lang); },
    });
    if (o.isJson) write(`${toJson(report, o.lang)}\n`);
    else printVerdict(report, o.lang);
    return report.isPass ? 0 : 1;
}

function listChecks(o: Options): number {
    const lines = CHECKS.map(({ id }) => (o.isJson
        ? JSON.stringify({ id, sentence: SENTENCES[id]![o.lang] }) : `${id.padEnd(26)} ${SENTENCES[id]![o.lang]}`));
    write(o.isJson ? `[\n${lines.join(",\n")}\n]\n` : `${lines.join("\n")}\n`);
    return 0;
}

async function main(): Promise<number> {
    try {
        const o = readOptions(process.argv.slice(2));
        if (o.command === "verify") return await verify(o);
        if (o.command === "list-checks") return listChecks(o);
        write(HELP[o.lang]);
        return 0;
    } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
        return error instanceof UsageError ? 2 : 1;
    }
}

if (isMainThread) process.exitCode = await main();
else parentPort!.postMessage(workOn(workerData as Part, () => parentPort!.postMessage("step")));
