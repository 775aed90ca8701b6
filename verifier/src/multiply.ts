// SPDX-License-Identifier: EUPL-1.2
// multiply.ts - sums of many multiples of points, by buckets (Pippenger), with signed digits.
import { addCached, addPoint, doublePoint, POINT, setIdentity, toCached } from "./group";
import { type Limbs } from "./limbs";
import { mod } from "./scalar";

/** Points that grow in number, kept ready for adding, each with its factor. */
export class Sum {
    private points: Limbs = new Float64Array(POINT * 64);
    private factors: bigint[] = [];

    get n(): number {
        return this.factors.length;
    }
    add(factor: bigint, p: Limbs, pi: number): void {
        const at = this.n * POINT;
        if (at + POINT > this.points.length) {
            const grown = new Float64Array(this.points.length * 2);
            grown.set(this.points);
            this.points = grown;
        }
        toCached(this.points, at, p, pi);
        this.factors.push(mod(factor));
    }
    /** The sum, as a point. */
    total(): Limbs {
        return multiply(this.points, this.factors);
    }
}

function windowBits(n: number): number {
    let best = 2;
    let cost = Infinity;
    for (let c = 2; c <= 16; c++) {
        const now = Math.ceil(254 / c) * (n + 2.4 * 2 ** (c - 1));
        if (now < cost) [best, cost] = [c, now];
    }
    return best;
}

/** Digits of each factor in [-2^(c-1), 2^(c-1)], lowest first. */
function signedDigits(factors: bigint[], c: number, n: number): Int32Array {
    const digits = new Int32Array(factors.length * n);
    const size = 1 << c;
    const words = new Uint32Array(10);
    for (let i = 0; i < factors.length; i++) {
        let rest = factors[i]!;
        for (let k = 0; k < 8; k++) {
            words[k] = Number(rest & 0xffffffffn);
            rest >>= 32n;
        }
        let carry = 0;
        for (let k = 0; k < n; k++) {
            const bit = k * c;
            const low = words[bit >> 5]! >>> (bit & 31);
            const high = (bit & 31) + c > 32 ? words[(bit >> 5) + 1]! << (32 - (bit & 31)) : 0;
            let digit = ((low | high) & (size - 1)) + carry;
            carry = digit > size / 2 ? 1 : 0;
            digit -= carry * size;
            digits[i * n + k] = digit;
        }
    }
    return digits;
}

function multiply(points: Limbs, factors: bigint[]): Limbs {
    const c = windowBits(factors.length);
    const n = Math.ceil(254 / c);
    const digits = signedDigits(factors, c, n);
    const nBuckets = 1 << (c - 1);
    const buckets = new Float64Array(POINT * nBuckets);
    const total = new Float64Array(POINT);
    const running = new Float64Array(POINT);
    const sum = new Float64Array(POINT);
    setIdentity(total, 0);
    for (let k = n - 1; k >= 0; k--) {
        for (let i = 0; i < c && k < n - 1; i++) doublePoint(total, 0);
        for (let i = 0; i < nBuckets; i++) setIdentity(buckets, i * POINT);
        for (let i = 0; i < factors.length; i++) {
            const digit = digits[i * n + k]!;
            if (digit > 0) addCached(buckets, (digit - 1) * POINT, points, i * POINT);
            else if (digit < 0) addCached(buckets, (-digit - 1) * POINT, points, i * POINT, true);
        }
        setIdentity(running, 0);
        setIdentity(sum, 0);
        for (let i = nBuckets - 1; i >= 0; i--) {
            addPoint(running, 0, buckets, i * POINT);
            addPoint(sum, 0, running, 0);
        }
        addPoint(total, 0, sum, 0);
    }
    return total;
}
