/* SPDX-License-Identifier: EUPL-1.2 */
/* frozen.c - an earlier release, read from its bundle. */
#include "protocol/frozen.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/rounding.h"
#include "protocol/text.h"

void ska_frozen_clear(struct ska_frozen *f)
{
    if (f == NULL)
        return;
    free(f->files);
    ska_task_free(f->task);
    ska_accepted_clear(&f->accepted);
    free(f->counted);
    free(f->hidden);
    free(f->needed);
    free(f->total);
    free(f->changed);
    *f = (struct ska_frozen){0};
}

struct ska_slice ska_frozen_file(const struct ska_frozen *f, const char *name)
{
    for (size_t i = 0; i < f->n_files; i++)
        if (strcmp(f->files[i].name, name) == 0)
            return f->files[i].data;
    return (struct ska_slice){0};
}

static enum ska_status read_accepted(struct ska_frozen *f)
{
    struct ska_signed_accepted s;
    SKA_TRY(ska_signed_accepted_decode(&s, ska_frozen_file(f, "accepted")));
    SKA_TRY(ska_accepted_decode(&f->accepted, s.list));
    f->counted = ska_alloc((size_t)f->accepted.n + 1, sizeof *f->counted);
    if (f->counted == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < f->accepted.n; i++) {
        if (!ska_accepted_is_counted(&f->accepted, i))
            continue;
        if (f->accepted.at[i].contributor >= f->task->parameters.roster.n)
            return SKA_E_ROSTER;
        f->counted[f->n_counted++] = f->accepted.at[i].contributor;
    }
    return SKA_OK;
}

/* The sum of both halves. */
static enum ska_status take_total(struct ska_frozen *f, uint32_t figure, const uint8_t *leader,
                                  const uint8_t *helper)
{
    ska_scalar a, b;
    if (figure >= f->task->n_figures * (f->has_year ? 2u : 1u))
        return SKA_E_RANGE;
    SKA_TRY(ska_scalar_decode(&a, leader));
    SKA_TRY(ska_scalar_decode(&b, helper));
    ska_scalar_add(&a, &a, &b);
    return ska_scalar_to_u64(&f->total[figure], &a);
}

/* What is shown of counts where the policy rounds, those of a roll-up too. */
static enum ska_status read_rounded(struct ska_frozen *f)
{
    SKA_SCOPED(ska_rounding_clear) struct ska_rounding r = {0};
    if (f->task->parameters.policy.rounding == 0)
        return SKA_OK;
    SKA_TRY(ska_rounding_decode(&r, ska_frozen_file(f, "rounding")));
    for (uint32_t i = 0; i < r.n; i++) {
        if (r.at[i].figure >= f->task->n_figures * (f->has_year ? 2u : 1u))
            return SKA_E_RANGE;
        f->total[r.at[i].figure] = r.at[i].value;
    }
    return SKA_OK;
}

static enum ska_status read_totals(struct ska_frozen *f)
{
    SKA_SCOPED(ska_openings_clear) struct ska_openings o = {0};
    SKA_SCOPED(ska_year_openings_clear) struct ska_year_openings year = {0};
    f->total = ska_alloc(f->task->n_figures, 2 * sizeof *f->total);
    if (f->total == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(ska_openings_decode(&o, ska_frozen_file(f, "aggregates")));
    for (uint32_t i = 0; i < o.n; i++)
        SKA_TRY(take_total(f, o.at[i].figure, o.at[i].by[0].xr, o.at[i].by[1].xr));
    SKA_TRY(read_rounded(f));
    if (!f->has_year)
        return SKA_OK;
    SKA_TRY(ska_year_openings_decode(&year, ska_frozen_file(f, "year")));
    for (uint32_t i = 0; i < year.n; i++)
        SKA_TRY(take_total(f, year.at[i].figure, year.at[i].xr[0], year.at[i].xr[1]));
    return SKA_OK;
}

static enum ska_status read_hidden(struct ska_frozen *f)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression s = {0};
    SKA_TRY(ska_suppression_decode(&s, ska_frozen_file(f, "suppression")));
    f->hidden = s.at;
    f->n_hidden = s.n;
    s.at = NULL;
    f->needed = s.needed;
    f->n_needed = s.n_needed;
    s.needed = NULL; /* the release owns both now */
    return SKA_OK;
}

enum ska_status ska_frozen_read(struct ska_frozen *out, struct ska_slice archive,
                                struct ska_error *err)
{
    SKA_SCOPED(ska_frozen_clear) struct ska_frozen f = {.archive = archive};
    struct ska_signed_parameters parameters;
    ska_sha256(f.sha256, archive.data, archive.len);
    SKA_TRY(ska_bundle_read(&f.files, &f.n_files, archive, err));
    SKA_TRY(ska_signed_parameters_decode(&parameters, ska_frozen_file(&f, "parameters")));
    SKA_TRY(ska_task_new(&f.task, parameters.parameters, err));
    SKA_TRY(ska_release_decode(&f.release, ska_frozen_file(&f, "release")));
    SKA_TRY(ska_release_check(&f.release, f.task->context.task_id, f.files, f.n_files - 1, err));
    SKA_TRY(read_accepted(&f));
    if (ska_frozen_file(&f, "earlier").len > 0)
        SKA_TRY(ska_earlier_decode(&f.list, ska_frozen_file(&f, "earlier")));
    f.has_year = ska_frozen_file(&f, "year").data != NULL;
    SKA_TRY(read_hidden(&f));
    SKA_TRY(read_totals(&f));
    *out = f;
    f = (struct ska_frozen){0};
    return SKA_OK;
}

enum ska_status ska_frozen_verify(const struct ska_frozen *f, const uint8_t publisher[static 32],
                                  const uint8_t second[static 32])
{
    const struct ska_release *r = &f->release;
    SKA_TRY(ska_release_verify(r->signature[SKA_RELEASE_PUBLISHER], SKA_RELEASE_PUBLISHER,
                               publisher, r->body));
    return ska_release_verify(r->signature[SKA_RELEASE_SECOND], SKA_RELEASE_SECOND, second,
                              r->body);
}

/* Which belong together ---------------------------------------------------------------------------
 */

static bool are_same_contributors(const struct ska_roster *a, const struct ska_roster *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (strcmp(a->at[i].code, b->at[i].code) != 0)
            return false;
    return true;
}

static enum ska_status encode_terms(struct ska_writer *w, const struct ska_parameters *p)
{
    ska_groups_encode(w, &p->groups);
    ska_policy_encode(w, &p->policy);
    return ska_writer_status(w);
}

enum ska_status ska_frozen_are_alike(bool *out, const struct ska_task *a, const struct ska_task *b)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer one = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer two = {0};
    SKA_TRY(encode_terms(&one, &a->parameters));
    SKA_TRY(encode_terms(&two, &b->parameters));
    *out = a->parameters.cadence == b->parameters.cadence &&
           memcmp(a->parameters.period, b->parameters.period, 4) == 0 && /* the year */
           memcmp(a->context.collection_hash, b->context.collection_hash, 32) == 0 &&
           memcmp(a->context.catalogue_hash, b->context.catalogue_hash, 32) == 0 &&
           are_same_contributors(&a->parameters.roster, &b->parameters.roster) &&
           one.len == two.len && memcmp(one.data, two.data, one.len) == 0;
    return SKA_OK;
}

/* Whether anything of a layout is to be added up over a year. */
static bool is_anything_summed(const struct ska_layout *layout)
{
    for (uint32_t c = 0; c < layout->n_cells; c++)
        if (ska_layout_is_summed(layout, c))
            return true;
    return false;
}

static uint32_t part_of(const struct ska_task *task)
{
    enum ska_cadence cadence;
    uint32_t year = 0, part = 0;
    if (ska_period_parse(&cadence, &year, &part, task->parameters.period) != SKA_OK)
        return 0; /* checked with the parameters */
    return part;
}

bool ska_year_parts(uint32_t part[static SKA_YEAR_PARTS_MAX], uint32_t *n_parts,
                    const struct ska_task *task, const struct ska_frozen *frozen, uint32_t n)
{
    static const uint32_t parts[] = {
        [SKA_MONTH] = 12, [SKA_QUARTER] = 4, [SKA_FOUR_MONTHS] = 3, [SKA_HALF_YEAR] = 2};
    const struct ska_task *of[SKA_YEAR_PARTS_MAX] = {0};
    if (task->parameters.cadence == SKA_YEAR || !is_anything_summed(task->layout))
        return false;
    *n_parts = parts[task->parameters.cadence];
    for (uint32_t i = 0; i <= n; i++) {
        const struct ska_task *now = i < n ? frozen[i].task : task;
        uint32_t at = part_of(now) - 1;
        if (of[at] != NULL && of[at]->parameters.revision > now->parameters.revision)
            continue;
        of[at] = now;
        part[at] = i;
    }
    for (uint32_t k = 0; k < *n_parts; k++)
        if (of[k] == NULL)
            return false;
    return true;
}

const struct ska_frozen *ska_frozen_corrected(const struct ska_task *task,
                                              const struct ska_frozen *frozen, uint32_t n)
{
    const struct ska_previous *previous = &task->parameters.previous;
    for (uint32_t i = 0; i < n && previous->exists; i++)
        if (frozen[i].task != NULL &&
            memcmp(frozen[i].task->context.task_id, previous->task_id, 32) == 0)
            return &frozen[i];
    return NULL;
}

bool ska_earlier_is_linked(const struct ska_task *task, const struct ska_frozen *frozen, uint32_t n)
{
    uint32_t part[SKA_YEAR_PARTS_MAX], n_parts;
    bool is_linked = ska_year_parts(part, &n_parts, task, frozen, n);
    for (uint32_t i = 0; i < n && !is_linked; i++)
        is_linked = frozen[i].has_year;
    return is_linked || ska_frozen_corrected(task, frozen, n) != NULL;
}

/* Changes -----------------------------------------------------------------------------------------
 */

enum ska_status ska_frozen_count_changes(uint32_t **out, const struct ska_task *task,
                                         struct ska_slice both, const struct ska_accepted *before,
                                         const struct ska_accepted *now)
{
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    const uint8_t *keys[2] = {task->parameters.leader_key, task->parameters.helper_key};
    struct ska_changes at[2];
    struct ska_reader r;
    SKA_TRY(ska_change_tally_init(&tally, task));
    ska_reader_init(&r, both.data, both.len);
    for (int k = 0; k < 2; k++) {
        struct ska_slice one;
        SKA_TRY(ska_read_opaque32(&one.data, &one.len, &r, SKA_CHANGES_BYTES_MAX));
        SKA_TRY(ska_changes_read(&at[k], one, keys[k]));
        if (at[k].n_atoms != tally.atoms.n)
            return SKA_E_MISMATCH;
    }
    SKA_TRY(ska_read_end(&r));
    SKA_TRY(ska_changes_open(&tally, &at[0], &at[1]));
    ska_change_tally_compare(&tally, before, now);
    *out = ska_alloc(tally.atoms.n, sizeof **out);
    if (*out == NULL)
        return SKA_E_MEMORY;
    for (uint32_t a = 0; a < tally.atoms.n; a++)
        (*out)[a] = tally.changed[a] + tally.gone[a];
    return SKA_OK;
}

enum ska_status ska_frozen_link(struct ska_frozen *frozen, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct ska_frozen *f = &frozen[i];
        if (!f->task->parameters.previous.exists || f->changed != NULL)
            continue;
        const struct ska_frozen *before = ska_frozen_corrected(f->task, frozen, i);
        if (before == NULL)
            return SKA_E_NOT_FOUND;
        SKA_TRY(ska_frozen_count_changes(&f->changed, f->task, ska_frozen_file(f, "changes"),
                                         &before->accepted, &f->accepted));
    }
    return SKA_OK;
}
