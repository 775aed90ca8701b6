// SPDX-License-Identifier: EUPL-1.2
// proof.ts - weighted-bit proofs, one or many at once (docs/protocol.md, section 12; docs/proofs.md, sections 4 and 10).
import { demand } from "./bytes";
import { LIMBS } from "./field";
import { type Generators } from "./generators";
import { decodePoint, isIdentity, POINT } from "./group";
import { type Limbs, scalarMul } from "./limbs";
import { Sum } from "./multiply";
import { carryScalar, getScalar, inverse, mod, powers, randomScalar, readScalar, setScalar } from "./scalar";
import { type Shape, type Transcript } from "./transcript";

const POINTS = ["A", "S", "T1", "T2"] as const;

interface Proof {
    /** A, S, T1, T2, then L, R of each round. */
    points: Limbs;
    t: bigint;
    tauX: bigint;
    mu: bigint;
    a: bigint;
    b: bigint;
    y: bigint;
    z: bigint;
    x: bigint;
    w: bigint;
    u: bigint[];
}

function readPoint(o: Limbs, i: number, bytes: Uint8Array, at: number): void {
    demand(decodePoint(o, i * POINT, bytes, at), "a point of the proof is not canonical");
    demand(!isIdentity(o, i * POINT), "a point of the proof is the identity");
}

/** Decode a proof and draw its challenges; throws FormError. */
function replay(bytes: Uint8Array, shape: Shape, transcript: Transcript): Proof {
    demand(bytes.length === shape.proofLength, "the proof has another length");
    const points = new Float64Array(POINT * (4 + 2 * shape.rounds));
    const item = (i: number) => bytes.subarray(32 * i, 32 * i + 32);
    for (let i = 0; i < 4; i++) readPoint(points, i, bytes, 32 * i);
    for (let i = 0; i < 2 * shape.rounds; i++) readPoint(points, 4 + i, bytes, 32 * (7 + i));
    const last = 7 + 2 * shape.rounds;
    const [t, tauX, mu, a, b] = [4, 5, 6, last, last + 1].map((i) => readScalar(item(i))) as [bigint, bigint, bigint, bigint, bigint];
    transcript.absorb(POINTS[0], item(0));
    transcript.absorb(POINTS[1], item(1));
    const y = transcript.challenge("y");
    const z = transcript.challenge("z");
    transcript.absorb(POINTS[2], item(2));
    transcript.absorb(POINTS[3], item(3));
    const x = transcript.challenge("x");
    ["t", "tau_x", "mu"].forEach((label, i) => transcript.absorb(label, item(4 + i)));
    const w = transcript.challenge("w");
    const u: bigint[] = [];
    for (let i = 0; i < shape.rounds; i++) {
        transcript.absorb("L", item(7 + 2 * i));
        transcript.absorb("R", item(8 + 2 * i));
        u.push(transcript.challenge("u"));
    }
    return { points, t, tauX, mu, a, b, y, z, x, w, u };
}

/** The products s_i; the first round decides by the highest bit of i. */
function foldedFactors(u: bigint[], n: number): Limbs {
    const out = new Float64Array(LIMBS * n);
    const up = new Float64Array(LIMBS);
    const first = u.reduce((product, each) => mod(product * each), 1n);
    setScalar(out, 0, inverse(first));
    let done = 1;
    for (let round = u.length - 1; round >= 0; round--) {
        setScalar(up, 0, u[round]! * u[round]!);
        for (let i = 0; i < done; i++) scalarMul(out, (done + i) * LIMBS, out, i * LIMBS, up, 0);
        done *= 2;
    }
    return out;
}

/**
 * Proofs of one shape or several, whose equations are added up with random factors. `check` is true if the sum is the identity.
 * What the caller commits to is added by `sum` too: see `add`.
 */
export class Batch {
    private sum = new Sum();
    private gs: Limbs;
    private hs: Limbs;
    private nUsed = 0;
    private g = 0n;
    private h = 0n;
    private hp = 0n;

    constructor(private readonly generators: Generators) {
        this.gs = new Float64Array(LIMBS * generators.n);
        this.hs = new Float64Array(LIMBS * generators.n);
    }

    /**
     * Add a proof. `transcript` stands after the commitments; `commit` is given the factor of each value's commitment, z^(2+j)
     * times a random number, and a Batch's `point` and `base` to add them with. Throws FormError, and then adds nothing.
     */
    add(bytes: Uint8Array, shape: Shape, transcript: Transcript, commit: (factors: bigint[], batch: Batch) => void): void {
        const proof = replay(bytes, shape, transcript);
        const [e, f] = [randomScalar(), randomScalar()];
        this.addFirst(proof, shape, f, commit);
        this.addSecond(proof, shape, e);
    }

    point(factor: bigint, p: Limbs, pi: number): void {
        this.sum.add(factor, p, pi);
    }
    /** A multiple of G. */
    base(factor: bigint): void {
        this.g += factor;
    }

    /** f (sum z^(2+j) V_j + delta G + x T1 + x^2 T2 - t^ G - tau_x H) */
    private addFirst(p: Proof, shape: Shape, f: bigint, commit: (factors: bigint[], batch: Batch) => void): void {
        const factors: bigint[] = [];
        let weighted = 0n;
        let power = mod(p.z * p.z);
        for (const bound of shape.bounds) {
            factors.push(mod(f * power));
            weighted = mod(weighted + power * bound);
            power = mod(power * p.z);
        }
        commit(factors, this);
        let ySum = 0n; // 1 + y + ... y^(n-1), n a power of two
        let yPower = p.y;
        ySum = 1n;
        for (let n = 1; n < shape.n; n *= 2) {
            ySum = mod(ySum + yPower * ySum);
            yPower = mod(yPower * yPower);
        }
        const delta = mod((p.z - p.z * p.z) * ySum - p.z * weighted);
        this.g += f * (delta - p.t);
        this.h -= f * p.tauX;
        this.sum.add(f * p.x, p.points, 2 * POINT);
        this.sum.add(f * mod(p.x * p.x), p.points, 3 * POINT);
    }

    private addSecond(p: Proof, shape: Shape, e: bigint): void {
        this.sum.add(e, p.points, 0);
        this.sum.add(e * p.x, p.points, POINT);
        p.u.forEach((u, round) => {
            const square = mod(u * u);
            this.sum.add(e * square, p.points, (4 + 2 * round) * POINT);
            this.sum.add(e * inverse(square), p.points, (5 + 2 * round) * POINT);
        });
        this.hp -= e * p.mu;
        this.g += e * mod(p.w * (p.t - mod(p.a * p.b)));
        this.addVectors(p, shape, e);
    }

    /** e (sum (-z - a s_i) Gs_i + sum (z + y^-i (zeta_i w_i - b / s_i)) Hs_i); 1/s_i is s of the mirrored index. */
    private addVectors(p: Proof, shape: Shape, e: bigint): void {
        const n = shape.n;
        const s = foldedFactors(p.u, n);
        const yInverse = powers(inverse(p.y), n);
        const zeta = powers(p.z, shape.bounds.length + 2);
        const k = new Float64Array(LIMBS * 4);
        const [EA, EB, E, T] = [0, 12, 24, 36];
        setScalar(k, EA, e * p.a);
        setScalar(k, EB, e * p.b);
        setScalar(k, E, e);
        const ez = new Float64Array(LIMBS);
        setScalar(ez, 0, e * p.z);
        const weight = new Float64Array(LIMBS);
        const term = new Float64Array(LIMBS);
        for (let i = 0; i < n; i++) {
            scalarMul(k, T, s, i * LIMBS, k, EA);
            for (let l = 0; l < LIMBS; l++) this.gs[i * LIMBS + l]! -= ez[l]! + k[T + l]!;
            carryScalar(this.gs, i * LIMBS);
            scalarMul(k, T, s, (n - 1 - i) * LIMBS, k, EB);
            const value = shape.map[i]!;
            if (value !== 0xffffffff) {
                setWeight(weight, shape.weights[i]!);
                scalarMul(term, 0, zeta, (value + 2) * LIMBS, weight, 0);
                scalarMul(term, 0, term, 0, k, E);
            } else term.fill(0);
            for (let l = 0; l < LIMBS; l++) term[l] = term[l]! - k[T + l]!;
            carryScalar(term, 0);
            scalarMul(term, 0, term, 0, yInverse, i * LIMBS);
            for (let l = 0; l < LIMBS; l++) this.hs[i * LIMBS + l]! += ez[l]! + term[l]!;
            carryScalar(this.hs, i * LIMBS);
        }
        this.nUsed = Math.max(this.nUsed, n);
    }

    check(): boolean {
        const { G, H, Hp, Gs, Hs } = this.generators;
        this.sum.add(this.g, G, 0);
        this.sum.add(this.h, H, 0);
        this.sum.add(this.hp, Hp, 0);
        for (let i = 0; i < this.nUsed; i++) {
            this.sum.add(getScalar(this.gs, i * LIMBS), Gs, i * POINT);
            this.sum.add(getScalar(this.hs, i * LIMBS), Hs, i * POINT);
        }
        return isIdentity(this.sum.total(), 0);
    }
}

function setWeight(o: Limbs, value: bigint): void {
    o.fill(0);
    const number = Number(value & 0xfffffffffffn); // 44 bits
    o[0] = number % 4194304;
    o[1] = Math.floor(number / 4194304);
    o[2] = Number(value >> 44n);
}

