/* SPDX-License-Identifier: EUPL-1.2 */
/* catalogue_json_value.c - single fields of a catalogue's JSON form. */
#include "protocol/catalogue_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- single values ---------------------------------------------------------------------------- */

/* The object may only have these keys (space-separated). */
enum ska_status catalogue_check_keys(struct catalogue_place *at, json_t *object,
                                     const char *allowed)
{
    if (!json_is_object(object))
        return catalogue_fault(at, SKA_E_FORMAT, "must be an object { }");
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        size_t len = strlen(key);
        const char *found = len > 0 && strchr(key, ' ') == NULL ? allowed : NULL;
        while (found != NULL) {
            found = strstr(found, key);
            if (found == NULL)
                break;
            bool starts = found == allowed || found[-1] == ' ';
            bool ends = found[len] == ' ' || found[len] == '\0';
            if (starts && ends)
                break;
            found++;
        }
        if (found == NULL) {
            catalogue_enter(at, key);
            return catalogue_fault(at, SKA_E_FORMAT, "unknown field; known here are: %s", allowed);
        }
    }
    return SKA_OK;
}

/* A field that must be there. */
enum ska_status catalogue_need(json_t **value, struct catalogue_place *at, const json_t *object,
                               const char *key)
{
    *value = json_object_get(object, key);
    if (*value != NULL)
        return SKA_OK;
    catalogue_enter(at, key);
    return catalogue_fault(at, SKA_E_FORMAT, "is missing");
}

/* A string as fresh heap memory. */
static enum ska_status copy_string(char **out, struct catalogue_place *at, const json_t *value)
{
    if (!json_is_string(value))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a text in quotes");
    size_t len = json_string_length(value);
    if (len > SKA_TEXT_MAX)
        return catalogue_fault(at, SKA_E_LIMIT, "is longer than %d bytes", SKA_TEXT_MAX);
    char *copy = malloc(len + 1);
    if (copy == NULL)
        return SKA_E_MEMORY;
    memcpy(copy, json_string_value(value), len);
    copy[len] = '\0';
    *out = copy;
    return SKA_OK;
}

static enum ska_status take_name(char *out, size_t max, struct catalogue_place *at,
                                 const json_t *object, const char *key)
{
    json_t *value = NULL;
    SKA_TRY(catalogue_need(&value, at, object, key));
    size_t mark = catalogue_enter(at, key);
    if (!json_is_string(value))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a text in quotes");
    size_t len = json_string_length(value);
    if (len > max)
        return catalogue_fault(at, SKA_E_LIMIT, "is longer than %zu bytes", max);
    memcpy(out, json_string_value(value), len);
    out[len] = '\0';
    catalogue_leave(at, mark);
    return SKA_OK;
}

enum ska_status catalogue_take_code(char out[static SKA_CODE_MAX + 1], struct catalogue_place *at,
                                    const json_t *object, const char *key)
{
    return take_name(out, SKA_CODE_MAX, at, object, key);
}

/* {"sv": ..., "en": ...}; an optional text that is missing is empty in both languages. */
enum ska_status catalogue_take_text(struct ska_text *out, struct catalogue_place *at,
                                    const json_t *object, const char *key, bool required)
{
    json_t *value = json_object_get(object, key);
    if (value == NULL && !required) {
        out->sv = calloc(1, 1);
        out->en = calloc(1, 1);
        return out->sv != NULL && out->en != NULL ? SKA_OK : SKA_E_MEMORY;
    }
    SKA_TRY(catalogue_need(&value, at, object, key));
    size_t mark = catalogue_enter(at, key);
    SKA_TRY(catalogue_check_keys(at, value, "sv en"));
    json_t *language = NULL;
    SKA_TRY(catalogue_need(&language, at, value, "sv"));
    size_t inner = catalogue_enter(at, "sv");
    SKA_TRY(copy_string(&out->sv, at, language));
    catalogue_leave(at, inner);
    SKA_TRY(catalogue_need(&language, at, value, "en"));
    catalogue_enter(at, "en");
    SKA_TRY(copy_string(&out->en, at, language));
    catalogue_leave(at, mark);
    return SKA_OK;
}

enum ska_status catalogue_take_bool(bool *out, struct catalogue_place *at, const json_t *object,
                                    const char *key, bool otherwise)
{
    const json_t *value = json_object_get(object, key);
    *out = value == NULL ? otherwise : json_is_true(value);
    if (value == NULL || json_is_boolean(value))
        return SKA_OK;
    catalogue_enter(at, key);
    return catalogue_fault(at, SKA_E_FORMAT, "must be true or false");
}

enum ska_status catalogue_take_integer(int64_t *out, struct catalogue_place *at,
                                       const json_t *object, const char *key, int64_t min,
                                       int64_t max)
{
    json_t *value = NULL;
    SKA_TRY(catalogue_need(&value, at, object, key));
    size_t mark = catalogue_enter(at, key);
    if (!json_is_integer(value))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a whole number");
    int64_t number = json_integer_value(value);
    if (number < min || number > max)
        return catalogue_fault(at, SKA_E_RANGE, "must be from %" PRId64 " to %" PRId64, min, max);
    catalogue_leave(at, mark);
    *out = number;
    return SKA_OK;
}

enum ska_status catalogue_take_choice(int *out, struct catalogue_place *at, const json_t *object,
                                      const char *key, const struct catalogue_choice *choices)
{
    char name[SKA_CODE_MAX + 1] = "";
    SKA_TRY(catalogue_take_code(name, at, object, key));
    for (const struct catalogue_choice *c = choices; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0) {
            *out = c->value;
            return SKA_OK;
        }
    }
    catalogue_enter(at, key);
    char known[160] = "";
    size_t len = 0;
    for (const struct catalogue_choice *c = choices; c->name != NULL; c++) {
        size_t n = strlen(c->name);
        memcpy(known + len, c->name, n);
        memcpy(known + len + n, ", ", 3);
        len += n + 2;
    }
    known[len - 2] = '\0';
    return catalogue_fault(at, SKA_E_FORMAT, "must be one of %s", known);
}

/* --- lists ------------------------------------------------------------------------------------ */

/* An optional list of texts. */
enum ska_status catalogue_take_strings(struct ska_strings *out, struct catalogue_place *at,
                                       const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);
    if (list == NULL)
        return SKA_OK;
    size_t mark = catalogue_enter(at, key);
    if (!json_is_array(list))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a list [ ] of texts");
    size_t n = json_array_size(list);
    if (n > SKA_STRINGS_MAX)
        return catalogue_fault(at, SKA_E_LIMIT, "has more than %d texts", SKA_STRINGS_MAX);
    char **texts = n > 0 ? ska_alloc(n, sizeof *texts) : NULL;
    if (n > 0 && texts == NULL)
        return SKA_E_MEMORY;
    *out = (struct ska_strings){.n = n, .at = texts};
    for (size_t i = 0; i < n; i++) {
        size_t inner = catalogue_enter_index(at, i);
        char *text = NULL;
        enum ska_status status = copy_string(&text, at, json_array_get(list, i));
        texts[i] = text;
        SKA_TRY(status);
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}

/* Out: *elements, *n set as soon as there is memory, so that the caller's release finds what was
 * read before a failure. The place is left in the failing element. */
enum ska_status catalogue_take_list(void **elements, size_t *n, struct catalogue_place *at,
                                    struct ska_catalogue *c, const json_t *object,
                                    const struct catalogue_list_form *form)
{
    json_t *list = json_object_get(object, form->key);
    if (list == NULL && form->may_be_empty)
        return SKA_OK;
    SKA_TRY(catalogue_need(&list, at, object, form->key));
    size_t mark = catalogue_enter(at, form->key);
    if (!json_is_array(list))
        return catalogue_fault(at, SKA_E_FORMAT, "must be a list [ ]");
    size_t count = json_array_size(list);
    if (count == 0 && !form->may_be_empty)
        return catalogue_fault(at, SKA_E_FORMAT, "must not be empty");
    if (count > form->max)
        return catalogue_fault(at, SKA_E_LIMIT, "has more than %zu elements", form->max);
    if (count > 0) {
        *elements = ska_alloc(count, form->size);
        if (*elements == NULL)
            return SKA_E_MEMORY;
        *n = count;
    }
    for (size_t i = 0; i < count; i++) {
        size_t inner = catalogue_enter_index(at, i);
        SKA_TRY(form->take((uint8_t *)*elements + i * form->size, at, c, json_array_get(list, i)));
        catalogue_leave(at, inner);
    }
    catalogue_leave(at, mark);
    return SKA_OK;
}
