/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site.h - the folder that the leader's front serves.
 *
 *     SITE/index.html, en/index.html        trends over all published periods
 *         /2025Q2.html, en/2025Q2.html      one period
 *         /2025Q2.csv                       its table
 *         /bundles/NAME-2025Q2.tar          its bundle
 *         /style.css
 */
#ifndef SKA_REPORTS_SITE_H
#define SKA_REPORTS_SITE_H

#include "reports/home.h"

/* Write a period's files, the bundle first. */
enum ska_status site_write_period(const struct collection *c, const char *period,
                                  struct ska_slice bundle, struct ska_slice table,
                                  struct ska_slice page_sv, struct ska_slice page_en,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* Write index pages and style sheet from what the published periods' folders hold. */
enum ska_status site_write_index(const struct collection *c, struct ska_error *err) SKA_MUST_CHECK;

#endif
