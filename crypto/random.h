/* SPDX-License-Identifier: EUPL-1.2 */
/* random.h - the one source of randomness. */
#ifndef SKA_RANDOM_H
#define SKA_RANDOM_H

#include "crypto/status.h"

#include <stdint.h>

/*
 * Fill `out` with `len` bytes from the operating system (getrandom). A program without randomness
 * must not go on, so there is no failure: if the system gives none, the process ends with a
 * message.
 */
void ska_random(uint8_t *out, size_t len);

/*
 * Replace the source, in tests only, to repeat known answers; NULL restores the operating system's.
 * The replacement applies to the whole process and must not be set while other threads run.
 */
void ska_random_replace_for_test(void (*source)(uint8_t *out, size_t len));

#endif
