/* SPDX-License-Identifier: EUPL-1.2 */
/* log_suite.c - public logs that must be refused, and what two verifiers say of them. */
#include "tests/tamper/log_suite.h"

#include "tests/tamper/mutate_log.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "tests/test.h"

#define FILES_MAX 100
#define NAME_MAX_ 200

enum file_kind { FILE_ENTRIES, FILE_TILE, FILE_DOCUMENT, FILE_COUNTED, FILE_CHECKPOINT };
enum damage { DAMAGE_FLIP, DAMAGE_CUT, DAMAGE_LONGER, DAMAGE_MISSING, DAMAGE_RENAMED, N_DAMAGES };

#define OF_DOCUMENTS                                                   \
    "log-parameters log-commands log-closes log-changes log-releases " \
    "log-bundle"

/* By kind, then by damage. */
const struct log_class log_classes[] = {
    {"a bit flipped in a bundle of entries", "log-entries log-root", ""},
    {"a bundle of entries cut", "log-entries", ""},
    {"a bundle of entries a byte longer", "log-entries", ""},
    {"a bundle of entries missing", "log-entries", ""},
    {"a bundle of entries under another name", "log-entries", ""},
    {"a bit flipped in a tile", "log-tiles", ""},
    {"a tile cut", "log-tiles", ""},
    {"a tile a byte longer", "log-tiles", ""},
    {"a tile missing", "log-tiles", ""},
    {"a tile under another name", "log-tiles", ""},
    {"a bit flipped in a document", "log-blobs", OF_DOCUMENTS},
    {"a document cut", "log-blobs", OF_DOCUMENTS},
    {"a document a byte longer", "log-blobs", OF_DOCUMENTS},
    {"a document missing", "log-blobs", OF_DOCUMENTS},
    {"a document under another name", "log-blobs", OF_DOCUMENTS},
    {"a bit flipped in a counted submission", "log-closes", ""},
    {"a counted submission cut", "log-closes", ""},
    {"a counted submission a byte longer", "log-closes", ""},
    {"a counted submission missing", "log-closes", ""},
    {"a counted submission under another name", "log-closes", "log-blobs"},
    {"a bit flipped in the checkpoint", "log-checkpoint log-quorum", ""},
    {"the checkpoint cut", "log-checkpoint log-quorum", ""},
    {"the checkpoint a byte longer", "log-checkpoint", ""},
    {"the checkpoint missing", "log-checkpoint", ""},
    {"the checkpoint under another name", "log-checkpoint", ""},
};
const size_t n_log_classes = sizeof log_classes / sizeof log_classes[0];

/* Of these every file is damaged. */
static const char *const honest_logs[] = {"honest, with its bundle", "honest, corrected"};

struct log_file {
    char name[NAME_MAX_]; /* within the log */
    enum file_kind kind;
};

/* What is being looked at. */
struct bench {
    struct log_tally *tally;
    struct other_verifier *other;
    char here[1024]; /* the question's folder */
    char log[1100];
    struct log_given given;
};

/* --- verdicts ----------------------------------------------------------------------------------
 */

void log_judge(struct finding findings[static N_LOG_CHECKS], const char *folder,
               const struct log_given *given)
{
    struct log_evidence log = {
        .policy = {(const uint8_t *)given->policy, strlen(given->policy)},
        .has_trust = given->trust != NULL,
        .has_bundle = given->bundle != NULL,
    };
    struct evidence e = {.trust = given->trust, .jobs = 1, .log = &log};
    if (given->earlier != NULL)
        log.earlier = (struct ska_slice){(const uint8_t *)given->earlier, strlen(given->earlier)};
    if (given->bundle != NULL)
        e.archive = (struct ska_slice){given->bundle->archive, given->bundle->archive_len};
    world_must(log_place_init(&log.place, folder, NULL));
    (void)log_check_all(findings, &e, NULL);
    evidence_clear(&e);
    log_evidence_clear(&log);
}

void log_failed(char *out, size_t size, const struct finding findings[static N_LOG_CHECKS])
{
    out[0] = '\0';
    for (size_t i = 0; i < N_LOG_CHECKS; i++) {
        const size_t len = strlen(out);
        if (findings[i].outcome == OUTCOME_FAIL)
            (void)snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "",
                           log_check_table[i].id);
    }
}

void log_given_write(const char *folder, const struct log_given *given)
{
    char trust[TRUST_TEXT_MAX];
    trust_text(trust, given->trust);
    made_file_write(folder, "policy", given->policy, strlen(given->policy));
    made_file_write(folder, "trust", trust, strlen(trust));
    if (given->earlier != NULL)
        made_file_write(folder, "earlier", given->earlier, strlen(given->earlier));
    if (given->bundle != NULL)
        made_file_write(folder, "bundle", given->bundle->archive, given->bundle->archive_len);
}

static bool has_word(const char *words, const char *word, size_t len)
{
    for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

/* Whether what failed is one of `must` at least, and else only of `may`. */
static bool is_expected(const char *failed, const char *must, const char *may)
{
    bool is_seen = false;
    for (const char *at = failed; *at != '\0'; at += strspn(at, " ")) {
        char word[64];
        const size_t len = strcspn(at, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)len, at);
        if (has_word(must, word, len))
            is_seen = true;
        else if (!has_word(may, word, len))
            return false;
        at += len;
    }
    return is_seen;
}

/* Ask both about the folder as it is; count and tell. An exact `must` has no `may`: NULL. Without
 * `must` they only have to agree. */
static void look(struct bench *b, struct suite_count *count, const char *name, const char *must,
                 const char *may)
{
    struct finding findings[N_LOG_CHECKS];
    struct verdict second = {0};
    char failed[VERDICT_TEXT_MAX];
    log_judge(findings, b->log, &b->given);
    log_failed(failed, sizeof failed, findings);
    bool is_good = must == NULL  ? true
                   : may == NULL ? strcmp(failed, must) == 0
                                 : is_expected(failed, must, may);
    atomic_fetch_add(&count->n, 1);
    atomic_fetch_add(&count->rejected[0], failed[0] != '\0');
    if (b->other->pid != 0) {
        char question[1100];
        int len = snprintf(question, sizeof question, "%s\n", b->here);
        world_expect(other_ask(&second, b->other,
                               (struct ska_slice){(const uint8_t *)question, (size_t)len}),
                     "an answer of the second verifier");
        atomic_fetch_add(&count->asked, 1);
        atomic_fetch_add(&count->rejected[1], !second.passes);
        is_good =
            is_good && strcmp(failed, second.failed) == 0 && second.passes == (failed[0] == '\0');
    }
    if (is_good)
        return;
    atomic_fetch_add(&count->n_bad, 1);
    printf("# %s: [%s], second [%s], want [%s]\n", name, failed, second.failed,
           must != NULL ? must : "the same");
}

/* --- files -------------------------------------------------------------------------------------
 */

static bool is_of_submission(const struct made_log *m, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->at[i].leaf.type == SKA_LEAF_SUBMISSION &&
            strcmp(made_blob_name(&m->at[i]), name) == 0)
            return true;
    return false;
}

static enum file_kind kind_of(const struct made_log *m, const char *name)
{
    if (strncmp(name, "tile/entries/", 13) == 0)
        return FILE_ENTRIES;
    if (strncmp(name, "tile/", 5) == 0)
        return FILE_TILE;
    if (strcmp(name, "checkpoint") == 0)
        return FILE_CHECKPOINT;
    return is_of_submission(m, name) ? FILE_COUNTED : FILE_DOCUMENT;
}

/* All files under a folder of the log ("" or "name/"), which is at most four folders deep. */
static size_t list_files(struct log_file files[static FILES_MAX], size_t n, const char *log,
                         const char *under, unsigned depth)
{
    char path[1400];
    (void)snprintf(path, sizeof path, "%s/%s", log, under);
    DIR *folder = opendir(path);
    world_expect(folder != NULL && depth < 5, path);
    for (struct dirent *d = readdir(folder); d != NULL; d = readdir(folder)) {
        char name[NAME_MAX_];
        struct stat s;
        if (d->d_name[0] == '.')
            continue;
        int len = snprintf(name, sizeof name, "%s%s", under, d->d_name);
        world_expect(len > 0 && (size_t)len + 1 < sizeof name, "a name");
        (void)snprintf(path, sizeof path, "%s/%s", log, name);
        world_expect(stat(path, &s) == 0, path);
        if (S_ISDIR(s.st_mode)) {
            memcpy(name + len, "/", 2);
            n = list_files(files, n, log, name, depth + 1);
        } else {
            world_expect(n < FILES_MAX, "room for the files");
            memcpy(files[n++].name, name, sizeof name);
        }
    }
    (void)closedir(folder);
    return n;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct log_file *)a)->name, ((const struct log_file *)b)->name);
}

static void remove_file(const char *log, const char *name)
{
    char path[1400];
    (void)snprintf(path, sizeof path, "%s/%s", log, name);
    world_expect(unlink(path) == 0, path);
}

/* Damage a file, ask, and put it back. */
static void look_at_damage(struct bench *b, const struct log_file *file, enum damage damage)
{
    static uint8_t bytes[1u << 20];
    uint8_t *data;
    const size_t class = (size_t)file->kind * N_DAMAGES + damage, bit = test_random();
    const size_t len = made_file_read(&data, b->log, file->name);
    char name[NAME_MAX_ + 80], other[NAME_MAX_];
    world_expect(len > 0 && len < sizeof bytes, file->name);
    memcpy(bytes, data, len);
    memcpy(other, file->name, sizeof other);
    if (damage == DAMAGE_FLIP)
        data[bit / 8 % len] ^= (uint8_t)(1u << bit % 8);
    data[len] = 0;
    if (damage == DAMAGE_MISSING || damage == DAMAGE_RENAMED)
        remove_file(b->log, file->name);
    else
        made_file_write(b->log, file->name, data,
                        damage == DAMAGE_CUT      ? bit % len
                        : damage == DAMAGE_LONGER ? len + 1
                                                  : len);
    if (damage == DAMAGE_RENAMED) {
        other[strlen(other) - 1] ^= 1;
        made_file_write(b->log, other, bytes, len);
    }
    (void)snprintf(name, sizeof name, "%s: %s (%zu)", log_classes[class].name, file->name,
                   bit / 8 % len);
    look(b, &b->tally->class[class], name, log_classes[class].must, log_classes[class].may);
    if (damage == DAMAGE_RENAMED)
        remove_file(b->log, other);
    made_file_write(b->log, file->name, bytes, len);
}

/* --- work --------------------------------------------------------------------------------------
 */

static void start_bench(struct bench *b, const char *work, size_t number)
{
    (void)snprintf(b->here, sizeof b->here, "%s/%03zu", work, number);
    (void)snprintf(b->log, sizeof b->log, "%s/log", b->here);
    world_expect(mkdir(b->here, 0700) == 0 && mkdir(b->log, 0700) == 0, b->here);
}

/* Nothing of it is left. */
static void end_bench(struct bench *b)
{
    char path[1400];
    struct log_file files[FILES_MAX];
    size_t n = list_files(files, 0, b->here, "", 0);
    while (n > 0) {
        (void)snprintf(path, sizeof path, "%s/%s", b->here, files[--n].name);
        (void)unlink(path); /* what is left is removed with the folder of all */
    }
}

static void look_at_cheat(struct bench *b, const char *work, size_t i)
{
    static struct made_log m;
    const struct cheat_log *cheat = log_cheat(i);
    start_bench(b, work, i);
    play_log(&m, &b->given, cheat, b->log);
    log_given_write(b->here, &b->given);
    look(b, &b->tally->cheat[i], cheat->name, cheat->want, NULL);
    made_log_clear(&m);
    end_bench(b);
}

static void look_at_files(struct bench *b, const char *work, size_t which, size_t worker,
                          size_t n_workers, size_t flips)
{
    static struct made_log m;
    struct log_file files[FILES_MAX];
    start_bench(b, work, 900 + which * 50 + worker);
    play_log(&m, &b->given, log_cheat_named(honest_logs[which]), b->log);
    log_given_write(b->here, &b->given);
    const size_t n = list_files(files, 0, b->log, "", 0);
    for (size_t i = 0; i < n; i++)
        files[i].kind = kind_of(&m, files[i].name);
    qsort(files, n, sizeof files[0], compare_names);
    for (size_t i = worker; i < n; i += n_workers) {
        if (flips == 0)
            look_at_damage(b, &files[i], (enum damage)((i + which) % N_DAMAGES));
        for (enum damage d = DAMAGE_FLIP; flips > 0 && d < N_DAMAGES; d++)
            for (size_t k = 0; k < (d == DAMAGE_FLIP ? flips : 1); k++)
                look_at_damage(b, &files[i], d);
    }
    made_log_clear(&m);
    end_bench(b);
}

/* One of the logs with which nothing is wrong. */
static const struct cheat_log *draw_honest(void)
{
    for (;;) {
        const struct cheat_log *c = log_cheat(test_random() % log_cheats_count());
        if (c->want[0] == '\0')
            return c;
    }
}

/* Entries changed, in up to three steps, and all signed anew. */
static void look_at_mutations(struct bench *b, const char *work, size_t worker, size_t n)
{
    static struct made_log m;
    for (size_t i = 0; i < n; i++) {
        char name[4 * MUTATE_LOG_TEXT];
        const struct cheat_log *from = draw_honest();
        size_t len = (size_t)snprintf(name, sizeof name, "%s", from->name);
        start_bench(b, work, 10000 * (worker + 1) + i);
        play_log(&m, &b->given, from, b->log);
        end_bench(b); /* the files are made anew */
        for (uint64_t steps = 1 + test_random() % 3; steps > 0; steps--) {
            char what[MUTATE_LOG_TEXT];
            mutate_log(what, &m, test_random);
            len += (size_t)snprintf(name + len, sizeof name - len, ", %s", what);
        }
        made_log_write(&m, b->log);
        log_given_write(b->here, &b->given);
        look(b, &b->tally->mutations, name, NULL, NULL);
        made_log_clear(&m);
        end_bench(b);
    }
}

void log_suite_work(struct log_tally *tally, const char *work, size_t worker, size_t n_workers,
                    size_t flips, size_t mutations, uint64_t seed, struct other_verifier *other)
{
    static struct bench b;
    b = (struct bench){.tally = tally, .other = other};
    test_seed_state = seed + worker;
    for (size_t i = worker; i < log_cheats_count(); i += n_workers)
        look_at_cheat(&b, work, i);
    for (size_t i = 0; i < sizeof honest_logs / sizeof honest_logs[0]; i++)
        look_at_files(&b, work, i, worker, n_workers, flips);
    look_at_mutations(&b, work, worker, (mutations + n_workers - 1 - worker) / n_workers);
}
