/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log_check.h - the checks of a public log (docs/log.md), whole: its checkpoint, tree and files,
 * and that what its entries tell of each period is signed, complete and in order. docs/audit.md
 * lists them.
 */
#ifndef SKA_AUDIT_LOG_CHECK_H
#define SKA_AUDIT_LOG_CHECK_H

#include "audit/check.h"
#include "audit/log_evidence.h"
#include "audit/options.h"

/* In the order in which they run. */
enum log_check_index {
    LOG_CHECKPOINT,
    LOG_QUORUM,
    LOG_ENTRIES,
    LOG_ROOT,
    LOG_TILES,
    LOG_EARLIER,
    LOG_BLOBS,
    LOG_PARAMETERS,
    LOG_TRUST,
    LOG_ORDER,
    LOG_COMMANDS,
    LOG_SUBMISSIONS,
    LOG_CLOSES,
    LOG_CHANGES,
    LOG_RELEASES,
    LOG_BUNDLE,
    N_LOG_CHECKS
};
extern const struct check log_check_table[N_LOG_CHECKS];

/* Run them on e->log; `e` has the bundle, if one is given, and the trust. Returns whether all
 * passed. */
bool log_check_all(struct finding findings[static N_LOG_CHECKS], struct evidence *e,
                   check_on_done *on_done);

/* Read a policy that can be read. As input_read, log_note_policy; the caller frees. */
enum ska_status log_policy_read(uint8_t **text, size_t *len, const char *path,
                                struct ska_error *err) SKA_MUST_CHECK;

/* The command check-log: returns the exit status. */
int log_check_command(const struct options *o);

/* The functions of the table, by file. */
void check_log_checkpoint(struct evidence *e, struct finding *f); /* check_log_tree.c */
void check_log_quorum(struct evidence *e, struct finding *f);
void check_log_entries(struct evidence *e, struct finding *f);
void check_log_root(struct evidence *e, struct finding *f);
void check_log_tiles(struct evidence *e, struct finding *f);
void check_log_earlier(struct evidence *e, struct finding *f);

void check_log_blobs(struct evidence *e, struct finding *f); /* check_log_files.c */

void check_log_parameters(struct evidence *e, struct finding *f); /* check_log_tasks.c */
void check_log_trust(struct evidence *e, struct finding *f);
void check_log_order(struct evidence *e, struct finding *f);
void check_log_commands(struct evidence *e, struct finding *f);

void check_log_submissions(struct evidence *e, struct finding *f); /* check_log_period.c */
void check_log_closes(struct evidence *e, struct finding *f);
void check_log_changes(struct evidence *e, struct finding *f);
void check_log_bundle(struct evidence *e, struct finding *f);

void check_log_releases(struct evidence *e, struct finding *f); /* check_log_releases.c */
/* For log-bundle: the log's release of the task, if it has one, is the bundle's, and the next one
 * of the collection, if it has that, follows upon it. */
void check_log_release_of(struct evidence *e, struct finding *f, uint32_t task);

#endif
