/* SPDX-License-Identifier: EUPL-1.2 */
/* log_blame.h - which entry of a log is not the one that its checkpoint is of. */
#ifndef SKA_AUDIT_LOG_BLAME_H
#define SKA_AUDIT_LOG_BLAME_H

#include "audit/log_evidence.h"

#define LOG_BLAME_MAX 160

/*
 * Of a log whose entries do not give the checkpoint's root: if the log's own files of hashes do,
 * they tell which entry is another. The first is named with its file; or the first file of hashes
 * that is not what the one above it has.
 *
 * Out: text  a sentence's part; "" where nothing can be told: the files of hashes are missing, or
 *            give another root too
 * Returns SKA_OK; SKA_E_MEMORY, SKA_E_NETWORK, ...: it could not be looked at, and text is "".
 */
enum ska_status log_blame(char text[static LOG_BLAME_MAX], struct log_evidence *log) SKA_MUST_CHECK;

#endif
