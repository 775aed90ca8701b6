/* SPDX-License-Identifier: EUPL-1.2 */
/* test_ipc.c - messages between the processes: round trips, and everything that is refused. */
#include "server/ipc.h"

#include "tests/test.h"

#include <string.h>

static const uint8_t body_bytes[] = {1, 2, 3, 4, 5};
static const struct ska_slice body = {body_bytes, sizeof body_bytes};

/* Write one message of each kind; returns its payload in `w`'s memory. */
static struct ska_slice payload_of(struct ska_writer *w, enum ipc_type type, uint32_t id)
{
    ck_assert_status(ska_writer_status(w), SKA_OK);
    uint32_t len = 0;
    uint8_t got_type = 0;
    uint32_t got_id = 0;
    ck_assert_uint_ge(w->len, IPC_HEADER_BYTES);
    ck_assert_status(ipc_read_header(&len, &got_type, &got_id, w->data), SKA_OK);
    ck_assert_uint_eq(got_type, type);
    ck_assert_uint_eq(got_id, id);
    ck_assert_uint_eq(len, w->len - IPC_HEADER_BYTES);
    return (struct ska_slice){w->data + IPC_HEADER_BYTES, len};
}

static struct ipc_request a_request(void)
{
    struct ipc_request m = {.route = ROUTE_COLLECTION_JOB_GET, .peer = true, .body = body};
    memset(m.task_id, 7, sizeof m.task_id);
    memcpy(m.name, "lc7aUeGpdSNosNlh-UZhKA", 23);
    return m;
}

static struct ipc_answer an_answer(void)
{
    return (struct ipc_answer){.status = 201,
                               .media = MEDIA_PUBLIC_SHARE,
                               .location = "abc_-9",
                               .retry_after_s = 70000,
                               .body = body};
}

static struct ipc_fetch a_fetch(void)
{
    struct ipc_fetch m = {.route = ROUTE_CONTROL, .name = "1", .body = body};
    memset(m.task_id, 9, sizeof m.task_id);
    return m;
}

START_TEST(request_survives_the_wire)
{
    struct ipc_request m = a_request();
    struct ipc_request got = {0};
    struct ska_writer w = {0};
    ipc_write_request(&w, 0xFFFFFFFFu, &m);
    ck_assert_status(ipc_read_request(&got, payload_of(&w, IPC_REQUEST, 0xFFFFFFFFu)), SKA_OK);
    ck_assert_int_eq(got.route, m.route);
    ck_assert(got.peer);
    ck_assert_mem_eq(got.task_id, m.task_id, 32);
    ck_assert_str_eq(got.name, m.name);
    ck_assert_uint_eq(got.body.len, body.len);
    ck_assert_mem_eq(got.body.data, body.data, body.len);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(answer_survives_the_wire)
{
    struct ipc_answer m = an_answer();
    struct ipc_answer got = {0};
    struct ska_writer w = {0};
    ipc_write_answer(&w, 3, &m);
    ck_assert_status(ipc_read_answer(&got, payload_of(&w, IPC_ANSWER, 3)), SKA_OK);
    ck_assert_uint_eq(got.status, 201);
    ck_assert_int_eq(got.media, MEDIA_PUBLIC_SHARE);
    ck_assert_str_eq(got.location, "abc_-9");
    ck_assert_uint_eq(got.retry_after_s, 70000);
    ck_assert_uint_eq(got.body.len, body.len);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(fetch_and_fetched_survive_the_wire)
{
    struct ipc_fetch m = a_fetch();
    struct ipc_fetch got = {0};
    struct ska_writer w = {0};
    ipc_write_fetch(&w, 4, &m);
    ck_assert_status(ipc_read_fetch(&got, payload_of(&w, IPC_FETCH, 4)), SKA_OK);
    ck_assert_int_eq(got.route, ROUTE_CONTROL);
    ck_assert_str_eq(got.name, "1");
    ck_assert_mem_eq(got.task_id, m.task_id, 32);
    ska_writer_clear(&w);

    struct ipc_fetched f = {.outcome = SKA_OK, .status = 503, .media = MEDIA_PROBLEM, .body = body};
    struct ipc_fetched got_f = {0};
    ipc_write_fetched(&w, 5, &f);
    ck_assert_status(ipc_read_fetched(&got_f, payload_of(&w, IPC_FETCHED, 5)), SKA_OK);
    ck_assert_int_eq(got_f.outcome, SKA_OK);
    ck_assert_uint_eq(got_f.status, 503);
    ska_writer_clear(&w);

    f = (struct ipc_fetched){.outcome = SKA_E_TIMEOUT};
    ipc_write_fetched(&w, 6, &f);
    ck_assert_status(ipc_read_fetched(&got_f, payload_of(&w, IPC_FETCHED, 6)), SKA_OK);
    ck_assert_int_eq(got_f.outcome, SKA_E_TIMEOUT);
    ck_assert_uint_eq(got_f.body.len, 0);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(empty_messages_are_headers_alone)
{
    struct ska_writer w = {0};
    ipc_write_empty(&w, 9, IPC_CLOSED);
    ck_assert_uint_eq(payload_of(&w, IPC_CLOSED, 9).len, 0);
    ck_assert_uint_eq(w.len, IPC_HEADER_BYTES);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(headers_outside_the_rules_are_refused)
{
    static const struct {
        const char *name;
        uint8_t header[IPC_HEADER_BYTES];
        enum ska_status want;
    } cases[] = {
        {"shortest", {0, 0, 0, 5, 1, 0, 0, 0, 1}, SKA_OK},
        {"longest", {4, 0, 0x10, 0, 6, 0, 0, 0, 1}, SKA_OK},
        {"one too long", {4, 0, 0x10, 1, 1, 0, 0, 0, 1}, SKA_E_LIMIT},
        {"all ones", {255, 255, 255, 255, 1, 0, 0, 0, 1}, SKA_E_LIMIT},
        {"too short for its own header", {0, 0, 0, 4, 1, 0, 0, 0, 1}, SKA_E_LIMIT},
        {"type 0", {0, 0, 0, 5, 0, 0, 0, 0, 1}, SKA_E_RANGE},
        {"type 7", {0, 0, 0, 5, 7, 0, 0, 0, 1}, SKA_E_RANGE},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        uint32_t len = 77;
        uint8_t type = 77;
        uint32_t id = 77;
        enum ska_status got = ipc_read_header(&len, &type, &id, cases[i].header);
        ck_assert_msg(got == cases[i].want, "%s: got %s", cases[i].name, ska_status_name(got));
        if (got != SKA_OK)
            ck_assert(len == 77 && type == 77 && id == 77);
    }
}
END_TEST

/* Decoders by number, so that one loop goes over all. */
static enum ska_status decode(size_t kind, struct ska_slice payload)
{
    struct ipc_request request;
    struct ipc_answer answer;
    struct ipc_fetch fetch;
    struct ipc_fetched fetched;
    switch (kind) {
    case 0:
        return ipc_read_request(&request, payload);
    case 1:
        return ipc_read_answer(&answer, payload);
    case 2:
        return ipc_read_fetch(&fetch, payload);
    default:
        return ipc_read_fetched(&fetched, payload);
    }
}

static void write_kind(struct ska_writer *w, size_t kind)
{
    struct ipc_request request = a_request();
    struct ipc_answer answer = an_answer();
    struct ipc_fetch fetch = a_fetch();
    struct ipc_fetched fetched = {.status = 200, .media = MEDIA_ACCEPTED, .body = body};
    if (kind == 0)
        ipc_write_request(w, 1, &request);
    else if (kind == 1)
        ipc_write_answer(w, 1, &answer);
    else if (kind == 2)
        ipc_write_fetch(w, 1, &fetch);
    else
        ipc_write_fetched(w, 1, &fetched);
    ck_assert_status(ska_writer_status(w), SKA_OK);
}

START_TEST(every_cut_and_one_byte_more_is_refused)
{
    struct ska_writer w = {0};
    write_kind(&w, (size_t)_i);
    const uint8_t *payload = w.data + IPC_HEADER_BYTES;
    size_t len = w.len - IPC_HEADER_BYTES;
    ck_assert_status(decode((size_t)_i, (struct ska_slice){payload, len}), SKA_OK);
    for (size_t cut = 0; cut < len; cut++)
        ck_assert_status(decode((size_t)_i, (struct ska_slice){payload, cut}), SKA_E_TRUNCATED);
    ska_write_u8(&w, 0);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    payload = w.data + IPC_HEADER_BYTES;
    ck_assert_status(decode((size_t)_i, (struct ska_slice){payload, len + 1}), SKA_E_TRAILING);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(values_outside_their_range_are_refused)
{
    static const struct {
        const char *name;
        size_t kind, at;
        uint8_t value;
        enum ska_status want;
    } cases[] = {
        {"request: route 0", 0, 0, 0, SKA_E_RANGE},
        {"request: route too large", 0, 0, N_ROUTES, SKA_E_RANGE},
        {"request: peer 2", 0, 1, 2, SKA_E_RANGE},
        {"request: name too long", 0, 34, IPC_NAME_MAX + 1, SKA_E_LIMIT},
        {"request: slash in name", 0, 36, '/', SKA_E_ENCODING},
        {"request: NUL in name", 0, 36, 0, SKA_E_ENCODING},
        {"answer: status 99", 1, 1, 99, SKA_E_RANGE},
        {"answer: status 713", 1, 0, 2, SKA_E_RANGE},
        {"answer: media too large", 1, 2, N_MEDIA, SKA_E_RANGE},
        {"answer: line end in location", 1, 6, '\r', SKA_E_ENCODING},
        {"answer: location too long", 1, 4, IPC_NAME_MAX + 1, SKA_E_LIMIT},
        {"fetch: route too large", 2, 0, 255, SKA_E_RANGE},
        {"fetched: outcome too large", 3, 0, SKA_N_STATUSES, SKA_E_RANGE},
        {"fetched: failed, yet with a status", 3, 0, SKA_E_PEER, SKA_E_RANGE},
        {"fetched: media too large", 3, 3, 255, SKA_E_RANGE},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct ska_writer w = {0};
        write_kind(&w, cases[i].kind);
        w.data[IPC_HEADER_BYTES + cases[i].at] = cases[i].value;
        struct ska_slice payload = {w.data + IPC_HEADER_BYTES, w.len - IPC_HEADER_BYTES};
        enum ska_status got = decode(cases[i].kind, payload);
        ck_assert_msg(got == cases[i].want, "%s: got %s", cases[i].name, ska_status_name(got));
        ska_writer_clear(&w);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ipc");
    TCase *tests = tcase_create("ipc");
    tcase_add_test(tests, request_survives_the_wire);
    tcase_add_test(tests, answer_survives_the_wire);
    tcase_add_test(tests, fetch_and_fetched_survive_the_wire);
    tcase_add_test(tests, empty_messages_are_headers_alone);
    tcase_add_test(tests, headers_outside_the_rules_are_refused);
    tcase_add_loop_test(tests, every_cut_and_one_byte_more_is_refused, 0, 4);
    tcase_add_test(tests, values_outside_their_range_are_refused);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
