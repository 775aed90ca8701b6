// SPDX-License-Identifier: EUPL-1.2
// linked.ts - releases linked by a year's figures, as layers of one system (docs/disclosure-control.md, section 13).
import { demand, isSame, Reader } from "./bytes";
import { readOpenings, readRounding, readSuppression, readYear } from "./bundle";
import { type LinkedRelease } from "./finding";
import { isCount } from "./layout";
import { type Task } from "./parameters";
import { mod, readScalar } from "./scalar";
import { type Block, type Change, type Layer, makeSystem, type System } from "./system";

export const PARTS: string[][] = [
    [], Array.from({ length: 12 }, (_, i) => `-${String(i + 1).padStart(2, "0")}`), ["Q1", "Q2", "Q3", "Q4"], ["T1", "T2", "T3"], ["H1", "H2"], [],
];

/** Whether anything of a task is to be added up over a year. */
export const isAnythingSummed = (task: Task): boolean => task.layout.cells.some((c) => isCount(c) && c.indicator.yearly !== 0);

/** The highest revision of each part of the year, in their order; null unless all are there and something is added up. */
export function partsOf<T extends Pick<LinkedRelease, "task">>(releases: T[]): T[] | null {
    const { task } = releases[releases.length - 1]!;
    const parts = PARTS[task.cadence]!.map((name) => {
        const all = releases.filter((r) => r.task.period === task.period.slice(0, 4) + name);
        return all.sort((a, b) => b.task.revision - a.task.revision)[0];
    });
    return isAnythingSummed(task) && parts.length > 0 && parts.every((p) => p !== undefined) ? (parts as T[]) : null;
}

/** What an earlier release showed and hid, in its own layers. */
export function freeze(r: LinkedRelease): void {
    const get = (name: string) => r.files.find((x) => x.name === name)!.data;
    const heads = r.year === null ? [r.layer] : [r.layer, r.year];
    const pick = (kinds: Block["kind"][]) => heads.flatMap((l) => l.blocks.filter((b) => kinds.includes(b.kind)));
    const order = [...pick(["all", "group"]), ...pick(["difference"])];
    const n = r.task.layout.cells.length;
    const put = (figure: number, set: (layer: Layer, place: number) => void) => {
        const block = order[Math.floor(figure / n)];
        demand(block !== undefined, "a figure of an earlier release is not there");
        set(block.layer, block.layer.blocks.indexOf(block) * n + (figure % n));
    };
    for (const { figure, sides } of [...readOpenings(get("aggregates")).all, ...(r.year === null ? [] : readYear(get("year")))])
        put(figure, (layer, place) => layer.total.set(place, mod(readScalar(sides[0]!.x) + readScalar(sides[1]!.x))));
    if (r.task.policy.rounding > 0n)
        for (const { figure, value } of readRounding(get("rounding")).all) put(figure, (layer, place) => layer.total.set(place, value));
    const { hidden, needed } = readSuppression(get("suppression"));
    for (const { figure, reason } of hidden) put(figure, (layer, place) => layer.reason.set(place, reason));
    for (const { figure, runs } of needed) if (figure < (1 + r.task.groups.length) * n) put(figure, (layer, place) => layer.needed.set(place, runs));
    for (const layer of heads) layer.isFrozen = true;
}

/** How many in each atom changed something, as both aggregators opened it. */
function changedByAtom(r: LinkedRelease): bigint[] {
    const both = new Reader(r.files.find((x) => x.name === "changes")!.data);
    const counts = new Array<bigint>(Math.max(...r.task.atoms) + 1).fill(0n);
    for (let side = 0; side < 2; side++) {
        const one = new Reader(both.opaque32(1 << 20));
        one.bytes(66);
        demand(one.u32() === counts.length, "changes of other groups");
        counts.forEach((before, i) => {
            counts[i] = mod(before + readScalar(one.bytes(32)));
            one.bytes(32);
        });
    }
    return counts;
}

function changeOf(r: LinkedRelease, all: LinkedRelease[]): Change {
    const before = all.find((x) => isSame(x.task.taskId, r.task.previous!.taskId));
    demand(before !== undefined, "what a correction corrects is not among the earlier releases");
    const counts = changedByAtom(r);
    const now = new Set(r.accepted.counted.map((c) => c.contributor));
    const gone = before.accepted.counted.map((c) => c.contributor).filter((c) => !now.has(c));
    return {
        newer: r.layer, older: before.layer,
        changed: (members) => {
            const own = new Set(members);
            const atoms = new Set(members.map((m) => r.task.atoms[m]!));
            return [...atoms].reduce((n, atom) => n + counts[atom]!, BigInt(gone.filter((c) => own.has(c)).length));
        },
    };
}

export function linkedSystem(releases: LinkedRelease[]): System {
    const own = releases[releases.length - 1]!;
    const frozen = releases.slice(0, -1).flatMap((r) => (r.year === null ? [r.layer] : [r.layer, r.year]));
    const changes = releases.filter((r) => r.task.previous !== null).map((r) => changeOf(r, releases));
    return makeSystem(own.layer, own.year, frozen, changes);
}
