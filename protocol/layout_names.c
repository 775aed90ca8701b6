/* SPDX-License-Identifier: EUPL-1.2 */
/* layout_names.c - cells and rules called by name, in Swedish or English. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/layout.h"
#include "protocol/words.h"

static const char *in(const struct ska_text *text, bool swedish)
{
    return swedish ? text->sv : text->en;
}

/* snprintf that cuts at the end of a character. */
static void write_cut(char *out, size_t size, const char *format, ...) SKA_PRINTF(3, 4);
static void write_cut(char *out, size_t size, const char *format, ...)
{
    if (size == 0)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(out, size, format, args);
    va_end(args);
    size_t len = strlen(out);
    size_t whole = 0;
    while (whole < len) {
        size_t n = ska_utf8_next(NULL, out + whole, len - whole);
        if (n == 0)
            break;
        whole += n;
    }
    out[whole] = '\0';
}

void ska_layout_cell_name(char *out, size_t size, const struct ska_layout *layout, uint32_t cell,
                          bool swedish)
{
    const struct ska_cell *c = &layout->cells[cell];
    const char *label = in(&layout->catalogue->indicators[c->indicator].label, swedish);
    switch (c->kind) {
    case SKA_CELL_TOTAL:
        write_cut(out, size, "%s", label);
        return;
    case SKA_CELL_ANSWERED:
        write_cut(out, size, "%s, %s", label, swedish ? "besvarad" : "answered");
        return;
    case SKA_CELL_MARK:
        write_cut(out, size, "%s, %s", label,
                  swedish ? "bara tillsammans med andras" : "only together with others'");
        return;
    case SKA_CELL_CATEGORY:
        break;
    }
    const struct ska_dimension *d = &layout->catalogue->dimensions[c->dimension];
    write_cut(out, size, "%s, %s: %s", label, in(&d->label, swedish),
              in(&d->categories[c->category].label, swedish));
}

void ska_layout_rule_name(char *out, size_t size, const struct ska_layout *layout, uint32_t rule,
                          bool swedish)
{
    const struct ska_rule_source *source = &layout->rule_sources[rule];
    const struct ska_catalogue *c = layout->catalogue;
    if (c == NULL) {
        (void)snprintf(out, size, swedish ? "regel %u" : "rule %u", rule);
        return;
    }
    if (source->origin == SKA_RULE_CATALOGUE) {
        write_cut(out, size, "%s", in(&c->rules[source->index].label, swedish));
        return;
    }
    if (source->origin == SKA_RULE_FLAG) {
        write_cut(out, size,
                  swedish ? "%s: den som inte besvarat har inget antal"
                          : "%s: whoever has not answered has no count",
                  in(&c->indicators[source->index].label, swedish));
        return;
    }
    const struct ska_table *t = &layout->tables[source->index];
    const char *label = in(&c->indicators[t->indicator].label, swedish);
    const struct ska_dimension *d = &c->dimensions[t->dimension];
    if (!t->multiple_response) {
        write_cut(out, size,
                  swedish ? "%s: summan över %s är lika med totalen"
                          : "%s: the sum over %s equals the total",
                  label, in(&d->label, swedish));
        return;
    }
    uint32_t cell = layout->statement.rules[rule].terms[1].cell;
    write_cut(out, size, swedish ? "%s: %s är högst totalen" : "%s: %s is at most the total", label,
              in(&d->categories[layout->cells[cell].category].label, swedish));
}
