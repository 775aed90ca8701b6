/* SPDX-License-Identifier: EUPL-1.2 */
/* test_channel.c - frames over a socketpair: whole ones, cut ones, broken ones, the end. */
#include "server/channel.h"

#include "tests/test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct seen {
    struct event_base *base;
    struct channel *channel;
    int other; /* the far end, blocking */
    size_t n_frames, n_ends;
    uint32_t ids[8];
    size_t lens[8];
    uint8_t sums[8]; /* of the payload's bytes */
    enum ska_status why, refuse_with;
    bool sent;
};

static enum ska_status on_frame(void *arg, enum ipc_type type, uint32_t id,
                                struct ska_slice payload)
{
    struct seen *s = arg;
    ck_assert_int_eq(type, IPC_REQUEST);
    ck_assert_uint_lt(s->n_frames, 8);
    s->ids[s->n_frames] = id;
    s->lens[s->n_frames] = payload.len;
    for (size_t i = 0; i < payload.len; i++)
        s->sums[s->n_frames] = (uint8_t)(s->sums[s->n_frames] + payload.data[i]);
    s->n_frames++;
    return s->refuse_with;
}

static void on_end(void *arg, enum ska_status why)
{
    struct seen *s = arg;
    s->n_ends++;
    s->why = why;
}

static void on_sent(void *arg)
{
    struct seen *s = arg;
    s->sent = true;
}

static struct seen open_channel(struct seen *s)
{
    int pair[2];
    *s = (struct seen){0};
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    s->base = event_base_new();
    ck_assert_ptr_nonnull(s->base);
    const struct channel_events events = {on_frame, on_end, on_sent, s};
    ck_assert_status(channel_new(&s->channel, s->base, pair[0], &events), SKA_OK);
    s->other = pair[1];
    return *s;
}

static void close_channel(struct seen *s)
{
    channel_free(s->channel);
    event_base_free(s->base);
    if (s->other >= 0)
        ck_assert_int_eq(close(s->other), 0);
}

static void turn(struct seen *s)
{
    for (int i = 0; i < 50; i++)
        ck_assert_int_ge(event_base_loop(s->base, EVLOOP_NONBLOCK), 0);
}

/* A frame of `payload_len` bytes of value `fill`. */
static void frame(struct ska_writer *w, uint32_t id, size_t payload_len, uint8_t fill)
{
    size_t mark = ska_write_open32(w);
    ska_write_u8(w, IPC_REQUEST);
    ska_write_u32(w, id);
    for (size_t i = 0; i < payload_len; i++)
        ska_write_u8(w, fill);
    ska_write_close32(w, mark);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

static void put(struct seen *s, const uint8_t *data, size_t len)
{
    ck_assert_int_eq(write(s->other, data, len), (ssize_t)len);
}

START_TEST(frames_arrive_whole_however_they_are_cut)
{
    struct seen s;
    (void)open_channel(&s);
    struct ska_writer w = {0};
    frame(&w, 1, 0, 0);
    frame(&w, 2, 300, 1);
    frame(&w, 3, 1, 9);
    for (size_t i = 0; i < w.len; i++) {
        put(&s, w.data + i, 1);
        turn(&s);
    }
    ck_assert_uint_eq(s.n_frames, 3);
    ck_assert_uint_eq(s.ids[1], 2);
    ck_assert_uint_eq(s.lens[0], 0);
    ck_assert_uint_eq(s.lens[1], 300);
    ck_assert_uint_eq(s.sums[1], 300 % 256);
    ck_assert_uint_eq(s.sums[2], 9);
    put(&s, w.data, w.len); /* and all in one piece */
    turn(&s);
    ck_assert_uint_eq(s.n_frames, 6);
    ck_assert_uint_eq(s.n_ends, 0);
    ska_writer_clear(&w);
    close_channel(&s);
}
END_TEST

START_TEST(long_frame_arrives_and_sending_never_blocks)
{
    struct seen a;
    struct seen b;
    (void)open_channel(&a);
    b = (struct seen){.base = a.base, .other = -1};
    const struct channel_events events = {on_frame, on_end, on_sent, &b};
    ck_assert_status(channel_new(&b.channel, a.base, a.other, &events), SKA_OK);
    a.other = -1;
    const size_t len = 3u << 20;
    struct ska_writer w = {0};
    frame(&w, 7, len, 3);
    ck_assert_status(channel_send(a.channel, &w), SKA_OK);
    ck_assert_ptr_null(w.data);
    ck_assert_uint_gt(channel_queued(a.channel), len); /* the kernel cannot have taken it all */
    turn(&a);
    ck_assert(a.sent);
    ck_assert_uint_eq(channel_queued(a.channel), 0);
    ck_assert_uint_eq(b.n_frames, 1);
    ck_assert_uint_eq(b.lens[0], len);
    ck_assert_uint_eq(b.sums[0], (uint8_t)(3 * len));
    channel_free(b.channel);
    close_channel(&a);
}
END_TEST

START_TEST(end_says_why)
{
    static const struct {
        const char *name;
        uint8_t bytes[12];
        size_t len;
        enum ska_status refuse_with, want;
    } cases[] = {
        {"between frames", {0, 0, 0, 5, 1, 0, 0, 0, 1}, 9, SKA_OK, SKA_OK},
        {"nothing at all", {0}, 0, SKA_OK, SKA_OK},
        {"within a header", {0, 0, 0, 5}, 4, SKA_OK, SKA_E_TRUNCATED},
        {"within a payload", {0, 0, 0, 9, 1, 0, 0, 0, 1, 7}, 10, SKA_OK, SKA_E_TRUNCATED},
        {"too long", {255, 0, 0, 5, 1, 0, 0, 0, 1}, 9, SKA_OK, SKA_E_LIMIT},
        {"unknown type", {0, 0, 0, 5, 99, 0, 0, 0, 1}, 9, SKA_OK, SKA_E_RANGE},
        {"refused by the receiver", {0, 0, 0, 5, 1, 0, 0, 0, 1}, 9, SKA_E_STATE, SKA_E_STATE},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct seen s;
        (void)open_channel(&s);
        s.refuse_with = cases[i].refuse_with;
        if (cases[i].len > 0)
            put(&s, cases[i].bytes, cases[i].len);
        ck_assert_int_eq(close(s.other), 0);
        s.other = -1;
        turn(&s);
        ck_assert_msg(s.n_ends == 1, "%s: %zu ends", cases[i].name, s.n_ends);
        ck_assert_msg(s.why == cases[i].want, "%s: got %s", cases[i].name, ska_status_name(s.why));
        struct ska_writer w = {0};
        frame(&w, 1, 0, 0);
        ck_assert_status(channel_send(s.channel, &w), SKA_OK); /* goes nowhere */
        close_channel(&s);
    }
}
END_TEST

START_TEST(nothing_follows_a_broken_frame)
{
    struct seen s;
    (void)open_channel(&s);
    static const uint8_t bytes[] = {0, 0, 0, 5, 99, 0, 0, 0, 1, 0, 0, 0, 5, 1, 0, 0, 0, 1};
    put(&s, bytes, sizeof bytes);
    turn(&s);
    ck_assert_uint_eq(s.n_ends, 1);
    ck_assert_uint_eq(s.n_frames, 0);
    close_channel(&s);
}
END_TEST

START_TEST(failed_writer_is_reported_and_sends_nothing)
{
    struct seen s;
    (void)open_channel(&s);
    struct ska_writer w = {.status = SKA_E_MEMORY};
    ck_assert_status(channel_send(s.channel, &w), SKA_E_MEMORY);
    ck_assert_uint_eq(channel_queued(s.channel), 0);
    close_channel(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("channel");
    TCase *tests = tcase_create("channel");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, frames_arrive_whole_however_they_are_cut);
    tcase_add_test(tests, long_frame_arrives_and_sending_never_blocks);
    tcase_add_test(tests, end_says_why);
    tcase_add_test(tests, nothing_follows_a_broken_frame);
    tcase_add_test(tests, failed_writer_is_reported_and_sends_nothing);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
