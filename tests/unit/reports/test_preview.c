/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_preview.c - what a preview says is lost, over figures drawn at random, is what is counted
 * here once more, in another way: figures and shares by block, and what rounding changes. Flags and
 * marks are figures, but no counts.
 */
#include "reports/preview.h"

#include "crypto/bytes.h"

#include "tests/unit/reports/linked_ground.h"

#define BLOCKS 2u
#define CELLS 5u /* A | A.answered | A.marked | A.KON.K A.KON.M */
#define BASE 5u

struct drawn {
    struct ground ground;
    struct ska_task task;
    uint8_t reason[BLOCKS * CELLS];
    uint8_t year_reason[BLOCKS * CELLS];
    uint64_t total[BLOCKS * CELLS], shown[BLOCKS * CELLS];
};

static void drawn_init(struct drawn *d)
{
    ground_init(&d->ground,
                GROUND_CATALOGUE("\"marks\": true, \"may_be_blank\": true,"
                                 " \"tables\": [\"KON\"],"),
                true);
    d->task = (struct ska_task){
        .layout = d->ground.layout,
        .n_blocks = BLOCKS,
        .n_figures = BLOCKS * CELLS,
        .parameters = {
            .collection = "lan", .period = "2025H1", .groups = d->ground.groups, .policy = policy}};
    d->task.parameters.policy.rounding = BASE;
    ck_assert_uint_eq(d->task.layout->n_cells, CELLS);
}

/* Reasons as any figure may have, and totals; counts are shown up or down to a multiple. The year
 * has no flags and marks, and of the rest hides some. */
static void draw(struct drawn *d)
{
    for (uint32_t f = 0; f < BLOCKS * CELLS; f++) {
        d->reason[f] = test_random() % 2 == 0 ? 0 : (uint8_t)(1 + test_random() % 8);
        d->shown[f] = d->total[f] = test_random() % (test_random() % 2 == 0 ? 4 : 400);
        if (ska_cell_is_count(&d->task.layout->cells[f % CELLS]))
            d->shown[f] = (d->total[f] + test_random() % BASE) / BASE * BASE;
        d->year_reason[f] = f % CELLS == 1 || f % CELLS == 2 ? PREVIEW_MISSING
                            : test_random() % 3 == 0         ? SKA_HIDDEN_SUMMED
                                                             : 0;
    }
}

/* Tenths of a percent, rounded down; what is lost at all is at least one. */
static void put_percent(char *line, size_t size, uint64_t part, uint64_t whole)
{
    size_t len = strlen(line);
    double tenths = whole > 0 ? (double)(1000 * part / whole) : 0;
    if (whole == 0)
        (void)snprintf(line + len, size - len, "      -");
    else
        (void)snprintf(line + len, size - len, "%7.1f", part > 0 && tenths < 1 ? 0.1 : tenths / 10);
}

/* The line of a block, or of both, as the preview must have it. */
static void make_line(char *line, size_t size, const struct drawn *d, const char *label,
                      uint32_t first, uint32_t n)
{
    unsigned hidden = 0, by_reason[9] = {0};
    uint64_t counts = 0, counts_hidden = 0;
    for (uint32_t f = first; f < first + n; f++) {
        enum ska_cell_kind kind = d->task.layout->cells[f % CELLS].kind;
        bool is_count = kind == SKA_CELL_TOTAL || kind == SKA_CELL_CATEGORY;
        hidden += d->reason[f] != 0;
        by_reason[d->reason[f]]++;
        counts += is_count ? d->total[f] : 0;
        counts_hidden += is_count && d->reason[f] != 0 ? d->total[f] : 0;
    }
    (void)snprintf(line, size, "\n%-23s%6u%7u", label, n, hidden);
    put_percent(line, size, hidden, n);
    (void)strncat(line, " ", size - strlen(line) - 1);
    put_percent(line, size, counts_hidden, counts);
    for (int r = 1; r <= 8; r++) {
        size_t len = strlen(line);
        (void)snprintf(line + len, size - len, " %5u", by_reason[r]);
    }
    (void)strncat(line, "\n", size - strlen(line) - 1);
}

static void make_year(char *line, size_t size, const struct drawn *d)
{
    unsigned hidden = 0;
    for (uint32_t f = 0; f < BLOCKS * CELLS; f++)
        hidden += d->year_reason[f] == SKA_HIDDEN_SUMMED;
    (void)snprintf(line, size,
                   "completes the year: 2025 is added up. Of its %u figures %u are hidden.\n",
                   BLOCKS * (CELLS - 2), hidden);
}

/* "" where no count is shown. */
static void make_rounding(char *line, size_t size, const struct drawn *d)
{
    unsigned n = 0, sum = 0, most = 0;
    for (uint32_t f = 0; f < BLOCKS * CELLS; f++) {
        if (d->reason[f] != 0 || f % CELLS == 1 || f % CELLS == 2)
            continue;
        unsigned change = (unsigned)(d->total[f] > d->shown[f] ? d->total[f] - d->shown[f]
                                                               : d->shown[f] - d->total[f]);
        n++;
        sum += change;
        most = change > most ? change : most;
    }
    line[0] = '\0';
    if (n > 0)
        (void)snprintf(line, size,
                       "Rounding to multiples of 5: shown figures change by %u.%02u on average, by "
                       "%u at most.\n",
                       sum / n, sum * 100 / n % 100, most);
}

START_TEST(what_is_lost_is_what_is_counted_again)
{
    struct drawn d;
    drawn_init(&d);
    test_seed("previews");
    for (int round = 0; round < 300; round++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        char line[BLOCKS + 2][200], rounding[200];
        draw(&d);
        const struct preview_input in = {.task = &d.task,
                                         .reason = d.reason,
                                         .total = d.total,
                                         .shown = d.shown,
                                         .year_reason = d.year_reason};
        preview_write(&w, &in);
        ska_write_u8(&w, 0);
        ck_assert_status(ska_writer_status(&w), SKA_OK);
        make_line(line[0], sizeof line[0], &d, "All", 0, CELLS);
        make_line(line[1], sizeof line[1], &d, "g", CELLS, CELLS);
        make_line(line[2], sizeof line[2], &d, "Together", 0, BLOCKS * CELLS);
        make_year(line[3], sizeof line[3], &d);
        for (size_t i = 0; i < N_OF(line); i++)
            ck_assert_msg(strstr((char *)w.data, line[i]) != NULL, "%s is not in\n%s", line[i],
                          (char *)w.data);
        make_rounding(rounding, sizeof rounding, &d);
        ck_assert_msg((rounding[0] != '\0') == (strstr((char *)w.data, "Rounding") != NULL) &&
                          strstr((char *)w.data, rounding) != NULL,
                      "%s is not in\n%s", rounding, (char *)w.data);
    }
    ground_clear(&d.ground);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("preview");
    TCase *t = tcase_create("preview");
    tcase_add_test(t, what_is_lost_is_what_is_counted_again);
    suite_add_tcase(s, t);
    return test_run(s);
}
