// SPDX-License-Identifier: EUPL-1.2
// checks_correction.ts - what a correction is compared with (docs/protocol.md, sections 10, 15 and 21).
import { demand, isSame, Reader, toHex } from "./bytes";
import { BLOCK_, findUnlisted, KEPT, readAccepted, readArchive, readRelease, readSuppression } from "./bundle";
import { heavy } from "./checks_sums";
import { attempt, type Check, type Earlier, type Evidence, Finding } from "./finding";
import { generatorsFor } from "./generators";
import { isIdentity, POINT } from "./group";
import { isSigned, sha256 } from "./hash";
import { type Limbs } from "./limbs";
import { Sum } from "./multiply";
import { readTask, type Task } from "./parameters";
import { mod, readScalar } from "./scalar";
import { type Submission, readSubmission } from "./submission";
import { figureCode } from "./system";

/** For bundles that correct nothing there is nothing to look at. */
function onlyCorrections(run: Check["run"], isFirst = false): Check["run"] {
    return (e: Evidence, f: Finding) => {
        if (e.task!.previous !== null) return run(e, f);
        f.mayBeEmpty = true;
        if (isFirst) f.expect(e.files.every((x) => x.name !== "changes"), "changes, and nothing is corrected");
    };
}

/** The smallest number that may have changed, or be missing, where anybody did or is. */
const LEAST = 3n;

function demandSameTask(now: Task, before: Task): void {
    demand(now.revision > before.revision, "the revision is not higher than that of the task before");
    const isSameText = now.collection === before.collection && now.period === before.period;
    const { threshold, minContributors, showZero, protection, rounding } = before.policy;
    const isSamePolicy = now.policy.threshold === threshold && now.policy.minContributors === minContributors
        && now.policy.showZero === showZero && now.policy.protection === protection && now.policy.rounding === rounding;
    const groups = (t: Task) => JSON.stringify(t.groups);
    const isSameRest = isSame(now.keys.publisher, before.keys.publisher) && isSame(now.rosterHash, before.rosterHash)
        && isSame(now.context.catalogueHash, before.context.catalogueHash) && groups(now) === groups(before);
    demand(isSameText && isSamePolicy && isSameRest, "more differs from the task before than a correction may change");
}

function readEarlier(e: Evidence, bundle: Uint8Array): Earlier {
    const files = readArchive(bundle);
    const get = (name: string) => files.find((x) => x.name === name)!.data;
    const task = readTask(get("parameters"));
    const accepted = readAccepted(get("accepted"));
    demand(isSame(task.taskId, e.task!.previous!.taskId), "the bundle given is not the one that the parameters name");
    demand(isSame(accepted.hash, e.task!.previous!.acceptedHash), "its accepted list is not the one that the parameters name");
    demandSameTask(e.task!, task);
    const release = readRelease(get("release"));
    const submissions = new Map<number, Submission>();
    for (const { name, data } of files) if (name.startsWith("submissions/")) {
        const s = readSubmission(name, data, task);
        submissions.set(s.contributor, s);
    }
    demand(submissions.size === accepted.counted.length, "it has other submissions than were counted");
    for (const entry of accepted.counted) {
        const s = submissions.get(entry.contributor);
        demand(s !== undefined && isSame(sha256(s.share), entry.hash), `its submission of contributor ${entry.contributor} is another`);
    }
    return { task, accepted, suppression: attempt(new Finding(), () => readSuppression(get("suppression"))), submissions, files, release, hash: sha256(bundle) };
}

async function correctionEarlier(e: Evidence, f: Finding): Promise<void> {
    const bundle = await e.findEarlier(e.task!);
    if (bundle === null) {
        f.notChecked(`needs the bundle of task ${toHex(e.task!.previous!.taskId)}, which it corrects`);
        return;
    }
    e.earlier = attempt(f, () => readEarlier(e, bundle));
    f.inputs = e.earlier?.submissions.size ?? 0;
}

/** One aggregator's opening of the flags: (x, r) of each atom. */
function readChanges(e: Evidence, data: Uint8Array, side: number): { x: bigint; r: bigint }[] {
    const who = side === 0 ? "leader" : "helper";
    const r = new Reader(data);
    demand(r.u8() === 1, "the changes' version is not 1");
    demand(isSame(r.bytes(32), e.task!.taskId) && r.u8() === 2 + side, `the ${who}'s changes are of another task or role`);
    demand(isSame(r.bytes(32), e.accepted!.hash), `the ${who}'s changes are of another list`);
    const n = r.u32();
    demand(n === Math.max(...e.task!.atoms) + 1, `the ${who}'s changes are of other groups`);
    const all = Array.from({ length: n }, () => ({ x: readScalar(r.bytes(32)), r: readScalar(r.bytes(32)) }));
    const body = data.subarray(0, r.at);
    const signature = r.bytes(64);
    r.end();
    demand(isSigned("skarva-1 sign changes", body, signature, e.trust[who]), `the ${who} did not sign the changes`);
    return all;
}

function isOpened(V: Limbs, at: number, { x, r }: { x: bigint; r: bigint }): boolean {
    const { G, H } = generatorsFor(64);
    const sum = new Sum();
    sum.add(x, G, 0);
    sum.add(r, H, 0);
    sum.add(-1n, V, at);
    return isIdentity(sum.total(), 0);
}

async function correctionChanges(e: Evidence, f: Finding): Promise<void> {
    const data = e.files.find((x) => x.name === "changes")?.data;
    if (data === undefined) {
        f.fail("the changes are missing");
        return;
    }
    const { sums } = await heavy(e);
    attempt(f, () => {
        const outer = new Reader(data);
        const parts = [outer.opaque32(data.length), outer.opaque32(data.length)];
        outer.end();
        const sides = parts.map((part, side) => readChanges(e, part, side));
        const nCells = e.task!.nCells;
        let total = 0n;
        for (let atom = 0; atom < sides[0]!.length; atom++) {
            sides.forEach((all, side) => {
                const holds = isOpened(sums[side]!, (atom * nCells + nCells - 1) * POINT, all[atom]!);
                f.expect(holds, `set ${atom}: the ${side === 0 ? "leader" : "helper"}'s sum does not open the flags`);
                f.inputs++;
            });
            const changed = mod(sides[0]![atom]!.x + sides[1]![atom]!.x);
            f.expect(changed === 0n || changed >= LEAST, `set ${atom}: ${changed} changed`);
            const gone = countMissing(e, atom);
            f.expect(gone === 0n || gone >= LEAST, `set ${atom}: ${gone} are missing`);
            total += changed + gone;
        }
        f.expect(total > 0n, "nobody changed anything");
    });
}

/** Members of the atom that were counted before and are not now. */
function countMissing(e: Evidence, atom: number): bigint {
    const now = new Set(e.accepted!.counted.map((c) => c.contributor));
    const gone = e.earlier!.accepted.counted.filter((c) => e.task!.atoms[c.contributor] === atom && !now.has(c.contributor));
    return BigInt(gone.length);
}

/** The earlier release lists the earlier bundle's files, and both signed it. */
function expectReleased(e: Evidence, f: Finding): void {
    const { release, files } = e.earlier!;
    const { publisher, second } = e.trust;
    f.expect(findUnlisted(release, files) === null && isSame(release.taskId, e.earlier!.task.taskId), "the earlier release lists other files");
    f.expect(isSigned("skarva-1 sign release", release.body, release.publisher, publisher), "the publisher did not sign the earlier release");
    f.expect(isSigned("skarva-1 sign release second", release.body, release.second, second), "the second signer did not sign the earlier release");
}

/** Figures of this roll-up that the last one hid. */
function hiddenInLastYear(e: Evidence): number[] {
    const last = e.releases.slice(0, -1).filter((r) => r.year !== null).pop();
    const own = e.releases[e.releases.length - 1]?.year ?? null;
    if (last === undefined || own === null) return [];
    const { nOwn, nPublished } = e.system!;
    return [...last.year!.reason.keys()].map((place) => nOwn + place).filter((figure) => figure < nPublished);
}

function correctionKept(e: Evidence, f: Finding): void {
    if (e.task!.previous === null) {
        f.mayBeEmpty = true;
        e.reason.slice(0, e.system!.nListed).forEach((reason, figure) => f.expect(reason !== KEPT, `${figureCode(e.system!, e.task!, figure)} was not hidden`));
        return;
    }
    expectReleased(e, f);
    if (e.earlier!.suppression === null) {
        f.fail("what the earlier release hid cannot be read");
        return;
    }
    const { nOwn, nListed } = e.system!;
    const before = [...e.earlier!.suppression.hidden.map((h) => h.figure).filter((figure) => figure < nOwn), ...hiddenInLastYear(e)];
    const wasHidden = new Set(before);
    for (const figure of before)
        f.expect([KEPT, BLOCK_].includes(e.reason[figure]!), `${figureCode(e.system!, e.task!, figure)} was hidden and is not kept so`);
    e.reason.slice(0, nListed).forEach((reason, figure) => f.expect(reason !== KEPT || wasHidden.has(figure),
        `${figureCode(e.system!, e.task!, figure)} was not hidden`));
    f.inputs = before.length;
    f.mayBeEmpty = true;
}

function correctionChain(e: Evidence, f: Finding): void {
    const [now, before] = [e.release!, e.earlier!];
    expectReleased(e, f);
    f.inputs = 1;
    f.expect(now.number > before.release.number, `release ${now.number} corrects release ${before.release.number}`);
    if (now.number === before.release.number + 1)
        f.expect(isSame(now.previous, before.hash), "the release before it is another bundle than the one that it corrects");
}

export const CORRECTION_CHECKS: Record<string, Check["run"]> = {
    "correction-earlier": onlyCorrections(correctionEarlier, true), "correction-changes": onlyCorrections(correctionChanges),
    "correction-kept": correctionKept, "correction-chain": onlyCorrections(correctionChain),
};
