// SPDX-License-Identifier: EUPL-1.2
// generators.ts - the points that proofs and commitments are made of (docs/protocol.md, section 5).
import { concat, isSame, u32 } from "./bytes";
import { BASE_ENCODED, decodePoint, encodePoint, mapToPoint, POINT } from "./group";
import { labelled, sha256, sha512 } from "./hash";
import { type Limbs } from "./limbs";

export class Generators {
    readonly G = new Float64Array(POINT);
    readonly H = new Float64Array(POINT);
    readonly Hp = new Float64Array(POINT);
    readonly Gs: Limbs;
    readonly Hs: Limbs;

    /** With the first n of Gs and Hs, at least 64. */
    constructor(readonly n: number) {
        if (!decodePoint(this.G, 0, BASE_ENCODED)) throw new Error("the base point");
        derive(this.H, 0, "skarva-1 pedersen H");
        derive(this.Hp, 0, "skarva-1 proof H'");
        this.Gs = new Float64Array(POINT * n);
        this.Hs = new Float64Array(POINT * n);
        for (let i = 0; i < n; i++) {
            derive(this.Gs, i * POINT, "skarva-1 proof Gs", u32(i));
            derive(this.Hs, i * POINT, "skarva-1 proof Hs", u32(i));
        }
    }
}

function derive(o: Limbs, oi: number, label: string, data: Uint8Array = new Uint8Array(0)): void {
    mapToPoint(o, oi, sha512(labelled(label, data)));
}

let made: Generators | null = null;

/** At least n of Gs and Hs, kept for the next time. */
export function generatorsFor(n: number): Generators {
    if (made === null || made.n < n) made = new Generators(Math.max(64, n));
    return made;
}

let hash: Uint8Array | null = null;

export function generatorsHash(): Uint8Array {
    if (hash === null) {
        const g = generatorsFor(64);
        const parts = [g.G, g.H, g.Hp].map((p) => encodePoint(p, 0));
        for (const all of [g.Gs, g.Hs]) for (let i = 0; i < 64; i++) parts.push(encodePoint(all, i * POINT));
        hash = sha256(concat(...parts));
    }
    return hash;
}

export function areGenerators(hash: Uint8Array): boolean {
    return isSame(hash, generatorsHash());
}
