/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue_part.h - what the files catalogue*.c share: where in a catalogue a fault is, the checks
 * both readers end with, and words compared without case.
 */
#ifndef SKA_PROTOCOL_CATALOGUE_PART_H
#define SKA_PROTOCOL_CATALOGUE_PART_H

#include "protocol/catalogue.h"

#define CATALOGUE_PATH_MAX 240

/*
 * The place being read or checked, as a path ("indicators[3].bound"), and how to tell about it.
 * Valid when zeroed: at the top, no text to find lines in, nobody to tell.
 */
struct catalogue_place {
    const char *json; /* borrowed; NULL if the catalogue did not come from JSON */
    size_t json_len;
    struct ska_error *err; /* may be NULL */
    size_t path_len;
    char path[CATALOGUE_PATH_MAX + 1];
};

/* Go into a field, or into an element of the current field; both return what catalogue_leave wants.
 * A path that grows too long is cut, which loses nothing but its end in an error text. */
size_t catalogue_enter(struct catalogue_place *at, const char *field);
size_t catalogue_enter_index(struct catalogue_place *at, size_t index);
void catalogue_leave(struct catalogue_place *at, size_t mark);

/* Tell of a fault here: "line 41, indicators[3].bound: ..." (without the line if there is no JSON
 * text). Returns `status`. */
enum ska_status catalogue_fault(const struct catalogue_place *at, enum ska_status status,
                                const char *format, ...) SKA_PRINTF(3, 4);

/*
 * Line, counted from 1, of the value that `path` names in a JSON text that parses, or of the
 * innermost value on the way to it if it is not there. Object keys are compared as they are
 * written, without resolving escapes. Time: linear in the text; no recursion.
 */
size_t catalogue_line(const char *json, size_t len, const char *path);

/* Whether a decoded or parsed catalogue makes sense as a whole: lengths, codes, texts, references,
 * nothing claimed twice. Tells the first fault. */
enum ska_status catalogue_check(struct catalogue_place *at,
                                const struct ska_catalogue *c) SKA_MUST_CHECK;
/* Its second half: do record kinds, indicators and rules refer to things that exist? */
enum ska_status catalogue_check_records(struct catalogue_place *at,
                                        const struct ska_catalogue *c) SKA_MUST_CHECK;
enum ska_status catalogue_check_rules(struct catalogue_place *at,
                                      const struct ska_catalogue *c) SKA_MUST_CHECK;
/* A list of words is small enough, each is a valid text, none empty unless allowed. */
enum ska_status catalogue_check_strings(struct catalogue_place *at, const char *field,
                                        const struct ska_strings *strings) SKA_MUST_CHECK;
enum ska_status catalogue_check_code(struct catalogue_place *at, const char *code) SKA_MUST_CHECK;
enum ska_status catalogue_check_text(struct catalogue_place *at, const char *field,
                                     const struct ska_text *text, bool required) SKA_MUST_CHECK;

/* Words claimed by elements of a list, to find one claimed by two. Valid when zeroed. */
struct catalogue_claims {
    size_t n, capacity;
    struct catalogue_claim *at; /* owned */
};
void catalogue_claims_clear(struct catalogue_claims *claims);
/* `owner` says `word`. SKA_E_MEMORY. */
enum ska_status catalogue_claim(struct catalogue_claims *claims, const char *word,
                                size_t owner) SKA_MUST_CHECK;
/* SKA_E_CONFLICT at element `*owner` with the word it shares with an earlier one (which may be
 * itself only once). */
enum ska_status catalogue_claims_check(struct catalogue_place *at,
                                       struct catalogue_claims *claims) SKA_MUST_CHECK;

#endif
