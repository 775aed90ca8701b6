/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dataset.h - a published table as data files and the data interface know it: figures by group,
 * content and time. It is made from published figures alone, so whatever is cut out of it or
 * written from it is published.
 *
 * The file form, "data/LEVEL/TABLE.table" of the site, from which the data interface answers:
 *
 *     "skarva table 1\n" | string collection | string table | text title | text source |
 *     string updated ("2025-07-20" or "") | u64 rounding base (0: none) |
 *     u8 n_reasons | n_reasons x string |
 *     3 x dimension (group, content, time): u32 n | n x (string code | text label | text unit) |
 *     u8 has_releases | if so for each time: string day | u32 revision | sha256[32] |
 *     for each group, content, time: u8 status | u8 reason | u64 value
 *
 *     string: u16 length | bytes of UTF-8 | 0     text: string Swedish | string English
 *
 * At least one value in each dimension. A value is 0 unless shown or rounded; a reason is 0 unless
 * hidden, else 1 + its place among the reasons' names.
 */
#ifndef SKA_DATASET_H
#define SKA_DATASET_H

#include "crypto/bytes.h"

#define DATASET_MARK "skarva table 1\n"
#define DATASET_BYTES_MAX ((size_t)64 << 20)
#define DATASET_REASONS_MAX 32u

enum dataset_axis { DATASET_GROUP, DATASET_CONTENT, DATASET_TIME, DATASET_AXES };

enum dataset_status {
    DATASET_MISSING = 0, /* nothing was published: "." */
    DATASET_SHOWN,
    DATASET_ROUNDED, /* to the base */
    DATASET_HIDDEN   /* ".." */
};

/* Borrowed strings, never NULL in a valid dataset. */
struct dataset_text {
    const char *sv, *en;
};

struct dataset_value {
    const char *code;
    struct dataset_text label;
    struct dataset_text unit; /* of a content; empty for groups and times */
};

struct dataset_dimension {
    size_t n;
    struct dataset_value *values; /* owned */
    bool is_dropped; /* n is 1 and answers are to be without this dimension (elimination) */
};

struct dataset_release {
    const char *day; /* "2025-07-20"; "" if nothing was released */
    uint32_t revision;
    uint8_t sha256[32]; /* of the bundle file */
};

struct dataset_figure {
    uint8_t status; /* enum dataset_status */
    uint8_t reason;
    uint64_t value;
};

/* Valid when zeroed: nothing. Strings are borrowed from `owned`, or from the dataset that this one
 * was cut out of. */
struct dataset {
    const char *collection, *table;
    struct dataset_text title, source;
    const char *updated;
    uint64_t rounding;
    size_t n_reasons;
    const char *reasons[DATASET_REASONS_MAX];
    struct dataset_dimension axes[DATASET_AXES];
    struct dataset_release *releases; /* by time; owned; may be NULL */
    struct dataset_figure *figures;   /* owned; time runs fastest, group slowest */
    uint8_t *owned;                   /* may be NULL */
};
void dataset_clear(struct dataset *d);

/* Take over the bytes (freed also on failure) and read them. SKA_E_TRUNCATED, SKA_E_TRAILING,
 * SKA_E_FORMAT, SKA_E_RANGE, SKA_E_LIMIT, SKA_E_MEMORY. */
enum ska_status dataset_decode(struct dataset *out, uint8_t *bytes, size_t len) SKA_MUST_CHECK;

/* Pieces of the file form, for whoever makes one. A string with a NUL inside or over 65,535 bytes
 * is remembered by the writer as a failure. */
void dataset_write_string(struct ska_writer *w, const char *text);
void dataset_write_text(struct ska_writer *w, const char *sv, const char *en);
enum ska_status dataset_read_string(const char **out, struct ska_reader *r) SKA_MUST_CHECK;

/* Which values of a dimension, by index, in the order wanted. */
struct dataset_selection {
    size_t n;
    const size_t *index;
    bool drop; /* only with n = 1 */
};
/* Cut out. Strings are borrowed from `from`, which must outlive `out`. Indices must be in range and
 * n > 0. SKA_E_LIMIT, SKA_E_MEMORY. */
enum ska_status
dataset_select(struct dataset *out, const struct dataset *from,
               const struct dataset_selection by[static DATASET_AXES]) SKA_MUST_CHECK;

size_t dataset_count(const struct dataset *d); /* figures */
const struct dataset_figure *dataset_at(const struct dataset *d, size_t group, size_t content,
                                        size_t time);

/* "group", "content", "time", and for people: "grupp", "innehåll", "tid". */
const char *dataset_axis_code(enum dataset_axis axis);
const char *dataset_axis_label(enum dataset_axis axis, bool swedish);
const char *dataset_in(const struct dataset_text *text, bool swedish);
/* "small" and so on; "" for no reason. */
const char *dataset_reason(const struct dataset *d, const struct dataset_figure *f);
/* What stands for a figure in tables: a number, ".." hidden, "." missing. */
#define DATASET_FIGURE_BYTES 24
void dataset_figure_text(char out[static DATASET_FIGURE_BYTES], const struct dataset_figure *f);

/* JSON-stat 2.0 (json-stat.org/format), one language. Hidden and missing figures are null with
 * status ".." and "."; rounded ones have status "r". Failure is remembered by the writer. */
void dataset_jsonstat(struct ska_writer *w, const struct dataset *d, bool swedish);

/* PX (AXIS-VERSION 2013), Swedish with English behind it. What Windows-1252 has no sign for becomes
 * "?". Lines end in CR LF and have at most 256 bytes where the format allows to break them. */
enum dataset_charset { DATASET_UTF_8, DATASET_WINDOWS_1252 };
void dataset_px(struct ska_writer *w, const struct dataset *d, enum dataset_charset charset);

#endif
