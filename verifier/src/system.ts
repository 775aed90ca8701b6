// SPDX-License-Identifier: EUPL-1.2
// system.ts - blocks of contributors, figures, and the linked system of rules (docs/disclosure-control.md, section 11).
import { type Cell } from "./layout";
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
    nPublished: number;
    /** Figures of published blocks and of differences. */
    nListed: number;
    nFigures: number;
    rules: SystemRule[];
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

function makeBlocks(task: Task, counted: Set<number>): Block[] {
    const n = task.roster.length;
    const kept = keptGroups(task, counted);
    const atoms = findAtoms(task.groups.filter((_, g) => kept[g]), n);
    const blocks: Block[] = [];
    const seen = new Set<string>();
    const add = (block: Omit<Block, "n" | "nAtoms">) => {
        seen.add(block.members.join());
        blocks.push({
            ...block, n: block.members.filter((m) => counted.has(m)).length, nAtoms: new Set(block.members.map((m) => atoms[m])).size,
        });
    };
    add({ kind: "all", members: task.roster.map((_, i) => i), group: null, of: null });
    blocks[0]!.n = counted.size;
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

function addLinks(system: System, task: Task): void {
    const { blocks, nCells, rules } = system;
    const link = (terms: { figure: number; k: bigint }[]) => rules.push({ low: 0n, high: 0n, terms, isEquality: true });
    blocks.forEach((block, b) => {
        if (block.of === null) return;
        const [x, y] = block.of;
        for (let j = 0; j < nCells; j++)
            link([{ figure: x * nCells + j, k: 1n }, { figure: y * nCells + j, k: -1n }, { figure: b * nCells + j, k: -1n }]);
    });
    blocks.forEach((block, b) => {
        if (b > task.groups.length || block.nAtoms < 2) return;
        const parts = atomBlocks(system, block);
        for (let j = 0; j < nCells; j++)
            link([...parts.map((p) => ({ figure: p * nCells + j, k: 1n })), { figure: b * nCells + j, k: -1n }]);
    });
}

/** The blocks that are the atoms of this one, in the order of their first members. */
function atomBlocks(system: System, block: Block): number[] {
    const parts: number[] = [];
    system.blocks.forEach((p, i) => {
        if (p.nAtoms === 1 && p !== block && p.members.length > 0 && isWithin(new Set(block.members), p.members)) parts.push(i);
    });
    return parts;
}

export function makeSystem(task: Task, counted: Set<number>): System {
    const blocks = makeBlocks(task, counted);
    const nCells = task.layout.cells.length;
    const nBlocks = (kinds: string[]) => blocks.filter((b) => kinds.includes(b.kind)).length;
    const system: System = {
        blocks, nCells, rules: [],
        nPublished: nBlocks(["all", "group"]) * nCells,
        nListed: nBlocks(["all", "group", "difference"]) * nCells,
        nFigures: blocks.length * nCells,
    };
    blocks.forEach((block, b) => {
        const n = BigInt(block.n);
        for (const rule of task.layout.rules) system.rules.push({
            low: -n * rule.constant, high: n * rule.width - n * rule.constant, isEquality: rule.width === 0n,
            terms: rule.terms.map((t) => ({ figure: b * nCells + t.cell, k: t.k })),
        });
    });
    addLinks(system, task);
    return system;
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
    if (block.kind === "all") return code;
    return block.group !== null ? `${block.group.code}/${code}` : `${block.kind} ${Math.floor(figure / system.nCells)}/${code}`;
}
