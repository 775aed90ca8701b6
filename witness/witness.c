/* SPDX-License-Identifier: EUPL-1.2 */
/* witness.c - the command line of a witness: make it, check it, run it. */
#define _GNU_SOURCE /* prctl */
#include "witness/witness.h"

#include "crypto/scoped.h"
#include "protocol/swedish.h"
#include "support/file.h"
#include "support/keyfile.h"
#include "support/language.h"
#include "witness/serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOT_STARTED = 5 };

enum mode { MODE_RUN, MODE_INIT, MODE_CHECK, MODE_HELP };

struct arguments {
    enum mode mode;
    const char *config, *language;
};

static const char help_sv[] =
    "skarva-audit witness - ett vittne till publika loggar\n"
    "\n"
    "  skarva-audit witness --config FIL [--lang sv|en]\n"
    "  skarva-audit witness --config FIL --init\n"
    "  skarva-audit witness --config FIL --check-config\n"
    "\n"
    "Ett vittne minns den senaste kontrollpunkten i varje logg som det känner, och intygar en ny\n"
    "bara om den fortsätter på den förra. Så kan ingen visa olika personer olika loggar. Det ser\n"
    "inga uppgifter och behöver inget utom en adress som loggarna når. Vem som helst utom\n"
    "aggregatorerna kan driva ett: en tidning, ett universitet, en kommun.\n"
    "\n"
    "  --config FIL    konfigurationen, rader namn = värde\n"
    "  --init          skapar nyckel och tillstånd, och skriver ut vittnets öppna nyckel\n"
    "  --check-config  prövar konfiguration, nyckel, tillstånd och certifikat; lyssnar inte\n"
    "  --lang sv|en    språk; annars det som miljön anger\n"
    "\n"
    "Konfigurationen:\n";
static const char help_sv_end[] =
    "\n"
    "Filen state får aldrig gå förlorad eller bytas mot en äldre: vittnet skulle kunna intyga två\n"
    "olika loggar. Går den förlorad ska vittnet få ny nyckel och nytt namn.\n"
    "\n"
    "Slutstatus: 0 klart, eller avslutat med SIGTERM; 1 kunde inte fortsätta; 2 kommandoraden går\n"
    "inte att förstå; 5 konfiguration, nyckel, tillstånd eller certifikat går inte att använda.\n";

static const char help_en[] =
    "skarva-audit witness - a witness to public logs\n"
    "\n"
    "  skarva-audit witness --config FILE [--lang sv|en]\n"
    "  skarva-audit witness --config FILE --init\n"
    "  skarva-audit witness --config FILE --check-config\n"
    "\n"
    "A witness remembers the last checkpoint of each log that it knows, and cosigns a new one "
    "only\n"
    "if it goes on from the last. So nobody can show different logs to different people. It sees\n"
    "no figures, and needs nothing but an address that the logs reach. Anyone but the aggregators\n"
    "can run one: a newspaper, a university, a municipality.\n"
    "\n"
    "  --config FILE   the configuration, lines name = value\n"
    "  --init          makes key and state, and prints the witness's public key\n"
    "  --check-config  tries configuration, key, state and certificate; does not listen\n"
    "  --lang sv|en    language; else what the environment says\n"
    "\n"
    "The configuration:\n";
static const char help_en_end[] =
    "\n"
    "The file state must never be lost or replaced by an older one: the witness could cosign two\n"
    "different logs. If it is lost, the witness needs a new key and a new name.\n"
    "\n"
    "Exit status: 0 done, or ended by SIGTERM; 1 it could not go on; 2 the command line is not\n"
    "understood; 5 configuration, key, state or certificate cannot be used.\n";

static void print_help(void)
{
    const char *name, *sentence;
    fputs(tr(help_sv, help_en), stdout);
    for (size_t i = 0; witness_config_option(&name, &sentence, i); i++)
        printf("  %-16s %s\n", name, sentence);
    fputs(tr(help_sv_end, help_en_end), stdout);
}

static int complain(const char *text, int exit_status)
{
    (void)fprintf(stderr, "skarva-audit witness: %s\n", text);
    return exit_status;
}

/* Returns NULL, or the word that is not understood or missing. */
static const char *parse_arguments(struct arguments *a, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        const bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--config") == 0 && has_value && a->config == NULL)
            a->config = argv[++i];
        else if (strcmp(argv[i], "--lang") == 0 && has_value && a->language == NULL)
            a->language = argv[++i];
        else if (strcmp(argv[i], "--init") == 0 && a->mode == MODE_RUN)
            a->mode = MODE_INIT;
        else if (strcmp(argv[i], "--check-config") == 0 && a->mode == MODE_RUN)
            a->mode = MODE_CHECK;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            a->mode = MODE_HELP;
        else
            return argv[i];
    }
    return a->mode == MODE_HELP || a->config != NULL ? NULL : "--config";
}

static enum ska_status make_key(struct ska_note_key *out, const struct witness_config *config,
                                const struct ska_signing_key *secret)
{
    return ska_note_key_init(out, config->name, SKA_NOTE_COSIGNATURE, secret->public_key);
}

static enum ska_status init(const struct witness_config *config, struct ska_error *err)
{
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key secret = {0};
    struct ska_note_key key;
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    if (file_exists(config->key))
        return ska_fail(
            err, SKA_E_CONFLICT,
            tr("%s finns redan och skrivs inte över: det här vittnet är skapat. Starta det "
               "utan --init; ett nytt får egen nyckel, eget tillstånd och eget namn",
               "%s is there already and is not written over: this witness is made. "
               "Start it without --init; a new one gets a key, a state and a name of "
               "its own"),
            config->key);
    SKA_TRY(ska_signing_key_generate(&secret));
    SKA_TRY(make_key(&key, config, &secret));
    SKA_TRY(witness_state_create(config->state, err));
    SKA_TRY(keyfile_write_signing(config->key, &secret, err));
    ska_note_key_format(text, &key);
    printf("%s\n", text);
    return SKA_OK;
}

/* Key and state into *w; the caller closes the state and wipes the key. */
static enum ska_status open_witness(struct witness *w, const struct witness_config *config,
                                    struct ska_error *err)
{
    w->logs = config->logs;
    w->n_logs = config->n_logs;
    if (!file_exists(config->key))
        return ska_fail(
            err, SKA_E_NOT_FOUND,
            tr("nyckeln %s finns inte. Ett nytt vittne skapas med --init; ett som har "
               "funnits får tillbaka nyckeln ur sin säkerhetskopia",
               "the key %s is not there. A new witness is made with --init; one that has "
               "been running gets its key back from its backup"),
            config->key);
    SKA_TRY(keyfile_read_signing(&w->secret, config->key, err));
    SKA_TRY(make_key(&w->key, config, &w->secret));
    return witness_state_open(&w->state, config->state, &w->key, err);
}

static void print_check(const struct witness *w)
{
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    ska_note_key_format(text, &w->key);
    printf("%s\n", text);
    for (size_t i = 0; i < w->n_logs; i++) {
        const struct witness_record *r = witness_state_find(&w->state, w->logs[i].name);
        ska_note_key_format(text, &w->logs[i]);
        printf("log %s %" PRIu64 "\n", text, r == NULL ? 0 : r->checkpoint.size);
    }
}

static int work(const struct arguments *a, const struct witness_config *config)
{
    struct ska_error err = {0};
    struct witness w = {0};
    enum ska_status status = SKA_OK;
    int exit_status = EXIT_NOT_STARTED;
    if (a->mode == MODE_INIT)
        status = init(config, &err);
    else
        status = open_witness(&w, config, &err);
    if (a->mode == MODE_CHECK && status == SKA_OK)
        status = witness_serve_check(config, &err);
    if (a->mode == MODE_CHECK && status == SKA_OK)
        print_check(&w);
    if (a->mode == MODE_RUN && status == SKA_OK) {
        status = witness_serve(&w, config, &err);
        exit_status = ska_status_class(status) == SKA_CLASS_INPUT ? EXIT_NOT_STARTED : EXIT_FAILED;
    }
    witness_state_close(&w.state);
    ska_signing_key_clear(&w.secret);
    if (status != SKA_OK)
        return complain(err.text[0] == '\0' ? ska_status_text(status) : err.text, exit_status);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

int witness_main(int argc, char *const *argv)
{
    struct arguments a = {0};
    struct ska_error err = {0};
    const char *wrong = parse_arguments(&a, argc, argv);
    if (!language_choose(a.language))
        wrong = "--lang";
    ska_speak_swedish(language_is_swedish());
    (void)prctl(PR_SET_DUMPABLE,
                0); /* no core file with the key; cannot fail with these arguments */
    if (wrong != NULL) {
        ska_ignore(ska_fail(&err, SKA_E_USAGE,
                            tr("kommandoraden går inte att förstå: %s saknas, är okänt eller går "
                               "inte ihop med resten (skarva-audit witness --help visar hur)",
                               "the command line is not understood: %s is missing, unknown or does "
                               "not go with the rest (skarva-audit witness --help shows how)"),
                            wrong),
                   "only its text is wanted");
        return complain(err.text, EXIT_USAGE);
    }
    if (a.mode == MODE_HELP) {
        print_help();
        return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    }
    SKA_SCOPED(ska_scoped_free) struct witness_config *config = ska_alloc(1, sizeof *config);
    if (config == NULL)
        return complain(ska_status_text(SKA_E_MEMORY), EXIT_FAILED);
    if (witness_config_read(config, a.config, &err) != SKA_OK)
        return complain(err.text, EXIT_NOT_STARTED);
    return work(&a, config);
}
