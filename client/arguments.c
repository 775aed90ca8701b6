/* SPDX-License-Identifier: EUPL-1.2 */
/* arguments.c - the table of options, and the walk over argv. */
#include "client/arguments.h"

#include <string.h>

#include "protocol/swedish.h"
#include "support/language.h"

#define ON(command) (1u << (command))
#define PERIODS                                                                        \
    (ON(COMMAND_TALLY) | ON(COMMAND_CHECK) | ON(COMMAND_SUBMIT) | ON(COMMAND_STATUS) | \
     ON(COMMAND_RECEIPT))
#define ALL (PERIODS | ON(COMMAND_INIT) | ON(COMMAND_NONE))

enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_LIST };

struct option {
    const char *name;
    size_t offset; /* in struct arguments */
    enum option_kind kind;
    unsigned commands; /* ON(...) of those that take it */
};

#define AT(field) offsetof(struct arguments, field)
static const struct option options[] = {
    {"help", AT(help), OPTION_FLAG, ALL},
    {"version", AT(version), OPTION_FLAG, ALL},
    {"lang", AT(lang), OPTION_TEXT, ALL},
    {"home", AT(home), OPTION_TEXT, ALL},
    {"code", AT(code), OPTION_TEXT, ON(COMMAND_INIT)},
    {"name", AT(name), OPTION_TEXT, ON(COMMAND_INIT)},
    {"leader", AT(leader), OPTION_TEXT, ON(COMMAND_INIT)},
    {"ca", AT(ca), OPTION_TEXT, ON(COMMAND_INIT)},
    {"trust", AT(trust), OPTION_TEXT, ON(COMMAND_INIT)},
    {"collection", AT(collection), OPTION_TEXT, PERIODS | ON(COMMAND_INIT)},
    {"period", AT(period), OPTION_TEXT, PERIODS},
    {"catalogue", AT(catalogue), OPTION_TEXT, ON(COMMAND_TALLY) | ON(COMMAND_CHECK)},
    {"out", AT(out), OPTION_TEXT, ON(COMMAND_TALLY)},
    {"counts-from", AT(counts_from), OPTION_TEXT, ON(COMMAND_TALLY)},
    {"zero", AT(zero), OPTION_LIST, ON(COMMAND_TALLY)},
    {"counts", AT(counts), OPTION_TEXT, ON(COMMAND_CHECK) | ON(COMMAND_SUBMIT)},
    {"yes", AT(yes), OPTION_FLAG, ON(COMMAND_SUBMIT)},
    {"accept-roster", AT(accept_roster), OPTION_FLAG, ON(COMMAND_SUBMIT)},
    {"wait", AT(wait), OPTION_TEXT, ON(COMMAND_SUBMIT) | ON(COMMAND_RECEIPT)},
    {"no-wait", AT(no_wait), OPTION_FLAG, ON(COMMAND_SUBMIT)},
    {"unchanged", AT(unchanged), OPTION_FLAG, ON(COMMAND_SUBMIT)},
    {"again", AT(again), OPTION_FLAG, ON(COMMAND_SUBMIT)},
    {"only-with-others", AT(only_with_others), OPTION_TEXT, ON(COMMAND_SUBMIT)},
    {"also-alone", AT(also_alone), OPTION_TEXT, ON(COMMAND_SUBMIT)},
    {"check", AT(check), OPTION_TEXT, ON(COMMAND_RECEIPT)},
    {"policy", AT(policy), OPTION_TEXT, ON(COMMAND_INIT) | ON(COMMAND_RECEIPT)},
    {"bundle", AT(bundle), OPTION_TEXT, ON(COMMAND_RECEIPT)},
};

static enum command find_command(const char *word)
{
    static const char *const names[] = {"",       "init",   "tally",  "check",
                                        "submit", "status", "receipt"};
    for (int i = COMMAND_INIT; i <= COMMAND_RECEIPT; i++)
        if (strcmp(names[i], word) == 0)
            return (enum command)i;
    return COMMAND_NONE;
}

/* The option that starts `word` behind its dashes; *value is what follows "=", or NULL. */
static const struct option *find_option(const char **value, const char *word)
{
    size_t len = strcspn(word, "=");
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strlen(options[i].name) == len && strncmp(options[i].name, word, len) == 0) {
            *value = word[len] == '=' ? word + len + 1 : NULL;
            return &options[i];
        }
    }
    return NULL;
}

static enum ska_status add_to_list(struct arguments_list *list, const char *text,
                                   struct ska_error *err)
{
    if (list->n == ARGUMENTS_LIST_MAX)
        return ska_fail(err, SKA_E_USAGE, tr("fler än %d filer", "more than %d files"),
                        ARGUMENTS_LIST_MAX);
    list->at[list->n++] = text;
    return SKA_OK;
}

static enum ska_status set_option(struct arguments *a, const struct option *option,
                                  const char *value, struct ska_error *err)
{
    unsigned char *field = (unsigned char *)a + option->offset;
    if (option->kind == OPTION_FLAG) {
        bool yes = true;
        memcpy(field, &yes, sizeof yes);
        return SKA_OK;
    }
    if (option->kind == OPTION_LIST)
        return add_to_list(&a->zero, value, err);
    const char *before = NULL;
    memcpy(&before, field, sizeof before);
    if (before != NULL)
        return ska_fail(err, SKA_E_USAGE, tr("--%s står två gånger", "--%s is given twice"),
                        option->name);
    memcpy(field, &value, sizeof value);
    return SKA_OK;
}

static enum ska_status take_option(struct arguments *a, int *i, int argc, char **argv,
                                   struct ska_error *err)
{
    const char *value = NULL;
    const struct option *option = find_option(&value, argv[*i] + 2);
    if (option == NULL || (option->commands & ON(a->command)) == 0)
        return ska_fail(err, SKA_E_USAGE, tr("%s är inget val här", "%s is no option here"),
                        argv[*i]);
    if (option->kind == OPTION_FLAG && value != NULL)
        return ska_fail(err, SKA_E_USAGE, tr("--%s tar inget värde", "--%s takes no value"),
                        option->name);
    if (option->kind != OPTION_FLAG && value == NULL) {
        if (*i + 1 >= argc)
            return ska_fail(err, SKA_E_USAGE, tr("--%s saknar värde", "--%s lacks its value"),
                            option->name);
        value = argv[++*i];
    }
    return set_option(a, option, value, err);
}

/* The language decides how the first mistake is told, so it is looked for before all else. */
static void choose_language(int argc, char **argv)
{
    const char *wanted = NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0)
            wanted = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            wanted = argv[i + 1];
    }
    if (!language_choose(wanted))
        (void)language_choose(NULL);
    ska_speak_swedish(language_is_swedish());
}

/* The first word that is no option. */
static enum ska_status take_command(struct arguments *out, const char *word, struct ska_error *err)
{
    out->command = find_command(word);
    if (out->command != COMMAND_NONE)
        return SKA_OK;
    return ska_fail(err, SKA_E_USAGE,
                    tr("%.40s är inget kommando; de heter init, tally, check, submit, status, "
                       "receipt, watch",
                       "%.40s is no command; they are init, tally, check, submit, status, "
                       "receipt, watch"),
                    word);
}

enum ska_status arguments_parse(struct arguments *out, int argc, char **argv, struct ska_error *err)
{
    choose_language(argc, argv);
    *out = (struct arguments){0};
    bool only_files = false;
    for (int i = 1; i < argc; i++) {
        if (!only_files && strcmp(argv[i], "--") == 0)
            only_files = true;
        else if (!only_files && strcmp(argv[i], "-h") == 0)
            out->help = true;
        else if (!only_files && strncmp(argv[i], "--", 2) == 0)
            SKA_TRY(take_option(out, &i, argc, argv, err));
        else if (out->command == COMMAND_NONE)
            SKA_TRY(take_command(out, argv[i], err));
        else if (out->command == COMMAND_TALLY && argv[i][0] != '\0')
            SKA_TRY(add_to_list(&out->files, argv[i], err));
        else if (out->command == COMMAND_RECEIPT && strcmp(argv[i], "check") == 0 && !out->offline)
            out->offline = true;
        else
            return ska_fail(err, SKA_E_USAGE,
                            tr("%.80s väntades inte här", "%.80s was not expected"), argv[i]);
    }
    if (out->lang != NULL && strcmp(out->lang, "sv") != 0 && strcmp(out->lang, "en") != 0)
        return ska_fail(err, SKA_E_USAGE, tr("--lang är sv eller en", "--lang is sv or en"));
    return SKA_OK;
}
