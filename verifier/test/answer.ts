// SPDX-License-Identifier: EUPL-1.2
// answer.ts - the verifier as a process that is asked about one bundle after the other (tests/tamper/other_verifier.h):
//
//   question    u32 len | opaque32 bundle | opaque32 trust file | opaque32 what it corrects, or empty | opaque32 policy, or empty
//               | u32 n | n x (opaque8 name | opaque32 bundle that it is linked with)
//   answer      "pass" or "fail", a tab, the identifiers of the checks that fail, a line feed
import { readSync, writeSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2";
import { audit } from "../src/audit";
import type { LinkedEntry } from "../src/bundle";
import { isSame } from "../src/bytes";
import { join, split, workOn } from "../src/heavy";
import { readTrust } from "../src/trust";

/** The next `n` bytes of the standard input; null at its end. */
function take(n: number): Uint8Array | null {
    const data = new Uint8Array(n);
    for (let at = 0; at < n; ) {
        const got = readSync(0, data, at, n - at, null);
        if (got === 0) return null;
        at += got;
    }
    return data;
}

function u32(data: Uint8Array, at: number): number {
    return new DataView(data.buffer, data.byteOffset).getUint32(at);
}

interface Question {
    bundle: Uint8Array;
    trust: Uint8Array;
    earlier: Uint8Array | null;
    policy: Uint8Array | null;
    linked: { name: string; data: Uint8Array }[];
}

function parse(data: Uint8Array): Question {
    let at = 0;
    const opaque = (lengthBytes: 1 | 4): Uint8Array => {
        const len = lengthBytes === 1 ? data[at]! : u32(data, at);
        at += lengthBytes + len;
        return data.slice(at - len, at);
    };
    const [bundle, trust, earlier, policy] = [opaque(4), opaque(4), opaque(4), opaque(4)];
    const n = u32(data, at);
    at += 4;
    const linked = Array.from({ length: n }, () => ({ name: new TextDecoder().decode(opaque(1)), data: opaque(4) }));
    return { bundle, trust, earlier: earlier.length > 0 ? earlier : null, policy: policy.length > 0 ? policy : null, linked };
}

/** The one of that hash, else the one of that name: as Beside finds it on a disk. */
function findLinked(q: Question, entry: LinkedEntry): Uint8Array | null {
    const name = entry.revision === 0 ? entry.period : `${entry.period}.r${entry.revision}`;
    return (q.linked.find((l) => isSame(sha256(l.data), entry.hash)) ?? q.linked.find((l) => l.name === name))?.data ?? null;
}

for (let head = take(4); head !== null; head = take(4)) {
    const body = take(u32(head, 0));
    if (body === null) break;
    const q = parse(body);
    const report = await audit({
        bundle: q.bundle, trust: readTrust(q.trust), policy: q.policy, findEarlier: () => Promise.resolve(q.earlier), findLinked: (entry) => Promise.resolve(findLinked(q, entry)),
        beside: () => q.linked.map((l) => l.data),
        verifyHeavy: (e) => Promise.resolve(join(split(e, 1).map((part) => workOn(part, () => {})))), onResult: () => {},
    });
    writeSync(1, `${report.isPass ? "pass" : "fail"}\t${report.results.filter((r) => r.outcome === "fail").map((r) => r.id).join(" ")}\n`);
}
