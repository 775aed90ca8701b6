/* SPDX-License-Identifier: EUPL-1.2 */
/* inclusion.c - proofs of entries in the public log. */
#include "client/inclusion.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/scoped.h"
#include "protocol/log_leaf.h"
#include "support/file.h"
#include "support/language.h"

enum ska_status inclusion_read_policy(struct ska_tlog_policy *out, const struct home *home,
                                      const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *own = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_error why = {0};
    size_t len = 0;
    SKA_TRY(home_path(&own, home, "policy.txt"));
    if (path == NULL)
        path = own;
    SKA_TRY(file_read(&text, &len, path, SKA_POLICY_BYTES_MAX, err));
    const enum ska_status status = ska_policy_parse(out, text, len, &why);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: %s", path, why.text);
}

enum ska_status inclusion_path(char **path, const char *receipt_path)
{
    static const char from[] = ".receipt", to[] = ".tlog-proof";
    size_t len = strlen(receipt_path);
    if (len > sizeof from - 1 && strcmp(receipt_path + len - (sizeof from - 1), from) == 0)
        len -= sizeof from - 1;
    char *made = malloc(len + sizeof to);
    if (made == NULL)
        return SKA_E_MEMORY;
    (void)snprintf(made, len + sizeof to, "%.*s%s", (int)len, receipt_path, to); /* fits */
    *path = made;
    return SKA_OK;
}

/* The leaf of a receipt's submission. */
static size_t make_leaf(uint8_t out[static SKA_LEAF_BYTES_MAX], const struct ska_receipt *receipt,
                        const uint8_t report_id[static 16])
{
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION, .entry = receipt->entry};
    memcpy(leaf.report_id, report_id, sizeof leaf.report_id);
    memcpy(leaf.leader, receipt->leader, sizeof leaf.leader);
    memcpy(leaf.helper, receipt->helper, sizeof leaf.helper);
    return ska_log_leaf_encode(out, &leaf);
}

/* Whether a leaf is the receipt's: the entry and both signatures. Its report identifier is the
 * leader's business. */
static enum ska_status check_leaf(struct ska_slice bytes, const struct ska_receipt *receipt,
                                  struct ska_error *err)
{
    struct ska_log_leaf leaf;
    uint8_t mine[SKA_LEAF_BYTES_MAX];
    if (ska_log_leaf_decode(&leaf, bytes) != SKA_OK || leaf.type != SKA_LEAF_SUBMISSION)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("beviset gäller ingen inlämning", "the proof is of no submission"));
    const size_t len = make_leaf(mine, receipt, leaf.report_id);
    if (len != bytes.len || memcmp(mine, bytes.data, len) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("beviset gäller en annan inlämning än kvittot",
                           "the proof is of another submission than the receipt"));
    return SKA_OK;
}

enum ska_status inclusion_verify(struct ska_policy_result *result, uint64_t *index,
                                 struct ska_slice proof, const struct ska_receipt *receipt,
                                 const struct ska_tlog_policy *policy, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_proof *parsed = ska_alloc(1, sizeof *parsed);
    if (parsed == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = ska_tlog_proof_parse(parsed, proof.data, proof.len);
    if (status != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("det är inget bevis ur en logg", "it is no proof from a log"));
    const struct ska_slice leaf = {parsed->extra, parsed->extra_len};
    uint8_t hash[SKA_HASH_BYTES];
    SKA_TRY(check_leaf(leaf, receipt, err));
    ska_merkle_leaf(hash, leaf.data, leaf.len);
    status = ska_tlog_proof_verify(result, parsed, hash, policy);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", ska_tlog_proof_fault(status));
    *index = parsed->index;
    return SKA_OK;
}

enum ska_status inclusion_fetch(uint8_t **proof, size_t *len, struct https_client *leader,
                                const struct ska_receipt *receipt,
                                const uint8_t report_id[static 16], struct ska_error *err)
{
    uint8_t leaf[SKA_LEAF_BYTES_MAX], hash[SKA_HASH_BYTES];
    char hex[2 * SKA_HASH_BYTES + 1], path[sizeof "skarva/log/proof/" + sizeof hex];
    struct https_answer answer = {0};
    ska_merkle_leaf(hash, leaf, make_leaf(leaf, receipt, report_id));
    ska_hex_encode(hex, hash, sizeof hash);
    (void)snprintf(path, sizeof path, "skarva/log/proof/%s", hex); /* fits: sized so */
    SKA_TRY(https_call(&answer, leader, "GET", path, NULL, (struct ska_slice){NULL, 0}, err));
    if (answer.status == 200 && answer.body_len <= SKA_TLOG_PROOF_BYTES_MAX) {
        *proof = answer.body; /* the caller's now */
        *len = answer.body_len;
        return SKA_OK;
    }
    const bool is_early = answer.status == 202;
    https_answer_clear(&answer);
    return is_early ? SKA_E_BUSY : SKA_E_PEER;
}

static void print_time(FILE *out, uint64_t time_s)
{
    const time_t t = (time_t)time_s;
    struct tm tm;
    char text[40] = "?";
    if (localtime_r(&t, &tm) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M %Z", &tm); /* fits */
    fputs(text, out);
}

void inclusion_print(FILE *out, const struct ska_policy_result *result, uint64_t index,
                     const struct ska_tlog_policy *policy)
{
    fprintf(out,
            tr("I den publika loggen\n"
               "  logg             %s\n"
               "  post             %" PRIu64 ", av %" PRIu64 " i en undertecknad kontrollpunkt\n",
               "In the public log\n"
               "  log              %s\n"
               "  entry            %" PRIu64 ", of %" PRIu64 " in a signed checkpoint\n"),
            result->checkpoint.origin, index, result->checkpoint.size);
    for (size_t i = 0; i < policy->n_members; i++) {
        if (policy->members[i].is_group || !result->witnessed[i])
            continue;
        fprintf(out, tr("  intygad av       %s, ", "  cosigned by      %s, "),
                policy->members[i].key.name);
        print_time(out, result->time_s[i]);
        fputc('\n', out);
    }
}
