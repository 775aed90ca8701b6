/* SPDX-License-Identifier: EUPL-1.2 */
/* check_data.c - that the data files of the bundle, table.json (JSON-stat) and table.px (PX), and
 * those of a year's roll-up, are those that follow from what was verified, with every word in
 * them. */
#include "audit/check.h"

#include <string.h>

#include "audit/data.h"
#include "audit/words.h"
#include "crypto/scoped.h"
#include "protocol/words.h"

#define EXCERPT_BYTES 40u

/* The figure that a byte is about, or SKA_NONE. */
static uint32_t figure_at(const struct data_marks *marks, size_t at)
{
    size_t low = 0, high = marks->n;
    while (low <
           high) { /* marks before `low` begin at or before `at`, those from `high` on later */
        size_t middle = low + (high - low) / 2;
        if (marks->at[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? marks->at[low - 1].figure : SKA_NONE;
}

/* Some of a text from a byte on, printable: whole characters, and no line ends. */
static void excerpt(char out[static EXCERPT_BYTES + 1], struct ska_slice text, size_t at)
{
    size_t n = 0;
    while (at > 0 && at < text.len && (text.data[at] & 0xC0) == 0x80)
        at--;
    while (at < text.len && n < EXCERPT_BYTES) {
        size_t len = ska_utf8_next(NULL, (const char *)text.data + at, text.len - at);
        if (len == 0 || n + len > EXCERPT_BYTES)
            break;
        memcpy(out + n, text.data + at, len);
        if (len == 1 && text.data[at] < 0x20)
            out[n] = ' ';
        n += len;
        at += len;
    }
    out[n] = '\0';
}

/* first  the figure that the file's first one is */
static void tell(const struct evidence *e, struct finding *f, const char *name, uint32_t first,
                 const struct data_marks *marks, struct ska_slice want, struct ska_slice got)
{
    char is[EXCERPT_BYTES + 1], should_be[EXCERPT_BYTES + 1];
    size_t at = 0;
    while (at < want.len && at < got.len && want.data[at] == got.data[at])
        at++;
    uint32_t figure = figure_at(marks, at);
    excerpt(is, got, at);
    excerpt(should_be, want, at);
    if (figure != SKA_NONE)
        finding_bad(f, words("%s: %s är en annan, vid \"%s\"", "%s: %s is another, at \"%s\""),
                    name, evidence_figure(e, first + figure), is);
    else
        finding_bad(f,
                    words("%s, byte %zu: \"%s\", ska vara \"%s\"",
                          "%s, byte %zu: \"%s\", should be \"%s\""),
                    name, at, is, should_be);
}

static void check_file(struct evidence *e, struct finding *f, enum evidence_data which)
{
    static const struct {
        const char *name;
        bool is_year;
        void (*write)(struct ska_writer *w, struct data_marks *marks, const struct data_figures *f);
    } files[N_DATA] = {
        [DATA_JSON] = {"table.json", false, data_write_json},
        [DATA_PX] = {"table.px", false, data_write_px},
        [DATA_YEAR_JSON] = {"year.json", true, data_write_json},
        [DATA_YEAR_PX] = {"year.px", true, data_write_px},
    };
    const uint32_t first = files[which].is_year ? e->task->n_figures : 0;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free)
    struct data_mark *at = ska_alloc(DATA_MARKS(e->task), sizeof *at);
    struct data_marks marks = {.at = at};
    const struct data_figures figures = {e->task, files[which].is_year, e->total + first,
                                         e->hidden_reason + first};
    struct ska_slice got = e->data_file[which];
    if (at == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    files[which].write(&w, &marks, &figures);
    if (finding_is_undecided(f, ska_writer_status(&w)))
        return;
    f->n_inputs += got.len;
    if (w.len != got.len || memcmp(w.data, got.data, w.len) != 0)
        tell(e, f, files[which].name, first, &marks, (struct ska_slice){w.data, w.len}, got);
}

void check_data_files(struct evidence *e, struct finding *f)
{
    check_file(e, f, DATA_JSON);
    check_file(e, f, DATA_PX);
    if (e->has_year) {
        check_file(e, f, DATA_YEAR_JSON);
        check_file(e, f, DATA_YEAR_PX);
    }
}
