/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xof.h - TurboSHAKE128 (RFC 9861) and XofTurboShake128 (draft-irtf-cfrg-vdaf-20, section
 * "XofTurboShake128"). Constant time in seed and binder contents.
 */
#ifndef SKA_XOF_H
#define SKA_XOF_H

#include "crypto/bytes.h"
#include "crypto/scalar.h"

#define SKA_SEED_BYTES 32

/* Secret while it expands a seed. Valid after turboshake128_init or xof_init. */
struct ska_xof {
    uint64_t lanes[25];
    uint32_t offset;   /* bytes of the current block absorbed or squeezed */
    uint8_t separator; /* TurboSHAKE's D, 0x01..0x7F */
    bool squeezing;
};

void ska_turboshake128_init(struct ska_xof *x, uint8_t separator);
void ska_xof_absorb(struct ska_xof *x, const void *data,
                    size_t len); /* not after the first squeeze */
void ska_xof_squeeze(struct ska_xof *x, void *out, size_t len);
void ska_xof_clear(struct ska_xof *x);

/* XofTurboShake128(seed, dst, binder): D = 1; absorbs le16(len dst) || dst || u8(len seed) || seed
 * || binder. dst is at most 65535 bytes, the seed at most 255. */
void ska_xof_init(struct ska_xof *x, struct ska_slice seed, struct ska_slice dst,
                  struct ska_slice binder);

/* The next scalar: 64 bytes squeezed and reduced modulo L, so its bias is below 2^-250. */
void ska_xof_next_scalar(ska_scalar *out, struct ska_xof *x);

#endif
