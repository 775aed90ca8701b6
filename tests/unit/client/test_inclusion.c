/* SPDX-License-Identifier: EUPL-1.2 */
/* test_inclusion.c - proofs from the log against receipts, and receipts against bundles. */
#include "client/counted.h"
#include "client/inclusion.h"

#include "tests/made_part.h"
#include "tests/test.h"

#include "support/file.h"

#define NOW UINT64_C(1800000000)

static struct ska_tlog_policy policy;

static void make_policy(void)
{
    struct made_log log;
    char text[2000];
    made_log_init(&log, 0, 0, "entry");
    made_log_policy(text, sizeof text, &log);
    made_log_clear(&log);
    ck_assert_status(ska_policy_parse(&policy, (uint8_t *)text, strlen(text), NULL), SKA_OK);
}

/* A text of one proof in which `from` became `to`. */
static void replace(struct ska_writer *w, const char *from, const char *to)
{
    ska_write_u8(w, 0);
    char *at = strstr((char *)w->data, from);
    ck_assert_msg(at != NULL && strlen(from) == strlen(to), "%s", from);
    memcpy(at, to, strlen(to));
    w->len--;
}

static void keep(struct ska_writer *w)
{
    (void)w;
}

static void other_index(struct ska_writer *w)
{
    replace(w, "index 41", "index 40");
}

static void other_size(struct ska_writer *w)
{
    replace(w, "\n300\n", "\n301\n");
}

static void other_origin(struct ska_writer *w)
{
    replace(w, "log.example/made\n300", "log.example/mode\n300");
}

static void cut(struct ska_writer *w)
{
    w->len--;
}

static void no_leaf(struct ska_writer *w)
{
    char *at = memchr(w->data, '\n', w->len);
    char *end = memchr(at + 1, '\n', 1000);
    const size_t gone = (size_t)(end - at);
    memmove(at, end, w->len - (size_t)((uint8_t *)end - w->data));
    w->len -= gone;
}

/* Another report identifier: another leaf, which is not in the tree. */
static void other_report(struct ska_writer *w)
{
    struct ska_tlog_proof *p = malloc(sizeof *p);
    struct ska_writer made = {0};
    ck_assert_ptr_nonnull(p);
    ck_assert_status(ska_tlog_proof_parse(p, w->data, w->len), SKA_OK);
    p->extra[p->extra_len - 144] ^= 1;
    const uint8_t *note = p->note.text.data;
    ska_tlog_proof_write(&made, (struct ska_slice){p->extra, p->extra_len}, p->index,
                         (const uint8_t(*)[SKA_HASH_BYTES])p->path, p->path_len,
                         (struct ska_slice){note, w->len - (size_t)(note - w->data)});
    w->len = 0;
    ska_write_bytes(w, made.data, made.len);
    ska_writer_clear(&made);
    free(p);
}

static const struct {
    const char *name;
    uint64_t number; /* of the receipt that is asked about; the proof is of 2 */
    unsigned witnesses;
    void (*change)(struct ska_writer *w);
    enum ska_status want;
} proofs[] = {
    {"as it is", 2, 3, keep, SKA_OK},
    {"all witnesses", 2, 7, keep, SKA_OK},
    {"one witness of two", 2, 2, keep, SKA_E_BATCH_SIZE},
    {"of another submission", 1, 3, keep, SKA_E_MISMATCH},
    {"another index", 2, 3, other_index, SKA_E_MISMATCH},
    {"another report", 2, 3, other_report, SKA_E_MISMATCH},
    {"another size", 2, 3, other_size, SKA_E_SIGNATURE},
    {"another log", 2, 3, other_origin, SKA_E_NOT_FOUND},
    {"cut", 2, 3, cut, SKA_E_FORMAT},
    {"without its leaf", 2, 3, no_leaf, SKA_E_FORMAT},
};

START_TEST(a_proof_is_of_the_receipt_and_holds)
{
    struct ska_receipt logged, asked;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    make_policy();
    made_receipt(&logged, 2);
    made_receipt(&asked, proofs[_i].number);
    made_proof(&w, &logged, 300, 41, proofs[_i].witnesses, NOW);
    proofs[_i].change(&w);
    struct ska_policy_result result = {0};
    struct ska_error err = {0};
    uint64_t index = 99;
    const enum ska_status got =
        inclusion_verify(&result, &index, (struct ska_slice){w.data, w.len}, &asked, &policy, &err);
    ck_assert_msg(got == proofs[_i].want, "%s: got %s (%s)", proofs[_i].name, ska_status_name(got),
                  err.text);
    ck_assert_uint_eq(index, got == SKA_OK ? 41 : 99);
    if (got == SKA_OK) {
        ck_assert_uint_eq(result.checkpoint.size, 300);
        ck_assert_uint_eq(result.time_s[0], NOW);
    } else {
        ck_assert_uint_gt(strlen(err.text), 5);
    }
}
END_TEST

START_TEST(any_changed_byte_is_seen)
{
    struct ska_receipt receipt;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    make_policy();
    made_receipt(&receipt, 2);
    made_proof(&w, &receipt, 300, 41, 3, NOW);
    test_seed("any_changed_byte_is_seen");
    for (int i = 0; i < 150; i++) {
        struct ska_policy_result result;
        uint64_t index;
        const size_t at = test_random() % w.len;
        const uint8_t flip = (uint8_t)(1u << test_random() % 8);
        w.data[at] ^= flip;
        const enum ska_status got = inclusion_verify(
            &result, &index, (struct ska_slice){w.data, w.len}, &receipt, &policy, NULL);
        ck_assert_msg(got != SKA_OK, "byte %zu", at);
        w.data[at] ^= flip;
    }
}
END_TEST

START_TEST(a_proof_lies_beside_its_receipt)
{
    static const char *const names[][2] = {
        {"a/2025Q2-1.receipt", "a/2025Q2-1.tlog-proof"},
        {"x", "x.tlog-proof"},
        {".receipt", ".receipt.tlog-proof"},
    };
    char *path = NULL;
    ck_assert_status(inclusion_path(&path, names[_i][0]), SKA_OK);
    ck_assert_str_eq(path, names[_i][1]);
    free(path);
}
END_TEST

/* --- counted ---------------------------------------------------------------------------------- */

static void read_trust(struct ska_trust *trust)
{
    uint8_t *const keys[] = {trust->publisher, trust->second, trust->leader, trust->helper};
    for (enum made_party party = 0; party < MADE_PARTIES; party++) {
        struct ska_signing_key key;
        made_party_key(&key, party);
        memcpy(keys[party], key.public_key, 32);
    }
}

/* Where the signatures begin in the archive: behind its header and a list of three. */
#define SIGNATURES (512u + 4u + 1u + 32u + 32u + 8u + 4u + 3u * 68u)

static const struct {
    const char *name;
    uint64_t mine, last, without;
    size_t flip; /* a byte of the file; 0: none */
    enum ska_status want;
    enum counted counted;
    uint64_t number;
} bundles[] = {
    {"the only one", 1, 1, 0, 0, SKA_OK, COUNTED_THIS, 1},
    {"the newest", 3, 3, 0, 0, SKA_OK, COUNTED_THIS, 3},
    {"an older one", 2, 3, 0, 0, SKA_OK, COUNTED_NEWER, 3},
    {"one that was left out", 3, 3, 3, 0, SKA_OK, COUNTED_NOT, 0},
    {"left out, with a newer one", 2, 3, 2, 0, SKA_OK, COUNTED_NOT, 0},
    {"newer than the list", 4, 3, 0, 0, SKA_OK, COUNTED_NOT, 0},
    {"a list that was changed", 1, 1, 0, 512 + 4 + 100, SKA_E_SIGNATURE, COUNTED_NOT, 0},
    {"not signed by the leader", 1, 1, 0, SIGNATURES + 5, SKA_E_SIGNATURE, COUNTED_NOT, 0},
    {"not signed by the helper", 1, 1, 0, SIGNATURES + 64 + 5, SKA_E_SIGNATURE, COUNTED_NOT, 0},
    {"another task's", 1, 1, 0, 1, SKA_E_TASK, COUNTED_NOT, 0},
    {"no bundle", 1, 1, 0, 20, SKA_E_FORMAT, COUNTED_NOT, 0},
};

START_TEST(a_bundle_says_what_it_counts)
{
    char path[] = "/tmp/skarva-counted-XXXXXX";
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_receipt receipt;
    struct ska_trust trust;
    enum counted counted = COUNTED_NOT;
    uint64_t number = 0;
    struct ska_error err = {0};
    const int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    read_trust(&trust);
    made_receipt(&receipt, bundles[_i].mine);
    made_bundle(&w, bundles[_i].last, bundles[_i].without);
    if (bundles[_i].flip == 1)
        receipt.entry.task_id[0] ^= 1;
    else if (bundles[_i].flip != 0)
        w.data[bundles[_i].flip] ^= 1;
    ck_assert_status(file_write(path, w.data, w.len, false, NULL), SKA_OK);
    bool is_logged = true;
    const enum ska_status got =
        counted_find(&counted, &number, &is_logged, path, &receipt, &trust, &policy, &err);
    ck_assert_msg(got == bundles[_i].want, "%s: got %s", bundles[_i].name, ska_status_name(got));
    ck_assert_msg(counted == bundles[_i].counted, "%s: %d", bundles[_i].name, (int)counted);
    if (counted != COUNTED_NOT)
        ck_assert_uint_eq(number, bundles[_i].number);
    if (got != SKA_OK)
        ck_assert_uint_gt(strlen(err.text), 5);
}
END_TEST

/* --- a bundle with its part of the log ---------------------------------------------------------
 */

static const struct {
    const char *name;
    struct made_part part; /* honest, but for this */
    bool no_policy;
    enum ska_status want;
    enum counted counted;
} parts[] = {
    {"counted, and in the log", {.witnesses = 3}, false, SKA_OK, COUNTED_THIS},
    {"judged without a policy", {.witnesses = 0}, true, SKA_OK, COUNTED_THIS},
    {"no entry of it", {.witnesses = 3, .without_leaf = 1}, false, SKA_OK, COUNTED_UNLOGGED},
    {"entry after the close", {.witnesses = 3, .leaf_late = 1}, false, SKA_OK, COUNTED_UNLOGGED},
    {"too few witnesses", {.witnesses = 1}, false, SKA_E_PROOF, COUNTED_NOT},
    {"a leaf changed", {.witnesses = 3, .flip_leaf = 1}, false, SKA_E_PROOF, COUNTED_NOT},
    {"close of other submissions",
     {.witnesses = 3, .record_without = 1},
     false,
     SKA_E_MISMATCH,
     COUNTED_NOT},
    {"close not signed by the helper",
     {.witnesses = 3, .unsigned_close = 1},
     false,
     SKA_E_SIGNATURE,
     COUNTED_NOT},
    {"record of something else",
     {.witnesses = 3, .other_record = 1},
     false,
     SKA_E_FORMAT,
     COUNTED_NOT},
    {"a file of it left out",
     {.witnesses = 3, .without_left = 1},
     false,
     SKA_E_FORMAT,
     COUNTED_NOT},
};

START_TEST(a_bundles_log_has_the_submission)
{
    char path[] = "/tmp/skarva-counted-XXXXXX";
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_receipt receipt;
    struct ska_trust trust;
    enum counted counted = COUNTED_NOT;
    uint64_t number = 0;
    bool is_logged = false;
    struct ska_error err = {0};
    const int fd = test_mkstemp(path);
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    make_policy();
    read_trust(&trust);
    made_receipt(&receipt, 2);
    made_bundle_logged(&w, 2, &parts[_i].part);
    ck_assert_status(file_write(path, w.data, w.len, false, NULL), SKA_OK);
    const enum ska_status got = counted_find(&counted, &number, &is_logged, path, &receipt, &trust,
                                             parts[_i].no_policy ? NULL : &policy, &err);
    ck_assert_msg(got == parts[_i].want, "%s: got %s", parts[_i].name, ska_status_name(got));
    ck_assert_msg(counted == parts[_i].counted, "%s: %d", parts[_i].name, (int)counted);
    ck_assert(is_logged);
    if (got != SKA_OK)
        ck_assert_uint_gt(strlen(err.text), 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inclusion");
    TCase *tc = tcase_create("inclusion");
    tcase_add_loop_test(tc, a_proof_is_of_the_receipt_and_holds, 0, (int)N_OF(proofs));
    tcase_add_test(tc, any_changed_byte_is_seen);
    tcase_add_loop_test(tc, a_proof_lies_beside_its_receipt, 0, 3);
    tcase_add_loop_test(tc, a_bundle_says_what_it_counts, 0, (int)N_OF(bundles));
    tcase_add_loop_test(tc, a_bundles_log_has_the_submission, 0, (int)N_OF(parts));
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
