// SPDX-License-Identifier: EUPL-1.2
// data_files.ts - table.json (JSON-stat) and table.px (PX), and those of a year, derived again (docs/protocol.md, "The data files").
import { utf8 } from "./bytes";
import { type Text } from "./catalogue";
import { type Cell, isCount } from "./layout";
import { type Task } from "./parameters";
import { isAbsent, type System } from "./system";
import { reasonWord } from "./table";

interface Content {
    code: string;
    label: Text;
    unit: Text;
}

/** What both files say. */
export interface Cube {
    collection: string;
    table: string;
    time: string;
    cadence: number;
    title: Text;
    source: Text;
    groups: { code: string; label: Text }[];
    contents: Content[];
    /** Group by group, then content by content; null for a hidden figure. */
    values: (bigint | null)[];
    /** Of the same figures; empty where a figure is shown. */
    reasons: string[];
    /** If it is shown. */
    isRounded: boolean[];
    /** The base; 0 if figures are exact. */
    rounding: bigint;
}

function both(make: (lang: keyof Text) => string): Text {
    return { sv: make("sv"), en: make("en") };
}

function contentOf(cell: Cell): Content {
    const { label, unit } = cell.indicator;
    if (cell.kind === "answered")
        return { code: cell.code, label: { sv: `${label.sv}, besvarad`, en: `${label.en}, answered` }, unit: { sv: "svarande", en: "answering" } };
    if (cell.dimension === null || cell.category === null) return { code: cell.code, label, unit };
    const { dimension, category } = cell;
    return { code: cell.code, label: both((l) => `${label[l]}, ${dimension.label[l]}: ${category.label[l]}`), unit };
}

const WORDS: Record<number, string> = { 1: "month", 2: "quarter", 3: "four_months", 4: "half_year" };
const YEAR = 5;

/** Of the period, or of the roll-up, whose figures follow those of the period. */
export function makeCube(task: Task, system: System, total: (bigint | null)[], reason: number[], isYear: boolean): Cube {
    const first = isYear ? system.nOwn : 0;
    const cells = task.layout.cells.flatMap((c, i) => (c.kind === "mark" || isAbsent(system, first + i) ? [] : [i]));
    const groups = [{ code: "all", label: { sv: "Alla", en: "All" } }, ...task.groups];
    const figures = groups.flatMap((_, g) => cells.map((i) => g * system.nCells + i));
    const { title, source } = task.catalogue;
    const year = task.period.slice(0, 4);
    const [time, table, cadence] = isYear ? [year, `${year}-${WORDS[task.cadence] ?? ""}`, YEAR] : [task.period, task.period, task.cadence];
    const sums = isYear ? { sv: ", årssummor", en: ", sums of the year" } : { sv: "", en: "" };
    return {
        collection: task.collection, table, time, cadence, source, groups,
        title: { sv: `${title.sv}, ${time}${sums.sv}, efter grupp och innehåll`, en: `${title.en}, ${time}${sums.en}, by group and content` },
        contents: cells.map((i) => contentOf(task.layout.cells[i]!)),
        values: figures.map((f) => total[first + f] ?? null),
        reasons: figures.map((f) => (total[first + f] === null ? reasonWord(task.layout.cells[f % system.nCells]!, f >= system.nCells, reason[first + f]!) : "")),
        isRounded: figures.map((f) => isCount(task.layout.cells[f % system.nCells]!) && task.policy.rounding > 0n), rounding: task.policy.rounding,
    };
}

// --- JSON-stat

function quote(text: string): string {
    return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function object(members: [string, string][]): string {
    return `{${members.map(([name, value]) => `${quote(name)}:${value}`).join(",")}}`;
}

function list(items: string[]): string {
    return `[${items.join(",")}]`;
}

function dimension(label: string, all: { code: string; label: string; unit?: string }[]): string {
    const category: [string, string][] = [
        ["index", object(all.map((x, i) => [x.code, String(i)]))],
        ["label", object(all.map((x) => [x.code, quote(x.label)]))],
    ];
    if (all.some((x) => x.unit !== undefined))
        category.push(["unit", object(all.map((x) => [x.code, `{"base":${quote(x.unit ?? "")},"decimals":0}`]))]);
    return object([["label", quote(label)], ["category", object(category)]]);
}

export function makeJsonStat(cube: Cube): Uint8Array {
    const hidden = cube.values.flatMap((v, i) => (v === null ? [i] : []));
    const skarva = object([
        ["collection", quote(cube.collection)], ["table", quote(cube.table)],
        ["symbols", object([[".", quote("uppgift saknas")], ["..", quote("skyddat värde")], ["r", quote("avrundat")]])],
        ["rounding", String(cube.rounding)], ["reasons", object(hidden.map((i) => [String(i), quote(cube.reasons[i]!)]))],
    ]);
    const text = object([
        ["version", quote("2.0")], ["class", quote("dataset")], ["label", quote(cube.title.sv)], ["source", quote(cube.source.sv)],
        ["id", list(["group", "content", "time"].map(quote))],
        ["size", list([cube.groups.length, cube.contents.length, 1].map(String))],
        ["role", object([["time", list([quote("time")])], ["metric", list([quote("content")])]])],
        ["dimension", object([
            ["group", dimension("grupp", cube.groups.map((g) => ({ code: g.code, label: g.label.sv })))],
            ["content", dimension("innehåll", cube.contents.map((c) => ({ code: c.code, label: c.label.sv, unit: c.unit.sv })))],
            ["time", dimension("tid", [{ code: cube.time, label: cube.time }])],
        ])],
        ["value", list(cube.values.map((v) => (v === null ? "null" : String(v))))],
        ["status", object(cube.values.flatMap((v, i) => (v === null ? [[String(i), quote("..")]] : cube.isRounded[i] ? [[String(i), quote("r")]] : [])))],
        ["extension", object([["skarva", skarva]])],
    ]);
    return utf8(`${text}\n`);
}

// --- PX

const PIECE = 200;
const LINE = 250;

/** A statement being written; how long its line is decides where the next piece goes. */
class PxWriter {
    text = "";
    private length = 0;

    raw(text: string): void {
        this.text += text;
        this.length += utf8(text).length;
    }
    newLine(): void {
        this.text += "\r\n";
        this.length = 0;
    }
    private piece(text: string): void {
        if (this.length > 0 && this.length + utf8(text).length + 4 > LINE) this.newLine();
        this.raw(`"${text}"`);
    }
    string(text: string): void {
        let piece = "";
        for (const c of text.replace(/"/g, "'")) {
            if (utf8(piece + c).length > PIECE) {
                this.piece(piece);
                piece = "";
            }
            piece += c;
        }
        this.piece(piece);
    }
    strings(all: string[]): void {
        all.forEach((text, i) => {
            if (i > 0) this.raw(",");
            this.string(text);
        });
    }
    statement(keyword: string, values: string[]): void {
        this.raw(`${keyword}=`);
        this.strings(values);
        this.end();
    }
    end(): void {
        this.raw(";");
        this.newLine();
    }
}

const SCALES: Record<number, string> = { 1: "M1", 2: "Q1", 4: "H1", 5: "A1" };
const NAMES = { sv: ["grupp", "innehåll", "tid"], en: ["group", "content", "time"] } as const;

function writeVariables(px: PxWriter, cube: Cube, lang: keyof Text): void {
    const mark = lang === "en" ? "[en]" : "";
    const [group, content, time] = NAMES[lang];
    px.statement(`STUB${mark}`, [group, content]);
    px.statement(`HEADING${mark}`, [time]);
    px.statement(`CONTVARIABLE${mark}`, [content]);
    px.statement(`VALUES${mark}("${group}")`, cube.groups.map((g) => g.label[lang]));
    px.statement(`VALUES${mark}("${content}")`, cube.contents.map((c) => c.label[lang]));
    px.statement(`VALUES${mark}("${time}")`, [cube.time]);
    const scale = SCALES[cube.cadence];
    if (scale !== undefined) {
        px.raw(`TIMEVAL${mark}("${time}")=TLIST(${scale}),`);
        px.string(cube.time.slice(0, 4) + cube.time.slice(5));
        px.end();
    }
    px.statement(`CODES${mark}("${group}")`, cube.groups.map((g) => g.code));
    px.statement(`CODES${mark}("${content}")`, cube.contents.map((c) => c.code));
    px.statement(`CODES${mark}("${time}")`, [cube.time]);
    px.statement(`ELIMINATION${mark}("${group}")`, [cube.groups[0]!.label[lang]]);
    for (const c of cube.contents) {
        px.raw(`UNITS${mark}(`);
        px.string(c.label[lang]);
        px.raw(")=");
        px.strings([c.unit[lang]]);
        px.end();
    }
}

export function makePx(cube: Cube): Uint8Array {
    const px = new PxWriter();
    const twice = (keyword: string, text: Text) => {
        px.statement(keyword, [text.sv]);
        px.statement(`${keyword}[en]`, [text.en]);
    };
    const { source, title } = cube;
    px.statement("CHARSET", ["ANSI"]);
    px.statement("AXIS-VERSION", ["2013"]);
    px.statement("CODEPAGE", ["utf-8"]);
    px.statement("LANGUAGE", ["sv"]);
    px.statement("LANGUAGES", ["sv", "en"]);
    for (const keyword of ["DECIMALS", "SHOWDECIMALS"]) {
        px.raw(`${keyword}=0`);
        px.end();
    }
    px.statement("MATRIX", [cube.table]);
    px.statement("SUBJECT-CODE", [cube.collection]);
    twice("SUBJECT-AREA", source.sv === "" ? both(() => cube.collection) : source);
    twice("TITLE", title);
    twice("CONTENTS", title);
    twice("UNITS", { sv: "antal", en: "number" });
    writeVariables(px, cube, "sv");
    writeVariables(px, cube, "en");
    if (source.sv !== "") twice("SOURCE", source);
    const rounded = cube.rounding === 0n ? { sv: "", en: "" } : {
        sv: `; antal avrundade till multiplar av ${cube.rounding}, delar behöver inte summera till totalen`,
        en: `; counts rounded to multiples of ${cube.rounding}, parts need not add up to the total`,
    };
    twice("NOTE", { sv: `'..' skyddat värde; '.' uppgift saknas${rounded.sv}`, en: `'..' protected figure; '.' no figure${rounded.en}` });
    px.raw("DATA=");
    px.newLine();
    for (const v of cube.values) {
        px.raw(v === null ? '".." ' : `${v} `);
        px.newLine();
    }
    px.end();
    return utf8(px.text);
}
