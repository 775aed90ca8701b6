/* SPDX-License-Identifier: EUPL-1.2 */
/* arguments.h - the command line of `skarva`: one table of options, and which command takes which.
 */
#ifndef SKA_CLIENT_ARGUMENTS_H
#define SKA_CLIENT_ARGUMENTS_H

#include "crypto/status.h"

#define ARGUMENTS_LIST_MAX 100

enum command {
    COMMAND_NONE,
    COMMAND_INIT,
    COMMAND_TALLY,
    COMMAND_CHECK,
    COMMAND_SUBMIT,
    COMMAND_STATUS,
    COMMAND_RECEIPT
};

struct arguments_list {
    size_t n;
    const char *at[ARGUMENTS_LIST_MAX];
};

/* What was said; everything borrowed from argv. NULL, false or empty if not said. */
struct arguments {
    enum command command;
    bool help, version;
    const char *lang;
    const char *home, *code, *name, *leader, *ca, *trust, *collection;
    const char *period, *catalogue, *out, *counts_from, *counts, *check;
    const char *policy, *bundle;
    const char *wait;                          /* seconds, as text */
    const char *only_with_others, *also_alone; /* "NS01,NS05" */
    bool yes, no_wait, again, accept_roster, unchanged;
    bool offline;                /* receipt check */
    struct arguments_list zero;  /* --zero KIND */
    struct arguments_list files; /* what is no option */
};

/* Read the command line. SKA_E_USAGE with a sentence in `err`; `out` then holds what was read. */
enum ska_status arguments_parse(struct arguments *out, int argc, char **argv,
                                struct ska_error *err) SKA_MUST_CHECK;

#endif
