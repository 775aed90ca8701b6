// SPDX-License-Identifier: EUPL-1.2
// group.ts - ristretto255 (RFC 9496) on edwards25519: decoding, encoding, the one-way map, addition.
//
// A point is 48 doubles (x, y, z, t) in extended coordinates at a place of an array; a *cached* point, ready to be added, is
// (y + x, y - x, 2 z, 2 d t). The addition formulas are complete: no case is special.
import {
    canonical, fieldAdd, fieldCopy, fieldFromBigint, fieldFromBytes, fieldNegate, fieldPower58, fieldSub, fieldToBytes,
    isEqual, isNegative, isZero, newField, P,
} from "./field";
import { fieldMul, fieldSquare, type Limbs } from "./limbs";

export const POINT = 48;

function power(base: bigint, exponent: bigint): bigint {
    let result = 1n;
    for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
    return result;
}
const inverse = (a: bigint) => power(((a % P) + P) % P, P - 2n);
const D_BIG = (((-121665n * inverse(121666n)) % P) + P) % P;
const SQRT_M1_BIG = power(2n, (P - 1n) / 4n);

/** The even one of the two square roots. */
function root(square: bigint): bigint {
    let r = power(square, (P + 3n) / 8n);
    if ((r * r - square) % P !== 0n) r = (r * SQRT_M1_BIG) % P;
    if ((r * r - (square % P)) % P !== 0n) throw new Error("not a square");
    return r & 1n ? P - r : r;
}

const ONE = fieldFromBigint(1n);
const D = fieldFromBigint(D_BIG);
const D2 = fieldFromBigint(2n * D_BIG);
const SQRT_M1 = fieldFromBigint(SQRT_M1_BIG);
const MINUS_ONE = fieldFromBigint(P - 1n);
const MINUS_SQRT_M1 = fieldFromBigint(P - SQRT_M1_BIG);
const ONE_MINUS_D_SQ = fieldFromBigint(1n - D_BIG * D_BIG);
const D_MINUS_ONE_SQ = fieldFromBigint((D_BIG - 1n) ** 2n);
// RFC 9496, section 4.1 gives this root as the odd one.
const SQRT_AD_MINUS_ONE = fieldFromBigint(P - root((((-D_BIG - 1n) % P) + P) % P));
const INVSQRT_A_MINUS_D = fieldFromBigint(root(inverse(-1n - D_BIG)));

const s = newField(6);

/** RFC 9496, section 4.2: o = the square root of u/v, or of i u/v; true if u/v is a square. The root is not negative. */
function sqrtRatio(o: Limbs, oi: number, u: Limbs, ui: number, v: Limbs, vi: number): boolean {
    fieldSquare(s, 0, v, vi);
    fieldMul(s, 0, s, 0, v, vi); // v^3
    fieldSquare(s, 12, s, 0);
    fieldMul(s, 12, s, 12, v, vi); // v^7
    fieldMul(s, 12, s, 12, u, ui);
    fieldPower58(s, 12, s, 12);
    fieldMul(s, 0, s, 0, u, ui);
    fieldMul(s, 0, s, 0, s, 12); // r
    fieldSquare(s, 24, s, 0);
    fieldMul(s, 24, s, 24, v, vi); // check
    fieldMul(s, 36, u, ui, ONE, 0);
    const correct = isEqual(s, 24, s, 36);
    fieldMul(s, 48, s, 36, MINUS_ONE, 0);
    const flipped = isEqual(s, 24, s, 48);
    fieldMul(s, 48, s, 36, MINUS_SQRT_M1, 0);
    const flippedI = isEqual(s, 24, s, 48);
    if (flipped || flippedI) fieldMul(s, 0, s, 0, SQRT_M1, 0);
    if (isNegative(s, 0)) fieldNegate(s, 0, s, 0);
    fieldCopy(o, oi, s, 0);
    return correct || flipped;
}

export function setIdentity(o: Limbs, oi: number): void {
    o.fill(0, oi, oi + POINT);
    o[oi + 12] = 1;
    o[oi + 24] = 1;
}

const w = newField(8);

/** Section 4.3.1. Returns false, and leaves the point alone, unless the 32 bytes are canonical. */
export function decodePoint(o: Limbs, oi: number, bytes: Uint8Array, at = 0): boolean {
    if (!isCanonicalEncoding(bytes, at)) return false;
    const [S, U1, U2, U2S, V, I, X, Y] = [0, 12, 24, 36, 48, 60, 72, 84];
    fieldFromBytes(w, S, bytes, at);
    fieldSquare(w, V, w, S);
    fieldSub(w, U1, ONE, 0, w, V);
    fieldAdd(w, U2, ONE, 0, w, V);
    fieldSquare(w, U2S, w, U2);
    fieldSquare(w, V, w, U1);
    fieldMul(w, V, w, V, D, 0);
    fieldNegate(w, V, w, V);
    fieldSub(w, V, w, V, w, U2S);
    fieldMul(w, I, w, V, w, U2S);
    const isSquare = sqrtRatio(w, I, ONE, 0, w, I);
    fieldMul(w, X, w, I, w, U2); // den_x
    fieldMul(w, Y, w, I, w, X);
    fieldMul(w, Y, w, Y, w, V); // den_y
    fieldAdd(w, S, w, S, w, S);
    fieldMul(w, X, w, S, w, X);
    if (isNegative(w, X)) fieldNegate(w, X, w, X);
    fieldMul(w, Y, w, U1, w, Y);
    fieldMul(w, I, w, X, w, Y);
    if (!isSquare || isNegative(w, I) || isZero(w, Y)) return false;
    fieldCopy(o, oi, w, X);
    fieldCopy(o, oi + 12, w, Y);
    fieldCopy(o, oi + 24, ONE, 0);
    fieldCopy(o, oi + 36, w, I);
    return true;
}

/** Below p, and even. */
function isCanonicalEncoding(bytes: Uint8Array, at: number): boolean {
    if (bytes[at]! & 1 || bytes[at + 31]! > 127) return false;
    if (bytes[at + 31]! < 127) return true;
    for (let i = 30; i > 0; i--) if (bytes[at + i] !== 255) return true;
    return bytes[at]! < 237;
}

const e = newField(10);

/** Section 4.3.2. */
export function encodePoint(p: Limbs, pi: number): Uint8Array {
    const [U1, U2, I, D1, D2_, ZI, T0, X, Y, DI] = [0, 12, 24, 36, 48, 60, 72, 84, 96, 108];
    const [x, y, z, t] = [pi, pi + 12, pi + 24, pi + 36];
    fieldAdd(e, U1, p, z, p, y);
    fieldSub(e, T0, p, z, p, y);
    fieldMul(e, U1, e, U1, e, T0);
    fieldMul(e, U2, p, x, p, y);
    fieldSquare(e, T0, e, U2);
    fieldMul(e, T0, e, U1, e, T0);
    sqrtRatio(e, I, ONE, 0, e, T0);
    fieldMul(e, D1, e, I, e, U1);
    fieldMul(e, D2_, e, I, e, U2);
    fieldMul(e, ZI, e, D1, e, D2_);
    fieldMul(e, ZI, e, ZI, p, t);
    fieldMul(e, T0, p, t, e, ZI);
    if (isNegative(e, T0)) {
        fieldMul(e, X, p, y, SQRT_M1, 0);
        fieldMul(e, Y, p, x, SQRT_M1, 0);
        fieldMul(e, DI, e, D1, INVSQRT_A_MINUS_D, 0);
    } else {
        fieldCopy(e, X, p, x);
        fieldCopy(e, Y, p, y);
        fieldCopy(e, DI, e, D2_);
    }
    fieldMul(e, T0, e, X, e, ZI);
    if (isNegative(e, T0)) fieldNegate(e, Y, e, Y);
    fieldSub(e, T0, p, z, e, Y);
    fieldMul(e, T0, e, DI, e, T0);
    if (isNegative(e, T0)) fieldNegate(e, T0, e, T0);
    return fieldToBytes(e, T0);
}

const m = newField(10);

/** The map of section 4.3.4 of one half of the 64 bytes. */
function mapHalf(o: Limbs, oi: number, bytes: Uint8Array, at: number): void {
    const [T, R, U, V, S, C, N, W1, W2, W3] = [0, 12, 24, 36, 48, 60, 72, 84, 96, 108];
    fieldFromBytes(m, T, bytes, at);
    fieldSquare(m, R, m, T);
    fieldMul(m, R, m, R, SQRT_M1, 0);
    fieldAdd(m, U, m, R, ONE, 0);
    fieldMul(m, U, m, U, ONE_MINUS_D_SQ, 0);
    fieldMul(m, V, m, R, D, 0);
    fieldSub(m, V, MINUS_ONE, 0, m, V);
    fieldAdd(m, C, m, R, D, 0);
    fieldMul(m, V, m, V, m, C);
    const isSquare = sqrtRatio(m, S, m, U, m, V);
    if (isSquare) fieldCopy(m, C, MINUS_ONE, 0);
    else {
        fieldMul(m, S, m, S, m, T);
        if (!isNegative(m, S)) fieldNegate(m, S, m, S);
        fieldCopy(m, C, m, R);
    }
    fieldSub(m, N, m, R, ONE, 0);
    fieldMul(m, N, m, N, m, C);
    fieldMul(m, N, m, N, D_MINUS_ONE_SQ, 0);
    fieldSub(m, N, m, N, m, V);
    fieldMul(m, W1, m, N, SQRT_AD_MINUS_ONE, 0);
    fieldSquare(m, W2, m, S);
    fieldAdd(m, W3, ONE, 0, m, W2);
    fieldSub(m, W2, ONE, 0, m, W2);
    fieldMul(m, S, m, S, m, V);
    fieldAdd(m, S, m, S, m, S); // w0
    fieldMul(o, oi, m, S, m, W3);
    fieldMul(o, oi + 12, m, W2, m, W1);
    fieldMul(o, oi + 24, m, W1, m, W3);
    fieldMul(o, oi + 36, m, S, m, W2);
}

const half = newField(8);

/** Section 4.3.4: the point of 64 uniform bytes. */
export function mapToPoint(o: Limbs, oi: number, bytes: Uint8Array): void {
    mapHalf(o, oi, bytes, 0);
    mapHalf(half, 0, bytes, 32);
    addPoint(o, oi, half, 0);
}

export function toCached(o: Limbs, oi: number, p: Limbs, pi: number): void {
    for (let k = 0; k < 12; k++) {
        const x = p[pi + k]!;
        const y = p[pi + 12 + k]!;
        o[oi + k] = y + x;
        o[oi + 12 + k] = y - x;
        o[oi + 24 + k] = 2 * p[pi + 24 + k]!;
    }
    fieldMul(o, oi + 36, p, pi + 36, D2, 0);
}

const a = newField(8);

/** o = o + q, or o - q; q cached. */
export function addCached(o: Limbs, oi: number, q: Limbs, qi: number, isMinus = false): void {
    const [A, B, C, Z, E, F, G, H] = [0, 12, 24, 36, 48, 60, 72, 84];
    for (let k = 0; k < 12; k++) {
        a[A + k] = o[oi + 12 + k]! - o[oi + k]!;
        a[B + k] = o[oi + 12 + k]! + o[oi + k]!;
    }
    fieldMul(a, A, a, A, q, isMinus ? qi : qi + 12);
    fieldMul(a, B, a, B, q, isMinus ? qi + 12 : qi);
    fieldMul(a, C, o, oi + 36, q, qi + 36);
    fieldMul(a, Z, o, oi + 24, q, qi + 24);
    const sign = isMinus ? -1 : 1;
    for (let k = 0; k < 12; k++) {
        const c = sign * a[C + k]!;
        a[E + k] = a[B + k]! - a[A + k]!;
        a[F + k] = a[Z + k]! - c;
        a[G + k] = a[Z + k]! + c;
        a[H + k] = a[B + k]! + a[A + k]!;
    }
    fieldMul(o, oi, a, E, a, F);
    fieldMul(o, oi + 12, a, G, a, H);
    fieldMul(o, oi + 24, a, F, a, G);
    fieldMul(o, oi + 36, a, E, a, H);
}

const cached = newField(4);

/** o = o + p, or o - p. */
export function addPoint(o: Limbs, oi: number, p: Limbs, pi: number, isMinus = false): void {
    toCached(cached, 0, p, pi);
    addCached(o, oi, cached, 0, isMinus);
}

const b = newField(7);

export function doublePoint(o: Limbs, oi: number): void {
    const [A, B, C, E, F, G, H] = [0, 12, 24, 36, 48, 60, 72];
    fieldSquare(b, A, o, oi);
    fieldSquare(b, B, o, oi + 12);
    fieldSquare(b, C, o, oi + 24);
    fieldAdd(b, E, o, oi, o, oi + 12);
    fieldSquare(b, E, b, E);
    for (let k = 0; k < 12; k++) {
        const x = b[A + k]!;
        const y = b[B + k]!;
        b[E + k] = b[E + k]! - x - y;
        b[G + k] = y - x;
        b[F + k] = y - x - 2 * b[C + k]!;
        b[H + k] = -x - y;
    }
    fieldMul(o, oi, b, E, b, F);
    fieldMul(o, oi + 12, b, G, b, H);
    fieldMul(o, oi + 24, b, F, b, G);
    fieldMul(o, oi + 36, b, E, b, H);
}

/** Section 4.3.3, with the identity: x y = 0. */
export function isIdentity(p: Limbs, pi: number): boolean {
    return isZero(p, pi) || isZero(p, pi + 12);
}

export const BASE_ENCODED = Uint8Array.from(
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76".match(/../g)!, (x) => parseInt(x, 16));

export { canonical };
