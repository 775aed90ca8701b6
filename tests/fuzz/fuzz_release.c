/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_release.c - a release that the publisher's key signed, whatever it says: the target signs
 * its input itself, so that the bytes after the signature's check are reached. */
#include "tests/recode.h"

#include "crypto/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t task_id[32] = {1};
    const struct ska_bundle_file files[] = {
        {"bundle", {(const uint8_t *)"skarva bundle 1\n", 16}},
        {"parameters", {(const uint8_t *)"p", 1}},
    };
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    if (ska_sign(signature, sample_key(), SKA_LABEL_SIGN_RELEASE, data, size) != SKA_OK)
        abort();
    ska_write_bytes(&w, data, size);
    ska_write_bytes(&w, signature, sizeof signature);
    ska_ignore(ska_release_verify((struct ska_slice){w.data, w.len}, task_id, files, 2,
                                  sample_key()->public_key, NULL),
               "either answer is right, as long as there is one");
    return 0;
}
