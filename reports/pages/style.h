/* SPDX-License-Identifier: EUPL-1.2 */
/* style.h - the style sheet, script and icon of all pages, written beside them (the pages' content
 * security policy allows neither inside). Generated: tools/embed. */
#ifndef SKA_REPORTS_STYLE_H
#define SKA_REPORTS_STYLE_H

/* Lines to be written in a row, then NULL. */
extern const char *const site_style[];
extern const char *const site_comfort[];
extern const char *const site_icon[];

#endif
