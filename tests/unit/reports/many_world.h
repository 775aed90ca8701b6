/* SPDX-License-Identifier: EUPL-1.2 */
/* many_world.h - a world of many indicators over eight years of quarters, for the weight of pages.
 */
#ifndef SKA_TESTS_MANY_WORLD_H
#define SKA_TESTS_MANY_WORLD_H

#include "tests/unit/reports/cube_world.h"

#define MANY_WORLD_YEARS 8
#define MANY_WORLD_BYTES 400000

/* So many indicators of a quarter, as C of cube_world.h. */
static inline struct ska_catalogue *many_world_catalogue(unsigned n)
{
    SKA_SCOPED(ska_scoped_free) char *text = calloc(1, MANY_WORLD_BYTES);
    ck_assert_ptr_nonnull(text);
    size_t len = (size_t)snprintf(
        text, MANY_WORLD_BYTES,
        "{'skarva_catalogue': 1, 'id': 'many', 'edition': '1', 'title': {'sv': 'M\xC3\xA5nga', "
        "'en': "
        "'Many'}, 'description': {'sv': 'Allt.', 'en': 'All.'}, 'dimensions': [], 'record_kinds': "
        "[{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': [{'code': 'a', "
        "'kind': 'flag'}]}], 'indicators': "
        "[");
    for (unsigned i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, MANY_WORLD_BYTES - len,
                                "%s{'code': 'N%u', 'label': {'sv': 'Sort nummer %u', 'en': 'Kind "
                                "number %u'}, 'unit': {'sv': 'st', 'en': 'pcs'}, 'origin': "
                                "'ordered', 'cadence': 'quarter', 'sensitivity': 'case', 'bound': "
                                "1000, 'count': {'records': 'fall'}}",
                                i > 0 ? ", " : "", i, i, i);
    (void)snprintf(text + len, MANY_WORLD_BYTES - len, "]}");
    return cube_world_catalogue(text);
}

/* One indicator of a quarter, with one dimension of so many categories, whose labels are long. */
static inline struct ska_catalogue *many_world_wide(unsigned categories)
{
    SKA_SCOPED(ska_scoped_free) char *text = calloc(1, MANY_WORLD_BYTES);
    ck_assert_ptr_nonnull(text);
    size_t len = (size_t)snprintf(
        text, MANY_WORLD_BYTES,
        "{'skarva_catalogue': 1, 'id': 'many', 'edition': '1', 'title': {'sv': 'Bred', 'en': "
        "'Wide'}, 'description': {'sv': 'Allt.', 'en': 'All.'}, 'dimensions': [{'code': 'D', "
        "'label': {'sv': 'slag', 'en': 'kind'}, 'categories': [");
    for (unsigned k = 0; k < categories; k++)
        len +=
            (size_t)snprintf(text + len, MANY_WORLD_BYTES - len,
                             "%s{'code': 'k%u', 'label': {'sv': 'Ett slag som heter n\xC3\xA5got "
                             "l\xC3\xA5ngt, nummer %u', 'en': 'A kind with a long name, number "
                             "%u'}}",
                             k > 0 ? ", " : "", k, k, k);
    (void)snprintf(text + len, MANY_WORLD_BYTES - len,
                   "]}], 'record_kinds': [{'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, "
                   "'columns': [{'code': 'd', 'kind': 'category', 'dimension': 'D'}]}], "
                   "'indicators': [{'code': 'N0', 'label': {'sv': 'Sort', 'en': 'Kind'}, 'unit': "
                   "{'sv': 'st', 'en': 'pcs'}, 'origin': 'ordered', 'cadence': 'quarter', "
                   "'sensitivity': 'case', 'bound': 1000, 'tables': ['D'], 'count': {'records': "
                   "'fall'}}]}");
    return cube_world_catalogue(text);
}

/* Takes the catalogue over. */
static inline void many_world_of(struct cube_world *w, struct ska_catalogue *catalogue,
                                 unsigned years)
{
    *w = (struct cube_world){.catalogue = catalogue};
    w->cube = (struct cube){.collection = "many", .catalogue = w->catalogue};
    cube_world_blocks(&w->cube);
    w->cube.rates = ska_alloc(catalogue->n_indicators, sizeof *w->cube.rates);
    ck_assert_ptr_nonnull(w->cube.rates);
    for (unsigned q = 0; q < 4 * years; q++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%uQ%u", 2018 + q / 4, 1 + q % 4);
        cube_world_add(w, SKA_QUARTER, false, name, CUBE_WORLD_DAY_S(4) + UINT64_C(7776000) * q);
    }
    ck_assert_status(cube_finish(&w->cube), SKA_OK);
}

static inline void many_world_init(struct cube_world *w, unsigned n)
{
    many_world_of(w, many_world_catalogue(n), MANY_WORLD_YEARS);
}

#endif
