/* SPDX-License-Identifier: EUPL-1.2 */
/* test_problem.c - problem documents. */
#include "tests/samples.h"
#include "tests/test.h"

static char type[64];
static char detail[64];

static enum ska_status read_text(const char *json)
{
    return ska_problem_read(type, sizeof type, detail, sizeof detail,
                            (struct ska_slice){(const uint8_t *)json, strlen(json)});
}

START_TEST(a_problem_is_this_document)
{
    struct ska_writer w = {0};
    uint8_t task_id[32] = {0xFB, 0xF0};
    ck_assert_status(
        ska_problem_write(&w, SKA_PROBLEM_INVALID_BATCH_SIZE, 400, "2 of \"3\"\\\n", task_id),
        SKA_OK);
    ska_write_u8(&w, 0);
    ck_assert_str_eq((const char *)w.data,
                     "{\"type\":\"urn:ietf:params:ppm:dap:error:invalidBatchSize\","
                     "\"title\":\"The number of reports in the batch is invalid.\","
                     "\"status\":400,\"detail\":\"2 of \\\"3\\\"\\\\?\","
                     "\"taskid\":\"-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}");
    w.len--;
    ck_assert_status(ska_problem_read(type, sizeof type, detail, sizeof detail,
                                      (struct ska_slice){w.data, w.len}),
                     SKA_OK);
    ck_assert_str_eq(type, "invalidBatchSize");
    ck_assert_str_eq(detail, "2 of \"3\"\\?");
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_problem_of_no_type_is_about_blank)
{
    struct ska_writer w = {0};
    ck_assert_status(ska_problem_write(&w, SKA_PROBLEM_NONE, 503, NULL, NULL), SKA_OK);
    ska_write_u8(&w, 0);
    ck_assert_str_eq((const char *)w.data, "{\"type\":\"about:blank\",\"status\":503}");
    ska_writer_clear(&w);
    ck_assert_status(read_text("{\"type\":\"about:blank\",\"status\":503}"), SKA_OK);
    ck_assert_str_eq(type, "");
    ck_assert_str_eq(detail, "");
}
END_TEST

START_TEST(every_type_comes_back)
{
    for (int i = SKA_PROBLEM_INVALID_MESSAGE; i <= SKA_PROBLEM_INVALID_EXTENSION; i++) {
        struct ska_writer w = {0};
        ck_assert_status(ska_problem_write(&w, (enum ska_problem)i, 400, "d", NULL), SKA_OK);
        ck_assert_status(ska_problem_read(type, sizeof type, detail, sizeof detail,
                                          (struct ska_slice){w.data, w.len}),
                         SKA_OK);
        const char *urn = ska_problem_type((enum ska_problem)i);
        ck_assert_msg(strncmp(urn, "urn:ietf:params:ppm:dap:error:", 30) == 0, "%s", urn);
        ck_assert_str_eq(type, urn + 30);
        ska_writer_clear(&w);
    }
    ck_assert_str_eq(ska_problem_type(SKA_PROBLEM_NONE), "about:blank");
    ck_assert_str_eq(ska_problem_type((enum ska_problem)99), "about:blank");
}
END_TEST

START_TEST(an_impossible_problem_is_a_bug)
{
    struct ska_writer w = {0};
    ck_assert_status(ska_problem_write(&w, (enum ska_problem)99, 400, NULL, NULL), SKA_E_BUG);
    ck_assert_status(ska_problem_write(&w, SKA_PROBLEM_NONE, 99, NULL, NULL), SKA_E_BUG);
    ck_assert_uint_eq(w.len, 0);
}
END_TEST

struct read_case {
    const char *json;
    enum ska_status want;
    const char *type, *detail;
};
static const struct read_case reads[] = {
    {"{}", SKA_OK, "", ""},
    {"{\"type\":\"https://example.org/x\",\"detail\":\"d\"}", SKA_OK, "", "d"},
    {"{\"detail\":\"\\u001b[31mred\\u202e\"}", SKA_OK, "", "?[31mred???"},
    {"", SKA_E_FORMAT, "", ""},
    {"[]", SKA_E_FORMAT, "", ""},
    {"{\"type\":4}", SKA_E_FORMAT, "", ""},
    {"{\"detail\":null}", SKA_E_FORMAT, "", ""},
    {"{\"type\":\"a\",\"type\":\"b\"}", SKA_E_FORMAT, "", ""},
    {"{\"detail\":\"\xFF\"}", SKA_E_FORMAT, "", ""},
    {"{\"detail\":\"d\"", SKA_E_FORMAT, "", ""},
    {"{} x", SKA_E_FORMAT, "", ""},
    {"<html>", SKA_E_FORMAT, "", ""},
};

START_TEST(answers_of_others_are_read_with_care)
{
    const struct read_case *k = &reads[_i];
    enum ska_status got = read_text(k->json);
    ck_assert_msg(got == k->want, "%s: got %s", k->json, ska_status_name(got));
    if (got == SKA_OK) {
        ck_assert_str_eq(type, k->type);
        ck_assert_str_eq(detail, k->detail);
    }
}
END_TEST

START_TEST(a_detail_is_cut_at_a_characters_end)
{
    static const char json[] = "{\"detail\":\"a\xC3\xA5\xC3\xA4\"}";
    const struct ska_slice in = SAMPLE_SLICE(json);
    char small[4] = "xxx";
    ck_assert_status(ska_problem_read(type, sizeof type, small, 4, in), SKA_OK);
    ck_assert_str_eq(small, "a\xC3\xA5");
    ck_assert_status(ska_problem_read(type, sizeof type, small, 3, in), SKA_OK);
    ck_assert_str_eq(small, "a");
    ck_assert_status(ska_problem_read(type, sizeof type, small, 1, in), SKA_OK);
    ck_assert_str_eq(small, "");
}
END_TEST

START_TEST(a_document_over_the_limit_is_not_parsed)
{
    const size_t most = 65536;
    char *json = malloc(most + 1);
    ck_assert_ptr_nonnull(json);
    memset(json, ' ', most + 1);
    json[0] = '{';
    json[1] = '}';
    ck_assert_status(ska_problem_read(type, sizeof type, detail, sizeof detail,
                                      (struct ska_slice){(const uint8_t *)json, most}),
                     SKA_OK);
    ck_assert_status(ska_problem_read(type, sizeof type, detail, sizeof detail,
                                      (struct ska_slice){(const uint8_t *)json, most + 1}),
                     SKA_E_FORMAT);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("problem");
    TCase *tcase = tcase_create("problem");
    tcase_add_test(tcase, a_problem_is_this_document);
    tcase_add_test(tcase, a_problem_of_no_type_is_about_blank);
    tcase_add_test(tcase, every_type_comes_back);
    tcase_add_test(tcase, an_impossible_problem_is_a_bug);
    tcase_add_loop_test(tcase, answers_of_others_are_read_with_care, 0, (int)N_OF(reads));
    tcase_add_test(tcase, a_detail_is_cut_at_a_characters_end);
    tcase_add_test(tcase, a_document_over_the_limit_is_not_parsed);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
