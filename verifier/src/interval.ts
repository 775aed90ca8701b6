// SPDX-License-Identifier: EUPL-1.2
// interval.ts - what an interval attacker learns (docs/disclosure-control.md, section 5).
import { COMPLEMENT, FEW, MARKED, SMALL } from "./bundle";
import { smallest } from "./checks_hidden";
import { isToRound, knownOf } from "./checks_rounding";
import { type Evidence } from "./finding";
import { blockOf, cellOf, isAbsent, type SystemRule } from "./system";

export interface Intervals {
    lo: bigint[];
    hi: bigint[];
}

/** Shown, now or by an earlier release. */
export function isOpen(e: Evidence, figure: number): boolean {
    return e.reason[figure] === 0 && e.total[figure] !== null;
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** What a figure's reason leaves of it. */
export function firstIntervals(e: Evidence): Intervals {
    const system = e.system!;
    const { threshold, minContributors } = e.task!.policy;
    const [lo, hi]: [bigint[], bigint[]] = [[], []];
    for (let f = 0; f < system.nFigures; f++) {
        const cell = cellOf(system, e.task!, f);
        const n = BigInt(blockOf(system, f).n);
        const cap = n * cell.bound;
        let bounds: [bigint, bigint] = [0n, cap];
        const reason = e.reason[f]!;
        if (isAbsent(system, f)) bounds = [0n, 0n];
        else if (isOpen(e, f)) {
            const { lo: from, hi: to } = knownOf(e, f, e.total[f]!);
            bounds = [from, isToRound(e, f) ? least(to, cap) : to];
        } else if (reason === SMALL) bounds = [smallest(e, cell), least(threshold - 1n, cap)];
        else if (reason === FEW) bounds = [0n, least(BigInt(minContributors) - 1n, n)];
        else if (reason === COMPLEMENT) bounds = [threshold > 1n ? threshold : 1n, cap];
        else if (reason === MARKED && cell.kind === "mark") bounds = [1n, n];
        lo.push(bounds[0]);
        hi.push(bounds[1]);
    }
    return { lo, hi };
}

const floor = (a: bigint, b: bigint) => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
const ceil = (a: bigint, b: bigint) => -floor(-a, b);

/** One rule, its terms in order; true if an interval changed. */
function tighten(rule: SystemRule, { lo, hi }: Intervals): boolean {
    let isChanged = false;
    let [min, max] = [0n, 0n];
    const low = (t: { figure: number; k: bigint }) => t.k * (t.k > 0n ? lo[t.figure]! : hi[t.figure]!);
    const high = (t: { figure: number; k: bigint }) => t.k * (t.k > 0n ? hi[t.figure]! : lo[t.figure]!);
    for (const t of rule.terms) {
        min += low(t);
        max += high(t);
    }
    for (const t of rule.terms) {
        const { figure: f, k } = t;
        const [ownLow, ownHigh] = [low(t), high(t)];
        const [left, right] = [rule.low - (max - ownHigh), rule.high - (min - ownLow)]; // left <= k X <= right
        const [from, to] = k > 0n ? [ceil(left, k), floor(right, k)] : [ceil(right, k), floor(left, k)];
        if (from > lo[f]!) [lo[f], isChanged] = [from, true];
        if (to < hi[f]!) [hi[f], isChanged] = [to, true];
        min += low(t) - ownLow;
        max += high(t) - ownHigh;
    }
    return isChanged;
}

/** Rounds until nothing changes, at most 100. Returns false if an interval is empty: the totals contradict the rules. */
export function runRounds(e: Evidence, intervals: Intervals): boolean {
    for (let round = 0; round < 100; round++) {
        let isChanged = false;
        for (const rule of e.system!.rules) if (tighten(rule, intervals)) isChanged = true;
        if (!isChanged) break;
        if (intervals.lo.some((lo, f) => lo > intervals.hi[f]!)) return false;
    }
    return intervals.lo.every((lo, f) => lo <= intervals.hi[f]!);
}

/** The rounds over some rules alone, of which some are due: one of which no interval has changed would change nothing. */
export class SomeRules {
    private readonly due: Uint8Array;

    /** `rules`: places of rules, increasing; `rulesOf`: those of each figure. */
    constructor(private readonly e: Evidence, private readonly rules: number[], private readonly rulesOf: number[][]) {
        this.due = new Uint8Array(e.system!.rules.length);
    }

    /** From the beginning, or gone on with after one figure has changed. False if an interval is empty. */
    run(intervals: Intervals, changed?: number): boolean {
        if (changed === undefined) for (const r of this.rules) this.due[r] = 1;
        else {
            this.due.fill(0);
            for (const r of this.rulesOf[changed]!) this.due[r] = 1;
        }
        for (let round = 0, isChanged = true; round < 100 && isChanged; round++) {
            isChanged = false;
            for (const r of this.rules) {
                if (this.due[r] === 0) continue;
                this.due[r] = 0;
                const rule = this.e.system!.rules[r]!;
                if (!tighten(rule, intervals)) continue;
                isChanged = true;
                for (const { figure } of rule.terms) {
                    if (intervals.lo[figure]! > intervals.hi[figure]!) return false;
                    for (const other of this.rulesOf[figure]!) this.due[other] = 1;
                }
            }
        }
        return true;
    }
}

/** Open zeros, and what rules without a constant make zero because of them (section 10). */
export function partsOfZero(e: Evidence): boolean[] {
    const system = e.system!;
    const is = Array.from({ length: system.nFigures }, (_, f) => isOpen(e, f) && e.total[f] === 0n);
    const spread = (from: { figure: number }[], to: { figure: number }[]): boolean => {
        if (!from.every((t) => is[t.figure]) || to.every((t) => is[t.figure])) return false;
        for (const t of to) is[t.figure] = true;
        return true;
    };
    for (let isChanged = true; isChanged;) {
        isChanged = false;
        for (const rule of system.rules) {
            if (rule.low !== 0n) continue;
            const [up, down] = [rule.terms.filter((t) => t.k > 0n), rule.terms.filter((t) => t.k < 0n)];
            if (spread(up, down)) isChanged = true;
            if (rule.isEquality && spread(down, up)) isChanged = true;
        }
    }
    return is;
}
