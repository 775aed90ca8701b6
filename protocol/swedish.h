/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * swedish.h - the sentences of crypto/, protocol/ and support/ in Swedish.
 *
 * The parts above choose between two texts where they speak (support/language.h). What the parts
 * below say in English is looked up here: one table of pairs, the English text being the key. The
 * operating system's reasons are among them, by errno. A text that is not in the table stays
 * English; tests/unit/protocol/test_swedish.c and tests/unit/protocol/swedish_sentences.py hold the
 * table to be whole and its conversions to be those of the English.
 */
#ifndef SKA_SWEDISH_H
#define SKA_SWEDISH_H

#include "crypto/status.h"

/* From here on, statuses and errors speak Swedish, or English again. Once at start, before any
 * thread. */
void ska_speak_swedish(bool yes);

/* The Swedish for an English text, or NULL. Also for one in which the numbers stand already, as
 * servers send it: of a sentence of the table whose conversions are all numbers; that text lives
 * until the thread's next. */
const char *ska_in_swedish(const char *english);

/* The pairs, for the test: false behind the last. */
bool ska_swedish_pair(const char **english, const char **swedish, size_t index);

#endif
