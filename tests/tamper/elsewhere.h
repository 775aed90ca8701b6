/* SPDX-License-Identifier: EUPL-1.2 */
/* elsewhere.h - what a plain period's cheats come to in other kinds of release, where that is
 * something else. */
#ifndef SKA_TESTS_ELSEWHERE_H
#define SKA_TESTS_ELSEWHERE_H

#include "tests/tamper/play.h"

/* The checks that must fail, no more and no fewer, as struct cheat has them; "" where it does no
 * harm. NULL: some of those that it fails where it is made for. */
const char *elsewhere_want(const struct play_place *place, const struct cheat *cheat);

#endif
