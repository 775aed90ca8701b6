/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_log.c - a log as plain files, as tests/made_log.h makes it, always with the same keys.
 *
 *     tool_log policy                        prints the policy: any two of three witnesses
 *     tool_log key                           prints the log's key
 *     tool_log write FOLDER SIZE WITNESSES AGE [WORD COMMON]
 *                    writes tiles, bundles and checkpoint of SIZE leaves, cosigned AGE seconds ago
 *                    by WITNESSES (0 to 3); its leaves from COMMON on are WORD's: a fork
 *     tool_log inclusion SIZE INDEX          prints a proof, a hash in hexadecimal a line
 *     tool_log consistency OLD SIZE          likewise
 */
#include "support/file.h"
#include "tests/made_log.h"

#include <time.h>

static int usage(void)
{
    fputs("usage: tool_log policy | key | write FOLDER SIZE WITNESSES AGE [WORD COMMON] | "
          "inclusion SIZE INDEX | consistency OLD SIZE\n",
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

static void put(const char *folder, const char *name, const uint8_t *data, size_t len)
{
    char path[4096];
    struct ska_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    enum ska_status status = file_make_folder(path, false, &err);
    *slash = '/';
    if (status == SKA_OK)
        status = file_write(path, data, len, false, &err);
    if (status != SKA_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
}

static int write_log(int argc, char **argv)
{
    struct made_log log;
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    const uint64_t size = number(argv[3]);
    if (argc == 8)
        made_log_init(&log, size, number(argv[7]), argv[6]);
    else
        made_log_init(&log, size, 0, "entry");
    made_log_add_files(&log, 0, size);
    for (size_t i = 0; i < log.n_files; i++)
        put(argv[2], log.files[i].path, log.files[i].data, log.files[i].len);
    const unsigned witnesses = (1u << number(argv[4])) - 1;
    made_log_checkpoint(&note, &log, size, witnesses, (uint64_t)time(NULL) - number(argv[5]));
    put(argv[2], "checkpoint", note.data, note.len);
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
    if (argc == 4 && strcmp(argv[1], "inclusion") == 0)
        return print_proof(true, number(argv[2]), number(argv[3]));
    if (argc == 4 && strcmp(argv[1], "consistency") == 0)
        return print_proof(false, number(argv[2]), number(argv[3]));
    return usage();
}
