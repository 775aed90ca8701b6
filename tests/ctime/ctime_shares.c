/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctime_shares.c - shares, seeds, counts and keys on their whole way: sharding, expanding,
 * checking, adding, the Merkle root, unsharding, signing, HPKE.
 *
 * Secrets are undefined memory, so memcheck reports every branch and address that depends on one.
 * `--leak` looks at one share bit by a branch, and must be reported: that shows the test can fail.
 */
#include "crypto/auditsum_internal.h"
#include "crypto/hpke.h"
#include "crypto/merkle.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define N_CELLS 3
#define SHARE_BYTES ((size_t)64 * N_CELLS)

static const uint64_t bound[N_CELLS] = {1000, 1000, 2000};
static const struct ska_term terms[] = {{0, 1}, {1, 1}, {2, -1}};
static const struct ska_term order[] = {{0, -1}, {2, 1}};
static const struct ska_rule rules[] = {{.n_terms = 3, .terms = terms},
                                        {.width = 2000, .n_terms = 2, .terms = order}};
static const struct ska_statement statement = {
    .n_cells = N_CELLS, .bound = bound, .n_rules = 2, .rules = rules};

static const uint8_t nonce[SKA_VDAF_NONCE_BYTES] = {1};

static void must(enum ska_status status, const char *what)
{
    if (status == SKA_OK)
        return;
    fprintf(stderr, "ctime_shares: %s: %s\n", what, ska_status_name(status));
    exit(2);
}

/* What the contributor draws is secret: blindings, the helper's seed, the prover's nonces. */
static void draw_secret(uint8_t *out, size_t len)
{
    assert(len <= 256 && getrandom(out, len, 0) == (ssize_t)len);
    SKA_MARK_SECRET(out, len);
}

static struct ska_signing_key new_signing_key(void)
{
    struct ska_signing_key key;
    must(ska_signing_key_generate(&key), "signing key");
    SKA_MARK_SECRET(key.seed, sizeof key.seed);
    return key;
}

/* One report at one aggregator, its input share secret; gives the output share. */
static void verify(struct ska_vdaf_verification *v, const struct ska_auditsum_config *config,
                   int agg, const struct ska_writer *public_share, const struct ska_writer *input)
{
    *v = (struct ska_vdaf_verification){.public_share = {public_share->data, public_share->len},
                                        .input_share = {input->data, input->len}};
    memcpy(v->nonce, nonce, sizeof nonce);
    SKA_MARK_SECRET(input->data, input->len);
    must(ska_auditsum.verify_init(v, 1, config, agg), "verify_init");
    must(v->status, "the report's status");
}

static void add(uint8_t *sum, const struct ska_auditsum_config *config,
                const struct ska_vdaf_verification *v, const struct ska_writer *message)
{
    struct ska_writer out = {0};
    must(ska_auditsum.verify_next(&out, config, v, (struct ska_slice){message->data, message->len}),
         "verify_next");
    SKA_MARK_SECRET(out.data, out.len);
    must(ska_auditsum.aggregate(sum, SHARE_BYTES, config, (struct ska_slice){out.data, out.len}),
         "aggregate");
    ska_writer_clear(&out);
}

static void live_one_report(uint8_t sum[2][SHARE_BYTES], struct ska_auditsum_config config[3],
                            const struct ska_signing_key *contributor)
{
    uint64_t counts[N_CELLS] = {3, 4, 7};
    struct ska_writer public_share = {0};
    struct ska_writer input[2] = {{0}};
    struct ska_writer message = {0};
    struct ska_vdaf_verification v[2];
    SKA_MARK_SECRET(counts, sizeof counts);
    const struct ska_auditsum_measurement m = {.counts = counts, .number = 1, .key = contributor};
    ska_random_replace_for_test(draw_secret);
    must(ska_auditsum.shard(&public_share, &input[0], &input[1], &config[2], &m, nonce, NULL),
         "shard");
    ska_random_replace_for_test(NULL); /* from here on it draws weights, which are public */
    for (int agg = 0; agg < 2; agg++) {
        verify(&v[agg], &config[agg], agg, &public_share, &input[agg]);
        ska_write_bytes(&message, v[agg].verifier_share, v[agg].verifier_share_len);
    }
    for (int agg = 0; agg < 2; agg++) {
        add(sum[agg], &config[agg], &v[agg], &message);
        ska_auditsum.verification_clear(&v[agg]);
        ska_writer_clear(&input[agg]);
    }
    ska_writer_clear(&public_share);
    ska_writer_clear(&message);
}

/* The root, its signature, and the totals of two secret aggregate shares. */
static void finish(uint8_t sum[2][SHARE_BYTES], const struct ska_auditsum_config *config,
                   const struct ska_signing_key *key)
{
    uint8_t root[SKA_HASH_BYTES];
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
    must(ska_auditsum.unshard(&totals, config, (struct ska_slice){sum[0], SHARE_BYTES},
                              (struct ska_slice){sum[1], SHARE_BYTES}, NULL),
         "unshard");
    SKA_MARK_PUBLIC(total, sizeof total, "compared here");
    if (total[0] != 3 || total[1] != 4 || total[2] != 7)
        must(SKA_E_BUG, "totals");
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
    return 0;
}
