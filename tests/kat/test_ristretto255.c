/* SPDX-License-Identifier: EUPL-1.2 */
/* test_ristretto255.c - the group against the vectors of RFC 9496, appendix A. */
#include "crypto/bytes.h"
#include "crypto/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

static json_t *vectors = NULL;

/* The list `name` of the vectors, which must not be empty. */
static json_t *list_of(const char *name)
{
    json_t *list = json_object_get(vectors, name);
    ck_assert_msg(json_array_size(list) > 0, "the vectors have no %s", name);
    return list;
}

static void take_hex(uint8_t *out, size_t len, const json_t *text)
{
    ck_assert_msg(json_string_value(text) != NULL, "not a text");
    ck_assert(ska_hex_decode(out, len, json_string_value(text)) == SKA_OK);
}

START_TEST(multiples_of_the_base_point_are_those_of_the_rfc)
{
    ska_point sum;
    ska_point_set_identity(&sum);
    size_t i;
    json_t *item;
    json_array_foreach(list_of("multiples"), i, item)
    {
        uint8_t want[SKA_POINT_BYTES];
        uint8_t got[SKA_POINT_BYTES];
        ska_point p;
        take_hex(want, sizeof want, item);
        ska_point_encode(got, &sum);
        ck_assert_mem_eq(got, want, sizeof want);
        ska_scalar k = ska_scalar_from_u64(i);
        ska_point_mul(&p, ska_group_g(), &k);
        ska_point_encode(got, &p);
        ck_assert_mem_eq(got, want, sizeof want);
        ska_commit(&p, &k, &ska_scalar_zero);
        ck_assert(ska_point_equal(&p, &sum));
        ck_assert(ska_point_decode(&p, want) == SKA_OK);
        ck_assert(ska_point_equal(&p, &sum));
        ck_assert_int_eq(ska_point_is_identity(&p), i == 0);
        ska_point_add(&sum, &sum, ska_group_g());
    }
}
END_TEST

START_TEST(invalid_encodings_are_refused_and_change_nothing)
{
    size_t i;
    json_t *item;
    json_array_foreach(list_of("invalid_encodings"), i, item)
    {
        uint8_t wire[SKA_POINT_BYTES];
        ska_point p;
        ska_point before;
        memset(&p, 0x5A, sizeof p);
        before = p;
        take_hex(wire, sizeof wire, item);
        ck_assert_msg(ska_point_decode(&p, wire) == SKA_E_ENCODING, "encoding %zu", i);
        ck_assert_mem_eq(&p, &before, sizeof p);
    }
}
END_TEST

START_TEST(the_one_way_map_is_that_of_the_rfc)
{
    size_t i;
    json_t *item;
    json_array_foreach(list_of("one_way_map"), i, item)
    {
        uint8_t uniform[64];
        uint8_t want[SKA_POINT_BYTES];
        uint8_t got[SKA_POINT_BYTES];
        ska_point p;
        take_hex(uniform, sizeof uniform, json_object_get(item, "uniform"));
        take_hex(want, sizeof want, json_object_get(item, "element"));
        ska_point_from_uniform(&p, uniform);
        ska_point_encode(got, &p);
        ck_assert_mem_eq(got, want, sizeof want);
    }
}
END_TEST

int main(void)
{
    const char *shared = getenv("SKARVA_SHARED");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/vectors/ristretto255.json",
                   shared != NULL ? shared : "../shared");
    vectors = json_load_file(path, 0, NULL);
    if (vectors == NULL) {
        printf("SKIP test_ristretto255: cannot read %s\n", path);
        return 0;
    }
    Suite *suite = suite_create("ristretto255");
    TCase *tc = tcase_create("rfc9496");
    tcase_add_test(tc, multiples_of_the_base_point_are_those_of_the_rfc);
    tcase_add_test(tc, invalid_encodings_are_refused_and_change_nothing);
    tcase_add_test(tc, the_one_way_map_is_that_of_the_rfc);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? 0 : 1;
}
