/* SPDX-License-Identifier: EUPL-1.2 */
/* page_data.c - where the data files are (data_files.h). */
#include <stdio.h>

#include "reports/data/tables.h"
#include "reports/pages/page_part.h"

/* A link to a file of a table; `language` is "" or the prefix of the page's own language. */
static void write_file(struct page *p, const char *prefix, const char *level, const char *code,
                       const char *ending, const char *name)
{
    P(p, "<td class=\"text\"><a href=\"{}data/{}/{}{}\">{}</a></td>", prefix, level, code, ending,
      name);
}

/* `own` is the name of a release's own table; NULL where all periods are in one file. */
static void write_files(struct page *p, const char *level, const char *code, const char *own)
{
    const char *shared = page_prefix(p); /* JSON-stat is there in both languages */
    write_file(p, "", level, code, ".json", "JSON-stat");
    write_file(p, shared, level, code, ".px", "PX");
    if (own != NULL)
        P(p, "<td class=\"text\"><a href=\"{}{}.csv\">CSV</a></td>", shared, own);
    else
        write_file(p, shared, level, code, ".csv", "CSV");
    write_file(p, shared, level, code, ".sdmx.csv", "SDMX-CSV");
}

static void write_head(struct page *p, const char *caption, const char *first, bool with_bundle)
{
    page_mark(p, PAGE_LIST);
    html_raw(p->w, "<div class=\"stack\">\n");
    page_scroll_begin(p, caption);
    P(p,
      "<table class=\"quality files\">\n<caption>{}</caption>\n<thead>\n<tr><th "
      "scope=\"col\">{}</th>"
      "<th scope=\"col\">JSON-stat</th><th scope=\"col\">PX</th><th scope=\"col\">CSV</th>"
      "<th scope=\"col\">SDMX-CSV</th>",
      caption, first);
    if (with_bundle)
        P(p, "<th scope=\"col\">{}</th>",
          page_in(p, "Paket för granskning", "Bundle for verification"));
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
}

static void write_end(struct page *p)
{
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    html_raw(p->w, "</div>\n");
    page_mark(p, PAGE_LOOSE);
}

static void write_indicators(struct page *p, bool years)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    bool any = false;
    for (uint32_t i = 0; i < c->n_indicators; i++) {
        struct page_series s;
        if (!page_find_series(&s, p, i) || (years && s.rollup == NULL))
            continue;
        if (!any)
            write_head(p,
                       years ? page_in(p, "Hela år, hopräknade", "Whole years, added up")
                             : page_in(p, "Indikator för indikator, alla perioder",
                                       "Indicator by indicator, all periods"),
                       page_in(p, "Indikator", "Indicator"), false);
        any = true;
        page_mark(p, PAGE_ITEM);
        P(p, "<tr><th scope=\"row\">{}</th>", page_label(p, &c->indicators[i].label));
        write_files(p, years ? "years" : "indicators", c->indicators[i].code, NULL);
        html_raw(p->w, "</tr>\n");
    }
    if (any)
        write_end(p);
}

/* What a year was added up of, where one catalogue has years of more than one kind. */
static const char *parts_of(const struct page *p, enum ska_cadence cadence)
{
    switch (cadence) {
    case SKA_MONTH:
        return page_in(p, "månader", "months");
    case SKA_QUARTER:
        return page_in(p, "kvartal", "quarters");
    case SKA_FOUR_MONTHS:
        return page_in(p, "tertial", "four-month periods");
    case SKA_HALF_YEAR:
        return page_in(p, "halvår", "half-years");
    case SKA_YEAR:
        break;
    }
    return page_in(p, "år", "years");
}

/* A release, or a roll-up by the release that carries it. */
static void write_release(struct page *p, const struct cube_series *s, size_t at)
{
    const struct cube *cube = p->site->cube;
    const struct cube_period *period = &s->periods[at];
    const struct table_of table = {TABLE_RELEASES, (uint32_t)(s - cube->series), SKA_NONE, at};
    char name[WORDS_PERIOD_MAX], code[TABLE_CODE_BYTES];
    table_code(code, cube, &table);
    words_period_short(name, period->name, p->swedish);
    page_mark(p, PAGE_ITEM);
    P(p, "<tr><th scope=\"row\"><a href=\"{}.html\">{}</a>", period->release, name);
    if (s->is_rollup)
        P(p, page_in(p, ", hopräknade {}", ", added up of {}"), parts_of(p, s->cadence));
    html_raw(p->w, "</th>");
    write_files(p, "releases", code, period->release);
    P(p, "<td class=\"text\"><a href=\"{}bundles/{}-{}.tar\">tar</a></td></tr>\n", page_prefix(p),
      cube->collection, period->release);
}

static void write_releases(struct page *p)
{
    const struct cube *cube = p->site->cube;
    write_head(p, page_in(p, "Period för period", "Period by period"),
               page_in(p, "Period", "Period"), true);
    for (size_t k = 0; k < cube->n_series; k++)
        for (size_t t = cube->series[k].n; t > 0; t--)
            if (cube->series[k].periods[t - 1].is_published)
                write_release(p, &cube->series[k], t - 1);
    write_end(p);
}

static void write_formats(struct page *p)
{
    P(p, "<section><h2>{}</h2>\n<dl>\n", page_in(p, "Formaten", "The formats"));
    P(p, "<dt>JSON-stat 2.0</dt><dd>{}</dd>\n",
      page_in(p, "För program och webbsidor, på svenska och engelska.",
              "For programs and web pages, in Swedish and English."));
    P(p, "<dt>PX</dt><dd>{}</dd>\n",
      page_in(p,
              "För PxWeb, PX-Edit och liknande; båda språken i samma fil. Filen är i UTF-8; samma "
              "fil i Windows-1252 har ändelsen .ansi.px.",
              "For PxWeb, PX-Edit and the like; both languages in one file. The file is in UTF-8; "
              "the same file in Windows-1252 ends in .ansi.px."));
    P(p, "<dt>CSV</dt><dd>{}</dd>\n",
      page_in(p,
              "För kalkylblad, en rad för varje värde; beskriven med CSVW i filen med ändelsen "
              ".csv-metadata.json.",
              "For spreadsheets, one line for each figure; described by CSVW in the file that ends "
              "in .csv-metadata.json."));
    P(p, "<dt>SDMX-CSV</dt><dd>{}</dd>\n",
      page_in(p, "För statistikmyndigheters system.", "For the systems of statistical offices."));
    if (p->site->cube->n_populations > 0)
        P(p, "<dt>{}</dt><dd><a href=\"{}data/population.csv\">population.csv</a></dd>\n",
          page_in(p, "Invånare, som talen per invånare räknas med",
                  "Inhabitants, with which rates are reckoned"),
          page_prefix(p));
    P(p,
      "<dt>{}</dt><dd><a href=\"{}ledger.csv\">ledger.csv</a></dd>\n"
      "<dt>{}</dt><dd><a href=\"{}data/catalog.rdf\">catalog.rdf</a> (DCAT-AP-SE)</dd>\n"
      "<dt>{}</dt><dd><a href=\"releases.atom\">releases.atom</a></dd>\n"
      "<dt>{}</dt><dd><a href=\"{}api/v1/{}/\">api/v1/{}/</a></dd>\n</dl>\n</section>\n",
      page_in(p, "Liggare över alla publiceringar och rättelser, i ordning",
              "Ledger of all releases and corrections, in order"),
      page_prefix(p), page_in(p, "Beskrivning för dataportaler", "Description for data portals"),
      page_prefix(p), page_in(p, "Flöde med nya publiceringar", "Feed of new releases"),
      page_in(p, "Gränssnitt som PxWeb, version 1", "Interface as PxWeb, version 1"),
      page_prefix(p), page_in(p, "sv", "en"), page_in(p, "sv", "en"));
}

void page_data(struct page *p)
{
    page_begin(p, page_in(p, "Hämta data", "Get the data"), "data.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Hämta data", "Get the data"),
      page_in(p,
              "Allt som publiceras finns som öppna data, fritt att använda. Skyddade värden är .. "
              "och saknade . i alla format; ingen fil innehåller mer än sidorna visar.",
              "All that is published is open data, free to use. Protected figures are .. and "
              "missing ones . in all formats; no file holds more than the pages show."));
    write_indicators(p, false);
    write_indicators(p, true);
    write_formats(p);
    write_releases(p);
    page_end(p);
}
