/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site_facts.h - what only the publisher can say, for the pages: who publishes, whom to ask, when
 * accessibility was assessed. Kept in the collection's file "pages", lines "name = value", empty
 * lines and lines that start with # skipped; the file may be absent, and so may any line.
 */
#ifndef SKA_REPORTS_SITE_FACTS_H
#define SKA_REPORTS_SITE_FACTS_H

#include "crypto/bytes.h"

enum site_fact {
    FACT_ORGANISATION_SV = 0, /* "organisation.sv" */
    FACT_ORGANISATION_EN,     /* "organisation.en" */
    FACT_EMAIL,               /* "email" */
    FACT_PHONE,               /* "phone" */
    FACT_ADDRESS,             /* "address" */
    FACT_WEB,                 /* "web": an https address */
    FACT_ASSESSED,            /* "accessibility.assessed": 2026-01-28 */
    FACT_UPDATED,             /* "accessibility.updated": when the statement was gone over last */
    FACT_METHOD,              /* "accessibility.method": self or external */
    FACT_STATUS,              /* "accessibility.status": full, partial or none */
    FACT_REMARKS_SV,          /* "accessibility.remarks.sv": known shortcomings */
    FACT_REMARKS_EN,          /* "accessibility.remarks.en" */
    FACT_BURDEN_SV, /* "accessibility.burden.sv": what is left out by section 12, and why */
    FACT_BURDEN_EN, /* "accessibility.burden.en" */
    FACT_EXEMPT_SV, /* "accessibility.exempt.sv": what the law does not cover, section 9 */
    FACT_EXEMPT_EN, /* "accessibility.exempt.en" */
    SITE_FACTS
};

#define SITE_FACT_MAX 1000 /* bytes of a value */
#define SITE_FACTS_BYTES_MAX 65536

/* Valid when zeroed: nothing said. */
struct site_facts {
    char *at[SITE_FACTS]; /* owned, NULL if not said */
};
void site_facts_clear(struct site_facts *facts);

/* One fact, "" if it was not said. */
const char *site_fact(const struct site_facts *facts, enum site_fact which);

/* SKA_E_FORMAT naming line and what is wrong: no "name = value", an unknown name, one said twice, a
 * value that is no line of UTF-8, no e-mail address, no https address, no day, no status. */
enum ska_status site_facts_read(struct site_facts *facts, struct ska_slice text,
                                struct ska_error *err) SKA_MUST_CHECK;

#endif
