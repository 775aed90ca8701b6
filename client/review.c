/* SPDX-License-Identifier: EUPL-1.2 */
/* review.c - what the officer sees of the counts before anything is sent. */
#include "client/review.h"

#include <inttypes.h>
#include <string.h>

#include "client/marks.h"
#include "protocol/words.h"
#include "support/language.h"

static const char *in_language(const struct ska_text *text)
{
    return language_is_swedish() ? text->sv : text->en;
}

/* --- the table -------------------------------------------------------------------------------- */

static void print_padded(FILE *out, const char *text, size_t width)
{
    size_t used = ska_utf8_width(text);
    fprintf(out, "%s%*s", text, used < width ? (int)(width - used) : 0, "");
}

/* Columns of the table. */
struct widths {
    size_t code, label;
};

/* What stands in a row: an indicator's label, or a category's, indented. */
static const char *row_label(const struct ska_layout *layout, const struct ska_cell *cell)
{
    const struct ska_catalogue *c = layout->catalogue;
    return cell->kind == SKA_CELL_TOTAL
               ? in_language(&c->indicators[cell->indicator].label)
               : in_language(&c->dimensions[cell->dimension].categories[cell->category].label);
}

static struct widths measure(const struct ska_layout *layout)
{
    struct widths w = {0};
    for (uint32_t i = 0; i < layout->n_cells; i++) {
        const struct ska_cell *cell = &layout->cells[i];
        if (!ska_cell_is_count(cell))
            continue;
        size_t code = strlen(layout->catalogue->indicators[cell->indicator].code);
        size_t label =
            ska_utf8_width(row_label(layout, cell)) + (cell->kind == SKA_CELL_CATEGORY ? 4 : 0);
        w.code = code > w.code ? code : w.code;
        w.label = label > w.label ? label : w.label;
    }
    return w;
}

static void print_value(FILE *out, const struct ska_layout *layout, const struct counts *counts,
                        uint32_t cell)
{
    if (counts_is_answered(counts, layout, cell))
        fprintf(out, "%8" PRIu64, counts->at[cell]);
    else
        fprintf(out, "%8s", ".");
}

static void print_row(FILE *out, const struct ska_layout *layout, uint32_t i,
                      const struct counts *counts, const struct counts *before, struct widths w)
{
    const struct ska_cell *cell = &layout->cells[i];
    const struct ska_catalogue *c = layout->catalogue;
    bool total = cell->kind == SKA_CELL_TOTAL;
    if (cell->kind == SKA_CELL_CATEGORY && cell->category == 0)
        fprintf(out, "%*s  %s:\n", (int)w.code + 2, "",
                in_language(&c->dimensions[cell->dimension].label));
    print_padded(out, total ? c->indicators[cell->indicator].code : "", w.code + 2);
    print_padded(out, total ? "" : "    ", total ? 0 : 4);
    print_padded(out, row_label(layout, cell), w.label + 2 - (total ? 0 : 4));
    print_value(out, layout, counts, i);
    if (before != NULL) {
        fputs("  ", out);
        print_value(out, layout, before, i);
    }
    if (total && marks_has(counts, layout, i))
        fprintf(out, "  %s", tr("bara tillsammans med andras", "only together with others'"));
    fputc('\n', out);
}

void review_print(FILE *out, const struct ska_layout *layout, const char *period,
                  const struct counts *counts, const struct counts *before)
{
    char previous[SKA_PERIOD_MAX + 1] = "";
    struct widths w = measure(layout);
    ska_period_previous(previous, period);
    fprintf(out, "%*s%8s", (int)(w.code + w.label + 4), "", period);
    if (before != NULL)
        fprintf(out, "  %8s", previous);
    fputc('\n', out);
    for (uint32_t i = 0; i < layout->n_cells; i++)
        if (ska_cell_is_count(&layout->cells[i]))
            print_row(out, layout, i, counts, before, w);
}

/* --- what looks odd --------------------------------------------------------------------------- */

static bool is_odd(uint64_t now, uint64_t then)
{
    uint64_t low = now < then ? now : then;
    uint64_t high = now < then ? then : now;
    return high - low >= 5 && high > 2 * low;
}

static void compare_with_before(struct notes *notes, const struct ska_layout *layout,
                                const struct counts *counts, const struct counts *before,
                                uint32_t cell)
{
    char name[600];
    ska_layout_cell_name(name, sizeof name, layout, cell, language_is_swedish());
    const char *code = layout->cells[cell].code;
    bool now = counts_is_answered(counts, layout, cell);
    bool then = counts_is_answered(before, layout, cell);
    if (now != then) {
        if (layout->cells[cell].kind == SKA_CELL_TOTAL)
            notes_add(notes,
                      now ? tr("%s %s: besvarad nu, men inte förra perioden",
                               "%s %s: answered now, but not the period before")
                          : tr("%s %s: inte besvarad nu, men förra perioden",
                               "%s %s: not answered now, but the period before"),
                      code, name);
        return;
    }
    if (now && is_odd(counts->at[cell], before->at[cell]))
        notes_add(notes,
                  tr("%s %s: %" PRIu64 ", förra perioden %" PRIu64,
                     "%s %s: %" PRIu64 ", the period before %" PRIu64),
                  code, name, counts->at[cell], before->at[cell]);
}

void review_odd(struct notes *notes, const struct ska_layout *layout, const struct counts *counts,
                const struct counts *before)
{
    for (uint32_t i = 0; i < layout->n_cells; i++) {
        const struct ska_cell *cell = &layout->cells[i];
        if (!ska_cell_is_count(cell))
            continue;
        uint64_t warn = layout->catalogue->indicators[cell->indicator].soft_warn;
        if (cell->kind == SKA_CELL_TOTAL && warn > 0 && counts->at[i] > warn)
            notes_add(notes,
                      tr("%s %s: %" PRIu64 " är ovanligt mycket (över %" PRIu64 ")",
                         "%s %s: %" PRIu64 " is unusually much (over %" PRIu64 ")"),
                      cell->code,
                      in_language(&layout->catalogue->indicators[cell->indicator].label),
                      counts->at[i], warn);
        if (before != NULL)
            compare_with_before(notes, layout, counts, before, i);
    }
}

/* --- what is broken --------------------------------------------------------------------------- */

__extension__ typedef __int128 wide;

static bool is_flag(const struct ska_layout *layout, const struct ska_term *term)
{
    return layout->cells[term->cell].kind == SKA_CELL_ANSWERED;
}

/* "NS01 = 12, NS02 = 13", as much as fits. That something with a value is answered goes without
 * saying, but in rules about nothing else. */
static void list_values(char *out, size_t size, const struct ska_layout *layout,
                        const struct ska_rule *rule, const struct counts *counts)
{
    size_t len = 0;
    bool has_value = false;
    const char *between = "";
    out[0] = '\0';
    for (uint32_t i = 0; i < rule->n_terms; i++)
        has_value = has_value || !is_flag(layout, &rule->terms[i]);
    for (uint32_t i = 0; i < rule->n_terms && len < size; i++) {
        uint64_t value = counts->at[rule->terms[i].cell];
        if (has_value && value == 1 && is_flag(layout, &rule->terms[i]))
            continue;
        len += (size_t)snprintf(out + len, size - len, "%s%s = %" PRIu64, between,
                                layout->cells[rule->terms[i].cell].code, value);
        between = ", ";
    }
    if (len >= size)
        snprintf(out + size - 4, 4, "...");
}

size_t review_broken(struct notes *notes, const struct ska_layout *layout,
                     const struct counts *counts)
{
    const struct ska_statement *s = &layout->statement;
    size_t before = notes->n;
    char name[600];
    for (uint32_t i = 0; i < s->n_cells; i++) {
        if (counts->at[i] <= s->bound[i])
            continue;
        ska_layout_cell_name(name, sizeof name, layout, i, language_is_swedish());
        notes_add(notes,
                  tr("%s %s: %" PRIu64 " är över gränsen %" PRIu64,
                     "%s %s: %" PRIu64 " is over the limit %" PRIu64),
                  layout->cells[i].code, name, counts->at[i], s->bound[i]);
    }
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct ska_rule *rule = &s->rules[i];
        wide value = rule->constant;
        for (uint32_t j = 0; j < rule->n_terms; j++)
            value += (wide)rule->terms[j].coefficient * (wide)counts->at[rule->terms[j].cell];
        if (value >= 0 && value <= (wide)rule->width)
            continue;
        char values[300];
        ska_layout_rule_name(name, sizeof name, layout, i, language_is_swedish());
        list_values(values, sizeof values, layout, rule, counts);
        notes_add(notes, "%s (%s)", name, values);
    }
    return notes->n - before;
}
