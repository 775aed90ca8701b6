/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * county.h - a small county for the publisher's tests: a home folder with a collection, and periods
 * that real contributors and both aggregators went through in memory, ready to be published.
 *
 * Quarter: A (answered by all; table D = x, y, z), B (may be blank), C (answered by all), C <= A:
 * the worked examples of docs/disclosure-control.md. Year: Y, may be blank.
 */
#ifndef SKA_TESTS_COUNTY_H
#define SKA_TESTS_COUNTY_H

#include "crypto/auditsum.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "reports/collect.h"
#include "reports/home.h"
#include "reports/period.h"
#include "reports/publish.h"
#include "reports/release.h"
#include "support/file.h"
#include "tests/test.h"

#include <unistd.h>

#define COUNTY_CONTRIBUTORS 4
#define COUNTY_CELLS 7

enum { CELL_A, CELL_X, CELL_Y, CELL_Z, CELL_B, CELL_B_ANSWERED, CELL_C };

static const char county_json[] =
    "{'skarva_catalogue': 1, 'id': 'lan', 'edition': '1',"
    " 'title': {'sv': 'L\xC3\xA4net & \\u003cdess\\u003e tal', 'en': 'The county'},"
    " 'description': {'sv': 'Om l\xC3\xA4net.', 'en': 'About the county.'},"
    " 'dimensions': [{'code': 'D', 'label': {'sv': 'slag, \\\"art\\\"', 'en': 'kind'},"
    "   'categories': ["
    "    {'code': 'x', 'label': {'sv': 'ex', 'en': 'ex'}},"
    "    {'code': 'y', 'label': {'sv': 'yps', 'en': 'why'}},"
    "    {'code': 'z', 'label': {'sv': '\xC3\xB6vrigt', 'en': 'other'}}]}],"
    " 'record_kinds': [{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': ["
    "    {'code': 'd', 'kind': 'category', 'dimension': 'D'}]}],"
    " 'indicators': ["
    "  {'code': 'A', 'label': {'sv': '\xC3\x84renden', 'en': 'Cases'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': BOUND, 'tables': ['D'], 'count': {'records': 'fall'}},"
    "  {'code': 'B', 'label': {'sv': 'M\xC3\xB6ten', 'en': 'Meetings'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'process', 'bound': BOUND, 'may_be_blank': true,"
    "   'count': {'records': 'fall'}},"
    "  {'code': 'C', 'label': {'sv': 'Planer', 'en': 'Plans'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': BOUND, 'count': {'records': 'fall'}},"
    "  {'code': 'Y', 'label': {'sv': '\xC3\x85rets', 'en': 'Yearly'},"
    "   'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'year',"
    "   'sensitivity': 'case', 'bound': BOUND, 'may_be_blank': true,"
    "   'count': {'records': 'fall'}}],"
    " 'rules': [{'code': 'R1', 'label': {'sv': 'planer', 'en': 'plans'},"
    "   'terms': {'A': 1, 'C': -1}}]}";

/* The catalogue with every bound as said. */
static inline struct ska_catalogue *county_catalogue(unsigned bound)
{
    char text[2 * sizeof county_json];
    size_t n = 0;
    for (const char *c = county_json; *c != '\0'; c++) {
        if (strncmp(c, "BOUND", 5) == 0) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%u", bound);
            c += 4;
        } else {
            text[n++] = *c == '\'' ? '"' : *c;
        }
    }
    struct ska_catalogue *catalogue = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&catalogue, text, n, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    return catalogue;
}

/* The aggregators' encryption keys, as their servers would hand them out. */
static const struct ska_hpke_recipient county_hpke[2] = {{1, {7}}, {1, {8}}};

struct county {
    char home[64];
    struct ska_signing_key contributor[COUNTY_CONTRIBUTORS], aggregator[2], second;
    struct collection collection;
};

/* A home with one collection, loaded from disk as a command would; every bound as said. */
static inline void county_new_bound(struct county *k, unsigned bound)
{
    struct ska_error err = {0};
    struct ska_contributor at[COUNTY_CONTRIBUTORS];
    *k = (struct county){.home = "/tmp/skarva-county-XXXXXX"};
    ck_assert_ptr_nonnull(test_mkdtemp(k->home));
    ska_group_init();
    SKA_SCOPED(home_collection_clear) struct collection c = {.name = "lan"};
    ck_assert_status(ska_signing_key_generate(&c.signing_key), SKA_OK);
    ck_assert_status(ska_hpke_key_generate(&c.hpke_key), SKA_OK);
    SKA_SCOPED(ska_scoped_free) char *signing = file_join(k->home, "signing.key");
    SKA_SCOPED(ska_scoped_free) char *hpke = file_join(k->home, "hpke.key");
    SKA_SCOPED(ska_scoped_free) char *site = file_join(k->home, "site");
    ck_assert_status(keyfile_write_signing(signing, &c.signing_key, &err), SKA_OK);
    ck_assert_status(keyfile_write_hpke(hpke, &c.hpke_key, &err), SKA_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_status(ska_signing_key_generate(&k->aggregator[i]), SKA_OK);
    memcpy(c.trust.publisher, c.signing_key.public_key, 32);
    ck_assert_status(ska_signing_key_generate(&k->second), SKA_OK);
    memcpy(c.trust.second, k->second.public_key, 32);
    memcpy(c.trust.leader, k->aggregator[0].public_key, 32);
    memcpy(c.trust.helper, k->aggregator[1].public_key, 32);
    for (int i = 0; i < COUNTY_CONTRIBUTORS; i++) {
        ck_assert_status(ska_signing_key_generate(&k->contributor[i]), SKA_OK);
        (void)snprintf(at[i].code, sizeof at[i].code, "23%02d", i);
        (void)snprintf(at[i].name, sizeof at[i].name, "Kommun %d", i);
        memcpy(at[i].key, k->contributor[i].public_key, 32);
    }
    ck_assert_status(ska_roster_build(&c.roster, at, COUNTY_CONTRIBUTORS, &err), SKA_OK);
    (void)snprintf(c.leader_url, sizeof c.leader_url, "https://leader.example/");
    (void)snprintf(c.helper_url, sizeof c.helper_url, "https://helper.example/");
    (void)snprintf(c.site, sizeof c.site, "%s", site);
    c.policy = (struct ska_policy){
        .min_contributors = 3, .threshold = 5, .show_zero = true, .protection = 2};
    c.catalogue = county_catalogue(bound);
    c.folder = home_path(k->home, "collections", "lan");
    enum ska_status stored = home_collection_store(&c, k->home, &err);
    ck_assert_msg(stored == SKA_OK, "%s", err.text);
    struct options o = {.home = k->home};
    enum ska_status loaded = home_collection_load(&k->collection, &o, &err);
    ck_assert_msg(loaded == SKA_OK, "%s", err.text);
}

static inline void county_new(struct county *k)
{
    county_new_bound(k, 100);
}

/* Removes the folder too. */
static inline void county_clear(struct county *k)
{
    char command[128];
    home_collection_clear(&k->collection);
    ck_assert(strncmp(k->home, "/tmp/skarva-county-", 19) == 0);
    (void)snprintf(command, sizeof command, "rm -r %s", k->home);
    ck_assert_int_eq(system(command), 0); /* a test's own folder */
}

/* Both aggregators over one report: their output shares added to their aggregate shares. */
static inline void county_aggregate(uint8_t *aggregate[2], size_t len, const struct county *k,
                                    const struct ska_task *task, const uint8_t nonce[static 16],
                                    const struct ska_writer *public_share,
                                    const struct ska_writer input[2])
{
    struct ska_vdaf_verification v[2];
    struct ska_auditsum_config config[2] = {task->config, task->config};
    SKA_SCOPED(ska_writer_clear) struct ska_writer message = {0};
    for (int i = 0; i < 2; i++) {
        config[i].own_key = &k->aggregator[i];
        v[i] =
            (struct ska_vdaf_verification){.public_share = {public_share->data, public_share->len},
                                           .input_share = {input[i].data, input[i].len}};
        memcpy(v[i].nonce, nonce, 16);
        ck_assert_status(ska_auditsum.verify_init(&v[i], 1, &config[i], i), SKA_OK);
        ck_assert_status(v[i].status, SKA_OK);
    }
    ck_assert_status(ska_auditsum.verify_message(
                         &message, &config[1], &v[1],
                         (struct ska_slice){v[0].verifier_share, v[0].verifier_share_len},
                         (struct ska_slice){v[1].verifier_share, v[1].verifier_share_len}),
                     SKA_OK);
    for (int i = 0; i < 2; i++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer output = {0};
        ck_assert_status(ska_auditsum.verify_next(&output, &config[i], &v[i],
                                                  (struct ska_slice){message.data, message.len}),
                         SKA_OK);
        ck_assert_status(ska_auditsum.aggregate(aggregate[i], len, &config[i],
                                                (struct ska_slice){output.data, output.len}),
                         SKA_OK);
        ska_auditsum.verification_clear(&v[i]);
    }
}

/* One contributor's submission: kept in the period's folder, on the list, in the aggregates. */
static inline void county_submit(struct ska_accepted_entry *entry, uint8_t *aggregate[2],
                                 size_t len, const struct county *k, const struct period *p,
                                 uint32_t contributor, const uint64_t *counts)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer share = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer file = {0};
    struct ska_writer input[2] = {{0}, {0}};
    struct ska_error err = {0};
    char name[32];
    *entry = (struct ska_accepted_entry){.contributor = contributor, .number = 1};
    ska_random(entry->report_id, sizeof entry->report_id);
    const struct ska_auditsum_measurement m = {.counts = counts,
                                               .contributor = contributor,
                                               .number = 1,
                                               .key = &k->contributor[contributor]};
    enum ska_status sharded = ska_auditsum.shard(&share, &input[0], &input[1], &p->task->config, &m,
                                                 entry->report_id, &err);
    ck_assert_msg(sharded == SKA_OK, "%s: %s", ska_status_name(sharded), err.text);
    ska_sha256(entry->sha256, share.data, share.len);
    entry->length = share.len;
    county_aggregate(aggregate, len, k, p->task, entry->report_id, &share, input);
    ska_write_bytes(&file, entry->report_id, 16);
    ska_write_bytes(&file, share.data, share.len);
    (void)snprintf(name, sizeof name, "submissions/%05u", contributor);
    ck_assert_status(period_write(p, name, (struct ska_slice){file.data, file.len}, false, &err),
                     SKA_OK);
    ska_writer_clear(&input[0]);
    ska_writer_clear(&input[1]);
}

static inline void county_keep_list(uint8_t hash[static 32], const struct county *k,
                                    const struct period *p, struct ska_accepted_entry *at,
                                    uint32_t n)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer all = {0};
    struct ska_accepted accepted = {.close_serial = 2, .n = n, .at = at};
    memcpy(accepted.task_id, p->task->context.task_id, 32);
    memcpy(accepted.parameters_hash, p->task->context.parameters_hash, 32);
    ska_accepted_encode(&list, &accepted);
    struct ska_signed_accepted s = {.list = {list.data, list.len}};
    ck_assert_status(ska_accepted_sign(s.leader, &k->aggregator[0], s.list), SKA_OK);
    ck_assert_status(ska_accepted_sign(s.helper, &k->aggregator[1], s.list), SKA_OK);
    ska_signed_accepted_encode(&all, &s);
    ska_accepted_hash(hash, s.list);
    ck_assert_status(
        period_write(p, "accepted", (struct ska_slice){all.data, all.len}, false, NULL), SKA_OK);
}

static inline void county_keep_sums(const struct period *p, const struct ska_accepted_entry *at,
                                    uint32_t n)
{
    SKA_SCOPED(collect_sums_clear) struct collect_sums sums = {0};
    struct ska_error err = {0};
    ck_assert_status(collect_sums_new(&sums, p->task->layout->n_cells), SKA_OK);
    for (uint32_t i = 0; i < n; i++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        size_t len = 0;
        char name[32];
        (void)snprintf(name, sizeof name, "submissions/%05u", at[i].contributor);
        ck_assert_status(period_read(&data, &len, p, name, false, &err), SKA_OK);
        ck_assert_status(
            collect_add_submission(&sums, (struct ska_slice){data, len}, &at[i], p->task, &err),
            SKA_OK);
    }
    ck_assert_status(collect_store_sums(&sums, p, &err), SKA_OK);
}

static inline void county_keep_shares(const struct county *k, const struct period *p,
                                      uint8_t *aggregate[2], size_t len,
                                      const uint8_t hash[static 32])
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer kept = {0};
    for (int i = 0; i < 2; i++) {
        uint8_t root[32], signature[64];
        ck_assert_status(ska_aggregate_root(root, (struct ska_slice){aggregate[i], len}), SKA_OK);
        ck_assert_status(ska_aggregate_root_sign(signature, &k->aggregator[i],
                                                 p->task->context.task_id,
                                                 i == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER, hash,
                                                 p->task->layout->n_cells, root),
                         SKA_OK);
        ska_write_u32(&kept, (uint32_t)(len + 64));
        ska_write_bytes(&kept, aggregate[i], len);
        ska_write_bytes(&kept, signature, 64);
    }
    ck_assert_status(
        period_write(p, "collected", (struct ska_slice){kept.data, kept.len}, true, NULL), SKA_OK);
}

/* A collected period: counts[i] are contributor i's, n_cells of the period's layout each. */
static inline void county_collect(struct county *k, const char *name, const uint64_t *counts)
{
    struct ska_error err = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_accepted_entry at[COUNTY_CONTRIBUTORS];
    uint8_t hash[32];
    ck_assert_status(period_load(&p, &k->collection, name, &err), SKA_OK);
    enum ska_status proposed = period_propose(&p, county_hpke, 1751328000, 14 * 86400, &err);
    ck_assert_msg(proposed == SKA_OK, "%s", err.text);
    struct ska_signed_parameters s = {.parameters = {p.task->encoded, p.task->encoded_len}};
    ck_assert_status(ska_parameters_sign(s.publisher, p.task, &k->collection.signing_key), SKA_OK);
    ck_assert_status(ska_parameters_sign(s.leader, p.task, &k->aggregator[0]), SKA_OK);
    ck_assert_status(ska_parameters_sign(s.helper, p.task, &k->aggregator[1]), SKA_OK);
    ska_signed_parameters_encode(&w, &s);
    ck_assert_status(period_keep_signed(&p, (struct ska_slice){w.data, w.len}, &err), SKA_OK);
    uint32_t n_cells = p.task->layout->n_cells;
    size_t len = (size_t)n_cells * 64;
    uint8_t *aggregate[2] = {calloc(1, len), calloc(1, len)};
    SKA_SCOPED(ska_scoped_free) char *folder = file_join(p.folder, "submissions");
    ck_assert_status(file_make_folder(folder, false, &err), SKA_OK);
    for (uint32_t i = 0; i < COUNTY_CONTRIBUTORS; i++)
        county_submit(&at[i], aggregate, len, k, &p, i, counts + i * n_cells);
    county_keep_list(hash, k, &p, at, COUNTY_CONTRIBUTORS);
    county_keep_sums(&p, at, COUNTY_CONTRIBUTORS);
    county_keep_shares(k, &p, aggregate, len, hash);
    free(aggregate[0]);
    free(aggregate[1]);
}

/* The second signer's signature over a period's draft, beside it. */
static inline void county_sign(const struct county *k, const char *period)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *draft = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t len = 0, n = 0;
    struct ska_error err = {0};
    struct ska_release release;
    uint8_t signature[64];
    char text[RELEASE_SIGNATURE_TEXT_MAX];
    ck_assert_status(period_load_open(&p, &k->collection, period, &err), SKA_OK);
    path = release_draft_path(&p);
    ck_assert_status(file_read(&draft, &len, path, (size_t)1 << 24, &err), SKA_OK);
    ck_assert_status(ska_bundle_read(&files, &n, (struct ska_slice){draft, len}, &err), SKA_OK);
    ck_assert_status(ska_release_decode(&release, files[n - 1].data), SKA_OK);
    ck_assert_status(ska_release_sign(signature, SKA_RELEASE_SECOND, &k->second, release.body),
                     SKA_OK);
    release_signature_text(text, release.task_id, signature);
    free(path);
    path = release_signature_path(&p, NULL);
    ck_assert_status(file_write(path, text, strlen(text), false, &err), SKA_OK);
}

/* Draft, second signature, release, site. */
static inline void county_release(const struct county *k, const char *period)
{
    struct ska_error err = {0};
    bool is_released = false;
    enum ska_status got =
        publish_period(&is_released, &k->collection, period, NULL, false, 0, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", ska_status_name(got), err.text);
    if (!is_released) {
        county_sign(k, period);
        got = publish_period(&is_released, &k->collection, period, NULL, false, 0, &err);
        ck_assert_msg(got == SKA_OK, "%s: %s", ska_status_name(got), err.text);
    }
    ck_assert(is_released);
}

#endif
