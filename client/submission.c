/* SPDX-License-Identifier: EUPL-1.2 */
/* submission.c - prepared submissions on disk. */
#include "client/submission.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/file.h"
#include "support/language.h"

#define SUBMISSION_BYTES_MAX (64u << 20)
#define PREFIX_MAX (SKA_PERIOD_MAX + 1 + 8 + 1 + 1)

static void dir_release(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir); /* was only read */
}

void submission_clear(struct submission *s)
{
    free(s->report);
    counts_clear(&s->counts);
    ska_wipe_free(s->blindings, s->n_blindings * sizeof *s->blindings);
    *s = (struct submission){0};
}

/* "2025Q2-1a2b3c4d-" */
static void write_prefix(char out[static PREFIX_MAX], const char *period,
                         const uint8_t task_id[static 32])
{
    char id[9];
    ska_hex_encode(id, task_id, 4);
    snprintf(out, PREFIX_MAX, "%.*s-%s-", SKA_PERIOD_MAX, period, id);
}

static void write_blindings(struct ska_writer *w, const struct submission *s)
{
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_write_u32(w, (uint32_t)s->n_blindings);
    for (size_t i = 0; i < s->n_blindings; i++) {
        ska_scalar_encode(bytes, &s->blindings[i]);
        ska_write_bytes(w, bytes, sizeof bytes);
    }
    ska_wipe(bytes, sizeof bytes);
}

enum ska_status submission_save(const struct submission *s, const struct home *home,
                                const char *period, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    char prefix[PREFIX_MAX];
    write_prefix(prefix, period, s->task_id);
    SKA_TRY(home_path(&folder, home, "submissions"));
    SKA_TRY(home_path(&path, home, "submissions/%s%" PRIu64, prefix, s->number));
    SKA_TRY(file_make_folder(folder, true, err));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_write_u8(&w, 2);
    ska_write_u8(&w, (uint8_t)s->state);
    ska_write_u8(&w, s->error);
    ska_write_bytes(&w, s->task_id, sizeof s->task_id);
    ska_write_u64(&w, s->number);
    ska_write_bytes(&w, s->report_id, sizeof s->report_id);
    ska_write_opaque32(&w, s->report, s->report_len);
    ska_write_u32(&w, (uint32_t)s->counts.n);
    for (size_t i = 0; i < s->counts.n; i++)
        ska_write_u64(&w, s->counts.at[i]);
    write_blindings(&w, s);
    SKA_TRY(ska_writer_status(&w));
    return file_write(path, w.data, w.len, true, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

static enum ska_status read_counts(struct submission *s, struct ska_reader *r)
{
    uint32_t n = 0;
    SKA_TRY(ska_read_u32(&n, r));
    if (n == 0 || n > SKA_CELLS_MAX)
        return SKA_E_RANGE;
    SKA_TRY(counts_init(&s->counts, n));
    for (uint32_t i = 0; i < n; i++)
        SKA_TRY(ska_read_u64(&s->counts.at[i], r));
    return SKA_OK;
}

static enum ska_status read_blindings(struct submission *s, struct ska_reader *r)
{
    uint32_t n = 0;
    const uint8_t *bytes = NULL;
    SKA_TRY(ska_read_u32(&n, r));
    if (n > SKA_CELLS_MAX)
        return SKA_E_RANGE;
    SKA_TRY(ska_read_borrow(&bytes, r, (size_t)n * SKA_SCALAR_BYTES));
    if (n == 0)
        return SKA_OK;
    s->blindings = ska_alloc(n, sizeof *s->blindings);
    if (s->blindings == NULL)
        return SKA_E_MEMORY;
    s->n_blindings = n;
    for (uint32_t i = 0; i < n; i++)
        SKA_TRY(ska_scalar_decode(&s->blindings[i], bytes + (size_t)i * SKA_SCALAR_BYTES));
    return SKA_OK;
}

static enum ska_status decode(struct submission *s, struct ska_reader *r)
{
    uint8_t version = 0;
    uint8_t state = 0;
    const uint8_t *report = NULL;
    size_t len = 0;
    SKA_TRY(ska_read_u8(&version, r));
    SKA_TRY(ska_read_u8(&state, r));
    if (version < 1 || version > 2 || state < SUBMISSION_PREPARED || state > SUBMISSION_REJECTED)
        return SKA_E_FORMAT;
    s->state = (enum submission_state)state;
    SKA_TRY(ska_read_u8(&s->error, r));
    SKA_TRY(ska_read_bytes(s->task_id, sizeof s->task_id, r));
    SKA_TRY(ska_read_u64(&s->number, r));
    SKA_TRY(ska_read_bytes(s->report_id, sizeof s->report_id, r));
    SKA_TRY(ska_read_opaque32(&report, &len, r, SUBMISSION_BYTES_MAX));
    if (s->number == 0 || len == 0)
        return SKA_E_RANGE;
    s->report = malloc(len);
    if (s->report == NULL)
        return SKA_E_MEMORY;
    memcpy(s->report, report, len);
    s->report_len = len;
    SKA_TRY(read_counts(s, r));
    if (version > 1)
        SKA_TRY(read_blindings(s, r));
    return ska_read_end(r);
}

static enum ska_status load(struct submission *out, const char *path, struct ska_error *err)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(file_read_secret(&bytes, &len, path, SUBMISSION_BYTES_MAX, err));
    struct ska_reader r;
    ska_reader_init(&r, bytes, len);
    struct submission s = {0};
    enum ska_status status = decode(&s, &r);
    ska_wipe_free(bytes, len);
    if (status != SKA_OK) {
        submission_clear(&s);
        return status == SKA_E_MEMORY
                   ? status
                   : ska_fail(err, SKA_E_FORMAT,
                              tr("%s: filen är skadad", "%s: the file is damaged"), path);
    }
    *out = s;
    return SKA_OK;
}

/* The number behind the prefix, or 0 if the name is another's (a temporary file, say). */
static uint64_t number_of(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);
    if (strncmp(name, prefix, len) != 0)
        return 0;
    const char *digits = name + len;
    size_t n = strlen(digits);
    if (n == 0 || n > 18 || strspn(digits, "0123456789") != n || digits[0] == '0')
        return 0;
    uint64_t number = 0;
    for (; *digits != '\0'; digits++)
        number = number * 10 + (uint64_t)(*digits - '0');
    return number;
}

enum ska_status submission_latest(struct submission *out, const struct home *home,
                                  const char *period, const uint8_t task_id[static 32],
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    char prefix[PREFIX_MAX];
    write_prefix(prefix, period, task_id);
    SKA_TRY(home_path(&folder, home, "submissions"));
    SKA_SCOPED(dir_release) DIR *dir = opendir(folder);
    uint64_t highest = 0;
    for (const struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        uint64_t number = number_of(e->d_name, prefix);
        highest = number > highest ? number : highest;
    }
    if (highest == 0) {
        *out = (struct submission){0};
        return SKA_OK;
    }
    return submission_load(out, home, period, task_id, highest, err);
}

enum ska_status submission_load(struct submission *out, const struct home *home, const char *period,
                                const uint8_t task_id[static 32], uint64_t number,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    char prefix[PREFIX_MAX];
    write_prefix(prefix, period, task_id);
    SKA_TRY(home_path(&path, home, "submissions/%s%" PRIu64, prefix, number));
    if (!file_exists(path))
        return SKA_E_NOT_FOUND;
    struct submission found = {0};
    SKA_TRY(load(&found, path, err));
    if (found.number != number || memcmp(found.task_id, task_id, 32) != 0) {
        submission_clear(&found);
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: filen hör inte till sitt namn", "%s: the file is not what its name "
                                                                "says"),
                        path);
    }
    *out = found;
    return SKA_OK;
}
