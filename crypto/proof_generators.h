/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_generators.h - the generators Gs[i], Hs[i] and H' of the weighted-bit proof.
 *
 * Each is the one-way map (RFC 9496, section 4.3.4) on SHA-512(len8(label) || label || u32 i); for
 * H' without an index. They are made once for the process as far as they are needed, and stay
 * where they are.
 */
#ifndef SKA_PROOF_GENERATORS_H
#define SKA_PROOF_GENERATORS_H

#include "crypto/group.h"

/* So many of Gs and of Hs go into ska_proof_generators_hash. */
#define SKA_GENERATORS_HASHED 64u

/* Valid for indices below the largest n that ska_proof_generators_prepare has been called with. */
const ska_point *ska_proof_gs(void);
const ska_point *ska_proof_hs(void);
const ska_point *ska_proof_h(void); /* H', after any prepare */

#endif
