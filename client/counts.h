/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * counts.h - one contributor's counts for one period, in memory and as a table on disk.
 *
 * The file is CSV with semicolons, UTF-8, mode 0600:
 *
 *     # skarva counts 1
 *     # period 2025Q2
 *     # catalogue operation-norrsken 2024-08 <64 hexadecimal digits: hash of the canonical form>
 *     cell;value;name
 *     NS01;12;Ärenden i samråd
 *     NS04;;...                       blank: not answered
 *
 * Answered flags and marks are not listed: an empty value at the total is a blank indicator. Rows
 * that start with # and the third column are passed over when a hand-made file is read.
 */
#ifndef SKA_CLIENT_COUNTS_H
#define SKA_CLIENT_COUNTS_H

#include "protocol/layout.h"

/* Valid when zeroed. Secret: what a contributor counted. */
struct counts {
    size_t n;
    uint64_t *at; /* owned; by cell, flags among them */
};
enum ska_status counts_init(struct counts *counts, size_t n) SKA_MUST_CHECK;
void counts_clear(struct counts *counts); /* wipes */

/* Whether a cell's indicator was answered. */
bool counts_is_answered(const struct counts *counts, const struct ska_layout *layout,
                        uint32_t cell);

enum ska_status counts_write(const char *path, const struct counts *counts,
                             const struct ska_layout *layout, const char *period,
                             struct ska_error *err) SKA_MUST_CHECK;

/* What the lines with # of a counts file said; empty if there were none. */
struct counts_origin {
    char period[SKA_PERIOD_MAX + 1];
    char catalogue[2 * SKA_CODE_MAX + 2]; /* identifier and edition */
    char hash[2 * SKA_HASH_BYTES + 1];
};

/*
 * Read counts, own or hand-made.
 *
 * Returns SKA_OK; SKA_E_NOT_FOUND (no file; or a cell the layout does not have, or one it has and
 * the file has not), SKA_E_CONFLICT (a cell twice), SKA_E_FORMAT, SKA_E_RANGE, SKA_E_MISMATCH (a
 * category of a blank indicator has a value). `err` names file, row and cell.
 */
enum ska_status counts_read(struct counts *out, struct counts_origin *origin, const char *path,
                            const struct ska_layout *layout, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status counts_parse(struct counts *out, struct counts_origin *origin, const char *text,
                             size_t len, const char *name, const struct ska_layout *layout,
                             struct ska_error *err) SKA_MUST_CHECK;

/* SKA_E_MISMATCH if the origin is known and is another period or catalogue. */
enum ska_status counts_check_origin(const struct counts_origin *origin, const char *path,
                                    const char *period, const struct ska_catalogue *catalogue,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* Hexadecimal hash of a catalogue's canonical form. */
enum ska_status counts_catalogue_hash(char out[static 2 * SKA_HASH_BYTES + 1],
                                      const struct ska_catalogue *catalogue) SKA_MUST_CHECK;

#endif
