/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * main.c - skarva-publish, the publisher's program.
 *
 * Exit codes: 0 done; 1 refused (a state, a signature, a rule that does not hold); 2 the command
 * line is not understood; 3 not yet, or the other side cannot be reached: the same command may work
 * later; 4 something read (a file, a card, an answer) does not have the right form; 5 a file cannot
 * be read or written, or memory ran out; 70 an error in the program.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "reports/commands.h"
#include "reports/help.h"
#include "support/language.h"

struct command {
    const char *name;
    enum ska_status (*run)(const struct options *o, struct ska_error *err);
};

static const struct command commands[] = {
    {"init", command_init},         {"new", command_new},
    {"open", command_open},         {"status", command_status},
    {"close", command_close},       {"reopen", command_reopen},
    {"collect", command_collect},   {"publish", command_publish},
    {"export", command_export},     {"population", command_population},
    {"about", command_about},       {"preview", command_preview},
    {"sign", command_sign},         {"ledger", command_ledger},
    {"release", command_publish},   {"revise", command_revise},
    {"announce", command_announce},
};

static int exit_code(enum ska_status status)
{
    switch (status) {
    case SKA_OK:
        return 0;
    case SKA_E_USAGE:
        return 2;
    case SKA_E_BUSY:
    case SKA_E_TIMEOUT:
    case SKA_E_NETWORK:
    case SKA_E_PEER:
        return 3;
    default: /* the rest goes by class */
        break;
    }
    switch (ska_status_class(status)) {
    case SKA_CLASS_OK:
        return 0;
    case SKA_CLASS_INPUT:
        return 4;
    case SKA_CLASS_REJECTED:
        return 1;
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
        return 5;
    case SKA_CLASS_BUG:
        return 70;
    }
    return 70;
}

static enum ska_status run(const struct options *o, struct ska_error *err)
{
    for (size_t i = 0; o->command != NULL && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, o->command) == 0) {
            if (o->help) {
                help_print(stdout, o->command);
                return SKA_OK;
            }
            return commands[i].run(o, err);
        }
    if (o->help) {
        help_print(stdout, NULL);
        return SKA_OK;
    }
    if (o->command == NULL) {
        help_print(stderr, NULL);
        return SKA_E_USAGE;
    }
    return ska_fail(err, SKA_E_USAGE,
                    tr("okänt kommando: %s (se skarva-publish --help)",
                       "unknown command: %s (see skarva-publish --help)"),
                    o->command);
}

int main(int argc, char **argv)
{
    /* Keys and totals must not end up in a core file. */
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none); /* lowering a limit is always allowed */
    struct options options = {0};
    struct ska_error err = {0};
    enum ska_status status = options_read(&options, argc, argv, &err);
    if (status == SKA_OK)
        status = run(&options, &err);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == SKA_OK)
        status = ska_fail(&err, SKA_E_FILE,
                          tr("utmatningen kunde inte skrivas", "the output could not be written"));
    if (status != SKA_OK && (err.text[0] != '\0' || status != SKA_E_USAGE))
        (void)fprintf(stderr, "skarva-publish: %s\n",
                      err.text[0] != '\0' ? err.text : ska_status_text(status));
    options_clear(&options);
    return exit_code(status);
}
