/* SPDX-License-Identifier: EUPL-1.2 */
/* test_log_proof.c - proofs that an entry is in a public log, and the command that checks them. */
#include "audit/log_proof.h"

#include "tests/test.h"

#include "crypto/scoped.h"
#include "protocol/cosignature.h"
#include "protocol/tlog_proof.h"

#include <fcntl.h>

#define N_LEAVES 11
#define INDEX 6

static struct ska_signing_key log_secret, witness_secret;
static struct ska_note_key log_key, witness_key;
static uint8_t leaves[N_LEAVES][SKA_HASH_BYTES];
static struct ska_writer proof; /* of the entry "entry 6" */
static char policy_text[1000], folder[64], proof_path[96], policy_path[96], entry_path[96];
static struct ska_tlog_policy policy;

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *f = fopen(path, "wbe");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, len, f), len);
    ck_assert_int_eq(fclose(f), 0);
}

static void write_hash_line(struct ska_writer *w, const uint8_t hash[SKA_HASH_BYTES])
{
    char line[46];
    ska_base64_encode(line, hash, SKA_HASH_BYTES);
    ska_write_bytes(w, line, 44);
    ska_write_bytes(w, "\n", 1);
}

static void write_proof(struct ska_writer *w, const char *head)
{
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    const uint8_t(*all)[SKA_HASH_BYTES] = (const uint8_t(*)[SKA_HASH_BYTES])leaves;
    size_t path_len;
    struct ska_checkpoint c = {.size = N_LEAVES};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    ska_write_bytes(w, head, strlen(head));
    ska_merkle_path(path, &path_len, all, N_LEAVES, INDEX);
    for (size_t i = 0; i < path_len; i++)
        write_hash_line(w, path[i]);
    ska_write_bytes(w, "\n", 1);
    memcpy(c.origin, log_key.name, sizeof c.origin);
    ska_merkle_root(c.root, all, N_LEAVES);
    ska_checkpoint_format(&text, &c);
    const struct ska_slice slice = {text.data, text.len};
    ska_write_bytes(w, text.data, text.len);
    ska_write_bytes(w, "\n", 1);
    ck_assert_status(ska_note_sign(w, &log_key, &log_secret, slice), SKA_OK);
    ck_assert_status(ska_cosignature_sign(w, &witness_key, &witness_secret, slice, 1700000000),
                     SKA_OK);
}

/* "extra" holds "entry 6". */
#define HEAD "c2sp.org/tlog-proof@v1\nextra ZW50cnkgNg==\nindex 6\n"

static void setup(void)
{
    char texts[2][SKA_NOTE_KEY_TEXT_MAX + 1];
    ck_assert_status(ska_signing_key_generate(&log_secret), SKA_OK);
    ck_assert_status(ska_signing_key_generate(&witness_secret), SKA_OK);
    ck_assert_status(
        ska_note_key_init(&log_key, "leader.example/log", SKA_NOTE_ED25519, log_secret.public_key),
        SKA_OK);
    ck_assert_status(ska_note_key_init(&witness_key, "paper.example", SKA_NOTE_COSIGNATURE,
                                       witness_secret.public_key),
                     SKA_OK);
    ska_note_key_format(texts[0], &log_key);
    ska_note_key_format(texts[1], &witness_key);
    (void)snprintf(policy_text, sizeof policy_text, "log %s\nwitness paper %s\nquorum paper\n",
                   texts[0], texts[1]);
    ck_assert_status(
        ska_policy_parse(&policy, (const uint8_t *)policy_text, strlen(policy_text), NULL), SKA_OK);
    for (size_t i = 0; i < N_LEAVES; i++) {
        char entry[20];
        int len = snprintf(entry, sizeof entry, "entry %zu", i);
        ska_merkle_leaf(leaves[i], entry, (size_t)len);
    }
    proof = (struct ska_writer){0};
    write_proof(&proof, HEAD);
    (void)snprintf(folder, sizeof folder, "/tmp/skarva-proof.XXXXXX");
    ck_assert_ptr_nonnull(test_mkdtemp(folder));
    (void)snprintf(proof_path, sizeof proof_path, "%s/proof", folder);
    (void)snprintf(policy_path, sizeof policy_path, "%s/policy", folder);
    (void)snprintf(entry_path, sizeof entry_path, "%s/entry", folder);
}

static void teardown(void)
{
    ska_writer_clear(&proof);
}

START_TEST(a_proof_holds_for_its_entry_index_and_log_alone)
{
    static struct ska_tlog_proof p;
    struct ska_policy_result r = {0};
    ck_assert_status(ska_tlog_proof_parse(&p, proof.data, proof.len), SKA_OK);
    ck_assert_uint_eq(p.index, INDEX);
    ck_assert_uint_eq(p.extra_len, 7);
    ck_assert_mem_eq(p.extra, "entry 6", 7);
    ck_assert_status(ska_tlog_proof_verify(&r, &p, leaves[INDEX], &policy), SKA_OK);
    ck_assert_uint_eq(r.checkpoint.size, N_LEAVES);
    for (size_t i = 0; i < N_LEAVES; i++)
        if (i != INDEX)
            ck_assert_status(ska_tlog_proof_verify(&r, &p, leaves[i], &policy), SKA_E_MISMATCH);
    for (uint64_t i = 0; i <= N_LEAVES; i++) {
        p.index = i;
        ck_assert_status(ska_tlog_proof_verify(&r, &p, leaves[INDEX], &policy),
                         i == INDEX ? SKA_OK : SKA_E_MISMATCH);
    }
    p.index = INDEX + (UINT64_C(1) << 32);
    ck_assert_status(ska_tlog_proof_verify(&r, &p, leaves[INDEX], &policy), SKA_E_MISMATCH);
    p.index = INDEX;
    p.path[1][3] ^= 1;
    ck_assert_status(ska_tlog_proof_verify(&r, &p, leaves[INDEX], &policy), SKA_E_MISMATCH);
}
END_TEST

static enum ska_status check_with_extra(const uint8_t *data, size_t len)
{
    static struct ska_tlog_proof p;
    struct ska_policy_result r;
    uint8_t leaf[SKA_HASH_BYTES];
    SKA_TRY(ska_tlog_proof_parse(&p, data, len));
    ska_merkle_leaf(leaf, p.extra, p.extra_len);
    return ska_tlog_proof_verify(&r, &p, leaf, &policy);
}

START_TEST(every_changed_byte_of_a_proof_is_seen)
{
    ck_assert_status(check_with_extra(proof.data, proof.len), SKA_OK);
    for (size_t i = 0; i < proof.len; i++) {
        proof.data[i] ^= 2;
        ck_assert_msg(check_with_extra(proof.data, proof.len) != SKA_OK, "byte %zu", i);
        proof.data[i] ^= 2;
        ck_assert_msg(check_with_extra(proof.data, i) != SKA_OK, "cut at %zu", i);
    }
}
END_TEST

static const struct {
    const char *name, *head;
    enum ska_status want;
} heads[] = {
    {"whole", HEAD, SKA_OK},
    {"no extra", "c2sp.org/tlog-proof@v1\nindex 6\n", SKA_OK},
    {"empty extra", "c2sp.org/tlog-proof@v1\nextra \nindex 6\n", SKA_E_FORMAT},
    {"two extras", "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 6\n", SKA_E_FORMAT},
    {"another version", "c2sp.org/tlog-proof@v2\nindex 6\n", SKA_E_FORMAT},
    {"a blank behind", "c2sp.org/tlog-proof@v1 \nindex 6\n", SKA_E_FORMAT},
    {"no index", "c2sp.org/tlog-proof@v1\n", SKA_E_FORMAT},
    {"leading zero", "c2sp.org/tlog-proof@v1\nindex 06\n", SKA_E_FORMAT},
    {"order", "c2sp.org/tlog-proof@v1\nindex 6\nextra AA==\n", SKA_E_FORMAT},
    {"carriage return", "c2sp.org/tlog-proof@v1\r\nindex 6\r\n", SKA_E_FORMAT},
};

START_TEST(proofs_have_one_form)
{
    static struct ska_tlog_proof p;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_proof(&w, heads[_i].head);
    enum ska_status got = ska_tlog_proof_parse(&p, w.data, w.len);
    ck_assert_msg(got == heads[_i].want, "%s: got %s", heads[_i].name, ska_status_name(got));
}
END_TEST

START_TEST(long_proofs_are_refused)
{
    static struct ska_tlog_proof p;
    for (size_t n = SKA_MERKLE_PATH_MAX; n <= SKA_MERKLE_PATH_MAX + 1; n++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        SKA_SCOPED(ska_writer_clear) struct ska_writer rest = {0};
        ska_write_bytes(&w, HEAD, strlen(HEAD));
        write_proof(&rest, "");
        for (size_t i = 4; i < n; i++) /* 11 leaves: a path of four hashes */
            write_hash_line(&w, leaves[0]);
        ska_write_bytes(&w, rest.data, rest.len);
        ck_assert_status(ska_tlog_proof_parse(&p, w.data, w.len),
                         n == SKA_MERKLE_PATH_MAX ? SKA_OK : SKA_E_LIMIT);
    }
}
END_TEST

/* --- the command ------------------------------------------------------------------------------ */

/* Exit status and what was printed. */
static int run(char *printed, size_t size, const struct options *o)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/printed", folder);
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    ck_assert(saved >= 0 && fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
    int status = log_proof_check(o);
    fflush(stdout);
    ck_assert(dup2(saved, STDOUT_FILENO) >= 0 && lseek(fd, 0, SEEK_SET) == 0);
    ssize_t n = read(fd, printed, size - 1);
    ck_assert_int_ge(n, 0);
    printed[n] = '\0';
    (void)close(fd);
    (void)close(saved);
    return status;
}

START_TEST(the_command_says_what_was_proven)
{
    char printed[4000];
    struct options o = {.proof = proof_path, .policy = policy_path};
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_TRUST); /* no such file */
    write_file(policy_path, policy_text, strlen(policy_text));
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_BUNDLE);
    write_file(proof_path, proof.data, proof.len);
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_PASS);
    ck_assert_ptr_nonnull(strstr(printed, "log: leader.example/log, 11\nentry: 6, sha256 "));
    ck_assert_ptr_nonnull(strstr(printed, "cosigned by: paper.example  2023-11-14 22:13:20 UTC\n"));
    ck_assert_ptr_nonnull(strstr(printed, "PASS\n"));
    o.entry = entry_path;
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_BUNDLE);
    write_file(entry_path, "entry 6", 7);
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_PASS);
    write_file(entry_path, "entry 7", 7);
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_FAIL);
    ck_assert_str_eq(printed, "FAIL: the entry is not where the proof says\n");
    write_file(proof_path, proof.data, proof.len - 1);
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_BUNDLE);
    SKA_SCOPED(ska_writer_clear) struct ska_writer bare = {0};
    write_proof(&bare, "c2sp.org/tlog-proof@v1\nindex 6\n");
    write_file(proof_path, bare.data, bare.len);
    o.entry = NULL;
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_USAGE); /* nothing to look for */
}
END_TEST

START_TEST(the_command_fails_without_the_quorum)
{
    char printed[4000], text[SKA_NOTE_KEY_TEXT_MAX + 1];
    struct ska_signing_key secret;
    struct ska_note_key other;
    const size_t len = strlen(policy_text) - strlen("quorum paper\n");
    struct options o = {.proof = proof_path, .policy = policy_path};
    ck_assert_status(ska_signing_key_generate(&secret), SKA_OK);
    ck_assert_status(
        ska_note_key_init(&other, "university.example", SKA_NOTE_COSIGNATURE, secret.public_key),
        SKA_OK);
    ska_note_key_format(text, &other);
    (void)snprintf(policy_text + len, sizeof policy_text - len,
                   "witness university %s\ngroup both all paper university\nquorum both\n", text);
    write_file(policy_path, policy_text, strlen(policy_text));
    write_file(proof_path, proof.data, proof.len);
    ck_assert_int_eq(run(printed, sizeof printed, &o), EXIT_FAIL);
    ck_assert_ptr_nonnull(strstr(printed, "not cosigned by: university.example\n"));
    ck_assert_ptr_nonnull(strstr(printed, "FAIL: too few"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log_proof");
    TCase *t = tcase_create("log_proof");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_proof_holds_for_its_entry_index_and_log_alone);
    tcase_add_test(t, every_changed_byte_of_a_proof_is_seen);
    tcase_add_loop_test(t, proofs_have_one_form, 0, (int)N_OF(heads));
    tcase_add_test(t, long_proofs_are_refused);
    tcase_add_test(t, the_command_says_what_was_proven);
    tcase_add_test(t, the_command_fails_without_the_quorum);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
