/* SPDX-License-Identifier: EUPL-1.2 */
/* layout.h - one small layout for targets that read counts or figures: a total, its two categories,
 * an "answered" flag and a mark. */
#ifndef SKA_TESTS_FUZZ_LAYOUT_H
#define SKA_TESTS_FUZZ_LAYOUT_H

#include "protocol/layout.h"

#include <stdio.h>
#include <stdlib.h>

static const char fuzz_catalogue[] =
    "{\"skarva_catalogue\": 1, \"id\": \"fuzz\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"f\", \"en\": \"f\"},"
    " \"dimensions\": [{\"code\": \"KON\", \"label\": {\"sv\": \"k\", \"en\": \"s\"}, "
    "\"categories\":"
    "   [{\"code\": \"K\", \"label\": {\"sv\": \"k\", \"en\": \"w\"}},"
    "    {\"code\": \"M\", \"label\": {\"sv\": \"m\", \"en\": \"m\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"f\", \"en\": \"c\"},"
    "   \"columns\": [{\"code\": \"nr\", \"kind\": \"id\"},"
    "                 {\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"}]}],"
    " \"indicators\": [{\"code\": \"A\", \"label\": {\"sv\": \"a\", \"en\": \"a\"},"
    "   \"unit\": {\"sv\": \"a\", \"en\": \"a\"}, \"origin\": \"ordered\", \"cadence\": "
    "\"quarter\","
    "   \"sensitivity\": \"case\", \"bound\": 9, \"may_be_blank\": true, \"marks\": true,"
    "   \"tables\": [\"KON\"],"
    "   \"count\": {\"records\": \"fall\"}}]}";

/* Made once; lives as long as the process. */
static inline const struct ska_layout *fuzz_layout(void)
{
    static struct ska_layout *l;
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    if (l == NULL &&
        (ska_catalogue_parse(&c, fuzz_catalogue, sizeof fuzz_catalogue - 1, &err) != SKA_OK ||
         ska_layout_new(&l, c, SKA_QUARTER, &err) != SKA_OK)) {
        (void)fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return l;
}

#endif
