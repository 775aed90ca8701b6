/* SPDX-License-Identifier: EUPL-1.2 */
/* words.h - Swedish or English for what the auditor reads. */
#ifndef SKA_AUDIT_WORDS_H
#define SKA_AUDIT_WORDS_H

#include <stdbool.h>

/*
 * Choose once, before threads start. `wanted` is "sv" or "en" (from --lang); NULL: the first of
 * LC_ALL, LC_MESSAGES and LANG that is set and not empty decides, Swedish if it starts with "sv".
 *
 * Returns false, choosing nothing, if `wanted` is neither.
 */
bool words_choose(const char *wanted);

/* The one of two texts that was chosen; English before words_choose. */
const char *words(const char *swedish, const char *english) __attribute__((format_arg(1)))
__attribute__((format_arg(2)));

#endif
