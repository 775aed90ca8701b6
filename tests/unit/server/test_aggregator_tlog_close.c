/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The close record at the helper, whose leader cheats: it holds the log's key and its own, and asks
 * for a signature over another frozen log than the one that both have.
 */
#include "tests/unit/server/period.h"
#include "tests/unit/server/world_log.h"

#include "protocol/close_record.h"

#define N_LOGGED (ROUNDS * N_CONTRIBUTORS)
#define FIRST 3u /* the place of the first submission: after roster, parameters and opening */

/* What an honest leader says; the cheats change it. */
struct closing {
    struct ska_accepted list;
    struct ska_close_record record;
    struct ska_accepted_entry listed[N_LOGGED];
    struct ska_close_entry closed[N_LOGGED];
    int signer; /* whose key is under the record */
};

static bool is_before(const struct ska_log_leaf *a, const struct ska_log_leaf *b)
{
    return a->entry.contributor != b->entry.contributor
               ? a->entry.contributor < b->entry.contributor
               : a->entry.number < b->entry.number;
}

static void fill(struct closing *c, size_t at, uint64_t index)
{
    const struct ska_log_leaf *leaf = &world_log.leaves[index];
    c->closed[at] = (struct ska_close_entry){.index = index,
                                             .contributor = leaf->entry.contributor,
                                             .number = leaf->entry.number,
                                             .length = leaf->entry.length};
    memcpy(c->closed[at].sha256, leaf->entry.sha256, 32);
    c->listed[at] = (struct ska_accepted_entry){.contributor = leaf->entry.contributor,
                                                .number = leaf->entry.number,
                                                .length = leaf->entry.length};
    memcpy(c->listed[at].sha256, leaf->entry.sha256, 32);
    memcpy(c->listed[at].report_id, leaf->report_id, sizeof leaf->report_id);
}

static void freeze(struct closing *c, uint64_t size)
{
    c->record.log_size = size;
    plain_root(c->record.root, (const uint8_t(*)[SKA_HASH_BYTES])world_log.hashes, (size_t)size);
}

static void write_command(uint8_t out[SKA_CONTROL_BYTES], uint64_t serial)
{
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = serial};
    memcpy(c.task_id, world.task->context.task_id, 32);
    need(ska_control_encode(out, &c, &world.publisher), "control");
}

static void make_closing(struct closing *c)
{
    *c = (struct closing){.list = {.close_serial = 2, .n = N_LOGGED}, .signer = LEADER};
    c->record.n = N_LOGGED;
    write_command(c->record.control, 2);
    memcpy(c->list.task_id, world.task->context.task_id, 32);
    memcpy(c->list.parameters_hash, world.task->context.parameters_hash, 32);
    memcpy(c->record.parameters_hash, world.task->context.parameters_hash, 32);
    for (uint64_t i = FIRST; i < FIRST + N_LOGGED; i++) {
        size_t at = 0; /* how many stand before it */
        for (uint64_t j = FIRST; j < FIRST + N_LOGGED; j++)
            at += is_before(&world_log.leaves[j], &world_log.leaves[i]);
        fill(c, at, i);
    }
    freeze(c, FIRST + N_LOGGED);
}

static struct got send_closing(struct closing *c)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer list = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer record = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    uint8_t command[SKA_CONTROL_BYTES];
    c->list.at = c->listed;
    c->record.at = c->closed;
    ska_accepted_encode(&list, &c->list);
    ska_close_record_encode(&record, &c->record);
    write_command(command, 2); /* the honest one, whatever the record says */
    ska_write_bytes(&w, command, sizeof command);
    ska_write_opaque32(&w, list.data, list.len);
    need(ska_accepted_sign(signature, &world.party[LEADER].signing,
                           (struct ska_slice){list.data, list.len}),
         "list");
    ska_write_bytes(&w, signature, sizeof signature);
    ska_write_opaque32(&w, record.data, record.len);
    need(ska_close_record_sign(signature, &world.party[c->signer].signing,
                               (struct ska_slice){record.data, record.len}),
         "record");
    ska_write_bytes(&w, signature, sizeof signature);
    return world_request(HELPER, ROUTE_CONTROL, "", (struct ska_slice){w.data, w.len});
}

/* --- the cheats --- */

static void drop_in_record(struct closing *c)
{
    c->record.n--;
}

static void drop_in_list(struct closing *c)
{
    c->list.n--;
}

static void drop_everywhere(struct closing *c)
{
    c->record.n--;
    c->list.n--;
}

static void smaller(struct closing *c)
{
    freeze(c, FIRST + N_LOGGED - 1);
}

/* The frozen log ends before the submission that stands last in it, which is left out. */
static void smaller_without_the_last(struct closing *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < N_LOGGED; i++)
        if (c->closed[i].index != FIRST + N_LOGGED - 1)
            c->closed[n++] = c->closed[i];
    c->record.n = n;
    freeze(c, FIRST + N_LOGGED - 1);
}

static void larger(struct closing *c)
{
    c->record.log_size++;
}

static void other_root(struct closing *c)
{
    c->record.root[31] ^= 1;
}

static void other_hash(struct closing *c)
{
    c->closed[0].sha256[0] ^= 1;
}

static void places_exchanged(struct closing *c)
{
    uint64_t index = c->closed[0].index;
    c->closed[0].index = c->closed[1].index;
    c->closed[1].index = index;
}

static void other_command(struct closing *c)
{
    write_command(c->record.control, 3);
}

static void other_parameters(struct closing *c)
{
    c->record.parameters_hash[0] ^= 1;
}

static void signed_by_the_helper(struct closing *c)
{
    c->signer = HELPER;
}

static void (*const cheats[])(struct closing *) = {
    drop_in_record,           drop_in_list,  drop_everywhere,  smaller,
    smaller_without_the_last, larger,        other_root,       other_hash,
    places_exchanged,         other_command, other_parameters, signed_by_the_helper,
};

START_TEST(the_helper_freezes_only_the_log_that_it_has)
{
    struct closing c;
    world_make(NULL);
    world_log_make();
    world.revive = revive;
    revive();
    insist(world_propose);
    insist(open_it);
    make_reports();
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < N_CONTRIBUTORS; i++)
            submit_report(&reports[round][i]);
    world_log_wait(FIRST + N_LOGGED);
    world_log_read();
    world_kill(LEADER);
    for (size_t i = 0; i < N_OF(cheats); i++) {
        make_closing(&c);
        cheats[i](&c);
        struct got got = send_closing(&c);
        ck_assert_msg(got.status >= 400 && got.status < 500, "cheat %zu: got %u", i, got.status);
        free(got.body);
        ck_assert_int_eq(world_state(HELPER), SKA_TASK_OPEN);
    }
    make_closing(&c);
    ck_assert_answer(send_closing(&c), 200, "");
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_CLOSED);
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_tlog_close");
    TCase *tc = tcase_create("close");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, the_helper_freezes_only_the_log_that_it_has);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
