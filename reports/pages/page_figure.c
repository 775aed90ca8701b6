/* SPDX-License-Identifier: EUPL-1.2 */
/* page_figure.c - published figures in sentences, table cells and points of charts. */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/pages/change.h"

bool page_find_series(struct page_series *out, const struct page *p, uint32_t indicator)
{
    const struct cube *cube = p->site->cube;
    const struct ska_indicator *i = &cube->catalogue->indicators[indicator];
    *out = (struct page_series){.cell = SKA_NONE};
    for (size_t k = 0; k < cube->n_series; k++) {
        const struct cube_series *s = &cube->series[k];
        uint32_t cell = ska_layout_find(s->layout, i->code);
        if (cell == SKA_NONE)
            continue;
        out->cell = cell;
        if (!s->is_rollup)
            out->own = s;
        for (size_t t = 0; s->is_rollup && t < s->n && out->rollup == NULL; t++)
            if (cube_at(cube, s, t, 0, cell).status != CUBE_MISSING)
                out->rollup = s;
    }
    for (size_t t = 0; out->own != NULL && t < out->own->n; t++)
        if (out->own->periods[t].is_published)
            out->latest = t;
    return out->own != NULL;
}

void page_figure_text(char out[static FIGURES_TEXT_MAX], const struct page *p, struct cube_figure f)
{
    if (change_has_value(f))
        figures_number_text(out, f.value, p->swedish);
    else
        (void)snprintf(out, FIGURES_TEXT_MAX, "%s", f.status == CUBE_HIDDEN ? ".." : ".");
}

static const char *no_value_words(const struct page *p, struct cube_figure f)
{
    if (f.status != CUBE_HIDDEN)
        return page_in(p, "uppgift saknas", "no figure");
    return words_hidden(f.reason, p->swedish);
}

/* ".." or "." with its meaning for all. */
static void write_no_value(struct page *p, struct cube_figure f)
{
    P(p, "<abbr title=\"{}\">{}</abbr>", no_value_words(p, f),
      f.status == CUBE_HIDDEN ? ".." : ".");
}

void page_td(struct page *p, struct cube_figure f, const char *attributes)
{
    char text[FIGURES_TEXT_MAX];
    html_raw(p->w, "<td");
    html_raw(p->w, attributes);
    html_raw(p->w, ">");
    if (change_has_value(f)) {
        page_figure_text(text, p, f);
        html_text(p->w, text);
    } else {
        write_no_value(p, f);
    }
    html_raw(p->w, "</td>");
}

void page_td_rate(struct page *p, struct cube_figure f, uint64_t inhabitants, uint32_t per,
                  unsigned decimals, const char *attributes)
{
    char text[FIGURES_TEXT_MAX];
    html_raw(p->w, "<td");
    html_raw(p->w, attributes);
    html_raw(p->w, ">");
    if (change_has_value(f) && inhabitants > 0) {
        words_decimal(text, words_rate(f.value, per, inhabitants, decimals), decimals, p->swedish);
        html_text(p->w, text);
    } else {
        write_no_value(p, f);
    }
    html_raw(p->w, "</td>");
}

void page_block_attribute(char out[static PAGE_ATTRIBUTES_MAX], const struct cube *cube,
                          uint32_t block)
{
    out[0] = '\0';
    if (block > 0) /* a code: letters, digits, _ and - */
        (void)snprintf(out, PAGE_ATTRIBUTES_MAX, " data-block=\"%s\"", cube->blocks[block].code);
}

const char *page_block_label(const struct page *p, uint32_t block)
{
    if (block == 0)
        return page_in(p, "Alla uppgiftslämnare", "All contributors");
    return page_label(p, &p->site->cube->blocks[block].label);
}

void page_number(struct page *p, const struct cube_series *s, size_t period, uint32_t block,
                 uint32_t cell)
{
    char text[FIGURES_TEXT_MAX], attribute[PAGE_ATTRIBUTES_MAX];
    page_figure_text(text, p, cube_at(p->site->cube, s, period, block, cell));
    page_block_attribute(attribute, p->site->cube, block);
    P(p, "<span class=\"figure\" data-cell=\"{}\" data-period=\"{}\"", s->layout->cells[cell].code,
      s->periods[period].name);
    html_raw(p->w, attribute);
    P(p, ">{}</span>", text);
}

uint64_t page_rounding(const struct cube *cube)
{
    return cube->policy.rounding;
}

/* Points --------------------------------------------------------------------------------------- */

void page_points_clear(struct page_points *points)
{
    free(points->points);
    free(points->labels);
    *points = (struct page_points){0};
}

bool page_points_init(struct page_points *out, struct page *p, const struct cube_series *s,
                      uint32_t block, uint32_t cell)
{
    struct page_points made = {.n = s->n};
    made.points = ska_alloc(s->n, sizeof *made.points);
    made.labels = ska_alloc(s->n, sizeof *made.labels);
    if (made.points == NULL || made.labels == NULL) {
        page_points_clear(&made);
        p->w->status = SKA_E_MEMORY;
        return false;
    }
    for (size_t t = 0; t < s->n; t++) {
        const struct cube_period *period = &s->periods[t];
        struct cube_figure f = cube_at(p->site->cube, s, t, block, cell);
        words_period_short(made.labels[t], period->name, p->swedish);
        made.points[t] = (struct chart_point){.name = period->name,
                                              .label = made.labels[t],
                                              .year = period->year,
                                              .part = period->part,
                                              .state = CHART_MISSING};
        if (f.status == CUBE_HIDDEN)
            made.points[t].state = CHART_HIDDEN;
        if (!change_has_value(f))
            continue;
        made.points[t].state = CHART_SHOWN;
        made.points[t].value = f.value;
    }
    *out = made;
    return true;
}

bool page_points_rates(struct page_points *out, struct page *p, const struct cube_series *s,
                       uint32_t block, uint32_t cell, unsigned decimals)
{
    const struct cube *cube = p->site->cube;
    uint32_t indicator = s->layout->cells[cell].indicator;
    if (!page_points_init(out, p, s, block, cell))
        return false;
    for (size_t t = 0; t < out->n; t++) {
        struct chart_point *point = &out->points[t];
        uint64_t inhabitants = 0;
        if (point->state != CHART_SHOWN)
            continue;
        if (cube_denominator(&inhabitants, cube, block, indicator, point->year) == NULL) {
            point->state = CHART_MISSING;
            point->value = 0;
        } else {
            point->value =
                words_rate(point->value, cube->rates[indicator].per, inhabitants, decimals);
        }
    }
    return true;
}

unsigned page_rate_decimals(const struct page *p, const struct page_series *series,
                            uint32_t indicator)
{
    const struct cube *cube = p->site->cube;
    for (uint32_t b = 0; b < cube->n_blocks; b++)
        for (size_t t = 0; t < series->own->n; t++) {
            struct cube_figure f = cube_at(cube, series->own, t, b, series->cell);
            uint64_t inhabitants = 0;
            if (change_has_value(f) &&
                cube_denominator(&inhabitants, cube, b, indicator, series->own->periods[t].year) !=
                    NULL &&
                words_rate(f.value, cube->rates[indicator].per, inhabitants, 0) >= 10)
                return 1;
        }
    return 2;
}

void page_describe(char out[static PAGE_DESCRIPTION_MAX], const struct page *p,
                   const struct chart_point *points, size_t n, unsigned decimals)
{
    const struct chart_point *first = NULL, *last = NULL;
    size_t hidden = 0, missing = 0;
    char a[FIGURES_TEXT_MAX], b[FIGURES_TEXT_MAX];
    for (size_t i = 0; i < n; i++) {
        hidden += points[i].state == CHART_HIDDEN;
        missing += points[i].state == CHART_MISSING;
        if (points[i].state != CHART_SHOWN)
            continue;
        first = first == NULL ? &points[i] : first;
        last = &points[i];
    }
    int at = 0;
    if (first == NULL || last == NULL) {
        at = snprintf(out, PAGE_DESCRIPTION_MAX, "%s",
                      page_in(p, "Inget värde visas.", "No figure is shown."));
    } else {
        words_decimal(a, first->value, decimals, p->swedish);
        words_decimal(b, last->value, decimals, p->swedish);
        at = snprintf(out, PAGE_DESCRIPTION_MAX,
                      p->swedish ? "Från %s (%s) till %s (%s)." : "From %s (%s) to %s (%s).", a,
                      first->label, b, last->label);
    }
    if (at > 0 && at < PAGE_DESCRIPTION_MAX && hidden + missing > 0)
        (void)snprintf(out + at, PAGE_DESCRIPTION_MAX - (size_t)at,
                       p->swedish ? " Skyddade värden: %zu, saknade: %zu. De visas som avbrott."
                                  : " Protected values: %zu, missing: %zu. They are shown as gaps.",
                       hidden, missing); /* cut if it must be */
}
