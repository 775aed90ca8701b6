// SPDX-License-Identifier: EUPL-1.2
// unroll.mjs - writes src/limbs.ts: multiplication of numbers in 12 limbs of 22 bits held in doubles, modulo
// p = 2^255 - 19 and modulo L = 2^252 + 27742317777372353535851937790883648493, column by column without loops.
//
//   node tools/unroll.mjs >src/limbs.ts
//
// A product of two limbs below 2^24 in magnitude has 48 bits, a column of twelve of them less than 52: doubles are exact.
const n = 12;
const inv = "2.384185791015625e-7"; // 2^-22
const out = [];
const range = (a, b) => Array.from({ length: b - a }, (_, i) => a + i);
const carry = (k, next) => `q = Math.floor(c${k} * ${inv}); c${k} -= q * 4194304; ${next}`;
const carries = (from, to, last) =>
    range(from, to).map((k) => "    " + carry(k, k + 1 < to ? `c${k + 1} += q;` : last)).join("\n");
const load = (name, a, i) => "    const " + range(0, n).map((k) => `${name}${k} = ${a}[${i} + ${k}]!`).join(", ") + ";";
const columns = (square) =>
    range(0, 2 * n - 1).map((k) => {
        const terms = [];
        for (let i = Math.max(0, k - n + 1); i <= Math.min(k, n - 1); i++) {
            const j = k - i;
            if (!square) terms.push(`x${i} * y${j}`);
            else if (i < j) terms.push(`d${i} * x${j}`);
            else if (i === j) terms.push(`x${i} * x${i}`);
        }
        return `    let c${k} = ${terms.join(" + ")};`;
    }).join("\n");
const store = "    " + range(0, n).map((k) => `o[oi + ${k}] = c${k};`).join(" ");
const doubles = "    const " + range(0, n - 1).map((k) => `d${k} = 2 * x${k}`).join(", ") + ";";

const reduceP = [
    carries(n, 2 * n - 1, "const c23 = q;"),
    ...range(0, n).map((k) => `    c${k} += 9728 * c${k + n};`), // 2^264 = 19 * 2^9 = 9728 modulo p
    carries(0, n, "c0 += q * 9728;"),
    "    " + carry(0, "c1 += q;"),
].join("\n");

const delta = 27742317777372353535851937790883648493n << 12n; // 2^264 = -delta modulo L
const d = range(0, 7).map((k) => (delta >> BigInt(22 * k)) & 4194303n);
// Modulo L the folds are of copies, so that no limb is used while it grows.
const foldCopies = (hi, low) => {
    const lines = [];
    for (const k of hi) lines.push(`    const h${low}_${k} = c${k};${k < low ? ` c${k} = 0;` : ""}`);
    for (const k of hi) lines.push("    " + d.map((v, j) => `c${k - n + j} -= h${low}_${k} * ${v};`).join(" "));
    return lines.join("\n");
};
const scalarReduce = [
    carries(0, 2 * n - 1, "const c23 = q;"),
    foldCopies(range(n, 2 * n), 18),
    carries(0, 18, "c18 = q;"),
    foldCopies(range(n, 19), 13),
    carries(0, 13, "c13 = q;"),
    foldCopies(range(n, 14), 12),
    carries(0, 11, "c11 += q;"),
].join("\n");

const func = (name, square, body) => {
    out.push(`export function ${name}(o: Limbs, oi: number, a: Limbs, ai: number${square ? "" : ", b: Limbs, bi: number"}): void {`);
    out.push(load("x", "a", "ai"), square ? doubles : load("y", "b", "bi"), columns(square), "    let q = 0;", body, store, "}", "");
};
out.push("// SPDX-License-Identifier: EUPL-1.2");
out.push("// limbs.ts - made by tools/unroll.mjs; what it is and why it is exact is told there.");
out.push("export type Limbs = Float64Array;", "");
out.push("/** o = a * b modulo p, limbs of the result in [0, 2^22] (the second a little beyond). */");
func("fieldMul", false, reduceP);
out.push("/** o = a^2 modulo p. */");
func("fieldSquare", true, reduceP);
out.push("/** o = a * b modulo L; the top limb may be a little below 0 or above 2^22. */");
func("scalarMul", false, scalarReduce);
process.stdout.write(out.join("\n").replace(/\n+$/, "\n"));
