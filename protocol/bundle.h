/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bundle.h - one publication as one file: everything an auditor needs, as a tar archive in one
 * canonical form.
 *
 * The archive is POSIX ustar restricted so that the same files give the same bytes everywhere:
 * names as below, regular files, mode 0644, owner and group 0 without names, time 0, checksum as
 * POSIX writes it, padding zero, two zero blocks at the end, nothing after. A reader re-creates
 * each header and compares; any other header is SKA_E_FORMAT. Order of files:
 *
 *     bundle                  text "skarva bundle 1\n"
 *     parameters              signed parameters (task.h)
 *     accepted                signed accepted list (documents.h)
 *     submissions/00000       report_id[16] | public share of a counted submission, one file per
 *                             contributor that has one, named by its index in the roster, %05u
 *     log/policy              where the parameters promise a public log, and only there: its
 *                             policy,
 *     log/checkpoint          a checkpoint with its cosignatures,
 *     log/left, log/leaves,   and the task's part of it (log_part.h)
 *     log/records
 *     aggregates              the openings (struct ska_openings)
 *     suppression             the pattern and its proofs (struct ska_suppression)
 *     certificate             whole tables that agree with all that is public (certificate.h)
 *     rounding                where the policy rounds, and only there: shown counts and the proofs
 *                             about them (rounding.h)
 *     changes                 in a correction alone: how many changed (revision.h)
 *     earlier                 of a release that is linked with earlier ones: which (earlier.h)
 *     year                    of one that carries a year's roll-up: its openings (earlier.h)
 *     table.csv               the published table, exactly as the re-derivation writes it
 *                             (docs/protocol.md, "The table")
 *     table.json              the same figures as JSON-stat, table.px as PX (docs/protocol.md,
 *     table.px                "The data files")
 *     year.json               of one that carries a year's roll-up, and only there: that in the
 *     year.px                 same two forms
 *     page.sv.html            the period's page; every figure in an element with
 *     page.en.html            data-cell="<figure code>"
 *     release                 list of all files before it, signed by two (release.h)
 */
#ifndef SKA_BUNDLE_H
#define SKA_BUNDLE_H

#include <stdbool.h>

#include "protocol/documents.h"

#define SKA_BUNDLE_NAME_MAX 60
#define SKA_BUNDLE_FILES_MAX (SKA_CONTRIBUTORS_MAX + 25u)
#define SKA_BUNDLE_BYTES_MAX (UINT64_C(4) << 30)
#define SKA_SUPPRESSION_PROOF_MAX (32u * (4 + 3 + 2 * 16 + 2)) /* a proof over 2^16 bits */

/* One file of an archive. */
struct ska_bundle_file {
    char name[SKA_BUNDLE_NAME_MAX + 1];
    struct ska_slice data; /* borrowed */
};

/* The files of the public log, in order. */
enum ska_bundle_log {
    SKA_BUNDLE_POLICY,
    SKA_BUNDLE_CHECKPOINT,
    SKA_BUNDLE_LEFT,
    SKA_BUNDLE_LEAVES,
    SKA_BUNDLE_RECORDS,
    SKA_BUNDLE_LOG_FILES
};
extern const char *const ska_bundle_log_names[SKA_BUNDLE_LOG_FILES];

/* The contributor index in the name "submissions/00012", or SKA_NONE for any other name. */
uint32_t ska_bundle_submission(const char *name);

/* Where a file of this name stands among the others: lower is before. SKA_NONE for a name that no
 * bundle has. */
uint32_t ska_bundle_rank(const char *name);

/* Append one file, then finish with the end blocks. Writes any name, in any order: what a bundle
 * must be is checked by whoever reads it. */
void ska_bundle_write_file(struct ska_writer *w, const char *name, struct ska_slice data);
void ska_bundle_write_end(struct ska_writer *w);

/* Take an archive in memory apart. Files are in the order above, each at most once; which must be
 * there is the caller's business. SKA_E_FORMAT naming the offset (header, padding, unknown name,
 * order), SKA_E_TRUNCATED, SKA_E_TRAILING, SKA_E_LIMIT, SKA_E_MEMORY; files borrow from `archive`.
 * The caller frees *files. */
enum ska_status ska_bundle_read(struct ska_bundle_file **files, size_t *n, struct ska_slice archive,
                                struct ska_error *err) SKA_MUST_CHECK;

/*
 * Openings, for leader then helper:
 *     u8 version = 1 | 2 x (root[32] | signature[64]) | u32 n |
 *     n x (u32 cell | 2 x (x[32] | r[32] | u8 path_len | path_len x hash[32]))
 * cells strictly increasing; exactly the published ones.
 */
struct ska_opening_half {
    uint8_t xr[64];
    uint8_t path_len;
    const uint8_t (*path)[32]; /* borrowed when decoded, owned by the caller when encoded */
};
struct ska_opening {
    uint32_t figure;               /* its number (figure.h) */
    struct ska_opening_half by[2]; /* leader, helper */
};
struct ska_openings {
    uint8_t root[2][32];
    uint8_t signature[2][64];
    uint32_t n;
    struct ska_opening *at; /* owned */
};
void ska_openings_clear(struct ska_openings *o);
void ska_openings_encode(struct ska_writer *w, const struct ska_openings *o);
enum ska_status ska_openings_decode(struct ska_openings *out, struct ska_slice bytes)
    SKA_MUST_CHECK; /* order checked, scalars not */

/*
 * Suppression: u8 version = 1 | u32 n | n x (u32 cell | u8 reason) | u32 m | m x (u32 cell | u8
 * runs | runs x (u64 lo | u64 hi) | if runs = 2: side[32]) | opaque32 proof, empty exactly if no
 * reason carries one (MARKED does) and m = 0. Cells strictly increasing in both lists. The one
 * aggregated proof (kind SKA_PROOF_SUPPRESSION, role collector, number = counted submissions) is
 * over the cells with reason SMALL or FEW and the marks that are MARKED, in order of cells: SMALL
 * V - G in [0, t-2] if zeros are shown, V in [0, t-1] if they are hidden FEW         V in [0, c-1]:
 * V is the total of an answered flag, c = min_contributors DEPENDENT   hidden since its indicator's
 * flag is FEW, or its total SMALL; no proof of its own COMPLEMENT  chosen by the public rule; of
 * those in the second list it is proven that they had to be (struct ska_needed) BLOCK       fewer
 * than c submissions of the block are counted: the accepted list shows it MARKED      somebody
 * asked that it be published only together with others: the indicator's mark, with V - G in [0,
 * n-1], n counted submissions; and its counts, without proofs of their own KEPT        hidden in
 * what this task corrects, and so hidden still, whatever it is now; no proof. It goes before all
 * other reasons WITHDRAWN   a total, in all groups or for all contributors too, that cannot be
 * protected otherwise; all that is part of it is DEPENDENT; no proof SUMMED      of a year's
 * roll-up: small, or hidden so that others cannot be worked out, and nobody is told which; no proof
 * A cell is a figure of a published block or of a difference
 * (linked.h); V of a difference's is the difference of V.
 */
enum ska_hidden_reason {
    SKA_HIDDEN_SMALL = 1,
    SKA_HIDDEN_FEW,
    SKA_HIDDEN_DEPENDENT,
    SKA_HIDDEN_COMPLEMENT,
    SKA_HIDDEN_BLOCK,
    SKA_HIDDEN_MARKED,
    SKA_HIDDEN_KEPT,
    SKA_HIDDEN_WITHDRAWN,
    SKA_HIDDEN_SUMMED
};
struct ska_hidden_cell {
    uint32_t figure; /* its number (figure.h) */
    enum ska_hidden_reason reason;
};
/*
 * A COMPLEMENT beyond P0 that is proven to be needed: its total lies in one of one or two runs of
 * numbers, with each of which showing it would have told too much. `side` commits to which of two
 * runs it is, 0 or 1. Runs are increasing, with a gap between them.
 */
#define SKA_NEEDED_RUNS_MAX 2u
#define SKA_NEEDED_WIDTH_MAX 256u /* numbers from the first run's lo to the last one's hi */
struct ska_run {
    uint64_t lo, hi;
};
struct ska_needed {
    uint32_t figure;
    uint32_t n_runs;
    struct ska_run run[SKA_NEEDED_RUNS_MAX];
    uint8_t side[32]; /* a point, if n_runs = 2 */
};
/* Whether a total is in one of the runs. */
bool ska_needed_has(const struct ska_needed *needed, uint64_t total);

struct ska_suppression {
    uint32_t n;
    struct ska_hidden_cell *at; /* owned */
    struct ska_slice proof;     /* borrowed */
    uint32_t n_needed;
    struct ska_needed *needed; /* owned */
};
void ska_suppression_clear(struct ska_suppression *s);
void ska_suppression_encode(struct ska_writer *w, const struct ska_suppression *s);
enum ska_status ska_suppression_decode(struct ska_suppression *out,
                                       struct ska_slice bytes) SKA_MUST_CHECK;

#endif
