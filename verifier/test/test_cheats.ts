// SPDX-License-Identifier: EUPL-1.2
// test_cheats.ts - every cheat of tests/tamper fails exactly the checks that it must, as with the first verifier.
//
//   node test_cheats.mjs FOLDER      FOLDER as tests/tamper/tool_cheats writes it
import { existsSync, readFileSync } from "node:fs";
import { audit } from "../src/audit";
import { Beside } from "../src/beside";
import { join, split, workOn } from "../src/heavy";
import { readTrust } from "../src/trust";

const folder = process.argv[2]!;
const only = process.argv[3];
function earlierOf(number: string): Uint8Array | null {
    const path = `${folder}/${number}.earlier`;
    return existsSync(path) ? readFileSync(path) : null;
}

/** Nothing fails, and it is no pass. */
const MISSING = "something is missing";

let [n, nBad] = [0, 0];
for (const line of readFileSync(`${folder}/index`, "utf8").trimEnd().split("\n")) {
    const [number, name, want] = line.split("\t") as [string, string, string];
    if (only !== undefined && number !== only) continue;
    const parts = `${folder}/${number}.parts`;
    const report = await audit({
        bundle: readFileSync(`${folder}/${number}.bundle`), trust: readTrust(readFileSync(`${folder}/${number}.trust`)), findEarlier: () => Promise.resolve(earlierOf(number)),
        findLinked: (entry, task) => Promise.resolve(existsSync(parts) ? new Beside(parts, "").findLinked(entry, task) : null),
        verifyHeavy: (e) => Promise.resolve(join(split(e, 1).map((part) => workOn(part, () => {})))), onResult: () => {},
    });
    const failed = report.results.filter((r) => r.outcome === "fail");
    const got = failed.map((r) => r.id).join(" ");
    n++;
    if (only !== undefined) console.log(report.results);
    if (got === (want === MISSING ? "" : want) && report.isPass === (want === "")) continue;
    nBad++;
    console.log(`not ok - ${number} ${name}: failed [${got}], want [${want}]`);
    for (const r of failed) console.log(`#   ${r.id}: ${r.details.join("; ")}`);
}
console.log(`${nBad === 0 && n > 0 ? "ok" : "not ok"} - ${n - nBad} of ${n} bundles fail exactly the checks they must`);
process.exitCode = nBad === 0 && n > 0 ? 0 : 1;
