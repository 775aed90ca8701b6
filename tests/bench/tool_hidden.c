/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_hidden.c - how much disclosure control hides, for tests/bench/hidden.
 *
 *     tool_hidden head
 *     tool_hidden [-v] CATALOGUE.json GROUPS.json|- SUMS
 *         SUMS has lines CONTRIBUTOR,PERIOD,CELL,VALUE; contributors increasing. Prints one line
 *         over all periods; -v: a line for each before it
 *
 * With the policy that skarva-publish new proposes. "on word" are complements beyond P0 that rest
 * on the publisher's word, "w. word" what is withdrawn and not by the catalogue. Shown and hidden
 * are published counts; the share is that of the hidden ones in the sum of all of them.
 */
#include "audit/pattern_needed.h"
#include "protocol/linked.h"
#include "reports/disclosure/disclosure.h"
#include "reports/groups_file.h"
#include "support/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_MAX 400000u
#define PERIODS_MAX 64u
#define ROSTER_MAX 400u

static const struct ska_policy policy = {
    .min_contributors = 3, .threshold = 5, .show_zero = true, .protection = 2};

static _Noreturn void stop(const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void need(enum ska_status status, const struct ska_error *err, const char *what)
{
    if (status != SKA_OK)
        stop(what, err->text[0] != '\0' ? err->text : ska_status_text(status));
}

static void *have(void *memory)
{
    if (memory == NULL)
        stop("memory", "none left");
    return memory;
}

/* What contributors handed in --------------------------------------------------------------- */

struct line {
    uint32_t contributor;
    char period[SKA_PERIOD_MAX + 1];
    char cell[SKA_CELL_CODE_MAX + 1];
    uint64_t value;
};

struct world {
    struct ska_catalogue *catalogue;
    struct ska_contributor contributors[ROSTER_MAX];
    struct ska_roster roster;
    struct groups_file groups;
    struct line *lines;
    uint32_t n_lines, n_periods;
    char periods[PERIODS_MAX][SKA_PERIOD_MAX + 1];
};

static void add_period(struct world *w, const char *period)
{
    for (uint32_t i = 0; i < w->n_periods; i++)
        if (strcmp(w->periods[i], period) == 0)
            return;
    if (w->n_periods == PERIODS_MAX)
        stop(period, "too many periods");
    memcpy(w->periods[w->n_periods++], period, SKA_PERIOD_MAX + 1);
}

static void add_line(struct world *w, const char *code, const struct line *line)
{
    uint32_t n = w->roster.n;
    if (n == 0 || strcmp(w->contributors[n - 1].code, code) != 0) {
        if (n == ROSTER_MAX)
            stop(code, "too many contributors");
        (void)snprintf(w->contributors[n].code, sizeof w->contributors[n].code, "%.*s",
                       SKA_CODE_MAX, code);
        w->roster.n = n + 1;
    }
    if (w->n_lines == LINES_MAX)
        stop(code, "too many lines");
    w->lines[w->n_lines] = *line;
    w->lines[w->n_lines++].contributor = w->roster.n - 1;
    add_period(w, line->period);
}

/* The next part of a line, cut off at its comma. */
static char *cut(char **rest)
{
    char *part = *rest, *comma = strchr(part, ',');
    if (comma == NULL)
        return NULL;
    *comma = '\0';
    *rest = comma + 1;
    return part;
}

static void read_lines(struct world *w, const char *path)
{
    char text[512];
    FILE *in = fopen(path, "r");
    if (in == NULL)
        stop(path, "cannot be read");
    w->lines = have(calloc(LINES_MAX, sizeof *w->lines));
    w->roster.at = w->contributors;
    while (fgets(text, sizeof text, in) != NULL) {
        struct line line = {0};
        char *rest = text, *code = cut(&rest), *period = cut(&rest), *cell = cut(&rest);
        if (cell == NULL)
            stop(path, text);
        (void)snprintf(line.period, sizeof line.period, "%s", period);
        (void)snprintf(line.cell, sizeof line.cell, "%s", cell);
        line.value = strtoull(rest, NULL, 10);
        add_line(w, code, &line);
    }
    (void)fclose(in);
}

static void read_world(struct world *w, const char *catalogue, const char *groups, const char *sums)
{
    uint8_t *data = NULL;
    size_t len = 0;
    struct ska_error err = {0};
    need(file_read(&data, &len, catalogue, SIZE_MAX / 2, &err), &err, catalogue);
    need(ska_catalogue_parse(&w->catalogue, (const char *)data, len, &err), &err, catalogue);
    free(data);
    read_lines(w, sums);
    if (strcmp(groups, "-") == 0)
        return;
    need(file_read(&data, &len, groups, GROUPS_FILE_MAX, &err), &err, groups);
    need(groups_file_parse(&w->groups, (struct ska_slice){data, len}, groups, &w->roster, &err),
         &err, groups);
    free(data);
}

/* One period --------------------------------------------------------------------------------- */

struct tally {
    uint32_t n, hidden, refused, by_reason[SKA_HIDDEN_WITHDRAWN + 1];
    uint32_t need[PATTERN_NEED_MISSING + 1]; /* of complements beyond P0 */
    uint32_t withdrawn_word;                 /* withdrawn, and not by the catalogue */
    double sum, sum_hidden, seconds;
};

static void add_up(uint64_t *totals, uint32_t *counted, uint32_t *n_counted, const struct world *w,
                   const struct ska_layout *layout, const char *period)
{
    for (uint32_t i = 0; i < w->n_lines; i++) {
        const struct line *line = &w->lines[i];
        uint32_t cell = ska_layout_find(layout, line->cell);
        if (strcmp(line->period, period) != 0 || cell == SKA_NONE)
            continue;
        if (*n_counted == 0 || counted[*n_counted - 1] != line->contributor)
            counted[(*n_counted)++] = line->contributor;
        for (uint32_t b = 0; b <= w->groups.groups.n; b++)
            if (ska_groups_has(&w->groups.groups, b, line->contributor))
                totals[b * layout->n_cells + cell] += line->value;
    }
}

static void count(struct tally *t, const struct disclosure_input *input,
                  const struct ska_suppression *hidden)
{
    const struct ska_linked *l = input->linked;
    for (uint32_t f = 0, i = 0; f < l->n_published; f++) {
        bool is_hidden = i < hidden->n && hidden->at[i].figure == f;
        if (ska_cell_is_count(&l->cells[f])) {
            t->n++;
            t->sum += (double)input->totals[f];
            t->hidden += is_hidden;
            t->sum_hidden += is_hidden ? (double)input->totals[f] : 0;
            if (is_hidden)
                t->by_reason[hidden->at[i].reason]++;
            if (is_hidden && hidden->at[i].reason == SKA_HIDDEN_WITHDRAWN)
                t->withdrawn_word += !ska_linked_is_never_shown(l, f);
        }
        i += is_hidden;
    }
}

/* What the audit finds out of complements beyond P0. */
static void count_need(struct tally *t, const struct disclosure_input *input,
                       const struct ska_suppression *hidden)
{
    const struct ska_linked *l = input->linked;
    struct pattern *d = NULL;
    struct ska_error err = {0};
    uint8_t *reason = have(calloc(l->n_listed, 1)), *needs = have(calloc(l->n_published, 1));
    need(pattern_new(&d, l, &input->policy), &err, "the audit's pattern");
    for (uint32_t i = 0; i < hidden->n; i++)
        reason[hidden->at[i].figure] = (uint8_t)hidden->at[i].reason;
    for (uint32_t f = 0; f < l->n_listed; f++) {
        d->total[f] = reason[f] == 0 && f < l->n_published ? input->totals[f] : 0;
        d->is_candidate[f] = f < l->n_published && ska_cell_is_count(&l->cells[f]) &&
                             (reason[f] == SKA_HIDDEN_COMPLEMENT || d->total[f] > 0);
        if (reason[f] != 0 && reason[f] != SKA_HIDDEN_COMPLEMENT)
            pattern_hide(d, f, (enum ska_hidden_reason)reason[f]);
    }
    need(pattern_find_first(d), &err, "P0");
    need(pattern_find_need(needs, d, reason, hidden->needed, hidden->n_needed), &err,
         "what is needed");
    for (uint32_t f = 0; f < l->n_published; f++)
        t->need[needs[f]]++;
    pattern_free(d);
    free(reason);
    free(needs);
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(struct tally *t, const struct world *w, const char *period)
{
    enum ska_cadence cadence = SKA_YEAR;
    uint32_t year, part, counted[ROSTER_MAX], n_counted = 0;
    struct ska_error err = {0};
    struct ska_layout *layout = NULL;
    struct ska_linked *linked = NULL;
    need(ska_period_parse(&cadence, &year, &part, period), &err, period);
    need(ska_layout_new(&layout, w->catalogue, cadence, &err), &err, period);
    uint64_t *totals = have(calloc(SKA_LINKED_MAX, sizeof *totals));
    add_up(totals, counted, &n_counted, w, layout, period);
    need(ska_linked_new(&linked, layout, &policy, &w->groups.groups, w->roster.n, counted,
                        n_counted),
         &err, period);
    need(disclosure_subtract(totals, linked), &err, period);
    const struct disclosure_input input = {.linked = linked, .policy = policy, .totals = totals};
    struct ska_suppression hidden = {0};
    struct ska_certificate certificate = {0};
    double begin = now();
    enum ska_status status = disclosure_decide(&hidden, &certificate, NULL, &input, &err);
    t->seconds = now() - begin;
    if (status == SKA_OK)
        count(t, &input, &hidden);
    if (status == SKA_OK)
        count_need(t, &input, &hidden);
    else
        (void)fprintf(stderr, "%s: %s\n", period, err.text);
    t->refused = status != SKA_OK;
    ska_suppression_clear(&hidden);
    ska_certificate_clear(&certificate);
    ska_linked_free(linked);
    ska_layout_free(layout);
    free(totals);
}

/* The table ---------------------------------------------------------------------------------- */

static const char *const names[] = {"small", "few",    "dependent", "complement",
                                    "block", "marked", "kept",      "withdrawn"};

static void print_head(void)
{
    printf("%-28s %6s %6s", "", "counts", "shown");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        printf(" %10s", names[i]);
    printf(" %8s %8s %8s %8s %8s %8s %8s\n", "proven", "along", "on word", "w. word", "share %",
           "refused", "gate s");
}

static void print(const char *name, const struct tally *t)
{
    printf("%-28s %6" PRIu32 " %6" PRIu32, name, t->n, t->n - t->hidden);
    for (size_t i = 1; i <= SKA_HIDDEN_WITHDRAWN; i++)
        printf(" %10" PRIu32, t->by_reason[i]);
    for (size_t i = PATTERN_NEED_PROVEN; i <= PATTERN_NEED_WORD; i++)
        printf(" %8" PRIu32, t->need[i]);
    printf(" %8" PRIu32 " %8.1f %8" PRIu32 " %8.2f\n", t->withdrawn_word,
           t->sum > 0 ? 100 * t->sum_hidden / t->sum : 0, t->refused, t->seconds);
}

static void add(struct tally *all, const struct tally *t)
{
    all->n += t->n;
    all->hidden += t->hidden;
    all->refused += t->refused;
    for (size_t i = 0; i <= PATTERN_NEED_MISSING; i++)
        all->need[i] += t->need[i];
    all->withdrawn_word += t->withdrawn_word;
    all->sum += t->sum;
    all->sum_hidden += t->sum_hidden;
    all->seconds += t->seconds;
    for (size_t i = 0; i <= SKA_HIDDEN_WITHDRAWN; i++)
        all->by_reason[i] += t->by_reason[i];
}

int main(int argc, char **argv)
{
    static struct world w;
    struct tally all = {0};
    if (argc == 2 && strcmp(argv[1], "head") == 0) {
        print_head();
        return 0;
    }
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    argv += verbose;
    if (argc - verbose != 4)
        stop("usage", "tool_hidden head | [-v] CATALOGUE.json GROUPS.json|- SUMS");
    read_world(&w, argv[1], argv[2], argv[3]);
    for (uint32_t i = 0; i < w.n_periods; i++) {
        struct tally t = {0};
        run(&t, &w, w.periods[i]);
        add(&all, &t);
        if (verbose)
            print(w.periods[i], &t);
    }
    char name[64];
    const char *slash = strrchr(argv[1], '/');
    (void)snprintf(name, sizeof name, "%.*s, %u groups",
                   (int)strcspn(slash != NULL ? slash + 1 : argv[1], "."),
                   slash != NULL ? slash + 1 : argv[1], (unsigned)w.groups.groups.n);
    print(name, &all);
    groups_file_clear(&w.groups);
    ska_catalogue_free(w.catalogue);
    free(w.lines);
    return 0;
}
