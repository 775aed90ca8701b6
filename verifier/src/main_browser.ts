// SPDX-License-Identifier: EUPL-1.2
// main_browser.ts - the page "check it yourself": the same file is the page's script and that of its workers.
//
// Workers are started when the page is loaded, so that it works without a network from then on. Nothing is sent anywhere, and the page's policy
// lets only its own site be asked: for a bundle, if the visitor gives its address (fetched.ts). Trust file and the folder of a public log, and the
// bundle if it is there, are chosen from the visitor's own disk.
import { audit, type Result } from "./audit";
import { type LinkedEntry, readArchive } from "./bundle";
import { isSame } from "./bytes";
import { CHECKS } from "./checks";
import { fetchBundle, NotFetchedError } from "./fetched";
import { type Evidence, type Heavy } from "./finding";
import { join, type Part, split, transfers, workOn } from "./heavy";
import { sha256 } from "./hash";
import { readTask, type Task } from "./parameters";
import { LOG_CHECKS, auditLog } from "./log_audit";
import { LogFiles } from "./log_files";
import { readablePolicy, readPolicy } from "./note";
import { type Sentences, SENTENCES } from "./sentences";
import { LOG_SENTENCES } from "./sentences_log";
import { readTrust } from "./trust";

type Lang = "sv" | "en";

const WORDS = {
    sv: {
        "pass": "godkänd", "fail": "underkänd", "not checked": "ej kontrollerad", waiting: "väntar",
        allPass: "Godkänd: alla kontroller godkända.", failed: "Underkänd: någon kontroll är underkänd eller inte gjord.",
        working: "Kontrollerar …", submissions: "inlämningar kontrollerade", unreadable: "Förtroendefilen eller policyn går inte att läsa: ",
        fetched: "MB hämtade", notFetched: "Paketet gick inte att hämta: ", noBundle: "Ange paketets adress eller välj det som fil.",
    },
    en: {
        "pass": "pass", "fail": "fail", "not checked": "not checked", waiting: "waiting",
        allPass: "Pass: all checks passed.", failed: "Fail: a check failed or was not made.",
        working: "Checking …", submissions: "submissions checked", unreadable: "The trust file or policy cannot be read: ",
        fetched: "MB fetched", notFetched: "The bundle could not be fetched: ", noBundle: "Give the bundle's address, or choose it as a file.",
    },
};

const LANG: Lang = typeof document !== "undefined" && document.documentElement.lang === "sv" ? "sv" : "en";
const words = WORDS[LANG];
const MOST_WORKERS = 8;

function startPool(script: string): Worker[] {
    const n = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
    const pool: Worker[] = [];
    for (let i = 0; i < n; i++) {
        try {
            pool.push(new Worker(script));
        } catch {
            break; // a page opened from a file may have no workers: the page does the work itself
        }
    }
    return pool;
}

function runOne(worker: Worker, part: Part, step: () => void): Promise<Heavy> {
    return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Heavy | "step" | { failed: string }>) => {
            if (data === "step") step();
            else if ("failed" in data) reject(new Error(data.failed));
            else resolve(data);
        };
        worker.onerror = () => reject(new Error("a worker could not be started"));
        worker.postMessage(part, transfers(part));
    });
}

function element<T extends HTMLElement>(id: string): T {
    return document.getElementById(id) as T;
}

async function chosenFiles(id: string): Promise<Uint8Array[]> {
    const files = Array.from(element<HTMLInputElement>(id).files ?? []);
    return Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
}

async function chosen(id: string): Promise<Uint8Array | null> {
    return (await chosenFiles(id))[0] ?? null;
}

/** Whether this bundle's task fits; false for what is no bundle. */
function isOfTask(bundle: Uint8Array, fits: (task: Task) => boolean): boolean {
    try {
        return fits(readTask(readArchive(bundle).find((f) => f.name === "parameters")!.data));
    } catch {
        return false;
    }
}

/** Among those chosen, the bundle of that task; if one alone was chosen, that. */
function findCorrected(all: Uint8Array[], task: Task): Uint8Array | null {
    return all.find((b) => isOfTask(b, (t) => isSame(t.taskId, task.previous!.taskId))) ?? (all.length === 1 ? all[0]! : null);
}

function findLinked(all: Uint8Array[], entry: LinkedEntry): Uint8Array | null {
    return all.find((b) => isSame(sha256(b), entry.hash))
        ?? all.find((b) => isOfTask(b, (t) => t.period === entry.period && t.revision === entry.revision)) ?? null;
}

/** The rows of a list of checks, and a verdict. */
class Board {
    private readonly cells = new Map<string, HTMLTableCellElement>();
    private readonly details = new Map<string, HTMLElement>();

    constructor(private readonly verdict: string, table: string, checks: { id: string }[], sentences: Sentences) {
        for (const { id } of checks) this.addRow(element<HTMLTableSectionElement>(table), id, sentences[id]![LANG]);
    }

    private addRow(table: HTMLTableSectionElement, id: string, text: string): void {
        const row = table.insertRow();
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = id;
        row.append(head);
        const sentence = row.insertCell();
        sentence.textContent = text;
        const detail = document.createElement("div");
        detail.className = "detail";
        sentence.append(detail);
        const outcome = row.insertCell();
        outcome.textContent = "–";
        this.cells.set(id, outcome);
        this.details.set(id, detail);
    }

    say(text: string, verdict?: "pass" | "fail" | "error"): void {
        element(this.verdict).textContent = text;
        if (verdict === undefined) delete element(this.verdict).dataset.verdict;
        else element(this.verdict).dataset.verdict = verdict;
    }

    begin(): void {
        for (const cell of this.cells.values()) {
            cell.textContent = words.waiting;
            cell.className = "";
        }
        for (const detail of this.details.values()) detail.textContent = "";
        this.say(words.working);
    }

    show(result: Result): void {
        const cell = this.cells.get(result.id)!;
        cell.textContent = words[result.outcome];
        cell.className = result.outcome.replace(" ", "-");
        cell.dataset.outcome = result.outcome;
        this.details.get(result.id)!.textContent = (result.outcome === "pass" ? [result.note] : result.details).join(" · ");
    }

    end(isPass: boolean): void {
        this.say(isPass ? words.allPass : words.failed, isPass ? "pass" : "fail");
    }
}

/** Run this whenever the form is sent; its button waits meanwhile, and what cannot be read is told. */
function onSubmit(form: string, button: string, board: Board, run: () => Promise<void>): void {
    element<HTMLFormElement>(form).addEventListener("submit", (event) => {
        event.preventDefault();
        const start = element<HTMLButtonElement>(button);
        start.disabled = true;
        board.say("");
        void run().catch((error: Error) => board.say((error instanceof NotFetchedError ? words.notFetched : words.unreadable) + error.message, "error")).finally(() => { start.disabled = false; });
    });
    element<HTMLButtonElement>(button).disabled = false;
}

function megabytes(n: number): string {
    return (n / 1e6).toFixed(1);
}

/** How much of all is done; if that is not known, that something is. */
function showProgress(done: number, all: number): void {
    const progress = element<HTMLProgressElement>("progress");
    if (all === 0) progress.removeAttribute("value");
    else {
        progress.max = all;
        progress.value = done;
    }
}

/** The address stands behind the page's own, after a #: who follows a bundle's link has it filled in. */
function takeAddress(): void {
    try {
        const address = decodeURIComponent(location.hash.slice(1));
        if (address !== "") element<HTMLInputElement>("address").value = address;
    } catch {
        return; // a percent sign that stands for nothing: the visitor can write the address
    }
}

/** So that the page shows what was said before much work begins. */
function pause(): Promise<void> {
    return new Promise((resolve) => { setTimeout(resolve, 0); });
}

class Page {
    private readonly board = new Board("verdict", "checks", CHECKS, SENTENCES);
    private readonly logBoard = new Board("log-verdict", "log-checks", LOG_CHECKS, LOG_SENTENCES);

    constructor(private readonly pool: Worker[]) {
        onSubmit("form", "start", this.board, () => this.verifyBundle());
        onSubmit("log-form", "log-start", this.logBoard, () => this.checkLog());
    }

    private heavy(): (e: Evidence) => Promise<Heavy> {
        return async (e) => {
            const n = e.submissions.length;
            let done = 0;
            const step = () => {
                showProgress(++done, n);
                element("count").textContent = `${done}/${n} ${words.submissions}`;
            };
            if (this.pool.length === 0) return join(split(e, 1).map((part) => workOn(part, step)));
            const parts = split(e, Math.max(1, Math.min(this.pool.length, Math.ceil(n / 8))));
            return join(await Promise.all(parts.map((part, i) => runOne(this.pool[i]!, part, step))));
        };
    }

    /** The bundle that was chosen, else the one at the address given. */
    private async bundle(): Promise<Uint8Array | null> {
        const address = element<HTMLInputElement>("address").value.trim();
        const file = await chosen("bundle");
        if (file !== null || address === "") return file;
        return fetchBundle(address, location.href, (got, all) => {
            showProgress(got, all);
            element("count").textContent = `${megabytes(got)}${all > 0 ? `/${megabytes(all)}` : ""} ${words.fetched}`;
        });
    }

    private async verifyBundle(): Promise<void> {
        const [trust, earlier] = [await chosen("trust"), await chosenFiles("earlier")];
        if (trust === null) return;
        const keys = readTrust(trust);
        const policy = await chosen("policy");
        const givenPolicy = policy === null ? null : readablePolicy(policy);
        const bundle = await this.bundle();
        if (bundle === null) {
            this.board.say(words.noBundle, "error");
            return;
        }
        element<HTMLProgressElement>("progress").value = 0;
        this.board.begin();
        await pause();
        const report = await audit({
            bundle, trust: keys, policy: givenPolicy, verifyHeavy: this.heavy(), onResult: (r) => this.board.show(r),
            findEarlier: (task) => Promise.resolve(findCorrected(earlier, task)),
            findLinked: (entry) => Promise.resolve(findLinked(earlier, entry)),
            beside: () => earlier,
        });
        this.board.end(report.isPass);
    }

    private async checkLog(): Promise<void> {
        const [policy, trust] = [await chosen("log-policy"), await chosen("log-trust")];
        const files = Array.from(element<HTMLInputElement>("log").files ?? []);
        if (policy === null || files.length === 0) return;
        this.logBoard.begin();
        await pause();
        const report = await auditLog({
            source: new LogFiles(files), policy: readPolicy(policy), trust: trust === null ? null : readTrust(trust),
            bundle: await chosen("log-bundle"), earlier: await chosen("log-earlier"), onResult: (r) => this.logBoard.show(r),
        });
        this.logBoard.end(report.isPass);
    }
}

if (typeof document === "undefined") {
    const own = self as unknown as DedicatedWorkerGlobalScope;
    own.onmessage = ({ data }: MessageEvent<Part>) => {
        try {
            own.postMessage(workOn(data, () => own.postMessage("step")));
        } catch (error) {
            own.postMessage({ failed: (error as Error).message });
        }
    };
} else {
    const script = (document.currentScript as HTMLScriptElement).src;
    const begin = () => {
        new Page(startPool(script));
        takeAddress();
        addEventListener("hashchange", takeAddress);
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
}
