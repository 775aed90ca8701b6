/* SPDX-License-Identifier: EUPL-1.2 */
/* trend.c - the index page with trends. */
#include "reports/trend.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/chart.h"
#include "reports/html.h"
#include "reports/page.h"

static const char *in(bool swedish, const char *sv, const char *en)
{
    return swedish ? sv : en;
}

void trend_clear(struct trend *trend)
{
    for (size_t s = 0; s < trend->n; s++) {
        for (size_t i = 0; i < trend->series[s].n; i++)
            figures_clear(&trend->series[s].periods[i].figures);
        free(trend->series[s].periods);
        ska_layout_free(trend->series[s].layout);
    }
    free(trend->series);
    *trend = (struct trend){0};
}

static void fill_points(struct chart_point *points, const struct trend_series *s, uint32_t cell)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct trend_period *p = &s->periods[i];
        points[i] = (struct chart_point){.label = p->name, .state = CHART_MISSING};
        if (p->is_published && p->figures.reason[cell] != 0)
            points[i].state = CHART_HIDDEN;
        else if (p->is_published)
            points[i] = (struct chart_point){p->name, CHART_SHOWN, p->figures.value[cell]};
    }
}

/* "Från 12 (2024Q1) till 15 (2025Q4). 1 skyddat värde." for those who cannot see the line. */
static void describe(char *out, size_t size, const struct chart_point *points, size_t n,
                     bool swedish)
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
        at = snprintf(out, size, "%s", in(swedish, "Inget värde visas.", "No figure is shown."));
    } else {
        figures_number_text(a, first->value, swedish);
        figures_number_text(b, last->value, swedish);
        at =
            snprintf(out, size, swedish ? "Från %s (%s) till %s (%s)." : "From %s (%s) to %s (%s).",
                     a, first->label, b, last->label);
    }
    if (at > 0 && (size_t)at < size && hidden + missing > 0)
        (void)snprintf(out + at, size - (size_t)at,
                       swedish ? " Skyddade värden: %zu, saknade: %zu. De visas som avbrott."
                               : " Protected values: %zu, missing: %zu. They are shown as gaps.",
                       hidden, missing); /* cut if it must be */
}

static void write_table(struct ska_writer *w, const struct trend_series *s, uint32_t cell,
                        const char *label, const char *unit, bool swedish)
{
    HTML(w,
         "<table>\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>"
         "<th scope=\"col\">{}</th></tr>\n</thead>\n<tbody>\n",
         label, in(swedish, "Period", "Period"), unit);
    for (size_t i = 0; i < s->n; i++) {
        const struct trend_period *p = &s->periods[i];
        if (!p->is_published) {
            HTML(w,
                 "<tr><th scope=\"row\">{}</th><td><abbr title=\"{}\">.</abbr>"
                 "<span class=\"unseen\"> {}</span></td></tr>\n",
                 p->name, in(swedish, "uppgift saknas", "no figure"),
                 in(swedish, "uppgift saknas", "no figure"));
            continue;
        }
        HTML(w, "<tr data-period=\"{}\"><th scope=\"row\"><a href=\"{}.html\">{}</a></th><td>",
             p->name, p->name, p->name);
        page_write_figure(w, &p->figures, cell, s->layout->cells[cell].code, swedish);
        html_raw(w, "</td></tr>\n");
    }
    html_raw(w, "</tbody>\n</table>\n");
}

static void write_indicator(struct ska_writer *w, const struct trend_series *s, uint32_t cell,
                            bool swedish)
{
    const struct ska_indicator *i =
        &s->layout->catalogue->indicators[s->layout->cells[cell].indicator];
    const char *label = page_text(&i->label, swedish), *unit = page_text(&i->unit, swedish);
    SKA_SCOPED(ska_scoped_free) struct chart_point *points = ska_alloc(s->n, sizeof *points);
    char description[400];
    if (points == NULL) {
        w->status = SKA_E_MEMORY;
        return;
    }
    fill_points(points, s, cell);
    describe(description, sizeof description, points, s->n, swedish);
    const struct chart chart = {.id = i->code,
                                .title = label,
                                .description = description,
                                .unit = unit,
                                .n = s->n,
                                .points = points};
    HTML(w,
         "<section aria-labelledby=\"h-{}\">\n<h2 id=\"h-{}\">{}</h2>\n<p>{}</p>\n"
         "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}: {}\">\n",
         i->code, i->code, label, page_text(&i->description, swedish),
         in(swedish, "Diagram", "Chart"), label);
    chart_write(w, &chart, swedish);
    html_raw(w, "</div>\n");
    write_table(w, s, cell, label, unit, swedish);
    html_raw(w, "</section>\n");
}

static void write_periods(struct ska_writer *w, const struct trend *trend, bool swedish)
{
    HTML(
        w,
        "<nav aria-labelledby=\"perioder\">\n<h2 id=\"perioder\">{}</h2>\n<ul class=\"periods\">\n",
        in(swedish, "Perioder", "Periods"));
    for (size_t s = 0; s < trend->n; s++)
        for (size_t i = trend->series[s].n; i > 0; i--) {
            const struct trend_period *p = &trend->series[s].periods[i - 1];
            char text[PAGE_PERIOD_TEXT_MAX];
            if (!p->is_published)
                continue;
            page_period_text(text, p->name, swedish);
            HTML(w, "<li><a href=\"{}.html\">{}</a></li>\n", p->name, text);
        }
    html_raw(w, "</ul>\n</nav>\n");
}

static void write_signs(struct ska_writer *w, bool swedish)
{
    HTML(w,
         "<section aria-labelledby=\"legend\">\n<h2 id=\"legend\">{}</h2>\n<dl>\n"
         "<dt>..</dt><dd>{}</dd>\n<dt>.</dt><dd>{}</dd>\n<dt>0</dt><dd>{}</dd>\n</dl>\n"
         "</section>\n",
         in(swedish, "Tecken i tabellerna", "Signs in the tables"),
         in(swedish,
            "Skyddat värde: för litet för att visas, från för få svarande, eller dolt för att "
            "inget annat skyddat värde ska kunna räknas ut.",
            "Protected value: too small to show, from too few that answered, or hidden so that no "
            "other protected value can be worked out."),
         in(swedish, "Uppgift saknas.", "No figure."),
         in(swedish, "En verklig nolla.", "A real zero."));
}

void trend_write(struct ska_writer *w, const struct trend *trend, bool swedish)
{
    const char *title = page_text(&trend->catalogue->title, swedish);
    page_write_begin(w, title, title, "index.html", swedish);
    HTML(w, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", title,
         page_text(&trend->catalogue->description, swedish));
    write_periods(w, trend, swedish);
    for (size_t s = 0; s < trend->n; s++)
        for (uint32_t j = 0; j < trend->series[s].layout->n_cells; j++)
            if (trend->series[s].layout->cells[j].kind == SKA_CELL_TOTAL)
                write_indicator(w, &trend->series[s], j, swedish);
    write_signs(w, swedish);
    page_write_end(w, swedish);
}
