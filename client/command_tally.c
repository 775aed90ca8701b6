/* SPDX-License-Identifier: EUPL-1.2 */
/* command_tally.c - skarva tally and skarva check: records become counts, counts are looked at. */
#include <stdlib.h>
#include <string.h>

#include "client/commands.h"
#include "client/dominance.h"
#include "client/marks.h"
#include "client/review.h"
#include "client/tally.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct tally *, tally_release, tally_free)

/* --- what is to be counted -------------------------------------------------------------------- */

static uint32_t find_kind(const struct ska_catalogue *c, const char *code, size_t len)
{
    for (uint32_t i = 0; i < c->n_record_kinds; i++)
        if (strlen(c->record_kinds[i].code) == len &&
            strncmp(c->record_kinds[i].code, code, len) == 0)
            return i;
    return SKA_NONE;
}

/* "KIND=FILE", or a file whose columns tell its kind. A file that has "=" in its name and no kind
 * before it is a file. */
static enum ska_status tally_argument(struct tally *tally, const char *argument,
                                      const struct ska_catalogue *c, struct notes *notes,
                                      struct ska_error *err)
{
    const char *equals = strchr(argument, '=');
    uint32_t kind = equals == NULL ? SKA_NONE : find_kind(c, argument, (size_t)(equals - argument));
    if (kind != SKA_NONE)
        return tally_file(tally, equals + 1, kind, notes, err);
    if (equals != NULL && !file_exists(argument))
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s: katalogen %s har inget sådant slags uppgifter",
                           "%s: the catalogue %s has no such kind of records"),
                        argument, c->id);
    return tally_file(tally, argument, SKA_NONE, notes, err);
}

static enum ska_status tally_all(struct counts *counts, const struct workplace *w,
                                 const struct arguments *a, struct notes *notes,
                                 struct ska_error *err)
{
    const struct ska_catalogue *c = w->layout->catalogue;
    SKA_SCOPED(tally_release) struct tally *tally = NULL;
    SKA_TRY(tally_new(&tally, w->layout));
    for (size_t i = 0; i < a->zero.n; i++) {
        uint32_t kind = find_kind(c, a->zero.at[i], strlen(a->zero.at[i]));
        if (kind == SKA_NONE)
            return ska_fail(err, SKA_E_USAGE,
                            tr("--zero %s: katalogen %s har inget sådant slags uppgifter",
                               "--zero %s: the catalogue %s has no such kind of records"),
                            a->zero.at[i], c->id);
        tally_zero(tally, kind);
    }
    for (size_t i = 0; i < a->files.n; i++)
        SKA_TRY(tally_argument(tally, a->files.at[i], c, notes, err));
    SKA_TRY(counts_init(counts, w->layout->n_cells));
    return tally_finish(counts->at, tally, notes, err);
}

static enum ska_status make_counts(struct counts *counts, const struct workplace *w,
                                   const struct arguments *a, struct notes *notes,
                                   struct ska_error *err)
{
    struct counts_origin origin = {0};
    if (a->counts_from == NULL)
        return tally_all(counts, w, a, notes, err);
    SKA_TRY(counts_read(counts, &origin, a->counts_from, w->layout, err));
    return counts_check_origin(&origin, a->counts_from, w->period, w->layout->catalogue, err);
}

/* --- what is shown and kept ------------------------------------------------------------------- */

static void print_heading(const struct workplace *w)
{
    const struct ska_text *title = &w->layout->catalogue->title;
    printf("%s, %s, %s %s\n\n", language_is_swedish() ? title->sv : title->en, w->period,
           w->home.code, w->home.name);
}

static void show(const struct workplace *w, const struct counts *counts, struct notes *notes)
{
    SKA_SCOPED(counts_clear) struct counts before = {0};
    struct notes broken = {0};
    workplace_read_before(&before, w);
    print_heading(w);
    review_print(stdout, w->layout, w->period, counts, before.n > 0 ? &before : NULL);
    review_odd(notes, w->layout, counts, before.n > 0 ? &before : NULL);
    dominance_warn(notes, w, counts);
    size_t n = review_broken(&broken, w->layout, counts);
    if (notes->n > 0)
        putchar('\n');
    notes_print(stdout, notes, tr("Se efter en gång till:", "Look again:"));
    if (n > 0)
        putchar('\n');
    notes_print(stdout, &broken,
                tr("Brutna regler (måste rättas före inlämning):",
                   "Broken rules (must be corrected before submission):"));
    notes_clear(&broken);
}

static enum ska_status keep(const struct workplace *w, const struct counts *counts, const char *out,
                            struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&folder, &w->home, "counts"));
    SKA_TRY(home_path(&path, &w->home, "counts/%s.csv", w->period));
    if (out == NULL)
        SKA_TRY(file_make_folder(folder, true, err));
    const char *to = out != NULL ? out : path;
    SKA_TRY(counts_write(to, counts, w->layout, w->period, err));
    printf(tr("\nAntalen finns i %s. Inget är skickat.\n",
              "\nThe counts are in %s. Nothing has been sent.\n"),
           to);
    return SKA_OK;
}

enum exits command_tally(const struct arguments *a)
{
    SKA_SCOPED(workplace_close) struct workplace w = {0};
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    SKA_SCOPED(notes_clear) struct notes notes = {0};
    struct ska_error err = {0};
    bool from_records = a->files.n > 0 || a->zero.n > 0;
    if (from_records == (a->counts_from != NULL)) {
        fprintf(stderr, "skarva: %s\n",
                tr("ange filer med uppgifter (eller --zero SLAG), eller --counts-from FIL",
                   "give files of records (or --zero KIND), or --counts-from FILE"));
        return EXITS_USAGE;
    }
    enum exits code = workplace_open(&w, a);
    if (code != EXITS_OK)
        return code;
    enum ska_status status = make_counts(&counts, &w, a, &notes, &err);
    if (status != SKA_OK) {
        notes_print(stderr, &notes, tr("Dessförinnan:", "Before that:"));
        return exits_fail(status, EXITS_DOING_INPUT, &err);
    }
    status = home_lock(&w.home, &err);
    if (status == SKA_OK)
        status = marks_recall(&counts, w.layout, &w.home, w.period, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    show(&w, &counts, &notes);
    status = keep(&w, &counts, a->out, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}

/* --- check ------------------------------------------------------------------------------------ */

enum exits command_check(const struct arguments *a)
{
    SKA_SCOPED(workplace_close) struct workplace w = {0};
    SKA_SCOPED(counts_clear) struct counts counts = {0};
    SKA_SCOPED(counts_clear) struct counts before = {0};
    SKA_SCOPED(notes_clear) struct notes odd = {0};
    SKA_SCOPED(notes_clear) struct notes broken = {0};
    enum exits code = workplace_open(&w, a);
    if (code == EXITS_OK)
        code = workplace_read_counts(&counts, &w, a);
    if (code != EXITS_OK)
        return code;
    workplace_read_before(&before, &w);
    review_odd(&odd, w.layout, &counts, before.n > 0 ? &before : NULL);
    dominance_warn(&odd, &w, &counts);
    size_t n = review_broken(&broken, w.layout, &counts);
    notes_print(stdout, &odd, tr("Se efter en gång till:", "Look again:"));
    notes_print(stdout, &broken, tr("Brutna regler:", "Broken rules:"));
    if (n > 0)
        return EXITS_REJECTED;
    printf(tr("Alla %u regler och gränser håller.\n", "All %u rules and limits hold.\n"),
           w.layout->statement.n_rules + w.layout->statement.n_cells);
    return EXITS_OK;
}
