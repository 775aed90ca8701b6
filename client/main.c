/* SPDX-License-Identifier: EUPL-1.2 */
/* main.c - skarva, the officer's program: from the command line to one command. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "client/commands.h"
#include "crypto/group.h"
#include "support/language.h"

#define SKARVA_VERSION "1.0"

typedef enum exits (*command_run)(const struct arguments *a);

static const command_run commands[] = {
    [COMMAND_INIT] = command_init,     [COMMAND_TALLY] = command_tally,
    [COMMAND_CHECK] = command_check,   [COMMAND_SUBMIT] = command_submit,
    [COMMAND_STATUS] = command_status, [COMMAND_RECEIPT] = command_receipt,
};

/* No core files with counts and keys, new files private, a closed pipe is an error like others. */
static void confine(void)
{
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none); /* where it is refused, the rest still holds */
    (void)umask(S_IWGRP | S_IWOTH);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* What was to be seen must have been: a disk may be full. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs(
        tr("skarva: utmatningen kunde inte skrivas\n", "skarva: the output could not be written\n"),
        stderr);
    return code == EXITS_OK ? EXITS_INTERNAL : code;
}

int main(int argc, char **argv)
{
    confine();
    if (argc > 1 && strcmp(argv[1], "watch") == 0)
        return command_watch(argc - 1, argv + 1);
    struct arguments a;
    struct ska_error err = {0};
    enum ska_status status = arguments_parse(&a, argc, argv, &err);
    if (status != SKA_OK) {
        fprintf(stderr,
                tr("skarva: %s. Hjälp: skarva --help\n", "skarva: %s. Help: skarva --help\n"),
                err.text);
        return EXITS_USAGE;
    }
    if (a.version) {
        puts("skarva " SKARVA_VERSION);
        return finish(EXITS_OK);
    }
    if (a.help || a.command == COMMAND_NONE) {
        help_print(a.help ? stdout : stderr, a.command);
        return finish(a.help ? EXITS_OK : EXITS_USAGE);
    }
    ska_group_init();
    return finish((int)commands[a.command](&a));
}
