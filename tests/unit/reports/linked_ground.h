/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linked_ground.h - a catalogue of one indicator, counted each half-year, and what the publisher
 * decides about releases of it that are linked: for attacks on a year and on a correction.
 */
#ifndef SKA_TESTS_LINKED_GROUND_H
#define SKA_TESTS_LINKED_GROUND_H

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/linked_join.h"
#include "reports/disclosure/disclosure.h"
#include "tests/test.h"

/* The catalogue's text; `more` is what else the indicator says, with a comma behind. */
#define GROUND_CATALOGUE(more)                                                                   \
    "{\"skarva_catalogue\": 1, \"id\": \"sample\", \"edition\": \"1\","                          \
    " \"title\": {\"sv\": \"Prov\", \"en\": \"Sample\"},"                                        \
    " \"dimensions\": [{\"code\": \"KON\", \"label\": {\"sv\": \"kön\", \"en\": \"sex\"},"      \
    "   \"categories\": [{\"code\": \"K\", \"label\": {\"sv\": \"kvinna\", \"en\": \"woman\"}}," \
    "                    {\"code\": \"M\", \"label\": {\"sv\": \"man\", \"en\": \"man\"}}]}],"   \
    " \"record_kinds\": [{\"code\": \"fall\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"}," \
    "   \"columns\": [{\"code\": \"kon\", \"kind\": \"category\", \"dimension\": \"KON\"}]}],"   \
    " \"indicators\": [{\"code\": \"A\", \"label\": {\"sv\": \"fall\", \"en\": \"cases\"},"      \
    "   \"unit\": {\"sv\": \"fall\", \"en\": \"cases\"}, \"origin\": \"ordered\","               \
    "   \"cadence\": \"half_year\", \"sensitivity\": \"case\", \"bound\": 60, " more             \
    "   \"count\": {\"records\": \"fall\"}}],"                                                   \
    " \"rules\": []}"

static const struct ska_policy policy = {3, 5, true, 2, 0};

struct ground {
    struct ska_catalogue *catalogue; /* owned */
    struct ska_layout *layout;       /* owned */
    uint32_t members[4];
    struct ska_group group; /* of the first four contributors */
    struct ska_groups groups;
};

static inline void ground_init(struct ground *g, const char *catalogue, bool has_group)
{
    *g = (struct ground){.members = {0, 1, 2, 3}};
    g->group = (struct ska_group){
        .code = "G", .sv = "g", .en = "g", .n_members = 4, .members = g->members};
    g->groups = (struct ska_groups){has_group ? 1 : 0, &g->group};
    ck_assert_status(ska_catalogue_parse(&g->catalogue, catalogue, strlen(catalogue), NULL),
                     SKA_OK);
    ck_assert_status(ska_layout_new(&g->layout, g->catalogue, SKA_HALF_YEAR, NULL), SKA_OK);
}

static inline void ground_clear(struct ground *g)
{
    ska_layout_free(g->layout);
    ska_catalogue_free(g->catalogue);
}

/* One release of it by itself, in which the first `n` contributors, and no others, are counted. */
static inline struct ska_linked *ground_link(const struct ground *g, uint32_t n)
{
    static const uint32_t counted[] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct ska_linked *l = NULL;
    ck_assert_uint_le(n, N_OF(counted));
    ck_assert_status(ska_linked_new(&l, g->layout, &policy, &g->groups, n, counted, n), SKA_OK);
    return l;
}

/* The reasons of the first `n` figures, as the publisher decides them. */
static inline void ground_decide(uint8_t *reason, uint32_t n, const struct ska_linked *l,
                                 const uint64_t *totals)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_certificate_clear) struct ska_certificate certificate = {0};
    const struct disclosure_input input = {.linked = l, .policy = policy, .totals = totals};
    struct ska_error err = {0};
    ck_assert_msg(disclosure_decide(&hidden, &certificate, NULL, &input, &err) == SKA_OK, "%s",
                  err.text);
    memset(reason, 0, n);
    for (uint32_t i = 0; i < hidden.n; i++) {
        ck_assert_uint_lt(hidden.at[i].figure, n);
        reason[hidden.at[i].figure] = (uint8_t)hidden.at[i].reason;
    }
}

#endif
