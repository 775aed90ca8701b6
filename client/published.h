/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * published.h - the last published table of the collection, as the leader's site has it
 * (docs/protocol.md, "The table"): a help for the eye, believed for nothing else.
 */
#ifndef SKA_CLIENT_PUBLISHED_H
#define SKA_CLIENT_PUBLISHED_H

#include "client/session.h"

#define PUBLISHED_PERIODS 4 /* so many are asked for, the latest first */

/* Valid when zeroed: nothing is published. */
struct published {
    char period[SKA_PERIOD_MAX + 1];
    uint64_t *total; /* owned; by cell, over all contributors */
    bool *is_shown;  /* owned; by cell */
};
void published_clear(struct published *p);

/* GET PERIOD.csv of the periods before the session's, until one is there. SKA_OK, also if none is;
 * what https_request returns; SKA_E_FORMAT, SKA_E_PEER for an answer that is no such table. */
enum ska_status published_fetch(struct published *out, const struct session *s,
                                struct ska_error *err) SKA_MUST_CHECK;

/* Cells that the layout does not have are passed over. SKA_E_FORMAT, SKA_E_MISMATCH (another
 * collection), SKA_E_MEMORY. */
enum ska_status published_parse(struct published *out, const char *text, size_t len,
                                const char *collection, const struct ska_layout *layout,
                                struct ska_error *err) SKA_MUST_CHECK;

#endif
