/* SPDX-License-Identifier: EUPL-1.2 */
/* test_front_http.c - heads of HTTP messages: what is read, and what no two readers agree on is
 * refused. */
#include "support/http_head.h"

#include "server/front/front_chunks.h"
#include "tests/test.h"

#include <string.h>

#define HOST "Host: a\r\n"

static enum ska_status parse(struct http_request *out, int *status, const char *head)
{
    return http_request_parse(out, status, (const uint8_t *)head, strlen(head));
}

START_TEST(request_is_read)
{
    struct http_request r;
    int status = 77;
    ck_assert_status(parse(&r, &status,
                           "POST /tasks/x/reports?step=0 HTTP/1.1\r\nhost: a:1\r\n"
                           "CONTENT-LENGTH: \t42 \r\nContent-Type:text/plain\r\n"
                           "Expect: 100-Continue\r\nIf-None-Match: \"e\"\r\nX: \xc3\xa5\r\n\r\n"),
                     SKA_OK);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(r.method, METHOD_POST);
    ck_assert_str_eq(r.path, "/tasks/x/reports");
    ck_assert_str_eq(r.query, "step=0");
    ck_assert_str_eq(r.content_type, "text/plain");
    ck_assert_str_eq(r.if_none_match, "\"e\"");
    ck_assert(r.body.has_length && r.body.keep_alive && r.expects_continue);
    ck_assert(!r.body.chunked && !r.body.encoded);
    ck_assert_uint_eq(r.body.length, 42);
}
END_TEST

START_TEST(absolute_form_and_old_version_are_read)
{
    struct http_request r;
    int status;
    ck_assert_status(parse(&r, &status, "GET https://host:8/a HTTP/1.1\r\n" HOST "\r\n"), SKA_OK);
    ck_assert_str_eq(r.path, "/a");
    ck_assert_status(parse(&r, &status, "GET /a HTTP/1.0\r\n\r\n"), SKA_OK);
    ck_assert(!r.body.keep_alive);
    ck_assert_status(parse(&r, &status, "GET /a HTTP/1.1\r\n" HOST "Connection: x, Close\r\n\r\n"),
                     SKA_OK);
    ck_assert(!r.body.keep_alive);
    ck_assert_status(parse(&r, &status, "BREW /a HTTP/1.1\r\n" HOST "\r\n"), SKA_OK);
    ck_assert_int_eq(r.method, METHOD_OTHER);
}
END_TEST

static const struct {
    const char *name;
    const char *head;
    int want;
} faults[] = {
    {"length beside coding",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"coding beside length",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
    {"two lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
     400},
    {"list of lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", 400},
    {"signed length", "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 400},
    {"negative length", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
    {"hexadecimal length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n", 400},
    {"empty length", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400},
    {"huge length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\n", 400},
    {"two codings", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
    {"coding twice",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     400},
    {"misspelled coding", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 501},
    {"coding in HTTP/1.0", "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400},
    {"space before colon", "POST / HTTP/1.1\r\n" HOST "Content-Length : 1\r\n\r\n", 400},
    {"folded line", "POST / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 400},
    {"first line folded", "POST / HTTP/1.1\r\n " HOST "\r\n", 400},
    {"no colon", "POST / HTTP/1.1\r\n" HOST "Content-Length\r\n\r\n", 400},
    {"no name", "POST / HTTP/1.1\r\n" HOST ": 1\r\n\r\n", 400},
    {"bare line feed", "GET / HTTP/1.1\n" HOST "\r\n", 400},
    {"bare line feed in fields", "GET / HTTP/1.1\r\n" HOST "A: b\nC: d\r\n\r\n", 400},
    {"bare carriage return", "GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n", 400},
    {"control byte in value", "GET / HTTP/1.1\r\n" HOST "A: \x01\r\n\r\n", 400},
    {"delete in value", "GET / HTTP/1.1\r\n" HOST "A: \x7f\r\n\r\n", 400},
    {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two hosts", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
    {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"two types", "GET / HTTP/1.1\r\n" HOST "Content-Type: a\r\nContent-Type: b\r\n\r\n", 400},
    {"no version", "GET /\r\n" HOST "\r\n", 400},
    {"version 2", "GET / HTTP/2.0\r\n" HOST "\r\n", 505},
    {"version 1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 505},
    {"lower-case version", "GET / http/1.1\r\n" HOST "\r\n", 400},
    {"two spaces", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"space in target", "GET /a b HTTP/1.1\r\n" HOST "\r\n", 400},
    {"tab for space", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400},
    {"no method", " / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"no slash", "GET a HTTP/1.1\r\n" HOST "\r\n", 400},
    {"asterisk", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400},
    {"authority alone", "GET https://host HTTP/1.1\r\n" HOST "\r\n", 400},
    {"fragment", "GET /#a HTTP/1.1\r\n" HOST "\r\n", 400},
    {"byte outside ASCII in target", "GET /\xc3\xa5 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"more after the head", "GET / HTTP/1.1\r\n" HOST "\r\nX", 400},
    {"no empty line", "GET / HTTP/1.1\r\n" HOST, 400},
    {"empty", "", 400},
    {"empty line alone", "\r\n\r\n", 400},
};

START_TEST(fault_is_refused_with_its_status)
{
    struct http_request r;
    memset(&r, 0x5a, sizeof r);
    struct http_request before = r;
    int status = 0;
    enum ska_status got = parse(&r, &status, faults[_i].head);
    ck_assert_msg(got == SKA_E_FORMAT, "%s: got %s", faults[_i].name, ska_status_name(got));
    ck_assert_msg(status == faults[_i].want, "%s: got %d", faults[_i].name, status);
    ck_assert_mem_eq(&r, &before, sizeof r);
}
END_TEST

START_TEST(nul_byte_is_refused)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n";
    struct http_request r;
    int status = 0;
    ck_assert_status(http_request_parse(&r, &status, (const uint8_t *)head, sizeof head - 1),
                     SKA_E_FORMAT);
}
END_TEST

START_TEST(target_and_fields_have_limits)
{
    static char head[40000];
    struct http_request r;
    int status = 0;
    const char *tail = " HTTP/1.1\r\n" HOST "\r\n";
    size_t n = (size_t)snprintf(head, sizeof head, "GET /");
    memset(head + n, 'a', HTTP_PATH_MAX - 1);
    (void)snprintf(head + n + HTTP_PATH_MAX - 1, 100, "%s", tail);
    ck_assert_status(parse(&r, &status, head), SKA_OK);
    (void)snprintf(head + n + HTTP_PATH_MAX - 1, 100, "a%s", tail);
    ck_assert_status(parse(&r, &status, head), SKA_E_FORMAT);
    ck_assert_int_eq(status, 414);

    n = (size_t)snprintf(head, sizeof head, "GET / HTTP/1.1\r\n" HOST);
    for (unsigned i = 1; i < HTTP_FIELDS_MAX; i++)
        n += (size_t)snprintf(head + n, sizeof head - n, "A: b\r\n");
    (void)snprintf(head + n, sizeof head - n, "\r\n");
    ck_assert_status(parse(&r, &status, head), SKA_OK);
    (void)snprintf(head + n, sizeof head - n, "A: b\r\n\r\n");
    ck_assert_status(parse(&r, &status, head), SKA_E_FORMAT);
    ck_assert_int_eq(status, 431);
}
END_TEST

START_TEST(overlong_value_is_kept_as_none)
{
    static char head[1000] = "POST / HTTP/1.1\r\n" HOST "Content-Type: ";
    size_t n = strlen(head);
    memset(head + n, 'a', HTTP_VALUE_MAX + 1);
    (void)snprintf(head + n + HTTP_VALUE_MAX + 1, 10, "\r\n\r\n");
    struct http_request r;
    int status;
    ck_assert_status(parse(&r, &status, head), SKA_OK);
    ck_assert_str_eq(r.content_type, "");
}
END_TEST

START_TEST(head_ends_at_its_first_empty_line)
{
    static const uint8_t data[] = "GET / HTTP/1.1\r\nA: b\r\n\r\nrest\r\n\r\n";
    ck_assert_uint_eq(http_head_length(data, sizeof data - 1), 24);
    for (size_t len = 0; len < 24; len++)
        ck_assert_uint_eq(http_head_length(data, len), 0);
}
END_TEST

START_TEST(response_is_read_or_refused)
{
    static const struct {
        const char *head;
        enum ska_status want;
        uint16_t status;
    } cases[] = {
        {"HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\n", SKA_OK, 201},
        {"HTTP/1.1 204\r\n\r\n", SKA_OK, 204},
        {"HTTP/1.0 200 \r\n\r\n", SKA_OK, 200},
        {"HTTP/1.1 100 Continue\r\n\r\n", SKA_OK, 100},
        {"HTTP/1.1 099 x\r\n\r\n", SKA_E_FORMAT, 0},
        {"HTTP/1.1 600 x\r\n\r\n", SKA_E_FORMAT, 0},
        {"HTTP/1.1 20 x\r\n\r\n", SKA_E_FORMAT, 0},
        {"HTTP/1.1 2000 x\r\n\r\n", SKA_E_FORMAT, 0},
        {"HTTP/2.0 200 x\r\n\r\n", SKA_E_FORMAT, 0},
        {"ICY 200 OK\r\n\r\n", SKA_E_FORMAT, 0},
        {"HTTP/1.1 200 x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", SKA_E_FORMAT,
         0},
        {"", SKA_E_FORMAT, 0},
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct http_response r = {0};
        enum ska_status got =
            http_response_parse(&r, (const uint8_t *)cases[i].head, strlen(cases[i].head));
        ck_assert_msg(got == cases[i].want, "%s: got %s", cases[i].head, ska_status_name(got));
        ck_assert_uint_eq(r.status, cases[i].status);
    }
}
END_TEST

/* --- the chunked coding ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *wire;
    enum ska_status want;
    const char *body;
    bool done;
} chunked[] = {
    {"two chunks", "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", SKA_OK, "abcde", true},
    {"trailer", "1\r\na\r\n0\r\nX: y\r\n\r\n", SKA_OK, "a", true},
    {"nothing", "0\r\n\r\n", SKA_OK, "", true},
    {"upper-case size", "A\r\n0123456789\r\n0\r\n\r\n", SKA_OK, "0123456789", true},
    {"cut within a chunk", "5\r\nabc", SKA_OK, "abc", false},
    {"cut before the end", "3\r\nabc\r\n0\r\n", SKA_OK, "abc", false},
    {"no size", "\r\nabc", SKA_E_FORMAT, "", false},
    {"no number", "xyz\r\nabc", SKA_E_FORMAT, "", false},
    {"negative", "-1\r\nabc", SKA_E_FORMAT, "", false},
    {"size of nine digits", "000000003\r\nabc", SKA_E_FORMAT, "", false},
    {"chunk longer than said", "2\r\nabc\r\n0\r\n\r\n", SKA_E_FORMAT, "ab", false},
    {"over the limit", "ffff\r\n01234567890123456789", SKA_E_LIMIT, "", false},
};

START_TEST(chunks_are_joined_or_refused)
{
    struct chunks c = {0};
    struct evbuffer *input = evbuffer_new();
    struct evbuffer *body = evbuffer_new();
    enum ska_status got = SKA_OK;
    size_t len = strlen(chunked[_i].wire);
    bool whole = chunked[_i].want == SKA_E_LIMIT;
    for (size_t i = 0; i < len && got == SKA_OK; i += whole ? len : 1) {
        ck_assert_int_eq(evbuffer_add(input, chunked[_i].wire + i, whole ? len : 1), 0);
        got = chunks_take(&c, body, input, 16);
    }
    ck_assert_msg(got == chunked[_i].want, "%s: got %s", chunked[_i].name, ska_status_name(got));
    char joined[32] = {0};
    ck_assert_int_ge(evbuffer_copyout(body, joined, sizeof joined - 1), 0);
    ck_assert_str_eq(joined, chunked[_i].body);
    ck_assert(c.done == chunked[_i].done);
    evbuffer_free(input);
    evbuffer_free(body);
}
END_TEST

START_TEST(endless_size_line_and_trailer_are_refused)
{
    struct chunks c = {0};
    struct evbuffer *input = evbuffer_new();
    struct evbuffer *body = evbuffer_new();
    for (int i = 0; i < 2000; i++)
        ck_assert_int_eq(evbuffer_add(input, "1", 1), 0);
    ck_assert_status(chunks_take(&c, body, input, 16), SKA_E_FORMAT);
    ck_assert_int_eq(evbuffer_drain(input, 2000), 0);
    c = (struct chunks){0};
    enum ska_status got = SKA_OK;
    ck_assert_int_eq(evbuffer_add(input, "0\r\n", 3), 0);
    for (int i = 0; i < 1000 && got == SKA_OK; i++) {
        ck_assert_int_eq(evbuffer_add(input, "X: 0123456789abcdef\r\n", 21), 0);
        got = chunks_take(&c, body, input, 16);
    }
    ck_assert_status(got, SKA_E_FORMAT);
    evbuffer_free(input);
    evbuffer_free(body);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("front_http");
    TCase *tests = tcase_create("front_http");
    tcase_add_test(tests, request_is_read);
    tcase_add_test(tests, absolute_form_and_old_version_are_read);
    tcase_add_loop_test(tests, fault_is_refused_with_its_status, 0, (int)N_OF(faults));
    tcase_add_test(tests, nul_byte_is_refused);
    tcase_add_test(tests, target_and_fields_have_limits);
    tcase_add_test(tests, overlong_value_is_kept_as_none);
    tcase_add_test(tests, head_ends_at_its_first_empty_line);
    tcase_add_test(tests, response_is_read_or_refused);
    tcase_add_loop_test(tests, chunks_are_joined_or_refused, 0, (int)N_OF(chunked));
    tcase_add_test(tests, endless_size_line_and_trailer_are_refused);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
