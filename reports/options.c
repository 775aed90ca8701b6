/* SPDX-License-Identifier: EUPL-1.2 */
/* options.c - one table of options, one loop. */
#include "reports/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "protocol/swedish.h"
#include "protocol/task.h"
#include "support/language.h"

enum kind { TEXT, NUMBER, POSITIVE, USUAL, SWITCH, WAIT, CARDS };

struct option {
    const char *name;
    enum kind kind;
    size_t offset;  /* of the field in struct options */
    uint64_t max;   /* of a number */
    uint64_t usual; /* of a USUAL number that is not said */
};

#define FIELD(field) offsetof(struct options, field)

static const struct option options[] = {
    {"--home", TEXT, FIELD(home), 0, 0},
    {"--name", TEXT, FIELD(name), 0, 0},
    {"--catalogue", TEXT, FIELD(catalogue), 0, 0},
    {"--leader", TEXT, FIELD(leader), 0, 0},
    {"--helper", TEXT, FIELD(helper), 0, 0},
    {"--trust", TEXT, FIELD(trust), 0, 0},
    {"--ca", TEXT, FIELD(ca), 0, 0},
    {"--site", TEXT, FIELD(site), 0, 0},
    {"--groups", TEXT, FIELD(groups), 0, 0},
    {"--log-policy", TEXT, FIELD(log_policy), 0, 0},
    {"--collected", TEXT, FIELD(collected), 0, 0},
    {"--publisher", TEXT, FIELD(publisher), 0, 0},
    {"--licence", TEXT, FIELD(licence), 0, 0},
    {"--contact", TEXT, FIELD(contact), 0, 0},
    {"--kind", TEXT, FIELD(kind), 0, 0},
    {"--source", TEXT, FIELD(source), 0, 0},
    {"--date", TEXT, FIELD(date), 0, 0},
    {"--window-start", TEXT, FIELD(window_start), 0, 0},
    {"--window-days", NUMBER, FIELD(window_days), 3660, 0},
    {"--min-contributors", NUMBER, FIELD(min_contributors), 10000, 0},
    {"--threshold", NUMBER, FIELD(threshold), UINT32_MAX, 0},
    {"--protection", POSITIVE, FIELD(protection), UINT32_MAX, 0},
    {"--rounding", USUAL, FIELD(rounding), SKA_ROUNDING_MAX, OPTIONS_USUAL_ROUNDING},
    {"--draft", TEXT, FIELD(draft), 0, 0},
    {"--signature", TEXT, FIELD(signature), 0, 0},
    {"--earlier", TEXT, FIELD(earlier), 0, 0},
    {"--verifier", TEXT, FIELD(verifier), 0, 0},
    {"--second", SWITCH, FIELD(second), 0, 0},
    {"--yes", SWITCH, FIELD(yes), 0, 0},
    {"--again", SWITCH, FIELD(again), 0, 0},
    {"--early", SWITCH, FIELD(early), 0, 0},
    {"--no-pages", SWITCH, FIELD(no_pages), 0, 0},
    {"--redraft", SWITCH, FIELD(redraft), 0, 0},
    {"--csv", SWITCH, FIELD(csv), 0, 0},
    {"--json", SWITCH, FIELD(json), 0, 0},
    {"--hide-zero", SWITCH, FIELD(hide_zero), 0, 0},
    {"--check-proofs", SWITCH, FIELD(check_proofs), 0, 0},
    {"--wait", WAIT, FIELD(wait), 999, 0},
    {"--cards", CARDS, 0, 0, 0},
    {"--help", SWITCH, FIELD(help), 0, 0},
    {"-h", SWITCH, FIELD(help), 0, 0},
};

enum ska_status options_number(uint64_t *value, const char *text, uint64_t max)
{
    uint64_t v = 0;
    if (text[0] == '\0')
        return SKA_E_FORMAT;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            return SKA_E_FORMAT;
        if (__builtin_mul_overflow(v, 10u, &v) ||
            __builtin_add_overflow(v, (uint64_t)(*c - '0'), &v))
            return SKA_E_RANGE;
    }
    if (v > max)
        return SKA_E_RANGE;
    *value = v;
    return SKA_OK;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar; the year starts in March here, so that
 * the leap day is its last. */
static uint64_t days_to(uint64_t year, uint64_t month, uint64_t day)
{
    uint64_t y = month > 2 ? year : year - 1;
    uint64_t m = month > 2 ? month - 3 : month + 9;
    uint64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    return days - 719468; /* 1970-01-01 counted the same way */
}

static bool is_date(const char *text)
{
    return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

static enum ska_status read_date(uint64_t *time_s, const char *text)
{
    char part[5] = {0};
    uint64_t year, month, day;
    memcpy(part, text, 4);
    SKA_TRY(options_number(&year, part, 9999));
    part[2] = '\0';
    memcpy(part, text + 5, 2);
    SKA_TRY(options_number(&month, part, 12));
    memcpy(part, text + 8, 2);
    SKA_TRY(options_number(&day, part, 31));
    if (year < 1970 || month < 1 || day < 1)
        return SKA_E_RANGE;
    uint64_t after = month < 12 ? days_to(year, month + 1, 1) : days_to(year + 1, 1, 1);
    if (days_to(year, month, day) >= after)
        return SKA_E_RANGE; /* the month is not that long */
    *time_s = days_to(year, month, day) * 86400;
    return SKA_OK;
}

enum ska_status options_time(uint64_t *time_s, const char *text, uint64_t now_s)
{
    uint64_t t = now_s;
    if (is_date(text))
        SKA_TRY(read_date(&t, text));
    else if (strcmp(text, "now") != 0)
        SKA_TRY(options_number(&t, text, UINT32_MAX * UINT64_C(10)));
    *time_s = t - t % 3600;
    return SKA_OK;
}

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] != '\0';
}

/* Whether what follows --wait is the command's period rather than seconds; once a period was named,
 * digits alone are seconds. */
static bool is_period(const struct options *o, const char *text)
{
    enum ska_cadence cadence;
    uint32_t year = 0;
    uint32_t part = 0;
    if (o->command == NULL || ska_period_parse(&cadence, &year, &part, text) != SKA_OK)
        return false;
    return o->n_periods == 0 || strspn(text, "0123456789") < strlen(text);
}

static enum ska_status read_number(uint64_t *field, const struct option *option, const char *text,
                                   struct ska_error *err)
{
    const unsigned least = option->kind == POSITIVE; /* 0 stands for what was not said */
    if (options_number(field, text, option->max) != SKA_OK || *field < least)
        return ska_fail(err, SKA_E_USAGE,
                        tr("%s: \"%s\" är inte ett heltal från %u till %llu",
                           "%s: \"%s\" is not a whole number from %u to %llu"),
                        option->name, text, least, (unsigned long long)option->max);
    return SKA_OK;
}

/* One option at argv[*at], which is moved to the last word it takes. */
static enum ska_status read_option(struct options *o, int *at, int argc, char *const *argv,
                                   struct ska_error *err)
{
    const struct option *option = find_option(argv[*at]);
    if (option == NULL)
        return ska_fail(err, SKA_E_USAGE, tr("okänt val: %s", "unknown option: %s"), argv[*at]);
    bool has_value = *at + 1 < argc && !is_option(argv[*at + 1]);
    char *field = (char *)o + option->offset;
    if ((option->kind == TEXT || option->kind == NUMBER || option->kind == POSITIVE) && !has_value)
        return ska_fail(err, SKA_E_USAGE, tr("%s: värde saknas", "%s: needs a value"),
                        option->name);
    switch (option->kind) {
    case TEXT:
        memcpy(field, &argv[++*at], sizeof argv[0]);
        return SKA_OK;
    case NUMBER:
    case POSITIVE: {
        uint64_t value;
        SKA_TRY(read_number(&value, option, argv[++*at], err));
        memcpy(field, &value, sizeof value);
        return SKA_OK;
    }
    case USUAL: {
        uint64_t value = option->usual;
        if (has_value)
            SKA_TRY(read_number(&value, option, argv[++*at], err));
        memcpy(field, &value, sizeof value);
        return SKA_OK;
    }
    case SWITCH:
        *(bool *)field = true;
        return SKA_OK;
    case WAIT:
        o->wait = true;
        if (has_value && !is_period(o, argv[*at + 1]))
            return read_number(&o->wait_s, option, argv[++*at], err);
        return SKA_OK;
    case CARDS:
        while (*at + 1 < argc && !is_option(argv[*at + 1]))
            o->cards[o->n_cards++] = argv[++*at];
        return SKA_OK;
    }
    return SKA_E_BUG;
}

/* --lang comes first, so that complaints about the rest are in the right language. */
static enum ska_status choose_language(int argc, char *const *argv, struct ska_error *err)
{
    const char *wanted = NULL;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--lang") == 0)
            wanted = i + 1 < argc ? argv[i + 1] : "";
    if (!language_choose(wanted))
        return ska_fail(err, SKA_E_USAGE, "--lang: sv | en");
    ska_speak_swedish(language_is_swedish());
    return SKA_OK;
}

enum ska_status options_read(struct options *o, int argc, char *const *argv, struct ska_error *err)
{
    *o = (struct options){.min_contributors = 3,
                          .threshold = 5,
                          .window_days = 14,
                          .window_start = "now",
                          .wait_s = 600};
    SKA_TRY(choose_language(argc, argv, err));
    size_t room = argc > 0 ? (size_t)argc : 1;
    o->cards = ska_alloc(room, sizeof *o->cards);
    o->periods = ska_alloc(room, sizeof *o->periods);
    if (o->cards == NULL || o->periods == NULL)
        return SKA_E_MEMORY;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--lang") == 0)
            i++;
        else if (is_option(argv[i]))
            SKA_TRY(read_option(o, &i, argc, argv, err));
        else if (o->command == NULL)
            o->command = argv[i];
        else
            o->periods[o->n_periods++] = argv[i];
    }
    return SKA_OK;
}

void options_clear(struct options *o)
{
    free(o->cards);
    free(o->periods);
    *o = (struct options){0};
}
