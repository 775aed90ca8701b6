// SPDX-License-Identifier: EUPL-1.2
// finding.ts - what a check finds, and what all checks share (docs/audit.md, "Outcomes").
import { type Accepted, type Certificate, type File, type LinkedEntry, type Opening, type Openings, type Release, type Rounding, type Suppression } from "./bundle";
import { type LogPart } from "./checks_part";
import { type Limbs } from "./limbs";
import { type Parties, type Task } from "./parameters";
import { type Submission } from "./submission";
import { type Layer, type System } from "./system";

export type Verdict = "pass" | "fail" | "not checked";

export class Finding {
    inputs = 0;
    bad = 0;
    details: string[] = [];
    undecided = false;
    /** Looked at nothing, and rightly so. */
    mayBeEmpty = false;
    /** Told even if the check passes. */
    note = "";

    fail(what: string): void {
        this.bad++;
        if (this.details.length < 4) this.details.push(what);
    }
    expect(holds: boolean, what: string): void {
        if (!holds) this.fail(what);
    }
    notChecked(why: string): void {
        this.undecided = true;
        this.details.push(why);
    }
    get outcome(): Verdict {
        if (this.bad > 0) return "fail";
        if (this.undecided) return "not checked";
        return this.inputs === 0 && !this.mayBeEmpty ? "fail" : "pass";
    }
}

/** The earlier bundle of a correction, read. */
export interface Earlier {
    task: Task;
    accepted: Accepted;
    /** Null if it cannot be read. */
    suppression: Suppression | null;
    submissions: Map<number, Submission>;
    files: File[];
    release: Release;
    /** SHA-256 of the whole bundle. */
    hash: Uint8Array;
}

/** One of the releases that are linked by a year's figures: an earlier one, or, as the last, this one. */
export interface LinkedRelease {
    task: Task;
    accepted: Accepted;
    release: Release;
    files: File[];
    layer: Layer;
    year: Layer | null;
    /** Of its year. */
    parts: LinkedRelease[];
}

/** What earlier checks found out; a field is there if the check that fills it has passed. */
export interface Evidence {
    bundle: Uint8Array;
    trust: Parties;
    /** The bundle of the task that a correction corrects; null if it is not to be had. */
    findEarlier: (task: Task) => Promise<Uint8Array | null>;
    /** The bundle that has the name of an earlier release; null if there is none. */
    findLinked: (entry: LinkedEntry, task: Task) => Promise<Uint8Array | null>;
    /** Every bundle at hand besides, named or not. */
    beside: () => Iterable<Uint8Array>;
    files: File[];
    task: Task | null;
    release: Release | null;
    accepted: Accepted | null;
    submissions: Submission[];
    /** The policy of the public log that the visitor has got elsewhere; null if none was given. */
    policy: Uint8Array | null;
    /** The bundle's part of the public log; null if none is promised. */
    part: LogPart | null;
    earlier: Earlier | null;
    /** In the order of release, this one last; none if it is not linked. */
    releases: LinkedRelease[];
    /** Of the roll-up. */
    yearOpenings: Opening[];
    openings: Openings | null;
    suppression: Suppression | null;
    certificate: Certificate | null;
    /** Null if the policy does not round. */
    rounding: Rounding | null;
    system: System | null;
    /** For each figure of a published block or difference; 0 where it is not hidden. */
    reason: number[];
    /** For each figure: its total, if it is open; what is shown for it, if that is rounded. */
    total: (bigint | null)[];
    /** Leader's and helper's sums of commitments, for each figure that can be listed. */
    sums: [Limbs, Limbs] | null;
    /** The submissions whose proofs and commitments do not hold; filled once by the pool. */
    heavy: Heavy | null;
    verifyHeavy: (e: Evidence) => Promise<Heavy>;
}

export interface Heavy {
    badProofs: { contributor: number; why: string }[];
    badCommitments: number[];
    sums: [Limbs, Limbs];
}

export type CheckFunction<E = Evidence> = (e: E, f: Finding) => void | Promise<void>;

export interface Check<E = Evidence> {
    id: string;
    needs: string[];
    run: CheckFunction<E>;
}

export function file(e: Evidence, name: string): Uint8Array {
    return e.files.find((f) => f.name === name)!.data;
}

/** Run a reader; what it refuses is a failure. */
export function attempt<T>(f: Finding, read: () => T): T | null {
    try {
        return read();
    } catch (error) {
        f.fail((error as Error).message);
        return null;
    }
}
