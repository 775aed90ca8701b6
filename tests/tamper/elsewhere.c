/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * elsewhere.c - what a plain period's cheats come to in other kinds of release.
 *
 * In a correction what is hidden stays so, and nothing is proven of it again. In a rounded release
 * counts are proven and not opened: a share that does not add up is seen by the proof, and shares
 * that do are nobody's fault. Where releases are linked, that a complement is needed rests on the
 * publisher's word (docs/disclosure-control.md): it hides more, and tells nothing. What a release
 * says of those before it is compared with them only where it has some.
 */
#include "tests/tamper/elsewhere.h"

#include <string.h>

#include "tests/test.h"

/* Bits of play_places, in their order. */
#define CORRECTION 2u
#define ROUNDED 4u
#define YEAR 8u
#define ROUNDED_YEAR 16u
#define YEAR_CORRECTION 32u
#define ROUNDED_ANY (ROUNDED | ROUNDED_YEAR)

static const struct {
    unsigned places;
    const char *name, *want;
} others[] = {
    {CORRECTION, "leader wrong in a hidden cell", ""},
    {YEAR_CORRECTION, "leader wrong in a hidden cell", "year-openings"},
    /* Something does: E of an earlier quarter is small, and adds up with this one to the year's.
     * (A cell that nothing leads to there: cheats_year.c) */
    {YEAR | YEAR_CORRECTION, "complement that nothing leads to", ""},
    {CORRECTION | YEAR_CORRECTION, "dependent cell called complement", "correction-kept"},
    {ROUNDED_YEAR, "dependent cell called complement", "no-hidden-openings"},
    {CORRECTION, "small cell shown",
     "correction-kept complementary-suppression protection certificate"},
    {CORRECTION | YEAR_CORRECTION, "a first release that names one before it",
     "release-signature release-second-signature earlier-releases correction-chain"},
    {YEAR_CORRECTION, "a second release that names none before it",
     "release-signature release-second-signature earlier-releases correction-chain"},
    {YEAR | ROUNDED_YEAR, "a first release that names one before it",
     "release-signature release-second-signature earlier-releases"},
    {YEAR | ROUNDED_YEAR, "a second release that names none before it",
     "release-signature release-second-signature earlier-releases"},
    {ROUNDED_ANY, "both off by amounts that cancel", ""},
    {ROUNDED_ANY, "both swap cells", "rounded-figures"},
    {ROUNDED_ANY, "helper off by one", "rounded-figures"},
    {ROUNDED_ANY, "leader off by one", "rounded-figures"},
    {ROUNDED_ANY, "leader signs a scalar that is not reduced", "rounded-figures"},
    {ROUNDED_ANY, "leader swaps cells", "rounded-figures"},
    {ROUNDED_ANY, "leader's blinding off by one", "rounded-figures"},
};

const char *elsewhere_want(const struct play_place *place, const struct cheat *cheat)
{
    unsigned bit = 1u << (place - play_places);
    for (size_t i = 0; i < N_OF(others); i++)
        if ((others[i].places & bit) != 0 && strcmp(others[i].name, cheat->name) == 0)
            return others[i].want;
    return NULL;
}
