/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * session.h - one period at the leader: its task, proven to be the one that publisher, leader and
 * helper signed, and what the officer asks and sends.
 *
 * Nothing the leader says is believed: parameters are verified against the trust file in the home
 * folder, receipts by the caller. The list of tasks only says where to look.
 */
#ifndef SKA_CLIENT_SESSION_H
#define SKA_CLIENT_SESSION_H

#include "client/home.h"
#include "protocol/dap.h"
#include "protocol/documents.h"
#include "support/https.h"
#include "support/keyfile.h"

/* Valid when zeroed. */
struct session {
    const struct home *home;     /* borrowed */
    struct https_client *leader; /* owned */
    struct ska_trust trust;
    struct ska_task *task;      /* owned */
    enum ska_task_state state;  /* as the leader says */
    struct ska_signing_key key; /* after session_identify; secret */
    uint32_t contributor;       /* after session_identify */
    char base[64];              /* "skarva/tasks/{task}" */
    char dap_base[64];          /* "tasks/{task}" */
};
void session_close(struct session *s);

/*
 * Find the task of the collection and period with the highest revision, fetch its parameters,
 * verify them.
 *
 * In: collection  NULL: the home's, or the only one that has the period
 *
 * Returns SKA_OK; what https_call returns; SKA_E_NOT_FOUND (no such period, or not yet signed by
 * both); SKA_E_CONFLICT (several collections, name one); SKA_E_SIGNATURE, SKA_E_MISMATCH,
 * SKA_E_TASK when the parameters are not those of the trust file or of this period; SKA_E_PEER for
 * an answer that cannot be decoded.
 */
enum ska_status session_open(struct session *s, const struct home *home, const char *collection,
                             const char *period, struct ska_error *err) SKA_MUST_CHECK;

/* Read our key and find it under our code in the roster: SKA_E_ROSTER if it is not there. */
enum ska_status session_identify(struct session *s, struct ska_error *err) SKA_MUST_CHECK;

/* Our submissions as the leader has them, by number; the caller frees *at. */
enum ska_status session_submissions(struct ska_submission_status **at, size_t *n,
                                    const struct session *s, struct ska_error *err) SKA_MUST_CHECK;

/* Why a refused query may have been refused: if our clock and the server's (0: not known) are more
 * than 10 minutes apart, `err` says by how much and what to do instead of what it said. Returns
 * `status`. */
enum ska_status session_tell_clocks(int64_t ours_s, int64_t servers_s, enum ska_status status,
                                    struct ska_error *err);

/*
 * Make a whole report: shares, proof, signature, encrypted to both aggregators. The measurement's
 * counts satisfy the statement; contributor and key are filled in here. Out: *report, *len, an
 * encoded DAP report, owned by the caller.
 */
enum ska_status session_make_report(uint8_t **report, size_t *len, uint8_t report_id[static 16],
                                    const struct session *s,
                                    struct ska_auditsum_measurement measurement,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* Send it. SKA_OK with *refused = 0 if the leader took it, or the report error it gave. */
enum ska_status session_upload(uint8_t *refused, const struct session *s, struct ska_slice report,
                               const uint8_t report_id[static 16],
                               struct ska_error *err) SKA_MUST_CHECK;

#endif
