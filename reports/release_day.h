/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_day.h - when a period was released, by day, and which bundle: the file "released" of its
 * folder (period.h), two lines
 *
 *     day 2025-07-20
 *     bundle <sha-256 of the bundle file, 64 hexadecimal digits>
 *
 * The day is set once and stays when a period is published again.
 */
#ifndef SKA_REPORTS_RELEASE_DAY_H
#define SKA_REPORTS_RELEASE_DAY_H

#include "crypto/bytes.h"

struct release_day {
    uint64_t day_s; /* midnight UTC */
    uint8_t bundle_sha256[32];
};

#define RELEASE_DAY_S 86400u

/* SKA_E_NOT_FOUND; SKA_E_FORMAT naming the file; what reading files gives. */
enum ska_status release_day_read(struct release_day *out, const char *period_folder,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Write it for this bundle. The day is that of a file that is there already, else that of now_s. */
enum ska_status release_day_keep(const char *period_folder, struct ska_slice bundle, uint64_t now_s,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* "2025-07-20" for a time, and back: SKA_E_FORMAT, SKA_E_RANGE for a day that is not in the
 * calendar or before 1970. */
#define RELEASE_DAY_TEXT_BYTES 11
void release_day_text(char out[static RELEASE_DAY_TEXT_BYTES], uint64_t time_s);
enum ska_status release_day_parse(uint64_t *day_s, const char *text) SKA_MUST_CHECK;

#endif
