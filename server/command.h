/* SPDX-License-Identifier: EUPL-1.2 */
/* command.h - the command line of skarvad, and what it does beside serving. */
#ifndef SKA_SERVER_COMMAND_H
#define SKA_SERVER_COMMAND_H

#include "server/config.h"

/* Exit statuses of skarvad; --help lists them. */
#define EXIT_SERVER_FAILED 1
#define EXIT_NOT_STARTED 2 /* command line, configuration or a file cannot be used */

enum command_action {
    COMMAND_SERVE,
    COMMAND_CHECK,    /* --check-config FILE */
    COMMAND_PRINT,    /* --print-config FILE */
    COMMAND_NEW_KEYS, /* --new-keys FOLDER */
    COMMAND_LOG_KEY,  /* --log-key FILE */
    COMMAND_HELP,
    COMMAND_VERSION
};

struct command {
    enum command_action action;
    const char *path; /* FILE or FOLDER, borrowed from argv; NULL for help and version */
};

/* Read the command line and choose the language. SKA_E_USAGE with a sentence. */
enum ska_status command_parse(struct command *out, int argc, char *argv[],
                              struct ska_error *err) SKA_MUST_CHECK;

/* Carry out anything but COMMAND_SERVE; returns the exit status. */
int command_run(const struct command *command);

/* Tell a failure on standard error; returns EXIT_NOT_STARTED. */
int command_fail(const struct ska_error *err);

#endif
