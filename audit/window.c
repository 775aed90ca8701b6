/* SPDX-License-Identifier: EUPL-1.2 */
/* window.c - mapped files, of which little is kept in memory. */
#define _GNU_SOURCE /* madvise */

#include "audit/window.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "audit/options.h"
#include "audit/words.h"

#define LOOK_EVERY_NS 2000000
#define MAPPED_MAX 64

/* What is mapped, and the thread that watches it; all under the mutex. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t ends;
    struct ska_slice at[MAPPED_MAX];
    size_t n, mapped_bytes;
    pthread_t thread;
    bool is_running, shall_end;
} watch = {.mutex = PTHREAD_MUTEX_INITIALIZER, .ends = PTHREAD_COND_INITIALIZER};

/* Bytes of files that this process has in memory, programs and libraries among them; SIZE_MAX if
 * the system does not tell. */
static size_t resident_file_bytes(void)
{
    unsigned long all, resident, shared;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f == NULL)
        return SIZE_MAX;
    int n = fscanf(f, "%lu %lu %lu", &all, &resident, &shared);
    (void)fclose(f); /* read only */
    return n == 3 ? (size_t)shared * (size_t)sysconf(_SC_PAGESIZE) : SIZE_MAX;
}

/* Pages of a file that is only read: they come back from it when they are touched. */
static void send_away(void)
{
    for (size_t i = 0; i < watch.n; i++) {
        void *at = (void *)(uintptr_t)watch.at[i].data;
        (void)madvise(at, watch.at[i].len, MADV_DONTNEED); /* advice: nothing breaks without */
    }
}

static void *keep_small(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&watch.mutex);
    while (!watch.shall_end) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_EVERY_NS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        (void)pthread_cond_timedwait(&watch.ends, &watch.mutex, &until);
        if (!watch.shall_end && resident_file_bytes() >= WINDOW_BYTES)
            send_away();
    }
    pthread_mutex_unlock(&watch.mutex);
    return NULL;
}

/* A page of a mapped file cannot be read: it was cut short, or its disk is gone. */
static void on_bus_error(int number)
{
    static const char text[] =
        "skarva-audit: paketet ändrades eller gick inte att läsa under granskningen\n"
        "skarva-audit: the bundle changed or could not be read during the audit\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(EXIT_FAIL);
    _exit(EXIT_BUNDLE);
}

static void watch_add(struct ska_slice bytes)
{
    pthread_mutex_lock(&watch.mutex);
    if (watch.n < MAPPED_MAX) { /* one more would be as it is: no promise hangs on it */
        watch.at[watch.n++] = bytes;
        watch.mapped_bytes += bytes.len;
    }
    if (!watch.is_running && watch.mapped_bytes > WINDOW_BYTES) {
        watch.shall_end = false;
        watch.is_running = pthread_create(&watch.thread, NULL, keep_small, NULL) == 0;
    }
    pthread_mutex_unlock(&watch.mutex);
}

static void watch_remove(struct ska_slice bytes)
{
    bool must_join = false;
    pthread_mutex_lock(&watch.mutex);
    for (size_t i = 0; i < watch.n; i++) {
        if (watch.at[i].data != bytes.data)
            continue;
        watch.at[i] = watch.at[--watch.n];
        watch.mapped_bytes -= bytes.len;
        break;
    }
    if (watch.is_running && watch.n == 0) {
        watch.shall_end = must_join = true;
        watch.is_running = false;
        pthread_cond_signal(&watch.ends);
    }
    pthread_mutex_unlock(&watch.mutex);
    if (must_join)
        pthread_join(watch.thread, NULL);
}

enum ska_status window_map(struct window *out, int fd, uint64_t max)
{
    static const uint8_t nothing;
    struct window w = {.bytes = {&nothing, 0}, .fd = fd};
    if (fstat(fd, &w.was) != 0 || !S_ISREG(w.was.st_mode) || w.was.st_size < 0)
        return SKA_E_FILE;
    if ((uint64_t)w.was.st_size > max || (uint64_t)w.was.st_size > SIZE_MAX)
        return SKA_E_LIMIT;
    if (w.was.st_size == 0) {
        close(fd);
        *out = w;
        return SKA_OK;
    }
    w.bytes.len = (size_t)w.was.st_size;
    w.at = mmap(NULL, w.bytes.len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (w.at == MAP_FAILED)
        return SKA_E_FILE;
    w.bytes.data = w.at;
    const struct sigaction action = {.sa_handler = on_bus_error};
    (void)sigaction(SIGBUS, &action, NULL); /* cannot fail for this signal */
    watch_add(w.bytes);
    *out = w;
    return SKA_OK;
}

bool window_has_changed(const struct window *w)
{
    struct stat now;
    if (w->at == NULL)
        return false;
    return fstat(w->fd, &now) != 0 || now.st_size != w->was.st_size ||
           now.st_mtim.tv_sec != w->was.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != w->was.st_mtim.tv_nsec;
}

void window_unmap(struct window *w)
{
    if (w == NULL || w->at == NULL)
        return;
    watch_remove(w->bytes);
    (void)munmap(w->at, w->bytes.len); /* its own mapping */
    close(w->fd);
    *w = (struct window){0};
}
