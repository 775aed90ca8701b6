/* SPDX-License-Identifier: EUPL-1.2 */
/* round.c - keyed, unbiased, repeatable rounding. */
#include "reports/disclosure/round.h"

#include <string.h>

#include "crypto/labels.h"
#include "crypto/xof.h"
#include "protocol/figure.h"

#define BINDER_MAX (1 + SKA_CODE_MAX + 1 + SKA_PERIOD_MAX + 2 + SKA_FIGURE_CODE_MAX + 8 + 8)

static void put_number(uint8_t *binder, size_t *len, uint64_t value, size_t n_bytes)
{
    for (size_t i = n_bytes; i > 0; i--)
        binder[(*len)++] = (uint8_t)(value >> (8 * (i - 1)));
}

static void put_text(uint8_t *binder, size_t *len, const char *text, size_t max, size_t n_bytes)
{
    size_t n = strnlen(text, max);
    put_number(binder, len, n, n_bytes);
    memcpy(binder + *len, text, n);
    *len += n;
}

static uint64_t next_number(struct ska_xof *xof)
{
    uint8_t bytes[8];
    uint64_t u = 0;
    ska_xof_squeeze(xof, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        u = u << 8 | bytes[i];
    return u;
}

uint64_t round_value(const uint8_t key[static ROUND_KEY_BYTES], const struct round_figure *figure,
                     uint64_t base, uint64_t x)
{
    static const char label[] = SKA_LABEL_ROUNDING;
    uint64_t r = x % base;
    if (r == 0)
        return x;
    uint8_t binder[BINDER_MAX];
    size_t len = 0;
    put_text(binder, &len, figure->collection, SKA_CODE_MAX, 1);
    put_text(binder, &len, figure->period, SKA_PERIOD_MAX, 1);
    put_text(binder, &len, figure->code, SKA_FIGURE_CODE_MAX, 2);
    put_number(binder, &len, base, 8);
    put_number(binder, &len, x, 8);
    struct ska_xof xof;
    ska_xof_init(&xof, (struct ska_slice){key, ROUND_KEY_BYTES},
                 (struct ska_slice){(const uint8_t *)label, sizeof label - 1},
                 (struct ska_slice){binder, len});
    /* 2^64 mod base numbers are too many: the last ones are drawn again. */
    uint64_t last = UINT64_MAX - (UINT64_MAX % base + 1) % base;
    uint64_t u;
    do
        u = next_number(&xof);
    while (u > last);
    ska_xof_clear(&xof);
    return u % base < r ? x - r + base : x - r;
}
