/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * main.c - skarva-audit-fetch, which skarva-audit runs to fetch a bundle from an address.
 *
 *     skarva-audit-fetch [--ca FILE] [--max BYTES] [--progress] [--lang sv|en] ADDRESS >FILE
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "support/language.h"

#define MAX_DIGITS 19

static const char *help(void)
{
    return tr("skarva-audit-fetch [--ca FIL] [--max BYTE] [--progress] [--lang sv|en] ADRESS >FIL\n"
              "\n"
              "Hämtar en fil till standard ut. Körs av skarva-audit när paketet är en adress.\n",
              "skarva-audit-fetch [--ca FILE] [--max BYTES] [--progress] [--lang sv|en] ADDRESS "
              ">FILE\n"
              "\n"
              "Fetches a file to the standard output. Run by skarva-audit when the bundle is an "
              "address.\n");
}

static bool read_max(uint64_t *max, const char *text)
{
    uint64_t value = 0;
    const size_t len = strlen(text);
    if (len < 1 || len > MAX_DIGITS || strspn(text, "0123456789") != len)
        return false;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (uint64_t)(text[i] - '0'); /* below 10^19 */
    *max = value;
    return true;
}

/* Returns false if the command line is not understood. */
static bool read_options(struct fetch_options *o, bool *wants_help, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(word, "--help") == 0) {
            *wants_help = true;
        } else if (strcmp(word, "--progress") == 0) {
            o->shows_progress = true;
        } else if (strcmp(word, "--ca") == 0 && value[0] != '\0') {
            o->ca_file = value;
            i++;
        } else if (strcmp(word, "--lang") == 0) {
            i++;
            if (!language_choose(value))
                return false;
        } else if (strcmp(word, "--max") == 0) {
            i++;
            if (!read_max(&o->max, value))
                return false;
        } else if (word[0] == '-' || o->address != NULL) {
            return false;
        } else {
            o->address = word;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct fetch_options o = {.max = UINT64_C(4) << 30, .to = STDOUT_FILENO};
    struct ska_error err = {0};
    bool wants_help = false;
    (void)language_choose(NULL);
    const bool is_understood = read_options(&o, &wants_help, argc, argv);
    if (wants_help) {
        fputs(help(), stdout);
        return FETCH_OK;
    }
    if (!is_understood || o.address == NULL) {
        fputs(help(), stderr);
        return FETCH_USAGE;
    }
    switch (ska_status_class(fetch_file(&o, &err))) {
    case SKA_CLASS_OK:
        return FETCH_OK;
    case SKA_CLASS_REJECTED: /* it is not there: whoever asked says so */
        return FETCH_NOT_FOUND;
    case SKA_CLASS_INPUT:
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
    case SKA_CLASS_BUG:
        break;
    }
    fprintf(stderr, "skarva-audit-fetch: %s\n", err.text);
    return FETCH_FAILED;
}
