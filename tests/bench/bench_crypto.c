/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bench_crypto.c - what commitments and proofs cost, in units of one variable-base scalar
 * multiplication of libdecaf (u) measured in the same run.
 *
 *     bench_crypto [--json FILE] [--proofs N]
 *
 * Prints lines "name value"; FILE gets one flat JSON object. Times are CPU times of one thread,
 * the median of several runs, each next to a measurement of u. The proofs of the batch (N, default
 * 290, all different) are prepared by as many threads as there are processors, outside the clock.
 */
#include "crypto/labels.h"
#include "crypto/proof.h"
#include "crypto/proof_context.h"
#include "crypto/proof_generators.h"
#include "crypto/sign.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <decaf/point_255.h>

#define COUNTS 500
#define BITS 16
#define COUNTS_MAX 2048
#define RUNS 5
#define CURVE_MAX 8

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench_crypto: %s\n", what);
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return values[n / 2];
}

static double measure_u(void)
{
    decaf_255_point_t p;
    decaf_255_scalar_t k;
    uint8_t bytes[64];
    memset(bytes, 0xC3, sizeof bytes);
    decaf_255_scalar_decode_long(k, bytes, sizeof bytes);
    decaf_255_point_copy(p, decaf_255_point_base);
    double start = now_us();
    for (int i = 0; i < 200; i++)
        decaf_255_point_scalarmul(p, p, k);
    return (now_us() - start) / 200;
}

/* ---- one submission: counts, commitments, proof ---- */

struct submission {
    size_t n;
    uint32_t identity;
    uint64_t x[COUNTS_MAX];
    ska_scalar r[COUNTS_MAX];
    uint8_t v[COUNTS_MAX][SKA_POINT_BYTES];
    uint8_t proof[2048];
    size_t proof_len;
};

static uint64_t bounds[COUNTS_MAX];
static uint32_t cells[COUNTS_MAX];

static void submission_init(struct submission *s, size_t n, uint32_t identity)
{
    s->n = n;
    s->identity = identity;
    for (size_t j = 0; j < n; j++) {
        s->x[j] = (identity * 2654435761u + j * 40503u) % (bounds[j] + 1);
        ska_scalar_random(&s->r[j]);
    }
    require(ska_proof_length(&s->proof_len, bounds, n) == SKA_OK, "too many bits");
}

static void submission_commit(struct submission *s)
{
    for (size_t j = 0; j < s->n; j++) {
        ska_scalar x = ska_scalar_from_u64(s->x[j]);
        ska_point v;
        ska_commit(&v, &x, &s->r[j]);
        ska_point_encode(s->v[j], &v);
    }
}

static void context_of(struct ska_transcript *t, const struct submission *s)
{
    const struct ska_task_context task = {.period = "2025Q2"};
    const struct ska_prover prover = {SKA_PROOF_SUBMISSION, SKA_ROLE_CLIENT, s->identity, 1};
    ska_proof_context_absorb(t, &task, &prover, cells, s->n, bounds, s->n, NULL);
    ska_transcript_absorb(t, SKA_LABEL_T_V, s->v, s->n * SKA_POINT_BYTES);
}

static void submission_prove(struct submission *s)
{
    struct ska_transcript t;
    const struct ska_proof_values values = {s->n, bounds, NULL}; /* a prover needs no points */
    context_of(&t, s);
    require(ska_proof_prove(s->proof, s->proof_len, &t, &values, s->x, s->r) == SKA_OK,
            "a proof could not be made");
}

/* From bytes: decode the commitments, rebuild the context. */
static void job_init(struct ska_proof_job *job, ska_point *points, const struct submission *s)
{
    for (size_t j = 0; j < s->n; j++)
        require(ska_point_decode(&points[j], s->v[j]) == SKA_OK, "a commitment is not canonical");
    *job = (struct ska_proof_job){
        .proof = s->proof, .proof_len = s->proof_len, .values = {s->n, bounds, points}};
    context_of(&job->transcript, s);
}

static void submission_verify(const struct submission *s, ska_point *points)
{
    struct ska_proof_job job;
    job_init(&job, points, s);
    require(ska_proof_verify(job.proof, job.proof_len, &job.transcript, &job.values) == SKA_OK,
            "a proof does not hold");
}

/* ---- preparing many ---- */

struct preparation {
    struct submission *all;
    size_t n;
    atomic_size_t next;
};

static void *prepare_some(void *arg)
{
    struct preparation *p = arg;
    for (;;) {
        size_t i = atomic_fetch_add(&p->next, 1);
        if (i >= p->n)
            return NULL;
        submission_init(&p->all[i], COUNTS, (uint32_t)i);
        submission_commit(&p->all[i]);
        submission_prove(&p->all[i]);
    }
}

static void prepare(struct submission *all, size_t n)
{
    struct preparation p = {.all = all, .n = n};
    pthread_t threads[64];
    long wanted = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n_threads = wanted < 1 ? 1 : wanted > 64 ? 64 : (size_t)wanted;
    for (size_t i = 0; i < n_threads; i++)
        require(pthread_create(&threads[i], NULL, prepare_some, &p) == 0, "no thread");
    for (size_t i = 0; i < n_threads; i++)
        (void)pthread_join(threads[i], NULL);
}

/* ---- measurements ---- */

struct results {
    double u_us;
    double commit_u, prove_u, verify_u, batch_u, decode_u, generators_u;
    double decode_v1_v2_u, signature_u; /* what an aggregator does besides, for one submission */
    size_t n_batch;
    size_t batch_n[CURVE_MAX];
    double batch_total_u[CURVE_MAX];
    size_t n_batches;
    size_t curve_n[CURVE_MAX];
    double curve_prove_u[CURVE_MAX], curve_verify_u[CURVE_MAX];
    size_t n_curve;
};

static void measure_one(struct results *res, struct submission *s, ska_point *points)
{
    double u[RUNS];
    double commit[RUNS];
    double prove[RUNS];
    double verify[RUNS];
    double start = now_us();
    require(ska_proof_generators_prepare(8192) == SKA_OK, "no memory");
    res->generators_u = (now_us() - start) / measure_u();
    for (uint32_t i = 0; i < RUNS; i++) {
        submission_init(s, COUNTS, 1000 + i);
        u[i] = measure_u();
        start = now_us();
        submission_commit(s);
        commit[i] = (now_us() - start) / u[i];
        start = now_us();
        submission_prove(s);
        prove[i] = (now_us() - start) / u[i];
        start = now_us();
        submission_verify(s, points);
        verify[i] = (now_us() - start) / u[i];
    }
    res->u_us = median(u, RUNS);
    res->commit_u = median(commit, RUNS);
    res->prove_u = median(prove, RUNS);
    res->verify_u = median(verify, RUNS);
}

/* The first n of the submissions, from bytes: u in all, and u of it for decoding. */
static double time_batch(double *decode_u, struct ska_proof_job *jobs, ska_point *points,
                         struct submission *all, size_t n)
{
    double total[3];
    for (size_t run = 0; run < 3; run++) {
        double u = measure_u();
        double start = now_us();
        for (size_t i = 0; i < n; i++)
            job_init(&jobs[i], points + i * COUNTS, &all[i]);
        double decoded = now_us();
        require(ska_proof_verify_batch(jobs, n) == SKA_OK, "the batch does not hold");
        total[run] = (now_us() - start) / u;
        *decode_u = (decoded - start) / u;
    }
    return median(total, 3);
}

static void measure_batch(struct results *res, size_t n)
{
    struct submission *all = calloc(n, sizeof *all);
    ska_point *points = calloc(n * COUNTS, sizeof *points);
    struct ska_proof_job *jobs = calloc(n, sizeof *jobs);
    require(all != NULL && points != NULL && jobs != NULL, "no memory");
    prepare(all, n);
    for (size_t part = 8; part >= 1; part /= 2) {
        size_t k = n / part;
        if (k == 0)
            continue;
        double decode_u = 0;
        res->batch_n[res->n_batches] = k;
        res->batch_total_u[res->n_batches++] = time_batch(&decode_u, jobs, points, all, k);
        res->decode_u = decode_u / (double)k;
    }
    res->batch_u = res->batch_total_u[res->n_batches - 1] / (double)n;
    res->n_batch = n;
    free(jobs);
    free(points);
    free(all);
}

/* Decoding V1 and V2 and adding them, and checking the signature over a public share of 33 kB. */
static void measure_beside(struct results *res, const struct submission *s)
{
    static uint8_t message[33196];
    struct ska_signing_key key;
    uint8_t signature[SKA_SIGNATURE_BYTES];
    require(ska_signing_key_generate(&key) == SKA_OK, "no key");
    require(ska_sign(signature, &key, SKA_LABEL_SIGN_SUBMISSION, message, sizeof message) == SKA_OK,
            "no signature");
    double u = measure_u();
    double start = now_us();
    for (size_t i = 0; i < COUNTS; i++) {
        ska_point v1;
        ska_point v2;
        require(ska_point_decode(&v1, s->v[i]) == SKA_OK &&
                    ska_point_decode(&v2, s->v[i]) == SKA_OK,
                "a commitment does not decode");
        ska_point_add(&v1, &v1, &v2);
    }
    double decoded = now_us();
    require(ska_sign_verify(signature, key.public_key, SKA_LABEL_SIGN_SUBMISSION, message,
                            sizeof message) == SKA_OK,
            "the signature does not hold");
    res->decode_v1_v2_u = (decoded - start) / u;
    res->signature_u = (now_us() - decoded) / u;
}

static void measure_curve(struct results *res, struct submission *s, ska_point *points)
{
    for (size_t n = 32; n <= COUNTS_MAX && res->n_curve < CURVE_MAX; n *= 2) {
        require(ska_proof_generators_prepare(n * BITS) == SKA_OK, "no memory");
        submission_init(s, n, (uint32_t)n);
        submission_commit(s);
        double u = measure_u();
        double start = now_us();
        submission_prove(s);
        double middle = now_us();
        submission_verify(s, points);
        size_t i = res->n_curve++;
        res->curve_n[i] = n;
        res->curve_prove_u[i] = (middle - start) / u;
        res->curve_verify_u[i] = (now_us() - middle) / u;
    }
}

static void print_results(const struct results *res)
{
    printf("u_us %.2f\n", res->u_us);
    printf("commit_500_u %.0f\n", res->commit_u);
    printf("prove_500x16_u %.0f\n", res->prove_u);
    printf("verify_500x16_u %.0f\n", res->verify_u);
    printf("verify_batch%zu_each_u %.1f\n", res->n_batch, res->batch_u);
    printf("of which decoding and context %.1f\n", res->decode_u);
    printf("decode_v1_v2_each_u %.1f\n", res->decode_v1_v2_u);
    printf("signature_each_u %.1f\n", res->signature_u);
    printf("batches: submissions, u\n");
    for (size_t i = 0; i < res->n_batches; i++)
        printf("  %5zu %9.0f\n", res->batch_n[i], res->batch_total_u[i]);
    printf("generators_8192_u %.0f\n", res->generators_u);
    printf("counts of 16 bits: prove u, verify u\n");
    for (size_t i = 0; i < res->n_curve; i++)
        printf("  %5zu %9.0f %9.0f\n", res->curve_n[i], res->curve_prove_u[i],
               res->curve_verify_u[i]);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("max_rss_mb %ld\n", usage.ru_maxrss / 1024);
}

static void write_curve(FILE *f, const char *name, const size_t *n, const double *u, size_t len)
{
    fprintf(f, "\"%s\":[", name);
    for (size_t i = 0; i < len; i++)
        fprintf(f, "%s[%zu,%.1f]", i == 0 ? "" : ",", n[i], u[i]);
    fputs("]", f);
}

static void write_json(const char *path, const struct results *res)
{
    FILE *f = fopen(path, "w");
    require(f != NULL, "the JSON file cannot be written");
    fprintf(f,
            "{\"u_us\":%.3f,\"commit_500_u\":%.1f,\"prove_500x16_u\":%.1f,"
            "\"verify_500x16_u\":%.1f,\"verify_batch%zu_each_u\":%.2f,"
            "\"verify_batch%zu_decode_each_u\":%.2f,\"generators_8192_u\":%.1f,"
            "\"decode_v1_v2_each_u\":%.2f,\"signature_each_u\":%.2f,",
            res->u_us, res->commit_u, res->prove_u, res->verify_u, res->n_batch, res->batch_u,
            res->n_batch, res->decode_u, res->generators_u, res->decode_v1_v2_u, res->signature_u);
    write_curve(f, "curve_contributors", res->batch_n, res->batch_total_u, res->n_batches);
    fputs(",", f);
    write_curve(f, "curve_counts", res->curve_n, res->curve_verify_u, res->n_curve);
    fputs(",", f);
    write_curve(f, "curve_counts_prove", res->curve_n, res->curve_prove_u, res->n_curve);
    fputs("}\n", f);
    require(fclose(f) == 0, "the JSON file cannot be written");
}

/* u alone, for scripts: the median, in microseconds. */
static void print_u(void)
{
    double u[RUNS];
    ska_group_init();
    for (size_t i = 0; i < RUNS; i++)
        u[i] = measure_u();
    printf("%.3f\n", median(u, RUNS));
}

int main(int argc, char **argv)
{
    const char *json = NULL;
    size_t n_proofs = 290;
    if (argc == 2 && strcmp(argv[1], "--u") == 0) {
        print_u();
        return 0;
    }
    for (int i = 1; i < argc; i += 2) {
        require(i + 1 < argc, "usage: bench_crypto [--json FILE] [--proofs N] | --u");
        if (strcmp(argv[i], "--json") == 0)
            json = argv[i + 1];
        else if (strcmp(argv[i], "--proofs") == 0)
            n_proofs = strtoul(argv[i + 1], NULL, 10);
        else
            require(false, "usage: bench_crypto [--json FILE] [--proofs N]");
    }
    require(n_proofs >= 1 && n_proofs <= 10000, "--proofs: 1 to 10000");
    for (size_t j = 0; j < COUNTS_MAX; j++) {
        bounds[j] = (1u << BITS) - 1;
        cells[j] = (uint32_t)j;
    }
    ska_group_init();
    struct results res = {0};
    struct submission *s = calloc(1, sizeof *s);
    ska_point *points = calloc(COUNTS_MAX, sizeof *points);
    require(s != NULL && points != NULL, "no memory");
    measure_one(&res, s, points);
    measure_beside(&res, s);
    measure_batch(&res, n_proofs);
    measure_curve(&res, s, points);
    print_results(&res);
    if (json != NULL)
        write_json(json, &res);
    free(points);
    free(s);
    return 0;
}
