/* SPDX-License-Identifier: EUPL-1.2 */
/* mutate.h - damage without a plan, to bytes and to a world's files, and where damage does no harm.
 */
#ifndef SKA_TESTS_MUTATE_H
#define SKA_TESTS_MUTATE_H

#include "tests/tamper/make_bundle.h"

/* Change bytes of a buffer of `room` bytes, `len` of them used, in one of several ways, by
 * test_random of the caller's. Returns the new length; it may all be as it was. */
size_t mutate_bytes(uint8_t *data, size_t len, size_t room, uint64_t (*draw)(void));

/* Mutate one file of a world that is published, until it differs from `honest`'s. Returns which. */
size_t mutate_file(struct world *w, const struct world *honest, uint64_t (*draw)(void));

/* Whether a file may be changed so without a check that fails: words of pages may be any, and of a
 * certificate another table, or another pair of them for a cell, may be as good. */
bool mutate_is_harmless(const struct world_file *changed, const struct world_file *honest);
bool mutate_is_harmless_at(const char *name, const uint8_t *file, size_t at);

#endif
