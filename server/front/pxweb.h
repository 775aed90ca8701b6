/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pxweb.h - the data interface: PxWeb's application interface, version 1, over the published
 * tables, so that programs made for statistics offices read us unchanged.
 *
 *     GET  sv/                                databases: the collection
 *     GET  sv/COLLECTION/                     levels: indicators, years, releases
 *     GET  sv/COLLECTION/indicators/          tables
 *     GET  sv/COLLECTION/indicators/A         a table's variables
 *     POST sv/COLLECTION/indicators/A         figures: a query in JSON
 *     GET  sv/?config                         limits
 *
 * The same under en/. A query names variables and for each a selection: filter "item" (codes),
 * "all" (patterns with *), "top" (the latest so many times, else the first so many values). A group
 * that is not named is eliminated: figures are of all. Formats: px (if none is asked for),
 * json-stat2, json, csv. Names of filters and formats in any case; what else a query or an address
 * has is passed over, as PxWeb does. Everything is answered from the site's files "data/tables" and
 * "data/LEVEL/TABLE.table" (support/dataset.h), which hold what is published and nothing else.
 *
 * Answers as PxWeb's: 400 {"error":"Parameter error"}, which goes on to say what there is instead
 * of another variable or format, 400 naming the variable, 400 "Search not activated" (?query=), 403
 * "Too many values selected", 404.
 * Pure: no sockets, no clock.
 */
#ifndef SKA_SERVER_PXWEB_H
#define SKA_SERVER_PXWEB_H

#include "support/dataset.h"

#define PXWEB_PREFIX "api/v1/"
#define PXWEB_BODY_MAX 65536u      /* bytes of a query */
#define PXWEB_CELLS_MAX 50000u     /* figures of an answer */
#define PXWEB_BYTES_MAX (8u << 20) /* of an answer in which texts are repeated (csv, json) */
#define PXWEB_PATTERNS_MAX 100u    /* of a variable; codes: as many as it has values */
#define PXWEB_FILE_MAX (8u << 20)  /* bytes of a table's file */

/* Where the files come from. `read` gives the caller's memory to free; SKA_E_NOT_FOUND for a name
 * that is not there. Names are of the forms above, made of codes. */
struct pxweb_site {
    enum ska_status (*read)(uint8_t **data, size_t *len, const char *name, void *arg);
    void *arg;
};

struct pxweb_request {
    bool is_post;
    const char *path;  /* after the prefix, no query */
    const char *query; /* after "?"; "" */
    struct ska_slice body;
};

struct pxweb_answer {
    int status;
    const char *type; /* static */
    struct ska_writer body;
};
/* `out` is zeroed by the caller, who clears the body. Never fails: a failure is a status 500. */
void pxweb_answer(struct pxweb_answer *out, const struct pxweb_site *site,
                  const struct pxweb_request *request);

/* --- pxweb_query.c ------------------------------------------------------------------------------
 */

enum pxweb_format { PXWEB_PX, PXWEB_JSON_STAT_2, PXWEB_JSON, PXWEB_CSV };

/* What is wrong with a query. */
enum pxweb_fault {
    PXWEB_OK,
    PXWEB_NO_PARSE,
    PXWEB_NO_VARIABLE, /* another variable than the table's */
    PXWEB_NO_FORMAT,   /* another format than ours */
    PXWEB_BAD_VARIABLE,
    PXWEB_TOO_MANY,
    PXWEB_NO_MEMORY
};

/*
 * Cut the wanted figures out of a table.
 *
 * Out: *out, borrowing from `from`, to be cleared; *format; *variable a code of the variable that
 *      has an error (static).
 */
enum pxweb_fault pxweb_query(struct dataset *out, enum pxweb_format *format, const char **variable,
                             const struct dataset *from, struct ska_slice body);

/* --- pxweb_write.c ------------------------------------------------------------------------------
 */

/* At least as many bytes as pxweb_write_json and pxweb_write_csv make of it: they repeat texts and
 * codes on each line. The other formats have each once, so they are shorter than the table's file
 * and its figures. */
uint64_t pxweb_bytes(const struct dataset *d, bool csv, bool swedish);

/* PxWeb's own JSON form of figures, its CSV, and a table's variables. */
void pxweb_write_json(struct ska_writer *w, const struct dataset *d, bool swedish);
void pxweb_write_csv(struct ska_writer *w, const struct dataset *d, bool swedish);
void pxweb_write_variables(struct ska_writer *w, const struct dataset *d, bool swedish);

#endif
