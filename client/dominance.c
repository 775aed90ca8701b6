/* SPDX-License-Identifier: EUPL-1.2 */
/* dominance.c - whether a published total would say much about our own figure. */
#include "client/dominance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "client/marks.h"
#include "support/language.h"

#define LEAST_APART 5

__extension__ typedef unsigned __int128 wide;

static const char *label_of(const struct ska_layout *layout, uint32_t cell)
{
    const struct ska_text *label =
        &layout->catalogue->indicators[layout->cells[cell].indicator].label;
    return language_is_swedish() ? label->sv : label->en;
}

static void compare_with_total(struct notes *notes, const struct dominance_input *in, uint32_t cell)
{
    const struct published *p = in->published;
    uint64_t ours = in->counts->at[cell];
    if (p->total == NULL || !p->is_shown[cell] || p->total[cell] == 0 ||
        (wide)ours * 100 < (wide)in->share * p->total[cell])
        return;
    const char *code = in->layout->cells[cell].code;
    notes_add(notes,
              tr("%s %s: våra %" PRIu64 " är %" PRIu64 " %% av den senast publicerade summan, "
                 "%" PRIu64 " (%s), så att summan säger mycket om oss. Ska den publiceras bara "
                 "tillsammans med andras, skicka med submit --only-with-others %s",
                 "%s %s: our %" PRIu64 " is %" PRIu64 " %% of the last published total, %" PRIu64
                 " (%s), so that the total says much about us. If it is to be published only "
                 "together with others', send with submit --only-with-others %s"),
              code, label_of(in->layout, cell), ours, (uint64_t)((wide)ours * 100 / p->total[cell]),
              p->total[cell], p->period, code);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void compare_with_history(struct notes *notes, const struct dominance_input *in,
                                 uint32_t cell)
{
    uint64_t earlier[DOMINANCE_PERIODS], ours = in->counts->at[cell];
    size_t n = 0;
    for (size_t i = 0; i < in->n_earlier && n < DOMINANCE_PERIODS; i++)
        if (in->earlier[i].n > 0 && counts_is_answered(&in->earlier[i], in->layout, cell))
            earlier[n++] = in->earlier[i].at[cell];
    if (n < DOMINANCE_MEDIAN_OF)
        return;
    qsort(earlier, n, sizeof *earlier, compare_numbers);
    uint64_t median = earlier[(n - 1) / 2]; /* the lower of two in the middle */
    if ((wide)ours <= (wide)in->times * median || ours < median + LEAST_APART)
        return;
    const char *code = in->layout->cells[cell].code;
    notes_add(notes,
              tr("%s %s: våra %" PRIu64 " är mer än %" PRIu64 " gånger det vanliga (%" PRIu64
                 " i median av %zu perioder), så att summans ökning säger mycket om oss. Ska "
                 "den publiceras bara tillsammans med andras, skicka med submit "
                 "--only-with-others %s",
                 "%s %s: our %" PRIu64 " is more than %" PRIu64 " times the usual (%" PRIu64
                 " is the median of %zu periods), so that the total's rise says much about us. "
                 "If it is to be published only together with others', send with submit "
                 "--only-with-others %s"),
              code, label_of(in->layout, cell), ours, in->times, median, n, code);
}

void dominance_find(struct notes *notes, const struct dominance_input *in)
{
    for (uint32_t i = 0; i < in->layout->n_cells; i++) {
        if (in->layout->cells[i].kind != SKA_CELL_TOTAL ||
            ska_layout_mark(in->layout, i) == SKA_NONE || marks_has(in->counts, in->layout, i) ||
            !counts_is_answered(in->counts, in->layout, i) || in->counts->at[i] == 0)
            continue;
        compare_with_total(notes, in, i);
        compare_with_history(notes, in, i);
    }
}

static bool can_be_marked(const struct ska_layout *layout)
{
    for (uint32_t i = 0; i < layout->n_cells; i++)
        if (layout->cells[i].kind == SKA_CELL_MARK)
            return true;
    return false;
}

void dominance_warn(struct notes *notes, const struct workplace *w, const struct counts *counts)
{
    struct counts earlier[DOMINANCE_PERIODS] = {0};
    struct published published = {0};
    struct ska_error err = {0};
    char period[SKA_PERIOD_MAX + 1];
    if (!can_be_marked(w->layout))
        return;
    snprintf(period, sizeof period, "%s", w->period);
    for (size_t i = 0; i < DOMINANCE_PERIODS; i++) {
        ska_period_previous(period, period);
        workplace_read_earlier(&earlier[i], w, period);
    }
    enum ska_status status =
        w->session.leader != NULL ? published_fetch(&published, &w->session, &err) : SKA_OK;
    if (status != SKA_OK)
        notes_add(notes,
                  tr("den senast publicerade tabellen kunde inte hämtas (%s); antalen är inte "
                     "jämförda med den",
                     "the last published table could not be fetched (%s); the counts are not "
                     "compared with it"),
                  err.text[0] != '\0' ? err.text : ska_status_text(status));
    dominance_find(notes, &(struct dominance_input){
                              .layout = w->layout,
                              .counts = counts,
                              .earlier = earlier,
                              .n_earlier = DOMINANCE_PERIODS,
                              .published = &published,
                              .share = home_number(w->home.dominance_share, DOMINANCE_SHARE),
                              .times = home_number(w->home.dominance_times, DOMINANCE_TIMES)});
    published_clear(&published);
    for (size_t i = 0; i < DOMINANCE_PERIODS; i++)
        counts_clear(&earlier[i]);
}
