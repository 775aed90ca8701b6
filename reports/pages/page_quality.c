/* SPDX-License-Identifier: EUPL-1.2 */
/* page_quality.c - how good the figures are: who answered, how much is hidden, what was revised.
 * Days, never times of day. */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RECENT_MAX 8 /* periods in the table of contributors */

static void write_day(struct page *p, uint64_t time_s)
{
    char iso[WORDS_DAY_MAX], day[WORDS_DAY_MAX];
    words_day_iso(iso, time_s);
    words_day(day, time_s, p->swedish);
    P(p, "<time datetime=\"{}\">{}</time>", iso, day);
}

/* Hundredths of a part of a whole, as "93 %" or "93%". */
static void percent(char out[static 24], const struct page *p, uint64_t part, uint64_t whole)
{
    uint64_t value = whole > 0 ? (part * 200 + whole) / (whole * 2) : 0;
    if (value == 100 && part < whole)
        value = 99; /* all is said only of all */
    (void)snprintf(out, 24, p->swedish ? "%" PRIu64 "\xC2\xA0%%" : "%" PRIu64 "%%", value);
}

static uint64_t count_hidden(const struct page *p, const struct cube_series *s, size_t period,
                             uint64_t *n)
{
    uint64_t hidden = 0;
    *n = 0;
    for (uint32_t b = 0; b < p->site->cube->n_blocks; b++)
        for (uint32_t j = 0; j < s->layout->n_cells; j++) {
            struct cube_figure f = cube_at(p->site->cube, s, period, b, j);
            if (s->layout->cells[j].kind == SKA_CELL_MARK)
                continue;
            *n += f.status != CUBE_MISSING;
            hidden += f.status == CUBE_HIDDEN;
        }
    return hidden;
}

static void write_period(struct page *p, const struct cube_series *s, size_t t)
{
    const struct cube_period *period = &s->periods[t];
    char name[WORDS_PERIOD_MAX], text[24];
    uint64_t n = 0, hidden = count_hidden(p, s, t, &n);
    words_period_short(name, period->name, p->swedish);
    page_mark(p, PAGE_ITEM);
    P(p, "<tr><th scope=\"row\"><a href=\"{}.html\">{}</a></th><td class=\"text\">",
      period->release, name);
    write_day(p, period->window_start_s);
    html_raw(p->w, " \xE2\x80\x93 ");
    write_day(p, period->window_start_s + period->window_duration_s - 1);
    html_raw(p->w, "</td><td class=\"text\">");
    if (period->released_at_s > 0)
        write_day(p, period->released_at_s);
    (void)snprintf(text, sizeof text, "%" PRIu32, period->n_counted);
    P(p, "</td><td class=\"number\">{} {} ", text, page_in(p, "av", "of"));
    (void)snprintf(text, sizeof text, "%" PRIu32, period->n_roster);
    P(p, "{}</td>", text);
    percent(text, p, period->n_counted, period->n_roster);
    P(p, "<td class=\"number\">{}</td>", text);
    percent(text, p, hidden, n);
    P(p, "<td class=\"number\">{}</td>", text);
    (void)snprintf(text, sizeof text, "%s %" PRIu32, page_in(p, "nr", "no."), period->revision);
    P(p, "<td class=\"number\">{}</td></tr>\n",
      period->revision > 0 ? text : page_in(p, "ingen", "none"));
}

static void write_periods(struct page *p, const struct cube_series *s)
{
    const char *caption = words_cadence(s->cadence, p->swedish);
    page_mark(p, PAGE_LIST);
    P(p, "<section><h2>{} {}</h2>\n", page_in(p, "Uppgifter som lämnas", "Figures given"), caption);
    page_scroll_begin(p, caption);
    P(p, "<table class=\"quality\">\n<caption>{} {}</caption>\n<thead>\n<tr>",
      page_in(p, "Insamling", "Collection"), caption);
    static const char *const heads[2][7] = {{"Period", "Reporting window", "Published", "Answered",
                                             "Response rate", "Hidden figures", "Revision"},
                                            {"Period", "Rapporteringstid", "Publicerat", "Svarade",
                                             "Svarsandel", "Dolda värden", "Revision"}};
    for (size_t k = 0; k < 7; k++)
        P(p, k < 3 ? "<th scope=\"col\">{}</th>" : "<th scope=\"col\" class=\"number\">{}</th>",
          heads[p->swedish][k]);
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
    for (size_t t = s->n; t > 0; t--)
        if (s->periods[t - 1].is_published)
            write_period(p, s, t - 1);
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    html_raw(p->w, "</section>\n");
    page_mark(p, PAGE_LOOSE);
}

/* "ja", "nej", or nothing for one that was not on the roster. */
static void write_answer(struct page *p, const struct cube_period *period, const char *name)
{
    for (uint32_t i = 0; i < period->n_roster; i++)
        if (strcmp(period->contributors[i], name) == 0) {
            P(p, period->is_counted[i] ? "<td>{}</td>" : "<td class=\"no\">{}</td>",
              period->is_counted[i] ? page_in(p, "ja", "yes") : page_in(p, "nej", "no"));
            return;
        }
    html_raw(p->w, "<td></td>");
}

static void write_contributors(struct page *p, const struct cube_series *s)
{
    size_t at[RECENT_MAX], n = 0;
    char caption[120];
    (void)snprintf(caption, sizeof caption, "%s %s",
                   page_in(p, "Vilka som svarat de senaste perioderna,",
                           "Who answered in the latest periods,"),
                   words_cadence(s->cadence, p->swedish)); /* fits: our own words */
    for (size_t t = s->n; t > 0 && n < RECENT_MAX; t--)
        if (s->periods[t - 1].is_published)
            at[n++] = t - 1;
    if (n == 0)
        return;
    const struct cube_period *latest = &s->periods[at[0]];
    page_mark(p, PAGE_LIST);
    P(p, "<section><h2>{}, {}</h2>\n", page_in(p, "Vilka som svarat", "Who answered"),
      words_per(s->cadence, p->swedish));
    page_scroll_begin(p, caption);
    P(p, "<table class=\"quality\">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>",
      caption, page_in(p, "Uppgiftslämnare", "Contributor"));
    for (size_t k = 0; k < n; k++) {
        char name[WORDS_PERIOD_MAX];
        words_period_short(name, s->periods[at[k]].name, p->swedish);
        P(p, "<th scope=\"col\">{}</th>", name);
    }
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
    for (uint32_t i = 0; i < latest->n_roster; i++) {
        page_mark(p, PAGE_ITEM);
        P(p, "<tr><th scope=\"row\">{}</th>", latest->contributors[i]);
        for (size_t k = 0; k < n; k++)
            write_answer(p, &s->periods[at[k]], latest->contributors[i]);
        html_raw(p->w, "</tr>\n");
    }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    html_raw(p->w, "</section>\n");
    page_mark(p, PAGE_LOOSE);
}

void page_quality(struct page *p)
{
    const struct cube *cube = p->site->cube;
    page_begin(p, page_in(p, "Kvalitet", "Quality"), "quality.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Kvalitet", "Quality"),
      page_in(p,
              "Vilka som lämnat uppgifter, hur stor del av värdena som måste döljas och vad som "
              "har reviderats. Bara dagar visas: när på dagen någon svarat finns inte i det som "
              "publiceras.",
              "Who gave figures, how large a part of the figures must be hidden, and what was "
              "revised. Only days are shown: at what time of day somebody answered is not in what "
              "is published."));
    for (size_t k = 0; k < cube->n_series; k++)
        if (!cube->series[k].is_rollup) {
            write_periods(p, &cube->series[k]);
            write_contributors(p, &cube->series[k]);
        }
    P(p, "<p>{} <a href=\"{}ledger.csv\">ledger.csv</a></p>\n",
      page_in(p, "Alla publiceringar och rättelser, i ordning:",
              "All releases and corrections, in order:"),
      page_prefix(p));
    P(p, "<section><h2>{}</h2>\n<p>{}</p>\n<p>{}</p>\n</section>\n",
      page_in(p, "Vad siffrorna inte säger", "What the figures do not say"),
      page_in(p,
              "Ingen kan se om en uppgiftslämnare räknat fel inom det tillåtna spannet: det som "
              "bevisas är att summan är rätt, inte att varje bidrag är sant.",
              "Nobody can see whether a contributor counted wrongly within the allowed range: what "
              "is proven is that the sum is right, not that each contribution is true."),
      page_in(p,
              "En indikator kan lämnas tom. Hur många som svarat på just den står på indikatorns "
              "sida; en tom uppgift räknas aldrig som noll.",
              "An indicator may be left blank. How many answered it is on the indicator's page; a "
              "blank is never counted as zero."));
    page_end(p);
}
