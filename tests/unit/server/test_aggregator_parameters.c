/* SPDX-License-Identifier: EUPL-1.2 */
/* test_aggregator_parameters.c - which parameters the servers sign, and that a refusal changes
 * nothing. */
#include "tests/unit/server/world_report.h"

static struct got put(int who, const struct ska_signed_parameters *s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_signed_parameters_encode(&w, s);
    return world_request(who, ROUTE_PARAMETERS_PUT, "", (struct ska_slice){w.data, w.len});
}

START_TEST(parameters_come_back_signed_by_all_three_and_again_the_same)
{
    world_start_both(NULL);
    for (int i = 0; i < 2; i++) {
        struct got got = world_propose();
        ck_assert_uint_eq(got.status, 200);
        struct ska_signed_parameters s;
        struct ska_error err = {0};
        need(ska_signed_parameters_decode(&s, (struct ska_slice){got.body, got.len}), "decode");
        need(ska_signed_parameters_verify(&s, world.task, &err), err.text);
        for (int who = 0; who < 2; who++) {
            struct got read = world_request(who, ROUTE_PARAMETERS_GET, "", (struct ska_slice){0});
            ck_assert_uint_eq(read.status, 200);
            ck_assert_uint_eq(read.len, got.len);
            ck_assert_mem_eq(read.body, got.body, got.len);
            free(read.body);
        }
        free(got.body);
    }
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_READY);
    ck_assert_int_eq(world_state(HELPER), SKA_TASK_READY);
    world_end();
}
END_TEST

START_TEST(parameters_without_a_signature_that_holds_are_refused)
{
    world_start_both(NULL);
    struct ska_signed_parameters s;
    world_proposed(&s);
    s.publisher[5] ^= 1;
    ck_assert_answer(put(LEADER, &s), 403, "SKA_E_SIGNATURE");
    memset(s.publisher, 0, 64);
    ck_assert_answer(put(LEADER, &s), 403, "SKA_E_SIGNATURE");
    s.parameters.len /= 2; /* nobody's bytes are not even taken apart */
    ck_assert_answer(put(LEADER, &s), 403, "SKA_E_SIGNATURE");
    world_proposed(&s);
    ck_assert_answer(put(HELPER, &s), 403, "SKA_E_SIGNATURE"); /* the leader's is missing */
    ck_assert_answer(world_request(LEADER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    ck_assert_answer(world_request(HELPER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    for (size_t len = 0; len < world.parameters_len; len++)
        ck_assert_answer(world_request(LEADER, ROUTE_PARAMETERS_PUT, "",
                                       (struct ska_slice){world.parameters, len}),
                         400, "invalidMessage");
    world.task->context.task_id[3] ^= 1;
    ck_assert_answer(world_propose(), 409, "SKA_E_TASK");
    world.task->context.task_id[3] ^= 1;
    ck_assert_answer(world_propose(), 200, "");
    world_end();
}
END_TEST

static void other_leader_url(struct ska_parameters *p)
{
    strcpy(p->leader_url, "https://other.test/");
}

static void other_helper_url(struct ska_parameters *p)
{
    strcpy(p->helper_url, "https://other.test/");
}

static void other_leader_key(struct ska_parameters *p)
{
    memcpy(p->leader_key, world.contributor[0].public_key, 32);
}

static void other_helper_key(struct ska_parameters *p)
{
    memcpy(p->helper_key, world.contributor[0].public_key, 32);
}

static void other_leader_hpke(struct ska_parameters *p)
{
    p->leader_hpke.public_key[31] ^= 1;
}

static void other_leader_hpke_id(struct ska_parameters *p)
{
    p->leader_hpke.config_id ^= 1;
}

static void other_helper_hpke(struct ska_parameters *p)
{
    p->helper_hpke.public_key[0] ^= 1;
}

static void other_helper_hpke_id(struct ska_parameters *p)
{
    p->helper_hpke.config_id ^= 1;
}

static void exchanged_hpke(struct ska_parameters *p)
{
    struct ska_hpke_recipient leader = p->leader_hpke;
    p->leader_hpke = p->helper_hpke;
    p->helper_hpke = leader;
}

static void promised_log(struct ska_parameters *p)
{
    memset(p->log_policy, 1, sizeof p->log_policy); /* these servers keep none */
}

static const struct {
    void (*change)(struct ska_parameters *p);
    uint16_t status;
    const char *problem;
} parties[] = {
    {other_leader_url, 409, "SKA_E_MISMATCH"},  {other_helper_url, 409, "SKA_E_MISMATCH"},
    {other_leader_key, 409, "SKA_E_MISMATCH"},  {other_helper_key, 409, "SKA_E_MISMATCH"},
    {other_leader_hpke, 409, "SKA_E_MISMATCH"}, {other_leader_hpke_id, 409, "SKA_E_MISMATCH"},
    {exchanged_hpke, 409, "SKA_E_MISMATCH"},    {promised_log, 409, "SKA_E_MISMATCH"},
};

START_TEST(parameters_of_other_parties_are_refused)
{
    world_start_both(parties[_i].change);
    ck_assert_answer(world_propose(), parties[_i].status, parties[_i].problem);
    ck_assert_answer(world_request(LEADER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    world_end();
}
END_TEST

static void (*const helper_keys[])(struct ska_parameters *p) = {other_helper_hpke,
                                                                other_helper_hpke_id};

/* The leader cannot know the helper's key: it signs, the helper does not, and nobody can submit.
 * What was proposed gives way to the right parameters of the same period and revision. */
START_TEST(parameters_with_another_key_of_the_helper_are_signed_by_the_leader_alone)
{
    world_start_both(helper_keys[_i]);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_PROPOSED);
    ck_assert_answer(world_request(HELPER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 409, "SKA_E_STATE");
    uint8_t refused[32];
    memcpy(refused, world.task->context.task_id, sizeof refused);
    struct ska_signed_parameters s;
    struct ska_parameters p;
    struct ska_error err = {0};
    world_proposed(&s);
    need(ska_parameters_decode(&p, s.parameters, &err), err.text);
    helper_keys[_i](&p); /* back */
    world_sign(&p);
    ska_parameters_clear(&p);
    ck_assert_int_ne(memcmp(refused, world.task->context.task_id, sizeof refused), 0);
    world_open();
    world_submit_all(3);
    world_close(2);
    world_check_totals(3, 3, 3);
    memcpy(world.task->context.task_id, refused, sizeof refused);
    ck_assert_answer(world_request(LEADER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    world_end();
}
END_TEST

/* A key that is exchanged while a period is open: what was sealed to the old one is turned away. */
START_TEST(uploads_are_refused_while_the_leader_has_another_key_than_the_task)
{
    world_begin();
    world_submit_all(2);
    for (uint32_t i = 0; i < 2; i++)
        ck_assert_uint_eq(world_decided(i, 1), 0);
    struct party *leader = &world.party[LEADER];
    struct ska_hpke_key old = leader->hpke;
    struct ska_error err = {0};
    char kept[sizeof leader->config.hpke_key];
    memcpy(kept, leader->config.hpke_key, sizeof kept);
    world_kill(LEADER);
    struct ska_hpke_key other;
    need(ska_hpke_key_generate(&other), "key");
    world_path(leader->config.hpke_key, "other.hpke");
    need(keyfile_write_hpke(leader->config.hpke_key, &other, &err), err.text);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 409, "SKA_E_MISMATCH"); /* no new signature either */
    struct submission s = {.contributor = 2, .number = 1, .counts = {1, 2}};
    ck_assert_uint_eq(world_submit(&s), SKA_REPORT_OUTDATED_CONFIG);
    world_kill(LEADER);
    memcpy(leader->config.hpke_key, kept, sizeof kept);
    leader->hpke = old;
    world_start(LEADER);
    s.number = 2;
    ck_assert_uint_eq(world_submit(&s), 0);
    world_close(2);
    world_check_totals(3, 3, 3);
    world_end();
}
END_TEST

START_TEST(parameters_of_another_publisher_are_refused)
{
    world_make(NULL);
    memcpy(world.party[LEADER].config.publisher_key, world.contributor[0].public_key, 32);
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 403, "SKA_E_SIGNATURE"); /* not under its publisher_key */
    world_end();
}
END_TEST

/* The publisher cannot make itself, or anybody, the second signer. */
START_TEST(parameters_of_another_second_signer_are_refused)
{
    world_make(NULL);
    memcpy(world.party[LEADER].config.second_key, world.contributor[0].public_key, 32);
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 403, "SKA_E_FORBIDDEN"); /* signed by the right publisher */
    world_end();
}
END_TEST

START_TEST(parameters_the_helper_refuses_stay_proposed_until_it_agrees)
{
    world_make(NULL);
    strcpy(world.party[HELPER].config.own_url, "https://elsewhere.test/");
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_PROPOSED);
    ck_assert_answer(world_control(SKA_CONTROL_OPEN, 1), 409, "SKA_E_STATE");
    world_kill(HELPER);
    strcpy(world.party[HELPER].config.own_url, "https://helper.test/");
    world_start(HELPER);
    ck_assert_answer(world_propose(), 200, "");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_READY);
    world_end();
}
END_TEST

static void only_another_threshold(struct ska_parameters *p)
{
    p->policy.threshold = 4;
}

START_TEST(one_period_and_revision_has_one_set_of_parameters)
{
    world_start_both(NULL);
    ck_assert_answer(world_propose(), 200, "");
    struct ska_parameters p;
    struct ska_error err = {0};
    struct ska_signed_parameters s;
    world_proposed(&s);
    need(ska_parameters_decode(&p, s.parameters, &err), err.text);
    only_another_threshold(&p);
    world_sign(&p);
    ck_assert_answer(world_propose(), 409, "SKA_E_CONFLICT");
    p.revision = 1;
    world_sign(&p);
    ck_assert_answer(world_propose(), 200, "");
    struct got got = world_request(LEADER, ROUTE_TASKS, "", (struct ska_slice){0});
    struct ska_task_listing *list = NULL;
    size_t n = 0;
    need(ska_task_list_decode(&list, &n, (struct ska_slice){got.body, got.len}), "list");
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(list[1].collection, "prov");
    ck_assert_uint_eq(list[1].revision, 1);
    free(list);
    free(got.body);
    ska_parameters_clear(&p);
    world_end();
}
END_TEST

/* The publisher's signature over world.parameters as they are: opaque32 | publisher[64] | ... */
static void sign_again(void)
{
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = world.parameters_len - 4 - 3 * 64;
    ska_sha256_labelled(hash, SKA_LABEL_PARAMETERS, world.parameters + 4, len);
    need(ska_sign(world.parameters + 4 + len, &world.publisher, SKA_LABEL_SIGN_PARAMETERS, hash,
                  sizeof hash),
         "sign");
}

START_TEST(floor_of_contributors_is_three)
{
    world_start_both(NULL);
    /* u8 | opaque8 "prov" | opaque8 "2025Q2" | u32 | u8 | u64 | u64 | u32 min_contributors */
    uint8_t *min = world.parameters + 4 + 1 + 5 + 7 + 4 + 1 + 8 + 8;
    ck_assert_uint_eq(min[3], 3);
    min[3] = 2;
    sign_again();
    ck_assert_answer(world_propose(), 400, "invalidMessage");
    min[3] = 3;
    sign_again();
    ck_assert_answer(world_propose(), 200, "");
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_parameters");
    TCase *tc = tcase_create("parameters");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, parameters_come_back_signed_by_all_three_and_again_the_same);
    tcase_add_test(tc, parameters_without_a_signature_that_holds_are_refused);
    tcase_add_loop_test(tc, parameters_of_other_parties_are_refused, 0, (int)N_OF(parties));
    tcase_add_loop_test(tc,
                        parameters_with_another_key_of_the_helper_are_signed_by_the_leader_alone, 0,
                        (int)N_OF(helper_keys));
    tcase_add_test(tc, uploads_are_refused_while_the_leader_has_another_key_than_the_task);
    tcase_add_test(tc, parameters_of_another_publisher_are_refused);
    tcase_add_test(tc, parameters_of_another_second_signer_are_refused);
    tcase_add_test(tc, parameters_the_helper_refuses_stay_proposed_until_it_agrees);
    tcase_add_test(tc, one_period_and_revision_has_one_set_of_parameters);
    tcase_add_test(tc, floor_of_contributors_is_three);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
