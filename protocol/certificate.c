/* SPDX-License-Identifier: EUPL-1.2 */
/* certificate.c - whole tables that agree with all that is public: bytes and back. */
#include "protocol/certificate.h"

#include <stdlib.h>

#include "crypto/scoped.h"
#include "protocol/documents.h"

void ska_certificate_clear(struct ska_certificate *c)
{
    if (c == NULL)
        return;
    free(c->pair);
    free(c->value);
    *c = (struct ska_certificate){0};
}

void ska_certificate_encode(struct ska_writer *w, const struct ska_certificate *c)
{
    size_t n_values = (size_t)c->n_tables * c->n_variables;
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_u32(w, c->n_variables);
    ska_write_u32(w, c->n_tables);
    for (uint32_t i = 0; i < c->n_variables; i++) {
        ska_write_u32(w, c->pair[i].low);
        ska_write_u32(w, c->pair[i].high);
    }
    for (size_t i = 0; i < n_values; i++)
        ska_write_u64(w, c->value[i]);
}

static bool is_pair(const struct ska_table_pair *pair, uint32_t n_tables)
{
    if (pair->low == SKA_NONE && pair->high == SKA_NONE)
        return true;
    return pair->low < n_tables && pair->high < n_tables;
}

static enum ska_status read_pairs(struct ska_certificate *c, struct ska_reader *r)
{
    if (c->n_variables > r->left / 8)
        return SKA_E_TRUNCATED;
    if (c->n_variables == 0)
        return SKA_OK;
    c->pair = ska_alloc(c->n_variables, sizeof *c->pair);
    if (c->pair == NULL)
        return SKA_E_MEMORY;
    for (uint32_t i = 0; i < c->n_variables; i++) {
        SKA_TRY(ska_read_u32(&c->pair[i].low, r));
        SKA_TRY(ska_read_u32(&c->pair[i].high, r));
        if (!is_pair(&c->pair[i], c->n_tables))
            return SKA_E_RANGE;
    }
    return SKA_OK;
}

static enum ska_status read_values(struct ska_certificate *c, struct ska_reader *r)
{
    uint64_t n_values = (uint64_t)c->n_tables * c->n_variables;
    if (n_values > SKA_CERTIFICATE_VALUES_MAX)
        return SKA_E_LIMIT;
    if (n_values > r->left / 8)
        return SKA_E_TRUNCATED;
    if (n_values == 0)
        return SKA_OK;
    c->value = ska_alloc((size_t)n_values, sizeof *c->value);
    if (c->value == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n_values; i++)
        SKA_TRY(ska_read_u64(&c->value[i], r));
    return SKA_OK;
}

enum ska_status ska_certificate_decode(struct ska_certificate *out, struct ska_slice bytes)
{
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate c = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    SKA_TRY(ska_document_version(&r));
    SKA_TRY(ska_read_u32(&c.n_variables, &r));
    SKA_TRY(ska_read_u32(&c.n_tables, &r));
    if ((c.n_variables == 0) != (c.n_tables == 0))
        return SKA_E_FORMAT;
    SKA_TRY(read_pairs(&c, &r));
    SKA_TRY(read_values(&c, &r));
    SKA_TRY(ska_read_end(&r));
    *out = c;
    c = (struct ska_certificate){0};
    return SKA_OK;
}
