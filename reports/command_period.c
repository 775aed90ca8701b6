/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_period.c - a period's life at the servers: open, status, close, reopen.
 *
 *     (none) --open: parameters signed by all three, command 1--> OPEN
 *     OPEN   --close, repeated until both signed the list------> CLOSED --reopen--> OPEN
 *
 * A command is signed and kept before it is sent, so that a repetition sends the same bytes and the
 * servers take it for what it is.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "protocol/dap.h"
#include "protocol/resources.h"
#include "reports/collect.h"
#include "reports/commands.h"
#include "reports/disclosure/control.h"
#include "reports/window.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct https_client *, client_release, https_client_free)

/* The one period of the command line. */
static enum ska_status only_period(const char **name, const struct options *o,
                                   struct ska_error *err)
{
    if (o->n_periods != 1)
        return ska_fail(err, SKA_E_USAGE,
                        tr("ange en period, till exempel: skarva-publish %s 2025Q2",
                           "name one period, for example: skarva-publish %s 2025Q2"),
                        o->command);
    *name = o->periods[0];
    return SKA_OK;
}

static const char *state_text(enum ska_task_state state)
{
    switch (state) {
    case SKA_TASK_PROPOSED:
        return tr("föreslagen", "proposed");
    case SKA_TASK_READY:
        return tr("klar att öppnas", "ready");
    case SKA_TASK_OPEN:
        return tr("öppen", "open");
    case SKA_TASK_CLOSING:
        return tr("stängs", "closing");
    case SKA_TASK_CLOSED:
        return tr("stängd", "closed");
    case SKA_TASK_COLLECTED:
        return tr("hämtad", "collected");
    }
    return "?";
}

/* open ---------------------------------------------------------------------------------------- */

static enum ska_status agree(struct period *p, struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_signed_parameters s = {.parameters = {p->task->encoded, p->task->encoded_len}};
    SKA_TRY(ska_parameters_sign(s.publisher, p->task, &p->collection->signing_key));
    ska_signed_parameters_encode(&w, &s);
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(home_connect(&client, p->collection, false, err));
    char path[PERIOD_PATH_MAX];
    period_url(path, p, "skarva/", "parameters");
    SKA_TRY(https_call(&answer, client, "PUT", path, SKA_MEDIA_PARAMETERS,
                       (struct ska_slice){w.data, w.len}, err));
    return period_keep_signed(p, (struct ska_slice){answer.body, answer.body_len}, err);
}

/* The keys to which the figures will be encrypted. Whether they are the aggregators' own is theirs
 * to say: they do not sign parameters that name others. */
static enum ska_status fetch_hpke(struct ska_hpke_recipient *out, const struct period *p,
                                  bool helper, struct ska_error *err)
{
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_TRY(home_connect(&client, p->collection, helper, err));
    SKA_TRY(
        https_call(&answer, client, "GET", "hpke_config", NULL, (struct ska_slice){NULL, 0}, err));
    enum ska_status status = ska_dap_hpke_config_list_choose(
        &out->config_id, out->public_key, (struct ska_slice){answer.body, answer.body_len});
    if (status == SKA_OK || status == SKA_E_MEMORY)
        return status;
    return ska_fail(err, SKA_E_PEER,
                    tr("%s har ingen krypteringsnyckel som går att använda",
                       "%s has no encryption key that can be used"),
                    helper ? p->collection->helper_url : p->collection->leader_url);
}

/* The window of the command line. */
static enum ska_status read_window(struct window *out, const struct options *o,
                                   struct ska_error *err)
{
    if (options_time(&out->start_s, o->window_start, (uint64_t)time(NULL)) != SKA_OK)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--window-start: \"%s\" är varken now, ett datum som 2025-07-01 eller "
                           "sekunder",
                           "--window-start: \"%s\" is neither now, a date like 2025-07-01 nor "
                           "seconds"),
                        o->window_start);
    if (o->window_days < 1)
        return ska_fail(err, SKA_E_USAGE,
                        tr("--window-days: minst 1", "--window-days: at least 1"));
    out->duration_s = o->window_days * 86400;
    return SKA_OK;
}

/* The window to open with, before anything is signed, sent or kept: the one that all signed, the
 * one that was proposed, or, if that is over by now, another. */
static enum ska_status choose_window(struct window *out, struct period *p, const struct options *o,
                                     uint64_t serial, struct ska_error *err)
{
    uint64_t now_s = (uint64_t)time(NULL);
    if (p->signed_bytes != NULL)
        return serial > 0 ? SKA_OK : window_check_open(&p->task->parameters, p->name, now_s, err);
    SKA_TRY(read_window(out, o, err));
    if (p->task != NULL) {
        const struct ska_parameters *before = &p->task->parameters;
        struct window proposed = {before->window_start_s, before->window_duration_s};
        if (!window_is_over(proposed, now_s))
            return SKA_OK; /* period_propose keeps it */
    }
    SKA_TRY(window_check(*out, p->base, o->early, now_s, err));
    if (p->task != NULL)
        p->previous = p->task->parameters.previous;
    ska_task_free(p->task);
    p->task = NULL;
    return SKA_OK;
}

static enum ska_status propose(struct period *p, struct window window, struct ska_error *err)
{
    if (p->signed_bytes != NULL)
        return SKA_OK;
    struct ska_hpke_recipient hpke[2];
    SKA_TRY(fetch_hpke(&hpke[0], p, false, err));
    SKA_TRY(fetch_hpke(&hpke[1], p, true, err));
    return period_propose(p, hpke, window.start_s, window.duration_s, err);
}

/* The policy of the public log that is agreed on from now on, if one is given. */
static enum ska_status take_policy(struct collection *c, const struct options *o,
                                   struct ska_error *err)
{
    uint8_t hash[SKA_HASH_BYTES];
    char text[2 * SKA_HASH_BYTES + 1];
    bool is_new = false;
    if (o->log_policy == NULL)
        return SKA_OK;
    SKA_TRY(home_policy_replace(&is_new, c, o->log_policy, err));
    ska_sha256(hash, c->log_policy, c->log_policy_len);
    ska_hex_encode(text, hash, sizeof hash);
    if (is_new)
        printf(
            tr("Den publika loggens policy är nu %s (sha256 %s; jämför med protokollet). "
               "Perioder som redan är öppna behåller sin.\n",
               "The public log's policy is now %s (sha256 %s; compare with the minutes). Periods "
               "that are open already keep theirs.\n"),
            o->log_policy, text);
    return SKA_OK;
}

static enum ska_status open_period(struct period *p, struct collection *c, const struct options *o,
                                   struct ska_error *err)
{
    struct window window = {0};
    struct period_control control = {0};
    enum ska_task_state state = SKA_TASK_OPEN;
    if (p->task != NULL)
        SKA_TRY(period_control_last(&control, p, err));
    SKA_TRY(choose_window(&window, p, o, control.serial, err));
    SKA_TRY(take_policy(c, o, err));
    SKA_TRY(propose(p, window, err));
    assert(p->task != NULL); /* it is proposed, or was before */
    if (p->signed_bytes == NULL)
        SKA_TRY(agree(p, err));
    if (control.serial == 0)
        SKA_TRY(period_control_next(&control, p, SKA_CONTROL_OPEN, err));
    if (control.serial > 1)
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: perioden har redan varit öppen; se skarva-publish status %s",
                           "%s: the period has been open already; see skarva-publish status %s"),
                        p->name, p->name);
    SKA_TRY(control_send(&state, p, &control, 30, err));
    char task[44];
    ska_base64url_encode(task, p->task->context.task_id, 32);
    printf(tr("%s: %s. %u uppgiftslämnare, %u uppgifter, uppdrag %s\n",
              "%s: %s. %u contributors, %u cells, task %s\n"),
           p->name, state_text(state), p->task->parameters.roster.n, p->task->layout->n_cells,
           task);
    window_tell(stdout, &p->task->parameters, (uint64_t)time(NULL));
    return SKA_OK;
}

enum ska_status command_open(const struct options *o, struct ska_error *err)
{
    const char *name = NULL;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_TRY(only_period(&name, o, err));
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(period_load(&p, &c, name, err));
    if (p.revision > 0 && p.task == NULL)
        return ska_fail(err, SKA_E_USAGE,
                        tr("en rättelse öppnas med skarva-publish revise %s",
                           "a correction is opened with skarva-publish revise %s"),
                        p.base);
    return open_period(&p, &c, o, err);
}

/* revise -------------------------------------------------------------------------------------- */

/* The newest release of a period, and the newest folder, which may be one that is under way. */
static enum ska_status find_revisions(uint32_t *released, uint32_t *newest, bool *is_under_way,
                                      const struct collection *c, const char *base,
                                      struct ska_error *err)
{
    bool is_any = false;
    *is_under_way = false;
    for (uint32_t r = 0; r <= SKA_REVISION_MAX; r++) {
        char name[PERIOD_NAME_MAX + 1];
        SKA_SCOPED(period_clear) struct period p = {0};
        period_name(name, base, r);
        SKA_TRY(period_load(&p, c, name, err));
        if (p.task == NULL)
            break;
        *newest = r;
        *is_under_way = !period_has(&p, "figures") && !period_has(&p, "refused") &&
                        !period_has(&p, "unprotected");
        if (!period_has(&p, "figures"))
            continue;
        *released = r;
        is_any = true;
    }
    return is_any ? SKA_OK
                  : ska_fail(err, SKA_E_STATE,
                             tr("%s: inget är utgivet, så det finns inget att rätta; ge först ut "
                                "perioden: skarva-publish publish %s",
                                "%s: nothing is published, so there is nothing to correct; publish "
                                "the period first: skarva-publish publish %s"),
                             base, base);
}

/* What was collected since the last release, and could not be released. */
static enum ska_status tell_passed(const struct collection *c, const char *base, uint32_t released,
                                   uint32_t newest, struct ska_error *err)
{
    for (uint32_t r = released + 1; r < newest; r++) {
        char name[PERIOD_NAME_MAX + 1], before[PERIOD_NAME_MAX + 1];
        SKA_SCOPED(period_clear) struct period p = {0};
        period_name(name, base, r);
        period_name(before, base, released);
        SKA_TRY(period_load(&p, c, name, err));
        if (period_has(&p, "unprotected"))
            printf(tr("%s kunde inte skyddas och hoppas över: det som rättas är %s, som är "
                      "utgiven.\n",
                      "%s could not be protected and is passed over: what is corrected is %s, "
                      "which is released.\n"),
                   name, before);
    }
    return SKA_OK;
}

/* The next correction, or the one that is under way. */
static enum ska_status open_correction(struct period *p, struct collection *c,
                                       const struct options *o, uint32_t released, uint32_t newest,
                                       struct ska_error *err)
{
    if (period_has(p, "collected"))
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: summorna är hämtade; ge först ut den: skarva-publish publish %s",
                           "%s: the totals are collected; publish it first: skarva-publish "
                           "publish %s"),
                        p->name, p->name);
    SKA_TRY(tell_passed(c, p->base, released, newest, err));
    return open_period(p, c, o, err);
}

enum ska_status command_revise(const struct options *o, struct ska_error *err)
{
    const char *name = NULL;
    char base[SKA_PERIOD_MAX + 1];
    char wanted[PERIOD_NAME_MAX + 1], before[PERIOD_NAME_MAX + 1];
    uint32_t released = 0, newest = 0;
    bool is_under_way = false;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(period_clear) struct period last = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(only_period(&name, o, err));
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(period_load(&p, &c, name, err)); /* is it a period at all */
    memcpy(base, p.base, sizeof base);
    period_clear(&p);
    SKA_TRY(find_revisions(&released, &newest, &is_under_way, &c, base, err));
    period_name(before, base, released);
    newest += is_under_way ? 0 : 1;
    period_name(wanted, base, newest);
    SKA_TRY(period_load_open(&last, &c, before, err));
    SKA_TRY(period_load(&p, &c, wanted, err));
    p.previous.exists = true;
    memcpy(p.previous.task_id, last.task->context.task_id, sizeof p.previous.task_id);
    SKA_TRY(collect_read_accepted(&list, &bytes, &len, p.previous.accepted_hash, &last, err));
    return open_correction(&p, &c, o, released, newest, err);
}

/* close, reopen ------------------------------------------------------------------------------- */

/* What another correction follows upon, or passes over, is not opened again. */
static enum ska_status check_newest(const struct period *p, struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period next = {0};
    SKA_TRY(period_load_next(&next, p, err));
    return next.task == NULL
               ? SKA_OK
               : ska_fail(err, SKA_E_STATE,
                          tr("%s: rättelsen %s är öppnad efter den; fortsätt med den",
                             "%s: the correction %s was opened after it; go on with that"),
                          p->name, next.name);
}

static enum ska_status change(const struct options *o, enum ska_control_kind kind,
                              struct ska_error *err)
{
    const char *name = NULL;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_TRY(only_period(&name, o, err));
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(period_load_open(&p, &c, name, err));
    struct period_control control;
    enum ska_task_state state = SKA_TASK_PROPOSED;
    SKA_TRY(period_control_last(&control, &p, err));
    if (kind == SKA_CONTROL_REOPEN && period_has(&p, "collected"))
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: summorna är hämtade; perioden kan inte öppnas igen",
                           "%s: the totals have been collected; the period cannot be reopened"),
                        name);
    bool is_open = control.kind == SKA_CONTROL_OPEN || control.kind == SKA_CONTROL_REOPEN;
    if (control.kind != kind && is_open != (kind == SKA_CONTROL_CLOSE))
        return ska_fail(err, SKA_E_STATE,
                        is_open ? tr("%s: perioden är inte stängd", "%s: the period is not closed")
                                : tr("%s: perioden är inte öppen", "%s: the period is not open"),
                        name);
    if (kind == SKA_CONTROL_REOPEN)
        SKA_TRY(check_newest(&p, err));
    if (control.kind != kind && kind == SKA_CONTROL_REOPEN)
        SKA_TRY(window_check_reopen(&p.task->parameters, name, (uint64_t)time(NULL), err));
    if (control.kind != kind)
        SKA_TRY(period_control_next(&control, &p, kind, err));
    SKA_TRY(control_send(&state, &p, &control, o->wait ? o->wait_s : 0, err));
    if (kind == SKA_CONTROL_REOPEN)
        SKA_TRY(period_remove(&p, "refused", err)); /* too few had handed in */
    printf("%s: %s\n", name, state_text(state));
    if (kind == SKA_CONTROL_REOPEN)
        window_tell(stdout, &p.task->parameters, (uint64_t)time(NULL));
    return SKA_OK;
}

enum ska_status command_close(const struct options *o, struct ska_error *err)
{
    return change(o, SKA_CONTROL_CLOSE, err);
}

enum ska_status command_reopen(const struct options *o, struct ska_error *err)
{
    return change(o, SKA_CONTROL_REOPEN, err);
}

/* status -------------------------------------------------------------------------------------- */

enum ska_status command_status(const struct options *o, struct ska_error *err)
{
    const char *name = NULL;
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_TRY(only_period(&name, o, err));
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(period_load_open(&p, &c, name, err));
    enum ska_status first = SKA_OK;
    for (int helper = 0; helper < 2; helper++) {
        struct ska_task_status status;
        struct ska_error why = {0};
        enum ska_status asked = control_ask(&status, &p, helper == 1, &why);
        printf("%s: %s: %s\n", name, helper ? tr("hjälparen", "helper") : tr("ledaren", "leader"),
               asked == SKA_OK ? state_text(status.state) : why.text);
        if (asked != SKA_OK && first == SKA_OK)
            first = ska_fail(err, asked, "%s", why.text);
    }
    printf("%s: %s\n", name,
           period_has(&p, "figures") ? tr("utgiven härifrån", "published from here")
           : period_has(&p, "unprotected")
               ? tr("summorna är hämtade och kan inte skyddas; ges inte ut",
                    "totals collected, and cannot be protected; not released")
           : period_has(&p, "refused")
               ? tr("hämtas inte: för få har lämnat eller ändrat något; nästa rättelse hoppar över "
                    "den (skarva-publish revise)",
                    "not collected: too few handed in or changed anything; the next correction "
                    "passes it over (skarva-publish revise)")
           : period_has(&p, "collected") ? tr("summorna är hämtade", "totals collected")
                                         : tr("summorna är inte hämtade", "totals not collected"));
    window_tell(stdout, &p.task->parameters, (uint64_t)time(NULL));
    return first;
}
