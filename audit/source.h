/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * source.h - a bundle from wherever it is.
 *
 *     a file                   mapped as it is
 *     "-", a pipe, a device    copied into a temporary file, then mapped
 *     a folder                 an unpacked bundle: packed again in the canonical form (folder.h)
 *     http://, https://        fetched by a program of its own, skarva-audit-fetch, which stands
 *                              beside this one
 *
 * Temporary files are in TMPDIR, else /tmp, and have no name once they are open.
 */
#ifndef SKA_AUDIT_SOURCE_H
#define SKA_AUDIT_SOURCE_H

#include "audit/window.h"

/* How addresses are fetched. Choose once, before threads start; both may be NULL or false. */
void source_choose(const char *ca_file, bool shows_progress);

bool source_is_address(const char *place);

/*
 * Open a bundle.
 *
 * Returns SKA_OK; SKA_E_FILE, SKA_E_NETWORK, SKA_E_LIMIT, SKA_E_MEMORY, and SKA_E_NOT_FOUND if it
 * is an address at which there is nothing; with a text in the chosen language.
 */
enum ska_status source_open(struct window *out, const char *place,
                            struct ska_error *err) SKA_MUST_CHECK;

#endif
