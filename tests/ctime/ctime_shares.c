/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctime_shares.c - shares, seeds, counts and keys on their whole way: sharding, expanding,
 * checking, adding, the Merkle root, unsharding, signing, HPKE.
 *
 * Secrets are undefined memory, so memcheck reports every branch and address that depends on one.
 * `--leak` looks at one share bit by a branch, and must be reported: that shows the test can fail.
 */
#include "crypto/hpke.h"
#include "crypto/merkle.h"

#include "tests/ctime/ctime.h"

#define N_CELLS 3
#define SHARE_BYTES ((size_t)64 * N_CELLS)

static const uint64_t bound[N_CELLS] = {1000, 1000, 2000};
static const struct ska_term terms[] = {{0, 1}, {1, 1}, {2, -1}};
static const struct ska_term order[] = {{0, -1}, {2, 1}};
static const struct ska_rule rules[] = {{.n_terms = 3, .terms = terms},
                                        {.width = 2000, .n_terms = 2, .terms = order}};
static const struct ska_statement statement = {
    .n_cells = N_CELLS, .bound = bound, .n_rules = 2, .rules = rules};

static void live_one_report(uint8_t sum[2][SHARE_BYTES], struct ska_auditsum_config config[3],
                            const struct ska_signing_key *contributor)
{
    uint64_t counts[N_CELLS] = {3, 4, 7};
    struct ska_writer public_share = {0};
    struct ska_writer input[2] = {{0}};
    uint8_t *const sums[2] = {sum[0], sum[1]};
    SKA_MARK_SECRET(counts, sizeof counts);
    const struct ska_auditsum_measurement m = {.counts = counts, .number = 1, .key = contributor};
    ska_random_replace_for_test(draw_secret);
    must(ska_auditsum.shard(&public_share, &input[0], &input[1], &config[2], &m, ctime_nonce, NULL),
         "shard");
    ska_random_replace_for_test(NULL); /* from here on it draws weights, which are public */
    live_through(sums, SHARE_BYTES, config, &public_share, input);
}

/* The root, its signature, and the totals of two secret aggregate shares. */
static void finish(uint8_t sum[2][SHARE_BYTES], const struct ska_auditsum_config *config,
                   const struct ska_signing_key *key)
{
    uint8_t root[SKA_HASH_BYTES];
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t path_len = 0;
    uint8_t(*leaves)[SKA_HASH_BYTES] = NULL;
    uint32_t n_leaves = 0;
    uint8_t signature[SKA_SIGNATURE_BYTES];
    const uint8_t zero[32] = {0};
    uint64_t total[N_CELLS];
    ska_scalar blinding[N_CELLS];
    struct ska_auditsum_totals totals = {total, blinding};
    SKA_MARK_SECRET(sum, 2 * SHARE_BYTES);
    must(ska_aggregate_root(root, (struct ska_slice){sum[0], SHARE_BYTES}), "root");
    SKA_MARK_PUBLIC(root, sizeof root, "signed and published; blindings hide the sums in it");
    must(ska_aggregate_root_sign(signature, key, zero, SKA_ROLE_LEADER, zero, N_CELLS, root),
         "sign root");
    must(ska_aggregate_leaves(&leaves, &n_leaves, (struct ska_slice){sum[0], SHARE_BYTES}),
         "leaves");
    ska_merkle_path(path, &path_len, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n_leaves, 1);
    free(leaves);
    must(ska_auditsum.unshard(&totals, config, (struct ska_slice){sum[0], SHARE_BYTES},
                              (struct ska_slice){sum[1], SHARE_BYTES}, NULL),
         "unshard");
    SKA_MARK_PUBLIC(total, sizeof total, "compared here");
    if (total[0] != 3 || total[1] != 4 || total[2] != 7)
        must(SKA_E_BUG, "totals");
}

/* A key as its file keeps it, and back; and the one signature no report makes. */
static void keep_keys(void)
{
    struct ska_signing_key key = new_signing_key();
    struct ska_signing_key again;
    struct ska_hpke_key hpke;
    const struct ska_log_entry entry = {.period = "2025Q2", .number = 1};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    char text[44];
    ska_base64url_encode(text, key.seed, sizeof key.seed);
    must(ska_base64url_decode(seed, sizeof seed, text, sizeof text - 1), "a key's text");
    must(ska_signing_key_from_seed(&again, seed), "a key's seed");
    if (memcmp(again.public_key, key.public_key, sizeof key.public_key) != 0)
        must(SKA_E_BUG, "another key came back");
    must(ska_log_entry_sign(signature, &again, &entry), "log entry");
    must(ska_hpke_key_from_secret(&hpke, seed), "a secret HPKE key");
    text[5] = '+';
    must_be(ska_base64url_decode(seed, sizeof seed, text, sizeof text - 1), SKA_E_FORMAT, "a text");
    ska_signing_key_clear(&key);
    ska_signing_key_clear(&again);
    ska_hpke_key_clear(&hpke);
}

/* A secret message to a secret key, both ways. */
static void seal_and_open(void)
{
    struct ska_hpke_key key;
    uint8_t plain[100] = {7};
    uint8_t enc[SKA_HPKE_ENC_BYTES];
    uint8_t sealed[sizeof plain + SKA_HPKE_TAG_BYTES];
    const struct ska_slice none = {NULL, 0};
    must(ska_hpke_key_generate(&key), "HPKE key");
    SKA_MARK_SECRET(key.secret, sizeof key.secret);
    SKA_MARK_SECRET(plain, sizeof plain);
    ska_random_replace_for_test(draw_secret); /* the ephemeral key */
    must(ska_hpke_seal(enc, sealed, key.public_key, none, none,
                       (struct ska_slice){plain, sizeof plain}),
         "seal");
    ska_random_replace_for_test(NULL);
    must(ska_hpke_open(plain, &key, enc, none, none, (struct ska_slice){sealed, sizeof sealed}),
         "open");
}

/* The mistake this program exists to find: an early way out of a loop over a share. */
static int leak(const uint8_t *share)
{
    for (size_t i = 0; i < SHARE_BYTES; i++) {
        if (share[i] != 0)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    must_run_under_memcheck();
    ska_group_init();
    struct ska_signing_key contributor = new_signing_key();
    const struct ska_signing_key aggregator[2] = {new_signing_key(), new_signing_key()};
    uint8_t sum[2][SHARE_BYTES] = {{0}};
    struct ska_auditsum_config config[3];
    for (int i = 0; i < 3; i++)
        config[i] = (struct ska_auditsum_config){
            .statement = &statement,
            .task = {.period = "2025Q2"},
            .n_contributors = 1,
            .contributor_keys = (const uint8_t(*)[SKA_SIGN_PUBLIC_BYTES]) & contributor.public_key,
            .leader_key = aggregator[0].public_key,
            .helper_key = aggregator[1].public_key,
            .own_key = i < 2 ? &aggregator[i] : NULL};
    live_one_report(sum, config, &contributor);
    if (argc > 1 && strcmp(argv[1], "--leak") == 0) {
        SKA_MARK_SECRET(sum, sizeof sum);
        printf("%s\n", leak(sum[0]) ? "a share is not zero" : "a share is zero");
    }
    finish(sum, &config[2], &aggregator[0]);
    seal_and_open();
    keep_keys();
    return 0;
}
