/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_day.h - what is kept of a period's release: the file "released" of its folder (period.h),
 * one line each, in this order:
 *
 *     day 2025-07-20
 *     bundle <sha-256 of the bundle file, 64 hexadecimal digits>
 *     number 3                       of the release among those of the collection (release.h)
 *     previous <sha-256 of the bundle file of the release before; zeros for the first>
 *     period 2025Q2
 *     revision 0
 *     shown 71                       figures
 *     hidden 9
 *     publisher <key>                who signed
 *     second <key>
 *     year 2025                      only of a release that carries the year's roll-up
 *
 * It is written once, last of all that makes a release, and never changes: a period is released
 * exactly if it is there.
 */
#ifndef SKA_REPORTS_RELEASE_DAY_H
#define SKA_REPORTS_RELEASE_DAY_H

#include "protocol/release.h"
#include "protocol/text.h"

struct release_day {
    uint64_t day_s; /* midnight UTC */
    uint8_t bundle_sha256[32];
    struct ska_release_place place;
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    uint32_t n_shown, n_hidden;
    uint8_t publisher[32], second[32];
    bool has_year; /* it carries the roll-up of the period's year */
};

#define RELEASE_DAY_S 86400u

/* SKA_E_NOT_FOUND; SKA_E_FORMAT naming the file; what reading files gives. */
enum ska_status release_day_read(struct release_day *out, const char *period_folder,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Write it; the day is the one in which day_s lies. SKA_E_CONFLICT if one is there. */
enum ska_status release_day_write(const char *period_folder, const struct release_day *released,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* "2025-07-20" for a time, and back: SKA_E_FORMAT, SKA_E_RANGE for a day that is not in the
 * calendar or before 1970. */
#define RELEASE_DAY_TEXT_BYTES 11
void release_day_text(char out[static RELEASE_DAY_TEXT_BYTES], uint64_t time_s);
enum ska_status release_day_parse(uint64_t *day_s, const char *text) SKA_MUST_CHECK;

#endif
