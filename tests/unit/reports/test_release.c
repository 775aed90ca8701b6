/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_release.c - two people sign before anything is public, what is released never changes, a
 * crash between any two writes can be repeated, and releases form a chain.
 */
#include "reports/release.h"

#include "crypto/hash.h"
#include "reports/commands.h"
#include "reports/ledger.h"
#include "reports/pages/site.h"
#include "reports/preview.h"
#include "reports/publish.h"
#include "reports/signed_releases.h"

#include "tests/unit/reports/county.h"

#include <dirent.h>
#include <sys/stat.h>

/* Example 1 of docs/disclosure-control.md: A 30 and z 0 are shown, the rest is hidden. */
static const uint64_t example_1[COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {10, 9, 1, 0, 8, 1, 1}, {10, 9, 1, 0, 4, 1, 1}, {5, 5, 0, 0, 0, 0, 2}, {5, 4, 1, 0, 0, 0, 0}};

struct content {
    uint8_t *data;
    size_t len;
};

static struct content read_file(const char *folder, const char *a, const char *b)
{
    SKA_SCOPED(ska_scoped_free) char *path = home_path(folder, a, b);
    struct content c = {0};
    struct ska_error err = {0};
    ck_assert_msg(file_read(&c.data, &c.len, path, (size_t)1 << 24, &err) == SKA_OK, "%s",
                  err.text);
    return c;
}

/* Files below the site, folders not counted. */
static unsigned files_in(const char *folder)
{
    unsigned n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.') {
            SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, e->d_name);
            struct stat st;
            ck_assert_int_eq(stat(path, &st), 0);
            n += S_ISDIR(st.st_mode) ? files_in(path) : 1;
        }
    if (dir != NULL)
        ck_assert_int_eq(closedir(dir), 0);
    return n;
}

static enum ska_status step(bool *is_released, const struct county *k, const char *period,
                            struct ska_error *err)
{
    ska_error_clear(err);
    return publish_period(is_released, &k->collection, period, NULL, false, 0, err);
}

static void new_collected(struct county *k)
{
    county_new(k);
    county_collect(k, "2025Q1", &example_1[0][0]);
    county_collect(k, "2025Q2", &example_1[0][0]);
}

START_TEST(nothing_is_on_the_site_before_both_have_signed)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = true;
    new_collected(&k);
    for (int i = 0; i < 2; i++) { /* the same draft again */
        ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
        ck_assert(!is_released);
        ck_assert_uint_eq(files_in(k.collection.site), 0);
    }
    county_sign(&k, "2025Q2");
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    ck_assert(is_released);
    ck_assert_uint_eq(files_in(k.collection.site), 4); /* bundle, table, two pages */
    county_clear(&k);
}
END_TEST

/* What stands where the second signer's signature should. */
static void wrong_signature(uint8_t signature[static 64], const struct county *k, int kind,
                            struct ska_slice body)
{
    struct ska_signing_key stranger = {0};
    switch (kind) {
    case 0: /* the publisher, as itself */
        ck_assert_status(
            ska_release_sign(signature, SKA_RELEASE_PUBLISHER, &k->collection.signing_key, body),
            SKA_OK);
        return;
    case 1: /* the publisher, as the other */
        ck_assert_status(
            ska_release_sign(signature, SKA_RELEASE_SECOND, &k->collection.signing_key, body),
            SKA_OK);
        return;
    case 2:
        ck_assert_status(ska_signing_key_generate(&stranger), SKA_OK);
        ck_assert_status(ska_release_sign(signature, SKA_RELEASE_SECOND, &stranger, body), SKA_OK);
        return;
    case 3: /* the right one over something else */
        body.len--;
        ck_assert_status(ska_release_sign(signature, SKA_RELEASE_SECOND, &k->second, body), SKA_OK);
        return;
    default:
        memset(signature, 0, 64);
    }
}

START_TEST(no_other_signature_releases_a_draft)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = false;
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    struct ska_release release;
    size_t n = 0;
    uint8_t signature[64];
    char text[RELEASE_SIGNATURE_TEXT_MAX];
    new_collected(&k);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    struct content draft = read_file(p.folder, "draft", NULL);
    ck_assert_status(ska_bundle_read(&files, &n, (struct ska_slice){draft.data, draft.len}, &err),
                     SKA_OK);
    ck_assert_status(ska_release_decode(&release, files[n - 1].data), SKA_OK);
    ck_assert(ska_release_is_signed(&release, SKA_RELEASE_PUBLISHER));
    ck_assert(!ska_release_is_signed(&release, SKA_RELEASE_SECOND));
    wrong_signature(signature, &k, _i, release.body);
    release_signature_text(text, release.task_id, signature);
    ck_assert_status(period_write(&p, "draft.signature",
                                  (struct ska_slice){(const uint8_t *)text, strlen(text)}, false,
                                  &err),
                     SKA_OK);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_E_SIGNATURE);
    ck_assert(!release_is_done(&p));
    ck_assert_uint_eq(files_in(k.collection.site), 0);
    free(draft.data);
    county_clear(&k);
}
END_TEST

START_TEST(a_signature_of_another_period_is_refused_by_name)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = false;
    SKA_SCOPED(period_clear) struct period p = {0};
    new_collected(&k);
    ck_assert_status(step(&is_released, &k, "2025Q1", &err), SKA_OK);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    county_sign(&k, "2025Q1");
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q1", &err), SKA_OK);
    SKA_SCOPED(ska_scoped_free) char *path = release_signature_path(&p, NULL);
    ck_assert_status(publish_period(&is_released, &k.collection, "2025Q2", path, false, 0, &err),
                     SKA_E_TASK);
    ck_assert_ptr_nonnull(strstr(err.text, "2025Q2"));
    county_clear(&k);
}
END_TEST

START_TEST(what_is_released_never_changes)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = false;
    new_collected(&k);
    county_release(&k, "2025Q2");
    struct content first = read_file(k.collection.site, "bundles", "lan-2025Q2.tar");
    SKA_SCOPED(period_clear) struct period p = {0};
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    /* Whatever happens to what it was made from, and also if it is asked for a new draft. */
    ck_assert_status(period_write(&p, "collected-on",
                                  (struct ska_slice){(const uint8_t *)"2024-01-01\n", 11}, false,
                                  &err),
                     SKA_OK);
    ck_assert_status(publish_period(&is_released, &k.collection, "2025Q2", NULL, true, 0, &err),
                     SKA_OK);
    ck_assert(is_released);
    struct content again = read_file(k.collection.site, "bundles", "lan-2025Q2.tar");
    ck_assert_uint_eq(first.len, again.len);
    ck_assert_mem_eq(first.data, again.data, first.len);
    const struct ska_release_place place = {.number = 1};
    ck_assert_status(publish_draft(&p, &place, &err), SKA_E_STATE);
    /* A bundle that was changed at home is not shown. */
    first.data[600] ^= 1;
    ck_assert_status(
        period_write(&p, "bundle", (struct ska_slice){first.data, first.len}, false, &err), SKA_OK);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_E_MISMATCH);
    free(first.data);
    free(again.data);
    county_clear(&k);
}
END_TEST

/* The period's files in the order in which they are written; a crash leaves the first n of them. */
static const char *const written[] = {"draft-figures", "draft",   "draft.signature",
                                      "bundle",        "figures", "released"};

START_TEST(a_crash_between_any_two_writes_can_be_repeated)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = false;
    SKA_SCOPED(period_clear) struct period p = {0};
    new_collected(&k);
    county_release(&k, "2025Q2");
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    struct content want = read_file(p.folder, "bundle", NULL);
    for (size_t i = (size_t)_i; i < N_OF(written); i++) {
        SKA_SCOPED(ska_scoped_free) char *path = file_join(p.folder, written[i]);
        ck_assert_int_eq(unlink(path), 0);
    }
    SKA_SCOPED(ska_scoped_free)
    char *shown = home_path(k.collection.site, "bundles", "lan-2025Q2.tar");
    ck_assert_int_eq(unlink(shown), 0);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    bool had_signature = _i >= 3;
    ck_assert_int_eq(is_released, had_signature);
    if (!is_released) {
        county_sign(&k, "2025Q2");
        ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    }
    ck_assert(is_released);
    struct content got = read_file(k.collection.site, "bundles", "lan-2025Q2.tar");
    if (_i >= 2) { /* the draft survived: the same bytes */
        ck_assert_uint_eq(got.len, want.len);
        ck_assert_mem_eq(got.data, want.data, want.len);
    }
    struct ledger l = {0};
    ck_assert_status(ledger_load(&l, &k.collection, &err), SKA_OK);
    ck_assert_uint_eq(l.n, 1);
    ledger_clear(&l);
    free(want.data);
    free(got.data);
    county_clear(&k);
}
END_TEST

START_TEST(a_draft_whose_number_another_took_is_made_anew)
{
    struct county k;
    struct ska_error err = {0};
    bool is_released = false;
    new_collected(&k);
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    county_sign(&k, "2025Q2"); /* as release 1 */
    county_release(&k, "2025Q1");
    ck_assert_status(step(&is_released, &k, "2025Q2", &err), SKA_OK);
    ck_assert(!is_released); /* the signature was over another draft */
    county_release(&k, "2025Q2");
    struct ledger l = {0};
    ck_assert_status(ledger_load(&l, &k.collection, &err), SKA_OK);
    ck_assert_uint_eq(l.n, 2);
    ck_assert_str_eq(l.at[0].period, "2025Q1");
    ck_assert_str_eq(l.at[1].period, "2025Q2");
    ck_assert_mem_eq(l.at[1].place.previous, l.at[0].bundle_sha256, 32);
    ledger_clear(&l);
    county_clear(&k);
}
END_TEST

/* The second release, 2025Q1, as if it had another place; and back as it was. */
static void must_break(const struct county *k, uint8_t previous, uint32_t number)
{
    struct release_day r;
    struct ledger l = {0};
    struct ska_error err = {0};
    SKA_SCOPED(ska_scoped_free) char *folder = home_path(k->collection.folder, "periods", "2025Q1");
    ck_assert_status(release_day_read(&r, folder, &err), SKA_OK);
    const struct release_day honest = r;
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, "released");
    r.place.previous[0] ^= previous;
    r.place.number += number;
    ck_assert_status(release_day_write(folder, &r, &err), SKA_E_CONFLICT); /* never again */
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(release_day_write(folder, &r, &err), SKA_OK);
    ck_assert_status(ledger_load(&l, &k->collection, &err), SKA_E_MISMATCH);
    ck_assert_ptr_nonnull(strstr(err.text, "2025Q1"));
    ledger_clear(&l);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(release_day_write(folder, &honest, &err), SKA_OK);
    ck_assert_status(ledger_load(&l, &k->collection, &err), SKA_OK);
    ledger_clear(&l);
}

START_TEST(the_ledger_has_every_release_and_sees_a_broken_chain)
{
    struct county k;
    struct ska_error err = {0};
    struct ledger l = {0};
    struct ska_writer csv = {0}, json = {0}, table = {0};
    new_collected(&k);
    ck_assert_status(ledger_load(&l, &k.collection, &err), SKA_OK);
    ck_assert_uint_eq(l.n, 0);
    ck_assert_uint_eq(ledger_next(&l).number, 1);
    county_release(&k, "2025Q2");
    county_release(&k, "2025Q1");
    ck_assert_status(ledger_load(&l, &k.collection, &err), SKA_OK);
    l.at[0].has_year = true;
    ledger_csv(&csv, &l);
    ledger_json(&json, &l, "lan");
    ledger_table(&table, &l, "lan");
    ska_write_u8(&csv, 0);
    ska_write_u8(&json, 0);
    ska_write_u8(&table, 0);
    ck_assert_ptr_nonnull(strstr((char *)csv.data, ",2025\n2,2025Q1,0,"));
    ck_assert_ptr_nonnull(strstr((char *)json.data, "\"year\":\"2025\"},\n{\"number\":2"));
    ck_assert_ptr_nonnull(strstr((char *)table.data, " + 2025\n   2  2025Q1"));
    ck_assert_ptr_nonnull(strstr((char *)csv.data, "\n1,2025Q2,0,"));
    ck_assert_ptr_nonnull(strstr((char *)csv.data, "\n2,2025Q1,0,"));
    ck_assert_ptr_nonnull(strstr((char *)json.data, "{\"number\":2,\"period\":\"2025Q1\""));
    size_t column = 0;
    for (size_t i = 0; i < table.len; i++) {
        column = table.data[i] == '\n' ? 0 : column + ((table.data[i] & 0xC0) != 0x80);
        ck_assert_uint_le(column, 100);
    }
    struct content tar = read_file(k.collection.site, "bundles", "lan-2025Q2.tar");
    uint8_t hash[32];
    ska_sha256(hash, tar.data, tar.len);
    ck_assert_mem_eq(l.at[0].bundle_sha256, hash, 32);
    ck_assert_mem_eq(l.at[1].place.previous, hash, 32);
    ledger_clear(&l);
    must_break(&k, 0, 1); /* number 3 after number 1 */
    must_break(&k, 1, 0); /* after another bundle */
    SKA_SCOPED(ska_scoped_free)
    char *path = home_path(k.collection.folder, "periods", "2025Q2/released");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(ledger_load(&l, &k.collection, &err), SKA_E_MISMATCH);
    ck_assert_ptr_nonnull(strstr(err.text, "2025Q1"));
    ledger_clear(&l);
    free(tar.data);
    ska_writer_clear(&csv);
    ska_writer_clear(&json);
    ska_writer_clear(&table);
    county_clear(&k);
}
END_TEST

/* The pattern that a preview, or a draft, works with. Owned by the caller. */
static uint8_t *decided(const struct county *k, size_t *len)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(publish_material_clear) struct publish_material m = {0};
    uint8_t *pattern = NULL;
    ck_assert_status(period_load_open(&p, &k->collection, "2025Q2", NULL), SKA_OK);
    ck_assert_status(publish_load(&m, &p, NULL), SKA_OK);
    ck_assert_status(period_read(&pattern, len, &p, "suppression", false, NULL), SKA_OK);
    return pattern;
}

START_TEST(a_pattern_is_decided_anew_when_other_periods_were_released)
{
    static const uint8_t other_list[] = {1, 0, 0, 0, 1};
    struct county k;
    SKA_SCOPED(period_clear) struct period p = {0};
    size_t len[3];
    new_collected(&k);
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", NULL), SKA_OK);
    SKA_SCOPED(ska_scoped_free) uint8_t *first = decided(&k, &len[0]);
    SKA_SCOPED(ska_scoped_free) uint8_t *again = decided(&k, &len[1]);
    ck_assert_uint_eq(len[0], len[1]);
    ck_assert_mem_eq(first, again, len[0]); /* kept */
    ck_assert_status(period_write(&p, "linked-with",
                                  (struct ska_slice){other_list, sizeof other_list}, false, NULL),
                     SKA_OK);
    SKA_SCOPED(ska_scoped_free) uint8_t *anew = decided(&k, &len[2]);
    ck_assert_msg(len[0] != len[2] || memcmp(first, anew, len[0]) != 0, "no new proof");
    county_clear(&k);
}
END_TEST

START_TEST(a_preview_says_what_is_hidden_and_how_much)
{
    struct county k;
    struct ska_error err = {0};
    struct ska_writer w = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(publish_material_clear) struct publish_material m = {0};
    new_collected(&k);
    ck_assert_status(period_load_open(&p, &k.collection, "2025Q2", &err), SKA_OK);
    ck_assert_status(publish_load(&m, &p, &err), SKA_OK);
    struct preview_input in = {.task = p.task,
                               .reason = m.figures.reason,
                               .total = m.result.total,
                               .shown = m.figures.value};
    preview_write(&w, &in);
    ska_write_u8(&w, 0);
    /* 7 figures, 5 hidden (71.4 %); counts 30 + 27 + 3 + 0 + 12 + 4 = 76, hidden 46 (60.5 %);
     * small y and C, few B.answered, dependent B, complement x. */
    ck_assert_ptr_nonnull(
        strstr((char *)w.data, "     7      5   71.4    60.5     2     1     1     1"));
    ck_assert_ptr_nonnull(strstr((char *)w.data, "A.D.x"));
    ck_assert_ptr_nonnull(strstr((char *)w.data, "protects another"));
    ck_assert_ptr_null(strstr((char *)w.data, "A.D.z")); /* a shown zero */
    size_t column = 0;
    for (size_t i = 0; i + 1 < w.len; i++) {
        column = w.data[i] == '\n' ? 0 : column + ((w.data[i] & 0xC0) != 0x80);
        ck_assert_uint_le(column, 100);
    }
    ska_writer_clear(&w);
    in.total = NULL; /* the second signer does not know the totals */
    in.shown = NULL;
    preview_write(&w, &in);
    ska_write_u8(&w, 0);
    ck_assert_ptr_nonnull(strstr((char *)w.data, "   71.4       -     2"));
    ck_assert_uint_eq(files_in(k.collection.site), 0);
    ska_writer_clear(&w);
    county_clear(&k);
}
END_TEST

START_TEST(signatures_as_text_come_back_or_are_refused)
{
    uint8_t task[32], signature[64], task_back[32], back[64];
    char text[RELEASE_SIGNATURE_TEXT_MAX];
    memset(task, 3, sizeof task);
    memset(signature, 0xF7, sizeof signature);
    release_signature_text(text, task, signature);
    struct ska_slice whole = {(const uint8_t *)text, strlen(text)};
    ck_assert_status(release_signature_parse(task_back, back, whole), SKA_OK);
    ck_assert_mem_eq(task, task_back, 32);
    ck_assert_mem_eq(signature, back, 64);
    for (size_t len = 0; len < whole.len; len++) {
        struct ska_slice cut = {whole.data, len};
        ck_assert_status(release_signature_parse(task_back, back, cut), SKA_E_FORMAT);
    }
    text[0] = 'S';
    ck_assert_status(release_signature_parse(task_back, back, whole), SKA_E_FORMAT);
}
END_TEST

static const struct {
    const char *name;
    uint8_t collection;
    uint32_t number;
    const char *period;
    uint32_t revision;
    uint8_t previous;
    enum ska_status want;
} memories[] = {
    {"the next", 1, 3, "2025Q3", 0, 22, SKA_OK},
    {"a revision of one before", 1, 3, "2025Q2", 1, 22, SKA_OK},
    {"one after a gap", 1, 5, "2025Q3", 0, 99, SKA_OK},
    {"another collection", 2, 2, "2025Q2", 0, 99, SKA_OK},
    {"a number again", 1, 2, "2025Q3", 0, 21, SKA_E_CONFLICT},
    {"a period again", 1, 3, "2025Q1", 0, 22, SKA_E_CONFLICT},
    {"after another than was signed", 1, 3, "2025Q3", 0, 21, SKA_E_MISMATCH},
};

START_TEST(the_second_signer_remembers_what_was_signed)
{
    char home[] = "/tmp/skarva-county-XXXXXX";
    struct ska_error err = {0};
    struct signed_releases s = {0}, read = {0};
    uint8_t collection[32] = {memories[_i].collection};
    ck_assert_ptr_nonnull(test_mkdtemp(home));
    ck_assert_status(signed_releases_read(&s, home, &err), SKA_OK);
    ck_assert_uint_eq(s.n, 0);
    for (uint32_t i = 1; i <= 2; i++) {
        struct signed_release r = {
            .collection = {1}, .place.number = i, .bundle_sha256 = {(uint8_t)(20 + i)}};
        (void)snprintf(r.period, sizeof r.period, "2025Q%u", i);
        ck_assert_status(signed_releases_add(&s, &r), SKA_OK);
    }
    ck_assert_status(signed_releases_write(&s, home, &err), SKA_OK);
    ck_assert_status(signed_releases_read(&read, home, &err), SKA_OK);
    ck_assert_uint_eq(read.n, 2);
    const struct ska_release_place place = {memories[_i].number, {memories[_i].previous}};
    enum ska_status got = signed_releases_check(&read, collection, memories[_i].period,
                                                memories[_i].revision, &place, &err);
    ck_assert_msg(got == memories[_i].want, "%s: %s", memories[_i].name, ska_status_name(got));
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, "signed-releases");
    ck_assert_status(file_write(path, "x\n", 2, false, &err), SKA_OK);
    signed_releases_clear(&read);
    ck_assert_status(signed_releases_read(&read, home, &err), SKA_E_FORMAT);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(home), 0);
    signed_releases_clear(&s);
    signed_releases_clear(&read);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("release of periods");
    TCase *t = tcase_create("release of periods");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, nothing_is_on_the_site_before_both_have_signed);
    tcase_add_loop_test(t, no_other_signature_releases_a_draft, 0, 5);
    tcase_add_test(t, a_signature_of_another_period_is_refused_by_name);
    tcase_add_test(t, what_is_released_never_changes);
    tcase_add_loop_test(t, a_crash_between_any_two_writes_can_be_repeated, 0, N_OF(written));
    tcase_add_test(t, a_draft_whose_number_another_took_is_made_anew);
    tcase_add_test(t, the_ledger_has_every_release_and_sees_a_broken_chain);
    tcase_add_test(t, a_preview_says_what_is_hidden_and_how_much);
    tcase_add_test(t, a_pattern_is_decided_anew_when_other_periods_were_released);
    tcase_add_test(t, signatures_as_text_come_back_or_are_refused);
    tcase_add_loop_test(t, the_second_signer_remembers_what_was_signed, 0, N_OF(memories));
    suite_add_tcase(suite, t);
    return test_run(suite);
}
