/* SPDX-License-Identifier: EUPL-1.2 */
/* records.h - a small catalogue for the client's tests, and its layout. */
#ifndef SKA_TESTS_CLIENT_RECORDS_H
#define SKA_TESTS_CLIENT_RECORDS_H

#include "protocol/layout.h"

#include "tests/test.h"

/*
 * fall:   nr (id), kön (KON), form (FORM, several), anmält (flag), antal (number), person (text)
 * möten:  möte (id)
 * A1 rows of fall by KON and FORM; A2 those reported; A3 different persons by KON and FORM; A4 the
 * sum of antal; A5 rows of möten, always answered; A6 rows of fall whose person is "Okänd".
 */
static const char records_json[] =
    "{'skarva_catalogue': 1, 'id': 'prov', 'edition': '1', 'title': {'sv': 'P', 'en': 'T'},"
    " 'dimensions': ["
    "  {'code': 'KON', 'label': {'sv': 'kön', 'en': 'sex'}, 'categories': ["
    "    {'code': 'K', 'label': {'sv': 'kvinna', 'en': 'woman'}, 'values': ['kvinnor, flickor']},"
    "    {'code': 'M', 'label': {'sv': 'man', 'en': 'man'}, 'values': ['pojke (ä, ö)']},"
    "    {'code': 'X', 'label': {'sv': 'okänt', 'en': 'unknown'}, 'values': ['']}]},"
    "  {'code': 'FORM', 'label': {'sv': 'form', 'en': 'form'}, 'multiple_response': true,"
    "   'categories': ["
    "    {'code': 'PSY', 'label': {'sv': 'psykiskt', 'en': 'psychological'}},"
    "    {'code': 'FYS', 'label': {'sv': 'fysiskt', 'en': 'physical'}}]}],"
    " 'record_kinds': ["
    "  {'code': 'fall', 'label': {'sv': 'fall', 'en': 'cases'}, 'columns': ["
    "    {'code': 'nr', 'kind': 'id', 'required': true, 'headers': ['Ärende']},"
    "    {'code': 'kon', 'kind': 'category', 'dimension': 'KON', 'required': true,"
    "     'headers': ['Kön']},"
    "    {'code': 'form', 'kind': 'category', 'dimension': 'FORM', 'headers': ['Våldsform']},"
    "    {'code': 'anmalt', 'kind': 'flag'},"
    "    {'code': 'antal', 'kind': 'number'},"
    "    {'code': 'person', 'kind': 'text'}]},"
    "  {'code': 'moten', 'label': {'sv': 'möten', 'en': 'meetings'}, 'columns': ["
    "    {'code': 'mote', 'kind': 'id', 'required': true, 'headers': ['Möte']}]}],"
    " 'indicators': ["
    "  {'code': 'A1', 'label': {'sv': 'fall', 'en': 'cases'}, 'unit': {'sv': 's', 'en': 'p'},"
    "   'origin': 'ordered', 'cadence': 'quarter', 'sensitivity': 'case', 'bound': 1000,"
    "   'soft_warn': 20, 'may_be_blank': true, 'tables': ['KON', 'FORM'],"
    "   'count': {'records': 'fall'}},"
    "  {'code': 'A2', 'label': {'sv': 'anmälda', 'en': 'reported'},"
    "   'unit': {'sv': 's', 'en': 'p'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 1000, 'may_be_blank': true,"
    "   'count': {'records': 'fall', 'where': [{'column': 'anmalt', 'is': ['yes']},"
    "             {'column': 'kon', 'is': ['K', 'M']}]}},"
    "  {'code': 'A3', 'label': {'sv': 'personer', 'en': 'persons'},"
    "   'unit': {'sv': 's', 'en': 'p'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 1000, 'may_be_blank': true, 'tables': ['KON', 'FORM'],"
    "   'count': {'records': 'fall', 'distinct': 'person'}},"
    "  {'code': 'A4', 'label': {'sv': 'summa', 'en': 'sum'}, 'unit': {'sv': 's', 'en': 'p'},"
    "   'origin': 'derived', 'cadence': 'quarter', 'sensitivity': 'case', 'bound': 50,"
    "   'may_be_blank': true, 'tables': ['KON'],"
    "   'count': {'records': 'fall', 'sum': 'antal'}},"
    "  {'code': 'A5', 'label': {'sv': 'möten', 'en': 'meetings'},"
    "   'unit': {'sv': 's', 'en': 'p'}, 'origin': 'ordered', 'cadence': 'quarter',"
    "   'sensitivity': 'process', 'bound': 2, 'count': {'records': 'moten'}},"
    "  {'code': 'A6', 'label': {'sv': 'okända', 'en': 'unknown'},"
    "   'unit': {'sv': 's', 'en': 'p'}, 'origin': 'derived', 'cadence': 'quarter',"
    "   'sensitivity': 'case', 'bound': 1000, 'may_be_blank': true,"
    "   'count': {'records': 'fall', 'where': [{'column': 'person', 'is': ['Okänd']}]}}],"
    " 'rules': [{'code': 'R1', 'label': {'sv': 'anmälda är högst fallen', 'en': 'reported at most "
    "cases'}, 'terms': {'A1': 1, 'A2': -1}}]}";

enum { KIND_FALL, KIND_MOTEN };

static inline struct ska_layout *records_layout(void)
{
    char text[sizeof records_json];
    memcpy(text, records_json, sizeof text);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    struct ska_catalogue *catalogue = NULL;
    struct ska_layout *layout = NULL;
    struct ska_error err = {0};
    enum ska_status got = ska_catalogue_parse(&catalogue, text, strlen(text), &err);
    ck_assert_msg(got == SKA_OK, "%s", err.text);
    ck_assert_status(ska_layout_new(&layout, catalogue, SKA_QUARTER, NULL), SKA_OK);
    return layout;
}

/* The same, where A1 and A3 can be marked. */
static inline struct ska_layout *records_layout_with_marks(void)
{
    struct ska_layout *plain = records_layout(), *l = NULL;
    const struct ska_catalogue *catalogue = plain->catalogue;
    struct ska_catalogue *owned = NULL;
    memcpy(&owned, &catalogue, sizeof owned); /* made above */
    ska_layout_free(plain);
    owned->indicators[0].marks = owned->indicators[2].marks = true;
    ck_assert_status(ska_layout_new(&l, owned, SKA_QUARTER, NULL), SKA_OK);
    return l;
}

static inline void records_free(struct ska_layout *layout)
{
    const struct ska_catalogue *catalogue = layout->catalogue;
    struct ska_catalogue *owned = NULL;
    memcpy(&owned, &catalogue, sizeof owned); /* made above */
    ska_layout_free(layout);
    ska_catalogue_free(owned);
}

#endif
