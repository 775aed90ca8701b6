/* SPDX-License-Identifier: EUPL-1.2 */
/* make_bundle.c - keys, task, submissions, lists, sums: all up to what is published. */
#include "tests/tamper/make_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/auditsum_internal.h"
#include "crypto/random.h"

/* %1: title, then bounds, after the second of them what B has beside. Written with ' for ". */
static const char catalogue_text[] =
    "{'skarva_catalogue': 1, 'id': 'small', 'edition': '1', 'title': {'sv': '%s', 'en': 'T'},"
    " 'dimensions': ["
    "  {'code': 'KON', 'label': {'sv': 'kön', 'en': 'sex'}, 'categories': ["
    "    {'code': 'K', 'label': {'sv': 'kvinna', 'en': 'woman'}},"
    "    {'code': 'M', 'label': {'sv': 'man, \\'herre\\'', 'en': 'man, \\'mister\\''}},"
    "    {'code': 'O', 'label': {'sv': 'okänt', 'en': 'unknown'}}]},"
    "  {'code': 'FORM', 'label': {'sv': 'form', 'en': 'form'}, 'multiple_response': true,"
    "   'categories': ["
    "    {'code': 'P', 'label': {'sv': 'psykiskt', 'en': 'psychological'}},"
    "    {'code': 'Q', 'label': {'sv': 'fysiskt', 'en': 'physical'}}]}],"
    " 'record_kinds': [{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': ["
    "    {'code': 'kon', 'kind': 'category', 'dimension': 'KON'},"
    "    {'code': 'form', 'kind': 'category', 'dimension': 'FORM'}]}],"
    " 'indicators': ["
    "  {'code': 'A', 'label': {'sv': 'ärenden', 'en': 'cases'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': %llu, 'tables': ['KON'], 'count': {'records': 'fall'}},"
    "  {'code': 'B', 'label': {'sv': 'anmälda', 'en': 'reported'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': %llu, 'may_be_blank': true,%s 'tables': ['FORM'],"
    "   'count': {'records': 'fall'}},"
    "  {'code': 'C', 'label': {'sv': 'akuta', 'en': 'acute'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': %llu, 'count': {'records': 'fall'}},"
    "  {'code': 'D', 'label': {'sv': 'beslut', 'en': 'decisions'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': %llu, 'may_be_blank': true, 'count': {'records': 'fall'}},"
    "  {'code': 'E', 'label': {'sv': 'övriga', 'en': 'others'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': %llu, 'marks': true, 'count': {'records': 'fall'}}],"
    " 'rules': ["
    "  {'code': 'R1', 'label': {'sv': 'akuta är ärenden', 'en': 'acute ones are cases'},"
    "   'constant': 0, 'terms': {'A': 1, 'C': -1}}]}";

const uint64_t world_counts[WORLD_CONTRIBUTORS][WORLD_CELLS] = {
    /*  A   K  M  O   B  .  P  Q  C  D  .  E */
    {20, 15, 1, 4, 12, 1, 10, 1, 2, 7, 1, 0}, {15, 10, 1, 4, 8, 1, 7, 1, 1, 9, 1, 0},
    {10, 8, 0, 2, 6, 1, 5, 0, 1, 0, 0, 0},    {7, 5, 1, 1, 4, 1, 3, 0, 1, 0, 0, 0},
    {3, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0},
};

void world_must(enum ska_status status)
{
    world_expect(status == SKA_OK, ska_status_name(status));
}

void world_expect(bool is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "a test's world cannot be made: %s\n", what);
    abort();
}

static void make_key(struct ska_signing_key *key, const char *name, unsigned index)
{
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    char text[64];
    int len = snprintf(text, sizeof text, "test key of %s %u", name, index);
    ska_sha256(seed, text, (size_t)len);
    world_must(ska_signing_key_from_seed(key, seed));
}

void world_keys_make(struct world_keys *keys)
{
    make_key(&keys->publisher, "publisher", 0);
    make_key(&keys->second, "second", 0);
    make_key(&keys->leader, "leader", 0);
    make_key(&keys->helper, "helper", 0);
    make_key(&keys->stranger, "stranger", 0);
    for (unsigned i = 0; i < WORLD_ROSTER_MAX; i++)
        make_key(&keys->contributor[i], "contributor", i);
}

/* Every indicator is added up over the year. */
static void add_yearly(char *text, size_t size)
{
    static const char after[] = "'cadence': 'quarter',", more[] = " 'yearly': 'sum',";
    for (char *at = text; (at = strstr(at, after)) != NULL;) {
        at += sizeof after - 1;
        world_expect(strlen(text) + sizeof more <= size, "catalogue");
        memmove(at + sizeof more - 1, at, strlen(at) + 1);
        memcpy(at, more, sizeof more - 1);
    }
}

static struct ska_catalogue *make_catalogue(const struct world_options *o)
{
    char text[2 * sizeof catalogue_text];
    unsigned long long bound = o->bound > 0 ? o->bound : 60;
    int n = snprintf(text, sizeof text, catalogue_text, o->title != NULL ? o->title : "Liten",
                     bound, bound, o->grouped ? " 'groups': 'none'," : "", bound, bound, bound);
    world_expect(n > 0 && (size_t)n < sizeof text, "catalogue");
    if (o->yearly)
        add_yearly(text, sizeof text);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    struct ska_catalogue *catalogue = NULL;
    struct ska_error err = {0};
    enum ska_status status = ska_catalogue_parse(&catalogue, text, strlen(text), &err);
    world_expect(status == SKA_OK, err.text);
    return catalogue;
}

static void make_roster(struct ska_roster *roster, const struct world_keys *keys,
                        const struct world_options *o)
{
    static const char *const names[WORLD_ROSTER_MAX] = {"Ragunda",   "Bräcke", "Krokom",
                                                        "Strömsund", "Åre",    "Berg"};
    struct ska_contributor at[WORLD_ROSTER_MAX] = {0};
    uint32_t n = o->grouped ? WORLD_ROSTER_MAX : WORLD_CONTRIBUTORS;
    for (unsigned i = 0; i < n; i++) {
        snprintf(at[i].code, sizeof at[i].code, "230%u", i + 3);
        snprintf(at[i].name, sizeof at[i].name, "%s kommun",
                 i == 0 && o->first_name != NULL ? o->first_name : names[i]);
        memcpy(at[i].key, keys->contributor[i].public_key, sizeof at[i].key);
    }
    world_must(ska_roster_build(roster, at, n, NULL));
}

struct ska_task *world_task(const struct world_keys *keys, const struct world_options *o)
{
    struct ska_parameters p = {
        .revision = o->revision,
        .cadence = SKA_QUARTER,
        .window_start_s = 1751328000,
        .window_duration_s = 31u * 86400u,
        .policy = {.min_contributors = 3,
                   .threshold = o->threshold > 0 ? o->threshold : 5,
                   .show_zero = !o->hide_zero,
                   .protection = o->threshold == 0 || o->threshold > 3 ? 2 : 1,
                   .rounding = o->rounding},
        .leader_hpke = {1, {7}},
        .helper_hpke = {1, {8}},
        .collector_hpke_config_id = 1,
        .collector_hpke_key = {9}};
    snprintf(p.collection, sizeof p.collection, "%s",
             o->collection != NULL ? o->collection : "norrsken");
    snprintf(p.period, sizeof p.period, "%s", o->period != NULL ? o->period : "2025Q2");
    snprintf(p.leader_url, sizeof p.leader_url, "https://leader.example/");
    snprintf(p.helper_url, sizeof p.helper_url, "https://helper.example/");
    memcpy(p.publisher_key, keys->publisher.public_key, 32);
    memcpy(p.second_key, o->other_second ? keys->stranger.public_key : keys->second.public_key, 32);
    memcpy(p.leader_key, keys->leader.public_key, 32);
    memcpy(p.helper_key, keys->helper.public_key, 32);
    ska_proof_generators_hash(p.generators_hash);
    if (o->logged)
        part_policy_hash(p.log_policy, keys, o->quorum);
    if (o->corrects != NULL) {
        p.previous.exists = true;
        memcpy(p.previous.task_id, o->corrects->task->context.task_id, 32);
        memcpy(p.previous.accepted_hash, o->corrects->list_hash, 32);
    }
    p.catalogue = make_catalogue(o);
    make_roster(&p.roster, keys, o);
    static uint32_t members[] = {0, 1, 2};
    static struct ska_group group = {
        .code = "OST", .sv = "Öst", .en = "East", .n_members = 3, .members = members};
    if (o->grouped)
        p.groups = (struct ska_groups){.n = 1, .at = &group};
    struct ska_writer bytes = {0};
    world_must(ska_parameters_encode(&bytes, &p));
    struct ska_task *task = NULL;
    struct ska_error err = {0};
    enum ska_status status = ska_task_new(&task, (struct ska_slice){bytes.data, bytes.len}, &err);
    world_expect(status == SKA_OK, err.text);
    world_expect(task->layout->n_cells == WORLD_CELLS, "cells");
    ska_writer_clear(&bytes);
    ska_catalogue_free(p.catalogue);
    ska_roster_clear(&p.roster);
    return task;
}

void world_start(struct world *w, const struct world_keys *keys, struct ska_task *task)
{
    memset(w, 0, sizeof *w);
    w->keys = keys;
    w->task = task;
    w->place.number = 1;
    w->release_key[0] = &keys->publisher;
    w->release_key[1] = &keys->second;
    w->release_as[1] = SKA_RELEASE_SECOND;
    memcpy(w->trust.key[TRUST_PUBLISHER], keys->publisher.public_key, 32);
    memcpy(w->trust.key[TRUST_LEADER], keys->leader.public_key, 32);
    memcpy(w->trust.key[TRUST_HELPER], keys->helper.public_key, 32);
    memcpy(w->trust.key[TRUST_SECOND], keys->second.public_key, 32);
    world_sign_parameters(w);
}

/* What the submissions of a correction are compared with. */
static struct ska_earlier earlier[WORLD_CONTRIBUTORS];

void world_compare_with(struct world *w, const struct world *before)
{
    memset(earlier, 0, sizeof earlier);
    for (size_t i = 0; i < before->n_submissions; i++) {
        const struct world_submission *s = &before->submissions[i];
        if (s->is_listed)
            world_must(ska_revision_earlier(&earlier[s->contributor], before->task,
                                            (struct ska_slice){s->bytes, s->len}));
    }
    w->corrects = before;
    w->task->config.earlier = earlier;
}

void world_start_correction(struct world *w, struct ska_task *task, const struct world *before)
{
    world_start(w, before->keys, task);
    w->earlier_bundle = (struct ska_slice){before->archive, before->archive_len};
    w->place.number = before->place.number + 1;
    ska_sha256(w->place.previous, before->archive, before->archive_len);
    world_compare_with(w, before);
}

void world_sign_parameters(struct world *w)
{
    world_must(ska_parameters_sign(w->signatures[0], w->task, &w->keys->publisher));
    world_must(ska_parameters_sign(w->signatures[1], w->task, &w->keys->leader));
    world_must(ska_parameters_sign(w->signatures[2], w->task, &w->keys->helper));
}

/* What the aggregators get out of their input shares. */
static void open_shares(struct world_submission *s, const struct ska_task *task,
                        const struct ska_writer *leader, const struct ska_writer *helper)
{
    struct ska_xof xof;
    ska_helper_share_init(&xof, helper->data, task->context.task_id, s->contributor, s->number);
    for (size_t i = 0; i < s->n_cells; i++) {
        memcpy(s->output[0] + 64 * i, leader->data + 32 * i, 32);
        memcpy(s->output[0] + 64 * i + 32, leader->data + 32 * (s->n_cells + i), 32);
        for (size_t half = 0; half < 2; half++) {
            ska_scalar next;
            ska_xof_next_scalar(&next, &xof);
            ska_scalar_encode(s->output[1] + 64 * i + 32 * half, &next);
        }
    }
}

/* What opens the commitments that a correction's submission is compared with. */
static const struct world_submission *open_earlier(ska_scalar blinding[WORLD_CELLS],
                                                   const struct world *before, uint32_t contributor)
{
    for (size_t i = 0; before != NULL && i < before->n_submissions; i++) {
        const struct world_submission *s = &before->submissions[i];
        if (s->contributor != contributor || !s->is_listed)
            continue;
        for (size_t j = 0; j < WORLD_CELLS; j++) {
            ska_scalar half;
            world_must(ska_scalar_decode(&blinding[j], s->output[0] + 64 * j + 32));
            world_must(ska_scalar_decode(&half, s->output[1] + 64 * j + 32));
            ska_scalar_add(&blinding[j], &blinding[j], &half);
        }
        return s;
    }
    return NULL;
}

void world_submit(struct world *w, uint32_t contributor, uint64_t number, const uint64_t *counts)
{
    world_expect(w->n_submissions < WORLD_SUBMISSIONS_MAX, "too many submissions");
    struct world_submission *s = &w->submissions[w->n_submissions++];
    struct ska_writer public_share = {0}, leader = {0}, helper = {0};
    ska_scalar blindings[WORLD_CELLS];
    struct ska_auditsum_measurement m = {.counts = counts,
                                         .contributor = contributor,
                                         .number = number,
                                         .key = &w->keys->contributor[contributor]};
    const struct world_submission *before = open_earlier(blindings, w->corrects, contributor);
    if (before != NULL) {
        m.earlier_counts = before->counts;
        m.earlier_blindings = blindings;
    }
    *s = (struct world_submission){.contributor = contributor,
                                   .number = number,
                                   .n_cells = w->task->config.statement->n_cells,
                                   .is_listed = true,
                                   .is_filed = true,
                                   .is_added = {true, true}};
    memcpy(s->counts, counts, sizeof s->counts);
    ska_random(s->report_id, sizeof s->report_id);
    world_must(ska_auditsum.shard(&public_share, &leader, &helper, &w->task->config, &m,
                                  s->report_id, NULL));
    world_expect(public_share.len <= sizeof s->bytes, "long public share");
    memcpy(s->bytes, public_share.data, public_share.len);
    s->len = public_share.len;
    open_shares(s, w->task, &leader, &helper);
    ska_writer_clear(&public_share);
    ska_writer_clear(&leader);
    ska_writer_clear(&helper);
}

void world_submit_all(struct world *w)
{
    for (uint32_t i = 0; i < WORLD_CONTRIBUTORS; i++)
        world_submit(w, i, 1, world_counts[i]);
}

/* Insert so that the list is sorted. */
static void list_submission(struct world *w, const struct world_submission *s)
{
    uint32_t at = w->n_entries++;
    for (; at > 0 && (w->entries[at - 1].contributor > s->contributor ||
                      (w->entries[at - 1].contributor == s->contributor &&
                       w->entries[at - 1].number > s->number));
         at--)
        w->entries[at] = w->entries[at - 1];
    struct ska_accepted_entry *entry = &w->entries[at];
    *entry = (struct ska_accepted_entry){
        .contributor = s->contributor, .number = s->number, .length = s->len};
    memcpy(entry->report_id, s->report_id, sizeof entry->report_id);
    ska_sha256(entry->sha256, s->bytes, s->len);
}

void world_close(struct world *w)
{
    w->n_entries = 0;
    for (size_t i = 0; i < w->n_submissions; i++)
        if (w->submissions[i].is_listed)
            list_submission(w, &w->submissions[i]);
    world_sign_list(w);
}

void world_sign_list(struct world *w)
{
    struct ska_accepted a = {.close_serial = 2, .n = w->n_entries, .at = w->entries};
    struct ska_writer bytes;
    memcpy(a.task_id, w->task->context.task_id, sizeof a.task_id);
    memcpy(a.parameters_hash, w->task->context.parameters_hash, sizeof a.parameters_hash);
    ska_writer_init_fixed(&bytes, w->list, sizeof w->list);
    ska_accepted_encode(&bytes, &a);
    world_must(ska_writer_status(&bytes));
    w->list_len = bytes.len;
    struct ska_slice list = {w->list, w->list_len};
    world_must(ska_accepted_sign(w->list_signatures[0], &w->keys->leader, list));
    world_must(ska_accepted_sign(w->list_signatures[1], &w->keys->helper, list));
    ska_accepted_hash(w->list_hash, list);
    w->n_counted = 0;
    for (uint32_t i = 0; i < w->n_entries; i++)
        if (i + 1 == w->n_entries || w->entries[i + 1].contributor != w->entries[i].contributor)
            w->n_counted++;
}

/* (x, r) added, both. */
static void add_opening(uint8_t sum[static 64], const uint8_t part[static 64])
{
    for (size_t at = 0; at < 64; at += 32) {
        ska_scalar a, b;
        world_must(ska_scalar_decode(&a, sum + at));
        world_must(ska_scalar_decode(&b, part + at));
        ska_scalar_add(&a, &a, &b);
        ska_scalar_encode(sum + at, &a);
    }
}

void world_aggregate(struct world *w)
{
    for (size_t k = 0; k < 2; k++) {
        memset(w->share[k], 0, sizeof w->share[k]);
        memset(w->flag_sum[k], 0, sizeof w->flag_sum[k]);
        for (size_t i = 0; i < w->n_submissions; i++) {
            const struct world_submission *s = &w->submissions[i];
            if (!s->is_added[k])
                continue;
            for (uint32_t j = 0; j < w->task->n_figures; j++)
                if (ska_groups_has(&w->task->parameters.groups, j / WORLD_CELLS, s->contributor))
                    add_opening(w->share[k] + 64 * (size_t)j,
                                s->output[k] + 64 * (size_t)(j % WORLD_CELLS));
            add_opening(w->flag_sum[k], s->output[k] + 64 * CELL_CHANGED);
        }
    }
    world_sign_aggregates(w);
}

void world_sign_aggregates(struct world *w)
{
    static const enum ska_role roles[] = {SKA_ROLE_LEADER, SKA_ROLE_HELPER};
    const struct ska_signing_key *keys[] = {&w->keys->leader, &w->keys->helper};
    for (size_t k = 0; k < 2; k++) {
        world_must(ska_aggregate_root(
            w->root[k], (struct ska_slice){w->share[k], 64 * (size_t)w->task->n_figures}));
        world_must(ska_aggregate_root_sign(w->root_signature[k], keys[k], w->task->context.task_id,
                                           roles[k], w->list_hash, w->task->n_figures, w->root[k]));
    }
}

void world_clear(struct world *w)
{
    free(w->archive);
    w->archive = NULL;
    w->archive_len = 0;
}
