// SPDX-License-Identifier: EUPL-1.2
// system.ts - blocks of contributors, figures, and the linked system of rules (docs/disclosure-control.md, section 11).
import { type Run } from "./bundle";
import { type Cell, isCount } from "./layout";
import { findAtoms, type Group, type Task } from "./parameters";

export interface Block {
    kind: "all" | "group" | "difference" | "atom";
    members: number[];
    /** Submissions counted. */
    n: number;
    /** Of a group. */
    group: Group | null;
    /** Of a difference: the blocks A and B. */
    of: [number, number] | null;
    /** Atoms among its members. */
    nAtoms: number;
    /** Too few are counted. */
    isFew: boolean;
    layer: Layer;
}

/** The blocks and figures of one release, or of one roll-up. */
export interface Layer {
    task: Task;
    kind: "release" | "year";
    /** Which groups are summed. */
    kept: boolean[];
    blocks: Block[];
    /** Of a roll-up. */
    parts: Layer[];
    isAbsent: boolean[];
    /** Released before; then what it showed and why it hid, by block * nCells + cell of its own. */
    isFrozen: boolean;
    total: Map<number, bigint>;
    reason: Map<number, number>;
    /** Of a frozen one: in which runs complements were proven to be. */
    needed: Map<number, Run[]>;
    /** How many of these are counted. */
    n: (members: number[]) => number;
}

/** A correction, and how many of some contributors changed or are gone. */
export interface Change {
    newer: Layer;
    older: Layer;
    changed: (members: number[]) => bigint;
}

/** low <= sum of k X[figure] <= high */
export interface SystemRule {
    low: bigint;
    high: bigint;
    terms: { figure: number; k: bigint }[];
    isEquality: boolean;
}

export interface System {
    blocks: Block[];
    nCells: number;
    /** In which runs complements of frozen layers were proven to be. */
    needed: { figure: number; runs: Run[] }[];
    /** Published figures of the release without its roll-up. */
    nOwn: number;
    nPublished: number;
    /** Figures of published blocks and of differences. */
    nListed: number;
    nFigures: number;
    rules: SystemRule[];
    /** Figures that are those of an earlier release or roll-up. */
    told: Set<number>;
    /** The figure of a cell in a layer's block. */
    at: (block: Block, cell: number) => number;
}

function isWithin(a: Set<number>, b: number[]): boolean {
    return b.every((m) => a.has(m));
}

/** Which groups are summed: none of whose atoms has some but too few counted. */
export function keptGroups(task: Task, counted: Set<number>): boolean[] {
    const kept: Group[] = [];
    return task.groups.map((group) => {
        const atoms = findAtoms([...kept, group], task.roster.length);
        const n = new Map<number, number>();
        for (const c of counted) if (c < atoms.length) n.set(atoms[c]!, (n.get(atoms[c]!) ?? 0) + 1);
        const isKept = [...n.values()].every((x) => x >= task.policy.minContributors);
        if (isKept) kept.push(group);
        return isKept;
    });
}

interface Count {
    n: number;
    isFew: boolean;
}

/** The blocks of a layer in which these groups are summed; `of` of a difference is within the layer. */
function makeBlocks(task: Task, kept: boolean[], count: (members: number[]) => Count): Omit<Block, "layer">[] {
    const atoms = findAtoms(task.groups.filter((_, g) => kept[g]), task.roster.length);
    const blocks: Omit<Block, "layer">[] = [];
    const seen = new Set<string>();
    const add = (block: Omit<Block, "layer" | "nAtoms" | "n" | "isFew">) => {
        seen.add(block.members.join());
        blocks.push({ ...block, ...count(block.members), nAtoms: new Set(block.members.map((m) => atoms[m])).size });
    };
    add({ kind: "all", members: task.roster.map((_, i) => i), group: null, of: null });
    task.groups.forEach((group, g) => add({ kind: "group", members: kept[g] ? group.members : [], group, of: null }));
    const nPublished = blocks.length;
    for (let a = 0; a < nPublished; a++) for (let b = 0; b < nPublished; b++) {
        const all = new Set(blocks[a]!.members);
        const part = blocks[b]!.members;
        if (a === b || part.length === all.size || !isWithin(all, part)) continue;
        const inPart = new Set(part);
        const members = blocks[a]!.members.filter((m) => !inPart.has(m));
        if (!seen.has(members.join())) add({ kind: "difference", members, group: null, of: [a, b] });
    }
    for (let atom = 0; atom <= Math.max(...atoms); atom++) {
        const members = atoms.flatMap((x, i) => (x === atom ? [i] : []));
        if (!seen.has(members.join())) add({ kind: "atom", members, group: null, of: null });
    }
    return blocks;
}

export function releaseLayer(task: Task, counted: Set<number>): Layer {
    const kept = keptGroups(task, counted);
    const layer: Layer = {
        task, kind: "release", kept, blocks: [], parts: [], isAbsent: task.layout.cells.map(() => false), isFrozen: false, needed: new Map(),
        total: new Map(), reason: new Map(), n: (members) => members.filter((m) => counted.has(m)).length,
    };
    const least = task.policy.minContributors;
    layer.blocks = makeBlocks(task, kept, (members) => ({ n: layer.n(members), isFew: layer.n(members) < least })).map((b) => ({ ...b, layer }));
    layer.blocks[0]!.n = counted.size;
    layer.blocks[0]!.isFew = counted.size < least;
    return layer;
}

/** The roll-up of these parts (section 13). */
export function yearLayer(task: Task, parts: Layer[]): Layer {
    const kept = task.groups.map((_, g) => parts.every((part) => part.kept[g]));
    const sum = (members: number[]) => parts.reduce((n, part) => n + part.n(members), 0);
    const layer: Layer = {
        task, kind: "year", kept, blocks: [], parts, isAbsent: task.layout.cells.map((c) => !isCount(c) || c.indicator.yearly === 0), isFrozen: false, needed: new Map(),
        total: new Map(), reason: new Map(), n: sum,
    };
    const least = task.policy.minContributors;
    layer.blocks = makeBlocks(task, kept, (members) => ({ n: sum(members), isFew: parts.some((part) => part.n(members) < least) }))
        .map((b) => ({ ...b, layer }));
    layer.blocks[0]!.n = parts.reduce((n, part) => n + part.blocks[0]!.n, 0);
    layer.blocks[0]!.isFew = parts.some((part) => part.blocks[0]!.n < least);
    return layer;
}

const isPublished = (block: Block) => block.kind === "all" || block.kind === "group";

/** The blocks of a layer that together have these members. */
export function standingFor(layer: Layer, members: number[]): Block[] {
    const key = members.join();
    const same = layer.blocks.find((b) => b.members.join() === key);
    if (same !== undefined) return [same];
    const all = new Set(members);
    return layer.blocks.filter((b) => b.nAtoms === 1 && b.members.length > 0 && isWithin(all, b.members));
}

class Builder {
    readonly rules: SystemRule[] = [];
    readonly told = new Set<number>();
    private readonly place: Map<Block, number>;
    private readonly nCells: number;

    constructor(order: Block[], private readonly task: Task) {
        this.place = new Map(order.map((block, i) => [block, i]));
        this.nCells = task.layout.cells.length;
    }
    private figure(block: Block, cell: number): number {
        return this.place.get(block)! * this.nCells + cell;
    }
    /** Sums of blocks, cell by cell. */
    private link(layer: Layer, terms: [Block, bigint][]): void {
        for (let j = 0; j < this.nCells; j++) if (!layer.isAbsent[j]) this.rules.push({
            low: 0n, high: 0n, isEquality: true, terms: terms.map(([block, k]) => ({ figure: this.figure(block, j), k })),
        });
    }
    addLayer(layer: Layer): void {
        const { blocks, isAbsent } = layer;
        for (const block of blocks) for (const rule of this.task.layout.rules) {
            if (rule.terms.some((t) => isAbsent[t.cell])) continue;
            const n = BigInt(block.n);
            this.rules.push({
                low: -n * rule.constant, high: n * rule.width - n * rule.constant, isEquality: rule.width === 0n,
                terms: rule.terms.map((t) => ({ figure: this.figure(block, t.cell), k: t.k })),
            });
        }
        for (const block of blocks) if (block.of !== null)
            this.link(layer, [[blocks[block.of[0]]!, 1n], [blocks[block.of[1]]!, -1n], [block, -1n]]);
        for (const block of blocks) {
            if (!isPublished(block) || block.nAtoms < 2) continue;
            const all = new Set(block.members);
            const parts = blocks.filter((p) => p.nAtoms === 1 && p !== block && p.members.length > 0 && isWithin(all, p.members));
            this.link(layer, [...parts.map((p): [Block, bigint] => [p, 1n]), [block, -1n]]);
        }
    }
    /** A year is the sum of its parts. */
    addYear(year: Layer): void {
        for (const block of year.blocks) {
            if (block.members.length === 0 || (!isPublished(block) && block.nAtoms > 1)) continue;
            const parts = year.parts.flatMap((part) => standingFor(part, block.members));
            this.link(year, [...parts.map((p): [Block, bigint] => [p, 1n]), [block, -1n]]);
        }
    }
    /** A correction changes what those could change who changed something. */
    addChange({ newer, older, changed }: Change): void {
        for (const block of newer.blocks) {
            const key = block.members.join();
            const before = older.blocks.find((b) => b.members.join() === key);
            const m = changed(block.members);
            if (before === undefined || (m >= BigInt(block.n) && m >= BigInt(before.n))) continue;
            this.task.layout.cells.forEach((cell, j) => {
                this.rules.push({
                    low: -m * cell.bound, high: m * cell.bound, isEquality: m === 0n,
                    terms: [{ figure: this.figure(block, j), k: 1n }, { figure: this.figure(before, j), k: -1n }],
                });
                if (m === 0n && isPublished(block) && isPublished(before)) this.told.add(this.figure(block, j));
            });
        }
    }
    /** A roll-up repeats figures of a frozen one: its parts are the same, or corrections in which nobody of the block changed. */
    addRepeated(year: Layer, before: Layer, changes: Change[]): void {
        const has = (layer: Layer, key: string) => layer.blocks.some((b) => b.members.join() === key);
        for (const block of year.blocks) {
            const key = block.members.join();
            const was = before.blocks.find((b) => b.members.join() === key);
            const isRepeated = (part: Layer, k: number) => part === before.parts[k] || changes.some((c) =>
                c.newer === part && c.older === before.parts[k] && has(part, key) && has(c.older, key) && c.changed(block.members) === 0n);
            if (year.parts.length !== before.parts.length || was === undefined || !isPublished(block) || !isPublished(was) || !year.parts.every(isRepeated)) continue;
            for (let j = 0; j < this.nCells; j++) if (!year.isAbsent[j]) this.told.add(this.figure(block, j));
        }
    }
}

/** The joined system of a release, its roll-up if it carries one, and what was released before (section 13). */
export function makeSystem(release: Layer, year: Layer | null = null, frozen: Layer[] = [], changes: Change[] = []): System {
    const head = year === null ? [release] : [release, year];
    const pick = (kinds: string[]) => head.flatMap((layer) => layer.blocks.filter((b) => kinds.includes(b.kind)));
    const [published, differences] = [pick(["all", "group"]), pick(["difference"])];
    const order = [...published, ...differences, ...pick(["atom"]), ...frozen.flatMap((layer) => layer.blocks)];
    const builder = new Builder(order, release.task);
    const layers = [...head, ...frozen];
    for (const layer of layers) builder.addLayer(layer);
    for (const layer of layers) if (layer.kind === "year") builder.addYear(layer);
    for (const change of changes) builder.addChange(change);
    const years = layers.filter((layer) => layer.kind === "year");
    const released = years.filter((layer) => layer.isFrozen);
    for (const a of years) for (const b of released.slice(0, a.isFrozen ? released.indexOf(a) : undefined)) builder.addRepeated(a, b, changes);
    const place = new Map(order.map((block, i) => [block, i]));
    const nCells = release.task.layout.cells.length;
    return {
        blocks: order.map((b) => ({ ...b, of: b.of === null ? null : [place.get(b.layer.blocks[b.of[0]]!)!, place.get(b.layer.blocks[b.of[1]]!)!] })),
        nCells, rules: builder.rules, told: builder.told,
        needed: frozen.flatMap((layer) => [...layer.needed].map(([at, runs]) =>
            ({ figure: place.get(layer.blocks[Math.floor(at / nCells)]!)! * nCells + (at % nCells), runs }))),
        nOwn: (1 + release.task.groups.length) * nCells, nPublished: published.length * nCells,
        nListed: (published.length + differences.length) * nCells, nFigures: order.length * nCells,
        at: (block, cell) => place.get(block)! * nCells + cell,
    };
}

/** In no rule, neither hidden nor open. */
export function isAbsent(system: System, figure: number): boolean {
    return blockOf(system, figure).layer.isAbsent[figure % system.nCells]!;
}

/** Whether a figure is of the roll-up of this release. */
export function isOfYear(system: System, figure: number): boolean {
    const { layer } = blockOf(system, figure);
    return layer.kind === "year" && !layer.isFrozen;
}

export function blockOf(system: System, figure: number): Block {
    return system.blocks[Math.floor(figure / system.nCells)]!;
}

export function cellOf(system: System, task: Task, figure: number): Cell {
    return task.layout.cells[figure % system.nCells]!;
}

export function figureCode(system: System, task: Task, figure: number): string {
    const block = blockOf(system, figure);
    const code = cellOf(system, task, figure).code;
    const { layer } = block;
    const period = layer.kind === "year" ? layer.task.period.slice(0, 4) : layer.task.period;
    const before = layer.isFrozen ? `${period} as released: ` : layer.kind === "year" ? `${period}:` : "";
    if (block.kind === "all") return before + code;
    return before + (block.group !== null ? `${block.group.code}/${code}` : `${block.kind} ${Math.floor(figure / system.nCells)}/${code}`);
}
