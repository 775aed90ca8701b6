/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_plot.c - draw the curves of build/bench.json as an SVG: cost against contributors and
 * against counts.
 *
 *     tool_plot BENCH.json OUT.svg
 *
 * A dashed line through the largest point and the origin shows what linear would be.
 */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#define WIDTH 380
#define HEIGHT 260
#define LEFT 60
#define TOP 40

struct curve {
    const char *name, *title, *unit;
};

static const struct curve curves[] = {
    {"curve_contributors", "A batch of n submissions, 500 counts", "thousand u"},
    {"curve_counts", "Verifying one submission of n counts", "thousand u"},
    {"curve_counts_prove", "Proving one submission of n counts", "thousand u"},
};
#define N_CURVES (sizeof curves / sizeof curves[0])

static double number_at(const json_t *points, size_t i, size_t k)
{
    return json_number_value(json_array_get(json_array_get(points, i), k));
}

static void draw_curve(FILE *out, const struct curve *c, const json_t *points, size_t place)
{
    size_t n = json_array_size(points);
    double x_max = number_at(points, n - 1, 0);
    double y_max = number_at(points, n - 1, 1);
    double x0 = LEFT + (double)place * (WIDTH + LEFT + 20);
    double y0 = TOP + HEIGHT;
    fprintf(out, "<text x=\"%.0f\" y=\"20\" class=\"title\">%s</text>\n", x0, c->title);
    fprintf(out, "<path class=\"axis\" d=\"M%.1f %d V%.1f H%.1f\"/>\n", x0, TOP, y0, x0 + WIDTH);
    fprintf(out, "<path class=\"linear\" d=\"M%.1f %.1f L%.1f %d\"/>\n<path class=\"curve\" d=\"",
            x0, y0, x0 + WIDTH, TOP);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%c%.1f %.1f", i == 0 ? 'M' : 'L',
                x0 + number_at(points, i, 0) / x_max * WIDTH,
                y0 - number_at(points, i, 1) / y_max * HEIGHT);
    fputs("\"/>\n", out);
    for (size_t i = 0; i < n; i++) {
        double x = x0 + number_at(points, i, 0) / x_max * WIDTH;
        double y = y0 - number_at(points, i, 1) / y_max * HEIGHT;
        fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", x, y);
        if (2 * number_at(points, i, 0) > x_max || i == 0)
            fprintf(out,
                    "<text x=\"%.1f\" y=\"%.1f\" class=\"tick end\">%.1f</text>"
                    "<text x=\"%.1f\" y=\"%.1f\" class=\"tick middle\">%.0f</text>\n",
                    x - 6, y - 6, number_at(points, i, 1) / 1000, x, y0 + 18,
                    number_at(points, i, 0));
    }
    fprintf(out, "<text x=\"%.1f\" y=\"%d\" class=\"tick\">%s</text>\n", x0 + 6, TOP - 4, c->unit);
}

int main(int argc, char **argv)
{
    json_t *all = argc == 3 ? json_load_file(argv[1], 0, NULL) : NULL;
    FILE *out = all != NULL ? fopen(argv[2], "we") : NULL;
    if (out == NULL) {
        fputs("usage: tool_plot BENCH.json OUT.svg\n", stderr);
        return 2;
    }
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %d\" role=\"img\">\n"
            "<!-- SPDX-License-Identifier: EUPL-1.2 -->\n"
            "<title>Cost against contributors and counts</title>\n<style>text{font:13px sans-serif;"
            "fill:#222}.title{font-weight:bold}.end{text-anchor:end}.middle{text-anchor:middle}"
            ".axis,.linear,.curve{fill:none;stroke:#888}.linear{stroke-dasharray:4 4}.curve{stroke:"
            "#0b4f8a;stroke-width:2}circle{fill:#0b4f8a}</style>\n<rect width=\"100%%\" "
            "height=\"100%%\" fill=\"#fff\"/>\n",
            N_CURVES * (WIDTH + LEFT + 20) + 20, TOP + HEIGHT + 30);
    int failed = 0;
    for (size_t i = 0; i < N_CURVES; i++) {
        const json_t *points = json_object_get(all, curves[i].name);
        if (json_array_size(points) < 2) {
            fprintf(stderr, "%s: no %s\n", argv[1], curves[i].name);
            failed = 1;
            continue;
        }
        draw_curve(out, &curves[i], points, i);
    }
    fputs("</svg>\n", out);
    json_decref(all);
    return fclose(out) != 0 || failed;
}
