/* SPDX-License-Identifier: EUPL-1.2 */
/* verify_pool.c - threads that take work from one queue and put it on another. */
#include "server/aggregator/verify.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/resource.h>

#define VERIFY_NICE 10

struct queue {
    struct verify_work *first, *last;
};

struct verify_pool {
    pthread_mutex_t lock; /* over the queues and `stop` */
    pthread_cond_t wake;  /* there is work, or stop */
    struct queue todo, done;
    bool stop;
    int fd;
    size_t n_threads;
    pthread_t threads[];
};

static void put(struct queue *q, struct verify_work *work)
{
    work->next = NULL;
    if (q->last == NULL)
        q->first = work;
    else
        q->last->next = work;
    q->last = work;
}

static struct verify_work *get(struct queue *q)
{
    struct verify_work *work = q->first;
    if (work == NULL)
        return NULL;
    q->first = work->next;
    if (q->first == NULL)
        q->last = NULL;
    work->next = NULL;
    return work;
}

static void lock(struct verify_pool *pool)
{
    int failed = pthread_mutex_lock(&pool->lock);
    assert(failed == 0);
}

static void unlock(struct verify_pool *pool)
{
    int failed = pthread_mutex_unlock(&pool->lock);
    assert(failed == 0);
}

static void tell(struct verify_pool *pool)
{
    uint64_t one = 1;
    ssize_t n = 0;
    do
        n = write(pool->fd, &one, sizeof one);
    while (n < 0 && errno == EINTR);
    assert(n == (ssize_t)sizeof one || errno == EAGAIN); /* EAGAIN: told 2^64 - 2 times already */
}

static void *serve(void *arg)
{
    struct verify_pool *pool = arg;
    /* On Linux this is the calling thread alone: proofs give way to whoever waits for an answer. A
     * kernel that refuses only makes answers slower. */
    (void)setpriority(PRIO_PROCESS, 0, VERIFY_NICE);
    lock(pool);
    while (!pool->stop) {
        struct verify_work *work = get(&pool->todo);
        if (work == NULL) {
            (void)pthread_cond_wait(&pool->wake, &pool->lock);
            continue;
        }
        unlock(pool);
        work->run(work);
        lock(pool);
        put(&pool->done, work);
        tell(pool);
    }
    unlock(pool);
    return NULL;
}

/* Signals are the event loop's: threads are born with all of them blocked. */
static int start_thread(struct verify_pool *pool)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&pool->threads[pool->n_threads], NULL, serve, pool);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

enum ska_status verify_pool_new(struct verify_pool **out, size_t n_threads, struct ska_error *err)
{
    struct verify_pool *pool = ska_alloc(1, sizeof *pool + n_threads * sizeof pool->threads[0]);
    if (pool == NULL)
        return ska_fail(err, SKA_E_MEMORY, "worker threads: out of memory");
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->wake, NULL);
    pool->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bool failed = pool->fd < 0;
    while (!failed && pool->n_threads < n_threads) {
        failed = start_thread(pool) != 0;
        pool->n_threads += failed ? 0 : 1;
    }
    if (failed) {
        verify_pool_free(pool);
        return ska_fail(err, SKA_E_BUSY, "worker threads: the system gives no more");
    }
    *out = pool;
    return SKA_OK;
}

void verify_pool_free(struct verify_pool *pool)
{
    if (pool == NULL)
        return;
    lock(pool);
    pool->stop = true;
    (void)pthread_cond_broadcast(&pool->wake);
    unlock(pool);
    for (size_t i = 0; i < pool->n_threads; i++)
        (void)pthread_join(pool->threads[i], NULL);
    if (pool->fd >= 0)
        (void)close(pool->fd);
    (void)pthread_cond_destroy(&pool->wake);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

int verify_pool_fd(const struct verify_pool *pool)
{
    return pool->fd;
}

void verify_pool_submit(struct verify_pool *pool, struct verify_work *work)
{
    lock(pool);
    put(&pool->todo, work);
    (void)pthread_cond_signal(&pool->wake);
    unlock(pool);
}

struct verify_work *verify_pool_take(struct verify_pool *pool)
{
    uint64_t told = 0;
    ssize_t n = read(pool->fd, &told, sizeof told);
    (void)n; /* EAGAIN: nothing new was told, but there may be more from before */
    lock(pool);
    struct verify_work *work = get(&pool->done);
    unlock(pool);
    return work;
}
