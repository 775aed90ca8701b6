// SPDX-License-Identifier: EUPL-1.2
// test_mutations.ts - bundles damaged at random, each kept from the outermost faults by a release made to fit where that needs no
// key: both verifiers refuse them, naming the same checks.
//
//   node test_mutations.mjs SKARVA_AUDIT BUNDLE TRUST FOLDER N [SEED]
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2";
import { audit } from "../src/audit";
import { readArchive } from "../src/bundle";
import { join, split, workOn } from "../src/heavy";
import { readTrust } from "../src/trust";

const [program, bundlePath, trustPath, folder, times, seedText] = process.argv.slice(2) as [string, string, string, string, string, string?];
const seed = seedText ?? String(Date.now() % 1000000);
console.log(`# seed ${seed}`);
const good = readFileSync(bundlePath);
const trust = readTrust(readFileSync(trustPath));

let state = sha256(new TextEncoder().encode(seed));
function random(n: number): number {
    state = sha256(state);
    return new DataView(state.buffer).getUint32(0) % n;
}

/** A few bytes changed, in one file or anywhere; every other time the release lists the file as it has become. */
function mutate(): { data: Uint8Array; what: string } {
    const data = Uint8Array.from(good);
    const files = readArchive(data);
    const index = random(files.length);
    const file = files[index]!;
    const isAnywhere = random(10) === 0;
    const target = isAnywhere ? data : file.data;
    const at = random(target.length);
    const how = random(3);
    if (how === 0) target[at]! ^= 1 << random(8);
    else if (how === 1) target[at] = random(256);
    else target.set(target.slice(random(target.length)).subarray(0, 32), Math.min(at, target.length - 32 < 0 ? 0 : target.length - 32));
    const isRelisted = !isAnywhere && file.name !== "release" && random(2) === 0;
    if (isRelisted) relist(files[files.length - 1]!.data, index, files.length - 1, file.data, files.map((f) => f.name));
    return { data, what: `${isAnywhere ? "anywhere" : file.name} at ${at}${isRelisted ? ", listed anew" : ""}` };
}

/** Put the hash of a file into the release: 1 + 32 + 4 + 32 + 4 bytes, then for each file its name, 8 and 32 bytes. */
function relist(release: Uint8Array, index: number, n: number, data: Uint8Array, names: string[]): void {
    let at = 73;
    for (let i = 0; i < n; i++) {
        at += 1 + names[i]!.length + 8;
        if (i === index) release.set(sha256(data), at);
        at += 32;
    }
}

function first(path: string): string {
    try {
        return execFileSync(program, ["verify", path, "--trust", trustPath, "--json", "--jobs", "1"], { encoding: "utf8" });
    } catch (error) {
        return (error as { stdout: string }).stdout;
    }
}

async function second(data: Uint8Array): Promise<{ id: string; outcome: string }[]> {
    const report = await audit({
        bundle: data, trust, policy: null, findEarlier: () => Promise.resolve(null), findLinked: () => Promise.resolve(null), beside: () => [],
        verifyHeavy: (e) => Promise.resolve(join(split(e, 1).map((part) => workOn(part, () => {})))), onResult: () => {},
    });
    return report.results;
}

let [nSame, nPassed] = [0, 0];
for (let i = 0; i < Number(times); i++) {
    const { data, what } = mutate();
    const path = `${folder}/mutated.tar`;
    writeFileSync(path, data);
    const failedOf = (checks: { id: string; outcome: string }[]) => checks.filter((c) => c.outcome === "fail").map((c) => c.id).join(" ");
    const theirs = failedOf((JSON.parse(first(path)) as { checks: { id: string; outcome: string }[] }).checks);
    const own = failedOf(await second(data));
    if (own === "" && Buffer.compare(Buffer.from(data), good) !== 0) {
        nPassed++;
        console.log(`not ok - accepted: ${what}`);
    }
    if (own === theirs) nSame++;
    else console.log(`# mutation ${i}, ${what}: the first says [${theirs}], the second [${own}]`);
}
console.log(`${nPassed === 0 ? "ok" : "not ok"} - none of ${times} damaged bundles is accepted`);
console.log(`${nSame === Number(times) ? "ok" : "not ok"} - of ${nSame} of ${times} both verifiers name the same checks`);
process.exitCode = nPassed === 0 && nSame === Number(times) ? 0 : 1;
