/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linked_join.h - one linked system of several releases (docs/disclosure-control.md, section 13).
 *
 * A *layer* is a release by itself (linked.h), or the roll-up of a year: the same blocks and cells,
 * whose figures are the sums of the year's parts. Layer 0 is the release that is being made, layer
 * 1 its own roll-up, if it carries one; all others are frozen. Blocks of the joined system, in
 * order:
 *
 *     published blocks of layer 0, of its roll-up; differences of layer 0, of its roll-up; atoms
 *     of layer 0, of its roll-up; then all blocks of each frozen layer
 *
 * Rules: those of each layer over its own figures, without those that have an absent figure; then
 * the links:
 *
 *     of a year       for each published block that has members, and each least block that is not
 *                     published, and each cell that is summed:   sum of its parts - the year = 0
 *     of a correction for each block that both have, of whose contributors m changed or are gone:
 *                     -m bound <= new - old <= m bound, if m is less than either's number of
 *                     contributors
 *
 * The *least* block of an atom is the one with fewest atoms of all that have it. Where a part lacks
 * a block of the year's, those of its least blocks that make it up stand for it.
 */
#ifndef SKA_LINKED_JOIN_H
#define SKA_LINKED_JOIN_H

#include "protocol/bundle.h"
#include "protocol/linked.h"

#define SKA_YEAR_PARTS_MAX 12u
#define SKA_LAYERS_MAX 64u
#define SKA_LAYER_NAME_MAX (SKA_PERIOD_MAX + 20)

struct ska_linked_layer {
    char name[SKA_LAYER_NAME_MAX + 1]; /* "2025Q1.r1", "2025"; "" for layer 0 */
    struct ska_linked *alone;
    bool is_year;
    uint32_t n_parts; /* of a year; each the layer of a release, in order of time */
    uint32_t part[SKA_YEAR_PARTS_MAX];
    const uint8_t *reason; /* of a frozen layer: by figure of `alone` that can be listed, 0: open,
                              or   for a difference's unknown; borrowed while joining; else NULL */
    const uint64_t *total; /* of open published ones; likewise */
    const struct ska_needed *needed; /* of a frozen release: by figure of `alone`, the complements
                                        that it proved to be needed; likewise */
    uint32_t n_needed;
    uint32_t corrects;       /* of a correction: a layer; else SKA_NONE */
    const uint32_t *changed; /* of a correction: by atom, how many of its contributors' figures may
                                differ; borrowed while joining */
};

/*
 * In/out: layers   n of them; their `alone` are taken over on success, and are NULL after that
 * Returns SKA_OK; SKA_E_LIMIT over SKA_LINKED_MAX figures or SKA_LAYERS_MAX layers; SKA_E_MISMATCH
 * if layers are of different layouts or rosters; SKA_E_MEMORY.
 */
enum ska_status ska_linked_join(struct ska_linked **out, struct ska_linked_layer *layers,
                                uint32_t n) SKA_MUST_CHECK;

/* The system of a year by itself, from those of its parts: groups that are kept in all of them. */
enum ska_status ska_linked_new_year(struct ska_linked **out, const struct ska_linked *const *parts,
                                    uint32_t n, const struct ska_policy *policy) SKA_MUST_CHECK;

/* As ska_linked_new, with the groups that are kept given. linked.c */
enum ska_status ska_linked_new_kept(struct ska_linked **out, const struct ska_layout *layout,
                                    const struct ska_policy *policy,
                                    const struct ska_groups *groups, const struct ska_groups *kept,
                                    uint32_t n_roster, const uint32_t *contributors,
                                    size_t n) SKA_MUST_CHECK;

/* Where joining has put everything. Arrays are owned. */
struct ska_linked_joined {
    uint32_t n_layers;
    struct ska_linked_layer *layer; /* each with its `alone`, owned */
    uint32_t *first_block;          /* by layer: where its blocks begin in `block`; n_layers + 1 */
    uint32_t *block;                /* by layer and block of it: the block here */
    uint32_t *layer_of;             /* by block */
    uint32_t *block_in;             /* by block: which it is in its layer */
    uint32_t *same_in; /* by block of a year and part: the part's block of the same members, or
                          SKA_NONE; SKA_YEAR_PARTS_MAX for each block */
    uint8_t *reason;   /* by figure: frozen ones; 0 for others */
    uint64_t *total;   /* likewise */
    struct ska_needed *needed; /* figures of frozen layers: in which runs they are proven to be */
    uint32_t n_needed;
    bool *is_absent;      /* by figure */
    bool *is_told;        /* by figure: the same as a frozen one */
    uint32_t *rule_layer; /* by rule: its layer, and which it is there; SKA_NONE for a link */
    uint32_t *rule_in;
};
void ska_linked_joined_free(struct ska_linked_joined *j);
void ska_linked_joined_code(char *out, size_t size, const struct ska_linked *linked,
                            uint32_t figure);
void ska_linked_joined_rule_name(char *out, size_t size, const struct ska_linked *linked,
                                 uint32_t rule, bool swedish);

#endif
