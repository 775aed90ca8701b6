/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_site.h - the published pages and bundles: from a path of a URL to an open file under the
 * site's folder, and never one outside of it.
 */
#ifndef SKA_SERVER_FRONT_SITE_H
#define SKA_SERVER_FRONT_SITE_H

#include "crypto/bytes.h"

#define SITE_NAME_MAX 200 /* bytes of one decoded element of a path */
#define SITE_DEPTH_MAX 8
#define SITE_ETAG_BYTES 64

#define SITE_NAME_BYTES (SITE_DEPTH_MAX * (SITE_NAME_MAX + 1))

struct site_file {
    int fd; /* owned by the caller on success */
    uint64_t len;
    const char *type;           /* Content-Type, static */
    char etag[SITE_ETAG_BYTES]; /* in quotes; tells nothing of when or where the file was made */
    uint64_t changed_day_s;     /* midnight (UTC) of the day the file was changed; never finer */
    bool is_immutable;          /* the name stands for these bytes for ever */
    bool is_open;               /* pages of other sites may read it */
    bool may_fetch; /* in the folder check/, whose page fetches bundles from the site itself */
};

/*
 * Open what `path` names: elements separated by slashes, percent signs as they came, no slash in
 * front; "" and a slash at the end stand for index.html. Elements are walked one by one with
 * openat and without following links; empty ones, those that start with a dot, and those that hold
 * a slash, backslash or control byte after decoding are not found.
 *
 * Returns SKA_OK; SKA_E_NOT_FOUND; SKA_E_STATE if it is a folder and a slash must be added;
 * SKA_E_FILE if the system gave no descriptor.
 */
enum ska_status site_open(struct site_file *out, int site_fd, const char *path) SKA_MUST_CHECK;

/*
 * Open a file of the public log's folder: `checkpoint`, a tile, a bundle of entries or a blob, by
 * its path (protocol/tlog_tile.h, docs/log.md); nothing else that may lie there. All but the
 * checkpoint are immutable. As site_open, without SKA_E_STATE.
 */
enum ska_status log_file_open(struct site_file *out, int log_fd, const char *path) SKA_MUST_CHECK;

/* The name below the site's folder of what a path names, by the rules of site_open and without
 * looking whether it is there, in `out`. False if it cannot name a file. */
bool site_name(char out[static SITE_NAME_BYTES], const char *path);

/* Whether an If-None-Match field names the file's tag, as one of a list, weak or not, or as *. */
bool site_is_match(const char *field, const char *etag);

#endif
