/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_json.h - reading single fields of the JSON form: each function takes object[key],
 * checks it, and on failure tells the fault at its place.
 *
 * The place is left as it was on success, and at the fault on failure. Outputs that own memory are
 * whatever was read so far, for the caller's release.
 */
#ifndef SKA_PROTOCOL_CATALOGUE_JSON_H
#define SKA_PROTOCOL_CATALOGUE_JSON_H

#include <jansson.h>

#include "protocol/catalogue_part.h"

/* `object` is one, and has only the fields that are named here, separated by spaces. */
enum ska_status catalogue_check_keys(struct catalogue_place *at, json_t *object,
                                     const char *allowed) SKA_MUST_CHECK;

/* A field that must be there, of any type. Out: *value, borrowed from `object`. */
enum ska_status catalogue_need(json_t **value, struct catalogue_place *at, const json_t *object,
                               const char *key) SKA_MUST_CHECK;

/* A text of at most SKA_CODE_MAX bytes; whether it is a valid code is catalogue_check's business.
 */
enum ska_status catalogue_take_code(char out[static SKA_CODE_MAX + 1], struct catalogue_place *at,
                                    const json_t *object, const char *key) SKA_MUST_CHECK;

/* {"sv": ..., "en": ...}; an optional text that is missing is empty in both languages. */
enum ska_status catalogue_take_text(struct ska_text *out, struct catalogue_place *at,
                                    const json_t *object, const char *key,
                                    bool required) SKA_MUST_CHECK;

enum ska_status catalogue_take_bool(bool *out, struct catalogue_place *at, const json_t *object,
                                    const char *key, bool otherwise) SKA_MUST_CHECK;

enum ska_status catalogue_take_integer(int64_t *out, struct catalogue_place *at,
                                       const json_t *object, const char *key, int64_t min,
                                       int64_t max) SKA_MUST_CHECK;

/* A name and what it stands for; a table of them ends with a NULL name. */
struct catalogue_choice {
    const char *name;
    int value;
};
enum ska_status catalogue_take_choice(int *out, struct catalogue_place *at, const json_t *object,
                                      const char *key,
                                      const struct catalogue_choice *choices) SKA_MUST_CHECK;

/* An optional list of texts. */
enum ska_status catalogue_take_strings(struct ska_strings *out, struct catalogue_place *at,
                                       const json_t *object, const char *key) SKA_MUST_CHECK;

/* A list that `take` reads element by element into zeroed memory of `size` bytes each. */
struct catalogue_list_form {
    const char *key;
    size_t size, max;
    bool may_be_empty;
    enum ska_status (*take)(void *element, struct catalogue_place *at, struct ska_catalogue *c,
                            json_t *object);
};

enum ska_status catalogue_take_list(void **elements, size_t *n, struct catalogue_place *at,
                                    struct ska_catalogue *c, const json_t *object,
                                    const struct catalogue_list_form *form) SKA_MUST_CHECK;

#endif
