/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ledger.h - every release of a collection in order, from the files "released" of its periods
 * (release_day.h).
 *
 * Releases are numbered 1, 2, ... and each names the bundle before it: a ledger in which one is
 * missing, or names another than stands before it, is refused.
 */
#ifndef SKA_REPORTS_LEDGER_H
#define SKA_REPORTS_LEDGER_H

#include "reports/data/release_day.h"
#include "reports/home.h"

/* Valid when zeroed: no release. */
struct ledger {
    size_t n;
    struct release_day *at; /* owned; by number */
};

/* SKA_E_MISMATCH naming the release at which the chain breaks; SKA_E_FORMAT; what reading files
 * gives. Clear also after failure. */
enum ska_status ledger_load(struct ledger *l, const struct collection *c,
                            struct ska_error *err) SKA_MUST_CHECK;
void ledger_clear(struct ledger *l);

/* The place of the next release. */
struct ska_release_place ledger_next(const struct ledger *l);

/*
 * As CSV (RFC 4180 with LF), also the site's file ledger.csv:
 *     number,period,revision,released,bundle_sha256,previous_sha256,shown,hidden,publisher,second,
 *     year
 * with the year whose roll-up the release carries, or nothing.
 * As JSON: {"collection":"...","releases":[{ the same names }, ...]}, one release on each line.
 * As a table for people of at most 100 columns, in the chosen language.
 */
void ledger_csv(struct ska_writer *w, const struct ledger *l);
void ledger_json(struct ska_writer *w, const struct ledger *l, const char *collection);
void ledger_table(struct ska_writer *w, const struct ledger *l, const char *collection);

/* Write SITE/ledger.csv, unless it has these bytes already. */
enum ska_status ledger_write_site(const struct collection *c, struct ska_error *err) SKA_MUST_CHECK;

#endif
