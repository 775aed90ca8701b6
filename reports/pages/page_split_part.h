/* SPDX-License-Identifier: EUPL-1.2 */
/* page_split_part.h - what cutting a page into pages and cutting a table into tables share. */
#ifndef SKA_REPORTS_PAGE_SPLIT_PART_H
#define SKA_REPORTS_PAGE_SPLIT_PART_H

#include "reports/pages/page_split.h"

/* A section of a page as it was written, or one of the parts of one that is too heavy. */
struct cut_section {
    struct ska_slice all, id, label; /* label: markup of its heading */
    bool is_of_year;
    uint8_t *owned; /* what `all`, `id` and `label` are slices of; NULL: borrowed from the page */
};

/* Several of them; owned. Valid when zeroed. */
struct cut_sections {
    size_t n;
    struct cut_section *at;
};
void cut_sections_clear(struct cut_sections *s);

/* One piece, the page as it is. SKA_OK or SKA_E_MEMORY. */
enum ska_status page_pieces_whole(struct page_pieces *out, struct ska_slice sv,
                                  struct ska_slice en) SKA_MUST_CHECK;

/* What is before `mark` in `rest`, which is moved behind it. False if it is not there. */
bool cut_until(struct ska_slice *before, struct ska_slice *rest, const char *mark);
/* What stands between two marks, the first time. */
bool cut_between(struct ska_slice *out, struct ska_slice all, const char *from, const char *to);
/* "Del 2 av 9"; in a sentence "del 2 av 9". */
#define CUT_NUMBER_BYTES 64
void cut_number(char out[static CUT_NUMBER_BYTES], bool swedish, bool in_sentence, size_t k,
                size_t n);

/*
 * Add a section, given in both languages, to those of each; if one of them is heavier than
 * bytes_max, cut at the same rows of its table into parts that are not: each a section of its own
 * with its own id, the number of the part in heading and caption, the head of the table, and the
 * head of the category that a part begins within. A row is never cut; nor is a section that is not
 * written as page_write_release writes one. SKA_OK or SKA_E_MEMORY.
 */
enum ska_status cut_table(struct cut_sections *sv, struct cut_sections *en,
                          const struct cut_section *in_swedish,
                          const struct cut_section *in_english, size_t bytes_max) SKA_MUST_CHECK;

#endif
