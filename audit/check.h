/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check.h - the table of checks, and how their outcomes come about.
 *
 * A check is a function over the evidence. It runs only if every check it needs has passed; else it
 * is "not checked". What it found is pass if nothing was bad, else fail; but a check that looked at
 * nothing fails, unless what was verified before says that there is nothing to look at. The audit
 * passes only if every check passes.
 *
 * docs/audit.md lists the checks for people, in the same order. Identifiers never change their
 * meaning.
 */
#ifndef SKA_AUDIT_CHECK_H
#define SKA_AUDIT_CHECK_H

#include "audit/evidence.h"

/* In the order in which they run. */
enum check_index {
    CHECK_BUNDLE_FORM,
    CHECK_PARAMETERS_FORM,
    CHECK_PARAMETERS_TRUST,
    CHECK_PARAMETERS_SIGNATURES,
    CHECK_RELEASE_FORM,
    CHECK_RELEASE_SIGNATURE,
    CHECK_RELEASE_SECOND_SIGNATURE,
    CHECK_GENERATORS,
    CHECK_ROSTER,
    CHECK_ACCEPTED_FORM,
    CHECK_ACCEPTED_SIGNATURES,
    CHECK_ACCEPTED_ENTRIES,
    CHECK_MINIMUM_CONTRIBUTORS,
    CHECK_SUBMISSIONS_FORM,
    CHECK_SUBMISSIONS_COMPLETE,
    CHECK_SUBMISSION_SIGNATURES,
    CHECK_LOG_FORM,
    CHECK_LOG_POLICY,
    CHECK_LOG_CHECKPOINT,
    CHECK_LOG_QUORUM,
    CHECK_LOG_ROOT,
    CHECK_LOG_TASK,
    CHECK_LOG_CLOSE,
    CHECK_LOG_ACCEPTED,
    CHECK_CORRECTION_EARLIER,
    CHECK_SUBMISSION_PROOFS,
    CHECK_CORRECTION_CHANGES,
    CHECK_EARLIER_RELEASES,
    CHECK_COMMITMENTS,
    CHECK_YEAR_COMMITMENTS,
    CHECK_OPENINGS_FORM,
    CHECK_SUPPRESSION_FORM,
    CHECK_CERTIFICATE_FORM,
    CHECK_ROUNDING_FORM,
    CHECK_CELLS_ACCOUNTED,
    CHECK_CORRECTION_KEPT,
    CHECK_CORRECTION_CHAIN,
    CHECK_NO_HIDDEN_OPENINGS,
    CHECK_AGGREGATES_SIGNATURES,
    CHECK_OPENINGS_PATHS,
    CHECK_OPENINGS_LEADER,
    CHECK_OPENINGS_HELPER,
    CHECK_TOTALS,
    CHECK_YEAR_OPENINGS,
    CHECK_ROUNDED_FIGURES,
    CHECK_MINIMUM_ANSWERS,
    CHECK_PRIMARY_SUPPRESSION,
    CHECK_SUPPRESSION_PROOF,
    CHECK_COMPLEMENTARY_SUPPRESSION,
    CHECK_PROTECTION,
    CHECK_CERTIFICATE,
    CHECK_TABLE_EXACT,
    CHECK_DATA_FILES,
    CHECK_PAGES,
    N_CHECKS
};

enum outcome { OUTCOME_NOT_CHECKED = 0, OUTCOME_PASS, OUTCOME_FAIL };

/* What a check found. Valid when zeroed (not checked). */
struct finding {
    enum outcome outcome;
    uint64_t n_inputs;  /* things looked at */
    uint64_t n_bad;     /* of them, or beside them, not as they should be */
    bool is_zero_right; /* what was verified says there is nothing to look at */
    bool is_undecided;  /* memory ran out or the like: not checked */
    char detail[800];   /* the first bad ones, or why not checked; chosen language; may be empty */
};

/* One more thing is bad; the first few are told in the detail. */
void finding_bad(struct finding *f, const char *format, ...) SKA_PRINTF(2, 3);

/* Nothing can be decided, and why: the check will be "not checked". */
void finding_undecided(struct finding *f, const char *why);

/* A status that says the machine gave up, not that an input is bad: marks the finding as undecided
 * and returns true; else false. */
bool finding_is_undecided(struct finding *f, enum ska_status status);

/* Tells a status: nothing if SKA_OK, undecided if the machine gave up, else that something is bad,
 * as "WHAT: TEXT (STATUS)". `what` may be NULL; the text is err's if that has one, err may be NULL.
 * Returns whether there was anything to tell. */
bool finding_tell(struct finding *f, const char *what, enum ska_status status,
                  const struct ska_error *err);

struct check {
    const char *id;
    const char *sentence_sv, *sentence_en; /* what holds if it passes */
    const char *inputs_sv, *inputs_en;     /* what n_inputs counts, in the plural */
    uint64_t needs;                        /* bit i: check i must have passed */
    void (*run)(struct evidence *e, struct finding *f);
};

extern const struct check check_table[N_CHECKS];

/* Run the n checks of a table, whose needs are bits of its own. `on_done` (may be NULL) hears of
 * each as it is done, in order. */
typedef void check_on_done(const struct check *check, const struct finding *f);
void check_run(struct finding *findings, const struct check *table, size_t n, struct evidence *e,
               check_on_done *on_done);

/* All checks of a bundle. */
void check_all(struct finding findings[static N_CHECKS], struct evidence *e,
               check_on_done *on_done);

/* Whether every check passed. */
bool check_is_verdict_pass(const struct finding findings[static N_CHECKS]);

/* The functions of the table, by file. */
void check_part_form(struct evidence *e, struct finding *f); /* check_part.c */
void check_part_policy(struct evidence *e, struct finding *f);
void check_part_checkpoint(struct evidence *e, struct finding *f);
void check_part_quorum(struct evidence *e, struct finding *f);
void check_part_root(struct evidence *e, struct finding *f);
void check_part_task(struct evidence *e, struct finding *f); /* check_part_task.c */
void check_part_close(struct evidence *e, struct finding *f);
void check_part_accepted(struct evidence *e, struct finding *f);
void check_bundle_form(struct evidence *e, struct finding *f); /* check_form.c */
void check_parameters_form(struct evidence *e, struct finding *f);
void check_accepted_form(struct evidence *e, struct finding *f);
void check_submissions_form(struct evidence *e, struct finding *f);
void check_openings_form(struct evidence *e, struct finding *f);
void check_suppression_form(struct evidence *e, struct finding *f);
void check_certificate_form(struct evidence *e, struct finding *f);

void check_parameters_trust(struct evidence *e, struct finding *f); /* check_signed.c */
void check_parameters_signatures(struct evidence *e, struct finding *f);
void check_generators(struct evidence *e, struct finding *f);
void check_roster(struct evidence *e, struct finding *f);
void check_accepted_signatures(struct evidence *e, struct finding *f);
void check_accepted_entries(struct evidence *e, struct finding *f);
void check_minimum_contributors(struct evidence *e, struct finding *f);
void check_aggregates_signatures(struct evidence *e, struct finding *f);

void check_release_form(struct evidence *e, struct finding *f); /* check_release.c */
void check_release_signature(struct evidence *e, struct finding *f);
void check_release_second_signature(struct evidence *e, struct finding *f);
/* Those that show a bundle to be a release of the trusted parties, for checks that look at more
 * than one bundle: each is an input; the first that does not pass is told. */
void check_released(struct evidence *e, struct finding *f);

void check_submissions_complete(struct evidence *e, struct finding *f); /* check_submissions.c */
void check_submission_signatures(struct evidence *e, struct finding *f);
void check_submission_proofs(struct evidence *e, struct finding *f);

/* The sums of all commitments: made empty, and a submission's points added, by any thread. */
enum ska_status check_sums_start(struct evidence *e) SKA_MUST_CHECK; /* check_commitments.c */
void check_sums_add(struct evidence *e, size_t submission, const ska_point *v1,
                    const ska_point *v2);
void check_commitments(struct evidence *e, struct finding *f);

void check_cells_accounted(struct evidence *e, struct finding *f); /* check_totals.c */
void check_openings_paths(struct evidence *e, struct finding *f);
void check_openings_leader(struct evidence *e, struct finding *f);
void check_openings_helper(struct evidence *e, struct finding *f);
void check_totals(struct evidence *e, struct finding *f);
void check_minimum_answers(struct evidence *e, struct finding *f);

void check_primary_suppression(struct evidence *e, struct finding *f); /* check_disclosure.c */
void check_suppression_proof(struct evidence *e, struct finding *f);
void check_complementary_suppression(struct evidence *e, struct finding *f);
void check_protection(struct evidence *e, struct finding *f);
void check_no_hidden_openings(struct evidence *e, struct finding *f);

/* V of both aggregators together, for every figure that can be listed; NULL without memory. The
 * caller frees. */
ska_point *check_join_sums(const struct evidence *e);

void check_correction_earlier(struct evidence *e, struct finding *f); /* check_correction.c */
void check_correction_changes(struct evidence *e, struct finding *f);
void check_correction_kept(struct evidence *e, struct finding *f);
void check_correction_chain(struct evidence *e, struct finding *f);

void check_earlier_releases(struct evidence *e, struct finding *f); /* check_year.c */
/* Its last part: what is given and not named. check_unlisted.c */
void check_unlisted(const struct evidence *e, struct finding *f);
void check_year_commitments(struct evidence *e, struct finding *f);
void check_year_openings(struct evidence *e, struct finding *f);

void check_certificate(struct evidence *e, struct finding *f); /* check_certificate.c */

void check_rounding_form(struct evidence *e, struct finding *f); /* check_rounding.c */
void check_rounded_figures(struct evidence *e, struct finding *f);

void check_table_exact(struct evidence *e, struct finding *f); /* check_published.c */
void check_pages(struct evidence *e, struct finding *f);

void check_data_files(struct evidence *e, struct finding *f); /* check_data.c */

#endif
