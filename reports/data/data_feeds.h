/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_feeds.h - what tells others that there are data here: a DCAT-AP-SE description for data
 * portals (RDF/XML) and an Atom feed of releases (RFC 4287).
 */
#ifndef SKA_REPORTS_DATA_FEEDS_H
#define SKA_REPORTS_DATA_FEEDS_H

#include "reports/about.h"
#include "reports/data/tables.h"

/* Where the site is: "https://host/", ends in a slash. Failure is remembered by the writer. */
void data_dcat(struct ska_writer *w, const struct cube *cube, const struct table_of *tables,
               size_t n, const struct about *about, const char *base);

/* Newest first; in one language, at "releases.atom" or "en/releases.atom". */
void data_atom(struct ska_writer *w, const struct cube *cube, const struct about *about,
               const char *base, bool swedish);

#endif
