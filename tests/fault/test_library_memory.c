/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_library_memory.c - signatures and HPKE while OpenSSL's own allocations fail in turn.
 *
 * A shortage must never look like a verdict: not like a forged signature, not like a ciphertext
 * that does not open, and not like success with a wrong result.
 */
#include "tests/fault/fault.h"

#include "crypto/hpke.h"
#include "crypto/sign.h"

#include "tests/test.h"

#include <openssl/crypto.h>

#define FAULTS_MAX 2000
#define PLAIN_BYTES 20

static struct ska_signing_key key;
static uint8_t signature[SKA_SIGNATURE_BYTES];
static struct ska_hpke_key box;
static uint8_t enc[SKA_HPKE_ENC_BYTES];
static uint8_t sealed[PLAIN_BYTES + SKA_HPKE_TAG_BYTES];
static const uint8_t plain[PLAIN_BYTES] = "twenty bytes of it.";
static const struct ska_slice nothing = {NULL, 0};

static void *library_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(len); /* wrapped, as all of this program's own */
}

static void *library_realloc(void *old, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return realloc(old, len);
}

static void library_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    free(p);
}

static enum ska_status run_key(void)
{
    struct ska_signing_key again = {{0}, {0}};
    enum ska_status status = ska_signing_key_from_seed(&again, key.seed);
    return status != SKA_OK || memcmp(&again, &key, sizeof key) == 0 ? status : SKA_E_MISMATCH;
}

static enum ska_status run_sign(void)
{
    uint8_t again[SKA_SIGNATURE_BYTES] = {0};
    enum ska_status status = ska_sign(again, &key, "label", "text", 4);
    return status != SKA_OK || memcmp(again, signature, sizeof again) == 0 ? status
                                                                           : SKA_E_MISMATCH;
}

static enum ska_status run_verify(void)
{
    return ska_sign_verify(signature, key.public_key, "label", "text", 4);
}

static enum ska_status run_seal(void)
{
    uint8_t e[SKA_HPKE_ENC_BYTES];
    uint8_t c[sizeof sealed];
    return ska_hpke_seal(e, c, box.public_key, nothing, nothing,
                         (struct ska_slice){plain, sizeof plain});
}

static enum ska_status run_open(void)
{
    uint8_t got[PLAIN_BYTES];
    enum ska_status status =
        ska_hpke_open(got, &box, enc, nothing, nothing, (struct ska_slice){sealed, sizeof sealed});
    return status != SKA_OK || memcmp(got, plain, sizeof got) == 0 ? status : SKA_E_MISMATCH;
}

static const struct {
    const char *name;
    enum ska_status (*run)(void);
} attempts[] = {
    {"a key from its seed", run_key},
    {"signing", run_sign},
    {"verifying", run_verify},
    {"sealing", run_seal},
    {"opening", run_open},
};

START_TEST(a_shortage_is_not_a_verdict)
{
    const enum fault_mode mode = _i % 2 == 0 ? SKA_FAULT_ONCE : SKA_FAULT_FOREVER;
    const char *name = attempts[_i / 2].name;
    size_t n_faults = 0;
    for (int warm = 0; warm < 3; warm++) /* what the library makes once is made */
        ck_assert_status(attempts[_i / 2].run(), SKA_OK);
    const long before = fault_live();
    size_t n_library = 0;
    for (size_t n = 0; n < FAULTS_MAX; n++) {
        fault_arm(n, mode);
        enum ska_status status = attempts[_i / 2].run();
        const size_t struck = fault_disarm();
        ck_assert_msg(status == SKA_OK ||
                          (struck > 0 && (status == SKA_E_MEMORY || status == SKA_E_CRYPTO)),
                      "%s, allocation %zu: %s", name, n, ska_status_name(status));
        if (struck == 0)
            break;
        n_faults++;
        n_library += status == SKA_E_CRYPTO;
        ck_assert_status(attempts[_i / 2].run(), SKA_OK);
    }
    const long kept = fault_live() - before;
    printf("%s: %zu allocations failed in turn, %zu times for a reason the library kept\n", name,
           n_faults, n_library);
    fflush(stdout);
    ck_assert_msg(mode == SKA_FAULT_ONCE || n_library > 0, "SKA_E_CRYPTO was never seen");
    /* The library may renew something it caches; a leak of ours would be one for each fault. */
    ck_assert_msg(kept < 5, "%s: %ld blocks leak", name, kept);
    ck_assert_msg(n_faults > 5 && n_faults < FAULTS_MAX, "%zu faults", n_faults);
}
END_TEST

int main(void)
{
    if (CRYPTO_set_mem_functions(library_malloc, library_realloc, library_free) != 1) {
        puts("not ok - OpenSSL does not take our memory functions");
        return EXIT_FAILURE;
    }
    if (ska_signing_key_generate(&key) != SKA_OK || run_sign() == SKA_OK ||
        ska_sign(signature, &key, "label", "text", 4) != SKA_OK ||
        ska_hpke_key_generate(&box) != SKA_OK ||
        ska_hpke_seal(enc, sealed, box.public_key, nothing, nothing,
                      (struct ska_slice){plain, sizeof plain}) != SKA_OK) {
        puts("not ok - the set-up with memory fails");
        return EXIT_FAILURE;
    }
    Suite *suite = suite_create("OpenSSL without memory");
    TCase *t = tcase_create("library");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_shortage_is_not_a_verdict, 0, 2 * (int)N_OF(attempts));
    suite_add_tcase(suite, t);
    return test_run(suite);
}
