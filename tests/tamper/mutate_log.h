/* SPDX-License-Identifier: EUPL-1.2 */
/* mutate_log.h - a public log changed without a plan, as leader and witnesses would sign it. */
#ifndef SKA_TESTS_MUTATE_LOG_H
#define SKA_TESTS_MUTATE_LOG_H

#include "tests/tamper/make_log.h"

/* Leave out, repeat, move or change one of the entries, mostly one of the last, and sign the log
 * anew. What was done is told in `what`. */
#define MUTATE_LOG_TEXT 80
void mutate_log(char what[static MUTATE_LOG_TEXT], struct made_log *m, uint64_t (*draw)(void));

#endif
