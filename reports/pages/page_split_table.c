/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_split_table.c - a section of a release's page whose table is too heavy for one page, cut by
 * rows. As page_release.c writes one:
 *
 *     <section> <h2 id="ID">LABEL</h2> text                    `begin`, for the first part
 *     <div ... aria-label="..."> <table> <caption>...</caption> <thead>...</thead>      `head`
 *     <tbody> rows </tbody> <tbody> rows </tbody> ...
 *     </table> </div> </section>                                                        `end`
 */
#define _GNU_SOURCE /* memmem */
#include "reports/pages/page_split_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/html.h"

#define OF_A_PART 400u /* bytes that a part has beside what it takes from its section */

static const char body_begin[] = "<tbody>\n", body_end[] = "</tbody>\n", row_end[] = "</tr>\n",
                  head_of_rows[] = "<tr class=\"group\">";

struct row {
    struct ska_slice all;
    bool begins;  /* a body, so that a <tbody> is before it */
    bool is_head; /* of the rows after it in its body */
};

/* A table taken apart. Borrowed, but for the array. */
struct table {
    struct ska_slice begin, head, end, heading; /* heading: "h2" or "h3" */
    size_t n;
    struct row *rows; /* owned */
};

static void table_clear(struct table *t)
{
    free(t->rows);
}

static bool begins_with(struct ska_slice s, const char *text)
{
    return s.len >= strlen(text) && memcmp(s.data, text, strlen(text)) == 0;
}

static struct ska_slice behind(struct ska_slice s, const char *text)
{
    return (struct ska_slice){s.data + strlen(text), s.len - strlen(text)};
}

/* The rows up to </table>, which `rest` then begins with. */
static bool take_rows(struct table *t, struct ska_slice *rest)
{
    while (begins_with(*rest, body_begin)) {
        bool begins = true;
        *rest = behind(*rest, body_begin);
        while (begins_with(*rest, "<tr")) {
            struct row *row = &t->rows[t->n];
            const uint8_t *start = rest->data;
            if (!cut_until(&row->all, rest, row_end))
                return false;
            row->all = (struct ska_slice){start, (size_t)(rest->data - start)};
            row->begins = begins;
            row->is_head = begins_with(row->all, head_of_rows);
            begins = false;
            t->n++;
        }
        if (begins || !begins_with(*rest, body_end))
            return false;
        *rest = behind(*rest, body_end);
    }
    return begins_with(*rest, "</table>\n");
}

/* False if the section is not of this form. */
static enum ska_status take_apart(bool *is_ours, struct table *t, const struct cut_section *s)
{
    struct ska_slice rest = s->all;
    *is_ours = false;
    t->rows = ska_alloc(s->all.len / (sizeof row_end - 1) + 1, sizeof *t->rows);
    if (t->rows == NULL)
        return SKA_E_MEMORY;
    if (!cut_between(&t->heading, rest, "<section>\n<", " id=\"") ||
        !cut_until(&t->begin, &rest, "<div "))
        return SKA_OK;
    const uint8_t *start = rest.data - strlen("<div ");
    if (!cut_until(&t->head, &rest, "</thead>\n"))
        return SKA_OK;
    t->head = (struct ska_slice){start, (size_t)(rest.data - start)};
    *is_ours = take_rows(t, &rest);
    t->end = rest;
    return SKA_OK;
}

/* Where to cut ----------------------------------------------------------------------------------
 */

/* A row with what must stand on the same page: a head with its first row. */
static size_t weight_of(const struct table *t, size_t i)
{
    size_t weight = t->rows[i].all.len;
    if (t->rows[i].begins)
        weight += sizeof body_begin + sizeof body_end;
    if (t->rows[i].is_head && i + 1 < t->n)
        weight += t->rows[i + 1].all.len;
    return weight;
}

/* What a part weighs beside its rows. */
static size_t frame_of(const struct table *t)
{
    size_t heaviest = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].is_head && t->rows[i].all.len > heaviest)
            heaviest = t->rows[i].all.len;
    return t->begin.len + t->head.len + t->end.len + heaviest + OF_A_PART;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The first row of each part, and behind them the number of rows. Both tables have as many rows. */
static size_t place_cuts(size_t *first, const struct table *a, const struct table *b,
                         size_t bytes_max)
{
    const size_t frame = larger(frame_of(a), frame_of(b));
    size_t n = 0, weight = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t more = larger(a->rows[i].all.len, b->rows[i].all.len);
        size_t needed = larger(weight_of(a, i), weight_of(b, i));
        bool is_after_head = i > 0 && a->rows[i - 1].is_head && !a->rows[i].begins;
        if (i == 0 || (!is_after_head && frame + weight + needed > bytes_max)) {
            first[n++] = i;
            weight = 0;
        }
        weight += more + (a->rows[i].begins ? sizeof body_begin + sizeof body_end : 0);
    }
    first[n] = a->n;
    return n;
}

/* Parts -----------------------------------------------------------------------------------------
 */

static void put(struct ska_writer *w, struct ska_slice s)
{
    ska_write_bytes(w, s.data, s.len);
}

/* From the front of `rest`, which is moved: what ends with `from`, then what ends with `mark`, with
 * ", del 2 av 4" before that. */
static void put_numbered(struct ska_writer *w, struct ska_slice *rest, const char *from,
                         const char *mark, const char *number)
{
    struct ska_slice before;
    if (!cut_until(&before, rest, from))
        return;
    put(w, before);
    html_raw(w, from);
    if (!cut_until(&before, rest, mark))
        return;
    put(w, before);
    HTML(w, ", {}", number);
    html_raw(w, mark);
}

/* The head of the body that a row is in; NULL if it has none, or is it. */
static const struct row *head_of(const struct table *t, size_t i)
{
    while (!t->rows[i].begins)
        i--;
    return t->rows[i].is_head ? &t->rows[i] : NULL;
}

static void put_rows(struct ska_writer *w, const struct table *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct row *row = &t->rows[i];
        if (i > from && row->begins)
            html_raw(w, body_end);
        if (i == from || row->begins)
            html_raw(w, body_begin);
        if (i == from && !row->begins && head_of(t, i) != NULL)
            put(w, head_of(t, i)->all);
        put(w, row->all);
    }
    html_raw(w, body_end);
}

/* What a part is called, and its section. */
struct part {
    size_t k, n; /* part k of n, from 1 */
    size_t from, to;
    bool swedish;
};

/* Its id in `id`, the markup of its heading in `label`: offsets in what is written. */
static void put_part(struct ska_writer *w, struct cut_section *out, const struct table *t,
                     const struct cut_section *s, const struct part *p)
{
    char number[CUT_NUMBER_BYTES], ending[32] = "";
    struct ska_slice rest = t->head;
    cut_number(number, p->swedish, true, p->k, p->n);
    if (p->k > 1) /* no indicator's code has a dot */
        (void)snprintf(ending, sizeof ending, ".%zu", p->k);
    html_raw(w, "<section>\n<");
    put(w, t->heading);
    html_raw(w, " id=\"");
    out->id.len = w->len;
    put(w, s->id);
    html_raw(w, ending);
    out->id.len = w->len - out->id.len;
    html_raw(w, "\">");
    out->label.len = w->len;
    put(w, s->label);
    HTML(w, ", {}", number);
    out->label.len = w->len - out->label.len;
    html_raw(w, "</");
    put(w, t->heading);
    html_raw(w, ">\n");
    struct ska_slice before, text = t->begin;
    if (p->k == 1 && cut_until(&before, &text, ">\n") && cut_until(&before, &text, ">\n"))
        put(w, text); /* what the indicator is */
    put_numbered(w, &rest, "aria-label=\"", "\"", number);
    put_numbered(w, &rest, "<caption>", " <span", number);
    put(w, rest);
    put_rows(w, t, p->from, p->to);
    put(w, t->end);
}

static enum ska_status add(struct cut_sections *to, struct cut_section *section)
{
    if ((to->n & (to->n - 1)) == 0) { /* full: room doubles */
        size_t room = to->n > 0 ? 2 * to->n : 1;
        struct cut_section *at = realloc(to->at, room * sizeof *at);
        if (at == NULL)
            return SKA_E_MEMORY;
        to->at = at;
    }
    to->at[to->n++] = *section;
    return SKA_OK;
}

static enum ska_status add_part(struct cut_sections *to, const struct table *t,
                                const struct cut_section *s, const struct part *p)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct cut_section out = {.is_of_year = s->is_of_year};
    put_part(&w, &out, t, s, p);
    SKA_TRY(ska_writer_take(&out.owned, &out.all.len, &w));
    const size_t id_at = strlen("<section>\n<") + t->heading.len + strlen(" id=\"");
    out.all.data = out.owned;
    out.id.data = out.owned + id_at;
    out.label.data = out.id.data + out.id.len + strlen("\">");
    enum ska_status status = add(to, &out);
    if (status != SKA_OK)
        free(out.owned);
    return status;
}

static enum ska_status add_whole(struct cut_sections *sv, struct cut_sections *en,
                                 const struct cut_section *in_swedish,
                                 const struct cut_section *in_english)
{
    struct cut_section a = *in_swedish, b = *in_english;
    SKA_TRY(add(sv, &a));
    return add(en, &b);
}

enum ska_status cut_table(struct cut_sections *sv, struct cut_sections *en,
                          const struct cut_section *in_swedish,
                          const struct cut_section *in_english, size_t bytes_max)
{
    SKA_SCOPED(table_clear) struct table a = {0};
    SKA_SCOPED(table_clear) struct table b = {0};
    SKA_SCOPED(ska_scoped_free) size_t *first = NULL;
    bool a_is_ours = false, b_is_ours = false;
    if (in_swedish->all.len <= bytes_max && in_english->all.len <= bytes_max)
        return add_whole(sv, en, in_swedish, in_english);
    SKA_TRY(take_apart(&a_is_ours, &a, in_swedish));
    SKA_TRY(take_apart(&b_is_ours, &b, in_english));
    if (!a_is_ours || !b_is_ours || a.n != b.n || a.n == 0)
        return add_whole(sv, en, in_swedish, in_english);
    first = ska_alloc(a.n + 1, sizeof *first);
    if (first == NULL)
        return SKA_E_MEMORY;
    struct part part = {.n = place_cuts(first, &a, &b, bytes_max)};
    for (part.k = 1; part.k <= part.n; part.k++) {
        part.from = first[part.k - 1];
        part.to = first[part.k];
        part.swedish = true;
        SKA_TRY(add_part(sv, &a, in_swedish, &part));
        part.swedish = false;
        SKA_TRY(add_part(en, &b, in_english, &part));
    }
    return SKA_OK;
}
