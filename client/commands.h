/* SPDX-License-Identifier: EUPL-1.2 */
/* commands.h - what each command of `skarva` does; each tells its own failures and returns the exit
 * code. */
#ifndef SKA_CLIENT_COMMANDS_H
#define SKA_CLIENT_COMMANDS_H

#include "client/arguments.h"
#include "client/counts.h"
#include "client/exits.h"
#include "client/home.h"
#include "client/session.h"

enum exits command_init(const struct arguments *a);
enum exits command_tally(const struct arguments *a);
enum exits command_check(const struct arguments *a);
enum exits command_submit(const struct arguments *a);
enum exits command_status(const struct arguments *a);
enum exits command_receipt(const struct arguments *a);

/* Reads its own command line, argv[0] being the word "watch": exit codes are those of watch.h. */
int command_watch(int argc, char **argv);

void help_print(FILE *out, enum command command);

/*
 * What several commands begin with: the home folder, the period, and where its cells come from: the
 * signed parameters at the leader, or a catalogue file without a network.
 *
 * Valid when zeroed.
 */
struct workplace {
    struct home home;
    const char *period; /* borrowed from the arguments */
    struct session session;
    struct ska_catalogue *file_catalogue; /* owned, with its layout, if --catalogue was given */
    struct ska_layout *file_layout;
    const struct ska_layout *layout; /* whichever it is */
};

/* Open all of it; on failure tells it and returns another code than EXITS_OK. */
enum exits workplace_open(struct workplace *w, const struct arguments *a);
/* Home and period alone. */
enum exits workplace_open_home(struct workplace *w, const struct arguments *a);
void workplace_close(struct workplace *w);

/* The counts of another period, if they are in the home folder and fit; else an empty struct. */
void workplace_read_earlier(struct counts *earlier, const struct workplace *w, const char *period);
/* Those of the period before. */
void workplace_read_before(struct counts *before, const struct workplace *w);

/* The counts a command is about: --counts FILE, else the home's of the period; checked to be of the
 * period and the catalogue. With the marks that are remembered. */
enum exits workplace_read_counts(struct counts *counts, const struct workplace *w,
                                 const struct arguments *a);

#endif
