/* SPDX-License-Identifier: EUPL-1.2 */
/* marks.c - which of our indicators are to be published only together with others'. */
#include "client/marks.h"

#include <string.h>

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#define FILE_BYTES_MAX ((size_t)SKA_CELLS_MAX * (SKA_CODE_MAX + 1))

/* The mark of the indicator with a code, or SKA_NONE. */
static uint32_t find_mark(const struct ska_layout *layout, const char *code, size_t len)
{
    char text[SKA_CODE_MAX + 1];
    if (len == 0 || len >= sizeof text || memchr(code, '\0', len) != NULL)
        return SKA_NONE;
    memcpy(text, code, len);
    text[len] = '\0';
    uint32_t cell = ska_layout_find(layout, text);
    if (cell == SKA_NONE || layout->cells[cell].kind != SKA_CELL_TOTAL)
        return SKA_NONE;
    return ska_layout_mark(layout, cell);
}

/* For each code between separators: set its mark, or with counts NULL only look. Out: *bad, the
 * first one without a mark, if SKA_E_NOT_FOUND. */
static enum ska_status set_all(struct ska_slice *bad, struct counts *counts,
                               const struct ska_layout *layout, struct ska_slice text,
                               char separator, uint64_t value)
{
    size_t at = 0;
    while (at < text.len) {
        const uint8_t *end = memchr(text.data + at, separator, text.len - at);
        size_t len = end != NULL ? (size_t)(end - text.data) - at : text.len - at;
        uint32_t mark = find_mark(layout, (const char *)text.data + at, len);
        if (mark == SKA_NONE) {
            *bad = (struct ska_slice){text.data + at, len};
            return SKA_E_NOT_FOUND;
        }
        if (counts != NULL)
            counts->at[mark] = value;
        at += len + 1;
    }
    return SKA_OK;
}

enum ska_status marks_recall(struct counts *counts, const struct ska_layout *layout,
                             const struct home *home, const char *period, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_slice bad, lines = {0};
    SKA_TRY(home_path(&path, home, "marks/%s", period));
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&text, &lines.len, path, FILE_BYTES_MAX, err));
    lines.data = text;
    if (set_all(&bad, NULL, layout, lines, '\n', 1) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: en rad är ingen indikator som kan markeras i %s; ta bort filen och "
                           "markera igen",
                           "%s: a line is no indicator that can be marked in %s; remove the file "
                           "and mark again"),
                        path, period);
    return set_all(&bad, counts, layout, lines, '\n', 1);
}

enum ska_status marks_change(struct counts *counts, const struct ska_layout *layout,
                             const char *list, bool is_marked, struct ska_error *err)
{
    if (list == NULL)
        return SKA_OK;
    const struct ska_slice text = {(const uint8_t *)list, strlen(list)};
    struct ska_slice bad = text;
    if (text.len == 0 || set_all(&bad, NULL, layout, text, ',', 0) != SKA_OK)
        return ska_fail(err, SKA_E_USAGE,
                        tr("\"%.*s\" är ingen indikator som kan markeras i perioden",
                           "\"%.*s\" is no indicator that can be marked in the period"),
                        (int)(bad.len < 80 ? bad.len : 80), (const char *)bad.data);
    return set_all(&bad, counts, layout, text, ',', is_marked);
}

enum ska_status marks_remember(const struct counts *counts, const struct ska_layout *layout,
                               const struct home *home, const char *period, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&folder, home, "marks"));
    SKA_TRY(home_path(&path, home, "marks/%s", period));
    for (uint32_t i = 0; i < layout->n_cells; i++) {
        if (layout->cells[i].kind != SKA_CELL_TOTAL || !marks_has(counts, layout, i))
            continue;
        ska_write_bytes(&w, layout->cells[i].code, strlen(layout->cells[i].code));
        ska_write_u8(&w, '\n');
    }
    SKA_TRY(ska_writer_status(&w));
    if (w.len == 0 && !file_exists(path))
        return SKA_OK;
    SKA_TRY(file_make_folder(folder, true, err));
    return file_write(path, w.len > 0 ? (const void *)w.data : "", w.len, true, err);
}

bool marks_has(const struct counts *counts, const struct ska_layout *layout, uint32_t cell)
{
    uint32_t mark = ska_layout_mark(layout, cell);
    return mark != SKA_NONE && counts->at[mark] == 1;
}
