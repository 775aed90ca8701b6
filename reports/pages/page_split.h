/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_split.h - a release's page cut into pages that are quick to load.
 *
 * The page in the bundle has every figure, in one piece, so that the audit can read it. Of many
 * figures it is too heavy to be served: then the site has a first page with what the release is and
 * where each table stands, and the tables on pages after it, word for word as in the bundle. A
 * table that is too heavy by itself is cut by rows into tables with the same head.
 */
#ifndef SKA_REPORTS_PAGE_SPLIT_H
#define SKA_REPORTS_PAGE_SPLIT_H

#include "crypto/bytes.h"

#define PAGE_BYTES_MAX 100000 /* of a page that is served */

/* A page in both languages. Owned. */
struct page_piece {
    uint8_t *sv, *en;
    size_t sv_len, en_len;
};

/* Valid when zeroed. */
struct page_pieces {
    size_t n;
    struct page_piece *at; /* n of them; owned */
};
void page_pieces_clear(struct page_pieces *pieces);

/*
 * Cut a page of page_write_release (page.h), in both languages at the same places. Piece 0 is
 * NAME.html, piece k NAME-k.html. One piece, the page as it is, where it is not too heavy, or not
 * written as page_write_release writes it now. A row of a table is never cut.
 *
 * In:     name   as in the page's own links: "2025Q4", "2025Q2.r1"
 *         bytes_max   of a page that is not too heavy, at least 20,000
 * Returns SKA_OK or SKA_E_MEMORY. Clear `out` also after failure.
 */
enum ska_status page_split(struct page_pieces *out, const char *name, struct ska_slice sv,
                           struct ska_slice en, size_t bytes_max) SKA_MUST_CHECK;

#endif
