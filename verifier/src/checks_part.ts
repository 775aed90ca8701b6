// SPDX-License-Identifier: EUPL-1.2
// checks_part.ts - the part of the public log that a bundle has, from its task's first entry on (docs/log.md, "In the bundle"; docs/audit.md).
import { timeText } from "./checks_log";
import { demand, isAllZero, isSame, Reader } from "./bytes";
import { type Check, type Evidence, file, type Finding } from "./finding";
import { isSigned, merkleLeaf, sha256 } from "./hash";
import {
    afterEntry, CHANGES, CLOSE, type CloseRecord, COMMAND_KIND, demandCommand, demandListed, type Leaf, PARAMETERS, readClose, readLeaf, RELEASE, ROSTER, SUBMISSION,
    TYPE_NAMES,
} from "./log_leaf";
import { isMet, type Judged, judgeCheckpoint, type Policy, readPolicy } from "./note";
import { Tree } from "./tree";

const FILES = ["log/policy", "log/checkpoint", "log/left", "log/leaves", "log/records"];
const MOST_LEAVES = 1048576;
const MOST_RECORDS = 10000;
const TWO_63 = 1n << 63n;

/** Where a task stands behind its collect. */
const COLLECTED = ["collected", "changed", "released"];

/** What the files say; the later fields are filled by the checks that find them out. */
export interface LogPart {
    first: bigint;
    /** Null for an entry of a type that is not known. */
    leaves: (Leaf | null)[];
    /** Of what stands before, until log-root. */
    tree: Tree;
    /** The leaves' bytes. */
    raw: Uint8Array[];
    records: Uint8Array[];
    policy: Policy | null;
    judged: Judged | null;
    /** The task's own, from its first to its last; `at` counts from `first`. */
    own: { at: number; leaf: Leaf }[];
    lastClose: { serial: bigint; record: CloseRecord } | null;
}

/** Where no log is promised there is nothing to look at. */
function onlyLogged(run: (e: Evidence, f: Finding, part: LogPart) => void): Check["run"] {
    return (e: Evidence, f: Finding) => {
        if (isAllZero(e.task!.logPolicy)) f.mayBeEmpty = true;
        else run(e, f, e.part!);
    };
}

function readHashes(data: Uint8Array): Uint8Array[] {
    demand(data.length % 32 === 0, "log/left is not of whole hashes");
    return Array.from({ length: data.length / 32 }, (_, i) => data.subarray(32 * i, 32 * i + 32));
}

function readRecords(data: Uint8Array): Uint8Array[] {
    const r = new Reader(data);
    const n = r.u32();
    demand(n <= MOST_RECORDS, "too many records");
    const records = Array.from({ length: n }, () => r.opaque32(data.length));
    r.end();
    return records;
}

function form(e: Evidence, f: Finding): void {
    const there = FILES.filter((name) => e.files.some((x) => x.name === name));
    if (isAllZero(e.task!.logPolicy)) {
        f.mayBeEmpty = true;
        f.expect(there.length === 0, "a part of a log, and none is promised");
        return;
    }
    demand(there.length === FILES.length, `${FILES.find((name) => !there.includes(name))!} is missing`);
    const r = new Reader(file(e, "log/leaves"));
    const first = r.u64();
    demand(first < TWO_63, "the place of the first entry");
    const tree = new Tree(first, readHashes(file(e, "log/left")));
    const [leaves, raw]: [(Leaf | null)[], Uint8Array[]] = [[], []];
    while (r.left > 0) {
        demand(leaves.length < MOST_LEAVES, "too many entries");
        const data = r.opaque16();
        leaves.push(readLeaf(data));
        raw.push(data);
    }
    demand(leaves.length > 0 && first + BigInt(leaves.length) < TWO_63, "no entries, or more than there can be");
    f.inputs = leaves.length;
    const nUnknown = leaves.filter((l) => l === null).length;
    if (nUnknown > 0) f.note = `${nUnknown} of a type that is not known`;
    e.part = { first, leaves, raw, tree, records: readRecords(file(e, "log/records")), policy: null, judged: null, own: [], lastClose: null };
}

/** An address without its scheme. */
function withoutScheme(url: string): string {
    return url.slice("https://".length);
}

function policy(e: Evidence, f: Finding): void {
    const isPromised = !isAllZero(e.task!.logPolicy);
    f.mayBeEmpty = !isPromised;
    demand(isPromised || e.policy === null, "a policy was given, and the parameters promise no log");
    if (!isPromised) return;
    const data = file(e, "log/policy");
    f.inputs = 1;
    demand(isSame(sha256(data), e.task!.logPolicy), "the policy is not the one that the parameters name");
    const read = readPolicy(data);
    demand(read.logs.length === 1 && read.logs[0]!.name === `${withoutScheme(e.task!.leaderUrl)}log`, "it is not a policy of the leader's log alone");
    const helper = [...read.witnesses].find(([, key]) => key.name === `${withoutScheme(e.task!.helperUrl)}witness`)?.[0];
    demand(helper !== undefined, "it does not name the helper's witness");
    const [log, own] = [read.logs[0]!, read.witnesses.get(helper)!];
    for (const [name, key] of read.witnesses)
        demand(name === helper || (key.name !== own.name && key.name !== log.name && !isSame(key.key, log.key)), `its witness ${name} is the log or the helper once more`);
    demand(isMet(read, () => true), "nobody could meet its quorum");
    demand(!isMet(read, (name) => name !== helper), "its quorum is met without the helper");
    demand(!isMet(read, (name) => name === helper), "its quorum is met by the helper alone");
    if (e.policy !== null) {
        f.inputs = 2;
        demand(isSame(e.policy, data), "the policy that was given is another");
    }
    f.note = e.policy === null ? "not compared with a policy got elsewhere" : "compared with the policy that was given";
    e.part!.policy = read;
}

function checkpoint(e: Evidence, f: Finding, part: LogPart): void {
    f.inputs = 1;
    part.judged = judgeCheckpoint(file(e, "log/checkpoint"), part.policy!);
}

function quorum(_e: Evidence, f: Finding, part: LogPart): void {
    const { cosigned } = part.judged!;
    f.inputs = cosigned.size;
    f.expect(isMet(part.policy!, (name) => cosigned.has(name)), "too few of the policy's witnesses cosigned it");
    f.note = [...cosigned].map(([name, time]) => `${part.policy!.witnesses.get(name)!.name} (${timeText(time)})`).join(", ");
}

function root(_e: Evidence, f: Finding, part: LogPart): void {
    const wanted = part.judged!.checkpoint;
    f.inputs = part.leaves.length;
    demand(part.first + BigInt(part.raw.length) === wanted.size, "the checkpoint is of another size");
    for (const data of part.raw) part.tree.push(merkleLeaf(data)); // only now: a short file may have many
    f.expect(isSame(part.tree.root(wanted.size), wanted.root), "the root is another");
}

/** Refuses a task's only entry of a type that is missing, stands twice, or names another document. */
function demandDocument(part: LogPart, type: number, data: Uint8Array | undefined): void {
    const all = part.own.filter(({ leaf }) => leaf.type === type);
    demand(all.length === (data === undefined ? 0 : 1), `the task has ${all.length} entries: ${TYPE_NAMES[type]!}`);
    if (data === undefined) return;
    const { leaf } = all[0]!;
    demand(leaf.length === BigInt(data.length) && isSame(leaf.hash, sha256(data)), `its ${TYPE_NAMES[type]!} is not that of the bundle`);
}

function ofTask(e: Evidence, leaf: Leaf | null): leaf is Leaf {
    return leaf !== null && leaf.type <= RELEASE && isSame(leaf.taskId, e.task!.taskId);
}

function task(e: Evidence, f: Finding, part: LogPart): void {
    part.own = [];
    part.leaves.forEach((leaf, at) => {
        if (ofTask(e, leaf)) part.own.push({ at, leaf });
    });
    f.inputs = part.own.length;
    demand(part.own[0]?.at === 0 && part.own[0].leaf.type === ROSTER, "the first entry is not the task's roster");
    let stage = "new";
    for (const { at, leaf } of part.own) {
        demand(leaf.period === e.task!.period && leaf.revision === e.task!.revision, `entry ${part.first + BigInt(at)} is of another period or revision`);
        stage = afterEntry(stage, leaf.type);
    }
    demand(COLLECTED.includes(stage), `the task is ${stage}, not collected`);
    demandDocument(part, ROSTER, e.task!.rosterBytes);
    demandDocument(part, PARAMETERS, file(e, "parameters"));
    demandDocument(part, RELEASE, undefined);
    const changes = e.task!.previous === null ? undefined : e.files.find((x) => x.name === "changes")?.data;
    demand(changes !== undefined || e.task!.previous === null, "the correction's changes are missing");
    demandDocument(part, CHANGES, changes);
    const withRecord = part.own.filter(({ leaf }) => leaf.type in COMMAND_KIND);
    demand(withRecord.length === part.records.length, `${part.records.length} records for ${withRecord.length} entries`);
    withRecord.forEach(({ leaf }, i) => {
        const record = part.records[i]!;
        demand(leaf.length === BigInt(record.length) && isSame(leaf.hash, sha256(record)), `record ${i} is not the one that its entry names`);
        if (leaf.type !== CLOSE) demandCommand(record, leaf, e.task!.keys.publisher);
    });
}

function close(e: Evidence, f: Finding, part: LogPart): void {
    const withRecord = part.own.filter(({ leaf }) => leaf.type in COMMAND_KIND);
    withRecord.forEach(({ at, leaf }, i) => {
        if (leaf.type !== CLOSE) return;
        const record = readClose(part.records[i]!, e.task!.keys);
        f.inputs += 1 + record.listed.length;
        demandCommand(record.command, leaf, e.task!.keys.publisher);
        demand(isSame(record.parametersHash, e.task!.parametersHash), "a close is of other parameters");
        demand(record.logSize > part.first && record.logSize <= part.first + BigInt(at), "a close is of a log of another size");
        demand(isSame(record.root, part.tree.root(record.logSize)), "a close is of a log with another root");
        const before = part.own.filter((o) => o.leaf.type === SUBMISSION && o.at < at);
        demandListed(record, new Map(before.map((o) => [part.first + BigInt(o.at), o.leaf])));
        part.lastClose = { serial: leaf.number, record };
    });
}

function accepted(e: Evidence, f: Finding, part: LogPart): void {
    const { serial, record } = part.lastClose!;
    const list = e.accepted!;
    demand(list.closeSerial === serial, "the list is that of another close");
    demand(list.entries.length === record.listed.length, `the list has ${list.entries.length} submissions, the log's close ${record.listed.length}`);
    list.entries.forEach((a, i) => {
        const one = record.listed[i]!;
        const leaf = part.leaves[Number(one.index - part.first)]!;
        const isSameOne = a.contributor === one.contributor && a.number === one.number && isSame(a.hash, one.hash) && a.length === one.length
            && isSame(a.reportId, leaf.submission!.reportId);
        f.expect(isSameOne, `submission ${a.number} of contributor ${a.contributor} is not that of the log's close`);
        f.expect(one.contributor < e.task!.roster.length, `contributor ${one.contributor} is not on the roster`);
        for (const who of ["leader", "helper"] as const) {
            const holds = isSigned("skarva-1 sign entry", leaf.submission!.entry, leaf.submission![who], e.task!.keys[who]);
            f.expect(holds, `submission ${a.number} of contributor ${a.contributor}: the ${who} did not sign its entry`);
        }
        f.inputs++;
    });
}

export const PART_CHECKS: Record<string, Check["run"]> = {
    "log-form": form, "log-policy": policy, "log-checkpoint": onlyLogged(checkpoint), "log-quorum": onlyLogged(quorum), "log-root": onlyLogged(root),
    "log-task": onlyLogged(task), "log-close": onlyLogged(close), "log-accepted": onlyLogged(accepted),
};
