/* SPDX-License-Identifier: EUPL-1.2 */
/* log_common.h - what the checks of a whole log and those of a bundle's part of one do alike. */
#ifndef SKA_AUDIT_LOG_COMMON_H
#define SKA_AUDIT_LOG_COMMON_H

#include "audit/check.h"
#include "audit/log_evidence.h"

/* check_log_tree.c: judge a checkpoint by log->policy, into log->note. */
void log_take_checkpoint(struct log_evidence *log, struct finding *f, struct ska_slice note);

/* That a whole log begins with what it had at a checkpoint of its own; `name` is what a reader
 * knows that as. Counts nothing. */
void log_compare_earlier(struct log_evidence *log, struct finding *f, struct ska_slice note,
                         const char *name);

/* check_log_tasks.c: a step of a task by its entry; bad if the entry has no place there. */
void log_take_step(enum ska_log_stage *stage, const struct log_evidence *log, struct finding *f,
                   uint64_t index);
/* The kind of command (ska_control_kind) that is the blob of entries of a type; 0: none. */
int log_command_of(enum ska_leaf_type type);
/* That it is the publisher's, of this kind, of the entry's task and serial. SKA_E_MISMATCH, and as
 * ska_control_decode. */
enum ska_status log_command_verify(const struct log_evidence *log, const struct log_row *row,
                                   int kind, struct ska_slice command) SKA_MUST_CHECK;

/* log_close.c: a close's record, by its own bytes and signatures and by the log; if nothing is bad,
 * it becomes its task's last_close. Counts the close, and submissions. */
void log_take_close(struct log_evidence *log, struct finding *f, uint64_t at,
                    struct ska_slice record);

/* check_log_period.c: that the entries of n submissions are of somebody on the roster, of the task,
 * and signed by both aggregators. Counts nothing. SKA_E_MEMORY. */
enum ska_status log_verify_submissions(struct evidence *e, struct finding *f, uint64_t *rows,
                                       uint64_t n) SKA_MUST_CHECK;
/* Each entry of the bundle's list is the last close record's, and the other way. */
void log_compare_lists(struct evidence *e, struct finding *f, const struct log_task *task);

#endif
