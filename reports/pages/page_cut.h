/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_cut.h - a page that grew too heavy, cut into pages that are quick to load.
 *
 * While a page is written it is marked where lists begin and end and where their items begin
 * (page_mark): rows of a table, indicators, sections. A page that is not too heavy stays as it is,
 * and so does a page without marks. Of another, items are dealt out in order: each part has the
 * frame of the page, its heading, which part it is, what opens and closes the lists that it has
 * items of, and links to the parts before and after it. Both languages are cut at the same places.
 * Links within the page lead to the part that has what they lead to.
 */
#ifndef SKA_REPORTS_PAGE_CUT_H
#define SKA_REPORTS_PAGE_CUT_H

#include "reports/pages/page_split.h"

/* What begins at a mark. */
enum page_mark_kind {
    PAGE_LOOSE, /* what is in no list; the first one comes after the frame */
    PAGE_LIST,  /* what opens a list */
    PAGE_ITEM,
    PAGE_REST, /* what closes a list */
    PAGE_TAIL  /* what ends the page */
};

/* Valid when zeroed; owned. */
struct page_marks {
    size_t n;
    struct page_mark {
        enum page_mark_kind kind;
        size_t at; /* bytes from the page's begin */
    } * at;
};
void page_marks_clear(struct page_marks *marks);
/* SKA_OK or SKA_E_MEMORY. */
enum ska_status page_marks_add(struct page_marks *marks, enum page_mark_kind kind,
                               size_t at) SKA_MUST_CHECK;

/* A page that was written, in one language. Borrowed. */
struct page_marked {
    struct ska_slice html;
    const struct page_marks *marks;
};

#define PAGE_CUT_FILE_MAX 96
/* "data.html" for piece 0, "data.2.html" for the second, which is piece 1. */
void page_cut_file(char out[static PAGE_CUT_FILE_MAX], const char *file, size_t piece);

/*
 * Cut a page. An item is never cut.
 *
 * In:     file   its name, as in its own links: "data.html", at most 70 bytes
 *         bytes_max   of a page that is not too heavy
 * Returns SKA_OK or SKA_E_MEMORY. Clear `out` also after failure.
 */
enum ska_status page_cut(struct page_pieces *out, const char *file, const struct page_marked *sv,
                         const struct page_marked *en, size_t bytes_max) SKA_MUST_CHECK;

#endif
