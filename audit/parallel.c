/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * parallel.c - one loop over several threads.
 *
 * The threads share a struct loop: `next` is the first index nobody has taken, `done` how many are
 * finished; both under its mutex. The bar is drawn by whoever finishes a step, also under it.
 */
#include "audit/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_CELLS 30
#define BAR_AFTER_MS 700 /* a loop shorter than this shows no bar */
#define BAR_EVERY_MS 100

struct loop {
    pthread_mutex_t mutex;
    size_t next, done, n;
    void (*step)(void *arg, size_t i);
    void *arg;
    const char *label;
    long long started_ms, drawn_ms;
    bool is_drawn;
};

static bool is_progress_wanted;

static long long now_ms(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void draw(struct loop *l)
{
    long long now = now_ms();
    if (!is_progress_wanted || now - l->started_ms < BAR_AFTER_MS ||
        now - l->drawn_ms < BAR_EVERY_MS)
        return;
    char bar[BAR_CELLS + 1];
    size_t full = l->done * BAR_CELLS / l->n;
    memset(bar, '#', full);
    memset(bar + full, '.', BAR_CELLS - full);
    bar[BAR_CELLS] = '\0';
    fprintf(stderr, "\r  [%s] %3zu %%  %s", bar, l->done * 100 / l->n, l->label);
    fflush(stderr);
    l->drawn_ms = now;
    l->is_drawn = true;
}

static void *work(void *arg)
{
    struct loop *l = arg;
    pthread_mutex_lock(&l->mutex);
    while (l->next < l->n) {
        size_t i = l->next++;
        pthread_mutex_unlock(&l->mutex);
        l->step(l->arg, i);
        pthread_mutex_lock(&l->mutex);
        l->done++;
        draw(l);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

void parallel_run(unsigned jobs, size_t n, void (*step)(void *arg, size_t i), void *arg,
                  const char *label)
{
    struct loop l = {.n = n, .step = step, .arg = arg, .label = label, .started_ms = now_ms()};
    pthread_t threads[PARALLEL_JOBS_MAX];
    size_t n_threads = 0;
    pthread_mutex_init(&l.mutex, NULL);
    while (n_threads + 1 < jobs && n_threads + 1 < n && n_threads < PARALLEL_JOBS_MAX) {
        if (pthread_create(&threads[n_threads], NULL, work, &l) != 0)
            break; /* fewer threads do it too */
        n_threads++;
    }
    work(&l);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&l.mutex);
    if (l.is_drawn)
        fprintf(stderr, "\r\033[K");
}

unsigned parallel_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores < 1)
        return 1;
    return cores > (long)PARALLEL_JOBS_MAX ? PARALLEL_JOBS_MAX : (unsigned)cores;
}

void progress_enable(void)
{
    is_progress_wanted = true;
}
