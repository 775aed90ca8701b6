/* SPDX-License-Identifier: EUPL-1.2 */
/* page_indicator.c - the page of one indicator: over time, as a rate, its parts, its groups. */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/pages/change.h"

static void write_lead(struct page *p, const struct page_series *s, const struct ska_indicator *i)
{
    char period[WORDS_PERIOD_MAX];
    words_period(period, s->own->periods[s->latest].name, p->swedish);
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<div class=\"headline\">\n<p class=\"now\">",
      page_label(p, &i->label), page_label(p, &i->description));
    page_number(p, s->own, s->latest, 0, s->cell);
    struct cube_figure now = cube_at(p->site->cube, s->own, s->latest, 0, s->cell);
    P(p, " <span class=\"unit\">{}, {}", page_label(p, &i->unit), period);
    if (now.status == CUBE_HIDDEN)
        P(p, " ({})", words_hidden(now.reason, p->swedish));
    html_raw(p->w, "</span></p>\n");
    page_change_sentences(p, s, s->cell, false);
    html_raw(p->w, "</div>\n");
}

/* "Ärenden i samråd per kvartal, kv. 1 2018 – kv. 4 2025". */
static void chart_title(char *out, size_t size, const struct page *p, const struct page_series *s,
                        const char *label, const char *per)
{
    char first[WORDS_PERIOD_MAX], last[WORDS_PERIOD_MAX];
    words_period_short(first, s->own->periods[0].name, p->swedish);
    words_period_short(last, s->own->periods[s->own->n - 1].name, p->swedish);
    if (s->own->n == 1) {
        (void)snprintf(out, size, "%s%s, %s", label, per, first);
        return;
    }
    (void)snprintf(out, size, "%s%s %s, %s \xE2\x80\x93 %s", label, per,
                   words_per(s->own->cadence, p->swedish), first, last); /* cut if it must be */
}

#define REVISED_MAX 6 /* periods that are named */

/* "Reviderade perioder: kv. 2 2023.": those whose figures were corrected. "" if there are none. */
static void revised_note(char *out, size_t size, const struct page *p, const struct cube_series *s)
{
    size_t n = 0;
    int len = 0;
    out[0] = '\0';
    for (size_t t = s->n; t > 0 && len >= 0 && (size_t)len < size; t--) {
        char name[WORDS_PERIOD_MAX];
        if (!s->periods[t - 1].is_published || s->periods[t - 1].revision == 0)
            continue;
        words_period_short(name, s->periods[t - 1].name, p->swedish);
        if (n++ < REVISED_MAX)
            len += snprintf(
                out + len, size - (size_t)len, "%s%s",
                n == 1 ? page_in(p, "Reviderade perioder: ", "Revised periods: ") : ", ", name);
    }
    if (len > 0 && (size_t)len < size)
        (void)snprintf(out + len, size - (size_t)len, "%s",
                       n > REVISED_MAX ? page_in(p, " med flera.", " and others.") : ".");
}

static void write_trend(struct page *p, const struct page_series *s, const struct ska_indicator *i)
{
    char title[SKA_TEXT_MAX + 200], description[PAGE_DESCRIPTION_MAX], note[400];
    struct page_points points;
    if (!page_points_init(&points, p, s->own, 0, s->cell))
        return;
    chart_title(title, sizeof title, p, s, page_label(p, &i->label), "");
    page_describe(description, p, points.points, points.n, 0);
    const struct chart chart = {.id = "antal",
                                .title = title,
                                .description = description,
                                .unit = page_label(p, &i->unit),
                                .cell = i->code,
                                .n = points.n,
                                .points = points.points};
    P(p,
      "<section id=\"utveckling\">\n"
      "<h2 id=\"h-utveckling\">{}</h2>\n<div "
      "class=\"pair\">\n<figure>\n<figcaption>{}</figcaption>\n",
      page_in(p, "Utveckling", "Over time"), title);
    chart_write(p->w, &chart, p->swedish);
    html_raw(p->w, "</figure>\n<div>\n");
    page_table_years(p, s, page_in(p, "Antal", "Number"), NULL);
    html_raw(p->w, "</div>\n</div>\n");
    revised_note(note, sizeof note, p, s->own);
    page_note(p, s->own, note);
    html_raw(p->w, "</section>\n");
    page_points_clear(&points);
}

/* "Folkmängd: SCB, 30 november 2024." of the population that the latest rate divides by. */
static void denominator_note(char *out, size_t size, const struct page *p,
                             const struct page_series *s, uint32_t indicator)
{
    uint64_t inhabitants = 0;
    char number[FIGURES_TEXT_MAX];
    const struct cube_population *population = cube_denominator(
        &inhabitants, p->site->cube, 0, indicator, s->own->periods[s->latest].year);
    out[0] = '\0';
    if (population == NULL)
        return;
    figures_number_text(number, inhabitants, p->swedish);
    char day[WORDS_DAY_MAX];
    page_population_day(day, p, population);
    (void)snprintf(
        out, size,
        p->swedish
            ? "Senaste nämnare: %s %s (%s, %s). Varje år delas med det årets folkmängd eller den "
              "senaste dessförinnan."
            : "Latest denominator: %s %s (%s, %s). Each year is divided by that year's population "
              "or the latest one before it.",
        number, page_people(p, indicator), page_label(p, &population->source),
        day); /* cut if need be */
}

static void write_rate(struct page *p, const struct page_series *s, uint32_t indicator)
{
    const struct ska_indicator *i = &p->site->cube->catalogue->indicators[indicator];
    char title[SKA_TEXT_MAX + 200], description[PAGE_DESCRIPTION_MAX], per[80], plain[16],
        number[FIGURES_TEXT_MAX], note[SKA_TEXT_MAX + 200];
    unsigned decimals = page_rate_decimals(p, s, indicator);
    const struct page_rate rate = {indicator, decimals};
    struct page_points points;
    if (!page_points_rates(&points, p, s->own, 0, s->cell, decimals))
        return;
    (void)snprintf(plain, sizeof plain, "%" PRIu32, p->site->cube->rates[indicator].per);
    figures_number_text(number, p->site->cube->rates[indicator].per, p->swedish);
    (void)snprintf(per, sizeof per, " per %s %s", number, page_people(p, indicator));
    chart_title(title, sizeof title, p, s, page_label(p, &i->label), per);
    page_describe(description, p, points.points, points.n, decimals);
    denominator_note(note, sizeof note, p, s, indicator);
    const struct chart chart = {.id = "andel",
                                .title = title,
                                .description = description,
                                .unit = per + 1,
                                .cell = i->code,
                                .decimals = decimals,
                                .n = points.n,
                                .points = points.points};
    P(p,
      "<section id=\"per-invanare\">\n<h2 id=\"h-per\">{}</h2>\n"
      "<div class=\"pair\" data-per=\"{}\">\n<figure>\n<figcaption>{}</figcaption>\n",
      page_in(p, "I förhållande till folkmängden", "In proportion to the population"), plain,
      title);
    chart_write(p->w, &chart, p->swedish);
    html_raw(p->w, "</figure>\n<div>\n");
    page_table_years(p, s, per + 1, &rate);
    html_raw(p->w, "</div>\n</div>\n");
    page_note(p, s->own, note);
    html_raw(p->w, "</section>\n");
    page_points_clear(&points);
}

static void write_about(struct page *p, const struct page_series *s, const struct ska_indicator *i)
{
    P(p, "<section id=\"om\">\n<h2 id=\"h-om\">{}</h2>\n<dl>\n",
      page_in(p, "Om indikatorn", "About the indicator"));
    P(p, "<dt>{}</dt><dd><code>{}</code></dd>\n", page_in(p, "Beteckning", "Code"), i->code);
    P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Räknas i", "Counted in"), page_label(p, &i->unit));
    P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Samlas in", "Collected"),
      words_cadence(s->own->cadence, p->swedish));
    P(p, "<dt>{}</dt><dd>{}</dd>\n", page_in(p, "Varför den mäts", "Why it is measured"),
      page_label(p, &i->source));
    if (s->own->layout->cells[s->cell].flag != SKA_NONE) {
        P(p, "<dt>{}</dt><dd>", page_in(p, "Svarade senast", "Answered last"));
        page_number(p, s->own, s->latest, 0, s->own->layout->cells[s->cell].flag);
        P(p, " {}</dd>\n", page_in(p, "uppgiftslämnare", "contributors"));
    }
    P(p, "<dt>{}</dt><dd><a href=\"data.html\">{}</a></dd>\n</dl>\n</section>\n",
      page_in(p, "Data", "Data"),
      page_in(p, "Hämta siffrorna i öppna format", "Get the figures in open formats"));
}

static bool has_rate(const struct page *p, uint32_t indicator)
{
    uint64_t inhabitants = 0;
    return cube_denominator(&inhabitants, p->site->cube, 0, indicator, UINT32_MAX) != NULL;
}

static void write_contents(struct page *p, const struct page_series *s, uint32_t indicator)
{
    const struct ska_layout *layout = s->own->layout;
    P(p,
      "<nav class=\"contents\" aria-label=\"{}\"><ul>\n<li><a href=\"#utveckling\">{}</a></li>\n",
      page_in(p, "På sidan", "On this page"), page_in(p, "Utveckling", "Over time"));
    if (has_rate(p, indicator))
        P(p, "<li><a href=\"#per-invanare\">{}</a></li>\n",
          page_in(p, "Per invånare", "Per inhabitant"));
    for (uint32_t t = 0; t < layout->n_tables; t++) {
        if (layout->tables[t].total != s->cell)
            continue;
        const struct ska_dimension *d = &layout->catalogue->dimensions[layout->tables[t].dimension];
        P(p, "<li><a href=\"#d-{}\">{} {}</a></li>\n", d->code, page_in(p, "Efter", "By"),
          page_label(p, &d->label));
    }
    if (p->site->cube->n_blocks > 1)
        P(p, "<li><a href=\"#grupper\">{}</a></li>\n", page_in(p, "Efter grupp", "By group"));
    P(p, "<li><a href=\"#om\">{}</a></li>\n</ul></nav>\n",
      page_in(p, "Om indikatorn", "About the indicator"));
}

/* The indicators before and after. */
static void write_neighbours(struct page *p, uint32_t indicator)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    struct page_series s;
    char file[PAGE_FILE_MAX];
    P(p, "<nav class=\"neighbours\" aria-label=\"{}\">\n<ul>\n",
      page_in(p, "Fler indikatorer", "More indicators"));
    for (uint32_t i = indicator; i > 0; i--)
        if (page_find_series(&s, p, i - 1)) {
            page_indicator_file(file, &c->indicators[i - 1]);
            P(p, "<li><a href=\"{}\">\xE2\x86\x90 {}</a></li>\n", file,
              page_label(p, &c->indicators[i - 1].label));
            break;
        }
    for (uint32_t i = indicator + 1; i < c->n_indicators; i++)
        if (page_find_series(&s, p, i)) {
            page_indicator_file(file, &c->indicators[i]);
            P(p, "<li><a href=\"{}\">{} \xE2\x86\x92</a></li>\n", file,
              page_label(p, &c->indicators[i].label));
            break;
        }
    html_raw(p->w, "</ul>\n</nav>\n");
}

/* About how many bytes the parts of the page take, measured; a page is to stay below 100,000. */
#define BYTES_ROOM 74000u /* beside frame, charts and tables of years */
#define BYTES_SPARK 950u  /* a row's small line */
#define BYTES_FIGURE 24u  /* a figure in the table of all periods */
#define PERIODS_LEAST 8u  /* with fewer of them, small lines are left out first */

/* Choose what to leave out: small lines where there are very many rows, and the oldest periods of
 * the tables below them. Everything is in the data files. */
static void choose_parts(struct page *p, const struct page_series *s)
{
    size_t bytes = 0, rows = 0;
    p->no_sparks = s->own->n < 2; /* a line of one point says nothing */
    page_parts_weight(&bytes, &rows, p, s);
    if (rows == 0)
        return;
    uint64_t room = BYTES_ROOM > bytes ? BYTES_ROOM - bytes : 0;
    uint64_t sparks = rows * (BYTES_SPARK * s->own->n / 32 + 150);
    p->no_sparks = p->no_sparks || sparks + rows * BYTES_FIGURE * PERIODS_LEAST > room;
    if (!p->no_sparks)
        room -= sparks;
    p->periods_max = (size_t)(room / (rows * BYTES_FIGURE));
    p->periods_max = p->periods_max > 0 ? p->periods_max : 1;
}

void page_indicator(struct page *p, uint32_t indicator)
{
    const struct ska_indicator *i = &p->site->cube->catalogue->indicators[indicator];
    struct page_series s;
    char file[PAGE_FILE_MAX];
    page_indicator_file(file, i);
    page_begin(p, page_label(p, &i->label), file);
    if (page_find_series(&s, p, indicator)) {
        choose_parts(p, &s);
        write_lead(p, &s, i);
        write_contents(p, &s, indicator);
        write_trend(p, &s, i);
        if (has_rate(p, indicator))
            write_rate(p, &s, indicator);
        page_dimensions(p, &s); /* each a place to cut at */
        page_blocks(p, &s, indicator);
        page_mark(p, PAGE_LOOSE);
        write_about(p, &s, i);
        write_neighbours(p, indicator);
    }
    page_end(p);
}
