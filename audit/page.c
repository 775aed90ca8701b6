/* SPDX-License-Identifier: EUPL-1.2 */
/* page.c - finding the figures of a published page. */
#include "audit/page.h"

#include "audit/words.h"
#include "protocol/text.h"

#include <string.h>

#define NAME_MAX_BYTES 64
#define DIGITS_MAX 18 /* 10^18 is below 2^63 */
#define GROUPS_MAX 5  /* after up to three digits */

/* Where the reader is. Nothing is copied. */
struct page {
    const char *at, *end, *start;
    bool in_cell; /* between <td> and </td> */
    void (*on_figure)(void *arg, const struct page_figure *figure);
    void *arg;
    struct ska_error *err;
};

struct tag {
    struct ska_slice name;
    bool is_end, is_empty; /* </name>, <name/> */
    uint32_t has;          /* bits: which of `attributes` */
    bool has_code;
    struct ska_slice code;
};

static enum ska_status refuse(const struct page *p, const char *why)
{
    return ska_fail(p->err, SKA_E_FORMAT, words("byte %zu: %s", "byte %zu: %s"),
                    (size_t)(p->at - p->start), why);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equals(struct ska_slice s, const char *text)
{
    size_t n = strlen(text);
    if (s.len != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower((char)s.data[i]) != text[i])
            return false;
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static void skip_spaces(struct page *p)
{
    while (p->at < p->end && is_space(*p->at))
        p->at++;
}

static enum ska_status read_name(struct ska_slice *name, struct page *p)
{
    const char *first = p->at;
    while (p->at < p->end && is_name_character(*p->at))
        p->at++;
    *name = (struct ska_slice){(const uint8_t *)first, (size_t)(p->at - first)};
    if (name->len == 0 || name->len > NAME_MAX_BYTES)
        return refuse(p, words("ett namn väntades", "a name was expected"));
    return SKA_OK;
}

/* Which of `names` it is, in small letters; n if none. */
static size_t find_name(struct ska_slice name, const char *const *names, size_t n)
{
    size_t i = 0;
    while (i < n && (name.len != strlen(names[i]) || memcmp(name.data, names[i], name.len) != 0))
        i++;
    return i;
}

#define N_OF(names) (sizeof(names) / sizeof(names)[0])
#define IS_ONE_OF(name, names) (find_name(name, names, N_OF(names)) < N_OF(names))

/* Elements and attributes that neither run, load, hide nor turn anything, and that no browser reads
 * in another way than this reader. */
static const char *const elements[] = {
    "html",    "head",    "title", "body", "header", "main",   "footer",    "nav",
    "section", "article", "aside", "div",  "p",      "span",   "abbr",      "time",
    "h1",      "h2",      "h3",    "h4",   "h5",     "h6",     "table",     "caption",
    "thead",   "tbody",   "tfoot", "tr",   "th",     "td",     "colgroup",  "dl",
    "dt",      "dd",      "ul",    "li",   "a",      "strong", "em",        "b",
    "i",       "small",   "code",  "sub",  "sup",    "figure", "figcaption"};
static const char *const void_elements[] = {"meta", "link", "br", "hr", "col"};
/* What a browser ends an open cell for. */
static const char *const table_elements[] = {"table", "caption", "thead", "tbody",    "tfoot",
                                             "tr",    "th",      "td",    "colgroup", "col"};
static const char *const attributes[] = {"lang",
                                         "class",
                                         "id",
                                         "href",
                                         "hreflang",
                                         "rel",
                                         "charset",
                                         "name",
                                         "content",
                                         "title",
                                         "scope",
                                         "datetime",
                                         "colspan",
                                         "role",
                                         "rowspan",
                                         "tabindex",
                                         "headers",
                                         "data-cell",
                                         "aria-label",
                                         "aria-labelledby",
                                         "aria-describedby"};
_Static_assert(N_OF(attributes) <= 32, "a bit of `has` for each");

/* From after "=". */
static enum ska_status read_value(struct ska_slice *value, struct page *p)
{
    if (p->at == p->end || *p->at != '"')
        return refuse(p, words("ett citattecken väntades", "a quotation mark was expected"));
    const char *first = ++p->at;
    while (p->at < p->end && *p->at != '"' && *p->at != '<')
        p->at++;
    if (p->at == p->end || *p->at == '<')
        return refuse(p, words("värdet slutar inte", "the value does not end"));
    *value = (struct ska_slice){(const uint8_t *)first, (size_t)(p->at++ - first)};
    return SKA_OK;
}

/* name or name="value", and what it means for the tag. */
static enum ska_status read_attribute(struct tag *tag, struct page *p)
{
    struct ska_slice name, value = {0};
    SKA_TRY(read_name(&name, p));
    if (p->at < p->end && *p->at == '=') {
        p->at++;
        SKA_TRY(read_value(&value, p));
    }
    const size_t which = find_name(name, attributes, N_OF(attributes));
    if (which == N_OF(attributes))
        return refuse(p,
                      words("ett attribut som inte får finnas", "an attribute that must not be"));
    if ((tag->has >> which & 1) != 0)
        return refuse(p, words("ett attribut två gånger", "an attribute twice"));
    tag->has |= UINT32_C(1) << which;
    if (strcmp(attributes[which], "charset") == 0 && !equals(value, "utf-8"))
        return refuse(p, words("en annan teckenkod än utf-8", "another charset than utf-8"));
    if (strcmp(attributes[which], "data-cell") == 0) {
        tag->has_code = true;
        tag->code = value;
    }
    return SKA_OK;
}

/* From after "<" to after ">". */
static enum ska_status read_tag(struct tag *tag, struct page *p)
{
    *tag = (struct tag){0};
    if (p->at < p->end && *p->at == '/') {
        tag->is_end = true;
        p->at++;
    }
    SKA_TRY(read_name(&tag->name, p));
    for (;;) {
        const char *before = p->at;
        skip_spaces(p);
        if (p->at == p->end)
            return refuse(p, words("taggen slutar inte", "the tag does not end"));
        if (*p->at == '>') {
            p->at++;
            return SKA_OK;
        }
        if (*p->at == '/' && !tag->is_end && p->end - p->at >= 2 && p->at[1] == '>') {
            tag->is_empty = true;
            p->at += 2;
            return SKA_OK;
        }
        if (before == p->at || tag->is_end)
            return refuse(p, words("oväntat tecken i en tagg", "unexpected character in a tag"));
        SKA_TRY(read_attribute(tag, p));
    }
}

/* The text up to the next "<", which must begin the end tag of `name`. */
static enum ska_status read_only_text(struct ska_slice *text, struct page *p, struct ska_slice name)
{
    struct tag end;
    const char *first = p->at, *open = memchr(p->at, '<', (size_t)(p->end - p->at));
    if (open == NULL)
        return refuse(p, words("elementet slutar inte", "the element does not end"));
    *text = (struct ska_slice){(const uint8_t *)first, (size_t)(open - first)};
    p->at = open + 1;
    SKA_TRY(read_tag(&end, p));
    if (!end.is_end || end.name.len != name.len || memcmp(end.name.data, name.data, name.len) != 0)
        return refuse(
            p, words("ett element där bara text får stå", "an element where only text may stand"));
    return SKA_OK;
}

static enum ska_status read_figure(struct page *p, const struct tag *tag)
{
    struct page_figure figure = {.code = tag->code};
    if (tag->is_end || equals(tag->name, "title"))
        return refuse(p, words("data-cell på ett element som inte visar text",
                               "data-cell on an element that shows no text"));
    SKA_TRY(read_only_text(&figure.text, p, tag->name));
    p->on_figure(p->arg, &figure);
    return SKA_OK;
}

static enum ska_status read_element(struct page *p)
{
    struct tag tag;
    SKA_TRY(read_tag(&tag, p));
    bool is_void = IS_ONE_OF(tag.name, void_elements);
    if (!is_void && !IS_ONE_OF(tag.name, elements))
        return refuse(p, words("ett element som inte får finnas", "an element that must not be"));
    if (is_void ? tag.is_end || tag.has_code : tag.is_empty)
        return refuse(p, words("en tagg som en webbläsare läser annorlunda",
                               "a tag that a browser reads in another way"));
    const bool is_cell = equals(tag.name, "td");
    if (p->in_cell && !(is_cell && tag.is_end) && IS_ONE_OF(tag.name, table_elements))
        return refuse(p, words("en tabell i en tabellcell", "a table within a table cell"));
    if (tag.has_code)
        return read_figure(p, &tag); /* with its end tag: a cell is whole then */
    if (is_cell)
        p->in_cell = !tag.is_end;
    if (!tag.is_end && equals(tag.name, "title")) {
        struct ska_slice text; /* a browser takes it as text: it must hold no tag for us either */
        return read_only_text(&text, p, tag.name);
    }
    return SKA_OK;
}

/* Whether text in a table cell, outside figures, could pass for a figure: digits of any script.
 * ASCII without digits and the letters of U+00C0..00FF are enough for words. */
static bool has_digit(const char *text, const char *end)
{
    for (; text < end; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || c == '&')
            return true;
        if (c >= 0x80 && (c != 0xC3 || ++text == end))
            return true;
    }
    return false;
}

/* Characters: well-formed UTF-8, no controls but those of white space, nothing that turns the
 * direction of text; and no character references but the common ones. */
static enum ska_status check_characters(struct page *p)
{
    static const char *const references[] = {"amp;", "lt;",   "gt;",  "quot;",
                                             "#39;", "nbsp;", "#160;"};
    for (; p->at < p->end;) {
        size_t left = (size_t)(p->end - p->at);
        size_t width = is_space(*p->at) ? 1 : ska_text_character(p->at, left);
        if (width == 0)
            return refuse(p, words("ett otillåtet tecken", "a character that must not be"));
        bool is_known = *p->at != '&';
        for (size_t i = 0; !is_known && i < sizeof references / sizeof references[0]; i++) {
            size_t n = strlen(references[i]);
            is_known = left > n && memcmp(p->at + 1, references[i], n) == 0;
        }
        if (!is_known)
            return refuse(
                p, words("en otillåten teckenreferens", "a character reference that must not be"));
        p->at += width;
    }
    p->at = p->start;
    return SKA_OK;
}

enum ska_status page_read(struct ska_slice html,
                          void (*on_figure)(void *arg, const struct page_figure *figure), void *arg,
                          struct ska_error *err)
{
    static const char doctype[] = "<!doctype html>";
    struct ska_slice first = {html.data, sizeof doctype - 1};
    struct page p = {.on_figure = on_figure, .arg = arg, .err = err};
    p.start = p.at = (const char *)html.data;
    if (html.len < first.len || !equals(first, doctype))
        return ska_fail(err, SKA_E_FORMAT, "%s",
                        words("börjar inte med <!doctype html>", "does not begin <!doctype html>"));
    p.end = p.at + html.len;
    SKA_TRY(check_characters(&p));
    p.at += first.len;
    while (p.at < p.end) {
        const char *open = memchr(p.at, '<', (size_t)(p.end - p.at));
        const char *text_end = open != NULL ? open : p.end;
        if (p.in_cell && has_digit(p.at, text_end))
            return refuse(&p, words("en siffra i en tabellcell utan data-cell",
                                    "a digit in a table cell without data-cell"));
        if (open == NULL)
            break;
        p.at = open + 1;
        SKA_TRY(read_element(&p));
    }
    return SKA_OK;
}

/* The separator of thousands at `text`: its length, or 0. */
static size_t separator_length(const char *text, size_t len)
{
    static const char *const separators[] = {"\xC2\xA0", "\xE2\x80\xAF", "&nbsp;", "&#160;", ","};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        size_t n = strlen(separators[i]);
        if (len >= n && memcmp(text, separators[i], n) == 0)
            return n;
    }
    return 0;
}

/* Up to `max` digits. Returns how many. */
static size_t read_digits(uint64_t *value, const char *text, size_t len, size_t max)
{
    size_t n = 0;
    for (; n < len && n < max && text[n] >= '0' && text[n] <= '9'; n++)
        *value = *value * 10 + (uint64_t)(text[n] - '0');
    return n;
}

/* The groups after the first, each a separator and three digits. */
static enum ska_status read_groups(uint64_t *value, const char *text, size_t len)
{
    size_t separator = separator_length(text, len);
    const char *first = text;
    for (size_t n = 0; len > 0; n++) {
        if (n == GROUPS_MAX)
            return SKA_E_RANGE;
        if (separator == 0 || len < separator + 3 || memcmp(text, first, separator) != 0 ||
            read_digits(value, text + separator, len - separator, 3) != 3)
            return SKA_E_FORMAT;
        text += separator + 3;
        len -= separator + 3;
    }
    return SKA_OK;
}

enum ska_status page_figure_value(bool *is_hidden, uint64_t *value, struct ska_slice text)
{
    const char *at = (const char *)text.data;
    size_t len = text.len;
    for (; len > 0 && is_space(at[0]); len--)
        at++;
    while (len > 0 && is_space(at[len - 1]))
        len--;
    if (len == 2 && memcmp(at, "..", 2) == 0) {
        *is_hidden = true;
        return SKA_OK;
    }
    uint64_t found = 0;
    size_t digits = read_digits(&found, at, len, DIGITS_MAX);
    if (digits == 0 || (at[0] == '0' && len != 1))
        return SKA_E_FORMAT;
    if (digits < len) {
        if (digits > 3)
            return SKA_E_FORMAT;
        SKA_TRY(read_groups(&found, at + digits, len - digits));
    }
    *is_hidden = false;
    *value = found;
    return SKA_OK;
}
