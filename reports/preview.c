/* SPDX-License-Identifier: EUPL-1.2 */
/* preview.c - what a release will hide. */
#include "reports/preview.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/bundle.h"
#include "protocol/figure.h"
#include "support/language.h"

#define LABEL_COLUMNS 23
#define CODE_COLUMNS 30
#define NAME_COLUMNS 46

/* Why a figure is hidden: a column's head of at most 5 characters, and words. By number, as in the
 * bundle (bundle.h). */
static const struct {
    const char *head_sv, *head_en, *sv, *en;
} reasons[] = {
    {"", "", "", ""},
    {"litet", "small", "litet tal", "small number"},
    {"få", "few", "få svarande", "few answered"},
    {"följd", "follw", "följer av ett annat", "follows from another"},
    {"skydd", "prot.", "skyddar ett annat", "protects another"},
    {"grupp", "group", "för få i gruppen", "too few in the group"},
    {"märkt", "mark", "bara med andra", "only with others"},
    {"förut", "prev.", "doldes förut", "hidden before"},
    {"drag.", "withd", "tillbakadraget", "withdrawn"},
    {"", "", "årets, för delarnas skull", "the year's, for its parts"}, /* of no period: no head */
    {"", "", "bara för alla tillsammans", "for all together only"},     /* said below the table */
};
#define N_REASONS (sizeof reasons / sizeof reasons[0])
#define WHOLE (N_REASONS - 1) /* in the place of other reasons */

static void SKA_PRINTF(2, 3) put(struct ska_writer *w, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > 0)
        ska_write_bytes(w, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* UTF-8 in exactly so many columns, cut (with an ellipsis) or filled; a character of ours is one
 * column wide. */
static void put_text(struct ska_writer *w, const char *text, size_t columns, bool to_the_right)
{
    size_t n = 0, bytes = 0, last = 0; /* where the last character starts */
    for (; text[bytes] != '\0'; bytes++) {
        bool starts = ((unsigned char)text[bytes] & 0xC0) != 0x80;
        if (starts && n == columns)
            break;
        last = starts ? bytes : last;
        n += starts ? 1u : 0u;
    }
    const bool is_cut = text[bytes] != '\0';
    for (size_t i = n; to_the_right && i < columns; i++)
        ska_write_u8(w, ' ');
    ska_write_bytes(w, text, is_cut ? last : bytes);
    if (is_cut)
        ska_write_bytes(w, "…", strlen("…"));
    for (size_t i = n; !to_the_right && i < columns; i++)
        ska_write_u8(w, ' ');
}

/* What is counted of one block, or of all. */
struct sums {
    uint64_t n, hidden, by_reason[N_REASONS];
    uint64_t counts, counts_hidden;      /* flags and marks are no counts */
    uint64_t n_changed_of, change, most; /* published counts, and what rounding changed */
};

/* The number above of a figure's reason. */
static size_t reason_of(const struct preview_input *in, uint32_t figure, uint8_t reason)
{
    bool is_whole = reason != 0 && ska_figure_is_whole_only(in->task, figure);
    return is_whole ? WHOLE : reason < N_REASONS ? reason : 0;
}

static void add_figure(struct sums *s, const struct preview_input *in, uint32_t figure)
{
    uint8_t reason = in->reason[figure];
    s->n++;
    if (reason != 0) {
        s->hidden++;
        s->by_reason[reason_of(in, figure, reason)]++;
    }
    if (in->total == NULL || !ska_cell_is_count(ska_figure_cell(in->task, figure)))
        return;
    s->counts += in->total[figure];
    if (reason != 0) {
        s->counts_hidden += in->total[figure];
        return;
    }
    uint64_t a = in->total[figure], b = in->shown[figure], change = a > b ? a - b : b - a;
    s->n_changed_of++;
    s->change += change;
    s->most = change > s->most ? change : s->most;
}

static void put_share(struct ska_writer *w, uint64_t part, uint64_t whole, bool is_known)
{
    char text[24] = "-";
    if (is_known && whole > 0) {
        uint64_t permille = part / whole * 1000 + part % whole * 1000 / whole;
        if (part > 0 && permille == 0)
            permille = 1; /* some is lost */
        (void)snprintf(text, sizeof text, tr("%" PRIu64 ",%" PRIu64, "%" PRIu64 ".%" PRIu64),
                       permille / 10, permille % 10);
    }
    put_text(w, text, 7, true);
}

static void put_head(struct ska_writer *w)
{
    put_text(w, tr("Uppgiftslämnare", "Contributors"), LABEL_COLUMNS, false);
    put(w, "%s", tr("   tal  dolda dolda %", "  figs hidden  hid. %"));
    put(w, "%s", tr(" antal%", " count%"));
    for (size_t r = 1; r < SKA_HIDDEN_SUMMED; r++) {
        ska_write_u8(w, ' ');
        put_text(w, tr(reasons[r].head_sv, reasons[r].head_en), 5, true);
    }
    put(w, "\n");
}

static void put_sums(struct ska_writer *w, const char *label, const struct sums *s, bool is_known)
{
    put_text(w, label, LABEL_COLUMNS, false);
    put(w, "%6" PRIu64 "%7" PRIu64, s->n, s->hidden);
    put_share(w, s->hidden, s->n, true);
    ska_write_u8(w, ' ');
    put_share(w, s->counts_hidden, s->counts, is_known);
    for (size_t r = 1; r < SKA_HIDDEN_SUMMED; r++)
        put(w, " %5" PRIu64, s->by_reason[r]);
    put(w, "\n");
}

static const char *block_label(const struct ska_task *task, uint32_t block)
{
    if (block == 0)
        return tr("Alla", "All");
    const struct ska_group *group = &task->parameters.groups.at[block - 1];
    return tr(group->sv, group->en);
}

static void put_rounding(struct ska_writer *w, const struct preview_input *in, const struct sums *s)
{
    uint64_t base = in->task->parameters.policy.rounding;
    if (base == 0 || in->total == NULL || s->n_changed_of == 0)
        return;
    uint64_t hundredths = s->change * 100 / s->n_changed_of;
    put(w,
        tr("Avrundning till multiplar av %" PRIu64 ": visade tal ändras i medeltal med %" PRIu64
           ",%02" PRIu64 ", mest med %" PRIu64 ".\n",
           "Rounding to multiples of %" PRIu64 ": shown figures change by %" PRIu64 ".%02" PRIu64
           " on average, by %" PRIu64 " at most.\n"),
        base, hundredths / 100, hundredths % 100, s->most);
}

static void put_names(struct ska_writer *w, const struct preview_input *in)
{
    const struct ska_task *task = in->task;
    put(w, "\n");
    for (uint32_t i = 0; i < task->n_figures; i++) {
        uint8_t reason = in->reason[i];
        char code[SKA_FIGURE_CODE_MAX + 1], name[400];
        if (reason == 0)
            continue;
        ska_figure_code(code, task, i);
        ska_layout_cell_name(name, sizeof name, task->layout, i % task->layout->n_cells,
                             language_is_swedish());
        put_text(w, code, CODE_COLUMNS, false);
        ska_write_u8(w, ' ');
        put_text(w, name, NAME_COLUMNS, false);
        ska_write_u8(w, ' ');
        size_t known = reason_of(in, i, reason);
        put(w, "%s\n", tr(reasons[known].sv, reasons[known].en));
    }
}

/* The roll-up: how much of it is hidden, and what. */
static void put_year(struct ska_writer *w, const struct preview_input *in)
{
    const struct ska_task *task = in->task;
    uint32_t n = 0, hidden = 0;
    for (uint32_t i = 0; i < task->n_figures; i++) {
        n += in->year_reason[i] != PREVIEW_MISSING;
        hidden += in->year_reason[i] != PREVIEW_MISSING && in->year_reason[i] != 0;
    }
    put(w,
        task->parameters.revision > 0
            ? tr("\nÅret %.4s räknas ihop på nytt med rättelsen. Av årets %u tal döljs %u.\n",
                 "\nThe year %.4s is added up anew with the correction. Of its %u figures %u are "
                 "hidden.\n")
            : tr("\nPerioden fullbordar året: %.4s räknas ihop. Av årets %u tal döljs %u.\n",
                 "\nThe period completes the year: %.4s is added up. Of its %u figures %u are "
                 "hidden.\n"),
        task->parameters.period, n, hidden);
    for (uint32_t i = 0; i < task->n_figures; i++) {
        uint8_t reason = in->year_reason[i];
        char code[SKA_FIGURE_CODE_MAX + 1], name[400];
        if (reason == 0 || reason >= N_REASONS)
            continue;
        size_t known = reason_of(in, i, reason);
        ska_figure_code(code, task, i);
        ska_layout_cell_name(name, sizeof name, task->layout, i % task->layout->n_cells,
                             language_is_swedish());
        put(w, "%.4s:", task->parameters.period);
        put_text(w, code, CODE_COLUMNS - 5, false);
        ska_write_u8(w, ' ');
        put_text(w, name, NAME_COLUMNS, false);
        put(w, " %s\n", tr(reasons[known].sv, reasons[known].en));
    }
}

void preview_write(struct ska_writer *w, const struct preview_input *in)
{
    const struct ska_task *task = in->task;
    struct sums all = {0};
    put(w,
        tr("%s, %s, revision %u: det här döljs om perioden ges ut.\n\n",
           "%s, %s, revision %u: this is hidden if the period is released.\n\n"),
        task->parameters.collection, task->parameters.period, task->parameters.revision);
    put_head(w);
    for (uint32_t block = 0; block < task->n_blocks; block++) {
        struct sums s = {0};
        uint32_t n_cells = task->layout->n_cells;
        for (uint32_t i = block * n_cells; i < (block + 1) * n_cells; i++) {
            add_figure(&s, in, i);
            add_figure(&all, in, i);
        }
        put_sums(w, block_label(task, block), &s, in->total != NULL);
    }
    if (task->n_blocks > 1)
        put_sums(w, tr("Sammanlagt", "Together"), &all, in->total != NULL);
    if (all.by_reason[WHOLE] > 0)
        put(w,
            tr("\n%" PRIu64 " tal ges aldrig ut för en grupp: så säger katalogen.\n",
               "\n%" PRIu64 " figures are never published for a group: the catalogue says so.\n"),
            all.by_reason[WHOLE]);
    put_rounding(w, in, &all);
    if (all.hidden > 0)
        put_names(w, in);
    if (in->year_reason != NULL)
        put_year(w, in);
    put(w, "\n");
}
