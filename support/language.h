/* SPDX-License-Identifier: EUPL-1.2 */
/* language.h - Swedish or English for what a program says. */
#ifndef SKA_LANGUAGE_H
#define SKA_LANGUAGE_H

#include <stdbool.h>

/* Choose once at start: `wanted` "sv" or "en" (from --lang), or NULL: LC_ALL, LC_MESSAGES, LANG in
 * this order, Swedish if the first that is set starts with "sv". Returns false if `wanted` is
 * neither. */
bool language_choose(const char *wanted);
bool language_is_swedish(void);

/* The one of two texts that was chosen: tr("Klart.", "Done."). Both may be formats with the same
 * arguments; the compiler checks both. */
const char *tr(const char *swedish, const char *english)
    __attribute__((format_arg(1), format_arg(2)));

#endif
