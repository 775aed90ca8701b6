// SPDX-License-Identifier: EUPL-1.2
// main_browser.ts - the page "check it yourself": the same file is the page's script and that of its workers.
//
// Workers are started when the page is loaded, so that it works without a network from then on. Nothing is sent anywhere: bundle and
// trust file are chosen from the visitor's own disk.
import { audit, type Report, type Result } from "./audit";
import { type LinkedEntry, readArchive } from "./bundle";
import { isSame } from "./bytes";
import { CHECKS } from "./checks";
import { type Evidence, type Heavy } from "./finding";
import { join, type Part, split, workOn } from "./heavy";
import { sha256 } from "./hash";
import { readTask, type Task } from "./parameters";
import { SENTENCES } from "./sentences";
import { readTrust } from "./trust";

type Lang = "sv" | "en";

const WORDS = {
    sv: {
        "pass": "godkänd", "fail": "underkänd", "not checked": "ej kontrollerad", waiting: "väntar",
        allPass: "Godkänd: alla kontroller godkända.", failed: "Underkänd: någon kontroll är underkänd eller inte gjord.",
        working: "Kontrollerar …", submissions: "inlämningar kontrollerade", trustBad: "Förtroendefilen går inte att läsa: ",
    },
    en: {
        "pass": "pass", "fail": "fail", "not checked": "not checked", waiting: "waiting",
        allPass: "Pass: all checks passed.", failed: "Fail: a check failed or was not made.",
        working: "Checking …", submissions: "submissions checked", trustBad: "The trust file cannot be read: ",
    },
};

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
        worker.postMessage(part);
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

class Page {
    private readonly lang: Lang = document.documentElement.lang === "sv" ? "sv" : "en";
    private readonly words = WORDS[this.lang];
    private readonly cells = new Map<string, HTMLTableCellElement>();
    private readonly details = new Map<string, HTMLElement>();

    constructor(private readonly pool: Worker[]) {
        for (const { id } of CHECKS) this.addRow(id);
        element<HTMLFormElement>("form").addEventListener("submit", (event) => {
            event.preventDefault();
            void this.run();
        });
        element<HTMLButtonElement>("start").disabled = false;
    }

    private addRow(id: string): void {
        const row = element<HTMLTableSectionElement>("checks").insertRow();
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = id;
        row.append(head);
        const sentence = row.insertCell();
        sentence.textContent = SENTENCES[id]![this.lang];
        const detail = document.createElement("div");
        detail.className = "detail";
        sentence.append(detail);
        const outcome = row.insertCell();
        outcome.textContent = "–";
        this.cells.set(id, outcome);
        this.details.set(id, detail);
    }

    private say(text: string): void {
        element("verdict").textContent = text;
    }

    private show(result: Result): void {
        const cell = this.cells.get(result.id)!;
        cell.textContent = this.words[result.outcome];
        cell.className = result.outcome.replace(" ", "-");
        cell.dataset.outcome = result.outcome;
        this.details.get(result.id)!.textContent = (result.outcome === "pass" ? [] : result.details).join(" · ");
    }

    private heavy(): (e: Evidence) => Promise<Heavy> {
        return async (e) => {
            const progress = element<HTMLProgressElement>("progress");
            const n = e.submissions.length;
            let done = 0;
            progress.max = n;
            const step = () => {
                progress.value = ++done;
                element("count").textContent = `${done}/${n} ${this.words.submissions}`;
            };
            if (this.pool.length === 0) return join(split(e, 1).map((part) => workOn(part, step)));
            const parts = split(e, Math.max(1, Math.min(this.pool.length, Math.ceil(n / 8))));
            return join(await Promise.all(parts.map((part, i) => runOne(this.pool[i]!, part, step))));
        };
    }

    private async run(): Promise<void> {
        const start = element<HTMLButtonElement>("start");
        start.disabled = true;
        delete element("verdict").dataset.verdict;
        await this.runChosen();
        start.disabled = false;
    }

    private async runChosen(): Promise<void> {
        const [bundle, trust, earlier] = [await chosen("bundle"), await chosen("trust"), await chosenFiles("earlier")];
        if (bundle === null || trust === null) return;
        for (const cell of this.cells.values()) {
            cell.textContent = this.words.waiting;
            cell.className = "";
        }
        for (const detail of this.details.values()) detail.textContent = "";
        element<HTMLProgressElement>("progress").value = 0;
        this.say(this.words.working);
        try {
            const keys = readTrust(trust);
            await new Promise((resolve) => setTimeout(resolve, 0));
            const report: Report = await audit({
                bundle, trust: keys, verifyHeavy: this.heavy(), onResult: (r) => this.show(r),
                findEarlier: (task) => Promise.resolve(findCorrected(earlier, task)),
                findLinked: (entry) => Promise.resolve(findLinked(earlier, entry)),
                beside: () => earlier,
            });
            this.say(report.isPass ? this.words.allPass : this.words.failed);
            element("verdict").dataset.verdict = report.isPass ? "pass" : "fail";
        } catch (error) {
            this.say(this.words.trustBad + (error as Error).message);
            element("verdict").dataset.verdict = "error";
        }
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
    const begin = () => new Page(startPool(script));
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
}
