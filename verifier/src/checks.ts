// SPDX-License-Identifier: EUPL-1.2
// checks.ts - the list of checks, in order, and what each waits for (docs/audit.md, "The checks").
import { CORRECTION_CHECKS } from "./checks_correction";
import { FORM_CHECKS } from "./checks_form";
import { HIDDEN_CHECKS } from "./checks_hidden";
import { PATTERN_CHECKS } from "./checks_pattern";
import { PUBLISHED_CHECKS } from "./checks_published";
import { SUM_CHECKS } from "./checks_sums";
import { type Check } from "./finding";

const PATTERN = "primary-suppression no-hidden-openings parameters-trust parameters-signatures";

const NEEDS: [string, string][] = [
    ["bundle-form", ""],
    ["parameters-form", "bundle-form"],
    ["parameters-trust", "parameters-form"],
    ["parameters-signatures", "parameters-form"],
    ["release-form", "parameters-form"],
    ["release-signature", "release-form"],
    ["release-second-signature", "release-form"],
    ["generators", "parameters-form"],
    ["roster", "parameters-form"],
    ["accepted-form", "bundle-form"],
    ["accepted-signatures", "accepted-form"],
    ["accepted-entries", "accepted-form parameters-form"],
    ["minimum-contributors", "accepted-form parameters-form"],
    ["submissions-form", "parameters-form"],
    ["submissions-complete", "accepted-form submissions-form"],
    ["submission-signatures", "submissions-form"],
    ["correction-earlier", "parameters-form"],
    ["submission-proofs", "submissions-form generators correction-earlier"],
    ["correction-changes", "submissions-complete accepted-signatures correction-earlier"],
    ["commitments", "submissions-form"],
    ["openings-form", "bundle-form"],
    ["suppression-form", "bundle-form"],
    ["certificate-form", "bundle-form"],
    ["cells-accounted", "openings-form suppression-form parameters-form"],
    ["correction-kept", "cells-accounted correction-earlier"],
    ["correction-chain", "release-form correction-earlier"],
    ["no-hidden-openings", "cells-accounted"],
    ["aggregates-signatures", "openings-form accepted-form parameters-form"],
    ["openings-paths", "cells-accounted"],
    ["openings-leader", "openings-paths aggregates-signatures commitments submissions-complete"],
    ["openings-helper", "openings-paths aggregates-signatures commitments submissions-complete"],
    ["totals", "openings-leader openings-helper"],
    ["minimum-answers", "totals"],
    ["primary-suppression", "totals"],
    ["suppression-proof", "cells-accounted commitments submissions-complete generators"],
    ["complementary-suppression", PATTERN],
    ["protection", PATTERN],
    ["certificate", `${PATTERN} certificate-form`],
    ["table-exact", "totals no-hidden-openings"],
    ["data-files", "totals no-hidden-openings"],
    ["pages", "totals no-hidden-openings"],
];

const RUN: Record<string, Check["run"]> = {
    ...FORM_CHECKS, ...SUM_CHECKS, ...CORRECTION_CHECKS, ...HIDDEN_CHECKS, ...PATTERN_CHECKS, ...PUBLISHED_CHECKS,
};

/** For a check that is not written yet: it is never a pass. */
const unknown: Check["run"] = (_, f) => f.notChecked("this verifier does not have the check yet");

export const CHECKS: Check[] = NEEDS.map(([id, needs]) => ({
    id, needs: needs.split(" ").filter((n) => n !== ""), run: RUN[id] ?? unknown,
}));
