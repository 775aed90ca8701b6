/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * log.h - one line per event on standard error: `level event key=value key="text from outside"`.
 *
 * Event names are constants. Levels: error (someone must act), warn, info, debug. A line never
 * holds a secret, and never a client's address next to a report identifier. Safe from any thread; a
 * line is one write, at most LOG_LINE_MAX bytes.
 */
#ifndef SKA_SERVER_LOG_H
#define SKA_SERVER_LOG_H

#include "crypto/status.h"

#include <stddef.h>

#define LOG_LINE_MAX 1000
#define LOG_TEXT_BYTES 404 /* log_text's buffer: 100 bytes of four characters, quotes, end */

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Choose what is written: "error", "warn", "info" (also before log_open), "debug". Returns false,
 * changing nothing, for another word. */
bool log_open(const char *level);

/* `format` and its arguments give the key=value part. Control bytes and bytes outside ASCII come
 * out as \xNN. */
void log_error(const char *event, const char *format, ...) SKA_PRINTF(2, 3);
void log_warn(const char *event, const char *format, ...) SKA_PRINTF(2, 3);
void log_info(const char *event, const char *format, ...) SKA_PRINTF(2, 3);
void log_debug(const char *event, const char *format, ...) SKA_PRINTF(2, 3);

/* A mistake of whoever is on the other side, at level info: at most 10 lines per event and minute;
 * the next minute's first line says how many were left out (suppressed=N). */
void log_peer(const char *event, const char *format, ...) SKA_PRINTF(2, 3);

/* Bytes from outside as a quoted value that cannot be taken for a key: everything but letters,
 * digits and -_.~/:?&%+,;@()[]{}*! comes out as \xNN; cut after 100 bytes. Returns `out`. */
const char *log_text(char out[static LOG_TEXT_BYTES], const void *data, size_t len);

#endif
