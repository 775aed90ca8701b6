/* SPDX-License-Identifier: EUPL-1.2 */
/* sample_task.h - the parameters of one small task, right in every field. */
#ifndef SKA_TESTS_SAMPLE_TASK_H
#define SKA_TESTS_SAMPLE_TASK_H

#include "tests/samples.h"

#include "protocol/task.h"

static const char sample_catalogue[] =
    "{\"skarva_catalogue\": 1, \"id\": \"sample\", \"edition\": \"1\","
    " \"title\": {\"sv\": \"Prov\", \"en\": \"Sample\"},"
    " \"dimensions\": [{\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"},"
    "   \"categories\": [{\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}},"
    "                    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}]}],"
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"columns\": [{\"code\": \"nr\", \"kind\": \"id\", \"required\": true},"
    "                 {\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"}]}],"
    " \"indicators\": [{\"code\": \"A1\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"}, \"origin\": \"ordered\","
    "   \"cadence\": \"quarter\", \"sensitivity\": \"case\", \"bound\": 100,"
    "   \"may_be_blank\": true, \"tables\": [\"KON\"], \"count\": {\"records\": \"fall\"}}],"
    " \"rules\": []}";

/* Deterministic keys of the parties: publisher 1, leader 2, helper 3, second signer 4, contributors
 * 11, 12, ... */
static inline struct ska_signing_key sample_party(uint8_t who)
{
    const uint8_t seed[SKA_SIGN_SEED_BYTES] = {'p', 'a', 'r', 't', 'y', who};
    struct ska_signing_key key;
    must(ska_signing_key_from_seed(&key, seed));
    return key;
}

static inline void sample_text(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text);
}

/* n contributors; the caller clears. */
static inline void sample_parameters(struct ska_parameters *p, uint32_t n)
{
    *p = (struct ska_parameters){.revision = 0,
                                 .cadence = SKA_QUARTER,
                                 .window_start_s = 1751328000, /* 2025-07-01 00:00 UTC */
                                 .window_duration_s = 31 * 86400,
                                 .policy = {3, 5, true, 2, 0},
                                 .leader_hpke = {.config_id = 5},
                                 .helper_hpke = {.config_id = 6},
                                 .collector_hpke_config_id = 7};
    sample_text(p->collection, sizeof p->collection, "operation-norrsken");
    sample_text(p->period, sizeof p->period, "2025Q2");
    sample_text(p->leader_url, sizeof p->leader_url, "https://leader.example:8443/");
    sample_text(p->helper_url, sizeof p->helper_url, "https://helper.example/skarva/");
    memcpy(p->publisher_key, sample_party(1).public_key, 32);
    memcpy(p->second_key, sample_party(4).public_key, 32);
    memcpy(p->leader_key, sample_party(2).public_key, 32);
    memcpy(p->helper_key, sample_party(3).public_key, 32);
    memset(p->leader_hpke.public_key, 7, 32);
    memset(p->helper_hpke.public_key, 8, 32);
    memset(p->collector_hpke_key, 9, 32);
    ska_proof_generators_hash(p->generators_hash);
    must(ska_catalogue_parse(&p->catalogue, sample_catalogue, sizeof sample_catalogue - 1, NULL));
    struct ska_contributor *at = calloc(n + 1, sizeof *at);
    if (at == NULL)
        abort();
    for (uint32_t i = 0; i < n; i++) {
        (void)snprintf(at[i].code, sizeof at[i].code, "23%02u", i);
        (void)snprintf(at[i].name, sizeof at[i].name, "Kommun %u", i);
        memcpy(at[i].key, sample_party((uint8_t)(11 + i)).public_key, 32);
    }
    must(ska_roster_build(&p->roster, at, n, NULL));
    free(at);
}

/* One group of the first n contributors. */
static inline void sample_group(struct ska_parameters *p, uint32_t n)
{
    p->groups.at = calloc(1, sizeof *p->groups.at);
    uint32_t *members = calloc(n, sizeof *members);
    if (p->groups.at == NULL || members == NULL)
        abort();
    for (uint32_t i = 0; i < n; i++)
        members[i] = i;
    p->groups.n = 1;
    p->groups.at[0] = (struct ska_group){
        .code = "OST", .sv = "öster", .en = "east", .n_members = n, .members = members};
}

static inline void sample_parameters_bytes(struct ska_writer *w)
{
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    ska_group_init();
    sample_parameters(&p, 3);
    must(ska_parameters_encode(w, &p));
}

static inline enum ska_status recode_parameters(struct ska_writer *w, struct ska_slice in)
{
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    SKA_TRY(ska_parameters_decode(&p, in, NULL));
    return ska_parameters_encode(w, &p);
}

#endif
