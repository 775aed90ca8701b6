/* SPDX-License-Identifier: EUPL-1.2 */
/* test_bytes.c - reading and writing messages, and sizes that cannot wrap. */
#include "crypto/bytes.h"

#include "tests/test.h"

#include <string.h>

static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

START_TEST(sizes_do_not_wrap)
{
    size_t out = 77;
    ck_assert_status(ska_size_add(&out, SIZE_MAX - 1, 1), SKA_OK);
    ck_assert_uint_eq(out, SIZE_MAX);
    ck_assert_status(ska_size_mul(&out, SIZE_MAX / 2, 2), SKA_OK);
    ck_assert_uint_eq(out, SIZE_MAX - 1);
    out = 77;
    ck_assert_status(ska_size_add(&out, SIZE_MAX, 1), SKA_E_LIMIT);
    ck_assert_status(ska_size_mul(&out, SIZE_MAX / 2 + 1, 2), SKA_E_LIMIT);
    ck_assert_uint_eq(out, 77);
}
END_TEST

START_TEST(allocation_is_zeroed_and_refuses_nothing_and_too_much)
{
    uint8_t *p = ska_alloc(3, 5);
    ck_assert_ptr_nonnull(p);
    for (size_t i = 0; i < 15; i++)
        ck_assert_uint_eq(p[i], 0);
    free(p);
    void *none = ska_alloc(0, 5);
    ck_assert_ptr_null(none);
    none = ska_alloc(5, 0);
    ck_assert_ptr_null(none);
    none = ska_alloc(SIZE_MAX / 2, 3);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(integers_are_big_endian_and_leave_the_reader_on_truncation)
{
    struct ska_reader r;
    uint8_t v8 = 0;
    uint16_t v16 = 0;
    uint32_t v32 = 0;
    uint64_t v64 = 0;
    ska_reader_init(&r, octets, sizeof octets);
    ck_assert_status(ska_read_u8(&v8, &r), SKA_OK);
    ck_assert_status(ska_read_u16(&v16, &r), SKA_OK);
    ck_assert_status(ska_read_u32(&v32, &r), SKA_OK);
    ck_assert_uint_eq(v8, 0x01);
    ck_assert_uint_eq(v16, 0x0203);
    ck_assert_uint_eq(v32, 0x04050607);
    ck_assert_status(ska_read_u64(&v64, &r), SKA_E_TRUNCATED);
    ck_assert_status(ska_read_u32(&v32, &r), SKA_E_TRUNCATED);
    ck_assert_uint_eq(v32, 0x04050607);
    ck_assert_uint_eq(r.left, 2);
    ck_assert_status(ska_read_end(&r), SKA_E_TRAILING);
    ck_assert_status(ska_read_u16(&v16, &r), SKA_OK);
    ck_assert_uint_eq(v16, 0x0809);
    ck_assert_status(ska_read_end(&r), SKA_OK);
    ck_assert_status(ska_read_u8(&v8, &r), SKA_E_TRUNCATED);
    ck_assert_status(ska_read_u16(&v16, &r), SKA_E_TRUNCATED);
    ck_assert_uint_eq(v16, 0x0809);
    ska_reader_init(&r, octets, 8);
    ck_assert_status(ska_read_u64(&v64, &r), SKA_OK);
    ck_assert(v64 == UINT64_C(0x0102030405060708));
}
END_TEST

START_TEST(bytes_are_copied_or_borrowed_exactly)
{
    struct ska_reader r;
    uint8_t copy[4] = {9, 9, 9, 9};
    const uint8_t *at = NULL;
    ska_reader_init(&r, octets, 5);
    ck_assert_status(ska_read_bytes(copy, 3, &r), SKA_OK);
    ck_assert_mem_eq(copy, "\1\2\3\11", 4);
    ck_assert_status(ska_read_bytes(copy, 3, &r), SKA_E_TRUNCATED);
    ck_assert_mem_eq(copy, "\1\2\3\11", 4);
    ck_assert_status(ska_read_borrow(&at, &r, 3), SKA_E_TRUNCATED);
    ck_assert_ptr_null(at);
    ck_assert_status(ska_read_borrow(&at, &r, 2), SKA_OK);
    ck_assert_ptr_eq(at, octets + 3);
    ck_assert_status(ska_read_borrow(&at, &r, 0), SKA_OK);
    ska_reader_init(&r, NULL, 0);
    ck_assert_status(ska_read_bytes(copy, 0, &r), SKA_OK);
    ck_assert_status(ska_read_end(&r), SKA_OK);
}
END_TEST

struct opaque_case {
    const char *name;
    int width;
    uint8_t wire[8];
    size_t wire_len;
    size_t max;
    enum ska_status want;
    size_t len;
};

static const struct opaque_case opaque_cases[] = {
    {"opaque8 empty", 1, {0}, 1, 9, SKA_OK, 0},
    {"opaque8 two of two", 1, {2, 8, 9}, 3, 2, SKA_OK, 2},
    {"opaque8 over the maximum", 1, {2, 8, 9}, 3, 1, SKA_E_LIMIT, 0},
    {"opaque8 without a length", 1, {0}, 0, 9, SKA_E_TRUNCATED, 0},
    {"opaque8 short of a byte", 1, {3, 8, 9}, 3, 9, SKA_E_TRUNCATED, 0},
    {"opaque16 one byte and more behind", 2, {0, 1, 7, 6}, 4, 9, SKA_OK, 1},
    {"opaque16 half a length", 2, {0}, 1, 9, SKA_E_TRUNCATED, 0},
    {"opaque16 over the maximum, though truncated too", 2, {1, 0, 7}, 3, 9, SKA_E_LIMIT, 0},
    {"opaque16 short of a byte", 2, {0, 2, 7}, 3, 9, SKA_E_TRUNCATED, 0},
    {"opaque32 two bytes", 4, {0, 0, 0, 2, 5, 6}, 6, 2, SKA_OK, 2},
    {"opaque32 largest length", 4, {255, 255, 255, 255, 5}, 5, UINT32_MAX, SKA_E_TRUNCATED, 0},
    {"opaque32 three bytes of a length", 4, {0, 0, 0}, 3, 9, SKA_E_TRUNCATED, 0},
};

START_TEST(vectors_decode_or_name_the_fault)
{
    const struct opaque_case *k = &opaque_cases[_i];
    struct ska_reader r;
    ska_reader_init(&r, k->wire, k->wire_len);
    const uint8_t *value = NULL;
    size_t len = 99;
    enum ska_status got = k->width == 1   ? ska_read_opaque8(&value, &len, &r, k->max)
                          : k->width == 2 ? ska_read_opaque16(&value, &len, &r, k->max)
                                          : ska_read_opaque32(&value, &len, &r, k->max);
    ck_assert_msg(got == k->want, "%s: got %s", k->name, ska_status_name(got));
    if (k->want != SKA_OK) {
        ck_assert_ptr_null(value);
        ck_assert_uint_eq(len, 99);
        ck_assert_ptr_eq(r.at, k->wire);
        ck_assert_uint_eq(r.left, k->wire_len);
        return;
    }
    ck_assert_uint_eq(len, k->len);
    ck_assert_ptr_eq(value, k->wire + k->width);
    ck_assert_uint_eq(r.left, k->wire_len - (size_t)k->width - k->len);
}
END_TEST

START_TEST(a_fixed_writer_fills_its_buffer_and_no_more)
{
    uint8_t buffer[8];
    memset(buffer, 0xEE, sizeof buffer);
    struct ska_writer w;
    ska_writer_init_fixed(&w, buffer, 7);
    ska_write_u32(&w, 0x01020304);
    ska_write_u16(&w, 0x0506);
    ska_write_u8(&w, 7);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ck_assert_mem_eq(buffer, "\1\2\3\4\5\6\7\xEE", 8);
    ska_write_u8(&w, 8);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ck_assert_uint_eq(w.len, 7);
    ck_assert_uint_eq(buffer[7], 0xEE);
    ska_writer_clear(&w); /* wipes, and does not free what is the caller's */
    ck_assert_mem_eq(buffer, "\0\0\0\0\0\0\0\xEE", 8);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(the_first_failure_of_a_writer_stays)
{
    uint8_t buffer[4];
    struct ska_writer w;
    ska_writer_init_fixed(&w, buffer, sizeof buffer);
    ska_write_u64(&w, 1);
    ska_write_u8(&w, 1); /* would fit */
    ck_assert_uint_eq(w.len, 0);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    size_t mark = ska_write_open16(&w);
    ska_write_close16(&w, mark);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    static const uint8_t long_for_8[256];
    w.status = SKA_E_MEMORY;
    ska_write_opaque8(&w, long_for_8, sizeof long_for_8);
    ck_assert_status(ska_writer_status(&w), SKA_E_MEMORY);
}
END_TEST

START_TEST(a_growing_writer_keeps_everything_and_hands_it_over)
{
    struct ska_writer w = {0};
    for (uint32_t i = 0; i < 1000; i++)
        ska_write_u32(&w, i);
    uint8_t *data = NULL;
    size_t len = 0;
    ck_assert_status(ska_writer_take(&data, &len, &w), SKA_OK);
    ck_assert_uint_eq(len, 4000);
    ck_assert_ptr_null(w.data);
    struct ska_reader r;
    ska_reader_init(&r, data, len);
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t got = ~i;
        ck_assert_status(ska_read_u32(&got, &r), SKA_OK);
        ck_assert_uint_eq(got, i);
    }
    free(data);
    ck_assert_status(ska_writer_take(&data, &len, &w), SKA_OK);
    ck_assert_uint_eq(len, 0);
    ck_assert_ptr_nonnull(data);
    free(data);
}
END_TEST

START_TEST(a_failed_writer_hands_nothing_over)
{
    struct ska_writer w = {0};
    uint8_t *data = NULL;
    size_t len = 99;
    uint8_t big[300] = {0};
    ska_write_opaque8(&w, big, 256);
    ck_assert_status(ska_writer_take(&data, &len, &w), SKA_E_LIMIT);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 99);
    ck_assert_ptr_null(w.data);
}
END_TEST

START_TEST(vectors_are_written_with_their_lengths)
{
    static const uint8_t want[] = {2, 1, 2, 0, 1, 3, 0, 0, 0, 2, 4, 5, 0};
    struct ska_writer w = {0};
    ska_write_opaque8(&w, octets, 2);
    ska_write_opaque16(&w, octets + 2, 1);
    ska_write_opaque32(&w, octets + 3, 2);
    ska_write_opaque8(&w, NULL, 0);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ck_assert_uint_eq(w.len, sizeof want);
    ck_assert_mem_eq(w.data, want, sizeof want);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(nested_vectors_get_their_lengths_when_closed)
{
    static const uint8_t want[] = {0, 0, 0, 7, 9, 0, 2, 1, 2, 0, 0};
    struct ska_writer w = {0};
    size_t outer = ska_write_open32(&w);
    ska_write_u8(&w, 9);
    size_t inner = ska_write_open16(&w);
    ska_write_bytes(&w, octets, 2);
    ska_write_close16(&w, inner);
    inner = ska_write_open16(&w);
    ska_write_close16(&w, inner);
    ska_write_close32(&w, outer);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ck_assert_uint_eq(w.len, sizeof want);
    ck_assert_mem_eq(w.data, want, sizeof want);
    ska_writer_clear(&w);
}
END_TEST

START_TEST(a_vector_too_long_for_its_prefix_is_refused)
{
    uint8_t *big = ska_alloc(65536, 1);
    struct ska_writer w = {0};
    size_t mark = ska_write_open16(&w);
    ska_write_bytes(&w, big, 65535);
    ska_write_close16(&w, mark);
    ck_assert_status(ska_writer_status(&w), SKA_OK);
    ska_writer_clear(&w);
    mark = ska_write_open16(&w);
    ska_write_bytes(&w, big, 65536);
    ska_write_close16(&w, mark);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
    ska_write_opaque16(&w, big, 65536);
    ck_assert_status(ska_writer_status(&w), SKA_E_LIMIT);
    ska_writer_clear(&w);
    free(big);
}
END_TEST

struct text_case {
    const char *text;
    size_t len;
    enum ska_status want;
};

static const struct text_case hex_cases[] = {
    {"00ff1a", 3, SKA_OK},       {"", 0, SKA_OK},           {"00ff1", 3, SKA_E_FORMAT},
    {"00ff1a", 2, SKA_E_FORMAT}, {"00FF", 2, SKA_E_FORMAT}, {"0g", 1, SKA_E_FORMAT},
    {"0/", 1, SKA_E_FORMAT},     {" 0", 1, SKA_E_FORMAT},   {"0:", 1, SKA_E_FORMAT},
};

START_TEST(hexadecimal_decodes_exactly_or_not_at_all)
{
    const struct text_case *k = &hex_cases[_i];
    uint8_t out[4] = {7, 7, 7, 7};
    ck_assert_status(ska_hex_decode(out, k->len, k->text), k->want);
    char back[9];
    if (k->want == SKA_OK) {
        ska_hex_encode(back, out, k->len);
        ck_assert_str_eq(back, k->text);
    } else {
        ck_assert_mem_eq(out, "\7\7\7\7", 4);
    }
}
END_TEST

/* RFC 4648, section 10, in the URL-safe alphabet without padding; then what must be refused. */
static const struct text_case base64_cases[] = {
    {"", 0, SKA_OK},
    {"Zg", 1, SKA_OK},
    {"Zm8", 2, SKA_OK},
    {"Zm9v", 3, SKA_OK},
    {"Zm9vYg", 4, SKA_OK},
    {"Zm9vYmE", 5, SKA_OK},
    {"Zm9vYmFy", 6, SKA_OK},
    {"__79", 3, SKA_OK},
    {"-_-_", 3, SKA_OK},
    {"Zg==", 1, SKA_E_FORMAT},
    {"Zh", 1, SKA_E_FORMAT},
    {"Zm9", 2, SKA_E_FORMAT},
    {"Zm9vY", 4, SKA_E_FORMAT},
    {"Zm+v", 3, SKA_E_FORMAT},
    {"Zm/v", 3, SKA_E_FORMAT},
    {"Zm 8", 3, SKA_E_FORMAT},
};

START_TEST(base64url_decodes_one_form_only)
{
    const struct text_case *k = &base64_cases[_i];
    uint8_t out[8];
    ck_assert_status(ska_base64url_decode(out, k->len, k->text, strlen(k->text)), k->want);
    char back[12];
    if (k->want == SKA_OK) {
        ska_base64url_encode(back, out, k->len);
        ck_assert_str_eq(back, k->text);
    }
    ck_assert_mem_eq(_i == 6 ? (const char *)out : "foobar", "foobar", 6);
}
END_TEST

/* RFC 4648, section 10, with padding; then what must be refused. */
static const struct text_case padded_cases[] = {
    {"", 0, SKA_OK},
    {"Zg==", 1, SKA_OK},
    {"Zm8=", 2, SKA_OK},
    {"Zm9v", 3, SKA_OK},
    {"Zm9vYg==", 4, SKA_OK},
    {"Zm9vYmE=", 5, SKA_OK},
    {"Zm9vYmFy", 6, SKA_OK},
    {"/+79", 3, SKA_OK},
    {"Zm9vYmFyZg==", 7, SKA_E_LIMIT},
    {"Zg", 1, SKA_E_FORMAT},
    {"Zg=", 1, SKA_E_FORMAT},
    {"Zh==", 1, SKA_E_FORMAT},
    {"Zm9=", 2, SKA_E_FORMAT},
    {"Z===", 1, SKA_E_FORMAT},
    {"====", 1, SKA_E_FORMAT},
    {"Zg==Zg==", 2, SKA_E_FORMAT},
    {"Zm-v", 3, SKA_E_FORMAT},
    {"Zm_v", 3, SKA_E_FORMAT},
    {"Zm\n8", 3, SKA_E_FORMAT},
};

START_TEST(base64_decodes_one_form_only)
{
    const struct text_case *k = &padded_cases[_i];
    uint8_t out[6];
    size_t len = 99;
    ck_assert_status(ska_base64_decode(out, &len, sizeof out, k->text, strlen(k->text)), k->want);
    char back[9];
    ck_assert_uint_eq(len, k->want == SKA_OK ? k->len : 99);
    if (k->want == SKA_OK) {
        ska_base64_encode(back, out, len);
        ck_assert_str_eq(back, k->text);
    }
}
END_TEST

START_TEST(base64url_refuses_a_zero_byte_in_the_text)
{
    uint8_t out[3];
    ck_assert_status(ska_base64url_decode(out, 3, "Zm\0v", 4), SKA_E_FORMAT);
}
END_TEST

START_TEST(texts_give_back_random_bytes)
{
    test_seed("texts_give_back_random_bytes");
    for (int round = 0; round < 500; round++) {
        uint8_t in[40];
        uint8_t out[40];
        char text[81];
        size_t len = test_random() % sizeof in;
        test_random_bytes(in, len);
        ska_hex_encode(text, in, len);
        ck_assert_status(ska_hex_decode(out, len, text), SKA_OK);
        ck_assert(len == 0 || memcmp(in, out, len) == 0);
        ska_base64url_encode(text, in, len);
        ck_assert_status(ska_base64url_decode(out, len, text, strlen(text)), SKA_OK);
        ck_assert(len == 0 || memcmp(in, out, len) == 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bytes");
    TCase *t = tcase_create("bytes");
    tcase_add_test(t, sizes_do_not_wrap);
    tcase_add_test(t, allocation_is_zeroed_and_refuses_nothing_and_too_much);
    tcase_add_test(t, integers_are_big_endian_and_leave_the_reader_on_truncation);
    tcase_add_test(t, bytes_are_copied_or_borrowed_exactly);
    tcase_add_loop_test(t, vectors_decode_or_name_the_fault, 0, (int)N_OF(opaque_cases));
    tcase_add_test(t, a_fixed_writer_fills_its_buffer_and_no_more);
    tcase_add_test(t, the_first_failure_of_a_writer_stays);
    tcase_add_test(t, a_growing_writer_keeps_everything_and_hands_it_over);
    tcase_add_test(t, a_failed_writer_hands_nothing_over);
    tcase_add_test(t, vectors_are_written_with_their_lengths);
    tcase_add_test(t, nested_vectors_get_their_lengths_when_closed);
    tcase_add_test(t, a_vector_too_long_for_its_prefix_is_refused);
    tcase_add_loop_test(t, hexadecimal_decodes_exactly_or_not_at_all, 0, (int)N_OF(hex_cases));
    tcase_add_loop_test(t, base64url_decodes_one_form_only, 0, (int)N_OF(base64_cases));
    tcase_add_loop_test(t, base64_decodes_one_form_only, 0, (int)N_OF(padded_cases));
    tcase_add_test(t, base64url_refuses_a_zero_byte_in_the_text);
    tcase_add_test(t, texts_give_back_random_bytes);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
