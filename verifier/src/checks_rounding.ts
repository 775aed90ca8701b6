// SPDX-License-Identifier: EUPL-1.2
// checks_rounding.ts - counts shown rounded, and the proofs about them (docs/disclosure-control.md, section 14).
import { concat } from "./bytes";
import { PORTION, readRounding } from "./bundle";
import { attempt, type Check, type Evidence, file, type Finding } from "./finding";
import { generatorsFor } from "./generators";
import { addPoint, encodePoint, POINT } from "./group";
import { isCount } from "./layout";
import { Batch } from "./proof";
import { cellOf, figureCode, isAbsent } from "./system";
import { numbers64, Shape, startTranscript } from "./transcript";

function roundingForm(e: Evidence, f: Finding): void {
    const isThere = e.files.some((x) => x.name === "rounding");
    f.mayBeEmpty = true;
    f.expect(isThere === e.task!.policy.rounding > 0n, "rounded figures are there exactly if the policy rounds");
    if (!isThere || f.bad > 0) return;
    e.rounding = attempt(f, () => readRounding(file(e, "rounding")));
    f.inputs = e.rounding?.all.length ?? 0;
}

/** Whether a figure, if it is shown, is shown rounded. */
export function isToRound(e: Evidence, figure: number): boolean {
    return e.task!.policy.rounding > 0n && isCount(cellOf(e.system!, e.task!, figure)) && !isAbsent(e.system!, figure);
}

/** What a shown value tells of the total, before the most that there can be. */
export function knownOf(e: Evidence, figure: number, value: bigint): { lo: bigint; hi: bigint } {
    if (!isToRound(e, figure)) return { lo: value, hi: value };
    if (value === 0n) return { lo: 0n, hi: 0n };
    const { rounding, threshold } = e.task!.policy;
    const least = value - (rounding - 1n);
    return { lo: least > threshold ? least : threshold, hi: value + (rounding - 1n) };
}

type Shown = { figure: number; value: bigint }[];

function isProven(e: Evidence, part: Shown, portion: number, proof: Uint8Array): boolean {
    const V = new Float64Array(POINT * part.length);
    part.forEach(({ figure }, i) => {
        V.set(e.sums![0].subarray(figure * POINT, (figure + 1) * POINT), i * POINT);
        addPoint(V, i * POINT, e.sums![1], figure * POINT);
    });
    const known = part.map(({ figure, value }) => knownOf(e, figure, value));
    const shape = new Shape(known.map(({ lo, hi }) => hi - lo));
    const transcript = startTranscript(e.task!.context, {
        kind: 3, role: 0, identity: portion, number: BigInt(e.accepted!.counted.length), cells: part.map((x) => x.figure), rules: [],
    }, shape);
    transcript.absorb("V", concat(...part.map((_, i) => encodePoint(V, i * POINT))));
    transcript.absorb("rounded", numbers64(part.map((x) => x.value)));
    const batch = new Batch(generatorsFor(shape.n));
    batch.add(proof, shape, transcript, (factors) => known.forEach(({ lo }, i) => {
        batch.point(factors[i]!, V, i * POINT);
        batch.base(-factors[i]! * lo);
    }));
    return batch.check();
}

function roundedFigures(e: Evidence, f: Finding): void {
    f.mayBeEmpty = true;
    if (e.rounding === null) return;
    const { all, proofs } = e.rounding;
    const code = (figure: number) => figureCode(e.system!, e.task!, figure);
    const { rounding } = e.task!.policy;
    f.inputs = all.length;
    for (const { figure } of [...e.openings!.all, ...e.yearOpenings]) f.expect(!isToRound(e, figure) || e.reason[figure] !== 0, `${code(figure)} is opened and should be rounded`);
    for (const { figure, value } of all) {
        f.expect(isToRound(e, figure), `${code(figure)} is rounded and is no count`);
        f.expect(value % rounding === 0n, `${code(figure)} is no multiple of ${rounding}`);
        const { lo, hi } = knownOf(e, figure, value);
        f.expect(lo <= hi, `${code(figure)} is below the threshold`);
    }
    if (f.bad > 0) return;
    proofs.forEach((proof, portion) => attempt(f, () => {
        const part = all.slice(PORTION * portion, PORTION * (portion + 1));
        f.expect(isProven(e, part, portion, proof), `the proof of portion ${portion} does not hold`);
    }));
}

export const ROUNDING_CHECKS: Record<string, Check["run"]> = { "rounding-form": roundingForm, "rounded-figures": roundedFigures };
