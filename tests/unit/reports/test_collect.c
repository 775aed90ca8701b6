/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_collect.c - whatever a server hands the publisher is checked, and who is wrong is named;
 * what is kept on disk survives a repetition of every step.
 */
#include "reports/collect.h"

#include "tests/unit/reports/county.h"

static const uint64_t counts[COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {10, 9, 1, 0, 8, 1, 1}, {10, 9, 1, 0, 4, 1, 1}, {5, 5, 0, 0, 0, 0, 2}, {5, 4, 1, 0, 0, 0, 0}};

/* A collected period and its accepted list, as kept. */
struct desk {
    struct county k;
    struct period p;
    struct ska_accepted list;
    uint8_t *bytes;
    size_t len;
    uint8_t hash[32];
};

static void desk_new(struct desk *d)
{
    struct ska_error err = {0};
    memset(d, 0, sizeof *d);
    county_new(&d->k);
    county_collect(&d->k, "2025Q2", &counts[0][0]);
    ck_assert_status(period_load_open(&d->p, &d->k.collection, "2025Q2", &err), SKA_OK);
    ck_assert_status(collect_read_accepted(&d->list, &d->bytes, &d->len, d->hash, &d->p, &err),
                     SKA_OK);
}

static void desk_clear(struct desk *d)
{
    ska_accepted_clear(&d->list);
    free(d->bytes);
    period_clear(&d->p);
    county_clear(&d->k);
}

/* The list ------------------------------------------------------------------------------------ */

static void list_must_fail(struct desk *d, const struct ska_writer *w, enum ska_status want,
                           const char *words)
{
    struct ska_accepted list = {0};
    struct ska_error err = {0};
    uint8_t hash[32];
    enum ska_status got =
        collect_check_accepted(&list, hash, (struct ska_slice){w->data, w->len}, d->p.task, &err);
    ck_assert_msg(got == want, "%s: got %s, want %s", words, ska_status_name(got),
                  ska_status_name(want));
    ck_assert_msg(strstr(err.text, words) != NULL, "\"%s\" does not say \"%s\"", err.text, words);
    ska_accepted_clear(&list);
}

/* The list as changed, signed by these keys. */
static void sign_list(struct ska_writer *w, struct desk *d, const struct ska_signing_key *leader,
                      const struct ska_signing_key *helper)
{
    struct ska_writer list = {0};
    ska_accepted_encode(&list, &d->list);
    struct ska_signed_accepted s = {.list = {list.data, list.len}};
    ck_assert_status(ska_accepted_sign(s.leader, leader, s.list), SKA_OK);
    ck_assert_status(ska_accepted_sign(s.helper, helper, s.list), SKA_OK);
    ska_writer_clear(w);
    ska_signed_accepted_encode(w, &s);
    ck_assert_status(ska_writer_status(w), SKA_OK);
    ska_writer_clear(&list);
}

START_TEST(a_list_is_taken_only_from_both_aggregators_for_this_task)
{
    struct desk d;
    struct ska_writer w = {0};
    desk_new(&d);
    const struct ska_signing_key *leader = &d.k.aggregator[0], *helper = &d.k.aggregator[1];
    sign_list(&w, &d, helper, helper);
    list_must_fail(&d, &w, SKA_E_SIGNATURE, "the leader");
    sign_list(&w, &d, leader, leader);
    list_must_fail(&d, &w, SKA_E_SIGNATURE, "the helper");
    d.list.task_id[0] ^= 1;
    sign_list(&w, &d, leader, helper);
    list_must_fail(&d, &w, SKA_E_TASK, "another task");
    d.list.task_id[0] ^= 1;
    d.list.parameters_hash[31] ^= 1;
    sign_list(&w, &d, leader, helper);
    list_must_fail(&d, &w, SKA_E_TASK, "another task");
    d.list.parameters_hash[31] ^= 1;
    d.list.at[3].contributor = COUNTY_CONTRIBUTORS;
    sign_list(&w, &d, leader, helper);
    list_must_fail(&d, &w, SKA_E_ROSTER, "no contributor 4");
    ska_writer_clear(&w);
    ska_write_bytes(&w, d.bytes, d.len - 1);
    list_must_fail(&d, &w, SKA_E_PEER, "right form");
    ska_writer_clear(&w);
    desk_clear(&d);
}
END_TEST

/* Submissions --------------------------------------------------------------------------------- */

static enum ska_status add(struct desk *d, const uint8_t *data, size_t len,
                           const struct ska_accepted_entry *entry, struct ska_error *err)
{
    struct collect_sums sums = {0};
    ska_error_clear(err);
    ck_assert_status(collect_sums_new(&sums, COUNTY_CELLS), SKA_OK);
    enum ska_status got =
        collect_add_submission(&sums, (struct ska_slice){data, len}, entry, d->p.task, err);
    collect_sums_clear(&sums);
    return got;
}

START_TEST(a_submission_must_be_the_one_that_was_signed)
{
    struct desk d;
    struct ska_error err = {0};
    uint8_t *data = NULL;
    size_t len = 0;
    desk_new(&d);
    ck_assert_status(period_read(&data, &len, &d.p, "submissions/00001", false, &err), SKA_OK);
    ck_assert_status(add(&d, data, len, &d.list.at[1], &err), SKA_OK);
    ck_assert_status(add(&d, data, len, &d.list.at[2], &err), SKA_E_MISMATCH);
    ck_assert_msg(strstr(err.text, "Kommun 2") != NULL, "%s", err.text);
    ck_assert_status(add(&d, data, 15, &d.list.at[1], &err), SKA_E_MISMATCH);
    ck_assert_status(add(&d, data, len - 1, &d.list.at[1], &err), SKA_E_MISMATCH);
    for (size_t at = 0; at < len; at += 37) { /* a flipped bit anywhere */
        data[at] ^= 4;
        ck_assert_status(add(&d, data, len, &d.list.at[1], &err), SKA_E_MISMATCH);
        data[at] ^= 4;
    }
    /* Even if both servers had signed another content: the contributor did not. */
    struct ska_accepted_entry entry = d.list.at[1];
    data[16 + 12] ^= 1; /* in V1 */
    ska_sha256(entry.sha256, data + 16, len - 16);
    ck_assert_status(add(&d, data, len, &entry, &err), SKA_E_SIGNATURE);
    data[16 + 12] ^= 1;
    entry = d.list.at[1];
    entry.contributor = 0;
    ck_assert_status(add(&d, data, len, &entry, &err), SKA_E_MISMATCH);
    entry = d.list.at[1];
    entry.number = 2;
    ck_assert_status(add(&d, data, len, &entry, &err), SKA_E_MISMATCH);
    free(data);
    desk_clear(&d);
}
END_TEST

/* Aggregate shares ---------------------------------------------------------------------------- */

START_TEST(totals_are_those_of_the_contributors)
{
    static const uint64_t want[COUNTY_CELLS] = {30, 27, 3, 0, 12, 2, 4};
    struct desk d;
    struct collect_result r = {0};
    desk_new(&d);
    ck_assert_status(collect_load(&r, &d.p, NULL), SKA_OK);
    ck_assert_mem_eq(r.total, want, sizeof want);
    collect_result_clear(&r);
    desk_clear(&d);
}
END_TEST

/* Each way to be wrong that the aggregator itself signs: it is named with the first wrong cell. */
START_TEST(a_wrong_share_names_its_maker)
{
    static const struct {
        const char *name, *cell;
        size_t flip[2]; /* bytes to change; the second 0: only one */
        bool swap;
    } cases[] = {{"off by one", "cell A:", {0, 0}, false},
                 {"a wrong blinding", "cell A.D.y:", {64 * CELL_Y + 32, 0}, false},
                 {"compensating amounts", "cell A.D.x:", {64 * CELL_X, 64 * CELL_Y}, false},
                 {"cells swapped", "cell A.D.x:", {0, 0}, true}};
    struct desk d;
    struct collect_result r = {0};
    struct collect_sums sums = {0};
    desk_new(&d);
    ck_assert_status(collect_load(&r, &d.p, NULL), SKA_OK);
    ck_assert_status(collect_load_sums(&sums, &d.p, NULL), SKA_OK);
    for (size_t i = 0; i < N_OF(cases); i++)
        for (int a = 0; a < 2; a++) {
            uint8_t wrong[COUNTY_CELLS * 64 + 64], root[32];
            struct ska_error err = {0};
            enum ska_role role = a == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER;
            memcpy(wrong, r.share[a].data, sizeof wrong);
            if (cases[i].swap) {
                memcpy(wrong + 64 * CELL_X, r.share[a].data + 64 * CELL_Y, 64);
                memcpy(wrong + 64 * CELL_Y, r.share[a].data + 64 * CELL_X, 64);
            } else {
                wrong[cases[i].flip[0]] ^= 1;
                if (cases[i].flip[1] != 0)
                    wrong[cases[i].flip[1]] ^= 1;
            }
            ck_assert_status(ska_aggregate_root(root, (struct ska_slice){wrong, COUNTY_CELLS * 64}),
                             SKA_OK);
            ck_assert_status(ska_aggregate_root_sign(wrong + COUNTY_CELLS * 64, &d.k.aggregator[a],
                                                     d.p.task->context.task_id, role, d.hash,
                                                     COUNTY_CELLS, root),
                             SKA_OK);
            ck_assert_status(collect_check_share((struct ska_slice){wrong, sizeof wrong}, role,
                                                 &sums, d.hash, d.p.task, &err),
                             SKA_E_COMMITMENT);
            ck_assert_msg(strstr(err.text, a == 0 ? "the leader" : "the helper") != NULL &&
                              strstr(err.text, cases[i].cell) != NULL,
                          "%s: %s", cases[i].name, err.text);
        }
    collect_sums_clear(&sums);
    collect_result_clear(&r);
    desk_clear(&d);
}
END_TEST

START_TEST(a_share_of_another_list_role_or_length_is_refused)
{
    struct desk d;
    struct collect_result r = {0};
    struct collect_sums sums = {0};
    struct ska_error err = {0};
    uint8_t other[32] = {0};
    desk_new(&d);
    ck_assert_status(collect_load(&r, &d.p, NULL), SKA_OK);
    ck_assert_status(collect_load_sums(&sums, &d.p, NULL), SKA_OK);
    ck_assert_status(
        collect_check_share(r.share[0], SKA_ROLE_LEADER, &sums, d.hash, d.p.task, &err), SKA_OK);
    ck_assert_status(collect_check_share(r.share[0], SKA_ROLE_LEADER, &sums, other, d.p.task, &err),
                     SKA_E_SIGNATURE);
    ck_assert_status(
        collect_check_share(r.share[0], SKA_ROLE_HELPER, &sums, d.hash, d.p.task, NULL),
        SKA_E_SIGNATURE);
    r.share[0].len--;
    ck_assert_status(
        collect_check_share(r.share[0], SKA_ROLE_LEADER, &sums, d.hash, d.p.task, NULL),
        SKA_E_PEER);
    collect_sums_clear(&sums);
    collect_result_clear(&r);
    desk_clear(&d);
}
END_TEST

/* Periods ------------------------------------------------------------------------------------- */

START_TEST(commands_are_kept_before_they_are_sent_and_repeated_byte_for_byte)
{
    struct desk d;
    struct ska_error err = {0};
    struct period_control first = {0}, second = {0}, last = {0};
    struct ska_control decoded;
    desk_new(&d);
    ck_assert_status(period_control_last(&last, &d.p, &err), SKA_OK);
    ck_assert_uint_eq(last.serial, 0);
    ck_assert_status(period_control_next(&first, &d.p, SKA_CONTROL_OPEN, &err), SKA_OK);
    ck_assert_status(period_control_last(&last, &d.p, &err), SKA_OK);
    ck_assert_mem_eq(first.bytes, last.bytes, sizeof last.bytes);
    ck_assert_status(period_control_next(&second, &d.p, SKA_CONTROL_CLOSE, &err), SKA_OK);
    ck_assert_uint_eq(second.serial, 2);
    ck_assert_status(ska_control_decode(&decoded,
                                        (struct ska_slice){second.bytes, sizeof second.bytes},
                                        d.k.collection.trust.publisher),
                     SKA_OK);
    ck_assert_int_eq(decoded.kind, SKA_CONTROL_CLOSE);
    ck_assert_mem_eq(decoded.task_id, d.p.task->context.task_id, 32);
    desk_clear(&d);
}
END_TEST

START_TEST(a_period_keeps_the_parameters_it_was_proposed_with)
{
    struct desk d;
    struct ska_error err = {0};
    desk_new(&d);
    ck_assert_status(period_propose(&d.p, county_hpke, 1760000400, 86400, &err), SKA_OK);
    ck_assert_uint_eq(d.p.task->parameters.window_start_s, 1751328000);
    desk_clear(&d);
}
END_TEST

START_TEST(proposed_parameters_follow_the_servers_keys_until_all_three_signed)
{
    struct desk d;
    struct ska_error err = {0};
    struct period p = {0};
    struct ska_hpke_recipient other[2] = {county_hpke[0], county_hpke[1]};
    uint8_t first[32], second[32];
    other[1].public_key[5] ^= 1;
    desk_new(&d);
    ck_assert_status(period_load(&p, &d.k.collection, "2025Q3", &err), SKA_OK);
    ck_assert_status(period_propose(&p, county_hpke, 1751328000, 86400, &err), SKA_OK);
    memcpy(first, p.task->context.task_id, 32);
    ck_assert_status(period_propose(&p, county_hpke, 1760000400, 3600, &err), SKA_OK);
    ck_assert_mem_eq(p.task->context.task_id, first, 32);
    ck_assert_status(period_propose(&p, other, 1760000400, 3600, &err), SKA_OK);
    memcpy(second, p.task->context.task_id, 32);
    ck_assert_mem_ne(second, first, 32);
    ck_assert_mem_eq(p.task->parameters.helper_hpke.public_key, other[1].public_key, 32);
    ck_assert_uint_eq(p.task->parameters.window_start_s, 1751328000);
    period_clear(&p);
    ck_assert_status(period_load(&p, &d.k.collection, "2025Q3", &err), SKA_OK);
    ck_assert_mem_eq(p.task->context.task_id, second, 32); /* on disk too */
    other[1] = county_hpke[1];
    other[0].config_id++;
    ck_assert_status(period_propose(&p, other, 1760000400, 3600, &err), SKA_OK);
    ck_assert_uint_eq(p.task->parameters.leader_hpke.config_id, other[0].config_id);
    ck_assert_status(period_propose(&p, county_hpke, 1760000400, 3600, &err), SKA_OK);
    ck_assert_mem_eq(p.task->context.task_id, first, 32); /* the same again, byte for byte */
    period_clear(&p);
    memcpy(first, d.p.task->context.task_id, 32);
    ck_assert_status(period_propose(&d.p, other, 1760000400, 86400, &err), SKA_OK);
    ck_assert_mem_eq(d.p.task->context.task_id, first, 32); /* signed by all three */
    desk_clear(&d);
}
END_TEST

START_TEST(parameters_without_all_three_signatures_are_not_kept)
{
    struct desk d;
    struct ska_error err = {0};
    struct ska_writer w = {0};
    struct period p = {0};
    desk_new(&d);
    ck_assert_status(period_load(&p, &d.k.collection, "2025Q3", &err), SKA_OK);
    ck_assert_status(period_propose(&p, county_hpke, 1751328000, 86400, &err), SKA_OK);
    struct ska_signed_parameters s = {.parameters = {p.task->encoded, p.task->encoded_len}};
    ck_assert_status(ska_parameters_sign(s.publisher, p.task, &d.k.collection.signing_key), SKA_OK);
    ck_assert_status(ska_parameters_sign(s.leader, p.task, &d.k.aggregator[0]), SKA_OK);
    ska_signed_parameters_encode(&w, &s);
    ck_assert_status(period_keep_signed(&p, (struct ska_slice){w.data, w.len}, &err),
                     SKA_E_SIGNATURE);
    ck_assert(!period_has(&p, "signed"));
    ska_error_clear(&err);
    s.parameters = (struct ska_slice){d.p.task->encoded, d.p.task->encoded_len};
    ska_writer_clear(&w);
    ska_signed_parameters_encode(&w, &s);
    ck_assert_status(period_keep_signed(&p, (struct ska_slice){w.data, w.len}, &err), SKA_E_PEER);
    struct period again = {0};
    ska_error_clear(&err);
    ck_assert_status(period_load_open(&again, &d.k.collection, "2025Q3", &err), SKA_E_STATE);
    period_clear(&again);
    ska_writer_clear(&w);
    period_clear(&p);
    desk_clear(&d);
}
END_TEST

START_TEST(names_that_are_no_periods_are_refused)
{
    static const char *const names[] = {"", "2025Q5", "../x", "2025Q2/..", "25Q1", "2025Q2 "};
    struct county k;
    county_new(&k);
    for (size_t i = 0; i < N_OF(names); i++) {
        struct period p = {0};
        ck_assert_status(period_load(&p, &k.collection, names[i], NULL), SKA_E_USAGE);
        period_clear(&p);
    }
    county_clear(&k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("collect");
    TCase *t = tcase_create("collect");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_list_is_taken_only_from_both_aggregators_for_this_task);
    tcase_add_test(t, a_submission_must_be_the_one_that_was_signed);
    tcase_add_test(t, totals_are_those_of_the_contributors);
    tcase_add_test(t, a_wrong_share_names_its_maker);
    tcase_add_test(t, a_share_of_another_list_role_or_length_is_refused);
    tcase_add_test(t, commands_are_kept_before_they_are_sent_and_repeated_byte_for_byte);
    tcase_add_test(t, a_period_keeps_the_parameters_it_was_proposed_with);
    tcase_add_test(t, proposed_parameters_follow_the_servers_keys_until_all_three_signed);
    tcase_add_test(t, parameters_without_all_three_signatures_are_not_kept);
    tcase_add_test(t, names_that_are_no_periods_are_refused);
    suite_add_tcase(s, t);
    return test_run(s);
}
