/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_protocol_memory.c - protocol/ without memory: every allocation of every decoder and of what
 * is made from messages fails in turn.
 *
 * Each time the status is SKA_E_MEMORY, the outputs are as they were, and nothing leaks; with
 * memory back, the same call succeeds.
 */
#include "tests/fault/fault.h"

#include "tests/sample_task.h"
#include "tests/test.h"

#define FAULTS_MAX 3000

static struct ska_writer parameters;      /* of a task of three */
static struct ska_writer messages[64];    /* the samples, made with memory */
static struct ska_contributor members[3]; /* for a roster */
static struct ska_hpke_key hpke;
static char card[SKA_KEY_CARD_MAX];

static void setup(void)
{
    ska_group_init();
    sample_parameters_bytes(&parameters);
    for (size_t i = 0; i < N_OF(samples); i++)
        samples[i].write(&messages[i]);
    for (size_t i = 0; i < N_OF(members); i++) {
        members[i].code[0] = (char)('c' - i);
        members[i].name[0] = 'N';
        members[i].key[0] = (uint8_t)(i + 1);
    }
    const uint8_t secret[SKA_HPKE_SECRET_BYTES] = {5};
    must(ska_hpke_key_from_secret(&hpke, secret));
    struct ska_writer w = {0};
    sample_key_card(&w);
    memcpy(card, w.data, w.len);
    ska_writer_clear(&w);
}

/* What is tried must not assert while memory fails, since libcheck allocates for every assertion:
 * what it sees broken it notes. */
static const char *broken;

#define promise(condition)                  \
    do {                                    \
        if (!(condition) && broken == NULL) \
            broken = #condition;            \
    } while (0)

static enum ska_status run_task(size_t unused)
{
    (void)unused;
    struct ska_task *task = NULL;
    enum ska_status status =
        ska_task_new(&task, (struct ska_slice){parameters.data, parameters.len}, NULL);
    promise((task != NULL) == (status == SKA_OK));
    ska_task_free(task);
    return status;
}

static enum ska_status run_sample(size_t i)
{
    struct ska_writer w = {0};
    enum ska_status status =
        samples[i].recode(&w, (struct ska_slice){messages[i].data, messages[i].len});
    promise(status != SKA_OK || w.len == messages[i].len);
    ska_writer_clear(&w);
    return status;
}

static enum ska_status run_roster(size_t unused)
{
    (void)unused;
    struct ska_roster roster = {0};
    enum ska_status status = ska_roster_build(&roster, members, N_OF(members), NULL);
    promise((roster.at != NULL) == (status == SKA_OK));
    ska_roster_clear(&roster);
    return status;
}

static enum ska_status run_card(size_t unused)
{
    (void)unused;
    struct ska_contributor c = {.code = "old"};
    char again[SKA_KEY_CARD_MAX];
    enum ska_status status = ska_key_card_parse(&c, card, strlen(card), NULL);
    promise((strcmp(c.code, "old") == 0) == (status != SKA_OK));
    return status == SKA_OK ? ska_key_card_write(again, &c, sample_key()) : status;
}

static enum ska_status run_sealing(size_t unused)
{
    (void)unused;
    static uint8_t configuration[] = "configuration";
    const struct ska_task task = {.dap_configuration = configuration, .dap_configuration_len = 13};
    const struct ska_dap_metadata metadata = sample_metadata_struct(1);
    struct ska_writer w = {0};
    uint8_t *plain = NULL;
    size_t plain_len = 0;
    struct ska_slice payload;
    enum ska_status status =
        ska_dap_input_share_seal(&w, 1, hpke.public_key, SKA_ROLE_LEADER, &task, &metadata,
                                 SAMPLE_SLICE("public"), SAMPLE_SLICE("share"));
    struct ska_dap_ciphertext c;
    struct ska_reader r;
    ska_reader_init(&r, w.data, w.len);
    if (status == SKA_OK)
        status = ska_dap_ciphertext_decode(&c, &r);
    if (status == SKA_OK)
        status = ska_dap_input_share_open(&plain, &plain_len, &payload, &hpke, SKA_ROLE_LEADER,
                                          &task, &metadata, SAMPLE_SLICE("public"), &c);
    promise((plain != NULL) == (status == SKA_OK));
    free(plain);
    ska_writer_clear(&w);
    return status;
}

static enum ska_status run_release(size_t unused)
{
    (void)unused;
    static const uint8_t task_id[32] = {1};
    const struct ska_bundle_file file = {"bundle", SAMPLE_SLICE("x")};
    struct ska_writer w = {0};
    const struct ska_release_place first = {.number = 1};
    uint8_t signature[SKA_SIGNATURE_BYTES];
    enum ska_status status = ska_release_body(&w, task_id, &first, &file, 1);
    struct ska_slice body = {w.data, w.len};
    if (status == SKA_OK)
        status = ska_release_sign(signature, SKA_RELEASE_SECOND, sample_key(), body);
    if (status == SKA_OK)
        status = ska_release_verify(signature, SKA_RELEASE_SECOND, sample_key()->public_key, body);
    ska_writer_clear(&w);
    return status;
}

static enum ska_status run_problem(size_t unused)
{
    (void)unused;
    struct ska_writer w = {0};
    enum ska_status status = ska_problem_write(&w, SKA_PROBLEM_BATCH_INVALID, 400, "d", NULL);
    ska_writer_clear(&w);
    return status;
}

static enum ska_status run_hpke_list(size_t unused)
{
    (void)unused;
    struct ska_writer w = {0};
    sample_hpke_config_list(&w);
    enum ska_status status = ska_writer_status(&w);
    ska_writer_clear(&w);
    return status;
}

static const struct {
    const char *name;
    enum ska_status (*run)(size_t i);
} others[] = {{"task", run_task},          {"roster", run_roster},   {"card", run_card},
              {"sealing", run_sealing},    {"release", run_release}, {"problem", run_problem},
              {"hpke list", run_hpke_list}};

/* Let the n-th allocation fail, n = 0, 1, ... until none does. */
static void exhaust(const char *name, enum ska_status (*run)(size_t i), size_t i,
                    enum fault_mode mode)
{
    broken = NULL;
    ck_assert_msg(run(i) == SKA_OK && broken == NULL, "%s fails with memory too", name);
    size_t n_total = 0;
    for (size_t n = 0; n < FAULTS_MAX; n++) {
        long before = fault_live();
        fault_arm(n, mode);
        enum ska_status status = run(i);
        size_t n_faults = fault_disarm();
        long after = fault_live();
        ck_assert_msg(broken == NULL, "%s, allocation %zu: not kept: %s", name, n, broken);
        ck_assert_msg(before == after, "%s, allocation %zu: %ld blocks leak", name, n,
                      after - before);
        if (n_faults == 0) {
            ck_assert_msg(status == SKA_OK && n_total > 0, "%s: %zu faults", name, n_total);
            return;
        }
        n_total += n_faults;
        ck_assert_msg(status == SKA_E_MEMORY, "%s, allocation %zu: got %s", name, n,
                      ska_status_name(status));
    }
    ck_abort_msg("%s: more than %d allocations", name, FAULTS_MAX);
}

START_TEST(a_message_without_memory_is_not_a_bad_message)
{
    exhaust(samples[_i].name, run_sample, (size_t)_i, SKA_FAULT_ONCE);
    exhaust(samples[_i].name, run_sample, (size_t)_i, SKA_FAULT_FOREVER);
}
END_TEST

START_TEST(whatever_is_made_of_messages_fails_whole)
{
    exhaust(others[_i].name, others[_i].run, 0, SKA_FAULT_ONCE);
    exhaust(others[_i].name, others[_i].run, 0, SKA_FAULT_FOREVER);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("protocol memory");
    TCase *tcase = tcase_create("protocol memory");
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, a_message_without_memory_is_not_a_bad_message, 0,
                        (int)N_OF(samples));
    tcase_add_loop_test(tcase, whatever_is_made_of_messages_fails_whole, 0, (int)N_OF(others));
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
