/* SPDX-License-Identifier: EUPL-1.2 */
/* language.c - the choice between Swedish and English, made once at start. */
#include "support/language.h"

#include <stdlib.h>
#include <string.h>

static bool swedish = false;

bool language_choose(const char *wanted)
{
    if (wanted != NULL) {
        swedish = strcmp(wanted, "sv") == 0;
        return swedish || strcmp(wanted, "en") == 0;
    }
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    swedish = false;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value == NULL || value[0] == '\0')
            continue;
        swedish = strncmp(value, "sv", 2) == 0;
        break;
    }
    return true;
}

bool language_is_swedish(void)
{
    return swedish;
}

const char *tr(const char *in_swedish, const char *in_english)
{
    return swedish ? in_swedish : in_english;
}
