/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * make_bundle.h - a whole small period in memory, from keys to archive, in steps between which a
 * test can cheat.
 *
 *     world_start -> world_submit ... -> world_close -> world_aggregate -> world_disclose
 *                 -> world_publish -> world_pack
 *
 * Each step does what an honest party would do with what the world holds, and signs it with that
 * party's key. A cheat changes the world after a step; the steps after it go on as if all were
 * well. A world owns no heap memory but its archive and borrows its task, so that it can be copied.
 *
 * The catalogue (bounds 60, threshold 5, at least 3 answers, zeros shown) and the totals:
 *
 *     0 A 55           1 A.KON.K 40     2 A.KON.M 3 (SMALL)     3 A.KON.O 12 (COMPLEMENT)
 *     4 B 30           5 B.answered 4   6 B.FORM.P 25           7 B.FORM.Q 2 (SMALL)
 *     8 C 6            9 D (DEPENDENT)  10 D.answered 2 (FEW)   11 E 0
 *     12 E.marked 0
 *
 * A policy that rounds to 5 shows 12 as 10, 6 as 5, and needs no complement.
 *
 * A world whose catalogue is added up over years is linked with the parts before it by world_link;
 * as the fourth of them it carries the roll-up, whose figures are WORLD_CELLS and on.
 *
 * A world that corrects another one starts with world_start_correction instead. Its submissions
 * have one cell more, CELL_CHANGED, which is no figure; what the other hid stays hidden.
 */
#ifndef SKA_TESTS_MAKE_BUNDLE_H
#define SKA_TESTS_MAKE_BUNDLE_H

#include "audit/check.h"
#include "protocol/frozen.h"
#include "protocol/revision.h"
#include "protocol/rounding.h"
#include "protocol/suppression.h"

#define WORLD_CONTRIBUTORS 5
#define WORLD_ROSTER_MAX 6 /* with a group, who makes enough beside it */
#define WORLD_CELLS 13
#define WORLD_OWN (2 * WORLD_CELLS)     /* of a task: with a group's */
#define WORLD_FIGURES (6 * WORLD_CELLS) /* what it leaves of all too, and the roll-up's */
#define WORLD_EARLIER 4                 /* most that a world is linked with */
#define WORLD_PARTS 3                   /* other than itself, of a year that it carries */
#define WORLD_VALUES (WORLD_CELLS + 1)  /* of a submission to a correction */
#define WORLD_SUBMISSIONS_MAX (2 * WORLD_ROSTER_MAX)
#define WORLD_SHARE_MAX 4096
#define WORLD_FILES_MAX 30
#define WORLD_FILE_MAX 32768

enum world_cell {
    CELL_A,
    CELL_K,
    CELL_M,
    CELL_O,
    CELL_B,
    CELL_B_ANSWERED,
    CELL_P,
    CELL_Q,
    CELL_C,
    CELL_D,
    CELL_D_ANSWERED,
    CELL_E,
    CELL_E_MARKED,
    CELL_CHANGED /* the flag of a correction's submissions */
};

/* What a task can differ in. NULL and 0 mean: as usual. */
struct world_options {
    const char *collection; /* "norrsken" */
    const char *period;     /* "2025Q2" */
    const char *title;      /* the catalogue's */
    const char *first_name; /* the first contributor's */
    uint32_t revision;
    const struct world *corrects; /* up to its list */
    uint64_t threshold;           /* 5 */
    uint64_t bound;               /* 60 */
    uint64_t rounding;            /* 0 */
    bool hide_zero;
    bool grouped; /* six contributors, the first three a group, for which B is not published */
    bool yearly;  /* all is added up over the year */
    bool logged;  /* a public log is promised (make_part.h) */
    const char *quorum; /* of its policy: "both" */
    bool other_second;  /* the parameters name a stranger as the second signer */
};

struct world_keys {
    struct ska_signing_key publisher, second, leader, helper, stranger;
    struct ska_signing_key contributor[WORLD_ROSTER_MAX];
};

/* One submission, and who treats it as counted. */
struct world_submission {
    uint32_t contributor; /* as the list and the file's name say */
    uint64_t number;      /* as the list says */
    uint8_t report_id[SKA_VDAF_NONCE_BYTES];
    uint8_t bytes[WORLD_SHARE_MAX];
    size_t len;
    uint32_t n_cells;
    uint64_t counts[WORLD_CELLS];         /* an honest one's */
    uint8_t output[2][64 * WORLD_VALUES]; /* (x, r) by cell, of leader and helper */
    bool is_listed, is_filed, is_added[2];
};

struct world_file {
    char name[SKA_BUNDLE_NAME_MAX + 1];
    uint8_t data[WORLD_FILE_MAX];
    size_t len;
};

/* An earlier release, as a later one is linked with it. */
struct world_part {
    const struct world *world; /* what its publisher knows; borrowed */
    struct ska_frozen frozen;  /* borrows the world's archive */
};

struct world {
    const struct world_keys *keys; /* borrowed */
    struct ska_task *task;         /* borrowed */
    struct trust trust;
    uint8_t signatures[3][64]; /* publisher's, leader's, helper's over the parameters */
    size_t n_submissions;
    struct world_submission submissions[WORLD_SUBMISSIONS_MAX];
    const struct world *corrects;                 /* borrowed; NULL: nothing */
    struct ska_slice earlier_bundle;              /* what the auditor is given as that; borrowed */
    uint32_t n_parts;                             /* it is linked with; 0: it is not linked */
    const struct world_part *part[WORLD_EARLIER]; /* in the order of release; borrowed */
    size_t n_given;
    struct evidence_given given[WORLD_EARLIER]; /* what the auditor is given as those */

    /* world_close */
    struct ska_accepted_entry entries[WORLD_SUBMISSIONS_MAX];
    uint32_t n_entries;
    uint8_t list[2048];
    size_t list_len;
    uint8_t list_signatures[2][64];
    uint8_t list_hash[32];
    uint32_t n_counted;

    /* world_aggregate */
    uint8_t share[2][64 * WORLD_OWN];
    uint8_t root[2][32], root_signature[2][64];
    uint8_t flag_sum[2][64]; /* a correction's openings */

    /* world_disclose */
    uint64_t total[WORLD_FIGURES];
    uint8_t reason[WORLD_FIGURES];
    bool is_opened[WORLD_FIGURES];
    bool is_rounded[WORLD_FIGURES]; /* listed with what is shown, and proven */
    uint64_t shown[WORLD_FIGURES];  /* the total, or what it is rounded to */
    struct ska_needed needed[1];    /* complements that are proven to be needed */
    uint32_t n_needed;
    bool is_refused; /* the rule finds no pattern: an honest publisher does not publish */

    /* world_publish */
    uint64_t claimed[WORLD_FIGURES]; /* what the suppression proof pretends the totals are */
    size_t n_files;
    struct world_file files[WORLD_FILES_MAX];

    /* world_pack */
    const char *quorum;      /* as in the options: of the policy that it puts into the bundle */
    struct ska_slice policy; /* of the public log, that the auditor has got elsewhere */
    struct ska_release_place place;               /* the first release, unless a cheat changes it */
    const struct ska_signing_key *release_key[2]; /* publisher's and second signer's, unless a cheat
                                                     changes them; NULL: not signed */
    enum ska_release_signer release_as[2];        /* under whose label */
    uint8_t *archive;                             /* owned */
    size_t archive_len;
};

/* End the process, saying why, unless the status is SKA_OK, or `is_so`. Usable outside Check too.
 */
void world_must(enum ska_status status);
void world_expect(bool is_so, const char *what);

void world_keys_make(struct world_keys *keys);
struct ska_task *world_task(const struct world_keys *keys, const struct world_options *options);

void world_start(struct world *w, const struct world_keys *keys, struct ska_task *task);
/* The task is one of a world that corrects `before`, which must be packed and stay. One at a time:
 * the task borrows from it until the next. */
void world_start_correction(struct world *w, struct ska_task *task, const struct world *before);
/* What its submissions are compared with, and proven against, from now on. */
void world_compare_with(struct world *w, const struct world *before);
void world_sign_parameters(struct world *w);

/* Make a part of a world that is packed, and must stay; and link a world with it, which comes after
 * it and all that it is linked with already. make_year.c */
void world_part_make(struct world_part *part, const struct world *of);
void world_link(struct world *w, const struct world_part *part);

/* Every contributor's usual counts. */
extern const uint64_t world_counts[WORLD_CONTRIBUTORS][WORLD_CELLS];

/* Shard honestly; counted by everyone. In a correction the counts end with CELL_CHANGED. */
void world_submit(struct world *w, uint32_t contributor, uint64_t number, const uint64_t *counts);
void world_submit_all(struct world *w);

/* List the submissions that are listed, in order, signed by both. */
void world_close(struct world *w);
void world_sign_list(struct world *w); /* encode the entries anew and sign them */

void world_aggregate(struct world *w);
void world_sign_aggregates(struct world *w); /* roots over the shares as they are */

/* The totals, and the pattern by docs/disclosure-control.md; then every other cell is opened. */
void world_disclose(struct world *w);
void world_close_pattern(struct world *w); /* CLOSE, then what protection needs, from the reasons */

void world_publish(struct world *w);
/* Parts of world_publish, to be done again after a change. */
void world_put_parameters(struct world *w);
void world_put_openings(struct world *w);
void world_put_suppression(struct world *w);
void world_put_certificate(struct world *w);
void world_put_rounding(struct world *w); /* of a policy that rounds */
void world_put_changes(struct world *w);  /* a correction's */
void world_put_tables(struct world *w);
void world_put_log(struct world *w); /* where a log is promised; make_part.c */
/* Of a linked world; a list of its own, and openings of the roll-up. make_year.c */
void world_put_earlier(struct world *w);
void world_put_list(struct world *w, const struct ska_earlier_list *list);
void world_list(struct ska_earlier_list *list, const struct world *w);
void world_put_year(struct world *w);
/* Whether one that it is linked with is a part of its year, beside itself: not what it corrects. */
bool world_adds(const struct world *w, uint32_t part);
/* (x, r) of an aggregator's sum over the parts. */
void world_year_opening(uint8_t xr[static 64], const struct world *w, size_t k, uint32_t cell);
/* The linked system of a world; the caller frees it. How many figures are published. */
struct ska_linked *world_linked(const struct world *w);
/* How many figures can be listed; and whether some are the roll-up's. */
uint32_t world_n_figures(const struct world *w);
bool world_has_year(const struct world *w);
/* A file's bytes from a growing writer, which is cleared. */
void world_fill(struct world_file *file, struct ska_writer *from);

/* The release of files, signed as the world says. */
void world_release(struct ska_writer *release, const struct world *w,
                   const struct ska_bundle_file *files, size_t n);

/* Sign the release over the files as they are, and make the archive. */
void world_pack(struct world *w);

/* A file by name, which must be there. */
struct world_file *world_find(struct world *w, const char *name);
/* The same, away; a new one before it, empty; its first `old` as `new`. */
void world_drop_file(struct world *w, const char *name);
struct world_file *world_insert_file(struct world *w, const char *name, const char *before);
void world_replace(struct world *w, const char *name, const char *old, const char *new);

/* Hide a cell for a reason, or open it for none. */
void world_set_reason(struct world *w, enum world_cell cell, uint8_t reason);

/* The pattern's file: version, a count, then a cell and a reason in five bytes each, then the proof
 * with its length in four. */
uint8_t *world_hidden(struct world *w, size_t index);

/* Audit the archive with the world's trust. */
void world_audit(struct finding findings[static N_CHECKS], const struct world *w);
void world_audit_bytes(struct finding findings[static N_CHECKS], const struct world *w,
                       struct ska_slice archive);

/* The identifiers of the failed checks in order, with a space between. */
void world_failed(char *out, size_t size, const struct finding findings[static N_CHECKS]);

void world_clear(struct world *w);

#endif
