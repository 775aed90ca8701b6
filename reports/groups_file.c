/* SPDX-License-Identifier: EUPL-1.2 */
/* groups_file.c - groups of contributors from JSON. */
#include "reports/groups_file.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

void groups_file_clear(struct groups_file *file)
{
    if (file == NULL)
        return;
    ska_groups_clear(&file->groups);
    free(file->tiles);
    *file = (struct groups_file){0};
}

/* Where something is wrong. */
struct place {
    const char *path; /* of the file */
    uint32_t group;   /* index */
    const struct ska_roster *roster;
    struct ska_error *err;
};

static enum ska_status fault(const struct place *at, enum ska_status status, const char *field,
                             const char *what)
{
    return ska_fail(at->err, status, "%s: groups[%u].%s: %s", at->path, at->group, field, what);
}

/* Only these fields. */
static const char *unknown_field(json_t *object, const char *const *known, size_t n)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (i < n && strcmp(known[i], name) != 0)
            i++;
        if (i == n)
            return name;
    }
    return NULL;
}

static enum ska_status read_label(char out[static SKA_NAME_MAX + 1], const json_t *label,
                                  const char *language, const struct place *at)
{
    const json_t *text = json_object_get(label, language);
    const char *string = json_string_value(text);
    size_t len = json_string_length(text);
    if (string == NULL || len == 0 || strlen(string) != len ||
        ska_text_check(string, len, SKA_NAME_MAX) != SKA_OK)
        return fault(
            at, SKA_E_FORMAT, "label",
            tr("ska ha sv och en, var sin rad text", "needs sv and en, a line of text each"));
    memcpy(out, string, len + 1);
    return SKA_OK;
}

static int compare_members(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static enum ska_status read_members(struct ska_group *group, const json_t *members,
                                    const struct place *at)
{
    size_t n = json_array_size(members);
    if (n == 0)
        return fault(at, SKA_E_FORMAT, "members",
                     tr("ska vara en lista med uppgiftslämnares koder",
                        "must be a list of contributors' codes"));
    if (n > at->roster->n)
        return fault(at, SKA_E_LIMIT, "members",
                     tr("fler än det finns uppgiftslämnare", "more than there are contributors"));
    group->members = ska_alloc(n, sizeof *group->members);
    if (group->members == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const char *code = json_string_value(json_array_get(members, i));
        uint32_t found = code != NULL ? ska_roster_find(at->roster, code) : SKA_NONE;
        if (found == SKA_NONE)
            return ska_fail(at->err, SKA_E_ROSTER,
                            tr("%s: groups[%u].members[%zu]: %s är ingen uppgiftslämnare i "
                               "insamlingen",
                               "%s: groups[%u].members[%zu]: %s is no contributor of the "
                               "collection"),
                            at->path, at->group, i, code != NULL ? code : "?");
        group->members[group->n_members++] = found;
    }
    qsort(group->members, n, sizeof *group->members, compare_members);
    for (size_t i = 1; i < n; i++)
        if (group->members[i - 1] == group->members[i])
            return ska_fail(at->err, SKA_E_CONFLICT,
                            tr("%s: groups[%u].members: %s står två gånger",
                               "%s: groups[%u].members: %s stands twice"),
                            at->path, at->group, at->roster->at[group->members[i]].code);
    return SKA_OK;
}

static enum ska_status read_tile(int32_t tile[2], const json_t *json, const struct place *at)
{
    tile[0] = tile[1] = -1;
    if (json == NULL)
        return SKA_OK;
    for (size_t i = 0; i < 2; i++) {
        const json_t *number = json_array_get(json, i);
        json_int_t value = json_integer_value(number);
        if (json_array_size(json) != 2 || !json_is_integer(number) || value < 0 ||
            value >= GROUPS_TILE_MAX)
            return fault(at, SKA_E_RANGE, "tile",
                         tr("ska vara [kolumn, rad], från 0 till 99",
                            "must be [column, row], from 0 to 99"));
        tile[i] = (int32_t)value;
    }
    return SKA_OK;
}

static enum ska_status read_group(struct ska_group *group, int32_t tile[2], json_t *json,
                                  const struct place *at)
{
    static const char *const known[] = {"code", "label", "members", "tile"};
    const char *stranger = unknown_field(json, known, 4);
    if (stranger != NULL)
        return fault(at, SKA_E_FORMAT, stranger, tr("okänt fält", "unknown field"));
    const json_t *code_json = json_object_get(json, "code");
    const char *code = json_string_value(code_json);
    if (code == NULL || ska_code_check(code, json_string_length(code_json)) != SKA_OK)
        return fault(at, SKA_E_FORMAT, "code", "1-32 A-Z a-z 0-9 _ -");
    memcpy(group->code, code, strlen(code) + 1); /* as long as a code, checked above */
    const json_t *label = json_object_get(json, "label");
    SKA_TRY(read_label(group->sv, label, "sv", at));
    SKA_TRY(read_label(group->en, label, "en", at));
    SKA_TRY(read_members(group, json_object_get(json, "members"), at));
    return read_tile(tile, json_object_get(json, "tile"), at);
}

enum ska_status groups_file_parse(struct groups_file *out, struct ska_slice json, const char *path,
                                  const struct ska_roster *roster, struct ska_error *err)
{
    static const char *const known[] = {"skarva_groups", "groups"};
    json_error_t fault_at;
    SKA_SCOPED(json_release)
    json_t *root = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, &fault_at);
    if (root == NULL)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: rad %d: %s", "%s: line %d: %s"), path,
                        fault_at.line, fault_at.text);
    const char *stranger = unknown_field(root, known, 2);
    const json_t *list = json_object_get(root, "groups");
    size_t n = json_array_size(list);
    if (json_integer_value(json_object_get(root, "skarva_groups")) != 1)
        return ska_fail(err, SKA_E_VERSION, "%s: skarva_groups: 1", path);
    if (stranger != NULL)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: %s: okänt fält", "%s: %s: unknown field"), path,
                        stranger);
    if (n == 0 || n > SKA_GROUPS_MAX)
        return ska_fail(err, SKA_E_LIMIT,
                        tr("%s: groups: ska vara en lista med 1 till %u grupper",
                           "%s: groups: must be a list of 1 to %u groups"),
                        path, SKA_GROUPS_MAX);
    SKA_SCOPED(groups_file_clear) struct groups_file file = {0};
    file.groups.at = ska_alloc(n, sizeof *file.groups.at);
    file.tiles = ska_alloc(n, sizeof *file.tiles);
    if (file.groups.at == NULL || file.tiles == NULL)
        return SKA_E_MEMORY;
    for (file.groups.n = 0; file.groups.n < n;) {
        struct place at = {path, file.groups.n, roster, err};
        uint32_t g = file.groups.n++; /* cleared with the rest, also if half read */
        SKA_TRY(read_group(&file.groups.at[g], file.tiles[g], json_array_get(list, g), &at));
    }
    *out = file;
    file = (struct groups_file){0};
    return SKA_OK;
}
