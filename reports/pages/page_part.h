/* SPDX-License-Identifier: EUPL-1.2 */
/* page_part.h - what the files of pages share: the frame, figures, tables, notes. */
#ifndef SKA_REPORTS_PAGE_PART_H
#define SKA_REPORTS_PAGE_PART_H

#include "reports/data/words.h"
#include "reports/html.h"
#include "reports/pages/chart.h"
#include "reports/pages/page.h"

/* The text in the page's language. */
static inline const char *page_in(const struct page *p, const char *sv, const char *en)
{
    return p->swedish ? sv : en;
}
static inline const char *page_label(const struct page *p, const struct ska_text *text)
{
    return words_text(text, p->swedish);
}
#define P(p, ...) HTML((p)->w, __VA_ARGS__)

/* What begins here, for page_cut.h. Failure is remembered by the writer. */
void page_mark(struct page *p, enum page_mark_kind kind);

/* Everything up to and including <main>, and from </main> on. `file` is the page's own name. */
void page_begin(struct page *p, const char *title, const char *file);
void page_end(struct page *p);
/* The links to the site's pages, the same on every page; `file` is the one that it stands on. */
void page_navigation(struct ska_writer *w, const char *file, bool has_groups, bool swedish);

/* "" or "../": from the page's folder to the one with what both languages share. */
static inline const char *page_prefix(const struct page *p)
{
    return p->swedish ? "" : "../";
}

/* Where an indicator's figures are. */
struct page_series {
    const struct cube_series *own, *rollup; /* rollup: NULL if its years are not added up */
    uint32_t cell;                          /* of its total, in both */
    size_t latest;                          /* the last published period of own */
};
/* False if nothing is published of the indicator. */
bool page_find_series(struct page_series *out, const struct page *p, uint32_t indicator);

/* A figure as text: a number, ".." or ".". */
void page_figure_text(char out[static FIGURES_TEXT_MAX], const struct page *p,
                      struct cube_figure f);

/* A table cell: <td>, the figure, hidden and missing ones explained; `attributes` of our own, ""
 * or beginning with a space. */
void page_td(struct page *p, struct cube_figure f, const char *attributes);
/* A rate: "." too where the inhabitants are not known. */
void page_td_rate(struct page *p, struct cube_figure f, uint64_t inhabitants, uint32_t per,
                  unsigned decimals, const char *attributes);

/* A figure within a sentence. */
void page_number(struct page *p, const struct cube_series *s, size_t period, uint32_t block,
                 uint32_t cell);

/* Points of a chart: all periods of a cell in a block; or as rates. `labels` takes their words.
 * Owned arrays; false without memory, which the writer then remembers. */
struct page_points {
    struct chart_point *points;
    char (*labels)[WORDS_PERIOD_MAX];
    size_t n;
};
void page_points_clear(struct page_points *points);
bool page_points_init(struct page_points *out, struct page *p, const struct cube_series *s,
                      uint32_t block, uint32_t cell);
/* The same divided by the inhabitants; missing where they are not known. */
bool page_points_rates(struct page_points *out, struct page *p, const struct cube_series *s,
                       uint32_t block, uint32_t cell, unsigned decimals);

/* How many decimals an indicator's rates have: two if all are below ten, else one. */
unsigned page_rate_decimals(const struct page *p, const struct page_series *series,
                            uint32_t indicator);

/* "Från 12 (kv. 1 2024) till 15 (kv. 4 2025). Skyddade värden: 1." */
#define PAGE_DESCRIPTION_MAX 400
void page_describe(char out[static PAGE_DESCRIPTION_MAX], const struct page *p,
                   const struct chart_point *points, size_t n, unsigned decimals);

/* What changed since the last period and the last year, in sentences that say no more than the
 * figures bear (change.h); short ones leave out what the note of the page says of all. */
void page_change_sentences(struct page *p, const struct page_series *s, uint32_t cell,
                           bool is_short);

/* How figures are written as rates. */
struct page_rate {
    uint32_t indicator;
    unsigned decimals;
};

/* A table over time: years as rows, their parts as columns, the whole year last if it was added up.
 * `rate`: NULL for counts. */
void page_table_years(struct page *p, const struct page_series *s, const char *caption,
                      const struct page_rate *rate);

/* The source, `more` of ours, and what the signs in the figures mean; below every chart. */
void page_note(struct page *p, const struct cube_series *s, const char *more);

/* A focusable region that scrolls by itself where the screen is narrow. */
void page_scroll_begin(struct page *p, const char *label);
void page_scroll_end(struct page *p);

/* "1 november 2024", when the inhabitants were counted. */
void page_population_day(char out[static WORDS_DAY_MAX], const struct page *p,
                         const struct cube_population *population);
/* "invånare", "kvinnor", "män": whom an indicator's rates are about. */
const char *page_people(const struct page *p, uint32_t indicator);

/* "NORD" as data-block="NORD", nothing for block 0, in a caller's buffer. */
#define PAGE_ATTRIBUTES_MAX 160
void page_block_attribute(char out[static PAGE_ATTRIBUTES_MAX], const struct cube *cube,
                          uint32_t block);

/* What all counts are rounded to; 0 or 1: they are exact. */
uint64_t page_rounding(const struct cube *cube);

/* The publisher's contacts, as entries of an open dl. */
void page_contact(struct page *p);

/* A block's name: the group's label, or that of all contributors. */
const char *page_block_label(const struct page *p, uint32_t block);

/* The whole indicator's sections by dimension and by group (page_indicator_parts.c), and about how
 * many bytes and rows those have that stay whole, beside small lines and the table of all periods.
 */
void page_parts_weight(size_t *bytes, size_t *n_rows, const struct page *p,
                       const struct page_series *s);
void page_dimensions(struct page *p, const struct page_series *s);
void page_blocks(struct page *p, const struct page_series *s, uint32_t indicator);

#endif
