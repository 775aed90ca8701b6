// SPDX-License-Identifier: EUPL-1.2
// test_parts.ts - what workers get is their own part of a bundle and no more, and the bundle stays whole.
import { randomBytes } from "@noble/hashes/utils";
import { isSame } from "../src/bytes";
import { type Evidence } from "../src/finding";
import { split, transfers } from "../src/heavy";

let failed = 0;
function expect(name: string, holds: boolean): void {
    console.log(`${holds ? "ok" : "not ok"} - ${name}`);
    if (!holds) failed++;
}

const [N, LENGTH] = [23, 1000];
/** Views of one memory, as the files of a bundle are; of Node's own kind, whose slices copy nothing, or not. */
function evidence(bundle: Uint8Array): Evidence {
    const at = (i: number) => bundle.subarray(i * LENGTH, (i + 1) * LENGTH);
    const files = [{ name: "parameters", data: at(0) }, ...Array.from({ length: N }, (_, i) => ({ name: `submissions/0000${i}`, data: at(i + 1) }))];
    const submissions = Array.from({ length: N }, (_, contributor) => ({ contributor }));
    const V = [at(N + 1).subarray(0, 64), at(N + 1).subarray(64, 128)];
    return { files, submissions, earlier: { submissions: new Map([[3, { V }], [20, { V }]]) } } as unknown as Evidence;
}

for (const bundle of [randomBytes((N + 2) * LENGTH), Buffer.from(randomBytes((N + 2) * LENGTH))]) {
    const before = new Uint8Array(bundle);
    const e = evidence(bundle);
    const parts = split(e, 4);
    const sent = parts.map((part) => structuredClone(part, { transfer: transfers(part) }));
    const nBytes = sent.map((part) => transfers(part).reduce((sum, buffer) => sum + buffer.byteLength, 0));
    expect("a part is sent with its own bytes alone", nBytes.every((n) => n <= LENGTH * (1 + Math.ceil(N / 4)) + 256));
    expect("nothing of it stays here", parts.every((part) => part.files.every((f) => f.data.length === 0)));
    const files = sent.flatMap((part) => part.files);
    expect("all submissions are sent, in order", files.length === N && files.every((f, i) => isSame(f.data, e.files[i + 1]!.data)));
    expect("so are parameters, and the submissions before", sent.every((part) => isSame(part.parameters, e.files[0]!.data))
        && sent.flatMap((part) => part.earlier).every((both, i) => (both !== null) === (i === 3 || i === 20)));
    expect("the bundle is what it was", isSame(bundle, before));
}
process.exitCode = failed === 0 ? 0 : 1;
