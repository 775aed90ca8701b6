/* SPDX-License-Identifier: EUPL-1.2 */
/* file.h - whole files: read with a limit, written so that a crash leaves the old or the new one,
 * secrets kept private. */
#ifndef SKA_FILE_H
#define SKA_FILE_H

#include "crypto/bytes.h"

/* Read a whole regular file of at most `max` bytes; one NUL byte follows the data. The caller
 * frees. SKA_E_NOT_FOUND, SKA_E_LIMIT, SKA_E_FILE; `err` names the path and what to do. */
enum ska_status file_read(uint8_t **data, size_t *len, const char *path, size_t max,
                          struct ska_error *err) SKA_MUST_CHECK;

/* The same for a secret: SKA_E_CONFIG unless the file belongs to us (or root) and no group or other
 * may read it. */
enum ska_status file_read_secret(uint8_t **data, size_t *len, const char *path, size_t max,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Write durably: temporary file beside it, fsync, rename, fsync of the folder. mode 0644 or, for
 * secrets, 0600. SKA_E_FULL if there is no room, SKA_E_FILE, SKA_E_MEMORY: the old file is still
 * there. What stands there and is no file (/dev/stdout, a pipe) is written to and not replaced, nor
 * a secret written into it (SKA_E_FILE). */
enum ska_status file_write(const char *path, const void *data, size_t len, bool secret,
                           struct ska_error *err) SKA_MUST_CHECK;

/* Make a folder and its parents (mode 0755, secret: 0700 for the last). An existing one is fine. */
enum ska_status file_make_folder(const char *path, bool secret,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* Take a lock that ends with the process, or when `*fd` is closed; the file at `path` is made if it
 * is not there. SKA_E_BUSY, with nothing in `err`, if another process has it; SKA_E_FILE. */
enum ska_status file_lock(int *fd, const char *path, struct ska_error *err) SKA_MUST_CHECK;

bool file_exists(const char *path);

/* "folder/name" in fresh heap memory, or NULL without memory. */
char *file_join(const char *folder, const char *name) SKA_MUST_CHECK;

#endif
