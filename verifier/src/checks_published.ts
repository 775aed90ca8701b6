// SPDX-License-Identifier: EUPL-1.2
// checks_published.ts - table, data files, pages (docs/audit.md, "The checks").
import { makeCube, makeJsonStat, makePx } from "./data_files";
import { attempt, type Check, type Evidence, file, type Finding } from "./finding";
import { readFigure, readPage } from "./page";
import { figureCode, isAbsent } from "./system";
import { differingLine, makeTable } from "./table";

function tableExact(e: Evidence, f: Finding): void {
    const got = file(e, "table.csv");
    const line = differingLine(got, makeTable(e.task!, e.system!, e.total, e.reason));
    if (line > 0) f.fail(`line ${line}`);
    f.inputs = got.length;
}

function dataFiles(e: Evidence, f: Finding): void {
    const files = [["table.json", makeJsonStat, false], ["table.px", makePx, false], ["year.json", makeJsonStat, true], ["year.px", makePx, true]] as const;
    for (const [name, make, isYear] of files) {
        if (isYear && !e.files.some((f) => f.name === name)) continue;
        const [got, want] = [file(e, name), make(makeCube(e.task!, e.system!, e.total, e.reason, isYear))];
        const at = want.findIndex((b, i) => b !== got[i]);
        if (at >= 0 || got.length !== want.length) f.fail(`${name}: byte ${at >= 0 ? at : want.length}`);
        f.inputs += got.length;
    }
}

function pages(e: Evidence, f: Finding): void {
    const codes = new Map<string, number>();
    for (let i = 0; i < e.system!.nPublished; i++)
        if (!isAbsent(e.system!, i)) codes.set(figureCode(e.system!, e.task!, i), i);
    for (const name of ["page.sv.html", "page.en.html"]) {
        const figures = attempt(f, () => readPage(file(e, name)));
        if (figures === null) continue;
        const missing = new Set(codes.keys());
        for (const { code, text } of figures) {
            const figure = codes.get(code);
            missing.delete(code);
            f.inputs++;
            if (figure === undefined) f.fail(`${name}: no cell has the code ${code}`);
            else f.expect(readFigure(text) === (e.total[figure]?.toString() ?? ".."), `${name}: ${code} says ${text.trim()}`);
        }
        for (const code of missing) f.fail(`${name}: ${code} is not shown`);
    }
}

export const PUBLISHED_CHECKS: Record<string, Check["run"]> = { "table-exact": tableExact, "data-files": dataFiles, pages };
