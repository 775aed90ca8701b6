// SPDX-License-Identifier: EUPL-1.2
// transcript.ts - the challenges of a proof and what they are hashed from (docs/protocol.md, section 6).
import { ascii, bigintFromLe, concat, refuse, u64 } from "./bytes";
import { sha512 } from "./hash";
import { mod } from "./scalar";

export class Transcript {
    state: Uint8Array = new Uint8Array(64);

    absorb(label: string, data: Uint8Array): void {
        const hash = sha512.create();
        hash.update(this.state).update(Uint8Array.of(0, label.length)).update(ascii(label));
        hash.update(u64(data.length)).update(data);
        this.state = hash.digest();
    }
    absorbNumber(label: string, value: bigint | number): void {
        this.absorb(label, u64(value));
    }
    challenge(label: string): bigint {
        const c = sha512(concat(this.state, Uint8Array.of(1, label.length), ascii(label)));
        this.absorb(label, c);
        const value = mod(bigintFromLe(c));
        if (value === 0n) refuse("a challenge is zero");
        return value;
    }
}

export interface Rule {
    constant: bigint;
    width: bigint;
    /** Cells in increasing order. */
    terms: { cell: number; k: bigint }[];
}

/** What every proof of a task is bound to. */
export interface TaskContext {
    taskId: Uint8Array;
    collectionHash: Uint8Array;
    catalogueHash: Uint8Array;
    parametersHash: Uint8Array;
    generatorsHash: Uint8Array;
    rosterHash: Uint8Array;
    period: string;
    revision: number;
}

export interface ProofContext {
    kind: 1 | 2 | 3;
    role: 0 | 1;
    identity: number;
    number: bigint;
    cells: number[];
    rules: Rule[];
}

/** The values of a proof as weighted bits (section 12). */
export class Shape {
    readonly n: number;
    readonly nBits: number;
    readonly map: Uint32Array;
    readonly weights: bigint[];
    readonly mapBytes: Uint8Array;
    readonly weightBytes: Uint8Array;
    readonly boundBytes: Uint8Array;

    constructor(readonly bounds: bigint[]) {
        const map: number[] = [];
        const weights: bigint[] = [];
        bounds.forEach((bound, j) => {
            if (bound === 0n) return;
            const k = bound.toString(2).length - 1;
            for (let i = 0; i < k; i++) weights.push(1n << BigInt(i));
            weights.push(bound - ((1n << BigInt(k)) - 1n));
            for (let i = 0; i <= k; i++) map.push(j);
        });
        this.nBits = map.length;
        let n = 1;
        while (n < map.length) n *= 2;
        if (n > 65536) refuse("a proof of more than 65,536 bits");
        this.n = n;
        this.map = new Uint32Array(n).fill(0xffffffff);
        this.map.set(map);
        this.weights = weights;
        while (this.weights.length < n) this.weights.push(0n);
        this.mapBytes = new Uint8Array(4 * n);
        this.weightBytes = new Uint8Array(8 * n);
        const view = new DataView(this.mapBytes.buffer);
        const weightView = new DataView(this.weightBytes.buffer);
        for (let i = 0; i < n; i++) {
            view.setUint32(4 * i, this.map[i]!);
            weightView.setBigUint64(8 * i, this.weights[i]!);
        }
        this.boundBytes = numbers64(bounds);
    }
    get rounds(): number {
        return Math.log2(this.n);
    }
    get proofLength(): number {
        return 288 + 64 * this.rounds;
    }
}

export function numbers64(values: bigint[]): Uint8Array {
    const out = new Uint8Array(8 * values.length);
    const view = new DataView(out.buffer);
    values.forEach((v, i) => view.setBigUint64(8 * i, v));
    return out;
}

export function ruleBytes(rule: Rule): Uint8Array {
    const out = new Uint8Array(20 + 12 * rule.terms.length);
    const view = new DataView(out.buffer);
    view.setBigInt64(0, rule.constant);
    view.setBigUint64(8, rule.width);
    view.setUint32(16, rule.terms.length);
    rule.terms.forEach(({ cell, k }, i) => {
        view.setUint32(20 + 12 * i, cell);
        view.setBigInt64(24 + 12 * i, k);
    });
    return out;
}

/** The transcript after the context; the commitments come next. */
export function startTranscript(task: TaskContext, proof: ProofContext, shape: Shape): Transcript {
    const t = new Transcript();
    t.absorb("protocol", ascii("skarva-1"));
    t.absorbNumber("kind", proof.kind);
    t.absorb("task", task.taskId);
    t.absorb("collection", task.collectionHash);
    t.absorb("catalogue", task.catalogueHash);
    t.absorb("parameters", task.parametersHash);
    t.absorb("generators", task.generatorsHash);
    t.absorb("roster", task.rosterHash);
    t.absorb("period", ascii(task.period));
    t.absorbNumber("revision", task.revision);
    t.absorbNumber("role", proof.role);
    t.absorbNumber("identity", proof.identity);
    t.absorbNumber("number", proof.number);
    const cells = new Uint8Array(4 * proof.cells.length);
    proof.cells.forEach((cell, i) => new DataView(cells.buffer).setUint32(4 * i, cell));
    t.absorb("cells", cells);
    t.absorbNumber("N", shape.n);
    t.absorbNumber("m", shape.bounds.length);
    t.absorb("bounds", shape.boundBytes);
    t.absorb("map", shape.mapBytes);
    t.absorb("weights", shape.weightBytes);
    t.absorbNumber("rules", proof.rules.length);
    for (const rule of proof.rules) t.absorb("rule", ruleBytes(rule));
    return t;
}
