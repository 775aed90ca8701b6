/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check.mjs SITE - the data files of a site read with others' readers: JSON-stat by its schema and by
 * jsonstat-toolkit, PX by px, CSVW by a schema and each CSV file by what its metadata says. Every figure must be
 * what expected.csv (tool_world) says. Lines "ok - ..." and "not ok - ..."; exit status 1 if any is not.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import JSONstat from "jsonstat-toolkit";
import Px from "px";

const here = dirname(fileURLToPath(import.meta.url));
const site = process.argv[2];
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const schema = (name) => ajv.compile(JSON.parse(readFileSync(join(here, "schemas", name), "utf8")));
const isJsonStat = schema("json-stat-dataset.json");
const isCsvw = schema("csvw-table.json");

let failures = 0;
function tell(name, problems) {
  if (problems.length > 0) failures++;
  console.log(`${problems.length === 0 ? "ok" : "not ok"} - ${name}`);
  for (const problem of problems.slice(0, 10)) console.log(`#   ${problem}`);
}

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

/* table -> "group,content,time" -> the figure as text */
function readExpected() {
  const tables = new Map();
  const [, ...lines] = readFileSync(join(site, "expected.csv"), "utf8").trim().split("\n");
  for (const line of lines) {
    const [table, group, content, time, value] = line.split(",");
    if (!tables.has(table)) tables.set(table, new Map());
    tables.get(table).set(`${group},${content},${time}`, value);
  }
  return tables;
}

const symbol = (value, status) => (value === null ? status : String(value));

function compare(want, got) {
  const problems = [];
  if (want.size !== got.size) problems.push(`${got.size} figures, not ${want.size}`);
  for (const [key, value] of want)
    if (got.get(key) !== value) problems.push(`${key}: ${got.get(key)}, not ${value}`);
  return problems;
}

/* "data/indicators/A.json", also under en/ -> "indicators/A" */
const tableOf = (path) => path.replace(/^.*data\//, "").replace(/[.].*$/, "");

function checkJsonStat(path, expected) {
  const data = JSON.parse(readFileSync(path, "utf8"));
  tell(`${path.slice(site.length + 1)}: JSON-stat's schema`,
    isJsonStat(data) ? [] : isJsonStat.errors.map((e) => `${e.instancePath} ${e.message}`));
  const set = JSONstat(data);
  const got = new Map();
  for (const group of set.Dimension("group").id)
    for (const content of set.Dimension("content").id)
      for (const time of set.Dimension("time").id) {
        const cell = set.Data({ group, content, time });
        got.set(`${group},${content},${time}`, symbol(cell.value, cell.status));
      }
  const want = expected.get(tableOf(path));
  const problems = want === undefined ? [] : compare(want, got);
  if (set.length === 0 || set.role.time[0] !== "time" || set.role.metric[0] !== "content")
    problems.push("shape or roles");
  tell(`${path.slice(site.length + 1)}: jsonstat-toolkit reads every figure`, problems);
}

function checkPx(path, expected) {
  const px = new Px(readFileSync(path, "utf8"));
  const codes = px.variables().map((variable) => [].concat(px.codes(variable))); // of one value, it alone
  const got = new Map();
  codes[0].forEach((group, g) =>
    codes[1].forEach((content, c) =>
      codes[2].forEach((time, t) => got.set(`${group},${content},${time}`, px.datum([g, c, t])))));
  const want = expected.get(tableOf(path));
  tell(`${path.slice(site.length + 1)}: px reads every figure`, want === undefined ? ["not expected"] : compare(want, got));
}

/* RFC 4180, whole; a list of rows. */
function parseCsv(text) {
  const rows = [[]];
  const field = /("(?:[^"]|"")*"|[^,\n"]*)(,|\n)/gy;
  for (let match; (match = field.exec(text)) !== null; ) {
    rows.at(-1).push(match[1].startsWith('"') ? match[1].slice(1, -1).replaceAll('""', '"') : match[1]);
    if (match[2] === "\n") rows.push([]);
  }
  rows.pop();
  return rows;
}

/* One cell against its column: its value, or null. */
function readCell(text, column, where, problems) {
  if (column.null?.includes(text) || text === "") return null;
  const base = column.datatype.base ?? column.datatype;
  if (base === "nonNegativeInteger" && !/^[0-9]+$/.test(text)) problems.push(`${where}: "${text}"`);
  return text;
}

function checkCsvw(path, expected) {
  const metadata = JSON.parse(readFileSync(path, "utf8"));
  tell(`${path.slice(site.length + 1)}: CSVW's schema`,
    isCsvw(metadata) ? [] : isCsvw.errors.map((e) => `${e.instancePath} ${e.message}`));
  const problems = [];
  const columns = metadata.tableSchema.columns;
  const [header, ...rows] = parseCsv(readFileSync(join(dirname(path), metadata.url), "utf8"));
  if (basename(path) !== `${metadata.url}-metadata.json`) problems.push("url");
  if (header.join() !== columns.map((c) => c.titles).join()) problems.push(`columns: ${header}`);
  const at = (row, name) => row[columns.findIndex((c) => c.name === name)];
  const keys = new Set();
  const got = new Map();
  rows.forEach((row, i) => {
    if (row.length !== columns.length) problems.push(`row ${i + 2}: ${row.length} fields`);
    columns.forEach((column, c) => readCell(row[c], column, `row ${i + 2}, ${column.name}`, problems));
    keys.add(metadata.tableSchema.primaryKey.map((name) => at(row, name)).join());
    got.set(`${at(row, "group")},${at(row, "content")},${at(row, "time")}`, at(row, "value"));
  });
  if (keys.size !== rows.length) problems.push("the key is not unique");
  const want = expected.get(tableOf(path));
  tell(`${path.slice(site.length + 1)}: the CSV file is what the metadata says`,
    want === undefined ? problems : problems.concat(compare(want, got)));
}

const expected = readExpected();
for (const path of files(site)) {
  if (path.endsWith("-metadata.json")) checkCsvw(path, expected);
  else if (path.endsWith(".json")) checkJsonStat(path, expected);
  else if (path.endsWith(".px") && !path.endsWith(".ansi.px")) checkPx(path, expected);
}
process.exit(failures === 0 ? 0 : 1);
