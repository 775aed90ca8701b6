/* SPDX-License-Identifier: EUPL-1.2 */
/* input.h - reading a whole file, or the standard input, into memory; and writing one. */
#ifndef SKA_AUDIT_INPUT_H
#define SKA_AUDIT_INPUT_H

#include "crypto/bytes.h"

/*
 * Read everything of `path`, or of the standard input if it is "-".
 *
 * Out:    data, len   the bytes, freed by the caller; data is not NULL even if len is 0
 *         err         why not, in the chosen language
 * In:     max         most bytes accepted
 *
 * Returns SKA_OK; SKA_E_FILE if it cannot be opened or read; SKA_E_LIMIT over max; SKA_E_MEMORY.
 */
enum ska_status input_read(uint8_t **data, size_t *len, const char *path, uint64_t max,
                           struct ska_error *err) SKA_MUST_CHECK;

/* The same of a file that is open; without a text. */
enum ska_status input_read_open(uint8_t **data, size_t *len, int fd, uint64_t max) SKA_MUST_CHECK;

/* Write all of it to a file that is open. SKA_E_FILE, with errno. */
enum ska_status input_store(int fd, const uint8_t *data, size_t len) SKA_MUST_CHECK;

#endif
