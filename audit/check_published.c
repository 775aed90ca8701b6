/* SPDX-License-Identifier: EUPL-1.2 */
/* check_published.c - that table and pages say exactly what was verified. */
#include "audit/check.h"

#include "audit/page.h"
#include "audit/table.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The line (from 1) where two texts begin to differ. */
static size_t first_difference(struct ska_slice a, struct ska_slice b)
{
    size_t line = 1;
    for (size_t i = 0; i < a.len && i < b.len && a.data[i] == b.data[i]; i++)
        line += a.data[i] == '\n' ? 1u : 0u;
    return line;
}

void check_table_exact(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    table_write(&w, e->task, e->linked, e->total, e->hidden_reason);
    if (finding_is_undecided(f, ska_writer_status(&w)))
        return;
    f->n_inputs = e->table_file.len;
    if (w.len != e->table_file.len || memcmp(w.data, e->table_file.data, w.len) != 0)
        finding_bad(f, words("table.csv skiljer sig på rad %zu", "table.csv differs in line %zu"),
                    first_difference((struct ska_slice){w.data, w.len}, e->table_file));
}

/* One page being read. */
struct reading {
    const struct evidence *e;
    struct finding *f;
    const char *name;
    bool *is_shown; /* by figure */
};

static void tell_figure(const struct reading *r, const struct page_figure *figure,
                        const char *should_be)
{
    finding_bad(
        r->f,
        words("%s: %.*s visar \"%.*s\", ska vara %s", "%s: %.*s shows \"%.*s\", should be %s"),
        r->name, (int)(figure->code.len < 100 ? figure->code.len : 100),
        (const char *)figure->code.data, (int)(figure->text.len < 40 ? figure->text.len : 40),
        (const char *)figure->text.data, should_be);
}

static uint32_t find_in_task(const struct ska_task *task, struct ska_slice code)
{
    char text[SKA_FIGURE_CODE_MAX + 1] = {0};
    if (code.len == 0 || code.len > SKA_FIGURE_CODE_MAX ||
        memchr(code.data, '\0', code.len) != NULL)
        return SKA_NONE;
    memcpy(text, code.data, code.len);
    return ska_figure_find(task, text);
}

/* A figure of the release, or with "2025:" before it of its roll-up. */
static uint32_t find_figure(const struct evidence *e, struct ska_slice code)
{
    const struct ska_task *task = e->task;
    if (!e->has_year || code.len < 5 || code.data[4] != ':' ||
        memcmp(code.data, task->parameters.period, 4) != 0)
        return find_in_task(task, code);
    uint32_t figure = find_in_task(task, (struct ska_slice){code.data + 5, code.len - 5});
    bool is_none = figure == SKA_NONE || ska_linked_is_absent(e->linked, task->n_figures + figure);
    return is_none ? SKA_NONE : task->n_figures + figure;
}

static void on_figure(void *arg, const struct page_figure *figure)
{
    struct reading *r = arg;
    uint32_t cell = find_figure(r->e, figure->code);
    bool is_hidden = false;
    uint64_t value = 0;
    r->f->n_inputs++;
    if (cell == SKA_NONE) {
        tell_figure(r, figure, words("borta: cellen finns inte", "absent: no such cell"));
        return;
    }
    r->is_shown[cell] = true;
    enum ska_status status = page_figure_value(&is_hidden, &value, figure->text);
    bool must_hide = r->e->hidden_reason[cell] != 0;
    if (status == SKA_OK && is_hidden == must_hide && (must_hide || value == r->e->total[cell]))
        return;
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, r->e->total[cell]);
    tell_figure(r, figure, must_hide ? ".." : number);
}

static void check_page(struct evidence *e, struct finding *f, const char *name,
                       struct ska_slice page)
{
    struct ska_error err = {0};
    uint32_t n = e->linked->n_published;
    SKA_SCOPED(ska_scoped_free) bool *is_shown = ska_alloc(n, sizeof *is_shown);
    if (is_shown == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    struct reading r = {.e = e, .f = f, .name = name, .is_shown = is_shown};
    if (page_read(page, on_figure, &r, &err) != SKA_OK)
        finding_bad(f, "%s: %s", name, err.text);
    else
        for (uint32_t cell = 0; cell < n; cell++)
            if (!is_shown[cell] && !ska_linked_is_absent(e->linked, cell))
                finding_bad(f, words("%s: %s visas inte", "%s: %s is not shown"), name,
                            evidence_figure(e, cell));
}

void check_pages(struct evidence *e, struct finding *f)
{
    check_page(e, f, "page.sv.html", e->page_file[PAGE_SV]);
    check_page(e, f, "page.en.html", e->page_file[PAGE_EN]);
}
