/* SPDX-License-Identifier: EUPL-1.2 */
/* linked_join_part.h - what the files of linked_join.h share. */
#ifndef SKA_LINKED_JOIN_PART_H
#define SKA_LINKED_JOIN_PART_H

#include "protocol/linked_join.h"

/* The block of `in` that has the members of a block of `of`, or SKA_NONE. */
uint32_t ska_linked_find_same(const struct ska_linked *in, const struct ska_linked *of,
                              uint32_t block);
/* The least block of an atom, or SKA_NONE (in none: never, all contributors are a block). */
uint32_t ska_linked_find_least(const struct ska_linked *l, uint32_t atom);

/* Rules of the layers, and links. linked_join_rules.c */
enum ska_status ska_linked_join_rules(struct ska_linked *l) SKA_MUST_CHECK;

#endif
