/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site_made.h - which pages this program made, so that those that it makes no more are taken off
 * the site, and nothing else is: a page's fourth part when it has three, an indicator's page when
 * the catalogue lost it.
 *
 * The list is a file in the publisher's folder, never on the site, with a line for each page,
 *     <SHA-256, 64 hexadecimal digits> <name below the site's folder: data.2.html, en/data.2.html>
 * A page is removed only if the list has it, it was not made this time, and its bytes are those
 * that were made: what somebody else put in its place stays. A line that is none is passed over.
 */
#ifndef SKA_REPORTS_SITE_MADE_H
#define SKA_REPORTS_SITE_MADE_H

#include "crypto/bytes.h"

#define SITE_MADE_LIST "site-pages" /* the list's name */

/* What is made this time. Valid when zeroed. */
struct site_made {
    size_t n;
    struct site_made_page *at; /* owned */
};
void site_made_clear(struct site_made *made);

/* Remember a page that was written; other names than those of pages are passed over. SKA_OK or
 * SKA_E_MEMORY. */
enum ska_status site_made_add(struct site_made *made, const char *name,
                              struct ska_slice data) SKA_MUST_CHECK;

/* When everything is written: remove what the list has more than `made`, and write the list anew.
 * After a crash in between, the same again removes the rest. SKA_E_MEMORY; what files give. */
enum ska_status site_made_finish(const struct site_made *made, const char *site, const char *list,
                                 struct ska_error *err) SKA_MUST_CHECK;

#endif
