/* SPDX-License-Identifier: EUPL-1.2 */
/* options.h - the command line of skarva-publish. */
#ifndef SKA_REPORTS_OPTIONS_H
#define SKA_REPORTS_OPTIONS_H

#include "crypto/status.h"

#include <stdint.h>

#define OPTIONS_LIST_MAX 10000

/* Valid when zeroed; everything borrowed from argv but the lists, which are owned. */
#define OPTIONS_USUAL_ROUNDING 5

struct options {
    const char *command;
    const char *home, *name, *catalogue, *leader, *helper, *trust, *ca, *site, *groups, *collected,
        *log_policy;
    const char *source, *date;                        /* of a population table */
    const char *publisher, *licence, *contact, *kind; /* about the collection */
    const char *window_start;                         /* "now", "2025-07-01" or Unix seconds */
    const char *draft, *signature, *earlier, *verifier;
    uint64_t window_days, min_contributors, threshold, protection, rounding, wait_s;
    bool hide_zero, wait, check_proofs, help;
    bool second, yes, again, redraft, early, csv, json, no_pages;
    const char **cards; /* files and folders after --cards */
    size_t n_cards;
    const char **periods; /* what stands alone: periods, or a file */
    size_t n_periods;
};

/* Read the command line, defaults filled in, and choose the language. SKA_E_USAGE with a sentence
 * that names the option; SKA_E_MEMORY. The caller clears `o` also after failure. */
enum ska_status options_read(struct options *o, int argc, char *const *argv,
                             struct ska_error *err) SKA_MUST_CHECK;
void options_clear(struct options *o);

/* A decimal number of at most `max`, digits only. SKA_E_FORMAT, SKA_E_RANGE. */
enum ska_status options_number(uint64_t *value, const char *text, uint64_t max) SKA_MUST_CHECK;

/* Seconds since 1970 of a window's start, rounded down to a full hour. `now_s` is the time of day
 * for "now". SKA_E_FORMAT. */
enum ska_status options_time(uint64_t *time_s, const char *text, uint64_t now_s) SKA_MUST_CHECK;

#endif
