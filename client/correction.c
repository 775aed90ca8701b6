/* SPDX-License-Identifier: EUPL-1.2 */
/* correction.c - finding what of ours counted in the task that a correction corrects. */
#include "client/correction.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/dap.h"
#include "protocol/revision.h"
#include "support/language.h"

SKA_DEFINE_RELEASE(struct ska_task *, task_release, ska_task_free)

void correction_clear(struct correction *c)
{
    free(c->earlier);
    submission_clear(&c->before);
    *c = (struct correction){0};
}

static enum ska_status not_what_is_named(enum ska_status status, const struct ska_error *why,
                                         struct ska_error *err)
{
    if (status == SKA_E_MEMORY)
        return status;
    return ska_fail(err, status,
                    tr("det som rättas är inte det som periodens villkor säger: %s",
                       "what is corrected is not what the period's parameters say: %s"),
                    why->text[0] != '\0' ? why->text : ska_status_text(status));
}

static enum ska_status get(struct https_answer *answer, const struct session *s, const char *what,
                           struct ska_error *err)
{
    char id[44];
    char path[128];
    ska_base64url_encode(id, s->task->context.previous_task_id, 32);
    snprintf(path, sizeof path, "skarva/tasks/%s/%s", id, what); /* fits: the id has 43 */
    return https_call(answer, s->leader, "GET", path, NULL, (struct ska_slice){0}, err);
}

/* The task before, by the identifier that the parameters name, signed by all three. */
static enum ska_status fetch_task(struct ska_task **out, const struct session *s,
                                  struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_SCOPED(task_release) struct ska_task *task = NULL;
    struct ska_signed_parameters parameters;
    struct ska_error why = {0};
    SKA_TRY(get(&answer, s, "parameters", err));
    enum ska_status status =
        ska_signed_parameters_decode(&parameters, (struct ska_slice){answer.body, answer.body_len});
    if (status == SKA_OK)
        status = ska_task_new(&task, parameters.parameters, &why);
    if (status == SKA_OK)
        status = ska_signed_parameters_verify(&parameters, task, &why);
    if (status == SKA_OK &&
        memcmp(task->context.task_id, s->task->context.previous_task_id, 32) != 0)
        status = SKA_E_TASK;
    if (status != SKA_OK)
        return not_what_is_named(status, &why, err);
    *out = task;
    task = NULL;
    return SKA_OK;
}

/* Our counted entry of its accepted list; *counted false if there is none. */
static enum ska_status fetch_entry(struct ska_accepted_entry *entry, bool *counted,
                                   const struct session *s, const struct ska_task *previous,
                                   struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    struct ska_signed_accepted accepted;
    struct ska_error why = {0};
    uint8_t hash[32] = {0};
    SKA_TRY(get(&answer, s, "accepted", err));
    enum ska_status status =
        ska_signed_accepted_decode(&accepted, (struct ska_slice){answer.body, answer.body_len});
    if (status == SKA_OK) {
        ska_accepted_hash(hash, accepted.list);
        status = ska_revision_check(s->task, previous, hash, &why);
    }
    if (status == SKA_OK)
        status = ska_accepted_decode(&list, accepted.list);
    if (status != SKA_OK)
        return not_what_is_named(status, &why, err);
    *counted = false;
    for (uint32_t i = 0; i < list.n; i++) {
        if (list.at[i].contributor != s->contributor || !ska_accepted_is_counted(&list, i))
            continue;
        *entry = list.at[i];
        *counted = true;
    }
    return SKA_OK;
}

static enum ska_status no_opening(uint64_t number, const char *period, struct ska_error *err)
{
    return ska_fail(
        err, SKA_E_NOT_FOUND,
        tr("en rättelse bevisas mot vår inlämning %" PRIu64 " för %s, men det hemliga som öppnar "
           "den finns inte i hemkatalogen. Utan det går inget att bevisa, inte heller att inget "
           "är ändrat. Återställ katalogen submissions ur säkerhetskopian och kör igen. Finns "
           "ingen kopia: ring utgivaren; perioden kan då inte rättas förrän minst tre "
           "uppgiftslämnare avstår.",
           "a correction is proven against our submission %" PRIu64 " for %s, but the secret that "
           "opens it is not in the home folder. Without it nothing can be proven, nor that nothing "
           "changed. Restore the folder submissions from the backup and run again. If there is no "
           "copy: call the publisher; the period can then not be corrected until at least three "
           "contributors stay away."),
        number, period);
}

/* Our own submission from the home folder: the very bytes that counted, with what opens them. */
static enum ska_status load_before(struct correction *c, const struct session *s,
                                   const struct ska_task *previous,
                                   const struct ska_accepted_entry *entry, const char *period,
                                   struct ska_error *err)
{
    struct ska_reader r;
    struct ska_dap_report report;
    uint8_t hash[SKA_HASH_BYTES];
    enum ska_status status =
        submission_load(&c->before, s->home, period, previous->context.task_id, entry->number, err);
    if (status == SKA_E_NOT_FOUND ||
        (status == SKA_OK && (c->before.n_blindings < previous->layout->n_cells ||
                              c->before.counts.n != previous->layout->n_cells)))
        return no_opening(entry->number, period, err);
    SKA_TRY(status);
    ska_reader_init(&r, c->before.report, c->before.report_len);
    status = ska_dap_report_decode(&report, &r);
    if (status == SKA_OK) {
        ska_sha256(hash, report.public_share.data, report.public_share.len);
        if (memcmp(hash, entry->sha256, sizeof hash) != 0)
            return no_opening(entry->number, period, err);
        status = ska_revision_earlier(&c->earlier[s->contributor], previous, report.public_share);
    }
    if (status == SKA_E_MEMORY)
        return status;
    return status == SKA_OK ? SKA_OK : no_opening(entry->number, period, err);
}

enum ska_status correction_load(struct correction *c, enum exits_phase *doing, struct session *s,
                                const char *period, struct ska_error *err)
{
    *doing = EXITS_DOING_SERVER;
    if (!s->task->config.statement->compares)
        return SKA_OK;
    SKA_SCOPED(task_release) struct ska_task *previous = NULL;
    struct ska_accepted_entry entry = {0};
    SKA_TRY(fetch_task(&previous, s, err));
    assert(previous != NULL);
    SKA_TRY(fetch_entry(&entry, &c->counted, s, previous, err));
    c->earlier = ska_alloc(s->task->parameters.roster.n, sizeof *c->earlier);
    if (c->earlier == NULL)
        return SKA_E_MEMORY;
    *doing = EXITS_DOING_HOME;
    if (c->counted)
        SKA_TRY(load_before(c, s, previous, &entry, period, err));
    s->task->config.earlier = c->earlier;
    c->exists = true;
    return SKA_OK;
}

bool correction_changes(const struct correction *c, const struct counts *counts)
{
    const size_t len = counts->n * sizeof *counts->at;
    return c->counted ? !ska_ct_equal(counts->at, c->before.counts.at, len)
                      : !ska_ct_is_zero(counts->at, len);
}
