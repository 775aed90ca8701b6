/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fetch.h - one file from an address to the standard output, for the auditor, which is linked with
 * no network itself. Nothing is trusted that comes: whoever reads it verifies it.
 */
#ifndef SKA_FETCH_H
#define SKA_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/status.h"

#define FETCH_REDIRECTS_MAX 5L
#define FETCH_CONNECT_S 30L
#define FETCH_STALL_S 60L /* less than a kilobyte a second for so long ends it */

/* What the program ends with. */
enum fetch_exit { FETCH_OK, FETCH_FAILED, FETCH_USAGE, FETCH_NOT_FOUND = 4 };

/* Valid when zeroed but for address. Strings borrowed. */
struct fetch_options {
    const char *address; /* http:// or https:// */
    const char *ca_file; /* PEM; NULL: the system's */
    uint64_t max;        /* most bytes */
    bool shows_progress; /* on the standard error */
    int to;              /* file descriptor */
};

/*
 * Fetch it. From https one is led on to https only. Certificates and names of hosts are verified.
 *
 * Returns SKA_OK once everything is written; SKA_E_NOT_FOUND if the server says that there is
 * nothing (404, 410); SKA_E_PEER, SKA_E_NETWORK, SKA_E_TIMEOUT, SKA_E_LIMIT, SKA_E_FILE,
 * SKA_E_USAGE, SKA_E_MEMORY with a sentence.
 */
enum ska_status fetch_file(const struct fetch_options *o, struct ska_error *err) SKA_MUST_CHECK;

#endif
