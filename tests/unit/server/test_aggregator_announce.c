/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_aggregator_announce.c - what the publisher announces: releases and verifiers become entries
 * of both servers' log once, whatever is killed when, and nothing else does.
 */
#include "tests/unit/server/world_log.h"

#include "protocol/release.h"
#include "protocol/verifier.h"

/* --- making --- */

/* A release of the task as it is, signed by these; NULL: not signed. */
static void write_release(struct ska_writer *w, uint32_t number, uint8_t previous,
                          const struct ska_signing_key *publisher,
                          const struct ska_signing_key *second)
{
    static const struct ska_bundle_file files[] = {
        {"bundle", {(const uint8_t *)"skarva bundle 1\n", 16}},
        {"parameters", {(const uint8_t *)"x", 1}}};
    struct ska_release_place place = {.number = number};
    uint8_t signature[2][SKA_SIGNATURE_BYTES] = {0};
    const struct ska_signing_key *keys[2] = {publisher, second};
    memset(place.previous, previous, sizeof place.previous);
    need(ska_release_body(w, world.task->context.task_id, &place, files, N_OF(files)), "body");
    for (int who = 0; who < 2; who++)
        if (keys[who] != NULL)
            need(ska_release_sign(signature[who], (enum ska_release_signer)who, keys[who],
                                  (struct ska_slice){w->data, w->len}),
                 "signature");
    ska_write_bytes(w, signature, sizeof signature);
    need(ska_writer_status(w), "release");
}

static struct got put_release(int who, const struct ska_writer *w)
{
    return world_request(who, ROUTE_RELEASE, "", (struct ska_slice){w->data, w->len});
}

static struct got release_signed(int who, uint32_t number, uint8_t previous,
                                 const struct ska_signing_key *publisher,
                                 const struct ska_signing_key *second)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_release(&w, number, previous, publisher, second);
    return put_release(who, &w);
}

static struct got release_as(uint32_t number, uint8_t previous)
{
    return release_signed(LEADER, number, previous, &world.publisher, &world.second);
}

static struct got release_first(void)
{
    return release_as(1, 0);
}

static unsigned n_built; /* of which verifier is built */

static struct got put_verifier(int who, const struct ska_signing_key *key, const char *text,
                               const char *said)
{
    uint8_t statement[SKA_VERIFIER_STATEMENT_BYTES];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    need(ska_verifier_sign(statement, key, (struct ska_slice){(const uint8_t *)said, strlen(said)}),
         "statement");
    ska_write_bytes(&w, statement, sizeof statement);
    ska_write_bytes(&w, text, strlen(text));
    need(ska_writer_status(&w), "verifier");
    return world_request(who, ROUTE_VERIFIER, "", (struct ska_slice){w.data, w.len});
}

static struct got announce_verifier(void)
{
    char text[64];
    (void)snprintf(text, sizeof text, "export const build = %u;\n", n_built);
    return put_verifier(LEADER, &world.publisher, text, text);
}

static void make_collected(void)
{
    world_make(NULL);
    world_log_make();
    whole_period();
}

/* The next period of the collection, collected too. */
static void collect_next(void)
{
    struct ska_parameters next;
    struct ska_error err = {0};
    need(ska_parameters_decode(
             &next, (struct ska_slice){world.task->encoded, world.task->encoded_len}, &err),
         "parameters");
    (void)snprintf(next.period, sizeof next.period, "2025Q3");
    world_sign(&next);
    ska_parameters_clear(&next);
    whole_period();
}

/* Wait until there are `n` of the type, and take the last. */
static struct ska_log_leaf wait_for(enum ska_leaf_type type, size_t n)
{
    const uint64_t until = aggregator_now_ms() + WAIT_MS;
    for (;;) {
        revive();
        if (world_log_checkpoint()) {
            world_log_read();
            if (world_log_count(type) == n)
                break;
            ck_assert_uint_lt(world_log_count(type), n);
        }
        ck_assert_msg(aggregator_now_ms() < until, "%s: no end", ska_log_leaf_name(type));
        world_run(5);
    }
    for (uint64_t i = world_log.published.size; i-- > 0;)
        if (world_log.leaves[i].type == type)
            return world_log.leaves[i];
    ck_abort();
}

/* --- releases --- */

START_TEST(a_release_is_in_the_log_once)
{
    uint8_t bytes[SKA_LEAF_BYTES_MAX];
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    make_collected();
    struct got got = release_first();
    ck_assert_uint_eq(got.status, 200);
    ck_assert_int_eq(got.media, MEDIA_LOG_LEAF);
    const struct ska_log_leaf leaf = wait_for(SKA_LEAF_RELEASE, 1);
    ck_assert_uint_eq(got.len, ska_log_leaf_encode(bytes, &leaf));
    ck_assert_mem_eq(got.body, bytes, got.len);
    free(got.body);
    ck_assert_mem_eq(leaf.entry.task_id, world.task->context.task_id, 32);
    ck_assert_str_eq(leaf.entry.period, "2025Q2");
    ck_assert_uint_eq(leaf.entry.number, 1);
    write_release(&w, 1, 0, &world.publisher, &world.second);
    SKA_SCOPED(ska_scoped_free) uint8_t *blob = world_log_blob(&leaf);
    ck_assert_uint_eq(leaf.entry.length, w.len);
    ck_assert_mem_eq(blob, w.data, w.len);
    const uint64_t size = world_log.published.size;
    insist(release_first); /* the same bytes: nothing new */
    ck_assert_answer(release_as(2, 7), 409, "SKA_E_CONFLICT");
    ck_assert_answer(release_signed(HELPER, 2, 7, &world.publisher, &world.second), 409,
                     "SKA_E_CONFLICT");
    world_run(1200); /* a checkpoint may be due */
    ck_assert(world_log_checkpoint());
    ck_assert_uint_eq(world_log.published.size, size);
    world_end();
}
END_TEST

START_TEST(a_release_needs_both_signers)
{
    make_collected();
    for (int who = 0; who < 2; who++) {
        ck_assert_answer(release_signed(who, 1, 0, &world.publisher, NULL), 403, "SKA_E_SIGNATURE");
        ck_assert_answer(release_signed(who, 1, 0, NULL, &world.second), 403, "SKA_E_SIGNATURE");
        ck_assert_answer(release_signed(who, 1, 0, &world.publisher, &world.publisher), 403,
                         "SKA_E_SIGNATURE");
        ck_assert_answer(release_signed(who, 1, 0, &world.second, &world.publisher), 403,
                         "SKA_E_SIGNATURE");
    }
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    write_release(&w, 1, 0, &world.publisher, &world.second);
    w.data[w.len - 2 * SKA_SIGNATURE_BYTES - 1] ^= 1; /* of a file's hash */
    ck_assert_answer(put_release(LEADER, &w), 403, "SKA_E_SIGNATURE");
    w.data[w.len - 2 * SKA_SIGNATURE_BYTES - 1] ^= 1;
    w.data[5] ^= 1; /* of the task */
    ck_assert_answer(put_release(LEADER, &w), 409, "SKA_E_TASK");
    w.data[5] ^= 1;
    w.len--;
    ck_assert_answer(put_release(LEADER, &w), 400, "invalidMessage");
    w.len++;
    world.without_peer = true;
    ck_assert_answer(put_release(HELPER, &w), 403, "SKA_E_FORBIDDEN");
    world.without_peer = false;
    world_run(1200);
    world_log_read();
    ck_assert_uint_eq(world_log_count(SKA_LEAF_RELEASE), 0);
    world_end();
}
END_TEST

START_TEST(what_is_not_collected_has_no_release)
{
    world_make(NULL);
    world_log_make();
    revive();
    ck_assert_answer(release_first(), 404, "SKA_E_NOT_FOUND");
    insist(world_propose);
    ck_assert_answer(release_first(), 409, "SKA_E_STATE");
    insist(open_it);
    ck_assert_answer(release_first(), 409, "SKA_E_STATE");
    for (uint32_t i = 0; i < 3; i++) {
        struct submission s = {.contributor = i, .number = 1, .counts = {1, 1}};
        ck_assert_uint_eq(world_submit(&s), 0);
    }
    insist(close_it);
    insist(world_release);
    for (int who = 0; who < 2; who++)
        ck_assert_answer(release_signed(who, 1, 0, &world.publisher, &world.second), 409,
                         "SKA_E_STATE");
    world_end();
}
END_TEST

START_TEST(releases_of_a_collection_follow_upon_each_other)
{
    make_collected();
    struct got got = release_as(4, 3); /* what came before is older than the log */
    ck_assert_uint_eq(got.status, 200);
    free(got.body);
    collect_next();
    ck_assert_answer(release_as(4, 9), 409, "SKA_E_NUMBER");
    ck_assert_answer(release_as(3, 9), 409, "SKA_E_NUMBER");
    ck_assert_answer(release_as(5, 3), 409, "SKA_E_CONFLICT");
    got = release_as(5, 9);
    ck_assert_uint_eq(got.status, 200);
    free(got.body);
    ck_assert_uint_eq(wait_for(SKA_LEAF_RELEASE, 2).entry.number, 5);
    world_end();
}
END_TEST

/* What the helper knows is enough for it to refuse, and the leader then makes no entry. */
START_TEST(the_helper_has_its_own_say)
{
    make_collected();
    struct got got = release_signed(HELPER, 1, 0, &world.publisher, &world.second);
    ck_assert_uint_eq(got.status, 200);
    free(got.body);
    got = release_as(2, 7);
    ck_assert_uint_eq(got.status, 409);
    ck_assert_ptr_nonnull(strstr((const char *)got.body, "another release of this task"));
    free(got.body);
    insist(release_first);
    ck_assert_uint_eq(wait_for(SKA_LEAF_RELEASE, 1).entry.number, 1);
    world_end();
}
END_TEST

START_TEST(a_mishap_on_the_way_makes_no_second_entry)
{
    static const enum mishap mishaps[] = {LOSE_REQUEST, LOSE_ANSWER,  DAMAGE_ANSWER,
                                          CUT_ANSWER,   EMPTY_ANSWER, FAIL_REQUEST};
    make_collected();
    world.mishap_route = ROUTE_VERIFIER;
    for (size_t i = 0; i < N_OF(mishaps); i++) {
        world.mishap = mishaps[i];
        world.mishaps = 1;
        n_built++;
        ck_assert_answer(announce_verifier(), 503, "SKA_E_PEER");
        ck_assert_uint_eq(world.mishaps, 0);
        insist(announce_verifier);
        (void)wait_for(SKA_LEAF_VERIFIER, i + 1);
    }
    world.mishap_route = ROUTE_RELEASE;
    world.mishap = LOSE_ANSWER;
    world.mishaps = 2;
    insist(release_first);
    (void)wait_for(SKA_LEAF_RELEASE, 1);
    world_end();
}
END_TEST

/* --- verifiers --- */

START_TEST(a_verifier_is_in_the_log_of_no_task)
{
    static const uint8_t zeros[32] = {0};
    static const char text[] = "alert('pass')\n";
    world_make(NULL);
    world_log_make();
    revive();
    for (int who = 0; who < 2; who++) {
        ck_assert_answer(put_verifier(who, &world.second, text, text), 403, "SKA_E_SIGNATURE");
        ck_assert_answer(put_verifier(who, &world.publisher, text, "another"), 409,
                         "SKA_E_MISMATCH");
        ck_assert_answer(world_request(who, ROUTE_VERIFIER, "", (struct ska_slice){zeros, 20}), 400,
                         "invalidMessage");
    }
    world.without_peer = true;
    ck_assert_answer(put_verifier(HELPER, &world.publisher, text, text), 403, "SKA_E_FORBIDDEN");
    world.without_peer = false;
    for (n_built = 1; n_built <= 2; n_built++) {
        insist(announce_verifier);
        insist(announce_verifier);
        const struct ska_log_leaf leaf = wait_for(SKA_LEAF_VERIFIER, n_built);
        ck_assert_mem_eq(leaf.entry.task_id, zeros, sizeof zeros);
        SKA_SCOPED(ska_scoped_free) uint8_t *blob = world_log_blob(&leaf);
        ck_assert_mem_eq(blob, "export const build = ", 21);
        ck_assert_uint_eq(blob[21], (uint8_t)('0' + n_built));
    }
    world_kill(LEADER); /* what is read again is the same */
    world_kill(HELPER);
    revive();
    insist(world_propose);
    insist(open_it);
    world_log_wait(5);
    world_log_read();
    ck_assert_uint_eq(world_log_count(SKA_LEAF_VERIFIER), 2);
    world_end();
}
END_TEST

/* --- kills --- */

/* At every other frame of the way of a verifier, until one gets through before its turn. */
static void kill_at_frames(int whom)
{
    size_t k = 1 + test_random() % 2, n = 0;
    for (bool killed = true; killed; k += 2) {
        n_built++;
        world.steps = 0;
        world.kill_at = k;
        world.kill_whom = whom;
        insist(announce_verifier);
        (void)wait_for(SKA_LEAF_VERIFIER, ++n);
        killed = world.steps >= k;
        world.kill_whom = -1;
    }
    printf("%s was killed at %zu frames\n", whom == LEADER ? "leader" : "helper", n - 1);
    ck_assert_uint_gt(k, 6);
}

START_TEST(a_server_killed_at_any_frame_makes_the_entry_once)
{
    test_seed("a_server_killed_at_any_frame_makes_the_entry_once");
    make_collected();
    kill_at_frames(_i);
    world_end();
}
END_TEST

START_TEST(a_release_comes_through_a_kill)
{
    for (size_t k = 1; k <= 4; k++) {
        make_collected();
        world.steps = 0;
        world.kill_at = k;
        world.kill_whom = k % 2 == 0 ? LEADER : HELPER;
        insist(release_first);
        (void)wait_for(SKA_LEAF_RELEASE, 1);
        world_end();
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("aggregator_announce");
    TCase *tc = tcase_create("announce");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_release_is_in_the_log_once);
    tcase_add_test(tc, a_release_needs_both_signers);
    tcase_add_test(tc, what_is_not_collected_has_no_release);
    tcase_add_test(tc, releases_of_a_collection_follow_upon_each_other);
    tcase_add_test(tc, the_helper_has_its_own_say);
    tcase_add_test(tc, a_mishap_on_the_way_makes_no_second_entry);
    tcase_add_test(tc, a_verifier_is_in_the_log_of_no_task);
    tcase_add_loop_test(tc, a_server_killed_at_any_frame_makes_the_entry_once, LEADER, HELPER + 1);
    tcase_add_test(tc, a_release_comes_through_a_kill);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
