/* SPDX-License-Identifier: EUPL-1.2 */
/* notes.h - remarks to the officer, gathered while something goes on and shown together. */
#ifndef SKA_CLIENT_NOTES_H
#define SKA_CLIENT_NOTES_H

#include "crypto/status.h"

#include <stdio.h>

#define NOTES_MAX 40

/* Valid when zeroed. Past NOTES_MAX only the number is kept. */
struct notes {
    size_t n;            /* all that were made */
    char *at[NOTES_MAX]; /* owned; UTF-8; NULL if there was no memory for it */
};

void notes_add(struct notes *notes, const char *format, ...) SKA_PRINTF(2, 3);
/* One line each, under `heading`; nothing if there are none. */
void notes_print(FILE *out, const struct notes *notes, const char *heading);
void notes_clear(struct notes *notes);

#endif
