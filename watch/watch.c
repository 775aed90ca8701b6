/* SPDX-License-Identifier: EUPL-1.2 */
/* watch.c - the command line of watch, and looking again and again. */
#include "watch/watch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/scoped.h"
#include "protocol/swedish.h"
#include "support/file.h"
#include "support/https.h"
#include "support/language.h"
#include "watch/follow.h"

#define DAY_S 86400u
#define SECONDS_MAX (366u * DAY_S)
#define N_REQUIRED 3 /* options */

enum exit_status {
    EXIT_GOOD = 0,
    EXIT_ALARM = 1,
    EXIT_USAGE = 2,
    EXIT_NO_ANSWER = 3,
    EXIT_UNUSABLE = 5
};

struct arguments {
    const char *log, *policy, *copy, *ca, *alarm, *language;
    const char *every, *age; /* as text */
    uint64_t every_s, age_s; /* every_s 0: once */
    bool is_help;
};

/* Each @ becomes the program's name. */
static const char help_sv[] =
    "@ - följ en publik logg och slå larm\n"
    "\n"
    "  @ --log URL --policy FIL --copy MAPP [--every SEKUNDER] [--alarm PROGRAM]\n"
    "\n"
    "Hämtar loggens kontrollpunkt och poster, prövar dem mot policyn och mot den egna kopian, och\n"
    "låter kopian växa. Den som gör det regelbundet märker om loggen visar olika saker för olika "
    "personer\n"
    "eller vid olika tider. Går med varje logg på http eller https som följer C2SP tlog-tiles. "
    "Över\n"
    "http kan den som står emellan hålla inne svar eller utlösa falska larm, men inte förfalska "
    "något:\n"
    "allt prövas mot underskrifter. Använd https där det finns.\n"
    "\n"
    "  --log URL          loggens adress, till exempel https://ledare.example.se/log/\n"
    "  --policy FIL       vilka loggar och vittnen som gäller (C2SP tlog-policy); hämta den från "
    "annat\n"
    "                     håll än loggen\n"
    "  --copy MAPP        den egna kopian; skapas första gången. Säkerhetskopiera den gärna\n"
    "  --every SEKUNDER   titta igen så ofta, till SIGTERM; annars en gång\n"
    "  --alarm PROGRAM    kör PROGRAM SLAG MENING MAPP vid varje nytt larm\n"
    "  --max-age SEKUNDER så gamla får vittnenas intyg vara (86400, ett dygn)\n"
    "  --ca FIL           serverns certifikatutfärdare (PEM), om den inte är allmänt känd\n"
    "  --lang sv|en       språk; annars det som miljön anger\n"
    "\n"
    "Larm (SLAG):\n"
    "  fork      loggen har undertecknat två kontrollpunkter som inte går ihop\n"
    "  rollback  loggen visar en mindre än den vi har\n"
    "  unsigned  kontrollpunkten saknas, eller är inte undertecknad som policyn säger\n"
    "  quorum    för få vittnen har intygat den\n"
    "  stale     tillräckligt många vittnen har inte intygat någon det senaste dygnet\n"
    "  changed   en post är inte längre den som den var\n"
    "  order     en post står där den inte får stå, som en inlämning efter stängningen\n"
    "  missing   en post eller hash som kontrollpunkten omfattar finns inte\n"
    "  content   posterna eller hasharna ger inte den rot som kontrollpunkten har\n"
    "Det som larmet gäller sparas i MAPP/alarms. Efter fork och rollback växer kopian inte mer: "
    "den är\n"
    "beviset. Vad man gör då står i docs/ceremony.sv.md.\n"
    "\n"
    "Exempel:\n"
    "  @ --log https://ledare.example.se/log/ --policy policy.txt --copy ~/skarva-logg\n"
    "  @ --log https://ledare.example.se/log/ --policy policy.txt --copy /var/lib/skarva-logg "
    "\\\n"
    "      --every 3600 --alarm /usr/local/bin/ring-jouren\n"
    "\n"
    "Slutstatus: 0 inget fel; 1 larm; 2 kommandoraden går inte att förstå; 3 loggen svarade inte;\n"
    "5 policyn eller kopian går inte att använda.\n";

static const char help_en[] =
    "@ - follow a public log and raise the alarm\n"
    "\n"
    "  @ --log URL --policy FILE --copy FOLDER [--every SECONDS] [--alarm PROGRAM]\n"
    "\n"
    "Fetches the log's checkpoint and entries, tries them against the policy and our own copy, and "
    "lets\n"
    "the copy grow. Who does so regularly notices if the log shows different things to different "
    "people\n"
    "or at different times. Works with any log on http or https that follows C2SP tlog-tiles. "
    "Over\n"
    "http whoever stands between can hold answers back or cause false alarms, but forge nothing:\n"
    "all is tried against signatures. Use https where there is any.\n"
    "\n"
    "  --log URL          the log's address, for instance https://leader.example.se/log/\n"
    "  --policy FILE      which logs and witnesses hold (C2SP tlog-policy); get it elsewhere than "
    "from\n"
    "                     the log\n"
    "  --copy FOLDER      our own copy; made the first time. A backup of it is a good idea\n"
    "  --every SECONDS    look again so often, until SIGTERM; else once\n"
    "  --alarm PROGRAM    run PROGRAM KIND SENTENCE FOLDER at each new alarm\n"
    "  --max-age SECONDS  how old the witnesses' cosignatures may be (86400, a day)\n"
    "  --ca FILE          the server's certificate authority (PEM), if it is not a public one\n"
    "  --lang sv|en       language; else what the environment says\n"
    "\n"
    "Alarms (KIND):\n"
    "  fork      the log signed two checkpoints that contradict each other\n"
    "  rollback  the log shows a smaller one than the one we have\n"
    "  unsigned  the checkpoint is missing, or not signed as the policy says\n"
    "  quorum    too few witnesses cosigned it\n"
    "  stale     enough witnesses have not cosigned any in the last day\n"
    "  changed   an entry is no longer what it was\n"
    "  order     an entry stands where it must not, such as a submission after the close\n"
    "  missing   an entry or hash that the checkpoint covers is not there\n"
    "  content   the entries or hashes do not give the root that the checkpoint has\n"
    "What the alarm is about is kept in FOLDER/alarms. After fork and rollback the copy does not "
    "grow\n"
    "any more: it is the evidence. What to do then is in docs/ceremony.md.\n"
    "\n"
    "Examples:\n"
    "  @ --log https://leader.example.se/log/ --policy policy.txt --copy ~/skarva-log\n"
    "  @ --log https://leader.example.se/log/ --policy policy.txt --copy /var/lib/skarva-log "
    "\\\n"
    "      --every 3600 --alarm /usr/local/bin/page-the-duty-officer\n"
    "\n"
    "Exit status: 0 nothing wrong; 1 an alarm; 2 the command line is not understood; 3 the log did "
    "not\n"
    "answer; 5 the policy or the copy cannot be used.\n";

static volatile sig_atomic_t is_ended;

static void on_signal(int signal_number)
{
    (void)signal_number;
    is_ended = 1;
}

static bool parse_seconds(uint64_t *out, const char *text)
{
    return text == NULL || (ska_note_number(out, (const uint8_t *)text, strlen(text)) == SKA_OK &&
                            *out >= 1 && *out <= SECONDS_MAX);
}

/* Returns NULL, or what is not understood: a word, or the option that is missing or wrong. */
static const char *parse_arguments(struct arguments *a, int argc, char *const *argv)
{
    static const char *const names[] = {"--log",   /* required: the first N_REQUIRED */ "--policy",
                                        "--copy",  "--ca",
                                        "--alarm", "--every",
                                        "--lang",  "--max-age"};
    const char **const values[] = {&a->log,   &a->policy, &a->copy,     &a->ca,
                                   &a->alarm, &a->every,  &a->language, &a->age};
    for (int i = 1; i < argc; i++) {
        size_t k = 0;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            a->is_help = true;
            continue;
        }
        while (k < sizeof names / sizeof names[0] && strcmp(argv[i], names[k]) != 0)
            k++;
        if (k == sizeof names / sizeof names[0] || i + 1 == argc || *values[k] != NULL)
            return argv[i];
        *values[k] = argv[++i];
    }
    a->age_s = DAY_S;
    for (size_t k = 0; k < N_REQUIRED && !a->is_help; k++)
        if (*values[k] == NULL)
            return names[k];
    if (!parse_seconds(&a->every_s, a->every))
        return "--every";
    return parse_seconds(&a->age_s, a->age) ? NULL : "--max-age";
}

static void print_help(const char *program)
{
    for (const char *at = language_is_swedish() ? help_sv : help_en; *at != '\0'; at++)
        if (*at == '@')
            fputs(program, stdout);
        else
            putchar(*at);
}

static int complain(const char *program, const char *text, int exit_status)
{
    fprintf(stderr, "%s: %s\n", program, text);
    return exit_status;
}

static enum ska_status read_policy(struct ska_tlog_policy *policy, const char *path,
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_error why = {0};
    size_t len = 0;
    if (!file_exists(path))
        return ska_fail(
            err, SKA_E_NOT_FOUND,
            tr("loggens policy finns inte i %s. Den säger vilken logg och vilka vittnen "
               "som gäller, och ges ut av den som håller insamlingen: hämta den från "
               "annat håll än loggen och ange --policy FIL, eller lägg den där.",
               "the log's policy is not in %s. It says which log and which witnesses "
               "hold, and is given out by whoever keeps the collection: get it elsewhere "
               "than from the log and give --policy FILE, or put it there."),
            path);
    SKA_TRY(file_read(&text, &len, path, SKA_POLICY_BYTES_MAX, err));
    enum ska_status status = ska_policy_parse(policy, text, len, &why);
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s: %s", path, why.text);
}

static void print_state(const struct watch_round *r)
{
    char time_text[32] = "?";
    const time_t t = (time_t)r->now_s;
    struct tm tm;
    if (gmtime_r(&t, &tm) != NULL)
        (void)strftime(time_text, sizeof time_text, "%Y-%m-%d %H:%M:%S UTC", &tm); /* fits */
    if (!r->copy->has_checkpoint)
        printf(tr("%s  ingen kontrollpunkt att följa ännu; LARM\n",
                  "%s  no checkpoint to follow yet; ALARM\n"),
               time_text);
    else
        printf(tr("%s  %s: %" PRIu64 " poster, varav %" PRIu64 " nya; %s\n",
                  "%s  %s: %" PRIu64 " entries, %" PRIu64 " of them new; %s\n"),
               time_text, r->copy->checkpoint.origin, r->copy->checkpoint.size, r->n_new,
               watch_alarm_is_any(&r->alarms) ? tr("LARM", "ALARM")
                                              : tr("inget fel", "nothing wrong"));
    (void)fflush(stdout); /* looked at when the program ends */
}

/* One look, told. *before becomes what is raised now. */
static int look(const char *program, struct watch_alarms *before, struct watch_round *r,
                const char *alarm_program)
{
    struct ska_error err = {0};
    const enum ska_status status = watch_follow(r, &err);
    const struct ska_slice checkpoint = {r->checkpoint.body, r->checkpoint.len};
    watch_alarm_tell(&r->alarms, before, r->copy, checkpoint, alarm_program, r->now_s);
    *before = r->alarms;
    watch_answer_clear(&r->checkpoint);
    if (status != SKA_OK)
        fprintf(stderr, "%s: %s\n", program,
                err.text[0] != '\0' ? err.text : ska_status_text(status));
    else
        print_state(r);
    if (watch_alarm_is_any(&r->alarms))
        return EXIT_ALARM;
    return status == SKA_OK ? EXIT_GOOD : EXIT_NO_ANSWER;
}

/* Until the time is over or a signal comes. */
static void wait_s(uint64_t seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds};
    while (!is_ended && nanosleep(&left, &left) != 0)
        continue;
}

static int look_on(const char *program, const struct arguments *a, const struct watch_log *log,
                   const struct ska_tlog_policy *policy, struct watch_copy *copy)
{
    struct watch_alarms before = {0};
    int worst = EXIT_GOOD;
    for (;;) {
        struct watch_round r = {.log = log,
                                .policy = policy,
                                .copy = copy,
                                .now_s = (uint64_t)time(NULL),
                                .age_max_s = a->age_s};
        const int now = look(program, &before, &r, a->alarm);
        if (now == EXIT_ALARM || worst == EXIT_GOOD)
            worst = now; /* an alarm is not forgotten */
        if (a->every_s == 0)
            return worst;
        wait_s(a->every_s);
        if (is_ended)
            return worst == EXIT_NO_ANSWER ? now : worst;
    }
}

static int work(const char *program, const struct arguments *a)
{
    struct ska_error err = {0};
    struct watch_copy copy = {0};
    struct watch_log log;
    struct https_client *client = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    if (policy == NULL)
        return complain(program, ska_status_text(SKA_E_MEMORY), EXIT_UNUSABLE);
    enum ska_status status = read_policy(policy, a->policy, &err);
    if (status == SKA_OK)
        status = watch_log_open(&log, &client, a->log, a->ca, &err);
    if (status == SKA_OK)
        status = watch_copy_open(&copy, a->copy, policy, &err);
    const int exit_status = status == SKA_OK ? look_on(program, a, &log, policy, &copy)
                                             : complain(program, err.text, EXIT_UNUSABLE);
    watch_copy_close(&copy);
    https_client_free(client);
    return exit_status;
}

int watch_main(const char *program, int argc, char *const *argv)
{
    struct arguments a = {0};
    const char *wrong = parse_arguments(&a, argc, argv);
    if (!language_choose(a.language))
        wrong = "--lang";
    ska_speak_swedish(language_is_swedish());
    if (wrong != NULL) {
        fprintf(stderr,
                tr("%s: kommandoraden går inte att förstå: %s saknas, är okänt, står två gånger "
                   "eller har fel värde (%s --help visar hur)\n",
                   "%s: the command line is not understood: %s is missing, unknown, there twice or "
                   "has a wrong value (%s --help shows how)\n"),
                program, wrong, program);
        return EXIT_USAGE;
    }
    if (a.is_help) {
        print_help(program);
        return fflush(stdout) == 0 ? EXIT_GOOD : EXIT_UNUSABLE;
    }
    const struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL); /* cannot fail for these */
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    const int exit_status = work(program, &a);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    return complain(program,
                    tr("utmatningen kunde inte skrivas", "the output could not be written"),
                    exit_status == EXIT_GOOD ? EXIT_UNUSABLE : exit_status);
}
