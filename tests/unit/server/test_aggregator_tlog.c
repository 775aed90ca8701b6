/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_tlog.c - the public log of two servers: what is in it after a period, whatever is
 * killed when; what the helper does not cosign; a witness that is silent; proofs.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "tests/unit/server/world_log.h"

#include <sys/mman.h>

#include <sqlite3.h>

#include "protocol/close_record.h"

#define PERIOD_ENTRIES (2 + 1 + ROUNDS * N_CONTRIBUTORS + 1 + 1) /* roster .. collect */

/* --- a whole period --- */

/* Each entry once, in the order of what happened; the close record names exactly the submissions,
 * each at its place. */
static void check_period(void)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
    struct ska_signed_close s;
    static const enum ska_leaf_type first[] = {SKA_LEAF_ROSTER, SKA_LEAF_PARAMETERS, SKA_LEAF_OPEN};
    world_log_wait(PERIOD_ENTRIES);
    world_log_read();
    ck_assert_uint_eq(world_log.published.size, PERIOD_ENTRIES);
    for (size_t i = 0; i < PERIOD_ENTRIES; i++) {
        const struct ska_log_leaf *leaf = &world_log.leaves[i];
        enum ska_leaf_type want = i < N_OF(first)           ? first[i]
                                  : i < PERIOD_ENTRIES - 2  ? SKA_LEAF_SUBMISSION
                                  : i == PERIOD_ENTRIES - 2 ? SKA_LEAF_CLOSE
                                                            : SKA_LEAF_COLLECT;
        ck_assert_msg(leaf->type == want, "entry %zu is %s", i, ska_log_leaf_name(leaf->type));
        ck_assert_mem_eq(leaf->entry.task_id, world.task->context.task_id, 32);
        if (want != SKA_LEAF_SUBMISSION)
            free(world_log_blob(leaf));
    }
    const struct ska_log_leaf *closed = &world_log.leaves[PERIOD_ENTRIES - 2];
    SKA_SCOPED(ska_scoped_free) uint8_t *blob = world_log_blob(closed);
    need(ska_signed_close_split(&s, (struct ska_slice){blob, closed->entry.length}), "split");
    need(ska_close_record_verify(s.leader, world.party[LEADER].signing.public_key, s.body), "l");
    need(ska_close_record_verify(s.helper, world.party[HELPER].signing.public_key, s.body), "h");
    need(ska_close_record_decode(&record, s.body), "record");
    ck_assert_uint_eq(record.log_size, PERIOD_ENTRIES - 2);
    ck_assert_uint_eq(record.n, ROUNDS * N_CONTRIBUTORS);
    for (uint32_t i = 0; i < record.n; i++) {
        const struct ska_log_leaf *leaf = &world_log.leaves[record.at[i].index];
        ck_assert_int_eq(leaf->type, SKA_LEAF_SUBMISSION);
        ck_assert_uint_eq(leaf->entry.contributor, record.at[i].contributor);
        ck_assert_uint_eq(leaf->entry.number, record.at[i].number);
        ck_assert_mem_eq(leaf->entry.sha256, record.at[i].sha256, 32);
        if (ska_close_record_is_counted(&record, i))
            free(world_log_blob(leaf));
    }
}

static void make_log_to_look_at(void)
{
    world_make(NULL);
    world_log_make();
    world.settled = check_period;
}

START_TEST(a_period_is_in_the_log_whole)
{
    make_log_to_look_at();
    whole_period();
    world_end();
}
END_TEST

/* --- the policy in the parameters --- */

static const struct {
    const char *policy; /* of which the parameters have the hash; NULL: zeros */
} promises[] = {{"another\n"}, {NULL}};

START_TEST(parameters_without_the_policy_of_the_servers_log_are_refused)
{
    world_make(NULL);
    world_log_make();
    if (promises[_i].policy != NULL) {
        world_promise_log(
            (struct ska_slice){(const uint8_t *)promises[_i].policy, strlen(promises[_i].policy)});
    } else {
        struct ska_parameters p;
        need(ska_parameters_decode(
                 &p, (struct ska_slice){world.task->encoded, world.task->encoded_len}, NULL),
             "parameters");
        memset(p.log_policy, 0, sizeof p.log_policy);
        world_sign(&p);
        ska_parameters_clear(&p);
    }
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 409, "SKA_E_MISMATCH");
    ck_assert_answer(world_request(LEADER, ROUTE_STATUS, "", (struct ska_slice){0}), 404,
                     "unrecognizedTask");
    world_end();
}
END_TEST

/* The same log and witnesses in a file of other bytes: the leader signs, the helper does not. */
START_TEST(a_helper_with_another_policy_file_signs_nothing)
{
    struct ska_error err = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    size_t len = 0;
    world_make(NULL);
    world_log_make();
    need(file_read(&text, &len, world.party[LEADER].config.log_policy, 1u << 16, &err), err.text);
    ska_write_bytes(&w, "# of the helper\n", 16);
    ska_write_bytes(&w, text, len);
    world_path(world.party[HELPER].config.log_policy, "policy.helper");
    need(file_write(world.party[HELPER].config.log_policy, w.data, w.len, false, &err), err.text);
    world_start(HELPER);
    world_start(LEADER);
    ck_assert_answer(world_propose(), 409, "SKA_E_STATE");
    ck_assert_int_eq(world_state(LEADER), SKA_TASK_PROPOSED);
    world_end();
}
END_TEST

static unsigned from_environment(const char *name, unsigned otherwise)
{
    const char *wanted = getenv(name);
    return wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : otherwise;
}

/* Every SKARVA_LOG_STEP-th frame (8 by default, 1: each), from a random one on, until a period ends
 * before its turn comes. */
static void kill_at_frames(int whom)
{
    const unsigned step = from_environment("SKARVA_LOG_STEP", 8);
    size_t k = 1 + test_random() % step;
    unsigned n = 0;
    for (bool killed = true; killed; k += step, n++) {
        make_log_to_look_at();
        world.kill_whom = whom;
        world.kill_at = k;
        whole_period();
        killed = world.steps >= k;
        world_end();
    }
    printf("%s was killed at %u of %zu frames\n", whom == LEADER ? "leader" : "helper", n - 1, k);
    ck_assert_uint_gt(k,
                      40); /* open, uploads, close, collection and their checkpoints have passed */
}

START_TEST(a_leader_killed_at_any_frame_leaves_the_same_log)
{
    test_seed("a_leader_killed_at_any_frame_leaves_the_same_log");
    kill_at_frames(LEADER);
}
END_TEST

START_TEST(a_helper_killed_at_any_frame_leaves_the_same_log)
{
    test_seed("a_helper_killed_at_any_frame_leaves_the_same_log");
    kill_at_frames(HELPER);
}
END_TEST

static volatile sig_atomic_t n_killed;

/* Wherever it is: in a transaction, between two files. */
static void on_alarm(int signal)
{
    (void)signal;
    if (world.kill_whom >= 0 && world.party[world.kill_whom].pid != 0 &&
        kill(world.party[world.kill_whom].pid, SIGKILL) == 0)
        n_killed++;
}

static void arm(unsigned us)
{
    const struct itimerval timer = {.it_value = {.tv_usec = (suseconds_t)us}};
    ck_assert_int_eq(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

START_TEST(a_server_killed_at_any_moment_leaves_the_same_log)
{
    const unsigned n = from_environment("SKARVA_CRASHES", 50) / 5;
    const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    test_seed("a_server_killed_at_any_moment_leaves_the_same_log");
    (void)sigaction(SIGALRM, &action, NULL);
    for (unsigned i = 0; i < n; i++) {
        make_log_to_look_at();
        world.may_die = true;
        world.kill_whom = test_random() % 4 == 0 ? HELPER : LEADER;
        world.kill_at = SIZE_MAX;
        arm((unsigned)(1000 + test_random() % 400000));
        whole_period();
        arm(0);
        world_end();
    }
    printf("a server was killed at %d random moments\n", (int)n_killed);
}
END_TEST

/* --- reopened --- */

static struct got reopen_it(void)
{
    return world_control(SKA_CONTROL_REOPEN, 3);
}

static struct got close_again(void)
{
    return world_control(SKA_CONTROL_CLOSE, 4);
}

static void submit(uint32_t contributor, uint64_t number)
{
    struct submission s = {.contributor = contributor, .number = number, .counts = {1, 1}};
    ck_assert_uint_eq(world_submit(&s), 0);
}

/* What happened to the task stands in the order in which it happened, also if it was closed and
 * reopened between two checkpoints; each close has its record. */
START_TEST(a_reopened_period_has_both_closes_in_order)
{
    static const enum ska_leaf_type want[] = {
        SKA_LEAF_ROSTER,     SKA_LEAF_PARAMETERS, SKA_LEAF_OPEN,  SKA_LEAF_SUBMISSION,
        SKA_LEAF_SUBMISSION, SKA_LEAF_SUBMISSION, SKA_LEAF_CLOSE, SKA_LEAF_REOPEN,
        SKA_LEAF_SUBMISSION, SKA_LEAF_CLOSE};
    static const uint32_t n_listed[] = {3, 4};
    static const uint64_t frozen[] = {6, 9};
    world_make(NULL);
    world_log_make();
    revive();
    insist(world_propose);
    insist(open_it);
    for (uint32_t i = 0; i < 3; i++)
        submit(i, 1);
    insist(close_it);
    world_log.silent = true;
    insist(reopen_it);
    submit(1, 2);
    insist(close_again);
    world_log.silent = false;
    world_log_wait(N_OF(want));
    world_log_read();
    size_t n_closes = 0;
    for (size_t i = 0; i < N_OF(want); i++) {
        const struct ska_log_leaf *leaf = &world_log.leaves[i];
        ck_assert_msg(leaf->type == want[i], "entry %zu is %s", i, ska_log_leaf_name(leaf->type));
        if (leaf->type != SKA_LEAF_CLOSE)
            continue;
        SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
        SKA_SCOPED(ska_scoped_free) uint8_t *blob = world_log_blob(leaf);
        struct ska_signed_close s;
        need(ska_signed_close_split(&s, (struct ska_slice){blob, leaf->entry.length}), "split");
        need(ska_close_record_decode(&record, s.body), "record");
        ck_assert_uint_eq(record.n, n_listed[n_closes]);
        ck_assert_uint_eq(record.log_size, frozen[n_closes++]);
    }
    ck_assert_uint_eq(n_closes, 2);
    world_end();
}
END_TEST

/* --- more than a tile --- */

#define MANY_ROUNDS (SKA_TILE_WIDTH / N_CONTRIBUTORS + 3)

START_TEST(a_log_of_more_than_a_tile_has_it_and_the_root_over_it)
{
    uint8_t root[SKA_HASH_BYTES];
    struct ska_tile tile;
    size_t len = 0;
    world_make(NULL);
    world_log_make();
    revive();
    insist(world_propose);
    insist(open_it);
    for (uint32_t i = 0; i < MANY_ROUNDS * N_CONTRIBUTORS; i++) {
        struct submission s = {.contributor = i % N_CONTRIBUTORS,
                               .number = i / N_CONTRIBUTORS + 1,
                               .counts = {1, i % 100}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    world_log_wait(3 + MANY_ROUNDS * N_CONTRIBUTORS);
    world_log_read();
    ck_assert_uint_eq(world_log_count(SKA_LEAF_SUBMISSION), MANY_ROUNDS * N_CONTRIBUTORS);
    SKA_SCOPED(ska_scoped_free) uint8_t *above = world_log_tile(&tile, &len, 1, 0);
    plain_root(root, (const uint8_t(*)[SKA_HASH_BYTES])world_log.hashes, SKA_TILE_WIDTH);
    ck_assert_uint_eq(tile.width, 1);
    ck_assert_uint_eq(len, sizeof root);
    ck_assert_mem_eq(above, root, sizeof root);
    world_kill(LEADER); /* the tree is made anew */
    world_kill(HELPER);
    revive();
    insist(close_it);
    world_log_wait(4 + MANY_ROUNDS * N_CONTRIBUTORS);
    world_log_read();
    world_end();
}
END_TEST

/* --- mishaps --- */

START_TEST(a_mishap_on_the_way_to_the_helper_changes_nothing)
{
    static const enum mishap mishaps[] = {LOSE_REQUEST, LOSE_ANSWER,    DAMAGE_ANSWER, CUT_ANSWER,
                                          EMPTY_ANSWER, REFUSE_REQUEST, FAIL_REQUEST};
    make_log_to_look_at();
    world.mishap = mishaps[_i];
    world.mishap_route = ROUTE_LOG_EXTEND;
    world.mishaps = 3;
    whole_period();
    ck_assert_uint_eq(world.happened, 3);
    world_end();
}
END_TEST

START_TEST(without_the_witness_nothing_is_published_and_the_period_goes_on)
{
    world_make(NULL);
    world_log_make();
    world_log.silent = true;
    whole_period();
    world_run(100);
    ck_assert(!world_log_checkpoint());
    world_log.silent = false;
    check_period();
    ck_assert_uint_ge(world_log.n_cosigned, 1);
    world_end();
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_waited_for)
{
    world_make(NULL);
    world_log_make();
    const char *folder = world.party[LEADER].config.log;
    ck_assert_int_eq(rmdir(folder), 0);
    const int fd = open(folder, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* no folder, but a file */
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    revive();
    insist(world_propose);
    insist(open_it);
    world_run(1500);
    ck_assert_uint_eq(world_log.n_cosigned, 0);
    ck_assert_int_eq(unlink(folder), 0);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    world_log_wait(3);
    world_log_read();
    world_end();
}
END_TEST

/* How far the servers' clocks are ahead; shared with them. */
static uint64_t *ahead_s;

static uint64_t clock_ahead(void)
{
    return (uint64_t)time(NULL) + *ahead_s;
}

static void set_clock(void)
{
    aggregator_clock_for_test = clock_ahead;
}

START_TEST(cosignatures_are_made_anew_every_half_day)
{
    ahead_s =
        mmap(NULL, sizeof *ahead_s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(ahead_s != MAP_FAILED);
    world_make(NULL);
    world_log_make();
    world.in_child = set_clock;
    revive();
    insist(world_propose);
    insist(open_it);
    world_log_wait(3);
    world_run(1500); /* another cut may be due; there is nothing new */
    const size_t before = world_log.n_cosigned;
    world_run(500);
    ck_assert_uint_eq(world_log.n_cosigned, before);
    *ahead_s = 43200;
    uint64_t until = aggregator_now_ms() + WAIT_MS;
    while (world_log.n_cosigned == before) {
        ck_assert_msg(aggregator_now_ms() < until, "the witness is not asked again");
        world_run(5);
    }
    world_run(100);
    ck_assert(world_log_checkpoint());
    ck_assert_uint_eq(world_log.published.size, 3);
    ck_assert_uint_eq(world_log.size, 3);
    world_end();
}
END_TEST

/* --- what the helper does not cosign --- */

/* An extension from `old` by `n` leaves, of which the test's log says that it has this root. */
static void write_extension(struct ska_writer *w, uint64_t old, const struct ska_log_leaf *leaves,
                            uint32_t n, const uint8_t root[SKA_HASH_BYTES], int signer)
{
    struct ska_checkpoint c = {.origin = "leader.test/log", .size = old + n};
    SKA_SCOPED(ska_writer_clear) struct ska_writer text = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    memcpy(c.root, root, sizeof c.root);
    ska_checkpoint_format(&text, &c);
    ska_write_bytes(&note, text.data, text.len);
    ska_write_u8(&note, '\n');
    struct ska_note_key key;
    need(ska_note_key_init(&key, "leader.test/log", SKA_NOTE_ED25519,
                           world_log.secret[signer].public_key),
         "key");
    need(ska_note_sign(&note, &key, &world_log.secret[signer],
                       (struct ska_slice){text.data, text.len}),
         "note");
    ska_write_u64(w, old);
    ska_write_u32(w, n);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t bytes[SKA_LEAF_BYTES_MAX];
        ska_write_opaque16(w, bytes, ska_log_leaf_encode(bytes, &leaves[i]));
    }
    ska_write_opaque32(w, note.data, note.len);
}

static struct got extend(uint64_t old, const struct ska_log_leaf *leaves, uint32_t n,
                         const uint8_t root[SKA_HASH_BYTES], int signer)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_extension(&w, old, leaves, n, root, signer);
    return world_request(HELPER, ROUTE_LOG_EXTEND, "", (struct ska_slice){w.data, w.len});
}

static uint16_t status_of(struct got got)
{
    free(got.body);
    return got.status;
}

/* The root over the published leaves and then these. */
static void root_with(uint8_t root[SKA_HASH_BYTES], const struct ska_log_leaf *more, size_t n)
{
    struct ska_merkle_edge edge = {0};
    for (uint64_t i = 0; i < world_log.published.size; i++)
        ska_merkle_edge_add(&edge, world_log.hashes[i]);
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        ska_log_leaf_hash(hash, &more[i]);
        ska_merkle_edge_add(&edge, hash);
    }
    ska_merkle_edge_root(root, &edge);
}

static void check_conflict(struct got got, uint64_t size)
{
    uint8_t want[8] = {0, 0, 0, 0, 0, 0, 0, (uint8_t)size};
    ck_assert_uint_eq(got.status, 409);
    ck_assert_int_eq(got.media, MEDIA_LOG_SIZE);
    ck_assert_uint_eq(got.len, 8);
    ck_assert_mem_eq(got.body, want, 8);
    free(got.body);
}

START_TEST(the_helper_cosigns_nothing_but_what_it_made)
{
    uint8_t root[SKA_HASH_BYTES];
    make_log_to_look_at();
    whole_period();
    const uint64_t size = world_log.published.size;
    struct ska_log_leaf leaf = world_log.leaves[3];
    ck_assert_int_eq(leaf.type, SKA_LEAF_SUBMISSION);
    world_kill(LEADER); /* the rest is what a leader might try that holds the log's key */
    root_with(root, NULL, 0);
    ck_assert_uint_eq(status_of(extend(size, NULL, 0, root, LEADER)), 200);
    check_conflict(extend(size - 1, &world_log.leaves[size - 1], 1, root, LEADER), size);
    check_conflict(extend(size + 1, NULL, 0, root, LEADER), size);
    ck_assert_answer(extend(size, NULL, 0, root, 2), 403,
                     "not an extension of the log by entries "
                     "of this server");
    root[0] ^= 1;
    ck_assert_uint_eq(status_of(extend(size, NULL, 0, root, LEADER)), 403);
    root_with(root, &leaf, 1); /* that is there already */
    ck_assert_uint_eq(status_of(extend(size, &leaf, 1, root, LEADER)), 403);
    leaf.entry.number = 9; /* that nobody made */
    root_with(root, &leaf, 1);
    ck_assert_uint_eq(status_of(extend(size, &leaf, 1, root, LEADER)), 403);
    leaf = world_log.leaves[PERIOD_ENTRIES - 1];
    leaf.entry.number++; /* a command that was not given */
    root_with(root, &leaf, 1);
    ck_assert_uint_eq(status_of(extend(size, &leaf, 1, root, LEADER)), 403);
    root_with(root, NULL, 0); /* and it has not moved */
    ck_assert_uint_eq(status_of(extend(size, NULL, 0, root, LEADER)), 200);
    world_end();
}
END_TEST

/* A submission that the helper made, but under another root, or with one leaf in between. */
START_TEST(the_helper_takes_back_what_it_did_not_cosign)
{
    uint8_t root[SKA_HASH_BYTES];
    world_make(NULL);
    world_log_make();
    revive();
    insist(world_propose);
    insist(open_it);
    world_log_wait(3);
    world_log_read();
    world.mishap = LOSE_REQUEST; /* the leader's own extensions do not come */
    world.mishap_route = ROUTE_LOG_EXTEND;
    world.mishaps = UINT32_MAX;
    struct submission s = {.contributor = 1, .number = 1, .counts = {1, 1}};
    ck_assert_uint_eq(world_submit(&s), 0);
    ck_assert_uint_eq(world_decided(1, 1), 0);
    size_t n = 0;
    struct ska_submission_status *list = world_submissions(&n, 1);
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION, .entry = list[0].receipt.entry};
    memcpy(leaf.report_id, list[0].report_id, sizeof leaf.report_id);
    memcpy(leaf.leader, list[0].receipt.leader, sizeof leaf.leader);
    memcpy(leaf.helper, list[0].receipt.helper, sizeof leaf.helper);
    free(list);
    struct ska_log_leaf both[2] = {leaf, leaf};
    both[1].entry.number = 2;
    root_with(root, both, 2);
    ck_assert_uint_eq(status_of(extend(3, both, 2, root, LEADER)), 403);
    root_with(root, &leaf, 1);
    root[5] ^= 1;
    ck_assert_uint_eq(status_of(extend(3, &leaf, 1, root, LEADER)), 403);
    root[5] ^= 1;
    ck_assert_uint_eq(status_of(extend(3, &leaf, 1, root, LEADER)), 200);
    check_conflict(extend(3, &leaf, 1, root, LEADER), 4);
    world.mishaps = 0;
    world_log_wait(4);
    world_end();
}
END_TEST

/* --- proofs --- */

START_TEST(a_proof_comes_once_its_entry_is_published)
{
    char name[2 * SKA_HASH_BYTES + 1];
    uint8_t hash[SKA_HASH_BYTES] = {0};
    static struct ska_tlog_proof proof;
    struct ska_policy_result result;
    world_make(NULL);
    world_log_make();
    world_log.silent = true;
    revive();
    insist(world_propose);
    insist(open_it);
    ska_hex_encode(name, hash, sizeof hash);
    ck_assert_uint_eq(
        status_of(world_request(LEADER, ROUTE_LOG_PROOF, name, (struct ska_slice){0})), 404);
    ck_assert_uint_eq(
        status_of(world_request(LEADER, ROUTE_LOG_PROOF, "xyz", (struct ska_slice){0})), 400);
    SKA_SCOPED(ska_writer_clear) struct ska_writer roster = {0};
    ska_roster_encode(&roster, &world.task->parameters.roster);
    struct ska_log_leaf leaf = {.type = SKA_LEAF_ROSTER,
                                .entry = {.period = "2025Q2",
                                          .contributor = SKA_LEAF_NO_CONTRIBUTOR,
                                          .length = roster.len}};
    memcpy(leaf.entry.task_id, world.task->context.task_id, 32);
    ska_sha256(leaf.entry.sha256, roster.data, roster.len);
    ska_log_leaf_hash(hash, &leaf);
    ska_hex_encode(name, hash, sizeof hash);
    struct got got = world_request(LEADER, ROUTE_LOG_PROOF, name, (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 202);
    ck_assert_uint_gt(got.retry_after_s, 0);
    free(got.body);
    world_log.silent = false;
    world_log_wait(3);
    got = world_request(LEADER, ROUTE_LOG_PROOF, name, (struct ska_slice){0});
    ck_assert_uint_eq(got.status, 200);
    ck_assert_int_eq(got.media, MEDIA_TEXT);
    need(ska_tlog_proof_parse(&proof, got.body, got.len), "proof");
    need(ska_tlog_proof_verify(&result, &proof, hash, &world_log.policy), "proof holds");
    free(got.body);
    world_end();
}
END_TEST

/* --- the start --- */

START_TEST(a_log_that_is_not_the_signed_one_does_not_start)
{
    static const char *const spoils[] = {
        "UPDATE log_entry SET hash = zeroblob(32) WHERE idx = 1",
        "UPDATE log_entry SET idx = NULL WHERE idx = 2",
        "UPDATE log_head SET root = zeroblob(32)",
    };
    struct aggregator *a = NULL;
    struct ska_error err = {0};
    sqlite3 *db = NULL;
    make_log_to_look_at();
    whole_period();
    world_kill(LEADER);
    ck_assert_int_eq(sqlite3_open(world.party[LEADER].config.database, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, spoils[_i], NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    ck_assert_status(aggregator_open(&a, &world.party[LEADER].config, &err), SKA_E_STORE);
    world_end();
}
END_TEST

static void copy_database(const char *from, const char *to)
{
    static const char *const endings[] = {"", "-wal"};
    struct ska_error err = {0};
    for (size_t i = 0; i < N_OF(endings); i++) {
        char source[CONFIG_PATH_MAX + 10];
        char target[CONFIG_PATH_MAX + 10];
        uint8_t *data = NULL;
        size_t len = 0;
        (void)snprintf(source, sizeof source, "%s%s", from, endings[i]);
        (void)snprintf(target, sizeof target, "%s%s", to, endings[i]);
        need(file_read(&data, &len, source, 1u << 26, &err), err.text);
        need(file_write(target, data, len, true, &err), err.text);
        free(data);
    }
}

/* It would sign another log of the same size. */
START_TEST(an_old_copy_of_the_database_does_not_start)
{
    char copy[CONFIG_PATH_MAX + 1] = {0};
    struct aggregator *a = NULL;
    struct ska_error err = {0};
    world_make(NULL);
    world_log_make();
    const struct config *c = &world.party[LEADER].config;
    world_path(copy, "copy");
    revive();
    insist(world_propose);
    insist(open_it);
    world_log_wait(3);
    world_kill(LEADER);
    copy_database(c->database, copy);
    revive();
    struct submission s = {.contributor = 1, .number = 1, .counts = {1, 1}};
    ck_assert_uint_eq(world_submit(&s), 0);
    world_log_wait(4);
    world_kill(LEADER);
    copy_database(copy, c->database);
    ck_assert_status(aggregator_open(&a, c, &err), SKA_E_STORE);
    ck_assert_ptr_nonnull(strstr(err.text, "an old copy"));
    world_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_tlog");
    TCase *tc = tcase_create("log");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, parameters_without_the_policy_of_the_servers_log_are_refused, 0,
                        N_OF(promises));
    tcase_add_test(tc, a_helper_with_another_policy_file_signs_nothing);
    tcase_add_test(tc, a_period_is_in_the_log_whole);
    tcase_add_test(tc, a_leader_killed_at_any_frame_leaves_the_same_log);
    tcase_add_test(tc, a_helper_killed_at_any_frame_leaves_the_same_log);
    tcase_add_test(tc, a_server_killed_at_any_moment_leaves_the_same_log);
    tcase_add_test(tc, a_reopened_period_has_both_closes_in_order);
    tcase_add_test(tc, a_log_of_more_than_a_tile_has_it_and_the_root_over_it);
    tcase_add_loop_test(tc, a_mishap_on_the_way_to_the_helper_changes_nothing, 0, 7);
    tcase_add_test(tc, without_the_witness_nothing_is_published_and_the_period_goes_on);
    tcase_add_test(tc, a_folder_that_cannot_be_written_is_waited_for);
    tcase_add_test(tc, cosignatures_are_made_anew_every_half_day);
    tcase_add_test(tc, the_helper_cosigns_nothing_but_what_it_made);
    tcase_add_test(tc, the_helper_takes_back_what_it_did_not_cosign);
    tcase_add_test(tc, a_proof_comes_once_its_entry_is_published);
    tcase_add_test(tc, an_old_copy_of_the_database_does_not_start);
    tcase_add_loop_test(tc, a_log_that_is_not_the_signed_one_does_not_start, 0, 3);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
