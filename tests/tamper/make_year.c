/* SPDX-License-Identifier: EUPL-1.2 */
/* make_year.c - worlds that are linked with earlier ones, and the roll-up of a year. */
#include "tests/tamper/make_bundle.h"

#include <stdio.h>
#include <string.h>

#include "tests/linked_alone.h"

void world_part_make(struct world_part *part, const struct world *of)
{
    struct ska_error err = {0};
    *part = (struct world_part){.world = of};
    enum ska_status status =
        ska_frozen_read(&part->frozen, (struct ska_slice){of->archive, of->archive_len}, &err);
    world_expect(status == SKA_OK, err.text);
}

void world_link(struct world *w, const struct world_part *part)
{
    const struct ska_parameters *p = &part->frozen.task->parameters;
    world_expect(w->n_parts < WORLD_EARLIER, "too many parts");
    w->part[w->n_parts++] = part;
    struct evidence_given *given = &w->given[w->n_given++];
    ska_earlier_name(given->name, p->period, p->revision);
    given->archive = part->frozen.archive;
    w->place.number = part->frozen.release.place.number + 1;
    memcpy(w->place.previous, part->frozen.sha256, sizeof w->place.previous);
}

/* How many changed, as both aggregators tell it, or are gone since what is corrected. */
static uint32_t count_changes(const struct world *w)
{
    ska_scalar a, b;
    uint64_t n = 0;
    if (w->corrects == NULL || ska_scalar_decode(&a, w->flag_sum[0]) != SKA_OK ||
        ska_scalar_decode(&b, w->flag_sum[1]) != SKA_OK)
        return 0;
    ska_scalar_add(&a, &a, &b);
    if (ska_scalar_to_u64(&n, &a) != SKA_OK)
        n = 0;
    return (uint32_t)n + (w->corrects->n_counted - w->n_counted);
}

struct ska_linked *world_linked(const struct world *w)
{
    struct ska_frozen frozen[WORLD_EARLIER];
    uint32_t counted[WORLD_ROSTER_MAX];
    const uint32_t changed = count_changes(w);
    if (w->n_parts == 0 && w->task->parameters.groups.n == 0)
        return linked_alone(w->task->layout, &w->task->parameters.policy, w->n_counted);
    for (uint32_t i = 0; i < w->n_parts; i++)
        frozen[i] = w->part[i]->frozen; /* borrowed */
    for (uint32_t i = 0; i < w->n_counted; i++)
        counted[i] = i;
    const struct ska_release_figures of = {.task = w->task,
                                           .counted = counted,
                                           .n_counted = w->n_counted,
                                           .frozen = frozen,
                                           .n_frozen = w->n_parts,
                                           .changed = &changed};
    struct ska_linked *linked = NULL;
    world_must(ska_linked_of_release(&linked, NULL, &of));
    world_expect(linked->n_listed <= WORLD_FIGURES, "figures");
    return linked;
}

uint32_t world_n_figures(const struct world *w)
{
    uint32_t n_blocks = w->task->parameters.groups.n == 0 ? 1 : 3;
    return (world_has_year(w) ? 2 : 1) * n_blocks * WORLD_CELLS;
}

bool world_has_year(const struct world *w)
{
    return w->n_parts >= WORLD_PARTS;
}

bool world_adds(const struct world *w, uint32_t part)
{
    const struct ska_parameters *of = &w->part[part]->frozen.task->parameters;
    return strcmp(of->period, w->task->parameters.period) != 0;
}

void world_list(struct ska_earlier_list *list, const struct world *w)
{
    *list = (struct ska_earlier_list){.n = w->n_parts};
    for (uint32_t i = 0; i < w->n_parts; i++) {
        const struct ska_frozen *f = &w->part[i]->frozen;
        struct ska_earlier_entry *e = &list->at[i];
        memcpy(e->period, f->task->parameters.period, sizeof e->period);
        e->revision = f->task->parameters.revision;
        memcpy(e->task_id, f->task->context.task_id, sizeof e->task_id);
        memcpy(e->sha256, f->sha256, sizeof e->sha256);
    }
}

void world_put_list(struct world *w, const struct ska_earlier_list *list)
{
    struct ska_writer bytes = {0};
    ska_earlier_encode(&bytes, list);
    world_fill(world_find(w, "earlier"), &bytes);
}

void world_put_earlier(struct world *w)
{
    struct ska_earlier_list list;
    world_list(&list, w);
    world_put_list(w, &list);
}

void world_year_opening(uint8_t xr[static 64], const struct world *w, size_t k, uint32_t cell)
{
    memcpy(xr, w->share[k] + 64 * (size_t)cell, 64);
    for (uint32_t i = 0; i < w->n_parts; i++)
        for (size_t half = 0; world_adds(w, i) && half < 64; half += 32) {
            ska_scalar a, b;
            world_must(ska_scalar_decode(&a, xr + half));
            world_must(
                ska_scalar_decode(&b, w->part[i]->world->share[k] + 64 * (size_t)cell + half));
            ska_scalar_add(&a, &a, &b);
            ska_scalar_encode(xr + half, &a);
        }
}

void world_put_year(struct world *w)
{
    const uint32_t n = w->task->n_figures;
    struct ska_year_opening at[WORLD_OWN];
    struct ska_year_openings o = {.at = at};
    for (uint32_t j = 0; j < n; j++) {
        if (!w->is_opened[n + j])
            continue;
        at[o.n].figure = n + j;
        for (size_t k = 0; k < 2; k++)
            world_year_opening(at[o.n].xr[k], w, k, j);
        o.n++;
    }
    struct ska_writer bytes = {0};
    ska_year_openings_encode(&bytes, &o);
    world_fill(world_find(w, "year"), &bytes);
}
