/* SPDX-License-Identifier: EUPL-1.2 */
/* chart_part.h - what the charts' files share. Coordinates are tenths of a unit of the view box. */
#ifndef SKA_REPORTS_CHART_PART_H
#define SKA_REPORTS_CHART_PART_H

#include "reports/pages/chart.h"

/* "12.5", or "12" if there is no tenth. */
void chart_number(char out[static 16], int tenths);

void chart_text(struct ska_writer *w, const char *class, int x, int y, const char *text);
void chart_line(struct ska_writer *w, const char *class, int x1, int y1, int x2, int y2);

/* A rectangle filled with a pattern, "hatch" or, in small charts, "fine". */
void chart_hatch(struct ska_writer *w, const char *pattern, int x, int y, int width, int height);

/* value / max of `length`, value <= max, max > 0. */
int chart_part_of(uint64_t value, uint64_t max, int length);

/* Characters of UTF-8. */
size_t chart_characters(const char *text);

#endif
