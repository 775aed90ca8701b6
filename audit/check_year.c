/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_year.c - earlier releases that a release is linked with, and the roll-up of a year.
 *
 * An earlier bundle is the one whose hash the release names, with both signatures of its own
 * release; its accepted list and submissions are taken from it, and that all of it is right is for
 * an audit of itself to say. A roll-up's figures are opened against the commitments of all parts.
 */
#include "audit/check.h"

#include "audit/words.h"
#include "crypto/scoped.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool is_the_one(const struct evidence_given *given, const struct ska_earlier_entry *entry)
{
    uint8_t hash[32];
    ska_sha256(hash, given->archive.data, given->archive.len);
    return memcmp(hash, entry->sha256, sizeof hash) == 0;
}

/* The archive of an entry among those that were given. One that bears its name and is another is
 * bad; if there is none at all, say what is needed. */
static struct ska_slice find_given(const struct evidence *e, struct finding *f,
                                   const struct ska_earlier_entry *entry)
{
    char name[SKA_EARLIER_NAME_MAX + 1], text[sizeof f->detail];
    bool is_other = false;
    ska_earlier_name(name, entry->period, entry->revision);
    for (size_t k = 0; k < e->n_given; k++) { /* those of the name first: few are hashed */
        const struct evidence_given *given = &e->given[k];
        if (strcmp(given->name, name) == 0) {
            if (is_the_one(given, entry))
                return given->archive;
            is_other = true;
        }
    }
    for (size_t k = 0; k < e->n_given; k++) {
        const struct evidence_given *given = &e->given[k];
        if (strcmp(given->name, name) != 0 && is_the_one(given, entry))
            return given->archive;
    }
    if (is_other) {
        finding_bad(f,
                    words("paketet för %s är inte det som denna utgåva namnger",
                          "the bundle of %s is not the one that this release names"),
                    name);
        return (struct ska_slice){0};
    }
    (void)snprintf(text, sizeof text,
                   words("denna utgåva hör ihop med tidigare: paketet för %s behövs bredvid detta, "
                         "eller tillsammans med de andra i en mapp: --earlier utgivna/ med "
                         "%s-%s.tar",
                         "this release is linked with earlier ones: the bundle of %s is needed "
                         "beside this one, or with the others in a folder: --earlier released/ "
                         "with %s-%s.tar"),
                   name, e->task->parameters.collection, name);
    finding_undecided(f, text);
    return (struct ska_slice){0};
}

/* What an entry says of a bundle, and that it comes before and is alike. */
static void check_entry(const struct evidence *e, struct finding *f, uint32_t at)
{
    assert(e->frozen != NULL); /* it has as many as the list */
    const struct ska_earlier_entry *entry = &e->linked_list.at[at];
    const struct ska_frozen *now = &e->frozen[at];
    char name[SKA_EARLIER_NAME_MAX + 1];
    bool is_alike = false;
    uint32_t before = at > 0 ? e->frozen[at - 1].release.place.number : 0;
    ska_earlier_name(name, entry->period, entry->revision);
    enum ska_status status = ska_frozen_are_alike(&is_alike, e->task, now->task);
    if (status == SKA_OK)
        status =
            ska_frozen_verify(now, e->trust->key[TRUST_PUBLISHER], e->trust->key[TRUST_SECOND]);
    if (finding_tell(f, name, status, NULL))
        return;
    if (strcmp(entry->period, now->task->parameters.period) != 0 ||
        entry->revision != now->task->parameters.revision ||
        memcmp(entry->task_id, now->task->context.task_id, 32) != 0)
        finding_bad(
            f,
            words("paketet för %s är av en annan uppgift", "the bundle of %s is of another task"),
            name);
    else if (!is_alike)
        finding_bad(f,
                    words("%s är inte av samma år, katalog, uppgiftslämnare, grupper och policy",
                          "%s is not of the same year, catalogue, contributors, groups and policy"),
                    name);
    else if (now->release.place.number <= before ||
             now->release.place.number >= e->release.place.number)
        finding_bad(
            f, words("%s gavs inte ut i den ordningen", "%s was not released in that order"), name);
}

static void read_entries(struct evidence *e, struct finding *f)
{
    for (uint32_t i = 0; i < e->linked_list.n; i++) {
        struct ska_error err = {0};
        char name[SKA_EARLIER_NAME_MAX + 1];
        struct ska_slice archive = find_given(e, f, &e->linked_list.at[i]);
        if (archive.len == 0)
            return;
        ska_earlier_name(name, e->linked_list.at[i].period, e->linked_list.at[i].revision);
        enum ska_status status = ska_frozen_read(&e->frozen[i], archive, &err);
        if (finding_tell(f, name, status, &err))
            return;
        e->n_frozen = i + 1;
        check_entry(e, f, i);
        f->n_inputs++;
    }
}

/* Of releases that follow right upon each other the later names the very bundle before it: none of
 * the list was released twice, in two versions. */
static void check_chain(const struct evidence *e, struct finding *f)
{
    assert(e->frozen != NULL); /* it has as many as the list */
    for (uint32_t i = 0; i < e->n_frozen; i++) {
        const struct ska_release_place *before = &e->frozen[i].release.place;
        const struct ska_release_place *next =
            i + 1 < e->n_frozen ? &e->frozen[i + 1].release.place : &e->release.place;
        if (next->number == before->number + 1 &&
            memcmp(next->previous, e->frozen[i].sha256, 32) != 0)
            finding_bad(f,
                        words("%s: nästa utgåva namnger ett annat paket som det före sig",
                              "%s: the next release names another bundle as the one before it"),
                        e->frozen[i].task->parameters.period);
    }
}

/* Whether an earlier release's own list is what it should have been, as far as ours reaches. */
static void check_list_of(const struct evidence *e, struct finding *f, uint32_t at)
{
    assert(e->frozen != NULL); /* `at` is one of them */
    const struct ska_frozen *now = &e->frozen[at];
    uint32_t part[SKA_YEAR_PARTS_MAX], n_parts;
    uint32_t n = ska_earlier_is_linked(now->task, e->frozen, at) ? at : 0;
    bool is_same = n == now->list.n;
    for (uint32_t i = 0; i < n && is_same; i++)
        is_same = memcmp(now->list.at[i].sha256, e->frozen[i].sha256, 32) == 0;
    bool can_carry = ska_year_parts(part, &n_parts, now->task, e->frozen, at);
    if (is_same && now->has_year == can_carry)
        return;
    if (is_same)
        finding_bad(f,
                    words("%s skulle ha årets summor exakt om årets alla delar var utgivna",
                          "%s should have the year's sums exactly if all parts of the year were "
                          "released"),
                    now->task->parameters.period);
    else
        finding_bad(f,
                    words("%s hörde ihop med andra utgåvor än listan har",
                          "%s was linked with other releases than the list has"),
                    now->task->parameters.period);
}

/* What a correction corrects is in its list: the very bundle that it is compared with. */
static void check_corrected(const struct evidence *e, struct finding *f)
{
    uint8_t hash[SKA_HASH_BYTES];
    const struct ska_frozen *before = ska_frozen_corrected(e->task, e->frozen, e->n_frozen);
    if (!e->task->parameters.previous.exists)
        return;
    ska_sha256(hash, e->earlier.archive.data, e->earlier.archive.len);
    if (before == NULL)
        finding_bad(f, "%s",
                    words("det som rättas fattas i listan över tidigare utgåvor",
                          "what it corrects is missing in the list of earlier releases"));
    else if (memcmp(hash, before->sha256, sizeof hash) != 0)
        finding_bad(f, "%s",
                    words("det som rättas är ett annat paket än det som listan namnger",
                          "what it corrects is another bundle than the one that the list names"));
}

/* A correction corrects what was released last of its period: of the `n` before it none has a
 * higher revision than what it names. One that was collected and never released may be passed over.
 */
static void check_newest(const struct evidence *e, struct finding *f, const struct ska_task *task,
                         uint32_t n)
{
    const struct ska_frozen *before = ska_frozen_corrected(task, e->frozen, n);
    for (uint32_t i = 0; i < n && before != NULL; i++) {
        const struct ska_parameters *p = &e->frozen[i].task->parameters;
        char name[SKA_EARLIER_NAME_MAX + 1], passed[SKA_EARLIER_NAME_MAX + 1];
        if (strcmp(p->period, task->parameters.period) != 0 ||
            p->revision <= before->task->parameters.revision)
            continue;
        ska_earlier_name(name, task->parameters.period, task->parameters.revision);
        ska_earlier_name(passed, p->period, p->revision);
        finding_bad(f,
                    words("%s hoppar över %s, som är utgiven: en rättelse rättar det som gavs ut "
                          "sist av perioden",
                          "%s passes over %s, which is released: a correction corrects what was "
                          "released last of its period"),
                    name, passed);
    }
}

static void check_list(struct evidence *e, struct finding *f)
{
    for (uint32_t i = 0; i < e->n_frozen; i++) {
        check_list_of(e, f, i);
        check_newest(e, f, e->frozen[i].task, i);
    }
    check_corrected(e, f);
    check_newest(e, f, e->task, e->n_frozen);
    if (f->n_bad == 0 && !ska_earlier_is_linked(e->task, e->frozen, e->n_frozen))
        finding_bad(f, "%s",
                    words("listan hör till rättelser, och till ett år som är hopräknat",
                          "the list belongs to corrections, and to a year that is added up"));
    bool can_carry = ska_year_parts(e->part, &e->n_parts, e->task, e->frozen, e->n_frozen);
    e->has_year = e->year_file.data != NULL;
    if (e->has_year && !can_carry)
        finding_bad(
            f, "%s",
            words("årets alla delar är inte utgivna", "not all parts of the year are released"));
    if (!e->has_year && can_carry)
        finding_bad(f, "%s", words("årets summor fattas", "the year's sums are missing"));
}

/* How many changed between the corrections in the list, and in this one. */
static void link_corrections(struct evidence *e, struct finding *f)
{
    enum ska_status status = ska_frozen_link(e->frozen, e->n_frozen);
    if (status == SKA_OK && e->task->parameters.previous.exists)
        status = ska_frozen_count_changes(&e->changed, e->task, e->changes_file,
                                          &e->earlier.accepted, &e->accepted);
    finding_tell(f, words("rättelser", "corrections"), status, NULL);
}

/* Nothing to look at, where nothing is linked and need not be. */
static void check_unlinked(const struct evidence *e, struct finding *f)
{
    f->is_zero_right = true;
    if (e->task->parameters.previous.exists)
        finding_bad(f, "%s",
                    words("en rättelse ska höra ihop med det som den rättar: listan över tidigare "
                          "utgåvor fattas",
                          "a correction must be linked with what it corrects: the list of earlier "
                          "releases is missing"));
    else if (e->year_file.data != NULL)
        finding_bad(f, "%s",
                    words("listan över tidigare utgåvor fattas",
                          "the list of earlier releases is missing"));
}

void check_earlier_releases(struct evidence *e, struct finding *f)
{
    if (e->earlier_file.data == NULL) {
        check_unlinked(e, f);
        check_unlisted(e, f);
        return;
    }
    enum ska_status status = ska_earlier_decode(&e->linked_list, e->earlier_file);
    if (status == SKA_OK) {
        e->frozen = ska_alloc(e->linked_list.n, sizeof *e->frozen);
        status = e->frozen == NULL ? SKA_E_MEMORY : SKA_OK;
    }
    if (finding_tell(f, "earlier", status, NULL))
        return;
    read_entries(e, f);
    if (f->n_bad > 0 || f->is_undecided)
        return;
    check_chain(e, f);
    check_list(e, f);
    if (f->n_bad == 0)
        link_corrections(e, f);
    check_unlisted(e, f);
}

/* Commitments of earlier parts -------------------------------------------------------------------
 */

/* One earlier submission, by its accepted list's hash, to the blocks that its contributor is in. */
static enum ska_status add_submission(struct evidence *e, const struct ska_frozen *part,
                                      const struct ska_accepted_entry *entry,
                                      const struct ska_groups *kept)
{
    char name[32];
    uint8_t hash[32];
    struct ska_public_share share;
    uint32_t n_cells = e->task->layout->n_cells;
    (void)snprintf(name, sizeof name, "submissions/%05u", entry->contributor);
    struct ska_slice file = ska_frozen_file(part, name);
    if (file.len <= SKA_VDAF_NONCE_BYTES)
        return SKA_E_NOT_FOUND;
    const struct ska_slice bytes = {file.data + SKA_VDAF_NONCE_BYTES,
                                    file.len - SKA_VDAF_NONCE_BYTES};
    ska_sha256(hash, bytes.data, bytes.len);
    if (memcmp(hash, entry->sha256, sizeof hash) != 0)
        return SKA_E_MISMATCH;
    SKA_TRY(ska_public_share_decode(&share, bytes, &part->task->statement));
    const uint8_t *v[2] = {share.v1, share.v2};
    for (uint32_t cell = 0; cell < n_cells; cell++)
        for (size_t k = 0; k < 2; k++) {
            ska_point point;
            SKA_TRY(ska_point_decode(&point, v[k] + (size_t)cell * SKA_POINT_BYTES));
            for (uint32_t b = 0; b < e->task->n_blocks; b++) {
                ska_point *sum = &e->year_sum[k][b * n_cells + cell];
                if (ska_groups_has(kept, b, entry->contributor))
                    ska_point_add(sum, sum, &point);
            }
        }
    return SKA_OK;
}

static enum ska_status add_part(struct evidence *e, struct finding *f,
                                const struct ska_frozen *part)
{
    SKA_SCOPED(ska_groups_clear) struct ska_groups kept = {0};
    struct ska_signed_accepted s;
    SKA_TRY(ska_signed_accepted_decode(&s, ska_frozen_file(part, "accepted")));
    SKA_TRY(ska_accepted_verify(s.leader, e->trust->key[TRUST_LEADER], s.list));
    SKA_TRY(ska_accepted_verify(s.helper, e->trust->key[TRUST_HELPER], s.list));
    SKA_TRY(ska_accepted_groups(&kept, &part->accepted, part->task));
    for (uint32_t i = 0; i < part->accepted.n; i++) {
        if (!ska_accepted_is_counted(&part->accepted, i))
            continue;
        SKA_TRY(add_submission(e, part, &part->accepted.at[i], &kept));
        f->n_inputs++;
    }
    return SKA_OK;
}

void check_year_commitments(struct evidence *e, struct finding *f)
{
    f->is_zero_right = !e->has_year;
    if (!e->has_year)
        return;
    for (size_t k = 0; k < 2; k++) {
        e->year_sum[k] = ska_alloc(e->task->n_figures, sizeof(ska_point));
        if (e->year_sum[k] == NULL) {
            finding_undecided(f, ska_status_text(SKA_E_MEMORY));
            return;
        }
        memcpy(e->year_sum[k], e->sum[k], e->task->n_figures * sizeof(ska_point));
    }
    for (uint32_t k = 0; k < e->n_parts; k++) {
        if (e->part[k] == e->n_frozen)
            continue;
        const struct ska_frozen *part = &e->frozen[e->part[k]];
        finding_tell(f, part->task->parameters.period, add_part(e, f, part), NULL);
    }
}

/* Openings ----------------------------------------------------------------------------------------
 */

static enum ska_status open_one(uint64_t *total, const struct evidence *e,
                                const struct ska_year_opening *o)
{
    uint32_t at = o->figure - e->task->n_figures;
    ska_scalar x[2], r;
    for (size_t k = 0; k < 2; k++) {
        ska_point v;
        SKA_TRY(ska_scalar_decode(&x[k], o->xr[k]));
        SKA_TRY(ska_scalar_decode(&r, o->xr[k] + SKA_SCALAR_BYTES));
        ska_commit(&v, &x[k], &r);
        if (!ska_point_equal(&v, &e->year_sum[k][at]))
            return SKA_E_COMMITMENT;
    }
    ska_scalar_add(&x[0], &x[0], &x[1]);
    SKA_TRY(ska_scalar_to_u64(total, &x[0]));
    uint64_t n = e->linked->blocks[ska_linked_block(e->linked, o->figure)].n_counted, most;
    if (__builtin_mul_overflow(n, e->linked->bound[o->figure], &most))
        return SKA_E_LIMIT;
    return *total <= most ? SKA_OK : SKA_E_RANGE;
}

void check_year_openings(struct evidence *e, struct finding *f)
{
    f->n_inputs = e->year_openings.n;
    f->is_zero_right =
        e->year_openings.n == 0; /* cells-accounted passed: all are hidden or rounded */
    for (uint32_t i = 0; i < e->year_openings.n; i++) {
        const struct ska_year_opening *o = &e->year_openings.at[i];
        enum ska_status status = open_one(&e->total[o->figure], e, o);
        if (status != SKA_OK)
            finding_bad(f,
                        words("%s: inte summan av årets delar (%s)",
                              "%s: not the sum of the year's parts (%s)"),
                        evidence_figure(e, o->figure), ska_status_text(status));
    }
}
