/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * evidence.h - what an audit has taken out of a bundle so far.
 *
 * Each part is filled by the one check named beside it, and used only by checks that need that
 * check to have passed (check.h). Everything borrows from the archive unless marked as owned.
 */
#ifndef SKA_AUDIT_EVIDENCE_H
#define SKA_AUDIT_EVIDENCE_H

#include <stdatomic.h>

#include "audit/trust.h"
#include "protocol/bundle.h"
#include "protocol/certificate.h"
#include "protocol/frozen.h"
#include "protocol/linked.h"
#include "protocol/release.h"
#include "protocol/rounding.h"

/* One file submissions/NNNNN. */
struct evidence_submission {
    uint32_t contributor;          /* from the file's name: index in the roster */
    struct ska_slice file;         /* report_id[16] | public share */
    struct ska_slice bytes;        /* the public share */
    struct ska_public_share share; /* taken apart */
    uint8_t sha256[32];            /* of `bytes`; submissions-complete */
};

/* The archive's files by name. A page is at its language's index. */
enum evidence_page { PAGE_SV, PAGE_EN, N_PAGES };
enum evidence_data { DATA_JSON, DATA_PX, DATA_YEAR_JSON, DATA_YEAR_PX, N_DATA };

/* The bundle of what a correction corrects; `archive` is given, and empty if it is not there. */
struct evidence_earlier {
    struct ska_slice archive;
    struct ska_bundle_file *files; /* owned */
    size_t n_files;
    struct ska_task *task;           /* owned */
    struct ska_accepted accepted;    /* owned */
    struct ska_earlier *commitments; /* owned; by contributor, borrows from the archive */
};

/* The bundle of an earlier release, by the name of its period: "2025Q1", "2025Q1.r1". */
struct evidence_given {
    char name[SKA_EARLIER_NAME_MAX + 1];
    struct ska_slice archive;
};

struct evidence {
    /* given */
    const struct evidence_given *given; /* n_given of them */
    size_t n_given;
    struct ska_slice archive;
    const struct trust *trust;
    unsigned jobs;
    struct evidence *older;  /* verify-diff: the older bundle's, borrowed; of it only `archive` */
    struct ska_slice policy; /* of the public log, got elsewhere; data NULL: none is given */
    /* the public log's (log_evidence.h): borrowed in check-log; else the bundle's part of it, which
     * log-form makes and evidence_clear frees */
    struct log_evidence *log;

    /* bundle-form */
    struct ska_bundle_file *files; /* owned */
    size_t n_files;
    size_t n_submissions;
    struct evidence_submission *submissions; /* owned; by strictly increasing contributor */
    struct ska_slice parameters_file, accepted_file, aggregates_file, suppression_file,
        certificate_file;
    struct ska_slice rounding_file; /* where the policy rounds; data NULL: it is not there */
    struct ska_slice changes_file;  /* a correction's */
    struct ska_slice log_file[SKA_BUNDLE_LOG_FILES]; /* where a public log is promised */
    struct ska_slice earlier_file, year_file;        /* a linked release's, one's with a roll-up */
    struct ska_slice table_file, data_file[N_DATA], page_file[N_PAGES], release_file;

    /* parameters-form */
    struct ska_signed_parameters signed_parameters;
    struct ska_task *task; /* owned */

    /* release-form */
    struct ska_release release;
    /* correction-earlier, which puts the commitments into the task's configuration */
    struct evidence_earlier earlier;

    /* earlier-releases: what the release is linked with, in order; owned */
    struct ska_earlier_list linked_list;
    struct ska_frozen *frozen;
    uint32_t n_frozen;
    uint32_t *changed; /* of a correction that is linked, by atom; owned */
    bool has_year;     /* it carries a roll-up of these parts: in frozen, or n_frozen: itself */
    uint32_t n_parts, part[SKA_YEAR_PARTS_MAX];
    /* year-commitments: by figure the sum of V1 and of V2 over all parts; owned */
    ska_point *year_sum[2];

    /* accepted-form */
    struct ska_signed_accepted signed_accepted;
    struct ska_accepted accepted; /* owned */
    uint8_t accepted_hash[32];
    uint32_t n_counted;

    /* openings-form, suppression-form, certificate-form, rounding-form */
    struct ska_openings openings;       /* owned */
    struct ska_suppression suppression; /* owned */
    struct ska_certificate certificate; /* owned */
    struct ska_rounding rounding;       /* owned; empty if the policy does not round */

    /* submission-proofs: how many submissions are in the sums already */
    atomic_size_t n_summed;
    /* commitments, begun by submission-proofs: for each figure the sum of V1 and of V2 over the
     * submissions of its block, and by block how many those are; owned */
    ska_point *sum[2];
    uint64_t *n_in;
    struct ska_groups kept; /* the groups that are summed (ska_groups_keep); owned */

    /* cells-accounted: what ties the figures together; for each figure of the task its index in
     * openings.at, or SKA_NONE if it is not opened; for each published figure, those of a roll-up
     * too, its index in rounding.at, or SKA_NONE if it is not rounded; for each figure of `linked`,
     * frozen ones too, why it is hidden, 0 if it is not; owned */
    struct ska_linked *linked;
    uint32_t *opening_of, *rounded_of;
    uint8_t *hidden_reason;
    struct ska_year_openings year_openings; /* owned */

    /* totals, and year-openings for the roll-up: by figure of `linked` what is
     * published, the total or that rounded; 0 for others; owned */
    uint64_t *total;
};

void evidence_clear(struct evidence *e);

/* A contributor's code and name, cut to fit; valid until the next call from the same thread but
 * three. `index` may be off the roster. */
const char *evidence_contributor(const struct evidence *e, uint32_t index);

/* A figure's code, valid until the next call from the same thread but three; `figure` may be none
 * of the task's. */
const char *evidence_figure(const struct evidence *e, uint32_t figure);

#endif
