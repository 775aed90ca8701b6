/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_cache.h - the site's small files in memory, each behind the head of its answer, so that a
 * page is one piece of memory to send.
 *
 * A kept file is looked at anew (by its name, inode, size and times) for each request; what has
 * changed, or changed within the last CACHE_SETTLE_S seconds, is read from the disk. Memory is
 * bounded: CACHE_BYTES_MAX, of which what is still being sent to slow clients counts too.
 */
#ifndef SKA_SERVER_FRONT_CACHE_H
#define SKA_SERVER_FRONT_CACHE_H

#include "server/front/front_site.h"

#include <event2/buffer.h>

#define CACHE_FILE_MAX (256u << 10) /* longer files are not kept */
#define CACHE_BYTES_MAX (32u << 20)
#define CACHE_SETTLE_S 2 /* coarse times cannot tell two changes apart that follow closely */

struct cache;
struct cached; /* a kept file; valid until the next call but cached_* */

enum ska_status cache_new(struct cache **out) SKA_MUST_CHECK; /* SKA_E_MEMORY */
/* NULL is accepted. No output buffer may refer to it any more. */
void cache_free(struct cache *cache);

/* The file that a path (as of site_open) names, if it is kept and as it was; else NULL. */
struct cached *cache_find(struct cache *cache, int site_fd, const char *path);

/* Keep an open file, if it is worth it and there is memory. Its descriptor is read from the start
 * with positions of its own: where it stands does not change. */
void cache_keep(struct cache *cache, const char *path, const struct site_file *file);

/* What site_open told of it; there is no descriptor (-1). */
const struct site_file *cached_file(const struct cached *one);
struct ska_slice cached_body(const struct cached *one);

/* Whether its head was made at this second. If not, put one in front: SKA_E_MEMORY. */
bool cached_has_head(const struct cached *one, uint64_t second);
enum ska_status cached_set_head(struct cached *one, struct ska_slice head,
                                uint64_t second) SKA_MUST_CHECK;

/* Add head and body to an output buffer, which borrows them until they are sent. SKA_E_MEMORY. */
enum ska_status cached_send(struct cached *one, struct evbuffer *out) SKA_MUST_CHECK;

#endif
