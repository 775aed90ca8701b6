/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site.h - the folder that the leader's front serves. English pages have the Swedish ones' names,
 * in the folder en/.
 *
 *     SITE/index.html                       overview: what changed
 *         /indicator-NS01.html              one indicator
 *         /groups.html, map.html            groups beside each other, if there are groups
 *         /data.2.html                      the second part of a heavy one (page_cut.h)
 *         /data.html, method.html, quality.html, check.html, accessibility.html, about.html
 *         /2025Q2.html                      one release, as in its bundle; a heavy one in parts
 *         /2025Q2-1.html                    (page_split.h)
 *         /2025Q2.csv                       its table
 *         /bundles/NAME-2025Q2.tar          its bundle
 *         /bundles/NAME-2025Q2.release.tlog-proof   that its release is in the public log
 *                                           (announce.h)
 *         /style.css, comfort.js, icon.svg
 */
#ifndef SKA_REPORTS_SITE_H
#define SKA_REPORTS_SITE_H

#include "reports/home.h"
#include "reports/pages/page.h"

/* Write a period's files, the bundle first; parts of its page that it has no more are removed
 * (site_made.h). */
enum ska_status site_write_period(const struct collection *c, const char *period,
                                  struct ska_slice bundle, struct ska_slice table,
                                  struct ska_slice page_sv, struct ska_slice page_en,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* Write all pages but the releases', style sheet and script, from what is published; pages that
 * were made before and are no more, are removed (site_made.h). */
enum ska_status site_write_index(const struct collection *c, struct ska_error *err) SKA_MUST_CHECK;

/* The same into any folder, which is there, from a model. `list` is the path of the list of pages
 * that were made; NULL: there is none, and none is removed. */
enum ska_status site_write_pages(const char *folder, const char *list, const struct page_site *site,
                                 struct ska_error *err) SKA_MUST_CHECK;

#endif
