/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_collect.c - collect: check what a closed period counts, tell the servers to give the
 * totals, fetch and check them, and keep them. export: the totals of collected periods as a table.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "crypto/secret.h"
#include "protocol/dap.h"
#include "protocol/figure.h"
#include "protocol/resources.h"
#include "reports/collect.h"
#include "reports/commands.h"
#include "reports/data/words.h"
#include "reports/disclosure/control.h"
#include "reports/disclosure/correction.h"
#include "support/file.h"
#include "support/language.h"

#define VERIFY_TOGETHER 64 /* proofs checked in one batch */
#define BUSY_TRIES 60      /* a second apart */

SKA_DEFINE_RELEASE(struct https_client *, client_release, https_client_free)

static enum ska_status fetch_accepted(struct https_client *client, const struct period *p,
                                      struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    uint8_t hash[32];
    char path[PERIOD_PATH_MAX];
    period_url(path, p, "skarva/", "accepted");
    struct ska_error why = {0};
    enum ska_status status =
        https_call(&answer, client, "GET", path, NULL, (struct ska_slice){0}, &why);
    if (status == SKA_E_STATE)
        return ska_fail(err, status,
                        tr("%s: perioden är inte stängd; stäng den först: skarva-publish close %s "
                           "--wait",
                           "%s: the period is not closed; close it first: skarva-publish close %s "
                           "--wait"),
                        p->name, p->name);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s", why.text);
    struct ska_slice body = {answer.body, answer.body_len};
    SKA_TRY(collect_check_accepted(&list, hash, body, p->task, err));
    return period_write(p, "accepted", body, false, err);
}

static void submission_name(char out[static 32], uint32_t contributor)
{
    (void)snprintf(out, 32, "submissions/%05u", contributor);
}

/* Fetch one counted submission unless it is there already. */
static enum ska_status fetch_submission(struct https_client *client, const struct period *p,
                                        uint32_t contributor, struct ska_error *err)
{
    char name[32], rest[48], path[PERIOD_PATH_MAX];
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    submission_name(name, contributor);
    if (period_has(p, name))
        return SKA_OK;
    (void)snprintf(rest, sizeof rest, "public_shares/%u", contributor);
    period_url(path, p, "skarva/", rest);
    enum ska_status status = SKA_E_BUSY;
    for (int tries = 0; status == SKA_E_BUSY && tries < BUSY_TRIES; tries++) {
        struct ska_error last = {0};
        status = https_call(&answer, client, "GET", path, NULL, (struct ska_slice){0}, &last);
        if (status == SKA_E_BUSY && tries + 1 < BUSY_TRIES)
            (void)sleep(1); /* a large roster is more than one address may ask at once */
        else if (status != SKA_OK)
            return ska_fail(err, status, "%s", last.text);
    }
    return period_write(p, name, (struct ska_slice){answer.body, answer.body_len}, false, err);
}

/* Read a kept submission and add it; a kept file that does not fit is fetched anew once (it is left
 * from before a reopening). */
static enum ska_status add_submission(struct collect_sums *sums, struct https_client *client,
                                      const struct period *p,
                                      const struct ska_accepted_entry *entry, struct ska_error *err)
{
    char name[32];
    submission_name(name, entry->contributor);
    for (int attempt = 0;; attempt++) {
        SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
        SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
        size_t len = 0;
        struct ska_error inner = {0};
        if (path == NULL)
            return SKA_E_MEMORY;
        SKA_TRY(fetch_submission(client, p, entry->contributor, err));
        SKA_TRY(period_read(&bytes, &len, p, name, false, err));
        enum ska_status status =
            collect_add_submission(sums, (struct ska_slice){bytes, len}, entry, p->task, &inner);
        if (status == SKA_OK)
            return SKA_OK;
        (void)unlink(path); /* a file that stays is caught by the same check next time */
        if (attempt == 1 || status != SKA_E_MISMATCH)
            return ska_fail(err, status, "%s", inner.text);
    }
}

static void show_progress(const struct period *p, uint32_t done, uint32_t all)
{
    if (isatty(2))
        (void)fprintf(stderr, tr("\r%s: inlämning %u av %u", "\r%s: submission %u of %u"), p->name,
                      done, all);
    if (isatty(2) && done == all)
        (void)fputc('\n', stderr);
}

static enum ska_status add_submissions(struct collect_sums *sums, struct https_client *client,
                                       const struct period *p, const struct ska_accepted *list,
                                       struct ska_error *err)
{
    uint32_t n_counted = collect_count(list), done = 0;
    SKA_SCOPED(ska_scoped_free) char *folder = file_join(p->folder, "submissions");
    if (folder == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_make_folder(folder, false, err));
    SKA_TRY(collect_sums_new(sums, p->task->n_figures));
    SKA_TRY(ska_accepted_groups(&sums->kept, list, p->task));
    for (uint32_t i = 0; i < list->n; i++) {
        if (!ska_accepted_is_counted(list, i))
            continue;
        SKA_TRY(add_submission(sums, client, p, &list->at[i], err));
        show_progress(p, ++done, n_counted);
    }
    return SKA_OK;
}

/* --check-proofs: verify every counted submission's proof, as both aggregators did and the auditor
 * will. */
static enum ska_status check_proofs(const struct period *p, const struct ska_accepted *list,
                                    struct ska_error *err)
{
    struct ska_slice share[VERIFY_TOGETHER];
    uint8_t *kept[VERIFY_TOGETHER];
    uint32_t contributor[VERIFY_TOGETHER];
    enum ska_status each[VERIFY_TOGETHER], status = SKA_OK;
    for (uint32_t i = 0; i < list->n && status == SKA_OK;) {
        size_t n = 0;
        memset(each, 0, sizeof each); /* SKA_OK is 0 */
        for (; i < list->n && n < VERIFY_TOGETHER && status == SKA_OK; i++) {
            char name[32];
            size_t len = 0;
            if (!ska_accepted_is_counted(list, i))
                continue;
            submission_name(name, list->at[i].contributor);
            status = period_read(&kept[n], &len, p, name, false, err);
            if (status != SKA_OK)
                break;
            share[n] = (struct ska_slice){kept[n] + 16, len - 16}; /* checked when it was added */
            contributor[n++] = list->at[i].contributor;
        }
        if (status == SKA_OK && n > 0)
            status = ska_public_shares_verify(each, share, n, &p->task->config);
        for (size_t k = 0; k < n; k++) {
            if (status != SKA_OK && each[k] != SKA_OK)
                ska_ignore(ska_fail(err, each[k],
                                    tr("inlämningen från %s: %s", "the submission of %s: %s"),
                                    p->task->parameters.roster.at[contributor[k]].name,
                                    ska_status_text(each[k])),
                           "the first one is told, its status returned below");
            free(kept[k]);
        }
    }
    return status;
}

/* Aggregate shares ---------------------------------------------------------------------------- */

/*
 * The signed command before which the servers refuse every collection. It is kept before it is
 * sent, and repeated as it is. The leader's state decides, not our last command: that may be one
 * that was refused.
 */
static enum ska_status command_the_collection(const struct period *p, uint64_t wait_s,
                                              struct ska_error *err)
{
    struct period_control control;
    enum ska_task_state state = SKA_TASK_CLOSED;
    SKA_TRY(period_control_last(&control, p, err));
    struct ska_task_status now;
    SKA_TRY(control_ask(&now, p, false, err));
    if (now.state == SKA_TASK_COLLECTED)
        return SKA_OK;
    if (now.state != SKA_TASK_CLOSED)
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: perioden är inte stängd", "%s: the period is not closed"), p->name);
    if (control.kind != SKA_CONTROL_COLLECT)
        SKA_TRY(period_control_next(&control, p, SKA_CONTROL_COLLECT, err));
    return control_send(&state, p, &control, wait_s, err);
}

/* Ask for the collection until it is ready. The request's bytes are always the same, so the leader
 * takes a repetition for the same job. */
static enum ska_status request_collection(struct https_answer *answer, struct https_client *client,
                                          const struct period *p, struct ska_slice request,
                                          uint64_t wait_s, struct ska_error *err)
{
    char path[PERIOD_PATH_MAX];
    period_url(path, p, "", "collection_jobs");
    struct timespec begin, now, pause = {.tv_nsec = 200 * 1000 * 1000};
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    for (;;) {
        struct ska_error last = {0};
        https_answer_clear(answer);
        enum ska_status status =
            https_call(answer, client, "POST", path, SKA_MEDIA_DAP_PREFIX "collection-job-req",
                       request, &last);
        bool ready = status == SKA_OK && answer->body_len > 0;
        if (ready)
            return SKA_OK;
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if ((status != SKA_OK && status != SKA_E_BUSY) ||
            (uint64_t)(now.tv_sec - begin.tv_sec) >= wait_s)
            return ska_fail(err, status == SKA_OK ? SKA_E_BUSY : status, "%s",
                            last.text[0] != '\0' ? last.text
                                                 : tr("servrarna är inte färdiga än",
                                                      "the servers are not done yet"));
        (void)nanosleep(&pause, NULL);
        if (pause.tv_sec == 0)
            pause = (struct timespec){.tv_sec = 1};
    }
}

/* Decrypt one aggregate share, check it, and append it to what is kept. */
static enum ska_status open_share(struct ska_writer *kept, const struct period *p,
                                  enum ska_role role, const struct ska_dap_ciphertext *ciphertext,
                                  struct ska_slice request, const struct collect_sums *sums,
                                  const uint8_t accepted_hash[static 32], struct ska_error *err)
{
    uint8_t *plain = NULL;
    size_t plain_len = 0;
    enum ska_status status = ska_dap_aggregate_share_open(
        &plain, &plain_len, &p->collection->hpke_key, role, p->task, request, ciphertext);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        tr("summan från %s går inte att dekryptera", "the sum of %s does not open"),
                        role == SKA_ROLE_LEADER ? tr("ledaren", "the leader")
                                                : tr("hjälparen", "the helper"));
    struct ska_slice share = {plain, plain_len};
    status = collect_check_share(share, role, sums, accepted_hash, p->task, err);
    if (status == SKA_OK)
        ska_write_opaque32(kept, plain, plain_len);
    ska_wipe_free(plain, plain_len);
    return status;
}

static enum ska_status collect_shares(struct https_client *client, const struct period *p,
                                      const struct collect_sums *sums, uint32_t n_counted,
                                      const uint8_t accepted_hash[static 32], uint64_t wait_s,
                                      struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer request = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer kept = {0};
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    const struct ska_dap_collection_req query = {
        .batch_mode = SKA_DAP_BATCH_TIME_INTERVAL, .start = ska_task_time(p->task), .duration = 1};
    ska_dap_collection_req_encode(&request, &query);
    SKA_TRY(ska_writer_status(&request));
    struct ska_slice request_bytes = {request.data, request.len};
    SKA_TRY(request_collection(&answer, client, p, request_bytes, wait_s, err));
    struct ska_dap_collection_resp resp;
    if (ska_dap_collection_resp_decode(&resp, (struct ska_slice){answer.body, answer.body_len}) !=
        SKA_OK)
        return ska_fail(err, SKA_E_PEER,
                        tr("ledarens svar har inte rätt form",
                           "the leader's answer does not have the right form"));
    if (resp.report_count != n_counted)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("ledaren har räknat %" PRIu64 " inlämningar, listan säger %u",
                           "the leader counted %" PRIu64 " submissions, the list says %u"),
                        resp.report_count, n_counted);
    SKA_TRY(open_share(&kept, p, SKA_ROLE_LEADER, &resp.leader, request_bytes, sums, accepted_hash,
                       err));
    SKA_TRY(open_share(&kept, p, SKA_ROLE_HELPER, &resp.helper, request_bytes, sums, accepted_hash,
                       err));
    SKA_TRY(ska_writer_status(&kept));
    SKA_TRY(period_write_collected_on(p, (uint64_t)time(NULL), err));
    return period_write(p, "collected", (struct ska_slice){kept.data, kept.len}, true, err);
}

/* Of a correction: how many changed, as the servers opened it to each other. */
static enum ska_status fetch_changes(struct https_client *client, const struct correction *c,
                                     const struct period *p, const struct ska_accepted *list,
                                     const uint8_t hash[static 32], struct ska_error *err)
{
    SKA_SCOPED(https_answer_clear) struct https_answer answer = {0};
    char path[PERIOD_PATH_MAX];
    uint32_t n_changed = 0;
    period_url(path, p, "skarva/", "changes");
    SKA_TRY(https_call(&answer, client, "GET", path, NULL, (struct ska_slice){0}, err));
    const struct ska_slice both = {answer.body, answer.body_len};
    SKA_TRY(correction_check_changes(&n_changed, both, c, p, list, hash, err));
    printf(tr("%s: %u uppgiftslämnare har ändrat något.\n",
              "%s: %u contributors changed something.\n"),
           p->name, n_changed);
    return period_write(p, "changes", both, false, err);
}

static enum ska_status keep_refused(const struct period *p, const char *text, struct ska_error *err)
{
    return period_write(p, "refused", (struct ska_slice){(const uint8_t *)text, strlen(text)},
                        false, err);
}

static enum ska_status fail_too_few(const struct period *p, uint32_t n, struct ska_error *err)
{
    const struct ska_parameters *parameters = &p->task->parameters;
    const uint64_t end_s = parameters->window_start_s + parameters->window_duration_s;
    const unsigned least = parameters->policy.min_contributors;
    char day[WORDS_DAY_MAX];
    words_day_iso(day, end_s);
    if (correction_is(p))
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        tr("%s: %u har lämnat och minst %u krävs, så inget hämtas och det som är "
                           "utgivet står kvar; öppna nästa rättelse: skarva-publish revise %s",
                           "%s: %u handed in and at least %u must, so nothing is collected and "
                           "what is published stands; open the next correction: skarva-publish "
                           "revise %s"),
                        p->name, n, least, p->base);
    if ((uint64_t)time(NULL) < end_s)
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        tr("%s: %u har lämnat och minst %u krävs, så inget hämtas; öppna perioden "
                           "igen (skarva-publish reopen %s), påminn dem som fattas, senast %s, och "
                           "stäng sedan",
                           "%s: %u handed in and at least %u must, so nothing is collected; open "
                           "the period again (skarva-publish reopen %s), remind those who are "
                           "missing, before %s, and then close"),
                        p->name, n, least, p->name, day);
    return ska_fail(err, SKA_E_BATCH_SIZE,
                    tr("%s: %u har lämnat och minst %u krävs, och fönstret slutade %s, så ingen "
                       "kan lämna mer: perioden ges inte ut i den här insamlingen; ta den i en ny "
                       "(skarva-publish new) med ett nytt fönster",
                       "%s: %u handed in and at least %u must, and the window ended %s, so nobody "
                       "can hand in any more: the period is not released in this collection; "
                       "take it in a new one (skarva-publish new) with a new window"),
                    p->name, n, least, day);
}

/* Of fewer than the policy's minimum the servers give no totals. That is told before they are
 * commanded, so that the period can be opened again; the next correction passes over one that is
 * left so. */
static enum ska_status check_enough(const struct period *p, const struct ska_accepted *list,
                                    struct ska_error *err)
{
    if (collect_count(list) >= p->task->parameters.policy.min_contributors)
        return SKA_OK;
    if (correction_is(p))
        SKA_TRY(keep_refused(p, "too few handed in\n", err));
    return fail_too_few(p, collect_count(list), err);
}

/* The command; a correction that the servers refuse for good is remembered as such. */
static enum ska_status command_or_remember(const struct period *p, uint64_t wait_s,
                                           struct ska_error *err)
{
    struct ska_error why = {0};
    enum ska_status status = command_the_collection(p, wait_s, &why);
    if (status == SKA_E_BATCH_SIZE && correction_is(p))
        SKA_TRY(keep_refused(p, "refused by the servers\n", err));
    return status == SKA_OK ? SKA_OK : ska_fail(err, status, "%s", why.text);
}

static enum ska_status collect_period(const struct options *o, const struct collection *c,
                                      const char *name, struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(client_release) struct https_client *client = NULL;
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    SKA_SCOPED(collect_sums_clear) struct collect_sums sums = {0};
    SKA_SCOPED(correction_clear) struct correction correction = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *signed_list = NULL;
    size_t signed_len = 0;
    uint8_t hash[32];
    SKA_TRY(period_load_open(&p, c, name, err));
    if (!period_has(&p, "collected")) {
        SKA_TRY(home_connect(&client, c, false, err));
        SKA_TRY(correction_load(&correction, &p, err));
        p.task->config.earlier = correction.earlier;
        SKA_TRY(fetch_accepted(client, &p, err));
        SKA_TRY(collect_read_accepted(&list, &signed_list, &signed_len, hash, &p, err));
        SKA_TRY(check_enough(&p, &list, err));
        SKA_TRY(add_submissions(&sums, client, &p, &list, err));
        if (o->check_proofs)
            SKA_TRY(check_proofs(&p, &list, err));
        SKA_TRY(collect_store_sums(&sums, &p, err));
        SKA_TRY(command_or_remember(&p, o->wait_s, err));
        SKA_TRY(collect_shares(client, &p, &sums, collect_count(&list), hash, o->wait_s, err));
    } else {
        SKA_TRY(collect_read_accepted(&list, &signed_list, &signed_len, hash, &p, err));
    }
    if (correction_is(&p) && !period_has(&p, "changes")) {
        if (client == NULL) {
            SKA_TRY(home_connect(&client, c, false, err));
            SKA_TRY(correction_load(&correction, &p, err));
        }
        SKA_TRY(fetch_changes(client, &correction, &p, &list, hash, err));
    }
    printf(tr("%s: summorna av %u inlämningar är hämtade och stämmer med åtagandena.\n",
              "%s: the totals of %u submissions are collected and open the commitments.\n"),
           name, collect_count(&list));
    return SKA_OK;
}

enum ska_status command_collect(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    if (o->n_periods == 0)
        return ska_fail(err, SKA_E_USAGE,
                        tr("ange en period, till exempel: skarva-publish collect 2025Q2",
                           "name a period, for example: skarva-publish collect 2025Q2"));
    SKA_TRY(home_collection_load(&c, o, err));
    ska_group_init();
    for (size_t i = 0; i < o->n_periods; i++)
        SKA_TRY(collect_period(o, &c, o->periods[i], err));
    return SKA_OK;
}

/* export -------------------------------------------------------------------------------------- */

static enum ska_status export_period(struct ska_writer *w, const struct collection *c,
                                     const char *name, struct ska_error *err)
{
    SKA_SCOPED(period_clear) struct period p = {0};
    SKA_SCOPED(collect_result_clear) struct collect_result r = {0};
    SKA_TRY(period_load_open(&p, c, name, err));
    SKA_TRY(collect_load(&r, &p, err));
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted list = {0};
    SKA_SCOPED(ska_groups_clear) struct ska_groups kept = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *signed_list = NULL;
    size_t signed_len = 0;
    uint8_t hash[32];
    SKA_TRY(collect_read_accepted(&list, &signed_list, &signed_len, hash, &p, err));
    SKA_TRY(ska_accepted_groups(&kept, &list, p.task));
    for (uint32_t j = 0; j < r.n_figures; j++) {
        char code[SKA_FIGURE_CODE_MAX + 1], line[SKA_PERIOD_MAX + sizeof code + 32];
        uint32_t block = ska_figure_block(p.task, j);
        ska_figure_code(code, p.task, j);
        int n = block > 0 && kept.at[block - 1].n_members == 0
                    ? snprintf(line, sizeof line, "%s,%s,.\n", name, code)
                    : snprintf(line, sizeof line, "%s,%s,%" PRIu64 "\n", name, code, r.total[j]);
        ska_write_bytes(w, line, (size_t)n); /* fits: sizes of its parts */
        ska_wipe(line, sizeof line);
    }
    return ska_writer_status(w);
}

enum ska_status command_export(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    if (o->n_periods == 0 || o->collected == NULL)
        return ska_fail(err, SKA_E_USAGE,
                        tr("så här: skarva-publish export 2025Q2 --collected FIL",
                           "like this: skarva-publish export 2025Q2 --collected FILE"));
    SKA_TRY(home_collection_load(&c, o, err));
    ska_write_bytes(&w, "period,cell,value\n", strlen("period,cell,value\n"));
    for (size_t i = 0; i < o->n_periods; i++)
        SKA_TRY(export_period(&w, &c, o->periods[i], err));
    SKA_TRY(ska_writer_status(&w));
    SKA_TRY(file_write(o->collected, w.data, w.len, true, err));
    (void)fprintf(stderr,
                  tr("%s innehåller också de summor som ska döljas: lämna den inte vidare.\n",
                     "%s also holds the totals that must be hidden: do not pass it on.\n"),
                  o->collected);
    return SKA_OK;
}
