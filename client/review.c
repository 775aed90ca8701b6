/* SPDX-License-Identifier: EUPL-1.2 */
/* review.c - what the officer sees of the counts before anything is sent. */
#include "client/review.h"

#include <inttypes.h>
#include <string.h>

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

/* The label of a row: an indicator's, or an indented category's. */
static void row_label(char *out, size_t size, const struct ska_layout *layout, uint32_t cell)
{
    const struct ska_cell *c = &layout->cells[cell];
    const struct ska_catalogue *catalogue = layout->catalogue;
    if (c->kind == SKA_CELL_TOTAL) {
        snprintf(out, size, "%s", in_language(&catalogue->indicators[c->indicator].label));
        return;
    }
    const struct ska_dimension *d = &catalogue->dimensions[c->dimension];
    snprintf(out, size, "  %s: %s", in_language(&d->label),
             in_language(&d->categories[c->category].label));
}

static void print_value(FILE *out, const struct ska_layout *layout, const struct counts *counts,
                        uint32_t cell)
{
    if (counts_is_answered(counts, layout, cell))
        fprintf(out, "%9" PRIu64, counts->at[cell]);
    else
        fprintf(out, "%9s", ".");
}

void review_print(FILE *out, const struct ska_layout *layout, const char *period,
                  const struct counts *counts, const struct counts *before)
{
    char label[600];
    char previous[SKA_PERIOD_MAX + 1] = "";
    size_t width = 0;
    size_t code_width = 0;
    for (uint32_t i = 0; i < layout->n_cells; i++) {
        if (layout->cells[i].kind == SKA_CELL_ANSWERED)
            continue;
        row_label(label, sizeof label, layout, i);
        size_t w = ska_utf8_width(label);
        width = w > width ? w : width;
        size_t c = strlen(layout->catalogue->indicators[layout->cells[i].indicator].code);
        code_width = c > code_width ? c : code_width;
    }
    ska_period_previous(previous, period);
    fprintf(out, "%*s  %9s", (int)(code_width + 2 + width), "", period);
    if (before != NULL)
        fprintf(out, "  %9s", previous);
    fputc('\n', out);
    for (uint32_t i = 0; i < layout->n_cells; i++) {
        const struct ska_cell *cell = &layout->cells[i];
        if (cell->kind == SKA_CELL_ANSWERED)
            continue;
        bool total = cell->kind == SKA_CELL_TOTAL;
        row_label(label, sizeof label, layout, i);
        print_padded(out, total ? layout->catalogue->indicators[cell->indicator].code : "",
                     code_width + 2);
        print_padded(out, label, width + 2);
        print_value(out, layout, counts, i);
        if (before != NULL) {
            fputs("  ", out);
            print_value(out, layout, before, i);
        }
        fputc('\n', out);
    }
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
        if (cell->kind == SKA_CELL_ANSWERED)
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

/* "NS01 = 12, NS02 = 13", as much as fits. */
static void list_values(char *out, size_t size, const struct ska_layout *layout,
                        const struct ska_rule *rule, const struct counts *counts)
{
    size_t len = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < rule->n_terms && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s = %" PRIu64, i == 0 ? "" : ", ",
                                layout->cells[rule->terms[i].cell].code,
                                counts->at[rule->terms[i].cell]);
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
