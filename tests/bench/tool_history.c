/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_history.c - years of collected periods in a publisher's folder, for the benchmark of
 * publishing.
 *
 *     tool_history catalogue FILE CELLS
 *         a catalogue of CELLS counts, with tables of three and of four categories
 *     tool_history collect HOME LEADER_KEY HELPER_KEY PERIOD...
 *     tool_history sign HOME SECOND_KEY PERIOD
 *         the second signature, beside the period's draft
 *
 * `collect` leaves each period as open, close and collect would, its figures from a formula: what
 * publishing reads and checks is genuine (parameters, accepted list, totals, shares, sums,
 * signatures). Only the submissions are not: years of 290 contributors' proofs would take hours.
 * They are random bytes of the right length under the accepted list's hashes; publishing copies
 * them into the bundle and opens none. A correction (2025Q2.r1, after 2025Q2) changes three
 * contributors' figures. The second signer's program would, so `sign` looks at
 * nothing.
 */
#define _GNU_SOURCE /* timegm */
#include "reports/collect.h"
#include "reports/release.h"

#include "crypto/auditsum.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/scoped.h"
#include "protocol/documents.h"
#include "protocol/revision.h"
#include "support/file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#define TABLE_CELLS 8u /* of an indicator: total, three categories, four */
#define XR_BYTES 64u

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

static void *have(void *memory)
{
    if (memory == NULL)
        stop("out of memory");
    return memory;
}

static struct ska_slice slice(const struct ska_writer *w)
{
    struct ska_error err = {0};
    need(ska_writer_status(w), &err, "writing");
    return (struct ska_slice){w->data, w->len};
}

/* --- catalogue -------------------------------------------------------------------------------- */

static json_t *both(const char *text)
{
    return json_pack("{s:s, s:s}", "sv", text, "en", text);
}

static json_t *dimension(const char *code, const char *label, size_t n)
{
    json_t *categories = json_array();
    for (size_t i = 0; i < n; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "K%zu", i + 1);
        if (json_array_append_new(categories,
                                  json_pack("{s:s, s:o}", "code", name, "label", both(name))) != 0)
            stop("out of memory");
    }
    return json_pack("{s:s, s:o, s:o}", "code", code, "label", both(label), "categories",
                     categories);
}

static json_t *indicator(unsigned long number, bool has_tables)
{
    char code[24], label[80];
    (void)snprintf(code, sizeof code, "N%04lu", number);
    (void)snprintf(label, sizeof label, "Ärenden av slaget %lu som har inletts", number);
    json_t *tables = has_tables ? json_pack("[s, s]", "KON", "TYP") : json_array();
    return have(json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:i, s:o, s:{s:s}}", "code", code,
                          "label", both(label), "unit", both("ärenden"), "origin", "derived",
                          "cadence", "quarter", "yearly", "sum", "sensitivity", "case", "bound",
                          65535, "tables", tables, "count", "records", "cases"));
}

static int write_catalogue(const char *path, unsigned long cells)
{
    json_t *indicators = json_array();
    unsigned long number = 1;
    for (unsigned long have_cells = 0; have_cells < cells; number++) {
        bool has_tables = cells - have_cells >= TABLE_CELLS;
        if (json_array_append_new(indicators, indicator(number, has_tables)) != 0)
            stop("out of memory");
        have_cells += has_tables ? TABLE_CELLS : 1;
    }
    json_t *columns =
        json_pack("[{s:s, s:s, s:b}, {s:s, s:s, s:s}, {s:s, s:s, s:s}]", "code", "arende", "kind",
                  "id", "required", 1, "code", "kon", "kind", "category", "dimension", "KON",
                  "code", "typ", "kind", "category", "dimension", "TYP");
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:o, s:[o, o], s:[{s:s, s:o, s:o}], s:o}", "skarva_catalogue", 1, "id",
        "history", "edition", "1", "title", both("Samverkan mot våld"), "dimensions",
        dimension("KON", "kön", 3), dimension("TYP", "typ av våld", 4), "record_kinds", "code",
        "cases", "label", both("Ärenden"), "columns", columns, "indicators", indicators);
    if (root == NULL || json_dump_file(root, path, JSON_COMPACT) != 0)
        stop("%s: cannot be written", path);
    json_decref(root);
    return 0;
}

/* --- figures ---------------------------------------------------------------------------------- */

/* What all counts of a period follow from. */
struct making {
    uint32_t n_contributors, period, revision;
};

/* A correction changes the figures of the first three contributors, and nobody else's. */
#define CHANGED 3u

/* A number that follows from four, evenly spread. */
static uint32_t mix(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t hash = 2166136261u;
    const uint32_t of[4] = {a, b, c, d};
    for (size_t i = 0; i < 4; i++) {
        hash = (hash ^ of[i]) * 16777619u;
        hash ^= hash >> 15;
    }
    hash *= 2246822519u;
    return hash ^ hash >> 13;
}

/* Of seven kinds of cells one is rare, with about four in all of the country, so that some cells
 * are small whatever its size; the others are more or less common. */
static uint64_t count_of(const struct making *m, uint32_t contributor, uint32_t indicator_index,
                         uint32_t category)
{
    static const uint32_t per_mille[] = {0, 300, 600, 900, 1000, 800, 1000};
    uint32_t again = contributor < CHANGED ? 1000 * m->revision : 0;
    uint32_t luck = mix(contributor, indicator_index, category, m->period + again);
    uint32_t kind = (3 * indicator_index + category) % (sizeof per_mille / sizeof per_mille[0]);
    if (kind == 0)
        return luck % m->n_contributors < 2 ? 1 + luck / 1000 % 3 : 0;
    return luck % 1000 < per_mille[kind] ? 1 + luck / 1000 % 12 : 0;
}

/* One contributor's counts: by TYP from the formula, their sum, and the same sum by KON. */
static void count_indicator(uint64_t *counts, const struct making *m,
                            const struct ska_layout *layout, uint32_t cell, uint32_t contributor)
{
    uint32_t which = layout->cells[cell].indicator;
    uint64_t total = 0;
    const struct ska_table *by_sex = NULL;
    for (uint32_t t = 0; t < layout->n_tables; t++) {
        const struct ska_table *table = &layout->tables[t];
        if (table->total != cell)
            continue;
        if (table->n_categories == 3) {
            by_sex = table;
            continue;
        }
        for (uint32_t j = 0; j < table->n_categories; j++) {
            counts[table->first + j] = count_of(m, contributor, which, j);
            total += counts[table->first + j];
        }
    }
    counts[cell] = by_sex == NULL ? count_of(m, contributor, which, 0) : total;
    if (by_sex == NULL)
        return;
    uint64_t other = total > 0 && mix(contributor, which, 99, m->period) % 4 == 0 ? 1 : 0;
    counts[by_sex->first + 1] = (total - other) / 3;
    counts[by_sex->first + 2] = other;
    counts[by_sex->first] = total - other - counts[by_sex->first + 1];
}

static void add_to_block(uint64_t *total, const uint64_t *counts, uint32_t n)
{
    for (uint32_t j = 0; j < n; j++)
        total[j] += counts[j];
}

/* The totals of all blocks: everybody's, then each group's. The caller frees. */
static uint64_t *make_totals(const struct ska_task *task, uint32_t period, uint32_t revision)
{
    uint32_t n = task->layout->n_cells;
    const struct ska_groups *groups = &task->parameters.groups;
    uint64_t *total = have(ska_alloc(task->n_figures, sizeof *total));
    uint64_t *counts = have(ska_alloc(n, sizeof *counts));
    const struct making how = {task->parameters.roster.n, period, revision};
    for (uint32_t i = 0; i < task->parameters.roster.n; i++) {
        for (uint32_t cell = 0; cell < n; cell++)
            if (task->layout->cells[cell].kind == SKA_CELL_TOTAL)
                count_indicator(counts, &how, task->layout, cell, i);
        add_to_block(total, counts, n);
        for (uint32_t g = 0; g < groups->n; g++)
            for (uint32_t m = 0; m < groups->at[g].n_members; m++)
                if (groups->at[g].members[m] == i)
                    add_to_block(total + (size_t)(g + 1) * n, counts, n);
    }
    free(counts);
    return total;
}

/* --- a period --------------------------------------------------------------------------------- */

struct aggregators {
    struct ska_signing_key key[2];
};

static void keep(const struct period *p, const char *name, const struct ska_writer *w, bool secret)
{
    struct ska_error err = {0};
    need(period_write(p, name, slice(w), secret, &err), &err, name);
}

/* Proposed by the publisher, signed by all three. */
static void agree(struct period *p, const struct aggregators *by, uint64_t window_start_s)
{
    struct ska_error err = {0};
    const struct ska_hpke_recipient hpke[2] = {{1, {7}}, {1, {8}}}; /* nobody encrypts to them */
    need(period_propose(p, hpke, window_start_s, 14 * 86400, &err), &err, p->name);
    struct ska_signed_parameters s = {.parameters = {p->task->encoded, p->task->encoded_len}};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    need(ska_parameters_sign(s.publisher, p->task, &p->collection->signing_key), &err, "publisher");
    need(ska_parameters_sign(s.leader, p->task, &by->key[0]), &err, "leader");
    need(ska_parameters_sign(s.helper, p->task, &by->key[1]), &err, "helper");
    ska_signed_parameters_encode(&w, &s);
    need(period_keep_signed(p, slice(&w), &err), &err, p->name);
}

/* Not durably, unlike all the rest: it is the many files that take time. */
static void keep_submission(const char *folder, uint32_t contributor, const uint8_t *bytes,
                            size_t len)
{
    char path[1200];
    (void)snprintf(path, sizeof path, "%s/%05" PRIu32, folder, contributor);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
        stop("%s: cannot be written", path);
}

/* What stands for the submissions, and the signed list of them. Out: hash of the list. */
static void make_list(uint8_t hash[static 32], const struct period *p, const struct aggregators *by)
{
    struct ska_error err = {0};
    size_t len = 0;
    uint32_t n = p->task->parameters.roster.n;
    need(ska_public_share_length(&len, p->task->config.statement), &err, "length");
    SKA_SCOPED(ska_scoped_free) char *folder = have(file_join(p->folder, "submissions"));
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = have(ska_alloc(16 + len, 1));
    need(file_make_folder(folder, false, &err), &err, folder);
    struct ska_accepted list = {
        .close_serial = 2, .n = n, .at = have(ska_alloc(n, sizeof *list.at))};
    memcpy(list.task_id, p->task->context.task_id, 32);
    memcpy(list.parameters_hash, p->task->context.parameters_hash, 32);
    for (uint32_t i = 0; i < n; i++) {
        struct ska_accepted_entry *entry = &list.at[i];
        ska_random(bytes, 16 + len);
        *entry = (struct ska_accepted_entry){.contributor = i, .number = 1, .length = len};
        memcpy(entry->report_id, bytes, 16);
        ska_sha256(entry->sha256, bytes + 16, len);
        keep_submission(folder, i, bytes, 16 + len);
    }
    SKA_SCOPED(ska_writer_clear) struct ska_writer encoded = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer all = {0};
    ska_accepted_encode(&encoded, &list);
    ska_accepted_clear(&list);
    struct ska_signed_accepted s = {.list = slice(&encoded)};
    need(ska_accepted_sign(s.leader, &by->key[0], s.list), &err, "leader");
    need(ska_accepted_sign(s.helper, &by->key[1], s.list), &err, "helper");
    ska_signed_accepted_encode(&all, &s);
    ska_accepted_hash(hash, s.list);
    keep(p, "accepted", &all, false);
}

/* Both aggregators' openings of how many changed. */
static void make_changes(const struct period *p, const struct aggregators *by,
                         const uint8_t hash[static 32])
{
    struct ska_error err = {0};
    SKA_SCOPED(ska_atoms_clear) struct ska_atoms atoms = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer both = {0};
    need(ska_atoms_init(&atoms, &p->task->parameters.groups, p->task->parameters.roster.n), &err,
         "atoms");
    SKA_SCOPED(ska_scoped_free) uint8_t *openings = have(ska_alloc(atoms.n, XR_BYTES));
    for (int k = 0; k < 2; k++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer one = {0};
        for (uint32_t a = 0; a < atoms.n; a++) {
            ska_scalar x = ska_scalar_from_u64(k == 0 && a == atoms.of[0] ? CHANGED : 0), r;
            ska_scalar_random(&r);
            ska_scalar_encode(openings + (size_t)XR_BYTES * a, &x);
            ska_scalar_encode(openings + (size_t)XR_BYTES * a + 32, &r);
        }
        struct ska_changes changes = {.role = k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER,
                                      .n_atoms = atoms.n,
                                      .openings = openings};
        memcpy(changes.task_id, p->task->context.task_id, 32);
        memcpy(changes.accepted_hash, hash, 32);
        need(ska_changes_write(&one, &changes, &by->key[k]), &err, "changes");
        ska_write_opaque32(&both, one.data, one.len);
    }
    keep(p, "changes", &both, false);
}

/* Name what a correction corrects: the revision before it. */
static void name_previous(struct period *p)
{
    struct ska_error err = {0};
    char name[PERIOD_NAME_MAX + 1];
    size_t len = 0;
    SKA_SCOPED(period_clear) struct period last = {0};
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    period_name(name, p->base, p->revision - 1);
    need(period_load_open(&last, p->collection, name, &err), &err, name);
    p->previous.exists = true;
    memcpy(p->previous.task_id, last.task->context.task_id, sizeof p->previous.task_id);
    need(collect_read_accepted(&list, &bytes, &len, p->previous.accepted_hash, &last, &err), &err,
         name);
}

/* Each total split in two at random, with blindings; commitments to both parts are the sums. */
static void split(uint8_t *xr[2], struct collect_sums *sums, uint32_t j, uint64_t total)
{
    ska_scalar all = ska_scalar_from_u64(total), x[2], r[2];
    ska_scalar_random(&x[0]);
    ska_scalar_sub(&x[1], &all, &x[0]);
    for (int k = 0; k < 2; k++) {
        ska_scalar_random(&r[k]);
        ska_scalar_encode(xr[k] + (size_t)XR_BYTES * j, &x[k]);
        ska_scalar_encode(xr[k] + (size_t)XR_BYTES * j + 32, &r[k]);
        ska_commit(&sums->v[k][j], &x[k], &r[k]);
    }
}

static void make_sums(const struct period *p, const struct aggregators *by,
                      const uint8_t hash[static 32], uint32_t number)
{
    struct ska_error err = {0};
    uint32_t n = p->task->n_figures;
    size_t len = (size_t)XR_BYTES * n;
    SKA_SCOPED(ska_scoped_free) uint64_t *total = make_totals(p->task, number, p->revision);
    SKA_SCOPED(collect_sums_clear) struct collect_sums sums = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer kept = {0};
    uint8_t *xr[2] = {have(ska_alloc(len, 1)), have(ska_alloc(len, 1))};
    need(collect_sums_new(&sums, n), &err, "sums");
    for (uint32_t j = 0; j < n; j++)
        split(xr, &sums, j, total[j]);
    need(collect_store_sums(&sums, p, &err), &err, "sums");
    for (int k = 0; k < 2; k++) {
        uint8_t root[32], signature[64];
        need(ska_aggregate_root(root, (struct ska_slice){xr[k], len}), &err, "root");
        need(ska_aggregate_root_sign(signature, &by->key[k], p->task->context.task_id,
                                     k == 0 ? SKA_ROLE_LEADER : SKA_ROLE_HELPER, hash, n, root),
             &err, "root");
        ska_write_u32(&kept, (uint32_t)(len + sizeof signature));
        ska_write_bytes(&kept, xr[k], len);
        ska_write_bytes(&kept, signature, sizeof signature);
        free(xr[k]);
    }
    keep(p, "collected", &kept, true);
}

/* Midnight (UTC) of the day after a quarter "2025Q2". */
static uint64_t end_of(const char *name)
{
    int year = 0, quarter = 0;
    if (sscanf(name, "%4dQ%1d", &year, &quarter) != 2)
        stop("%s: is no quarter", name);
    struct tm t = {.tm_year = year - 1900, .tm_mon = 3 * quarter, .tm_mday = 1};
    return (uint64_t)timegm(&t);
}

static int collect(const char *home, const char *leader_key, const char *helper_key,
                   char *const *names, size_t n)
{
    struct ska_error err = {0};
    struct aggregators by;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    const struct options o = {.home = home};
    ska_group_init();
    need(keyfile_read_signing(&by.key[0], leader_key, &err), &err, leader_key);
    need(keyfile_read_signing(&by.key[1], helper_key, &err), &err, helper_key);
    need(home_collection_load(&c, &o, &err), &err, home);
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[32];
        SKA_SCOPED(period_clear) struct period p = {0};
        need(period_load(&p, &c, names[i], &err), &err, names[i]);
        uint64_t begin = end_of(p.base) + (uint64_t)p.revision * 60 * 86400;
        if (p.revision > 0)
            name_previous(&p);
        agree(&p, &by, begin);
        make_list(hash, &p, &by);
        make_sums(&p, &by, hash, (uint32_t)(end_of(p.base) / (90 * 86400)));
        if (p.revision > 0)
            make_changes(&p, &by, hash);
        need(period_write_collected_on(&p, begin + 15 * 86400, &err), &err, names[i]);
    }
    return 0;
}

static int sign(const char *home, const char *second_key, const char *name)
{
    struct ska_error err = {0};
    struct ska_signing_key key;
    struct ska_release release;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    const struct options o = {.home = home};
    ska_group_init();
    need(keyfile_read_signing(&key, second_key, &err), &err, second_key);
    need(home_collection_load(&c, &o, &err), &err, home);
    need(period_load_open(&p, &c, name, &err), &err, name);
    SKA_SCOPED(ska_scoped_free) char *draft_path = have(release_draft_path(&p));
    SKA_SCOPED(ska_scoped_free) char *signature_path = have(release_signature_path(&p, NULL));
    SKA_SCOPED(ska_scoped_free) uint8_t *draft = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t len = 0, n = 0;
    uint8_t signature[64];
    char text[RELEASE_SIGNATURE_TEXT_MAX];
    need(file_read(&draft, &len, draft_path, (size_t)1 << 30, &err), &err, draft_path);
    need(ska_bundle_read(&files, &n, (struct ska_slice){draft, len}, &err), &err, draft_path);
    need(ska_release_decode(&release, files[n - 1].data), &err, draft_path);
    need(ska_release_sign(signature, SKA_RELEASE_SECOND, &key, release.body), &err, "sign");
    release_signature_text(text, release.task_id, signature);
    need(file_write(signature_path, text, strlen(text), false, &err), &err, signature_path);
    ska_signing_key_clear(&key);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "catalogue") == 0)
        return write_catalogue(argv[2], strtoul(argv[3], NULL, 10));
    if (argc > 5 && strcmp(argv[1], "collect") == 0)
        return collect(argv[2], argv[3], argv[4], argv + 5, (size_t)argc - 5);
    if (argc == 5 && strcmp(argv[1], "sign") == 0)
        return sign(argv[2], argv[3], argv[4]);
    fputs("usage: tool_history catalogue FILE CELLS\n"
          "       tool_history collect HOME LEADER_KEY HELPER_KEY PERIOD...\n"
          "       tool_history sign HOME SECOND_KEY PERIOD\n",
          stderr);
    return 2;
}
