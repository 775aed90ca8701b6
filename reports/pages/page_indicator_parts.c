/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_indicator_parts.c - an indicator's figures by the categories of a dimension, and by group:
 * rows of a table, each with its small line and its bar, and all periods below.
 *
 * Where the rows weigh much, the page can be cut between any two of them (page_cut.h), and the
 * table of all periods has a section of its own, with the periods as columns.
 */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/pages/change.h"

/* One row: a cell in a block. */
struct row {
    const char *label;
    uint32_t block, cell;
    bool is_total;
};

/* Rows with what they have in common. */
struct rows {
    const struct page_series *s;
    uint32_t n;
    struct row *at;
    uint64_t largest; /* shown in a row that is no total, in any period; at least 1 */
    bool by_block;
    const struct page_rate *rate; /* NULL: counts only */
    const char *head;             /* of the first column */
    const char *id;               /* of the section */
    const char *title, *intro, *caption;
    bool is_heavy;
};

/* Weight --------------------------------------------------------------------------------------- */

#define BYTES_ROW 400u     /* a row of a table, with its bar and the head of its column, measured */
#define BYTES_HEAVY 40000u /* rows of that weight can be cut */
#define HEAVY_PERIODS_MAX 12u /* in their table of all periods */

/* Of a row, with its label where it is longer: the same in both languages. */
static size_t weight_of_row(const struct ska_text *label)
{
    size_t sv = strlen(words_text(label, true)), en = strlen(words_text(label, false));
    return BYTES_ROW + 2 * (sv > en ? sv : en);
}

static size_t weight_of_dimension(const struct ska_dimension *d)
{
    size_t weight = BYTES_ROW;
    for (uint32_t k = 0; k < d->n_categories; k++)
        weight += weight_of_row(&d->categories[k].label);
    return weight;
}

static size_t weight_of_blocks(const struct cube *cube)
{
    size_t weight = BYTES_ROW;
    for (uint32_t b = 1; b < cube->n_blocks; b++)
        weight += weight_of_row(&cube->blocks[b].label);
    return weight;
}

void page_parts_weight(size_t *bytes, size_t *n_rows, const struct page *p,
                       const struct page_series *s)
{
    const struct ska_layout *layout = s->own->layout;
    const struct cube *cube = p->site->cube;
    *bytes = 0;
    *n_rows = 0;
    if (cube->n_blocks > 1 && weight_of_blocks(cube) <= BYTES_HEAVY) {
        *bytes += weight_of_blocks(cube);
        *n_rows += cube->n_blocks;
    }
    for (uint32_t t = 0; t < layout->n_tables; t++) {
        const struct ska_table *table = &layout->tables[t];
        size_t weight = weight_of_dimension(&layout->catalogue->dimensions[table->dimension]);
        if (table->total != s->cell || weight > BYTES_HEAVY)
            continue;
        *bytes += weight;
        *n_rows += table->n_categories + 1;
    }
}

/* Tables --------------------------------------------------------------------------------------- */

static bool has_sparks(const struct page *p, const struct rows *rows)
{
    return rows->s->own->n > 1 && (rows->is_heavy || !p->no_sparks);
}

static void find_largest(struct rows *rows, const struct page *p)
{
    rows->largest = 1;
    for (uint32_t r = 0; r < rows->n; r++)
        for (size_t t = 0; t < rows->s->own->n; t++) {
            struct cube_figure f =
                cube_at(p->site->cube, rows->s->own, t, rows->at[r].block, rows->at[r].cell);
            if (!rows->at[r].is_total && change_has_value(f) && f.value > rows->largest)
                rows->largest = f.value;
        }
}

/* data-cell or data-block, whichever differs from row to row. */
static void row_attribute(char out[static PAGE_ATTRIBUTES_MAX], const struct page *p,
                          const struct rows *rows, const struct row *row)
{
    if (rows->by_block)
        page_block_attribute(out, p->site->cube, row->block);
    else
        (void)snprintf(out, PAGE_ATTRIBUTES_MAX, " data-cell=\"%s\"",
                       rows->s->own->layout->cells[row->cell].code);
}

/* The columns of figures: the latest period, the one before, a year before. */
static size_t columns(size_t out[static 3], const struct page_series *s)
{
    size_t n = 0;
    uint32_t before = change_period_before(s->own, s->latest);
    uint32_t year = change_year_before(s->own, s->latest);
    out[n++] = s->latest;
    if (before != SKA_NONE)
        out[n++] = before;
    if (year != SKA_NONE && year != before)
        out[n++] = year;
    return n;
}

static void write_recent_head(struct page *p, const struct rows *rows)
{
    size_t at[3], n = columns(at, rows->s);
    P(p, "<table class=\"recent\"");
    if (rows->by_block)
        P(p, " data-cell=\"{}\"", rows->s->own->layout->cells[rows->s->cell].code);
    P(p, ">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>", rows->caption,
      rows->head);
    if (has_sparks(p, rows))
        P(p, "<th scope=\"col\" class=\"drawn\">{}</th>",
          page_in(p, "Alla perioder", "All periods"));
    for (size_t k = 0; k < n; k++) {
        char name[WORDS_PERIOD_MAX];
        words_period_short(name, rows->s->own->periods[at[k]].name, p->swedish);
        P(p, "<th scope=\"col\" data-period=\"{}\">{}</th>", rows->s->own->periods[at[k]].name,
          name);
        if (k == 0)
            html_raw(p->w, "<td class=\"drawn\"></td>");
    }
    if (rows->rate != NULL) {
        char per[16], text[FIGURES_TEXT_MAX];
        uint32_t each = p->site->cube->rates[rows->rate->indicator].per;
        (void)snprintf(per, sizeof per, "%" PRIu32, each);
        figures_number_text(text, each, p->swedish);
        P(p, "<th scope=\"col\" data-period=\"{}\" data-per=\"{}\">Per {} {}</th>",
          rows->s->own->periods[rows->s->latest].name, per, text,
          page_people(p, rows->rate->indicator));
    }
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
}

static void write_recent_row(struct page *p, const struct rows *rows, const struct row *row)
{
    const struct cube *cube = p->site->cube;
    const struct cube_series *own = rows->s->own;
    size_t at[3], n = columns(at, rows->s);
    char attribute[PAGE_ATTRIBUTES_MAX];
    struct page_points points;
    row_attribute(attribute, p, rows, row);
    html_raw(p->w, row->is_total ? "<tr class=\"total\"" : "<tr");
    html_raw(p->w, attribute);
    P(p, "><th scope=\"row\">{}</th>", row->label);
    if (has_sparks(p, rows) && page_points_init(&points, p, own, row->block, row->cell)) {
        html_raw(p->w, "<td class=\"drawn\">");
        chart_write_spark(p->w, points.points, points.n,
                          row->is_total ? chart_largest(points.points, points.n) : rows->largest,
                          "small");
        html_raw(p->w, "</td>");
        page_points_clear(&points);
    }
    for (size_t k = 0; k < n; k++) {
        struct cube_figure f = cube_at(cube, own, at[k], row->block, row->cell);
        page_td(p, f, "");
        if (k > 0)
            continue;
        html_raw(p->w, "<td class=\"drawn\">");
        if (!row->is_total)
            chart_write_bar(p->w,
                            f.status == CUBE_HIDDEN    ? CHART_HIDDEN
                            : f.status == CUBE_MISSING ? CHART_MISSING
                                                       : CHART_SHOWN,
                            f.value, rows->largest);
        html_raw(p->w, "</td>");
    }
    if (rows->rate != NULL) {
        uint64_t inhabitants = 0;
        (void)cube_denominator(&inhabitants, cube, row->block, rows->rate->indicator,
                               own->periods[at[0]].year);
        page_td_rate(p, cube_at(cube, own, at[0], row->block, row->cell), inhabitants,
                     cube->rates[rows->rate->indicator].per, rows->rate->decimals, "");
    }
    html_raw(p->w, "</tr>\n");
}

/* ">LABEL, alla perioder" as the name of the table of all periods, in a region that scrolls. */
static void begin_all(struct page *p, const struct rows *rows, const char *head)
{
    char label[2 * SKA_TEXT_MAX + 80];
    (void)snprintf(label, sizeof label, "%s, %s", rows->caption,
                   page_in(p, "alla perioder", "all periods")); /* cut if it must be */
    page_scroll_begin(p, label);
    html_raw(p->w, "<table class=\"all\"");
    if (rows->by_block)
        P(p, " data-cell=\"{}\"", rows->s->own->layout->cells[rows->s->cell].code);
    P(p, ">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>", rows->caption, head);
}

static void end_all(struct page *p, bool has_older)
{
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    if (has_older)
        P(p, "<p class=\"note\"><a href=\"data.html\">{}</a></p>\n",
          page_in(p, "Äldre perioder finns i datafilerna.",
                  "Older periods are in the data files."));
}

/* A figure of that table; the note below it explains the signs. */
static void write_plain(struct page *p, const struct rows *rows, size_t t, const struct row *row)
{
    char text[FIGURES_TEXT_MAX];
    page_figure_text(text, p, cube_at(p->site->cube, rows->s->own, t, row->block, row->cell));
    P(p, "<td>{}</td>", text);
}

/* All periods, the latest first, a column for each row of the other table. */
static void write_all(struct page *p, const struct rows *rows)
{
    const struct cube_series *own = rows->s->own;
    size_t first = p->periods_max > 0 && own->n > p->periods_max ? own->n - p->periods_max : 0;
    P(p, "<details>\n<summary>{}</summary>\n",
      page_in(p, "Alla perioder som tabell", "All periods as a table"));
    begin_all(p, rows, page_in(p, "Period", "Period"));
    for (uint32_t r = 0; r < rows->n; r++) {
        char attribute[PAGE_ATTRIBUTES_MAX];
        row_attribute(attribute, p, rows, &rows->at[r]);
        html_raw(p->w, "<th scope=\"col\"");
        html_raw(p->w, attribute);
        P(p, ">{}</th>", rows->at[r].label);
    }
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
    for (size_t t = own->n; t > first; t--) {
        char name[WORDS_PERIOD_MAX];
        words_period_short(name, own->periods[t - 1].name, p->swedish);
        P(p, "<tr data-period=\"{}\"><th scope=\"row\">{}</th>", own->periods[t - 1].name, name);
        for (uint32_t r = 0; r < rows->n; r++)
            write_plain(p, rows, t - 1, &rows->at[r]);
        html_raw(p->w, "</tr>\n");
    }
    end_all(p, first > 0);
    html_raw(p->w, "</details>\n");
}

/* The same turned, to be cut between rows. */
static void write_all_heavy(struct page *p, const struct rows *rows)
{
    const struct cube_series *own = rows->s->own;
    size_t first = own->n > HEAVY_PERIODS_MAX ? own->n - HEAVY_PERIODS_MAX : 0;
    page_mark(p, PAGE_LIST);
    P(p, "<section id=\"{}-alla\">\n<h2>{}: {}</h2>\n", rows->id, rows->title,
      first > 0 ? page_in(p, "de senaste perioderna", "the latest periods")
                : page_in(p, "alla perioder", "all periods"));
    begin_all(p, rows, rows->head);
    for (size_t t = own->n; t > first; t--) {
        char name[WORDS_PERIOD_MAX];
        words_period_short(name, own->periods[t - 1].name, p->swedish);
        P(p, "<th scope=\"col\" data-period=\"{}\">{}</th>", own->periods[t - 1].name, name);
    }
    html_raw(p->w, "</tr>\n</thead>\n<tbody>\n");
    for (uint32_t r = 0; r < rows->n; r++) {
        char attribute[PAGE_ATTRIBUTES_MAX];
        row_attribute(attribute, p, rows, &rows->at[r]);
        page_mark(p, PAGE_ITEM);
        html_raw(p->w, "<tr");
        html_raw(p->w, attribute);
        P(p, "><th scope=\"row\">{}</th>", rows->at[r].label);
        for (size_t t = own->n; t > first; t--)
            write_plain(p, rows, t - 1, &rows->at[r]);
        html_raw(p->w, "</tr>\n");
    }
    page_mark(p, PAGE_REST);
    end_all(p, first > 0);
    page_note(p, own, "");
    html_raw(p->w, "</section>\n");
}

static void write_recent(struct page *p, struct rows *rows)
{
    find_largest(rows, p);
    page_scroll_begin(p, rows->caption);
    write_recent_head(p, rows);
    for (uint32_t r = 0; r < rows->n; r++) {
        if (rows->is_heavy)
            page_mark(p, PAGE_ITEM);
        write_recent_row(p, rows, &rows->at[r]);
    }
    if (rows->is_heavy)
        page_mark(p, PAGE_REST);
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
}

static const char *scale_note(const struct page *p, const struct rows *rows)
{
    if (has_sparks(p, rows))
        return page_in(
            p,
            "Kurvor och staplar har samma skala i alla rader utom totalen. Ett värde som "
            "bygger på få fall varierar mycket av en slump.",
            "Lines and bars have the same scale in all rows but the total. A figure "
            "from few cases varies much by chance.");
    return page_in(p,
                   "Staplarna har samma skala i alla rader. Ett värde som bygger på få fall "
                   "varierar mycket av en slump.",
                   "Bars have the same scale in all rows. A figure from few cases varies much by "
                   "chance.");
}

/* The whole section. */
static void write_rows(struct page *p, struct rows *rows)
{
    page_mark(p, rows->is_heavy ? PAGE_LIST : PAGE_LOOSE);
    P(p, "<section id=\"{}\">\n<h2>{}</h2>\n<p>{}</p>\n", rows->id, rows->title, rows->intro);
    write_recent(p, rows);
    if (!rows->is_heavy && rows->s->own->n > 1)
        write_all(p, rows);
    page_note(p, rows->s->own, scale_note(p, rows));
    html_raw(p->w, "</section>\n");
    if (rows->is_heavy && rows->s->own->n > 1)
        write_all_heavy(p, rows);
}

static void write_dimension(struct page *p, const struct page_series *s,
                            const struct ska_table *table)
{
    const struct ska_layout *layout = s->own->layout;
    const struct ska_dimension *d = &layout->catalogue->dimensions[table->dimension];
    const char *unit = page_label(p, &layout->catalogue->indicators[table->indicator].unit);
    SKA_SCOPED(ska_scoped_free)
    struct row *at = ska_alloc((size_t)table->n_categories + 1, sizeof *at);
    char caption[2 * SKA_TEXT_MAX + 40], title[SKA_TEXT_MAX + 16], id[SKA_CODE_MAX + 4];
    if (at == NULL) {
        p->w->status = SKA_E_MEMORY;
        return;
    }
    for (uint32_t k = 0; k < table->n_categories; k++)
        at[k] = (struct row){page_label(p, &d->categories[k].label), 0, table->first + k, false};
    at[table->n_categories] = (struct row){page_in(p, "Totalt", "Total"), 0, s->cell, true};
    (void)snprintf(id, sizeof id, "d-%s", d->code); /* fits, as the title does */
    (void)snprintf(title, sizeof title, "%s %s", page_in(p, "Efter", "By"),
                   page_label(p, &d->label));
    (void)snprintf(caption, sizeof caption, "%s, %s %s", unit, page_in(p, "efter", "by"),
                   page_label(p, &d->label)); /* cut if it must be */
    struct rows rows = {
        .s = s,
        .n = table->n_categories + 1,
        .at = at,
        .head = page_in(p, "Kategori", "Category"),
        .id = id,
        .title = title,
        .intro =
            d->multiple_response
                ? page_in(p, "Flera kan gälla samtidigt, så delarna summerar inte till totalen.",
                          "Several may apply at once, so the parts do not add up to the total.")
                : page_in(p, "Delarna summerar till totalen.", "The parts add up to the total."),
        .caption = caption,
        .is_heavy = weight_of_dimension(d) > BYTES_HEAVY};
    write_rows(p, &rows);
}

void page_dimensions(struct page *p, const struct page_series *s)
{
    const struct ska_layout *layout = s->own->layout;
    for (uint32_t t = 0; t < layout->n_tables; t++)
        if (layout->tables[t].total == s->cell)
            write_dimension(p, s, &layout->tables[t]);
}

void page_blocks(struct page *p, const struct page_series *s, uint32_t indicator)
{
    const struct cube *cube = p->site->cube;
    const struct ska_indicator *i = &cube->catalogue->indicators[indicator];
    char caption[SKA_TEXT_MAX + 80];
    uint64_t inhabitants = 0;
    if (cube->n_blocks < 2)
        return;
    SKA_SCOPED(ska_scoped_free) struct row *at = ska_alloc(cube->n_blocks, sizeof *at);
    if (at == NULL) {
        p->w->status = SKA_E_MEMORY;
        return;
    }
    for (uint32_t b = 1; b < cube->n_blocks; b++)
        at[b - 1] = (struct row){page_block_label(p, b), b, s->cell, false};
    at[cube->n_blocks - 1] = (struct row){page_block_label(p, 0), 0, s->cell, true};
    const struct page_rate rate = {indicator, page_rate_decimals(p, s, indicator)};
    bool with_rate = cube_denominator(&inhabitants, cube, 0, indicator, UINT32_MAX) != NULL;
    (void)snprintf(caption, sizeof caption, "%s, %s", page_label(p, &i->unit),
                   page_in(p, "efter grupp", "by group")); /* cut if it must be */
    struct rows rows = {
        .s = s,
        .n = cube->n_blocks,
        .at = at,
        .by_block = true,
        .rate = with_rate ? &rate : NULL,
        .head = page_in(p, "Grupp", "Group"),
        .id = "grupper",
        .title = page_in(p, "Efter grupp", "By group"),
        .intro = page_in(
            p,
            "En uppgiftslämnare kan ingå i flera grupper eller i ingen, så grupperna behöver inte "
            "summera till alla.",
            "A contributor may be in several groups or in none, so the groups need not add up to "
            "all."),
        .caption = caption,
        .is_heavy = weight_of_blocks(cube) > BYTES_HEAVY};
    write_rows(p, &rows);
}
