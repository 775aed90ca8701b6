/* SPDX-License-Identifier: EUPL-1.2 */
/* dap_collect.c - collection jobs and aggregate shares (draft-ietf-ppm-dap-18, section "Collecting
 * Results"). */
#include "protocol/dap_hpke.h"

#include "crypto/scoped.h"

#define INTERVAL_BYTES 16

static void write_interval(struct ska_writer *w, uint64_t start, uint64_t duration)
{
    ska_write_u64(w, start);
    ska_write_u64(w, duration);
}

static enum ska_status read_interval(uint64_t *start, uint64_t *duration, struct ska_reader *r)
{
    SKA_TRY(ska_read_u64(start, r));
    return ska_read_u64(duration, r);
}

/* Query and BatchSelector alike: u8 batch_mode | opaque16 config, which is one Interval. */
static void write_query(struct ska_writer *w, uint8_t batch_mode, uint64_t start, uint64_t duration)
{
    ska_write_u8(w, batch_mode);
    ska_write_u16(w, INTERVAL_BYTES);
    write_interval(w, start, duration);
}

static enum ska_status read_query(uint8_t *batch_mode, uint64_t *start, uint64_t *duration,
                                  struct ska_reader *r)
{
    SKA_TRY(ska_read_u8(batch_mode, r));
    if (*batch_mode != SKA_DAP_BATCH_TIME_INTERVAL)
        return SKA_E_UNSUPPORTED;
    struct ska_reader config;
    SKA_TRY(ska_read_opaque16(&config.at, &config.left, r, UINT16_MAX));
    SKA_TRY(read_interval(start, duration, &config));
    return ska_read_end(&config);
}

void ska_dap_collection_req_encode(struct ska_writer *w, const struct ska_dap_collection_req *q)
{
    write_query(w, q->batch_mode, q->start, q->duration);
    ska_write_opaque32(w, q->agg_param.data, q->agg_param.len);
    ska_write_opaque16(w, q->extensions.data, q->extensions.len);
}

enum ska_status ska_dap_collection_req_decode(struct ska_dap_collection_req *out,
                                              struct ska_reader *r)
{
    struct ska_reader inner = *r;
    struct ska_dap_collection_req q = {0};
    SKA_TRY(read_query(&q.batch_mode, &q.start, &q.duration, &inner));
    SKA_TRY(ska_read_opaque32(&q.agg_param.data, &q.agg_param.len, &inner, UINT32_MAX));
    SKA_TRY(ska_read_opaque16(&q.extensions.data, &q.extensions.len, &inner, UINT16_MAX));
    *out = q;
    *r = inner;
    return SKA_OK;
}

void ska_dap_collection_resp_encode(struct ska_writer *w, const struct ska_dap_collection_resp *c)
{
    ska_write_u64(w, c->report_count);
    write_interval(w, c->start, c->duration);
    ska_dap_ciphertext_encode(w, &c->leader);
    ska_dap_ciphertext_encode(w, &c->helper);
}

enum ska_status ska_dap_collection_resp_decode(struct ska_dap_collection_resp *out,
                                               struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    struct ska_dap_collection_resp c = {0};
    SKA_TRY(ska_read_u64(&c.report_count, &r));
    SKA_TRY(read_interval(&c.start, &c.duration, &r));
    SKA_TRY(ska_dap_ciphertext_decode(&c.leader, &r));
    SKA_TRY(ska_dap_ciphertext_decode(&c.helper, &r));
    SKA_TRY(ska_read_end(&r));
    *out = c;
    return SKA_OK;
}

void ska_dap_aggregate_share_req_encode(struct ska_writer *w,
                                        const struct ska_dap_aggregate_share_req *q)
{
    ska_write_bytes(w, q->collection_req.data, q->collection_req.len);
    write_query(w, q->batch_mode, q->start, q->duration);
    ska_write_u64(w, q->report_count);
    ska_write_bytes(w, q->checksum, sizeof q->checksum);
}

enum ska_status ska_dap_aggregate_share_req_decode(struct ska_dap_aggregate_share_req *out,
                                                   struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    struct ska_dap_aggregate_share_req q = {0};
    struct ska_dap_collection_req collection; /* decoded to find its end */
    SKA_TRY(ska_dap_collection_req_decode(&collection, &r));
    q.collection_req = (struct ska_slice){bytes.data, bytes.len - r.left};
    SKA_TRY(read_query(&q.batch_mode, &q.start, &q.duration, &r));
    SKA_TRY(ska_read_u64(&q.report_count, &r));
    SKA_TRY(ska_read_bytes(q.checksum, sizeof q.checksum, &r));
    SKA_TRY(ska_read_end(&r));
    *out = q;
    return SKA_OK;
}

/* AggregateShareAad: task_id | TaskConfiguration | CollectionJobReq. */
static void write_aad(struct ska_writer *w, const struct ska_task *task,
                      struct ska_slice collection_req)
{
    ska_write_bytes(w, task->context.task_id, sizeof task->context.task_id);
    ska_write_bytes(w, task->dap_configuration, task->dap_configuration_len);
    ska_write_bytes(w, collection_req.data, collection_req.len);
}

static struct ska_dap_sealing aggregate_share_sealing(enum ska_role sender,
                                                      const struct ska_writer *aad)
{
    return (struct ska_dap_sealing){
        " aggregate share", sender, SKA_ROLE_COLLECTOR, {aad->data, aad->len}};
}

enum ska_status ska_dap_aggregate_share_seal(struct ska_writer *ciphertext, enum ska_role sender,
                                             const struct ska_task *task,
                                             struct ska_slice collection_req,
                                             struct ska_slice share_and_signature)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer aad = {0};
    write_aad(&aad, task, collection_req);
    SKA_TRY(ska_writer_status(&aad));
    const struct ska_dap_sealing s = aggregate_share_sealing(sender, &aad);
    return ska_dap_seal(ciphertext, task->parameters.collector_hpke_config_id,
                        task->parameters.collector_hpke_key, &s, share_and_signature);
}

enum ska_status ska_dap_aggregate_share_open(uint8_t **plain, size_t *plain_len,
                                             const struct ska_hpke_key *key, enum ska_role sender,
                                             const struct ska_task *task,
                                             struct ska_slice collection_req,
                                             const struct ska_dap_ciphertext *c)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer aad = {0};
    write_aad(&aad, task, collection_req);
    SKA_TRY(ska_writer_status(&aad));
    const struct ska_dap_sealing s = aggregate_share_sealing(sender, &aad);
    return ska_dap_open(plain, plain_len, key, &s, c);
}
