/* SPDX-License-Identifier: EUPL-1.2 */
/* verifier.c - the publisher's statement about what the site offers for checking in a browser. */
#include "protocol/verifier.h"

#include <string.h>

#include "crypto/hash.h"
#include "crypto/labels.h"

#define VERSION 1u
#define SIGNED_BYTES (SKA_VERIFIER_STATEMENT_BYTES - SKA_SIGNATURE_BYTES)

/* What is signed. */
static void write_body(uint8_t out[static SIGNED_BYTES], struct ska_slice file)
{
    uint8_t hash[SKA_HASH_BYTES];
    struct ska_writer w;
    ska_sha256(hash, file.data, file.len);
    ska_writer_init_fixed(&w, out, SIGNED_BYTES);
    ska_write_u8(&w, VERSION);
    ska_write_bytes(&w, hash, sizeof hash);
    ska_write_u64(&w, file.len);
}

enum ska_status ska_verifier_sign(uint8_t out[static SKA_VERIFIER_STATEMENT_BYTES],
                                  const struct ska_signing_key *publisher, struct ska_slice file)
{
    if (file.len > SKA_VERIFIER_BYTES_MAX)
        return SKA_E_LIMIT;
    write_body(out, file);
    return ska_sign(out + SIGNED_BYTES, publisher, SKA_LABEL_SIGN_VERIFIER, out, SIGNED_BYTES);
}

enum ska_status ska_verifier_read(struct ska_slice *file, struct ska_slice bytes,
                                  const uint8_t publisher_key[static 32])
{
    uint8_t want[SIGNED_BYTES];
    if (bytes.len < SKA_VERIFIER_STATEMENT_BYTES)
        return SKA_E_TRUNCATED;
    if (bytes.data[0] != VERSION)
        return SKA_E_VERSION;
    const struct ska_slice rest = {bytes.data + SKA_VERIFIER_STATEMENT_BYTES,
                                   bytes.len - SKA_VERIFIER_STATEMENT_BYTES};
    if (rest.len > SKA_VERIFIER_BYTES_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(ska_sign_verify(bytes.data + SIGNED_BYTES, publisher_key, SKA_LABEL_SIGN_VERIFIER,
                            bytes.data, SIGNED_BYTES));
    write_body(want, rest);
    if (memcmp(want, bytes.data, sizeof want) != 0)
        return SKA_E_MISMATCH;
    *file = rest;
    return SKA_OK;
}
