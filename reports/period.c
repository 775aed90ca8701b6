/* SPDX-License-Identifier: EUPL-1.2 */
/* period.c - one period of a collection on disk. */
#include "reports/period.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#define FILE_MAX_BYTES ((size_t)64 << 20)

bool period_has(const struct period *p, const char *name)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
    return path != NULL && file_exists(path);
}

enum ska_status period_remove(const struct period *p, const char *name, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    if (unlink(path) != 0 && errno != ENOENT)
        return ska_fail(err, SKA_E_FILE, "%s: %s", path, ska_text(strerror(errno)));
    return SKA_OK;
}

enum ska_status period_read(uint8_t **data, size_t *len, const struct period *p, const char *name,
                            bool secret, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return secret ? file_read_secret(data, len, path, FILE_MAX_BYTES, err)
                  : file_read(data, len, path, FILE_MAX_BYTES, err);
}

enum ska_status period_write(const struct period *p, const char *name, struct ska_slice data,
                             bool secret, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_write(path, data.data, data.len, secret, err);
}

void period_url(char out[static PERIOD_PATH_MAX], const struct period *p, const char *prefix,
                const char *rest)
{
    char task[44];
    ska_base64url_encode(task, p->task->context.task_id, 32);
    (void)snprintf(out, PERIOD_PATH_MAX, "%stasks/%s/%s", prefix, task, rest); /* parts are short */
}

static enum ska_status load_task(struct period *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *parameters = NULL;
    size_t len = 0;
    SKA_TRY(period_read(&parameters, &len, p, "parameters", false, err));
    SKA_TRY(ska_task_new(&p->task, (struct ska_slice){parameters, len}, err));
    if (!period_has(p, "signed"))
        return SKA_OK;
    uint8_t *bytes = NULL;
    SKA_TRY(period_read(&bytes, &len, p, "signed", false, err));
    p->signed_bytes = bytes;
    p->signed_len = len;
    return SKA_OK;
}

bool period_split(char base[static SKA_PERIOD_MAX + 1], uint32_t *revision, const char *name)
{
    enum ska_cadence cadence;
    uint32_t year, part;
    uint64_t number = 0;
    const char *dot = strchr(name, '.');
    size_t len = dot != NULL ? (size_t)(dot - name) : strlen(name);
    char text[SKA_PERIOD_MAX + 1] = "";
    if (len > SKA_PERIOD_MAX)
        return false;
    (void)snprintf(text, sizeof text, "%.*s", (int)len, name);
    if (ska_period_parse(&cadence, &year, &part, text) != SKA_OK)
        return false;
    if (dot != NULL && (dot[1] != 'r' || dot[2] < '1' || dot[2] > '9' ||
                        options_number(&number, dot + 2, SKA_REVISION_MAX) != SKA_OK))
        return false;
    memcpy(base, text, sizeof text);
    *revision = (uint32_t)number;
    return true;
}

void period_name(char out[static PERIOD_NAME_MAX + 1], const char *base, uint32_t revision)
{
    if (revision == 0)
        (void)snprintf(out, PERIOD_NAME_MAX + 1, "%.*s", SKA_PERIOD_MAX, base);
    else
        (void)snprintf(out, PERIOD_NAME_MAX + 1, "%.*s.r%u", SKA_PERIOD_MAX, base,
                       (unsigned)(revision % 10000));
}

enum ska_status period_load(struct period *p, const struct collection *c, const char *name,
                            struct ska_error *err)
{
    p->collection = c;
    if (!period_split(p->base, &p->revision, name))
        return ska_fail(err, SKA_E_USAGE,
                        tr("\"%s\" är ingen period; skriv till exempel 2025Q2, 2025-07 eller 2025",
                           "\"%s\" is not a period; write for example 2025Q2, 2025-07 or 2025"),
                        name);
    period_name(p->name, p->base, p->revision);
    p->folder = home_path(c->folder, "periods", name);
    if (p->folder == NULL)
        return SKA_E_MEMORY;
    return period_has(p, "parameters") ? load_task(p, err) : SKA_OK;
}

enum ska_status period_load_next(struct period *out, const struct period *p, struct ska_error *err)
{
    char name[PERIOD_NAME_MAX + 1];
    if (p->revision == SKA_REVISION_MAX)
        return SKA_OK;
    period_name(name, p->base, p->revision + 1);
    return period_load(out, p->collection, name, err);
}

enum ska_status period_load_open(struct period *p, const struct collection *c, const char *name,
                                 struct ska_error *err)
{
    SKA_TRY(period_load(p, c, name, err));
    if (p->signed_bytes == NULL)
        return ska_fail(err, SKA_E_STATE,
                        tr("%s: perioden är inte öppnad; kör skarva-publish open %s",
                           "%s: the period has not been opened; run skarva-publish open %s"),
                        name, name);
    return SKA_OK;
}

void period_clear(struct period *p)
{
    free(p->folder);
    free(p->signed_bytes);
    ska_task_free(p->task);
    *p = (struct period){0};
}

/* Zeros: there is no public log. */
static void find_log_policy(uint8_t out[static 32], const struct collection *c)
{
    memset(out, 0, 32);
    if (c->log_policy != NULL)
        ska_sha256(out, c->log_policy, c->log_policy_len);
}

/* Borrows catalogue, roster and groups from the collection. */
static enum ska_status fill_parameters(struct ska_parameters *out, const struct period *p,
                                       const struct ska_hpke_recipient hpke[static 2])
{
    const struct collection *c = p->collection;
    uint32_t year, part;
    *out = (struct ska_parameters){.policy = c->policy,
                                   .leader_hpke = hpke[0],
                                   .helper_hpke = hpke[1],
                                   .collector_hpke_config_id = HOME_HPKE_CONFIG_ID,
                                   .catalogue = c->catalogue,
                                   .roster = c->roster,
                                   .groups = c->groups.groups};
    SKA_TRY(ska_period_parse(&out->cadence, &year, &part, p->base));
    out->revision = p->revision;
    out->previous = p->previous;
    memcpy(out->collection, c->name, sizeof out->collection);
    memcpy(out->period, p->base, sizeof out->period);
    memcpy(out->leader_url, c->leader_url, sizeof out->leader_url);
    memcpy(out->helper_url, c->helper_url, sizeof out->helper_url);
    memcpy(out->publisher_key, c->trust.publisher, 32);
    memcpy(out->second_key, c->trust.second, 32);
    memcpy(out->leader_key, c->trust.leader, 32);
    memcpy(out->helper_key, c->trust.helper, 32);
    memcpy(out->collector_hpke_key, c->hpke_key.public_key, 32);
    ska_proof_generators_hash(out->generators_hash);
    find_log_policy(out->log_policy, c);
    return SKA_OK;
}

static bool is_same_recipient(const struct ska_hpke_recipient *a,
                              const struct ska_hpke_recipient *b)
{
    return a->config_id == b->config_id &&
           memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0;
}

enum ska_status period_propose(struct period *p, const struct ska_hpke_recipient hpke[static 2],
                               uint64_t window_start_s, uint64_t window_duration_s,
                               struct ska_error *err)
{
    struct ska_parameters parameters;
    if (p->task != NULL) {
        const struct ska_parameters *before = &p->task->parameters;
        uint8_t log_policy[32];
        find_log_policy(log_policy, p->collection);
        if (p->signed_bytes != NULL ||
            (is_same_recipient(&before->leader_hpke, &hpke[0]) &&
             is_same_recipient(&before->helper_hpke, &hpke[1]) &&
             memcmp(before->log_policy, log_policy, sizeof log_policy) == 0))
            return SKA_OK;
        window_start_s = before->window_start_s;
        window_duration_s = before->window_duration_s;
        p->previous = before->previous;
        ska_task_free(p->task);
        p->task = NULL;
    }
    SKA_TRY(fill_parameters(&parameters, p, hpke));
    parameters.window_start_s = window_start_s;
    parameters.window_duration_s = window_duration_s;
    SKA_TRY(ska_parameters_check(&parameters, err));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_TRY(ska_parameters_encode(&w, &parameters));
    SKA_TRY(ska_writer_status(&w));
    /* Everything is derived once before it is written, so that what cannot be used is not kept. */
    SKA_TRY(ska_task_new(&p->task, (struct ska_slice){w.data, w.len}, err));
    SKA_TRY(file_make_folder(p->folder, true, err));
    /* Kept with the period: the collection's may be another when it is published. */
    if (p->collection->log_policy != NULL)
        SKA_TRY(period_write(
            p, "log-policy",
            (struct ska_slice){p->collection->log_policy, p->collection->log_policy_len}, false,
            err));
    return period_write(p, "parameters", (struct ska_slice){w.data, w.len}, false, err);
}

enum ska_status period_keep_signed(struct period *p, struct ska_slice bytes, struct ska_error *err)
{
    struct ska_signed_parameters s;
    if (ska_signed_parameters_decode(&s, bytes) != SKA_OK ||
        s.parameters.len != p->task->encoded_len ||
        memcmp(s.parameters.data, p->task->encoded, s.parameters.len) != 0)
        return ska_fail(err, SKA_E_PEER,
                        tr("ledaren svarade med andra parametrar än de som skickades",
                           "the leader answered with other parameters than were sent"));
    SKA_TRY(ska_signed_parameters_verify(&s, p->task, err));
    SKA_TRY(period_write(p, "signed", bytes, false, err));
    free(p->signed_bytes);
    p->signed_bytes = NULL;
    return period_read(&p->signed_bytes, &p->signed_len, p, "signed", false, err);
}

static void control_name(char out[static 32], uint64_t serial)
{
    (void)snprintf(out, 32, "control-%08llu", (unsigned long long)serial);
}

enum ska_status period_control_last(struct period_control *out, const struct period *p,
                                    struct ska_error *err)
{
    char name[32];
    struct period_control last = {0};
    for (control_name(name, 1); period_has(p, name); control_name(name, last.serial + 1)) {
        SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
        size_t len = 0;
        struct ska_control control;
        SKA_TRY(period_read(&data, &len, p, name, false, err));
        if (len != SKA_CONTROL_BYTES ||
            ska_control_decode(&control, (struct ska_slice){data, len},
                               p->collection->signing_key.public_key) != SKA_OK ||
            control.serial != last.serial + 1)
            return ska_fail(err, SKA_E_FORMAT, "%s/%s: %s", p->folder, name,
                            ska_status_text(SKA_E_FORMAT));
        last.kind = control.kind;
        last.serial = control.serial;
        memcpy(last.bytes, data, sizeof last.bytes);
    }
    *out = last;
    return SKA_OK;
}

enum ska_status period_control_next(struct period_control *out, const struct period *p,
                                    enum ska_control_kind kind, struct ska_error *err)
{
    struct period_control last = {0};
    SKA_TRY(period_control_last(&last, p, err));
    struct ska_control control = {.kind = kind, .serial = last.serial + 1};
    memcpy(control.task_id, p->task->context.task_id, sizeof control.task_id);
    struct period_control next = {.kind = kind, .serial = control.serial};
    SKA_TRY(ska_control_encode(next.bytes, &control, &p->collection->signing_key));
    char name[32];
    control_name(name, next.serial);
    SKA_TRY(period_write(p, name, (struct ska_slice){next.bytes, sizeof next.bytes}, false, err));
    *out = next;
    return SKA_OK;
}

enum ska_status period_write_collected_on(const struct period *p, uint64_t now_s,
                                          struct ska_error *err)
{
    char text[32] = "";
    time_t t = (time_t)now_s;
    struct tm day;
    if (gmtime_r(&t, &day) == NULL || strftime(text, sizeof text, "%Y-%m-%d\n", &day) == 0)
        return ska_fail(err, SKA_E_BUG, "%s", ska_status_text(SKA_E_BUG));
    return period_write(p, "collected-on", (struct ska_slice){(const uint8_t *)text, strlen(text)},
                        false, err);
}

void period_read_collected_on(char out[static 11], const struct period *p)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    out[0] = '\0';
    if (!period_has(p, "collected-on") ||
        period_read(&data, &len, p, "collected-on", false, NULL) != SKA_OK || len != 11)
        return;
    for (size_t i = 0; i < 10; i++) {
        bool is_dash = i == 4 || i == 7;
        if (is_dash ? data[i] != '-' : data[i] < '0' || data[i] > '9')
            return;
    }
    memcpy(out, data, 10);
    out[10] = '\0';
}
