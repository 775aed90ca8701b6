// SPDX-License-Identifier: EUPL-1.2
// scalar.ts - numbers modulo L, the order of ristretto255: as bigint where there are few of them, in limbs where there are many.
import { type Limbs, scalarMul } from "./limbs";
import { LIMBS } from "./field";
import { randomBytes } from "@noble/hashes/utils";
import { bigintFromLe, demand } from "./bytes";

export const L = (1n << 252n) + 27742317777372353535851937790883648493n;

export function mod(value: bigint): bigint {
    const r = value % L;
    return r < 0n ? r + L : r;
}

export function inverse(value: bigint): bigint {
    let [r0, r1, s0, s1] = [L, mod(value), 0n, 1n];
    while (r1 !== 0n) {
        const q = r0 / r1;
        [r0, r1] = [r1, r0 - q * r1];
        [s0, s1] = [s1, s0 - q * s1];
    }
    return mod(s0);
}

/** 32 bytes, little-endian, below L. */
export function readScalar(bytes: Uint8Array): bigint {
    const value = bigintFromLe(bytes);
    demand(value < L, "a number is not below L");
    return value;
}

export function setScalar(o: Limbs, oi: number, value: bigint): void {
    let rest = mod(value);
    for (let k = 0; k < LIMBS; k++) {
        o[oi + k] = Number(rest & 4194303n);
        rest >>= 22n;
    }
}

export function getScalar(a: Limbs, ai: number): bigint {
    let value = 0n;
    for (let k = LIMBS - 1; k >= 0; k--) value = value * 4194304n + BigInt(a[ai + k]!);
    return mod(value);
}

/** Carries after additions, so that the limbs can be multiplied again; the top limb keeps what lies above. */
export function carryScalar(o: Limbs, oi: number): void {
    let q = 0;
    for (let k = 0; k < LIMBS - 1; k++) {
        const c = o[oi + k]! + q;
        q = Math.floor(c / 4194304);
        o[oi + k] = c - q * 4194304;
    }
    o[oi + LIMBS - 1] = o[oi + LIMBS - 1]! + q;
}

/** 1, base, base^2, ... n of them. */
export function powers(base: bigint, n: number): Limbs {
    const out = new Float64Array(LIMBS * n);
    const factor = new Float64Array(LIMBS);
    setScalar(factor, 0, base);
    if (n > 0) out[0] = 1;
    for (let i = 1; i < n; i++) scalarMul(out, i * LIMBS, out, (i - 1) * LIMBS, factor, 0);
    return out;
}

/** Uniform, not to be foreseen. */
export function randomScalar(): bigint {
    return mod(bigintFromLe(randomBytes(64)));
}
