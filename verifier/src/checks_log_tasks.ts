// SPDX-License-Identifier: EUPL-1.2
// checks_log_tasks.ts - checks of what the entries of a public log say of each task, and of a bundle beside it.
import { demand, isSame, toHex } from "./bytes";
import { findUnlisted, readAccepted, readArchive, readRelease } from "./bundle";
import { compareEarlier, countedFiles } from "./checks_log";
import { type CheckFunction, type Finding } from "./finding";
import { isSigned, sha256 } from "./hash";
import { entriesOf, type LogEvidence, ofEntry, type Placed, withBlobs } from "./log_evidence";
import {
    afterEntry, CHANGES, CLOSE, COLLECT, demandChanges, demandCommand, demandListed, OPEN, PARAMETERS, readClose, RELEASE, REOPEN, ROSTER, SUBMISSION, TYPE_NAMES,
} from "./log_leaf";
import { type Parties, readTask, type Task } from "./parameters";

function allTypes(e: LogEvidence): Placed[] {
    return [...entriesOf(e, SUBMISSION, PARAMETERS, ROSTER, OPEN, CLOSE, REOPEN, COLLECT, CHANGES, RELEASE)];
}

function demandSigned(signed: Uint8Array, keys: Parties): void {
    const task = readTask(signed);
    (["publisher", "leader", "helper"] as const).forEach((who, i) =>
        demand(isSigned("skarva-1 sign parameters", task.parametersHash, task.signatures[i]!, keys[who]), `the ${who} did not sign the parameters`));
}

async function parameters(e: LogEvidence, f: Finding): Promise<void> {
    e.tasks = new Map();
    const doubled = new Set<string>();
    await withBlobs(e, f, entriesOf(e, PARAMETERS), (signed, { leaf }) => {
        if (e.tasks.has(leaf.task)) doubled.add(leaf.task);
        demand(!doubled.has(leaf.task), "the task has parameters already");
        const task = readTask(signed);
        demandSigned(signed, task.keys);
        demand(toHex(task.taskId) === leaf.task && task.period === leaf.period && task.revision === leaf.revision, "parameters of another task");
        e.tasks.set(leaf.task, { task, signed });
    });
    const all = allTypes(e);
    const seen = new Set<string>();
    for (const placed of all) {
        if (seen.has(placed.leaf.task)) continue;
        seen.add(placed.leaf.task);
        f.expect(e.tasks.has(placed.leaf.task), `entry ${placed.at} (${TYPE_NAMES[placed.leaf.type]!}, ${placed.leaf.period}): its task has no parameters`);
    }
    f.inputs = seen.size;
    rosters(e, f, all);
}

/** Of each task that has parameters: its own entry of a roster, else the last one before of an earlier task of the collection. */
function rosters(e: LogEvidence, f: Finding, all: Placed[]): void {
    const lastOf = new Map<string, Uint8Array>();
    const wanted = new Map<string, { placed: Placed; hash: Uint8Array | undefined }>();
    const own = new Map<string, Uint8Array>();
    for (const placed of all) {
        const collection = e.tasks.get(placed.leaf.task)?.task.collection;
        if (collection === undefined) continue;
        if (placed.leaf.type === ROSTER) {
            own.set(placed.leaf.task, placed.leaf.hash);
            lastOf.set(collection, placed.leaf.hash);
        } else if (placed.leaf.type === PARAMETERS) wanted.set(placed.leaf.task, { placed, hash: lastOf.get(collection) });
    }
    for (const [task, { placed, hash }] of wanted)
        ofEntry(f, placed, () => {
            const found = own.get(task) ?? hash;
            demand(found !== undefined && isSame(found, sha256(e.tasks.get(task)!.task.rosterBytes)), "the roster is not the one that the log has");
        });
}

function trusted(e: LogEvidence, f: Finding): void {
    f.mayBeEmpty = e.trust === null;
    if (e.trust === null) return;
    for (const { task } of e.tasks.values())
        for (const who of ["leader", "helper"] as const) {
            f.expect(isSame(task.keys[who], e.trust[who]), `${task.collection} ${task.period}: another ${who} than in the trust file`);
            f.inputs++;
        }
}

function order(e: LogEvidence, f: Finding): void {
    const stages = new Map<string, string>();
    for (const placed of allTypes(e)) {
        f.inputs++;
        ofEntry(f, placed, () => {
            stages.set(placed.leaf.task, afterEntry(stages.get(placed.leaf.task) ?? "new", placed.leaf.type));
        });
    }
}

async function commands(e: LogEvidence, f: Finding): Promise<void> {
    f.mayBeEmpty = true;
    await withBlobs(e, f, entriesOf(e, OPEN, REOPEN, COLLECT), (data, { leaf }) => {
        f.inputs++;
        demandCommand(data, leaf, e.tasks.get(leaf.task)!.task.keys.publisher);
    });
}

function submissions(e: LogEvidence, f: Finding): void {
    f.mayBeEmpty = true;
    const seen = new Set<string>();
    for (const placed of entriesOf(e, SUBMISSION)) {
        const { leaf } = placed;
        const { task } = e.tasks.get(leaf.task)!;
        f.inputs++;
        ofEntry(f, placed, () => {
            demand(leaf.contributor < task.roster.length, "its contributor is not on the roster");
            demand(leaf.period === task.period && leaf.revision === task.revision, "it is of another period or revision");
            const name = `${leaf.task} ${leaf.contributor} ${leaf.number}`;
            demand(!seen.has(name), "its number stands twice");
            seen.add(name);
            for (const who of ["leader", "helper"] as const)
                demand(isSigned("skarva-1 sign entry", leaf.submission!.entry, leaf.submission![who], task.keys[who]), `the ${who} did not sign it`);
        });
    }
}

async function closes(e: LogEvidence, f: Finding): Promise<void> {
    f.mayBeEmpty = true;
    e.closed = new Map();
    const submissionsOf = new Map<string, Placed[]>();
    for (const placed of entriesOf(e, SUBMISSION)) {
        const own = submissionsOf.get(placed.leaf.task);
        if (own === undefined) submissionsOf.set(placed.leaf.task, [placed]);
        else own.push(placed);
    }
    const reopened = [...entriesOf(e, REOPEN)];
    await withBlobs(e, f, entriesOf(e, CLOSE), (data, { at, leaf }) => {
        f.inputs++;
        const { task } = e.tasks.get(leaf.task)!;
        const record = readClose(data, task.keys);
        demandCommand(record.command, leaf, task.keys.publisher);
        demand(isSame(record.parametersHash, task.parametersHash), "it is of other parameters");
        demand(record.logSize <= BigInt(at), "it covers more than the log had");
        demand(isSame(record.root, e.tree!.root(record.logSize)), "the log had another root");
        demandListed(record, new Map((submissionsOf.get(leaf.task) ?? []).filter((p) => p.at < at).map((p) => [BigInt(p.at), p.leaf])));
        if (!reopened.some((p) => p.at > at && p.leaf.task === leaf.task)) e.closed.set(leaf.task, record);
    });
    await countedFiles(e, f);
}

async function changes(e: LogEvidence, f: Finding): Promise<void> {
    f.mayBeEmpty = true;
    await withBlobs(e, f, entriesOf(e, CHANGES), (data, { leaf }) => {
        f.inputs++;
        const { task } = e.tasks.get(leaf.task)!;
        demand(task.previous !== null, "the task corrects nothing");
        demandChanges(data, leaf.taskId, task.keys);
    });
}

/** A correction corrects what was released last of its period, if the log says what it corrects. */
function isPassed(e: LogEvidence, first: Task, correction: Task): boolean {
    if (correction.previous === null || first.period !== correction.period || first.collection !== correction.collection) return false;
    const named = e.tasks.get(toHex(correction.previous.taskId))?.task;
    return named !== undefined && first.revision > named.revision;
}

async function releases(e: LogEvidence, f: Finding): Promise<void> {
    f.mayBeEmpty = true;
    const seen = new Set<string>();
    const told = [...entriesOf(e, CHANGES)];
    const done: { task: Task; number: number }[] = [];
    e.previousOf = new Map();
    await withBlobs(e, f, entriesOf(e, RELEASE), (data, { at, leaf }) => {
        f.inputs++;
        const [release, { keys, collection, previous }] = [readRelease(data), e.tasks.get(leaf.task)!.task];
        demand(toHex(release.taskId) === leaf.task && BigInt(release.number) === leaf.number, "it is the release of another task, or of another number");
        demand(isSigned("skarva-1 sign release", release.body, release.publisher, keys.publisher), "the publisher did not sign it");
        demand(isSigned("skarva-1 sign release second", release.body, release.second, keys.second), "the second signer did not sign it");
        demand(previous === null || told.some((p) => p.at < at && p.leaf.task === leaf.task), "what its correction changed does not stand before it");
        const marks = [leaf.task, `${collection} number ${release.number}`, `${collection} upon ${toHex(release.previous)}`];
        demand(marks.every((mark) => !seen.has(mark)), "a release of this task, of this number, or upon this bundle, stands there already");
        for (const mark of marks) seen.add(mark);
        const now = { task: e.tasks.get(leaf.task)!.task, number: release.number };
        for (const other of done) {
            const [first, last] = other.number < now.number ? [other.task, now.task] : [now.task, other.task];
            demand(!isPassed(e, first, last), "a release of its period is passed over by a correction");
        }
        done.push(now);
        e.previousOf.set(at, release.previous);
    });
}

/** A release of the trusted parties; refuses every other bundle. */
function readTrusted(bundle: Uint8Array, trust: Parties | null) {
    const files = readArchive(bundle);
    const get = (name: string) => files.find((x) => x.name === name)!.data;
    const signed = get("parameters");
    const task = readTask(signed);
    const keys = trust ?? task.keys;
    for (const who of ["publisher", "second", "leader", "helper"] as const) demand(isSame(task.keys[who], keys[who]), `the bundle is of another ${who}`);
    demandSigned(signed, keys);
    const release = readRelease(get("release"));
    const unlisted = findUnlisted(release, files);
    demand(isSame(release.taskId, task.taskId) && unlisted === null, "the bundle is not what its release lists");
    demand(isSigned("skarva-1 sign release", release.body, release.publisher, keys.publisher), "the publisher did not sign the bundle");
    demand(isSigned("skarva-1 sign release second", release.body, release.second, keys.second), "the second signer did not sign the bundle");
    const checkpoint = files.find((x) => x.name === "log/checkpoint")?.data ?? null;
    return { signed, task, checkpoint, accepted: readAccepted(get("accepted")), number: release.number, releaseHash: sha256(get("release")) };
}

function compareBundle(e: LogEvidence, f: Finding): void {
    f.mayBeEmpty = e.bundle === null;
    if (e.bundle === null) return;
    const { signed, task, checkpoint, accepted, number, releaseHash } = readTrusted(e.bundle, e.trust);
    const id = toHex(task.taskId);
    const logged = e.tasks.get(id);
    demand(logged !== undefined && isSame(logged.signed, signed), "the log has not these parameters");
    const close = e.closed.get(id);
    demand(close !== undefined, "the period is not closed in the log");
    f.inputs = close.listed.length;
    demand(close.listed.length === accepted.entries.length, `the bundle lists ${accepted.entries.length} submissions, the log ${close.listed.length}`);
    accepted.entries.forEach((a, i) => {
        const one = close.listed[i]!;
        const isSameOne = a.contributor === one.contributor && a.number === one.number && isSame(a.hash, one.hash) && a.length === one.length
            && isSame(a.reportId, e.leaves[Number(one.index)]!.submission!.reportId);
        demand(isSameOne, `submission ${a.number} of contributor ${a.contributor} is not that of the log's close`);
    });
    if (checkpoint !== null) compareEarlier(e, checkpoint, "the bundle's checkpoint");
    for (const { at, leaf } of entriesOf(e, RELEASE)) {
        demand(leaf.task !== id || isSame(leaf.hash, releaseHash), "the log has another release of the task");
        const isNext = e.tasks.get(leaf.task)!.task.collection === task.collection && leaf.number === BigInt(number) + 1n;
        demand(!isNext || isSame(e.previousOf.get(at)!, sha256(e.bundle)), "the log's next release is of another bundle");
    }
}

export const LOG_TASK_CHECKS: Record<string, CheckFunction<LogEvidence>> = {
    "log-parameters": parameters, "log-trust": trusted, "log-order": order, "log-commands": commands, "log-submissions": submissions,
    "log-closes": closes, "log-changes": changes, "log-releases": releases, "log-bundle": compareBundle,
};
