/* SPDX-License-Identifier: EUPL-1.2 */
/* markup.h - what was written as text, and how often something stands in it. */
#ifndef SKA_TESTS_REPORTS_MARKUP_H
#define SKA_TESTS_REPORTS_MARKUP_H

#include "crypto/bytes.h"
#include "tests/test.h"

/* What `w` holds as a string, which the caller frees. */
static inline char *markup_take(struct ska_writer *w)
{
    ska_write_u8(w, 0);
    ck_assert_status(w->status, SKA_OK);
    char *text = strdup((const char *)w->data);
    ck_assert_ptr_nonnull(text);
    ska_writer_clear(w);
    return text;
}

static inline unsigned markup_count(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        n++;
    return n;
}

#endif
