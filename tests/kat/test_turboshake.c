/* SPDX-License-Identifier: EUPL-1.2 */
/* test_turboshake.c - TurboSHAKE128 against RFC 9861, XofTurboShake128 against the VDAF draft. */
#include "crypto/xof.h"

#include "tests/kat/kat_turboshake.h"
#include "tests/kat/kat_xof.h"
#include "tests/kat/vectors.h"

/* Absorb `len` bytes of 00 01 .. FA repeated, in pieces of uneven size. */
static void absorb_pattern(struct ska_xof *x, size_t len)
{
    uint8_t piece[251];
    for (size_t i = 0; i < sizeof piece; i++)
        piece[i] = (uint8_t)i;
    for (; len >= sizeof piece; len -= sizeof piece)
        ska_xof_absorb(x, piece, sizeof piece);
    ska_xof_absorb(x, piece, len);
}

/* Squeeze `out_len` bytes, and compare all, or the last 32, with `want`. */
static void expect_output(struct ska_xof *x, size_t out_len, bool last32, const char *want)
{
    struct vector_bytes expected = vector_hex(want);
    uint8_t got[VECTOR_BYTES_MAX];
    size_t skip = last32 ? out_len - 32 : 0;
    for (; skip >= sizeof got; skip -= sizeof got)
        ska_xof_squeeze(x, got, sizeof got);
    ska_xof_squeeze(x, got, skip);
    ska_xof_squeeze(x, got, expected.len);
    ck_assert_uint_eq(expected.len, last32 ? 32 : out_len);
    ck_assert_mem_eq(got, expected.data, expected.len);
}

START_TEST(turboshake128_gives_the_published_output)
{
    const struct kat_turboshake *k = &kat_turboshake[_i];
    struct vector_bytes message = vector_hex(k->message);
    struct ska_xof x;
    ska_turboshake128_init(&x, k->separator);
    ska_xof_absorb(&x, message.data, message.len);
    absorb_pattern(&x, k->pattern_len);
    expect_output(&x, k->out_len, k->last32, k->out);
}
END_TEST

/* The file writes `FF FF`, `00`^0 or ptn(17**n bytes). */
static void absorb_as_written(struct ska_xof *x, const char *spec)
{
    unsigned exponent;
    if (sscanf(spec, "ptn(17**%u bytes)", &exponent) == 1) {
        size_t len = 1;
        while (exponent-- > 0)
            len *= 17;
        absorb_pattern(x, len);
        return;
    }
    ck_assert_msg(spec[0] == '`', "unknown message %s", spec);
    if (strcmp(spec, "`00`^0") == 0)
        return;
    for (const char *at = spec + 1; *at != '`'; at += at[2] == ' ' ? 3 : 2) {
        uint8_t byte = (uint8_t)strtoul((char[]){at[0], at[1], 0}, NULL, 16);
        ska_xof_absorb(x, &byte, 1);
    }
}

START_TEST(turboshake128_gives_the_output_of_every_case_in_the_file)
{
    json_t *doc = vector_file("turboshake128", "turboshake/turboshake128.json");
    const json_t *cases = json_object_get(doc, "vectors");
    size_t n = json_array_size(cases);
    ck_assert_uint_eq(n, N_OF(kat_turboshake));
    for (size_t i = 0; i < n; i++) {
        const json_t *k = json_array_get(cases, i);
        struct ska_xof x;
        ska_turboshake128_init(&x, (uint8_t)json_integer_value(json_object_get(k, "D")));
        absorb_as_written(&x, vector_text(k, "M"));
        expect_output(&x, (size_t)json_integer_value(json_object_get(k, "L")),
                      json_is_true(json_object_get(k, "last32")), vector_text(k, "out"));
    }
    json_decref(doc);
    printf("turboshake128: %zu of %zu cases of the file hold\n", n, n);
}
END_TEST

/* Elements of Field128 are 16 little-endian bytes, drawn again if not below the modulus
 * (draft-irtf-cfrg-vdaf-20, next_vec). */
static void expect_field128(struct ska_xof *x, const struct vector_bytes *want, size_t length)
{
    static const uint8_t modulus[16] = {1,    0,    0,    0,    0,    0,    0,    0,
                                        0xE4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    ck_assert_uint_eq(want->len, 16 * length);
    for (size_t i = 0; i < length;) {
        uint8_t element[16];
        ska_xof_squeeze(x, element, sizeof element);
        int byte = 15;
        while (byte > 0 && element[byte] == modulus[byte])
            byte--;
        if (element[byte] >= modulus[byte])
            continue;
        ck_assert_mem_eq(element, want->data + 16 * i, sizeof element);
        i++;
    }
}

static void expect_xof(const char *seed_hex, const char *dst_hex, const char *binder_hex,
                       const char *derived_hex, const char *expanded_hex, size_t length)
{
    struct vector_bytes seed = vector_hex(seed_hex);
    struct vector_bytes dst = vector_hex(dst_hex);
    struct vector_bytes binder = vector_hex(binder_hex);
    struct vector_bytes derived = vector_hex(derived_hex);
    struct vector_bytes expanded = vector_hex(expanded_hex);
    struct ska_xof x;
    uint8_t got[SKA_SEED_BYTES];
    ska_xof_init(&x, vector_slice(&seed), vector_slice(&dst), vector_slice(&binder));
    ska_xof_squeeze(&x, got, sizeof got);
    ck_assert_uint_eq(derived.len, sizeof got);
    ck_assert_mem_eq(got, derived.data, sizeof got);
    ska_xof_init(&x, vector_slice(&seed), vector_slice(&dst), vector_slice(&binder));
    expect_field128(&x, &expanded, length);
}

START_TEST(xof_gives_the_published_seed_and_vector)
{
    expect_xof(kat_xof_seed, kat_xof_dst, kat_xof_binder, kat_xof_derived_seed,
               kat_xof_expanded_vec_field128, kat_xof_length);
}
END_TEST

START_TEST(xof_gives_the_seed_and_vector_of_the_file)
{
    json_t *doc = vector_file("xof", "vdaf-20/XofTurboShake128.json");
    expect_xof(vector_text(doc, "seed"), vector_text(doc, "dst"), vector_text(doc, "binder"),
               vector_text(doc, "derived_seed"), vector_text(doc, "expanded_vec_field128"),
               (size_t)json_integer_value(json_object_get(doc, "length")));
    json_decref(doc);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("turboshake vectors");
    TCase *t = tcase_create("turboshake");
    tcase_set_timeout(t, 60); /* one case is 24 million bytes */
    tcase_add_loop_test(t, turboshake128_gives_the_published_output, 0, (int)N_OF(kat_turboshake));
    tcase_add_test(t, xof_gives_the_published_seed_and_vector);
    json_t *doc = vector_file("turboshake128", "turboshake/turboshake128.json");
    if (doc != NULL)
        tcase_add_test(t, turboshake128_gives_the_output_of_every_case_in_the_file);
    json_decref(doc);
    doc = vector_file("xof", "vdaf-20/XofTurboShake128.json");
    if (doc != NULL)
        tcase_add_test(t, xof_gives_the_seed_and_vector_of_the_file);
    json_decref(doc);
    suite_add_tcase(suite, t);
    return test_run(suite);
}
