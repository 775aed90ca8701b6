/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_pxweb.c - the data interface: lists, variables, selections and errors as PxWeb's; what is
 * not in a table cannot be asked for, and no other file is reached.
 */
#include "server/front/pxweb.h"

#include "crypto/scoped.h"
#include "tests/sample_dataset.h"
#include "tests/test.h"

#define N_WIDE 400u /* values of each dimension of the wide table */

/* A table of so many figures; its contents have labels of so many bytes. */
static void write_wide(struct ska_writer *w, const uint32_t size[static DATASET_AXES],
                       size_t label_len)
{
    char label[600] = "";
    memset(label, '"', label_len);
    ska_write_bytes(w, DATASET_MARK, sizeof DATASET_MARK - 1);
    dataset_write_string(w, "lan");
    dataset_write_string(w, "W");
    for (int i = 0; i < 5; i++)
        dataset_write_string(w, "");
    ska_write_u64(w, 0);
    ska_write_u8(w, 0);
    for (int a = 0; a < DATASET_AXES; a++) {
        ska_write_u32(w, size[a]);
        for (uint32_t i = 0; i < size[a]; i++) {
            char code[12];
            (void)snprintf(code, sizeof code, "%03u", i);
            const char *text = a == DATASET_CONTENT && label_len > 0 ? label : code;
            sample_value(w, code, text, text, "", "");
        }
    }
    ska_write_u8(w, 0);
    for (uint32_t i = 0; i < size[0] * size[1] * size[2]; i++) {
        ska_write_u8(w, DATASET_SHOWN);
        ska_write_u8(w, 0);
        ska_write_u64(w, i);
    }
}

static void write_list(struct ska_writer *w)
{
    static const char *const names[] = {"A", "W", "2025Q1"};
    static const uint8_t level[] = {0, 0, 2};
    ska_write_bytes(w, "skarva tables 1\n", 16);
    dataset_write_string(w, "lan");
    dataset_write_text(w, "Länet", "The county");
    ska_write_u32(w, 3);
    for (size_t i = 0; i < 3; i++) {
        ska_write_u8(w, level[i]);
        dataset_write_string(w, names[i]);
        dataset_write_text(w, i == 0 ? "Ärenden" : "annat", i == 0 ? "Cases" : "other");
        dataset_write_string(w, i == 2 ? "" : "2025-10-20");
    }
}

static const uint32_t wide[DATASET_AXES] = {N_WIDE, 1, N_WIDE};
static const uint32_t wordy[DATASET_AXES] = {200, 200, 1}; /* group, content, time */
#define WORDY_LABEL 500

static enum ska_status read_file(uint8_t **data, size_t *len, const char *name, void *arg)
{
    struct ska_writer w = {0};
    (void)arg;
    if (strcmp(name, "data/tables") == 0)
        write_list(&w);
    else if (strcmp(name, "data/indicators/A.table") == 0)
        sample_dataset(&w);
    else if (strcmp(name, "data/indicators/W.table") == 0)
        write_wide(&w, wide, 0); /* over the limit of figures */
    else if (strcmp(name, "data/indicators/L.table") == 0)
        write_wide(&w, wordy, WORDY_LABEL); /* over that of bytes, as CSV */
    else if (strcmp(name, "data/releases/2025Q1.table") == 0)
        ska_write_u8(&w, 0); /* damaged */
    else
        return SKA_E_NOT_FOUND;
    return ska_writer_take(data, len, &w);
}

static const struct pxweb_site site = {read_file, NULL};

/* The answer's status; its text goes to *text, to be freed. */
static int ask(char **text, const char **type, const char *path, const char *query,
               const char *body)
{
    struct pxweb_answer answer = {0};
    const struct pxweb_request request = {
        .is_post = body != NULL,
        .path = path,
        .query = query,
        .body = {(const uint8_t *)body, body != NULL ? strlen(body) : 0}};
    pxweb_answer(&answer, &site, &request);
    ska_write_u8(&answer.body, 0);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(ska_writer_take(&data, &len, &answer.body), SKA_OK);
    *text = (char *)data;
    if (type != NULL)
        *type = answer.type;
    return answer.status;
}

static const struct {
    const char *path, *query;
    int status;
    const char *want;
} gets[] = {
    {"sv/", "", 200, "[{\"dbid\":\"lan\",\"text\":\"Länet\"}]\n"},
    {"en", "", 200, "[{\"dbid\":\"lan\",\"text\":\"The county\"}]\n"},
    {"sv/", "config", 200,
     "{\"maxValues\":50000,\"maxCells\":50000,\"maxCalls\":30,\"timeWindow\":1,\"CORS\":true}\n"},
    {"en/lan/", "", 200,
     "[{\"id\":\"indicators\",\"type\":\"l\",\"text\":\"Indicators over time\"},"
     "{\"id\":\"releases\",\"type\":\"l\",\"text\":\"Whole releases\"}]\n"},
    {"sv/lan/indicators/", "", 200,
     "[{\"id\":\"A\",\"type\":\"t\",\"text\":\"Ärenden\",\"updated\":\"2025-10-20T00:00:00\"},"
     "{\"id\":\"W\",\"type\":\"t\",\"text\":\"annat\",\"updated\":\"2025-10-20T00:00:00\"}]\n"},
    {"en/lan/indicators/A", "", 200,
     "{\"title\":\"Cases by group\",\"variables\":[{\"code\":\"group\",\"text\":\"group\","
     "\"values\":[\"all\",\"N\"],\"valueTexts\":[\"All\",\"The \\\"north\\\"\"],"
     "\"elimination\":true},{\"code\":\"content\",\"text\":\"content\",\"values\":[\"A\",\"A.D.x\"]"
     ","
     "\"valueTexts\":[\"Cases, all\",\"Cases, kind: \\\\x\"]},{\"code\":\"time\",\"text\":\"time\","
     "\"values\":[\"2025Q1\",\"2025Q2\",\"2025Q3\"],\"valueTexts\":[\"2025Q1\",\"2025Q2\","
     "\"2025Q3\"],\"time\":true}]}\n"},
    {"sv/lan/", "query=x&filter=title", 400, "{\"error\":\"Search not activated\"}\n"},
    {"sv/lan/indicators/", "filter=*&query=x", 400, "{\"error\":\"Search not activated\"}\n"},
    {"sv/", "prettyprint=true", 200, "[{\"dbid\":\"lan\",\"text\":\"Länet\"}]\n"},
    {"sv/", "configure", 200, "[{\"dbid\":\"lan\",\"text\":\"Länet\"}]\n"},
    {"en/lan/", "prettyprint=true&config", 200,
     "{\"maxValues\":50000,\"maxCells\":50000,\"maxCalls\":30,\"timeWindow\":1,\"CORS\":true}\n"},
    {"", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"de/", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/annat/", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/annat/", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/indicators/B", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/indicators/A/x", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/indicators/..", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/%2e%2e/A", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv//lan", "", 404, "{\"error\":\"Not Found\"}\n"},
    {"sv/lan/releases/2025Q1", "", 500, "{\"error\":\"Internal Server Error\"}\n"},
};

START_TEST(a_list_is_answered_or_refused)
{
    char *text = NULL;
    int status = ask(&text, NULL, gets[_i].path, gets[_i].query, NULL);
    ck_assert_msg(status == gets[_i].status, "%s: %d", gets[_i].path, status);
    ck_assert_str_eq(text, gets[_i].want);
    free(text);
}
END_TEST

#define ITEM(code, filter, values) \
    "{\"code\":\"" code "\",\"selection\":{\"filter\":\"" filter "\",\"values\":[" values "]}}"
#define QUERY(items, format) "{\"query\":[" items "],\"response\":{\"format\":\"" format "\"}}"

static const struct {
    const char *name, *body;
    const char *want; /* that part of JSON-stat which says what was selected */
} selections[] = {
    {"nothing named: all contents and times of all", QUERY("", "json-stat2"),
     "\"id\":[\"content\",\"time\"],\"size\":[2,3]"},
    {"values", QUERY("", "json-stat2"),
     "\"value\":[12345,null,30,null,null,0],\"status\":{\"1\":\".\","
     "\"2\":\"r\",\"3\":\"..\",\"4\":\".\"}"},
    {"item",
     QUERY(ITEM("group", "item", "\"N\"") "," ITEM("content", "item", "\"A.D.x\""), "json-stat2"),
     "\"id\":[\"group\",\"content\",\"time\"],\"size\":[1,1,3]"},
    {"item's figures",
     QUERY(ITEM("group", "item", "\"N\"") "," ITEM("content", "item", "\"A.D.x\""), "json-stat2"),
     "\"value\":[null,null,5],\"status\":{\"0\":\"..\",\"1\":\".\"}"},
    {"the table's order, not the query's",
     QUERY(ITEM("time", "item", "\"2025Q3\",\"2025Q1\""), "json-stat2"),
     "\"index\":{\"2025Q1\":0,\"2025Q3\":1}"},
    {"top is the latest time", QUERY(ITEM("time", "top", "\"1\""), "json-stat2"),
     "\"index\":{\"2025Q3\":0}"},
    {"top is the first content", QUERY(ITEM("content", "top", "\"1\""), "json-stat2"),
     "\"index\":{\"A\":0}"},
    {"more than there are", QUERY(ITEM("time", "top", "\"9999\""), "json-stat2"), "\"size\":[2,3]"},
    {"all", QUERY(ITEM("group", "all", "\"*\""), "json-stat2"), "\"size\":[2,2,3]"},
    {"all with a pattern", QUERY(ITEM("content", "all", "\"A.*.x\""), "json-stat2"),
     "\"index\":{\"A.D.x\":0}"},
    {"names in capitals", QUERY(ITEM("time", "Top", "\"1\""), "JSON-stat2"),
     "\"index\":{\"2025Q3\":0}"},
    {"what is not known is passed over",
     "{\"query\":[{\"code\":\"time\",\"selection\":{\"filter\":\"top\",\"values\":[\"1\"],\"x\":1},"
     "\"y\":"
     "2}],\"response\":{\"format\":\"json-stat2\",\"params\":[]},\"tableIdForQuery\":\"A\"}",
     "\"index\":{\"2025Q3\":0}"},
    {"no format is PX", "{\"query\":[],\"response\":{}}", "CHARSET=\"ANSI\";"},
    {"nor null", "{\"query\":[],\"response\":null}", "CHARSET=\"ANSI\";"},
    {"nor a format that is null", "{\"query\":[],\"response\":{\"format\":null}}",
     "CHARSET=\"ANSI\";"},
    {"all with two", QUERY(ITEM("time", "all", "\"*Q1\",\"2025Q2\""), "json-stat2"),
     "\"index\":{\"2025Q1\":0,\"2025Q2\":1}"},
};

START_TEST(a_selection_is_what_was_asked_for)
{
    char *text = NULL;
    int status = ask(&text, NULL, "sv/lan/indicators/A", "", selections[_i].body);
    ck_assert_msg(status == 200, "%s: %d %s", selections[_i].name, status, text);
    ck_assert_msg(strstr(text, selections[_i].want) != NULL, "%s: %s", selections[_i].name, text);
    free(text);
}
END_TEST

#define PARAMETER_ERROR "{\"error\":\"Parameter error\"}\n"
#define NO_VARIABLE "{\"error\":\"Parameter error: the variables are group, content and time\"}\n"
#define NO_FORMAT "{\"error\":\"Parameter error: the formats are px, json-stat2, json and csv\"}\n"
#define VARIABLE_ERROR(name) \
    "{\"error\":\"The request for variable '" name "' has an error. Please check your query.\"}\n"

static const struct {
    const char *body, *want;
} wrong[] = {
    {"", PARAMETER_ERROR},
    {"{", PARAMETER_ERROR},
    {"[]", PARAMETER_ERROR},
    {"{}", PARAMETER_ERROR},
    {"{\"query\":{}}", PARAMETER_ERROR},
    {"{\"query\":[],\"query\":[]}", PARAMETER_ERROR},
    {"{\"query\":[]} x", PARAMETER_ERROR},
    {"{\"query\":[1]}", PARAMETER_ERROR},
    {"{\"query\":[{\"code\":\"group\"}]}", PARAMETER_ERROR},
    {QUERY("", "jsonstat2"), NO_FORMAT},
    {QUERY("", "xlsx"), NO_FORMAT},
    {"{\"query\":[],\"response\":{\"format\":1}}", PARAMETER_ERROR},
    {QUERY(ITEM("region", "item", "\"all\""), "json"), NO_VARIABLE},
    {QUERY(ITEM("Group", "item", "\"all\""), "json"), NO_VARIABLE},
    {QUERY(ITEM("group", "item", "\"S\""), "json"), VARIABLE_ERROR("group")},
    {QUERY(ITEM("group", "item", ""), "json"), VARIABLE_ERROR("group")},
    {QUERY(ITEM("group", "item", "1"), "json"), VARIABLE_ERROR("group")},
    {QUERY(ITEM("group", "agg:x", "\"all\""), "json"), VARIABLE_ERROR("group")},
    {QUERY(ITEM("group", "vs:x", "\"all\""), "json"), VARIABLE_ERROR("group")},
    {QUERY(ITEM("content", "all", "\"B*\""), "json"), VARIABLE_ERROR("content")},
    {QUERY(ITEM("content", "item", "\"A.*\""), "json"), VARIABLE_ERROR("content")},
    {QUERY(ITEM("time", "top", "\"0\""), "json"), VARIABLE_ERROR("time")},
    {QUERY(ITEM("time", "top", "\"-1\""), "json"), VARIABLE_ERROR("time")},
    {QUERY(ITEM("time", "top", "\"1\",\"2\""), "json"), VARIABLE_ERROR("time")},
    {QUERY(ITEM("time", "top", "\"10000\""), "json"), VARIABLE_ERROR("time")},
    {QUERY(ITEM("time", "top", "\"1\"") "," ITEM("time", "top", "\"1\""), "json"),
     VARIABLE_ERROR("time")},
};

START_TEST(a_wrong_query_is_refused_as_pxweb_does)
{
    char *text = NULL;
    int status = ask(&text, NULL, "sv/lan/indicators/A", "", wrong[_i].body);
    ck_assert_msg(status == 400, "%s: %d", wrong[_i].body, status);
    ck_assert_msg(strcmp(text, wrong[_i].want) == 0, "%s: %s", wrong[_i].body, text);
    free(text);
}
END_TEST

START_TEST(too_many_figures_are_refused_and_one_less_is_not)
{
    char *text = NULL;
    ck_assert_int_eq(
        ask(&text, NULL, "sv/lan/indicators/W", "", QUERY(ITEM("group", "top", "\"126\""), "csv")),
        403); /* 126 x 400 */
    ck_assert_str_eq(text, "{\"error\":\"Too many values selected\"}\n");
    free(text);
    ck_assert_int_eq(
        ask(&text, NULL, "sv/lan/indicators/W", "", QUERY(ITEM("group", "top", "\"125\""), "csv")),
        200);
    free(text);
}
END_TEST

START_TEST(too_many_bytes_are_refused_too)
{
    char *text = NULL;
    ck_assert_int_eq(
        ask(&text, NULL, "sv/lan/indicators/L", "", QUERY(ITEM("group", "all", "\"*\""), "csv")),
        403);
    ck_assert_str_eq(text, "{\"error\":\"Too many values selected\"}\n");
    free(text);
    static const char *const others[] = {QUERY(ITEM("group", "all", "\"*\""), "json"),
                                         QUERY(ITEM("group", "all", "\"*\""), "json-stat2"),
                                         QUERY(ITEM("group", "all", "\"*\""), "px"),
                                         QUERY(ITEM("group", "top", "\"20\""), "csv")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_int_eq(ask(&text, NULL, "sv/lan/indicators/L", "", others[i]), 200);
        ck_assert_uint_le(strlen(text), PXWEB_BYTES_MAX);
        free(text);
    }
}
END_TEST

START_TEST(an_answer_is_no_longer_than_it_is_said_to_be)
{
    for (int i = 0; i < 3; i++) {
        SKA_SCOPED(dataset_clear) struct dataset d = {0};
        struct ska_writer w = {0};
        uint8_t *data = NULL;
        size_t len = 0;
        if (i == 0)
            sample_dataset(&w);
        else
            write_wide(&w, i == 1 ? wide : wordy, i == 1 ? 0 : WORDY_LABEL);
        ck_assert_status(ska_writer_take(&data, &len, &w), SKA_OK);
        ck_assert_status(dataset_decode(&d, data, len), SKA_OK);
        for (int csv = 0; csv < 2; csv++) {
            SKA_SCOPED(ska_writer_clear) struct ska_writer out = {0};
            (csv == 1 ? pxweb_write_csv : pxweb_write_json)(&out, &d, true);
            ck_assert_uint_le(out.len, pxweb_bytes(&d, csv == 1, true) + 1000); /* title, source */
        }
    }
}
END_TEST

/* Every pattern is held against every value: a query full of them took a front seconds. */
START_TEST(a_query_full_of_patterns_or_codes_is_refused)
{
    for (uint32_t n = PXWEB_PATTERNS_MAX; n <= PXWEB_PATTERNS_MAX + 1; n++) {
        char *text = NULL, body[1000] = "{\"query\":[{\"code\":\"time\",\"selection\":{"
                                        "\"filter\":\"all\",\"values\":[\"*\"";
        for (uint32_t i = 1; i < n; i++)
            strcat(body, ",\"*\"");
        strcat(body, "]}}]}");
        ck_assert_int_eq(ask(&text, NULL, "sv/lan/indicators/A", "", body),
                         n == PXWEB_PATTERNS_MAX ? 200 : 400);
        free(text);
    }
    char *text = NULL; /* the table has three times */
    ck_assert_int_eq(ask(&text, NULL, "sv/lan/indicators/A", "",
                         "{\"query\":[" ITEM("time", "item",
                                             "\"2025Q1\",\"2025Q1\",\"2025Q1\",\"2025Q1\"") "]}"),
                     400);
    ck_assert_str_eq(text, VARIABLE_ERROR("time"));
    free(text);
}
END_TEST

START_TEST(each_format_is_exact)
{
    static const struct {
        const char *body, *type, *want;
    } cases[] = {
        {QUERY(ITEM("group", "all", "\"*\"") "," ITEM("time", "top", "\"3\""), "csv"),
         "text/csv; charset=utf-8",
         "\"group\",\"content\",\"2025Q1\",\"2025Q2\",\"2025Q3\"\r\n"
         "\"All\",\"Cases, all\",12345,\".\",30\r\n"
         "\"All\",\"Cases, kind: \\x\",\"..\",\".\",0\r\n"
         "\"The \"\"north\"\"\",\"Cases, all\",7,\".\",8\r\n"
         "\"The \"\"north\"\"\",\"Cases, kind: \\x\",\"..\",\".\",5\r\n"},
        {QUERY(ITEM("group", "item", "\"N\"") "," ITEM("time", "item", "\"2025Q1\",\"2025Q3\""),
               "json"),
         "application/json; charset=utf-8",
         "{\"columns\":[{\"code\":\"group\",\"text\":\"group\",\"type\":\"d\"},{\"code\":\"time\","
         "\"text\":\"time\",\"type\":\"t\"},{\"code\":\"A\",\"text\":\"Cases, all\",\"type\":\"c\","
         "\"unit\":\"pcs\"},{\"code\":\"A.D.x\",\"text\":\"Cases, kind: \\\\x\",\"type\":\"c\","
         "\"unit\":\"pcs\"}],\"comments\":[],\"data\":[{\"key\":[\"N\",\"2025Q1\"],\"values\":"
         "[\"7\",\"..\"]},{\"key\":[\"N\",\"2025Q3\"],\"values\":[\"8\",\"5\"]}],\"metadata\":"
         "[{\"infofile\":\"\",\"updated\":\"2025-10-20T00:00:00Z\",\"label\":\"Cases by group\","
         "\"source\":\"The plan\"}]}\n"},
        {"{\"query\":[" ITEM("content", "item", "\"A\"") "]}", "text/plain; charset=utf-8", NULL},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = NULL;
        const char *type = NULL;
        ck_assert_int_eq(ask(&text, &type, "en/lan/indicators/A", "", cases[i].body), 200);
        ck_assert_str_eq(type, cases[i].type);
        if (cases[i].want != NULL)
            ck_assert_str_eq(text, cases[i].want);
        else
            ck_assert_ptr_nonnull(strstr(text, "DATA=\r\n12345 \".\" 30 \r\n;\r\n"));
        free(text);
    }
}
END_TEST

START_TEST(a_list_cannot_be_posted_to)
{
    char *text = NULL;
    ck_assert_int_eq(ask(&text, NULL, "sv/lan/", "", "{\"query\":[]}"), 400);
    ck_assert_str_eq(text, PARAMETER_ERROR);
    free(text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pxweb");
    TCase *t = tcase_create("pxweb");
    tcase_add_loop_test(t, a_list_is_answered_or_refused, 0, N_OF(gets));
    tcase_add_loop_test(t, a_selection_is_what_was_asked_for, 0, N_OF(selections));
    tcase_add_loop_test(t, a_wrong_query_is_refused_as_pxweb_does, 0, N_OF(wrong));
    tcase_add_test(t, too_many_figures_are_refused_and_one_less_is_not);
    tcase_add_test(t, too_many_bytes_are_refused_too);
    tcase_add_test(t, an_answer_is_no_longer_than_it_is_said_to_be);
    tcase_add_test(t, a_query_full_of_patterns_or_codes_is_refused);
    tcase_add_test(t, each_format_is_exact);
    tcase_add_test(t, a_list_cannot_be_posted_to);
    suite_add_tcase(s, t);
    return test_run(s);
}
