// SPDX-License-Identifier: EUPL-1.2
// build.mjs - bundles the verifier and its tests, each into one file; the same sources give the same bytes.
//
//   node build.mjs OUT             OUT/verifier.mjs; OUT/check/ with the page "check it yourself" and its verifier.js
//   node build.mjs OUT tests       OUT/test_*.mjs
import { copyFileSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const out = resolve(process.argv[2]);
const what = process.argv[3];
const here = dirname(fileURLToPath(import.meta.url));
const common = {
    absWorkingDir: here, bundle: true, charset: "utf8", legalComments: "inline", logLevel: "warning", format: "esm", platform: "node", target: "node18",
};
if (what === "tests") {
    for (const name of readdirSync(`${here}/test`).filter((n) => n.endsWith(".ts")).sort())
        await build({ ...common, entryPoints: [`test/${name}`], outfile: `${out}/${name.replace(/ts$/, "mjs")}` });
} else {
    await build({ ...common, entryPoints: ["src/main_node.ts"], outfile: `${out}/verifier.mjs` });
    await build({
        ...common, format: "iife", platform: "browser", target: "es2021", entryPoints: ["src/main_browser.ts"], outfile: `${out}/check/verifier.js`,
    });
    for (const name of readdirSync(`${here}/page`)) copyFileSync(`${here}/page/${name}`, `${out}/check/${name}`);
}
