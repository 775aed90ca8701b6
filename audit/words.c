/* SPDX-License-Identifier: EUPL-1.2 */
/* words.c - the choice of language. */
#include "audit/words.h"

#include "protocol/swedish.h"

#include <stdlib.h>
#include <string.h>

static bool is_swedish;

static bool is_environment_swedish(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return value[0] == 's' && value[1] == 'v';
    }
    return false;
}

bool words_choose(const char *wanted)
{
    if (wanted == NULL)
        is_swedish = is_environment_swedish();
    else if (strcmp(wanted, "sv") == 0)
        is_swedish = true;
    else if (strcmp(wanted, "en") == 0)
        is_swedish = false;
    else
        return false;
    ska_speak_swedish(is_swedish);
    return true;
}

const char *words(const char *swedish, const char *english)
{
    return is_swedish ? swedish : english;
}
