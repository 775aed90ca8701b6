/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * weak.h - transcripts that leave one input out. Programs of this folder are linked so that what is
 * absorbed goes through weak.c (-Wl,--wrap; Makefile).
 */
#ifndef SKA_TESTS_WEAK_H
#define SKA_TESTS_WEAK_H

/* The label of the items that no transcript absorbs from now on; NULL: none, all is as it should
 * be. Borrowed. */
extern const char *weak_forgotten;

/* What each of cheats_with_weak leaves out. */
extern const char *const weak_inputs[];

#endif
