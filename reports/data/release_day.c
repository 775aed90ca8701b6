/* SPDX-License-Identifier: EUPL-1.2 */
/* release_day.c - what is kept of a period's release. */
#include "reports/data/release_day.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "reports/options.h"
#include "support/file.h"
#include "support/keyfile.h"
#include "support/language.h"

#define RELEASED_MAX 4096

void release_day_text(char out[static RELEASE_DAY_TEXT_BYTES], uint64_t time_s)
{
    time_t t = (time_t)time_s;
    struct tm day;
    if (gmtime_r(&t, &day) == NULL || strftime(out, RELEASE_DAY_TEXT_BYTES, "%Y-%m-%d", &day) == 0)
        memcpy(out, "1970-01-01", RELEASE_DAY_TEXT_BYTES); /* a year of five digits */
}

enum ska_status release_day_parse(uint64_t *day_s, const char *text)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return SKA_E_FORMAT;
    return options_time(day_s, text, 0);
}

/* The value of the line "name value" at *at, which is moved past it. The text ends in NUL. */
static enum ska_status take_line(char out[static 80], const char **at, const char *name)
{
    size_t name_len = strlen(name);
    const char *end = strchr(*at, '\n');
    if (end == NULL || strncmp(*at, name, name_len) != 0 || (*at)[name_len] != ' ')
        return SKA_E_FORMAT;
    const char *value = *at + name_len + 1;
    size_t len = (size_t)(end - value);
    if (len >= 80)
        return SKA_E_FORMAT;
    memcpy(out, value, len);
    out[len] = '\0';
    *at = end + 1;
    return SKA_OK;
}

static enum ska_status take_number(uint32_t *out, const char **at, const char *name)
{
    char text[80];
    uint64_t number = 0;
    SKA_TRY(take_line(text, at, name));
    SKA_TRY(options_number(&number, text, UINT32_MAX));
    *out = (uint32_t)number;
    return SKA_OK;
}

static enum ska_status take_hash(uint8_t out[static 32], const char **at, const char *name)
{
    char text[80];
    SKA_TRY(take_line(text, at, name));
    return ska_hex_decode(out, 32, text);
}

static enum ska_status take_key(uint8_t out[static 32], const char **at, const char *name)
{
    char text[80];
    SKA_TRY(take_line(text, at, name));
    return ska_base64url_decode(out, 32, text, strlen(text));
}

static enum ska_status decode(struct release_day *out, const char *text, size_t len)
{
    struct release_day r = {0};
    char value[80];
    const char *at = text;
    SKA_TRY(take_line(value, &at, "day"));
    SKA_TRY(release_day_parse(&r.day_s, value));
    SKA_TRY(take_hash(r.bundle_sha256, &at, "bundle"));
    SKA_TRY(take_number(&r.place.number, &at, "number"));
    SKA_TRY(take_hash(r.place.previous, &at, "previous"));
    SKA_TRY(take_line(value, &at, "period"));
    SKA_TRY(ska_period_check(value, strlen(value)));
    memcpy(r.period, value, strlen(value) + 1); /* a period is that short */
    SKA_TRY(take_number(&r.revision, &at, "revision"));
    SKA_TRY(take_number(&r.n_shown, &at, "shown"));
    SKA_TRY(take_number(&r.n_hidden, &at, "hidden"));
    SKA_TRY(take_key(r.publisher, &at, "publisher"));
    SKA_TRY(take_key(r.second, &at, "second"));
    if (at != text + len) {
        SKA_TRY(take_line(value, &at, "year"));
        if (strlen(value) != 4 || memcmp(value, r.period, 4) != 0)
            return SKA_E_FORMAT;
        r.has_year = true;
    }
    if (at != text + len)
        return SKA_E_FORMAT;
    *out = r;
    return SKA_OK;
}

enum ska_status release_day_read(struct release_day *out, const char *period_folder,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(period_folder, "released");
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_read(&data, &len, path, RELEASED_MAX, err));
    if (decode(out, (const char *)data, len) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s: %s", path, ska_status_text(SKA_E_FORMAT));
    return SKA_OK;
}

enum ska_status release_day_write(const char *period_folder, const struct release_day *r,
                                  struct ska_error *err)
{
    char text[RELEASED_MAX], day[RELEASE_DAY_TEXT_BYTES], hex[2][65], key[2][KEY_TEXT_BYTES];
    SKA_SCOPED(ska_scoped_free) char *path = file_join(period_folder, "released");
    if (path == NULL)
        return SKA_E_MEMORY;
    if (file_exists(path))
        return ska_fail(err, SKA_E_CONFLICT, tr("%s finns redan", "%s exists already"), path);
    release_day_text(day, r->day_s);
    ska_hex_encode(hex[0], r->bundle_sha256, sizeof r->bundle_sha256);
    ska_hex_encode(hex[1], r->place.previous, sizeof r->place.previous);
    ska_base64url_encode(key[0], r->publisher, sizeof r->publisher);
    ska_base64url_encode(key[1], r->second, sizeof r->second);
    int n = snprintf(text, sizeof text,
                     "day %s\nbundle %s\nnumber %" PRIu32 "\nprevious %s\nperiod %s\n"
                     "revision %" PRIu32 "\nshown %" PRIu32 "\nhidden %" PRIu32
                     "\npublisher %s\nsecond %s\n%s%.*s%s",
                     day, hex[0], r->place.number, hex[1], r->period, r->revision, r->n_shown,
                     r->n_hidden, key[0], key[1], r->has_year ? "year " : "", r->has_year ? 4 : 0,
                     r->period, r->has_year ? "\n" : "");
    return file_write(path, text, (size_t)n, false, err); /* its parts are short */
}
