/* SPDX-License-Identifier: EUPL-1.2 */
/* frozen_system.c - the linked system of a release with those it is linked with. */
#include "protocol/frozen.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"

/* Layers in the making. A frozen one's reasons and totals are owned here. */
struct making {
    const struct ska_release_figures *of;
    uint32_t n;
    struct ska_linked_layer layer[SKA_LAYERS_MAX];
    uint8_t *reason[SKA_LAYERS_MAX];
    uint32_t layer_of[SKA_EARLIER_MAX + 1]; /* by index in `frozen`; the last is the release */
};

static void making_clear(struct making *m)
{
    for (uint32_t k = 0; k < m->n; k++) {
        ska_linked_free(m->layer[k].alone);
        free(m->reason[k]);
    }
}

static enum ska_status add_release(struct making *m, const struct ska_task *task,
                                   const uint32_t *counted, size_t n_counted)
{
    const struct ska_parameters *p = &task->parameters;
    struct ska_linked_layer *layer = &m->layer[m->n];
    *layer = (struct ska_linked_layer){.corrects = SKA_NONE};
    if (m->n > 0)
        ska_earlier_name(layer->name, p->period, p->revision);
    SKA_TRY(ska_linked_new(&layer->alone, m->of->task->layout, &p->policy,
                           &m->of->task->parameters.groups, p->roster.n, counted, n_counted));
    m->n++;
    return SKA_OK;
}

static enum ska_status add_year(struct making *m, const struct ska_task *task, const uint32_t *part,
                                uint32_t n_parts, uint32_t self, uint32_t self_layer)
{
    const struct ska_linked *parts[SKA_YEAR_PARTS_MAX];
    struct ska_linked_layer *layer = &m->layer[m->n];
    *layer = (struct ska_linked_layer){.is_year = true, .n_parts = n_parts, .corrects = SKA_NONE};
    memcpy(layer->name, task->parameters.period, 4);
    if (self < m->of->n_frozen) { /* another year's roll-up is this release's own */
        layer->name[4] = '/';
        ska_earlier_name(layer->name + 5, task->parameters.period + 4, task->parameters.revision);
    }
    for (uint32_t k = 0; k < n_parts; k++) {
        layer->part[k] = part[k] == self ? self_layer : m->layer_of[part[k]];
        parts[k] = m->layer[layer->part[k]].alone;
    }
    SKA_TRY(ska_linked_new_year(&layer->alone, parts, n_parts, &task->parameters.policy));
    m->n++;
    return SKA_OK;
}

/* The reasons of a layer, from a frozen release's list: published figures of it from `first` on,
 * those of differences from `differences` on. */
static enum ska_status take_reasons(struct making *m, uint32_t layer, const struct ska_frozen *f,
                                    uint32_t first, uint32_t differences)
{
    struct ska_linked_layer *l = &m->layer[layer];
    uint32_t n_published = l->alone->n_published, n = l->alone->n_listed;
    m->reason[layer] = ska_alloc(n, 1);
    if (m->reason[layer] == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < f->n_hidden; i++) {
        uint32_t figure = f->hidden[i].figure;
        if (figure >= first && figure - first < n_published)
            m->reason[layer][figure - first] = (uint8_t)f->hidden[i].reason;
        if (figure >= differences && figure - differences < n - n_published)
            m->reason[layer][n_published + figure - differences] = (uint8_t)f->hidden[i].reason;
    }
    l->reason = m->reason[layer];
    l->total = f->total + first;
    return SKA_OK;
}

static enum ska_status add_frozen(struct making *m, uint32_t at)
{
    const struct ska_frozen *f = &m->of->frozen[at];
    uint32_t part[SKA_YEAR_PARTS_MAX], n_parts, layer = m->n, n_figures = f->task->n_figures;
    if (m->n + 2 > SKA_LAYERS_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(add_release(m, f->task, f->counted, f->n_counted));
    m->layer_of[at] = layer;
    const struct ska_linked *alone = m->layer[layer].alone;
    uint32_t differences = n_figures * (f->has_year ? 2 : 1);
    SKA_TRY(take_reasons(m, layer, f, 0, differences));
    m->layer[layer].needed = f->needed; /* none of a roll-up */
    m->layer[layer].n_needed = f->n_needed;
    const struct ska_frozen *before = ska_frozen_corrected(f->task, m->of->frozen, at);
    if (before != NULL && f->changed != NULL) {
        m->layer[layer].corrects = m->layer_of[before - m->of->frozen];
        m->layer[layer].changed = f->changed;
    }
    if (!f->has_year)
        return SKA_OK;
    if (!ska_year_parts(part, &n_parts, f->task, m->of->frozen, at))
        return SKA_E_MISMATCH;
    SKA_TRY(add_year(m, f->task, part, n_parts, at, layer));
    return take_reasons(m, layer + 1, f, n_figures,
                        differences + alone->n_listed - alone->n_published);
}

/* The release itself corrects one of the frozen ones. */
static enum ska_status link_correction(struct making *m)
{
    const struct ska_release_figures *of = m->of;
    if (!of->task->parameters.previous.exists)
        return SKA_OK;
    const struct ska_frozen *f = ska_frozen_corrected(of->task, of->frozen, of->n_frozen);
    if (f == NULL)
        return SKA_E_NOT_FOUND;
    m->layer[0].corrects = m->layer_of[f - of->frozen];
    m->layer[0].changed = of->changed;
    return of->changed != NULL ? SKA_OK : SKA_E_STATE;
}

/* The release's own roll-up is layer 1, but is made of what follows it. */
static enum ska_status add_all(struct making *m, bool *has_year)
{
    const struct ska_release_figures *of = m->of;
    uint32_t part[SKA_YEAR_PARTS_MAX], n_parts = 0;
    *has_year = ska_year_parts(part, &n_parts, of->task, of->frozen, of->n_frozen);
    SKA_TRY(add_release(m, of->task, of->counted, of->n_counted));
    if (*has_year)
        m->layer[m->n++] = (struct ska_linked_layer){.corrects = SKA_NONE};
    for (uint32_t i = 0; i < of->n_frozen; i++)
        SKA_TRY(add_frozen(m, i));
    if (*has_year) {
        SKA_TRY(add_year(m, of->task, part, n_parts, of->n_frozen, 0));
        m->layer[1] = m->layer[--m->n];
        m->layer[m->n] = (struct ska_linked_layer){0};
    }
    return link_correction(m);
}

enum ska_status ska_linked_of_release(struct ska_linked **out, bool *has_year,
                                      const struct ska_release_figures *of)
{
    const struct ska_parameters *p = &of->task->parameters;
    bool carries = false;
    if (has_year != NULL)
        *has_year = false;
    if (of->n_frozen == 0)
        return ska_linked_new(out, of->task->layout, &p->policy, &p->groups, p->roster.n,
                              of->counted, of->n_counted);
    if (of->n_frozen > SKA_EARLIER_MAX)
        return SKA_E_LIMIT;
    struct making *m = ska_alloc(1, sizeof *m);
    if (m == NULL)
        return SKA_E_MEMORY;
    m->of = of;
    enum ska_status status = add_all(m, &carries);
    if (status == SKA_OK)
        status = ska_linked_join(out, m->layer, m->n);
    making_clear(m);
    free(m);
    if (status == SKA_OK && has_year != NULL)
        *has_year = carries;
    return status;
}
