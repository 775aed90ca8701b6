/* SPDX-License-Identifier: EUPL-1.2 */
/* counts.c - one contributor's counts, on disk and back. */
#include "client/counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/columns.h"
#include "crypto/labels.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/file.h"
#include "support/language.h"

enum ska_status counts_init(struct counts *counts, size_t n)
{
    *counts = (struct counts){.n = n, .at = ska_alloc(n, sizeof *counts->at)};
    return counts->at != NULL ? SKA_OK : SKA_E_MEMORY;
}

void counts_clear(struct counts *counts)
{
    ska_wipe_free(counts->at, counts->n * sizeof *counts->at);
    *counts = (struct counts){0};
}

bool counts_is_answered(const struct counts *counts, const struct ska_layout *layout, uint32_t cell)
{
    uint32_t flag = layout->cells[layout->cells[cell].total].flag;
    return flag == SKA_NONE || counts->at[flag] == 1;
}

enum ska_status counts_catalogue_hash(char out[static 2 * SKA_HASH_BYTES + 1],
                                      const struct ska_catalogue *catalogue)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_catalogue_encode(&w, catalogue);
    SKA_TRY(ska_writer_status(&w));
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256_labelled(hash, SKA_LABEL_CATALOGUE, w.data, w.len);
    ska_hex_encode(out, hash, sizeof hash);
    return SKA_OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

/* A name as a quoted field. */
static void put_quoted(struct ska_writer *w, const char *text)
{
    put(w, "\"");
    for (; *text != '\0'; text++)
        ska_write_bytes(w, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    put(w, "\"");
}

static void put_row(struct ska_writer *w, const struct counts *counts,
                    const struct ska_layout *layout, uint32_t cell)
{
    char name[600];
    char value[24] = "";
    ska_layout_cell_name(name, sizeof name, layout, cell, language_is_swedish());
    if (counts_is_answered(counts, layout, cell))
        snprintf(value, sizeof value, "%" PRIu64, counts->at[cell]);
    put(w, layout->cells[cell].code);
    put(w, ";");
    put(w, value);
    put(w, ";");
    put_quoted(w, name);
    put(w, "\n");
    ska_wipe(value, sizeof value);
}

enum ska_status counts_write(const char *path, const struct counts *counts,
                             const struct ska_layout *layout, const char *period,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    char hash[2 * SKA_HASH_BYTES + 1];
    SKA_TRY(counts_catalogue_hash(hash, layout->catalogue));
    put(&w, "# skarva counts 1\n# period ");
    put(&w, period);
    put(&w, "\n# catalogue ");
    put(&w, layout->catalogue->id);
    put(&w, " ");
    put(&w, layout->catalogue->edition);
    put(&w, " ");
    put(&w, hash);
    put(&w, "\ncell;value;name\n");
    for (uint32_t i = 0; i < layout->n_cells; i++)
        if (ska_cell_is_count(&layout->cells[i]))
            put_row(&w, counts, layout, i);
    SKA_TRY(ska_writer_status(&w));
    return file_write(path, w.data, w.len, true, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
    struct counts counts;
    struct counts_origin *origin;
    const struct ska_layout *layout;
    const char *name;
    bool has_header;
    size_t *row; /* by cell: where it stood, 0: nowhere */
    bool *blank; /* by cell */
};

/* "# period 2025Q2" and the like; what is not known is a comment. */
static void take_comment(struct reading *in, const char *line)
{
    struct counts_origin *o = in->origin;
    char id[SKA_CODE_MAX + 1] = "";
    char edition[SKA_CODE_MAX + 1] = "";
    char period[SKA_PERIOD_MAX + 1] = "";
    char hash[2 * SKA_HASH_BYTES + 1] = "";
    if (sscanf(line, "# period %15s", period) == 1)
        snprintf(o->period, sizeof o->period, "%s", period);
    if (sscanf(line, "# catalogue %32s %32s %64s", id, edition, hash) == 3) {
        snprintf(o->catalogue, sizeof o->catalogue, "%s %s", id, edition);
        snprintf(o->hash, sizeof o->hash, "%s", hash);
    }
}

static enum ska_status take_value(struct reading *in, uint32_t cell, const struct row *row,
                                  struct ska_error *err)
{
    const char *text = row->fields[1];
    const struct ska_cell *c = &in->layout->cells[cell];
    char place[300];
    snprintf(place, sizeof place, tr("%s, rad %zu, %s", "%s, row %zu, %s"), in->name, row->number,
             c->code);
    in->row[cell] = row->number;
    in->blank[cell] = text[0] == '\0' || strcmp(text, ".") == 0;
    if (in->blank[cell])
        return SKA_OK;
    uint64_t value = 0;
    SKA_TRY(columns_read_number(&value, text, place, err));
    uint64_t bound = in->layout->statement.bound[cell];
    if (value > bound)
        return ska_fail(err, SKA_E_RANGE,
                        tr("%s: %" PRIu64 " är för stort, högst %" PRIu64 " kan redovisas",
                           "%s: %" PRIu64 " is too large, at most %" PRIu64 " can be reported"),
                        place, value, bound);
    in->counts.at[cell] = value;
    return SKA_OK;
}

static enum ska_status on_row(void *arg, const struct row *row, struct ska_error *err)
{
    struct reading *in = arg;
    const char *code = row->fields[0];
    if (code[0] == '#') {
        take_comment(in, code);
        return SKA_OK;
    }
    if (row->n_fields < 2)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s, rad %zu: en rad är cell;värde", "%s, row %zu: a row is cell;value"),
                        in->name, row->number);
    bool is_header = !in->has_header && (strcmp(code, "cell") == 0 || strcmp(code, "Cell") == 0);
    in->has_header = true;
    if (is_header)
        return SKA_OK;
    uint32_t cell = ska_layout_find(in->layout, code);
    if (cell == SKA_NONE || !ska_cell_is_count(&in->layout->cells[cell]))
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s, rad %zu: cellen %.80s finns inte i katalogen %s för denna period",
                           "%s, row %zu: the cell %.80s is not in the catalogue %s for this "
                           "period"),
                        in->name, row->number, code, in->layout->catalogue->id);
    if (in->row[cell] != 0)
        return ska_fail(
            err, SKA_E_CONFLICT,
            tr("%s, rad %zu: %s står redan på rad %zu", "%s, row %zu: %s is already in row %zu"),
            in->name, row->number, code, in->row[cell]);
    return take_value(in, cell, row, err);
}

/* A blank total makes the indicator blank; then nothing of it may have a value. */
static enum ska_status settle_cell(struct reading *in, uint32_t cell, struct ska_error *err)
{
    const struct ska_cell *c = &in->layout->cells[cell];
    const struct ska_cell *total = &in->layout->cells[c->total];
    bool total_given = in->row[c->total] != 0 && !in->blank[c->total];
    bool given = in->row[cell] != 0 && !in->blank[cell];
    if (c->kind == SKA_CELL_ANSWERED) {
        in->counts.at[cell] = total_given;
        return SKA_OK;
    }
    if (c->kind == SKA_CELL_MARK)
        return SKA_OK; /* client/marks.h */
    if (total_given && !given)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s: %s saknar värde, fast %s har ett; skriv 0 om det är noll",
                           "%s: %s has no value, but %s has one; write 0 for zero"),
                        in->name, c->code, total->code);
    if (!total_given && given)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s, rad %zu: %s har ett värde, men %s är obesvarad",
                           "%s, row %zu: %s has a value, but %s is blank"),
                        in->name, in->row[cell], c->code, total->code);
    if (!total_given && total->flag == SKA_NONE)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s: %s måste besvaras", "%s: %s must be answered"), in->name, c->code);
    return SKA_OK;
}

/* A counts file has a known first column, so any delimiter that separates it will do. */
static size_t is_known(const void *arg, const char *field)
{
    const struct ska_layout *layout = arg;
    return strcmp(field, "cell") == 0 || ska_layout_find(layout, field) != SKA_NONE;
}

/* The first row that is no comment. */
static size_t skip_comments(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && text[i] == '#') {
        const char *end = memchr(text + i, '\n', len - i);
        i = end == NULL ? len : (size_t)(end - text) + 1;
    }
    return i;
}

static enum ska_status read_rows(struct reading *in, const char *text, size_t len,
                                 struct ska_error *err)
{
    in->row = ska_alloc(in->layout->n_cells, sizeof *in->row);
    in->blank = ska_alloc(in->layout->n_cells, sizeof *in->blank);
    if (in->row == NULL || in->blank == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(counts_init(&in->counts, in->layout->n_cells));
    size_t skip = skip_comments(text, len);
    char delimiter = ';';
    SKA_TRY(rows_delimiter(&delimiter, text + skip, len - skip, is_known, in->layout));
    SKA_TRY(rows_read(text, len, delimiter, in->name, on_row, in, err));
    if (!in->has_header)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: filen är tom", "%s: the file is empty"),
                        in->name);
    for (uint32_t i = 0; i < in->layout->n_cells; i++)
        SKA_TRY(settle_cell(in, i, err));
    return SKA_OK;
}

enum ska_status counts_parse(struct counts *out, struct counts_origin *origin, const char *text,
                             size_t len, const char *name, const struct ska_layout *layout,
                             struct ska_error *err)
{
    struct counts_origin found = {0};
    struct reading in = {.origin = &found, .layout = layout, .name = name};
    enum ska_status status = read_rows(&in, text, len, err);
    free(in.row);
    free(in.blank);
    if (status != SKA_OK) {
        counts_clear(&in.counts);
        return status;
    }
    *origin = found;
    *out = in.counts;
    return SKA_OK;
}

enum ska_status counts_read(struct counts *out, struct counts_origin *origin, const char *path,
                            const struct ska_layout *layout, struct ska_error *err)
{
    char *text = NULL;
    size_t len = 0;
    SKA_TRY(rows_load(&text, &len, path, err));
    enum ska_status status = counts_parse(out, origin, text, len, path, layout, err);
    ska_wipe_free(text, len);
    return status;
}

enum ska_status counts_check_origin(const struct counts_origin *origin, const char *path,
                                    const char *period, const struct ska_catalogue *catalogue,
                                    struct ska_error *err)
{
    if (origin->period[0] != '\0' && strcmp(origin->period, period) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s: antalen gäller %s, inte %s", "%s: the counts are for %s, not %s"),
                        path, origin->period, period);
    char hash[2 * SKA_HASH_BYTES + 1];
    SKA_TRY(counts_catalogue_hash(hash, catalogue));
    if (origin->hash[0] != '\0' && strcmp(origin->hash, hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s: antalen gjordes med en annan katalog (%s) än periodens (%s %s); "
                           "kör skarva tally igen",
                           "%s: the counts were made with another catalogue (%s) than the "
                           "period's (%s %s); run skarva tally again"),
                        path, origin->catalogue, catalogue->id, catalogue->edition);
    return SKA_OK;
}
