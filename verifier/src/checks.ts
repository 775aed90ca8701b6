// SPDX-License-Identifier: EUPL-1.2
// checks.ts - the list of checks, in order, and what each waits for (docs/audit.md, "The checks").
import { CORRECTION_CHECKS } from "./checks_correction";
import { FORM_CHECKS } from "./checks_form";
import { HIDDEN_CHECKS } from "./checks_hidden";
import { PART_CHECKS } from "./checks_part";
import { PATTERN_CHECKS } from "./checks_pattern";
import { PUBLISHED_CHECKS } from "./checks_published";
import { ROUNDING_CHECKS } from "./checks_rounding";
import { SUM_CHECKS } from "./checks_sums";
import { YEAR_CHECKS } from "./checks_year";
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
    ["log-form", "bundle-form parameters-form"],
    ["log-policy", "log-form"],
    ["log-checkpoint", "log-policy"],
    ["log-quorum", "log-checkpoint"],
    ["log-root", "log-checkpoint"],
    ["log-task", "log-root"],
    ["log-close", "log-task"],
    ["log-accepted", "log-close accepted-form"],
    ["correction-earlier", "parameters-form"],
    ["submission-proofs", "submissions-form generators correction-earlier"],
    ["correction-changes", "submissions-complete accepted-signatures correction-earlier"],
    ["earlier-releases", "accepted-form release-form correction-earlier correction-changes"],
    ["commitments", "submissions-form"],
    ["year-commitments", "earlier-releases commitments"],
    ["openings-form", "bundle-form"],
    ["suppression-form", "bundle-form"],
    ["certificate-form", "bundle-form"],
    ["rounding-form", "bundle-form parameters-form"],
    ["cells-accounted", "openings-form suppression-form rounding-form parameters-form accepted-form earlier-releases"],
    ["correction-kept", "cells-accounted correction-earlier"],
    ["correction-chain", "release-form correction-earlier"],
    ["no-hidden-openings", "cells-accounted"],
    ["aggregates-signatures", "openings-form accepted-form parameters-form"],
    ["openings-paths", "cells-accounted"],
    ["openings-leader", "openings-paths aggregates-signatures commitments submissions-complete"],
    ["openings-helper", "openings-paths aggregates-signatures commitments submissions-complete"],
    ["totals", "openings-leader openings-helper"],
    ["year-openings", "totals year-commitments"],
    ["rounded-figures", "year-commitments cells-accounted commitments submissions-complete generators"],
    ["minimum-answers", "totals"],
    ["primary-suppression", "year-openings rounded-figures"],
    ["suppression-proof", "year-commitments cells-accounted commitments submissions-complete generators"],
    ["complementary-suppression", PATTERN],
    ["protection", PATTERN],
    ["certificate", `${PATTERN} certificate-form`],
    ["table-exact", "year-openings no-hidden-openings"],
    ["data-files", "year-openings no-hidden-openings"],
    ["pages", "year-openings no-hidden-openings"],
];

const RUN: Record<string, Check["run"]> = {
    ...FORM_CHECKS, ...SUM_CHECKS, ...CORRECTION_CHECKS, ...HIDDEN_CHECKS, ...PART_CHECKS, ...PATTERN_CHECKS, ...PUBLISHED_CHECKS, ...ROUNDING_CHECKS, ...YEAR_CHECKS,
};

export const CHECKS: Check[] = NEEDS.map(([id, needs]) => ({
    id, needs: needs.split(" ").filter((n) => n !== ""), run: RUN[id]!,
}));
