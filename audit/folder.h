/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * folder.h - an unpacked bundle packed again: what `tar xf` made of it gives the same bytes.
 *
 * All files of the folder and of the folders in it are taken, in a bundle's order, those that no
 * bundle has last: a file too many or too few is for the audit to say.
 */
#ifndef SKA_AUDIT_FOLDER_H
#define SKA_AUDIT_FOLDER_H

#include "crypto/bytes.h"

/*
 * Write the archive to `to`, a file open for writing, from `folder`, open for reading; `name` is
 * the folder's, for messages.
 *
 * Returns SKA_OK; SKA_E_FILE (also for what is neither file nor folder, or is a link, and if there
 * is no file `bundle`), SKA_E_LIMIT, SKA_E_MEMORY with a text in the chosen language.
 */
enum ska_status folder_pack(int to, int folder, const char *name,
                            struct ska_error *err) SKA_MUST_CHECK;

#endif
