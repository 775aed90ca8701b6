/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_public_share.c - a public share from a stranger: its form, its contributor and signature,
 * its points and its proof, under a statement of two small cells and one rule.
 */
#include "crypto/auditsum.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint64_t bound[] = {3, 1};
static const struct ska_term terms[] = {{0, -1}, {1, 3}};
static const struct ska_rule rules[] = {{.width = 3, .n_terms = 2, .terms = terms}};
static const struct ska_statement statement = {
    .n_cells = 2, .bound = bound, .n_rules = 1, .rules = rules};

/* The public key of the seed of 32 bytes 0x01, with which the seeds of the corpus are signed. */
static const uint8_t roster[1][SKA_SIGN_PUBLIC_BYTES] = {
    {0x8A, 0x88, 0xE3, 0xDD, 0x74, 0x09, 0xF1, 0x95, 0xFD, 0x52, 0xDB,
     0x2D, 0x3C, 0xBA, 0x5D, 0x72, 0xCA, 0x67, 0x09, 0xBF, 0x1D, 0x94,
     0x12, 0x1B, 0xF3, 0x74, 0x88, 0x01, 0xB4, 0x0F, 0x6F, 0x5C}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t report_id[SKA_VDAF_NONCE_BYTES] = {1};
    const struct ska_auditsum_config config = {.statement = &statement,
                                               .task = {.period = "2025Q2"},
                                               .n_contributors = 1,
                                               .contributor_keys = roster};
    const struct ska_slice bytes = {data, size};
    struct ska_public_share share;
    ska_group_init();
    enum ska_status status = ska_public_share_decode(&share, bytes, &statement);
    size_t len;
    assert(ska_public_share_length(&len, &statement) == SKA_OK);
    assert((status == SKA_E_TRUNCATED) == (size < len) &&
           (status == SKA_E_TRAILING) == (size > len));
    if (status != SKA_OK)
        return 0;
    assert(share.signed_part.data == data && share.signature == data + share.signed_part.len);
    assert(share.v1 == data + 12 && share.v2 == share.v1 + 64 && share.proof.data == share.v2 + 64);
    assert(share.proof.data + share.proof.len == share.signature);
    struct ska_log_entry entry;
    ska_public_share_entry(&entry, &share, &config.task, bytes);
    assert(entry.length == size && entry.number > 0);
    ska_ignore(ska_public_share_authenticate(&share, &config, report_id), "any answer will do");
    enum ska_status verdict = ska_public_shares_verify(&status, &bytes, 1, &config);
    assert(verdict == status);
    assert(status == SKA_OK || status == SKA_E_PROOF || status == SKA_E_ENCODING);
    return 0;
}
