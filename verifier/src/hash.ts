// SPDX-License-Identifier: EUPL-1.2
// hash.ts - hashes, signatures, Merkle paths (docs/protocol.md, sections 3 and 4).
import { ed25519 } from "@noble/curves/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2";
import { ascii, bigintFromLe, concat, isAllZero, toHex } from "./bytes";
import { isSignedByTable } from "./ed25519";
import { L } from "./scalar";

export { sha256, sha512 };

export function labelled(label: string, data: Uint8Array): Uint8Array {
    return concat(Uint8Array.of(label.length), ascii(label), data);
}

export function h256(label: string, data: Uint8Array): Uint8Array {
    return sha256(labelled(label, data));
}

let usable = new Set<string>();

/** A public key that a verifier takes: canonical, of a point whose order does not divide 8. */
export function isUsableKey(key: Uint8Array): boolean {
    const name = toHex(key);
    if (usable.has(name)) return true;
    try {
        if (ed25519.ExtendedPoint.fromHex(key, false).isSmallOrder()) return false;
    } catch {
        return false;
    }
    if (usable.size >= 256) usable = new Set();
    usable.add(name);
    return true;
}

/** As the notes of public logs are signed: without a label. */
export function isSignedPlainly(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
    if (signature.length !== 64 || isAllZero(signature) || bigintFromLe(signature.subarray(32)) >= L) return false;
    if (!isUsableKey(key)) return false;
    if (isSignedByTable(message, signature, key)) return true;
    try {
        return ed25519.verify(signature, message, key, { zip215: false });
    } catch {
        return false;
    }
}

export function isSigned(label: string, message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
    return isSignedPlainly(labelled(label, message), signature, key);
}

export function merkleLeaf(data: Uint8Array): Uint8Array {
    return sha256(concat(Uint8Array.of(0), data));
}

export function merkleNode(left: Uint8Array, right: Uint8Array): Uint8Array {
    return sha256(concat(Uint8Array.of(1), left, right));
}

/** RFC 6962, section 2.1.1, from the leaf up: the root that leaf `i` of `n` has with this path, or null for another length. */
export function merkleRoot(leaf: Uint8Array, i: number, n: number, path: Uint8Array[]): Uint8Array | null {
    let node = leaf;
    let [at, last] = [i, n - 1];
    for (const hash of path) {
        if (last === 0) return null;
        if (at % 2 === 1 || at === last) {
            node = merkleNode(hash, node);
            while (at % 2 === 0 && at !== 0) [at, last] = [at >>> 1, last >>> 1];
        } else node = merkleNode(node, hash);
        [at, last] = [at >>> 1, last >>> 1];
    }
    return last === 0 ? node : null;
}
