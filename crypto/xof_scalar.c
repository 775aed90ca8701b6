/* SPDX-License-Identifier: EUPL-1.2 */
/* xof_scalar.c - scalars from an XOF: how the helper's seed becomes its shares. */
#include "crypto/secret.h"
#include "crypto/xof.h"

void ska_xof_next_scalar(ska_scalar *out, struct ska_xof *x)
{
    uint8_t wide[64];
    ska_xof_squeeze(x, wide, sizeof wide);
    ska_scalar_reduce64(out, wide);
    ska_wipe(wide, sizeof wide);
}
