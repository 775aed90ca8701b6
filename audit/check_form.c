/* SPDX-License-Identifier: EUPL-1.2 */
/* check_form.c - taking the bundle and its files apart. */
#include "audit/check.h"

#include "audit/words.h"

#include <stdio.h>
#include <string.h>

#define VERSION_TEXT "skarva bundle 1\n"
#define SUBMISSIONS_FOLDER "submissions/"
#define INDEX_DIGITS 5

static bool is_name(const struct evidence *e, size_t i, const char *name)
{
    return i < e->n_files && strcmp(e->files[i].name, name) == 0;
}

/* The contributor of "submissions/NNNNN", or SKA_NONE if the name is not of that form. */
static uint32_t parse_submission_name(const char *name)
{
    size_t folder = strlen(SUBMISSIONS_FOLDER);
    if (strncmp(name, SUBMISSIONS_FOLDER, folder) != 0 || strlen(name) != folder + INDEX_DIGITS)
        return SKA_NONE;
    uint32_t index = 0;
    for (size_t i = 0; i < INDEX_DIGITS; i++) {
        char c = name[folder + i];
        if (c < '0' || c > '9')
            return SKA_NONE;
        index = index * 10 + (uint32_t)(c - '0');
    }
    return index;
}

/* Take the files submissions/... from *at on, strictly increasing. */
static void take_submissions(struct evidence *e, struct finding *f, size_t *at)
{
    e->submissions = ska_alloc(e->n_files, sizeof *e->submissions);
    if (e->submissions == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (; *at < e->n_files; (*at)++) {
        uint32_t contributor = parse_submission_name(e->files[*at].name);
        if (contributor == SKA_NONE)
            return;
        size_t n = e->n_submissions;
        if (n > 0 && contributor <= e->submissions[n - 1].contributor)
            finding_bad(f, words("%s står i fel ordning", "%s is out of order"),
                        e->files[*at].name);
        e->submissions[n].contributor = contributor;
        e->submissions[n].file = e->files[*at].data;
        e->n_submissions++;
    }
}

/* Take the file `name`, which must come next. */
static struct ska_slice take(struct evidence *e, struct finding *f, size_t *at, const char *name)
{
    if (!is_name(e, *at, name)) {
        finding_bad(f, words("väntade filen %s, fann %s", "expected the file %s, found %s"), name,
                    *at < e->n_files ? e->files[*at].name : words("slutet", "the end"));
        return (struct ska_slice){0};
    }
    return e->files[(*at)++].data;
}

void check_bundle_form(struct evidence *e, struct finding *f)
{
    struct ska_error err = {0};
    enum ska_status status = ska_bundle_read(&e->files, &e->n_files, e->archive, &err);
    if (finding_is_undecided(f, status))
        return;
    if (status != SKA_OK) {
        finding_bad(f, "%s", err.text[0] != '\0' ? err.text : ska_status_text(status));
        return;
    }
    size_t at = 0;
    struct ska_slice version = take(e, f, &at, "bundle");
    if (f->n_bad == 0 && (version.len != strlen(VERSION_TEXT) ||
                          memcmp(version.data, VERSION_TEXT, version.len) != 0))
        finding_bad(f, words("okänd version av paketet", "unknown version of the bundle"));
    if (f->n_bad > 0)
        return;
    e->parameters_file = take(e, f, &at, "parameters");
    e->accepted_file = take(e, f, &at, "accepted");
    take_submissions(e, f, &at);
    for (size_t i = 0; i < SKA_BUNDLE_LOG_FILES; i++)
        if (is_name(e, at, ska_bundle_log_names[i]))
            e->log_file[i] = e->files[at++].data;
    e->aggregates_file = take(e, f, &at, "aggregates");
    e->suppression_file = take(e, f, &at, "suppression");
    e->certificate_file = take(e, f, &at, "certificate");
    if (is_name(e, at, "rounding"))
        e->rounding_file = e->files[at++].data;
    if (is_name(e, at, "changes"))
        e->changes_file = e->files[at++].data;
    if (is_name(e, at, "earlier"))
        e->earlier_file = e->files[at++].data;
    if (is_name(e, at, "year"))
        e->year_file = e->files[at++].data;
    e->table_file = take(e, f, &at, "table.csv");
    e->data_file[DATA_JSON] = take(e, f, &at, "table.json");
    e->data_file[DATA_PX] = take(e, f, &at, "table.px");
    if (e->year_file.data != NULL) {
        e->data_file[DATA_YEAR_JSON] = take(e, f, &at, "year.json");
        e->data_file[DATA_YEAR_PX] = take(e, f, &at, "year.px");
    }
    e->page_file[PAGE_SV] = take(e, f, &at, "page.sv.html");
    e->page_file[PAGE_EN] = take(e, f, &at, "page.en.html");
    e->release_file = take(e, f, &at, "release");
    if (f->n_bad == 0 && at != e->n_files)
        finding_bad(f, words("oväntad fil %s", "unexpected file %s"), e->files[at].name);
    f->n_inputs = e->n_files;
}

void check_parameters_form(struct evidence *e, struct finding *f)
{
    struct ska_error err = {0};
    enum ska_status status =
        ska_signed_parameters_decode(&e->signed_parameters, e->parameters_file);
    if (status == SKA_OK)
        status = ska_task_new(&e->task, e->signed_parameters.parameters, &err);
    f->n_inputs = 1;
    finding_tell(f, "parameters", status, &err);
}

void check_accepted_form(struct evidence *e, struct finding *f)
{
    enum ska_status status = ska_signed_accepted_decode(&e->signed_accepted, e->accepted_file);
    if (status == SKA_OK)
        status = ska_accepted_decode(&e->accepted, e->signed_accepted.list);
    if (finding_tell(f, "accepted", status, NULL))
        return;
    ska_accepted_hash(e->accepted_hash, e->signed_accepted.list);
    for (uint32_t i = 0; i < e->accepted.n; i++) {
        const struct ska_accepted_entry *now = &e->accepted.at[i];
        const struct ska_accepted_entry *before = i > 0 ? now - 1 : NULL;
        if (before != NULL &&
            (now->contributor < before->contributor ||
             (now->contributor == before->contributor && now->number <= before->number)))
            finding_bad(f, words("rad %u står i fel ordning", "entry %u is out of order"), i);
        e->n_counted += ska_accepted_is_counted(&e->accepted, i) ? 1u : 0u;
    }
    f->n_inputs = e->accepted.n;
}

void check_submissions_form(struct evidence *e, struct finding *f)
{
    for (size_t i = 0; i < e->n_submissions; i++) {
        struct evidence_submission *s = &e->submissions[i];
        const char *name = evidence_contributor(e, s->contributor);
        if (s->file.len < SKA_VDAF_NONCE_BYTES) {
            finding_bad(f, "%s: %s", name, ska_status_text(SKA_E_TRUNCATED));
            continue;
        }
        s->bytes.data = s->file.data + SKA_VDAF_NONCE_BYTES;
        s->bytes.len = s->file.len - SKA_VDAF_NONCE_BYTES;
        enum ska_status status = ska_public_share_decode(&s->share, s->bytes, &e->task->statement);
        if (!finding_tell(f, name, status, NULL) && s->share.contributor != s->contributor)
            finding_bad(
                f, words("%s: filen är uppgiftslämnare %u:s", "%s: the file is of contributor %u"),
                name, s->share.contributor);
    }
    f->n_inputs = e->n_submissions;
}

void check_openings_form(struct evidence *e, struct finding *f)
{
    enum ska_status status = ska_openings_decode(&e->openings, e->aggregates_file);
    f->n_inputs = 1;
    finding_tell(f, "aggregates", status, NULL);
}

void check_suppression_form(struct evidence *e, struct finding *f)
{
    enum ska_status status = ska_suppression_decode(&e->suppression, e->suppression_file);
    f->n_inputs = 1;
    finding_tell(f, "suppression", status, NULL);
}

void check_certificate_form(struct evidence *e, struct finding *f)
{
    enum ska_status status = ska_certificate_decode(&e->certificate, e->certificate_file);
    f->n_inputs = 1;
    finding_tell(f, "certificate", status, NULL);
}
