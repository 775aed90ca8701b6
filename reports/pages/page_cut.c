/* SPDX-License-Identifier: EUPL-1.2 */
/* page_cut.c - marks are read as segments, which are dealt out to parts, which are then written. */
#define _GNU_SOURCE /* memmem */
#include "reports/pages/page_cut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/html.h"
#include "reports/pages/page_split_part.h"

#define OF_A_PART 2000u /* bytes that a part has beside what it takes from the page */

static const char file_ending[] = ".html";

void page_marks_clear(struct page_marks *marks)
{
    free(marks->at);
    *marks = (struct page_marks){0};
}

enum ska_status page_marks_add(struct page_marks *marks, enum page_mark_kind kind, size_t at)
{
    if ((marks->n & (marks->n - 1)) == 0) { /* full: room doubles */
        size_t room = marks->n > 0 ? 2 * marks->n : 1;
        struct page_mark *grown = realloc(marks->at, room * sizeof *grown);
        if (grown == NULL)
            return SKA_E_MEMORY;
        marks->at = grown;
    }
    marks->at[marks->n++] = (struct page_mark){kind, at};
    return SKA_OK;
}

void page_cut_file(char out[static PAGE_CUT_FILE_MAX], const char *file, size_t piece)
{
    int stem = (int)(strlen(file) - (sizeof file_ending - 1));
    if (piece == 0)
        (void)snprintf(out, PAGE_CUT_FILE_MAX, "%s", file);
    else /* no code has a dot */
        (void)snprintf(out, PAGE_CUT_FILE_MAX, "%.*s.%zu%s", stem, file, piece + 1, file_ending);
}

/* Dealing out --------------------------------------------------------------------------------- */

/* Both pages, and which part each segment is in. */
struct cut {
    const struct page_marked *pages[2]; /* Swedish, English */
    const char *file;
    size_t n;        /* segments */
    size_t *part_of; /* owned */
    size_t n_parts;
};

static void cut_clear(struct cut *c)
{
    free(c->part_of);
}

/* Segment `i` of a page. */
static struct ska_slice segment(const struct page_marked *page, size_t i)
{
    const struct page_marks *m = page->marks;
    size_t to = i + 1 < m->n ? m->at[i + 1].at : page->html.len;
    return (struct ska_slice){page->html.data + m->at[i].at, to - m->at[i].at};
}

static struct ska_slice frame_of(const struct page_marked *page)
{
    return (struct ska_slice){page->html.data, page->marks->at[0].at};
}

static struct ska_slice heading_of(const struct page_marked *page)
{
    struct ska_slice heading = {0};
    (void)cut_between(&heading, segment(page, 0), "<h1>", "</h1>"); /* empty if there is none */
    return heading;
}

static enum page_mark_kind kind_of(const struct cut *c, size_t i)
{
    return c->pages[0]->marks->at[i].kind;
}

static size_t weight_of(const struct cut *c, size_t i)
{
    size_t a = segment(c->pages[0], i).len, b = segment(c->pages[1], i).len;
    return a > b ? a : b;
}

/* Whether both are marked alike, from the frame to the tail. */
static bool is_marked(const struct cut *c)
{
    const struct page_marks *a = c->pages[0]->marks, *b = c->pages[1]->marks;
    if (a->n != b->n || a->n < 3 || a->at[0].kind != PAGE_LOOSE ||
        a->at[a->n - 1].kind != PAGE_TAIL)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].kind != b->at[i].kind)
            return false;
    return true;
}

/* What every part has. */
static size_t weight_of_frame(const struct cut *c)
{
    size_t heaviest = 0;
    for (unsigned k = 0; k < 2; k++) {
        size_t weight = frame_of(c->pages[k]).len + heading_of(c->pages[k]).len;
        heaviest = weight > heaviest ? weight : heaviest;
    }
    return heaviest + weight_of(c, c->n) + OF_A_PART;
}

/* What opens and closes the list that segment `i` opens. */
static size_t weight_of_list(const struct cut *c, size_t i)
{
    size_t rest = i + 1;
    while (rest < c->n && kind_of(c, rest) != PAGE_REST)
        rest++;
    return weight_of(c, i) + (rest < c->n ? weight_of(c, rest) : 0);
}

static enum ska_status deal_out(struct cut *c, size_t bytes_max)
{
    const size_t frame = weight_of_frame(c), room = frame < bytes_max ? bytes_max - frame : 0;
    size_t weight = 0, of_list = 0;
    bool is_open = false; /* the list, in this part */
    c->part_of = ska_alloc(c->n, sizeof *c->part_of);
    if (c->part_of == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < c->n; i++) {
        enum page_mark_kind kind = kind_of(c, i);
        if (kind == PAGE_LIST) {
            of_list = weight_of_list(c, i);
            is_open = false;
        } else if (kind != PAGE_REST) {
            size_t more = weight_of(c, i);
            size_t needed = more + (kind == PAGE_ITEM && !is_open ? of_list : 0);
            if (weight > 0 && weight + needed > room) {
                c->n_parts++;
                weight = 0;
                needed = more + (kind == PAGE_ITEM ? of_list : 0);
            }
            is_open = kind == PAGE_ITEM;
            weight += needed;
        }
        c->part_of[i] = c->n_parts;
    }
    c->n_parts++;
    return SKA_OK;
}

/* Writing ------------------------------------------------------------------------------------- */

static void put(struct ska_writer *w, struct ska_slice s)
{
    ska_write_bytes(w, s.data, s.len);
}

/* The frame with the part's own title and links to the other language. */
static void put_frame(struct ska_writer *w, const struct cut *c, unsigned english, size_t part,
                      const char *number)
{
    char from[PAGE_CUT_FILE_MAX + 8], file[PAGE_CUT_FILE_MAX];
    struct ska_slice before, rest = frame_of(c->pages[english]);
    const char *folder = english ? "\"../" : "\"en/";
    page_cut_file(file, c->file, part);
    (void)snprintf(from, sizeof from, "%s%s\"", folder, c->file);
    if (part > 0 && cut_until(&before, &rest, "<title>")) {
        put(w, before);
        HTML(w, "<title>{}, ", number);
    }
    while (cut_until(&before, &rest, from)) {
        put(w, before);
        html_raw(w, folder);
        html_text(w, file);
        html_raw(w, "\"");
    }
    put(w, rest);
}

/* What a part has of the page. */
static void put_segments(struct ska_writer *w, const struct cut *c, unsigned english, size_t part)
{
    const struct page_marked *page = c->pages[english];
    size_t list = 0, n_items = 0; /* n_items: of the list, in any part */
    bool is_open = false;
    for (size_t i = 0; i < c->n; i++) {
        bool is_here = c->part_of[i] == part;
        switch (kind_of(c, i)) {
        case PAGE_LIST:
            list = i;
            n_items = 0;
            is_open = false;
            break;
        case PAGE_REST:
            if (n_items == 0 && is_here)
                put(w, segment(page, list));
            if (is_open || (n_items == 0 && is_here))
                put(w, segment(page, i));
            break;
        case PAGE_ITEM:
            n_items++;
            if (is_here && !is_open)
                put(w, segment(page, list));
            is_open = is_open || is_here;
            if (is_here)
                put(w, segment(page, i));
            break;
        case PAGE_LOOSE:
        case PAGE_TAIL:
            if (is_here)
                put(w, segment(page, i));
            break;
        }
    }
}

static void put_link(struct ska_writer *w, const struct cut *c, size_t part, const char *text)
{
    char file[PAGE_CUT_FILE_MAX];
    page_cut_file(file, c->file, part);
    HTML(w, "<li><a href=\"{}\">{}</a></li>\n", file, text);
}

static void put_neighbours(struct ska_writer *w, const struct cut *c, bool english, size_t part,
                           const char *number)
{
    HTML(w, "<nav class=\"neighbours\" aria-label=\"{}\">\n<ul>\n",
         english ? "More parts" : "Fler delar");
    if (part > 0)
        put_link(w, c, part - 1,
                 english ? "\xE2\x86\x90 Previous part" : "\xE2\x86\x90 F\xC3\xB6rra delen");
    HTML(w, "<li>{}</li>\n", number);
    if (part + 1 < c->n_parts)
        put_link(w, c, part + 1,
                 english ? "Next part \xE2\x86\x92" : "N\xC3\xA4sta del \xE2\x86\x92");
    html_raw(w, "</ul>\n</nav>\n");
}

/* Whether something with this id is there. */
static bool has_id(const struct ska_writer *body, struct ska_slice id)
{
    char mark[PAGE_CUT_FILE_MAX];
    int n = snprintf(mark, sizeof mark, " id=\"%.*s\"", (int)id.len, (const char *)id.data);
    return n > 0 && (size_t)n < sizeof mark && body->len > 0 &&
           memmem(body->data, body->len, mark, (size_t)n) != NULL;
}

/* A part with its links within the page leading to the part that has their targets. */
static void put_body(struct ska_writer *w, const struct cut *c, const struct ska_writer *bodies,
                     size_t part)
{
    struct ska_slice before, id, rest = {bodies[part].data, bodies[part].len};
    char file[PAGE_CUT_FILE_MAX];
    while (cut_until(&before, &rest, "href=\"#")) {
        put(w, before);
        html_raw(w, "href=\"");
        if (!cut_until(&id, &rest, "\""))
            break;
        for (size_t k = 0; !has_id(&bodies[part], id) && k < c->n_parts; k++)
            if (has_id(&bodies[k], id)) {
                page_cut_file(file, c->file, k);
                html_text(w, file);
                break;
            }
        html_raw(w, "#");
        put(w, id);
        html_raw(w, "\"");
    }
    put(w, rest);
}

static enum ska_status write_part(uint8_t **out, size_t *len, const struct cut *c, unsigned english,
                                  const struct ska_writer *bodies, size_t part)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    char number[CUT_NUMBER_BYTES];
    cut_number(number, english == 0, false, part + 1, c->n_parts);
    put_frame(&w, c, english, part, number);
    if (part > 0) {
        html_raw(&w, "<h1>");
        put(&w, heading_of(c->pages[english]));
        HTML(&w, "</h1>\n<p class=\"lead\">{}</p>\n", number);
    }
    put_body(&w, c, bodies, part);
    put_neighbours(&w, c, english == 1, part, number);
    put(&w, segment(c->pages[english], c->n));
    return ska_writer_take(out, len, &w);
}

static enum ska_status write_language(struct page_pieces *out, const struct cut *c,
                                      unsigned english)
{
    enum ska_status status = SKA_OK;
    struct ska_writer *bodies = ska_alloc(c->n_parts, sizeof *bodies);
    if (bodies == NULL)
        return SKA_E_MEMORY;
    for (size_t k = 0; k < c->n_parts && status == SKA_OK; k++) {
        put_segments(&bodies[k], c, english, k);
        status = ska_writer_status(&bodies[k]);
    }
    for (size_t k = 0; k < c->n_parts && status == SKA_OK; k++) {
        struct page_piece *piece = &out->at[k];
        status = write_part(english ? &piece->en : &piece->sv,
                            english ? &piece->en_len : &piece->sv_len, c, english, bodies, k);
    }
    for (size_t k = 0; k < c->n_parts; k++)
        ska_writer_clear(&bodies[k]);
    free(bodies);
    return status;
}

enum ska_status page_cut(struct page_pieces *out, const char *file, const struct page_marked *sv,
                         const struct page_marked *en, size_t bytes_max)
{
    SKA_SCOPED(cut_clear) struct cut c = {.pages = {sv, en}, .file = file};
    *out = (struct page_pieces){0};
    if ((sv->html.len <= bytes_max && en->html.len <= bytes_max) || !is_marked(&c))
        return page_pieces_whole(out, sv->html, en->html);
    c.n = sv->marks->n - 1;
    SKA_TRY(deal_out(&c, bytes_max));
    if (c.n_parts == 1)
        return page_pieces_whole(out, sv->html, en->html);
    out->at = ska_alloc(c.n_parts, sizeof *out->at);
    if (out->at == NULL)
        return SKA_E_MEMORY;
    out->n = c.n_parts;
    SKA_TRY(write_language(out, &c, 0));
    return write_language(out, &c, 1);
}
