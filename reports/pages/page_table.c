/* SPDX-License-Identifier: EUPL-1.2 */
/* page_table.c - tables over time, and the notes below them. */
#include "reports/data/release_day.h"
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>

static void write_head(struct page *p, const struct page_series *s, const char *caption,
                       bool with_rollup)
{
    enum ska_cadence cadence = s->own->cadence;
    P(p, "<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>", caption,
      page_in(p, "År", "Year"));
    if (cadence == SKA_YEAR)
        P(p, "<th scope=\"col\">{}</th>", page_in(p, "Värde", "Figure"));
    for (uint32_t part = 1; cadence != SKA_YEAR && part <= words_parts(cadence); part++)
        P(p, "<th scope=\"col\">{}</th>", words_part(cadence, part, p->swedish));
    if (with_rollup)
        P(p, "<th scope=\"col\">{}</th>", page_in(p, "Hela året", "Whole year"));
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
}

/* The period of a year and part, or SIZE_MAX. */
static size_t find_period(const struct cube_series *s, uint32_t year, uint32_t part)
{
    for (size_t t = 0; t < s->n; t++)
        if (s->periods[t].year == year && s->periods[t].part == part)
            return t;
    return SIZE_MAX;
}

static void write_place(struct page *p, const struct cube_series *s, size_t t, uint32_t cell,
                        const struct page_rate *rate)
{
    char attribute[PAGE_ATTRIBUTES_MAX];
    if (t == SIZE_MAX) { /* before the first or after the last period */
        html_raw(p->w, "<td></td>");
        return;
    }
    const struct cube_period *period = &s->periods[t];
    (void)snprintf(attribute, sizeof attribute, " data-period=\"%s\"", period->name);
    struct cube_figure f = cube_at(p->site->cube, s, t, 0, cell);
    if (rate == NULL) {
        page_td(p, f, attribute);
        return;
    }
    uint64_t inhabitants = 0;
    (void)cube_denominator(&inhabitants, p->site->cube, 0, rate->indicator, period->year);
    page_td_rate(p, f, inhabitants, p->site->cube->rates[rate->indicator].per, rate->decimals,
                 attribute);
}

void page_table_years(struct page *p, const struct page_series *s, const char *caption,
                      const struct page_rate *rate)
{
    const struct cube_series *own = s->own;
    uint32_t parts = words_parts(own->cadence);
    bool with_rollup = s->rollup != NULL;
    char per[48] = "";
    if (rate != NULL)
        (void)snprintf(per, sizeof per, " data-per=\"%" PRIu32 "\"",
                       p->site->cube->rates[rate->indicator].per);
    page_scroll_begin(p, caption);
    P(p, "<table class=\"years\" data-cell=\"{}\"", own->layout->cells[s->cell].code);
    html_raw(p->w, per);
    html_raw(p->w, ">\n");
    write_head(p, s, caption, with_rollup);
    for (uint32_t year = own->periods[own->n - 1].year; year >= own->periods[0].year; year--) {
        char text[16];
        (void)snprintf(text, sizeof text, "%" PRIu32, year);
        P(p, "<tr><th scope=\"row\">{}</th>", text);
        for (uint32_t part = 1; part <= parts; part++)
            write_place(p, own, find_period(own, year, part), s->cell, rate);
        if (with_rollup)
            write_place(p, s->rollup, find_period(s->rollup, year, 1), s->cell, rate);
        html_raw(p->w, "</tr>\n");
    }
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
}

void page_population_day(char out[static WORDS_DAY_MAX], const struct page *p,
                         const struct cube_population *population)
{
    uint64_t counted_s = 0;
    if (release_day_parse(&counted_s, population->date) == SKA_OK)
        words_day(out, counted_s, p->swedish);
    else
        (void)snprintf(out, WORDS_DAY_MAX, "%s", population->date);
}

const char *page_people(const struct page *p, uint32_t indicator)
{
    switch (p->site->cube->rates[indicator].people) {
    case CUBE_WOMEN:
        return page_in(p, "kvinnor", "women");
    case CUBE_MEN:
        return page_in(p, "män", "men");
    case CUBE_NOBODY:
    case CUBE_ALL:
        break;
    }
    return page_in(p, "invånare", "inhabitants");
}

void page_note(struct page *p, const struct cube_series *s, const char *more)
{
    const struct cube *cube = p->site->cube;
    const char *who =
        site_fact(p->site->facts, p->swedish ? FACT_ORGANISATION_SV : FACT_ORGANISATION_EN);
    const struct cube_period *last = &s->periods[s->n - 1];
    char day[WORDS_DAY_MAX], text[WORDS_DAY_MAX], base[24];
    words_day(day, last->released_at_s, p->swedish);
    words_day_iso(text, last->released_at_s);
    P(p, "<p class=\"note\">{} {}", page_in(p, "Källa:", "Source:"),
      who[0] != '\0' ? who : page_label(p, &cube->catalogue->title));
    if (last->released_at_s > 0)
        P(p,
          page_in(p, ", publicerat <time datetime=\"{}\">{}</time>",
                  ", published <time datetime=\"{}\">{}</time>"),
          text, day);
    html_raw(p->w, ". ");
    html_text(p->w, more);
    html_raw(p->w,
             page_in(p,
                     " Streckat fält och <b>..</b> är ett skyddat värde, <b>.</b> att uppgift "
                     "saknas.",
                     " Hatched and <b>..</b> is a protected figure, <b>.</b> that there is no "
                     "figure."));
    if (page_rounding(cube) > 1) {
        (void)snprintf(base, sizeof base, "%" PRIu64, page_rounding(cube));
        P(p,
          page_in(p,
                  " Antal är avrundade till multiplar av {}: delar behöver inte summera till "
                  "totalen, och tal per invånare är räknade på avrundade antal.",
                  " Counts are rounded to multiples of {}: parts need not add up to the total, and "
                  "rates are made from rounded counts."),
          base);
    }
    P(p, " <a href=\"method.html\">{}</a></p>\n",
      page_in(p, "Så skyddas värden", "How figures are protected"));
}
