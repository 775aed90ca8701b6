/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_increment.c - what the newest entries of a public log cost an audit that begins with them.
 *
 *     tool_increment BEFORE NEW ROUNDS OUT.json
 *
 * A bundle has every entry of the log from its task's first one on, and of those before only the
 * edge of their tree (log_part.h). The checks log-form and log-root, which look at every entry, are
 * timed over NEW entries of other tasks that come after BEFORE others, and over the same NEW
 * entries of a log that has no others: audit_incremental_ratio is the first by the second,
 * processor time, the median of ROUNDS rounds of both, one right after the other.
 */
#include "audit/check.h"
#include "audit/log_evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/tamper/make_bundle.h"

/* A bundle's files of a log. */
struct part_files {
    struct ska_writer left, leaves, records;
    uint64_t size;
    uint8_t root[SKA_HASH_BYTES];
};

/* Somebody else's submission, as an entry. */
static size_t make_leaf(uint8_t out[static SKA_LEAF_BYTES_MAX], uint64_t i)
{
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION};
    struct ska_writer w = {0};
    memset(leaf.entry.task_id, 0xEE, sizeof leaf.entry.task_id);
    (void)snprintf(leaf.entry.period, sizeof leaf.entry.period, "2024Q1");
    leaf.entry.contributor = (uint32_t)(i % 290);
    leaf.entry.number = 1 + i;
    leaf.entry.length = 32768;
    ska_write_u64(&w, i);
    ska_sha256(leaf.entry.sha256, w.data, w.len);
    ska_writer_clear(&w);
    const size_t len = ska_log_leaf_encode(out, &leaf);
    return len;
}

/* The part of a log of n_before entries and then n more. */
static void make_part(struct part_files *files, uint64_t n_before, uint64_t n)
{
    uint8_t hash[SKA_HASH_BYTES], leaf[SKA_LEAF_BYTES_MAX];
    struct ska_log_part part = {.n = n};
    uint8_t(*kept)[SKA_LEAF_BYTES_MAX] = malloc(n * sizeof *kept);
    part.leaves = malloc(n * sizeof *part.leaves);
    world_expect(kept != NULL && part.leaves != NULL, "memory");
    for (uint64_t i = 0; i < n_before; i++) {
        ska_merkle_leaf(hash, leaf, make_leaf(leaf, i));
        ska_merkle_edge_add(&part.left, hash);
    }
    struct ska_merkle_edge all = part.left;
    for (uint64_t i = 0; i < n; i++) {
        part.leaves[i] = (struct ska_slice){kept[i], make_leaf(kept[i], n_before + i)};
        ska_merkle_leaf(hash, kept[i], part.leaves[i].len);
        ska_merkle_edge_add(&all, hash);
    }
    ska_merkle_edge_root(files->root, &all);
    files->size = all.size;
    ska_log_part_encode_left(&files->left, &part);
    ska_log_part_encode_leaves(&files->leaves, &part);
    ska_log_part_encode_records(&files->records, &part);
    world_must(ska_writer_status(&files->leaves));
    free(part.leaves);
    free(kept);
}

static double processor_s(void)
{
    struct timespec now;
    world_expect(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0, "a clock");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct ska_slice bytes_of(const struct ska_writer *w)
{
    return (struct ska_slice){w->len > 0 ? w->data : (const uint8_t *)"", w->len};
}

/* Seconds of the two checks, which must pass. The signatures on the checkpoint are not among them:
 * what it says is given. */
static double time_checks(struct ska_task *task, const struct part_files *files)
{
    static const uint8_t empty[1];
    struct evidence e = {.task = task, .jobs = 1};
    struct finding form = {0}, root = {0};
    e.log_file[SKA_BUNDLE_POLICY] = e.log_file[SKA_BUNDLE_CHECKPOINT] =
        (struct ska_slice){empty, 0};
    e.log_file[SKA_BUNDLE_LEFT] = bytes_of(&files->left);
    e.log_file[SKA_BUNDLE_LEAVES] = bytes_of(&files->leaves);
    e.log_file[SKA_BUNDLE_RECORDS] = bytes_of(&files->records);
    const double begin = processor_s();
    check_part_form(&e, &form);
    world_expect(form.n_bad == 0 && form.n_inputs > 0, form.detail);
    e.log->note.size = files->size;
    memcpy(e.log->note.root, files->root, sizeof files->root);
    check_part_root(&e, &root);
    const double end = processor_s();
    world_expect(root.n_bad == 0 && root.n_inputs == files->size, root.detail);
    e.task = NULL; /* the caller's */
    evidence_clear(&e);
    return end - begin;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct world_keys keys;
    struct part_files late = {0}, fresh = {0};
    double ratio[1000], alone[1000];
    const size_t rounds = argc == 5 ? strtoul(argv[3], NULL, 10) : 0;
    if (rounds == 0 || rounds > sizeof ratio / sizeof ratio[0])
        return 2;
    ska_group_init();
    world_keys_make(&keys);
    struct ska_task *task = world_task(&keys, &(struct world_options){.logged = true});
    make_part(&late, strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10));
    make_part(&fresh, 0, strtoull(argv[2], NULL, 10));
    for (size_t i = 0; i < rounds; i++) {
        alone[i] = time_checks(task, &fresh);
        ratio[i] = time_checks(task, &late) / alone[i];
    }
    qsort(ratio, rounds, sizeof *ratio, compare_doubles);
    qsort(alone, rounds, sizeof *alone, compare_doubles);
    FILE *out = fopen(argv[4], "we");
    world_expect(out != NULL, argv[4]);
    fprintf(out, "{\"audit_incremental_ratio\": %.3f, \"audit_log_entries_ms\": %.2f}\n",
            ratio[rounds / 2], 1e3 * alone[rounds / 2]);
    world_expect(fclose(out) == 0, argv[4]);
    ska_task_free(task);
    return 0;
}
