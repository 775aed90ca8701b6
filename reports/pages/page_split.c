/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_split.c - a release's page cut into pages that are quick to load: the sections of the page,
 * each with one indicator's table, or a part of one that is too heavy by itself, are dealt out in
 * order.
 */
#define _GNU_SOURCE /* memmem */
#include "reports/pages/page_split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/html.h"
#include "reports/pages/page_split_part.h"

#define OF_A_PAGE 4000u /* bytes that a piece has beside what it takes from the page */
#define FILE_MAX 64

/* A page as it was written, taken apart. Borrowed, but for the sections. */
struct cut {
    bool swedish;
    struct ska_slice title;       /* text */
    struct ska_slice frame;       /* up to and with <main> */
    struct ska_slice heading;     /* text of h1 */
    struct ska_slice intro;       /* from h1 to the first section */
    struct ska_slice year;        /* the section that says what a year is; empty: none */
    struct ska_slice legend, end; /* the last section; from </main> on */
    struct cut_sections sections;
};

void cut_sections_clear(struct cut_sections *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->at[i].owned);
    free(s->at);
    *s = (struct cut_sections){0};
}

static void cut_clear(struct cut *c)
{
    cut_sections_clear(&c->sections);
}

void page_pieces_clear(struct page_pieces *pieces)
{
    for (size_t i = 0; pieces->at != NULL && i < pieces->n; i++) {
        free(pieces->at[i].sv);
        free(pieces->at[i].en);
    }
    free(pieces->at);
    *pieces = (struct page_pieces){0};
}

/* Reading ------------------------------------------------------------------------------------- */

bool cut_until(struct ska_slice *before, struct ska_slice *rest, const char *mark)
{
    size_t n = strlen(mark);
    const uint8_t *at = rest->len > 0 ? memmem(rest->data, rest->len, mark, n) : NULL;
    if (at == NULL)
        return false;
    size_t skipped = (size_t)(at - rest->data);
    *before = (struct ska_slice){rest->data, skipped};
    *rest = (struct ska_slice){at + n, rest->len - skipped - n};
    return true;
}

bool cut_between(struct ska_slice *out, struct ska_slice all, const char *from, const char *to)
{
    struct ska_slice before;
    return cut_until(&before, &all, from) && cut_until(out, &all, to);
}

static bool is_text(struct ska_slice s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

static const char section_begin[] = "<section>\n", section_end[] = "</section>\n";

/* The next section, with its marks. */
static bool take_section(struct cut_section *out, struct ska_slice *rest)
{
    struct ska_slice before, body, heading;
    const uint8_t *start = rest->data;
    if (!cut_until(&before, rest, section_begin) || before.len != 0 ||
        !cut_until(&body, rest, section_end) || !cut_between(&out->id, body, " id=\"", "\""))
        return false;
    out->all = (struct ska_slice){start, (size_t)(rest->data - start)};
    heading = (struct ska_slice){out->id.data, (size_t)(body.data + body.len - out->id.data)};
    return cut_between(&out->label, heading, ">", "</h");
}

static bool take_sections(struct cut *c, struct ska_slice rest)
{
    bool is_of_year = false;
    struct cut_section s = {0};
    while (rest.len > 0) {
        if (!take_section(&s, &rest))
            return false;
        s.is_of_year = is_of_year;
        if (is_text(s.id, "year")) {
            c->year = s.all;
            is_of_year = true;
        } else if (is_text(s.id, "legend")) {
            c->legend = s.all;
        } else {
            c->sections.at[c->sections.n++] = s;
        }
    }
    return is_text(s.id, "legend") && c->sections.n > 0;
}

/* False if the page is not as page_write_release writes it. */
static enum ska_status cut_page(bool *is_ours, struct cut *c, struct ska_slice page)
{
    struct ska_slice rest = page, before, sections;
    *is_ours = false;
    c->sections.at = ska_alloc(page.len / (sizeof section_begin - 1) + 1, sizeof *c->sections.at);
    if (c->sections.at == NULL)
        return SKA_E_MEMORY;
    if (!cut_between(&c->title, page, "<title>", "</title>") ||
        !cut_until(&before, &rest, "<main id=\"innehall\" tabindex=\"-1\">\n"))
        return SKA_OK;
    c->frame = (struct ska_slice){page.data, (size_t)(rest.data - page.data)};
    if (!cut_between(&c->heading, rest, "<h1 class=\"period\">", "</h1>"))
        return SKA_OK;
    const uint8_t *start = rest.data;
    if (!cut_until(&c->intro, &rest, section_begin))
        return SKA_OK;
    rest = (struct ska_slice){start + c->intro.len,
                              (size_t)(page.data + page.len - start) - c->intro.len};
    if (!cut_until(&sections, &rest, "</main>"))
        return SKA_OK;
    c->end = (struct ska_slice){sections.data + sections.len,
                                (size_t)(page.data + page.len - sections.data) - sections.len};
    *is_ours = take_sections(c, sections);
    return SKA_OK;
}

/* Dealing out --------------------------------------------------------------------------------- */

/* Which sections a piece has: first[k - 1] .. first[k]. The heavier language decides. Owned. */
struct deal {
    size_t room; /* of a page, for tables or for links to them */
    size_t n;    /* pieces with tables */
    size_t *first;
};

/* What a page has beside that. */
static size_t frame_of(const struct cut *c)
{
    return c->frame.len + c->intro.len + c->heading.len + c->year.len + c->legend.len + c->end.len +
           OF_A_PAGE;
}

static size_t room_of(const struct cut *sv, const struct cut *en, size_t bytes_max)
{
    size_t a = frame_of(sv), b = frame_of(en), frame = a > b ? a : b;
    return frame < bytes_max / 2 ? bytes_max - frame : bytes_max / 2;
}

/* Cut tables that are too heavy by themselves. */
static enum ska_status cut_tables(struct cut *sv, struct cut *en, size_t room)
{
    SKA_SCOPED(cut_sections_clear) struct cut_sections a = {0};
    SKA_SCOPED(cut_sections_clear) struct cut_sections b = {0};
    for (size_t i = 0; i < sv->sections.n; i++)
        SKA_TRY(cut_table(&a, &b, &sv->sections.at[i], &en->sections.at[i], room));
    cut_sections_clear(&sv->sections);
    cut_sections_clear(&en->sections);
    sv->sections = a;
    en->sections = b;
    a = b = (struct cut_sections){0};
    return SKA_OK;
}

static void deal_clear(struct deal *d)
{
    free(d->first);
}

static enum ska_status deal_out(struct deal *d, const struct cut_sections *sv,
                                const struct cut_sections *en, size_t room)
{
    size_t weight = 0;
    d->room = room;
    d->first = ska_alloc(sv->n + 1, sizeof *d->first);
    if (d->first == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < sv->n; i++) {
        size_t a = sv->at[i].all.len, b = en->at[i].all.len, more = a > b ? a : b;
        bool is_new_kind = i > 0 && sv->at[i].is_of_year != sv->at[i - 1].is_of_year;
        if (i == 0 || weight + more > room || is_new_kind) {
            d->first[d->n++] = i;
            weight = 0;
        }
        weight += more;
    }
    d->first[d->n] = sv->n;
    return SKA_OK;
}

/* Writing ------------------------------------------------------------------------------------- */

static void put(struct ska_writer *w, struct ska_slice s)
{
    ska_write_bytes(w, s.data, s.len);
}

static const char *in(const struct cut *c, const char *sv, const char *en)
{
    return c->swedish ? sv : en;
}

static void file_of(char out[static FILE_MAX], const char *name, size_t piece)
{
    if (piece == 0)
        (void)snprintf(out, FILE_MAX, "%s.html", name);
    else
        (void)snprintf(out, FILE_MAX, "%s-%zu.html", name, piece);
}

void cut_number(char out[static CUT_NUMBER_BYTES], bool swedish, bool in_sentence, size_t k,
                size_t n)
{
    static const char *const words[2][2] = {{"Part", "Del"}, {"part", "del"}};
    (void)snprintf(out, CUT_NUMBER_BYTES, "%s %zu %s %zu", words[in_sentence][swedish], k,
                   swedish ? "av" : "of", n);
}

static void number_of(char out[static CUT_NUMBER_BYTES], const struct cut *c, size_t piece,
                      size_t n)
{
    cut_number(out, c->swedish, false, piece, n);
}

/* The frame, with the piece's own title and link to the other language. */
static void write_frame(struct ska_writer *w, const struct cut *c, const char *name, size_t piece,
                        size_t n)
{
    char file[FILE_MAX], whole[FILE_MAX], number[CUT_NUMBER_BYTES];
    struct ska_slice before, rest = c->frame;
    file_of(whole, name, 0);
    file_of(file, name, piece);
    number_of(number, c, piece, n);
    if (piece > 0 && cut_until(&before, &rest, "<title>")) {
        put(w, before);
        HTML(w, "<title>{}, ", number);
    }
    while (cut_until(&before, &rest, whole)) {
        put(w, before);
        html_text(w, file);
    }
    put(w, rest);
}

/* A link to a piece, or to a section of it. */
static void write_link(struct ska_writer *w, const char *name, size_t piece,
                       const struct cut_section *s, const char *text)
{
    char file[FILE_MAX];
    file_of(file, name, piece);
    HTML(w, "<li><a href=\"{}", file);
    if (s != NULL) {
        html_raw(w, "#");
        put(w, s->id);
    }
    html_raw(w, "\">");
    if (s != NULL)
        put(w, s->label);
    html_text(w, text);
    html_raw(w, "</a></li>\n");
}

static size_t contents_bytes(const struct cut *c, const struct deal *d)
{
    size_t bytes = d->n * 4 * FILE_MAX; /* headings */
    for (size_t i = 0; i < c->sections.n; i++)
        bytes += c->sections.at[i].label.len + c->sections.at[i].id.len + FILE_MAX;
    return bytes;
}

/* Where each table stands; where there are very many, the first and the last of each page. */
static void write_contents(struct ska_writer *w, const struct cut *c, const struct deal *d,
                           const char *name)
{
    bool is_long = contents_bytes(c, d) > d->room;
    char number[CUT_NUMBER_BYTES], id[FILE_MAX];
    HTML(w, "<section>\n<h2 id=\"delar\">{}</h2>\n<p>{}</p>\n</section>\n",
         in(c, "Tabellerna", "The tables"),
         in(c,
            "Tabellerna står på flera sidor. Alla på en enda sida finns i paketet för granskning, "
            "och alla tal i CSV-filen.",
            "The tables stand on several pages. All on a single page are in the package for "
            "verification, and all figures in the CSV file."));
    for (size_t k = 1; k <= d->n; k++) {
        number_of(number, c, k, d->n);
        (void)snprintf(id, sizeof id, "del-%zu", k);
        bool is_of_year = c->sections.at[d->first[k - 1]].is_of_year;
        HTML(w, "<nav class=\"parts\" aria-labelledby=\"{}\">\n<h3 id=\"{}\">{}{}</h3>\n<ul>\n", id,
             id, number, is_of_year ? in(c, ": hela året", ": the whole year") : "");
        for (size_t i = d->first[k - 1]; i < d->first[k]; i++)
            if (!is_long || i == d->first[k - 1] || i + 1 == d->first[k])
                write_link(w, name, k, &c->sections.at[i],
                           is_long && i + 1 < d->first[k]
                               ? in(c, " \xE2\x80\x93 till och med:", " \xE2\x80\x93 up to:")
                               : "");
        html_raw(w, "</ul>\n</nav>\n");
    }
}

static void write_first(struct ska_writer *w, const struct cut *c, const struct deal *d,
                        const char *name)
{
    put(w, c->frame);
    put(w, c->intro);
    write_contents(w, c, d, name);
    put(w, c->legend);
    put(w, c->end);
}

static void write_neighbours(struct ska_writer *w, const struct cut *c, const char *name,
                             size_t piece, size_t n)
{
    HTML(w, "<nav class=\"neighbours\" aria-label=\"{}\">\n<ul>\n",
         in(c, "Fler delar", "More parts"));
    write_link(w, name, piece - 1, NULL,
               piece == 1 ? in(c, "\xE2\x86\x90 Alla tabeller", "\xE2\x86\x90 All tables")
                          : in(c, "\xE2\x86\x90 Förra delen", "\xE2\x86\x90 Previous part"));
    if (piece > 1)
        write_link(w, name, 0, NULL, in(c, "Alla tabeller", "All tables"));
    if (piece < n)
        write_link(w, name, piece + 1, NULL,
                   in(c, "Nästa del \xE2\x86\x92", "Next part \xE2\x86\x92"));
    html_raw(w, "</ul>\n</nav>\n");
}

static void write_tables(struct ska_writer *w, const struct cut *c, const struct deal *d,
                         const char *name, size_t piece)
{
    char number[CUT_NUMBER_BYTES];
    number_of(number, c, piece, d->n);
    write_frame(w, c, name, piece, d->n);
    html_raw(w, "<h1 class=\"period\">");
    put(w, c->heading);
    HTML(w, "</h1>\n<p class=\"lead\">{}</p>\n", number);
    if (c->sections.at[d->first[piece - 1]].is_of_year)
        put(w, c->year);
    for (size_t i = d->first[piece - 1]; i < d->first[piece]; i++)
        put(w, c->sections.at[i].all);
    put(w, c->legend);
    write_neighbours(w, c, name, piece, d->n);
    put(w, c->end);
}

static enum ska_status write_piece(uint8_t **out, size_t *len, const struct cut *c,
                                   const struct deal *d, const char *name, size_t piece)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (piece == 0)
        write_first(&w, c, d, name);
    else
        write_tables(&w, c, d, name, piece);
    return ska_writer_take(out, len, &w);
}

/* The page as it is. */
static enum ska_status copy(uint8_t **out, size_t *len, struct ska_slice page)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    put(&w, page);
    return ska_writer_take(out, len, &w);
}

enum ska_status page_pieces_whole(struct page_pieces *out, struct ska_slice sv, struct ska_slice en)
{
    out->at = ska_alloc(1, sizeof *out->at);
    if (out->at == NULL)
        return SKA_E_MEMORY;
    out->n = 1;
    SKA_TRY(copy(&out->at[0].sv, &out->at[0].sv_len, sv));
    return copy(&out->at[0].en, &out->at[0].en_len, en);
}

enum ska_status page_split(struct page_pieces *out, const char *name, struct ska_slice sv,
                           struct ska_slice en, size_t bytes_max)
{
    SKA_SCOPED(cut_clear) struct cut a = {.swedish = true};
    SKA_SCOPED(cut_clear) struct cut b = {0};
    SKA_SCOPED(deal_clear) struct deal d = {0};
    bool a_is_ours = false, b_is_ours = false;
    if (sv.len <= bytes_max && en.len <= bytes_max)
        return page_pieces_whole(out, sv, en);
    SKA_TRY(cut_page(&a_is_ours, &a, sv));
    SKA_TRY(cut_page(&b_is_ours, &b, en));
    if (!a_is_ours || !b_is_ours || a.sections.n != b.sections.n)
        return page_pieces_whole(out, sv, en);
    const size_t room = room_of(&a, &b, bytes_max);
    SKA_TRY(cut_tables(&a, &b, room));
    SKA_TRY(deal_out(&d, &a.sections, &b.sections, room));
    out->at = ska_alloc(1 + d.n, sizeof *out->at);
    if (out->at == NULL)
        return SKA_E_MEMORY;
    out->n = 1 + d.n;
    for (size_t k = 0; k < out->n; k++) {
        SKA_TRY(write_piece(&out->at[k].sv, &out->at[k].sv_len, &a, &d, name, k));
        SKA_TRY(write_piece(&out->at[k].en, &out->at[k].en_len, &b, &d, name, k));
    }
    return SKA_OK;
}
