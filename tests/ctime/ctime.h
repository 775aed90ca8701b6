/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctime.h - what the programs of this folder share: secrets drawn as undefined memory, and one
 * report on its way through an aggregator.
 */
#ifndef SKA_TESTS_CTIME_H
#define SKA_TESTS_CTIME_H

#include "crypto/auditsum_internal.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#ifdef SKA_CTIME
#define UNDER_VALGRIND (RUNNING_ON_VALGRIND != 0)
#else
#define UNDER_VALGRIND false
#endif

static const uint8_t ctime_nonce[SKA_VDAF_NONCE_BYTES] = {1};

/* `got` is the status that is wanted, or the program ends with status 2. */
static inline void must_be(enum ska_status got, enum ska_status want, const char *what)
{
    if (got == want)
        return;
    fprintf(stderr, "%s: %s, not %s\n", what, ska_status_name(got), ska_status_name(want));
    exit(2);
}

static inline void must(enum ska_status got, const char *what)
{
    must_be(got, SKA_OK, what);
}

/* Ends the program with status 3 where nothing would be checked. */
static inline void must_run_under_memcheck(void)
{
    if (UNDER_VALGRIND)
        return;
    fputs("checks nothing unless built with BUILD=ctime and run under valgrind\n", stderr);
    exit(3);
}

/* What is drawn is secret: blindings, the helper's seed, the prover's nonces, ephemeral keys. */
static inline void draw_secret(uint8_t *out, size_t len)
{
    assert(len <= 256 && getrandom(out, len, 0) == (ssize_t)len);
    SKA_MARK_SECRET(out, len);
}

static inline struct ska_signing_key new_signing_key(void)
{
    struct ska_signing_key key;
    must(ska_signing_key_generate(&key), "signing key");
    SKA_MARK_SECRET(key.seed, sizeof key.seed);
    return key;
}

/* One report at one aggregator, its input share secret. */
static inline enum ska_status verify_secret(struct ska_vdaf_verification *v,
                                            const struct ska_auditsum_config *config, int agg,
                                            const struct ska_writer *public_share,
                                            const struct ska_writer *input)
{
    *v = (struct ska_vdaf_verification){.public_share = {public_share->data, public_share->len},
                                        .input_share = {input->data, input->len}};
    memcpy(v->nonce, ctime_nonce, sizeof ctime_nonce);
    SKA_MARK_SECRET(input->data, input->len);
    must(ska_auditsum.verify_init(v, 1, config, agg), "verify_init");
    return v->status;
}

/* Add a report's output share, secret, to the `len` bytes of an aggregate share. */
static inline void add_secret(uint8_t *sum, size_t len, const struct ska_auditsum_config *config,
                              const struct ska_vdaf_verification *v,
                              const struct ska_writer *message)
{
    struct ska_writer out = {0};
    must(ska_auditsum.verify_next(&out, config, v, (struct ska_slice){message->data, message->len}),
         "verify_next");
    SKA_MARK_SECRET(out.data, out.len);
    must(ska_auditsum.aggregate(sum, len, config, (struct ska_slice){out.data, out.len}),
         "aggregate");
    ska_writer_clear(&out);
}

/* Both aggregators verify one report and add it up; the shares are used up. */
static inline void live_through(uint8_t *const sum[2], size_t len,
                                const struct ska_auditsum_config *config,
                                struct ska_writer *public_share, struct ska_writer input[2])
{
    struct ska_writer message = {0};
    struct ska_vdaf_verification v[2];
    for (int agg = 0; agg < 2; agg++) {
        must(verify_secret(&v[agg], &config[agg], agg, public_share, &input[agg]),
             "the report's status");
        ska_write_bytes(&message, v[agg].verifier_share, v[agg].verifier_share_len);
    }
    for (int agg = 0; agg < 2; agg++) {
        add_secret(sum[agg], len, &config[agg], &v[agg], &message);
        ska_auditsum.verification_clear(&v[agg]);
        ska_writer_clear(&input[agg]);
    }
    ska_writer_clear(public_share);
    ska_writer_clear(&message);
}

#endif
