/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * period.h - one period of a collection: its task, and what the publisher keeps of it.
 *
 *     periods/2025Q2/parameters        canonical parameters as proposed, the same until signed,
 *                                      unless a server has another encryption key by then
 *                   /signed            signed by all three: the task is agreed on
 *                   /control-00000001  the signed commands, by serial, written before they are sent
 *                   /accepted          the signed accepted list
 *                   /submissions/00000 report_id[16] | public share, counted submissions
 *                   /sums              sum of V1, then of V2, over the counted submissions
 *                   /collected-on      the day that was, text
 *                   /log-policy        if a public log is promised: its policy, and what is of it
 *                   /log-checkpoint, log-left, log-leaves, log-records          (publish_log.h)
 *                   /collected         secret: both aggregate shares with their signatures
 *                   /certificate       tables that show what an attacker is left with
 *                   /rounding          rounded figures and the proofs about them, if there are
 *                   /suppression       the pattern and its proof
 *                   /unprotected       or instead: they cannot be protected, so nothing is released
 *                   /draft, /draft-figures, /draft.signature, /bundle   release.h
 *                   /figures           what was published, "cell value" or "cell .."
 *                   /released          when, which bundle, by whom (release_day.h)
 *                   /site-pages        which pages were made of it (site_made.h)
 *                   /release.tlog-proof  that it stands in the public log (announce.h)
 *     periods/2025Q2.r1/                 the same for revision 1, a correction, and besides
 *                   /changes             both servers' openings of how many changed
 *                   /refused             the servers refuse it, since too few changed, or too few
 *                                      handed in
 *
 * Each file is written whole and durably, in this order, and read back by the next step, so every
 * command can be repeated after a crash at any moment.
 */
#ifndef SKA_REPORTS_PERIOD_H
#define SKA_REPORTS_PERIOD_H

#include "protocol/documents.h"
#include "reports/home.h"

#define PERIOD_NAME_MAX (SKA_PERIOD_MAX + 6) /* "2025Q2.r9999" */

struct period {
    const struct collection *collection; /* borrowed */
    char name[PERIOD_NAME_MAX + 1];      /* of the folder: "2025Q2", or "2025Q2.r1" */
    char base[SKA_PERIOD_MAX + 1];       /* "2025Q2" */
    uint32_t revision;
    struct ska_previous previous; /* what is proposed to be corrected, set before period_propose */
    char *folder;
    struct ska_task *task; /* NULL before open */
    uint8_t *signed_bytes; /* the file "signed"; NULL until all three signed */
    size_t signed_len;
};

/* "2025Q2.r1" taken apart and put together; revision 0 has no ending. split returns false for a
 * name that is neither form. */
bool period_split(char base[static SKA_PERIOD_MAX + 1], uint32_t *revision, const char *name);
void period_name(char out[static PERIOD_NAME_MAX + 1], const char *base, uint32_t revision);

/* Find a period's folder and load its task, if it has one. SKA_E_USAGE for a name that is no
 * period. Clear `p` also after failure. */
enum ska_status period_load(struct period *p, const struct collection *c, const char *name,
                            struct ska_error *err) SKA_MUST_CHECK;
void period_clear(struct period *p);
/* The next revision: `out->task` is NULL if there is none. Clear `out` also after failure. */
enum ska_status period_load_next(struct period *out, const struct period *p,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* The same, and SKA_E_STATE with a sentence if the period was never opened. */
enum ska_status period_load_open(struct period *p, const struct collection *c, const char *name,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Propose parameters and load the task. If there are some: nothing is changed when all have signed
 * them or they name the same encryption keys; else they are made again, with the window they had.
 * In: hpke  leader's and helper's, as they serve them now */
enum ska_status period_propose(struct period *p, const struct ska_hpke_recipient hpke[static 2],
                               uint64_t window_start_s, uint64_t window_duration_s,
                               struct ska_error *err) SKA_MUST_CHECK;

/* Keep what all three signed: verified first. */
enum ska_status period_keep_signed(struct period *p, struct ska_slice bytes,
                                   struct ska_error *err) SKA_MUST_CHECK;

/* The last signed command. serial 0: there is none. */
struct period_control {
    enum ska_control_kind kind;
    uint64_t serial;
    uint8_t bytes[SKA_CONTROL_BYTES];
};
enum ska_status period_control_last(struct period_control *out, const struct period *p,
                                    struct ska_error *err) SKA_MUST_CHECK;
/* Sign the next command and keep it. */
enum ska_status period_control_next(struct period_control *out, const struct period *p,
                                    enum ska_control_kind kind,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* A file of the period. `name` may hold a slash. The caller frees *data. */
enum ska_status period_read(uint8_t **data, size_t *len, const struct period *p, const char *name,
                            bool secret, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status period_write(const struct period *p, const char *name, struct ska_slice data,
                             bool secret, struct ska_error *err) SKA_MUST_CHECK;
/* The day the totals were fetched, kept when they are: the file "collected-on", "2025-07-15\n".
 * Reading gives "" where there is none (a period collected by an earlier version) or it is no day.
 */
enum ska_status period_write_collected_on(const struct period *p, uint64_t now_s,
                                          struct ska_error *err) SKA_MUST_CHECK;
void period_read_collected_on(char out[static 11], const struct period *p);
bool period_has(const struct period *p, const char *name);
/* It may be gone already. */
enum ska_status period_remove(const struct period *p, const char *name,
                              struct ska_error *err) SKA_MUST_CHECK;

/* "tasks/<task>/<rest>" or "skarva/tasks/<task>/<rest>" into a caller's buffer. */
#define PERIOD_PATH_MAX 160
void period_url(char out[static PERIOD_PATH_MAX], const struct period *p, const char *prefix,
                const char *rest);

#endif
