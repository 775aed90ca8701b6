/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * about.h - who publishes a collection and under which licence, as data portals want to know: the
 * file "about" of the collection's folder, lines "name = value", each of which may be missing.
 */
#ifndef SKA_REPORTS_ABOUT_H
#define SKA_REPORTS_ABOUT_H

#include "reports/home.h"

#define ABOUT_LICENCE_DEFAULT "http://creativecommons.org/publicdomain/zero/1.0/"

/* Valid when zeroed. Lines of text (protocol/text.h). */
struct about {
    char publisher[SKA_NAME_MAX + 1]; /* "" : not told */
    char licence[SKA_URL_MAX + 1];    /* the licence's address */
    char contact[SKA_URL_MAX + 1];    /* "mailto:" or "https://"; "" : not told */
    char kind[16]; /* the publisher's authority: "local", "regional", "national"; "" : not told */
};

bool about_is_kind(const char *text);

/* As kept, defaults filled in. SKA_E_FORMAT naming the file. */
enum ska_status about_read(struct about *out, const struct collection *c,
                           struct ska_error *err) SKA_MUST_CHECK;
/* Keep what is not empty. */
enum ska_status about_write(const struct about *about, const struct collection *c,
                            struct ska_error *err) SKA_MUST_CHECK;

#endif
