/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_log.c - a log as plain files, as tests/made_log.h makes it, always with the same keys.
 *
 *     tool_log policy                        prints the policy: any two of three witnesses
 *     tool_log key                           prints the log's key
 *     tool_log write FOLDER SIZE WITNESSES AGE [WORD COMMON]
 *                    writes tiles, bundles and checkpoint of SIZE leaves, cosigned AGE seconds ago
 *                    by WITNESSES (0 to 3); its leaves from COMMON on are WORD's: a fork
 *     tool_log real FOLDER SIZE
 *                    the same with entries of the size and form that a real log mostly has
 *     tool_log inclusion SIZE INDEX          prints a proof, a hash in hexadecimal a line
 *     tool_log consistency OLD SIZE          likewise
 */
#include "protocol/log_leaf.h"
#include "support/file.h"
#include "tests/made_log.h"

#include <time.h>

static int usage(void)
{
    fputs("usage: tool_log policy | key | write FOLDER SIZE WITNESSES AGE [WORD COMMON] | "
          "real FOLDER SIZE | inclusion SIZE INDEX | consistency OLD SIZE\n",
          stderr);
    return 2;
}

static uint64_t number(const char *text)
{
    uint64_t value = 0;
    if (ska_note_number(&value, (const uint8_t *)text, strlen(text)) != SKA_OK)
        exit(usage());
    return value;
}

/* Not synced: there may be thousands. */
static void put(const char *folder, const char *name, const uint8_t *data, size_t len)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    enum ska_status status = file_make_folder(path, false, NULL);
    *slash = '/';
    FILE *f = status == SKA_OK ? fopen(path, "wbe") : NULL;
    if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

/* Tiles, bundles, checkpoint. */
static void put_all(const char *folder, struct made_log *log, unsigned witnesses, uint64_t time_s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    made_log_add_files(log, 0, log->n);
    for (size_t i = 0; i < log->n_files; i++)
        put(folder, log->files[i].path, log->files[i].data, log->files[i].len);
    made_log_checkpoint(&note, log, log->n, witnesses, time_s);
    put(folder, "checkpoint", note.data, note.len);
}

static int write_log(int argc, char **argv)
{
    struct made_log log;
    const uint64_t size = number(argv[3]);
    if (argc == 8)
        made_log_init(&log, size, number(argv[7]), argv[6]);
    else
        made_log_init(&log, size, 0, "entry");
    put_all(argv[2], &log, (1u << number(argv[4])) - 1, (uint64_t)time(NULL) - number(argv[5]));
    made_log_clear(&log);
    return 0;
}

#define TASK_ENTRIES 5000u

/* Of a task of 5,000 entries: roster, parameters, opening, submissions, the close. Signed by
 * nobody, and without blobs: who follows a log does not look at these. */
static size_t make_real(uint8_t out[static SKA_LEAF_BYTES_MAX], uint64_t i)
{
    static const enum ska_leaf_type first[] = {SKA_LEAF_ROSTER, SKA_LEAF_PARAMETERS, SKA_LEAF_OPEN};
    const uint64_t task = i / TASK_ENTRIES, at = i % TASK_ENTRIES;
    struct ska_log_leaf leaf = {.type = SKA_LEAF_SUBMISSION, .entry = {.period = "2024Q1"}};
    if (at < 3)
        leaf.type = first[at];
    else if (at == TASK_ENTRIES - 1)
        leaf.type = SKA_LEAF_CLOSE;
    const bool is_submission = leaf.type == SKA_LEAF_SUBMISSION;
    leaf.entry.contributor = is_submission ? (uint32_t)(i % 290) : SKA_LEAF_NO_CONTRIBUTOR;
    leaf.entry.number = at < 2 ? 0 : 1 + i;
    leaf.entry.length = 32768;
    ska_sha256(leaf.entry.task_id, (const uint8_t *)&task, sizeof task);
    ska_sha256(leaf.entry.sha256, (const uint8_t *)&i, sizeof i);
    return ska_log_leaf_encode(out, &leaf);
}

static int write_real(const char *folder, uint64_t size)
{
    struct made_log log;
    uint8_t leaf[SKA_LEAF_BYTES_MAX];
    made_log_init(&log, size, 0, "entry");
    for (uint64_t i = 0; i < size; i++)
        made_log_set(&log, i, leaf, make_real(leaf, i));
    put_all(folder, &log, 3, (uint64_t)time(NULL));
    struct ska_tile bundle = {SKA_TILE_ENTRIES, 0, 0};
    for (; (bundle.width = ska_tile_width(SKA_TILE_ENTRIES, bundle.index, size)) != 0;
         bundle.index++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        char path[SKA_TILE_PATH_MAX + 1];
        ska_tile_path(path, &bundle);
        for (unsigned i = 0; i < bundle.width; i++) {
            const size_t len = make_real(leaf, bundle.index * SKA_TILE_WIDTH + i);
            ska_write_opaque16(&w, leaf, len);
        }
        put(folder, path, w.data, w.len);
    }
    made_log_clear(&log);
    return 0;
}

static int print_proof(bool is_inclusion, uint64_t a, uint64_t b)
{
    struct made_log log;
    uint8_t path[SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    size_t len = 0;
    made_log_init(&log, is_inclusion ? a : b, 0, "entry");
    const struct ska_tile_source source = {made_hash, &log};
    const enum ska_status status = is_inclusion ? ska_tile_inclusion(path, &len, b, a, &source)
                                                : ska_tile_consistency(path, &len, a, b, &source);
    made_log_clear(&log);
    for (size_t i = 0; i < len; i++) {
        char text[2 * SKA_HASH_BYTES + 1];
        ska_hex_encode(text, path[i], SKA_HASH_BYTES);
        puts(text);
    }
    return status == SKA_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct made_log log = {0};
    made_log_keys(&log);
    if (argc == 2 && strcmp(argv[1], "policy") == 0) {
        char text[2000];
        made_log_policy(text, sizeof text, &log);
        fputs(text, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "key") == 0) {
        char text[SKA_NOTE_KEY_TEXT_MAX + 1];
        ska_note_key_format(text, &log.keys[0]);
        puts(text);
        return 0;
    }
    if ((argc == 6 || argc == 8) && strcmp(argv[1], "write") == 0)
        return write_log(argc, argv);
    if (argc == 4 && strcmp(argv[1], "real") == 0)
        return write_real(argv[2], number(argv[3]));
    if (argc == 4 && strcmp(argv[1], "inclusion") == 0)
        return print_proof(true, number(argv[2]), number(argv[3]));
    if (argc == 4 && strcmp(argv[1], "consistency") == 0)
        return print_proof(false, number(argv[2]), number(argv[3]));
    return usage();
}
