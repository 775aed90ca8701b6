/* SPDX-License-Identifier: EUPL-1.2 */
/* site_facts.c - what only the publisher can say, for the pages. */
#include "reports/pages/site_facts.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/text.h"
#include "support/language.h"

static const char *const names[SITE_FACTS] = {
    [FACT_ORGANISATION_SV] = "organisation.sv",
    [FACT_ORGANISATION_EN] = "organisation.en",
    [FACT_EMAIL] = "email",
    [FACT_PHONE] = "phone",
    [FACT_ADDRESS] = "address",
    [FACT_WEB] = "web",
    [FACT_ASSESSED] = "accessibility.assessed",
    [FACT_UPDATED] = "accessibility.updated",
    [FACT_METHOD] = "accessibility.method",
    [FACT_STATUS] = "accessibility.status",
    [FACT_REMARKS_SV] = "accessibility.remarks.sv",
    [FACT_REMARKS_EN] = "accessibility.remarks.en",
    [FACT_BURDEN_SV] = "accessibility.burden.sv",
    [FACT_BURDEN_EN] = "accessibility.burden.en",
    [FACT_EXEMPT_SV] = "accessibility.exempt.sv",
    [FACT_EXEMPT_EN] = "accessibility.exempt.en",
};

void site_facts_clear(struct site_facts *facts)
{
    for (size_t i = 0; i < SITE_FACTS; i++)
        free(facts->at[i]);
    *facts = (struct site_facts){0};
}

const char *site_fact(const struct site_facts *facts, enum site_fact which)
{
    return facts != NULL && facts->at[which] != NULL ? facts->at[which] : "";
}

/* "2026-01-28". */
static bool is_day(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

/* One "@" with something on both sides, no white space: enough for a mailto link. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
           strpbrk(text, " \t<>\"?&%") == NULL;
}

/* Why a value cannot be taken, or NULL. */
static const char *fault_of(enum site_fact which, const char *value)
{
    bool good = true;
    switch (which) {
    case FACT_EMAIL:
        good = is_email(value);
        break;
    case FACT_WEB:
        good = strncmp(value, "https://", 8) == 0 && strpbrk(value, " \t<>\"") == NULL;
        break;
    case FACT_ASSESSED:
    case FACT_UPDATED:
        good = is_day(value);
        break;
    case FACT_METHOD:
        good = strcmp(value, "self") == 0 || strcmp(value, "external") == 0;
        break;
    case FACT_STATUS:
        good = strcmp(value, "full") == 0 || strcmp(value, "partial") == 0 ||
               strcmp(value, "none") == 0;
        break;
    case FACT_ORGANISATION_SV:
    case FACT_ORGANISATION_EN:
    case FACT_PHONE:
    case FACT_ADDRESS:
    case FACT_REMARKS_SV:
    case FACT_REMARKS_EN:
    case FACT_BURDEN_SV:
    case FACT_BURDEN_EN:
    case FACT_EXEMPT_SV:
    case FACT_EXEMPT_EN:
    case SITE_FACTS:
        break;
    }
    return good ? NULL : tr("värdet har inte rätt form", "the value does not have the right form");
}

/* Well-formed UTF-8 without controls. */
static bool is_text(const char *line, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t width = ska_text_character(line + i, len - i);
        if (width == 0)
            return false;
        i += width;
    }
    return true;
}

/* One line "name = value". Returns why not, or NULL. */
static const char *read_line(struct site_facts *facts, const char *line, size_t len)
{
    const char *equals = memchr(line, '=', len);
    if (equals == NULL || equals == line)
        return tr("”namn = värde” väntades", "“name = value” was expected");
    size_t name_len = (size_t)(equals - line);
    const char *value = equals + 1, *end = line + len;
    while (name_len > 0 && line[name_len - 1] == ' ')
        name_len--;
    while (value < end && *value == ' ')
        value++;
    while (end > value && end[-1] == ' ')
        end--;
    for (size_t i = 0; i < SITE_FACTS; i++) {
        if (strlen(names[i]) != name_len || memcmp(names[i], line, name_len) != 0)
            continue;
        size_t n = (size_t)(end - value);
        if (facts->at[i] != NULL)
            return tr("namnet står två gånger", "the name stands twice");
        if (n == 0 || n > SITE_FACT_MAX || !is_text(value, n))
            return tr("värdet är tomt, för långt eller ingen text",
                      "the value is empty, too long or no text");
        facts->at[i] = ska_alloc(n + 1, 1);
        if (facts->at[i] == NULL)
            return tr("minnet räcker inte", "out of memory");
        memcpy(facts->at[i], value, n);
        return fault_of((enum site_fact)i, facts->at[i]);
    }
    return tr("namnet är okänt", "the name is not known");
}

enum ska_status site_facts_read(struct site_facts *facts, struct ska_slice text,
                                struct ska_error *err)
{
    struct site_facts read = {0};
    const char *at = (const char *)text.data, *end = text.len > 0 ? at + text.len : at;
    for (size_t number = 1; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = newline != NULL ? (size_t)(newline - at) : (size_t)(end - at);
        const char *fault = len == 0 || *at == '#' ? NULL : read_line(&read, at, len);
        if (fault != NULL) {
            site_facts_clear(&read);
            return ska_fail(err, SKA_E_FORMAT, tr("rad %zu: %s", "line %zu: %s"), number, fault);
        }
        at += len + (newline != NULL);
    }
    *facts = read;
    return SKA_OK;
}
