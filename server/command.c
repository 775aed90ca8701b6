/* SPDX-License-Identifier: EUPL-1.2 */
/* command.c - the command line of skarvad, and what it does beside serving. */
#include "server/command.h"

#include "crypto/scoped.h"
#include "protocol/log_policy.h"
#include "protocol/swedish.h"
#include "server/check.h"
#include "support/file.h"
#include "support/keyfile.h"
#include "support/language.h"

#include <stdlib.h>
#include <string.h>

#define VERSION "0.1"

/* Before all else, so that complaints about the rest are in it. */
static void choose_language(int argc, char *const argv[])
{
    const char *wanted = NULL;
    for (int at = 1; at + 1 < argc; at++)
        if (strcmp(argv[at], "--lang") == 0)
            wanted = argv[at + 1];
    if (!language_choose(wanted))
        (void)language_choose(NULL);
    ska_speak_swedish(language_is_swedish());
}

enum ska_status command_parse(struct command *out, int argc, char *argv[], struct ska_error *err)
{
    static const struct {
        const char *option;
        enum command_action action;
        bool has_path;
    } options[] = {
        {"--config", COMMAND_SERVE, true},       {"--check-config", COMMAND_CHECK, true},
        {"--print-config", COMMAND_PRINT, true}, {"--new-keys", COMMAND_NEW_KEYS, true},
        {"--log-key", COMMAND_LOG_KEY, true},    {"--help", COMMAND_HELP, false},
        {"--version", COMMAND_VERSION, false},
    };
    const size_t n_options = sizeof options / sizeof options[0];
    const char *language = NULL;
    size_t chosen = n_options;
    struct command command = {0};
    choose_language(argc, argv);
    for (int at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--lang") == 0 && at + 1 < argc) {
            language = argv[++at];
            continue;
        }
        size_t i = 0;
        while (i < n_options && strcmp(argv[at], options[i].option) != 0)
            i++;
        if (i == n_options || chosen != n_options || (options[i].has_path && at + 1 == argc))
            return ska_fail(err, SKA_E_USAGE,
                            tr("förstår inte \"%s\"; skarvad --help förklarar",
                               "\"%s\" is not understood; skarvad --help explains"),
                            argv[at]);
        chosen = i;
        if (options[i].has_path)
            command.path = argv[++at];
    }
    if (language != NULL && strcmp(language, "sv") != 0 && strcmp(language, "en") != 0)
        return ska_fail(err, SKA_E_USAGE, "--lang sv|en");
    if (chosen == n_options)
        return ska_fail(err, SKA_E_USAGE,
                        tr("vad ska göras? skarvad --help förklarar",
                           "what is to be done? skarvad --help explains"));
    command.action = options[chosen].action;
    *out = command;
    return SKA_OK;
}

int command_fail(const struct ska_error *err)
{
    fprintf(stderr, "skarvad: %s\n", err->text);
    return EXIT_NOT_STARTED;
}

static int print_help(void)
{
    fputs(
        tr("skarvad - aggregeringsserver: ledare eller hjälpare\n"
           "\n"
           "  skarvad --config FIL        kör servern\n"
           "  skarvad --check-config FIL  pröva konfigurationen, nycklarna, certifikaten och\n"
           "                              loggens policy som vid en start; porten och databasen\n"
           "                              lämnas i fred\n"
           "  skarvad --print-config FIL  skriv alla värden, också de som inte står i filen\n"
           "  skarvad --new-keys MAPP     gör signing.key, hpke.key och log.key; skriver den\n"
           "                              publika signeringsnyckeln\n"
           "  skarvad --log-key FIL       skriv loggens eller hjälparvittnets publika nyckel, "
           "till\n"
           "                              en policy; FIL är konfigurationen, med log_key\n"
           "  skarvad --help, --version   --lang sv|en väljer språk\n"
           "\n"
           "Slutstatus: 0 klart, 1 servern föll, 2 den kunde inte starta.\n"
           "SIGTERM och SIGINT avslutar när det som pågår är besvarat.\n"
           "\n"
           "Konfigurationen har rader \"namn = värde\"; # börjar en kommentarrad. Namn:\n\n",
           "skarvad - aggregation server: leader or helper\n"
           "\n"
           "  skarvad --config FILE        run the server\n"
           "  skarvad --check-config FILE  check the configuration, the keys, the certificates\n"
           "                               and the log's policy as a start does; the port and\n"
           "                               the database are left alone\n"
           "  skarvad --print-config FILE  print all values, also those not in the file\n"
           "  skarvad --new-keys FOLDER    make signing.key, hpke.key and log.key; prints the\n"
           "                               public signing key\n"
           "  skarvad --log-key FILE       print the public key of the log, or of the helper as\n"
           "                               its witness, for a policy; FILE is the configuration,\n"
           "                               with log_key\n"
           "  skarvad --help, --version    --lang sv|en chooses the language\n"
           "\n"
           "Exit status: 0 done, 1 the server failed, 2 it could not start.\n"
           "SIGTERM and SIGINT end it once what is going on is answered.\n"
           "\n"
           "The configuration has lines \"name = value\"; # starts a comment line. Names:\n\n"),
        stdout);
    config_help(stdout);
    return EXIT_SUCCESS;
}

/* An existing key is never written over: all that was encrypted to it would be lost. */
static enum ska_status refuse_existing(const char *path, struct ska_error *err)
{
    if (file_exists(path))
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("%s: finns redan och skrivs inte över",
                           "%s: is there already and is not written over"),
                        path);
    return SKA_OK;
}

static enum ska_status new_keys(const char *folder, struct ska_error *err)
{
    SKA_TRY(file_make_folder(folder, true, err));
    SKA_SCOPED(ska_scoped_free) char *signing_path = file_join(folder, "signing.key");
    SKA_SCOPED(ska_scoped_free) char *hpke_path = file_join(folder, "hpke.key");
    SKA_SCOPED(ska_scoped_free) char *log_path = file_join(folder, "log.key");
    if (signing_path == NULL || hpke_path == NULL || log_path == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    SKA_TRY(refuse_existing(signing_path, err));
    SKA_TRY(refuse_existing(hpke_path, err));
    SKA_TRY(refuse_existing(log_path, err));
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key signing = {0};
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key hpke = {0};
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key log_key = {0};
    if (ska_signing_key_generate(&signing) != SKA_OK || ska_hpke_key_generate(&hpke) != SKA_OK ||
        ska_signing_key_generate(&log_key) != SKA_OK)
        return ska_fail(err, SKA_E_CRYPTO, "%s", ska_status_text(SKA_E_CRYPTO));
    SKA_TRY(keyfile_write_signing(signing_path, &signing, err));
    SKA_TRY(keyfile_write_hpke(hpke_path, &hpke, err));
    SKA_TRY(keyfile_write_signing(log_path, &log_key, err));
    char text[KEY_TEXT_BYTES];
    ska_base64url_encode(text, signing.public_key, sizeof signing.public_key);
    printf("%s\n", text);
    return SKA_OK;
}

/* The key as a policy has it: of the log, at a leader; of its witness, at a helper. */
static enum ska_status print_log_key(const struct config *config, struct ska_error *err)
{
    const bool is_leader = config->role == SKA_ROLE_LEADER;
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key secret = {0};
    struct ska_note_key key;
    char name[SKA_NOTE_NAME_MAX + 1];
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    if (config->log_key[0] == '\0')
        return ska_fail(err, SKA_E_CONFIG, tr("log_key saknas", "log_key is missing"));
    SKA_TRY(keyfile_read_signing(&secret, config->log_key, err));
    enum ska_status status = is_leader ? ska_log_origin(name, config->own_url)
                                       : ska_log_helper_name(name, config->own_url);
    if (status == SKA_OK)
        status = ska_note_key_init(&key, name, is_leader ? SKA_NOTE_ED25519 : SKA_NOTE_COSIGNATURE,
                                   secret.public_key);
    if (status != SKA_OK)
        return ska_fail(err, status, "own_url: %s", ska_status_text(status));
    ska_note_key_format(text, &key);
    printf("%s\n", text);
    return SKA_OK;
}

static int carry_out(const struct command *command)
{
    struct ska_error err = {0};
    struct config config;
    switch (command->action) {
    case COMMAND_HELP:
        return print_help();
    case COMMAND_VERSION:
        printf("skarvad " VERSION "\n");
        return EXIT_SUCCESS;
    case COMMAND_NEW_KEYS:
        return new_keys(command->path, &err) == SKA_OK ? EXIT_SUCCESS : command_fail(&err);
    case COMMAND_SERVE:
    case COMMAND_CHECK:
    case COMMAND_PRINT:
    case COMMAND_LOG_KEY:
        break;
    }
    if (config_read(&config, command->path, &err) != SKA_OK)
        return command_fail(&err);
    if (command->action == COMMAND_LOG_KEY)
        return print_log_key(&config, &err) == SKA_OK ? EXIT_SUCCESS : command_fail(&err);
    if (command->action == COMMAND_PRINT) {
        config_print(stdout, &config);
        return EXIT_SUCCESS;
    }
    if (check_start(stderr, &config, &err) != SKA_OK)
        return command_fail(&err);
    printf(tr("%s går att använda\n", "%s can be used\n"), command->path);
    return EXIT_SUCCESS;
}

int command_run(const struct command *command)
{
    const int exit_status = carry_out(command);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    fputs(tr("skarvad: utmatningen kunde inte skrivas\n",
             "skarvad: the output could not be written\n"),
          stderr);
    return exit_status == EXIT_SUCCESS ? EXIT_NOT_STARTED : exit_status;
}
