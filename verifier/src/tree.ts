// SPDX-License-Identifier: EUPL-1.2
// tree.ts - Merkle trees that grow, with the roots that they had when they were smaller (RFC 6962, section 2.1; docs/log.md).
import { demand } from "./bytes";
import { merkleNode, sha256 } from "./hash";

/** Hashes in a row, in one piece of memory. */
class Hashes {
    n = 0;
    private data = new Uint8Array(32 * 64);

    push(hash: Uint8Array): void {
        if (32 * (this.n + 1) > this.data.length) {
            const larger = new Uint8Array(2 * this.data.length);
            larger.set(this.data);
            this.data = larger;
        }
        this.data.set(hash, 32 * this.n++);
    }
    get(i: number): Uint8Array {
        return this.data.subarray(32 * i, 32 * i + 32);
    }
    row(from: number, to: number): Uint8Array {
        return this.data.subarray(32 * from, 32 * to);
    }
}

function isOdd(n: bigint): boolean {
    return (n & 1n) === 1n;
}

/**
 * A tree of which the first leaves may be known by the hashes of full subtrees alone, from the largest.
 *
 * levels[k] holds the hashes of the full subtrees of 2^k leaves that end behind the first leaves, in order; before them stands, if `first` has
 * this bit, that of the subtree left of them: the one that the next larger one takes.
 */
export class Tree {
    private readonly levels: { start: bigint; hashes: Hashes }[] = [];
    size: bigint;

    constructor(readonly first = 0n, left: Uint8Array[] = []) {
        this.size = first;
        const all = [...left];
        for (let [k, rest] = [0, first]; rest > 0n; [k, rest] = [k + 1, rest >> 1n]) {
            const level = this.level(k);
            if (!isOdd(rest)) continue;
            const hash = all.pop();
            demand(hash !== undefined, "too few hashes of the tree before");
            level.hashes.push(hash);
            level.start = rest - 1n;
        }
        demand(all.length === 0, "too many hashes of the tree before");
    }

    /** `start` is the number of the first subtree that it has. */
    private level(k: number): { start: bigint; hashes: Hashes } {
        while (this.levels.length <= k) this.levels.push({ start: this.first >> BigInt(this.levels.length), hashes: new Hashes() });
        return this.levels[k]!;
    }

    private at(k: number, i: bigint): Uint8Array {
        const level = this.levels[k]!;
        return level.hashes.get(Number(i - level.start));
    }

    push(leafHash: Uint8Array): void {
        this.level(0).hashes.push(leafHash);
        this.size++;
        for (let [k, n] = [0, this.size]; !isOdd(n); [k, n] = [k + 1, n >> 1n])
            this.level(k + 1).hashes.push(merkleNode(this.at(k, n - 2n), this.at(k, n - 1n)));
    }

    /** Of the first `n` leaves; `n` is at most the size, and more than `first` unless both are 0. */
    root(n: bigint): Uint8Array {
        if (n === 0n) return sha256(new Uint8Array(0));
        let root: Uint8Array | null = null;
        for (let [k, rest] = [0, n]; rest > 0n; [k, rest] = [k + 1, rest >> 1n]) {
            if (!isOdd(rest)) continue;
            const hash = this.at(k, rest - 1n);
            root = root === null ? hash : merkleNode(hash, root);
        }
        return root!;
    }

    /** How many full subtrees of 2^k leaves there are; only of a tree known from its first leaf. */
    count(k: number): number {
        return this.levels[k]?.hashes.n ?? 0;
    }

    /** The hashes of those from `from` to before `to`, in a row. */
    row(k: number, from: number, to: number): Uint8Array {
        return this.levels[k]!.hashes.row(from, to);
    }
}
