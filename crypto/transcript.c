/* SPDX-License-Identifier: EUPL-1.2 */
/* transcript.c - the chained transcript, SHA-512 over its state and one item at a time. */
#include "crypto/transcript.h"

#include "crypto/labels.h"

#include <string.h>

/* What follows the state in the hash, so that an item can never pass for a challenge. */
enum { STEP_ABSORB = 0x00, STEP_CHALLENGE = 0x01 };

static void step_begin(struct ska_sha512_state *hash, const struct ska_transcript *t, uint8_t step,
                       const char *label)
{
    ska_sha512_init(hash);
    ska_sha512_add(hash, t->state, sizeof t->state);
    ska_sha512_add(hash, &step, 1);
    ska_sha512_add_label(hash, label);
}

void ska_transcript_init(struct ska_transcript *t)
{
    *t = (struct ska_transcript){{0}};
    ska_transcript_absorb(t, SKA_LABEL_T_PROTOCOL, SKA_LABEL_PROTOCOL, strlen(SKA_LABEL_PROTOCOL));
}

void ska_transcript_item_begin(struct ska_transcript_item *item, struct ska_transcript *t,
                               const char *label, uint64_t len)
{
    item->transcript = t;
    step_begin(&item->hash, t, STEP_ABSORB, label);
    ska_sha512_add_u64(&item->hash, len);
}

void ska_transcript_item_end(struct ska_transcript_item *item)
{
    ska_sha512_finish(item->transcript->state, &item->hash);
}

void ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                           size_t len)
{
    struct ska_transcript_item item;
    ska_transcript_item_begin(&item, t, label, len);
    ska_sha512_add(&item.hash, data, len);
    ska_transcript_item_end(&item);
}

void ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value)
{
    struct ska_transcript_item item;
    ska_transcript_item_begin(&item, t, label, sizeof value);
    ska_sha512_add_u64(&item.hash, value);
    ska_transcript_item_end(&item);
}

void ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                 const uint8_t point[static SKA_POINT_BYTES])
{
    ska_transcript_absorb(t, label, point, SKA_POINT_BYTES);
}

void ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label, const ska_scalar *s)
{
    uint8_t bytes[SKA_SCALAR_BYTES];
    ska_scalar_encode(bytes, s);
    ska_transcript_absorb(t, label, bytes, sizeof bytes);
}

enum ska_status ska_transcript_challenge(ska_scalar *out, struct ska_transcript *t,
                                         const char *label)
{
    struct ska_sha512_state hash;
    uint8_t answer[SKA_SHA512_BYTES];
    step_begin(&hash, t, STEP_CHALLENGE, label);
    ska_sha512_finish(answer, &hash);
    ska_transcript_absorb(t, label, answer, sizeof answer);
    ska_scalar_reduce64(out, answer);
    return ska_scalar_is_zero(out) ? SKA_E_PROOF : SKA_OK;
}
