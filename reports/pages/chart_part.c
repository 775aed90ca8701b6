/* SPDX-License-Identifier: EUPL-1.2 */
/* chart_part.c - what the charts' files share. */
#include "reports/pages/chart_part.h"

#include <stdio.h>

#include "reports/html.h"

void chart_number(char out[static 16], int tenths)
{
    if (tenths % 10 == 0)
        (void)snprintf(out, 16, "%d", tenths / 10);
    else
        (void)snprintf(out, 16, "%d.%d", tenths / 10, tenths % 10);
}

void chart_text(struct ska_writer *w, const char *class, int x, int y, const char *text)
{
    char xs[16], ys[16];
    chart_number(xs, x);
    chart_number(ys, y);
    HTML(w, "<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", class, xs, ys, text);
}

void chart_line(struct ska_writer *w, const char *class, int x1, int y1, int x2, int y2)
{
    char a[16], b[16], c[16], d[16];
    chart_number(a, x1);
    chart_number(b, y1);
    chart_number(c, x2);
    chart_number(d, y2);
    HTML(w, "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", class, a, b, c, d);
}

void chart_hatch(struct ska_writer *w, const char *pattern, int x, int y, int width, int height)
{
    char a[16], b[16], c[16], d[16];
    chart_number(a, x);
    chart_number(b, y);
    chart_number(c, width);
    chart_number(d, height);
    HTML(w,
         "<rect class=\"hatched\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
         "fill=\"url(#{})\"/>\n",
         a, b, c, d, pattern);
}

int chart_part_of(uint64_t value, uint64_t max, int length)
{
    __extension__ unsigned __int128 part = (unsigned __int128)value * (unsigned)length;
    return (int)(part / max);
}

size_t chart_characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

void chart_write_hatch(struct ska_writer *w)
{
    html_raw(w, "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
                "<pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
                "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" "
                "y2=\"7\"/></pattern>"
                "<pattern id=\"fine\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\" "
                "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" "
                "y2=\"3\"/></pattern></defs></svg>\n");
}

uint64_t chart_largest(const struct chart_point *points, size_t n)
{
    uint64_t max = 1;
    for (size_t i = 0; i < n; i++)
        if (points[i].state == CHART_SHOWN && points[i].value > max)
            max = points[i].value;
    return max;
}

uint64_t chart_step(uint64_t max)
{
    uint64_t step = 1;
    for (unsigned i = 0; max / step + (max % step != 0) > 5; i++) {
        /* 1 -> 2 -> 5 -> 10 */
        uint64_t next = i % 3 == 1 ? step / 2 * 5 : step * 2;
        if (next < step)
            break; /* only near 2^64 */
        step = next;
    }
    return step;
}
