// SPDX-License-Identifier: EUPL-1.2
// log_audit.ts - the audit of a whole public log: the list of its checks, what each waits for, and what is told (docs/audit.md, "A public log").
import { type Result, runChecks, toLines } from "./audit";
import { toHex } from "./bytes";
import { LOG_FILE_CHECKS } from "./checks_log";
import { LOG_TASK_CHECKS } from "./checks_log_tasks";
import { type Check } from "./finding";
import { type LogEvidence } from "./log_evidence";
import { type LogSource } from "./log_source";
import { type Policy } from "./note";
import { type Parties } from "./parameters";
import { LOG_SENTENCES } from "./sentences_log";

const TREE = "log-entries log-root";
const TASKS = `${TREE} log-parameters`;

const NEEDS: [string, string][] = [
    ["log-checkpoint", ""],
    ["log-quorum", "log-checkpoint"],
    ["log-entries", "log-checkpoint"],
    ["log-root", "log-entries"],
    ["log-tiles", TREE],
    ["log-earlier", TREE],
    ["log-blobs", TREE],
    ["log-parameters", TREE],
    ["log-trust", TASKS],
    ["log-order", TASKS],
    ["log-commands", TASKS],
    ["log-submissions", TASKS],
    ["log-closes", `${TASKS} log-order`],
    ["log-changes", TASKS],
    ["log-releases", TASKS],
    ["log-bundle", `${TASKS} log-order log-closes log-releases`],
];

export const LOG_CHECKS: Check<LogEvidence>[] = NEEDS.map(([id, needs]) => ({
    id, needs: needs.split(" ").filter((n) => n !== ""), run: (LOG_FILE_CHECKS[id] ?? LOG_TASK_CHECKS[id])!,
}));

export interface LogInput {
    source: LogSource;
    policy: Policy;
    trust: Parties | null;
    bundle: Uint8Array | null;
    earlier: Uint8Array | null;
    onResult: (result: Result) => void;
}

export interface LogReport {
    isPass: boolean;
    /** Null if there is no checkpoint to go by. */
    log: null | { origin: string; size: number; tasks: number; cosigned: number; root: string };
    results: Result[];
}

export async function auditLog(input: LogInput): Promise<LogReport> {
    const { onResult, ...given } = input;
    const e: LogEvidence = { ...given, judged: null, leaves: [], tree: null, tasks: new Map(), closed: new Map(), previousOf: new Map() };
    const results = await runChecks(LOG_CHECKS, e, onResult);
    const log = e.judged === null ? null : {
        origin: e.judged.checkpoint.origin, size: Number(e.judged.checkpoint.size), tasks: e.tasks.size, cosigned: e.judged.cosigned.size,
        root: toHex(e.judged.checkpoint.root),
    };
    return { isPass: results.every((r) => r.outcome === "pass"), log, results };
}

/** As skarva-audit writes it. */
export function logToJson(report: LogReport, lang: "sv" | "en"): string {
    return JSON.stringify({ version: 1, verdict: report.isPass ? "pass" : "fail", log: report.log, checks: toLines(report.results, LOG_SENTENCES, lang) });
}
