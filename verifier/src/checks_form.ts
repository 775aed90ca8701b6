// SPDX-License-Identifier: EUPL-1.2
// checks_form.ts - the archive, parameters, release, roster, accepted list (docs/audit.md, "The checks").
import { concat, isSame, u32 } from "./bytes";
import { findUnlisted, hasDoubleReport, readAccepted, readArchive, readCertificate, readOpenings, readRelease, readSuppression } from "./bundle";
import { attempt, type Check, type Evidence, file, type Finding } from "./finding";
import { generatorsHash } from "./generators";
import { isSigned } from "./hash";
import { readTask } from "./parameters";
import { readSubmission, shareLength } from "./submission";

function bundleForm(e: Evidence, f: Finding): void {
    const files = attempt(f, () => readArchive(e.bundle));
    if (files === null) return;
    e.files = files;
    f.inputs = files.length;
}

function parametersForm(e: Evidence, f: Finding): void {
    e.task = attempt(f, () => readTask(file(e, "parameters")));
    f.inputs = 1;
}

function parametersTrust(e: Evidence, f: Finding): void {
    for (const who of ["publisher", "second", "leader", "helper"] as const) {
        f.expect(isSame(e.task!.keys[who], e.trust[who]), `another ${who} than in the trust file`);
        f.inputs++;
    }
}

function parametersSignatures(e: Evidence, f: Finding): void {
    (["publisher", "leader", "helper"] as const).forEach((who, i) => {
        const holds = isSigned("skarva-1 sign parameters", e.task!.parametersHash, e.task!.signatures[i]!, e.trust[who]);
        f.expect(holds, `no valid signature of the ${who}`);
        f.inputs++;
    });
}

function releaseForm(e: Evidence, f: Finding): void {
    const release = attempt(f, () => readRelease(file(e, "release")));
    if (release === null) return;
    f.expect(isSame(release.taskId, e.task!.taskId), "the release is of another task");
    const unlisted = findUnlisted(release, e.files);
    if (unlisted !== null) f.fail(`${unlisted} is not what the release lists`);
    e.release = release;
    f.inputs = release.files.length;
}

function releaseSignature(e: Evidence, f: Finding): void {
    const { body, publisher } = e.release!;
    f.expect(isSigned("skarva-1 sign release", body, publisher, e.trust.publisher), "no valid signature of the publisher");
    f.inputs = 1;
}

function releaseSecondSignature(e: Evidence, f: Finding): void {
    const { body, second } = e.release!;
    f.expect(isSigned("skarva-1 sign release second", body, second, e.trust.second), "no valid signature of the second signer");
    f.inputs = 1;
}

function generators(e: Evidence, f: Finding): void {
    f.expect(isSame(e.task!.context.generatorsHash, generatorsHash()), "the generators are others");
    f.inputs = 1;
}

function roster(e: Evidence, f: Finding): void {
    const { roster: all, policy } = e.task!;
    f.expect(all.length >= policy.minContributors, "fewer contributors than the policy demands");
    f.inputs = all.length;
}

function acceptedForm(e: Evidence, f: Finding): void {
    e.accepted = attempt(f, () => readAccepted(file(e, "accepted")));
    f.inputs = e.accepted?.entries.length ?? 0;
}

function acceptedSignatures(e: Evidence, f: Finding): void {
    for (const who of ["leader", "helper"] as const) {
        f.expect(isSigned("skarva-1 sign accepted", e.accepted!.hash, e.accepted![who], e.trust[who]), `no valid signature of the ${who}`);
        f.inputs++;
    }
}

function acceptedEntries(e: Evidence, f: Finding): void {
    const [list, task] = [e.accepted!, e.task!];
    f.expect(isSame(list.taskId, task.taskId) && isSame(list.parametersHash, task.parametersHash), "the list is of another task");
    f.expect(!hasDoubleReport(list), "a report stands twice");
    for (const entry of list.entries) {
        f.expect(entry.contributor < task.roster.length, `contributor ${entry.contributor} is not on the roster`);
        f.expect(entry.length === BigInt(shareLength(task)), `contributor ${entry.contributor}: another length`);
        f.inputs++;
    }
}

function minimumContributors(e: Evidence, f: Finding): void {
    f.inputs = e.accepted!.counted.length;
    f.expect(f.inputs >= e.task!.policy.minContributors, `${f.inputs} counted, at least ${e.task!.policy.minContributors} needed`);
}

function submissionsForm(e: Evidence, f: Finding): void {
    for (const { name, data } of e.files) {
        if (!name.startsWith("submissions/")) continue;
        const one = attempt(f, () => readSubmission(name, data, e.task!));
        if (one !== null) e.submissions.push(one);
        f.inputs++;
    }
}

function submissionSignatures(e: Evidence, f: Finding): void {
    for (const s of e.submissions) {
        const message = concat(e.task!.taskId, e.task!.parametersHash, s.reportId, s.signedBytes);
        const by = e.task!.roster[s.contributor];
        const holds = by !== undefined && isSigned("skarva-1 sign submission", message, s.signature, by.key);
        f.expect(holds, `${by?.code ?? `contributor ${s.contributor}`}: not signed by its key`);
        f.inputs++;
    }
}

function openingsForm(e: Evidence, f: Finding): void {
    e.openings = attempt(f, () => readOpenings(file(e, "aggregates")));
    f.inputs = 1;
}

function suppressionForm(e: Evidence, f: Finding): void {
    e.suppression = attempt(f, () => readSuppression(file(e, "suppression")));
    f.inputs = 1;
}

function certificateForm(e: Evidence, f: Finding): void {
    e.certificate = attempt(f, () => readCertificate(file(e, "certificate")));
    f.inputs = 1;
}

export function aggregateMessage(e: Evidence, role: number, root: Uint8Array): Uint8Array {
    return concat(e.task!.taskId, Uint8Array.of(role), e.accepted!.hash, u32(e.system!.nOwn), root);
}

export const FORM_CHECKS: Record<string, Check["run"]> = {
    "bundle-form": bundleForm, "parameters-form": parametersForm, "parameters-trust": parametersTrust,
    "parameters-signatures": parametersSignatures, "release-form": releaseForm, "release-signature": releaseSignature,
    "release-second-signature": releaseSecondSignature, generators, roster, "accepted-form": acceptedForm,
    "accepted-signatures": acceptedSignatures, "accepted-entries": acceptedEntries, "minimum-contributors": minimumContributors,
    "submissions-form": submissionsForm, "submission-signatures": submissionSignatures, "openings-form": openingsForm,
    "suppression-form": suppressionForm, "certificate-form": certificateForm,
};
