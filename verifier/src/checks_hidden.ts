// SPDX-License-Identifier: EUPL-1.2
// checks_hidden.ts - primary reasons and their proof (docs/disclosure-control.md, sections 2, 7 and 11).
import { concat } from "./bytes";
import { BLOCK_, COMPLEMENT, DEPENDENT, FEW, KEPT, MARKED, type Needed, SMALL, SUMMED, WITHDRAWN } from "./bundle";
import { isToRound, knownOf } from "./checks_rounding";
import { attempt, type Check, type Evidence, type Finding } from "./finding";
import { generatorsFor } from "./generators";
import { addPoint, decodePoint, encodePoint, POINT } from "./group";
import { type Cell, isCount } from "./layout";
import { type Limbs } from "./limbs";
import { Sum } from "./multiply";
import { Batch } from "./proof";
import { Shape, startTranscript } from "./transcript";
import { blockOf, cellOf, figureCode, isAbsent, isOfYear, standingFor, type System } from "./system";

/** The smallest total of a cell that is not shown: 1 where zeros are shown, else 0. */
export function smallest(e: Evidence, cell: Cell): bigint {
    const { zeros } = cell.indicator;
    return zeros === 1 || (zeros === 0 && e.task!.policy.showZero) ? 1n : 0n;
}

interface Claim {
    figure: number;
    bound: bigint;
    /** The proven value is the total less this. */
    shift: bigint;
}

function claims(e: Evidence): Claim[] {
    const { threshold, minContributors } = e.task!.policy;
    const all: Claim[] = [];
    for (const { figure, reason } of e.suppression!.hidden) {
        const cell = cellOf(e.system!, e.task!, figure);
        const z = smallest(e, cell);
        if (reason === SMALL) all.push({ figure, bound: threshold - 1n - z, shift: z });
        else if (reason === FEW) all.push({ figure, bound: BigInt(minContributors) - 1n, shift: 0n });
        else if (reason === MARKED && cell.kind === "mark")
            all.push({ figure, bound: BigInt(blockOf(e.system!, figure).n) - 1n, shift: 1n });
    }
    return all;
}

/** What is proven of a complement that is needed: bounds and points (protocol.md, section 18). */
function claimsOfNeeded(e: Evidence, { figure, runs, side }: Needed): { bound: bigint; point: Limbs }[] {
    const [first, last] = [runs[0]!, runs[runs.length - 1]!];
    const longest = runs.map((run) => run.hi - run.lo).reduce((a, b) => (a > b ? a : b));
    const S = new Float64Array(POINT);
    if (side !== null && !decodePoint(S, 0, side)) throw new Error(`the side of ${figureCode(e.system!, e.task!, figure)} is no point`);
    /** sign (V - k G - m S) */
    const point = (sign: bigint, k: bigint, m: bigint): Limbs => {
        const sum = new Sum();
        sum.add(sign, e.sums![0], figure * POINT);
        sum.add(sign, e.sums![1], figure * POINT);
        sum.add(-sign * k, generatorsFor(1).G, 0);
        if (side !== null) sum.add(-sign * m, S, 0);
        return sum.total();
    };
    const above = { bound: longest, point: point(1n, first.lo, last.lo - first.lo) };
    if (side === null) return [above];
    return [{ bound: 1n, point: S }, above, { bound: longest, point: point(-1n, first.hi, last.hi - first.hi) }];
}

function suppressionProof(e: Evidence, f: Finding): void {
    const all = claims(e);
    const { proof, needed } = e.suppression!;
    f.inputs = all.length + needed.length;
    if (f.inputs === 0) {
        f.expect(proof.length === 0, "a proof of nothing");
        f.mayBeEmpty = true;
        return;
    }
    attempt(f, () => {
        const ofNeeded = needed.flatMap((n) => claimsOfNeeded(e, n).map((claim) => ({ figure: n.figure, shift: 0n, ...claim })));
        const V = new Float64Array(POINT * (all.length + ofNeeded.length));
        all.forEach(({ figure, bound }, i) => {
            if (bound < 0n) throw new Error(`${figureCode(e.system!, e.task!, figure)} can have no such reason`);
            V.set(e.sums![0].subarray(figure * POINT, (figure + 1) * POINT), i * POINT);
            addPoint(V, i * POINT, e.sums![1], figure * POINT);
        });
        ofNeeded.forEach(({ point }, i) => V.set(point, (all.length + i) * POINT));
        const proven: Claim[] = [...all, ...ofNeeded];
        const shape = new Shape(proven.map((c) => c.bound));
        const transcript = startTranscript(e.task!.context, {
            kind: 2, role: 0, identity: 0, number: BigInt(e.accepted!.counted.length), cells: proven.map((c) => c.figure), rules: [],
        }, shape);
        transcript.absorb("V", concat(...proven.map((_, i) => encodePoint(V, i * POINT))));
        const batch = new Batch(generatorsFor(shape.n));
        batch.add(proof, shape, transcript, (factors) => proven.forEach((claim, i) => {
            batch.point(factors[i]!, V, i * POINT);
            batch.base(-factors[i]! * claim.shift);
        }));
        f.expect(batch.check(), "the proof does not hold");
    });
}

type Known = { lo: bigint; hi: bigint };

/** The total of a figure as far as everybody knows it: also of a difference of two open figures. */
export function knownTotal(e: Evidence, figure: number): Known | null {
    const { of } = blockOf(e.system!, figure);
    const known = (at: number) => {
        const shown = e.total[at] ?? null;
        return shown === null ? null : knownOf(e, at, shown);
    };
    if (of === null) return known(figure);
    const cell = figure % e.system!.nCells;
    const [a, b] = of.map((x) => known(x * e.system!.nCells + cell)) as [Known | null, Known | null];
    if (a === null || b === null) return null;
    const lo = a.lo - b.hi;
    return { lo: lo < 0n && isToRound(e, figure) ? 0n : lo, hi: a.hi - b.lo };
}

/** Figures that this count is a part of. */
export function parents(e: Evidence, figure: number): number[] {
    const system = e.system!;
    const [cell, first] = [cellOf(system, e.task!, figure), figure - (figure % system.nCells)];
    const { layer, members: ownMembers } = blockOf(system, figure);
    const own = new Set(ownMembers);
    const found = cell.kind === "category" ? [first + cell.total] : [];
    for (let b = 0; b * system.nCells < system.nListed; b++) {
        const { members, layer: other } = system.blocks[b]!;
        const has = new Set(members);
        if (other === layer && members.length > own.size && [...own].every((m) => has.has(m))) found.push(b * system.nCells + (figure % system.nCells));
    }
    return found;
}

/** May an unknown figure be known if nothing is left to hide beside it? Not a difference's, unless it is a year's or its indicator is
 * withdrawn in one of the two blocks (section 10). */
export function mayBeStranded(e: Evidence, f: number): boolean {
    const system = e.system!;
    const [{ of }, cell] = [blockOf(system, f), cellOf(system, e.task!, f)];
    if (of === null || !isCount(cell) || blockOf(system, f).layer.kind === "year") return true;
    if (cell.indicator.isWholeOnly) return e.reason[of[1] * system.nCells + cell.total] !== BLOCK_;
    return of.some((b) => e.reason[b * system.nCells + cell.total] === WITHDRAWN);
}

/** Of a year's figure the same cell in each part, null where that has no block of the same contributors. */
function partsOf(system: System, f: number): (number | null)[] {
    const { layer, members } = blockOf(system, f);
    const key = members.join();
    return layer.parts.map((part) => {
        const same = part.blocks.find((b) => b.members.join() === key);
        return same === undefined ? null : system.at(same, f % system.nCells);
    });
}

/** Is a year's figure known from what is shown of its parts? */
export function hasOpenParts(e: Evidence, f: number, isHidden: (f: number) => boolean): boolean {
    const system = e.system!;
    return e.task!.policy.rounding === 0n && blockOf(system, f).layer.kind === "year" && partsOf(system, f).every((p) => p !== null && !isHidden(p));
}

/** Is a year's figure that of one part and what is known besides? */
export function repeatsKnown(system: System, f: number, isKnown: (f: number) => boolean): boolean {
    if (blockOf(system, f).layer.kind !== "year") return false;
    const parts = partsOf(system, f);
    return parts.every((p) => p !== null) && parts.filter((p) => !isKnown(p!)).length <= 1;
}

/** The same: the others are open, or of a block of which nobody is counted. */
export function repeatsPart(e: Evidence, f: number, isHidden: (f: number) => boolean): boolean {
    const system = e.system!;
    return repeatsKnown(system, f, (p) => blockOf(system, p).n === 0 || (e.task!.policy.rounding === 0n && !isHidden(p)));
}

/** A year's count is hidden with what it is part of, with its table, and a total with a part that is COMPLEMENT or KEPT (section 13). */
function isHiddenAlong(e: Evidence, f: number, parentsOf: number[]): boolean {
    const system = e.system!;
    if (f >= system.nPublished || !isOfYear(system, f) || hasOpenParts(e, f, (p) => e.reason[p] !== 0 || e.total[p] === null)) return false;
    const [cell, first] = [cellOf(system, e.task!, f), f - (f % system.nCells)];
    const isBeside = (other: Cell) => other.kind === "category" && cell.kind === "category" && other.total === cell.total && other.dimension === cell.dimension;
    if (cell.kind === "total" && partsOf(system, f).some((p) => p !== null && [COMPLEMENT, KEPT].includes(e.reason[p]!))) return true;
    return parentsOf.some((p) => e.reason[p] === SUMMED)
        || e.task!.layout.cells.some((other, j) => isBeside(other) && e.reason[first + j] === SUMMED);
}

/** A group's total of an indicator that is published for all contributors together only. */
function isNeverShown(e: Evidence, figure: number): boolean {
    const cell = cellOf(e.system!, e.task!, figure);
    return cell.indicator.isWholeOnly && cell.kind === "total" && blockOf(e.system!, figure).kind === "group" && !isAbsent(e.system!, figure);
}

/** The total of an indicator, in all groups, and only then of all contributors too. What is hidden there for a reason that goes before, is. */
function canBeWithdrawn(e: Evidence, figure: number): boolean {
    const { nCells, nOwn, nPublished } = e.system!;
    if (figure >= nPublished || cellOf(e.system!, e.task!, figure).kind !== "total") return false;
    const first = (isOfYear(e.system!, figure) ? nOwn : 0) + (figure % nCells);
    return e.task!.groups.every((_, g) => [BLOCK_, MARKED, KEPT, WITHDRAWN].includes(e.reason[first + (g + 1) * nCells]!));
}

/** Of a figure of the roll-up: the flag or mark of its indicator is hidden in some part of the year (section 13). */
function isHiddenInPart(e: Evidence, figure: number): boolean {
    const system = e.system!;
    const { flag, mark } = cellOf(system, e.task!, figure);
    const { layer, members } = blockOf(system, figure);
    const cells = [flag, mark].filter((c): c is number => c !== null);
    return layer.parts.some((part) => standingFor(part, members).some((b) => cells.some((c) => e.reason[system.at(b, c)] !== 0)));
}

/** What is wrong with the reason of this figure, or null. */
function judge(e: Evidence, figure: number, parentsOf: number[]): string | null {
    const system = e.system!;
    const [cell, block] = [cellOf(system, e.task!, figure), blockOf(system, figure)];
    const { policy } = e.task!;
    const first = figure - (figure % system.nCells);
    const reason = e.reason[figure]!;
    if (block.isFew !== (reason === BLOCK_)) return "BLOCK is for blocks of too few, and for all of them";
    if (reason === BLOCK_) return null;
    if (reason === KEPT) return null; // correction-kept looks whether it was hidden
    const total = knownTotal(e, figure);
    if (cell.kind === "mark") {
        if (reason === MARKED) return null;
        return reason === 0 && (total === null || total.hi === 0n) ? null : "a mark is open and not 0, or hidden for another reason";
    }
    if (cell.kind === "answered") {
        if (reason === FEW) return null;
        return reason === 0 && (total === null || total.hi >= BigInt(policy.minContributors)) ? null : "too few answered";
    }
    if (cell.mark !== null && !isOfYear(system, figure) && e.reason[first + cell.mark] === MARKED) return reason === MARKED ? null : "its indicator is marked";
    if (block.kind === "difference") return reason === 0 ? null : "nothing is said of what is between two figures";
    const isPart = parentsOf.some((p) => [SMALL, DEPENDENT, WITHDRAWN].includes(e.reason[p]!));
    const isFew = isOfYear(system, figure) ? isHiddenInPart(e, figure) : cell.flag !== null && e.reason[first + cell.flag] === FEW;
    if (isNeverShown(e, figure) && reason !== WITHDRAWN) return "it is published for all together only";
    if (reason === WITHDRAWN) return canBeWithdrawn(e, figure) ? null : "only whole indicators are withdrawn, in all groups";
    if (isPart || isFew) return reason === DEPENDENT ? null : "it depends on what is hidden";
    if (isOfYear(system, figure) ? reason === SUMMED : reason === SMALL || reason === COMPLEMENT) return null;
    if (reason !== 0) return "there is no such reason for it";
    if (isHiddenAlong(e, figure, parentsOf)) return "it is to be hidden together with another";
    const isSmall = total !== null && total.lo >= smallest(e, cell) && total.hi < policy.threshold;
    return isSmall ? "it is too small to be shown" : null;
}

function primarySuppression(e: Evidence, f: Finding): void {
    const system: System = e.system!;
    let nWithdrawn = 0;
    for (let figure = 0; figure < system.nListed; figure++) {
        if (isAbsent(system, figure)) continue;
        const isCountHere = isCount(cellOf(system, e.task!, figure));
        const wrong = judge(e, figure, isCountHere ? parents(e, figure) : []);
        if (wrong !== null) f.fail(`${figureCode(system, e.task!, figure)}: ${wrong}`);
        if (e.reason[figure] === WITHDRAWN && !isNeverShown(e, figure)) nWithdrawn++;
    }
    f.inputs = system.nListed;
    if (nWithdrawn > 0) f.note = `${nWithdrawn} withdrawn`;
}

export const HIDDEN_CHECKS: Record<string, Check["run"]> = {
    "suppression-proof": suppressionProof, "primary-suppression": primarySuppression,
};
