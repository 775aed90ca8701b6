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

#include "tests/tamper/log_suite.h"

static void write_one(FILE *index, const char *folder, size_t i)
{
    static struct made_log m;
    struct log_given g;
    char here[1024], log[1100];
    (void)snprintf(here, sizeof here, "%s/%03zu", folder, i);
    (void)snprintf(log, sizeof log, "%s/log", here);
    world_expect(mkdir(here, 0755) == 0 && mkdir(log, 0755) == 0, here);
    play_log(&m, &g, log_cheat(i), log);
    log_given_write(here, &g);
    (void)fprintf(index, "%03zu\t%s\t%s\n", i, log_cheat(i)->name, log_cheat(i)->want);
    made_log_clear(&m);
}

int main(int argc, char **argv)
{
    char path[1024];
    if (argc < 2 || argc > 3)
        return 2;
    size_t n = log_cheats_count();
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
