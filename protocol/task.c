/* SPDX-License-Identifier: EUPL-1.2 */
/* task.c - from canonical parameters to the task every program works with: hashes, identifier,
 * layout, and DAP's TaskConfiguration. */
#include "protocol/task.h"

#include "crypto/labels.h"
#include "crypto/scoped.h"
#include "protocol/dap.h"
#include "protocol/text.h"

#include <stdlib.h>
#include <string.h>

SKA_DEFINE_RELEASE(struct ska_task *, task_release, ska_task_free)

/* catalogue_hash, roster_hash, collection_hash, parameters_hash, task_id. */
static enum ska_status derive_hashes(struct ska_task *task)
{
    const struct ska_parameters *p = &task->parameters;
    struct ska_task_context *c = &task->context;
    SKA_SCOPED(ska_writer_clear) struct ska_writer catalogue = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer roster = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer collection = {0};
    ska_catalogue_encode(&catalogue, p->catalogue);
    ska_roster_encode(&roster, &p->roster);
    ska_write_string8(&collection, p->collection);
    ska_write_bytes(&collection, p->publisher_key, sizeof p->publisher_key);
    SKA_TRY(ska_writer_status(&catalogue));
    SKA_TRY(ska_writer_status(&roster));
    SKA_TRY(ska_writer_status(&collection));
    ska_sha256_labelled(c->catalogue_hash, SKA_LABEL_CATALOGUE, catalogue.data, catalogue.len);
    ska_sha256_labelled(c->roster_hash, SKA_LABEL_ROSTER, roster.data, roster.len);
    ska_sha256_labelled(c->collection_hash, SKA_LABEL_COLLECTION, collection.data, collection.len);
    ska_sha256_labelled(c->parameters_hash, SKA_LABEL_PARAMETERS, task->encoded, task->encoded_len);
    ska_sha256_labelled(c->task_id, SKA_LABEL_TASK_ID, c->parameters_hash,
                        sizeof c->parameters_hash);
    memcpy(c->period, p->period, sizeof c->period);
    c->revision = p->revision;
    if (p->previous.exists)
        memcpy(c->previous_task_id, p->previous.task_id, sizeof c->previous_task_id);
    return SKA_OK;
}

/* TaskConfiguration (draft-ietf-ppm-dap-18, section "Task Configuration"). task_info holds
 * opaque8 collection | opaque8 period | u32 revision, at most 53 bytes. */
static enum ska_status encode_configuration(struct ska_task *task)
{
    const struct ska_parameters *p = &task->parameters;
    uint8_t task_info[UINT8_MAX];
    struct ska_writer info;
    ska_writer_init_fixed(&info, task_info, sizeof task_info);
    ska_write_string8(&info, p->collection);
    ska_write_string8(&info, p->period);
    ska_write_u32(&info, p->revision);
    SKA_TRY(ska_writer_status(&info));
    struct ska_writer w = {0};
    ska_write_opaque8(&w, task_info, info.len);
    ska_write_string16(&w, p->leader_url);
    ska_write_string16(&w, p->helper_url);
    ska_write_u64(&w, SKA_TIME_PRECISION_S);
    ska_write_u64(&w, p->policy.min_contributors); /* min_batch_size */
    ska_write_u8(&w, SKA_DAP_BATCH_TIME_INTERVAL);
    ska_write_opaque16(&w, NULL, 0); /* batch_config */
    ska_write_u32(&w, SKA_VDAF_AUDITSUM);
    ska_write_opaque16(&w, task->context.parameters_hash, sizeof task->context.parameters_hash);
    size_t extensions = ska_write_open16(&w);
    ska_write_u16(&w, SKA_DAP_TASK_EXTENSION_INTERVAL);
    size_t interval = ska_write_open16(&w);
    ska_write_u64(&w, p->window_start_s / SKA_TIME_PRECISION_S);
    ska_write_u64(&w, p->window_duration_s / SKA_TIME_PRECISION_S);
    ska_write_close16(&w, interval);
    ska_write_close16(&w, extensions);
    return ska_writer_take(&task->dap_configuration, &task->dap_configuration_len, &w);
}

/* Decoders accept only what encoders write; make sure of it, since what is hashed must be the one
 * encoding of what is used. */
static enum ska_status keep_encoded(struct ska_task *task, struct ska_slice given,
                                    struct ska_error *err)
{
    struct ska_writer w = {0};
    enum ska_status status = ska_parameters_encode(&w, &task->parameters);
    if (status != SKA_OK) {
        ska_writer_clear(&w);
        return ska_fail(err, status, "parameters: they cannot be encoded again");
    }
    SKA_TRY(ska_writer_take(&task->encoded, &task->encoded_len, &w));
    if (task->encoded_len != given.len || memcmp(task->encoded, given.data, given.len) != 0)
        return ska_fail(err, SKA_E_ENCODING, "parameters: not in their canonical encoding");
    return SKA_OK;
}

/* A correction has the flag behind the layout's cells. */
static enum ska_status make_statement(struct ska_task *task, struct ska_error *err)
{
    const uint32_t n = task->layout->n_cells;
    task->statement = task->layout->statement;
    if (!task->parameters.previous.exists)
        return SKA_OK;
    task->bounds = ska_alloc((size_t)n + 1, sizeof *task->bounds);
    if (task->bounds == NULL)
        return ska_fail(err, SKA_E_MEMORY, "parameters: no memory for a task");
    memcpy(task->bounds, task->layout->statement.bound, n * sizeof *task->bounds);
    task->bounds[n] = 1;
    task->statement.bound = task->bounds;
    task->statement.n_cells = n + 1;
    task->statement.compares = true;
    return ska_statement_check(&task->statement, err);
}

static void fill_config(struct ska_task *task)
{
    const struct ska_parameters *p = &task->parameters;
    task->config = (struct ska_auditsum_config){
        .statement = &task->statement,
        .task = task->context,
        .n_contributors = p->roster.n,
        .contributor_keys = (const uint8_t(*)[SKA_SIGN_PUBLIC_BYTES])p->roster.keys,
        .leader_key = p->leader_key,
        .helper_key = p->helper_key,
        .own_key = NULL,
    };
    task->figures = task->config;
    task->figures.statement = &task->layout->statement;
}

enum ska_status ska_task_new(struct ska_task **out, struct ska_slice parameters,
                             struct ska_error *err)
{
    SKA_SCOPED(task_release) struct ska_task *task = ska_alloc(1, sizeof *task);
    if (task == NULL)
        return ska_fail(err, SKA_E_MEMORY, "parameters: no memory for a task");
    SKA_TRY(ska_parameters_decode(&task->parameters, parameters, err));
    SKA_TRY(ska_parameters_check(&task->parameters, err));
    SKA_TRY(keep_encoded(task, parameters, err));
    SKA_TRY(
        ska_layout_new(&task->layout, task->parameters.catalogue, task->parameters.cadence, err));
    task->n_blocks = task->parameters.groups.n + 1;
    task->n_figures = task->n_blocks * task->layout->n_cells; /* at most SKA_FIGURES_MAX */
    SKA_TRY(make_statement(task, err));
    SKA_TRY(derive_hashes(task));
    SKA_TRY(encode_configuration(task));
    fill_config(task);
    *out = task;
    task = NULL;
    return SKA_OK;
}

void ska_task_free(struct ska_task *task)
{
    if (task == NULL)
        return;
    ska_layout_free(task->layout);
    ska_parameters_clear(&task->parameters);
    free(task->bounds);
    free(task->encoded);
    free(task->dap_configuration);
    free(task);
}

uint64_t ska_task_time(const struct ska_task *task)
{
    return task->parameters.window_start_s / SKA_TIME_PRECISION_S;
}
