/* SPDX-License-Identifier: EUPL-1.2 */
/* site_audit.c - what the publisher's own run of the audit said of each period. */
#include "reports/pages/site_audit.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/scoped.h"
#include "reports/home.h"
#include "support/file.h"

#define AUDIT_BYTES_MAX ((size_t)4 << 20)

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

void site_audits_clear(struct site_audits *audits)
{
    free(audits->at);
    *audits = (struct site_audits){0};
}

const struct site_audit *site_audit_of(const struct site_audits *audits, const char *release)
{
    for (size_t i = 0; audits != NULL && i < audits->n; i++)
        if (strcmp(audits->at[i].release, release) == 0)
            return &audits->at[i];
    return NULL;
}

static bool is_text(const json_t *value, const char *text)
{
    const char *got = json_string_value(value);
    return got != NULL && strcmp(got, text) == 0;
}

enum ska_status site_audit_take(struct site_audit *out, bool *is_of_period, struct ska_slice json,
                                const char *collection, const struct cube_period *period)
{
    SKA_SCOPED(json_release)
    json_t *root = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *task = json_object_get(root, "task"), *checks = json_object_get(root, "checks");
    const json_t *verdict = json_object_get(root, "verdict");
    struct site_audit made = {.n_checks = (uint32_t)json_array_size(checks)};
    if (json_integer_value(json_object_get(root, "version")) != 1 || made.n_checks == 0 ||
        (!is_text(verdict, "pass") && !is_text(verdict, "fail")))
        return SKA_E_FORMAT;
    for (size_t i = 0; i < made.n_checks; i++)
        made.n_passed += is_text(json_object_get(json_array_get(checks, i), "outcome"), "pass");
    made.passed = is_text(verdict, "pass") && made.n_passed == made.n_checks;
    memcpy(made.release, period->release, sizeof made.release);
    *is_of_period =
        is_text(json_object_get(task, "collection"), collection) &&
        is_text(json_object_get(task, "period"), period->name) &&
        json_integer_value(json_object_get(task, "revision")) == (json_int_t)period->revision;
    *out = made;
    return SKA_OK;
}

static enum ska_status read_one(struct site_audits *out, const char *periods,
                                const struct cube *cube, const struct cube_period *period,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = home_path(periods, period->release, "audit.json");
    SKA_SCOPED(ska_scoped_free) uint8_t *json = NULL;
    bool is_of_period = false;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&json, &len, path, AUDIT_BYTES_MAX, err));
    enum ska_status status = site_audit_take(
        &out->at[out->n], &is_of_period, (struct ska_slice){json, len}, cube->collection, period);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, ska_status_text(status));
    out->n += is_of_period;
    return SKA_OK;
}

enum ska_status site_audits_read(struct site_audits *out, const char *folder,
                                 const struct cube *cube, struct ska_error *err)
{
    size_t room = 1;
    SKA_SCOPED(ska_scoped_free) char *periods = file_join(folder, "periods");
    for (size_t k = 0; k < cube->n_series; k++)
        room += cube->series[k].n;
    out->at = ska_alloc(room, sizeof *out->at);
    if (periods == NULL || out->at == NULL)
        return SKA_E_MEMORY;
    for (size_t k = 0; k < cube->n_series; k++)
        for (size_t t = 0; !cube->series[k].is_rollup && t < cube->series[k].n; t++)
            if (cube->series[k].periods[t].is_published)
                SKA_TRY(read_one(out, periods, cube, &cube->series[k].periods[t], err));
    return SKA_OK;
}
