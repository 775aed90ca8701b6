// SPDX-License-Identifier: EUPL-1.2
// checks_sums.ts - submissions, sums, openings, totals (docs/audit.md, "The checks").
import { concat, isSame, u32, ascii } from "./bytes";
import { type Opening, readYear } from "./bundle";
import { aggregateMessage } from "./checks_form";
import { attempt, type Check, type Evidence, type Finding } from "./finding";
import { generatorsFor } from "./generators";
import { addPoint, isIdentity, POINT, setIdentity } from "./group";
import { isSigned, merkleLeaf, merkleRoot, sha256 } from "./hash";
import { isCount } from "./layout";
import { type Limbs } from "./limbs";
import { Sum } from "./multiply";
import { mod, randomScalar, readScalar } from "./scalar";
import { nAtoms } from "./submission";
import { blockOf, cellOf, figureCode, isAbsent, isOfYear, makeSystem, type Layer, releaseLayer, type System } from "./system";
import { linkedSystem } from "./linked";

function submissionsComplete(e: Evidence, f: Finding): void {
    const filed = new Map(e.submissions.map((s) => [s.contributor, s]));
    for (const entry of e.accepted!.counted) {
        const s = filed.get(entry.contributor);
        filed.delete(entry.contributor);
        f.inputs++;
        const holds = s !== undefined && s.number === entry.number && isSame(s.reportId, entry.reportId)
            && entry.length === BigInt(s.share.length) && isSame(entry.hash, sha256(s.share));
        f.expect(holds, `contributor ${entry.contributor}: ${s === undefined ? "missing" : "not the counted one"}`);
    }
    for (const extra of filed.keys()) f.fail(`contributor ${extra}: filed and not counted`);
}

function nameOf(e: Evidence, contributor: number): string {
    return e.task!.roster[contributor]?.code ?? `contributor ${contributor}`;
}

export async function heavy(e: Evidence): Promise<NonNullable<Evidence["heavy"]>> {
    e.heavy ??= await e.verifyHeavy(e);
    return e.heavy;
}

async function submissionProofs(e: Evidence, f: Finding): Promise<void> {
    const { badProofs } = await heavy(e);
    f.inputs = e.submissions.length;
    for (const { contributor, why } of badProofs) f.fail(`${nameOf(e, contributor)}: ${why}`);
}

/** The linked system; before the accepted list is known, as if all were counted. */
export function systemOf(e: Evidence): System {
    const all = e.task!.roster.map((_, i) => i);
    const counted = e.accepted?.counted.map((c) => c.contributor) ?? all;
    e.system ??= e.releases.length > 0 ? linkedSystem(e.releases) : makeSystem(releaseLayer(e.task!, new Set(counted)));
    return e.system;
}

/** For each figure that can be listed, the sum of its atoms' commitments. */
function sumFigures(e: Evidence, atoms: Limbs): Limbs {
    const system = systemOf(e);
    const [n, nCells] = [system.nCells, e.task!.nCells];
    const out = new Float64Array(POINT * system.nListed);
    for (let figure = 0; figure < system.nListed; figure++) {
        setIdentity(out, figure * POINT);
        const block = blockOf(system, figure);
        const own = new Set(block.members.map((m) => e.task!.atoms[m]!));
        if (block.kind === "all") own.add(nAtoms(e.task!)); // a submission of nobody on the roster was counted too
        for (const atom of own)
            addPoint(out, figure * POINT, atoms, (atom * nCells + (figure % n)) * POINT);
    }
    return out;
}

async function commitments(e: Evidence, f: Finding): Promise<void> {
    const { badCommitments, sums } = await heavy(e);
    f.inputs = 2 * e.task!.nCells * e.submissions.length;
    for (const c of badCommitments) f.fail(`${nameOf(e, c)}: a commitment is not canonical`);
    if (badCommitments.length === 0) e.sums = [sumFigures(e, sums[0]), sumFigures(e, sums[1])];
}

/** Where a figure stands in its own layer. */
function frozenPlace(system: System, figure: number): { layer: Layer; place: number } {
    const { layer, members, kind } = blockOf(system, figure);
    const block = layer.blocks.findIndex((b) => b.kind === kind && b.members === members);
    return { layer, place: block * system.nCells + (figure % system.nCells) };
}

function cellsAccounted(e: Evidence, f: Finding): void {
    const system = systemOf(e);
    const seen = new Uint8Array(system.nPublished);
    e.reason = new Array<number>(system.nFigures).fill(0);
    const year = e.files.find((x) => x.name === "year");
    e.yearOpenings = (year !== undefined ? attempt(f, () => readYear(year.data)) : null) ?? [];
    const account = (figure: number, from: number, to: number) => {
        if (figure >= from && figure < to && !isAbsent(system, figure)) seen[figure] = 1;
        else f.fail(`figure ${figure} is opened and is not there`);
    };
    for (const { figure } of e.openings!.all) account(figure, 0, system.nOwn);
    for (const { figure } of e.yearOpenings) account(figure, system.nOwn, system.nPublished);
    for (const { figure } of e.rounding?.all ?? []) {
        if (figure < system.nPublished && !isAbsent(system, figure)) seen[figure] = 1;
        else f.fail(`figure ${figure} is rounded and is not there`);
    }
    for (const { figure, reason } of e.suppression!.hidden) {
        if (figure >= system.nListed || isAbsent(system, figure)) {
            f.fail(`figure ${figure} is hidden and is not there`);
            continue;
        }
        e.reason[figure] = reason;
        if (figure < system.nPublished) seen[figure] = 1;
    }
    for (let figure = system.nListed; figure < system.nFigures; figure++) {
        const { layer, place } = frozenPlace(system, figure);
        e.reason[figure] = layer.reason.get(place) ?? 0;
    }
    seen.forEach((is, figure) => f.expect(is === 1 || isAbsent(system, figure), `${figureCode(system, e.task!, figure)} is neither opened, rounded nor hidden`));
    f.inputs = system.nPublished;
}

function noHiddenOpenings(e: Evidence, f: Finding): void {
    for (const { figure } of [...e.openings!.all, ...e.yearOpenings])
        f.expect(e.reason[figure] === 0, `${figureCode(e.system!, e.task!, figure)} is hidden and opened`);
    for (const { figure } of e.rounding?.all ?? [])
        f.expect(e.reason[figure] === 0, `${figureCode(e.system!, e.task!, figure)} is hidden and shown rounded`);
    f.inputs = e.system!.nOwn + e.yearOpenings.length;
}

function aggregatesSignatures(e: Evidence, f: Finding): void {
    systemOf(e);
    (["leader", "helper"] as const).forEach((who, i) => {
        const { root, signature } = e.openings!.roots[i]!;
        const holds = isSigned("skarva-1 sign aggregate", aggregateMessage(e, 2 + i, root), signature, e.trust[who]);
        f.expect(holds, `no valid signature of the ${who}`);
        f.inputs++;
    });
}

function openingsPaths(e: Evidence, f: Finding): void {
    const n = e.system!.nOwn;
    for (const { figure, sides } of e.openings!.all) {
        sides.forEach(({ x, r, path }, i) => {
            const label = "skarva-1 aggregate leaf";
            const leaf = merkleLeaf(concat(Uint8Array.of(label.length), ascii(label), u32(figure), x, r));
            const root = merkleRoot(leaf, figure, n, path);
            const holds = root !== null && isSame(root, e.openings!.roots[i]!.root);
            f.expect(holds, `${figureCode(e.system!, e.task!, figure)} is no leaf under the ${i === 0 ? "leader" : "helper"}'s root`);
        });
        f.inputs++;
    }
    f.mayBeEmpty = true;
}

/** Whether one aggregator's opening opens its sum. */
export function isOpening(V: Limbs, opening: Opening, side: number): boolean {
    const sum = new Sum();
    addOpening(sum, V, opening, side);
    return isIdentity(sum.total(), 0);
}

/** x G + r H - V, times a random number, added to the sum. */
function addOpening(sum: Sum, V: Limbs, opening: Opening, side: number): void {
    const base = generatorsFor(64);
    const factor = randomScalar();
    sum.add(factor * readScalar(opening.sides[side]!.x), base.G, 0);
    sum.add(factor * readScalar(opening.sides[side]!.r), base.H, 0);
    sum.add(-factor, V, opening.figure * POINT);
}

function checkOpenings(e: Evidence, f: Finding, side: number): void {
    const all = e.openings!.all;
    const V = e.sums![side]!;
    f.inputs = all.length;
    f.mayBeEmpty = true;
    const sum = new Sum();
    for (const opening of all) addOpening(sum, V, opening, side);
    if (all.length === 0 || isIdentity(sum.total(), 0)) return;
    for (const opening of all) {
        f.expect(isOpening(V, opening, side),
            `${figureCode(e.system!, e.task!, opening.figure)}: not the sum that the ${side === 0 ? "leader" : "helper"} signed`);
    }
}

function totals(e: Evidence, f: Finding): void {
    const system = e.system!;
    e.total = new Array<bigint | null>(system.nFigures).fill(null);
    for (const { figure, sides } of e.openings!.all) {
        const total = mod(readScalar(sides[0]!.x) + readScalar(sides[1]!.x));
        const most = BigInt(blockOf(system, figure).n) * cellOf(system, e.task!, figure).bound;
        f.expect(total <= most, `${figureCode(system, e.task!, figure)} is no possible count`);
        e.total[figure] = total;
        f.inputs++;
    }
    system.rules.forEach((rule, i) => {
        let sum = 0n;
        for (const { figure, k } of rule.terms) {
            const total = e.total[figure];
            if (total === null || total === undefined) return;
            sum += k * total;
        }
        f.expect(sum >= rule.low && sum <= rule.high, `rule ${i} does not hold`);
    });
    for (const { figure, value } of e.rounding?.all ?? []) e.total[figure] = value;
    for (let figure = system.nListed; figure < system.nFigures; figure++) {
        const { layer, place } = frozenPlace(system, figure);
        e.total[figure] = layer.total.get(place) ?? null;
    }
    f.mayBeEmpty = true;
}

function minimumAnswers(e: Evidence, f: Finding): void {
    const system = e.system!;
    const least = e.task!.policy.minContributors;
    const ofPeriod = (e.rounding?.all ?? []).filter(({ figure }) => !isOfYear(system, figure)); // a year has no number of answers
    for (const { figure } of [...e.openings!.all, ...ofPeriod]) {
        const cell = cellOf(system, e.task!, figure);
        const first = figure - (figure % system.nCells);
        const code = figureCode(system, e.task!, figure);
        f.inputs++;
        if ((isCount(cell) || cell.kind === "answered") && cell.flag !== null) {
            const answers = e.total[first + cell.flag]!;
            f.expect(answers !== null && answers >= BigInt(least), `${code}: too few answers, or not told how many`);
        } else f.expect(blockOf(system, figure).n >= least, `${code}: too few counted`);
    }
    f.mayBeEmpty = true;
}

export const SUM_CHECKS: Record<string, Check["run"]> = {
    "submissions-complete": submissionsComplete, "submission-proofs": submissionProofs, commitments, "cells-accounted": cellsAccounted,
    "no-hidden-openings": noHiddenOpenings, "aggregates-signatures": aggregatesSignatures, "openings-paths": openingsPaths,
    "openings-leader": (e, f) => checkOpenings(e, f, 0), "openings-helper": (e, f) => checkOpenings(e, f, 1), totals,
    "minimum-answers": minimumAnswers,
};
