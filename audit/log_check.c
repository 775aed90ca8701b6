/* SPDX-License-Identifier: EUPL-1.2 */
/* log_check.c - the checks of a public log, and the command check-log. */
#include "audit/log_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "audit/input.h"
#include "audit/parallel.h"
#include "audit/print.h"
#include "audit/source.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#define POLICY_BYTES_MAX 65536u
#define CHECKPOINT_BYTES_MAX 131072u

#define NEEDS(name) (UINT64_C(1) << LOG_##name)
#define TREE (NEEDS(ENTRIES) | NEEDS(ROOT))
#define PARAMETERS (TREE | NEEDS(PARAMETERS))

/* clang-format off */
const struct check log_check_table[N_LOG_CHECKS] = {
    [LOG_CHECKPOINT] = {
        "log-checkpoint",
        "Kontrollpunkten är undertecknad av en logg i policyn, under dess eget namn.",
        "The checkpoint is signed by a log of the policy, under its own name.",
        "kontrollpunkter", "checkpoints", 0, check_log_checkpoint},
    [LOG_QUORUM] = {
        "log-quorum",
        "Så många av policyns vittnen som den kräver har intygat kontrollpunkten.",
        "As many of the policy's witnesses as it demands cosigned the checkpoint.",
        "vittnen", "witnesses", NEEDS(CHECKPOINT), check_log_quorum},
    [LOG_ENTRIES] = {
        "log-entries",
        "Alla loggens poster finns och går att läsa.",
        "All entries of the log are there and can be read.",
        "poster", "entries", NEEDS(CHECKPOINT), check_log_entries},
    [LOG_ROOT] = {
        "log-root",
        "Kontrollpunktens rot följer av posterna.",
        "The checkpoint's root follows from the entries.",
        "poster", "entries", NEEDS(ENTRIES), check_log_root},
    [LOG_TILES] = {
        "log-tiles",
        "Filerna med hashar (tile/) är de som följer av posterna.",
        "The files of hashes (tile/) are those that follow from the entries.",
        "filer", "files", TREE, check_log_tiles},
    [LOG_EARLIER] = {
        "log-earlier",
        "Loggen börjar med allt som den hade vid den tidigare kontrollpunkten.",
        "The log begins with all that it had at the earlier checkpoint.",
        "kontrollpunkter", "checkpoints", TREE, check_log_earlier},
    [LOG_BLOBS] = {
        "log-blobs",
        "Varje post som inte är en inlämning har sin fil, och ingen fil är utan post.",
        "Each entry that is not a submission has its file, and no file is without an entry.",
        "filer", "files", TREE, check_log_blobs},
    [LOG_PARAMETERS] = {
        "log-parameters",
        "Varje uppgift har parametrar en gång, undertecknade av alla tre, med loggens förteckning.",
        "Each task has parameters once, signed by all three, with the log's roster.",
        "uppgifter", "tasks", TREE, check_log_parameters},
    [LOG_TRUST] = {
        "log-trust",
        "Parametrarna namnger förtroendefilens ledare och hjälpare.",
        "The parameters name the trust file's leader and helper.",
        "nycklar", "keys", PARAMETERS, check_log_trust},
    [LOG_ORDER] = {
        "log-order",
        "Varje uppgifts poster står i rätt ordning: ingen inlämning före öppning eller efter stängning.",
        "Each task's entries are in order: no submission before the opening or after the close.",
        "poster", "entries", PARAMETERS, check_log_order},
    [LOG_COMMANDS] = {
        "log-commands",
        "Varje kommando är undertecknat av uppgiftens utgivare.",
        "Each command is signed by the task's publisher.",
        "kommandon", "commands", PARAMETERS, check_log_commands},
    [LOG_SUBMISSIONS] = {
        "log-submissions",
        "Varje inlämning är undertecknad av ledaren och hjälparen, av någon på förteckningen, och står en gång.",
        "Each submission is signed by leader and helper, of somebody on the roster, and stands once.",
        "inlämningar", "submissions", PARAMETERS, check_log_submissions},
    [LOG_CLOSES] = {
        "log-closes",
        "Varje stängning är undertecknad av tre, av loggen som den var, och räknar upp precis uppgiftens inlämningar.",
        "Each close is signed by three, of the log as it was, and lists exactly the task's submissions.",
        "stängningar och inlämningar", "closes and submissions", PARAMETERS | NEEDS(ORDER), check_log_closes},
    [LOG_CHANGES] = {
        "log-changes",
        "Det som sägs om hur många som ändrat i en rättelse är undertecknat av ledaren och hjälparen.",
        "What is said of how many changed in a correction is signed by leader and helper.",
        "rättelser", "corrections", PARAMETERS, check_log_changes},
    [LOG_RELEASES] = {
        "log-releases",
        "Varje utgåva är undertecknad av utgivaren och den andra undertecknaren, och ges ut en gång.",
        "Each release is signed by publisher and second signer, and released once.",
        "utgåvor", "releases", PARAMETERS, check_log_releases},
    [LOG_BUNDLE] = {
        "log-bundle",
        "Paketet räknar upp precis de inlämningar som loggen stängde perioden med.",
        "The bundle lists exactly the submissions with which the log closed the period.",
        "inlämningar", "submissions", PARAMETERS | NEEDS(ORDER) | NEEDS(CLOSES) | NEEDS(RELEASES), check_log_bundle},
};
/* clang-format on */

bool log_check_all(struct finding findings[static N_LOG_CHECKS], struct evidence *e,
                   check_on_done *on_done)
{
    check_run(findings, log_check_table, N_LOG_CHECKS, e, on_done);
    for (size_t i = 0; i < N_LOG_CHECKS; i++)
        if (findings[i].outcome != OUTCOME_PASS)
            return false;
    return true;
}

/* --- the command -------------------------------------------------------------------------------
 */

/* What the options name. Owned. */
struct opened {
    struct trust trust;
    struct window bundle;
    uint8_t *policy, *earlier;
    size_t policy_len, earlier_len;
    struct log_place place;
};

static void opened_clear(struct opened *o)
{
    window_unmap(&o->bundle);
    free(o->policy);
    free(o->earlier);
}

enum ska_status log_policy_read(uint8_t **text, size_t *len, const char *path,
                                struct ska_error *err)
{
    SKA_TRY(input_read(text, len, path, POLICY_BYTES_MAX, err));
    return log_note_policy((struct ska_slice){*text, *len}, err);
}

/* Sets the exit status that a failure has. */
static enum ska_status open_all(struct opened *opened, int *exit_status, const struct options *o,
                                struct ska_error *err)
{
    *exit_status = EXIT_TRUST;
    SKA_TRY(log_policy_read(&opened->policy, &opened->policy_len, o->policy, err));
    if (o->trust != NULL)
        SKA_TRY(trust_read(&opened->trust, o->trust, err));
    *exit_status = EXIT_BUNDLE;
    if (o->earlier != NULL)
        SKA_TRY(input_read(&opened->earlier, &opened->earlier_len, o->earlier, CHECKPOINT_BYTES_MAX,
                           err));
    if (o->with_bundle != NULL)
        SKA_TRY(source_open(&opened->bundle, o->with_bundle, err));
    return log_place_init(&opened->place, o->bundle, err);
}

static void print_log(const struct log_evidence *log)
{
    char root[2 * SKA_HASH_BYTES + 1];
    ska_hex_encode(root, log->note.root, sizeof log->note.root);
    printf(words("\nLoggen %s: %" PRIu64 " poster, %u uppgifter; rot %s\n",
                 "\nThe log %s: %" PRIu64 " entries, %u tasks; root %s\n"),
           log->note.origin, log->note.size, log->n_tasks, root);
    if (log->note.n_witnesses > 0)
        printf("%s: %s\n", words("Intygat av", "Cosigned by"), log->note.witnesses);
}

int log_check_command(const struct options *o)
{
    struct ska_error err = {0};
    SKA_SCOPED(opened_clear) struct opened opened = {0};
    int exit_status = EXIT_FAIL;
    if (open_all(&opened, &exit_status, o, &err) != SKA_OK) {
        fprintf(stderr, "skarva-audit: %s\n", err.text);
        return exit_status;
    }
    SKA_SCOPED(log_evidence_clear)
    struct log_evidence log = {.place = opened.place,
                               .policy = {opened.policy, opened.policy_len},
                               .earlier = {opened.earlier, opened.earlier_len},
                               .has_trust = o->trust != NULL,
                               .has_bundle = o->with_bundle != NULL};
    SKA_SCOPED(evidence_clear)
    struct evidence e = {.archive = opened.bundle.bytes,
                         .trust = &opened.trust,
                         .jobs = o->jobs > 0 ? o->jobs : parallel_cores(),
                         .log = &log};
    struct finding findings[N_LOG_CHECKS] = {0};
    ska_group_init();
    const bool is_pass = log_check_all(findings, &e, o->as_json ? NULL : print_finding);
    if (o->as_json) {
        print_json_log(&log, log_check_table, findings, N_LOG_CHECKS);
        return is_pass ? EXIT_PASS : EXIT_FAIL;
    }
    if (findings[LOG_CHECKPOINT].outcome == OUTCOME_PASS)
        print_log(&log);
    return print_counts(findings, N_LOG_CHECKS) ? EXIT_PASS : EXIT_FAIL;
}
