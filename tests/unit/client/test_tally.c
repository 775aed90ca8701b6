/* SPDX-License-Identifier: EUPL-1.2 */
/* test_tally.c - files of case records become counts, or are refused with the place of the fault.
 */
#include "client/tally.h"

#include "client/encoding.h"
#include "client/rows.h"
#include "crypto/scoped.h"
#include "support/language.h"

#include "tests/unit/client/records.h"

#include <fcntl.h>
#include <unistd.h>

SKA_DEFINE_RELEASE(struct tally *, tally_release, tally_free)
SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, records_free)

/* Decode and tally one file as tally_file does, without a disk. */
static enum ska_status tally_bytes(struct tally *tally, const char *bytes, size_t len,
                                   uint32_t kind, struct notes *notes, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *text = NULL;
    size_t text_len = 0;
    enum encoding encoding = ENCODING_UTF8;
    SKA_TRY(encoding_read(&text, &text_len, &encoding,
                          (struct ska_slice){(const uint8_t *)bytes, len}, "f.csv", err));
    return tally_text(tally, text, text_len, "f.csv", kind, notes, err);
}

#define HEAD "nr;kon;form;anmalt;antal;person\n"

struct good_case {
    const char *name;
    const char *text;
    uint64_t a1, k, m, x, psy, fys; /* A1 and its tables */
    uint64_t a2, a3, a4, a6;
    uint64_t a3_tables[5]; /* K M X PSY FYS */
};

/* clang-format off */
static const struct good_case good_cases[] = {
    {"no rows are zero", HEAD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0}},
    {"one row", HEAD "1;K;PSY;ja;3;p1\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"no line end at the end", HEAD "1;K;PSY;ja;3;p1", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"CR LF", "nr;kon;form;anmalt;antal;person\r\n1;K;PSY;ja;3;p1\r\n2;M;FYS;nej;0;p2\r\n", 2, 1, 1, 0, 1, 1, 1, 2, 3, 0, {1, 1, 0, 1, 1}},
    {"CR alone", "nr;kon;form;anmalt;antal;person\r1;K;PSY;ja;3;p1\r", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"commas", "nr,kon,form,anmalt,antal,person\n1,K,PSY|FYS,ja,3,p1\n", 1, 1, 0, 0, 1, 1, 1, 1, 3, 0, {1, 0, 0, 1, 1}},
    {"commas, several categories quoted", "nr,kon,form,anmalt,antal,person\n1,K,\"PSY, FYS\",ja,3,p1\n", 1, 1, 0, 0, 1, 1, 1, 1, 3, 0, {1, 0, 0, 1, 1}},
    {"tabs", "nr\tkon\tform\tanmalt\tantal\tperson\n1\tK\t\tja\t3\tp1\n", 1, 1, 0, 0, 0, 0, 1, 1, 3, 0, {1, 0, 0, 0, 0}},
    {"byte order mark", "\xEF\xBB\xBF" HEAD "1;K;PSY;ja;3;p1\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"headers by their other names, capitals", "\xC3\x84RENDE;K\xC3\x96N;V\xC3\x85LDSFORM;ANMALT;ANTAL;PERSON\n1;Kvinna;PSYKISKT;JA;3;p1\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"Windows-1252", "\xC4rende;K\xF6n;V\xE5ldsform;anmalt;antal;person\n1;ok\xE4nt;;;0;\n", 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, {0}},
    {"letters with combining marks", "A\xCC\x88rende;Ko\xCC\x88n;form;anmalt;antal;person\n1;oka\xCC\x88nt;;;0;\n", 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, {0}},
    {"columns in another order, and unknown ones", "person;x;antal;anmalt;form;kon;nr;y\np1;;3;ja;PSY;K;1;?\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"a quoted value with delimiters", HEAD "1;\"kvinnor, flickor\";PSY;ja;3;\"p;1\"\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"a line break inside quotes", HEAD "1;K;PSY;ja;3;\"p\n1\"\n2;K;PSY;ja;3;\"p 1\"\n", 2, 2, 0, 0, 2, 0, 2, 1, 6, 0, {1, 0, 0, 1, 0}},
    {"an empty field that stands for a category", HEAD "1;;PSY;nej;0;p1\n", 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, {0, 0, 1, 1, 0}},
    {"a category twice in one field", HEAD "1;K;PSY|psykiskt| psy ;nej;0;p1\n", 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, {1, 0, 0, 1, 0}},
    {"a condition on a category", HEAD "1;X;;ja;0;p1\n2;M;;ja;0;p2\n", 2, 0, 1, 1, 0, 0, 1, 2, 0, 0, {0, 1, 1, 0, 0}},
    {"a condition on a text, without case", HEAD "1;K;;;0;OK\xC3\x84ND\n2;K;;;0;k\xC3\xA4nd\n", 2, 2, 0, 0, 0, 0, 0, 2, 0, 1, {2, 0, 0, 0, 0}},
    {"one person twice", HEAD "1;K;PSY;nej;0;P1\n2;K;FYS;nej;0;p1\n", 2, 2, 0, 0, 1, 1, 0, 1, 0, 0, {1, 0, 0, 1, 1}},
    {"a row without person", HEAD "1;K;PSY;nej;0;\n", 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, {0}},
    {"blank rows and rows of delimiters", HEAD "\n1;K;PSY;ja;3;p1\n;;;;;\n\n2;M;;nej;0;p2\n", 2, 1, 1, 0, 1, 0, 1, 2, 3, 0, {1, 1, 0, 1, 0}},
    {"empty fields beyond the header", HEAD "1;K;PSY;ja;3;p1;;\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"blanks around fields", "nr ; kon;form;anmalt;antal;person\n 1 ; K ;PSY; ja ; 3 ;p1\n", 1, 1, 0, 0, 1, 0, 1, 1, 3, 0, {1, 0, 0, 1, 0}},
    {"the words for yes", HEAD "1;K;;ja;0;\n2;K;;J;0;\n3;K;;yes;0;\n4;K;;1;0;\n5;K;;x;0;\n6;K;;TRUE;0;\n7;K;;sant;0;\n", 7, 7, 0, 0, 0, 0, 7, 0, 0, 0, {0}},
    {"the words for no", HEAD "1;K;;nej;0;\n2;K;;N;0;\n3;K;;no;0;\n4;K;;0;0;\n5;K;;;0;\n6;K;;FALSE;0;\n7;K;;falskt;0;\n", 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, {0}},
    {"a sum at its bound", HEAD "1;K;;nej;49;\n2;K;;nej;1;\n", 2, 2, 0, 0, 0, 0, 0, 0, 50, 0, {0}},
};
/* clang-format on */

static uint64_t count_at(const struct ska_layout *l, const uint64_t *counts, const char *code)
{
    uint32_t cell = ska_layout_find(l, code);
    ck_assert_msg(cell != SKA_NONE, "%s", code);
    return counts[cell];
}

START_TEST(a_good_file_gives_the_counts)
{
    const struct good_case *k = &good_cases[_i];
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    uint64_t counts[64] = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    enum ska_status got = tally_bytes(t, k->text, strlen(k->text), SKA_NONE, &notes, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", k->name, err.text);
    tally_zero(t, KIND_MOTEN);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_OK);
    const struct {
        const char *code;
        uint64_t want;
    } cells[] = {
        {"A1", k->a1},
        {"A1.answered", 1},
        {"A1.KON.K", k->k},
        {"A1.KON.M", k->m},
        {"A1.KON.X", k->x},
        {"A1.FORM.PSY", k->psy},
        {"A1.FORM.FYS", k->fys},
        {"A2", k->a2},
        {"A3", k->a3},
        {"A4", k->a4},
        {"A6", k->a6},
        {"A5", 0},
        {"A3.KON.K", k->a3_tables[0]},
        {"A3.KON.M", k->a3_tables[1]},
        {"A3.KON.X", k->a3_tables[2]},
        {"A3.FORM.PSY", k->a3_tables[3]},
        {"A3.FORM.FYS", k->a3_tables[4]},
    };
    for (size_t i = 0; i < N_OF(cells); i++)
        ck_assert_msg(count_at(l, counts, cells[i].code) == cells[i].want, "%s: %s is %" PRIu64,
                      k->name, cells[i].code, count_at(l, counts, cells[i].code));
    size_t where = 0;
    ck_assert_msg(ska_statement_holds(&where, &l->statement, counts) == SKA_OK, "%s: rule %zu",
                  k->name, where);
}
END_TEST

struct bad_case {
    const char *name;
    const char *text;
    size_t len; /* 0: strlen */
    enum ska_status want;
    const char *message; /* in English */
};

/* clang-format off */
static const struct bad_case bad_cases[] = {
    {"empty file", "", 0, SKA_E_FORMAT, "f.csv: the file is empty"},
    {"only a byte order mark", "\xEF\xBB\xBF", 0, SKA_E_FORMAT, "f.csv: the file is empty"},
    {"only blank lines", "\n\n  \n", 0, SKA_E_FORMAT, "f.csv: the file is empty; there is no header"},
    {"workbook", "PK\x03\x04rest", 0, SKA_E_FORMAT, "is a workbook, not CSV"},
    {"UTF-16", "\xFF\xFEn\0r\0", 6, SKA_E_FORMAT, "is in UTF-16"},
    {"zero byte", "nr;kon\n1\0;K\n", 12, SKA_E_FORMAT, "zero bytes"},
    {"another separator", "namn|datum|summa\nx|y|z\n", 0, SKA_E_NOT_FOUND, "f.csv, row 1: one column only"},
    {"columns of another catalogue", "namn;datum;summa\nx;y;z\n", 0, SKA_E_NOT_FOUND, "f.csv: the columns are not those of the catalogue prov (T)"},
    {"a required column is missing", "nr;form;anmalt\n1;PSY;ja\n", 0, SKA_E_NOT_FOUND, "f.csv, row 1: the column kon (K\xC3\xB6n) is missing; fall (cases) must have it"},
    {"a column twice", "nr;kon;K\xC3\xB6n\n1;K;K\n", 0, SKA_E_CONFLICT, "f.csv, row 1: the columns \"kon\" and \"K\xC3\xB6n\" are both kon"},
    {"unknown category", HEAD "1;K;PSY;ja;3;p1\n2;Q;PSY;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 3, column kon: \"Q\" is no known category; known are: woman, man, unknown"},
    {"a column is called what the file calls it", "\xC3\x84RENDE;K\xC3\x96N;V\xC3\x85LDSFORM;ANMALT;ANTAL;PERSON\n1;Q;PSY;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 2, column K\xC3\xB6n: \"Q\""},
    {"two categories where one is allowed", HEAD "1;K,M;PSY;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 2, column kon: \"K,M\""},
    {"one unknown category among several", HEAD "1;K;PSY|Q;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 2, column form: \"q\""},
    {"decimal comma", HEAD "1;K;PSY;ja;3,5;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column antal: 3,5 is a decimal number"},
    {"decimal point", HEAD "1;K;PSY;ja;3.0;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column antal: 3.0 is a decimal number"},
    {"negative", HEAD "1;K;PSY;ja;-3;p1\n", 0, SKA_E_RANGE, "f.csv, row 2, column antal: -3 is negative"},
    {"negative with a typographic minus", HEAD "1;K;PSY;ja;\xE2\x88\x92" "3;p1\n", 0, SKA_E_RANGE, "is negative"},
    {"no number", HEAD "1;K;PSY;ja;tre;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column antal: \"tre\" is not a whole number"},
    {"empty number", HEAD "1;K;PSY;ja;;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column antal: is empty"},
    {"number over its indicator's bound", HEAD "1;K;PSY;ja;51;p1\n", 0, SKA_E_RANGE, "f.csv, row 2, column antal: 51 is too large; A4 is at most 50"},
    {"number over 2^32", HEAD "1;K;PSY;ja;4294967297;p1\n", 0, SKA_E_RANGE, "f.csv, row 2, column antal: 4294967297 is too large"},
    {"number over 2^64", HEAD "1;K;PSY;ja;18446744073709551617;p1\n", 0, SKA_E_RANGE, "is too large"},
    {"a row for Excel before the headers", "sep=;\r\n" HEAD "1;K;PSY;ja;-3;p1\n", 0, SKA_E_RANGE, "f.csv, row 3, column antal: -3 is negative"},
    {"the same with commas", "sep=,\nnr,kon,form,anmalt,antal,person\n1,K,PSY,ja,-3,p1\n", 0, SKA_E_RANGE, "f.csv, row 3, column antal: -3 is negative"},
    {"such a row that is not the first", HEAD "sep=;\n", 0, SKA_E_FORMAT, "f.csv, row 2: 2 fields where the header has 6"},
    {"neither yes nor no", HEAD "1;K;PSY;kanske;3;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column anmalt: \"kanske\" is neither yes nor no"},
    {"id twice", HEAD "A1;K;PSY;ja;3;p1\n2;K;PSY;ja;3;p1\na1;K;PSY;ja;3;p1\n", 0, SKA_E_CONFLICT, "f.csv, row 4, column nr: the same value as in f.csv, row 2"},
    {"empty id", HEAD ";K;PSY;ja;3;p1\n", 0, SKA_E_FORMAT, "f.csv, row 2, column nr: is empty; each record has a value of its own here"},
    {"too few fields", HEAD "1;K;PSY;ja;3\n", 0, SKA_E_FORMAT, "f.csv, row 2: 5 fields where the header has 6"},
    {"too many fields", HEAD "1;K;PSY;ja;3;p1;x\n", 0, SKA_E_FORMAT, "f.csv, row 2: 7 fields where the header has 6"},
    {"a quote inside an unquoted field", HEAD "1;K;PSY;ja;3;p\"1\n", 0, SKA_E_FORMAT, "f.csv, row 2: the quotes do not match"},
    {"a quote that does not end", HEAD "1;K;PSY;ja;3;\"p1\n", 0, SKA_E_FORMAT, "f.csv, row 2: the quotes do not match"},
    {"rows after blank ones keep their numbers", HEAD "1;K;PSY;ja;3;p1\n\n\n2;Q;PSY;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 5, column kon"},
    {"rows after a quoted line break keep theirs", HEAD "1;K;PSY;ja;3;\"p\n1\"\n2;Q;PSY;ja;3;p1\n", 0, SKA_E_NOT_FOUND, "f.csv, row 3, column kon"},
    {"rows ended by CR LF are counted once", "nr;kon;form;anmalt;antal;person\r\n1;K;PSY;ja;3;p1\r\n2;Q;PSY;ja;3;p1\r\n", 0, SKA_E_NOT_FOUND, "f.csv, row 3, column kon"},
    {"UTF-8, then Windows-1252", "nr;kon\n1;ok\xC3\xA4nt\n2;ok\xE4nt\n", 0, SKA_E_ENCODING, "f.csv, row 3: another character encoding than the rest of the file (UTF-8 in row 2)"},
    {"Windows-1252, then UTF-8", "nr;kon\n1;ok\xE4nt\n2;ok\xC3\xA4nt\n", 0, SKA_E_ENCODING, "f.csv, row 2: another character encoding"},
    {"Windows-1252 behind a byte order mark", "\xEF\xBB\xBFnr;kon\n1;ok\xE4nt\n", 0, SKA_E_ENCODING, "f.csv, row 2: another character encoding"},
    {"a byte of neither encoding", "nr;kon\n1;ok\x81nt\n", 0, SKA_E_ENCODING, "f.csv, row 2: the byte 0x81"},
};
/* clang-format on */

START_TEST(a_bad_file_is_refused_with_the_place_of_the_fault)
{
    const struct bad_case *k = &bad_cases[_i];
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    ck_assert(language_choose("en"));
    ck_assert_status(tally_new(&t, l), SKA_OK);
    size_t len = k->len > 0 ? k->len : strlen(k->text);
    enum ska_status got = tally_bytes(t, k->text, len, SKA_NONE, &notes, &err);
    ck_assert_msg(got == k->want, "%s: got %s (%s)", k->name, ska_status_name(got), err.text);
    ck_assert_msg(strstr(err.text, k->message) != NULL, "%s: got \"%s\"", k->name, err.text);
}
END_TEST

/* Every message of the table exists in Swedish too, with the same place. */
START_TEST(a_bad_file_is_refused_in_swedish)
{
    const struct bad_case *k = &bad_cases[_i];
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    ck_assert(language_choose("sv"));
    ck_assert_status(tally_new(&t, l), SKA_OK);
    size_t len = k->len > 0 ? k->len : strlen(k->text);
    enum ska_status got = tally_bytes(t, k->text, len, SKA_NONE, &notes, &err);
    ck_assert(language_choose("en"));
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_msg(strstr(err.text, ", row ") == NULL && strstr(err.text, " is ") == NULL,
                  "%s: got \"%s\"", k->name, err.text);
}
END_TEST

START_TEST(blank_is_not_zero)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    uint64_t counts[64] = {9};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    ck_assert_status(tally_bytes(t, "mote\nm1\n", 8, SKA_NONE, &notes, &err), SKA_OK);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_OK);
    ck_assert_uint_eq(count_at(l, counts, "A1.answered"), 0);
    ck_assert_uint_eq(count_at(l, counts, "A1"), 0);
    ck_assert_uint_eq(count_at(l, counts, "A5"), 1);
    tally_zero(t, KIND_FALL);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_OK);
    ck_assert_uint_eq(count_at(l, counts, "A1.answered"), 1);
}
END_TEST

START_TEST(an_indicator_that_must_be_answered_needs_a_file_or_zero)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    uint64_t counts[64] = {9};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    tally_zero(t, KIND_FALL);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_E_NOT_FOUND);
    ck_assert_msg(strstr(err.text, "A5 meetings must be answered") != NULL, "%s", err.text);
    ck_assert_uint_eq(counts[0], 9);
}
END_TEST

START_TEST(a_file_without_a_needed_column_leaves_only_its_indicators_blank)
{
    static const char text[] = "nr;kon;form\n1;K;PSY\n";
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    uint64_t counts[64] = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    ck_assert_status(tally_bytes(t, text, strlen(text), SKA_NONE, &notes, &err), SKA_OK);
    tally_zero(t, KIND_MOTEN);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_OK);
    ck_assert_uint_eq(count_at(l, counts, "A1"), 1);
    ck_assert_uint_eq(count_at(l, counts, "A1.answered"), 1);
    ck_assert_uint_eq(count_at(l, counts, "A2.answered"), 0);
    ck_assert_uint_eq(count_at(l, counts, "A3.answered"), 0);
    ck_assert_uint_eq(count_at(l, counts, "A4.answered"), 0);
}
END_TEST

START_TEST(a_total_over_its_bound_is_refused)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    uint64_t counts[64] = {9};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    ck_assert_status(tally_bytes(t, "mote\n1\n2\n3\n", 11, SKA_NONE, &notes, &err), SKA_OK);
    ck_assert_status(tally_finish(counts, t, &notes, &err), SKA_E_RANGE);
    ck_assert_msg(strstr(err.text, "A5 meetings: 3 is too large, at most 2") != NULL, "%s",
                  err.text);
    ck_assert_uint_eq(counts[0], 9);
}
END_TEST

START_TEST(an_id_in_two_files_is_found)
{
    static const char one[] = "nr;kon\n1;K\n";
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    ck_assert_status(tally_text(t, one, strlen(one), "a.csv", SKA_NONE, &notes, &err), SKA_OK);
    ck_assert_status(tally_text(t, one, strlen(one), "b.csv", SKA_NONE, &notes, &err),
                     SKA_E_CONFLICT);
    ck_assert_msg(strstr(err.text, "b.csv, row 2, column nr: the same value as in a.csv, row 2") !=
                      NULL,
                  "%s", err.text);
}
END_TEST

START_TEST(a_file_said_to_be_of_another_kind_is_refused)
{
    static const char text[] = "mote\n1\n";
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    ck_assert_status(tally_text(t, text, strlen(text), "f.csv", KIND_FALL, &notes, &err),
                     SKA_E_NOT_FOUND);
}
END_TEST

START_TEST(a_file_of_200_megabytes_is_refused_by_its_limit)
{
    char path[] = "/tmp/skarva-test-XXXXXX";
    int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, 200000000), 0); /* a hole: takes no room */
    ck_assert_int_eq(close(fd), 0);
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    enum ska_status got = tally_file(t, path, SKA_NONE, &notes, &err);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(got, SKA_E_LIMIT);
    ck_assert_msg(strstr(err.text, "larger than 128 MiB") != NULL, "%s", err.text);
}
END_TEST

START_TEST(a_field_or_row_over_its_limit_is_refused)
{
    SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
    struct ska_error err = {0};
    size_t len = sizeof HEAD - 1 + 2 * ROWS_FIELD_BYTES_MAX;
    SKA_SCOPED(ska_scoped_free) char *text = malloc(len);
    ck_assert(text != NULL);
    SKA_SCOPED(tally_release) struct tally *t = NULL;
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    ck_assert_status(tally_new(&t, l), SKA_OK);
    memset(text, 'x', len);
    memcpy(text, HEAD, sizeof HEAD - 1);
    ck_assert_status(tally_text(t, text, len, "f.csv", SKA_NONE, &notes, &err), SKA_E_LIMIT);
    ck_assert_msg(strstr(err.text, "f.csv, row 2") != NULL, "%s", err.text);
    memset(text + sizeof HEAD - 1, ';', ROWS_FIELDS_MAX);
    err = (struct ska_error){0};
    ck_assert_status(tally_text(t, text, len, "f.csv", SKA_NONE, &notes, &err), SKA_E_LIMIT);
}
END_TEST

/* --- property --------------------------------------------------------------------------------- */

/* A random record, kept beside its text so that it can be counted another way. */
struct record {
    int kon;      /* 0 K, 1 M, 2 X */
    bool form[2]; /* PSY, FYS */
    bool reported;
    uint64_t number;
    int person; /* 0: none, else 1..12 */
};

#define RECORDS_MAX 40

static void append(char *out, size_t size, const char *text)
{
    size_t len = strlen(out);
    ck_assert(len + strlen(text) < size);
    memcpy(out + len, text, strlen(text) + 1);
}

static void write_record(char *out, size_t size, const struct record *r, size_t number,
                         const char *d)
{
    static const char *const kon[3][4] = {{"K", "kvinna", "Woman", "KVINNOR, FLICKOR"},
                                          {"M", "Man", "pojke (\xC3\xA4, \xC3\x96)", "m"},
                                          {"X", "ok\xC3\x84nt", "", "unknown"}};
    char line[300];
    snprintf(line, sizeof line, "%zu%s\"%s\"%s\"%s%s%s\"%s%s%s%" PRIu64 "%s", number, d,
             kon[r->kon][test_random() % 4], d, r->form[0] ? "PSY" : "",
             r->form[0] && r->form[1] ? (test_random() % 2 ? "," : " | ") : "",
             r->form[1] ? "Fysiskt" : "", d, r->reported ? "ja" : "", d, r->number, d);
    append(out, size, line);
    if (r->person > 0) {
        snprintf(line, sizeof line, "%c%d", test_random() % 2 ? 'p' : 'P', r->person);
        append(out, size, line);
    }
    append(out, size, test_random() % 2 ? "\n" : "\r\n");
}

/* The same figures, counted from the records by brute force. */
static void count_directly(const struct ska_layout *l, uint64_t *want, const struct record *r,
                           size_t n)
{
    static const char *const kon[] = {"A1.KON.K", "A1.KON.M", "A1.KON.X"};
    static const char *const person_kon[] = {"A3.KON.K", "A3.KON.M", "A3.KON.X"};
    static const char *const sum_kon[] = {"A4.KON.K", "A4.KON.M", "A4.KON.X"};
#define ADD(code, amount) want[ska_layout_find(l, code)] += (amount)
    for (size_t i = 0; i < n; i++) {
        ADD("A1", 1);
        ADD(kon[r[i].kon], 1);
        ADD("A1.FORM.PSY", r[i].form[0]);
        ADD("A1.FORM.FYS", r[i].form[1]);
        ADD("A2", r[i].reported && r[i].kon != 2);
        ADD("A4", r[i].number);
        ADD(sum_kon[r[i].kon], r[i].number);
    }
    for (int person = 1; person <= 12; person++) {
        bool met = false;
        bool form[2] = {false, false};
        for (size_t i = 0; i < n; i++) {
            if (r[i].person != person)
                continue;
            if (!met)
                ADD(person_kon[r[i].kon], 1);
            met = true;
            form[0] = form[0] || r[i].form[0];
            form[1] = form[1] || r[i].form[1];
        }
        ADD("A3", met);
        ADD("A3.FORM.PSY", form[0]);
        ADD("A3.FORM.FYS", form[1]);
    }
    ADD("A1.answered", 1);
    ADD("A2.answered", 1);
    ADD("A3.answered", 1);
    ADD("A4.answered", 1);
    ADD("A6.answered", 1);
#undef ADD
}

START_TEST(random_records_are_counted_as_an_independent_count_counts_them)
{
    test_seed("random_records");
    static const char *const delimiters[] = {";", ",", "\t"};
    for (int round = 0; round < 300; round++) {
        SKA_SCOPED(layout_release) struct ska_layout *l = records_layout();
        SKA_SCOPED(tally_release) struct tally *t = NULL;
        SKA_SCOPED(notes_clear) struct notes notes = {0};
        struct ska_error err = {0};
        struct record r[RECORDS_MAX];
        char text[RECORDS_MAX * 120] = "";
        uint64_t want[64] = {0};
        uint64_t got[64] = {0};
        const char *d = delimiters[test_random() % 3];
        char head[80];
        snprintf(head, sizeof head, "nr%skon%sform%sanmalt%santal%sperson\n", d, d, d, d, d);
        append(text, sizeof text, head);
        size_t n = test_random() % RECORDS_MAX;
        for (size_t i = 0; i < n; i++) {
            r[i] = (struct record){.kon = (int)(test_random() % 3),
                                   .form = {test_random() % 2 == 1, test_random() % 2 == 1},
                                   .reported = test_random() % 2 == 1,
                                   .number = test_random() % 2,
                                   .person = (int)(test_random() % 13)};
            write_record(text, sizeof text, &r[i], i + 1, d);
        }
        count_directly(l, want, r, n);
        ck_assert_status(tally_new(&t, l), SKA_OK);
        enum ska_status status = tally_bytes(t, text, strlen(text), SKA_NONE, &notes, &err);
        ck_assert_msg(status == SKA_OK, "%s in\n%s", err.text, text);
        tally_zero(t, KIND_MOTEN);
        ck_assert_status(tally_finish(got, t, &notes, &err), SKA_OK);
        for (uint32_t i = 0; i < l->n_cells; i++)
            ck_assert_msg(got[i] == want[i], "%s: got %" PRIu64 ", want %" PRIu64 " in\n%s",
                          l->cells[i].code, got[i], want[i], text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tc = tcase_create("tally");
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, a_good_file_gives_the_counts, 0, (int)N_OF(good_cases));
    tcase_add_loop_test(tc, a_bad_file_is_refused_with_the_place_of_the_fault, 0,
                        (int)N_OF(bad_cases));
    tcase_add_loop_test(tc, a_bad_file_is_refused_in_swedish, 0, (int)N_OF(bad_cases));
    tcase_add_test(tc, blank_is_not_zero);
    tcase_add_test(tc, an_indicator_that_must_be_answered_needs_a_file_or_zero);
    tcase_add_test(tc, a_file_without_a_needed_column_leaves_only_its_indicators_blank);
    tcase_add_test(tc, a_total_over_its_bound_is_refused);
    tcase_add_test(tc, an_id_in_two_files_is_found);
    tcase_add_test(tc, a_file_said_to_be_of_another_kind_is_refused);
    tcase_add_test(tc, a_file_of_200_megabytes_is_refused_by_its_limit);
    tcase_add_test(tc, a_field_or_row_over_its_limit_is_refused);
    tcase_add_test(tc, random_records_are_counted_as_an_independent_count_counts_them);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
