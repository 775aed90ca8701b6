/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_witness_state.c - a witness's file: records of different logs, each cosigned by the key. */
#include <stdlib.h>
#include <string.h>

#include "witness/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_note_key key;
    struct witness_state state = {0};
    /* The key of the seeds. */
    uint8_t seed[SKA_SIGN_SEED_BYTES];
    struct ska_signing_key secret;
    memset(seed, 1, sizeof seed);
    if (ska_signing_key_from_seed(&secret, seed) != SKA_OK ||
        ska_note_key_init(&key, "w.example", SKA_NOTE_COSIGNATURE, secret.public_key) != SKA_OK)
        abort();
    if (witness_state_decode(&state, data, size, &key) != SKA_OK)
        return 0;
    for (size_t i = 0; i < state.n_records; i++)
        if (witness_state_find(&state, state.records[i].checkpoint.origin) != &state.records[i])
            abort();
    witness_state_close(&state);
    return 0;
}
