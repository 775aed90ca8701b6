/* SPDX-License-Identifier: EUPL-1.2 */
/* log_proof.c - a proof of an entry in a public log against a policy (C2SP tlog-proof,
 * tlog-policy). */
#include "audit/log_proof.h"

#include "audit/input.h"
#include "audit/source.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/log_leaf.h"
#include "protocol/release.h"
#include "protocol/tlog_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ENTRY_BYTES_MAX 65536u /* C2SP tlog-tiles: entries have a length of 16 bits */

/* What is read from files. */
struct question {
    struct ska_tlog_policy policy;
    struct ska_tlog_proof proof;
    struct ska_slice entry;
    const char *bundle; /* whose release the entry is to be; NULL: not asked */
};

static int tell(const struct ska_error *err, int exit_status)
{
    fprintf(stderr, "skarva-audit: %s\n", err->text);
    return exit_status;
}

static enum ska_status read_policy(struct question *q, const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    struct ska_error why = {0};
    SKA_TRY(input_read(&text, &len, path, SKA_POLICY_BYTES_MAX, err));
    enum ska_status status = ska_policy_parse(&q->policy, text, len, &why);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: %s", path, why.text);
}

/* `data` is borrowed by the proof. */
static enum ska_status read_proof(struct question *q, uint8_t **data, const char *path,
                                  struct ska_error *err)
{
    size_t len = 0;
    SKA_TRY(input_read(data, &len, path, SKA_TLOG_PROOF_BYTES_MAX, err));
    enum ska_status status = ska_tlog_proof_parse(&q->proof, *data, len);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        words("%s är inget bevis ur en logg (C2SP tlog-proof, .tlog-proof): %s",
                              "%s is no proof from a log (C2SP tlog-proof, .tlog-proof): %s"),
                        path, ska_status_text(status));
    q->entry = (struct ska_slice){q->proof.extra, q->proof.extra_len};
    return SKA_OK;
}

static void print_time(uint64_t time_s)
{
    char text[40];
    struct tm tm;
    const time_t time = (time_t)time_s;
    if (gmtime_r(&time, &tm) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
        printf("  %s\n", text);
    else
        printf("  %" PRIu64 "\n", time_s);
}

/* An entry of a log of ours is told in words (protocol/log_leaf.h). */
static void print_leaf(struct ska_slice entry)
{
    struct ska_log_leaf leaf;
    char text[2 * SKA_HASH_BYTES + 1];
    if (ska_log_leaf_decode(&leaf, entry) != SKA_OK)
        return;
    ska_hex_encode(text, leaf.entry.sha256, sizeof leaf.entry.sha256);
    printf("%s: %s, %s, %" PRIu64 "; %s sha256 %s\n", words("posten är", "the entry is"),
           ska_log_leaf_name(leaf.type), leaf.entry.period, leaf.entry.number,
           words("filen har", "the file has"), text);
}

/* What is known once the log's signature and the path hold. */
static void print_result(const struct question *q, const struct ska_policy_result *r)
{
    uint8_t hash[SKA_HASH_BYTES];
    char text[2 * SKA_HASH_BYTES + 1];
    ska_sha256(hash, q->entry.data, q->entry.len);
    ska_hex_encode(text, hash, sizeof hash);
    printf("%s: %s, %" PRIu64 "\n", words("logg", "log"), r->checkpoint.origin, r->checkpoint.size);
    printf("%s: %" PRIu64 ", sha256 %s\n", words("post", "entry"), q->proof.index, text);
    print_leaf(q->entry);
    for (size_t i = 0; i < q->policy.n_members; i++) {
        const struct ska_policy_member *m = &q->policy.members[i];
        if (m->is_group)
            continue;
        printf("%s: %s",
               r->witnessed[i] ? words("intygat av", "cosigned by")
                               : words("inte intygat av", "not cosigned by"),
               m->key.name);
        if (r->witnessed[i])
            print_time(r->time_s[i]);
        else
            printf("\n");
    }
}

/* Whether the entry is of the bundle's release. Who wants to know whether the bundle holds runs
 * verify. */
static enum ska_status compare_release(bool *is_same, const struct question *q,
                                       struct ska_error *err)
{
    SKA_SCOPED(window_unmap) struct window bundle = {0};
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    struct ska_log_leaf leaf;
    struct ska_release release;
    uint8_t hash[SKA_HASH_BYTES];
    size_t n = 0;
    SKA_TRY(source_open(&bundle, q->bundle, err));
    SKA_TRY(ska_bundle_read(&files, &n, bundle.bytes, err));
    if (n == 0 || strcmp(files[n - 1].name, "release") != 0)
        return SKA_E_FORMAT;
    const struct ska_slice file = files[n - 1].data;
    SKA_TRY(ska_release_decode(&release, file));
    ska_sha256(hash, file.data, file.len);
    *is_same = ska_log_leaf_decode(&leaf, q->entry) == SKA_OK && leaf.type == SKA_LEAF_RELEASE &&
               leaf.entry.number == release.place.number && leaf.entry.length == file.len &&
               memcmp(leaf.entry.task_id, release.task_id, sizeof release.task_id) == 0 &&
               memcmp(leaf.entry.sha256, hash, sizeof hash) == 0;
    return SKA_OK;
}

static int judge_release(const struct question *q)
{
    struct ska_error err = {0};
    bool is_same = false;
    enum ska_status status = compare_release(&is_same, q, &err);
    if (status != SKA_OK) {
        fprintf(stderr, "skarva-audit: %s: %s\n", q->bundle,
                err.text[0] != '\0' ? err.text : ska_status_text(status));
        return EXIT_BUNDLE;
    }
    if (is_same)
        return EXIT_PASS;
    printf("%s: %s\n", words("UNDERKÄNT", "FAIL"),
           words("posten är inte det här paketets utgåva",
                 "the entry is not the release of this bundle"));
    return EXIT_FAIL;
}

static int judge(const struct question *q)
{
    struct ska_policy_result r = {0};
    uint8_t leaf[SKA_HASH_BYTES];
    ska_merkle_leaf(leaf, q->entry.data, q->entry.len);
    enum ska_status status = ska_tlog_proof_verify(&r, &q->proof, leaf, &q->policy);
    if (status == SKA_OK || status == SKA_E_BATCH_SIZE)
        print_result(q, &r);
    if (status != SKA_OK) {
        printf("%s: %s\n", words("UNDERKÄNT", "FAIL"), ska_tlog_proof_fault(status));
        return EXIT_FAIL;
    }
    const int compared = q->bundle != NULL ? judge_release(q) : EXIT_PASS;
    if (compared != EXIT_PASS)
        return compared;
    printf("%s\n", words("GODKÄNT", "PASS"));
    return EXIT_PASS;
}

int log_proof_check(const struct options *o)
{
    struct ska_error err = {0};
    SKA_SCOPED(ska_scoped_free) struct question *q = ska_alloc(1, sizeof *q);
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *entry = NULL;
    if (q == NULL) {
        ska_ignore(ska_fail(&err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY)), "told");
        return tell(&err, EXIT_FAIL);
    }
    q->bundle = o->with_bundle;
    if (read_policy(q, o->policy, &err) != SKA_OK)
        return tell(&err, EXIT_TRUST);
    if (read_proof(q, &proof, o->proof, &err) != SKA_OK)
        return tell(&err, EXIT_BUNDLE);
    if (o->entry != NULL) {
        if (input_read(&entry, &q->entry.len, o->entry, ENTRY_BYTES_MAX, &err) != SKA_OK)
            return tell(&err, EXIT_BUNDLE);
        q->entry.data = entry;
    }
    if (q->entry.len == 0) {
        ska_ignore(ska_fail(&err, SKA_E_USAGE, "%s",
                            words("beviset har ingen post: ange den med --entry",
                                  "the proof has no entry: name it with --entry")),
                   "told");
        return tell(&err, EXIT_USAGE);
    }
    return judge(q);
}
