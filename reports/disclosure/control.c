/* SPDX-License-Identifier: EUPL-1.2 */
/* control.c - signed commands and the state they lead to, at the servers. */
#include "reports/disclosure/control.h"

#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/resources.h"
#include "reports/retry.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct https_client *, client_release, https_client_free)

/* The state in which a command is carried out, or one after it. */
static enum ska_task_state wanted_state(enum ska_control_kind kind)
{
    switch (kind) {
    case SKA_CONTROL_OPEN:
    case SKA_CONTROL_REOPEN:
        return SKA_TASK_OPEN;
    case SKA_CONTROL_CLOSE:
    case SKA_CONTROL_COLLECT:
        break;
    }
    return SKA_TASK_CLOSED;
}

/* One attempt. Out: *state when answered 200; SKA_E_BUSY for 202 and 503. */
static enum ska_status send_once(enum ska_task_state *state, struct https_client *client,
                                 const struct period *p, const struct period_control *control,
                                 struct ska_error *err)
{
    char path[PERIOD_PATH_MAX];
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    period_url(path, p, "skarva/", "control");
    SKA_TRY(https_call(&answer, client, "POST", path, SKA_MEDIA_CONTROL,
                       (struct ska_slice){control->bytes, sizeof control->bytes}, err));
    if (answer.status == 202)
        return ska_fail(err, SKA_E_BUSY,
                        tr("servrarna är inte färdiga än", "the servers are not done yet"));
    struct ska_task_status status;
    if (ska_task_status_decode(&status, (struct ska_slice){answer.body, answer.body_len}) !=
            SKA_OK ||
        memcmp(status.task_id, p->task->context.task_id, sizeof status.task_id) != 0 ||
        status.serial < control->serial)
        return ska_fail(err, SKA_E_PEER,
                        tr("ledaren svarade inte med periodens tillstånd",
                           "the leader did not answer with the period's state"));
    if (status.state < wanted_state(control->kind))
        return ska_fail(err, SKA_E_BUSY,
                        tr("servrarna är inte färdiga än", "the servers are not done yet"));
    *state = status.state;
    return SKA_OK;
}

/* A refusal, with what to do about it. */
static enum ska_status fail_refused(enum ska_status status, const struct period *p, const char *why,
                                    struct ska_error *err)
{
    if (status == SKA_E_NUMBER || status == SKA_E_CONFLICT)
        return ska_fail(err, status,
                        tr("%s: servrarna har ett senare kommando än hemkatalogen, eller ett annat "
                           "med samma nummer: den är en gammal kopia, eller används på två "
                           "ställen; återställ den senaste säkerhetskopian (%s)",
                           "%s: the servers have a later command than the home folder, or another "
                           "of the same number: it is an old copy, or used in two places; restore "
                           "the newest backup (%s)"),
                        p->name, why);
    if (status == SKA_E_STATE && p->revision > 0)
        return ska_fail(err, status,
                        tr("%s: det går inte i det läge rättelsen är hos servrarna (%s); en som är "
                           "prövad öppnas inte igen, utan nästa: skarva-publish revise %s",
                           "%s: that is not possible in the correction's state at the servers "
                           "(%s); one that was judged is not opened again, but the next is: "
                           "skarva-publish revise %s"),
                        p->name, why, p->base);
    if (status == SKA_E_STATE)
        return ska_fail(err, status,
                        tr("%s: det går inte i det läge perioden är hos servrarna (%s); se "
                           "skarva-publish status %s",
                           "%s: that is not possible in the period's state at the servers (%s); "
                           "see skarva-publish status %s"),
                        p->name, why, p->name);
    return ska_fail(err, status, "%s", why);
}

enum ska_status control_send(enum ska_task_state *state, const struct period *p,
                             const struct period_control *control, uint64_t wait_s,
                             struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_TRY(home_connect(&client, p->collection, false, err));
    struct retry retry;
    retry_begin(&retry, wait_s);
    char said[sizeof err->text] = "";
    for (;;) {
        struct ska_error last = {0};
        enum ska_status status = send_once(state, client, p, control, &last);
        if (!retry_is_due(&retry, status))
            return status == SKA_OK ? SKA_OK : fail_refused(status, p, last.text, err);
        if (strcmp(said, last.text) != 0)
            (void)fprintf(stderr, tr("%s: väntar: %s\n", "%s: waiting: %s\n"), p->name, last.text);
        memcpy(said, last.text, sizeof said);
        retry_pause(&retry);
    }
}

enum ska_status control_ask(struct ska_task_status *out, const struct period *p, bool helper,
                            struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    char path[PERIOD_PATH_MAX];
    period_url(path, p, "skarva/", "status");
    SKA_TRY(home_connect(&client, p->collection, helper, err));
    SKA_TRY(https_call(&answer, client, "GET", path, NULL, (struct ska_slice){0}, err));
    if (ska_task_status_decode(out, (struct ska_slice){answer.body, answer.body_len}) != SKA_OK)
        return ska_fail(err, SKA_E_PEER,
                        tr("%s svarade inte med ett tillstånd", "%s did not answer with a state"),
                        helper ? p->collection->helper_url : p->collection->leader_url);
    return SKA_OK;
}
