/* SPDX-License-Identifier: EUPL-1.2 */
/* bare_site.h - a site of which nothing is known but its figures. */
#ifndef SKA_TESTS_BARE_SITE_H
#define SKA_TESTS_BARE_SITE_H

#include "reports/pages/page.h"

/* Borrows both. */
static inline struct page_site bare_site(const struct cube *cube, const struct site_facts *facts)
{
    return (struct page_site){.cube = cube,
                              .facts = facts,
                              .leader_url = "",
                              .publisher_key = "",
                              .second_key = "",
                              .leader_key = "",
                              .helper_key = ""};
}

#endif
