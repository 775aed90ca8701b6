/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctime_change.c - a correction on its whole way: kept openings, the comparisons with the revision
 * before and their proof, refusals, both aggregators, and the flags that they open to each other.
 *
 * Secret are the counts and blindings of both revisions, the flag, and all shares. `--leak` asks by
 * an early way out whether anything changed, and must be reported: that shows the test can fail.
 */
#include "protocol/dap.h"
#include "protocol/revision.h"

#include "tests/ctime/ctime.h"

#define N_BEFORE 3
#define N_CELLS (N_BEFORE + 1) /* and the flag */
#define FLAG N_BEFORE
#define CELL_BYTES ((size_t)64)
#define SHARE_BYTES (CELL_BYTES * N_CELLS)

static const uint64_t bound[N_CELLS] = {300, 1000, 2000, 1};
static const struct ska_term terms[] = {{0, 1}, {1, 1}, {2, -1}};
static const struct ska_rule rules[] = {{.n_terms = 3, .terms = terms}};
static const struct ska_statement first = {
    .n_cells = N_BEFORE, .bound = bound, .n_rules = 1, .rules = rules};
static const struct ska_statement later = {
    .n_cells = N_CELLS, .bound = bound, .n_rules = 1, .rules = rules, .compares = true};

/* One contributor, before and now. */
struct world {
    struct ska_signing_key contributor, aggregator[2];
    uint64_t old[N_BEFORE]; /* secret, as the two after it */
    ska_scalar blinding[N_BEFORE];
    struct ska_writer input[2];     /* of the revision before */
    struct ska_writer public_share; /* of the revision before */
    struct ska_earlier earlier;
    struct ska_auditsum_config config[3]; /* leader's, helper's, the contributor's */
};

static enum ska_status shard(struct ska_writer *public_share, struct ska_writer input[2],
                             const struct ska_auditsum_config *config,
                             struct ska_auditsum_measurement m)
{
    m.number = 1;
    SKA_MARK_SECRET(m.counts, config->statement->n_cells * sizeof *m.counts);
    ska_random_replace_for_test(draw_secret);
    enum ska_status status =
        ska_auditsum.shard(public_share, &input[0], &input[1], config, &m, ctime_nonce, NULL);
    ska_random_replace_for_test(NULL); /* from here on it draws weights, which are public */
    return status;
}

static void prepare(struct world *w)
{
    *w = (struct world){.contributor = new_signing_key(),
                        .aggregator = {new_signing_key(), new_signing_key()},
                        .old = {3, 4, 7}};
    for (int i = 0; i < 3; i++)
        w->config[i] = (struct ska_auditsum_config){.statement = &first,
                                                    .task = {.period = "2025Q2"},
                                                    .n_contributors = 1,
                                                    .contributor_keys =
                                                        (const uint8_t(*)[SKA_SIGN_PUBLIC_BYTES]) &
                                                        w->contributor.public_key,
                                                    .leader_key = w->aggregator[0].public_key,
                                                    .helper_key = w->aggregator[1].public_key,
                                                    .own_key = i < 2 ? &w->aggregator[i] : NULL};
    must(shard(&w->public_share, w->input, &w->config[2],
               (struct ska_auditsum_measurement){
                   .counts = w->old, .key = &w->contributor, .blindings = w->blinding}),
         "the revision before");
    struct ska_public_share share;
    must(ska_public_share_decode(
             &share, (struct ska_slice){w->public_share.data, w->public_share.len}, &first),
         "its public share");
    w->earlier = (struct ska_earlier){share.v1, share.v2};
    for (int i = 0; i < 3; i++) {
        w->config[i].statement = &later;
        w->config[i].earlier = &w->earlier;
        w->config[i].task.revision = 1;
        memset(w->config[i].task.task_id, 0x5a, 32);
    }
}

static void clear(struct world *w)
{
    for (int k = 0; k < 2; k++) {
        ska_writer_clear(&w->input[k]);
        ska_signing_key_clear(&w->aggregator[k]);
    }
    ska_writer_clear(&w->public_share);
    ska_signing_key_clear(&w->contributor);
}

/* The mistake this program exists to find. */
static int leak(const uint64_t *now, const uint64_t *before)
{
    for (size_t i = 0; i < N_BEFORE; i++) {
        if (now[i] != before[i])
            return 1;
    }
    return 0;
}

/* Counts of a correction, with kept openings of `w`, as they would be made. */
static enum ska_status correct(struct ska_writer *public_share, struct ska_writer input[2],
                               const struct world *w, const uint64_t *counts,
                               const ska_scalar *blinding)
{
    return shard(public_share, input, &w->config[2],
                 (struct ska_auditsum_measurement){.counts = counts,
                                                   .key = &w->contributor,
                                                   .earlier_counts = w->old,
                                                   .earlier_blindings = blinding});
}

/* What is refused tells that it is, and nothing else. */
static void refuse(const struct world *w)
{
    static const struct {
        uint64_t counts[N_CELLS];
        bool is_foreign; /* openings of something else */
        enum ska_status want;
    } cases[] = {{{4, 4, 8, 0}, false, SKA_E_RULE}, /* changed, says the flag that it is not */
                 {{4, 4, 9, 1}, false, SKA_E_RULE},
                 {{4, 4, 8, 2}, false, SKA_E_RANGE},
                 {{301, 4, 305, 1}, false, SKA_E_RANGE},
                 {{3, 4, 7, 0}, true, SKA_E_COMMITMENT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ska_writer public_share = {0};
        struct ska_writer input[2] = {{0}};
        uint64_t counts[N_CELLS];
        ska_scalar other[N_BEFORE];
        memcpy(counts, cases[i].counts, sizeof counts);
        memcpy(other, w->blinding, sizeof other);
        if (cases[i].is_foreign)
            ska_scalar_add(&other[1], &other[1], &other[2]);
        must_be(correct(&public_share, input, w, counts, other), cases[i].want, "a refusal");
    }
}

/* An input share that is not the commitments'. */
static void refuse_share(const struct world *w)
{
    struct ska_writer public_share = {0};
    struct ska_writer input[2] = {{0}};
    struct ska_vdaf_verification v;
    uint64_t counts[N_CELLS] = {4, 4, 8, 1};
    must(correct(&public_share, input, w, counts, w->blinding), "a correction");
    input[1].data[7] ^= 1;
    must_be(verify_secret(&v, &w->config[1], 1, &public_share, &input[1]), SKA_E_COMMITMENT,
            "another seed");
    ska_auditsum.verification_clear(&v);
    for (int k = 0; k < 2; k++)
        ska_writer_clear(&input[k]);
    ska_writer_clear(&public_share);
}

static void open_flags(const struct world *w, struct ska_change_tally *tally,
                       const struct ska_task *task, uint8_t sum[2][SHARE_BYTES])
{
    struct ska_writer wire[2] = {{0}};
    struct ska_changes changes[2];
    for (int k = 0; k < 2; k++) {
        struct ska_changes own = {.role = k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER,
                                  .n_atoms = 1,
                                  .openings = sum[k] + CELL_BYTES * FLAG};
        memcpy(own.task_id, task->context.task_id, sizeof own.task_id);
        SKA_MARK_SECRET(sum[k], SHARE_BYTES);
        must(ska_changes_write(&wire[k], &own, &w->aggregator[k]), "changes");
        SKA_MARK_PUBLIC(wire[k].data, wire[k].len, "opened to the other aggregator");
        must(ska_changes_read(&changes[k], (struct ska_slice){wire[k].data, wire[k].len},
                              w->aggregator[k].public_key),
             "changes read");
        SKA_MARK_SECRET(changes[k].openings, CELL_BYTES);
        must(ska_changes_verify(&changes[k], tally, task, own.role, own.accepted_hash),
             "changes verified");
    }
    must(ska_changes_open(tally, &changes[0], &changes[1]), "changes opened");
    must_be(ska_changes_judge(tally, NULL), SKA_E_BATCH_SIZE, "one alone changed");
    for (int k = 0; k < 2; k++)
        ska_writer_clear(&wire[k]);
}

static void accept(const struct world *w, bool is_leaking)
{
    struct ska_writer public_share = {0};
    struct ska_writer input[2] = {{0}};
    uint64_t counts[N_CELLS] = {4, 4, 8, 1};
    uint8_t sum[2][SHARE_BYTES] = {{0}};
    uint8_t *const sums[2] = {sum[0], sum[1]};
    uint32_t size = 1, of = 0, changed = 0, gone = 0;
    ska_point flag[2];
    struct ska_change_tally tally = {.atoms = {.n = 1, .size = &size, .n_roster = 1, .of = &of},
                                     .flags = {&flag[0], &flag[1]},
                                     .changed = &changed,
                                     .gone = &gone};
    struct ska_task task = {.context = w->config[0].task, .config = w->config[0]};
    must(correct(&public_share, input, w, counts, w->blinding), "a correction");
    if (is_leaking)
        printf("%s\n", leak(counts, w->old) ? "changed" : "unchanged");
    for (int k = 0; k < 2; k++)
        ska_point_set_identity(&flag[k]);
    must(ska_change_tally_add(&tally, &task,
                              (struct ska_slice){public_share.data, public_share.len}),
         "the flag's commitments");
    live_through(sums, SHARE_BYTES, w->config, &public_share, input);
    open_flags(w, &tally, &task, sum);
    if (changed != 1)
        must(SKA_E_BUG, "one changed");
}

/* Whether anything changed, as the officer's program finds it. */
static void compare(const struct world *w)
{
    uint64_t same[N_BEFORE] = {3, 4, 7};
    SKA_MARK_SECRET(same, sizeof same);
    if (!ska_ct_equal(same, w->old, sizeof same) || ska_ct_is_zero(same, sizeof same))
        must(SKA_E_BUG, "nothing changed");
}

/* Shares as messages: sealed to an aggregator, and to the publisher. */
static void send(const struct world *w)
{
    uint8_t payload[SHARE_BYTES] = {9};
    struct ska_hpke_key key;
    struct ska_dap_metadata metadata = {.time = 1};
    struct ska_task task = {.context = w->config[0].task};
    const struct ska_slice none = {NULL, 0};
    must(ska_hpke_key_generate(&key), "HPKE key");
    SKA_MARK_SECRET(key.secret, sizeof key.secret);
    SKA_MARK_SECRET(payload, sizeof payload);
    memcpy(task.parameters.collector_hpke_key, key.public_key, sizeof key.public_key);
    for (int is_sum = 0; is_sum < 2; is_sum++) {
        struct ska_writer wire = {0};
        struct ska_reader r;
        struct ska_dap_ciphertext c;
        struct ska_slice got;
        uint8_t *plain = NULL;
        size_t len = 0;
        const struct ska_slice sent = {payload, sizeof payload};
        must(is_sum ? ska_dap_aggregate_share_seal(&wire, SKA_ROLE_HELPER, &task, none, sent)
                    : ska_dap_input_share_seal(&wire, 0, key.public_key, SKA_ROLE_HELPER, &task,
                                               &metadata, none, sent),
             "seal");
        ska_reader_init(&r, wire.data, wire.len);
        must(ska_dap_ciphertext_decode(&c, &r), "a ciphertext");
        must(is_sum ? ska_dap_aggregate_share_open(&plain, &len, &key, SKA_ROLE_HELPER, &task, none,
                                                   &c)
                    : ska_dap_input_share_open(&plain, &len, &got, &key, SKA_ROLE_HELPER, &task,
                                               &metadata, none, &c),
             "open");
        ska_wipe_free(plain, len);
        ska_writer_clear(&wire);
    }
}

int main(int argc, char **argv)
{
    struct world w;
    must_run_under_memcheck();
    ska_group_init();
    prepare(&w);
    SKA_MARK_SECRET(w.old, sizeof w.old);
    SKA_MARK_SECRET(w.blinding, sizeof w.blinding);
    const bool is_leaking = argc > 1 && strcmp(argv[1], "--leak") == 0;
    accept(&w, is_leaking);
    if (is_leaking)
        return 0;
    refuse(&w);
    refuse_share(&w);
    compare(&w);
    send(&w);
    clear(&w);
    return 0;
}
