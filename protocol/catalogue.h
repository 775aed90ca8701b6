/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * catalogue.h - an indicator catalogue: what is counted, by which dimensions, within which bounds
 * and rules, and how case records become counts.
 *
 * The JSON form (docs/catalogue.md) is a view for people. Hashed and signed is the canonical binary
 * form alone; it holds everything, so that JSON -> struct -> binary -> struct loses nothing but
 * white space and order of keys.
 */
#ifndef SKA_CATALOGUE_H
#define SKA_CATALOGUE_H

#include "crypto/bytes.h"
#include "crypto/proof_context.h"

#define SKA_CATALOGUE_VERSION 1            /* of the JSON form; its additions are all optional */
#define SKA_CATALOGUE_BINARY_VERSION 2     /* of the canonical form */
#define SKA_CATALOGUE_BINARY_WHOLE 3       /* and where some indicator is whole_only */
#define SKA_CATALOGUE_BYTES_MAX (1u << 20) /* canonical form, and JSON text */
#define SKA_CODE_MAX 32                    /* bytes of a code: A-Z a-z 0-9 _ - */
#define SKA_TEXT_MAX 2000                  /* bytes of a label or description */
#define SKA_INDICATORS_MAX 1000
#define SKA_DIMENSIONS_MAX 100
#define SKA_CATEGORIES_MAX 200
#define SKA_RECORD_KINDS_MAX 50
#define SKA_COLUMNS_MAX 200   /* of one record kind */
#define SKA_CONDITIONS_MAX 20 /* of one indicator */
#define SKA_STRINGS_MAX 200   /* values of a category or condition, headers of a column */
#define SKA_BOUND_MAX (UINT64_C(1) << 32)
#define SKA_COEFFICIENT_MAX ((INT64_C(1) << 53) - 1) /* exact in every JSON reader */

enum ska_cadence { SKA_MONTH = 1, SKA_QUARTER, SKA_FOUR_MONTHS, SKA_HALF_YEAR, SKA_YEAR };
enum ska_sensitivity { SKA_CASE = 1, SKA_PROCESS };
enum ska_origin { SKA_ORDERED = 1, SKA_DERIVED };
/* Is a zero published as one? What the policy of the task says, or this whatever that says. */
enum ska_zeros { SKA_ZEROS_POLICY, SKA_ZEROS_SHOWN, SKA_ZEROS_HIDDEN };
/* May the figures of a year's shorter periods be added up to the year's? */
enum ska_yearly { SKA_YEARLY_NONE, SKA_YEARLY_SUM };
/* Per how many of whom its figures are also told. */
enum ska_population {
    SKA_POPULATION_NONE,
    SKA_POPULATION_ALL,
    SKA_POPULATION_WOMEN,
    SKA_POPULATION_MEN
};

/* UTF-8, NUL-terminated, both never NULL in a valid catalogue. */
struct ska_text {
    char *sv;
    char *en;
};

struct ska_strings {
    size_t n;
    char **at;
};

struct ska_category {
    char code[SKA_CODE_MAX + 1];
    struct ska_text label;
    struct ska_strings
        values; /* what records may say for it, beside code and labels; compared without case */
};

struct ska_dimension {
    char code[SKA_CODE_MAX + 1];
    struct ska_text label;
    bool multiple_response; /* a unit may be in several categories: each <= total; else their sum =
                               total */
    size_t n_categories;
    struct ska_category *categories;
};

/* A column of the case records. */
enum ska_column_kind {
    SKA_COLUMN_ID = 1,   /* the record's identifier: no two rows alike */
    SKA_COLUMN_CATEGORY, /* one category of `dimension`, or several separated by "," or "|" if it is
                            multiple response */
    SKA_COLUMN_FLAG,     /* yes or no */
    SKA_COLUMN_NUMBER,   /* a whole number >= 0 */
    SKA_COLUMN_TEXT      /* free text, used in conditions or to count distinct values */
};

struct ska_column {
    char code[SKA_CODE_MAX + 1];
    enum ska_column_kind kind;
    uint32_t dimension; /* index, for SKA_COLUMN_CATEGORY */
    bool required;      /* must be in every file of this record kind */
    struct ska_strings
        headers; /* names under which exports carry it, beside the code; compared without case */
};

/* A kind of file with case records: consultations, meetings, survey answers. */
struct ska_record_kind {
    char code[SKA_CODE_MAX + 1];
    struct ska_text label;
    size_t n_columns;
    struct ska_column *columns;
};

/* Which rows count: column `column` equals one of `values`. For a category column the values are
 * codes of its dimension, and a row with several categories counts if one of them is listed; for a
 * flag they are "yes" or "no"; for text they are compared without case. Never a number or an id. */
struct ska_condition {
    uint32_t column;
    struct ska_strings values;
};

#define SKA_NONE UINT32_MAX

struct ska_indicator {
    char code[SKA_CODE_MAX + 1];
    struct ska_text label;
    struct ska_text description;
    struct ska_text unit;
    enum ska_origin origin;
    struct ska_text source; /* the sentence or goal of the plan, in our words */
    enum ska_cadence cadence;
    enum ska_sensitivity sensitivity;
    uint64_t bound;     /* largest value of its cells, 1..2^32 */
    uint64_t soft_warn; /* the officer is asked to look again above this; 0: never */
    bool may_be_blank;  /* has an "answered" flag; else every contributor answers */
    enum ska_zeros zeros;
    enum ska_yearly yearly; /* never SUM for distinct values (who comes in two quarters would count
                               twice), nor for what is counted once a year */
    bool marks;             /* an officer may mark it "publish only together with others" */
    bool whole_only;        /* published for all contributors together, never for a group */
    enum ska_population population; /* its denominator */
    uint32_t per;                   /* 1000 or 10000 inhabitants; 0 without a denominator */
    size_t n_tables;
    uint32_t *tables; /* dimensions of its one-way tables */
    /* How records become its total; each table adds the column of its dimension. */
    uint32_t record_kind;     /* index */
    uint32_t sum_column;      /* SKA_COLUMN_NUMBER to add up, or SKA_NONE: count rows */
    uint32_t distinct_column; /* count distinct values of this column (SKA_COLUMN_TEXT; rows where
                                 it is empty do not count), or SKA_NONE; not both */
    size_t n_conditions;      /* all must hold */
    struct ska_condition *conditions;
};

/* 0 <= constant + sum of coefficient * cell, or = 0; cells named by code ("NS01", "NS01.TYP.PLA").
 */
struct ska_rule_term {
    char cell[3 * SKA_CODE_MAX + 3];
    int64_t coefficient;
};

struct ska_catalogue_rule {
    char code[SKA_CODE_MAX + 1];
    struct ska_text label;
    bool equality;
    int64_t constant;
    size_t n_terms;
    struct ska_rule_term *terms;
};

struct ska_catalogue {
    char id[SKA_CODE_MAX + 1];
    char edition[SKA_CODE_MAX + 1];
    struct ska_text title;
    struct ska_text description;
    struct ska_text source;
    size_t n_dimensions;
    struct ska_dimension *dimensions;
    size_t n_record_kinds;
    struct ska_record_kind *record_kinds;
    size_t n_indicators;
    struct ska_indicator *indicators;
    size_t n_rules;
    struct ska_catalogue_rule *rules;
};

/* Parse JSON text. On failure `err` names line and field ("line 41, indicators[3].bound: ..."). The
 * caller frees. */
enum ska_status ska_catalogue_parse(struct ska_catalogue **out, const char *json, size_t len,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* Canonical binary form, and back. Decoding accepts exactly what encoding writes. */
void ska_catalogue_encode(struct ska_writer *w, const struct ska_catalogue *c);
enum ska_status ska_catalogue_decode(struct ska_catalogue **out, struct ska_reader *r,
                                     struct ska_error *err) SKA_MUST_CHECK;

void ska_catalogue_free(struct ska_catalogue *c);

/* "2025Q2" and the like. SKA_E_FORMAT if the name is not of any cadence. */
enum ska_status ska_period_parse(enum ska_cadence *cadence, uint32_t *year, uint32_t *part,
                                 const char *period) SKA_MUST_CHECK;
/* "month", "quarter", "four_months", "half_year", "year": as catalogues write them. */
const char *ska_cadence_code(enum ska_cadence cadence);
/* The period before: "2025Q1" -> "2024Q4". Precondition: `period` parses. */
void ska_period_previous(char out[static SKA_PERIOD_MAX + 1], const char *period);

#endif
