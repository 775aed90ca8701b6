/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_receipt.c - skarva receipt: the receipt, its proof from the public log, and whether a
 * bundle counts it.
 *
 *     receipt  --both servers signed it-->  proof (kept, or fetched)  --the policy holds-->  bundle
 *
 * Without a network all of it is checked again from the files: skarva receipt check.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/commands.h"
#include "client/counted.h"
#include "client/inclusion.h"
#include "client/receipts.h"
#include "crypto/scoped.h"
#include "protocol/log_policy.h"
#include "support/file.h"
#include "support/language.h"

#define WAIT_MAX_S 86400u

/* What a receipt is shown from. */
struct showing {
    const struct arguments *a;
    struct workplace w; /* the session only if a proof is fetched */
    struct ska_trust trust;
    struct ska_receipt receipt;
    char *path, *proof_path;        /* owned */
    struct ska_tlog_policy *policy; /* owned; NULL: there is none */
    uint64_t wait_s;
};

static void showing_clear(struct showing *s)
{
    workplace_close(&s->w);
    free(s->path);
    free(s->proof_path);
    free(s->policy);
}

static enum exits read_receipt(struct showing *s)
{
    SKA_SCOPED(ska_scoped_free) char *trust_path = NULL;
    struct ska_error err = {0};
    enum ska_status status = home_path(&trust_path, &s->w.home, "trust.txt");
    if (status == SKA_OK)
        status = ska_trust_read(&s->trust, trust_path, &err);
    if (status == SKA_OK && s->a->check == NULL)
        status = receipts_find(&s->path, &s->w.home, s->w.period, &err);
    if (status == SKA_OK && s->a->check != NULL && (s->path = strdup(s->a->check)) == NULL)
        status = SKA_E_MEMORY;
    if (status == SKA_OK)
        status = inclusion_path(&s->proof_path, s->path);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    status = receipts_read(&s->receipt, s->path, &s->trust, &err);
    if (status != SKA_OK)
        return exits_fail(status,
                          status == SKA_E_SIGNATURE ? EXITS_DOING_SERVER : EXITS_DOING_INPUT, &err);
    if (strcmp(s->receipt.entry.period, s->w.period) == 0)
        return EXITS_OK;
    fprintf(stderr,
            tr("skarva: kvittot gäller %s, inte %s\n", "skarva: the receipt is for %s, not %s\n"),
            s->receipt.entry.period, s->w.period);
    return EXITS_TRUST;
}

static enum exits read_policy(struct showing *s)
{
    struct ska_error err = {0};
    s->policy = ska_alloc(1, sizeof *s->policy);
    if (s->policy == NULL)
        return EXITS_INTERNAL;
    const enum ska_status status = inclusion_read_policy(s->policy, &s->w.home, s->a->policy, &err);
    if (status == SKA_OK)
        return EXITS_OK;
    if (status != SKA_E_NOT_FOUND || s->a->policy != NULL)
        return exits_fail(status, s->a->policy != NULL ? EXITS_DOING_INPUT : EXITS_DOING_HOME,
                          &err);
    free(s->policy);
    s->policy = NULL;
    fprintf(
        s->a->offline ? stderr : stdout,
        tr("Utan den publika loggens policy prövas inte om inlämningen står i loggen. Hämta "
           "policyn från annat håll än ledaren, som från utgivaren, och ange --policy FIL, eller "
           "lägg den i %s/policy.txt.\n",
           "Without the public log's policy it is not tried whether the submission is in the log. "
           "Get the policy elsewhere than from the leader, as from the publisher, and give "
           "--policy FILE, or put it into "
           "%s/policy.txt.\n"),
        s->w.home.dir);
    return s->a->offline ? EXITS_HOME : EXITS_OK;
}

/* Judge a proof, and show what it shows. */
static enum ska_status judge(const struct showing *s, struct ska_slice proof, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_policy_result *result = ska_alloc(1, sizeof *result);
    struct ska_error why = {0};
    uint64_t index = 0;
    if (result == NULL)
        return SKA_E_MEMORY;
    const enum ska_status status =
        inclusion_verify(result, &index, proof, &s->receipt, s->policy, &why);
    if (status == SKA_E_MEMORY)
        return status;
    if (status != SKA_OK)
        return ska_fail(err, SKA_E_PROOF,
                        tr("beviset ur loggen (%s) håller inte: %s",
                           "the proof from the log (%s) does not hold: %s"),
                        s->proof_path, why.text);
    inclusion_print(stdout, result, index, s->policy);
    return SKA_OK;
}

/* The report identifier, which the leaf has and the receipt has not: from what was sent, or from
 * the leader's answer. */
static enum ska_status find_report_id(uint8_t out[static 16], struct showing *s,
                                      struct ska_error *err)
{
    const struct ska_log_entry *e = &s->receipt.entry;
    struct submission mine = {0};
    if (submission_load(&mine, &s->w.home, s->w.period, e->task_id, e->number, NULL) == SKA_OK) {
        memcpy(out, mine.report_id, sizeof mine.report_id);
        submission_clear(&mine);
        return SKA_OK;
    }
    struct ska_submission_status *at = NULL;
    size_t n = 0;
    SKA_TRY(session_identify(&s->w.session, err));
    SKA_TRY(session_submissions(&at, &n, &s->w.session, err));
    enum ska_status status = SKA_E_NOT_FOUND;
    for (size_t i = 0; i < n; i++)
        if (at[i].number == e->number && at[i].state == SKA_SUBMISSION_ACCEPTED) {
            memcpy(out, at[i].report_id, sizeof at[i].report_id);
            status = SKA_OK;
        }
    free(at);
    return status == SKA_OK ? SKA_OK
                            : ska_fail(err, status,
                                       tr("ledaren känner inte till inlämning %" PRIu64,
                                          "the leader knows of no submission %" PRIu64),
                                       e->number);
}

/* Ask until there is a proof or the time is up. */
static enum ska_status ask(uint8_t **proof, size_t *len, struct showing *s, struct ska_error *err)
{
    uint8_t report_id[16];
    SKA_TRY(find_report_id(report_id, s, err));
    const time_t end = time(NULL) + (time_t)s->wait_s;
    for (;;) {
        const enum ska_status status =
            inclusion_fetch(proof, len, s->w.session.leader, &s->receipt, report_id, err);
        if (status != SKA_E_BUSY || time(NULL) >= end)
            return status;
        ska_error_clear(err);
        (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL); /* sooner does no harm */
    }
}

/* To whom a fault is told, and with which files. */
static void say_whom(FILE *out, const struct showing *s, const char *proof, const char *bundle)
{
    fprintf(out,
            tr("Säg till både ledarens driftansvariga och insamlingens utgivare (%s), och bifoga "
               "%s%s%s%s%s. Filerna röjer inga antal; skicka aldrig signing.key eller mappen "
               "counts.\n",
               "Tell both the leader's operator and the collection's publisher (%s), and attach "
               "%s%s%s%s%s. The files disclose no counts; never send signing.key or the folder "
               "counts.\n"),
            s->w.home.leader, s->path, proof != NULL ? ", " : "", proof != NULL ? proof : "",
            bundle != NULL ? ", " : "", bundle != NULL ? bundle : "");
}

static enum exits fail_fetching(const struct showing *s, enum ska_status status,
                                const struct ska_error *err)
{
    if (status == SKA_E_BUSY) {
        printf(tr("Inlämning %" PRIu64 " står ännu inte i den publika loggen. Fråga igen om en "
                  "timme. Står den inte där inom ett dygn är något fel:\n",
                  "Submission %" PRIu64 " is not in the public log yet. Ask again in an hour. "
                  "If it is not there within a day, something is wrong:\n"),
               s->receipt.entry.number);
        say_whom(stdout, s, NULL, NULL);
        return EXITS_PENDING;
    }
    if (status == SKA_E_NOT_FOUND) {
        fprintf(stderr,
                tr("skarva: ledaren har inte inlämning %" PRIu64 " i sin publika logg, fast vi har "
                   "kvitto på den.\n",
                   "skarva: the leader does not have submission %" PRIu64 " in its public log, "
                   "though we have a receipt for it.\n"),
                s->receipt.entry.number);
        say_whom(stderr, s, NULL, NULL);
        return EXITS_TRUST;
    }
    return exits_fail(status, EXITS_DOING_SERVER, err);
}

/* A proof that does not hold is a fault of theirs, if the policy is the right one. */
static enum exits fail_proof(const struct showing *s, enum ska_status status, bool is_kept,
                             const struct ska_error *err)
{
    const enum exits code = exits_fail(status, EXITS_DOING_SERVER, err);
    if (status == SKA_E_PROOF) {
        fputs(tr("Är policyn den rätta, hämtad från annat håll än ledaren? I så fall: ",
                 "Is the policy the right one, from elsewhere than the leader? Then: "),
              stderr);
        say_whom(stderr, s, is_kept ? s->proof_path : NULL, NULL);
    }
    return code;
}

/* From the leader, judged before it is kept. */
static enum exits fetch_proof(struct showing *s)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = NULL;
    struct ska_error err = {0};
    size_t len = 0, helper = 0;
    enum ska_status status =
        session_open(&s->w.session, &s->w.home, s->a->collection, s->w.period, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    const struct ska_parameters *p = &s->w.session.task->parameters;
    status = ska_log_policy_check(&helper, s->policy, p->leader_url, p->helper_url, &err);
    if (status != SKA_OK)
        return exits_fail(SKA_E_MISMATCH, EXITS_DOING_SERVER, &err);
    status = ask(&proof, &len, s, &err);
    if (status != SKA_OK)
        return fail_fetching(s, status, &err);
    status = judge(s, (struct ska_slice){proof, len}, &err);
    if (status != SKA_OK)
        return fail_proof(s, status, false, &err);
    status = file_write(s->proof_path, proof, len, false, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}

static enum exits show_proof(struct showing *s)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *proof = NULL;
    struct ska_error err = {0};
    size_t len = 0;
    enum ska_status status = file_read(&proof, &len, s->proof_path, SKA_TLOG_PROOF_BYTES_MAX, &err);
    if (status == SKA_OK)
        status = judge(s, (struct ska_slice){proof, len}, &err);
    if (status == SKA_OK)
        return EXITS_OK;
    if (!s->a->offline)
        return fetch_proof(s);
    if (status == SKA_E_PROOF)
        return fail_proof(s, status, true, &err);
    if (status != SKA_E_NOT_FOUND)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    fprintf(stderr,
            tr("skarva: det finns inget bevis ur loggen till kvittot; hämta det med skarva receipt "
               "--period %s\n",
               "skarva: there is no proof from the log for the receipt; fetch it with skarva "
               "receipt --period %s\n"),
            s->w.period);
    return EXITS_HOME;
}

static void print_logged(bool is_judged)
{
    fputs(is_judged ? tr("Inlämningen står i paketets del av den publika loggen, under en "
                         "kontrollpunkt som håller enligt policyn.\n",
                         "The submission stands in the bundle's part of the public log, under a "
                         "checkpoint that holds under the policy.\n")
                    : tr("Inlämningen står i paketets del av den publika loggen.\n",
                         "The submission stands in the bundle's part of the public log.\n"),
          stdout);
}

static void print_missing(enum counted counted, uint64_t number)
{
    if (counted == COUNTED_UNLOGGED)
        fprintf(stderr,
                tr("skarva: inlämning %" PRIu64 " står inte i paketets del av den publika loggen, "
                   "fast båda servrarna har kvitterat den.\n",
                   "skarva: submission %" PRIu64 " does not stand in the bundle's part of the "
                   "public log, though both servers gave a receipt for it.\n"),
                number);
    else
        fprintf(stderr,
                tr("skarva: inlämning %" PRIu64 " saknas i det publicerade, fast båda servrarna "
                   "har kvitterat den.\n",
                   "skarva: submission %" PRIu64 " is missing in what was published, though both "
                   "servers gave a receipt for it.\n"),
                number);
}

static enum exits show_counted(const struct showing *s)
{
    struct ska_error err = {0};
    enum counted counted = COUNTED_NOT;
    uint64_t number = 0;
    bool is_logged = false;
    const enum ska_status status = counted_find(&counted, &number, &is_logged, s->a->bundle,
                                                &s->receipt, &s->trust, s->policy, &err);
    if (status == SKA_E_TASK || status == SKA_E_SIGNATURE || status == SKA_E_MISMATCH ||
        status == SKA_E_PROOF)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_INPUT, &err);
    if (is_logged && (counted == COUNTED_THIS || counted == COUNTED_NEWER))
        print_logged(s->policy != NULL);
    switch (counted) {
    case COUNTED_THIS:
        printf(tr("Räknad: just den här inlämningen, nummer %" PRIu64 ", är med i det publicerade. "
                  "Att summorna stämmer visar skarva-audit verify.\n",
                  "Counted: this very submission, number %" PRIu64 ", is in what was published. "
                  "That the sums are right is shown by skarva-audit verify.\n"),
               number);
        return EXITS_OK;
    case COUNTED_NEWER:
        printf(tr("Inte den räknade: en nyare inlämning härifrån, nummer %" PRIu64 ", är med i det "
                  "publicerade i stället för nummer %" PRIu64 ".\n",
                  "Not the one that counts: a newer submission from here, number %" PRIu64
                  ", is in "
                  "what was published instead of number %" PRIu64 ".\n"),
               number, s->receipt.entry.number);
        return EXITS_REJECTED;
    case COUNTED_UNLOGGED:
    case COUNTED_NOT:
        break;
    }
    print_missing(counted, s->receipt.entry.number);
    say_whom(stderr, s, s->policy != NULL ? s->proof_path : NULL, s->a->bundle);
    return EXITS_TRUST;
}

static bool read_wait(uint64_t *out, const char *text)
{
    return text == NULL || (ska_note_number(out, (const uint8_t *)text, strlen(text)) == SKA_OK &&
                            *out <= WAIT_MAX_S);
}

enum exits command_receipt(const struct arguments *a)
{
    SKA_SCOPED(showing_clear) struct showing s = {.a = a};
    if (!read_wait(&s.wait_s, a->wait)) {
        fprintf(stderr,
                tr("skarva: --wait är 0 till %u sekunder\n", "skarva: --wait is 0 to %u seconds\n"),
                WAIT_MAX_S);
        return EXITS_USAGE;
    }
    enum exits code = workplace_open_home(&s.w, a);
    if (code == EXITS_OK)
        code = read_receipt(&s);
    if (code != EXITS_OK)
        return code;
    receipts_print(stdout, &s.receipt, &s.w.home);
    code = read_policy(&s);
    if (code == EXITS_OK && s.policy != NULL)
        code = show_proof(&s);
    if (code == EXITS_OK && a->bundle != NULL)
        code = show_counted(&s);
    return code;
}
