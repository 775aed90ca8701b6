// SPDX-License-Identifier: EUPL-1.2
// table.ts - the table of a bundle, derived again (docs/protocol.md, "The table").
import { utf8 } from "./bytes";
import { type Cell, isCount } from "./layout";
import { type Task } from "./parameters";
import { blockOf, cellOf, isAbsent, isOfYear, type System } from "./system";

const HEAD = "collection,period,revision,group,group_sv,group_en,cell,kind,indicator_sv,indicator_en,"
    + "dimension_sv,dimension_en,category_sv,category_en,unit_sv,unit_en,value,reason";
const REASONS = ["", "small", "few", "dependent", "complement", "block", "marked", "kept", "withdrawn", "summed", "whole"];

/** The word for why a figure of a cell is hidden; what the catalogue publishes for all together only is that, whatever else. */
export function reasonWord(cell: Cell, isGroup: boolean, reason: number): string {
    return REASONS[isGroup && isCount(cell) && cell.indicator.isWholeOnly ? REASONS.length - 1 : reason]!;
}

function field(text: string): string {
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** `total` of each published figure, null where it is hidden for `reason`. */
export function makeTable(task: Task, system: System, total: (bigint | null)[], reason: number[]): Uint8Array {
    const lines = [HEAD];
    for (let f = 0; f < system.nPublished; f++) {
        if (isAbsent(system, f)) continue;
        const cell = cellOf(system, task, f);
        const group = blockOf(system, f).group;
        const label = (text: { sv: string; en: string } | undefined) => [text?.sv ?? "", text?.en ?? ""];
        const unit = cell.kind === "answered" ? ["svarande", "answering"]
            : cell.kind === "mark" ? ["markeringar", "marks"] : label(cell.indicator.unit);
        lines.push([
            task.collection, isOfYear(system, f) ? task.period.slice(0, 4) : task.period, String(task.revision), group?.code ?? "", ...label(group?.label),
            cell.code, cell.kind, ...label(cell.indicator.label), ...label(cell.dimension?.label),
            ...label(cell.category?.label), ...unit, total[f] === null ? ".." : String(total[f]),
            total[f] === null ? reasonWord(cell, group !== null, reason[f]!) : "",
        ].map(field).join(","));
    }
    return utf8(lines.join("\n") + "\n");
}

/** The first line where two texts differ, counted from 1; 0 if they are the same. */
export function differingLine(got: Uint8Array, want: Uint8Array): number {
    let line = 1;
    for (let i = 0; i < Math.max(got.length, want.length); i++) {
        if (got[i] !== want[i]) return line;
        if (got[i] === 10) line++;
    }
    return 0;
}

