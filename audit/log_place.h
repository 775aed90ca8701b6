/* SPDX-License-Identifier: EUPL-1.2 */
/* log_place.h - a public log's files (docs/log.md), in a folder or below an address. */
#ifndef SKA_AUDIT_LOG_PLACE_H
#define SKA_AUDIT_LOG_PLACE_H

#include "crypto/bytes.h"

/* Valid when zeroed: no log. Borrowed: where its file `checkpoint` is. */
struct log_place {
    const char *prefix;
    bool is_address;
};

/* SKA_E_FILE if it is neither an address nor a folder. */
enum ska_status log_place_init(struct log_place *out, const char *prefix,
                               struct ska_error *err) SKA_MUST_CHECK;

/*
 * Read a file of the log, "tile/0/000". The caller frees *data.
 *
 * Returns SKA_OK; SKA_E_NOT_FOUND if it is not there; SKA_E_FILE, SKA_E_NETWORK, SKA_E_LIMIT,
 * SKA_E_MEMORY. `err` (may be NULL) names it.
 */
enum ska_status log_place_read(uint8_t **data, size_t *len, const struct log_place *place,
                               const char *path, uint64_t max,
                               struct ska_error *err) SKA_MUST_CHECK;

/* Call on_name for each name in a folder of the log; of an address nothing is known. A folder that
 * is not there has none. SKA_E_FILE. */
enum ska_status log_place_list(const struct log_place *place, const char *folder,
                               void (*on_name)(void *arg, const char *name),
                               void *arg) SKA_MUST_CHECK;

#endif
