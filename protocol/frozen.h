/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frozen.h - an earlier release, as its bundle has it, and the linked system of a release with
 * those it is linked with (docs/disclosure-control.md, section 13).
 *
 * What is read here is what both signers of that release vouch for; that it is right is for an
 * audit of its own bundle to say.
 */
#ifndef SKA_FROZEN_H
#define SKA_FROZEN_H

#include "protocol/earlier.h"
#include "protocol/linked_join.h"
#include "protocol/release.h"
#include "protocol/revision.h"

/* Valid when zeroed. Owned but for `archive`. */
struct ska_frozen {
    struct ska_slice archive; /* borrowed */
    uint8_t sha256[32];       /* of it */
    struct ska_bundle_file *files;
    size_t n_files;
    struct ska_task *task;
    struct ska_accepted accepted;
    uint32_t *counted;
    size_t n_counted;
    struct ska_release release; /* borrows */
    struct ska_earlier_list list;
    bool has_year;
    uint32_t n_hidden;
    struct ska_hidden_cell *hidden;
    uint32_t n_needed;
    struct ska_needed *needed; /* complements that it proved to be needed */
    uint64_t *total;           /* by published figure, the year's behind: of open ones */
    uint32_t *changed;         /* by atom; NULL unless it is a correction that is linked */
};
void ska_frozen_clear(struct ska_frozen *f);

/* Take a bundle apart and check that its release is over its files; neither signatures nor figures.
 * `changed` is filled by ska_frozen_link. What decoding gives; SKA_E_MISMATCH; SKA_E_RANGE. */
enum ska_status ska_frozen_read(struct ska_frozen *out, struct ska_slice archive,
                                struct ska_error *err) SKA_MUST_CHECK;
/* The signatures of its release. SKA_E_SIGNATURE. */
enum ska_status ska_frozen_verify(const struct ska_frozen *f, const uint8_t publisher[static 32],
                                  const uint8_t second[static 32]) SKA_MUST_CHECK;

/* A file of the bundle by its name; empty if there is none. */
struct ska_slice ska_frozen_file(const struct ska_frozen *f, const char *name);

/* Whether two tasks can be linked: of one collection, publisher, cadence and year, with the same
 * catalogue, groups and policy, and the same contributors' codes in the same order. SKA_E_MEMORY.
 */
enum ska_status ska_frozen_are_alike(bool *out, const struct ska_task *a,
                                     const struct ska_task *b) SKA_MUST_CHECK;

/* Fill `changed` of corrections, from what stands before them in the list. SKA_E_NOT_FOUND if that
 * is not in it; what decoding changes gives. */
enum ska_status ska_frozen_link(struct ska_frozen *frozen, uint32_t n) SKA_MUST_CHECK;

/*
 * Who is a year's parts: by part the index in `frozen`, or n for `task` itself. Returns false if a
 * part is missing, if the cadence is a year, or if nothing is to be added up. Of a period the
 * highest revision counts.
 */
bool ska_year_parts(uint32_t part[static SKA_YEAR_PARTS_MAX], uint32_t *n_parts,
                    const struct ska_task *task, const struct ska_frozen *frozen, uint32_t n);

/* Whether a release that comes after the first n of `frozen` is linked with them: it or one of them
 * carries a roll-up, or it corrects one of them. Then they are all in its list. */
bool ska_earlier_is_linked(const struct ska_task *task, const struct ska_frozen *frozen,
                           uint32_t n);

/* What a task corrects, among those released before it; NULL if it is not there, or corrects
 * nothing. */
const struct ska_frozen *ska_frozen_corrected(const struct ska_task *task,
                                              const struct ska_frozen *frozen, uint32_t n);

/* What the linked system of a release is made from. All borrowed. */
struct ska_release_figures {
    const struct ska_task *task;
    const uint32_t *counted;
    size_t n_counted;
    const struct ska_frozen *frozen; /* its list, in order */
    uint32_t n_frozen;
    const uint32_t *changed; /* of a correction that is linked: by atom, how many changed */
};
/* Out: linked, by itself if nothing is frozen; has_year (may be NULL). SKA_E_NOT_FOUND if a
 * correction's own release is not frozen; what ska_linked_join gives. */
enum ska_status ska_linked_of_release(struct ska_linked **out, bool *has_year,
                                      const struct ska_release_figures *of) SKA_MUST_CHECK;

/* By atom, how many contributors' figures may differ between what is corrected and now: who
 * changed, as both openings say, and who is gone. The openings are taken as they are. The caller
 * frees. */
enum ska_status ska_frozen_count_changes(uint32_t **out, const struct ska_task *task,
                                         struct ska_slice both, const struct ska_accepted *before,
                                         const struct ska_accepted *now) SKA_MUST_CHECK;

#endif
