/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_release.c - the page of one release, which the bundle carries and the audit reads: the frame
 * without script and pictures, and tables in which every figure is a td with data-cell.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/data/release_day.h"
#include "reports/data/words.h"
#include "reports/html.h"
#include "reports/pages/page_part.h"
#include "reports/period.h"

static const char *in(bool swedish, const char *sv, const char *en)
{
    return swedish ? sv : en;
}

/* The frame ----------------------------------------------------------------------------------- */

static void write_begin(struct ska_writer *w, const char *title, const char *site_title,
                        const char *file, bool has_groups, bool swedish)
{
    HTML(w,
         "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<title>{}</title>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<link rel=\"stylesheet\" href=\"{}style.css\">\n"
         "<link rel=\"icon\" href=\"{}icon.svg\">\n</head>\n<body class=\"release\">\n",
         in(swedish, "sv", "en"), title, in(swedish, "", "../"), in(swedish, "", "../"));
    HTML(w, "<a class=\"skip\" href=\"#innehall\">{}</a>\n<header>\n<div class=\"top\">\n",
         in(swedish, "Hoppa till innehållet", "Skip to the content"));
    HTML(w, "<p class=\"site\"><a href=\"index.html\">{}</a></p>\n", site_title);
    HTML(w,
         "<p class=\"language\"><a href=\"{}{}\" lang=\"{}\" hreflang=\"{}\">{}</a></p>\n</div>\n",
         in(swedish, "en/", "../"), file, in(swedish, "en", "sv"), in(swedish, "en", "sv"),
         in(swedish, "English", "Svenska"));
    page_navigation(w, file, has_groups, swedish);
    html_raw(w, "</header>\n<main id=\"innehall\" tabindex=\"-1\">\n");
}

static void write_end(struct ska_writer *w, bool swedish)
{
    html_raw(w, "</main>\n<footer>\n<div>\n<p>");
    html_text(w, in(swedish,
                    "Summorna är gjorda så att ingen har sett en enskild uppgiftslämnares värden, "
                    "och så att vem som helst kan räkna efter att de stämmer.",
                    "The totals were made so that nobody has seen a single contributor's figures, "
                    "and so that anyone can check that they are right."));
    HTML(w,
         "</p>\n<ul>\n<li><a href=\"about.html\">{}</a></li>\n"
         "<li><a href=\"accessibility.html\">{}</a></li>\n</ul>\n</div>\n</footer>\n</body>\n"
         "</html>\n",
         in(swedish, "Om webbplatsen", "About this site"),
         in(swedish, "Tillgänglighetsredogörelse", "Accessibility statement"));
}

/* Tables --------------------------------------------------------------------------------------- */

/* With more figures than these the signs are explained below the tables only: a page is to stay
 * below 100,000 bytes. */
#define EXPLAINED_MAX 700

static void write_figure(struct ska_writer *w, const struct page_release *r, uint32_t figure,
                         bool swedish)
{
    char text[FIGURES_TEXT_MAX], in_task[SKA_FIGURE_CODE_MAX + 1], code[sizeof in_task + 8];
    const char *year = r->year_name;
    figures_text(text, r->figures, figure, swedish);
    ska_figure_code(in_task, r->task, figure);
    (void)snprintf(code, sizeof code, "%.4s%s%s", year != NULL ? year : "", year != NULL ? ":" : "",
                   in_task);
    if (r->figures->reason[figure] == 0 || r->task->n_figures > EXPLAINED_MAX)
        HTML(w, "<td data-cell=\"{}\">{}</td>", code, text);
    else
        HTML(w, "<td><abbr title=\"{}\" data-cell=\"{}\">{}</abbr></td>",
             words_hidden(r->figures->reason[figure], swedish), code, text);
}

/* One item, in all blocks. */
static void write_row(struct ska_writer *w, const struct page_release *r, const char *label,
                      uint32_t cell, bool swedish)
{
    const struct ska_layout *layout = r->task->layout;
    HTML(w, "<tr class=\"{}\"><th scope=\"row\">{}</th>",
         layout->cells[cell].kind == SKA_CELL_TOTAL ? "total" : "part", label);
    for (uint32_t block = 0; block < r->task->n_blocks; block++)
        write_figure(w, r, block * layout->n_cells + cell, swedish);
    html_raw(w, "</tr>\n");
}

/* The heads of the columns: the unit, or who, where there are groups. */
static void write_head(struct ska_writer *w, const struct page_release *r,
                       const struct ska_indicator *i, bool swedish)
{
    const struct ska_groups *groups = &r->task->parameters.groups;
    HTML(w, "<thead>\n<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
         in(swedish, "Uppgift", "Item"),
         groups->n > 0 ? in(swedish, "Alla", "All") : words_text(&i->unit, swedish));
    for (uint32_t g = 0; g < groups->n; g++)
        HTML(w, "<th scope=\"col\">{}</th>", in(swedish, groups->at[g].sv, groups->at[g].en));
    html_raw(w, "</tr>\n</thead>\n<tbody>\n");
}

static void write_dimension(struct ska_writer *w, const struct page_release *r,
                            const struct ska_table *table, bool swedish)
{
    const struct ska_dimension *d = &r->task->layout->catalogue->dimensions[table->dimension];
    char columns[16];
    (void)snprintf(columns, sizeof columns, "%" PRIu32, 1 + r->task->n_blocks);
    HTML(w, "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}{}</th></tr>\n",
         columns, words_text(&d->label, swedish),
         table->multiple_response ? in(swedish, " (flera kan gälla)", " (several may apply)") : "");
    for (uint32_t k = 0; k < table->n_categories; k++)
        write_row(w, r, words_text(&d->categories[k].label, swedish), table->first + k, swedish);
    html_raw(w, "</tbody>\n");
}

static void write_indicator(struct ska_writer *w, const struct page_release *r, uint32_t total,
                            const char *period, bool swedish)
{
    const struct ska_layout *layout = r->task->layout;
    const struct ska_cell *cell = &layout->cells[total];
    const struct ska_indicator *i = &layout->catalogue->indicators[cell->indicator];
    const char *label = words_text(&i->label, swedish);
    bool is_year = r->year_name != NULL;
    if (is_year)
        HTML(w, "<section>\n<h3 id=\"y-{}\">{}, {}</h3>\n", i->code, label, period);
    else
        HTML(w, "<section>\n<h2 id=\"h-{}\">{}</h2>\n<p>{}</p>\n", i->code, label,
             words_text(&i->description, swedish));
    HTML(w,
         "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}, {}\">\n<table>\n"
         "<caption>{}, {}, {} <span class=\"code\">{}</span></caption>\n",
         label, period, label, words_text(&i->unit, swedish), period, i->code);
    write_head(w, r, i, swedish);
    write_row(w, r, in(swedish, "Totalt", "Total"), total, swedish);
    if (cell->flag != SKA_NONE && !is_year)
        write_row(w, r, in(swedish, "Uppgiftslämnare som svarat", "Contributors that answered"),
                  cell->flag, swedish);
    uint32_t mark = ska_layout_mark(layout, total);
    if (mark != SKA_NONE && !is_year)
        write_row(w, r,
                  in(swedish, "Uppgiftslämnare som bett att få publiceras bara med andra",
                     "Contributors that asked to be published only with others"),
                  mark, swedish);
    html_raw(w, "</tbody>\n");
    for (uint32_t t = 0; t < layout->n_tables; t++)
        if (layout->tables[t].total == total)
            write_dimension(w, r, &layout->tables[t], swedish);
    html_raw(w, "</table>\n</div>\n</section>\n");
}

/* Facts and legend ----------------------------------------------------------------------------- */

/* "1" or "1-4". */
static void small_range(char out[static 64], const struct ska_policy *policy)
{
    uint64_t low = policy->show_zero ? 1 : 0, high = policy->threshold - 1;
    if (low == high)
        (void)snprintf(out, 64, "%" PRIu64, low);
    else
        (void)snprintf(out, 64, "%" PRIu64 "\xE2\x80\x93%" PRIu64, low, high);
}

static void write_rounding(struct ska_writer *w, const struct ska_policy *policy, bool swedish)
{
    char base[24];
    if (policy->rounding == 0)
        return;
    (void)snprintf(base, sizeof base, "%" PRIu64, policy->rounding);
    HTML(w,
         in(swedish,
            "<p>Antal visas avrundade till multiplar av {}, slumpvis uppåt eller nedåt men samma "
            "antal alltid på samma sätt. Det rätta antalet är mindre än {} därifrån. Delar behöver "
            "inte summera till totalen. Hur många som svarat avrundas inte.</p>\n",
            "<p>Counts are shown rounded to multiples of {}, up or down at random but the same "
            "count always alike. The true count is less than {} away. Parts need not add up to "
            "the total. How many answered is not rounded.</p>\n"),
         base, base);
}

static void write_legend(struct ska_writer *w, const struct page_release *r, bool swedish)
{
    const struct ska_policy *policy = &r->task->parameters.policy;
    char range[64], least[16];
    (void)snprintf(least, sizeof least, "%" PRIu32, policy->min_contributors);
    HTML(w, "<section>\n<h2 id=\"legend\">{}</h2>\n<dl>\n",
         in(swedish, "Tecken i tabellerna", "Signs in the tables"));
    HTML(w, "<dt>..</dt><dd>{}", in(swedish, "Skyddat värde: ", "Protected value: "));
    if (policy->threshold > (policy->show_zero ? 1u : 0u)) {
        small_range(range, policy);
        HTML(w, in(swedish, "värdet är {}, ", "the value is {}, "), range);
    }
    HTML(w,
         in(swedish,
            "eller färre än {} uppgiftslämnare har svarat, eller en av dem har bett att värdet "
            "publiceras bara tillsammans med andras, eller värdet döljs för att inget annat "
            "skyddat värde ska kunna räknas ut.",
            "or fewer than {} contributors answered, or one of them asked that it be published "
            "only together with others', or the value is hidden so that no other protected value "
            "can be worked out."),
         least);
    if (r->task->parameters.groups.n > 0)
        html_text(w, in(swedish, " Har för få i en grupp svarat är alla gruppens värden dolda.",
                        " If too few of a group answered, all figures of the group are hidden."));
    if (r->task->parameters.revision > 0)
        html_text(w, in(swedish, " Ett värde som var dolt före rättelsen är dolt också efter den.",
                        " A value that was hidden before the correction is hidden after it too."));
    HTML(w, "</dd>\n<dt>0</dt><dd>{}</dd>\n</dl>\n",
         in(swedish, "En verklig nolla.", "A real zero."));
    write_rounding(w, policy, swedish);
    html_raw(w, "</section>\n");
}

static void write_day(struct ska_writer *w, uint64_t time_s, bool swedish)
{
    char iso[WORDS_DAY_MAX], day[WORDS_DAY_MAX];
    words_day_iso(iso, time_s);
    words_day(day, time_s, swedish);
    HTML(w, "<time datetime=\"{}\">{}</time>", iso, day);
}

static void write_facts(struct ska_writer *w, const struct page_release *r, bool swedish)
{
    const struct ska_parameters *parameters = &r->task->parameters;
    char counted[16], all[16];
    (void)snprintf(counted, sizeof counted, "%" PRIu32, r->n_counted);
    (void)snprintf(all, sizeof all, "%" PRIu32, parameters->roster.n);
    HTML(w,
         in(swedish, "<dl class=\"facts\">\n<div><dt>Uppgiftslämnare</dt><dd>{} av {}</dd></div>\n",
            "<dl class=\"facts\">\n<div><dt>Contributors</dt><dd>{} of {}</dd></div>\n"),
         counted, all);
    HTML(w, "<div><dt>{}</dt><dd>", in(swedish, "Rapporteringstid", "Reporting window"));
    write_day(w, parameters->window_start_s, swedish);
    html_raw(w, " \xE2\x80\x93 ");
    write_day(w, parameters->window_start_s + parameters->window_duration_s - 1, swedish);
    html_raw(w, "</dd></div>\n");
    uint64_t collected_s = 0;
    if (release_day_parse(&collected_s, r->collected_on) == SKA_OK) {
        HTML(w, "<div><dt>{}</dt><dd>", in(swedish, "Insamlat", "Collected"));
        write_day(w, collected_s, swedish);
        html_raw(w, "</dd></div>\n");
    }
    const char *prefix = in(swedish, "", "../");
    char name[PERIOD_NAME_MAX + 1];
    if (parameters->revision > 0)
        HTML(w, "<div><dt>{}</dt><dd>{} <a href=\"{}.html\">{}</a></dd></div>\n",
             in(swedish, "Rättelse", "Correction"), in(swedish, "av den", "of the"),
             parameters->period, in(swedish, "första publiceringen", "first publication"));
    period_name(name, parameters->period, parameters->revision);
    HTML(w, "<div><dt>{}</dt><dd><a href=\"{}{}.csv\">{}.csv</a></dd></div>\n",
         in(swedish, "Tabell", "Table"), prefix, name, name);
    HTML(w, "<div><dt>{}</dt><dd><a href=\"{}bundles/{}-{}.tar\">{}-{}.tar</a></dd></div>\n",
         in(swedish, "För granskning", "For verification"), prefix, parameters->collection, name,
         parameters->collection, name);
    html_raw(w, "</dl>\n");
}

/* The tables of the year, of what is added up. */
static void write_year(struct ska_writer *w, const struct page_release *r, bool swedish)
{
    const struct ska_layout *layout = r->task->layout;
    char name[5] = "", period[WORDS_PERIOD_MAX];
    memcpy(name, r->task->parameters.period, 4);
    const struct page_release year = {.task = r->task, .figures = r->year, .year_name = name};
    words_period(period, name, swedish);
    HTML(w, "<section>\n<h2 id=\"year\">{} {}</h2>\n<p>{}</p>\n</section>\n",
         in(swedish, "Hela året", "The whole year"), name,
         in(swedish,
            "Summan av årets perioder, av de uppgifter som får räknas ihop över ett år. Den visas "
            "också där en enskild periods tal är skyddat, om inget skyddat tal kan räknas ut.",
            "The sum of the year's periods, of what may be added up over a year. It is shown even "
            "where a single period's figure is protected, if no protected figure can be worked "
            "out."));
    for (uint32_t j = 0; j < layout->n_cells; j++)
        if (layout->cells[j].kind == SKA_CELL_TOTAL && r->year->reason[j] != FIGURES_MISSING)
            write_indicator(w, &year, j, period, swedish);
}

void page_write_release(struct ska_writer *w, const struct page_release *r, bool swedish)
{
    const struct ska_layout *layout = r->task->layout;
    const struct ska_parameters *parameters = &r->task->parameters;
    const char *site_title = words_text(&layout->catalogue->title, swedish);
    char period[WORDS_PERIOD_MAX], name[PERIOD_NAME_MAX + 1], file[PERIOD_NAME_MAX + 8],
        title[SKA_TEXT_MAX + 80];
    words_period(period, parameters->period, swedish);
    period_name(name, parameters->period, parameters->revision);
    (void)snprintf(file, sizeof file, "%s.html", name); /* fits: a period's name */
    (void)snprintf(title, sizeof title, "%s \xE2\x80\x93 %s", period, site_title); /* may be cut */
    write_begin(w, title, site_title, file, parameters->groups.n > 0, swedish);
    HTML(w, "<h1 class=\"period\">{}</h1>\n<p class=\"lead\">{}</p>\n", period,
         words_text(&layout->catalogue->description, swedish));
    write_facts(w, r, swedish);
    for (uint32_t j = 0; j < layout->n_cells; j++)
        if (layout->cells[j].kind == SKA_CELL_TOTAL)
            write_indicator(w, r, j, period, swedish);
    if (r->year != NULL)
        write_year(w, r, swedish);
    write_legend(w, r, swedish);
    write_end(w, swedish);
}
