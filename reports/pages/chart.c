/* SPDX-License-Identifier: EUPL-1.2 */
/* chart.c - a line over time. Coordinates are whole tenths of a unit of the view box. */
#include "reports/pages/chart_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/data/words.h"
#include "reports/html.h"

/* One of the two shapes. */
struct shape {
    const char *class;
    int width, height;
    int left, right, top, bottom; /* the plot */
    int letter;                   /* about the width of a character */
    int year_min;                 /* room that a year's label needs */
};
static const struct shape shapes[2] = {
    {"chart wide", 7600, 3200, 520, 6960, 420, 2820, 70, 420},
    {"chart narrow", 3600, 2700, 420, 3120, 420, 2340, 75, 400},
};

struct drawing {
    struct ska_writer *w;
    const struct chart *c;
    const struct shape *s;
    uint64_t top; /* value at the top of the axis */
    bool swedish;
};

static int x_of(const struct drawing *d, size_t i)
{
    int room = d->s->right - d->s->left;
    return d->s->left + (int)((2 * i + 1) * (size_t)room / (2 * d->c->n));
}

/* Where the place of a point begins; i may be n. */
static int edge_of(const struct drawing *d, size_t i)
{
    return d->s->left + (int)(i * (size_t)(d->s->right - d->s->left) / d->c->n);
}

static int y_of(const struct drawing *d, uint64_t value)
{
    return d->s->bottom - chart_part_of(value, d->top, d->s->bottom - d->s->top);
}

/* The axis from zero with its lines. */
static void write_grid(const struct drawing *d, uint64_t step)
{
    uint64_t divisor = 1; /* labels with no more decimals than the steps need */
    unsigned decimals = d->c->decimals;
    bool has_values = false;
    for (size_t i = 0; i < d->c->n; i++)
        has_values = has_values || d->c->points[i].state == CHART_SHOWN;
    for (; decimals > 0 && step % (10 * divisor) == 0; decimals--)
        divisor *= 10;
    for (uint64_t v = 0; v <= d->top; v += step) {
        char text[FIGURES_TEXT_MAX];
        int y = y_of(d, v);
        words_decimal(text, v / divisor, has_values ? decimals : 0, d->swedish);
        chart_line(d->w, v == 0 ? "axis" : "grid", d->s->left, y, d->s->right, y);
        if (v == 0 || has_values) /* else nothing says what the axis ends at */
            chart_text(d->w, "tick-y", d->s->left - 80, y + 40, text);
    }
    chart_text(d->w, "unit", 0, d->s->top - 220, d->c->unit);
}

/* The years under the axis, a tick where each begins; or each place's label on a yearly axis. */
static void write_years(const struct drawing *d)
{
    size_t n = d->c->n;
    int last_x = -10000;
    for (size_t i = 0, next; i < n; i = next) {
        char year[16];
        for (next = i + 1; next < n && d->c->points[next].year == d->c->points[i].year; next++)
            ;
        int from = edge_of(d, i), to = edge_of(d, next), x = (from + to) / 2;
        (void)snprintf(year, sizeof year, "%" PRIu32, d->c->points[i].year);
        if (i > 0)
            chart_line(d->w, "year", from, d->s->bottom, from, d->s->bottom + 80);
        if (x - last_x < d->s->year_min)
            continue;
        chart_text(d->w, "tick-x", x, d->s->bottom + 240, year);
        last_x = x;
    }
}

static const char *gap_words(bool hidden, bool swedish)
{
    return hidden ? (swedish ? "skyddat" : "protected") : (swedish ? "saknas" : "missing");
}

#define NEIGHBOURS 2u /* on each side */

/* Where words stand clear of the line on both sides of a gap: in the upper or the lower half. */
static int clear_of_line(const struct drawing *d, size_t first, size_t end)
{
    int height = d->s->bottom - d->s->top, sum = 0, n = 0;
    size_t from = first > NEIGHBOURS ? first - NEIGHBOURS : 0;
    size_t to = d->c->n - end > NEIGHBOURS ? end + NEIGHBOURS : d->c->n;
    for (size_t i = from; i < to; i++)
        if (d->c->points[i].state == CHART_SHOWN) {
            sum += y_of(d, d->c->points[i].value);
            n++;
        }
    bool is_low = n > 0 && sum / n > d->s->top + height / 2;
    return is_low ? d->s->top + height / 4 : d->s->bottom - height / 4;
}

/* Words that stand upright, in a gap too narrow for them. */
static void write_upright(const struct drawing *d, int x, int y, const char *words)
{
    char xs[16], ys[16];
    chart_number(xs, x + 40);
    chart_number(ys, y);
    HTML(d->w,
         "<text class=\"gap-words\" x=\"{}\" y=\"{}\" transform=\"rotate(-90 {} {})\">{}</text>\n",
         xs, ys, xs, ys, words);
}

/* A run of places that show no value: a hatch if they are hidden, words where there is room. */
static void write_gap(const struct drawing *d, size_t first, size_t end)
{
    bool hidden = d->c->points[first].state == CHART_HIDDEN;
    int from = edge_of(d, first), to = edge_of(d, end), x = (from + to) / 2;
    const char *words = gap_words(hidden, d->swedish), *sign = hidden ? ".." : ".";
    HTML(d->w, "<g class=\"gap\"><title>{}{}{}: {}</title>\n", d->c->points[first].label,
         end > first + 1 ? "\xE2\x80\x93" : "", end > first + 1 ? d->c->points[end - 1].label : "",
         words);
    if (hidden)
        chart_hatch(d->w, "hatch", from, d->s->top, to - from, d->s->bottom - d->s->top);
    if ((int)chart_characters(words) * d->s->letter < to - from + 200) {
        chart_text(d->w, "gap-sign", x, d->s->bottom - 280, sign);
        chart_text(d->w, "gap-words", x, d->s->bottom - 100, words);
    } else {
        write_upright(d, x, clear_of_line(d, first, end), words);
    }
    html_raw(d->w, "</g>\n");
}

static void write_gaps(const struct drawing *d)
{
    const struct chart_point *p = d->c->points;
    for (size_t i = 0, next; i < d->c->n; i = next) {
        for (next = i + 1; next < d->c->n && p[next].state == p[i].state; next++)
            ;
        if (p[i].state != CHART_SHOWN)
            write_gap(d, i, next);
    }
}

static bool is_shown(const struct chart *c, size_t i)
{
    return i < c->n && c->points[i].state == CHART_SHOWN;
}

static void write_path(const struct drawing *d)
{
    html_raw(d->w, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < d->c->n; i++) {
        char x[16], y[16];
        if (!is_shown(d->c, i))
            continue;
        chart_number(x, x_of(d, i));
        chart_number(y, y_of(d, d->c->points[i].value));
        HTML(d->w, "{}{} {}", i > 0 && is_shown(d->c, i - 1) ? "L" : "M", x, y);
    }
    html_raw(d->w, "\"/>\n");
}

static void write_dot(const struct drawing *d, size_t i, const char *class)
{
    const struct chart_point *p = &d->c->points[i];
    char x[16], y[16], text[FIGURES_TEXT_MAX];
    chart_number(x, x_of(d, i));
    chart_number(y, y_of(d, p->value));
    words_decimal(text, p->value, d->c->decimals, d->swedish);
    HTML(d->w,
         "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\" data-period=\"{}\"><title>{}: "
         "{}</title></circle>\n",
         class, x, y, strcmp(class, "end") == 0 ? "4.5" : "3", p->name, p->label, text);
}

/* A value beside its dot, with what it is a value of, so that tests can find it in the table. */
static void write_value(const struct drawing *d, size_t i, int dx, int dy)
{
    const struct chart_point *p = &d->c->points[i];
    char x[16], y[16], text[FIGURES_TEXT_MAX];
    chart_number(x, x_of(d, i) + dx);
    chart_number(y, y_of(d, p->value) + dy);
    words_decimal(text, p->value, d->c->decimals, d->swedish);
    HTML(d->w,
         "<text class=\"{}\" data-cell=\"{}\" data-period=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n",
         dx > 0 ? "value end-value" : "value", d->c->cell, p->name, x, y, text);
}

/* Labels: the last value beside its dot, and the highest if it is far enough away. Dots where a
 * point stands alone, else on every point of a short series. */
static void write_points(const struct drawing *d)
{
    size_t last = SIZE_MAX, peak = SIZE_MAX, n = d->c->n;
    for (size_t i = 0; i < n; i++) {
        if (!is_shown(d->c, i))
            continue;
        last = i;
        if (peak == SIZE_MAX || d->c->points[i].value > d->c->points[peak].value)
            peak = i;
    }
    for (size_t i = 0; i < n; i++) {
        bool alone = !is_shown(d->c, i - 1) && !is_shown(d->c, i + 1); /* SIZE_MAX: not shown */
        if (is_shown(d->c, i) && i != last && (n <= 40 || alone))
            write_dot(d, i, "point");
    }
    if (last == SIZE_MAX)
        return;
    write_dot(d, last, "end");
    if (last + 1 == n)
        write_value(d, last, 100, 45);
    else
        write_value(d, last, 0, -110);
    if (x_of(d, last) - x_of(d, peak) > 600)
        write_value(d, peak, 0, -110);
}

static void write_shape(struct drawing *d, unsigned which)
{
    const struct chart *c = d->c;
    char width[16], height[16], id[8];
    uint64_t max = chart_largest(c->points, c->n), step = chart_step(max);
    d->s = &shapes[which];
    for (d->top = step; d->top < max; d->top += step)
        ;
    chart_number(width, d->s->width);
    chart_number(height, d->s->height);
    (void)snprintf(id, sizeof id, "%u", which);
    HTML(d->w,
         "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" "
         "aria-labelledby=\"t{}-{} d{}-{}\">\n<title id=\"t{}-{}\">{}</title>\n"
         "<desc id=\"d{}-{}\">{}</desc>\n",
         d->s->class, width, height, id, c->id, id, c->id, id, c->id, c->title, id, c->id,
         c->description);
    write_gaps(d);
    write_grid(d, step);
    write_years(d);
    write_path(d);
    write_points(d);
    html_raw(d->w, "</svg>\n");
}

void chart_write(struct ska_writer *w, const struct chart *c, bool swedish)
{
    struct drawing d = {.w = w, .c = c, .swedish = swedish};
    for (unsigned i = 0; i < 2; i++)
        write_shape(&d, i);
}
