/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_dataset.c - a published table: its file form is read back whole or refused, a part cut out
 * of it holds the right figures, and JSON-stat and PX say it byte for byte.
 */
#include "support/dataset.h"

#include "crypto/scoped.h"
#include "tests/sample_dataset.h"
#include "tests/test.h"

static void decode_sample(struct dataset *d)
{
    struct ska_writer w = {0};
    uint8_t *bytes = NULL;
    size_t len = 0;
    sample_dataset(&w);
    ck_assert_status(ska_writer_take(&bytes, &len, &w), SKA_OK);
    ck_assert_status(dataset_decode(d, bytes, len), SKA_OK);
}

static enum ska_status decode_copy(const uint8_t *bytes, size_t len)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    uint8_t *copy = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, len);
    return dataset_decode(&d, copy, len);
}

START_TEST(a_file_is_read_whole_and_refused_when_cut_or_lengthened)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    sample_dataset(&w);
    ck_assert_status(decode_copy(w.data, w.len), SKA_OK);
    for (size_t len = 0; len < w.len; len++)
        ck_assert_msg(decode_copy(w.data, len) != SKA_OK, "cut at %zu", len);
    size_t whole = w.len;
    ska_write_u8(&w, 0);
    ck_assert_status(decode_copy(w.data, whole + 1), SKA_E_TRAILING);
}
END_TEST

/* A hidden figure that has a value, and the like, are refused: nothing hidden can be in a file. */
START_TEST(a_figure_must_be_what_its_status_says)
{
    static const struct {
        size_t back; /* from the end: figures are 10 bytes each */
        uint8_t byte;
    } cases[] = {{30, DATASET_HIDDEN + 1}, {29, 3}, {20, 9}, {59, 3}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    sample_dataset(&w);
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint8_t before = w.data[w.len - cases[i].back];
        w.data[w.len - cases[i].back] = cases[i].byte;
        ck_assert_msg(decode_copy(w.data, w.len) == SKA_E_RANGE, "case %zu", i);
        w.data[w.len - cases[i].back] = before;
    }
    w.data[w.len - 1 - 20] = 1; /* a value beside the hidden figure */
    ck_assert_status(decode_copy(w.data, w.len), SKA_E_RANGE);
}
END_TEST

START_TEST(a_part_has_the_right_figures)
{
    static const size_t second[] = {1}, both[] = {0, 1}, ends[] = {0, 2};
    const struct dataset_selection by[DATASET_AXES] = {
        {1, second, true}, {2, both, false}, {2, ends, false}};
    SKA_SCOPED(dataset_clear) struct dataset whole = {0};
    SKA_SCOPED(dataset_clear) struct dataset part = {0};
    decode_sample(&whole);
    ck_assert_status(dataset_select(&part, &whole, by), SKA_OK);
    ck_assert_uint_eq(dataset_count(&part), 4);
    for (size_t c = 0; c < 2; c++)
        for (size_t t = 0; t < 2; t++)
            ck_assert_mem_eq(dataset_at(&part, 0, c, t), dataset_at(&whole, 1, c, ends[t]),
                             sizeof(struct dataset_figure));
    ck_assert_str_eq(part.axes[DATASET_TIME].values[1].code, "2025Q3");
    ck_assert_str_eq(part.releases[1].day, "2025-10-20");
    ck_assert(part.axes[DATASET_GROUP].is_dropped);
}
END_TEST

static const char json_stat[] =
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"Ärenden efter "
    "grupp\",\"source\":\"Plane"
    "n & länet\",\"updated\":\"2025-10-20T00:00:00Z\",\"id\":[\"group\",\"content\",\"time\"],\"siz"
    "e\":[2,2,3],\"role\":{\"time\":[\"time\"],\"metric\":[\"content\"]},\"dimension\":{\"group\":{"
    "\""
    "label\":\"grupp\",\"category\":{\"index\":{\"all\":0,\"N\":1},\"label\":{\"all\":\"Alla\","
    "\"N\":\"No"
    "rra "
    "länet\"}}},\"content\":{\"label\":\"innehåll\",\"category\":{\"index\":{\"A\":0,\"A.D.x\":1"
    "},\"label\":{\"A\":\"Ärenden – alla\",\"A.D.x\":\"Ärenden, slag: "
    "<x>\"},\"unit\":{\"A\":{\"base"
    "\":\"st\",\"decimals\":0},\"A.D.x\":{\"base\":\"st\",\"decimals\":0}}}},\"time\":{\"label\":"
    "\"tid\""
    ",\"category\":{\"index\":{\"2025Q1\":0,\"2025Q2\":1,\"2025Q3\":2},\"label\":{\"2025Q1\":"
    "\"2025Q"
    "1\",\"2025Q2\":\"2025Q2\",\"2025Q3\":\"2025Q3\"}}}},\"value\":[12345,null,30,null,null,0,7,"
    "null,8,null,null,5],\"status\":{\"1\":\".\",\"2\":\"r\",\"3\":\"..\",\"4\":\".\",\"7\":\".\","
    "\"9\":\"..\","
    "\"10\":\".\"},\"extension\":{\"skarva\":{\"collection\":\"lan\",\"table\":\"A\",\"symbols\":{"
    "\".\":\""
    "uppgift saknas\",\"..\":\"skyddat "
    "värde\",\"r\":\"avrundat\"},\"rounding\":5,\"reasons\":{\"3\""
    ":\"small\",\"9\":\"complement\"},\"releases\":{\"2025Q1\":{\"released\":\"2025-04-20\","
    "\"bundle"
    "_sha256\":\"1111111111111111111111111111111111111111111111111111111111111111\",\"rev"
    "ision\":0},\"2025Q3\":{\"released\":\"2025-10-20\",\"bundle_sha256\":\"3333333333333333333"
    "333333333333333333333333333333333333333333333\",\"revision\":2}}}}}\n";

static const char px[] =
    "CHARSET=\"ANSI\";\r\n"
    "AXIS-VERSION=\"2013\";\r\n"
    "CODEPAGE=\"utf-8\";\r\n"
    "LANGUAGE=\"sv\";\r\n"
    "LANGUAGES=\"sv\",\"en\";\r\n"
    "DECIMALS=0;\r\n"
    "SHOWDECIMALS=0;\r\n"
    "MATRIX=\"A\";\r\n"
    "SUBJECT-CODE=\"lan\";\r\n"
    "SUBJECT-AREA=\"Planen & länet\";\r\n"
    "SUBJECT-AREA[en]=\"The plan\";\r\n"
    "TITLE=\"Ärenden efter grupp\";\r\n"
    "TITLE[en]=\"Cases by group\";\r\n"
    "CONTENTS=\"Ärenden efter grupp\";\r\n"
    "CONTENTS[en]=\"Cases by group\";\r\n"
    "UNITS=\"antal\";\r\n"
    "UNITS[en]=\"number\";\r\n"
    "STUB=\"grupp\",\"innehåll\";\r\n"
    "HEADING=\"tid\";\r\n"
    "CONTVARIABLE=\"innehåll\";\r\n"
    "VALUES(\"grupp\")=\"Alla\",\"Norra länet\";\r\n"
    "VALUES(\"innehåll\")=\"Ärenden – alla\",\"Ärenden, slag: <x>\";\r\n"
    "VALUES(\"tid\")=\"2025Q1\",\"2025Q2\",\"2025Q3\";\r\n"
    "TIMEVAL(\"tid\")=TLIST(Q1),\"20251\",\"20252\",\"20253\";\r\n"
    "CODES(\"grupp\")=\"all\",\"N\";\r\n"
    "CODES(\"innehåll\")=\"A\",\"A.D.x\";\r\n"
    "CODES(\"tid\")=\"2025Q1\",\"2025Q2\",\"2025Q3\";\r\n"
    "ELIMINATION(\"grupp\")=\"Alla\";\r\n"
    "UNITS(\"Ärenden – alla\")=\"st\";\r\n"
    "UNITS(\"Ärenden, slag: <x>\")=\"st\";\r\n"
    "STUB[en]=\"group\",\"content\";\r\n"
    "HEADING[en]=\"time\";\r\n"
    "CONTVARIABLE[en]=\"content\";\r\n"
    "VALUES[en](\"group\")=\"All\",\"The 'north'\";\r\n"
    "VALUES[en](\"content\")=\"Cases, all\",\"Cases, kind: \\x\";\r\n"
    "VALUES[en](\"time\")=\"2025Q1\",\"2025Q2\",\"2025Q3\";\r\n"
    "TIMEVAL[en](\"time\")=TLIST(Q1),\"20251\",\"20252\",\"20253\";\r\n"
    "CODES[en](\"group\")=\"all\",\"N\";\r\n"
    "CODES[en](\"content\")=\"A\",\"A.D.x\";\r\n"
    "CODES[en](\"time\")=\"2025Q1\",\"2025Q2\",\"2025Q3\";\r\n"
    "ELIMINATION[en](\"group\")=\"All\";\r\n"
    "UNITS[en](\"Cases, all\")=\"pcs\";\r\n"
    "UNITS[en](\"Cases, kind: \\x\")=\"pcs\";\r\n"
    "LAST-UPDATED(\"Ärenden – alla\")=\"20251020 00:00\";\r\n"
    "LAST-UPDATED(\"Ärenden, slag: <x>\")=\"20251020 00:00\";\r\n"
    "LAST-UPDATED[en](\"Cases, all\")=\"20251020 00:00\";\r\n"
    "LAST-UPDATED[en](\"Cases, kind: \\x\")=\"20251020 00:00\";\r\n"
    "SOURCE=\"Planen & länet\";\r\n"
    "SOURCE[en]=\"The plan\";\r\n"
    "NOTE=\"'..' skyddat värde; '.' uppgift saknas; antal avrundade till multiplar av 5, "
    "delar behöver inte summera till totalen\";\r\n"
    "NOTE[en]=\"'..' protected figure; '.' no figure; counts rounded to multiples of 5, "
    "parts need not add up to the total\";\r\n"
    "DATA=\r\n"
    "12345 \".\" 30 \r\n"
    "\"..\" \".\" 0 \r\n"
    "7 \".\" 8 \r\n"
    "\"..\" \".\" 5 \r\n"
    ";\r\n";

static void check_text(struct ska_writer *w, const char *want)
{
    ska_write_u8(w, 0);
    ck_assert_status(ska_writer_status(w), SKA_OK);
    ck_assert_str_eq((const char *)w->data, want);
}

START_TEST(json_stat_is_exact)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    dataset_jsonstat(&w, &d, true);
    check_text(&w, json_stat);
}
END_TEST

START_TEST(px_is_exact)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    dataset_px(&w, &d, DATASET_UTF_8);
    check_text(&w, px);
}
END_TEST

/* The same text, with å, ä, ö and the dash as Windows-1252 has them. */
START_TEST(px_in_windows_1252_is_the_same_text)
{
    static const char title[] = "VALUES(\"inneh\xE5ll\")=\"\xC4renden \x96 alla\"";
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    d.title.sv = "\xCE\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80."; /* omega, euro, a face */
    dataset_px(&w, &d, DATASET_WINDOWS_1252);
    ska_write_u8(&w, 0);
    const char *text = (const char *)w.data;
    ck_assert_ptr_nonnull(strstr(text, "CODEPAGE=\"windows-1252\""));
    ck_assert_ptr_nonnull(strstr(text, title));
    ck_assert_ptr_nonnull(strstr(text, "TITLE=\"? \x80 ?.\";"));
    ck_assert_ptr_nonnull(strstr(text, "12345 \".\" 30 \r\n\"..\" \".\" 0 \r\n"));
}
END_TEST

START_TEST(px_lines_are_short_and_cut_between_characters)
{
    char text[2001];
    for (size_t i = 0; i < 1000; i++)
        memcpy(text + 2 * i, "\xC3\xB6", 2);
    text[2000] = '\0';
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    d.title.sv = text;
    d.axes[DATASET_CONTENT].values[0].label.sv = text;
    dataset_px(&w, &d, DATASET_UTF_8);
    ska_write_u8(&w, 0);
    size_t longest = 0;
    for (const char *at = (const char *)w.data; *at != '\0';) {
        size_t len = strcspn(at, "\n");
        longest = len > longest ? len : longest;
        ck_assert_msg(len == 0 || (at[0] & 0xC0) != 0x80, "cut inside a character");
        at += len + (at[len] == '\n');
    }
    ck_assert_uint_le(longest, 256);
    ck_assert_uint_ge(longest, 200);
}
END_TEST

START_TEST(a_dropped_group_is_nowhere)
{
    static const size_t first[] = {0}, times[] = {2};
    const struct dataset_selection by[DATASET_AXES] = {
        {1, first, true}, {1, first, false}, {1, times, false}};
    SKA_SCOPED(dataset_clear) struct dataset whole = {0};
    SKA_SCOPED(dataset_clear) struct dataset part = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer json = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer px_file = {0};
    decode_sample(&whole);
    ck_assert_status(dataset_select(&part, &whole, by), SKA_OK);
    dataset_jsonstat(&json, &part, false);
    dataset_px(&px_file, &part, DATASET_UTF_8);
    ska_write_u8(&json, 0);
    ska_write_u8(&px_file, 0);
    ck_assert_ptr_nonnull(
        strstr((const char *)json.data, "\"id\":[\"content\",\"time\"],\"size\":[1,1]"));
    ck_assert_ptr_nonnull(
        strstr((const char *)json.data, "\"value\":[30],\"status\":{\"0\":\"r\"}"));
    ck_assert_ptr_null(strstr((const char *)json.data, "\"group\""));
    ck_assert_ptr_null(strstr((const char *)px_file.data, "\"grupp\""));
    ck_assert_ptr_nonnull(strstr((const char *)px_file.data, "STUB=\"innehåll\";"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dataset");
    TCase *t = tcase_create("dataset");
    tcase_add_test(t, a_file_is_read_whole_and_refused_when_cut_or_lengthened);
    tcase_add_test(t, a_figure_must_be_what_its_status_says);
    tcase_add_test(t, a_part_has_the_right_figures);
    tcase_add_test(t, json_stat_is_exact);
    tcase_add_test(t, px_is_exact);
    tcase_add_test(t, px_in_windows_1252_is_the_same_text);
    tcase_add_test(t, px_lines_are_short_and_cut_between_characters);
    tcase_add_test(t, a_dropped_group_is_nowhere);
    suite_add_tcase(s, t);
    return test_run(s);
}
