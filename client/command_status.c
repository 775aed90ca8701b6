/* SPDX-License-Identifier: EUPL-1.2 */
/* command_status.c - skarva status. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/commands.h"
#include "client/receipts.h"
#include "client/terms.h"
#include "crypto/scoped.h"
#include "support/language.h"

static const char *state_text(enum ska_task_state state)
{
    switch (state) {
    case SKA_TASK_PROPOSED:
        return tr("föreslagen, inte signerad", "proposed, not signed");
    case SKA_TASK_READY:
        return tr("klar att öppnas", "ready to be opened");
    case SKA_TASK_OPEN:
        return tr("öppen för inlämning", "open for submissions");
    case SKA_TASK_CLOSING:
        return tr("stängs", "being closed");
    case SKA_TASK_CLOSED:
        return tr("stängd", "closed");
    case SKA_TASK_COLLECTED:
        return tr("stängd och hämtad", "closed and collected");
    }
    return "?";
}

static void print_date(const char *label, uint64_t time_s)
{
    time_t t = (time_t)time_s;
    struct tm date;
    char text[32] = "?";
    if (localtime_r(&t, &date) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M", &date); /* fits */
    printf("  %s %s\n", label, text);
}

static void print_task(const struct session *s)
{
    const struct ska_parameters *p = &s->task->parameters;
    const struct ska_text *title = &p->catalogue->title;
    printf("%s (%s), %s, revision %" PRIu32 ": %s\n", language_is_swedish() ? title->sv : title->en,
           p->collection, p->period, p->revision, state_text(s->state));
    print_date(tr("inlämning från", "submissions from"), p->window_start_s);
    print_date(tr("inlämning till", "submissions to  "), p->window_start_s + p->window_duration_s);
    printf(tr("  villkoren är signerade av utgivare, ledare och hjälpare\n"
              "  %" PRIu32 " uppgiftslämnare; vi är nummer %" PRIu32 " (%s %s)\n",
              "  the parameters are signed by publisher, leader and helper\n"
              "  %" PRIu32 " contributors; we are number %" PRIu32 " (%s %s)\n"),
           p->roster.n, s->contributor, p->roster.at[s->contributor].code,
           p->roster.at[s->contributor].name);
}

/* What the next submit will ask about. */
static enum ska_status print_terms(const struct session *s, struct ska_error *err)
{
    SKA_SCOPED(terms_clear) struct terms before = {0};
    const struct ska_parameters *now = &s->task->parameters;
    SKA_TRY(terms_recall(&before, s->home, now->collection, err));
    if (!before.known) {
        terms_print(stdout, now, s->contributor);
        return SKA_OK;
    }
    uint32_t n = terms_changes(NULL, &before.parameters, now);
    if (n == SKA_NONE)
        return SKA_E_MEMORY;
    if (n == 0)
        return SKA_OK;
    puts(tr("Sedan vår förra inlämning har detta ändrats:",
            "Since our last submission this has changed:"));
    (void)terms_changes(stdout, &before.parameters, now); /* counted above */
    return SKA_OK;
}

static void print_submission(const struct ska_submission_status *s, const struct session *session)
{
    const char *state = s->state == SKA_SUBMISSION_PENDING    ? tr("behandlas", "pending")
                        : s->state == SKA_SUBMISSION_ACCEPTED ? tr("godkänd", "accepted")
                                                              : tr("avvisad", "rejected");
    printf(tr("  inlämning %" PRIu64 ": %s", "  submission %" PRIu64 ": %s"), s->number, state);
    if (s->state == SKA_SUBMISSION_REJECTED)
        printf(" (%s)", ska_report_error_name(s->report_error));
    struct submission mine = {.number = s->number};
    struct ska_error err = {0};
    if (s->has_receipt &&
        receipts_verify(&s->receipt, session->task, session->contributor, &mine, &err) != SKA_OK)
        printf(", %s", err.text);
    putchar('\n');
}

/* Keep receipts that an earlier submit did not wait for. */
static enum ska_status keep_receipt(const struct ska_submission_status *s,
                                    const struct session *session, struct ska_error *err)
{
    struct submission mine = {.number = s->number};
    if (!s->has_receipt ||
        receipts_verify(&s->receipt, session->task, session->contributor, &mine, NULL) != SKA_OK)
        return SKA_OK; /* told by print_submission */
    return receipts_save(&s->receipt, session->home, err);
}

enum exits command_status(const struct arguments *a)
{
    SKA_SCOPED(workplace_close) struct workplace w = {0};
    struct ska_error err = {0};
    enum exits code = workplace_open(&w, a);
    if (code != EXITS_OK)
        return code;
    enum ska_status status = session_identify(&w.session, &err);
    if (status != SKA_OK)
        return exits_fail(status, status == SKA_E_ROSTER ? EXITS_DOING_SERVER : EXITS_DOING_HOME,
                          &err);
    print_task(&w.session);
    status = print_terms(&w.session, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_HOME, &err);
    struct ska_submission_status *at = NULL;
    size_t n = 0;
    status = session_submissions(&at, &n, &w.session, &err);
    if (status != SKA_OK)
        return exits_fail(status, EXITS_DOING_SERVER, &err);
    if (n == 0)
        puts(tr("  inget är inlämnat härifrån", "  nothing has been submitted from here"));
    for (size_t i = 0; status == SKA_OK && i < n; i++) {
        print_submission(&at[i], &w.session);
        status = keep_receipt(&at[i], &w.session, &err);
    }
    free(at);
    return status == SKA_OK ? EXITS_OK : exits_fail(status, EXITS_DOING_HOME, &err);
}
