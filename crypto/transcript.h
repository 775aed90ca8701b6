/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * transcript.h - the one chained transcript from which every challenge of a proof comes.
 *
 * The state is 64 bytes. Absorbing sets  state = SHA-512(state || 0x00 || len8(label) || label ||
 * len64(data) || data).  A challenge is  c = SHA-512(state || 0x01 || len8(label) || label) reduced
 * modulo L, and then state = c's 64 bytes before reduction absorbed under the label, so that no
 * challenge is known before what it answers. docs/protocol.md gives the bytes.
 */
#ifndef SKA_TRANSCRIPT_H
#define SKA_TRANSCRIPT_H

#include "crypto/group.h"

/* Holds no secret. A copy of the struct is a fork of the transcript. */
struct ska_transcript {
    uint8_t state[64];
};

void ska_transcript_init(struct ska_transcript *t); /* absorbs SKA_LABEL_PROTOCOL */
void ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                           size_t len);
void ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value);
void ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                 const uint8_t point[static SKA_POINT_BYTES]);
void ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label, const ska_scalar *s);

/* A challenge uniform modulo L. SKA_E_PROOF if it is zero, which ends the proof. */
enum ska_status ska_transcript_challenge(ska_scalar *out, struct ska_transcript *t,
                                         const char *label) SKA_MUST_CHECK;

#endif
