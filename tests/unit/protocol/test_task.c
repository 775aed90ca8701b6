/* SPDX-License-Identifier: EUPL-1.2 */
/* test_task.c - parameters, what is refused in them, and the task derived from them. */
#include "tests/sample_task.h"
#include "tests/test.h"

#include "crypto/labels.h"
#include "protocol/dap.h"

static void setup(void)
{
    ska_group_init();
}

static struct ska_task *make_task(struct ska_writer *w)
{
    struct ska_task *task = NULL;
    struct ska_error err = {0};
    sample_parameters_bytes(w);
    enum ska_status got = ska_task_new(&task, (struct ska_slice){w->data, w->len}, &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    return task;
}

/* --- bytes --- */

START_TEST(parameters_have_these_bytes)
{
    struct ska_parameters p = {0};
    struct ska_writer w = {0};
    struct ska_writer want = {0};
    sample_parameters(&p, 3);
    memset(p.log_policy, 0x77, sizeof p.log_policy);
    ck_assert_status(ska_parameters_encode(&w, &p), SKA_OK);
    ska_write_bytes(&want,
                    "\1\x12operation-norrsken\6"
                    "2025Q2\0\0\0\0\2"                             /* revision, cadence */
                    "\0\0\0\0\x68\x63\x25\0\0\0\0\0\0\x28\xDE\x80" /* window */
                    "\0\0\0\3\0\0\0\0\0\0\0\5\1"                   /* policy */
                    "\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0"
                    "\0\x1Chttps://leader.example:8443/\0\x1Ehttps://helper.example/skarva/",
                    1 + 19 + 7 + 5 + 16 + 13 + 16 + 30 + 32);
    ska_write_bytes(&want, p.publisher_key, 32);
    ska_write_bytes(&want, p.second_key, 32);
    ska_write_bytes(&want, p.leader_key, 32);
    ska_write_bytes(&want, p.helper_key, 32);
    ska_write_bytes(&want, "\5\0\x20\0\1\0\1\0\x20", 9); /* leader's HpkeConfig */
    ska_write_bytes(&want, p.leader_hpke.public_key, 32);
    ska_write_bytes(&want, "\6\0\x20\0\1\0\1\0\x20", 9); /* helper's */
    ska_write_bytes(&want, p.helper_hpke.public_key, 32);
    ska_write_u8(&want, 7);
    ska_write_bytes(&want, p.collector_hpke_key, 32);
    ska_write_bytes(&want, p.generators_hash, 32);
    ska_write_bytes(&want, p.log_policy, 32);
    size_t mark = ska_write_open32(&want);
    ska_catalogue_encode(&want, p.catalogue);
    ska_write_close32(&want, mark);
    mark = ska_write_open32(&want);
    ska_roster_encode(&want, &p.roster);
    ska_write_close32(&want, mark);
    mark = ska_write_open32(&want);
    ska_write_u32(&want, 0); /* no groups */
    ska_write_close32(&want, mark);
    ck_assert_uint_eq(w.len, want.len);
    for (size_t i = 0; i < w.len; i++)
        ck_assert_msg(w.data[i] == want.data[i], "byte %zu is %02x, not %02x", i, w.data[i],
                      want.data[i]);
    ska_writer_clear(&w);
    ska_writer_clear(&want);
    ska_parameters_clear(&p);
    ska_parameters_clear(&p);
}
END_TEST

START_TEST(parameters_cut_anywhere_or_longer_are_refused)
{
    struct ska_writer w = {0};
    sample_parameters_bytes(&w);
    for (size_t len = 0; len < w.len; len++) {
        uint8_t *copy = malloc(len + 1);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, w.data, len);
        struct ska_parameters p = {0};
        enum ska_status got = ska_parameters_decode(&p, (struct ska_slice){copy, len}, NULL);
        ck_assert_msg(got == SKA_E_TRUNCATED, "%zu bytes: got %s", len, ska_status_name(got));
        ck_assert_ptr_null(p.catalogue);
        free(copy);
    }
    struct ska_parameters p = {0};
    ska_write_u8(&w, 0);
    ck_assert_status(ska_parameters_decode(&p, (struct ska_slice){w.data, w.len}, NULL),
                     SKA_E_TRAILING);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(changed_parameters_are_refused_or_are_others)
{
    struct ska_writer w = {0};
    sample_parameters_bytes(&w);
    for (size_t i = 0; i < w.len; i++) {
        static const uint8_t changes[] = {1, 0x20, 0x80, 0xFF};
        for (size_t k = 0; k < N_OF(changes); k++) {
            struct ska_writer again = {0};
            w.data[i] ^= changes[k];
            if (recode_parameters(&again, (struct ska_slice){w.data, w.len}) == SKA_OK) {
                ck_assert_msg(again.len == w.len && memcmp(again.data, w.data, w.len) == 0,
                              "byte %zu", i);
            }
            ska_writer_clear(&again);
            w.data[i] ^= changes[k];
        }
    }
    ska_writer_clear(&w);
}
END_TEST

struct byte_case {
    const char *name;
    size_t at;
    uint8_t value;
    enum ska_status want;
};
static const struct byte_case byte_cases[] = {
    {"version 0", 0, 0, SKA_E_VERSION},
    {"version 2", 0, 2, SKA_E_VERSION},
    {"empty collection", 1, 0, SKA_E_RANGE},
    {"collection of 33 bytes", 1, 33, SKA_E_LIMIT},
    {"a space in it", 3, ' ', SKA_E_FORMAT},
    {"period of 16 bytes", 20, 16, SKA_E_LIMIT},
    {"small q", 25, 'q', SKA_E_FORMAT},
    {"cadence 0", 31, 0, SKA_E_RANGE},
    {"cadence 6", 31, 6, SKA_E_RANGE},
    {"show_zero 2", 60, 2, SKA_E_RANGE},
    {"url of 512 bytes", 77, 2, SKA_E_LIMIT},
    {"control in url", 86, 7, SKA_E_FORMAT},
    {"leader's KEM 0x0120", 268, 1, SKA_E_UNSUPPORTED},
    {"leader's KEM 0x0021", 269, 0x21, SKA_E_UNSUPPORTED},
    {"leader's KDF 2", 271, 2, SKA_E_UNSUPPORTED},
    {"leader's AEAD 3", 273, 3, SKA_E_UNSUPPORTED},
    {"leader's key of 31 bytes", 275, 31, SKA_E_UNSUPPORTED},
    {"leader's key of no bytes", 275, 0, SKA_E_RANGE},
    {"helper's KEM 0x0010", 310, 0x10, SKA_E_UNSUPPORTED},
    {"helper's AEAD 2", 314, 2, SKA_E_UNSUPPORTED},
    {"helper's key of 33 bytes", 316, 33, SKA_E_UNSUPPORTED},
};

START_TEST(parameters_of_wrong_form_are_refused)
{
    const struct byte_case *k = &byte_cases[_i];
    struct ska_writer w = {0};
    struct ska_parameters p = {0};
    struct ska_error err = {0};
    sample_parameters_bytes(&w);
    w.data[k->at] = k->value;
    enum ska_status got = ska_parameters_decode(&p, (struct ska_slice){w.data, w.len}, &err);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    ck_assert_uint_gt(strlen(err.text), 0);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(parameters_over_the_limit_are_not_looked_into)
{
    struct ska_parameters p = {0};
    static const uint8_t wrong[] = {9};
    ck_assert_status(
        ska_parameters_decode(&p, (struct ska_slice){wrong, SKA_PARAMETERS_BYTES_MAX + 1}, NULL),
        SKA_E_LIMIT);
    uint8_t *most = calloc(SKA_PARAMETERS_BYTES_MAX, 1);
    ck_assert_ptr_nonnull(most);
    ck_assert_status(
        ska_parameters_decode(&p, (struct ska_slice){most, SKA_PARAMETERS_BYTES_MAX}, NULL),
        SKA_E_VERSION);
    free(most);
}
END_TEST

/* --- values --- */

struct value_case {
    const char *name;
    void (*spoil)(struct ska_parameters *p);
    enum ska_status want;
    const char *text; /* in the error */
};

/* clang-format off */
static void good(struct ska_parameters *p) { (void)p; }
static void no_collection(struct ska_parameters *p) { p->collection[0] = '\0'; }
static void bad_collection(struct ska_parameters *p) { p->collection[0] = '/'; }
static void no_period(struct ska_parameters *p) { p->period[0] = '\0'; }
static void not_a_period(struct ska_parameters *p) { p->period[5] = '5'; }
static void another_cadence(struct ska_parameters *p) { sample_text(p->period, sizeof p->period, "2025"); }
static void cadence_0(struct ska_parameters *p) { p->cadence = (enum ska_cadence)0; }
static void cadence_6(struct ska_parameters *p) { p->cadence = (enum ska_cadence)6; }
static void cadence_without_indicators(struct ska_parameters *p) { sample_text(p->period, sizeof p->period, "2025"); p->cadence = SKA_YEAR; }
static void last_revision(struct ska_parameters *p) { p->revision = SKA_REVISION_MAX; }
static void revision_beyond(struct ska_parameters *p) { p->revision = SKA_REVISION_MAX + 1; }
static void start_in_the_hour(struct ska_parameters *p) { p->window_start_s += 1; }
static void duration_in_the_hour(struct ska_parameters *p) { p->window_duration_s -= 1; }
static void no_duration(struct ska_parameters *p) { p->window_duration_s = 0; }
static void window_to_year_9999(struct ska_parameters *p) { p->window_duration_s = SKA_TIME_MAX_S - p->window_start_s; }
static void window_beyond(struct ska_parameters *p) { p->window_duration_s = SKA_TIME_MAX_S - p->window_start_s + 3600; }
static void window_wraps(struct ska_parameters *p) { p->window_duration_s = UINT64_MAX / 3600 * 3600; }
static void min_2(struct ska_parameters *p) { p->policy.min_contributors = 2; }
static void min_4(struct ska_parameters *p) { p->policy.min_contributors = 4; }
static void threshold_0(struct ska_parameters *p) { p->policy.threshold = 0; }
static void threshold_1(struct ska_parameters *p) { p->policy.threshold = 1; p->policy.protection = 1; }
static void protection_0(struct ska_parameters *p) { p->policy.protection = 0; }
static void protection_3(struct ska_parameters *p) { p->policy.protection = 3; }
static void threshold_3(struct ska_parameters *p) { p->policy.threshold = 3; }
static void rounding_1(struct ska_parameters *p) { p->policy.rounding = 1; }
static void rounding_5(struct ska_parameters *p) { p->policy.rounding = 5; }
static void rounding_6(struct ska_parameters *p) { p->policy.rounding = p->policy.threshold + 1; }
static void rounding_1001(struct ska_parameters *p) { p->policy.threshold = p->policy.rounding = 1001; }
static void a_group_of_2(struct ska_parameters *p) { sample_group(p, 2); }
static void a_group_of_all(struct ska_parameters *p) { sample_group(p, p->roster.n); }
static void http(struct ska_parameters *p) { sample_text(p->leader_url, sizeof p->leader_url, "http://leader.example/"); }
static void no_slash(struct ska_parameters *p) { sample_text(p->leader_url, sizeof p->leader_url, "https://leader.example"); }
static void no_host(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https:///"); }
static void only_scheme(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https://"); }
static void letters_of_sweden(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https://länet.example/"); }
static void query(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https://a.example/?x/"); }
static void user(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https://a@b.example/"); }
static void space(struct ska_parameters *p) { sample_text(p->helper_url, sizeof p->helper_url, "https://a b.example/"); }
static void one_url(struct ska_parameters *p) { memcpy(p->helper_url, p->leader_url, sizeof p->helper_url); }
static void no_key(struct ska_parameters *p) { memset(p->helper_key, 0, 32); }
static void no_leader_hpke(struct ska_parameters *p) { memset(p->leader_hpke.public_key, 0, 32); }
static void no_helper_hpke(struct ska_parameters *p) { memset(p->helper_hpke.public_key, 0, 32); }
static void one_hpke(struct ska_parameters *p) { p->helper_hpke = p->leader_hpke; }
static void one_hpke_of_two_numbers(struct ska_parameters *p) { one_hpke(p); p->helper_hpke.config_id++; }
static void collector_is_helper(struct ska_parameters *p) { memcpy(p->collector_hpke_key, p->helper_hpke.public_key, 32); }
static void one_number(struct ska_parameters *p) { p->helper_hpke.config_id = p->collector_hpke_config_id = p->leader_hpke.config_id; }
static void no_hpke_key(struct ska_parameters *p) { memset(p->collector_hpke_key, 0, 32); }
static void leader_is_helper(struct ska_parameters *p) { memcpy(p->helper_key, p->leader_key, 32); }
static void leader_is_publisher(struct ska_parameters *p) { memcpy(p->leader_key, p->publisher_key, 32); }
static void helper_is_publisher(struct ska_parameters *p) { memcpy(p->publisher_key, p->helper_key, 32); }
static void no_second(struct ska_parameters *p) { memset(p->second_key, 0, 32); }
static void second_is_publisher(struct ska_parameters *p) { memcpy(p->second_key, p->publisher_key, 32); }
static void second_is_leader(struct ska_parameters *p) { memcpy(p->second_key, p->leader_key, 32); }
static void second_is_collector(struct ska_parameters *p) { memcpy(p->second_key, p->collector_hpke_key, 32); }
static void other_generators(struct ska_parameters *p) { p->generators_hash[31] ^= 1; }
static void no_catalogue(struct ska_parameters *p) { ska_catalogue_free(p->catalogue); p->catalogue = NULL; }

static const struct value_case value_cases[] = {
    {"good", good, SKA_OK, ""},
    {"no collection", no_collection, SKA_E_RANGE, "collection"},
    {"bad collection", bad_collection, SKA_E_FORMAT, "collection"},
    {"no period", no_period, SKA_E_RANGE, "period"},
    {"not a period", not_a_period, SKA_E_FORMAT, "period"},
    {"period of another cadence", another_cadence, SKA_E_RANGE, "period"},
    {"cadence 0", cadence_0, SKA_E_RANGE, "cadence"},
    {"cadence 6", cadence_6, SKA_E_RANGE, "cadence"},
    {"cadence without indicators", cadence_without_indicators, SKA_E_NOT_FOUND, "catalogue"},
    {"last revision", last_revision, SKA_OK, ""},
    {"revision beyond", revision_beyond, SKA_E_RANGE, "revision"},
    {"start within an hour", start_in_the_hour, SKA_E_RANGE, "window"},
    {"duration within an hour", duration_in_the_hour, SKA_E_RANGE, "window"},
    {"no duration", no_duration, SKA_E_RANGE, "window"},
    {"window to the last year", window_to_year_9999, SKA_OK, ""},
    {"window beyond", window_beyond, SKA_E_RANGE, "window"},
    {"window that wraps", window_wraps, SKA_E_RANGE, "window"},
    {"two answer", min_2, SKA_E_RANGE, "min_contributors"},
    {"more than there are", min_4, SKA_E_RANGE, "min_contributors"},
    {"threshold 0", threshold_0, SKA_E_RANGE, "threshold"},
    {"threshold 1", threshold_1, SKA_OK, ""},
    {"protection 0", protection_0, SKA_E_RANGE, "protection"},
    {"protection beyond the answers' range", protection_3, SKA_E_RANGE, "protection"},
    {"protection beyond the small values' range", threshold_3, SKA_E_RANGE, "protection"},
    {"rounding 1", rounding_1, SKA_E_RANGE, "rounding"},
    {"rounding 5", rounding_5, SKA_OK, ""},
    {"rounding above the threshold", rounding_6, SKA_E_RANGE, "rounding"},
    {"rounding 1001", rounding_1001, SKA_E_RANGE, "rounding"},
    {"a group of two", a_group_of_2, SKA_E_BATCH_SIZE, "group"},
    {"a group of all", a_group_of_all, SKA_E_CONFLICT, "group"},
    {"http", http, SKA_E_FORMAT, "leader_url"},
    {"no slash", no_slash, SKA_E_FORMAT, "leader_url"},
    {"no host", no_host, SKA_E_FORMAT, "helper_url"},
    {"only a scheme", only_scheme, SKA_E_FORMAT, "helper_url"},
    {"Swedish letters", letters_of_sweden, SKA_E_FORMAT, "helper_url"},
    {"query", query, SKA_E_FORMAT, "helper_url"},
    {"user", user, SKA_E_FORMAT, "helper_url"},
    {"space", space, SKA_E_FORMAT, "helper_url"},
    {"one url", one_url, SKA_E_CONFLICT, "helper_url"},
    {"no key", no_key, SKA_E_RANGE, "helper_key"},
    {"no HPKE key", no_hpke_key, SKA_E_RANGE, "collector_hpke_key"},
    {"no HPKE key of the leader", no_leader_hpke, SKA_E_RANGE, "leader_hpke"},
    {"no HPKE key of the helper", no_helper_hpke, SKA_E_RANGE, "helper_hpke"},
    {"one HPKE key for both", one_hpke, SKA_E_CONFLICT, "leader_hpke and helper_hpke"},
    {"the same under two numbers", one_hpke_of_two_numbers, SKA_E_CONFLICT, "leader_hpke and helper_hpke"},
    {"collector has the helper's", collector_is_helper, SKA_E_CONFLICT, "helper_hpke and collector_hpke_key"},
    {"one number for three keys", one_number, SKA_OK, ""},
    {"leader is helper", leader_is_helper, SKA_E_CONFLICT, "leader_key and helper_key"},
    {"leader is publisher", leader_is_publisher, SKA_E_CONFLICT, "publisher_key and leader_key"},
    {"helper is publisher", helper_is_publisher, SKA_E_CONFLICT, "publisher_key and helper_key"},
    {"no second signer", no_second, SKA_E_RANGE, "second_key"},
    {"second signer is publisher", second_is_publisher, SKA_E_CONFLICT, "publisher_key and second_key"},
    {"second signer is leader", second_is_leader, SKA_E_CONFLICT, "second_key and leader_key"},
    {"second signer's is the collector's", second_is_collector, SKA_E_CONFLICT, "second_key and collector_hpke_key"},
    {"other generators", other_generators, SKA_E_MISMATCH, "generators_hash"},
    {"no catalogue", no_catalogue, SKA_E_RANGE, "catalogue"},
};
/* clang-format on */

START_TEST(parameters_are_checked_value_by_value)
{
    const struct value_case *k = &value_cases[_i];
    struct ska_parameters p = {0};
    struct ska_error err = {0};
    sample_parameters(&p, 3);
    ck_assert_status(ska_parameters_check(&p, NULL), SKA_OK);
    k->spoil(&p);
    enum ska_status got = ska_parameters_check(&p, &err);
    ck_assert_msg(got == k->want, "%s: got %s (%s)", k->name, ska_status_name(got), err.text);
    ck_assert_msg(strstr(err.text, k->text) != NULL, "%s: \"%s\"", k->name, err.text);
    ska_parameters_clear(&p);
}
END_TEST

START_TEST(fewer_than_three_contributors_are_refused_in_words)
{
    for (uint32_t n = 0; n < 3; n++) {
        struct ska_parameters p = {0};
        struct ska_error err = {0};
        sample_parameters(&p, n);
        ck_assert_status(ska_parameters_check(&p, &err), SKA_E_BATCH_SIZE);
        ck_assert_ptr_nonnull(strstr(err.text, "at least 3 contributors"));
        ska_parameters_clear(&p);
    }
}
END_TEST

START_TEST(the_longest_url_fits_and_one_more_byte_does_not)
{
    struct ska_parameters p = {0};
    struct ska_writer w = {0};
    struct ska_parameters back = {0};
    sample_parameters(&p, 3);
    memset(p.leader_url + 8, 'a', SKA_URL_MAX - 9);
    p.leader_url[SKA_URL_MAX - 1] = '/';
    p.leader_url[SKA_URL_MAX] = '\0';
    ck_assert_status(ska_parameters_check(&p, NULL), SKA_OK);
    ck_assert_status(ska_parameters_encode(&w, &p), SKA_OK);
    ck_assert_status(ska_parameters_decode(&back, (struct ska_slice){w.data, w.len}, NULL), SKA_OK);
    ck_assert_str_eq(back.leader_url, p.leader_url);
    p.leader_url[SKA_URL_MAX] = '/'; /* no NUL within the field */
    ck_assert_status(ska_parameters_check(&p, NULL), SKA_E_LIMIT);
    ska_parameters_clear(&back);
    ska_parameters_clear(&p);
    ska_writer_clear(&w);
}
END_TEST

/* --- the task --- */

static void want_hash(uint8_t out[static 32], const char *label, const void *data, size_t len)
{
    struct ska_writer w = {0};
    ska_write_opaque8(&w, label, strlen(label));
    ska_write_bytes(&w, data, len);
    ska_sha256(out, w.data, w.len);
    ska_writer_clear(&w);
}

START_TEST(hashes_and_identifier_follow_from_the_bytes)
{
    struct ska_writer w = {0};
    struct ska_writer part = {0};
    uint8_t want[32];
    struct ska_task *task = make_task(&w);
    want_hash(want, "skarva-1 parameters", w.data, w.len);
    ck_assert_mem_eq(task->context.parameters_hash, want, 32);
    want_hash(want, "skarva-1 task id", task->context.parameters_hash, 32);
    ck_assert_mem_eq(task->context.task_id, want, 32);
    ska_catalogue_encode(&part, task->parameters.catalogue);
    want_hash(want, "skarva-1 catalogue", part.data, part.len);
    ck_assert_mem_eq(task->context.catalogue_hash, want, 32);
    ska_writer_clear(&part);
    ska_roster_encode(&part, &task->parameters.roster);
    want_hash(want, "skarva-1 roster", part.data, part.len);
    ck_assert_mem_eq(task->context.roster_hash, want, 32);
    ska_writer_clear(&part);
    ska_write_bytes(&part, "\x12operation-norrsken", 19);
    ska_write_bytes(&part, task->parameters.publisher_key, 32);
    want_hash(want, "skarva-1 collection", part.data, part.len);
    ck_assert_mem_eq(task->context.collection_hash, want, 32);
    ska_writer_clear(&part);
    ck_assert_str_eq(task->context.period, "2025Q2");
    ck_assert_uint_eq(task->context.revision, 0);
    ck_assert_uint_eq(task->encoded_len, w.len);
    ck_assert_mem_eq(task->encoded, w.data, w.len);
    ska_task_free(task);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(the_task_configuration_is_the_drafts)
{
    struct ska_writer w = {0};
    struct ska_writer want = {0};
    struct ska_task *task = make_task(&w);
    ska_write_bytes(&want,
                    "\x1E" /* task_info */
                    "\x12operation-norrsken\6"
                    "2025Q2\0\0\0\0"
                    "\0\x1Chttps://leader.example:8443/\0\x1Ehttps://helper.example/skarva/"
                    "\0\0\0\0\0\0\x0E\x10" /* time_precision 3600 */
                    "\0\0\0\0\0\0\0\3"     /* min_batch_size */
                    "\1\0\0"               /* time-interval, empty batch_config */
                    "\xFF\xFF\x5A\1\0\x20" /* vdaf_type, length of vdaf_configuration */,
                    31 + 30 + 32 + 8 + 8 + 3 + 6);
    ska_write_bytes(&want, task->context.parameters_hash, 32);
    ska_write_bytes(&want,
                    "\0\x14\0\1\0\x10"     /* extensions: task_interval */
                    "\0\0\0\0\0\7\x6C\x50" /* 1751328000 / 3600 = 486480 */
                    "\0\0\0\0\0\0\2\xE8",  /* 744 hours */
                    6 + 8 + 8);
    ck_assert_uint_eq(task->dap_configuration_len, want.len);
    for (size_t i = 0; i < want.len; i++)
        ck_assert_msg(task->dap_configuration[i] == want.data[i], "byte %zu is %02x, not %02x", i,
                      task->dap_configuration[i], want.data[i]);
    ck_assert(ska_task_time(task) == 486480);
    ska_task_free(task);
    ska_writer_clear(&w);
    ska_writer_clear(&want);
}
END_TEST

START_TEST(the_configuration_of_the_vdaf_is_that_of_the_task)
{
    struct ska_writer w = {0};
    struct ska_task *task = make_task(&w);
    ck_assert_ptr_eq(task->config.statement, &task->statement);
    ck_assert_mem_eq(&task->config.task, &task->context, sizeof task->context);
    ck_assert_uint_eq(task->config.n_contributors, 3);
    ck_assert_mem_eq(task->config.contributor_keys[1], task->parameters.roster.at[1].key, 32);
    ck_assert_mem_eq(task->config.leader_key, sample_party(2).public_key, 32);
    ck_assert_mem_eq(task->config.helper_key, sample_party(3).public_key, 32);
    ck_assert_ptr_null(task->config.own_key);
    ck_assert_uint_eq(task->layout->n_cells, 4);
    ska_task_free(task);
    ska_task_free(NULL);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_task_is_not_made_of_wrong_parameters)
{
    struct ska_writer w = {0};
    struct ska_task *task = NULL;
    struct ska_error err = {0};
    sample_parameters_bytes(&w);
    w.data[60] = 0; /* show_zero: another task */
    struct ska_slice bytes = {w.data, w.len};
    ck_assert_status(ska_task_new(&task, bytes, NULL), SKA_OK);
    ska_task_free(task);
    task = NULL;
    w.data[60] = 1;
    w.data[51] = 2; /* min_contributors */
    ck_assert_status(ska_task_new(&task, bytes, &err), SKA_E_RANGE);
    ck_assert_ptr_nonnull(strstr(err.text, "min_contributors"));
    w.data[51] = 3;
    bytes.len--;
    ck_assert_status(ska_task_new(&task, bytes, NULL), SKA_E_TRUNCATED);
    ck_assert_ptr_null(task);
    ska_writer_clear(&w);
}
END_TEST

/* --- signatures --- */

static struct ska_signed_parameters sign_all(const struct ska_task *task)
{
    struct ska_signed_parameters s = {.parameters = {task->encoded, task->encoded_len}};
    const struct ska_signing_key publisher = sample_party(1);
    const struct ska_signing_key leader = sample_party(2);
    const struct ska_signing_key helper = sample_party(3);
    ck_assert_status(ska_parameters_sign(s.publisher, task, &publisher), SKA_OK);
    ck_assert_status(ska_parameters_sign(s.leader, task, &leader), SKA_OK);
    ck_assert_status(ska_parameters_sign(s.helper, task, &helper), SKA_OK);
    return s;
}

START_TEST(parameters_are_signed_by_three)
{
    struct ska_writer w = {0};
    struct ska_error err = {0};
    struct ska_task *task = make_task(&w);
    const struct ska_signed_parameters all = sign_all(task);
    ck_assert_status(ska_signed_parameters_verify(&all, task, NULL), SKA_OK);
    ck_assert_status(ska_sign_verify(all.leader, sample_party(2).public_key,
                                     "skarva-1 sign parameters", task->context.parameters_hash, 32),
                     SKA_OK);

    struct ska_signed_parameters s = all;
    memset(s.helper, 0, 64);
    ck_assert_status(ska_signed_parameters_verify(&s, task, &err), SKA_E_SIGNATURE);
    ck_assert_str_eq(err.text, "the helper has not signed the parameters");
    ska_error_clear(&err);
    s = all;
    s.publisher[10] ^= 1;
    ck_assert_status(ska_signed_parameters_verify(&s, task, &err), SKA_E_SIGNATURE);
    ck_assert_ptr_nonnull(strstr(err.text, "the publisher's signature"));
    ska_error_clear(&err);
    s = all;
    memcpy(s.leader, all.helper, 64);
    ck_assert_status(ska_signed_parameters_verify(&s, task, &err), SKA_E_SIGNATURE);
    ck_assert_ptr_nonnull(strstr(err.text, "the leader's signature"));
    s = all;
    s.parameters.len--;
    ck_assert_status(ska_signed_parameters_verify(&s, task, NULL), SKA_E_MISMATCH);
    ska_task_free(task);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(signatures_over_other_parameters_are_refused)
{
    struct ska_writer w = {0};
    struct ska_task *task = make_task(&w);
    const struct ska_signed_parameters all = sign_all(task);
    struct ska_task *other = NULL;
    w.data[60] = 0;
    ck_assert_status(ska_task_new(&other, (struct ska_slice){w.data, w.len}, NULL), SKA_OK);
    ck_assert_status(ska_signed_parameters_verify(&all, other, NULL), SKA_E_MISMATCH);
    struct ska_signed_parameters s = all;
    s.parameters = (struct ska_slice){other->encoded, other->encoded_len};
    ck_assert_status(ska_signed_parameters_verify(&s, other, NULL), SKA_E_SIGNATURE);
    ska_task_free(other);
    ska_task_free(task);
    ska_writer_clear(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("task");
    TCase *tcase = tcase_create("task");
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, parameters_have_these_bytes);
    tcase_add_test(tcase, parameters_cut_anywhere_or_longer_are_refused);
    tcase_add_test(tcase, changed_parameters_are_refused_or_are_others);
    tcase_add_loop_test(tcase, parameters_of_wrong_form_are_refused, 0, (int)N_OF(byte_cases));
    tcase_add_test(tcase, parameters_over_the_limit_are_not_looked_into);
    tcase_add_loop_test(tcase, parameters_are_checked_value_by_value, 0, (int)N_OF(value_cases));
    tcase_add_test(tcase, fewer_than_three_contributors_are_refused_in_words);
    tcase_add_test(tcase, the_longest_url_fits_and_one_more_byte_does_not);
    tcase_add_test(tcase, hashes_and_identifier_follow_from_the_bytes);
    tcase_add_test(tcase, the_task_configuration_is_the_drafts);
    tcase_add_test(tcase, the_configuration_of_the_vdaf_is_that_of_the_task);
    tcase_add_test(tcase, a_task_is_not_made_of_wrong_parameters);
    tcase_add_test(tcase, parameters_are_signed_by_three);
    tcase_add_test(tcase, signatures_over_other_parameters_are_refused);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
