/* SPDX-License-Identifier: EUPL-1.2 */
/* weak.c - transcripts that leave one input out. */
#include "tests/tamper/weak.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/labels.h"
#include "crypto/transcript.h"

const char *weak_forgotten;

static bool is_forgotten(const char *label)
{
    return weak_forgotten != NULL && strcmp(label, weak_forgotten) == 0;
}

void __real_ska_transcript_init(struct ska_transcript *t);
void __wrap_ska_transcript_init(struct ska_transcript *t);
void __wrap_ska_transcript_init(struct ska_transcript *t)
{
    if (is_forgotten(SKA_LABEL_T_PROTOCOL))
        *t = (struct ska_transcript){{0}};
    else
        __real_ska_transcript_init(t);
}

void __real_ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                                  size_t len);
void __wrap_ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                                  size_t len);
void __wrap_ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                                  size_t len)
{
    if (!is_forgotten(label))
        __real_ska_transcript_absorb(t, label, data, len);
}

void __real_ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value);
void __wrap_ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value);
void __wrap_ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value)
{
    if (!is_forgotten(label))
        __real_ska_transcript_absorb_u64(t, label, value);
}

void __real_ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                        const uint8_t point[static SKA_POINT_BYTES]);
void __wrap_ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                        const uint8_t point[static SKA_POINT_BYTES]);
void __wrap_ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                        const uint8_t point[static SKA_POINT_BYTES])
{
    if (!is_forgotten(label))
        __real_ska_transcript_absorb_point(t, label, point);
}

void __real_ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label,
                                         const ska_scalar *s);
void __wrap_ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label,
                                         const ska_scalar *s);
void __wrap_ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label,
                                         const ska_scalar *s)
{
    if (!is_forgotten(label))
        __real_ska_transcript_absorb_scalar(t, label, s);
}

void __real_ska_transcript_item_begin(struct ska_transcript_item *item, struct ska_transcript *t,
                                      const char *label, uint64_t len);
void __wrap_ska_transcript_item_begin(struct ska_transcript_item *item, struct ska_transcript *t,
                                      const char *label, uint64_t len);
/* What is forgotten is absorbed by a transcript that nobody asks. */
void __wrap_ska_transcript_item_begin(struct ska_transcript_item *item, struct ska_transcript *t,
                                      const char *label, uint64_t len)
{
    static _Thread_local struct ska_transcript nobody;
    __real_ska_transcript_item_begin(item, is_forgotten(label) ? &nobody : t, label, len);
}
