/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lossy.h - a file system layer for SQLite on which nothing is on disk before it is synced, and
 * whose n-th change can fail or be the last, or which is full for as long as somebody says.
 *
 * A file's current content is in this process's memory; xSync brings it to the real file. So a
 * process that is killed leaves what a power cut would leave: what was synced. At a cut, besides, a
 * random part of what was not synced yet gets through, sector by sector, in no order.
 */
#ifndef SKA_TESTS_LOSSY_H
#define SKA_TESTS_LOSSY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define LOSSY_SECTOR 512u

#define LOSSY_CUT_STATUS 42 /* a process whose power was cut ends with it */

enum lossy_fault {
    LOSSY_NONE,
    LOSSY_FAIL_ONCE, /* SQLITE_IOERR_WRITE, _FSYNC, ... at the n-th change */
    LOSSY_FAIL_ON,   /* from the n-th change on */
    LOSSY_FULL_ONCE, /* SQLITE_FULL at the n-th change */
    LOSSY_CUT        /* the n-th change is interrupted by a power cut: the process ends */
};

struct lossy_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
    uint8_t *data;      /* current content, owned */
    uint8_t *dirty;     /* one byte per sector, owned */
    size_t len, room;
    bool resized;
};

static struct {
    enum lossy_fault fault;
    uint64_t at;              /* the change it happens at, from 0 */
    uint64_t changes;         /* so far */
    uint64_t happened;        /* faults */
    uint64_t luck;            /* state of the cut's randomness */
    const volatile int *full; /* while it is not 0, every write fails with SQLITE_FULL; or NULL */
    sqlite3_vfs vfs;
} lossy;

static inline uint64_t lossy_random(void)
{
    lossy.luck = lossy.luck * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return lossy.luck >> 33;
}

/* Make room for `len` bytes; false without memory. */
static inline bool lossy_reserve(struct lossy_file *f, size_t len)
{
    if (len <= f->room)
        return true;
    size_t room = (len + 65536) / LOSSY_SECTOR * LOSSY_SECTOR;
    uint8_t *data = realloc(f->data, room);
    if (data == NULL)
        return false;
    f->data = data;
    uint8_t *dirty = realloc(f->dirty, room / LOSSY_SECTOR);
    if (dirty == NULL)
        return false;
    f->dirty = dirty;
    memset(f->data + f->room, 0, room - f->room);
    memset(f->dirty + f->room / LOSSY_SECTOR, 0, (room - f->room) / LOSSY_SECTOR);
    f->room = room;
    return true;
}

/* Bring sectors to the real file: all, or a random part. */
static inline int lossy_flush(struct lossy_file *f, bool all)
{
    for (size_t at = 0; at < f->len; at += LOSSY_SECTOR) {
        size_t n = f->len - at < LOSSY_SECTOR ? f->len - at : LOSSY_SECTOR;
        if (f->dirty[at / LOSSY_SECTOR] == 0 || (!all && lossy_random() % 2 == 0))
            continue;
        int rc = f->real->pMethods->xWrite(f->real, f->data + at, (int)n, (sqlite3_int64)at);
        if (rc != SQLITE_OK)
            return rc;
        if (all)
            f->dirty[at / LOSSY_SECTOR] = 0;
    }
    if (f->resized && (all || lossy_random() % 2 == 0)) {
        int rc = f->real->pMethods->xTruncate(f->real, (sqlite3_int64)f->len);
        if (rc != SQLITE_OK)
            return rc;
        f->resized = !all;
    }
    return SQLITE_OK;
}

/* Every change asks here first: SQLITE_OK, or the fault. `f` may be NULL. */
static inline int lossy_change(struct lossy_file *f, int failure)
{
    uint64_t now = lossy.changes++;
    bool hit = lossy.fault != LOSSY_NONE &&
               (now == lossy.at || (lossy.fault == LOSSY_FAIL_ON && now > lossy.at));
    if (!hit)
        return SQLITE_OK;
    lossy.happened++;
    if (lossy.fault == LOSSY_CUT) {
        if (f != NULL)
            (void)lossy_flush(f, false);
        _exit(LOSSY_CUT_STATUS);
    }
    return lossy.fault == LOSSY_FULL_ONCE ? SQLITE_FULL : failure;
}

static inline int lossy_close(sqlite3_file *file)
{
    struct lossy_file *f = (struct lossy_file *)file;
    free(f->data);
    free(f->dirty);
    f->data = f->dirty = NULL;
    f->len = f->room = 0;
    return f->real->pMethods == NULL ? SQLITE_OK : f->real->pMethods->xClose(f->real);
}

static inline int lossy_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
    struct lossy_file *f = (struct lossy_file *)file;
    size_t from = (size_t)at;
    size_t have = from >= f->len ? 0 : f->len - from;
    size_t part = have < (size_t)n ? have : (size_t)n;
    if (part > 0)
        memcpy(out, f->data + from, part);
    if (part == (size_t)n)
        return SQLITE_OK;
    memset((uint8_t *)out + part, 0, (size_t)n - part);
    return SQLITE_IOERR_SHORT_READ;
}

static inline int lossy_write(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
    struct lossy_file *f = (struct lossy_file *)file;
    int rc = lossy_change(f, SQLITE_IOERR_WRITE);
    if (rc == SQLITE_OK && lossy.full != NULL && *lossy.full != 0)
        rc = SQLITE_FULL;
    if (rc != SQLITE_OK)
        return rc;
    size_t from = (size_t)at;
    size_t to = from + (size_t)n;
    if (!lossy_reserve(f, to))
        return SQLITE_NOMEM;
    memcpy(f->data + from, data, (size_t)n);
    for (size_t s = from / LOSSY_SECTOR; s * LOSSY_SECTOR < to; s++)
        f->dirty[s] = 1;
    f->len = to > f->len ? to : f->len;
    return SQLITE_OK;
}

static inline int lossy_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct lossy_file *f = (struct lossy_file *)file;
    int rc = lossy_change(f, SQLITE_IOERR_TRUNCATE);
    if (rc != SQLITE_OK)
        return rc;
    if ((size_t)size < f->len) {
        memset(f->data + size, 0, f->len - (size_t)size);
        f->len = (size_t)size;
        f->resized = true;
    }
    return SQLITE_OK;
}

static inline int lossy_sync(sqlite3_file *file, int flags)
{
    struct lossy_file *f = (struct lossy_file *)file;
    int rc = lossy_change(f, SQLITE_IOERR_FSYNC);
    if (rc != SQLITE_OK)
        return rc;
    (void)flags;
    return lossy_flush(f, true);
}

static inline int lossy_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((struct lossy_file *)file)->len;
    return SQLITE_OK;
}

static inline int lossy_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = ((struct lossy_file *)file)->real;
    return real->pMethods->xLock(real, level);
}

static inline int lossy_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = ((struct lossy_file *)file)->real;
    return real->pMethods->xUnlock(real, level);
}

static inline int lossy_reserved(sqlite3_file *file, int *out)
{
    sqlite3_file *real = ((struct lossy_file *)file)->real;
    return real->pMethods->xCheckReservedLock(real, out);
}

static inline int lossy_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static inline int lossy_sector(sqlite3_file *file)
{
    (void)file;
    return (int)LOSSY_SECTOR;
}

static inline int lossy_device(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods lossy_methods = {.iVersion = 1,
                                                 .xClose = lossy_close,
                                                 .xRead = lossy_read,
                                                 .xWrite = lossy_write,
                                                 .xTruncate = lossy_truncate,
                                                 .xSync = lossy_sync,
                                                 .xFileSize = lossy_size,
                                                 .xLock = lossy_lock,
                                                 .xUnlock = lossy_unlock,
                                                 .xCheckReservedLock = lossy_reserved,
                                                 .xFileControl = lossy_control,
                                                 .xSectorSize = lossy_sector,
                                                 .xDeviceCharacteristics = lossy_device};

static inline int lossy_load(struct lossy_file *f)
{
    sqlite3_int64 size = 0;
    int rc = f->real->pMethods->xFileSize(f->real, &size);
    if (rc != SQLITE_OK || size == 0)
        return rc;
    if (!lossy_reserve(f, (size_t)size))
        return SQLITE_NOMEM;
    f->len = (size_t)size;
    return f->real->pMethods->xRead(f->real, f->data, (int)size, 0);
}

static inline int lossy_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                             int *out_flags)
{
    sqlite3_vfs *unix_vfs = vfs->pAppData;
    struct lossy_file *f = (struct lossy_file *)file;
    *f = (struct lossy_file){.real = (sqlite3_file *)(f + 1)};
    memset(f->real, 0, (size_t)unix_vfs->szOsFile);
    int rc = unix_vfs->xOpen(unix_vfs, name, f->real, flags, out_flags);
    if (rc == SQLITE_OK)
        rc = lossy_load(f);
    if (rc == SQLITE_OK)
        f->base.pMethods = &lossy_methods;
    else if (f->real->pMethods != NULL)
        (void)f->real->pMethods->xClose(f->real);
    return rc;
}

static inline int lossy_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    sqlite3_vfs *unix_vfs = vfs->pAppData;
    int rc = lossy_change(NULL, SQLITE_IOERR_DELETE);
    return rc != SQLITE_OK ? rc : unix_vfs->xDelete(unix_vfs, name, sync_folder);
}

/* Make it the default file system of this process. */
static inline void lossy_install(void)
{
    sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");
    if (unix_vfs == NULL)
        abort();
    lossy.vfs = *unix_vfs;
    lossy.vfs.pNext = NULL;
    lossy.vfs.zName = "lossy";
    lossy.vfs.pAppData = unix_vfs;
    lossy.vfs.szOsFile = (int)sizeof(struct lossy_file) + unix_vfs->szOsFile;
    lossy.vfs.xOpen = lossy_open;
    lossy.vfs.xDelete = lossy_delete;
    if (sqlite3_vfs_register(&lossy.vfs, 1) != SQLITE_OK)
        abort();
}

#endif
