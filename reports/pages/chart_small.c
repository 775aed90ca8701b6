/* SPDX-License-Identifier: EUPL-1.2 */
/* chart_small.c - small charts within tables and cards, and the map of tiles. */
#include "reports/pages/chart_part.h"

#include <stdio.h>
#include <string.h>

#include "reports/html.h"

#define SPARK_WIDTH 1600
#define SPARK_HEIGHT 360
#define SPARK_PAD 40
#define BAR_WIDTH 1000
#define BAR_HEIGHT 120

static int spark_x(size_t i, size_t n)
{
    return SPARK_PAD + (int)((2 * i + 1) * (SPARK_WIDTH - 2 * SPARK_PAD) / (2 * n));
}

static int spark_y(uint64_t value, uint64_t max)
{
    return SPARK_HEIGHT - SPARK_PAD -
           chart_part_of(value < max ? value : max, max, SPARK_HEIGHT - 2 * SPARK_PAD);
}

static void spark_hatches(struct ska_writer *w, const struct chart_point *p, size_t n)
{
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && p[next].state == p[i].state; next++)
            ;
        int half = (SPARK_WIDTH - 2 * SPARK_PAD) / (2 * (int)n);
        int from = spark_x(i, n) - half, to = spark_x(next - 1, n) + half;
        if (p[i].state == CHART_HIDDEN)
            chart_hatch(w, "fine", from, SPARK_PAD, to - from, SPARK_HEIGHT - 2 * SPARK_PAD);
    }
}

static void spark_dot(struct ska_writer *w, const char *class, int x, int y)
{
    char a[16], b[16];
    chart_number(a, x);
    chart_number(b, y);
    HTML(w, "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3\"/>", class, a, b);
}

void chart_write_spark(struct ska_writer *w, const struct chart_point *p, size_t n, uint64_t max,
                       const char *class)
{
    HTML(w, "<svg class=\"spark {}\" viewBox=\"0 0 160 36\" aria-hidden=\"true\">", class);
    spark_hatches(w, p, n);
    chart_line(w, "axis", SPARK_PAD, SPARK_HEIGHT - SPARK_PAD, SPARK_WIDTH - SPARK_PAD,
               SPARK_HEIGHT - SPARK_PAD);
    html_raw(w, "<path class=\"line\" d=\"");
    for (size_t i = 0; i < n; i++) {
        char x[16], y[16];
        if (p[i].state != CHART_SHOWN)
            continue;
        chart_number(x, spark_x(i, n));
        chart_number(y, spark_y(p[i].value, max));
        HTML(w, "{}{} {}", i > 0 && p[i - 1].state == CHART_SHOWN ? "L" : "M", x, y);
    }
    html_raw(w, "\"/>");
    for (size_t i = 0; i < n; i++) {
        bool alone = (i == 0 || p[i - 1].state != CHART_SHOWN) &&
                     (i + 1 == n || p[i + 1].state != CHART_SHOWN);
        if (p[i].state == CHART_SHOWN && (alone || i + 1 == n))
            spark_dot(w, i + 1 == n ? "end" : "point", spark_x(i, n), spark_y(p[i].value, max));
    }
    html_raw(w, "</svg>");
}

void chart_write_bar(struct ska_writer *w, enum chart_state state, uint64_t value, uint64_t max)
{
    html_raw(w, "<svg class=\"bar\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" "
                "aria-hidden=\"true\">");
    if (state == CHART_HIDDEN) {
        chart_hatch(w, "fine", 0, 0, BAR_WIDTH / 4, BAR_HEIGHT);
    } else if (state == CHART_SHOWN) {
        char width[16];
        chart_number(width, chart_part_of(value < max ? value : max, max, BAR_WIDTH));
        HTML(w, "<rect class=\"fill\" width=\"{}\" height=\"12\"/>", width);
    }
    html_raw(w, "</svg>");
}

/* Tiles --------------------------------------------------------------------------------------- */

#define TILE 1480 /* a tile's side */
#define TILE_STEP 1560
#define TILE_LETTERS 15       /* that fit in one line */
#define TILE_LETTERS_SMALL 19 /* smaller ones */
#define TILE_LINES 4

struct tile_lines {
    char line[TILE_LINES][4 * TILE_LETTERS_SMALL + 8]; /* letters have at most four bytes */
    size_t n;
    bool fits; /* all of it, and no word is broken */
};

/* How many bytes of `name` stand in one line: up to a space, behind a hyphen, or, of a word that is
 * too long by itself, one letter less than fit. */
static size_t tile_line(bool *is_broken, const char *name, size_t letters)
{
    size_t seen = 0, cut = 0, last = 0;
    *is_broken = false;
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (((unsigned char)name[i] & 0xC0) == 0x80)
            continue;
        if (name[i] == ' ')
            cut = i;
        if (seen == letters) {
            *is_broken = cut == 0;
            return cut > 0 ? cut : last;
        }
        seen++;
        last = i;
        if (name[i] == '-')
            cut = i + 1;
    }
    return strlen(name);
}

static void tile_wrap(struct tile_lines *out, const char *name, size_t letters)
{
    bool is_broken = false;
    *out = (struct tile_lines){.fits = true};
    while (*name != '\0' && out->n < TILE_LINES) {
        size_t len = tile_line(&is_broken, name, letters);
        bool is_cut = out->n + 1 == TILE_LINES && name[len] != '\0';
        const char *end = is_cut ? "\xE2\x80\xA6" : is_broken ? "-" : "";
        (void)snprintf(out->line[out->n], sizeof out->line[0], "%.*s%s", (int)len, name, end);
        out->fits = out->fits && end[0] == '\0';
        out->n++;
        name += len;
        name += strspn(name, " ");
    }
}

/* The name in as many lines as it needs, in smaller letters where a word is long. */
static void tile_name(struct ska_writer *w, int x, int y, const char *name)
{
    struct tile_lines lines;
    tile_wrap(&lines, name, TILE_LETTERS);
    bool is_small = !lines.fits;
    if (is_small)
        tile_wrap(&lines, name, TILE_LETTERS_SMALL);
    for (size_t i = 0; i < lines.n; i++)
        chart_text(w, is_small ? "tile-name small" : "tile-name", x + 100,
                   y + (is_small ? 210 + 150 * (int)i : 230 + 170 * (int)i), lines.line[i]);
}

static void tile_square(struct ska_writer *w, const struct chart_tile *t, int x, int y)
{
    char a[16], b[16], side[16], class[16];
    chart_number(a, x);
    chart_number(b, y);
    chart_number(side, TILE);
    (void)snprintf(class, sizeof class, "tile s%u", t->step % CHART_STEPS);
    HTML(w, "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>",
         t->state == CHART_SHOWN ? class : "tile none", a, b, side, side);
    if (t->state == CHART_HIDDEN)
        chart_hatch(w, "hatch", x, y, TILE, TILE);
}

void chart_write_tiles(struct ska_writer *w, const struct chart_tile *tiles, size_t n,
                       const char *id, const char *title, const char *description)
{
    int32_t columns = 1, rows = 1;
    char width[16], height[16];
    for (size_t i = 0; i < n; i++) {
        columns = tiles[i].x + 1 > columns ? tiles[i].x + 1 : columns;
        rows = tiles[i].y + 1 > rows ? tiles[i].y + 1 : rows;
    }
    chart_number(width, columns * TILE_STEP);
    chart_number(height, rows * TILE_STEP);
    HTML(w,
         "<svg class=\"tiles\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"t-{} d-{}\">\n"
         "<title id=\"t-{}\">{}</title>\n<desc id=\"d-{}\">{}</desc>\n",
         width, height, id, id, id, title, id, description);
    for (size_t i = 0; i < n; i++) {
        const struct chart_tile *t = &tiles[i];
        int x = t->x * TILE_STEP + 40, y = t->y * TILE_STEP + 40;
        char class[24], a[16], b[16];
        (void)snprintf(class, sizeof class, "tile-%s%u", t->state == CHART_SHOWN ? "s" : "none",
                       t->state == CHART_SHOWN ? t->step % CHART_STEPS : 0);
        HTML(w, "<g class=\"{}\">", class);
        tile_square(w, t, x, y);
        tile_name(w, x, y, t->name);
        chart_number(a, x + 100);
        chart_number(b, y + TILE - 200);
        HTML(w, "<text class=\"tile-value\" data-block=\"{}\" x=\"{}\" y=\"{}\">{}</text></g>\n",
             t->block, a, b, t->text);
    }
    html_raw(w, "</svg>\n");
}
