// SPDX-License-Identifier: EUPL-1.2
// pattern.ts - picks and CLOSE: which complements the public rule gives (docs/disclosure-control.md, sections 3, 4 and 11).
import { type Evidence } from "./finding";
import { isCount } from "./layout";
import { derivable, type Row } from "./rational";
import { blockOf, cellOf, type System, type SystemRule } from "./system";

export class Pattern {
    readonly system: System;
    readonly isCount: boolean[];
    readonly isFlag: boolean[];
    readonly isCategory: boolean[];
    /** Neither published nor listed. */
    readonly isUnknown: boolean[];
    private readonly near: number[][];
    private readonly component: number[];
    private readonly distances = new Map<number, Int32Array>();
    private readonly closing: SystemRule[];
    private readonly equalities: SystemRule[];
    private readonly hasGroups: boolean;

    constructor(readonly e: Evidence) {
        const system = (this.system = e.system!);
        const figures = Array.from({ length: system.nFigures }, (_, f) => f);
        const cells = figures.map((f) => cellOf(system, e.task!, f));
        this.isCount = cells.map(isCount);
        this.isFlag = cells.map((c) => c.kind === "answered");
        this.isCategory = cells.map((c) => c.kind === "category");
        this.isUnknown = figures.map((f) => f >= system.nPublished && e.reason[f] === 0);
        this.hasGroups = e.task!.groups.length > 0;
        this.near = figures.map(() => []);
        for (const rule of system.rules) {
            const counts = rule.terms.map((t) => t.figure).filter((f) => this.isCount[f]);
            for (const a of counts) for (const b of counts) if (a !== b) this.near[a]!.push(b);
        }
        this.equalities = system.rules.filter((r) => r.isEquality);
        const isUnknownDifference = (f: number) => this.isUnknown[f] && blockOf(system, f).kind === "difference";
        this.closing = this.equalities.filter((r) => !r.terms.some((t) => isUnknownDifference(t.figure)));
        this.component = components(figures.length, this.equalities);
    }

    /** May be taken: an open count of at least 1, or one that the publisher took. */
    isCandidate(f: number, hidden: Set<number>): boolean {
        if (f >= this.system.nPublished || !this.isCount[f] || hidden.has(f)) return false;
        const reason = this.e.reason[f];
        return reason === 4 || (reason === 0 && (this.e.total[f] ?? 0n) >= 1n);
    }

    /** Steps to each count; -1 where there is no way. */
    private distance(f: number): Int32Array {
        let found = this.distances.get(f);
        if (found !== undefined) return found;
        found = new Int32Array(this.system.nFigures).fill(-1);
        found[f] = 0;
        const queue = [f];
        for (let i = 0; i < queue.length; i++)
            for (const next of this.near[queue[i]!]!) if (found[next] === -1) {
                found[next] = found[queue[i]!]! + 1;
                queue.push(next);
            }
        this.distances.set(f, found);
        return found;
    }

    private first(candidates: number[], distance: (f: number) => number): number | null {
        let best: number | null = null;
        for (const f of candidates) if (best === null || this.isBefore(f, distance(f), best, distance(best))) best = f;
        return best;
    }

    private isBefore(a: number, da: number, b: number, db: number): boolean {
        if (da !== db) return da < db;
        if (this.isCategory[a] !== this.isCategory[b]) return this.isCategory[a] === (da === 1);
        return a > b;
    }

    pickRule(rule: SystemRule, hidden: Set<number>): number | null {
        return this.first(rule.terms.map((t) => t.figure).filter((f) => this.isCandidate(f, hidden)), () => 1);
    }
    pickComponent(f: number, hidden: Set<number>): number | null {
        const same = [];
        for (let c = 0; c < this.system.nPublished; c++)
            if (this.component[c] === this.component[f] && c !== f && this.isCandidate(c, hidden)) same.push(c);
        if (this.isFlag[f]) return this.first(same, () => 1);
        const distance = this.distance(f);
        return this.first(same, (c) => (distance[c] === -1 ? Infinity : distance[c]!));
    }
    pickNear(f: number, hidden: Set<number>): number | null {
        if (!this.isCount[f]) return null;
        const distance = this.distance(f);
        const reached = [];
        for (let c = 0; c < this.system.nPublished; c++) if (distance[c]! >= 1 && this.isCandidate(c, hidden)) reached.push(c);
        return this.first(reached, (c) => distance[c]!);
    }

    /** Leads the way over counts to an open count of at least 1? */
    leadsToOpen(f: number): boolean {
        if (!this.isCount[f]) return false;
        const distance = this.distance(f);
        for (let c = 0; c < this.system.nPublished; c++)
            if (distance[c]! >= 1 && this.e.reason[c] === 0 && (this.e.total[c] ?? 0n) >= 1n) return true;
        return false;
    }

    cap(f: number): bigint {
        return BigInt(blockOf(this.system, f).n) * cellOf(this.system, this.e.task!, f).bound;
    }

    /** Gets no complement of its own. */
    isLetPass(f: number): boolean {
        return this.hasGroups && (this.isUnknown[f]! || this.isFlag[f]! || this.cap(f) === 0n);
    }

    /** Where figures are rounded nothing follows from equalities alone (section 14). */
    derivableCells(hidden: Set<number>): number[] {
        if (this.e.task!.policy.rounding > 0n) return [];
        const rows: Row[] = [];
        for (const rule of this.closing) {
            const row: Row = new Map();
            for (const { figure, k } of rule.terms) if (hidden.has(figure)) row.set(figure, k);
            if (row.size > 0) rows.push(row);
        }
        return derivable(rows);
    }

    /** Hide complements until nothing hidden follows from the equalities. Adds to `hidden`. */
    close(hidden: Set<number>): void {
        const givenUp = new Set<number>();
        for (;;) {
            const left = this.derivableCells(hidden).filter((f) => !givenUp.has(f) && !this.isLetPass(f));
            if (left.length === 0) return;
            const aloneIn = (f: number) => this.closing.find((r) => {
                const inIt = r.terms.filter((t) => hidden.has(t.figure));
                return inIt.length === 1 && inIt[0]!.figure === f;
            });
            const d = left.find((f) => aloneIn(f) !== undefined) ?? left[0]!;
            const alone = aloneIn(d);
            const pick = alone !== undefined ? this.pickRule(alone, hidden) : this.pickComponent(d, hidden);
            if (pick === null) givenUp.add(d);
            else hidden.add(pick);
        }
    }

    /** All picks beside what is hidden, as the auditor may follow them (section 7, point 3). */
    follow(hidden: Set<number>, isHidden: (f: number) => boolean): void {
        for (let isChanged = true; isChanged;) {
            isChanged = false;
            const take = (pick: number | null) => {
                if (pick === null || !isHidden(pick) || hidden.has(pick)) return;
                hidden.add(pick);
                isChanged = true;
            };
            for (const rule of this.equalities) if (rule.terms.some((t) => hidden.has(t.figure))) take(this.pickRule(rule, hidden));
            for (const f of [...hidden]) {
                take(this.pickComponent(f, hidden));
                take(this.pickNear(f, hidden));
            }
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
