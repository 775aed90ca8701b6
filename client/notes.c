/* SPDX-License-Identifier: EUPL-1.2 */
/* notes.c - remarks to the officer. */
#include "client/notes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "support/language.h"

void notes_add(struct notes *notes, const char *format, ...)
{
    if (notes->n++ >= NOTES_MAX)
        return;
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    notes->at[notes->n - 1] = strdup(text);
}

void notes_print(FILE *out, const struct notes *notes, const char *heading)
{
    if (notes->n == 0)
        return;
    fprintf(out, "%s\n", heading);
    for (size_t i = 0; i < notes->n && i < NOTES_MAX; i++)
        fprintf(out, "  - %s\n", notes->at[i] != NULL ? notes->at[i] : "?");
    if (notes->n > NOTES_MAX)
        fprintf(out, tr("  - och %zu till\n", "  - and %zu more\n"), notes->n - NOTES_MAX);
}

void notes_clear(struct notes *notes)
{
    for (size_t i = 0; i < NOTES_MAX; i++)
        free(notes->at[i]);
    *notes = (struct notes){0};
}
