/* SPDX-License-Identifier: EUPL-1.2 */
/* command_watch.c - skarva watch: the log that is named, or the leader's, from the home folder. */
#include <stdlib.h>
#include <string.h>

#include "client/commands.h"
#include "crypto/scoped.h"
#include "support/language.h"
#include "watch/watch.h"

#define ADDED_MAX 8 /* words: four options with their values */

/* What is given in the home folder's place. Valid when zeroed. */
struct from_home {
    struct home home;
    char *log, *policy, *copy, *ca; /* owned */
};

static void from_home_clear(struct from_home *f)
{
    home_close(&f->home);
    free(f->log);
    free(f->policy);
    free(f->copy);
    free(f->ca);
}

/* The value behind an option; NULL if it is not there. */
static const char *value_of(int argc, char *const *argv, const char *option)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], option) == 0)
            return argv[i + 1];
    return NULL;
}

static bool has_word(int argc, char *const *argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

static enum ska_status read_home(struct from_home *f, const char *wanted, struct ska_error *err)
{
    SKA_TRY(home_open(&f->home, wanted, err));
    SKA_TRY(home_path(&f->policy, &f->home, "policy.txt"));
    SKA_TRY(home_path(&f->copy, &f->home, "watch"));
    SKA_TRY(home_path(&f->ca, &f->home, "ca.pem"));
    const size_t size = strlen(f->home.leader) + sizeof "log/";
    f->log = malloc(size);
    if (f->log == NULL)
        return SKA_E_MEMORY;
    (void)snprintf(f->log, size, "%slog/", f->home.leader); /* fits: measured above */
    return SKA_OK;
}

/* The same command line, with what the home folder says in place of what it leaves out. */
static int watch_from_home(int argc, char **argv)
{
    static char names[][9] = {"--log", "--policy", "--copy", "--ca"};
    SKA_SCOPED(from_home_clear) struct from_home f = {0};
    SKA_SCOPED(ska_scoped_free)
    char **words = ska_alloc((size_t)argc + ADDED_MAX + 1, sizeof *words);
    struct ska_error err = {0};
    (void)language_choose(value_of(argc, argv, "--lang")); /* judged below */
    const enum ska_status status =
        words == NULL ? SKA_E_MEMORY : read_home(&f, value_of(argc, argv, "--home"), &err);
    if (status != SKA_OK)
        return (int)exits_fail(status, EXITS_DOING_HOME, &err);
    char *const values[] = {f.log, f.policy, f.copy, f.home.has_ca ? f.ca : NULL};
    int n = 0;
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--home") == 0 && i + 1 < argc)
            i++;
        else
            words[n++] = argv[i];
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (values[i] != NULL && !has_word(argc, argv, names[i])) {
            words[n++] = names[i];
            words[n++] = values[i];
        }
    return watch_main("skarva watch", n, words);
}

int command_watch(int argc, char **argv)
{
    const bool is_help = has_word(argc, argv, "--help") || has_word(argc, argv, "-h");
    if (!is_help && (!has_word(argc, argv, "--log") || has_word(argc, argv, "--home")))
        return watch_from_home(argc, argv);
    const int exit_status = watch_main("skarva watch", argc, argv);
    if (is_help && exit_status == 0)
        puts(tr("\nUtan --log följs ledarens logg, med det som står i hemmappen (--home MAPP): "
                "policy.txt, ca.pem\noch kopian i watch/.",
                "\nWithout --log the leader's log is followed, with what is in the home folder "
                "(--home DIR):\npolicy.txt, ca.pem and the copy in watch/."));
    return exit_status;
}
