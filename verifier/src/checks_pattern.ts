// SPDX-License-Identifier: EUPL-1.2
// checks_pattern.ts - the complements, what an interval attacker learns, the certificate (docs/disclosure-control.md, sections 3 to 11).
import { COMPLEMENT, SUMMED } from "./bundle";
import { mayBeStranded } from "./checks_hidden";
import { type Check, type Evidence, type Finding } from "./finding";
import { firstIntervals, type Intervals, isOpen, partsOfZero, runRounds } from "./interval";
import { findNeed } from "./needed";
import { Pattern } from "./pattern";
import { figureCode, isAbsent } from "./system";

/** Hidden or unknown, for some other reason than as a complement. */
function primaryHidden(e: Evidence): Set<number> {
    const hidden = new Set<number>();
    for (let f = 0; f < e.system!.nFigures; f++) {
        const isTaken = f < e.system!.nPublished && e.reason[f] === COMPLEMENT;
        if (!isOpen(e, f) && !isAbsent(e.system!, f) && !isTaken) hidden.add(f);
    }
    return hidden;
}

function complementarySuppression(e: Evidence, f: Finding): void {
    const system = e.system!;
    const pattern = new Pattern(e);
    const code = (figure: number) => figureCode(system, e.task!, figure);
    const hidden = primaryHidden(e);
    const primary = new Set(hidden);
    f.inputs = system.nListed;
    pattern.addFirst(hidden);
    for (const figure of hidden)
        if (figure < system.nPublished && e.reason[figure] === 0) f.fail(`${code(figure)} should be hidden as a complement`);
    const complements = e.reason.flatMap((r, figure) => (r === COMPLEMENT && figure < system.nPublished ? [figure] : []));
    const reached = reachOfKept(e, pattern);
    const sums = e.reason.flatMap((r, figure) => (r === SUMMED && figure < system.nPublished ? [figure] : []));
    if (reached !== null) for (const c of [...complements, ...sums]) f.expect(reached.has(c), `${code(c)} is hidden without a cause`);
    if (f.bad > 0) return;
    const need = findNeed(e, primary, hidden);
    const count = (which: string) => [...need.values()].filter((n) => n === which).length;
    for (const [figure, found] of need) {
        f.expect(found !== "other runs", `${code(figure)} is proven to be among other totals than those with which it is needed`);
        f.expect(found !== "not asked", `${code(figure)} has a proof that the rule does not ask for`);
        f.expect(found !== "missing", `${code(figure)} should be hidden with another`);
    }
    const beyond = complements.filter((c) => !hidden.has(c)).length;
    f.note = `${complements.length} complements, ${beyond} of them beyond those that the equalities demand: ${count("proven")} proven, `
        + `${count("along")} that follow from those, ${count("word")} on the publisher's word`;
}

/** All that is hidden or unknown. */
function allHidden(e: Evidence): Set<number> {
    const hidden = new Set<number>();
    for (let figure = 0; figure < e.system!.nFigures; figure++)
        if (!isOpen(e, figure) && !isAbsent(e.system!, figure)) hidden.add(figure);
    return hidden;
}

/** Reach of all that is to be kept (section 7, point 3); null if the totals contradict the rules, which `protection` tells. */
function reachOfKept(e: Evidence, pattern: Pattern): Set<number> | null {
    const now = firstIntervals(e);
    if (!runRounds(e, now)) return null;
    const hidden = allHidden(e);
    const isOwnSum = (figure: number) => figure < e.system!.nPublished && e.reason[figure] === SUMMED;
    const isKept = (figure: number) => (pattern.isSensitive(figure, hidden) && !isOwnSum(figure))
        || (pattern.isUnknown[figure]! && pattern.isCount[figure]! && !pattern.isHarmless(figure, now));
    return pattern.reach([...hidden].filter(isKept), hidden, () => {});
}

function protection(e: Evidence, f: Finding): void {
    const system = e.system!;
    const pattern = new Pattern(e);
    const hidden = allHidden(e);
    f.inputs = e.suppression!.hidden.length;
    f.mayBeEmpty = true;
    const first = firstIntervals(e);
    const now: Intervals = { lo: [...first.lo], hi: [...first.hi] };
    if (!runRounds(e, now)) {
        f.fail("the totals contradict the rules");
        return;
    }
    const isZero = partsOfZero(e);
    const failing = new Set(pattern.derivableCells(hidden));
    for (const figure of hidden)
        if (now.lo[figure] === now.hi[figure] && first.lo[figure] !== first.hi[figure]) failing.add(figure);
    for (const figure of failing)
        if (pattern.isSensitive(figure, hidden) && !isZero[figure] && !pattern.isUnanswered(figure, now) && !pattern.repeatsKnown(figure, now))
            f.fail(`${figureCode(system, e.task!, figure)} can be worked out`);
}

/** By how much two tables must differ in a figure (section 10, "The demand"). */
function demandOf(e: Evidence, figure: number, pattern: Pattern, isZero: boolean[], first: Intervals, now: Intervals): bigint {
    const { policy, groups } = e.task!;
    const isLeft = isOpen(e, figure) || isAbsent(e.system!, figure) || e.system!.told.has(figure);
    if (isLeft || pattern.repeatsKnown(figure, now)) return 0n;
    if (isZero[figure] || (groups.length > 0 && !pattern.isCount[figure])) return 0n;
    if (e.reason[figure] === COMPLEMENT || pattern.isUnanswered(figure, now)) return 0n;
    const isStranded = !pattern.leadsToOpen(figure) && mayBeStranded(e, figure);
    if (pattern.isUnknown[figure]! && (isStranded || pattern.isHarmless(figure, now))) return 0n;
    const width = first.hi[figure]! - first.lo[figure]!;
    return width < policy.protection ? width : policy.protection;
}

/** What is wrong with a whole table, or null. `values` has one for each figure. */
function judgeTable(e: Evidence, values: bigint[], first: Intervals): string | null {
    for (let f = 0; f < values.length; f++)
        if (values[f]! < first.lo[f]! || values[f]! > first.hi[f]!) return `${figureCode(e.system!, e.task!, f)} is not what its reason says`;
    for (const { figure, runs } of [...e.suppression!.needed, ...e.system!.needed])
        if (!runs.some(({ lo, hi }) => lo <= values[figure]! && values[figure]! <= hi)) return `${figureCode(e.system!, e.task!, figure)} is not what is proven`;
    for (let i = 0; i < e.system!.rules.length; i++) {
        const rule = e.system!.rules[i]!;
        let sum = 0n;
        for (const { figure, k } of rule.terms) sum += k * values[figure]!;
        if (sum < rule.low || sum > rule.high) return `rule ${i} does not hold`;
    }
    return null;
}

function certificate(e: Evidence, f: Finding): void {
    const system = e.system!;
    const { variables, tables } = e.certificate!;
    const first = firstIntervals(e);
    const now: Intervals = { lo: [...first.lo], hi: [...first.hi] };
    f.inputs = e.suppression!.hidden.length;
    f.mayBeEmpty = true;
    if (!runRounds(e, now)) {
        f.fail("the totals contradict the rules");
        return;
    }
    const figures: number[] = [];
    for (let figure = 0; figure < system.nFigures; figure++) if (now.lo[figure] !== now.hi[figure]) figures.push(figure);
    if (figures.length !== variables.length) {
        f.fail(`${variables.length} variables, there are ${figures.length}`);
        return;
    }
    tables.forEach((table, t) => {
        const values = [...now.lo];
        figures.forEach((figure, i) => { values[figure] = table[i]!; });
        const wrong = judgeTable(e, values, first);
        if (wrong !== null) f.fail(`table ${t}: ${wrong}`);
    });
    const [pattern, isZero] = [new Pattern(e), partsOfZero(e)];
    const demands = now.lo.map((_, figure) => demandOf(e, figure, pattern, isZero, first, now));
    demands.forEach((demand, figure) => f.expect(demand === 0n || now.lo[figure] !== now.hi[figure], `${figureCode(system, e.task!, figure)} can be worked out`));
    figures.forEach((figure, i) => {
        const demand = demands[figure]!;
        const { low, high } = variables[i]!;
        const isNone = low === 0xffffffff;
        const holds = demand === 0n ? isNone : !isNone && tables[high]![i]! - tables[low]![i]! >= demand;
        f.expect(holds, `${figureCode(system, e.task!, figure)} has no two tables that differ by ${demand}`);
    });
    f.note = `${tables.length} tables`;
}

export const PATTERN_CHECKS: Record<string, Check["run"]> = {
    "complementary-suppression": complementarySuppression, protection, certificate,
};
