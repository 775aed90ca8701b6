/* SPDX-License-Identifier: EUPL-1.2 */
/* options.c - the command line of skarva-audit. */
#include "audit/options.h"

#include "audit/parallel.h"
#include "audit/words.h"

#include <string.h>

#define ARGUMENTS_MAX 3 /* words that are not options */

static const char help_sv[] =
    "skarva-audit - kontrollera att publicerade siffror stämmer\n"
    "\n"
    "  skarva-audit verify PAKET --trust FIL [--policy FIL] [--json] [--lang sv|en] [--jobs N]\n"
    "  skarva-audit verify-diff ÄLDRE NYARE --trust FIL [--json]\n"
    "  skarva-audit check-log LOGG --policy FIL [--trust FIL] [--bundle PAKET] [--json]\n"
    "  skarva-audit list-checks [--json]\n"
    "  skarva-audit check-proof BEVIS --policy FIL [--entry FIL] [--bundle PAKET]\n"
    "  skarva-audit witness --help\n"
    "  skarva-audit watch --help\n"
    "  skarva-audit --help\n"
    "\n"
    "witness är för sig: ett vittne till publika loggar, som en tidning eller ett universitet kan "
    "driva.\n"
    "Likaså watch: det följer en publik logg och slår larm.\n"
    "PAKET är den fil som utgivaren publicerar med en period: filen, en mapp där den packats upp,\n"
    "dess adress (https://), eller - för standard in. verify-diff visar att inget av det som ett\n"
    "äldre paket gav ut har försvunnit eller ändrats i ett nyare. LOGG är en publik loggs mapp "
    "eller\n"
    "adress (https://ledare.exempel.se/log/); check-log kontrollerar hela loggen, och med --bundle "
    "att\n"
    "ett paket räknar precis det som loggen har.\n"
    "\n"
    "  --trust FIL    fyra rader: publisher, second, leader och helper, var och en följd av ett\n"
    "                 blanksteg och partens öppna nyckel (43 tecken); hämta dem från annat håll "
    "än\n"
    "                 paketet\n"
    "  --earlier VAR  för en rättelse eller ett hopräknat år: det tidigare paketet, eller mappen "
    "med\n"
    "                 de tidigare; annars de som ligger bredvid. För verify-diff mappen med "
    "utgåvorna\n"
    "                 emellan; för check-log en tidigare kontrollpunkt (filen checkpoint) som "
    "loggen "
    "ska\n"
    "                 vara en fortsättning på\n"
    "  --policy FIL   vilka loggar och vittnen som gäller (C2SP tlog-policy), för check-log och\n"
    "                 check-proof, som prövar ett bevis för att en post står i en publik logg "
    "(C2SP\n"
    "                 tlog-proof). För verify jämförs den med policyn i paketet\n"
    "  --entry FIL    posten; annars den som står i beviset (extra)\n"
    "  --bundle PAKET för check-proof: posten ska vara paketets utgåva; beviset ligger bredvid "
    "paketet\n"
    "                 på webbplatsen (.release.tlog-proof)\n"
    "  --ca FIL       certifikat att lita på när PAKET är en adress; annars systemets\n"
    "  --json         ett JSON-objekt i stället för text\n"
    "  --lang sv|en   språk; annars det som miljön anger\n"
    "  --jobs N       trådar, 1-256; annars så många som datorn har kärnor\n"
    "\n"
    "Exempel:\n"
    "  skarva-audit verify norrsken-2025Q2.tar --trust rotnycklar.txt\n"
    "  skarva-audit verify https://statistik.exempel.se/norrsken-2025Q2.tar --trust "
    "rotnycklar.txt\n"
    "  skarva-audit verify norrsken-2025Q2.tar --trust rotnycklar.txt --json > utfall.json\n"
    "  skarva-audit verify-diff norrsken-2025Q1.tar norrsken-2025Q2.tar --trust rotnycklar.txt\n"
    "  skarva-audit check-log https://ledare.exempel.se/log/ --policy policy.txt --trust "
    "rotnycklar.txt --bundle norrsken-2025Q2.tar\n"
    "\n"
    "Slutstatus: 0 alla kontroller godkända; 1 någon underkänd eller inte prövad; 2 kommandoraden "
    "går\n"
    "inte att förstå; 3 paketet går inte att läsa; 4 förtroendefilen eller policyn går inte att "
    "läsa.\n";

static const char help_en[] =
    "skarva-audit - check that published figures are right\n"
    "\n"
    "  skarva-audit verify BUNDLE --trust FILE [--policy FILE] [--json] [--lang sv|en] [--jobs N]\n"
    "  skarva-audit verify-diff OLDER NEWER --trust FILE [--json]\n"
    "  skarva-audit check-log LOG --policy FILE [--trust FILE] [--bundle BUNDLE] [--json]\n"
    "  skarva-audit list-checks [--json]\n"
    "  skarva-audit check-proof PROOF --policy FILE [--entry FILE] [--bundle BUNDLE]\n"
    "  skarva-audit witness --help\n"
    "  skarva-audit watch --help\n"
    "  skarva-audit --help\n"
    "\n"
    "witness stands apart: a witness to public logs, which a newspaper or a university can run.\n"
    "So does watch: it follows a public log and raises the alarm.\n"
    "BUNDLE is the file that the publisher publishes with a period: the file, a folder in which "
    "it\n"
    "was unpacked, its address (https://), or - for the standard input. verify-diff shows that "
    "nothing\n"
    "that an older bundle released has disappeared or changed in a newer one. LOG is the folder "
    "or\n"
    "address of a public log (https://leader.example.se/log/); check-log checks the whole log, "
    "and\n"
    "with --bundle that a bundle counts exactly what the log has.\n"
    "\n"
    "  --trust FILE   four lines: publisher, second, leader and helper, each followed by a space "
    "and\n"
    "                 the party's public key (43 characters); get them elsewhere than the bundle\n"
    "  --earlier PATH for a correction or a year added up: the earlier bundle, or the folder with "
    "the\n"
    "                 earlier ones; else those beside it. For verify-diff the folder with the "
    "releases\n"
    "                 between; for check-log an earlier checkpoint that the log is to continue\n"
    "  --policy FILE  which logs and witnesses hold (C2SP tlog-policy), for check-log and\n"
    "                 check-proof, which tries a proof that an entry is in a public log (C2SP\n"
    "                 tlog-proof). For verify it is compared with the policy in the bundle\n"
    "  --entry FILE   the entry; else the one that stands in the proof (extra)\n"
    "  --bundle BUNDLE  for check-proof: the entry must be the bundle's release; the proof lies "
    "beside\n"
    "                 the bundle on the site (.release.tlog-proof)\n"
    "  --ca FILE      certificates to trust when BUNDLE is an address; else the system's\n"
    "  --json         one JSON object instead of text\n"
    "  --lang sv|en   language; else what the environment says\n"
    "  --jobs N       threads, 1-256; else as many as the machine has cores\n"
    "\n"
    "Examples:\n"
    "  skarva-audit verify norrsken-2025Q2.tar --trust roots.txt\n"
    "  skarva-audit verify https://statistics.example.org/norrsken-2025Q2.tar --trust roots.txt\n"
    "  skarva-audit verify norrsken-2025Q2.tar --trust roots.txt --json > outcome.json\n"
    "  skarva-audit verify-diff norrsken-2025Q1.tar norrsken-2025Q2.tar --trust roots.txt\n"
    "  skarva-audit check-log https://leader.example.se/log/ --policy policy.txt --trust roots.txt "
    "--bundle norrsken-2025Q2.tar\n"
    "\n"
    "Exit status: 0 all checks passed; 1 one failed or was not checked; 2 the command line is not\n"
    "understood; 3 the bundle cannot be read; 4 the trust file or policy cannot be read.\n";

const char *options_help(void)
{
    return words(help_sv, help_en);
}

/* 1..PARALLEL_JOBS_MAX, decimal. */
static bool parse_jobs(unsigned *jobs, const char *text)
{
    unsigned value = 0;
    size_t len = strlen(text);
    if (len < 1 || len > 3)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (value < 1 || value > PARALLEL_JOBS_MAX)
        return false;
    *jobs = value;
    return true;
}

#define N_VALUES 8 /* options with a value */

/* Sort the command line into options and other words. */
static enum ska_status collect(struct options *o, const char *arguments[ARGUMENTS_MAX], size_t *n,
                               const char **jobs, int argc, char *const *argv,
                               struct ska_error *err)
{
    static const char *const names[N_VALUES] = {"--trust",  "--lang",  "--jobs", "--earlier",
                                                "--policy", "--entry", "--ca",   "--bundle"};
    const char **values[N_VALUES] = {&o->trust,  &o->language, jobs,        &o->earlier,
                                     &o->policy, &o->entry,    &o->ca_file, &o->with_bundle};
    for (int i = 1; i < argc; i++) {
        size_t k = 0;
        while (k < N_VALUES && strcmp(argv[i], names[k]) != 0)
            k++;
        if (k < N_VALUES) {
            if (i + 1 == argc || *values[k] != NULL)
                return ska_fail(err, SKA_E_USAGE,
                                words("%s ska stå en gång, följd av sitt värde",
                                      "%s must stand once, followed by its value"),
                                names[k]);
            *values[k] = argv[++i];
        } else if (strcmp(argv[i], "--json") == 0) {
            o->as_json = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            o->command = COMMAND_HELP;
        } else if (argv[i][0] == '-' && argv[i][1] != '\0') {
            return ska_fail(err, SKA_E_USAGE, words("okänd flagga %s", "unknown option %s"),
                            argv[i]);
        } else if (*n == ARGUMENTS_MAX) {
            return ska_fail(err, SKA_E_USAGE, words("för många ord: %s", "too many words: %s"),
                            argv[i]);
        } else {
            arguments[(*n)++] = argv[i];
        }
    }
    return SKA_OK;
}

static enum ska_status parse_check_proof(struct options *o, const char *const *arguments, size_t n,
                                         struct ska_error *err)
{
    if (n != 2 || o->policy == NULL)
        return ska_fail(err, SKA_E_USAGE, "%s",
                        words("ange beviset, och policyn med --policy",
                              "name the proof, and the policy with --policy"));
    o->command = COMMAND_CHECK_PROOF;
    o->proof = arguments[1];
    return SKA_OK;
}

static enum ska_status parse_check_log(struct options *o, const char *const *arguments, size_t n,
                                       struct ska_error *err)
{
    if (n != 2 || o->policy == NULL)
        return ska_fail(err, SKA_E_USAGE, "%s",
                        words("ange loggens mapp eller adress, och policyn med --policy",
                              "name the log's folder or address, and the policy with --policy"));
    if (o->with_bundle != NULL && o->trust == NULL)
        return ska_fail(err, SKA_E_USAGE, "%s",
                        words("med --bundle behövs förtroendefilen, --trust",
                              "with --bundle the trust file is needed, --trust"));
    o->command = COMMAND_CHECK_LOG;
    o->bundle = arguments[1];
    return SKA_OK;
}

static enum ska_status parse_command(struct options *o, const char *const *arguments, size_t n,
                                     struct ska_error *err)
{
    if (o->command == COMMAND_HELP || (n == 1 && strcmp(arguments[0], "help") == 0)) {
        o->command = COMMAND_HELP;
        return SKA_OK;
    }
    if (n == 1 && strcmp(arguments[0], "list-checks") == 0) {
        o->command = COMMAND_LIST_CHECKS;
        return SKA_OK;
    }
    if (n > 0 && strcmp(arguments[0], "check-proof") == 0)
        return parse_check_proof(o, arguments, n, err);
    if (n > 0 && strcmp(arguments[0], "check-log") == 0)
        return parse_check_log(o, arguments, n, err);
    const bool is_diff = n > 0 && strcmp(arguments[0], "verify-diff") == 0;
    if (n == 0 || (!is_diff && strcmp(arguments[0], "verify") != 0))
        return ska_fail(
            err, SKA_E_USAGE, "%s",
            words("väntade kommandot verify, verify-diff, check-log, check-proof, list-checks, "
                  "witness "
                  "eller watch",
                  "expected the command verify, verify-diff, check-log, check-proof, list-checks, "
                  "witness or watch"));
    if (n != (is_diff ? 3 : 2))
        return ska_fail(err, SKA_E_USAGE, "%s",
                        is_diff ? words("ange det äldre paketet och det nyare",
                                        "name the older bundle and the newer")
                                : words("ange paketet", "name the bundle"));
    if (o->trust == NULL)
        return ska_fail(
            err, SKA_E_USAGE, "%s",
            words("ange förtroendefilen med --trust", "name the trust file with --trust"));
    o->command = is_diff ? COMMAND_VERIFY_DIFF : COMMAND_VERIFY;
    o->bundle = arguments[1];
    o->newer = is_diff ? arguments[2] : NULL;
    return SKA_OK;
}

/* Before all else, so that complaints about the rest are in the language asked for. */
static void choose_words(int argc, char *const *argv)
{
    const char *wanted = NULL;
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--lang") == 0)
            wanted = argv[i + 1];
    if (!words_choose(wanted))
        (void)words_choose(NULL);
}

enum ska_status options_parse(struct options *out, int argc, char *const *argv,
                              struct ska_error *err)
{
    struct options o = {0};
    const char *arguments[ARGUMENTS_MAX] = {NULL}, *jobs = NULL;
    size_t n = 0;
    choose_words(argc, argv);
    enum ska_status status = collect(&o, arguments, &n, &jobs, argc, argv, err);
    if (o.language != NULL && strcmp(o.language, "sv") != 0 && strcmp(o.language, "en") != 0)
        return ska_fail(err, SKA_E_USAGE, "%s",
                        words("--lang är sv eller en", "--lang is sv or en"));
    SKA_TRY(status);
    if (jobs != NULL && !parse_jobs(&o.jobs, jobs))
        return ska_fail(
            err, SKA_E_USAGE, "%s",
            words("--jobs är ett tal mellan 1 och 256", "--jobs is a number from 1 to 256"));
    SKA_TRY(parse_command(&o, arguments, n, err));
    *out = o;
    return SKA_OK;
}
