// SPDX-License-Identifier: EUPL-1.2
// audit.ts - runs the checks in order; each only if all that it needs have passed.
import { toHex } from "./bytes";
import { CHECKS } from "./checks";
import { type Check, type Evidence, Finding, type Heavy, type Verdict } from "./finding";
import { Unreachable } from "./log_source";
import { type Parties } from "./parameters";
import { type Sentences, SENTENCES } from "./sentences";

export interface Result {
    id: string;
    outcome: Verdict;
    inputs: number;
    bad: number;
    details: string[];
    note: string;
}
export interface Report {
    isPass: boolean;
    task: null | {
        task_id: string; collection: string; period: string; revision: number;
        roster: number; counted: number; opened: number; hidden: number;
    };
    results: Result[];
}
export interface Input {
    bundle: Uint8Array;
    trust: Parties;
    /** Of the public log, got elsewhere; null: none. */
    policy: Uint8Array | null;
    findEarlier: Evidence["findEarlier"];
    findLinked: Evidence["findLinked"];
    beside: Evidence["beside"];
    verifyHeavy: (e: Evidence) => Promise<Heavy>;
    onResult: (result: Result) => void;
}

function begin(input: Input): Evidence {
    return {
        bundle: input.bundle, trust: input.trust, policy: input.policy, part: null, findEarlier: input.findEarlier, findLinked: input.findLinked, beside: input.beside, files: [], task: null, release: null, accepted: null,
        submissions: [], earlier: null, releases: [], yearOpenings: [], openings: null, suppression: null, certificate: null, rounding: null, system: null, reason: [], total: [],
        sums: null, heavy: null, verifyHeavy: input.verifyHeavy,
    };
}

function summary(e: Evidence): Report["task"] {
    if (e.task === null) return null;
    return {
        task_id: toHex(e.task.taskId), collection: e.task.collection, period: e.task.period, revision: e.task.revision,
        roster: e.task.roster.length, counted: e.accepted?.counted.length ?? 0, opened: e.openings?.all.length ?? 0, hidden: e.suppression?.hidden.length ?? 0,
    };
}

/** Runs the checks of a list; each only if all that it needs have passed. */
export async function runChecks<E>(checks: Check<E>[], e: E, onResult: (result: Result) => void): Promise<Result[]> {
    const outcomes = new Map<string, Verdict>();
    const results: Result[] = [];
    for (const check of checks) {
        const f = new Finding();
        const waited = check.needs.filter((n) => outcomes.get(n) !== "pass");
        if (waited.length > 0) f.notChecked(`waits for ${waited.join(", ")}`);
        else {
            try {
                await check.run(e, f);
            } catch (error) {
                // What a reader refuses deep within a check is a failure; anything else is a fault of this program, and no pass.
                if (error instanceof Unreachable) f.notChecked(error.message);
                else f.fail((error as Error).message);
            }
        }
        outcomes.set(check.id, f.outcome);
        const result = { id: check.id, outcome: f.outcome, inputs: f.inputs, bad: f.bad, details: f.details, note: f.note };
        results.push(result);
        onResult(result);
    }
    return results;
}

export async function audit(input: Input): Promise<Report> {
    const e = begin(input);
    const results = await runChecks(CHECKS, e, input.onResult);
    return { isPass: results.every((r) => r.outcome === "pass"), task: summary(e), results };
}

/** Each result as skarva-audit writes it. */
export function toLines(results: Result[], sentences: Sentences, lang: "sv" | "en"): object[] {
    return results.map((r) => ({
        id: r.id, outcome: r.outcome, sentence: sentences[r.id]![lang], inputs: r.inputs, bad: r.bad,
        detail: [...r.details, ...(r.note === "" ? [] : [r.note])].join("\n"),
    }));
}

/** As skarva-audit writes it. */
export function toJson(report: Report, lang: "sv" | "en"): string {
    return JSON.stringify({
        version: 1, verdict: report.isPass ? "pass" : "fail", task: report.task,
        checks: toLines(report.results, SENTENCES, lang),
    });
}
