/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * encoding.h - the bytes of a table as Swedish systems export it, made UTF-8.
 *
 * Known are UTF-8 with and without byte order mark, and Windows-1252. A file that is both in
 * different rows is refused, since one of them would come out as nonsense.
 */
#ifndef SKA_CLIENT_ENCODING_H
#define SKA_CLIENT_ENCODING_H

#include "crypto/bytes.h"

enum encoding { ENCODING_UTF8 = 1, ENCODING_WINDOWS_1252 };

/*
 * Out:    text      fresh heap memory, UTF-8 without byte order mark, NUL-terminated; the caller
 *                   frees
 *         encoding  what the bytes were (pure ASCII counts as UTF-8)
 * In:     name      what to call the file in an error
 *
 * Returns SKA_OK; SKA_E_FORMAT for an empty file, a workbook (.xlsx, .ods, .xls), UTF-16, zero
 * bytes; SKA_E_ENCODING for mixed encodings and bytes that are in neither, naming the row;
 * SKA_E_MEMORY. Rows are counted by line ends.
 */
enum ska_status encoding_read(char **text, size_t *text_len, enum encoding *encoding,
                              struct ska_slice bytes, const char *name,
                              struct ska_error *err) SKA_MUST_CHECK;

#endif
