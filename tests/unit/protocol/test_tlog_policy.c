/* SPDX-License-Identifier: EUPL-1.2 */
/* test_tlog_policy.c - which checkpoints a policy takes, and which policies there are. */
#include "protocol/tlog_policy.h"

#include "tests/test.h"

#include "crypto/scoped.h"
#include "protocol/cosignature.h"
#include "protocol/log_policy.h"

#define N_KEYS 8

/* Witnesses X1 X2 X3 Y1 Y2 Y3 of the specification's example, a log, a stranger. */
enum { X1, X2, X3, Y1, Y2, Y3, LOG, STRANGER };
static struct ska_signing_key secrets[N_KEYS];
static struct ska_note_key keys[N_KEYS];
static char key_texts[N_KEYS][SKA_NOTE_KEY_TEXT_MAX + 1];

static void setup(void)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, i == LOG ? "log.example" : "w%zu.example", i);
        ck_assert_status(ska_signing_key_generate(&secrets[i]), SKA_OK);
        ck_assert_status(ska_note_key_init(&keys[i], name,
                                           i == LOG ? SKA_NOTE_ED25519 : SKA_NOTE_COSIGNATURE,
                                           secrets[i].public_key),
                         SKA_OK);
        ska_note_key_format(key_texts[i], &keys[i]);
    }
}

/* In a policy's text each @N stands for the N-th key's. */
static enum ska_status parse(struct ska_tlog_policy *out, const char *text, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (; *text != '\0'; text++) {
        if (*text == '@') {
            const char *key = key_texts[*++text - '0'];
            ska_write_bytes(&w, key, strlen(key));
        } else {
            ska_write_bytes(&w, text, 1);
        }
    }
    return ska_policy_parse(out, w.data, w.len, err);
}

/* C2SP tlog-policy, "Example policy". */
static const char example[] = "log @6\n"
                              "\n"
                              "witness X1 @0\n"
                              "witness X2 @1\n"
                              "witness X3 @2\n"
                              "group X-witnesses 2 X1 X2 X3\n"
                              "\n"
                              "witness Y1 @3\n"
                              "witness Y2 @4\n"
                              "witness Y3 @5\n"
                              "group Y-witnesses any Y1 Y2 Y3\n"
                              "\n"
                              "group X-and-Y all X-witnesses Y-witnesses\n"
                              "quorum X-and-Y\n";

/* All 64 sets of witnesses against the sentence: two of X, and one of Y. */
START_TEST(the_example_s_quorum_is_two_of_x_and_one_of_y)
{
    static struct ska_tlog_policy p;
    static const size_t place[6] = {0, 1, 2, 4, 5, 6}; /* members: groups stand between */
    ck_assert_status(parse(&p, example, NULL), SKA_OK);
    ck_assert_uint_eq(p.n_logs, 1);
    ck_assert_uint_eq(p.n_members, 9);
    for (unsigned set = 0; set < 64; set++) {
        bool witnessed[SKA_POLICY_MEMBERS_MAX] = {false};
        unsigned x = 0, y = 0;
        for (unsigned i = 0; i < 6; i++) {
            const bool has = (set >> i & 1u) != 0;
            witnessed[place[i]] = has;
            x += i < 3 && has ? 1 : 0;
            y += i >= 3 && has ? 1 : 0;
        }
        ck_assert(ska_policy_is_met(&p, witnessed) == (x >= 2 && y >= 1));
    }
}
END_TEST

/* A checkpoint signed by `log`, cosigned by those in `set`. */
static struct ska_writer make_note(size_t log, const char *origin, unsigned set)
{
    struct ska_writer w = {0};
    struct ska_checkpoint c = {.size = 9, .root = {7}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    (void)snprintf(c.origin, sizeof c.origin, "%s", origin);
    ska_checkpoint_format(&text, &c);
    const struct ska_slice slice = {text.data, text.len};
    ska_write_bytes(&w, text.data, text.len);
    ska_write_bytes(&w, "\n", 1);
    struct ska_note_key key = keys[log];
    ck_assert_status(
        ska_note_key_init(&key, keys[log].name, SKA_NOTE_ED25519, secrets[log].public_key), SKA_OK);
    ck_assert_status(ska_note_sign(&w, &key, &secrets[log], slice), SKA_OK);
    for (size_t i = 0; i < N_KEYS; i++)
        if ((set >> i & 1u) != 0)
            ck_assert_status(ska_cosignature_sign(&w, &keys[i], &secrets[i], slice, 1700000000 + i),
                             SKA_OK);
    return w;
}

static enum ska_status verify(struct ska_policy_result *r, const struct ska_tlog_policy *p,
                              struct ska_writer *w)
{
    struct ska_note note;
    ck_assert_status(ska_note_parse(&note, w->data, w->len), SKA_OK);
    enum ska_status status = ska_policy_verify(r, p, &note);
    ska_writer_clear(w);
    return status;
}

START_TEST(a_checkpoint_needs_its_log_and_the_quorum)
{
    static struct ska_tlog_policy p;
    struct ska_policy_result r = {0};
    ck_assert_status(parse(&p, example, NULL), SKA_OK);
    struct ska_writer w = make_note(LOG, "log.example", 1u << X1 | 1u << X3 | 1u << Y2);
    ck_assert_status(verify(&r, &p, &w), SKA_OK);
    ck_assert_ptr_eq(r.log, &p.logs[0]);
    ck_assert_uint_eq(r.checkpoint.size, 9);
    ck_assert(r.witnessed[0] && !r.witnessed[1] && r.witnessed[2] && r.witnessed[5]);
    ck_assert_uint_eq(r.time_s[5], 1700000000 + Y2);
    w = make_note(LOG, "log.example", 1u << X1 | 1u << Y1 | 1u << Y2 | 1u << STRANGER);
    ck_assert_status(verify(&r, &p, &w), SKA_E_BATCH_SIZE);
    w = make_note(LOG, "log.example", 0);
    ck_assert_status(verify(&r, &p, &w), SKA_E_BATCH_SIZE);
    w = make_note(STRANGER, "log.example", 63);
    ck_assert_status(verify(&r, &p, &w), SKA_E_NOT_FOUND);
    w = make_note(LOG, "other.example", 63); /* the log's key, under another origin */
    ck_assert_status(verify(&r, &p, &w), SKA_E_NOT_FOUND);
    w = make_note(LOG, "log.example", 63);
    w.data[w.len - 12] = w.data[w.len - 12] == 'A' ? 'B' : 'A'; /* one witness too many lies */
    ck_assert_status(verify(&r, &p, &w), SKA_E_SIGNATURE);
}
END_TEST

/* One witness that signs three times is one witness. */
START_TEST(a_witness_counts_once)
{
    static struct ska_tlog_policy p;
    struct ska_policy_result r;
    ck_assert_status(parse(&p, example, NULL), SKA_OK);
    struct ska_writer w = make_note(LOG, "log.example", 1u << Y1 | 1u << X1);
    struct ska_writer twice = make_note(LOG, "log.example", 1u << X1);
    const uint8_t *line = twice.data;
    for (const uint8_t *at = twice.data; at + 1 < twice.data + twice.len; at++)
        if (*at == '\n')
            line = at + 1; /* the last */
    ska_write_bytes(&w, line, (size_t)(twice.data + twice.len - line));
    ska_writer_clear(&twice);
    ck_assert_status(verify(&r, &p, &w), SKA_E_BATCH_SIZE);
}
END_TEST

static const struct {
    const char *name, *text;
    enum ska_status want;
} policies[] = {
    {"no witness", "quorum none\n", SKA_OK},
    {"blanks and comments", " \t\n  # a\n\t quorum \t none  \n", SKA_OK},
    {"addresses", "log @6 https://a/\nwitness a @0 https://b/\nquorum a\n", SKA_OK},
    {"a name that is not ASCII", "witness \xC3\xA5 @0\nquorum \xC3\xA5\n", SKA_OK},
    {"a quorum before other lines", "witness a @0\nquorum a\nlog @6\n", SKA_OK},
    {"nothing", "", SKA_E_FORMAT},
    {"no quorum", "log @6\n", SKA_E_FORMAT},
    {"two quorums", "quorum none\nquorum none\n", SKA_E_CONFLICT},
    {"a quorum that comes later", "quorum a\nwitness a @0\n", SKA_E_FORMAT},
    {"a quorum of two", "witness a @0\nwitness b @1\nquorum a b\n", SKA_E_FORMAT},
    {"no line end", "quorum none", SKA_E_FORMAT},
    {"carriage return", "quorum none\r\n", SKA_E_FORMAT},
    {"another word", "quorom none\n", SKA_E_FORMAT},
    {"a control character", "# \x01\nquorum none\n", SKA_E_FORMAT},
    {"delete", "# \x7F\nquorum none\n", SKA_E_FORMAT},
    {"a log twice", "log @6\nlog @6\nquorum none\n", SKA_E_CONFLICT},
    {"a witness twice", "witness a @0\nwitness b @0\nquorum none\n", SKA_E_CONFLICT},
    {"a name twice", "witness a @0\nwitness a @1\nquorum none\n", SKA_E_CONFLICT},
    {"the name none", "witness none @0\nquorum none\n", SKA_E_CONFLICT},
    {"a witness as a log", "log @0\nquorum none\n", SKA_E_UNSUPPORTED},
    {"a log as a witness", "witness a @6\nquorum a\n", SKA_E_UNSUPPORTED},
    {"a group of itself", "witness a @0\ngroup g any g\nquorum g\n", SKA_E_FORMAT},
    {"an empty group", "group g any\nquorum none\n", SKA_E_FORMAT},
    {"a group of none", "group g any none\nquorum none\n", SKA_E_FORMAT},
    {"a member twice", "witness a @0\ngroup g any a a\nquorum g\n", SKA_E_CONFLICT},
    {"a member of two groups", "witness a @0\ngroup g any a\ngroup h any a\nquorum g\n",
     SKA_E_CONFLICT},
    {"threshold 0", "witness a @0\ngroup g 0 a\nquorum g\n", SKA_E_FORMAT},
    {"threshold over n", "witness a @0\ngroup g 2 a\nquorum g\n", SKA_E_FORMAT},
    {"threshold with a zero", "witness a @0\ngroup g 01 a\nquorum g\n", SKA_E_FORMAT},
    {"a key that is none", "log x\nquorum none\n", SKA_E_FORMAT},
};

START_TEST(policies_are_taken_or_named_by_line)
{
    static struct ska_tlog_policy p;
    struct ska_error err = {0};
    p.n_logs = 77;
    enum ska_status got = parse(&p, policies[_i].text, &err);
    ck_assert_msg(got == policies[_i].want, "%s: got %s", policies[_i].name, ska_status_name(got));
    ck_assert((got == SKA_OK) == (p.n_logs != 77));
    ck_assert((got == SKA_OK) == (err.text[0] == '\0'));
}
END_TEST

START_TEST(policies_have_limits)
{
    static struct ska_tlog_policy p;
    static char text[SKA_POLICY_BYTES_MAX + 2];
    size_t len = 0;
    for (size_t i = 0; i < SKA_POLICY_MEMBERS_MAX + 1; i++) { /* a chain of groups */
        len += (size_t)snprintf(text + len, sizeof text - len,
                                i == 0 ? "witness g0 @0\n" : "group g%zu any g%zu\n", i, i - 1);
        if (i == SKA_POLICY_MEMBERS_MAX - 1) {
            static char whole[sizeof text + 32];
            (void)snprintf(whole, sizeof whole, "%squorum g%zu\n", text, i);
            ck_assert_status(parse(&p, whole, NULL), SKA_OK);
            const bool all[SKA_POLICY_MEMBERS_MAX] = {true};
            const bool nobody[SKA_POLICY_MEMBERS_MAX] = {false};
            ck_assert(ska_policy_is_met(&p, all) && !ska_policy_is_met(&p, nobody));
        }
    }
    ck_assert_status(parse(&p, text, NULL), SKA_E_LIMIT);
    memset(text, ' ', sizeof text);
    text[SKA_POLICY_BYTES_MAX] = '\0';
    memcpy(text + SKA_POLICY_BYTES_MAX - 13, "\nquorum none\n", 13);
    ck_assert_status(parse(&p, text, NULL), SKA_OK);
    memcpy(text + SKA_POLICY_BYTES_MAX, "\n", 2);
    ck_assert_status(parse(&p, text, NULL), SKA_E_LIMIT);
}
END_TEST

/* Witnesses besides the helper: by name, and whose key. What a leader and a helper could name as
 * somebody outside is not taken. */
static const struct {
    const char *what, *name;
    size_t key;
    enum ska_status want;
} others[] = {
    {"somebody else", "outside.example/witness", X2, SKA_OK},
    {"somebody whose name begins alike", "helper.example/witness2", X2, SKA_OK},
    {"the helper with a second key", "helper.example/witness", X2, SKA_E_MISMATCH},
    {"the log's key under another name", "outside.example/witness", LOG, SKA_E_MISMATCH},
    {"the log's name with another key", "leader.example/log", X2, SKA_E_MISMATCH},
};

START_TEST(an_aggregator_is_not_a_witness_outside)
{
    static struct ska_tlog_policy p;
    static const struct {
        const char *name;
        size_t key;
        uint8_t type;
    } first[] = {{"leader.example/log", LOG, SKA_NOTE_ED25519},
                 {"helper.example/witness", X1, SKA_NOTE_COSIGNATURE}};
    size_t helper = 9;
    for (size_t i = 0; i < 3; i++) {
        struct ska_note_key key;
        const char *name = i < 2 ? first[i].name : others[_i].name;
        const size_t which = i < 2 ? first[i].key : others[_i].key;
        ck_assert_status(ska_note_key_init(&key, name, i < 2 ? first[i].type : SKA_NOTE_COSIGNATURE,
                                           secrets[which].public_key),
                         SKA_OK);
        ska_note_key_format(key_texts[i], &key);
    }
    for (int turn = 0; turn < 2; turn++) { /* in both orders */
        const char *text = turn == 0
                               ? "log @0\nwitness h @1\nwitness o @2\ngroup g all h o\nquorum g\n"
                               : "log @0\nwitness o @2\nwitness h @1\ngroup g all h o\nquorum g\n";
        struct ska_error err = {0};
        ck_assert_status(parse(&p, text, NULL), SKA_OK);
        const enum ska_status got = ska_log_policy_check(&helper, &p, "https://leader.example/",
                                                         "https://helper.example/", &err);
        ck_assert_msg(got == others[_i].want, "%s: %s", others[_i].what, ska_status_name(got));
        ck_assert(got != SKA_OK || helper == (size_t)turn);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tlog_policy");
    TCase *t = tcase_create("tlog_policy");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, the_example_s_quorum_is_two_of_x_and_one_of_y);
    tcase_add_test(t, a_checkpoint_needs_its_log_and_the_quorum);
    tcase_add_test(t, a_witness_counts_once);
    tcase_add_loop_test(t, policies_are_taken_or_named_by_line, 0, (int)N_OF(policies));
    tcase_add_test(t, policies_have_limits);
    tcase_add_loop_test(t, an_aggregator_is_not_a_witness_outside, 0, (int)N_OF(others));
    suite_add_tcase(suite, t);
    return test_run(suite);
}
