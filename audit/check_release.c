/* SPDX-License-Identifier: EUPL-1.2 */
/* check_release.c - that two people signed the release, and exactly these files. */
#include "audit/check.h"

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/hash.h"
#include "crypto/scoped.h"

/* Hashes of the files, made by all threads. */
struct hashing {
    const struct ska_bundle_file *files;
    uint8_t (*sha256)[SKA_HASH_BYTES];
};

static void hash_file(void *arg, size_t i)
{
    struct hashing *h = arg;
    ska_sha256(h->sha256[i], h->files[i].data.data, h->files[i].data.len);
}

static enum ska_status compare_files(struct evidence *e, size_t n, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t(*sha256)[SKA_HASH_BYTES] = ska_alloc(n + 1, sizeof *sha256);
    struct hashing hashing = {.files = e->files, .sha256 = sha256};
    if (sha256 == NULL)
        return SKA_E_MEMORY;
    parallel_run(e->jobs, n, hash_file, &hashing, "release-form");
    return ska_release_check_hashes(&e->release, e->task->context.task_id, e->files,
                                    (const uint8_t(*)[SKA_HASH_BYTES])sha256, n, err);
}

void check_release_form(struct evidence *e, struct finding *f)
{
    struct ska_error err = {0};
    size_t n = e->n_files - 1; /* all but the release, which bundle-form found last */
    enum ska_status status = ska_release_decode(&e->release, e->release_file);
    if (status == SKA_OK)
        status = compare_files(e, n, &err);
    if (finding_is_undecided(f, status))
        return;
    f->n_inputs = n;
    finding_tell(f, NULL, status, &err);
}

static void check_signature(struct evidence *e, struct finding *f, enum ska_release_signer who,
                            enum trust_party party)
{
    f->n_inputs = 1;
    if (!ska_release_is_signed(&e->release, who)) {
        finding_bad(f, words("underskriften från %s saknas", "the signature of %s is missing"),
                    trust_party_name(party));
        return;
    }
    enum ska_status status =
        ska_release_verify(e->release.signature[who], who, e->trust->key[party], e->release.body);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK)
        finding_bad(f, words("underskriften från %s gäller inte", "no valid signature of %s"),
                    trust_party_name(party));
}

void check_release_signature(struct evidence *e, struct finding *f)
{
    check_signature(e, f, SKA_RELEASE_PUBLISHER, TRUST_PUBLISHER);
}

void check_release_second_signature(struct evidence *e, struct finding *f)
{
    check_signature(e, f, SKA_RELEASE_SECOND, TRUST_SECOND);
}

/* What is looked at of a bundle to see that it is a release of the trusted parties. */
static const enum check_index released[] = {CHECK_BUNDLE_FORM,
                                            CHECK_PARAMETERS_FORM,
                                            CHECK_PARAMETERS_TRUST,
                                            CHECK_PARAMETERS_SIGNATURES,
                                            CHECK_RELEASE_FORM,
                                            CHECK_RELEASE_SIGNATURE,
                                            CHECK_RELEASE_SECOND_SIGNATURE};
#define N_RELEASED (sizeof released / sizeof released[0])

/* Those checks, in their order; the first that does not pass ends it. */
void check_released(struct evidence *e, struct finding *f)
{
    for (size_t i = 0; i < N_RELEASED; i++) {
        const struct check *c = &check_table[released[i]];
        struct finding one = {0};
        c->run(e, &one);
        f->n_inputs++;
        if (one.is_undecided)
            finding_undecided(f, one.detail);
        else if (one.n_bad > 0 || one.n_inputs == 0)
            finding_bad(f, "%s: %s", c->id, one.detail);
        else
            continue;
        return;
    }
}
