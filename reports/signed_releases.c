/* SPDX-License-Identifier: EUPL-1.2 */
/* signed_releases.c - the second signer's memory. */
#include "reports/signed_releases.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "reports/options.h"
#include "support/file.h"
#include "support/language.h"

#define FILE_NAME "signed-releases"
#define FILE_MAX (1u << 22)
#define LINE_MAX 256

void signed_releases_clear(struct signed_releases *s)
{
    free(s->at);
    *s = (struct signed_releases){0};
}

enum ska_status signed_releases_add(struct signed_releases *s, const struct signed_release *r)
{
    struct signed_release *at = realloc(s->at, (s->n + 1) * sizeof *at);
    if (at == NULL)
        return SKA_E_MEMORY;
    s->at = at;
    s->at[s->n++] = *r;
    return SKA_OK;
}

/* The word up to the next space, or the line's end. */
static enum ska_status take_word(char out[static 80], const char **at, const char *end)
{
    const char *stop = memchr(*at, ' ', (size_t)(end - *at));
    if (stop == NULL)
        stop = end;
    size_t len = (size_t)(stop - *at);
    if (len == 0 || len >= 80)
        return SKA_E_FORMAT;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at = stop < end ? stop + 1 : end;
    return SKA_OK;
}

static enum ska_status parse_line(struct signed_release *r, const char *at, const char *end)
{
    char word[80];
    uint64_t number = 0;
    SKA_TRY(take_word(word, &at, end));
    SKA_TRY(ska_hex_decode(r->collection, 32, word));
    SKA_TRY(take_word(word, &at, end));
    SKA_TRY(options_number(&number, word, UINT32_MAX));
    r->place.number = (uint32_t)number;
    SKA_TRY(take_word(word, &at, end));
    SKA_TRY(ska_period_check(word, strlen(word)));
    memcpy(r->period, word, strlen(word) + 1); /* a period is that short */
    SKA_TRY(take_word(word, &at, end));
    SKA_TRY(options_number(&number, word, UINT32_MAX));
    r->revision = (uint32_t)number;
    SKA_TRY(take_word(word, &at, end));
    SKA_TRY(ska_hex_decode(r->bundle_sha256, 32, word));
    return at == end ? SKA_OK : SKA_E_FORMAT;
}

enum ska_status signed_releases_read(struct signed_releases *s, const char *home,
                                     struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, FILE_NAME);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0, number = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&data, &len, path, FILE_MAX, err));
    const char *at = (const char *)data, *end = at + len;
    while (at < end) {
        struct signed_release r = {0};
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        number++;
        if (newline == NULL || parse_line(&r, at, newline) != SKA_OK)
            return ska_fail(err, SKA_E_FORMAT, tr("%s, rad %zu: %s", "%s, line %zu: %s"), path,
                            number, ska_status_text(SKA_E_FORMAT));
        SKA_TRY(signed_releases_add(s, &r));
        at = newline + 1;
    }
    return SKA_OK;
}

enum ska_status signed_releases_write(const struct signed_releases *s, const char *home,
                                      struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, FILE_NAME);
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (path == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < s->n; i++) {
        const struct signed_release *r = &s->at[i];
        char line[LINE_MAX], collection[65], bundle[65];
        ska_hex_encode(collection, r->collection, 32);
        ska_hex_encode(bundle, r->bundle_sha256, 32);
        int n = snprintf(line, sizeof line, "%s %" PRIu32 " %s %" PRIu32 " %s\n", collection,
                         r->place.number, r->period, r->revision, bundle);
        ska_write_bytes(&w, line, (size_t)n); /* fits: its parts are short */
    }
    SKA_TRY(ska_writer_status(&w));
    return file_write(path, w.data, w.len, false, err);
}

enum ska_status signed_releases_check(const struct signed_releases *s,
                                      const uint8_t collection[static 32], const char *period,
                                      uint32_t revision, const struct ska_release_place *place,
                                      struct ska_error *err)
{
    const struct signed_release *before = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const struct signed_release *r = &s->at[i];
        if (memcmp(r->collection, collection, sizeof r->collection) != 0)
            continue;
        if (r->place.number == place->number ||
            (strcmp(r->period, period) == 0 && r->revision == revision))
            return ska_fail(err, SKA_E_CONFLICT,
                            tr("du har redan skrivit under utgåva %" PRIu32
                               ", %s revision %" PRIu32,
                               "you have signed release %" PRIu32 " already, %s revision %" PRIu32),
                            r->place.number, r->period, r->revision);
        if (r->place.number + 1 == place->number)
            before = r;
    }
    if (before != NULL && memcmp(before->bundle_sha256, place->previous, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("utgåva %" PRIu32 " säger sig följa på en annan än den utgåva %" PRIu32
                           " (%s) som du skrev under",
                           "release %" PRIu32 " says that it follows another than the release "
                           "%" PRIu32 " (%s) that you signed"),
                        place->number, before->place.number, before->period);
    return SKA_OK;
}
