// SPDX-License-Identifier: EUPL-1.2
// needed.ts - goes through the complements beyond P0 once more, in the publisher's order, and finds out of each what everybody can
// (docs/disclosure-control.md, sections 6 and 7).
import { COMPLEMENT, type Needed, type Run, SMALL, WIDTH_MAX } from "./bundle";
import { mayBeStranded, smallest } from "./checks_hidden";
import { type Evidence } from "./finding";
import { firstIntervals, type Intervals, partsOfZero, SomeRules } from "./interval";
import { Pattern } from "./pattern";
import { blockOf, cellOf, isOfYear } from "./system";

/** What everybody sees of a complement beyond P0; the last three are wrong. */
export type Need = "proven" | "along" | "word" | "other runs" | "not asked" | "missing";

const TIGHT_MAX = 16n;

const copy = ({ lo, hi }: Intervals): Intervals => ({ lo: [...lo], hi: [...hi] });

class Turns {
    readonly need = new Map<number, Need>();
    private readonly e: Evidence;
    private readonly pattern: Pattern;
    private readonly rulesOf: number[][];
    private readonly isZero: boolean[];
    /** What is hidden by now, and when everything is. */
    private readonly now: Set<number>;
    private readonly all: Set<number>;
    /** First intervals by now, and when everything is hidden. */
    private readonly first: Intervals;
    private readonly firstOfAll: Intervals;
    private readonly told = new Map<number, { lo: bigint; hi: bigint }>();
    private readonly beside = new Map<number, Need>();
    private readonly taken: number[] = [];

    /** `p0`: what P0 hides, with all that is hidden for other reasons; `primary`: those alone; `beyond`: published complements beyond P0. */
    constructor(e: Evidence, private readonly published: Evidence, primary: Set<number>, p0: Set<number>, beyond: number[]) {
        this.e = e;
        this.pattern = new Pattern(e);
        this.all = new Set(p0);
        const ofFirst = [...p0].filter((f) => !primary.has(f));
        const take = (f: number) => {
            if (!this.pattern.isCandidate(f, this.all)) return;
            this.all.add(f);
            this.taken.push(f);
        };
        this.pattern.reach([...ofFirst, ...this.pattern.sensitive(p0)], this.all, take);
        // What nothing sensitive leads to was come to from a figure of which nothing is said, and from it rules lead to the same.
        const further = beyond.filter((f) => !this.all.has(f));
        further.forEach(take);
        this.pattern.reach(further, this.all, take);
        for (const f of [...ofFirst, ...this.taken]) e.reason[f] = COMPLEMENT;
        this.now = new Set(this.all);
        this.firstOfAll = firstIntervals(e);
        this.first = copy(this.firstOfAll);
        this.isZero = partsOfZero(e);
        this.rulesOf = Array.from({ length: e.system!.nFigures }, () => []);
        e.system!.rules.forEach((rule, r) => { for (const t of rule.terms) this.rulesOf[t.figure]!.push(r); });
    }

    private rulesFrom(reached: Set<number>): SomeRules {
        const rules = new Set<number>();
        for (const f of reached) for (const r of this.rulesOf[f]!) rules.add(r);
        return new SomeRules(this.e, [...rules].sort((a, b) => a - b), this.rulesOf);
    }

    /** What the rounds tell of a figure when everything is hidden, begun wider by some. */
    private toldOf(f: number, wider: bigint): { lo: bigint; hi: bigint } {
        let found = this.told.get(f);
        if (found !== undefined) return found;
        const intervals = copy(this.firstOfAll);
        intervals.lo[f]! -= wider;
        intervals.hi[f]! += wider;
        this.rulesFrom(this.pattern.reach([f], this.all, () => {})).run(intervals);
        found = { lo: intervals.lo[f]!, hi: intervals.hi[f]! };
        this.told.set(f, found);
        return found;
    }

    private leavesLittle(f: number, now: Intervals): boolean {
        const [from, to] = [this.first.lo[f]!, this.first.hi[f]!];
        const { protection } = this.e.task!.policy;
        let near = to - from < protection ? to - from : protection;
        if (near < 1n) near = 1n;
        return from !== to && (now.hi[f]! <= from + near || now.lo[f]! >= to - near);
    }

    private isNarrow(f: number, rules: SomeRules, now: Intervals): boolean {
        if (!this.leavesLittle(f, now)) return false; // begun wider it is told no more
        const intervals = copy(this.first);
        intervals.lo[f]! -= 2n;
        intervals.hi[f]! += 2n;
        rules.run(intervals);
        const told = this.toldOf(f, 2n);
        return this.leavesLittle(f, intervals) && (intervals.lo[f] !== told.lo || intervals.hi[f] !== told.hi);
    }

    /** Do the rounds leave little of what lies between two figures, and tell more of it than when everything is hidden? */
    private isNarrowBetween(f: number, now: Intervals): boolean {
        const { threshold, protection } = this.e.task!.policy;
        const zero = smallest(this.e, cellOf(this.e.system!, this.e.task!, f));
        const [lo, hi] = [now.lo[f]!, now.hi[f]!];
        if (lo >= threshold || hi < zero || hi - (lo > zero ? lo : zero) > protection) return false;
        const told = this.toldOf(f, 0n);
        return lo !== told.lo || hi !== told.hi;
    }

    /** Is a figure what lies between two of the release, a count of which nothing is said? */
    private isBetween(f: number): boolean {
        const { system } = this.e;
        return this.pattern.isUnknown[f]! && this.pattern.isCount[f]! && f < system!.nListed && blockOf(system!, f).kind === "difference" && !isOfYear(system!, f);
    }

    /** Are fewer values of a figure possible than are demanded? */
    private isTight(f: number, rules: SomeRules, now: Intervals): boolean {
        const width = this.first.hi[f]! - this.first.lo[f]!;
        const { protection } = this.e.task!.policy;
        const demand = width < protection ? width : protection;
        let [lo, hi] = [now.lo[f]!, now.hi[f]!];
        if (demand === 0n || hi - lo >= TIGHT_MAX) return false;
        const isImpossible = (value: bigint) => {
            const intervals = copy(now);
            intervals.lo[f] = intervals.hi[f] = value;
            return !rules.run(intervals, f);
        };
        while (hi - lo >= demand && isImpossible(lo)) lo++;
        while (hi - lo >= demand && isImpossible(hi)) hi--;
        return hi - lo < demand;
    }

    /** May something be demanded of a figure: of one of which nothing is said if it is of the release itself, of another for all to see: its flag, if it has one, is shown? */
    private mayBeKept(f: number): boolean {
        const system = this.e.system!;
        if (this.isZero[f]) return false;
        if (this.pattern.isUnknown[f]!) {
            const { layer } = blockOf(system, f);
            return !layer.isFrozen && layer.kind !== "year" && this.pattern.isCount[f]! && (this.pattern.leadsToOpen(f) || !mayBeStranded(this.e, f));
        }
        if (!this.pattern.isSensitive(f, this.now)) return false;
        const { flag } = cellOf(system, this.e.task!, f);
        if (flag === null || blockOf(system, f).layer.kind === "year") return true;
        const at = f - (f % system.nCells) + flag;
        return this.e.reason[at] === 0 && (this.e.total[at] ?? 0n) > 0n;
    }

    /** Is it, after the rounds? */
    private isKept(f: number, now: Intervals): boolean {
        return !this.pattern.isUnknown[f]! || (!this.pattern.isUnanswered(f, now) && !this.pattern.isHarmless(f, now));
    }

    /** The runs of totals with which showing a figure, whose turn it is, would have told too much; null if they are too many. */
    private runs(f: number): Run[] | null {
        const reached = this.pattern.reach([f], this.now, () => {});
        const rules = this.rulesFrom(reached);
        const start = copy(this.first);
        if (!rules.run(start)) return null;
        const [lo, hi] = [start.lo[f]!, start.hi[f]!];
        if (hi - lo >= WIDTH_MAX) return null;
        const [reason, total] = [this.e.reason[f]!, this.e.total[f]!];
        const own = { lo: this.first.lo[f]!, hi: this.first.hi[f]! };
        this.now.delete(f);
        [this.e.reason[f], this.e.total[f]] = [0, lo];
        const small = [...reached].filter((j) => j < this.e.system!.nPublished && this.e.reason[j] === SMALL);
        const between = [...reached].filter((j) => this.isBetween(j));
        this.pattern.openHasChanged();
        const kept = [...reached].filter((j) => this.mayBeKept(j));
        const found: Run[] = [];
        for (let [v, was] = [lo, false]; v <= hi && found.length <= 2; v++) {
            this.first.lo[f] = this.first.hi[f] = v;
            const now = copy(this.first);
            const is = rules.run(now) && (between.some((j) => this.isNarrowBetween(j, now)) || small.some((j) => this.isNarrow(j, rules, now))
                || kept.some((j) => this.isKept(j, now) && this.isTight(j, rules, now)));
            if (is && !was) found.push({ lo: v, hi: v });
            else if (is) found[found.length - 1]!.hi = v;
            was = is;
        }
        [this.first.lo[f], this.first.hi[f]] = [own.lo, own.hi];
        [this.e.reason[f], this.e.total[f]] = [reason, total];
        this.now.add(f);
        return found.length <= 2 ? found : null;
    }

    /** What shares a rule of its block with a figure that is not shown stays hidden with it. */
    private keepBeside(f: number): void {
        const with_ = this.need.get(f) === "proven" ? "along" : "word";
        for (const r of this.rulesOf[f]!) {
            const { terms } = this.e.system!.rules[r]!;
            const block = (t: { figure: number }) => Math.floor(t.figure / this.e.system!.nCells);
            if (block(terms[0]!) !== block(terms[terms.length - 1]!)) continue;
            for (const { figure } of terms)
                if (figure !== f && this.now.has(figure) && this.e.reason[figure] === COMPLEMENT && this.beside.get(figure) !== "along")
                    this.beside.set(figure, with_);
        }
    }

    private take(f: number, claim: Needed | undefined): void {
        const beside = this.beside.get(f);
        const isShown = this.published.reason[f] === 0;
        if (beside !== undefined) {
            this.need.set(f, claim !== undefined ? "not asked" : isShown ? "missing" : beside);
        } else if (isShown) {
            this.now.delete(f);
            this.e.reason[f] = 0;
            this.first.lo[f] = this.first.hi[f] = this.e.total[f]!;
        } else {
            this.need.set(f, "word");
            if (claim !== undefined) {
                const runs = this.runs(f);
                const isSame = runs !== null && runs.length === claim.runs.length && runs.every(({ lo, hi }, i) => lo === claim.runs[i]!.lo && hi === claim.runs[i]!.hi);
                this.need.set(f, isSame ? "proven" : "other runs");
            }
            this.keepBeside(f);
        }
    }

    /** Goes through what is beyond P0. */
    run(): void {
        const claims = new Map(this.e.suppression!.needed.map((n) => [n.figure, n]));
        for (const f of this.pattern.inOrder(this.taken)) this.take(f, claims.get(f));
    }
}

/** By complement beyond P0, and what else is wrong. `p0` has what P0 hides, and all that is hidden for other reasons, which are `primary`. */
export function findNeed(e: Evidence, primary: Set<number>, p0: Set<number>): Map<number, Need> {
    const beyond = e.reason.flatMap((r, f) => (r === COMPLEMENT && f < e.system!.nPublished && !p0.has(f) && !isOfYear(e.system!, f) ? [f] : []));
    const need = new Map<number, Need>(beyond.map((f) => [f, "word"]));
    const isExact = e.task!.policy.rounding === 0n;
    for (const { figure } of e.suppression!.needed) if (!isExact || !need.has(figure)) need.set(figure, "not asked");
    if (!isExact || beyond.length === 0) return need;
    const turns = new Turns({ ...e, reason: [...e.reason], total: [...e.total] }, e, primary, p0, beyond);
    turns.run();
    for (const [f, found] of turns.need) if (need.get(f) !== "not asked") need.set(f, found);
    return need;
}
