/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * transcript.h - the one chained transcript from which every challenge of a proof comes.
 *
 * The state is 64 bytes, zero at first. With len8 and len64 big-endian lengths,
 *
 *     absorb     state = SHA-512(state || 0x00 || len8(label) || label || len64(data) || data)
 *     challenge  c = SHA-512(state || 0x01 || len8(label) || label); the challenge is c, read as a
 *                512-bit little-endian number, modulo L; then c is absorbed under the same label
 *
 * so that no challenge is known before all that it answers, and every item is bounded by its length
 * and named by its label. docs/proofs.md gives the order of the items.
 */
#ifndef SKA_TRANSCRIPT_H
#define SKA_TRANSCRIPT_H

#include "crypto/group.h"
#include "crypto/hash.h"

/* Holds no secret. A copy of the struct is a fork of the transcript. */
struct ska_transcript {
    uint8_t state[64];
};

/* The zero state, with SKA_LABEL_PROTOCOL absorbed under SKA_LABEL_T_PROTOCOL. */
void ska_transcript_init(struct ska_transcript *t);

/* Absorb one item: bytes, eight bytes big-endian, an encoded point, an encoded scalar. */
void ska_transcript_absorb(struct ska_transcript *t, const char *label, const void *data,
                           size_t len);
void ska_transcript_absorb_u64(struct ska_transcript *t, const char *label, uint64_t value);
void ska_transcript_absorb_point(struct ska_transcript *t, const char *label,
                                 const uint8_t point[static SKA_POINT_BYTES]);
void ska_transcript_absorb_scalar(struct ska_transcript *t, const char *label, const ska_scalar *s);

/* A challenge uniform modulo L. SKA_E_PROOF if it is zero, which ends the proof. */
enum ska_status ska_transcript_challenge(ska_scalar *out, struct ska_transcript *t,
                                         const char *label) SKA_MUST_CHECK;

/* An item absorbed in pieces, of `len` bytes altogether; call ska_sha512_add on its hash
 * between begin and end. */
struct ska_transcript_item {
    struct ska_transcript *transcript;
    struct ska_sha512_state hash;
};
void ska_transcript_item_begin(struct ska_transcript_item *item, struct ska_transcript *t,
                               const char *label, uint64_t len);
void ska_transcript_item_end(struct ska_transcript_item *item);

#endif
