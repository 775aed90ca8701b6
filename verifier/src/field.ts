// SPDX-License-Identifier: EUPL-1.2
// field.ts - numbers modulo p = 2^255 - 19, in 12 limbs of 22 bits each, held in doubles at a place of an array.
//
// Limbs may be negative and a few bits too large (below 2^24 in magnitude) going into a multiplication; canonical() makes them
// exact. Nothing here is secret: the verifier sees public numbers only.
import { fieldMul, fieldSquare, type Limbs } from "./limbs";

export const LIMBS = 12;
export const P = (1n << 255n) - 19n;

export function newField(n = 1): Limbs {
    return new Float64Array(LIMBS * n);
}

export function fieldFromBigint(value: bigint, o = newField(), oi = 0): Limbs {
    let rest = ((value % P) + P) % P;
    for (let k = 0; k < LIMBS; k++) {
        o[oi + k] = Number(rest & 4194303n);
        rest >>= 22n;
    }
    return o;
}

export function fieldCopy(o: Limbs, oi: number, a: Limbs, ai: number): void {
    for (let k = 0; k < LIMBS; k++) o[oi + k] = a[ai + k]!;
}

export function fieldAdd(o: Limbs, oi: number, a: Limbs, ai: number, b: Limbs, bi: number): void {
    for (let k = 0; k < LIMBS; k++) o[oi + k] = a[ai + k]! + b[bi + k]!;
}

export function fieldSub(o: Limbs, oi: number, a: Limbs, ai: number, b: Limbs, bi: number): void {
    for (let k = 0; k < LIMBS; k++) o[oi + k] = a[ai + k]! - b[bi + k]!;
}

export function fieldNegate(o: Limbs, oi: number, a: Limbs, ai: number): void {
    for (let k = 0; k < LIMBS; k++) o[oi + k] = -a[ai + k]!;
}

/** One pass of carries, wrapping what lies above bit 255 around. */
function carry(o: Limbs, oi: number): void {
    let q = 0;
    for (let k = 0; k < LIMBS - 1; k++) {
        const c = o[oi + k]! + q;
        q = Math.floor(c / 4194304);
        o[oi + k] = c - q * 4194304;
    }
    const top = o[oi + LIMBS - 1]! + q;
    q = Math.floor(top / 8192); // the top limb has bits 242 to 254
    o[oi + LIMBS - 1] = top - q * 8192;
    o[oi] = o[oi]! + 19 * q;
}

const P_LIMBS = fieldFromBigint(P - 1n);
P_LIMBS[0] = P_LIMBS[0]! + 1;

function isAtLeastP(o: Limbs, oi: number): boolean {
    for (let k = LIMBS - 1; k >= 0; k--) {
        if (o[oi + k]! > P_LIMBS[k]!) return true;
        if (o[oi + k]! < P_LIMBS[k]!) return false;
    }
    return true;
}

/** Make the limbs those of the number in [0, p). */
export function canonical(o: Limbs, oi: number): void {
    for (;;) {
        carry(o, oi);
        let inRange = true;
        for (let k = 0; k < LIMBS; k++) if (o[oi + k]! < 0 || o[oi + k]! > 4194303) inRange = false;
        if (inRange && o[oi + LIMBS - 1]! < 8192) break;
    }
    if (isAtLeastP(o, oi)) for (let k = 0; k < LIMBS; k++) o[oi + k] = o[oi + k]! - P_LIMBS[k]!;
    let q = 0;
    for (let k = 0; k < LIMBS; k++) {
        const c = o[oi + k]! + q;
        q = Math.floor(c / 4194304);
        o[oi + k] = c - q * 4194304;
    }
}

const work = newField(1);

export function isZero(a: Limbs, ai: number): boolean {
    fieldCopy(work, 0, a, ai);
    canonical(work, 0);
    for (let k = 0; k < LIMBS; k++) if (work[k] !== 0) return false;
    return true;
}

/** Negative in the sense of RFC 9496: the canonical number is odd. */
export function isNegative(a: Limbs, ai: number): boolean {
    fieldCopy(work, 0, a, ai);
    canonical(work, 0);
    return work[0]! % 2 === 1;
}

const difference = newField(1);

export function isEqual(a: Limbs, ai: number, b: Limbs, bi: number): boolean {
    fieldSub(difference, 0, a, ai, b, bi);
    return isZero(difference, 0);
}

/** 32 bytes, little-endian, the top bit left out; no canonicity is demanded here. */
export function fieldFromBytes(o: Limbs, oi: number, bytes: Uint8Array, at = 0): void {
    let bits = 0;
    let held = 0;
    let k = 0;
    for (let i = 0; i < 32; i++) {
        const byte = i === 31 ? bytes[at + i]! & 127 : bytes[at + i]!;
        held += byte * 2 ** bits;
        bits += 8;
        if (bits >= 22) {
            const limb = held % 4194304;
            o[oi + k++] = limb;
            held = (held - limb) / 4194304;
            bits -= 22;
        }
    }
    o[oi + k] = held;
}

/** The canonical 32 bytes; the limbs are made canonical. */
export function fieldToBytes(a: Limbs, ai: number): Uint8Array {
    fieldCopy(work, 0, a, ai);
    canonical(work, 0);
    const bytes = new Uint8Array(32);
    let held = 0;
    let bits = 0;
    let k = 0;
    for (let i = 0; i < 32; i++) {
        if (bits < 8 && k < LIMBS) {
            held += work[k++]! * 2 ** bits;
            bits += 22;
        }
        bytes[i] = held % 256;
        held = Math.floor(held / 256);
        bits -= 8;
    }
    return bytes;
}

/** o = a^(2^n). */
function squareTimes(o: Limbs, oi: number, a: Limbs, ai: number, n: number): void {
    fieldSquare(o, oi, a, ai);
    for (let i = 1; i < n; i++) fieldSquare(o, oi, o, oi);
}

const t = newField(5);

/** o = a^((p - 5) / 8) = a^(2^252 - 3). */
export function fieldPower58(o: Limbs, oi: number, a: Limbs, ai: number): void {
    const [t0, t1, t2, t3] = [0, 12, 24, 36];
    fieldSquare(t, t0, a, ai); // 2
    squareTimes(t, t1, t, t0, 2); // 8
    fieldMul(t, t1, a, ai, t, t1); // 9
    fieldMul(t, t0, t, t0, t, t1); // 11
    fieldSquare(t, t0, t, t0); // 22
    fieldMul(t, t0, t, t1, t, t0); // 2^5 - 1
    squareTimes(t, t1, t, t0, 5);
    fieldMul(t, t0, t, t1, t, t0); // 2^10 - 1
    squareTimes(t, t1, t, t0, 10);
    fieldMul(t, t1, t, t1, t, t0); // 2^20 - 1
    squareTimes(t, t2, t, t1, 20);
    fieldMul(t, t1, t, t2, t, t1); // 2^40 - 1
    squareTimes(t, t1, t, t1, 10);
    fieldMul(t, t0, t, t1, t, t0); // 2^50 - 1
    squareTimes(t, t1, t, t0, 50);
    fieldMul(t, t1, t, t1, t, t0); // 2^100 - 1
    squareTimes(t, t2, t, t1, 100);
    fieldMul(t, t1, t, t2, t, t1); // 2^200 - 1
    squareTimes(t, t1, t, t1, 50);
    fieldMul(t, t3, t, t1, t, t0); // 2^250 - 1
    squareTimes(t, t3, t, t3, 2); // 2^252 - 4
    fieldMul(o, oi, t, t3, a, ai); // 2^252 - 3
}
