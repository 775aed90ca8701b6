// SPDX-License-Identifier: EUPL-1.2
// main_node.ts - the verifier as a command under Node: `node verifier.mjs verify BUNDLE --trust FILE`, and others.
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { audit, toJson } from "./audit";
import { Beside } from "./beside";
import { CHECKS } from "./checks";
import { type Evidence, type Heavy } from "./finding";
import { join, type Part, split, transfers, workOn } from "./heavy";
import { type Lang, printResult, printVerdict, readFile, UnreadableError, UsageError, write } from "./node_io";
import { checkLog } from "./node_log";
import { readablePolicy } from "./note";
import { SENTENCES } from "./sentences";
import { readTrust } from "./trust";

interface Options {
    command: "verify" | "check-log" | "list-checks" | "help";
    /** The bundle or log. */
    what: string;
    trust: string;
    policy: string;
    /** Beside a log. */
    bundle: string;
    earlier: string | null;
    isJson: boolean;
    lang: Lang;
    jobs: number;
}

const HELP: Record<Lang, string> = {
    sv: `verifier.mjs - kontrollera att publicerade siffror stämmer (den andra verifieraren)

  node verifier.mjs verify PAKET --trust FIL [--policy FIL] [--earlier FIL|MAPP] [--json] [--lang sv|en] [--jobs N]
  node verifier.mjs check-log LOGG --policy FIL [--trust FIL] [--bundle PAKET] [--earlier KONTROLLPUNKT] [--json] [--lang sv|en]
  node verifier.mjs list-checks [--json] [--lang sv|en]

PAKET är filen som utgivaren publicerar med en period, eller - för standardinmatningen. LOGG är en publik loggs mapp eller
adress. Utgångsstatus som skarva-audit: 0 alla kontroller godkända; 1 någon underkänd eller inte kontrollerad; 2 kommandoraden
går inte att förstå; 3 paketet eller loggens mapp går inte att läsa; 4 förtroendefilen eller policyn går inte att läsa.
`,
    en: `verifier.mjs - check that published figures are right (the second verifier)

  node verifier.mjs verify BUNDLE --trust FILE [--policy FILE] [--earlier FILE|FOLDER] [--json] [--lang sv|en] [--jobs N]
  node verifier.mjs check-log LOG --policy FILE [--trust FILE] [--bundle BUNDLE] [--earlier CHECKPOINT] [--json] [--lang sv|en]
  node verifier.mjs list-checks [--json] [--lang sv|en]

BUNDLE is the file that the publisher publishes with a period, or - for the standard input. LOG is the folder or address of a
public log. Exit status as skarva-audit: 0 all checks passed; 1 one failed or was not checked; 2 the command line is not
understood; 3 the bundle or the log's folder cannot be read; 4 the trust file or policy cannot be read.
`,
};
function languageOfEnvironment(): Lang {
    const { LC_ALL, LC_MESSAGES, LANG } = process.env;
    return (LC_ALL || LC_MESSAGES || LANG || "").startsWith("sv") ? "sv" : "en";
}

function cores(): number {
    return typeof availableParallelism === "function" ? availableParallelism() : cpus().length;
}

const VALUES = ["trust", "earlier", "policy", "bundle", "lang", "jobs"];

function readOptions(args: string[]): Options {
    const o: Options = {
        command: "help", what: "", trust: "", policy: "", bundle: "", earlier: null, isJson: false, lang: languageOfEnvironment(), jobs: cores(),
    };
    const [command, ...rest] = args;
    if (command === "--help" || command === "-h") return o;
    if (command !== "verify" && command !== "check-log" && command !== "list-checks") throw new UsageError(`no such command: ${command ?? ""}`);
    o.command = command;
    for (let i = 0; i < rest.length; i++) {
        const word = rest[i]!;
        if (word === "--json") o.isJson = true;
        else if (word.startsWith("--") && VALUES.includes(word.slice(2))) {
            if (rest[++i] === undefined) throw new UsageError(`${word} needs a value`);
            setOption(o, word.slice(2), rest[i]!);
        } else if ((word.startsWith("-") && word !== "-") || o.what !== "" || command === "list-checks") throw new UsageError(`not understood: ${word}`);
        else o.what = word;
    }
    if (command === "verify" && (o.what === "" || o.trust === "")) throw new UsageError("verify BUNDLE --trust FILE");
    if (command === "check-log" && (o.what === "" || o.policy === "")) throw new UsageError("check-log LOG --policy FILE");
    if (o.bundle !== "" && (command !== "check-log" || o.trust === "")) throw new UsageError("check-log LOG --policy FILE --bundle BUNDLE --trust FILE");
    return o;
}

function setOption(o: Options, name: string, value: string): void {
    if (name === "lang") {
        if (value !== "sv" && value !== "en") throw new UsageError("--lang sv|en");
        o.lang = value;
    } else if (name === "jobs") {
        o.jobs = Number(value);
        if (!Number.isInteger(o.jobs) || o.jobs < 1 || o.jobs > 256) throw new UsageError("--jobs 1 to 256");
    } else o[name as "trust" | "earlier" | "policy" | "bundle"] = value;
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
        const worker = new Worker(fileURLToPath(import.meta.url), { workerData: part, transferList: transfers(part) });
        worker.on("message", (message: Heavy | "step") => (message === "step" ? step() : resolve(message)));
        worker.on("error", reject);
        worker.on("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
    });
}

function besideOf(o: Options): Beside {
    try {
        return new Beside(o.earlier, o.what);
    } catch (error) {
        throw new UnreadableError(`${o.what}: ${(error as Error).message}`, 3);
    }
}

async function verify(o: Options): Promise<number> {
    const bundle = readFile(o.what, 3, (data) => data);
    const beside = besideOf(o);
    const trust = readFile(o.trust, 4, readTrust);
    const isShown = process.stderr.isTTY === true && !o.isJson;
    const onProgress = (done: number, n: number) => {
        if (isShown) process.stderr.write(`\r${done}/${n} `);
    };
    const report = await audit({
        bundle, trust, policy: o.policy === "" ? null : readFile(o.policy, 4, readablePolicy), verifyHeavy: runPool(o.jobs, onProgress),
        findEarlier: (task) => Promise.resolve(beside.findCorrected(task)),
        findLinked: (entry, task) => Promise.resolve(beside.findLinked(entry, task)),
        beside: () => beside.all(),
        onResult: (r) => { if (!o.isJson) printResult(r, SENTENCES, o.lang); },
    });
    if (o.isJson) write(`${toJson(report, o.lang)}\n`);
    else printVerdict(report.results, report.isPass, o.lang);
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
        if (o.command === "check-log") return await checkLog({ ...o, log: o.what });
        if (o.command === "list-checks") return listChecks(o);
        write(HELP[o.lang]);
        return 0;
    } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`);
        return error instanceof UsageError ? 2 : error instanceof UnreadableError ? error.status : 1;
    }
}

if (isMainThread) process.exitCode = await main();
else parentPort!.postMessage(workOn(workerData as Part, () => parentPort!.postMessage("step")));
