/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * vectors.h - reading published vectors: hexadecimal from generated headers, and the JSON files in
 * $SKARVA_SHARED/vectors (../shared/vectors), which need not be there.
 */
#ifndef SKA_TESTS_KAT_VECTORS_H
#define SKA_TESTS_KAT_VECTORS_H

#include "crypto/bytes.h"
#include "tests/test.h"

#include <string.h>

#include <jansson.h>

#define VECTOR_BYTES_MAX 4096

struct vector_bytes {
    uint8_t data[VECTOR_BYTES_MAX];
    size_t len;
};

static inline struct vector_bytes vector_hex(const char *hex)
{
    struct vector_bytes v = {.len = strlen(hex) / 2};
    ck_assert_uint_le(v.len, sizeof v.data);
    ck_assert_status(ska_hex_decode(v.data, v.len, hex), SKA_OK);
    return v;
}

static inline struct ska_slice vector_slice(const struct vector_bytes *v)
{
    return (struct ska_slice){v->data, v->len};
}

/* The parsed file, or NULL after a line that says the test is skipped. The caller decrefs. */
static inline json_t *vector_file(const char *test, const char *name)
{
    const char *shared = getenv("SKARVA_SHARED");
    char path[4096];
    int n =
        snprintf(path, sizeof path, "%s/vectors/%s", shared != NULL ? shared : "../shared", name);
    json_t *document = n > 0 && (size_t)n < sizeof path ? json_load_file(path, 0, NULL) : NULL;
    if (document == NULL)
        printf("SKIP %s: no vectors at %s\n", test, path);
    fflush(stdout);
    return document;
}

/* A member that must be text, or a number written as text. */
static inline const char *vector_text(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    ck_assert_msg(text != NULL, "the vector has no text \"%s\"", member);
    return text;
}

#endif
