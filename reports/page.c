/* SPDX-License-Identifier: EUPL-1.2 */
/* page.c - the page of one period. */
#include "reports/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "reports/html.h"

static const char *in(bool swedish, const char *sv, const char *en)
{
    return swedish ? sv : en;
}

const char *page_text(const struct ska_text *text, bool swedish)
{
    return swedish ? text->sv : text->en;
}

/* Periods ------------------------------------------------------------------------------------- */

void page_period_text(char out[static PAGE_PERIOD_TEXT_MAX], const char *period, bool swedish)
{
    static const char *const ordinal[2][4] = {{"first", "second", "third", "fourth"},
                                              {"första", "andra", "tredje", "fjärde"}};
    static const char *const month[2][12] = {
        {"January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December"},
        {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
         "oktober", "november", "december"}};
    enum ska_cadence cadence;
    uint32_t year = 0, part = 1;
    const char *unit = "";
    if (ska_period_parse(&cadence, &year, &part, period) != SKA_OK || part < 1) {
        (void)snprintf(out, PAGE_PERIOD_TEXT_MAX, "%s", period);
        return;
    }
    switch (cadence) {
    case SKA_YEAR:
        (void)snprintf(out, PAGE_PERIOD_TEXT_MAX, "%" PRIu32, year);
        return;
    case SKA_MONTH:
        (void)snprintf(out, PAGE_PERIOD_TEXT_MAX, "%s %" PRIu32, month[swedish][(part - 1) % 12],
                       year);
        return;
    case SKA_QUARTER:
        unit = in(swedish, "kvartalet", "quarter of");
        break;
    case SKA_FOUR_MONTHS:
        unit = in(swedish, "tertialet", "four-month period of");
        break;
    case SKA_HALF_YEAR:
        unit = in(swedish, "halvåret", "half of");
        break;
    }
    (void)snprintf(out, PAGE_PERIOD_TEXT_MAX, "%s %s %" PRIu32, ordinal[swedish][(part - 1) % 4],
                   unit, year); /* fits: the longest is 42 bytes */
}

/* The frame ----------------------------------------------------------------------------------- */

void page_write_begin(struct ska_writer *w, const char *title, const char *site_title,
                      const char *file, bool swedish)
{
    HTML(w,
         "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<title>{}</title>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<link rel=\"stylesheet\" href=\"{}style.css\">\n</head>\n<body>\n",
         in(swedish, "sv", "en"), title, in(swedish, "", "../"));
    HTML(w, "<a class=\"skip\" href=\"#innehall\">{}</a>\n<header>\n",
         in(swedish, "Hoppa till innehållet", "Skip to the content"));
    HTML(w, "<p class=\"site\"><a href=\"index.html\">{}</a></p>\n", site_title);
    HTML(w,
         "<nav aria-label=\"{}\"><a href=\"{}{}\" lang=\"{}\" hreflang=\"{}\">{}</a></nav>\n"
         "</header>\n<main id=\"innehall\" tabindex=\"-1\">\n",
         in(swedish, "Språk", "Language"), in(swedish, "en/", "../"), file, in(swedish, "en", "sv"),
         in(swedish, "en", "sv"), in(swedish, "English", "Svenska"));
}

void page_write_end(struct ska_writer *w, bool swedish)
{
    html_raw(w, "</main>\n<footer>\n<p>");
    html_text(w, in(swedish,
                    "Summorna är gjorda så att ingen har sett en enskild uppgiftslämnares värden, "
                    "och så att vem som helst kan räkna efter att de stämmer.",
                    "The totals were made so that nobody has seen a single contributor's figures, "
                    "and so that anyone can check that they are right."));
    html_raw(w, "</p>\n</footer>\n</body>\n</html>\n");
}

void page_write_figure(struct ska_writer *w, const struct figures *f, uint32_t cell,
                       const char *code, bool swedish)
{
    char text[FIGURES_TEXT_MAX];
    figures_text(text, f, cell, swedish);
    if (f->reason[cell] == 0) {
        HTML(w, "<span data-cell=\"{}\">{}</span>", code, text);
        return;
    }
    const char *words = in(swedish, "skyddat värde", "protected value");
    HTML(w,
         "<abbr title=\"{}\" data-cell=\"{}\">{}</abbr>"
         "<span class=\"unseen\"> {}</span>",
         words, code, text, words);
}

/* The period's page --------------------------------------------------------------------------- */

static void write_row(struct ska_writer *w, const struct page *p, const char *label, uint32_t cell,
                      bool swedish)
{
    HTML(w, "<tr class=\"{}\"><th scope=\"row\">{}</th><td>",
         p->task->layout->cells[cell].kind == SKA_CELL_TOTAL ? "total" : "part", label);
    for (uint32_t block = 0; block < p->task->n_blocks; block++) {
        uint32_t figure = block * p->task->layout->n_cells + cell;
        char code[SKA_FIGURE_CODE_MAX + 1];
        ska_figure_code(code, p->task, figure);
        html_raw(w, block > 0 ? "</td><td>" : "");
        page_write_figure(w, p->figures, figure, code, swedish);
    }
    html_raw(w, "</td></tr>\n");
}

static void write_dimension(struct ska_writer *w, const struct page *p,
                            const struct ska_table *table, bool swedish)
{
    const struct ska_dimension *d = &p->task->layout->catalogue->dimensions[table->dimension];
    HTML(w, "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"2\">{}{}</th></tr>\n",
         page_text(&d->label, swedish),
         table->multiple_response ? in(swedish, " (flera kan gälla)", " (several may apply)") : "");
    for (uint32_t k = 0; k < table->n_categories; k++)
        write_row(w, p, page_text(&d->categories[k].label, swedish), table->first + k, swedish);
    html_raw(w, "</tbody>\n");
}

static void write_indicator(struct ska_writer *w, const struct page *p, uint32_t total,
                            const char *period, bool swedish)
{
    const struct ska_layout *layout = p->task->layout;
    const struct ska_cell *cell = &layout->cells[total];
    const struct ska_indicator *i = &layout->catalogue->indicators[cell->indicator];
    const char *label = page_text(&i->label, swedish);
    HTML(w, "<section aria-labelledby=\"h-{}\">\n<h2 id=\"h-{}\">{}</h2>\n<p>{}</p>\n", i->code,
         i->code, label, page_text(&i->description, swedish));
    HTML(w,
         "<table>\n<caption>{}, {} <span class=\"code\">{}</span></caption>\n<thead>\n"
         "<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr>\n</thead>\n<tbody>\n",
         label, period, i->code, in(swedish, "Uppgift", "Item"), page_text(&i->unit, swedish));
    write_row(w, p, in(swedish, "Totalt", "Total"), total, swedish);
    if (cell->flag != SKA_NONE)
        write_row(w, p, in(swedish, "Uppgiftslämnare som svarat", "Contributors that answered"),
                  cell->flag, swedish);
    html_raw(w, "</tbody>\n");
    for (uint32_t t = 0; t < layout->n_tables; t++)
        if (layout->tables[t].total == total)
            write_dimension(w, p, &layout->tables[t], swedish);
    html_raw(w, "</table>\n</section>\n");
}

/* "1" or "1-4". */
static void small_range(char out[static 64], const struct ska_policy *policy)
{
    uint64_t low = policy->show_zero ? 1 : 0, high = policy->threshold - 1;
    if (low == high)
        (void)snprintf(out, 64, "%" PRIu64, low);
    else
        (void)snprintf(out, 64, "%" PRIu64 "\xE2\x80\x93%" PRIu64, low, high);
}

static void write_legend(struct ska_writer *w, const struct page *p, bool swedish)
{
    const struct ska_policy *policy = &p->task->parameters.policy;
    char range[64], least[16];
    (void)snprintf(least, sizeof least, "%" PRIu32, policy->min_contributors);
    HTML(w, "<section aria-labelledby=\"legend\">\n<h2 id=\"legend\">{}</h2>\n<dl>\n",
         in(swedish, "Tecken i tabellerna", "Signs in the tables"));
    HTML(w, "<dt>..</dt><dd>{}", in(swedish, "Skyddat värde: ", "Protected value: "));
    if (policy->threshold > (policy->show_zero ? 1u : 0u)) {
        small_range(range, policy);
        HTML(w, in(swedish, "värdet är {}, ", "the value is {}, "), range);
    }
    HTML(w,
         in(swedish,
            "eller färre än {} uppgiftslämnare har svarat, eller värdet döljs för att inget "
            "annat skyddat värde ska kunna räknas ut.",
            "or fewer than {} contributors answered, or the value is hidden so that no other "
            "protected value can be worked out."),
         least);
    HTML(w, "</dd>\n<dt>0</dt><dd>{}</dd>\n</dl>\n</section>\n",
         in(swedish, "En verklig nolla.", "A real zero."));
}

/* The day (UTC) of a time, "2025-07-01". */
static void write_day(struct ska_writer *w, uint64_t time_s)
{
    char text[32] = "";
    time_t t = (time_t)time_s;
    struct tm day;
    if (gmtime_r(&t, &day) != NULL && strftime(text, sizeof text, "%Y-%m-%d", &day) > 0)
        HTML(w, "<time datetime=\"{}\">{}</time>", text, text);
}

static void write_facts(struct ska_writer *w, const struct page *p, bool swedish)
{
    const struct ska_parameters *parameters = &p->task->parameters;
    char counted[16], all[16];
    (void)snprintf(counted, sizeof counted, "%" PRIu32, p->n_counted);
    (void)snprintf(all, sizeof all, "%" PRIu32, parameters->roster.n);
    HTML(w,
         in(swedish, "<dl class=\"facts\">\n<dt>Uppgiftslämnare</dt><dd>{} av {}</dd>\n",
            "<dl class=\"facts\">\n<dt>Contributors</dt><dd>{} of {}</dd>\n"),
         counted, all);
    HTML(w, "<dt>{}</dt><dd>", in(swedish, "Rapporteringstid", "Reporting window"));
    write_day(w, parameters->window_start_s);
    html_raw(w, " \xE2\x80\x93 ");
    write_day(w, parameters->window_start_s + parameters->window_duration_s - 1);
    if (p->collected_on[0] != '\0')
        HTML(w, "</dd>\n<dt>{}</dt><dd><time datetime=\"{}\">{}</time>",
             in(swedish, "Insamlat", "Collected"), p->collected_on, p->collected_on);
    const char *prefix = in(swedish, "", "../");
    HTML(w, "</dd>\n<dt>{}</dt><dd><a href=\"{}{}.csv\">{}.csv</a></dd>\n",
         in(swedish, "Tabell", "Table"), prefix, parameters->period, parameters->period);
    HTML(w, "<dt>{}</dt><dd><a href=\"{}bundles/{}-{}.tar\">{}-{}.tar</a></dd>\n",
         in(swedish, "För granskning", "For verification"), prefix, parameters->collection,
         parameters->period, parameters->collection, parameters->period);
    html_raw(w, "</dl>\n");
}

void page_write_period(struct ska_writer *w, const struct page *page, bool swedish)
{
    const struct ska_layout *layout = page->task->layout;
    const struct ska_parameters *parameters = &page->task->parameters;
    const char *site_title = page_text(&layout->catalogue->title, swedish);
    char period[PAGE_PERIOD_TEXT_MAX], file[SKA_PERIOD_MAX + 8], title[SKA_TEXT_MAX + 80];
    page_period_text(period, parameters->period, swedish);
    (void)snprintf(file, sizeof file, "%s.html", parameters->period);
    (void)snprintf(title, sizeof title, "%s, %s", site_title, period); /* cut if it must be */
    page_write_begin(w, title, site_title, file, swedish);
    HTML(w, "<h1>{}, {}</h1>\n<p class=\"lead\">{}</p>\n", site_title, period,
         page_text(&layout->catalogue->description, swedish));
    write_facts(w, page, swedish);
    for (uint32_t j = 0; j < layout->n_cells; j++)
        if (layout->cells[j].kind == SKA_CELL_TOTAL)
            write_indicator(w, page, j, period, swedish);
    write_legend(w, page, swedish);
    page_write_end(w, swedish);
}
