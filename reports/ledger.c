/* SPDX-License-Identifier: EUPL-1.2 */
/* ledger.c - all releases of a collection, in order. */
#include "reports/ledger.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "support/file.h"
#include "support/json_text.h"
#include "support/language.h"

#define LEDGER_MAX 10000

SKA_DEFINE_RELEASE(DIR *, dir_release, (void)closedir)

void ledger_clear(struct ledger *l)
{
    free(l->at);
    *l = (struct ledger){0};
}

static int compare_numbers(const void *a, const void *b)
{
    const struct release_day *left = a, *right = b;
    return left->place.number < right->place.number ? -1 : left->place.number > right->place.number;
}

static enum ska_status add_release(struct ledger *l, size_t *room, const char *folder,
                                   struct ska_error *err)
{
    if (l->n == *room) {
        size_t more = *room > 0 ? *room * 2 : 32;
        struct release_day *at = more > LEDGER_MAX ? NULL : realloc(l->at, more * sizeof *at);
        if (at == NULL)
            return more > LEDGER_MAX ? SKA_E_LIMIT : SKA_E_MEMORY;
        l->at = at;
        *room = more;
    }
    SKA_TRY(release_day_read(&l->at[l->n], folder, err));
    l->n++;
    return SKA_OK;
}

/* Numbers without a gap, each naming the bundle before it. */
static enum ska_status check_chain(const struct ledger *l, const char *collection,
                                   struct ska_error *err)
{
    static const uint8_t none[32] = {0};
    for (size_t i = 0; i < l->n; i++) {
        const struct release_day *r = &l->at[i];
        const uint8_t *before = i > 0 ? r[-1].bundle_sha256 : none;
        if (r->place.number != i + 1 ||
            memcmp(r->place.previous, before, sizeof r->place.previous) != 0)
            return ska_fail(err, SKA_E_MISMATCH,
                            tr("%s: utgåvornas kedja bryts vid nummer %zu (%s); återställ "
                               "mappen periods från en säkerhetskopia",
                               "%s: the chain of releases breaks at number %zu (%s); restore the "
                               "folder periods from a backup"),
                            collection, i + 1, r->period);
    }
    return SKA_OK;
}

enum ska_status ledger_load(struct ledger *l, const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *periods = file_join(c->folder, "periods");
    if (periods == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(dir_release) DIR *dir = opendir(periods);
    size_t room = 0;
    if (dir == NULL)
        return ska_fail(err, SKA_E_FILE, "%s: %s", periods, ska_status_text(SKA_E_FILE));
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        SKA_SCOPED(ska_scoped_free) char *folder = file_join(periods, entry->d_name);
        SKA_SCOPED(ska_scoped_free)
        char *file = folder != NULL ? file_join(folder, "released") : NULL;
        if (file == NULL)
            return SKA_E_MEMORY;
        if (entry->d_name[0] != '.' && file_exists(file))
            SKA_TRY(add_release(l, &room, folder, err));
    }
    if (l->n > 1)
        qsort(l->at, l->n, sizeof *l->at, compare_numbers);
    return check_chain(l, c->name, err);
}

struct ska_release_place ledger_next(const struct ledger *l)
{
    struct ska_release_place place = {.number = (uint32_t)l->n + 1};
    if (l->n > 0)
        memcpy(place.previous, l->at[l->n - 1].bundle_sha256, sizeof place.previous);
    return place;
}

/* Texts --------------------------------------------------------------------------------------- */

static void SKA_PRINTF(2, 3) put(struct ska_writer *w, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n > 0 && (size_t)n < sizeof line)
        ska_write_bytes(w, line, (size_t)n);
}

/* A release's parts as text. */
struct texts {
    char day[RELEASE_DAY_TEXT_BYTES], bundle[65], previous[65];
    char publisher[KEY_TEXT_BYTES], second[KEY_TEXT_BYTES];
};

static void make_texts(struct texts *t, const struct release_day *r)
{
    release_day_text(t->day, r->day_s);
    ska_hex_encode(t->bundle, r->bundle_sha256, sizeof r->bundle_sha256);
    ska_hex_encode(t->previous, r->place.previous, sizeof r->place.previous);
    ska_base64url_encode(t->publisher, r->publisher, sizeof r->publisher);
    ska_base64url_encode(t->second, r->second, sizeof r->second);
}

void ledger_csv(struct ska_writer *w, const struct ledger *l)
{
    put(w, "number,period,revision,released,bundle_sha256,previous_sha256,shown,hidden,publisher,"
           "second,year\n");
    for (size_t i = 0; i < l->n; i++) {
        const struct release_day *r = &l->at[i];
        struct texts t;
        make_texts(&t, r);
        put(w, "%" PRIu32 ",%s,%" PRIu32 ",%s,%s,%s,%" PRIu32 ",%" PRIu32 ",%s,%s,%.*s\n",
            r->place.number, r->period, r->revision, t.day, t.bundle, t.previous, r->n_shown,
            r->n_hidden, t.publisher, t.second, r->has_year ? 4 : 0, r->period);
    }
}

void ledger_json(struct ska_writer *w, const struct ledger *l, const char *collection)
{
    JSON(w, "{\"collection\":{},\"releases\":[", collection);
    for (size_t i = 0; i < l->n; i++) {
        const struct release_day *r = &l->at[i];
        struct texts t;
        make_texts(&t, r);
        put(w, "%s\n{\"number\":%" PRIu32 ",\"period\":\"%s\",\"revision\":%" PRIu32,
            i > 0 ? "," : "", r->place.number, r->period, r->revision);
        put(w, ",\"released\":\"%s\",\"bundle_sha256\":\"%s\",\"previous_sha256\":\"%s\"", t.day,
            t.bundle, t.previous);
        put(w, ",\"shown\":%" PRIu32 ",\"hidden\":%" PRIu32, r->n_shown, r->n_hidden);
        put(w, ",\"publisher\":\"%s\",\"second\":\"%s\"", t.publisher, t.second);
        if (r->has_year)
            put(w, ",\"year\":\"%.4s\"", r->period);
        put(w, "}");
    }
    put(w, "\n]}\n");
}

void ledger_table(struct ska_writer *w, const struct ledger *l, const char *collection)
{
    bool has_year = false;
    put(w, tr("Utgåvor av %s: %zu\n\n", "Releases of %s: %zu\n\n"), collection, l->n);
    if (l->n == 0)
        return;
    put(w, "%s",
        tr("  Nr  Period   Rev  Dag         Visas  Dolda  Paketets SHA-256  Föregående  "
           "Underskrifter\n",
           "  No  Period   Rev  Day         Shown  Hidden Bundle's SHA-256  Previous    "
           "Signatures\n"));
    for (size_t i = 0; i < l->n; i++) {
        const struct release_day *r = &l->at[i];
        struct texts t;
        make_texts(&t, r);
        put(w,
            "%4" PRIu32 "  %-7s  %3" PRIu32 "  %s %6" PRIu32 " %6" PRIu32
            "  %.16s  %.8s    %.8s %.8s%s%.*s\n",
            r->place.number, r->period, r->revision, t.day, r->n_shown, r->n_hidden, t.bundle,
            i > 0 ? t.previous : "-       ", t.publisher, t.second, r->has_year ? " + " : "",
            r->has_year ? 4 : 0, r->period);
        has_year = has_year || r->has_year;
    }
    if (has_year)
        put(w, "%s",
            tr("\n+ ÅR: utgåvan räknar ihop det året.\n",
               "\n+ YEAR: the release adds up that year.\n"));
    put(w, "%s",
        tr("\nHashar och nycklar visas med sina första tecken; --csv och --json visar dem hela.\n",
           "\nOf hashes and keys the first characters are shown; --csv and --json show all.\n"));
}

enum ska_status ledger_write_site(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(ledger_clear) struct ledger l = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->site, "ledger.csv");
    if (path == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ledger_load(&l, c, err));
    ledger_csv(&w, &l);
    SKA_TRY(ska_writer_status(&w));
    SKA_SCOPED(ska_scoped_free) uint8_t *now = NULL;
    size_t len = 0;
    if (file_exists(path) && file_read(&now, &len, path, w.len, NULL) == SKA_OK && len == w.len &&
        memcmp(now, w.data, len) == 0)
        return SKA_OK;
    return file_write(path, w.data, w.len, false, err);
}
