/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_csv.c - a file of case records, from bytes to counts: what is accepted keeps the rules that
 * follow from tables, what is refused is told.
 */
#include "client/encoding.h"
#include "client/tally.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char catalogue_json[] =
    "{\"skarva_catalogue\": 1, \"id\": \"fuzz\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"f\", \"en\": \"f\"}, \"dimensions\": ["
    "  {\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"}, \"categories\": ["
    "    {\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
    "    {\"code\": \"X\", \"label\": {\"sv\": \"okänt\", \"en\": \"unknown\"}, \"values\": "
    "[\"\"]}]},"
    "  {\"code\": \"FORM\", \"label\": {\"sv\": \"form\", \"en\": \"form\"},"
    "   \"multiple_response\": true, \"categories\": ["
    "    {\"code\": \"P\", \"label\": {\"sv\": \"psykiskt\", \"en\": \"mental\"}},"
    "    {\"code\": \"F\", \"label\": {\"sv\": \"fysiskt\", \"en\": \"physical\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"f\", \"en\": \"c\"}, "
    "\"columns\": ["
    "    {\"code\": \"nr\", \"kind\": \"id\"},"
    "    {\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\", \"headers\": "
    "[\"kön\"]},"
    "    {\"code\": \"form\", \"kind\": \"category\", \"dimension\": \"FORM\"},"
    "    {\"code\": \"ja\", \"kind\": \"flag\"}, {\"code\": \"antal\", \"kind\": \"number\"},"
    "    {\"code\": \"p\", \"kind\": \"text\"}]}],"
    " \"indicators\": ["
    "  {\"code\": \"A\", \"label\": {\"sv\": \"a\", \"en\": \"a\"}, \"unit\": {\"sv\": \"a\", "
    "\"en\": "
    "\"a\"}, \"origin\": \"ordered\", \"cadence\": \"year\", \"sensitivity\": \"case\","
    "   \"bound\": 1000000, \"may_be_blank\": true, \"tables\": [\"KON\", \"FORM\"],"
    "   \"count\": {\"records\": \"fall\", \"where\": [{\"column\": \"ja\", \"is\": [\"yes\"]}]}},"
    "  {\"code\": \"B\", \"label\": {\"sv\": \"b\", \"en\": \"b\"}, \"unit\": {\"sv\": \"a\", "
    "\"en\": "
    "\"a\"}, \"origin\": \"ordered\", \"cadence\": \"year\", \"sensitivity\": \"case\","
    "   \"bound\": 1000000, \"may_be_blank\": true, \"tables\": [\"KON\", \"FORM\"],"
    "   \"count\": {\"records\": \"fall\", \"distinct\": \"p\"}},"
    "  {\"code\": \"C\", \"label\": {\"sv\": \"c\", \"en\": \"c\"}, \"unit\": {\"sv\": \"a\", "
    "\"en\": "
    "\"a\"}, \"origin\": \"ordered\", \"cadence\": \"year\", \"sensitivity\": \"case\","
    "   \"bound\": 1000000, \"may_be_blank\": true, \"tables\": [\"KON\"],"
    "   \"count\": {\"records\": \"fall\", \"sum\": \"antal\"}}]}";

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

static enum ska_status tally_bytes(uint64_t *counts, struct tally *t, const uint8_t *data,
                                   size_t size, struct notes *notes, struct ska_error *err)
{
    char *text = NULL;
    size_t len = 0;
    enum encoding encoding = ENCODING_UTF8;
    SKA_TRY(encoding_read(&text, &len, &encoding, (struct ska_slice){data, size}, "f.csv", err));
    enum ska_status status = tally_text(t, text, len, "f.csv", SKA_NONE, notes, err);
    free(text);
    SKA_TRY(status);
    return tally_finish(counts, t, notes, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t counts[64] = {0};
    struct tally *t = NULL;
    struct notes notes = {0};
    struct ska_error err = {0};
    if (tally_new(&t, layout()) != SKA_OK)
        abort();
    enum ska_status status = tally_bytes(counts, t, data, size, &notes, &err);
    size_t where = 0;
    if (status == SKA_OK && ska_statement_holds(&where, &layout()->statement, counts) != SKA_OK)
        abort();
    if (status != SKA_OK && status != SKA_E_MEMORY && strncmp(err.text, "f.csv", 5) != 0 &&
        status != SKA_E_RANGE)
        abort();
    notes_clear(&notes);
    tally_free(t);
    return 0;
}
