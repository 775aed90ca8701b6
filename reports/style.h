/* SPDX-License-Identifier: EUPL-1.2 */
/* style.h - the style sheet of all pages, written beside them (the pages' content security policy
 * allows no styles inside). */
#ifndef SKA_REPORTS_STYLE_H
#define SKA_REPORTS_STYLE_H

extern const char *const site_style[]; /* pieces to be written in a row, then NULL */

#endif
