/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_log.c - writes what comes of every cheat about a public log, for verifiers that are programs
 * of their own.
 *
 *     tool_log FOLDER [1]     writes for each a folder FOLDER/NNN with the log's folder `log`, the
 *                             files `policy` and `trust`, and perhaps `earlier` and `bundle`; and
 *                             FOLDER/index, with a line "NNN TAB name TAB checks that fail" for
 *                             each. With 1: only the first, the honest one
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/bytes.h"

#include "tests/tamper/cheats_log.h"

static void write_trust(const char *folder, const struct trust *trust)
{
    static const char *const names[TRUST_N] = {[TRUST_PUBLISHER] = "publisher",
                                               [TRUST_LEADER] = "leader",
                                               [TRUST_HELPER] = "helper",
                                               [TRUST_SECOND] = "second"};
    char text[TRUST_N * 64] = "";
    for (size_t i = 0; i < TRUST_N; i++) {
        char key[44];
        const size_t len = strlen(text);
        ska_base64url_encode(key, trust->key[i], sizeof trust->key[i]);
        (void)snprintf(text + len, sizeof text - len, "%s %s\n", names[i], key);
    }
    made_file_write(folder, "trust", text, strlen(text));
}

static void write_one(FILE *index, const char *folder, size_t i)
{
    static struct made_log m;
    struct log_given g;
    char here[1024], log[1100];
    (void)snprintf(here, sizeof here, "%s/%03zu", folder, i);
    (void)snprintf(log, sizeof log, "%s/log", here);
    world_expect(mkdir(here, 0755) == 0 && mkdir(log, 0755) == 0, here);
    play_log(&m, &g, &log_cheats[i], log);
    made_file_write(here, "policy", g.policy, strlen(g.policy));
    write_trust(here, g.trust);
    if (g.earlier != NULL)
        made_file_write(here, "earlier", g.earlier, strlen(g.earlier));
    if (g.bundle != NULL)
        made_file_write(here, "bundle", g.bundle->archive, g.bundle->archive_len);
    (void)fprintf(index, "%03zu\t%s\t%s\n", i, log_cheats[i].name, log_cheats[i].want);
    made_log_clear(&m);
}

int main(int argc, char **argv)
{
    char path[1024];
    if (argc < 2 || argc > 3)
        return 2;
    size_t n = n_log_cheats;
    if (argc == 3 && strcmp(argv[2], "1") == 0)
        n = 1;
    (void)snprintf(path, sizeof path, "%s/index", argv[1]);
    FILE *index = fopen(path, "wbe");
    world_expect(index != NULL, path);
    play_log_begin();
    for (size_t i = 0; i < n; i++)
        write_one(index, argv[1], i);
    return fclose(index) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
