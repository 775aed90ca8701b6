// SPDX-License-Identifier: EUPL-1.2
// test_crypto.ts - field, group and scalars against @noble/curves; the example of docs/proofs.md.
import { ed25519, RistrettoPoint } from "@noble/curves/ed25519";
import { randomBytes } from "@noble/hashes/utils";
import { bigintFromLe, toHex } from "../src/bytes";
import { isSignedByTable } from "../src/ed25519";
import { fieldFromBigint, fieldToBytes, newField, P } from "../src/field";
import { generatorsHash, Generators } from "../src/generators";
import { decodePoint, encodePoint, mapToPoint, POINT } from "../src/group";
import { isSignedPlainly } from "../src/hash";
import { fieldMul, fieldSquare, scalarMul } from "../src/limbs";
import { Sum } from "../src/multiply";
import { getScalar, L, mod, randomScalar, setScalar } from "../src/scalar";

let failed = 0;
function expect(name: string, holds: boolean): void {
    console.log(`${holds ? "ok" : "not ok"} - ${name}`);
    if (!holds) failed++;
}

function edge(i: number, modulus: bigint): bigint {
    const edges = [0n, 1n, 2n, 19n, modulus - 1n, modulus - 2n, (modulus - 1n) / 2n, (1n << 252n) - 1n, (1n << 242n) - 1n];
    return i < edges.length ? edges[i]! : bigintFromLe(randomBytes(64)) % modulus;
}

function testField(): void {
    let good = true;
    const o = newField();
    for (let i = 0; i < 40; i++)
        for (let j = 0; j < 40; j++) {
            const [x, y] = [edge(i, P), edge(j, P)];
            fieldMul(o, 0, fieldFromBigint(x), 0, fieldFromBigint(-y), 0);
            good &&= bigintFromLe(fieldToBytes(o, 0)) === (x * (P - y)) % P;
            fieldSquare(o, 0, fieldFromBigint(x + y), 0);
            good &&= bigintFromLe(fieldToBytes(o, 0)) === (x + y) ** 2n % P;
            const [a, b] = [newField(), newField()];
            setScalar(a, 0, x);
            setScalar(b, 0, y);
            for (let k = 0; k < 12; k++) a[k] = -a[k]!;
            scalarMul(o, 0, a, 0, b, 0);
            scalarMul(o, 0, o, 0, b, 0);
            good &&= getScalar(o, 0) === mod(-(x % L) * (y % L) * (y % L));
        }
    expect("multiplication modulo p and L is that of bigint", good);
}

function testGroup(): void {
    let good = true;
    const p = new Float64Array(POINT);
    for (let i = 0; i < 30; i++) {
        const uniform = randomBytes(64);
        const theirs = RistrettoPoint.hashToCurve(uniform);
        mapToPoint(p, 0, uniform);
        good &&= toHex(encodePoint(p, 0)) === theirs.toHex();
        good &&= decodePoint(p, 0, theirs.toRawBytes()) && toHex(encodePoint(p, 0)) === theirs.toHex();
    }
    expect("map, encoding and decoding are those of @noble/curves", good);
    let agree = true;
    let nValid = 0;
    for (let i = 0; i < 200; i++) {
        const bytes = randomBytes(32);
        if (i < 100) bytes[0]! &= 254;
        if (i < 100) bytes[31]! &= 127;
        let valid = true;
        try {
            RistrettoPoint.fromHex(bytes);
        } catch {
            valid = false;
        }
        if (valid) nValid++;
        agree &&= decodePoint(p, 0, bytes) === valid;
    }
    expect("the same encodings are refused", agree && nValid > 0);
}

function testSum(): void {
    let good = true;
    for (const n of [1, 2, 7, 70]) {
        const sum = new Sum();
        let theirs = RistrettoPoint.ZERO;
        for (let i = 0; i < n; i++) {
            const point = RistrettoPoint.hashToCurve(randomBytes(64));
            const factor = i === 0 ? L - 1n : i === 1 ? 0n : randomScalar();
            const p = new Float64Array(POINT);
            decodePoint(p, 0, point.toRawBytes());
            sum.add(factor, p, 0);
            if (factor !== 0n) theirs = theirs.add(point.multiply(factor));
        }
        good &&= toHex(encodePoint(sum.total(), 0)) === theirs.toHex();
    }
    expect("sums of multiples are those of @noble/curves", good);
}

/** Signatures of one key by its table, and the same, changed, by no means. */
function testSignatures(): void {
    let good = true;
    for (let i = 0; i < 20; i++) {
        const secret = randomBytes(32);
        const key = ed25519.getPublicKey(secret);
        isSignedByTable(new Uint8Array(0), new Uint8Array(64), key); // makes no table yet
        for (let n = 0; n < 10; n++) {
            const message = randomBytes(n * 30);
            const signature = ed25519.sign(message, secret);
            good &&= isSignedByTable(message, signature, key) && isSignedPlainly(message, signature, key);
            signature[n * 7]! ^= 1 << n % 8;
            good &&= !isSignedByTable(message, signature, key) && !isSignedPlainly(message, signature, key);
        }
    }
    expect("signatures by tables are those of @noble/curves", good);
}

testField();
testGroup();
testSum();
testSignatures();
expect("the generators' hash is that of docs/proofs.md, section 11",
    toHex(generatorsHash()) === "fadbf7ebec3014496fa96140a7bee97a697c2b6201b3b23a7e8f1dc5957ee063");
const begin = Date.now();
new Generators(8192);
console.log(`# 16384 generators in ${Date.now() - begin} ms`);
process.exitCode = failed ? 1 : 0;
