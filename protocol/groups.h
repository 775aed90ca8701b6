/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * groups.h - the groups of contributors that figures are published for, beside all contributors
 * together.
 *
 * Blocks number them: block 0 is all contributors, block 1 + g is group g. A contributor may be in
 * many groups. Contributors that are in the same groups form an atom: every sum or difference of
 * blocks' totals is one of atoms' totals, so if each atom has enough members, no combination of
 * groups isolates fewer.
 *
 * Canonical groups:
 *     u32 n | n x (opaque8 code | opaque16 sv | opaque16 en | u32 n_members | n_members x u32)
 * in the order of display, members as indices in the roster, strictly increasing.
 */
#ifndef SKA_GROUPS_H
#define SKA_GROUPS_H

#include "protocol/roster.h"

#define SKA_GROUPS_MAX 64u
#define SKA_BLOCKS_MAX (1u + SKA_GROUPS_MAX)

struct ska_group {
    char code[SKA_CODE_MAX + 1];
    char sv[SKA_NAME_MAX + 1], en[SKA_NAME_MAX + 1]; /* labels, one line of UTF-8 */
    uint32_t n_members;
    uint32_t *members; /* owned */
};

/* Valid when zeroed: no groups. */
struct ska_groups {
    uint32_t n;
    struct ska_group *at; /* owned */
};

void ska_groups_clear(struct ska_groups *groups);
void ska_groups_encode(struct ska_writer *w, const struct ska_groups *groups);
/* Form only. SKA_E_LIMIT for too many groups or members; SKA_E_ENCODING if members are not strictly
 * increasing; SKA_E_FORMAT, SKA_E_RANGE for a code or label; SKA_E_TRUNCATED, SKA_E_MEMORY. */
enum ska_status ska_groups_decode(struct ska_groups *out, struct ska_reader *r) SKA_MUST_CHECK;

/*
 * Whether the groups may be published for this roster: codes distinct and none "all", members on
 * the roster, at least `min_contributors` in each group, in what is left beside all groups, and in
 * each atom between.
 *
 * SKA_E_CONFLICT (two groups of one code, or of the same members), SKA_E_RANGE, SKA_E_ROSTER;
 * SKA_E_BATCH_SIZE naming the contributors that a combination of groups would leave by themselves;
 * SKA_E_MEMORY.
 */
enum ska_status ska_groups_check(const struct ska_groups *groups, const struct ska_roster *roster,
                                 uint32_t min_contributors, struct ska_error *err) SKA_MUST_CHECK;

/* Whether a contributor is in a block. Precondition: block <= groups->n. */
bool ska_groups_has(const struct ska_groups *groups, uint32_t block, uint32_t contributor);

/* The index of a group by its code, or SKA_NONE. */
uint32_t ska_groups_find(const struct ska_groups *groups, const char *code);

/* The atoms. Owned arrays. Valid when zeroed. */
struct ska_atoms {
    uint32_t n;
    uint64_t *groups;  /* by atom: bit g is set if its members are in group g */
    uint32_t *size;    /* by atom: members, at least 1 */
    uint32_t n_roster; /* contributors */
    uint32_t *of;      /* by contributor: its atom */
};
/* Numbered in the order of their first members on the roster. SKA_E_MEMORY. Time: contributors
 * times atoms. */
enum ska_status ska_atoms_init(struct ska_atoms *out, const struct ska_groups *groups,
                               uint32_t n_roster) SKA_MUST_CHECK;
void ska_atoms_clear(struct ska_atoms *atoms);

/* Whether an atom is part of a block. */
bool ska_atoms_in(const struct ska_atoms *atoms, uint32_t atom, uint32_t block);

/*
 * The groups whose sums are made at all. If few of a group's members handed in, its sum, or a
 * difference with another, would be the figures of fewer than `min_contributors`, and whoever gets
 * sums would see them. So in order of the groups each is kept exactly if among the groups kept so
 * far, and itself, no atom has some but fewer than that many counted contributors. A group that is
 * not kept has no members in `out`: its sums are those of nobody.
 *
 * In:     contributors   indices of the counted ones, n of them; those off the roster are ignored
 * Returns SKA_OK, SKA_E_MEMORY. Time: groups times contributors times log of that.
 */
enum ska_status ska_groups_keep(struct ska_groups *out, const struct ska_groups *groups,
                                uint32_t n_roster, const uint32_t *contributors, size_t n,
                                uint32_t min_contributors) SKA_MUST_CHECK;

#endif
