/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page.h - the page of one period, in Swedish and in English: static HTML, no scripts, no styles
 * inside. Every cell stands in exactly one element with data-cell="<cell code>" whose whole text is
 * the figure as figures_text writes it (docs/protocol.md, section "The pages").
 */
#ifndef SKA_REPORTS_PAGE_H
#define SKA_REPORTS_PAGE_H

#include "protocol/task.h"
#include "reports/figures.h"

/* All borrowed. */
struct page {
    const struct ska_task *task;
    const struct figures *figures;
    uint32_t n_counted;
    char collected_on[11]; /* "2025-07-15", the day (UTC) the totals were fetched; "": not known */
};

/* Append the page. Failure is remembered by the writer. */
void page_write_period(struct ska_writer *w, const struct page *page, bool swedish);

/* What all pages share: everything up to and including <main>, and from </main> on. `prefix` leads
 * to the folder of the Swedish page ("" or "../"), `file` is the page's own name, the same in both
 * languages. */
void page_write_begin(struct ska_writer *w, const char *title, const char *site_title,
                      const char *file, bool swedish);
void page_write_end(struct ska_writer *w, bool swedish);

/* One figure in its element, hidden ones explained. */
void page_write_figure(struct ska_writer *w, const struct figures *f, uint32_t cell,
                       const char *code, bool swedish);

/* "andra kvartalet 2025", "second quarter 2025". `period` parses. */
#define PAGE_PERIOD_TEXT_MAX 64
void page_period_text(char out[static PAGE_PERIOD_TEXT_MAX], const char *period, bool swedish);

/* One of a text's two languages. */
const char *page_text(const struct ska_text *text, bool swedish);

#endif
