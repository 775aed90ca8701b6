/* SPDX-License-Identifier: EUPL-1.2 */
/* test_judge.c - what a witness cosigns, and the status of each refusal (C2SP tlog-witness). */
#include "witness/judge.h"

#include "tests/unit/witness/world.h"

#include "protocol/add_checkpoint.h"
#include "protocol/cosignature.h"
#include "support/file.h"

#include <sys/stat.h>

static char folder[64], path[96];
static struct world_log
    logs[3]; /* the witness knows the first two, and a second key of the first */
static struct ska_note_key known[3];
static struct world_log second; /* the first log's second key */
static struct witness witness;

static void open_state(void)
{
    ck_assert_status(witness_state_open(&witness.state, path, &witness.key, NULL), SKA_OK);
}

static void setup(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-judge.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/state", folder);
    world_log_init(&logs[0], "a.example/log");
    world_log_init(&logs[1], "b.example/log");
    world_log_init(&logs[2], "c.example/log");
    world_log_init(&second, "a.example/log");
    known[0] = logs[0].key;
    known[1] = logs[1].key;
    known[2] = second.key;
    witness = (struct witness){.logs = known, .n_logs = 3};
    ck_assert_status(ska_signing_key_generate(&witness.secret), SKA_OK);
    ck_assert_status(ska_note_key_init(&witness.key, "w.example", SKA_NOTE_COSIGNATURE,
                                       witness.secret.public_key),
                     SKA_OK);
    ck_assert_status(witness_state_create(path, NULL), SKA_OK);
    open_state();
}

static void teardown(void)
{
    witness_state_close(&witness.state);
}

/* The witness dies and starts again with what is on disk. */
static void restart(void)
{
    witness_state_close(&witness.state);
    open_state();
}

static struct witness_answer ask(const struct ska_writer *request)
{
    struct witness_answer a = {0};
    witness_add_checkpoint(&a, &witness, (struct ska_slice){request->data, request->len},
                           1700000000);
    return a;
}

/* Ask, look at the status, and forget the rest. */
static void expect_status(struct ska_writer request, int want)
{
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = ask(&request);
    ck_assert_int_eq(a.status, want);
    ska_writer_clear(&request);
}

static void expect_size(struct ska_writer request, const char *want)
{
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = ask(&request);
    ck_assert_int_eq(a.status, 409);
    ck_assert_str_eq(a.content_type, "text/x.tlog.size");
    ck_assert_uint_eq(a.body.len, strlen(want));
    ck_assert_mem_eq(a.body.data, want, a.body.len);
    ska_writer_clear(&request);
}

/* 200, and the answer is one line that holds on the checkpoint that was sent. */
static void expect_cosigned(const struct world_log *log, size_t old, size_t size)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer request = world_request(log, old, size);
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = ask(&request);
    ck_assert_int_eq(a.status, 200);
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    world_text(&note, log, size);
    ska_write_bytes(&note, "\n", 1);
    ska_write_bytes(&note, a.body.data, a.body.len);
    struct ska_note parsed;
    uint64_t time_s = 0;
    ck_assert_status(ska_note_parse(&parsed, note.data, note.len), SKA_OK);
    ck_assert_uint_eq(parsed.n_signatures, 1);
    ck_assert_status(ska_cosignature_verify(&time_s, &parsed, &witness.key), SKA_OK);
    ck_assert_uint_eq(time_s, 1700000000);
}

START_TEST(a_growing_log_is_cosigned_at_every_step)
{
    size_t last = 0;
    const size_t sizes[] = {0, 0, 1, 1, 2, 3, 8, 9, 9, 33, 64};
    for (size_t i = 0; i < N_OF(sizes); i++) {
        expect_cosigned(&logs[0], last, sizes[i]);
        last = sizes[i];
        if (i % 3 == 0)
            restart();
    }
    expect_cosigned(&logs[1], 0, 5); /* each log has a memory of its own */
    expect_cosigned(&logs[0], 64, 64);
}
END_TEST

START_TEST(an_old_size_that_is_not_the_last_is_answered_with_that)
{
    expect_size(world_request(&logs[0], 3, 5), "0\n");
    expect_cosigned(&logs[0], 0, 5);
    expect_size(world_request(&logs[0], 3, 5), "5\n"); /* a replay of an older step */
    expect_size(world_request(&logs[0], 0, 5), "5\n"); /* a replay of the first */
    expect_size(world_request(&logs[0], 6, 9), "5\n");
    expect_size(world_request(&logs[0], 3, 3), "5\n"); /* a rollback */
    restart();
    expect_size(world_request(&logs[0], 0, 3), "5\n");
    expect_cosigned(&logs[0], 5, 9);
}
END_TEST

START_TEST(a_smaller_checkpoint_is_refused)
{
    expect_cosigned(&logs[0], 0, 9);
    struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    world_head(&w, &logs[0], 9, 0, 0);
    world_text(&text, &logs[0], 8);
    world_sign(&w, &logs[0], &text);
    expect_status(w, 400);
    expect_cosigned(&logs[0], 9, 10);
}
END_TEST

START_TEST(a_fork_is_refused)
{
    expect_cosigned(&logs[0], 0, 9);
    struct world_log fork = logs[0];
    world_log_fork(&fork, 8);
    expect_status(world_request(&fork, 9, 9), 422); /* the same size, another root */
    expect_status(world_request(&fork, 9, 20), 422);
    restart();
    expect_status(world_request(&fork, 9, 10), 422);
    expect_cosigned(&logs[0], 9, 20); /* the true one goes on */
}
END_TEST

START_TEST(a_proof_that_does_not_fit_is_refused)
{
    expect_cosigned(&logs[0], 0, 6);
    struct ska_writer w = world_request(&logs[0], 6, 13);
    memcpy(w.data + strlen("old 6\n") + 3, "AAAA", 4); /* in the first hash */
    expect_status(w, 422);
    /* none at all, and one where there must be none */
    w = (struct ska_writer){0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer whole = world_request(&logs[0], 6, 13);
    const char *end = strstr((const char *)whole.data, "\n\n");
    ska_write_bytes(&w, "old 6\n", 6);
    ska_write_bytes(&w, end + 1, whole.len - (size_t)(end + 1 - (const char *)whole.data));
    expect_status(w, 422);
    w = (struct ska_writer){0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer first = world_request(&logs[1], 0, 2);
    ska_write_bytes(&w, "old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 51);
    ska_write_bytes(&w, first.data + 6, first.len - 6);
    expect_status(w, 422);
    expect_cosigned(&logs[0], 6, 13);
}
END_TEST

START_TEST(an_empty_log_has_the_root_of_nothing)
{
    struct ska_writer w = {0};
    struct ska_checkpoint c = {.size = 0, .root = {1}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    memcpy(c.origin, logs[0].key.name, sizeof c.origin);
    ska_checkpoint_format(&text, &c);
    ska_write_bytes(&w, "old 0\n\n", 7);
    world_sign(&w, &logs[0], &text);
    expect_status(w, 422);
    expect_cosigned(&logs[0], 0, 0);
}
END_TEST

START_TEST(an_unknown_log_is_not_found)
{
    expect_status(world_request(&logs[2], 0, 3), 404);
    ck_assert_uint_eq(witness.state.n_records, 0);
}
END_TEST

START_TEST(a_log_must_sign_and_nothing_of_it_may_be_bad)
{
    /* by another log's key, under its own name; under the right name, with a key unknown */
    struct world_log liar = logs[1];
    struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    world_text(&text, &logs[0], 4);
    const struct ska_slice slice = {text.data, text.len};
    ska_write_bytes(&w, "old 0\n\n", 7);
    ska_write_bytes(&w, text.data, text.len);
    ska_write_bytes(&w, "\n", 1);
    ck_assert_status(ska_note_sign(&w, &liar.key, &liar.secret, slice), SKA_OK);
    ck_assert_status(
        ska_note_key_init(&liar.key, "a.example/log", SKA_NOTE_ED25519, liar.secret.public_key),
        SKA_OK);
    ck_assert_status(ska_note_sign(&w, &liar.key, &liar.secret, slice), SKA_OK);
    expect_status(w, 403);

    /* a good one beside a bad one of the log's other key */
    w = world_request(&logs[0], 0, 4);
    ck_assert_status(
        ska_note_sign(&w, &second.key, &second.secret, (struct ska_slice){slice.data, 5}), SKA_OK);
    expect_status(w, 403);

    /* an unknown key beside the log's does not matter */
    w = world_request(&logs[0], 0, 4);
    ck_assert_status(ska_note_sign(&w, &liar.key, &liar.secret, (struct ska_slice){slice.data, 5}),
                     SKA_OK);
    expect_status(w, 200);

    /* every byte of a signature counts */
    w = world_request(&logs[0], 4, 7);
    w.data[w.len - 20] = w.data[w.len - 20] == 'A' ? 'B' : 'A';
    expect_status(w, 403);
}
END_TEST

static const struct {
    const char *name, *text;
} malformed[] = {{"nothing", ""},
                 {"no old", "0\n\n"},
                 {"leading zero", "old 00\n\n"},
                 {"carriage return", "old 0\r\n\r\n"},
                 {"no empty line", "old 0\n"},
                 {"capital", "Old 0\n\n"},
                 {"negative", "old -1\n\n"},
                 {"too large", "old 9223372036854775808\n\n"},
                 {"a short hash", "old 0\nAAAA\n\n"}};

START_TEST(requests_have_one_form)
{
    struct ska_writer w = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer good = world_request(&logs[0], 0, 4);
    ska_write_bytes(&w, malformed[_i].text, strlen(malformed[_i].text));
    ska_write_bytes(&w, good.data + 7, good.len - 7);
    expect_status(w, 400);
    expect_status(world_request(&logs[0], 0, 4), 200);
}
END_TEST

START_TEST(trailing_bytes_long_proofs_and_extensions_are_refused)
{
    struct ska_writer w = world_request(&logs[0], 0, 4);
    ska_write_bytes(&w, "x", 1);
    expect_status(w, 400);
    for (size_t n = 63; n <= 64; n++) {
        w = (struct ska_writer){0};
        SKA_SCOPED(ska_writer_clear) struct ska_writer good = world_request(&logs[0], 0, 4);
        ska_write_bytes(&w, "old 0\n", 6);
        for (size_t i = 0; i < n; i++)
            ska_write_bytes(&w, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 45);
        ska_write_bytes(&w, good.data + 6, good.len - 6);
        expect_status(w, n == 63 ? 422 : 400);
    }
    w = (struct ska_writer){0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    world_text(&text, &logs[0], 4);
    ska_write_bytes(&text, "extension\n", 10);
    ska_write_bytes(&w, "old 0\n\n", 7);
    world_sign(&w, &logs[0], &text);
    expect_status(w, 400);
    static uint8_t big[SKA_ADD_BYTES_MAX + 1];
    struct witness_answer a = {0};
    witness_add_checkpoint(&a, &witness, (struct ska_slice){big, sizeof big}, 1);
    ck_assert_int_eq(a.status, 400);
    witness_answer_clear(&a);
}
END_TEST

START_TEST(what_cannot_be_remembered_is_not_cosigned)
{
    if (geteuid() == 0) { /* root writes everywhere: put a folder where the file goes */
        expect_cosigned(&logs[0], 0, 4);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(mkdir(path, 0700), 0);
    } else {
        expect_cosigned(&logs[0], 0, 4);
        ck_assert_int_eq(chmod(folder, 0500), 0);
    }
    SKA_SCOPED(ska_writer_clear) struct ska_writer request = world_request(&logs[0], 4, 9);
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = ask(&request);
    ck_assert_int_eq(a.status, 503);
    ck_assert_uint_eq(a.body.len, strlen("not now\n"));
    ck_assert_mem_eq(a.body.data, "not now\n", a.body.len);
    ck_assert_str_ne(a.error.text, "");
    if (geteuid() == 0)
        ck_assert_int_eq(rmdir(path), 0);
    else
        ck_assert_int_eq(chmod(folder, 0700), 0);
    expect_cosigned(&logs[0], 4, 9); /* the memory was not moved on */
}
END_TEST

START_TEST(the_last_checkpoint_is_shown_with_both_signatures)
{
    static const char hash[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct witness_answer none = {0};
    witness_get_checkpoint(&none, &witness, hash);
    ck_assert_int_eq(none.status, 404);
    witness_answer_clear(&none);
    expect_cosigned(&logs[1], 0, 4);
    expect_cosigned(&logs[1], 4, 7);
    uint8_t bytes[SKA_HASH_BYTES];
    char text[2 * SKA_HASH_BYTES + 1];
    ska_sha256(bytes, "b.example/log", 13);
    ska_hex_encode(text, bytes, sizeof bytes);
    SKA_SCOPED(witness_answer_clear) struct witness_answer a = {0};
    witness_get_checkpoint(&a, &witness, text);
    ck_assert_int_eq(a.status, 200);
    struct ska_note note;
    struct ska_checkpoint c;
    uint64_t time_s;
    ck_assert_status(ska_note_parse(&note, a.body.data, a.body.len), SKA_OK);
    ck_assert_uint_eq(note.n_signatures, 2);
    ck_assert_status(ska_note_verify(&note, &logs[1].key), SKA_OK);
    ck_assert_status(ska_cosignature_verify(&time_s, &note, &witness.key), SKA_OK);
    ck_assert_status(ska_checkpoint_parse(&c, note.text), SKA_OK);
    ck_assert_uint_eq(c.size, 7);
}
END_TEST

/* Sixteen lines are the most a note has: what is remembered must stay one. */
START_TEST(a_note_full_of_signatures_is_remembered)
{
    struct ska_writer w = world_request(&logs[0], 0, 4);
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    world_text(&text, &logs[0], 4);
    for (size_t i = 1; i < SKA_NOTE_SIGNATURES_MAX; i++)
        ck_assert_status(ska_note_sign(&w, &logs[0].key, &logs[0].secret,
                                       (struct ska_slice){text.data, text.len}),
                         SKA_OK);
    expect_status(w, 200);
    restart();
    expect_cosigned(&logs[0], 4, 5);
}
END_TEST

/* --- the file --------------------------------------------------------------------------------- */

START_TEST(a_state_is_one_process_s_and_one_key_s)
{
    struct ska_error err = {0};
    struct witness_state other = {0};
    expect_cosigned(&logs[0], 0, 4);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(witness_state_open(&other, path, &witness.key, NULL) == SKA_E_BUSY ? 0 : 1);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    witness_state_close(&witness.state);
    struct ska_note_key stranger = logs[1].key;
    stranger.type = SKA_NOTE_COSIGNATURE;
    ck_assert_status(witness_state_open(&other, path, &stranger, &err), SKA_E_SIGNATURE);
    ck_assert_status(witness_state_create(path, NULL), SKA_E_CONFLICT);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_status(witness_state_open(&other, path, &witness.key, &err), SKA_E_NOT_FOUND);
    ck_assert_status(witness_state_create(path, NULL), SKA_OK);
    open_state();
}
END_TEST

START_TEST(every_byte_of_the_file_counts)
{
    expect_cosigned(&logs[0], 0, 4);
    expect_cosigned(&logs[1], 0, 9);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(file_read(&data, &len, path, 1u << 20, NULL), SKA_OK);
    struct witness_state state = {0};
    ck_assert_status(witness_state_decode(&state, data, len, &witness.key), SKA_OK);
    ck_assert_uint_eq(state.n_records, 2);
    witness_state_close(&state);
    for (size_t i = 0; i < len; i++) {
        data[i] ^= 1;
        enum ska_status got = witness_state_decode(&state, data, len, &witness.key);
        data[i] ^= 1;
        if (got == SKA_OK) { /* the log's own signature is the log's business */
            ck_assert_uint_eq(state.n_records, 2);
            const uint8_t *line = data + i;
            while (line > data && line[-1] != '\n')
                line--;
            ck_assert_msg(strncmp((const char *)line, SKA_NOTE_DASH "w.", 6) != 0 &&
                              strncmp((const char *)line, SKA_NOTE_DASH, 4) == 0,
                          "byte %zu", i);
            witness_state_close(&state);
        }
        const bool is_whole =
            i == 23 || (i > 23 && len - i > 5 && memcmp(data + i, "note ", 5) == 0);
        got = witness_state_decode(&state, data, i, &witness.key); /* cut */
        ck_assert_msg((got == SKA_OK) == is_whole, "cut at %zu: %s", i, ska_status_name(got));
        if (got == SKA_OK)
            witness_state_close(&state);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("witness_judge");
    TCase *t = tcase_create("judge");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_growing_log_is_cosigned_at_every_step);
    tcase_add_test(t, an_old_size_that_is_not_the_last_is_answered_with_that);
    tcase_add_test(t, a_smaller_checkpoint_is_refused);
    tcase_add_test(t, a_fork_is_refused);
    tcase_add_test(t, a_proof_that_does_not_fit_is_refused);
    tcase_add_test(t, an_empty_log_has_the_root_of_nothing);
    tcase_add_test(t, an_unknown_log_is_not_found);
    tcase_add_test(t, a_log_must_sign_and_nothing_of_it_may_be_bad);
    tcase_add_loop_test(t, requests_have_one_form, 0, (int)N_OF(malformed));
    tcase_add_test(t, trailing_bytes_long_proofs_and_extensions_are_refused);
    tcase_add_test(t, what_cannot_be_remembered_is_not_cosigned);
    tcase_add_test(t, the_last_checkpoint_is_shown_with_both_signatures);
    tcase_add_test(t, a_note_full_of_signatures_is_remembered);
    tcase_add_test(t, a_state_is_one_process_s_and_one_key_s);
    tcase_add_test(t, every_byte_of_the_file_counts);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
