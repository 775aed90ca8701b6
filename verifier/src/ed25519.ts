// SPDX-License-Identifier: EUPL-1.2
// ed25519.ts - signatures of keys that sign much, by tables of multiples of the key; what they do not confirm, @noble/curves decides.
//
// A signature (R, s) holds here if s B - k A is, encoded, R: then it holds by every reading of RFC 8032. The key is one that isUsableKey takes.
import { ed25519 } from "@noble/curves/ed25519";
import { sha512 } from "@noble/hashes/sha2";
import { bigintFromLe, concat, isSame, toHex } from "./bytes";
import { fieldFromBigint, fieldPower58, fieldToBytes, isNegative, newField } from "./field";
import { addCached, doublePoint, POINT, setIdentity, toCached } from "./group";
import { fieldMul, fieldSquare, type Limbs } from "./limbs";
import { mod } from "./scalar";

const WINDOWS = 64;
const MULTIPLES = 8;

/** 1 to 8 times 16^w times a point, for each w, ready to be added. */
class Table {
    private readonly all = new Float64Array(WINDOWS * MULTIPLES * POINT);

    constructor(x: bigint, y: bigint) {
        const base = newField(4);
        fieldFromBigint(x, base, 0);
        fieldFromBigint(y, base, 12);
        fieldFromBigint(1n, base, 24);
        fieldMul(base, 36, base, 0, base, 12);
        const multiple = newField(4);
        for (let w = 0; w < WINDOWS; w++) {
            multiple.set(base);
            for (let j = 0; j < MULTIPLES; j++) {
                const at = (w * MULTIPLES + j) * POINT;
                toCached(this.all, at, multiple, 0);
                if (j < MULTIPLES - 1) addCached(multiple, 0, this.all, w * MULTIPLES * POINT);
            }
            for (let i = 0; i < 4; i++) doublePoint(base, 0);
        }
    }

    /** o = o + factor P, or o - factor P; the factor below 2^255. */
    addTo(o: Limbs, factor: bigint, isMinus: boolean): void {
        let [rest, carry] = [factor, 0];
        for (let w = 0; w < WINDOWS; w++, rest >>= 4n) {
            let digit = Number(rest & 15n) + carry;
            carry = digit > MULTIPLES ? 1 : 0;
            digit -= 16 * carry;
            if (digit !== 0) addCached(o, 0, this.all, (w * MULTIPLES + Math.abs(digit) - 1) * POINT, isMinus !== digit < 0);
        }
    }
}

const e = newField(3);

/** RFC 8032, section 5.1.2. */
function encode(p: Limbs): Uint8Array {
    fieldPower58(e, 0, p, 24);
    for (let i = 0; i < 3; i++) fieldSquare(e, 0, e, 0);
    fieldSquare(e, 12, p, 24);
    fieldMul(e, 12, e, 12, p, 24);
    fieldMul(e, 0, e, 0, e, 12); // 1 / z
    fieldMul(e, 12, p, 0, e, 0);
    fieldMul(e, 24, p, 12, e, 0);
    const out = fieldToBytes(e, 24);
    if (isNegative(e, 12)) out[31]! |= 128;
    return out;
}

function tableOf(key: Uint8Array): Table {
    const { x, y } = ed25519.ExtendedPoint.fromHex(key, false).toAffine();
    return new Table(x, y);
}

const MOST_KEYS = 256;
let base: Table | null = null;
let tables = new Map<string, Table | null>();

/** The table of a key; null the first time that one is asked for. */
function findTable(key: Uint8Array): Table | null {
    const name = toHex(key);
    let table = tables.get(name);
    if (table instanceof Table) return table;
    if (tables.size >= MOST_KEYS) tables = new Map();
    table = table === null ? tableOf(key) : null;
    tables.set(name, table);
    return table;
}

/** True only if the signature holds; false if it does not, or is not looked at here. */
export function isSignedByTable(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
    const table = findTable(key);
    if (table === null) return false;
    base ??= new Table(ed25519.ExtendedPoint.BASE.x, ed25519.ExtendedPoint.BASE.y);
    const k = mod(bigintFromLe(sha512(concat(signature.subarray(0, 32), key, message))));
    const sum = newField(4);
    setIdentity(sum, 0);
    base.addTo(sum, bigintFromLe(signature.subarray(32)), false);
    table.addTo(sum, k, true);
    return isSame(encode(sum), signature.subarray(0, 32));
}
