/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_published.c - the last published table, as a leader's site answers an officer: what is
 * accepted has a number for each cell that it says is shown, what is refused leaves nothing.
 */
#include "client/published.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char catalogue_json[] =
    "{\"skarva_catalogue\": 1, \"id\": \"fuzz\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"f\", \"en\": \"f\"},"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"f\", \"en\": \"c\"},"
    "   \"columns\": [{\"code\": \"nr\", \"kind\": \"id\"}]}],"
    " \"indicators\": [{\"code\": \"A\", \"label\": {\"sv\": \"a\", \"en\": \"a\"},"
    "   \"unit\": {\"sv\": \"a\", \"en\": \"a\"}, \"origin\": \"ordered\", \"cadence\": \"year\","
    "   \"sensitivity\": \"case\", \"bound\": 9, \"may_be_blank\": true, \"marks\": true,"
    "   \"count\": {\"records\": \"fall\"}}]}";

static const struct ska_layout *layout(void)
{
    static struct ska_layout *l; /* made once; lives as long as the process */
    struct ska_catalogue *c = NULL;
    if (l == NULL &&
        (ska_catalogue_parse(&c, catalogue_json, sizeof catalogue_json - 1, NULL) != SKA_OK ||
         ska_layout_new(&l, c, SKA_YEAR, NULL) != SKA_OK))
        abort();
    return l;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ska_layout *l = layout();
    struct published p = {0};
    struct ska_error err = {0};
    enum ska_status status = published_parse(&p, (const char *)data, size, "lan", l, &err);
    if ((status == SKA_OK) != (p.total != NULL) || (status != SKA_OK && err.text[0] == '\0'))
        abort();
    for (uint32_t i = 0; status == SKA_OK && i < l->n_cells; i++)
        if (!p.is_shown[i] && p.total[i] != 0)
            abort();
    published_clear(&p);
    return 0;
}
