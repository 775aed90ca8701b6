/* SPDX-License-Identifier: EUPL-1.2 */
/* groups.c - groups of contributors, their canonical bytes, and what a combination of them
 * isolates. */
#include "protocol/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"

#define GROUP_BYTES_MIN (1 + 1 + 2 + 1 + 2 + 1 + 4)

_Static_assert(SKA_GROUPS_MAX <= 64, "an atom keeps its groups as bits of 64");

void ska_groups_clear(struct ska_groups *groups)
{
    if (groups == NULL)
        return;
    for (uint32_t g = 0; g < groups->n; g++)
        free(groups->at[g].members);
    free(groups->at);
    *groups = (struct ska_groups){0};
}

void ska_groups_encode(struct ska_writer *w, const struct ska_groups *groups)
{
    ska_write_u32(w, groups->n);
    for (uint32_t g = 0; g < groups->n; g++) {
        const struct ska_group *group = &groups->at[g];
        ska_write_string8(w, group->code);
        ska_write_string16(w, group->sv);
        ska_write_string16(w, group->en);
        ska_write_u32(w, group->n_members);
        for (uint32_t i = 0; i < group->n_members; i++)
            ska_write_u32(w, group->members[i]);
    }
}

static enum ska_status read_members(struct ska_group *group, struct ska_reader *r)
{
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, r));
    if (n > SKA_CONTRIBUTORS_MAX)
        return SKA_E_LIMIT;
    if (n > r->left / 4)
        return SKA_E_TRUNCATED; /* before anything is allocated for it */
    if (n == 0)
        return SKA_E_RANGE;
    group->members = ska_alloc(n, sizeof *group->members);
    if (group->members == NULL)
        return SKA_E_MEMORY;
    group->n_members = n;
    for (uint32_t i = 0; i < n; i++) {
        SKA_TRY(ska_read_u32(&group->members[i], r));
        if (i > 0 && group->members[i - 1] >= group->members[i])
            return SKA_E_ENCODING;
    }
    return SKA_OK;
}

static enum ska_status read_group(struct ska_group *group, struct ska_reader *r)
{
    SKA_TRY(ska_read_code(group->code, r));
    SKA_TRY(ska_read_text16(group->sv, r, SKA_NAME_MAX));
    SKA_TRY(ska_read_text16(group->en, r, SKA_NAME_MAX));
    if (group->sv[0] == '\0' || group->en[0] == '\0')
        return SKA_E_RANGE;
    return read_members(group, r);
}

enum ska_status ska_groups_decode(struct ska_groups *out, struct ska_reader *r)
{
    struct ska_reader inner = *r;
    SKA_SCOPED(ska_groups_clear) struct ska_groups groups = {0};
    uint32_t n;
    SKA_TRY(ska_read_u32(&n, &inner));
    if (n > SKA_GROUPS_MAX)
        return SKA_E_LIMIT;
    if (n > inner.left / GROUP_BYTES_MIN)
        return SKA_E_TRUNCATED;
    if (n > 0) {
        groups.at = ska_alloc(n, sizeof *groups.at);
        if (groups.at == NULL)
            return SKA_E_MEMORY;
        groups.n = n;
    }
    for (uint32_t g = 0; g < n; g++)
        SKA_TRY(read_group(&groups.at[g], &inner));
    *out = groups;
    groups = (struct ska_groups){0};
    *r = inner;
    return SKA_OK;
}

bool ska_groups_has(const struct ska_groups *groups, uint32_t block, uint32_t contributor)
{
    if (block == 0)
        return true;
    const struct ska_group *group = &groups->at[block - 1];
    uint32_t low = 0;
    uint32_t high = group->n_members;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (group->members[middle] == contributor)
            return true;
        if (group->members[middle] < contributor)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

uint32_t ska_groups_find(const struct ska_groups *groups, const char *code)
{
    for (uint32_t g = 0; g < groups->n; g++)
        if (strcmp(groups->at[g].code, code) == 0)
            return g;
    return SKA_NONE;
}

/* Atoms --------------------------------------------------------------------------------------- */

void ska_atoms_clear(struct ska_atoms *atoms)
{
    if (atoms == NULL)
        return;
    free(atoms->groups);
    free(atoms->size);
    free(atoms->of);
    *atoms = (struct ska_atoms){0};
}

static uint64_t groups_of(const struct ska_groups *groups, uint32_t contributor)
{
    uint64_t bits = 0;
    for (uint32_t g = 0; g < groups->n; g++)
        if (ska_groups_has(groups, g + 1, contributor))
            bits |= UINT64_C(1) << g;
    return bits;
}

enum ska_status ska_atoms_init(struct ska_atoms *out, const struct ska_groups *groups,
                               uint32_t n_roster)
{
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {.n_roster = n_roster};
    if (n_roster > 0) {
        atoms.groups = ska_alloc(n_roster, sizeof *atoms.groups);
        atoms.size = ska_alloc(n_roster, sizeof *atoms.size);
        atoms.of = ska_alloc(n_roster, sizeof *atoms.of);
        if (atoms.groups == NULL || atoms.size == NULL || atoms.of == NULL)
            return SKA_E_MEMORY;
    }
    for (uint32_t i = 0; i < n_roster; i++) {
        uint64_t bits = groups_of(groups, i);
        uint32_t a = 0;
        while (a < atoms.n && atoms.groups[a] != bits)
            a++;
        if (a == atoms.n)
            atoms.groups[atoms.n++] = bits;
        atoms.size[a]++;
        atoms.of[i] = a;
    }
    *out = atoms;
    atoms = (struct ska_atoms){0};
    return SKA_OK;
}

bool ska_atoms_in(const struct ska_atoms *atoms, uint32_t atom, uint32_t block)
{
    return block == 0 || (atoms->groups[atom] >> (block - 1) & 1) != 0;
}

/* What is summed ------------------------------------------------------------------------------ */

static int compare_bits(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Whether among the groups of `mask` each atom with a counted contributor has at least `least`.
 * bits: of each counted contributor its groups; sorted: room for as many. */
static bool are_enough(uint64_t *sorted, const uint64_t *bits, size_t n, uint64_t mask,
                       uint32_t least)
{
    for (size_t i = 0; i < n; i++)
        sorted[i] = bits[i] & mask;
    qsort(sorted, n, sizeof *sorted, compare_bits);
    for (size_t i = 0, from = 0; i < n; i++) {
        if (i + 1 < n && sorted[i + 1] == sorted[i])
            continue;
        if (i + 1 - from < least)
            return false;
        from = i + 1;
    }
    return true;
}

/* The same group, without its members unless it is kept. */
static enum ska_status copy_group(struct ska_group *out, const struct ska_group *group,
                                  bool is_kept)
{
    *out = *group;
    out->members = NULL;
    out->n_members = 0;
    if (!is_kept || group->n_members == 0)
        return SKA_OK;
    out->members = ska_alloc(group->n_members, sizeof *out->members);
    if (out->members == NULL)
        return SKA_E_MEMORY;
    out->n_members = group->n_members;
    memcpy(out->members, group->members, group->n_members * sizeof *out->members);
    return SKA_OK;
}

enum ska_status ska_groups_keep(struct ska_groups *out, const struct ska_groups *groups,
                                uint32_t n_roster, const uint32_t *contributors, size_t n,
                                uint32_t min_contributors)
{
    SKA_SCOPED(ska_groups_clear) struct ska_groups kept = {0};
    SKA_SCOPED(ska_scoped_free) uint64_t *bits = ska_alloc(n + 1, sizeof *bits);
    SKA_SCOPED(ska_scoped_free) uint64_t *sorted = ska_alloc(n + 1, sizeof *sorted);
    kept.at = ska_alloc((size_t)groups->n + 1, sizeof *kept.at);
    if (bits == NULL || sorted == NULL || kept.at == NULL)
        return SKA_E_MEMORY;
    size_t n_counted = 0;
    for (size_t i = 0; i < n; i++)
        if (contributors[i] < n_roster)
            bits[n_counted++] = groups_of(groups, contributors[i]);
    uint64_t mask = 0;
    for (uint32_t g = 0; g < groups->n; g++) {
        uint64_t with = mask | UINT64_C(1) << g;
        bool is_kept = are_enough(sorted, bits, n_counted, with, min_contributors);
        mask = is_kept ? with : mask;
        SKA_TRY(copy_group(&kept.at[g], &groups->at[g], is_kept));
        kept.n = g + 1;
    }
    *out = kept;
    kept = (struct ska_groups){0};
    return SKA_OK;
}

/* What may be published ----------------------------------------------------------------------- */

static enum ska_status check_group(const struct ska_groups *groups, uint32_t g,
                                   const struct ska_roster *roster, uint32_t min_contributors,
                                   struct ska_error *err)
{
    const struct ska_group *group = &groups->at[g];
    if (strcmp(group->code, "all") == 0)
        return ska_fail(err, SKA_E_CONFLICT, "groups: the code all means every contributor");
    if (group->n_members > 0 && group->members[group->n_members - 1] >= roster->n)
        return ska_fail(err, SKA_E_ROSTER, "group %s: a member is not on the roster", group->code);
    if (group->n_members < min_contributors)
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        "group %s has %u contributors; to be published it needs at least %u",
                        group->code, group->n_members, min_contributors);
    if (group->n_members == roster->n)
        return ska_fail(err, SKA_E_CONFLICT, "group %s is the whole roster", group->code);
    for (uint32_t other = 0; other < g; other++) {
        const struct ska_group *before = &groups->at[other];
        if (strcmp(before->code, group->code) == 0)
            return ska_fail(err, SKA_E_CONFLICT, "two groups have the code %s", group->code);
        if (before->n_members == group->n_members &&
            memcmp(before->members, group->members, group->n_members * sizeof *group->members) == 0)
            return ska_fail(err, SKA_E_CONFLICT, "groups %s and %s have the same members",
                            before->code, group->code);
    }
    return SKA_OK;
}

/* The members of an atom, for people: "2303, 2305". */
static void name_members(char *out, size_t size, const struct ska_atoms *atoms, uint32_t atom,
                         const struct ska_roster *roster)
{
    size_t at = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < atoms->n_roster && at < size; i++) {
        if (atoms->of[i] != atom)
            continue;
        int n = snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "", roster->at[i].code);
        at += n > 0 ? (size_t)n : 0;
    }
}

enum ska_status ska_groups_check(const struct ska_groups *groups, const struct ska_roster *roster,
                                 uint32_t min_contributors, struct ska_error *err)
{
    if (groups->n > SKA_GROUPS_MAX)
        return ska_fail(err, SKA_E_LIMIT, "groups: %u, at most %u", groups->n, SKA_GROUPS_MAX);
    for (uint32_t g = 0; g < groups->n; g++)
        SKA_TRY(check_group(groups, g, roster, min_contributors, err));
    if (groups->n == 0)
        return SKA_OK;
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {0};
    SKA_TRY(ska_atoms_init(&atoms, groups, roster->n));
    for (uint32_t a = 0; a < atoms.n; a++) {
        if (atoms.size[a] >= min_contributors)
            continue;
        char names[120];
        name_members(names, sizeof names, &atoms, a, roster);
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        "groups: only %s are in the same groups, so differences between groups "
                        "could show the figures of fewer than %u contributors; let them share "
                        "their groups with others",
                        names, min_contributors);
    }
    return SKA_OK;
}
