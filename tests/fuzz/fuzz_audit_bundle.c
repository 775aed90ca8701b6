/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_audit_bundle.c - the whole audit of any bytes, with the trust of the small test bundle with
 * a public log: it must neither crash nor pass anything but that bundle (corpus file "good").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The keys of tests/tamper/make_bundle.c. */
static void make_trust(struct trust *trust)
{
    static const char *const names[TRUST_N] = {"publisher", "leader", "helper", "second"};
    for (size_t i = 0; i < TRUST_N; i++) {
        char text[64];
        uint8_t seed[SKA_SIGN_SEED_BYTES];
        struct ska_signing_key key;
        int len = snprintf(text, sizeof text, "test key of %s 0", names[i]);
        ska_sha256(seed, text, (size_t)len);
        if (ska_signing_key_from_seed(&key, seed) != SKA_OK)
            abort();
        memcpy(trust->key[i], key.public_key, sizeof trust->key[i]);
    }
}

static bool is_the_good_one(const uint8_t *data, size_t size)
{
    static uint8_t good[1u << 20];
    FILE *f = fopen("tests/fuzz/corpus/audit_bundle/good", "rbe");
    if (f == NULL)
        return true; /* run from elsewhere: not decided */
    size_t len = fread(good, 1, sizeof good, f);
    (void)fclose(f);
    return len == size && memcmp(good, data, size) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trust trust;
    static bool is_made;
    struct finding findings[N_CHECKS];
    if (!is_made) {
        ska_group_init();
        make_trust(&trust);
        is_made = true;
    }
    struct evidence e = {.archive = {data, size}, .trust = &trust, .jobs = 1};
    check_all(findings, &e, NULL);
    evidence_clear(&e);
    if (check_is_verdict_pass(findings) && !is_the_good_one(data, size))
        abort();
    return 0;
}
