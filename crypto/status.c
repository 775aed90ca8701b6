/* SPDX-License-Identifier: EUPL-1.2 */
/* status.c - names, texts and classes of the statuses, and the filling of an error. */
#include "crypto/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    enum ska_class class;
} statuses[SKA_N_STATUSES] = {
#define SKA_STATUS_ROW(name, class, text) {#name, text, SKA_CLASS_##class},
    SKA_STATUS_LIST(SKA_STATUS_ROW)
#undef SKA_STATUS_ROW
};

static ska_translator translate; /* set once, before any thread */

void ska_translate_with(ska_translator translator)
{
    translate = translator;
}

const char *ska_text(const char *english)
{
    const char *text = translate != NULL ? translate(english) : NULL;
    return text != NULL ? text : english;
}

const char *ska_status_name(enum ska_status status)
{
    return (unsigned)status < SKA_N_STATUSES ? statuses[status].name : "unknown status";
}

const char *ska_status_text(enum ska_status status)
{
    return (unsigned)status < SKA_N_STATUSES ? ska_text(statuses[status].text) : "unknown status";
}

enum ska_class ska_status_class(enum ska_status status)
{
    return (unsigned)status < SKA_N_STATUSES ? statuses[status].class : SKA_CLASS_BUG;
}

/* Remove the bytes of a UTF-8 character that was cut at the end of `text`. */
static void trim_cut_character(char *text)
{
    size_t len = strlen(text);
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0u) == 0x80u)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xF0u ? 3 : lead >= 0xE0u ? 2 : lead >= 0xC0u ? 1 : 0;
    if (len - start < want)
        text[start - 1] = '\0';
}

enum ska_status ska_fail(struct ska_error *err, enum ska_status status, const char *format, ...)
{
    if (err == NULL || err->status != SKA_OK)
        return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->text, sizeof err->text, ska_text(format), args);
    va_end(args);
    if (n < 0)
        err->text[0] = '\0';
    else if ((size_t)n >= sizeof err->text)
        trim_cut_character(err->text);
    return status;
}

void ska_error_clear(struct ska_error *err)
{
    if (err != NULL)
        *err = (struct ska_error){0};
}
