/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_submit.c - skarva submit: counts become an accepted submission with a receipt.
 *
 * What is known here (submission.h) and what the leader has decide what happens:
 *
 *     our latest          the leader has it as      counts the same       counts changed
 *     none, REJECTED      -                         new number            new number
 *     PREPARED, SENT      nothing                   same bytes again      new number
 *     PREPARED, SENT      pending                   wait                  new number
 *     PREPARED, SENT      accepted                  receipt               new number
 *     PREPARED, SENT      rejected                  new number            new number
 *     ACCEPTED            -                         done                  new number
 *
 * A new number is one more than the highest known on either side, so that a home folder that was
 * lost does no harm.
 */
#include "client/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/correction.h"
#include "client/dominance.h"
#include "client/marks.h"
#include "client/receipts.h"
#include "client/review.h"
#include "client/submission.h"
#include "client/terms.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "support/language.h"

#define WAIT_DEFAULT_S 60
#define WAIT_MAX_S 86400
#define TRIES 4 /* of one upload */

/* One run of the command. */
struct submitting {
    struct workplace w;
    struct correction correction; /* what a correction is proven against */
    struct counts counts;
    struct submission mine; /* our latest, then the one being sent */
    uint64_t highest;       /* number the leader has of ours; 0: none */
    uint64_t wait_s;
};

static void submitting_clear(struct submitting *s)
{
    submission_clear(&s->mine);
    counts_clear(&s->counts);
    correction_clear(&s->correction);
    workplace_close(&s->w);
}

static bool same_counts(const struct counts *a, const struct counts *b)
{
    return a->n == b->n && ska_ct_equal(a->at, b->at, a->n * sizeof *a->at);
}

static enum ska_status remember(struct submitting *s, enum submission_state state, uint8_t error,
                                struct ska_error *err)
{
    s->mine.state = state;
    s->mine.error = error;
    return submission_save(&s->mine, &s->w.home, s->w.period, err);
}

/* --- asking the leader ------------------------------------------------------------------------ */

/* What the leader has of `mine`: *state 0 if nothing; *highest is set. */
struct at_leader {
    int state; /* enum ska_submission_state, or 0 */
    uint8_t error;
    bool has_receipt;
    struct ska_receipt receipt;
};

static enum ska_status ask(struct at_leader *out, struct submitting *s, struct ska_error *err)
{
    struct ska_submission_status *at = NULL;
    size_t n = 0;
    SKA_TRY(session_submissions(&at, &n, &s->w.session, err));
    *out = (struct at_leader){0};
    for (size_t i = 0; i < n; i++) {
        s->highest = at[i].number > s->highest ? at[i].number : s->highest;
        if (s->mine.number == 0 || memcmp(at[i].report_id, s->mine.report_id, 16) != 0)
            continue;
        *out = (struct at_leader){.state = (int)at[i].state,
                                  .error = at[i].report_error,
                                  .has_receipt = at[i].has_receipt,
                                  .receipt = at[i].receipt};
    }
    free(at);
    return SKA_OK;
}

static enum exits take_receipt(struct submitting *s, const struct at_leader *got)
{
    struct ska_error err = {0};
    enum ska_status status =
        got->has_receipt
            ? receipts_verify(&got->receipt, s->w.session.task, s->w.session.contributor, &s->mine,
                              &err)
            : ska_fail(&err, SKA_E_PEER,
                       tr("servern säger godkänd men ger inget kvitto; utan kvitto räknas den inte",
                          "the server says accepted but gives no receipt; without a receipt it "
                          "does not count"));
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    status = receipts_save(&got->receipt, &s->w.home, &err);
    if (status == SKA_OK)
        status = remember(s, SUBMISSION_ACCEPTED, 0, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    printf(tr("Inlämning %" PRIu64 " för %s är godkänd.\n\n",
              "Submission %" PRIu64 " for %s is accepted.\n\n"),
           s->mine.number, s->w.period);
    receipts_print(stdout, &got->receipt, &s->w.home);
    return EXITS_OK;
}

/* What a refusal means and what to do about it, as a sentence's end. */
static const char *refusal_words(bool closed, bool dropped)
{
    if (closed)
        return tr("perioden är inte öppen", "the period is not open");
    if (dropped)
        return tr("servern har redan en nyare från oss, eller så många som den tar emot för en "
                  "period. Se efter med skarva status; räknas fel inlämning, ring utgivaren.",
                  "the server has a newer one of ours already, or as many as it takes for a "
                  "period. Look with skarva status; if the wrong one counts, call the publisher.");
    return tr("den räknas inte. Kör samma kommando igen; avvisas även den, ring utgivaren.",
              "it does not count. Run the same command again; if that is rejected too, call the "
              "publisher.");
}

/* Why the servers refused, in words an officer can act on. */
static enum exits tell_refusal(struct submitting *s, uint8_t error)
{
    struct ska_error err = {0};
    enum ska_status status = remember(s, SUBMISSION_REJECTED, error, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    bool closed = error == SKA_REPORT_BATCH_COLLECTED || error == SKA_REPORT_TASK_EXPIRED ||
                  error == SKA_REPORT_TASK_NOT_STARTED || error == SKA_REPORT_TOO_EARLY;
    bool dropped = error == SKA_REPORT_DROPPED;
    fprintf(stderr,
            closed || dropped ? tr("skarva: inlämning %" PRIu64 " togs inte emot (%s): %s\n",
                                   "skarva: submission %" PRIu64 " was not taken (%s): %s\n")
                              : tr("skarva: inlämning %" PRIu64 " avvisades (%s): %s\n",
                                   "skarva: submission %" PRIu64 " was rejected (%s): %s\n"),
            s->mine.number, ska_report_error_name(error), refusal_words(closed, dropped));
    return closed ? EXITS_CLOSED : EXITS_REJECTED;
}

static void pause_ms(uint64_t ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL); /* cut short by a signal is as good */
}

static uint64_t now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail with this clock */
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Ask until accepted, rejected or out of time. */
static enum exits wait_for_answer(struct submitting *s)
{
    uint64_t end = now_ms() + s->wait_s * 1000;
    for (uint64_t pause = 200;; pause = pause < 2000 ? pause * 2 : 2000) {
        struct ska_error err = {0};
        struct at_leader got = {0};
        enum ska_status status = ask(&got, s, &err);
        if (status == SKA_OK && got.state == SKA_SUBMISSION_ACCEPTED)
            return take_receipt(s, &got);
        if (status == SKA_OK && got.state == SKA_SUBMISSION_REJECTED)
            return tell_refusal(s, got.error);
        bool may_pass =
            status == SKA_OK || ska_status_class(status) == SKA_CLASS_IO || status == SKA_E_BUSY;
        if (!may_pass)
            return exits_fail(status, EXITS_DOING_SERVER, &err);
        if (now_ms() + pause >= end)
            break;
        pause_ms(pause);
    }
    printf(tr("Inlämning %" PRIu64 " är skickad men ännu inte godkänd. Kör samma kommando igen "
              "senare; samma inlämning skickas då inte två gånger.\n",
              "Submission %" PRIu64 " is sent but not accepted yet. Run the same command again "
              "later; the same submission is not sent twice.\n"),
           s->mine.number);
    return EXITS_PENDING;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* The same bytes until the leader has them, a few times. */
static enum exits send_mine(struct submitting *s)
{
    struct ska_error err = {0};
    enum ska_status status = SKA_OK;
    uint8_t refused = 0;
    for (uint64_t attempt = 0; attempt < TRIES; attempt++) {
        if (attempt > 0)
            pause_ms(500u << attempt);
        err = (struct ska_error){0};
        status = session_upload(&refused, &s->w.session,
                                (struct ska_slice){s->mine.report, s->mine.report_len},
                                s->mine.report_id, &err);
        if (ska_status_class(status) != SKA_CLASS_IO && status != SKA_E_BUSY)
            break;
    }
    if (status != SKA_OK) {
        enum exits code = exits_fail(status, EXITS_DOING_SERVER, &err);
        if (code == EXITS_NETWORK)
            fputs(
                tr("Inlämningen är sparad. Kör samma kommando igen; exakt samma byte skickas då.\n",
                   "The submission is kept. Run the same command again; exactly the same bytes "
                   "are then sent.\n"),
                stderr);
        return code;
    }
    if (refused != SKA_REPORT_OK && refused != SKA_REPORT_REPLAYED)
        return tell_refusal(s, refused);
    status = remember(s, SUBMISSION_SENT, 0, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    return wait_for_answer(s);
}

/* The report, with what opens it; a correction's has the flag behind the counts. */
static enum ska_status make_report(struct submission *fresh, const struct submitting *s,
                                   struct ska_error *err)
{
    const struct correction *c = &s->correction;
    const size_t n = s->w.session.task->config.statement->n_cells;
    SKA_SCOPED(counts_clear) struct counts all = {0};
    SKA_TRY(counts_init(&all, n));
    SKA_TRY(counts_init(&fresh->counts, s->counts.n));
    fresh->blindings = ska_alloc(n, sizeof *fresh->blindings);
    if (fresh->blindings == NULL)
        return SKA_E_MEMORY;
    fresh->n_blindings = n;
    memcpy(fresh->counts.at, s->counts.at, s->counts.n * sizeof *s->counts.at);
    memcpy(all.at, s->counts.at, s->counts.n * sizeof *s->counts.at);
    if (c->exists)
        all.at[n - 1] = correction_changes(c, &s->counts) ? 1 : 0;
    const struct ska_auditsum_measurement measurement = {
        .counts = all.at,
        .number = fresh->number,
        .earlier_counts = c->counted ? c->before.counts.at : NULL,
        .earlier_blindings = c->counted ? c->before.blindings : NULL,
        .blindings = fresh->blindings};
    return session_make_report(&fresh->report, &fresh->report_len, fresh->report_id, &s->w.session,
                               measurement, err);
}

/* Prepare under a new number; on disk before anything is sent. */
static enum exits prepare(struct submitting *s)
{
    struct ska_error err = {0};
    struct submission fresh = {.state = SUBMISSION_PREPARED};
    uint64_t last = s->mine.number > s->highest ? s->mine.number : s->highest;
    fresh.number = last + 1;
    memcpy(fresh.task_id, s->w.session.task->context.task_id, sizeof fresh.task_id);
    enum ska_status status = make_report(&fresh, s, &err);
    if (status != SKA_OK) {
        submission_clear(&fresh);
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    }
    submission_clear(&s->mine);
    s->mine = fresh;
    status = terms_remember(&s->w.home, s->w.session.task, &err); /* someone said yes to them */
    if (status == SKA_OK)
        status = submission_save(&s->mine, &s->w.home, s->w.period, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}

/* The table at the top of this file. */
static enum exits act(struct submitting *s, const struct arguments *a)
{
    struct ska_error err = {0};
    struct at_leader got = {0};
    enum ska_status status = ask(&got, s, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    bool same = s->mine.number > 0 && same_counts(&s->mine.counts, &s->counts) && !a->again;
    bool open_ended = s->mine.state == SUBMISSION_PREPARED || s->mine.state == SUBMISSION_SENT;
    if (same && s->mine.state == SUBMISSION_ACCEPTED) {
        printf(tr("Samma antal är redan godkända som inlämning %" PRIu64 "; inget skickas.\n",
                  "The same counts are accepted already as submission %" PRIu64
                  "; nothing is sent.\n"),
               s->mine.number);
        return EXITS_OK;
    }
    if (same && got.state == SKA_SUBMISSION_ACCEPTED)
        return take_receipt(s, &got);
    if (same && open_ended && got.state == SKA_SUBMISSION_PENDING)
        return wait_for_answer(s);
    if (same && open_ended && got.state == 0 && s->mine.number > s->highest)
        return send_mine(s);
    enum exits code = prepare(s);
    return code == EXITS_OK ? send_mine(s) : code;
}

/* --- before sending --------------------------------------------------------------------------- */

/* Whole seconds; *out is untouched if it is none. */
static bool read_seconds(uint64_t *out, const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > 6 || strspn(text, "0123456789") != len)
        return false;
    uint64_t value = 0;
    for (; *text != '\0'; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    if (value > WAIT_MAX_S)
        return false;
    *out = value;
    return true;
}

/* A question at the keyboard; anything but a yes is a no. */
static bool ask_keyboard(const char *question)
{
    char answer[16] = "";
    printf("%s", question);
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) != NULL && answer[0] != '\0' &&
           strchr("jJyY", answer[0]) != NULL;
}

/* In a line, whatever else is shown: --yes too must not send a mark that nobody knows of. */
static void tell_marks(const struct submitting *s, const struct arguments *a)
{
    const struct ska_layout *layout = s->w.layout;
    const char *before = tr("Publiceras bara tillsammans med andras: ",
                            "To be published only together with others': ");
    bool any = false;
    for (uint32_t i = 0; i < layout->n_cells; i++)
        if (layout->cells[i].kind == SKA_CELL_TOTAL && marks_has(&s->counts, layout, i)) {
            printf("%s%s", any ? ", " : before, layout->cells[i].code);
            any = true;
        }
    if (any)
        putchar('\n');
    else if (a->also_alone != NULL)
        puts(tr("Inget är märkt att publiceras bara tillsammans med andras.",
                "Nothing is marked to be published only together with others'."));
}

/* What --only-with-others and --also-alone say. */
static enum exits change_marks(struct submitting *s, const struct arguments *a)
{
    struct ska_error err = {0};
    enum ska_status status = marks_change(&s->counts, s->w.layout, a->only_with_others, true, &err);
    if (status == SKA_OK)
        status = marks_change(&s->counts, s->w.layout, a->also_alone, false, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_INPUT, &err);
}

/* Every rule, told if broken; then a question, unless --yes; *declined if the answer is no. */
static enum exits review(bool *declined, const struct submitting *s, const struct arguments *a)
{
    SKA_SCOPED(notes_clear) struct notes broken = {0};
    SKA_SCOPED(notes_clear) struct notes odd = {0};
    SKA_SCOPED(counts_clear) struct counts before = {0};
    if (review_broken(&broken, s->w.layout, &s->counts) > 0) {
        notes_print(stderr, &broken,
                    tr("Inget skickades; dessa regler är brutna:",
                       "Nothing was sent; these rules are broken:"));
        return EXITS_REJECTED;
    }
    tell_marks(s, a);
    if (a->yes)
        return EXITS_OK;
    if (!isatty(STDIN_FILENO)) {
        fprintf(stderr, "skarva: %s\n",
                tr("utan tangentbord: ange --yes för att skicka", "without a keyboard: give --yes "
                                                                  "to send"));
        return EXITS_USAGE;
    }
    workplace_read_before(&before, &s->w);
    review_print(stdout, s->w.layout, s->w.period, &s->counts, before.n > 0 ? &before : NULL);
    review_odd(&odd, s->w.layout, &s->counts, before.n > 0 ? &before : NULL);
    dominance_warn(&odd, &s->w, &s->counts);
    notes_print(stdout, &odd, tr("\nSe efter en gång till:", "\nLook again:"));
    char question[SKA_NAME_MAX + 128];
    snprintf(question, sizeof question,
             tr("\nSkicka för %s %s, %s? [j/N] ", "\nSend for %s %s, %s? [y/N] "), s->w.home.code,
             s->w.home.name, s->w.period);
    if (ask_keyboard(question))
        return EXITS_OK;
    puts(tr("Inget skickades.", "Nothing was sent."));
    *declined = true;
    return EXITS_OK;
}

/* Show who the others are, the first time or when anything changed since we last sent something;
 * changes want a yes of their own. */
static enum exits review_terms(bool *declined, const struct submitting *s,
                               const struct arguments *a)
{
    SKA_SCOPED(terms_clear) struct terms before = {0};
    struct ska_error err = {0};
    const struct ska_parameters *now = &s->w.session.task->parameters;
    enum ska_status status = terms_recall(&before, &s->w.home, now->collection, &err);
    uint32_t n = 0;
    if (status == SKA_OK && before.known)
        n = terms_changes(NULL, &before.parameters, now);
    if (status == SKA_OK && n == SKA_NONE)
        status = SKA_E_MEMORY;
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    if (before.known && n == 0)
        return EXITS_OK;
    if (!before.known)
        terms_print(stdout, now, s->w.session.contributor);
    if (!before.known && !before.others)
        return EXITS_OK; /* the first time of all: the question before sending is about this too */
    puts(before.known
             ? tr("Sedan vår förra inlämning har detta ändrats:",
                  "Since our last submission this has changed:")
             : tr("Hit har vi inte lämnat förut. Lämnas samma antal till två insamlingar kan "
                  "skillnaden mellan summorna röja dem.",
                  "We never handed in here before. The same counts in two collections can be "
                  "given away by the difference of the totals."));
    if (before.known)
        (void)terms_changes(stdout, &before.parameters, now); /* counted above */
    puts(tr("Den som känner alla andras antal, eller har hittat på de andra, kan räkna ut våra. Är "
            "något oväntat, ring utgivaren och dem det gäller innan något skickas.",
            "Whoever knows all others' counts, or invented the others, can work out ours. If "
            "anything is unexpected, call the publisher and those concerned before sending."));
    if (a->accept_roster)
        return EXITS_OK;
    if (!a->yes && isatty(STDIN_FILENO)) {
        *declined = !ask_keyboard(tr("Godta detta? [j/N] ", "Accept this? [y/N] "));
        if (*declined)
            puts(tr("Inget skickades.", "Nothing was sent."));
        return EXITS_OK;
    }
    fprintf(stderr, "skarva: %s\n",
            tr("inget skickades; är ändringarna som de ska, kör igen med --accept-roster",
               "nothing was sent; if the changes are as they should be, run again with "
               "--accept-roster"));
    return EXITS_TRUST;
}

/* What counted before, once more. */
static enum exits repeat_counts(struct submitting *s)
{
    const struct correction *c = &s->correction;
    if (!c->exists || !c->counted) {
        fprintf(stderr, "skarva: %s\n",
                c->exists ? tr("inget av oss räknades i det som rättas: det finns inget oförändrat "
                               "att lämna, och inget behöver lämnas",
                               "nothing of ours counted in what is corrected: there is nothing "
                               "unchanged to hand in, and no need to")
                          : tr("--unchanged är för rättelser av en publicerad period; detta är "
                               "ingen",
                               "--unchanged is for corrections of a published period; this is "
                               "none"));
        return EXITS_USAGE;
    }
    const struct ska_error err = {0};
    enum ska_status status = counts_init(&s->counts, c->before.counts.n);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    memcpy(s->counts.at, c->before.counts.at, s->counts.n * sizeof *s->counts.at);
    return EXITS_OK;
}

static enum exits read_counts(struct submitting *s, const struct arguments *a)
{
    if (a->unchanged &&
        (a->counts != NULL || a->only_with_others != NULL || a->also_alone != NULL)) {
        fprintf(stderr, "skarva: %s\n",
                tr("--unchanged går inte ihop med --counts, --only-with-others eller --also-alone",
                   "--unchanged goes not with --counts, --only-with-others or --also-alone"));
        return EXITS_USAGE;
    }
    enum exits code = a->unchanged ? repeat_counts(s) : workplace_read_counts(&s->counts, &s->w, a);
    if (code == EXITS_OK && !a->unchanged)
        code = change_marks(s, a);
    if (code == EXITS_OK && s->correction.exists)
        puts(correction_changes(&s->correction, &s->counts)
                 ? tr("Detta är en rättelse, och våra antal är ändrade sedan den förra gången.",
                      "This is a correction, and our counts changed since last time.")
                 : tr("Detta är en rättelse; våra antal är oförändrade.",
                      "This is a correction; our counts are unchanged."));
    return code;
}

static enum exits get_ready(bool *declined, struct submitting *s, const struct arguments *a)
{
    struct ska_error err = {0};
    enum exits code = workplace_open(&s->w, a);
    if (code != EXITS_OK)
        return code;
    if (!s->w.session.task->config.statement->compares) /* else what counted before is needed */
        code = read_counts(s, a);
    if (code != EXITS_OK)
        return code;
    enum ska_status status = session_identify(&s->w.session, &err);
    if (status != SKA_OK)
        return exits_fail(status, status == SKA_E_ROSTER ? EXITS_DOING_SERVER : EXITS_DOING_HOME,
                          &err);
    enum exits_phase doing;
    status = correction_load(&s->correction, &doing, &s->w.session, s->w.period, &err);
    if (status != SKA_OK)
        return exits_fail(status, doing, &err);
    if (s->correction.exists)
        code = read_counts(s, a);
    if (code != EXITS_OK)
        return code;
    code = review_terms(declined, s, a);
    if (code == EXITS_OK && !*declined)
        code = review(declined, s, a);
    if (code != EXITS_OK || *declined)
        return code;
    status = home_lock(&s->w.home, &err);
    if (status == SKA_OK)
        status = marks_remember(&s->counts, s->w.layout, &s->w.home, s->w.period, &err);
    if (status == SKA_OK)
        status = submission_latest(&s->mine, &s->w.home, s->w.period,
                                   s->w.session.task->context.task_id, &err);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}

enum exits command_submit(const struct arguments *a)
{
    SKA_SCOPED(submitting_clear) struct submitting s = {.wait_s = WAIT_DEFAULT_S};
    if (a->wait != NULL && !read_seconds(&s.wait_s, a->wait)) {
        fprintf(stderr,
                tr("skarva: --wait är 0 till %d sekunder\n", "skarva: --wait is 0 to %d seconds\n"),
                WAIT_MAX_S);
        return EXITS_USAGE;
    }
    if (a->no_wait)
        s.wait_s = 0;
    bool declined = false;
    enum exits code = get_ready(&declined, &s, a);
    return code == EXITS_OK && !declined ? act(&s, a) : code;
}
