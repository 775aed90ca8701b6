/* SPDX-License-Identifier: EUPL-1.2 */
/* test_catalogue.c - the catalogue in its two forms, and periods. */
#include "protocol/catalogue.h"

#include "tests/test.h"

static char *read_text_file(size_t *len, const char *path)
{
    FILE *f = fopen(path, "rbe");
    ck_assert_msg(f != NULL, "cannot open %s (run from the project's root)", path);
    char *text = malloc(SKA_CATALOGUE_BYTES_MAX + 2);
    ck_assert(text != NULL);
    *len = fread(text, 1, SKA_CATALOGUE_BYTES_MAX + 1, f);
    text[*len] = '\0';
    fclose(f);
    return text;
}

static struct ska_catalogue *parse_file(const char *path)
{
    size_t len = 0;
    char *text = read_text_file(&len, path);
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&c, text, len, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", path, err.text);
    free(text);
    return c;
}

/* What docs/catalogue.md says of each: indicators, and counts by cadence without flags. */
struct ours_case {
    const char *id;
    size_t indicators, quarter, half_year, year;
};
static const struct ours_case ours[] = {
    {"operation-norrsken", 13, 55, 0, 5}, {"norrbotten", 11, 37, 0, 16},
    {"vasternorrland", 15, 53, 0, 31},    {"umea", 8, 30, 0, 17},
    {"sundbyberg", 15, 53, 6, 5},         {"kolada-vald", 3, 0, 0, 3},
};

static struct ska_catalogue *parse_ours(const struct ours_case *k)
{
    char path[100];
    (void)snprintf(path, sizeof path, "catalogues/%s.json", k->id);
    return parse_file(path);
}

static size_t counts_of(const struct ska_catalogue *c, enum ska_cadence cadence)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_indicators; i++) {
        const struct ska_indicator *ind = &c->indicators[i];
        n += ind->cadence == cadence;
        for (size_t t = 0; ind->cadence == cadence && t < ind->n_tables; t++)
            n += c->dimensions[ind->tables[t]].n_categories;
    }
    return n;
}

START_TEST(our_catalogues_count_what_the_documents_say)
{
    const struct ours_case *k = &ours[_i];
    struct ska_catalogue *c = parse_ours(k);
    ck_assert_str_eq(c->id, k->id);
    ck_assert_uint_eq(c->n_indicators, k->indicators);
    ck_assert_uint_eq(counts_of(c, SKA_QUARTER), k->quarter);
    ck_assert_uint_eq(counts_of(c, SKA_HALF_YEAR), k->half_year);
    ck_assert_uint_eq(counts_of(c, SKA_YEAR), k->year);
    ska_catalogue_free(c);
}
END_TEST

static bool can_be_one_of_several(const char *word)
{
    return strpbrk(word, ",|") == NULL;
}

/* Categories of a multiple-response column are written between commas. */
START_TEST(our_catalogues_have_no_word_that_a_record_cannot_say)
{
    struct ska_catalogue *c = parse_ours(&ours[_i]);
    for (size_t i = 0; i < c->n_dimensions; i++) {
        const struct ska_dimension *d = &c->dimensions[i];
        for (size_t j = 0; d->multiple_response && j < d->n_categories; j++) {
            const struct ska_category *category = &d->categories[j];
            ck_assert_msg(can_be_one_of_several(category->label.sv) &&
                              can_be_one_of_several(category->label.en),
                          "%s.%s", d->code, category->code);
            for (size_t v = 0; v < category->values.n; v++)
                ck_assert_msg(can_be_one_of_several(category->values.at[v]), "%s.%s: %s", d->code,
                              category->code, category->values.at[v]);
        }
    }
    ska_catalogue_free(c);
}
END_TEST

START_TEST(our_catalogues_encode_and_decode_to_the_same_bytes)
{
    struct ska_catalogue *c = parse_ours(&ours[_i]);
    struct ska_writer a = {0};
    ska_catalogue_encode(&a, c);
    ck_assert_int_eq(ska_writer_status(&a), SKA_OK);
    struct ska_reader r;
    ska_reader_init(&r, a.data, a.len);
    struct ska_catalogue *d = NULL;
    struct ska_error err = {0};
    ck_assert_msg(ska_catalogue_decode(&d, &r, &err) == SKA_OK, "%s", err.text);
    ck_assert_int_eq(ska_read_end(&r), SKA_OK);
    struct ska_writer b = {0};
    ska_catalogue_encode(&b, d);
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.data, b.data, a.len);
    ska_writer_clear(&a);
    ska_writer_clear(&b);
    ska_catalogue_free(c);
    ska_catalogue_free(d);
}
END_TEST

START_TEST(the_example_in_the_documents_is_a_catalogue)
{
    size_t len = 0;
    char *text = read_text_file(&len, "docs/catalogue.md");
    char *begin = strstr(text, "```json\n");
    ck_assert(begin != NULL);
    begin += strlen("```json\n");
    const char *end = strstr(begin, "```");
    ck_assert(end != NULL);
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&c, begin, (size_t)(end - begin), &err);
    ck_assert_msg(got == SKA_OK, "docs/catalogue.md: %s", err.text);
    ska_catalogue_free(c);
    free(text);
}
END_TEST

/* A tiny catalogue that is right; each case replaces the first occurrence of `old` in it. */
static const char tiny[] =
    "{\n"
    "\"skarva_catalogue\": 1,\n"
    "\"id\": \"tiny\", \"edition\": \"1\",\n"
    "\"title\": {\"sv\": \"Liten\", \"en\": \"Tiny\"},\n"
    "\"dimensions\": [\n"
    "  {\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"},\n"
    "   \"categories\": [\n"
    "     {\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},\n"
    "     {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}\n"
    "   ]}\n"
    "],\n"
    "\"record_kinds\": [\n"
    "  {\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},\n"
    "   \"columns\": [\n"
    "     {\"code\": \"nr\", \"kind\": \"id\", \"required\": true},\n"
    "     {\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"},\n"
    "     {\"code\": \"anmalt\", \"kind\": \"flag\"},\n"
    "     {\"code\": \"antal\", \"kind\": \"number\"}\n"
    "   ]}\n"
    "],\n"
    "\"indicators\": [\n"
    "  {\"code\": \"A1\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},\n"
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"},\n"
    "   \"origin\": \"ordered\", \"cadence\": \"quarter\",\n"
    "   \"sensitivity\": \"case\", \"bound\": 100,\n"
    "   \"tables\": [\"KON\"],\n"
    "   \"count\": {\"records\": \"fall\"}},\n"
    "  {\"code\": \"A2\", \"label\": {\"sv\": \"anmälda\", \"en\": \"reported\"},\n"
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"},\n"
    "   \"origin\": \"derived\", \"cadence\": \"quarter\",\n"
    "   \"sensitivity\": \"case\", \"bound\": 50, \"may_be_blank\": true,\n"
    "   \"count\": {\"records\": \"fall\",\n"
    "     \"where\": [{\"column\": \"anmalt\", \"is\": [\"yes\"]}]}}\n"
    "],\n"
    "\"rules\": [\n"
    "  {\"code\": \"R1\", \"label\": {\"sv\": \"högst\", \"en\": \"at most\"},\n"
    "   \"terms\": {\"A1\": 1, \"A2\": -1}}\n"
    "]\n"
    "}\n";

struct json_case {
    const char *name;
    const char *old, *new;
    enum ska_status want;
    const char *text; /* must be in the error */
};

/* clang-format off */
static const struct json_case json_cases[] = {
    {"unchanged", "", "", SKA_OK, ""},
    {"syntax", "\"edition\": \"1\",", "\"edition\": \"1\"", SKA_E_FORMAT, "line 4, column"},
    {"key twice", "\"edition\": \"1\",", "\"edition\": \"1\", \"id\": \"x\",", SKA_E_FORMAT, "line 3"},
    {"future version", "\"skarva_catalogue\": 1", "\"skarva_catalogue\": 2", SKA_E_VERSION, "line 2, skarva_catalogue: "},
    {"no version", "\"skarva_catalogue\": 1,", "", SKA_E_FORMAT, "line 1, skarva_catalogue: is missing"},
    {"unknown field", "\"edition\": \"1\"", "\"edition\": \"1\", \"colour\": 1", SKA_E_FORMAT, "line 3, colour: unknown field"},
    {"field that is part of a known one", "\"edition\": \"1\"", "\"edition\": \"1\", \"rule\": 1", SKA_E_FORMAT, "line 3, rule: unknown field"},
    {"id not a code", "\"tiny\"", "\"ti ny\"", SKA_E_FORMAT, "line 3, id: "},
    {"id is a number", "\"tiny\"", "7", SKA_E_FORMAT, "line 3, id: must be a text"},
    {"title without English", ", \"en\": \"Tiny\"", "", SKA_E_FORMAT, "line 4, title.en: is missing"},
    {"empty title", "\"Liten\"", "\"\"", SKA_E_FORMAT, "line 4, title.sv: must not be empty"},
    {"title with a line break", "\"Liten\"", "\"Li\\nten\"", SKA_E_FORMAT, "line 4, title.sv: must be one line"},
    {"category twice", "\"code\": \"M\", \"label\": {\"sv\": \"man\"", "\"code\": \"M\", \"label\": {\"sv\": \"KVINNA\"", SKA_E_CONFLICT, "line 9, dimensions[0].categories[1]: \"kvinna\""},
    {"comma in one of several", "\"categories\": [\n     {\"code\": \"K\", \"label\": {\"sv\": \"kvinna\"", "\"multiple_response\": true, \"categories\": [\n     {\"code\": \"K\", \"label\": {\"sv\": \"hyra, el\"", SKA_E_FORMAT, "line 8, dimensions[0].categories[0]: \"hyra, el\" has a comma"},
    {"bar in one of several", "\"categories\": [\n     {\"code\": \"K\",", "\"multiple_response\": true, \"categories\": [\n     {\"code\": \"K\", \"values\": [\"a\", \"b|c\"],", SKA_E_FORMAT, "line 8, dimensions[0].categories[0]: \"b|c\" has a comma"},
    {"comma in one of one", "\"sv\": \"kvinna\"", "\"sv\": \"kvinna, alla\"", SKA_OK, ""},
    {"dimension without categories", "\"code\": \"K\", ", "\"kod\": \"K\", ", SKA_E_FORMAT, "line 8, dimensions[0].categories[0].kod: unknown"},
    {"unknown kind of column", "\"kind\": \"id\"", "\"kind\": \"identity\"", SKA_E_FORMAT, "line 15, record_kinds[0].columns[0].kind: must be one of id, category, flag, number, text"},
    {"two ids", "\"kind\": \"flag\"", "\"kind\": \"id\"", SKA_E_CONFLICT, "line 17, record_kinds[0].columns[2]: "},
    {"unknown dimension", "\"dimension\": \"KON\"", "\"dimension\": \"ALD\"", SKA_E_NOT_FOUND, "line 16, record_kinds[0].columns[1].dimension: "},
    {"dimension of a flag", "\"kind\": \"flag\"", "\"kind\": \"flag\", \"dimension\": \"KON\"", SKA_E_FORMAT, "line 17, record_kinds[0].columns[2].dimension: "},
    {"bound not a number", "\"bound\": 100", "\"bound\": \"100\"", SKA_E_FORMAT, "line 25, indicators[0].bound: must be a whole number"},
    {"bound with decimals", "\"bound\": 100", "\"bound\": 100.5", SKA_E_FORMAT, "line 25, indicators[0].bound: must be a whole number"},
    {"bound zero", "\"bound\": 100", "\"bound\": 0", SKA_E_RANGE, "line 25, indicators[0].bound: must be from 1 to 4294967296"},
    {"bound over 2^32", "\"bound\": 100", "\"bound\": 4294967297", SKA_E_RANGE, "line 25, indicators[0].bound: "},
    {"warning over the bound", "\"bound\": 100", "\"bound\": 100, \"soft_warn\": 101", SKA_E_RANGE, "line 25, indicators[0].soft_warn: "},
    {"unknown cadence", "\"cadence\": \"quarter\"", "\"cadence\": \"week\"", SKA_E_FORMAT, "line 24, indicators[0].cadence: must be one of month, quarter"},
    {"unknown table", "[\"KON\"]", "[\"ALD\"]", SKA_E_NOT_FOUND, "line 26, indicators[0].tables[0]: "},
    {"table twice", "[\"KON\"]", "[\"KON\", \"KON\"]", SKA_E_CONFLICT, "line 26, indicators[0].tables[1]: "},
    {"table over two dimensions", "[\"KON\"]", "[[\"KON\", \"KON\"]]", SKA_E_FORMAT, "line 26, indicators[0].tables[0]: must be a dimension's code in quotes"},
    {"table without column", "\"kind\": \"category\", \"dimension\": \"KON\"", "\"kind\": \"text\"", SKA_E_FORMAT, "line 26, indicators[0].tables[0]: record kind fall must have one column of KON"},
    {"all about publication", "\"bound\": 100", "\"bound\": 100, \"zeros\": \"hidden\", \"yearly\": \"sum\", \"marks\": true, \"denominator\": {\"population\": \"women\", \"per\": 10000}", SKA_OK, ""},
    {"not for groups", "\"bound\": 100", "\"bound\": 100, \"groups\": \"none\"", SKA_OK, ""},
    {"for groups too", "\"bound\": 100", "\"bound\": 100, \"groups\": \"all\"", SKA_OK, ""},
    {"unknown groups", "\"bound\": 100", "\"bound\": 100, \"groups\": \"some\"", SKA_E_FORMAT, "line 25, indicators[0].groups: must be one of all, none"},
    {"groups is a truth value", "\"bound\": 100", "\"bound\": 100, \"groups\": false", SKA_E_FORMAT, "line 25, indicators[0].groups: must be a text"},
    {"unknown way of zeros", "\"bound\": 100", "\"bound\": 100, \"zeros\": \"policy\"", SKA_E_FORMAT, "line 25, indicators[0].zeros: must be one of shown, hidden"},
    {"zeros is a truth value", "\"bound\": 100", "\"bound\": 100, \"zeros\": true", SKA_E_FORMAT, "line 25, indicators[0].zeros: must be a text"},
    {"unknown yearly", "\"bound\": 100", "\"bound\": 100, \"yearly\": \"mean\"", SKA_E_FORMAT, "line 25, indicators[0].yearly: must be one of sum, none"},
    {"yearly none", "\"bound\": 100", "\"bound\": 100, \"yearly\": \"none\"", SKA_OK, ""},
    {"sum of different values", "{\"code\": \"antal\", \"kind\": \"number\"}\n   ]}\n],\n\"indicators\": [\n  {\"code\": \"A1\",", "{\"code\": \"antal\", \"kind\": \"number\"}, {\"code\": \"person\", \"kind\": \"text\"}\n   ]}\n],\n\"indicators\": [\n  {\"code\": \"P\", \"label\": {\"sv\": \"p\", \"en\": \"p\"}, \"unit\": {\"sv\": \"p\", \"en\": \"p\"}, \"origin\": \"ordered\", \"cadence\": \"quarter\", \"sensitivity\": \"case\", \"bound\": 9,\n \"yearly\": \"sum\",\n \"count\": {\"records\": \"fall\", \"distinct\": \"person\"}},\n  {\"code\": \"A1\",", SKA_E_CONFLICT, "line 23, indicators[0].yearly: different values"},
    {"sum of years", "\"cadence\": \"quarter\"", "\"yearly\": \"sum\", \"cadence\": \"year\"", SKA_E_CONFLICT, "line 24, indicators[0].yearly: what is counted once a year"},
    {"marks is a number", "\"bound\": 100", "\"bound\": 100, \"marks\": 1", SKA_E_FORMAT, "line 25, indicators[0].marks: must be true or false"},
    {"denominator is a text", "\"bound\": 100", "\"bound\": 100, \"denominator\": \"all\"", SKA_E_FORMAT, "line 25, indicators[0].denominator: "},
    {"denominator of nobody", "\"bound\": 100", "\"bound\": 100, \"denominator\": {\"per\": 1000}", SKA_E_FORMAT, "line 25, indicators[0].denominator.population: is missing"},
    {"denominator of cats", "\"bound\": 100", "\"bound\": 100, \"denominator\": {\"population\": \"cats\", \"per\": 1000}", SKA_E_FORMAT, "line 25, indicators[0].denominator.population: must be one of all, women, men"},
    {"per nothing", "\"bound\": 100", "\"bound\": 100, \"denominator\": {\"population\": \"all\"}", SKA_E_FORMAT, "line 25, indicators[0].denominator.per: is missing"},
    {"per hundred", "\"bound\": 100", "\"bound\": 100, \"denominator\": {\"population\": \"all\", \"per\": 100}", SKA_E_RANGE, "line 25, indicators[0].denominator.per: must be 1000 or 10000"},
    {"per zero", "\"bound\": 100", "\"bound\": 100, \"denominator\": {\"population\": \"men\", \"per\": 0}", SKA_E_RANGE, "line 25, indicators[0].denominator.per: must be"},
    {"no records", "\"count\": {\"records\": \"fall\"}", "\"count\": {}", SKA_E_FORMAT, "line 27, indicators[0].count.records: is missing"},
    {"unknown records", "\"count\": {\"records\": \"fall\"}", "\"count\": {\"records\": \"x\"}", SKA_E_NOT_FOUND, "line 27, indicators[0].count.records: "},
    {"sum of a flag", "\"count\": {\"records\": \"fall\"}", "\"count\": {\"records\": \"fall\", \"sum\": \"anmalt\"}", SKA_E_FORMAT, "line 27, indicators[0].count.sum: "},
    {"distinct numbers", "\"count\": {\"records\": \"fall\"}", "\"count\": {\"records\": \"fall\", \"distinct\": \"antal\"}", SKA_E_FORMAT, "line 27, indicators[0].count.distinct: "},
    {"flag is neither yes nor no", "[\"yes\"]", "[\"ja\"]", SKA_E_FORMAT, "line 33, indicators[1].count.where[0].is[0]: "},
    {"condition on a number", "\"column\": \"anmalt\"", "\"column\": \"antal\"", SKA_E_FORMAT, "line 33, indicators[1].count.where[0].column: "},
    {"condition without values", "[\"yes\"]", "[]", SKA_E_FORMAT, "line 33, indicators[1].count.where[0].is: "},
    {"condition on an unknown category", "\"column\": \"anmalt\", \"is\": [\"yes\"]", "\"column\": \"kon\", \"is\": [\"X\"]", SKA_E_NOT_FOUND, "line 33, indicators[1].count.where[0].is[0]: dimension KON has no category X"},
    {"indicator twice", "\"code\": \"A2\"", "\"code\": \"a1\"", SKA_E_CONFLICT, "line 28, indicators[1]: "},
    {"rule on a mark", "\"A2\": -1", "\"A2.marked\": -1", SKA_E_NOT_FOUND, "line 37, rules[0].terms: there is no cell A2.marked"},
    {"rule on an unknown cell", "\"A2\": -1", "\"A3\": -1", SKA_E_NOT_FOUND, "line 37, rules[0].terms: there is no cell A3"},
    {"rule on a flag that is not", "\"A2\": -1", "\"A1.answered\": -1", SKA_E_NOT_FOUND, "line 37, rules[0].terms: "},
    {"rule on a category that is not", "\"A2\": -1", "\"A1.KON.X\": -1", SKA_E_NOT_FOUND, "line 37, rules[0].terms: "},
    {"rule on a cell with a fourth part", "\"A2\": -1", "\"A1.KON.K.x\": -1", SKA_E_NOT_FOUND, "line 37, rules[0].terms: "},
    {"rule on a flag", "\"A2\": -1", "\"A2.answered\": -1", SKA_OK, ""},
    {"rule on a category", "\"A2\": -1", "\"A1.KON.K\": -1", SKA_OK, ""},
    {"coefficient zero", "\"A2\": -1", "\"A2\": 0", SKA_E_RANGE, "line 37, rules[0].terms: "},
    {"coefficient not a number", "\"A2\": -1", "\"A2\": \"-1\"", SKA_E_FORMAT, "line 37, rules[0].terms.A2: "},
    {"rule of two cadences", "\"cadence\": \"quarter\"", "\"cadence\": \"year\"", SKA_E_CONFLICT, "line 37, rules[0].terms: "},
    {"not an object", "{\n\"skarva", "[\n\"skarva", SKA_E_FORMAT, "line 2, column"},
};
/* clang-format on */

static char *edited(const struct json_case *k)
{
    const char *at = strstr(tiny, k->old);
    ck_assert_msg(at != NULL, "%s: nothing to replace", k->name);
    size_t before = (size_t)(at - tiny);
    char *text = malloc(sizeof tiny + strlen(k->new));
    ck_assert(text != NULL);
    memcpy(text, tiny, before);
    memcpy(text + before, k->new, strlen(k->new));
    const char *rest = at + strlen(k->old);
    memcpy(text + before + strlen(k->new), rest, strlen(rest) + 1);
    return text;
}

START_TEST(json_is_taken_or_the_fault_is_told_with_line_and_field)
{
    const struct json_case *k = &json_cases[_i];
    char *text = edited(k);
    struct ska_catalogue *c = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&c, text, strlen(text), &err);
    ck_assert_msg(got == k->want, "%s: got %s (%s)", k->name, ska_status_name(got), err.text);
    ck_assert_msg(strstr(err.text, k->text) != NULL, "%s: got \"%s\" want \"%s\"", k->name,
                  err.text, k->text);
    ck_assert_msg((c != NULL) == (k->want == SKA_OK), "%s: output", k->name);
    ska_catalogue_free(c);
    free(text);
}
END_TEST

START_TEST(json_over_the_limit_is_refused)
{
    char *text = malloc(SKA_CATALOGUE_BYTES_MAX + 1);
    ck_assert(text != NULL);
    memset(text, ' ', SKA_CATALOGUE_BYTES_MAX + 1);
    memcpy(text, tiny, sizeof tiny - 1);
    struct ska_catalogue *c = NULL;
    ck_assert_int_eq(ska_catalogue_parse(&c, text, SKA_CATALOGUE_BYTES_MAX, NULL), SKA_OK);
    ska_catalogue_free(c);
    c = NULL;
    ck_assert_int_eq(ska_catalogue_parse(&c, text, SKA_CATALOGUE_BYTES_MAX + 1, NULL), SKA_E_LIMIT);
    ck_assert_ptr_null(c);
    free(text);
}
END_TEST

START_TEST(every_truncation_and_every_changed_byte_decodes_to_what_was_written_or_not_at_all)
{
    struct ska_catalogue *c = NULL;
    ck_assert_int_eq(ska_catalogue_parse(&c, tiny, sizeof tiny - 1, NULL), SKA_OK);
    struct ska_writer w = {0};
    ska_catalogue_encode(&w, c);
    ska_catalogue_free(c);
    for (size_t len = 0; len < w.len; len++) {
        struct ska_reader r;
        ska_reader_init(&r, w.data, len);
        struct ska_catalogue *d = NULL;
        enum ska_status got = ska_catalogue_decode(&d, &r, NULL);
        ck_assert_msg(got == SKA_E_TRUNCATED, "%zu bytes: %s", len, ska_status_name(got));
        ck_assert_uint_eq(r.left, len);
    }
    for (size_t i = 0; i < w.len; i++) {
        w.data[i] ^= 0x41;
        struct ska_reader r;
        ska_reader_init(&r, w.data, w.len);
        struct ska_catalogue *d = NULL;
        if (ska_catalogue_decode(&d, &r, NULL) == SKA_OK) {
            struct ska_writer again = {0};
            ska_catalogue_encode(&again, d);
            ck_assert_uint_eq(again.len, w.len - r.left);
            ck_assert_mem_eq(again.data, w.data, again.len);
            ska_writer_clear(&again);
        }
        ska_catalogue_free(d);
        w.data[i] ^= 0x41;
    }
    ska_writer_clear(&w);
}
END_TEST

struct publication_case {
    const char *name;
    enum ska_zeros zeros;
    enum ska_yearly yearly;
    bool marks;
    enum ska_population population;
    uint32_t per;
    enum ska_cadence cadence;
    enum ska_status want;
};
static const struct publication_case publication_cases[] = {
    {"nothing", 0, 0, false, 0, 0, SKA_QUARTER, SKA_OK},
    {"all of it", SKA_ZEROS_HIDDEN, SKA_YEARLY_SUM, true, SKA_POPULATION_MEN, 10000, SKA_HALF_YEAR,
     SKA_OK},
    {"women per 1,000", SKA_ZEROS_SHOWN, 0, false, SKA_POPULATION_WOMEN, 1000, SKA_YEAR, SKA_OK},
    {"zeros past the last", 3, 0, false, 0, 0, SKA_QUARTER, SKA_E_ENCODING},
    {"yearly past the last", 0, 2, false, 0, 0, SKA_QUARTER, SKA_E_ENCODING},
    {"sum of years", 0, SKA_YEARLY_SUM, false, 0, 0, SKA_YEAR, SKA_E_CONFLICT},
    {"population past the last", 0, 0, false, 4, 1000, SKA_QUARTER, SKA_E_ENCODING},
    {"per so many of nobody", 0, 0, false, 0, 1000, SKA_QUARTER, SKA_E_RANGE},
    {"per nothing", 0, 0, false, SKA_POPULATION_ALL, 0, SKA_QUARTER, SKA_E_RANGE},
    {"per hundred", 0, 0, false, SKA_POPULATION_ALL, 100, SKA_QUARTER, SKA_E_RANGE},
};

/* Also what no JSON can say. */
START_TEST(how_an_indicator_is_published_survives_the_binary_form_or_is_refused)
{
    const struct publication_case *k = &publication_cases[_i];
    struct ska_catalogue *c = NULL;
    ck_assert_int_eq(ska_catalogue_parse(&c, tiny, sizeof tiny - 1, NULL), SKA_OK);
    c->n_rules = 0; /* all rules are of one cadence */
    struct ska_indicator *a = &c->indicators[0];
    a->zeros = k->zeros;
    a->yearly = k->yearly;
    a->marks = k->marks;
    a->population = k->population;
    a->per = k->per;
    a->cadence = k->cadence;
    struct ska_writer w = {0};
    ska_catalogue_encode(&w, c);
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    struct ska_catalogue *d = NULL;
    enum ska_status got = ska_catalogue_decode(&d, &r, NULL);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    if (got == SKA_OK) {
        const struct ska_indicator *b = &d->indicators[0];
        ck_assert_msg(b->zeros == k->zeros && b->yearly == k->yearly && b->marks == k->marks &&
                          b->population == k->population && b->per == k->per,
                      "%s: changed", k->name);
    }
    ska_writer_clear(&w);
    c->n_rules = 1;
    ska_catalogue_free(c);
    ska_catalogue_free(d);
}
END_TEST

/* Of what some indicator is not published for groups the form is version 3, and of nothing else. */
START_TEST(what_is_for_all_together_only_has_a_version_of_its_own)
{
    struct ska_catalogue *c = NULL, *d = NULL;
    struct ska_writer plain = {0}, whole = {0};
    struct ska_reader r;
    ck_assert_int_eq(ska_catalogue_parse(&c, tiny, sizeof tiny - 1, NULL), SKA_OK);
    ska_catalogue_encode(&plain, c);
    ck_assert_uint_eq(plain.data[0], 2);
    c->indicators[0].whole_only = true;
    ska_catalogue_encode(&whole, c);
    ck_assert_uint_eq(whole.data[0], 3);
    ck_assert_uint_eq(whole.len, plain.len + c->n_indicators);
    ska_reader_init(&r, whole.data, whole.len);
    ck_assert_int_eq(ska_catalogue_decode(&d, &r, NULL), SKA_OK);
    for (size_t i = 0; i < c->n_indicators; i++)
        ck_assert(d->indicators[i].whole_only == c->indicators[i].whole_only);
    ska_catalogue_free(d);
    size_t at = 0, n_refused = 0;
    while (whole.data[at + 1] == plain.data[at + 1])
        at++; /* the first that differs, but for the version, is the indicator's */
    at++;
    ck_assert_uint_eq(whole.data[at], 1);
    for (unsigned value = 0; value < 256; value++) {
        whole.data[at] = (uint8_t)value; /* 0: version 3 where none needs it */
        ska_reader_init(&r, whole.data, whole.len);
        d = NULL;
        enum ska_status got = ska_catalogue_decode(&d, &r, NULL);
        ck_assert_int_eq(got, value == 1 ? SKA_OK : SKA_E_ENCODING);
        n_refused += got != SKA_OK;
        ska_catalogue_free(d);
    }
    ck_assert_uint_eq(n_refused, 255);
    ska_writer_clear(&plain);
    ska_writer_clear(&whole);
    ska_catalogue_free(c);
}
END_TEST

struct period_case {
    const char *name;
    enum ska_status want;
    enum ska_cadence cadence;
    uint32_t year, part;
    const char *previous;
};
static const struct period_case period_cases[] = {
    {"2025", SKA_OK, SKA_YEAR, 2025, 1, "2024"},
    {"2025Q2", SKA_OK, SKA_QUARTER, 2025, 2, "2025Q1"},
    {"2025Q1", SKA_OK, SKA_QUARTER, 2025, 1, "2024Q4"},
    {"2025H2", SKA_OK, SKA_HALF_YEAR, 2025, 2, "2025H1"},
    {"2025H1", SKA_OK, SKA_HALF_YEAR, 2025, 1, "2024H2"},
    {"2025T1", SKA_OK, SKA_FOUR_MONTHS, 2025, 1, "2024T3"},
    {"2025-07", SKA_OK, SKA_MONTH, 2025, 7, "2025-06"},
    {"2025-01", SKA_OK, SKA_MONTH, 2025, 1, "2024-12"},
    {"2025-12", SKA_OK, SKA_MONTH, 2025, 12, "2025-11"},
    {"2025Q0", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025Q5", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025q2", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025Q22", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025-13", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025-7", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025T4", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025H3", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"202", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"0025", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025 ", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
    {"2025Q", SKA_E_FORMAT, SKA_YEAR, 0, 0, NULL},
};

START_TEST(periods_parse_and_step_back)
{
    const struct period_case *k = &period_cases[_i];
    enum ska_cadence cadence = SKA_YEAR;
    uint32_t year = 0;
    uint32_t part = 0;
    enum ska_status got = ska_period_parse(&cadence, &year, &part, k->name);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_int_eq(cadence, k->cadence);
    ck_assert_uint_eq(year, k->year);
    ck_assert_uint_eq(part, k->part);
    if (k->previous == NULL)
        return;
    char previous[SKA_PERIOD_MAX + 1];
    ska_period_previous(previous, k->name);
    ck_assert_str_eq(previous, k->previous);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tc = tcase_create("catalogue");
    tcase_add_loop_test(tc, our_catalogues_count_what_the_documents_say, 0, (int)N_OF(ours));
    tcase_add_loop_test(tc, our_catalogues_have_no_word_that_a_record_cannot_say, 0,
                        (int)N_OF(ours));
    tcase_add_loop_test(tc, our_catalogues_encode_and_decode_to_the_same_bytes, 0, (int)N_OF(ours));
    tcase_add_test(tc, the_example_in_the_documents_is_a_catalogue);
    tcase_add_loop_test(tc, json_is_taken_or_the_fault_is_told_with_line_and_field, 0,
                        (int)N_OF(json_cases));
    tcase_add_test(tc, json_over_the_limit_is_refused);
    tcase_add_test(
        tc, every_truncation_and_every_changed_byte_decodes_to_what_was_written_or_not_at_all);
    tcase_add_test(tc, what_is_for_all_together_only_has_a_version_of_its_own);
    tcase_add_loop_test(tc, how_an_indicator_is_published_survives_the_binary_form_or_is_refused, 0,
                        (int)N_OF(publication_cases));
    tcase_add_loop_test(tc, periods_parse_and_step_back, 0, (int)N_OF(period_cases));
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
