/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * signed_releases.h - what a second signer has signed: HOME/signed-releases, one line each,
 *
 *     <collection_hash> <number> <period> <revision> <sha-256 of the bundle when released>
 *
 * both hashes 64 hexadecimal digits. The publisher's bundle with both signatures is known to who
 * signs last, so that the next release must name it.
 */
#ifndef SKA_REPORTS_SIGNED_RELEASES_H
#define SKA_REPORTS_SIGNED_RELEASES_H

#include "protocol/release.h"
#include "protocol/text.h"

struct signed_release {
    uint8_t collection[32];         /* collection_hash: of name and publisher */
    struct ska_release_place place; /* previous is not kept */
    char period[SKA_PERIOD_MAX + 1];
    uint32_t revision;
    uint8_t bundle_sha256[32];
};

/* Valid when zeroed: nothing signed yet. */
struct signed_releases {
    size_t n;
    struct signed_release *at; /* owned; in the order of signing */
};

/* Nothing signed if there is no file. SKA_E_FORMAT naming the line. */
enum ska_status signed_releases_read(struct signed_releases *s, const char *home,
                                     struct ska_error *err) SKA_MUST_CHECK;
enum ska_status signed_releases_write(const struct signed_releases *s, const char *home,
                                      struct ska_error *err) SKA_MUST_CHECK;
enum ska_status signed_releases_add(struct signed_releases *s,
                                    const struct signed_release *r) SKA_MUST_CHECK;
void signed_releases_clear(struct signed_releases *s);

/* Whether signing this fits what was signed: SKA_E_CONFLICT if another release of the same number,
 * or of the same period and revision, was; SKA_E_MISMATCH if the one before it that was signed has
 * another bundle than it names. `err` says which. */
enum ska_status signed_releases_check(const struct signed_releases *s,
                                      const uint8_t collection[static 32], const char *period,
                                      uint32_t revision, const struct ska_release_place *place,
                                      struct ska_error *err) SKA_MUST_CHECK;

#endif
