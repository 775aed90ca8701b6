/* SPDX-License-Identifier: EUPL-1.2 */
/* check_signed.c - what publisher, leader and helper signed, and what the signed lists say. */
#include "audit/check.h"

#include "audit/words.h"
#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 32

void check_parameters_trust(struct evidence *e, struct finding *f)
{
    const struct ska_parameters *p = &e->task->parameters;
    const uint8_t *keys[TRUST_N] = {p->publisher_key, p->leader_key, p->helper_key, p->second_key};
    for (size_t i = 0; i < TRUST_N; i++) {
        f->n_inputs++;
        if (memcmp(keys[i], e->trust->key[i], KEY_BYTES) != 0)
            finding_bad(f,
                        words("nyckeln för %s är en annan än den i förtroendefilen",
                              "the key of %s is not the one in the trust file"),
                        trust_party_name((enum trust_party)i));
    }
}

void check_parameters_signatures(struct evidence *e, struct finding *f)
{
    const struct ska_signed_parameters *s = &e->signed_parameters;
    const uint8_t *signatures[] = {s->publisher, s->leader, s->helper}; /* by trust_party */
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        f->n_inputs++;
        enum ska_status status = ska_parameters_verify(signatures[i], e->task, e->trust->key[i]);
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            finding_bad(f, words("underskriften från %s gäller inte", "no valid signature of %s"),
                        trust_party_name((enum trust_party)i));
    }
}

void check_generators(struct evidence *e, struct finding *f)
{
    uint8_t ours[32];
    ska_proof_generators_hash(ours);
    f->n_inputs = 1;
    if (memcmp(ours, e->task->parameters.generators_hash, sizeof ours) != 0)
        finding_bad(f, words("generatorernas hash är en annan", "the generators' hash differs"));
}

/* SHA-256 under the roster's label over its canonical form. */
static enum ska_status hash_roster(uint8_t out[static 32], const struct ska_roster *roster)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_roster_encode(&w, roster);
    SKA_TRY(ska_writer_status(&w));
    ska_sha256_labelled(out, SKA_LABEL_ROSTER, w.data, w.len);
    return SKA_OK;
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, KEY_BYTES);
}

/* Whether two contributors have one key. */
static enum ska_status find_shared_key(bool *is_shared, const struct ska_roster *roster)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *keys = ska_alloc(roster->n, KEY_BYTES);
    if (keys == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < roster->n; i++)
        memcpy(keys + i * KEY_BYTES, roster->at[i].key, KEY_BYTES);
    qsort(keys, roster->n, KEY_BYTES, compare_keys);
    *is_shared = false;
    for (size_t i = 1; i < roster->n; i++)
        if (memcmp(keys + (i - 1) * KEY_BYTES, keys + i * KEY_BYTES, KEY_BYTES) == 0)
            *is_shared = true;
    return SKA_OK;
}

void check_roster(struct evidence *e, struct finding *f)
{
    const struct ska_roster *roster = &e->task->parameters.roster;
    uint8_t hash[32];
    bool is_shared = false;
    f->n_inputs = roster->n;
    if (roster->n < e->task->parameters.policy.min_contributors) {
        finding_bad(f, words("färre uppgiftslämnare än policyn kräver",
                             "fewer contributors than the policy demands"));
        return;
    }
    enum ska_status status = hash_roster(hash, roster);
    if (status == SKA_OK)
        status = find_shared_key(&is_shared, roster);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK || memcmp(hash, e->task->context.roster_hash, sizeof hash) != 0)
        finding_bad(f, words("förteckningens hash är en annan", "the roster's hash differs"));
    for (uint32_t i = 1; i < roster->n; i++)
        if (strcmp(roster->at[i - 1].code, roster->at[i].code) >= 0)
            finding_bad(f, words("%s står i fel ordning", "%s is out of order"),
                        evidence_contributor(e, i));
    if (is_shared)
        finding_bad(f,
                    words("två uppgiftslämnare har samma nyckel", "two contributors have one key"));
}

void check_accepted_signatures(struct evidence *e, struct finding *f)
{
    const uint8_t *signatures[] = {e->signed_accepted.leader, e->signed_accepted.helper};
    for (size_t i = 0; i < 2; i++) {
        enum trust_party party = i == 0 ? TRUST_LEADER : TRUST_HELPER;
        f->n_inputs++;
        enum ska_status status =
            ska_accepted_verify(signatures[i], e->trust->key[party], e->signed_accepted.list);
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            finding_bad(f, words("underskriften från %s gäller inte", "no valid signature of %s"),
                        trust_party_name(party));
    }
}

static int compare_report_ids(const void *a, const void *b)
{
    return memcmp(a, b, SKA_VDAF_NONCE_BYTES);
}

/* No report identifier twice (invariant 1 of docs/architecture.md). */
static void find_repeated_report(struct evidence *e, struct finding *f)
{
    size_t n = e->accepted.n;
    if (n == 0)
        return;
    SKA_SCOPED(ska_scoped_free) uint8_t *ids = ska_alloc(n, SKA_VDAF_NONCE_BYTES);
    if (ids == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (size_t i = 0; i < n; i++)
        memcpy(ids + i * SKA_VDAF_NONCE_BYTES, e->accepted.at[i].report_id, SKA_VDAF_NONCE_BYTES);
    qsort(ids, n, SKA_VDAF_NONCE_BYTES, compare_report_ids);
    for (size_t i = 1; i < n; i++)
        if (compare_report_ids(ids + (i - 1) * SKA_VDAF_NONCE_BYTES,
                               ids + i * SKA_VDAF_NONCE_BYTES) == 0)
            finding_bad(f, words("en rapportidentitet står två gånger",
                                 "one report identifier stands twice"));
}

void check_accepted_entries(struct evidence *e, struct finding *f)
{
    const struct ska_accepted *a = &e->accepted;
    size_t share_len = 0;
    enum ska_status status = ska_public_share_length(&share_len, &e->task->statement);
    if (finding_is_undecided(f, status))
        return;
    f->n_inputs = a->n;
    if (status != SKA_OK)
        finding_bad(f, "%s", ska_status_text(status));
    if (memcmp(a->task_id, e->task->context.task_id, sizeof a->task_id) != 0 ||
        memcmp(a->parameters_hash, e->task->context.parameters_hash, sizeof a->parameters_hash) !=
            0)
        finding_bad(f, words("listan hör till en annan insamling eller period",
                             "the list belongs to another collection or period"));
    for (uint32_t i = 0; i < a->n; i++) {
        const struct ska_accepted_entry *entry = &a->at[i];
        const char *name = evidence_contributor(e, entry->contributor);
        if (entry->contributor >= e->task->parameters.roster.n)
            finding_bad(f, words("%s finns inte på förteckningen", "%s is not on the roster"),
                        name);
        if (entry->number == 0)
            finding_bad(f, words("%s: inlämning nummer 0", "%s: submission number 0"), name);
        if (entry->length != share_len)
            finding_bad(f, words("%s: fel längd", "%s: wrong length"), name);
    }
    find_repeated_report(e, f);
}

void check_minimum_contributors(struct evidence *e, struct finding *f)
{
    uint32_t min = e->task->parameters.policy.min_contributors;
    f->n_inputs = e->n_counted;
    if (e->n_counted < min)
        finding_bad(f, words("%u räknade, policyn kräver %u", "%u counted, the policy demands %u"),
                    e->n_counted, min);
}

void check_aggregates_signatures(struct evidence *e, struct finding *f)
{
    static const enum ska_role roles[] = {SKA_ROLE_LEADER, SKA_ROLE_HELPER};
    for (size_t i = 0; i < 2; i++) {
        enum trust_party party = i == 0 ? TRUST_LEADER : TRUST_HELPER;
        f->n_inputs++;
        enum ska_status status = ska_aggregate_root_verify(
            e->openings.signature[i], e->trust->key[party], e->task->context.task_id, roles[i],
            e->accepted_hash, e->task->n_figures, e->openings.root[i]);
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            finding_bad(f, words("underskriften från %s gäller inte", "no valid signature of %s"),
                        trust_party_name(party));
    }
}
