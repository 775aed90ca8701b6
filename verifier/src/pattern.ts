// SPDX-License-Identifier: EUPL-1.2
// pattern.ts - reach and P0: which complements the equalities demand, and what is to be kept (docs/disclosure-control.md, sections 3, 4, 10 and 11).
import { COMPLEMENT } from "./bundle";
import { repeatsKnown, repeatsPart, smallest } from "./checks_hidden";
import { isToRound } from "./checks_rounding";
import { type Evidence } from "./finding";
import { type Intervals } from "./interval";
import { isCount } from "./layout";
import { derivable, type Row } from "./rational";
import { blockOf, cellOf, isAbsent, type System, type SystemRule } from "./system";

export class Pattern {
    readonly system: System;
    readonly isCount: boolean[];
    /** Neither published nor listed. */
    readonly isUnknown: boolean[];
    private readonly near: number[][];
    private readonly component: number[];
    private led: Set<number> | null = null;
    private readonly closing: SystemRule[];
    private readonly rulesOf: SystemRule[][];
    private readonly hasGroups: boolean;

    constructor(readonly e: Evidence) {
        const system = (this.system = e.system!);
        const figures = Array.from({ length: system.nFigures }, (_, f) => f);
        const cells = figures.map((f) => cellOf(system, e.task!, f));
        this.isCount = cells.map(isCount);
        this.isUnknown = figures.map((f) => f >= system.nPublished && e.reason[f] === 0 && e.total[f] === null && !isAbsent(system, f));
        this.hasGroups = e.task!.groups.length > 0;
        this.near = figures.map(() => []);
        for (const rule of system.rules) {
            const counts = rule.terms.map((t) => t.figure).filter((f) => this.isCount[f]);
            for (const a of counts) for (const b of counts) if (a !== b) this.near[a]!.push(b);
        }
        const equalities = system.rules.filter((r) => r.isEquality);
        const isUnknownDifference = (f: number) => this.isUnknown[f] && blockOf(system, f).kind === "difference";
        this.closing = equalities.filter((r) => !r.terms.some((t) => isUnknownDifference(t.figure)));
        this.component = components(figures.length, equalities);
        this.rulesOf = figures.map(() => []);
        for (const rule of system.rules) for (const t of rule.terms) this.rulesOf[t.figure]!.push(rule);
    }

    /** May be taken: an open count of at least 1, or one that the publisher took. */
    isCandidate(f: number, hidden: Set<number>): boolean {
        if (f >= this.system.nPublished || !this.isCount[f] || hidden.has(f) || this.system.told.has(f)) return false;
        const reason = this.e.reason[f];
        return reason === COMPLEMENT || (reason === 0 && (this.e.total[f] ?? 0n) >= 1n);
    }

    /** Leads the way over counts to an open count of at least 1, of this release or an earlier one? */
    leadsToOpen(f: number): boolean {
        if (this.led === null) {
            const isPick = (c: number) => this.isCount[c] && this.e.reason[c] === 0 && (this.e.total[c] ?? 0n) >= 1n;
            this.led = new Set(this.isCount.flatMap((_, c) => (isPick(c) ? [c] : [])));
            for (const c of this.led) for (const next of this.near[c]!) this.led.add(next);
        }
        return this.led.has(f);
    }

    /** Something was shown or hidden since that was asked. */
    openHasChanged(): void {
        this.led = null;
    }

    cap(f: number): bigint {
        return BigInt(blockOf(this.system, f).n) * cellOf(this.system, this.e.task!, f).bound;
    }

    /** Is something to be kept of this hidden figure that is listed? Of a complement nothing is. */
    isSensitive(f: number, hidden: Set<number>): boolean {
        const reason = this.e.reason[f];
        if (this.isUnknown[f]! || reason === 0 || reason === COMPLEMENT || this.cap(f) === 0n || this.system.told.has(f)) return false;
        return (!this.hasGroups || this.isCount[f]!) && !repeatsPart(this.e, f, (part) => hidden.has(part));
    }

    private flagOf(f: number): number | null {
        const { flag } = cellOf(this.system, this.e.task!, f);
        return flag === null || blockOf(this.system, f).layer.kind === "year" ? null : f - (f % this.system.nCells) + flag;
    }

    isUnanswered(f: number, now: Intervals): boolean {
        const flag = this.flagOf(f);
        return flag !== null && now.hi[flag] === 0n;
    }

    /** A figure of a roll-up of whose parts the rounds leave all but at most one a single value: the demand is that part's. */
    repeatsKnown(f: number, now: Intervals): boolean {
        return repeatsKnown(this.system, f, (part) => now.lo[part] === now.hi[part]);
    }

    /** May this unknown figure be known? (section 10, point 3) */
    isHarmless(f: number, now: Intervals): boolean {
        const { minContributors, threshold } = this.e.task!.policy;
        const block = blockOf(this.system, f);
        const flag = this.flagOf(f);
        const isAnswered = flag === null || now.lo[flag]! >= BigInt(minContributors) || now.hi[flag] === 0n;
        const isZeroShown = now.hi[f] === 0n && smallest(this.e, cellOf(this.system, this.e.task!, f)) === 1n;
        return !block.isFew && isAnswered && (now.lo[f]! >= threshold || isZeroShown);
    }

    /** Where figures are rounded nothing follows from equalities alone (section 14). */
    derivableCells(hidden: Set<number>, component?: number): number[] {
        if (this.e.task!.policy.rounding > 0n) return [];
        const rows: Row[] = [];
        for (const rule of this.closing) {
            if (component !== undefined && this.component[rule.terms[0]!.figure] !== component) continue;
            const row: Row = new Map();
            for (const { figure, k } of rule.terms) if (hidden.has(figure)) row.set(figure, k);
            if (row.size > 0) rows.push(row);
        }
        return derivable(rows);
    }

    /** Is a figure unknown for all that is shown: hidden, or shown rounded? */
    private isVague(f: number, hidden: Set<number>): boolean {
        return hidden.has(f) || (isToRound(this.e, f) && this.e.reason[f] === 0 && (this.e.total[f] ?? 0n) > 0n);
    }

    /** What rules lead to from some figures, over those that are not known; `come` may hide what is come to. */
    reach(from: number[], hidden: Set<number>, come: (f: number) => void): Set<number> {
        const reached = new Set(from);
        const walked = new Set<SystemRule>();
        for (const f of reached) for (const rule of this.rulesOf[f]!) {
            if (walked.has(rule)) continue;
            walked.add(rule);
            for (const { figure } of rule.terms) {
                come(figure);
                if (this.isVague(figure, hidden)) reached.add(figure);
            }
        }
        return reached;
    }

    sensitive(hidden: Set<number>): number[] {
        return this.e.reason.flatMap((_, f) => (this.isSensitive(f, hidden) ? [f] : []));
    }

    /** Totals before categories, blocks of more atoms before others, then the lowest (section 3). */
    inOrder(figures: number[]): number[] {
        const place = (f: number) => {
            const [block, cell] = [Math.floor(f / this.system.nCells), cellOf(this.system, this.e.task!, f)];
            return [cell.kind === "category" ? 1 : 0, -this.system.blocks[block]!.nAtoms, f];
        };
        const isAfter = (a: number[], b: number[]) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!;
        return [...figures].sort((a, b) => isAfter(place(a), place(b)));
    }

    /** Hide everything in reach, and show again what the equalities let be shown (section 4). Adds P0 to `hidden`. */
    addFirst(hidden: Set<number>): void {
        const taken: number[] = [];
        this.reach(this.sensitive(hidden), hidden, (f) => {
            if (!this.isCandidate(f, hidden)) return;
            hidden.add(f);
            taken.push(f);
        });
        const anyway = new Set(this.derivableCells(hidden));
        for (const f of this.inOrder(taken)) {
            hidden.delete(f);
            const given = this.derivableCells(hidden, this.component[f]);
            if (given.some((d) => !anyway.has(d) && this.isSensitive(d, hidden))) hidden.add(f);
        }
    }
}

function components(n: number, equalities: SystemRule[]): number[] {
    const root = Array.from({ length: n }, (_, i) => i);
    const find = (i: number): number => {
        while (root[i] !== i) i = root[i] = root[root[i]!]!;
        return i;
    };
    for (const { terms } of equalities) for (const t of terms) root[find(t.figure)] = find(terms[0]!.figure);
    return root.map((_, i) => find(i));
}
