/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page.h - the pages of a collection, in Swedish and in English: static HTML, no scripts and no
 * styles inside, made from published figures alone (cube.h). Page by page: page_*.c.
 *
 * Every figure says what it is, so that a reader of pages can find it in the data files: the
 * attributes data-cell (cell code), data-period, data-block (group code, absent: all contributors)
 * and data-per (a rate per so many inhabitants) stand on the element itself, its row, the head of
 * its column, or its table, whichever of these is the nearest.
 */
#ifndef SKA_REPORTS_PAGE_H
#define SKA_REPORTS_PAGE_H

#include "protocol/task.h"
#include "reports/data/cube.h"
#include "reports/data/figures.h"
#include "reports/pages/page_cut.h"
#include "reports/pages/site_audit.h"
#include "reports/pages/site_facts.h"

/* What all pages are made from. All borrowed. */
struct page_site {
    const struct cube *cube;
    const struct site_facts *facts;
    const struct site_audits *audits; /* NULL: none */
    const char *leader_url;           /* "" if not known */
    const char *publisher_key, *second_key, *leader_key,
        *helper_key;            /* as in a trust file; "" if not known */
    const char *checker_sha256; /* of check/verifier.js, if the site has the page "check it
                                   yourself" (verifier/); NULL or "": it has not */
    bool checker_is_logged;     /* beside it is the proof that this very file is in the log */
};

/* One page while it is written. Failure is remembered by the writer. */
struct page {
    struct ska_writer *w;
    const struct page_site *site;
    bool swedish;
    const char *file; /* its own name, from page_begin on; borrowed */
    /* What an indicator's page, or the overview, leaves out so as not to weigh too much. */
    bool no_sparks;
    size_t periods_max;       /* in the tables of all periods, or the overview's curves; 0: all */
    bool is_first;            /* the overview of first periods only: no lines, no changes */
    bool is_long;             /* the overview's summary: how many indicators, not which */
    struct page_marks *marks; /* where it can be cut; NULL: nobody asks */
};

/* Each appends one whole page. */
void page_overview(struct page *p);
void page_indicator(struct page *p, uint32_t indicator);
void page_groups(struct page *p);
void page_map(struct page *p);
void page_quality(struct page *p);
void page_method(struct page *p);
void page_check(struct page *p);
void page_data(struct page *p);
void page_accessibility(struct page *p);
void page_about(struct page *p);

/* "indicator-NS01.html", the same in both languages. */
#define PAGE_FILE_MAX (SKA_CODE_MAX + 32)
void page_indicator_file(char out[static PAGE_FILE_MAX], const struct ska_indicator *indicator);

/*
 * The page of one release, part of its bundle: within the part of HTML that the audit reads
 * (docs/audit.md, "Pages"). Every figure stands in exactly one td with data-cell="<figure's code>"
 * whose whole text is the figure as figures_text writes it.
 */
struct page_release {
    const struct ska_task *task;
    const struct figures *figures;
    const struct figures *year; /* of the roll-up; NULL: none */
    const char *year_name;      /* "2025" where `figures` are themselves a roll-up's; else NULL */
    uint32_t n_counted;
    char collected_on[11]; /* "2025-07-15", the day (UTC) the totals were fetched; "": not known */
};
void page_write_release(struct ska_writer *w, const struct page_release *page, bool swedish);

#endif
