/* SPDX-License-Identifier: EUPL-1.2 */
/* page_groups.c - the groups beside each other: tables with bars, and maps of tiles. */
#include "reports/pages/change.h"
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/scoped.h"

/* What is compared of an indicator: its latest figures, as rates if there are inhabitants. */
struct compared {
    struct page_series s;
    uint32_t indicator;
    bool is_rate;
    uint32_t per; /* of a rate */
    unsigned decimals;
};

struct comparable {
    enum chart_state state;
    uint64_t value; /* count, or rate in units of 10^-decimals */
};

static bool find_compared(struct compared *out, const struct page *p, uint32_t indicator)
{
    const struct cube *cube = p->site->cube;
    uint64_t inhabitants = 0;
    *out = (struct compared){.indicator = indicator};
    if (!page_find_series(&out->s, p, indicator))
        return false;
    for (uint32_t b = 1; b < cube->n_blocks; b++)
        out->is_rate =
            out->is_rate || cube_denominator(&inhabitants, cube, b, indicator, UINT32_MAX) != NULL;
    if (out->is_rate) {
        out->per = cube->rates[indicator].per;
        out->decimals = page_rate_decimals(p, &out->s, indicator);
    }
    return true;
}

static struct comparable value_of(const struct page *p, const struct compared *c, uint32_t block)
{
    const struct cube *cube = p->site->cube;
    struct cube_figure f = cube_at(cube, c->s.own, c->s.latest, block, c->s.cell);
    uint64_t inhabitants = 0;
    if (f.status == CUBE_HIDDEN)
        return (struct comparable){CHART_HIDDEN, 0};
    if (!change_has_value(f))
        return (struct comparable){CHART_MISSING, 0};
    if (!c->is_rate)
        return (struct comparable){CHART_SHOWN, f.value};
    if (cube_denominator(&inhabitants, cube, block, c->indicator,
                         c->s.own->periods[c->s.latest].year) == NULL)
        return (struct comparable){CHART_MISSING, 0};
    return (struct comparable){CHART_SHOWN, words_rate(f.value, c->per, inhabitants, c->decimals)};
}

static uint64_t largest_of(const struct page *p, const struct compared *c, uint32_t first_block)
{
    uint64_t largest = 1;
    for (uint32_t b = first_block; b < p->site->cube->n_blocks; b++) {
        struct comparable v = value_of(p, c, b);
        if (v.state == CHART_SHOWN && v.value > largest)
            largest = v.value;
    }
    return largest;
}

#define ROWS_MAX \
    220 /* of tables, or tiles, on one page; what is left is on the indicators' pages */

/* Links to the indicators from the i-th, for which there was no room. */
static void write_rest(struct page *p, uint32_t i)
{
    const struct ska_catalogue *c = p->site->cube->catalogue;
    struct page_series s;
    if (i >= c->n_indicators)
        return;
    page_mark(p, PAGE_LIST);
    P(p, "<section><h2>{}</h2>\n<ul class=\"periods\">\n",
      page_in(p, "Fler indikatorer, på egna sidor", "More indicators, on pages of their own"));
    for (; i < c->n_indicators; i++)
        if (page_find_series(&s, p, i)) {
            char file[PAGE_FILE_MAX];
            page_indicator_file(file, &c->indicators[i]);
            page_mark(p, PAGE_ITEM);
            P(p, "<li><a href=\"{}#grupper\">{}</a></li>\n", file,
              page_label(p, &c->indicators[i].label));
        }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</ul>\n</section>\n");
    page_mark(p, PAGE_LOOSE);
}

/* Which of two series was published last; `a` may be NULL. */
static const struct cube_series *later_of(const struct cube_series *a, const struct cube_series *b)
{
    return a == NULL || b->periods[b->n - 1].released_at_s > a->periods[a->n - 1].released_at_s ? b
                                                                                                : a;
}

/* "Folkmängd: SCB, 1 november 2024." of the populations that the latest rates divide by; "" if
 * there are no rates. */
static void denominators(char *out, size_t size, const struct page *p)
{
    const struct cube *cube = p->site->cube;
    const char *before = page_in(p, "Nämnare: ", "Denominators: ");
    int len = 0;
    out[0] = '\0';
    for (size_t k = 0; k < cube->n_populations; k++) {
        bool is_used = false;
        char day[WORDS_DAY_MAX];
        for (uint32_t i = 0; i < cube->catalogue->n_indicators && !is_used; i++) {
            struct compared c;
            uint64_t inhabitants = 0;
            is_used = find_compared(&c, p, i) && c.is_rate &&
                      cube_denominator(&inhabitants, cube, 1, i,
                                       c.s.own->periods[c.s.latest].year) == &cube->populations[k];
        }
        if (!is_used || len < 0 || (size_t)len >= size)
            continue;
        page_population_day(day, p, &cube->populations[k]);
        len += snprintf(out + len, size - (size_t)len, "%s%s, %s", len == 0 ? before : "; ",
                        page_label(p, &cube->populations[k].source), day);
    }
    if (len > 0 && (size_t)len < size)
        (void)snprintf(out + len, size - (size_t)len, ". ");
}

static void write_note(struct page *p, const struct cube_series *s, const char *more)
{
    char note[SKA_TEXT_MAX + 400], text[SKA_TEXT_MAX + 200];
    denominators(text, sizeof text, p);
    (void)snprintf(note, sizeof note, "%s%s", text, more);
    page_note(p, s, note);
}

/* Table ---------------------------------------------------------------------------------------- */

static void write_table_row(struct page *p, const struct compared *c, uint32_t block,
                            uint64_t largest)
{
    const struct cube *cube = p->site->cube;
    struct cube_figure f = cube_at(cube, c->s.own, c->s.latest, block, c->s.cell);
    struct comparable v = value_of(p, c, block);
    char attribute[PAGE_ATTRIBUTES_MAX];
    uint64_t inhabitants = 0;
    page_block_attribute(attribute, cube, block);
    html_raw(p->w, block == 0 ? "<tr class=\"total\"" : "<tr");
    html_raw(p->w, attribute);
    P(p, "><th scope=\"row\">{}</th>", page_block_label(p, block));
    page_td(p, f, "");
    if (c->is_rate) {
        (void)cube_denominator(&inhabitants, cube, block, c->indicator,
                               c->s.own->periods[c->s.latest].year);
        page_td_rate(p, f, inhabitants, c->per, c->decimals, "");
    }
    html_raw(p->w, "<td class=\"drawn\">");
    if (c->is_rate || block > 0)
        chart_write_bar(p->w, v.state, v.value, largest);
    html_raw(p->w, "</td></tr>\n");
}

static void write_table(struct page *p, const struct compared *c)
{
    const struct cube *cube = p->site->cube;
    const struct ska_indicator *i = &cube->catalogue->indicators[c->indicator];
    uint64_t largest = largest_of(p, c, c->is_rate ? 0 : 1);
    char file[PAGE_FILE_MAX], period[WORDS_PERIOD_MAX], per[16], number[FIGURES_TEXT_MAX];
    page_indicator_file(file, i);
    words_period(period, c->s.own->periods[c->s.latest].name, p->swedish);
    P(p,
      "<section class=\"compared\" id=\"{}\">\n<h2 id=\"h-{}\"><a "
      "href=\"{}#grupper\">{}</a></h2>\n",
      i->code, i->code, file, page_label(p, &i->label));
    page_scroll_begin(p, page_label(p, &i->label));
    P(p,
      "<table class=\"compare\" data-cell=\"{}\" data-period=\"{}\">\n<caption>{}, {}</caption>\n"
      "<thead>\n<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>",
      i->code, c->s.own->periods[c->s.latest].name, page_label(p, &i->unit), period,
      page_in(p, "Grupp", "Group"), page_in(p, "Antal", "Number"));
    if (c->is_rate) {
        (void)snprintf(per, sizeof per, "%" PRIu32, c->per);
        figures_number_text(number, c->per, p->swedish);
        P(p, "<th scope=\"col\" data-per=\"{}\">Per {} {}</th>", per, number,
          page_people(p, c->indicator));
    }
    html_raw(p->w, "<td class=\"drawn\"></td></tr>\n</thead>\n<tbody>\n");
    for (uint32_t b = 1; b <= cube->n_blocks; b++)
        write_table_row(p, c, b % cube->n_blocks, largest); /* all contributors last */
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    html_raw(p->w, "</section>\n");
}

void page_groups(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const struct cube_series *s = NULL;
    page_begin(p, page_in(p, "Jämför grupper", "Compare groups"), "groups.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Jämför grupper", "Compare groups"),
      page_in(
          p,
          "Varje grupp är minst tre uppgiftslämnare tillsammans; en ensam uppgiftslämnare visas "
          "aldrig. Grupper av olika storlek jämförs bäst per invånare. Streckade fält är skyddade "
          "värden.",
          "Each group is at least three contributors together; a single contributor is never "
          "shown. Groups of different sizes are best compared per inhabitant. Hatched fields are "
          "protected figures."));
    page_mark(p, PAGE_LIST);
    html_raw(p->w, "<div class=\"compared-all\">\n");
    uint32_t i = 0, rows = 0;
    for (; i < cube->catalogue->n_indicators && rows + cube->n_blocks <= ROWS_MAX; i++) {
        struct compared c;
        if (!find_compared(&c, p, i))
            continue;
        page_mark(p, PAGE_ITEM);
        write_table(p, &c);
        rows += cube->n_blocks;
        s = later_of(s, c.s.own);
    }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</div>\n");
    page_mark(p, PAGE_LOOSE);
    write_rest(p, i);
    if (s != NULL)
        write_note(p, s,
                   page_in(p,
                           "En skillnad mellan grupper kan bero på hur uppgifter lämnas, på "
                           "befolkningen och på slumpen.",
                           "A difference between groups may be due to how figures are given, to "
                           "the population and to chance."));
    page_end(p);
}

/* Map ------------------------------------------------------------------------------------------ */

#define MAP_COLUMNS 3 /* where groups have no place of their own */

static bool has_places(const struct cube *cube)
{
    for (uint32_t b = 1; b < cube->n_blocks; b++)
        if (cube->blocks[b].tile_x < 0 || cube->blocks[b].tile_y < 0)
            return false;
    return true;
}

static void tile_text(char out[static FIGURES_TEXT_MAX], const struct page *p,
                      const struct compared *c, struct comparable v)
{
    if (v.state == CHART_SHOWN)
        words_decimal(out, v.value, c->decimals, p->swedish);
    else
        (void)snprintf(out, FIGURES_TEXT_MAX, "%s", v.state == CHART_HIDDEN ? ".." : ".");
}

static void write_tiles(struct page *p, const struct compared *c, const char *title)
{
    const struct cube *cube = p->site->cube;
    uint32_t n = cube->n_blocks - 1;
    uint64_t largest = largest_of(p, c, 1);
    bool placed = has_places(cube);
    SKA_SCOPED(ska_scoped_free) struct chart_tile *tiles = ska_alloc(n, sizeof *tiles);
    SKA_SCOPED(ska_scoped_free)
    char(*texts)[FIGURES_TEXT_MAX] = ska_alloc(n, sizeof *texts);
    if (tiles == NULL || texts == NULL) {
        p->w->status = SKA_E_MEMORY;
        return;
    }
    for (uint32_t g = 0; g < n; g++) {
        const struct cube_block *block = &cube->blocks[1 + g];
        struct comparable v = value_of(p, c, 1 + g);
        tile_text(texts[g], p, c, v);
        tiles[g] = (struct chart_tile){.name = page_label(p, &block->label),
                                       .text = texts[g],
                                       .block = block->code,
                                       .state = v.state,
                                       .x = placed ? block->tile_x : (int32_t)(g % MAP_COLUMNS),
                                       .y = placed ? block->tile_y : (int32_t)(g / MAP_COLUMNS),
                                       .step = (unsigned)(v.value * (CHART_STEPS - 1) / largest)};
    }
    chart_write_tiles(p->w, tiles, n, cube->catalogue->indicators[c->indicator].code, title,
                      page_in(p, "Värdena står också i tabellen på sidan Jämför grupper.",
                              "The figures are also in the table on the page Compare groups."));
}

static void write_map(struct page *p, const struct compared *c)
{
    const struct ska_indicator *i = &p->site->cube->catalogue->indicators[c->indicator];
    char file[PAGE_FILE_MAX], title[2 * SKA_TEXT_MAX], number[FIGURES_TEXT_MAX],
        per[80] = "", attribute[48] = "", period[WORDS_PERIOD_MAX];
    page_indicator_file(file, i);
    words_period_short(period, c->s.own->periods[c->s.latest].name, p->swedish);
    if (c->is_rate) {
        figures_number_text(number, c->per, p->swedish);
        (void)snprintf(per, sizeof per, " per %s %s", number, page_people(p, c->indicator));
        (void)snprintf(attribute, sizeof attribute, " data-per=\"%" PRIu32 "\"", c->per);
    }
    (void)snprintf(title, sizeof title, "%s%s, %s", page_label(p, &i->unit), per, period);
    P(p, "<figure data-cell=\"{}\" data-period=\"{}\"", i->code,
      c->s.own->periods[c->s.latest].name);
    html_raw(p->w, attribute);
    P(p, ">\n<figcaption><a href=\"{}#grupper\">{}</a><span>{}</span></figcaption>\n", file,
      page_label(p, &i->label), title);
    write_tiles(p, c, page_label(p, &i->label));
    html_raw(p->w, "</figure>\n");
}

void page_map(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const struct cube_series *s = NULL;
    page_begin(p, page_in(p, "Karta", "Map"), "map.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Karta", "Map"),
      page_in(
          p,
          "En ruta för varje grupp. Ju mer en ruta skiljer sig från bakgrunden, desto högre "
          "är värdet inom samma karta; kartorna kan inte jämföras med varandra. Streckade rutor är "
          "skyddade värden.",
          "A tile for each group. The more a tile stands out from the background, the higher "
          "is the figure within the same map; the maps cannot be compared with each other. "
          "Hatched tiles are protected figures."));
    if (!has_places(cube))
        P(p, "<p>{}</p>\n",
          page_in(p, "Rutorna står i grupperingens ordning, inte där grupperna ligger.",
                  "The tiles stand in the order of the groups, not where the groups are."));
    page_mark(p, PAGE_LIST);
    html_raw(p->w, "<div class=\"maps\">\n");
    uint32_t i = 0, tiles = 0;
    for (; i < cube->catalogue->n_indicators && tiles + cube->n_blocks <= ROWS_MAX; i++) {
        struct compared c;
        if (!find_compared(&c, p, i))
            continue;
        page_mark(p, PAGE_ITEM);
        write_map(p, &c);
        tiles += cube->n_blocks;
        s = later_of(s, c.s.own);
    }
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</div>\n");
    page_mark(p, PAGE_LOOSE);
    write_rest(p, i);
    if (s != NULL)
        write_note(p, s, "");
    page_end(p);
}
