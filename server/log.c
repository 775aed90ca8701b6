/* SPDX-License-Identifier: EUPL-1.2 */
/* log.c - lines on standard error. */
#include "server/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX 100       /* bytes of log_text */
#define PEER_LINES_MAX 10u /* per event and window */
#define WINDOW_S 60
#define EVENTS_MAX 64u /* different events that log_peer keeps apart */

static const char *const level_names[] = {"error", "warn", "info", "debug"};

static enum log_level chosen = LOG_LEVEL_INFO; /* set once, before threads */

/* One event's current window. */
struct window {
    const char *event; /* NULL: unused */
    time_t start_s;
    unsigned n_lines;
    unsigned long n_suppressed;
};
static struct window windows[EVENTS_MAX];
static pthread_mutex_t windows_lock = PTHREAD_MUTEX_INITIALIZER;

bool log_open(const char *level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (strcmp(level, level_names[i]) == 0) {
            chosen = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Append one byte as it is or as \xNN, if there is room; returns the new length. */
static size_t put_byte(char *out, size_t size, size_t len, unsigned char byte, bool plain)
{
    static const char digits[] = "0123456789abcdef";
    size_t need = plain ? 1 : 4;
    if (size - len <= need)
        return len;
    if (plain) {
        out[len] = (char)byte;
    } else {
        out[len] = '\\';
        out[len + 1] = 'x';
        out[len + 2] = digits[byte >> 4];
        out[len + 3] = digits[byte & 15u];
    }
    return len + need;
}

const char *log_text(char out[static LOG_TEXT_BYTES], const void *data, size_t len)
{
    static const char safe[] = "-_.~/:?&%+,;@()[]{}*!";
    const unsigned char *bytes = data;
    size_t n = 0;
    out[n++] = '"';
    for (size_t i = 0; i < len && i < TEXT_MAX; i++) {
        unsigned char c = bytes[i];
        bool alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool plain = alphanumeric || (c != '\0' && strchr(safe, c) != NULL);
        n = put_byte(out, LOG_TEXT_BYTES - 1, n, c, plain);
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

/* Write one line whole. */
static void write_line(enum log_level level, const char *event, unsigned long n_suppressed,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void write_line(enum log_level level, const char *event, unsigned long n_suppressed,
                       const char *format, va_list args)
{
    char text[LOG_LINE_MAX];
    int printed = vsnprintf(text, sizeof text, format, args);
    if (printed < 0)
        text[0] = '\0';
    char line[LOG_LINE_MAX];
    int head = n_suppressed == 0 ? snprintf(line, sizeof line, "%s %s ", level_names[level], event)
                                 : snprintf(line, sizeof line, "%s %s suppressed=%lu ",
                                            level_names[level], event, n_suppressed);
    if (head < 0 || (size_t)head >= sizeof line)
        return;
    size_t len = (size_t)head;
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        len = put_byte(line, sizeof line - 1, len, c, c >= 0x20 && c < 0x7f);
    }
    while (len > 0 && line[len - 1] == ' ')
        len--;
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, len);
    (void)written; /* nobody is left to be told that the log cannot be written */
}

/* Whether another line of this event fits its window; *n_suppressed is what an ended window left
 * out. Events beyond the table share its last place. */
static bool fits_window(unsigned long *n_suppressed, const char *event)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    *n_suppressed = 0;
    (void)pthread_mutex_lock(&windows_lock);
    size_t i = 0;
    while (i < EVENTS_MAX - 1 && windows[i].event != NULL && strcmp(windows[i].event, event) != 0)
        i++;
    struct window *w = &windows[i];
    if (w->event == NULL || now.tv_sec - w->start_s >= WINDOW_S) {
        *n_suppressed = w->n_suppressed;
        *w = (struct window){.event = event, .start_s = now.tv_sec};
    }
    bool fits = w->n_lines < PEER_LINES_MAX;
    if (fits)
        w->n_lines++;
    else
        w->n_suppressed++;
    (void)pthread_mutex_unlock(&windows_lock);
    return fits;
}

#define DEFINE_LOG(name, level)                           \
    void name(const char *event, const char *format, ...) \
    {                                                     \
        if (chosen < (level))                             \
            return;                                       \
        va_list args;                                     \
        va_start(args, format);                           \
        write_line((level), event, 0, format, args);      \
        va_end(args);                                     \
    }
DEFINE_LOG(log_error, LOG_LEVEL_ERROR)
DEFINE_LOG(log_warn, LOG_LEVEL_WARN)
DEFINE_LOG(log_info, LOG_LEVEL_INFO)
DEFINE_LOG(log_debug, LOG_LEVEL_DEBUG)

void log_peer(const char *event, const char *format, ...)
{
    unsigned long n_suppressed;
    if (chosen < LOG_LEVEL_INFO || !fits_window(&n_suppressed, event))
        return;
    va_list args;
    va_start(args, format);
    write_line(LOG_LEVEL_INFO, event, n_suppressed, format, args);
    va_end(args);
}
