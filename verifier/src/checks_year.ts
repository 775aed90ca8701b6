// SPDX-License-Identifier: EUPL-1.2
// checks_year.ts - releases linked by a year's figures, and the openings of a roll-up (docs/audit.md, "The checks").
import { demand, isSame } from "./bytes";
import { findUnlisted, type LinkedEntry, readAccepted, readArchive, readEarlier, readRelease, type Release } from "./bundle";
import { isOpening } from "./checks_sums";
import { attempt, type Check, type Evidence, type Finding, type LinkedRelease } from "./finding";
import { addPoint, POINT, setIdentity } from "./group";
import { isSigned, sha256 } from "./hash";
import { freeze, isAnythingSummed, PARTS, partsOf } from "./linked";
import { type Limbs } from "./limbs";
import { readTask, type Task } from "./parameters";
import { mod, readScalar } from "./scalar";
import { decodeRow, nAtoms, readSubmission } from "./submission";
import { blockOf, cellOf, figureCode, isOfYear, releaseLayer, yearLayer } from "./system";

type Read = Omit<LinkedRelease, "layer" | "year" | "parts">;
const has = (r: Read, name: string) => r.files.some((x) => x.name === name);
const linksOf = (r: Read) => readEarlier(r.files.find((x) => x.name === "earlier")!.data);

function demandAlike(now: Task, q: Task): void {
    const conditions = (t: Task) => JSON.stringify([t.collection, t.cadence, t.period.slice(0, 4), t.groups, t.roster.map((c) => c.code),
        Object.values(t.policy).map(String)]);
    const isAlike = conditions(now) === conditions(q) && isSame(now.keys.publisher, q.keys.publisher)
        && isSame(now.context.catalogueHash, q.context.catalogueHash);
    demand(isAlike, `${q.period} was released under other conditions`);
}

/** Null for what is no earlier release of the collection: it is no matter of this one. */
function readBeside(e: Evidence, bundle: Uint8Array): { task: Task; release: Release; hasYear: boolean } | null {
    try {
        const files = readArchive(bundle);
        const get = (name: string) => files.find((x) => x.name === name)!.data;
        const [task, release] = [readTask(get("parameters")), readRelease(get("release"))];
        const isOne = task.collection === e.task!.collection && isSame(task.keys.publisher, e.task!.keys.publisher)
            && release.number < e.release!.number && isSame(release.taskId, task.taskId) && findUnlisted(release, files) === null
            && isSigned("skarva-1 sign release", release.body, release.publisher, e.trust.publisher)
            && isSigned("skarva-1 sign release second", release.body, release.second, e.trust.second);
        return isOne ? { task, release, hasYear: files.some((x) => x.name === "year") } : null;
    } catch {
        return null;
    }
}

function isAlike(now: Task, q: Task): boolean {
    try {
        demandAlike(now, q);
        return true;
    } catch {
        return false;
    }
}

/** What names no earlier release is not the one that completes a year; notes if bundles that are not at hand could show that it is. */
function expectNoWholeYear(e: Evidence, f: Finding, alike: { task: Task }[], unseen: number): void {
    if (f.bad > 0) return;
    f.expect(partsOf([...alike, { task: e.task! }]) === null,
        "with this one all parts of the year are released: the list of earlier releases and the year's sums are missing");
    const nParts = PARTS[e.task!.cadence]!.length;
    if (unseen > 0 && nParts > 0 && unseen + alike.length + 1 >= nParts && isAnythingSummed(e.task!))
        f.note = `whether all parts of the year were released can tell who has all releases: ${unseen} of the ${e.release!.number - 1} before this one could not be looked at`;
}

/** Of all bundles at hand: the alike ones are in the list (where there is none: carry no year), and each is the one that the next names. */
function expectAllListed(e: Evidence, f: Finding, entries: LinkedEntry[], isLinked: boolean): void {
    const links: { number: number; previous: Uint8Array; hash: Uint8Array | null }[] = [{ ...e.release!, hash: null }];
    const alike: { task: Task }[] = [];
    for (const bundle of e.beside()) {
        const one = readBeside(e, bundle);
        if (one === null) continue;
        const { task, release, hasYear } = one;
        const hash = sha256(bundle);
        links.push({ number: release.number, previous: release.previous, hash });
        if (entries.some((entry) => isSame(entry.hash, hash)) || !isAlike(e.task!, task)) continue;
        alike.push({ task });
        if (isLinked || hasYear) f.fail(`${task.period}, revision ${task.revision}, was released earlier, as number ${release.number}, and is missing in the list of earlier releases`);
    }
    for (const { number, hash } of links) if (hash !== null)
        f.expect(links.every((next) => next.number !== number + 1 || isSame(next.previous, hash)), `release number ${number} is not the one that the next names`);
    const [before, seen] = [e.release!.number - 1, new Set(links.map((one) => one.number)).size - 1];
    if (!isLinked) expectNoWholeYear(e, f, alike, before - seen);
    else if (seen < before) f.note = `${before - seen} of the ${before} releases before this one could not be looked at`;
}

function readLinked(e: Evidence, entry: LinkedEntry, bundle: Uint8Array): Read {
    demand(isSame(sha256(bundle), entry.hash), `the bundle of ${entry.period} is not the one that this release names`);
    const files = readArchive(bundle);
    const get = (name: string) => files.find((x) => x.name === name)!.data;
    const [task, accepted, release] = [readTask(get("parameters")), readAccepted(get("accepted")), readRelease(get("release"))];
    demand(task.period === entry.period && task.revision === entry.revision && isSame(task.taskId, entry.taskId), `${entry.period} is of another task`);
    demand(isSame(accepted.taskId, task.taskId), `the list of ${entry.period} is of another task`);
    demandAlike(e.task!, task);
    demand(findUnlisted(release, files) === null && isSame(release.taskId, task.taskId), `the release of ${entry.period} lists other files`);
    demand(isSigned("skarva-1 sign release", release.body, release.publisher, e.trust.publisher), `the publisher did not sign ${entry.period}`);
    demand(isSigned("skarva-1 sign release second", release.body, release.second, e.trust.second), `the second signer did not sign ${entry.period}`);
    return { task, accepted, release, files };
}

const isSameEntry = (a: LinkedEntry, b: LinkedEntry) =>
    a.period === b.period && a.revision === b.revision && isSame(a.taskId, b.taskId) && isSame(a.hash, b.hash);

/** A correction is linked with what it corrects. */
const mustLink = (t: Task) => t.previous !== null;

/** A correction corrects what was released last of its period; what was never released may be passed over. */
function demandNewest({ task }: Read, before: Read[]): void {
    const ofPeriod = before.filter((x) => x.task.period === task.period);
    const corrected = ofPeriod.find((x) => task.previous !== null && isSame(x.task.taskId, task.previous.taskId));
    if (corrected === undefined) return;
    const passed = ofPeriod.find((x) => x.task.revision > corrected.task.revision);
    demand(passed === undefined, `${task.period}, revision ${task.revision}, passes over revision ${passed?.task.revision}, which is released`);
}

/** The order of release, and lists that agree. */
function demandOrder(all: Read[], entries: LinkedEntry[]): void {
    let hasYear = false;
    all.forEach((r, i) => {
        const before = all[i - 1];
        if (before !== undefined) {
            const step = r.release.number - before.release.number;
            demand(step >= 1, `${before.task.period} was not released in that order`);
            demand(step > 1 || isSame(r.release.previous, entries[i - 1]!.hash), `${before.task.period}: the next release names another bundle`);
        }
        hasYear = hasYear || has(r, "year");
        const { previous } = r.task;
        const isThere = previous === null || all.slice(0, i).some((x) => isSame(x.task.taskId, previous.taskId));
        demand(isThere, `${r.task.period}: what it corrects is missing in the list of earlier releases`);
        demandNewest(r, all.slice(0, i));
        demand(has(r, "earlier") === (hasYear || mustLink(r.task)), `${r.task.period}: a list of earlier releases is there from the first year on, and in a correction`);
        if (!has(r, "earlier")) return;
        const own = linksOf(r);
        demand(own.length === i && own.every((entry, k) => isSameEntry(entry, entries[k]!)), "the lists of earlier releases do not agree");
    });
    demand(new Set(all.map((r) => `${r.task.period}.${r.task.revision}`)).size === all.length, "a release stands twice");
}

function addLayers(all: Read[]): LinkedRelease[] {
    const done: LinkedRelease[] = [];
    for (const r of all) {
        const layer = releaseLayer(r.task, new Set(r.accepted.counted.map((c) => c.contributor)));
        const one: LinkedRelease = { ...r, layer, year: null, parts: [] };
        done.push(one);
        if (!has(r, "earlier")) continue;
        const parts = partsOf(done);
        demand(has(r, "year") === (parts !== null), "a year is added up exactly if all its parts are released");
        if (parts === null) continue;
        one.parts = parts;
        one.year = yearLayer(r.task, parts.map((p) => p.layer));
    }
    done.slice(0, -1).forEach(freeze);
    return done;
}

async function earlierReleases(e: Evidence, f: Finding): Promise<void> {
    const own: Read = { task: e.task!, accepted: e.accepted!, release: e.release!, files: e.files };
    f.mayBeEmpty = true;
    if (!has(own, "earlier")) {
        f.expect(!mustLink(own.task), "a correction must be linked with what it corrects: the list of earlier releases is missing");
        f.expect(!has(own, "year"), "the list of earlier releases is missing");
        expectAllListed(e, f, [], false);
        return;
    }
    const entries = attempt(f, () => linksOf(own)) ?? [];
    const all: Read[] = [];
    for (const entry of entries) {
        const bundle = await e.findLinked(entry, e.task!);
        if (bundle === null) {
            f.notChecked(`needs the bundle of ${entry.period}, revision ${entry.revision}`);
            continue;
        }
        const one = attempt(f, () => readLinked(e, entry, bundle));
        if (one !== null) all.push(one);
        f.inputs++;
    }
    if (f.bad > 0 || f.undecided) return;
    f.expect(e.earlier === null || entries.some((entry) => isSame(entry.hash, e.earlier!.hash)), "what it corrects is another bundle than the one in its list");
    e.releases = attempt(f, () => {
        demandOrder([...all, own], entries);
        return addLayers([...all, own]);
    }) ?? [];
    expectAllListed(e, f, entries, true);
}

/** Leader's and helper's sums over an earlier part, by atom and cell. */
function sumPart(e: Evidence, f: Finding, part: LinkedRelease): [Limbs, Limbs] {
    const { task, accepted, files } = part;
    for (const who of ["leader", "helper"] as const) {
        const holds = isSigned("skarva-1 sign accepted", accepted.hash, accepted[who], e.trust[who]);
        f.expect(holds, `${task.period}: no valid signature of the ${who} on the list`);
    }
    const nCells = task.layout.cells.length;
    const sums = [0, 1].map(() => {
        const sum = new Float64Array(POINT * (nAtoms(task) + 1) * nCells);
        for (let i = 0; i < sum.length; i += POINT) setIdentity(sum, i);
        return sum;
    }) as [Limbs, Limbs];
    for (const entry of accepted.counted) {
        const name = `submissions/${String(entry.contributor).padStart(5, "0")}`;
        const data = files.find((x) => x.name === name)?.data;
        f.inputs++;
        const row = data === undefined ? null : attempt(f, () => readSubmission(name, data, task));
        if (row === null || !isSame(sha256(row.share), entry.hash)) {
            f.fail(`${task.period}: the submission of contributor ${entry.contributor} is not the counted one`);
            continue;
        }
        const first = (task.atoms[entry.contributor] ?? nAtoms(task)) * nCells * POINT;
        row.V.forEach((bytes, side) => {
            const V = decodeRow(bytes.subarray(0, 32 * nCells));
            if (V === null) f.fail(`${task.period}: a commitment is not canonical`);
            else for (let i = 0; i < V.length; i += POINT) addPoint(sums[side]!, first + i, V, i);
        });
    }
    return sums;
}

function yearCommitments(e: Evidence, f: Finding): void {
    f.mayBeEmpty = true;
    const own = e.releases[e.releases.length - 1];
    if (own === undefined || own.year === null) return;
    const system = e.system!;
    for (const part of own.parts) {
        if (part === own) continue;
        const sums = sumPart(e, f, part);
        for (let figure = system.nOwn; figure < system.nListed; figure++) {
            if (!isOfYear(system, figure)) continue;
            const block = blockOf(system, figure);
            const atoms = new Set(block.members.map((m) => part.task.atoms[m]!));
            if (block.kind === "all") atoms.add(nAtoms(part.task));
            for (const atom of atoms) for (const side of [0, 1] as const)
                addPoint(e.sums![side], figure * POINT, sums[side], (atom * system.nCells + (figure % system.nCells)) * POINT);
        }
    }
}

function yearOpenings(e: Evidence, f: Finding): void {
    const system = e.system!;
    f.mayBeEmpty = true;
    for (const opening of e.yearOpenings) {
        const { figure, sides } = opening;
        const code = figureCode(system, e.task!, figure);
        f.inputs++;
        attempt(f, () => {
            const total = mod(readScalar(sides[0]!.x) + readScalar(sides[1]!.x));
            f.expect([0, 1].every((side) => isOpening(e.sums![side]!, opening, side)), `${code}: not the sum of the year's parts`);
            f.expect(total <= BigInt(blockOf(system, figure).n) * cellOf(system, e.task!, figure).bound, `${code} is no possible count`);
            e.total[figure] = total;
        });
    }
}

export const YEAR_CHECKS: Record<string, Check["run"]> = {
    "earlier-releases": earlierReleases, "year-commitments": yearCommitments, "year-openings": yearOpenings,
};
