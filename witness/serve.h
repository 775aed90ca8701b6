/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * serve.h - a witness's socket: HTTP/1.1, with TLS 1.3 where there is a certificate.
 *
 * One thread; a request is judged whole before the next byte is read, so that no two are judged
 * against the same memory.
 */
#ifndef SKA_WITNESS_SERVE_H
#define SKA_WITNESS_SERVE_H

#include "witness/config.h"

/*
 * Listen until SIGTERM or SIGINT, then answer what is going on and return. Lines "level event
 * key=value" go to standard error.
 *
 * Returns SKA_OK; SKA_E_NETWORK if it cannot listen; SKA_E_CONFIG for a certificate; SKA_E_FILE for
 * the port file; SKA_E_MEMORY.
 */
enum ska_status witness_serve(struct witness *w, const struct witness_config *config,
                              struct ska_error *err) SKA_MUST_CHECK;

/* The files of a certificate, tried. */
enum ska_status witness_serve_check(const struct witness_config *config,
                                    struct ska_error *err) SKA_MUST_CHECK;

#endif
