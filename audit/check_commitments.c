/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_commitments.c - the sums of the counted submissions' commitments, by figure.
 *
 * They are added up while the proofs are verified, which decodes the same points; only if a proof's
 * check did not run over all of them, or one is no point, are they decoded and added here.
 */
#include "audit/check.h"

#include <pthread.h>
#include <stdatomic.h>

#include "audit/parallel.h"
#include "audit/window.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#define CELLS_AT_ONCE 8u
#define N_LOCKS 16u

/* Each is over the cells that are its number modulo N_LOCKS, of all blocks. */
static pthread_mutex_t locks[N_LOCKS] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER};

/* Adding up commitments: a step is a few cells of some submissions, few enough to be in memory
 * together. A correction's flag, the last cell, is no figure: it must be a point all the same. */
struct adding {
    struct evidence *e;
    atomic_uchar *is_bad; /* one for each submission: a point is not canonical */
    size_t first, end;    /* the submissions */
};

/* One cell's commitment of one submission, to every block that its contributor is in. */
static void add_to_blocks(struct evidence *e, const struct evidence_submission *submission,
                          size_t k, uint32_t cell, const ska_point *v)
{
    const struct ska_task *task = e->task;
    for (uint32_t block = 0; block < task->n_blocks; block++) {
        ska_point *sum = &e->sum[k][block * task->layout->n_cells + cell];
        if (ska_groups_has(&e->kept, block, submission->contributor))
            ska_point_add(sum, sum, v);
    }
}

static void add_cells(void *arg, size_t step)
{
    struct adding *a = arg;
    struct evidence *e = a->e;
    const size_t n_cells = e->task->statement.n_cells, n_figures = e->task->layout->n_cells;
    const size_t first = step * CELLS_AT_ONCE;
    const size_t end = first + CELLS_AT_ONCE < n_cells ? first + CELLS_AT_ONCE : n_cells;
    for (size_t cell = first; cell < end; cell++) {
        for (size_t i = a->first; i < a->end; i++) {
            const struct evidence_submission *submission = &e->submissions[i];
            const uint8_t *v[2] = {submission->share.v1, submission->share.v2};
            for (size_t k = 0; k < 2; k++) {
                ska_point point;
                if (ska_point_decode(&point, v[k] + cell * SKA_POINT_BYTES) != SKA_OK)
                    atomic_store(&a->is_bad[i], 1);
                else if (cell < n_figures)
                    add_to_blocks(e, submission, k, (uint32_t)cell, &point);
            }
        }
    }
}

static void clear_sums(struct evidence *e)
{
    for (size_t figure = 0; figure < e->task->n_figures; figure++)
        for (size_t k = 0; k < 2; k++)
            ska_point_set_identity(&e->sum[k][figure]);
}

/* Add the submissions, as many at once as half a window holds. */
static void add_all(struct evidence *e, atomic_uchar *is_bad)
{
    const size_t n_cells = e->task->statement.n_cells;
    struct adding adding = {.e = e, .is_bad = is_bad};
    clear_sums(e);
    while (adding.first < e->n_submissions) {
        for (size_t bytes = 0; adding.end < e->n_submissions && bytes < WINDOW_BYTES / 2;)
            bytes += e->submissions[adding.end++].file.len;
        parallel_run(e->jobs, (n_cells + CELLS_AT_ONCE - 1) / CELLS_AT_ONCE, add_cells, &adding,
                     "commitments");
        adding.first = adding.end;
    }
}

/* Which groups are summed, and how many submissions each block has. */
static enum ska_status count_blocks(struct evidence *e)
{
    const struct ska_parameters *p = &e->task->parameters;
    SKA_SCOPED(ska_scoped_free)
    uint32_t *contributors = ska_alloc(e->n_submissions + 1, sizeof *contributors);
    SKA_SCOPED(ska_scoped_free) uint64_t *n_in = ska_alloc(e->task->n_blocks, sizeof *n_in);
    if (n_in == NULL || contributors == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < e->n_submissions; i++)
        contributors[i] = e->submissions[i].contributor;
    SKA_TRY(ska_groups_keep(&e->kept, &p->groups, p->roster.n, contributors, e->n_submissions,
                            p->policy.min_contributors));
    for (uint32_t block = 0; block < e->task->n_blocks; block++)
        for (size_t i = 0; i < e->n_submissions; i++)
            n_in[block] += ska_groups_has(&e->kept, block, contributors[i]);
    e->n_in = n_in;
    n_in = NULL; /* the evidence owns it now */
    return SKA_OK;
}

enum ska_status check_sums_start(struct evidence *e)
{
    for (size_t k = 0; k < 2; k++) /* at most SKA_FIGURES_MAX points */
        if (e->sum[k] == NULL)
            e->sum[k] = ska_alloc(e->task->n_figures, sizeof(ska_point));
    if (e->sum[0] == NULL || e->sum[1] == NULL)
        return SKA_E_MEMORY;
    if (e->n_in == NULL)
        SKA_TRY(count_blocks(e));
    clear_sums(e);
    atomic_store(&e->n_summed, 0);
    return SKA_OK;
}

void check_sums_add(struct evidence *e, size_t submission, const ska_point *v1, const ska_point *v2)
{
    const ska_point *v[2] = {v1, v2};
    for (size_t i = 0; i < N_LOCKS; i++) {
        const size_t lock = (submission + i) % N_LOCKS; /* threads begin at different ones */
        pthread_mutex_lock(&locks[lock]);
        for (size_t cell = lock; cell < e->task->layout->n_cells; cell += N_LOCKS)
            for (size_t k = 0; k < 2; k++)
                add_to_blocks(e, &e->submissions[submission], k, (uint32_t)cell, &v[k][cell]);
        pthread_mutex_unlock(&locks[lock]);
    }
    atomic_fetch_add(&e->n_summed, 1);
}

void check_commitments(struct evidence *e, struct finding *f)
{
    const size_t n_cells = e->task->statement.n_cells, n = e->n_submissions;
    if (n == 0)
        return;
    f->n_inputs = 2 * (uint64_t)n_cells * n;
    if (atomic_load(&e->n_summed) == n)
        return;
    SKA_SCOPED(ska_scoped_free) atomic_uchar *is_bad = ska_alloc(n, sizeof *is_bad);
    if (is_bad == NULL || check_sums_start(e) != SKA_OK) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    add_all(e, is_bad);
    for (size_t i = 0; i < n; i++)
        if (atomic_load(&is_bad[i]) != 0)
            finding_bad(f,
                        words("%s: ett åtagande är inte en punkt i kanonisk form",
                              "%s: a commitment is not a point in canonical form"),
                        evidence_contributor(e, e->submissions[i].contributor));
}
