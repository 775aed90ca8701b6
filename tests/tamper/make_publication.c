/* SPDX-License-Identifier: EUPL-1.2 */
/* make_publication.c - what the publisher of a world does: the pattern, the files, the archive. */
#include "tests/tamper/make_bundle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/data.h"
#include "audit/table.h"
#include "crypto/merkle.h"
#include "protocol/figure.h"
#include "reports/disclosure/gate_task.h"
#include "tests/tamper/honest_pattern.h"

void world_close_pattern(struct world *w)
{
    struct ska_linked *linked = world_linked(w);
    const struct honest_input input = {linked, &w->task->parameters.policy, w->total, w->shown,
                                       NULL};
    enum ska_status status = honest_complete(w->reason, &input);
    w->is_refused = status == SKA_E_STATE;
    if (status != SKA_E_STATE && status != SKA_E_RULE) /* a cheat publishes such totals too */
        world_must(status);
    for (uint32_t j = 0; j < linked->n_published; j++) {
        bool rounds = ska_linked_rounds(linked, &w->task->parameters.policy, j);
        w->is_opened[j] = w->reason[j] == 0 && !rounds && !ska_linked_is_absent(linked, j);
        w->is_rounded[j] = w->reason[j] == 0 && rounds;
    }
    ska_linked_free(linked);
}

/* To the nearest multiple: which one is no matter of the audit. */
static uint64_t show(const struct world *w, const struct ska_linked *linked, uint32_t figure)
{
    uint64_t base = w->task->parameters.policy.rounding;
    if (!ska_linked_rounds(linked, &w->task->parameters.policy, figure))
        return w->total[figure];
    return (w->total[figure] + base / 2) / base * base;
}

/* x1 + x2 of a cell; a cheat's nonsense becomes 0. */
static uint64_t join_shares(const struct world *w, uint32_t cell)
{
    ska_scalar a, b;
    uint64_t total;
    if (ska_scalar_decode(&a, w->share[0] + 64 * (size_t)cell) != SKA_OK ||
        ska_scalar_decode(&b, w->share[1] + 64 * (size_t)cell) != SKA_OK)
        return 0;
    ska_scalar_add(&a, &a, &b);
    return ska_scalar_to_u64(&total, &a) == SKA_OK ? total : 0;
}

void world_disclose(struct world *w)
{
    const uint32_t n = w->task->n_figures;
    for (uint32_t j = 0; j < n; j++)
        w->total[j] = join_shares(w, j);
    struct ska_linked *linked = world_linked(w);
    for (uint32_t j = n; j < linked->n_published; j++) {
        w->total[j] = ska_linked_is_absent(linked, j) ? 0 : w->total[j - n];
        for (uint32_t k = 0; k < w->n_parts && !ska_linked_is_absent(linked, j); k++)
            w->total[j] += world_adds(w, k) ? w->part[k]->world->total[j - n] : 0;
    }
    for (uint32_t j = linked->n_published; j < linked->n_listed; j++) {
        const struct ska_block *block = &linked->blocks[ska_linked_block(linked, j)];
        w->total[j] = w->total[block->plus * WORLD_CELLS + j % WORLD_CELLS] -
                      w->total[block->minus * WORLD_CELLS + j % WORLD_CELLS];
    }
    for (uint32_t j = 0; j < linked->n_listed; j++) {
        w->claimed[j] = w->total[j];
        w->shown[j] = show(w, linked, j);
    }
    const struct honest_input input = {linked, &w->task->parameters.policy, w->total, NULL,
                                       w->corrects != NULL ? w->corrects->reason : NULL};
    honest_primary(w->reason, &input);
    ska_linked_free(linked);
    world_close_pattern(w);
}

void world_set_reason(struct world *w, enum world_cell cell, uint8_t reason)
{
    w->reason[cell] = reason;
    w->is_opened[cell] = reason == 0;
}

static struct world_file *add_file(struct world *w, const char *name)
{
    world_expect(w->n_files < WORLD_FILES_MAX, "too many files");
    struct world_file *file = &w->files[w->n_files++];
    file->len = 0;
    snprintf(file->name, sizeof file->name, "%s", name);
    return file;
}

struct world_file *world_find(struct world *w, const char *name)
{
    for (size_t i = 0; i < w->n_files; i++)
        if (strcmp(w->files[i].name, name) == 0)
            return &w->files[i];
    world_expect(false, name);
    return NULL;
}

void world_drop_file(struct world *w, const char *name)
{
    struct world_file *file = world_find(w, name);
    size_t at = (size_t)(file - w->files);
    memmove(file, file + 1, (w->n_files - at - 1) * sizeof *file);
    w->n_files--;
}

struct world_file *world_insert_file(struct world *w, const char *name, const char *before)
{
    struct world_file *file = world_find(w, before);
    size_t at = (size_t)(file - w->files);
    world_expect(w->n_files < WORLD_FILES_MAX, "too many files");
    memmove(file + 1, file, (w->n_files - at) * sizeof *file);
    w->n_files++;
    file->len = 0;
    snprintf(file->name, sizeof file->name, "%s", name);
    return file;
}

void world_replace(struct world *w, const char *name, const char *old, const char *new)
{
    struct world_file *file = world_find(w, name);
    size_t old_len = strlen(old), new_len = strlen(new);
    for (size_t i = 0; i + old_len <= file->len; i++) {
        if (memcmp(file->data + i, old, old_len) != 0)
            continue;
        world_expect(file->len + new_len <= sizeof file->data, "room in the file");
        memmove(file->data + i + new_len, file->data + i + old_len, file->len - i - old_len);
        memcpy(file->data + i, new, new_len);
        file->len = file->len + new_len - old_len;
        return;
    }
    world_expect(false, old);
}

uint8_t *world_hidden(struct world *w, size_t index)
{
    return world_find(w, "suppression")->data + 5 + 5 * index;
}

void world_fill(struct world_file *file, struct ska_writer *from)
{
    world_must(ska_writer_status(from));
    world_expect(from->len <= sizeof file->data, "long file");
    memcpy(file->data, from->data, from->len);
    file->len = from->len;
    ska_writer_clear(from);
}

void world_put_parameters(struct world *w)
{
    struct ska_signed_parameters s = {.parameters = {w->task->encoded, w->task->encoded_len}};
    struct ska_writer bytes = {0};
    memcpy(s.publisher, w->signatures[0], sizeof s.publisher);
    memcpy(s.leader, w->signatures[1], sizeof s.leader);
    memcpy(s.helper, w->signatures[2], sizeof s.helper);
    ska_signed_parameters_encode(&bytes, &s);
    world_fill(world_find(w, "parameters"), &bytes);
}

static void put_accepted(struct world *w)
{
    struct ska_signed_accepted s = {.list = {w->list, w->list_len}};
    struct ska_writer bytes = {0};
    memcpy(s.leader, w->list_signatures[0], sizeof s.leader);
    memcpy(s.helper, w->list_signatures[1], sizeof s.helper);
    ska_signed_accepted_encode(&bytes, &s);
    world_fill(world_find(w, "accepted"), &bytes);
}

static void put_submissions(struct world *w)
{
    for (uint32_t contributor = 0; contributor < SKA_CONTRIBUTORS_MAX; contributor++)
        for (size_t i = 0; i < w->n_submissions; i++) {
            const struct world_submission *s = &w->submissions[i];
            if (!s->is_filed || s->contributor != contributor)
                continue;
            char name[SKA_BUNDLE_NAME_MAX];
            struct ska_writer bytes = {0};
            snprintf(name, sizeof name, "submissions/%05u", contributor);
            ska_write_bytes(&bytes, s->report_id, sizeof s->report_id);
            ska_write_bytes(&bytes, s->bytes, s->len);
            world_fill(add_file(w, name), &bytes);
        }
}

void world_put_openings(struct world *w)
{
    const uint32_t n = w->task->n_figures;
    static uint8_t paths[2][WORLD_OWN][SKA_MERKLE_PATH_MAX][SKA_HASH_BYTES];
    struct ska_opening at[WORLD_OWN] = {0};
    struct ska_openings o = {.at = at};
    memcpy(o.root, w->root, sizeof o.root);
    memcpy(o.signature, w->root_signature, sizeof o.signature);
    for (uint32_t j = 0; j < n; j++) {
        if (!w->is_opened[j])
            continue;
        at[o.n].figure = j;
        for (size_t k = 0; k < 2; k++) {
            uint8_t leaves[WORLD_OWN][SKA_HASH_BYTES];
            size_t len;
            for (uint32_t i = 0; i < n; i++)
                ska_aggregate_leaf(leaves[i], i, w->share[k] + 64 * (size_t)i);
            ska_merkle_path(paths[k][j], &len, (const uint8_t(*)[SKA_HASH_BYTES])leaves, n, j);
            memcpy(at[o.n].by[k].xr, w->share[k] + 64 * (size_t)j, 64);
            at[o.n].by[k].path_len = (uint8_t)len;
            at[o.n].by[k].path = (const uint8_t(*)[SKA_HASH_BYTES])paths[k][j];
        }
        o.n++;
    }
    struct ska_writer bytes = {0};
    ska_openings_encode(&bytes, &o);
    world_fill(world_find(w, "aggregates"), &bytes);
}

/* The sums of V1 + V2 over the files, and of the blindings, of the period alone. */
static void add_up_period(ska_point sum[WORLD_OWN], ska_scalar blinding[WORLD_OWN],
                          const struct world *w)
{
    for (uint32_t j = 0; j < w->task->n_figures; j++) {
        ska_scalar half;
        world_must(ska_scalar_decode(&blinding[j], w->share[0] + 64 * j + 32));
        world_must(ska_scalar_decode(&half, w->share[1] + 64 * j + 32));
        ska_scalar_add(&blinding[j], &blinding[j], &half);
        ska_point_set_identity(&sum[j]);
        for (size_t i = 0; i < 2 * w->n_submissions; i++) {
            const struct world_submission *s = &w->submissions[i / 2];
            const uint8_t *v1 = s->bytes + 12 + 32 * (s->n_cells * (i % 2) + j % WORLD_CELLS);
            ska_point v;
            if (s->is_filed &&
                ska_groups_has(&w->task->parameters.groups, j / WORLD_CELLS, s->contributor) &&
                ska_point_decode(&v, v1) == SKA_OK)
                ska_point_add(&sum[j], &sum[j], &v);
        }
    }
}

/* What a group leaves of all. */
static void add_differences(ska_point sum[WORLD_FIGURES], ska_scalar blinding[WORLD_FIGURES],
                            const struct world *w)
{
    struct ska_linked *linked = world_linked(w);
    ska_suppression_subtract(sum, linked);
    for (uint32_t j = linked->n_published; j < linked->n_listed; j++) {
        const struct ska_block *block = &linked->blocks[ska_linked_block(linked, j)];
        ska_scalar_sub(&blinding[j], &blinding[block->plus * WORLD_CELLS + j % WORLD_CELLS],
                       &blinding[block->minus * WORLD_CELLS + j % WORLD_CELLS]);
    }
    ska_linked_free(linked);
}

/* The same of all figures: the roll-up's are sums over the parts. */
static void add_up(ska_point sum[WORLD_FIGURES], ska_scalar blinding[WORLD_FIGURES],
                   const struct world *w)
{
    const uint32_t n = w->task->n_figures;
    add_up_period(sum, blinding, w);
    for (uint32_t j = 0; world_has_year(w) && j < n; j++) {
        sum[n + j] = sum[j];
        blinding[n + j] = blinding[j];
    }
    for (uint32_t k = 0; world_has_year(w) && k < w->n_parts; k++) {
        ska_point part[WORLD_OWN];
        ska_scalar r[WORLD_OWN];
        if (!world_adds(w, k))
            continue;
        add_up_period(part, r, w->part[k]->world);
        for (uint32_t j = 0; j < n; j++) {
            ska_point_add(&sum[n + j], &sum[n + j], &part[j]);
            ska_scalar_add(&blinding[n + j], &blinding[n + j], &r[j]);
        }
    }
    add_differences(sum, blinding, w);
}

/* A proof of what is claimed, or of what comes nearest to it within the bounds; none of nothing. */
/* The prover's side of what is claimed of a needed complement, likewise. */
static void open_needed(uint64_t *x, ska_scalar *r, const struct ska_suppression_statement *s,
                        const ska_scalar blinding[WORLD_FIGURES], const ska_scalar *side,
                        const struct world *w)
{
    uint64_t own_x[3];
    ska_scalar own_r[3];
    for (uint32_t i = 0, at = (uint32_t)s->n_plain; i < w->n_needed; i++) {
        uint32_t figure = w->needed[i].figure;
        ska_needed_open(own_x, own_r, &w->needed[i], w->claimed[figure], &blinding[figure], side);
        for (uint32_t k = 0; k < (w->needed[i].n_runs > 1 ? 3u : 1u); k++, at++) {
            x[at] = own_x[k] > s->bound[at] ? s->bound[at] : own_x[k];
            r[at] = own_r[k];
        }
    }
}

static void prove(uint8_t proof[SKA_SUPPRESSION_PROOF_MAX], size_t *proof_len,
                  struct ska_suppression_statement *s, const ska_scalar blinding[WORLD_FIGURES],
                  const ska_scalar *side, const struct world *w)
{
    ska_scalar r[WORLD_FIGURES + 3];
    uint64_t x[WORLD_FIGURES + 3];
    for (size_t i = 0; i < s->n_plain; i++) {
        uint64_t claimed = w->claimed[s->cells[i]];
        r[i] = blinding[s->cells[i]];
        x[i] = claimed >= s->offset[i] ? claimed - s->offset[i] : 0;
        x[i] = x[i] > s->bound[i] ? s->bound[i] : x[i];
    }
    if (s->m == 0)
        return;
    if (s->m > s->n_plain)
        open_needed(x, r, s, blinding, side, w);
    const struct ska_proof_values values = {.m = s->m, .bound = s->bound, .v = s->v};
    world_must(ska_proof_length(proof_len, s->bound, s->m));
    world_must(ska_proof_prove(proof, *proof_len, &s->transcript, &values, x, r));
}

/* Values that no honest publisher can prove are proven as if they were the next multiple. */
void world_put_rounding(struct world *w)
{
    struct ska_rounded_figure at[WORLD_FIGURES] = {0}, provable[WORLD_FIGURES] = {0};
    uint64_t base = w->task->parameters.policy.rounding;
    struct ska_rounding written = {.at = at}, proven = {.at = provable};
    for (uint32_t j = 0; j < world_n_figures(w); j++)
        if (w->is_rounded[j]) {
            at[written.n++] = (struct ska_rounded_figure){j, w->shown[j]};
            provable[proven.n++] = (struct ska_rounded_figure){j, w->shown[j] / base * base};
        }
    ska_point sum[WORLD_FIGURES];
    ska_scalar blinding[WORLD_FIGURES];
    struct ska_suppression_statement s = {0};
    uint8_t proof[SKA_SUPPRESSION_PROOF_MAX];
    struct ska_slice proofs[1] = {{proof, 0}};
    add_up(sum, blinding, w);
    written.proofs = proofs;
    written.n_proofs = ska_rounding_portions(written.n);
    if (written.n_proofs > 0) {
        struct ska_linked *linked = world_linked(w);
        world_must(ska_rounding_statement_init(&s, w->task, linked, &proven, 0, sum, w->n_counted));
        ska_linked_free(linked);
        prove(proof, &proofs[0].len, &s, blinding, NULL, w);
    }
    struct ska_writer bytes = {0};
    ska_rounding_encode(&bytes, &written);
    world_fill(world_find(w, "rounding"), &bytes);
    ska_suppression_statement_clear(&s);
}

/* The proof over the hidden cells; what is claimed is kept within the bounds, so that a cheat gets
 * a proof too. */
void world_put_suppression(struct world *w)
{
    struct ska_hidden_cell at[WORLD_FIGURES] = {0};
    struct ska_suppression pattern = {.at = at, .needed = w->needed, .n_needed = w->n_needed};
    ska_scalar side;
    ska_scalar_random(&side);
    for (uint32_t i = 0; i < w->n_needed; i++) {
        const struct ska_needed *needed = &w->needed[i];
        ska_scalar which = ska_scalar_from_u64(w->claimed[needed->figure] > needed->run[0].hi);
        ska_point point;
        ska_commit(&point, &which, &side);
        ska_point_encode(w->needed[i].side, &point);
    }
    for (uint32_t j = 0; j < world_n_figures(w); j++)
        if (w->reason[j] != 0)
            at[pattern.n++] = (struct ska_hidden_cell){
                .figure = j, .reason = (enum ska_hidden_reason)w->reason[j]};
    ska_point sum[WORLD_FIGURES];
    ska_scalar blinding[WORLD_FIGURES];
    struct ska_suppression_statement s = {0};
    uint8_t proof[SKA_SUPPRESSION_PROOF_MAX];
    size_t proof_len = 0;
    add_up(sum, blinding, w);
    struct ska_linked *linked = world_linked(w);
    world_must(ska_suppression_statement_init(&s, w->task, linked, &pattern, sum, w->n_counted));
    ska_linked_free(linked);
    prove(proof, &proof_len, &s, blinding, &side, w);
    pattern.proof = (struct ska_slice){proof, proof_len};
    struct ska_writer bytes = {0};
    ska_suppression_encode(&bytes, &pattern);
    world_fill(world_find(w, "suppression"), &bytes);
    ska_suppression_statement_clear(&s);
}

/* One table, the true one, named twice everywhere: what a publisher has left that found no two. */
static void pretend(struct ska_certificate *c, const struct world *w)
{
    uint32_t n = world_n_figures(w);
    for (uint32_t j = 0; j < n; j++)
        c->n_variables += w->reason[j] != 0;
    c->n_tables = c->n_variables > 0;
    c->pair = calloc((size_t)c->n_variables + 1, sizeof *c->pair);
    c->value = calloc((size_t)c->n_variables + 1, sizeof *c->value);
    world_expect(c->pair != NULL && c->value != NULL, "memory");
    uint32_t at = 0;
    for (uint32_t j = 0; j < n; j++)
        if (w->reason[j] != 0)
            c->value[at++] = w->claimed[j];
}

/* Reasons and totals of all figures, frozen ones as they were released. */
static void view_all(uint8_t *reason, uint64_t *total, const struct world *w,
                     const struct ska_linked *l)
{
    for (uint32_t j = 0; j < l->n_figures; j++) {
        bool is_frozen = j >= l->n_own, is_listed = j < l->n_listed;
        reason[j] = is_frozen ? ska_linked_frozen_reason(l, j) : GATE_UNKNOWN;
        if (is_listed && (j < l->n_published || w->reason[j] != 0))
            reason[j] = w->reason[j];
        else if (ska_linked_is_absent(l, j))
            reason[j] = 0;
        total[j] = is_frozen ? ska_linked_frozen_total(l, j) : is_listed ? w->shown[j] : 0;
    }
}

void world_put_certificate(struct world *w)
{
    struct ska_certificate certificate = {0};
    struct ska_writer bytes = {0};
    struct ska_linked *linked = world_linked(w);
    bool *fails = calloc(linked->n_figures, sizeof *fails);
    uint8_t *reason = calloc(linked->n_figures, 1);
    uint64_t *total = calloc(linked->n_figures, sizeof *total);
    world_expect(fails != NULL && reason != NULL && total != NULL, "memory");
    view_all(reason, total, w, linked);
    const struct gate_view view = {.linked = linked,
                                   .policy = w->task->parameters.policy,
                                   .reason = reason,
                                   .total = total,
                                   .needed = w->needed,
                                   .n_needed = w->n_needed};
    if (gate_task_certify(&certificate, fails, NULL, &view) != SKA_OK)
        pretend(&certificate, w);
    free(fails);
    free(reason);
    free(total);
    ska_linked_free(linked);
    ska_certificate_encode(&bytes, &certificate);
    ska_certificate_clear(&certificate);
    world_fill(world_find(w, "certificate"), &bytes);
}

void world_put_changes(struct world *w)
{
    static const enum ska_role roles[] = {SKA_ROLE_LEADER, SKA_ROLE_HELPER};
    const struct ska_signing_key *keys[] = {&w->keys->leader, &w->keys->helper};
    struct ska_writer both = {0};
    for (size_t k = 0; k < 2; k++) {
        struct ska_writer one = {0};
        struct ska_changes changes = {.role = roles[k], .n_atoms = 1, .openings = w->flag_sum[k]};
        memcpy(changes.task_id, w->task->context.task_id, sizeof changes.task_id);
        memcpy(changes.accepted_hash, w->list_hash, sizeof changes.accepted_hash);
        world_must(ska_changes_write(&one, &changes, keys[k]));
        ska_write_opaque32(&both, one.data, one.len);
        ska_writer_clear(&one);
    }
    world_fill(world_find(w, "changes"), &both);
}

static void put_page(struct world *w, const char *name, const char *language)
{
    struct world_file *file = world_find(w, name);
    int len = snprintf((char *)file->data, sizeof file->data,
                       "<!doctype html>\n<html lang=\"%s\"><head><title>2025</title></head><body>\n"
                       "<table>\n",
                       language);
    const uint32_t n = w->task->n_figures;
    for (uint32_t j = 0; j < (world_has_year(w) ? 2 * n : n); j++) {
        char figure[32] = "..", year[6] = "", code[SKA_FIGURE_CODE_MAX + 1];
        if (w->reason[j] == 0 && !w->is_opened[j] && !w->is_rounded[j] && j >= n)
            continue; /* absent */
        if (w->reason[j] == 0)
            snprintf(figure, sizeof figure, "%" PRIu64, w->shown[j]);
        ska_figure_code(code, w->task, j % n);
        if (j >= n)
            snprintf(year, sizeof year, "%.4s:", w->task->parameters.period);
        len += snprintf((char *)file->data + len, sizeof file->data - (size_t)len,
                        "<tr><td data-cell=\"%s%s\">%s</td></tr>\n", year, code, figure);
    }
    len += snprintf((char *)file->data + len, sizeof file->data - (size_t)len,
                    "</table>\n</body></html>\n");
    file->len = (size_t)len;
}

static void put_data(struct world *w, const char *name, bool is_year,
                     void (*write)(struct ska_writer *to, struct data_marks *marks,
                                   const struct data_figures *f))
{
    const uint32_t first = is_year ? w->task->n_figures : 0;
    const struct data_figures figures = {w->task, is_year, w->shown + first, w->reason + first};
    struct data_marks none = {0};
    struct ska_writer bytes = {0};
    write(&bytes, &none, &figures);
    world_fill(world_find(w, name), &bytes);
}

void world_put_tables(struct world *w)
{
    struct ska_writer bytes = {0};
    struct ska_linked *linked = world_linked(w);
    table_write(&bytes, w->task, linked, w->shown, w->reason);
    ska_linked_free(linked);
    world_fill(world_find(w, "table.csv"), &bytes);
    put_data(w, "table.json", false, data_write_json);
    put_data(w, "table.px", false, data_write_px);
    if (world_has_year(w)) {
        put_data(w, "year.json", true, data_write_json);
        put_data(w, "year.px", true, data_write_px);
    }
    put_page(w, "page.sv.html", "sv");
    put_page(w, "page.en.html", "en");
}

void world_publish(struct world *w)
{
    static const char version[] = "skarva bundle 1\n";
    w->n_files = 0;
    struct world_file *bundle = add_file(w, "bundle");
    memcpy(bundle->data, version, sizeof version - 1);
    bundle->len = sizeof version - 1;
    add_file(w, "parameters");
    add_file(w, "accepted");
    put_submissions(w);
    for (size_t i = 0; ska_parameters_have_log(&w->task->parameters) && i < SKA_BUNDLE_LOG_FILES;
         i++)
        add_file(w, ska_bundle_log_names[i]);
    add_file(w, "aggregates");
    add_file(w, "suppression");
    add_file(w, "certificate");
    if (w->task->parameters.policy.rounding != 0)
        add_file(w, "rounding");
    if (w->corrects != NULL)
        add_file(w, "changes");
    if (w->n_parts > 0)
        add_file(w, "earlier");
    if (world_has_year(w))
        add_file(w, "year");
    add_file(w, "table.csv");
    add_file(w, "table.json");
    add_file(w, "table.px");
    if (world_has_year(w)) {
        add_file(w, "year.json");
        add_file(w, "year.px");
    }
    add_file(w, "page.sv.html");
    add_file(w, "page.en.html");
    world_put_parameters(w);
    put_accepted(w);
    world_put_openings(w);
    world_put_suppression(w);
    world_put_certificate(w);
    if (w->task->parameters.policy.rounding != 0)
        world_put_rounding(w);
    if (w->corrects != NULL)
        world_put_changes(w);
    if (w->n_parts > 0)
        world_put_earlier(w);
    if (world_has_year(w))
        world_put_year(w);
    if (ska_parameters_have_log(&w->task->parameters))
        world_put_log(w);
    world_put_tables(w);
}

void world_release(struct ska_writer *release, const struct world *w,
                   const struct ska_bundle_file *files, size_t n)
{
    world_must(ska_release_body(release, w->task->context.task_id, &w->place, files, n));
    size_t body_len = release->len;
    for (size_t i = 0; i < 2; i++) {
        uint8_t signature[SKA_SIGNATURE_BYTES] = {0};
        if (w->release_key[i] != NULL)
            world_must(ska_release_sign(signature, w->release_as[i], w->release_key[i],
                                        (struct ska_slice){release->data, body_len}));
        ska_write_bytes(release, signature, sizeof signature);
    }
    world_must(ska_writer_status(release));
}

void world_pack(struct world *w)
{
    struct ska_bundle_file files[WORLD_FILES_MAX];
    struct ska_writer release = {0}, archive = {0};
    for (size_t i = 0; i < w->n_files; i++) {
        memcpy(files[i].name, w->files[i].name, sizeof files[i].name);
        files[i].data = (struct ska_slice){w->files[i].data, w->files[i].len};
        ska_bundle_write_file(&archive, files[i].name, files[i].data);
    }
    world_release(&release, w, files, w->n_files);
    ska_bundle_write_file(&archive, "release", (struct ska_slice){release.data, release.len});
    ska_bundle_write_end(&archive);
    ska_writer_clear(&release);
    free(w->archive);
    world_must(ska_writer_take(&w->archive, &w->archive_len, &archive));
}

void world_audit_bytes(struct finding findings[static N_CHECKS], const struct world *w,
                       struct ska_slice archive)
{
    struct evidence e = {.archive = archive,
                         .trust = &w->trust,
                         .policy = w->policy,
                         .jobs = 1,
                         .earlier = {.archive = w->earlier_bundle},
                         .given = w->given,
                         .n_given = w->n_given};
    check_all(findings, &e, NULL);
    evidence_clear(&e);
}

void world_audit(struct finding findings[static N_CHECKS], const struct world *w)
{
    world_audit_bytes(findings, w, (struct ska_slice){w->archive, w->archive_len});
}

void world_failed(char *out, size_t size, const struct finding findings[static N_CHECKS])
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < N_CHECKS; i++)
        if (findings[i].outcome == OUTCOME_FAIL && len < size)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "",
                                    check_table[i].id);
}
