/* SPDX-License-Identifier: EUPL-1.2 */
/* release_day.c - when a period was released, and which bundle. */
#include "reports/release_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "reports/options.h"
#include "support/file.h"

#define TEXT_BYTES (4 + 10 + 1 + 7 + 64 + 1)

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

static enum ska_status decode(struct release_day *out, const uint8_t *data, size_t len)
{
    const char *text = (const char *)data;
    char day[RELEASE_DAY_TEXT_BYTES], hex[65];
    struct release_day read;
    if (len != TEXT_BYTES || memcmp(text, "day ", 4) != 0 ||
        memcmp(text + 14, "\nbundle ", 8) != 0 || text[TEXT_BYTES - 1] != '\n')
        return SKA_E_FORMAT;
    memcpy(day, text + 4, 10);
    day[10] = '\0';
    memcpy(hex, text + 22, 64);
    hex[64] = '\0';
    SKA_TRY(release_day_parse(&read.day_s, day));
    SKA_TRY(ska_hex_decode(read.bundle_sha256, sizeof read.bundle_sha256, hex));
    *out = read;
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
    SKA_TRY(file_read(&data, &len, path, 4096, err));
    if (decode(out, data, len) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s: %s", path, ska_status_text(SKA_E_FORMAT));
    return SKA_OK;
}

enum ska_status release_day_keep(const char *period_folder, struct ska_slice bundle, uint64_t now_s,
                                 struct ska_error *err)
{
    struct release_day released = {.day_s = now_s - now_s % RELEASE_DAY_S};
    char text[TEXT_BYTES + 1], day[RELEASE_DAY_TEXT_BYTES], hex[65];
    SKA_SCOPED(ska_scoped_free) char *path = file_join(period_folder, "released");
    if (path == NULL)
        return SKA_E_MEMORY;
    if (file_exists(path))
        SKA_TRY(release_day_read(&released, period_folder, err));
    ska_sha256(released.bundle_sha256, bundle.data, bundle.len);
    release_day_text(day, released.day_s);
    ska_hex_encode(hex, released.bundle_sha256, sizeof released.bundle_sha256);
    (void)snprintf(text, sizeof text, "day %s\nbundle %s\n", day, hex);
    return file_write(path, text, strlen(text), false, err);
}
