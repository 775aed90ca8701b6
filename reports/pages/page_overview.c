/* SPDX-License-Identifier: EUPL-1.2 */
/* page_overview.c - the first page: what changed since the last period and the last year. */
#include "reports/pages/change.h"
#include "reports/pages/page_part.h"
#include "reports/pages/page_split.h"

#include <inttypes.h>
#include <stdio.h>

#define UNPUBLISHED_MAX 60 /* indicators that are named */
#define CURVE_PERIODS 12   /* of the curves where all periods weigh too much */

/* The latest published period of what is collected most often: the one the page is about. */
static const struct cube_series *main_series(const struct cube *cube, size_t *latest)
{
    for (size_t k = 0; k < cube->n_series; k++) {
        const struct cube_series *s = &cube->series[k];
        for (size_t t = s->n; !s->is_rollup && t > 0; t--)
            if (s->periods[t - 1].is_published) {
                *latest = t - 1;
                return s;
            }
    }
    return NULL;
}

static void write_facts(struct page *p, const struct cube_series *s, size_t latest)
{
    const struct cube_period *period = &s->periods[latest];
    char name[WORDS_PERIOD_MAX], counted[16], roster[16], day[WORDS_DAY_MAX], iso[WORDS_DAY_MAX];
    words_period(name, period->name, p->swedish);
    (void)snprintf(counted, sizeof counted, "%" PRIu32, period->n_counted);
    (void)snprintf(roster, sizeof roster, "%" PRIu32, period->n_roster);
    words_day(day, period->released_at_s, p->swedish);
    words_day_iso(iso, period->released_at_s);
    P(p, "<dl class=\"facts\">\n<div><dt>{}</dt><dd><a href=\"{}.html\">{}</a>{}</dd></div>\n",
      page_in(p, "Senaste period", "Latest period"), period->release, name,
      period->revision > 0 ? page_in(p, " (reviderad)", " (revised)") : "");
    if (period->released_at_s > 0)
        P(p, "<div><dt>{}</dt><dd><time datetime=\"{}\">{}</time></dd></div>\n",
          page_in(p, "Publicerat", "Published"), iso, day);
    P(p,
      "<div><dt>{}</dt><dd><a href=\"quality.html\">{} {} {}</a></dd></div>\n"
      "<div><dt>{}</dt><dd><a href=\"check.html\">{}</a></dd></div>\n</dl>\n",
      page_in(p, "Uppgiftslämnare", "Contributors"), counted, page_in(p, "av", "of"), roster,
      page_in(p, "Stämmer det?", "Is this right?"),
      page_in(p, "Räkna efter själv", "Check it yourself"));
}

/* Which indicators are to be listed under a heading of the summary. */
static enum change_kind year_change(const struct page *p, uint32_t indicator)
{
    struct page_series s;
    if (!page_find_series(&s, p, indicator))
        return CHANGE_UNKNOWN;
    uint32_t year = change_year_before(s.own, s.latest);
    if (year == SKA_NONE)
        return CHANGE_UNKNOWN;
    return change_between(cube_at(p->site->cube, s.own, year, 0, s.cell),
                          cube_at(p->site->cube, s.own, s.latest, 0, s.cell),
                          page_rounding(p->site->cube));
}

static uint32_t write_kind(struct page *p, enum change_kind a, enum change_kind b,
                           const char *heading, const char *class)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    char number[16];
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n_indicators; i++) {
        enum change_kind kind = year_change(p, i);
        struct page_series s;
        if ((kind != a && kind != b) || !page_find_series(&s, p, i))
            continue;
        if (n++ == 0)
            P(p, "<div class=\"{}\"><h3>{}</h3>\n", class, heading);
        if (n == 1 && !p->is_long)
            html_raw(p->w, "<ul>\n");
        if (!p->is_long)
            P(p, "<li><a href=\"#{}\">{}</a></li>\n", c->indicators[i].code,
              page_label(p, &c->indicators[i].label));
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, n);
    if (n > 0 && p->is_long)
        P(p, "<p>{} {}</p></div>\n", number,
          page_in(p, n == 1 ? "indikator" : "indikatorer", n == 1 ? "indicator" : "indicators"));
    else if (n > 0)
        html_raw(p->w, "</ul></div>\n");
    return n;
}

/* Whether an indicator was published a year before, whatever it was then. */
static bool has_year_before(const struct page *p)
{
    struct page_series s;
    for (uint32_t i = 0; i < p->site->cube->catalogue->n_indicators; i++)
        if (page_find_series(&s, p, i) && change_year_before(s.own, s.latest) != SKA_NONE)
            return true;
    return false;
}

/* Whether no indicator has a period before its latest: then there are no lines nor changes. */
static bool is_first(const struct page *p)
{
    struct page_series s;
    for (uint32_t i = 0; i < p->site->cube->catalogue->n_indicators; i++)
        if (page_find_series(&s, p, i) && s.own->n > 1)
            return false;
    return true;
}

static void write_summary(struct page *p)
{
    if (p->is_first) {
        P(p, "<section class=\"summary\">\n<h2 id=\"ett-ar\">{}</h2>\n<p>{}</p>\n</section>\n",
          page_in(p, "Förändring", "Change"),
          page_in(p,
                  "Det här är den första perioden. Vad som ändrats står här när nästa är "
                  "publicerad.",
                  "This is the first period. What has changed will be said here when the next one "
                  "is published."));
        return;
    }
    P(p, "<section class=\"summary\">\n<h2 id=\"ett-ar\">{}</h2>\n",
      page_in(p, "Jämfört med ett år tidigare", "Compared with a year earlier"));
    if (!has_year_before(p)) {
        P(p, "<p>{}</p>\n</section>\n",
          page_in(p, "Ännu är inget publicerat från ett år tidigare att jämföra med.",
                  "Nothing is published yet from a year earlier to compare with."));
        return;
    }
    html_raw(p->w, "<div class=\"kinds\">\n");
    (void)write_kind(p, CHANGE_MORE, CHANGE_MORE, page_in(p, "Fler", "More"), "more");
    (void)write_kind(p, CHANGE_FEWER, CHANGE_FEWER, page_in(p, "Färre", "Fewer"), "fewer");
    (void)write_kind(p, CHANGE_SAME, CHANGE_CHANCE, page_in(p, "Ungefär lika", "About the same"),
                     "same");
    (void)write_kind(p, CHANGE_FEW, CHANGE_FEW, page_in(p, "För få för att säga", "Too few to say"),
                     "few");
    (void)write_kind(p, CHANGE_UNKNOWN, CHANGE_UNKNOWN,
                     page_in(p, "Kan inte jämföras", "Cannot be compared"), "unknown");
    P(p, "</div>\n<p class=\"note\">{} <a href=\"method.html#forandring\">{}</a></p>\n</section>\n",
      page_in(p,
              "”Fler” och ”färre” står bara där skillnaden är större än vad slumpen brukar ge. Att "
              "fler söker hjälp behöver inte betyda att våldet ökar.",
              "“More” and “fewer” are said only where the difference is larger than chance usually "
              "makes it. That more seek help need not mean that violence increases."),
      page_in(p, "Så bedöms förändringar", "How changes are judged"));
}

static void write_row(struct page *p, uint32_t indicator, const struct page_series *s)
{
    const struct ska_indicator *i = &p->site->cube->catalogue->indicators[indicator];
    char file[PAGE_FILE_MAX], period[WORDS_PERIOD_MAX];
    struct page_points points;
    page_indicator_file(file, i);
    words_period(period, s->own->periods[s->latest].name, p->swedish);
    P(p,
      "<li class=\"row\" id=\"{}\">\n<div class=\"what\"><h3><a href=\"{}\">{}</a></h3>\n"
      "<p class=\"now\">",
      i->code, file, page_label(p, &i->label));
    page_number(p, s->own, s->latest, 0, s->cell);
    struct cube_figure now = cube_at(p->site->cube, s->own, s->latest, 0, s->cell);
    P(p, " <span class=\"unit\">{}, {}", page_label(p, &i->unit), period);
    if (now.status == CUBE_HIDDEN)
        P(p, " ({})", words_hidden(now.reason, p->swedish));
    html_raw(p->w, "</span></p></div>\n");
    if (!p->no_sparks && !p->is_first && page_points_init(&points, p, s->own, 0, s->cell)) {
        size_t n = p->periods_max > 0 && points.n > p->periods_max ? p->periods_max : points.n;
        const struct chart_point *latest = points.points + points.n - n;
        html_raw(p->w, "<div class=\"picture\">");
        chart_write_spark(p->w, latest, n, chart_largest(latest, n), "large");
        P(p, "<p class=\"span\" aria-hidden=\"true\"><span>{}</span>", points.labels[points.n - n]);
        if (n > 1)
            P(p, "<span>{}</span>", points.labels[points.n - 1]);
        html_raw(p->w, "</p></div>\n");
        page_points_clear(&points);
    }
    if (!p->is_first)
        page_change_sentences(p, s, s->cell, true);
    html_raw(p->w, "</li>\n");
}

/* The indicators of which nothing is published: which, or of very many how many. */
static void write_unpublished(struct page *p, uint32_t n_left)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    const char *before = page_in(p, "Ännu inte publicerat: ", "Not yet published: ");
    char number[16];
    struct page_series s;
    if (n_left == 0)
        return;
    P(p, "<p>{}", before);
    (void)snprintf(number, sizeof number, "%" PRIu32, n_left);
    if (n_left > UNPUBLISHED_MAX)
        P(p, "{} {}", number, page_in(p, "indikatorer", "indicators"));
    const char *comma = "";
    for (uint32_t i = 0; n_left <= UNPUBLISHED_MAX && i < c->n_indicators; i++)
        if (!page_find_series(&s, p, i)) {
            P(p, "{}{}", comma, page_label(p, &c->indicators[i].label));
            comma = ", ";
        }
    html_raw(p->w, ".</p>\n");
}

static void write_rows(struct page *p)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    uint32_t n_left = 0;
    page_mark(p, PAGE_LIST);
    P(p, "<section>\n<h2 id=\"indikatorer\">{}</h2>\n",
      page_in(p, "Indikatorerna, en för en", "The indicators, one by one"));
    bool is_bare = p->no_sparks || p->is_first;
    html_raw(p->w, is_bare ? "<ul class=\"rows bare\">\n" : "<ul class=\"rows\">\n");
    for (uint32_t i = 0; i < c->n_indicators; i++) {
        struct page_series s;
        if (!page_find_series(&s, p, i)) {
            n_left++;
            continue;
        }
        page_mark(p, PAGE_ITEM);
        write_row(p, i, &s);
    }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</ul>\n</section>\n");
    page_mark(p, PAGE_LOOSE);
    write_unpublished(p, n_left);
    if (p->is_first)
        return;
    P(p, "<p class=\"note\">{}{}</p>\n",
      page_in(p, "”Ungefär som” betyder att skillnaden inte är större än vad slumpen ofta ger.",
              "“About as” means that the difference is no larger than chance often makes it."),
      p->no_sparks ? ""
                   : page_in(p,
                             " Varje kurva börjar på noll och har egen skala. Streckat fält: "
                             "skyddat värde; kurvan bryts där och är inte noll.",
                             " Each line begins at zero and has a scale of its own. Hatched: a "
                             "protected figure; the line breaks there and is not zero."));
}

/* A page of a release stays as it was signed; the year that it adds up may have been added up anew.
 */
static void write_as_released(struct page *p)
{
    P(p, "<p class=\"note\">{}</p>\n",
      page_in(
          p,
          "En periods sida står kvar som den gavs ut och skrevs under. Har en period rättats leder "
          "länken till rättelsen, och summor för hela år på andra perioders sidor kan vara "
          "ersatta: de senaste siffrorna står på indikatorernas sidor.",
          "A period's page stays as it was released and signed. Where a period was corrected the "
          "link leads to the correction, and sums of whole years on other periods' pages may "
          "have been replaced: the latest figures are on the indicators' pages."));
}

static void write_releases(struct page *p)
{
    const struct cube *cube = p->site->cube;
    bool is_corrected = false;
    page_mark(p, PAGE_LIST);
    P(p,
      "<nav aria-labelledby=\"perioder\" class=\"releases\">\n<h2 id=\"perioder\">{}</h2>\n<ul "
      "class=\"periods\">\n",
      page_in(p, "Period för period", "Period by period"));
    for (size_t k = 0; k < cube->n_series; k++)
        for (size_t t = cube->series[k].n; !cube->series[k].is_rollup && t > 0; t--) {
            const struct cube_period *period = &cube->series[k].periods[t - 1];
            char text[WORDS_PERIOD_MAX];
            if (!period->is_published)
                continue;
            words_period_short(text, period->name, p->swedish);
            is_corrected = is_corrected || period->revision > 0;
            page_mark(p, PAGE_ITEM);
            P(p, "<li><a href=\"{}.html\">{}</a>{}</li>\n", period->release, text,
              period->revision > 0 ? page_in(p, " (reviderad)", " (revised)") : "");
        }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</ul>\n");
    if (is_corrected)
        write_as_released(p);
    html_raw(p->w, "</nav>\n");
}

static void write_overview(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const char *title = page_label(p, &cube->catalogue->title);
    size_t latest = 0;
    const struct cube_series *s = main_series(cube, &latest);
    p->is_first = is_first(p);
    page_begin(p, title, "index.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", title,
      page_label(p, &cube->catalogue->description));
    if (s == NULL) {
        P(p, "<p>{}</p>\n",
          page_in(p, "Ännu är ingen period publicerad.", "No period is published yet."));
    } else {
        write_facts(p, s, latest);
        write_summary(p);
        write_rows(p);
        write_releases(p);
    }
    page_end(p);
}

/* With all curves; if it weighs too much then, with the latest periods in them; else without; and
 * if that is too much, to be cut into parts, which have room for the curves. */
void page_overview(struct page *p)
{
    static const struct {
        size_t periods_max;
        bool no_sparks, is_long;
    } leave_out[] = {
        {0, false, false}, {CURVE_PERIODS, false, false}, {0, true, false}, {0, false, true}};
    const size_t begin = p->w->len;
    for (size_t i = 0; i < sizeof leave_out / sizeof leave_out[0]; i++) {
        p->w->len = begin;
        p->periods_max = leave_out[i].periods_max;
        p->no_sparks = leave_out[i].no_sparks;
        p->is_long = leave_out[i].is_long;
        if (p->marks != NULL)
            p->marks->n = 0;
        write_overview(p);
        if (p->w->len - begin <= PAGE_BYTES_MAX)
            return;
    }
}
