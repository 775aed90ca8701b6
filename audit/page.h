/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page.h - finding the figures of a published page.
 *
 * A figure is the text of an element with the attribute data-cell="<cell code>". The reader takes
 * only a small part of HTML, in which a browser and it cannot disagree about what is text and what
 * is an element; docs/audit.md, "Pages", lists it: elements and attributes of a fixed list, values
 * in double quotes, UTF-8 without controls, no comments, no other element inside a figure, no digit
 * in a table cell (td) outside a figure.
 */
#ifndef SKA_AUDIT_PAGE_H
#define SKA_AUDIT_PAGE_H

#include "crypto/bytes.h"

/* Borrowed from the page. */
struct page_figure {
    struct ska_slice code;
    struct ska_slice text;
};

/*
 * Call on_figure for every figure of the page, in order.
 *
 * Returns SKA_OK; SKA_E_FORMAT with a text in the chosen language that tells the byte where the
 * page leaves what the reader takes. on_figure may have been called before that.
 */
enum ska_status page_read(struct ska_slice html,
                          void (*on_figure)(void *arg, const struct page_figure *figure), void *arg,
                          struct ska_error *err) SKA_MUST_CHECK;

/*
 * Read a figure's text: ".." (hidden), or a whole number without leading zeros, its digits either
 * together or in groups of three with one of U+00A0, U+202F, "&nbsp;", "&#160;" or a comma between,
 * the same throughout. White space around it is not looked at.
 *
 * Returns SKA_OK with *is_hidden, and *value if it is a number; SKA_E_FORMAT; SKA_E_RANGE from
 * 2^63.
 */
enum ska_status page_figure_value(bool *is_hidden, uint64_t *value,
                                  struct ska_slice text) SKA_MUST_CHECK;

#endif
