/* SPDX-License-Identifier: EUPL-1.2 */
/* chart.c - a line chart as SVG. Coordinates are whole tenths of a unit of the view box. */
#include "reports/chart.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/figures.h"
#include "reports/html.h"

#define WIDTH 7200
#define HEIGHT 2900
#define LEFT 720
#define RIGHT 7080
#define TOP 340
#define BOTTOM 2400

#define LABELS_MAX 16 /* more points than this: values only at the ends and the peak */

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

static void number(char out[static 16], int tenths)
{
    (void)snprintf(out, 16, "%d.%d", tenths / 10, tenths % 10);
}

static int x_of(const struct chart *c, size_t i)
{
    return LEFT + (int)((2 * i + 1) * (size_t)(RIGHT - LEFT) / (2 * c->n));
}

static int y_of(uint64_t value, uint64_t top)
{
    __extension__ unsigned __int128 part = (unsigned __int128)value * (BOTTOM - TOP);
    return BOTTOM - (int)(part / top);
}

static void write_text(struct ska_writer *w, const char *class, int x, int y, const char *text)
{
    char xs[16], ys[16];
    number(xs, x);
    number(ys, y);
    HTML(w, "<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", class, xs, ys, text);
}

static void write_line(struct ska_writer *w, const char *class, int x1, int y1, int x2, int y2)
{
    char a[16], b[16], c[16], d[16];
    number(a, x1);
    number(b, y1);
    number(c, x2);
    number(d, y2);
    HTML(w, "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", class, a, b, c, d);
}

static uint64_t largest(const struct chart *c)
{
    uint64_t max = 1;
    for (size_t i = 0; i < c->n; i++)
        if (c->points[i].state == CHART_SHOWN && c->points[i].value > max)
            max = c->points[i].value;
    return max;
}

/* The axis from zero with its lines; returns the value at its top. */
static uint64_t write_grid(struct ska_writer *w, const struct chart *c, bool swedish)
{
    uint64_t max = largest(c), step = chart_step(max), top = step;
    while (top < max)
        top += step;
    for (uint64_t v = 0; v <= top; v += step) {
        char text[FIGURES_TEXT_MAX];
        int y = y_of(v, top);
        figures_number_text(text, v, swedish);
        write_line(w, v == 0 ? "axis" : "grid", LEFT, y, RIGHT, y);
        write_text(w, "tick-y", LEFT - 80, y + 40, text);
    }
    write_text(w, "unit", LEFT - 80, TOP - 180, c->unit);
    return top;
}

/* Hatching over the place of a value that is not shown, and why. */
static void write_gap(struct ska_writer *w, const struct chart *c, size_t i, bool swedish)
{
    char x[16], y[16], width[16], height[16];
    int band = (RIGHT - LEFT) / (int)c->n * 7 / 10;
    bool hidden = c->points[i].state == CHART_HIDDEN;
    const char *words = hidden ? (swedish ? "skyddat värde" : "protected value")
                               : (swedish ? "uppgift saknas" : "no figure");
    number(x, x_of(c, i) - band / 2);
    number(y, TOP);
    number(width, band);
    number(height, BOTTOM - TOP);
    HTML(w,
         "<g class=\"gap\"><title>{}: {}</title>"
         "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"url(#hatch-{})\"/>\n",
         c->points[i].label, words, x, y, width, height, c->id);
    write_text(w, "gap-sign", x_of(c, i), BOTTOM - 380, hidden ? ".." : ".");
    if (c->n <= 9)
        write_text(w, "gap-words", x_of(c, i), BOTTOM - 180,
                   hidden ? (swedish ? "skyddat" : "protected") : (swedish ? "saknas" : "missing"));
    html_raw(w, "</g>\n");
}

static void write_points(struct ska_writer *w, const struct chart *c, uint64_t top, bool swedish)
{
    bool drawn = false; /* whether the point before is on the line */
    html_raw(w, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < c->n; i++) {
        char x[16], y[16];
        if (c->points[i].state == CHART_SHOWN) {
            number(x, x_of(c, i));
            number(y, y_of(c->points[i].value, top));
            HTML(w, "{}{} {}", drawn ? "L" : "M", x, y);
        }
        drawn = c->points[i].state == CHART_SHOWN;
    }
    html_raw(w, "\"/>\n");
    uint64_t peak = largest(c);
    for (size_t i = 0; i < c->n; i++) {
        const struct chart_point *p = &c->points[i];
        char x[16], y[16], text[FIGURES_TEXT_MAX];
        if (p->state != CHART_SHOWN)
            continue;
        number(x, x_of(c, i));
        number(y, y_of(p->value, top));
        figures_number_text(text, p->value, swedish);
        HTML(w,
             "<circle class=\"point\" cx=\"{}\" cy=\"{}\" r=\"4.5\"><title>{}: "
             "{}</title></circle>\n",
             x, y, p->label, text);
        if (c->n <= LABELS_MAX || i == 0 || i + 1 == c->n || p->value == peak)
            write_text(w, "value", x_of(c, i), y_of(p->value, top) - 110, text);
    }
}

void chart_write(struct ska_writer *w, const struct chart *c, bool swedish)
{
    HTML(w,
         "<svg class=\"chart\" viewBox=\"0 0 720 290\" role=\"img\" "
         "aria-labelledby=\"t-{} d-{}\">\n<title id=\"t-{}\">{}</title>\n"
         "<desc id=\"d-{}\">{}</desc>\n",
         c->id, c->id, c->id, c->title, c->id, c->description);
    HTML(w,
         "<defs><pattern id=\"hatch-{}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" "
         "y2=\"8\"/></pattern></defs>\n",
         c->id);
    uint64_t top = write_grid(w, c, swedish);
    size_t every = (c->n + 11) / 12; /* at most 12 labels fit */
    for (size_t i = 0; i < c->n; i++) {
        if (c->points[i].state != CHART_SHOWN)
            write_gap(w, c, i, swedish);
        if (i % every == 0)
            write_text(w, "tick-x", x_of(c, i), BOTTOM + 240, c->points[i].label);
    }
    write_points(w, c, top, swedish);
    html_raw(w, "</svg>\n");
}
