/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_cache.c - kept files in sets of WAYS places; within a set the one unused for longest goes.
 *
 * An answer (head and body in one piece) is counted by its uses: its place in the cache, and each
 * output buffer that it was added to. It is never changed; a new head makes a new answer.
 */
#define _GNU_SOURCE /* st_mtim */
#include "server/front/front_cache.h"

#include "crypto/scoped.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SETS 64u
#define WAYS 4u
#define PATH_BYTES 256u /* longer paths are not kept */

struct answer {
    struct cache *cache; /* borrowed */
    size_t n_uses;
    size_t head_len, len; /* of the head; of all */
    uint8_t data[];
};

struct cached {
    char path[PATH_BYTES];      /* as asked for; "" with no answer: a free place */
    char name[SITE_NAME_BYTES]; /* below the site's folder */
    struct stat seen;
    struct site_file file;
    struct answer *answer; /* NULL: a free place */
    uint64_t head_second;  /* 0: no head yet */
    uint64_t last_use;
};

struct cache {
    size_t bytes; /* of all answers that are in memory */
    uint64_t n_uses;
    struct cached places[SETS * WAYS];
};

/* --- answers ---------------------------------------------------------------------------------- */

static struct answer *answer_new(struct cache *cache, size_t head_len, size_t body_len)
{
    size_t len = head_len + body_len; /* at most CACHE_FILE_MAX and a head */
    if (len > CACHE_BYTES_MAX - cache->bytes)
        return NULL;
    struct answer *answer = ska_alloc(1, sizeof *answer + len);
    if (answer == NULL)
        return NULL;
    *answer = (struct answer){.cache = cache, .n_uses = 1, .head_len = head_len, .len = len};
    cache->bytes += len;
    return answer;
}

static void answer_release(struct answer *answer)
{
    if (answer == NULL || --answer->n_uses > 0)
        return;
    answer->cache->bytes -= answer->len;
    free(answer);
}

static void on_sent(const void *data, size_t len, void *arg)
{
    (void)data;
    (void)len;
    answer_release(arg);
}

/* --- places ----------------------------------------------------------------------------------- */

static void clear_place(struct cached *one)
{
    answer_release(one->answer);
    *one = (struct cached){0};
}

static void clear_all(struct cache *cache)
{
    for (size_t i = 0; i < SETS * WAYS; i++)
        clear_place(&cache->places[i]);
}

/* The first place of a path's set (FNV-1a). Whose files collide is of no interest to anybody. */
static struct cached *set_of(struct cache *cache, const char *path)
{
    uint32_t hash = 2166136261u;
    for (; *path != '\0'; path++)
        hash = (hash ^ (uint8_t)*path) * 16777619u;
    return &cache->places[(hash ^ hash >> 16) % SETS * WAYS];
}

static struct cached *find_path(struct cache *cache, const char *path)
{
    struct cached *set = set_of(cache, path);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].answer != NULL && strcmp(set[i].path, path) == 0)
            return &set[i];
    return NULL;
}

/* A free place for a path: its own, or that which was unused for longest (never used: 0). */
static struct cached *place_for(struct cache *cache, const char *path)
{
    struct cached *one = find_path(cache, path);
    struct cached *set = set_of(cache, path);
    for (size_t i = 0; one == NULL && i < WAYS; i++)
        one = set[i].answer == NULL ? &set[i] : NULL;
    if (one == NULL) {
        one = set;
        for (size_t i = 1; i < WAYS; i++)
            one = set[i].last_use < one->last_use ? &set[i] : one;
    }
    clear_place(one);
    return one;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mode == b->st_mode && is_same_time(&a->st_mtim, &b->st_mtim) &&
           is_same_time(&a->st_ctim, &b->st_ctim);
}

/* Whether the next change is sure to give the file another time. */
static bool is_settled(const struct stat *st)
{
    time_t before = time(NULL) - CACHE_SETTLE_S;
    return st->st_mtim.tv_sec < before && st->st_ctim.tv_sec < before;
}

/* --- public ----------------------------------------------------------------------------------- */

enum ska_status cache_new(struct cache **out)
{
    struct cache *cache = ska_alloc(1, sizeof *cache);
    if (cache == NULL)
        return SKA_E_MEMORY;
    *out = cache;
    return SKA_OK;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    clear_all(cache);
    free(cache);
}

struct cached *cache_find(struct cache *cache, int site_fd, const char *path)
{
    struct cached *one = find_path(cache, path);
    if (one == NULL)
        return NULL;
    struct stat now; /* a link on the way changes nothing: it is the very file that was read */
    if (fstatat(site_fd, one->name, &now, AT_SYMLINK_NOFOLLOW) != 0 || !is_same(&now, &one->seen)) {
        clear_place(one);
        return NULL;
    }
    one->last_use = ++cache->n_uses;
    return one;
}

/* Read the file from its start; SKA_E_STATE if it changed meanwhile. */
static enum ska_status read_body(struct answer *answer, struct stat *seen, int fd)
{
    struct stat after;
    for (size_t have = 0; have < answer->len;) {
        ssize_t got = pread(fd, answer->data + have, answer->len - have, (off_t)have);
        if (got <= 0)
            return SKA_E_STATE;
        have += (size_t)got;
    }
    if (fstat(fd, &after) != 0 || !is_same(seen, &after))
        return SKA_E_STATE;
    return SKA_OK;
}

void cache_keep(struct cache *cache, const char *path, const struct site_file *file)
{
    char name[SITE_NAME_BYTES];
    struct stat seen;
    if (file->len > CACHE_FILE_MAX || strlen(path) >= PATH_BYTES || !site_name(name, path) ||
        fstat(file->fd, &seen) != 0 || (uint64_t)seen.st_size != file->len || !is_settled(&seen))
        return;
    if (file->len > CACHE_BYTES_MAX - cache->bytes)
        clear_all(cache);
    struct answer *answer = answer_new(cache, 0, (size_t)file->len);
    if (answer == NULL)
        return; /* what is being sent takes all there is */
    if (read_body(answer, &seen, file->fd) != SKA_OK) {
        answer_release(answer);
        return;
    }
    struct cached *one = place_for(cache, path);
    *one =
        (struct cached){.seen = seen, .file = *file, .answer = answer, .last_use = ++cache->n_uses};
    one->file.fd = -1;
    memcpy(one->path, path, strlen(path) + 1);
    memcpy(one->name, name, sizeof name);
}

const struct site_file *cached_file(const struct cached *one)
{
    return &one->file;
}

struct ska_slice cached_body(const struct cached *one)
{
    const struct answer *a = one->answer;
    return (struct ska_slice){a->data + a->head_len, a->len - a->head_len};
}

bool cached_has_head(const struct cached *one, uint64_t second)
{
    return one->head_second == second;
}

enum ska_status cached_set_head(struct cached *one, struct ska_slice head, uint64_t second)
{
    struct ska_slice body = cached_body(one);
    struct answer *answer = answer_new(one->answer->cache, head.len, body.len);
    if (answer == NULL)
        return SKA_E_MEMORY;
    memcpy(answer->data, head.data, head.len);
    if (body.len > 0)
        memcpy(answer->data + head.len, body.data, body.len);
    answer_release(one->answer);
    one->answer = answer;
    one->head_second = second;
    return SKA_OK;
}

enum ska_status cached_send(struct cached *one, struct evbuffer *out)
{
    struct answer *answer = one->answer;
    if (evbuffer_add_reference(out, answer->data, answer->len, on_sent, answer) != 0)
        return SKA_E_MEMORY;
    answer->n_uses++;
    return SKA_OK;
}
