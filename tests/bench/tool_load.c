/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_load.c - a whole country's officers in one process, for the benchmark of a national quarter.
 *
 *     tool_load roster DIR N CELLS BITS
 *         DIR/catalogue.json, DIR/cards/CODE.txt, DIR/keys/CODE
 *     tool_load make DIR PARAMETERS ROUNDS THREADS
 *         submissions 1..ROUNDS of everybody: DIR/reports/ROUND-CODE
 *     tool_load upload DIR URL CA TASK ROUNDS CONNECTIONS
 *         POST them over keep-alive connections; prints a line of latencies
 *     tool_load wait URL CA TASK DIR ROUND
 *         until everybody's submission ROUND has its receipt
 *
 * Submissions are prepared beforehand, so that the clock sees the servers and not the officers'
 * machines.
 */
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "protocol/dap.h"
#include "protocol/documents.h"
#include "protocol/resources.h"
#include "support/file.h"
#include "support/https.h"
#include "support/keyfile.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

static _Noreturn void stop(const char *format, ...) SKA_PRINTF(1, 2);
static void stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void need(enum ska_status status, const struct ska_error *err, const char *what)
{
    if (status != SKA_OK)
        stop("%s: %s", what, err->text[0] != '\0' ? err->text : ska_status_text(status));
}

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct ska_slice slice(const uint8_t *data, size_t len)
{
    return (struct ska_slice){data, len};
}

static void path_of(char out[static 1000], const char *folder, const char *kind, const char *name)
{
    (void)snprintf(out, 1000, "%s/%s/%s", folder, kind, name);
}

/* --- roster --- */

static json_t *both(const char *text)
{
    return json_pack("{s:s, s:s}", "sv", text, "en", text);
}

static void write_catalogue(const char *folder, unsigned long cells, unsigned long bits)
{
    json_t *indicators = json_array();
    for (unsigned long i = 0; i < cells; i++) {
        char code[24];
        (void)snprintf(code, sizeof code, "N%04lu", i + 1);
        json_t *one = json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:I, s:{s:s, s:[{s:s, s:[s]}]}}",
                                "code", code, "label", both(code), "unit", both("ärende"), "origin",
                                "derived", "cadence", "quarter", "sensitivity", "case", "bound",
                                (json_int_t)((UINT64_C(1) << bits) - 1), "count", "records",
                                "events", "where", "column", "typ", "is", code);
        if (json_array_append_new(indicators, one) != 0)
            stop("out of memory");
    }
    json_t *columns = json_pack("[{s:s, s:s, s:b}, {s:s, s:s, s:b}]", "code", "arende", "kind",
                                "id", "required", 1, "code", "typ", "kind", "text", "required", 1);
    json_t *root = json_pack("{s:i, s:s, s:s, s:o, s:[{s:s, s:o, s:o}], s:o}", "skarva_catalogue",
                             1, "id", "national", "edition", "1", "title", both("Riket"),
                             "record_kinds", "code", "events", "label", both("Händelser"),
                             "columns", columns, "indicators", indicators);
    char path[1000];
    (void)snprintf(path, sizeof path, "%s/catalogue.json", folder);
    if (root == NULL || json_dump_file(root, path, JSON_COMPACT) != 0)
        stop("%s: cannot be written", path);
    json_decref(root);
}

static int make_roster(const char *folder, unsigned long n, unsigned long cells, unsigned long bits)
{
    struct ska_error err = {0};
    char path[1000];
    write_catalogue(folder, cells, bits);
    static const char *const kinds[] = {"cards", "keys", "reports"};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, kinds[i]);
        need(file_make_folder(path, false, &err), &err, path);
    }
    for (unsigned long i = 0; i < n; i++) {
        struct ska_contributor c = {0};
        struct ska_signing_key key;
        char card[SKA_KEY_CARD_MAX];
        (void)snprintf(c.code, sizeof c.code, "%04lu", i + 1);
        (void)snprintf(c.name, sizeof c.name, "Kommun %lu", i + 1);
        need(ska_signing_key_generate(&key), &err, "key");
        memcpy(c.key, key.public_key, sizeof c.key);
        need(ska_key_card_write(card, &c, &key), &err, "card");
        path_of(path, folder, "cards", c.code);
        need(file_write(path, card, strlen(card), false, &err), &err, path);
        path_of(path, folder, "keys", c.code);
        need(keyfile_write_signing(path, &key, &err), &err, path);
        ska_signing_key_clear(&key);
    }
    return 0;
}

/* --- make --- */

struct making {
    const char *folder;
    struct ska_task *task;
    uint32_t rounds;
    uint32_t next; /* guarded by lock: the next (round, contributor) to make */
    pthread_mutex_t lock;
};

static void seal(struct ska_writer *out, const struct making *m, enum ska_role role,
                 const struct ska_dap_metadata *metadata, struct ska_slice public_share,
                 const struct ska_writer *share)
{
    struct ska_error err = {0};
    const struct ska_parameters *p = &m->task->parameters;
    const struct ska_hpke_recipient *to =
        role == SKA_ROLE_LEADER ? &p->leader_hpke : &p->helper_hpke;
    need(ska_dap_input_share_seal(out, to->config_id, to->public_key, role, m->task, metadata,
                                  public_share, slice(share->data, share->len)),
         &err, "seal");
}

static struct ska_dap_ciphertext ciphertext_of(const struct ska_writer *w)
{
    struct ska_reader r;
    struct ska_dap_ciphertext c = {0};
    struct ska_error err = {0};
    ska_reader_init(&r, w->data, w->len);
    need(ska_dap_ciphertext_decode(&c, &r), &err, "ciphertext");
    return c;
}

/* One report: shard, seal twice, write. */
static void make_one(const struct making *m, uint32_t contributor, uint64_t number)
{
    struct ska_error err = {0};
    const struct ska_task *task = m->task;
    const char *code = task->parameters.roster.at[contributor].code;
    uint32_t n = task->layout->n_cells;
    char path[1000];
    path_of(path, m->folder, "keys", code);
    struct ska_signing_key key;
    need(keyfile_read_signing(&key, path, &err), &err, path);
    uint64_t *counts = ska_alloc(n, sizeof *counts);
    if (counts == NULL)
        stop("out of memory");
    for (uint32_t i = 0; i < n; i++)
        counts[i] = (contributor * 7 + i * 13 + number) % 100;
    struct ska_auditsum_measurement measurement = {
        .counts = counts, .contributor = contributor, .number = number, .key = &key};
    struct ska_dap_report report = {.metadata = {.time = ska_task_time(task)}};
    ska_random(report.metadata.report_id, sizeof report.metadata.report_id);
    SKA_SCOPED(ska_writer_clear) struct ska_writer public_share = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer leader = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer helper = {0};
    need(ska_auditsum.shard(&public_share, &leader, &helper, &task->config, &measurement,
                            report.metadata.report_id, &err),
         &err, code);
    report.public_share = slice(public_share.data, public_share.len);
    SKA_SCOPED(ska_writer_clear) struct ska_writer sealed_leader = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer sealed_helper = {0};
    seal(&sealed_leader, m, SKA_ROLE_LEADER, &report.metadata, report.public_share, &leader);
    seal(&sealed_helper, m, SKA_ROLE_HELPER, &report.metadata, report.public_share, &helper);
    report.leader = ciphertext_of(&sealed_leader);
    report.helper = ciphertext_of(&sealed_helper);
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    ska_dap_report_encode(&body, &report);
    need(ska_writer_status(&body), &err, "report");
    char name[64];
    (void)snprintf(name, sizeof name, "%" PRIu64 "-%s", number, code);
    path_of(path, m->folder, "reports", name);
    need(file_write(path, body.data, body.len, false, &err), &err, path);
    free(counts);
    ska_signing_key_clear(&key);
}

static void *make_some(void *arg)
{
    struct making *m = arg;
    uint32_t n = m->task->parameters.roster.n;
    for (;;) {
        (void)pthread_mutex_lock(&m->lock);
        uint32_t i = m->next++;
        (void)pthread_mutex_unlock(&m->lock);
        if (i >= n * m->rounds)
            return NULL;
        make_one(m, i % n, i / n + 1);
    }
}

static void run_threads(void *(*body)(void *), void *arg, size_t stride, unsigned long n)
{
    pthread_t *threads = ska_alloc(n, sizeof *threads);
    for (unsigned long i = 0; i < n; i++) {
        if (threads == NULL ||
            pthread_create(&threads[i], NULL, body, (char *)arg + i * stride) != 0)
            stop("threads cannot be started");
    }
    for (unsigned long i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    free(threads);
}

static int make_reports(const char *folder, const char *parameters, uint32_t rounds,
                        unsigned long threads)
{
    struct ska_error err = {0};
    struct making m = {.folder = folder, .rounds = rounds, .lock = PTHREAD_MUTEX_INITIALIZER};
    uint8_t *bytes = NULL;
    size_t len = 0;
    need(file_read(&bytes, &len, parameters, SKA_PARAMETERS_BYTES_MAX, &err), &err, parameters);
    struct ska_signed_parameters signed_parameters;
    need(ska_signed_parameters_decode(&signed_parameters, slice(bytes, len)), &err, parameters);
    ska_group_init();
    need(ska_task_new(&m.task, signed_parameters.parameters, &err), &err, parameters);
    need(ska_signed_parameters_verify(&signed_parameters, m.task, &err), &err, parameters);
    make_one(&m, 0, 1); /* fills the process-wide generator cache before threads start */
    run_threads(make_some, &m, 0, threads);
    char id[64];
    ska_base64url_encode(id, m.task->context.task_id, 32);
    printf("%s\n", id);
    ska_task_free(m.task);
    free(bytes);
    return 0;
}

/* --- upload --- */

struct uploading {
    const char *folder, *url, *ca, *task;
    size_t n_rounds;
    char **codes;
    size_t n_codes, first, step;
    double *latency_ms; /* by round and contributor */
    size_t n_refused;
};

static void upload_one(struct uploading *u, struct https_client *client, size_t round, size_t i)
{
    struct ska_error err = {0};
    char name[100];
    char path[1000];
    (void)snprintf(name, sizeof name, "%zu-%s", round + 1, u->codes[i]);
    path_of(path, u->folder, "reports", name);
    uint8_t *body = NULL;
    size_t len = 0;
    need(file_read(&body, &len, path, 64u << 20, &err), &err, path);
    (void)snprintf(path, sizeof path, "tasks/%s/reports", u->task);
    struct https_answer answer = {0};
    double begin = now_s();
    need(https_call(&answer, client, "POST", path, SKA_MEDIA_DAP_PREFIX "upload-req",
                    slice(body, len), &err),
         &err, path);
    u->latency_ms[round * u->n_codes + i] = (now_s() - begin) * 1000;
    u->n_refused += answer.body_len > 0;
    https_answer_clear(&answer);
    free(body);
}

static void *upload_some(void *arg)
{
    struct uploading *u = arg;
    struct ska_error err = {0};
    struct https_client *client = NULL;
    struct https_options options = {.base_url = u->url, .ca_file = u->ca};
    need(https_client_new(&client, &options, &err), &err, u->url);
    for (size_t round = 0; round < u->n_rounds; round++) {
        for (size_t i = u->first; i < u->n_codes; i += u->step)
            upload_one(u, client, round, i);
    }
    https_client_free(client);
    return NULL;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The codes of a roster made by make_roster: 0001, 0002, ... as long as there are keys. */
static char **list_codes(const char *folder, size_t *n)
{
    char **codes = ska_alloc(SKA_CONTRIBUTORS_MAX, sizeof *codes);
    char path[1000];
    char code[24];
    if (codes == NULL)
        stop("out of memory");
    for (*n = 0; *n < SKA_CONTRIBUTORS_MAX; (*n)++) {
        (void)snprintf(code, sizeof code, "%04zu", *n + 1);
        path_of(path, folder, "keys", code);
        if (!file_exists(path))
            break;
        codes[*n] = strdup(code);
    }
    return codes;
}

static int upload(char **args)
{
    size_t n = 0;
    char **codes = list_codes(args[0], &n);
    unsigned long connections = strtoul(args[5], NULL, 10);
    struct uploading *u = ska_alloc(connections, sizeof *u);
    size_t rounds = strtoul(args[4], NULL, 10);
    size_t n_all = n * rounds;
    double *latency_ms = ska_alloc(n_all, sizeof *latency_ms);
    if (u == NULL || latency_ms == NULL)
        stop("out of memory");
    for (size_t i = 0; i < connections; i++)
        u[i] = (struct uploading){.folder = args[0],
                                  .url = args[1],
                                  .ca = args[2],
                                  .task = args[3],
                                  .n_rounds = rounds,
                                  .codes = codes,
                                  .n_codes = n,
                                  .first = i,
                                  .step = connections,
                                  .latency_ms = latency_ms};
    double begin = now_s();
    run_threads(upload_some, u, sizeof *u, connections);
    double total = now_s() - begin;
    size_t refused = 0;
    for (size_t i = 0; i < connections; i++)
        refused += u[i].n_refused;
    for (size_t i = 0; i < n_all; i++)
        printf("latency_ms %.3f\n", latency_ms[i]);
    qsort(latency_ms, n_all, sizeof *latency_ms, compare_doubles);
    fprintf(stderr, "%zu uploads in %.2f s, %zu refused, p50 %.1f ms, p99 %.1f ms\n", n_all, total,
            refused, latency_ms[n_all / 2], latency_ms[n_all * 99 / 100]);
    return refused == 0 ? 0 : 1;
}

/* --- wait --- */

static bool has_receipt(struct https_client *client, const char *task_text,
                        const uint8_t task_id[32], uint32_t contributor,
                        const struct ska_signing_key *key, uint64_t number)
{
    struct ska_error err = {0};
    struct ska_query query = {.contributor = contributor, .time_s = (uint64_t)time(NULL)};
    memcpy(query.task_id, task_id, 32);
    uint8_t wire[SKA_QUERY_BYTES];
    need(ska_query_encode(wire, &query, key), &err, "query");
    char path[200];
    (void)snprintf(path, sizeof path, "skarva/tasks/%s/submissions", task_text);
    struct https_answer answer = {0};
    need(https_call(&answer, client, "POST", path, SKA_MEDIA_QUERY, slice(wire, sizeof wire), &err),
         &err, path);
    struct ska_submission_status *at = NULL;
    size_t n = 0;
    need(ska_submissions_decode(&at, &n, slice(answer.body, answer.body_len)), &err, path);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        if (at[i].number != number)
            continue;
        if (at[i].state == SKA_SUBMISSION_REJECTED)
            stop("contributor %u: submission %" PRIu64 " was rejected: %s", contributor, number,
                 ska_report_error_name(at[i].report_error));
        found = at[i].has_receipt;
    }
    free(at);
    https_answer_clear(&answer);
    return found;
}

static int wait_for_all(char **args)
{
    struct ska_error err = {0};
    uint8_t task_id[32];
    need(ska_base64url_decode(task_id, 32, args[2], strlen(args[2])), &err, args[2]);
    struct https_client *client = NULL;
    struct https_options options = {.base_url = args[0], .ca_file = args[1]};
    need(https_client_new(&client, &options, &err), &err, args[0]);
    size_t n = 0;
    char **codes = list_codes(args[3], &n);
    uint64_t number = strtoull(args[4], NULL, 10);
    for (size_t i = 0; i < n; i++) {
        char path[1000];
        struct ska_signing_key key;
        path_of(path, args[3], "keys", codes[i]);
        need(keyfile_read_signing(&key, path, &err), &err, path);
        while (!has_receipt(client, args[2], task_id, (uint32_t)i, &key, number)) {
            struct timespec pause = {0, 50000000};
            (void)nanosleep(&pause, NULL);
        }
    }
    https_client_free(client);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "roster") == 0)
        return make_roster(argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
                           strtoul(argv[5], NULL, 10));
    if (argc == 6 && strcmp(argv[1], "make") == 0)
        return make_reports(argv[2], argv[3], (uint32_t)strtoul(argv[4], NULL, 10),
                            strtoul(argv[5], NULL, 10));
    if (argc == 8 && strcmp(argv[1], "upload") == 0)
        return upload(argv + 2);
    if (argc == 7 && strcmp(argv[1], "wait") == 0)
        return wait_for_all(argv + 2);
    fputs("usage: see the head of tests/bench/tool_load.c\n", stderr);
    return 2;
}
