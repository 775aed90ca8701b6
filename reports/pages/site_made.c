/* SPDX-License-Identifier: EUPL-1.2 */
/* site_made.c - the list of pages that were made, and taking away those that are made no more. */
#include "reports/pages/site_made.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "support/file.h"

#define LIST_BYTES_MAX ((size_t)8 << 20)
#define PAGE_READ_MAX ((size_t)64 << 20) /* a page that cannot be cut may be heavy */
#define NAME_MAX_BYTES 128u
#define HASH_TEXT 64u

struct site_made_page {
    char name[NAME_MAX_BYTES + 1];
    uint8_t sha256[32];
};

void site_made_clear(struct site_made *made)
{
    free(made->at);
    *made = (struct site_made){0};
}

/* "data.2.html", "en/data.2.html": nothing that could lead out of the folder. */
static bool is_page(const char *name, size_t len)
{
    static const char english[] = "en/", ending[] = ".html";
    if (len > NAME_MAX_BYTES)
        return false;
    if (len > sizeof english - 1 && memcmp(name, english, sizeof english - 1) == 0) {
        name += sizeof english - 1;
        len -= sizeof english - 1;
    }
    if (len < sizeof ending ||
        memcmp(name + len - (sizeof ending - 1), ending, sizeof ending - 1) != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_plain = is_letter || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!is_plain && (c != '.' || i == 0))
            return false;
    }
    return true;
}

static enum ska_status add(struct site_made *made, const struct site_made_page *page)
{
    if ((made->n & (made->n - 1)) == 0) { /* full: room doubles */
        size_t room = made->n > 0 ? 2 * made->n : 1;
        struct site_made_page *grown = realloc(made->at, room * sizeof *grown);
        if (grown == NULL)
            return SKA_E_MEMORY;
        made->at = grown;
    }
    made->at[made->n++] = *page;
    return SKA_OK;
}

enum ska_status site_made_add(struct site_made *made, const char *name, struct ska_slice data)
{
    struct site_made_page page = {0};
    size_t len = strlen(name);
    if (!is_page(name, len))
        return SKA_OK;
    memcpy(page.name, name, len);
    ska_sha256(page.sha256, data.data, data.len);
    return add(made, &page);
}

static bool has(const struct site_made *made, const char *name)
{
    for (size_t i = 0; i < made->n; i++)
        if (strcmp(made->at[i].name, name) == 0)
            return true;
    return false;
}

static bool parse_line(struct site_made_page *page, const char *line, size_t len)
{
    char hash[HASH_TEXT + 1] = "";
    *page = (struct site_made_page){0};
    if (len < HASH_TEXT + 2 || line[HASH_TEXT] != ' ' ||
        !is_page(line + HASH_TEXT + 1, len - HASH_TEXT - 1))
        return false;
    memcpy(hash, line, HASH_TEXT);
    memcpy(page->name, line + HASH_TEXT + 1, len - HASH_TEXT - 1);
    return ska_hex_decode(page->sha256, sizeof page->sha256, hash) == SKA_OK;
}

static enum ska_status read_list(struct site_made *out, const char *list, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct site_made_page page;
    size_t len = 0;
    if (!file_exists(list))
        return SKA_OK;
    SKA_TRY(file_read(&text, &len, list, LIST_BYTES_MAX, err));
    for (const char *at = (const char *)text, *end = at + len, *stop; at < end; at = stop + 1) {
        stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        if (parse_line(&page, at, (size_t)(stop - at)))
            SKA_TRY(add(out, &page));
    }
    return SKA_OK;
}

/* If it is there, and is what was made. */
static enum ska_status remove_page(const struct site_made_page *page, const char *site,
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(site, page->name);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    uint8_t hash[32];
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path) || file_read(&data, &len, path, PAGE_READ_MAX, NULL) != SKA_OK)
        return SKA_OK; /* what we cannot read we did not write */
    ska_sha256(hash, data, len);
    if (memcmp(hash, page->sha256, sizeof hash) != 0)
        return SKA_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        return ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_text(strerror(errno)));
    return SKA_OK;
}

static enum ska_status write_list(const struct site_made *made, const char *list,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (size_t i = 0; i < made->n; i++) {
        char hash[HASH_TEXT + 1];
        ska_hex_encode(hash, made->at[i].sha256, sizeof made->at[i].sha256);
        ska_write_bytes(&w, hash, HASH_TEXT);
        ska_write_u8(&w, ' ');
        ska_write_bytes(&w, made->at[i].name, strlen(made->at[i].name));
        ska_write_u8(&w, '\n');
    }
    SKA_TRY(ska_writer_status(&w));
    return file_write(list, w.data, w.len, false, err);
}

enum ska_status site_made_finish(const struct site_made *made, const char *site, const char *list,
                                 struct ska_error *err)
{
    SKA_SCOPED(site_made_clear) struct site_made before = {0};
    SKA_TRY(read_list(&before, list, err));
    for (size_t i = 0; i < before.n; i++)
        if (!has(made, before.at[i].name))
            SKA_TRY(remove_page(&before.at[i], site, err));
    return write_list(made, list, err);
}
