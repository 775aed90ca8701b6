/* SPDX-License-Identifier: EUPL-1.2 */
/* check.h - what a start would say of the files that a configuration names, without starting. */
#ifndef SKA_SERVER_CHECK_H
#define SKA_SERVER_CHECK_H

#include "server/config.h"

#include <stdio.h>

/*
 * Read keys, certificates and the public log's policy as a server does that starts, as the user
 * that it would become: the process is that user's afterwards. The port and the database are left
 * alone, since they may be in use by the server that runs.
 *
 * A certificate that is out of date, which stops no start but every caller, is told on `out`.
 *
 * Returns SKA_OK; else what the start would say, in `err`.
 */
enum ska_status check_start(FILE *out, const struct config *config,
                            struct ska_error *err) SKA_MUST_CHECK;

#endif
