/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * beside.h - the bundles of the earlier releases that a bundle names, read from a folder in which
 * they lie as published, "norrsken-2025Q1.tar", or as "2025Q1.tar", or as "2025Q1/bundle"; and what
 * else lies in that folder as NAME.tar or NAME/bundle: it may be what should have been named.
 */
#ifndef SKA_AUDIT_BESIDE_H
#define SKA_AUDIT_BESIDE_H

#include "audit/evidence.h"
#include "audit/source.h"

#define BESIDE_MAX 400u /* what lies there beyond that is not looked at */

/* Valid when zeroed. Owned. */
struct beside {
    size_t n, n_named; /* those found by name first; the others have none */
    struct evidence_given at[BESIDE_MAX];
    struct window bytes[BESIDE_MAX];
};
void beside_clear(struct beside *b);

/*
 * Read what a bundle names and what is there; nothing if it cannot be read (the audit says so). At
 * an address nothing is looked for but what is named.
 *
 * In:     bundle    where the archive came from; its folder is looked into
 *         earlier   a folder to look into instead, or one bundle more; NULL: none
 *
 * Returns SKA_OK; SKA_E_FILE, SKA_E_NETWORK, SKA_E_LIMIT, SKA_E_MEMORY.
 */
enum ska_status beside_read(struct beside *b, struct ska_slice archive, const char *bundle,
                            const char *earlier, struct ska_error *err) SKA_MUST_CHECK;

/* Whether one of them was written to since it was read. */
bool beside_has_changed(const struct beside *b);

/* What a correction corrects: of its name, or else the one bundle more that was given. Empty if it
 * is not there. */
struct ska_slice beside_corrected(const struct beside *b, struct ska_slice archive);

#endif
