/* SPDX-License-Identifier: EUPL-1.2 */
/* check.c - runs the table of checks. */
#include "audit/check.h"

#include "audit/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TOLD_MAX 4 /* bad things told by name; the rest are counted */

/* Append to the detail; what does not fit is cut at a character's end. */
static void append(struct finding *f, const char *text)
{
    size_t len = strlen(f->detail), room = sizeof f->detail - 1 - len, n = strlen(text);
    if (n > room) {
        n = room;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(f->detail + len, text, n);
    f->detail[len + n] = '\0';
}

void finding_bad(struct finding *f, const char *format, ...)
{
    f->n_bad++;
    if (f->n_bad > TOLD_MAX)
        return;
    char text[sizeof f->detail + 8]; /* what is cut here is cut again, at a character, by append */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (f->detail[0] != '\0')
        append(f, "; ");
    append(f, text);
}

void finding_undecided(struct finding *f, const char *why)
{
    f->is_undecided = true;
    snprintf(f->detail, sizeof f->detail, "%s", why);
}

bool finding_is_undecided(struct finding *f, enum ska_status status)
{
    if (status == SKA_OK)
        return false;
    enum ska_class class = ska_status_class(status);
    if (class == SKA_CLASS_INPUT || class == SKA_CLASS_REJECTED)
        return false;
    finding_undecided(f, ska_status_text(status));
    return true;
}

bool finding_tell(struct finding *f, const char *what, enum ska_status status,
                  const struct ska_error *err)
{
    if (status == SKA_OK || finding_is_undecided(f, status))
        return status != SKA_OK;
    finding_bad(f, "%s%s%s (%s)", what != NULL ? what : "", what != NULL ? ": " : "",
                err != NULL && err->text[0] != '\0' ? err->text : ska_status_text(status),
                ska_status_name(status));
    return true;
}

/* The outcome of a check that ran. */
static void conclude(struct finding *f)
{
    if (f->is_undecided) {
        f->outcome = OUTCOME_NOT_CHECKED;
        return;
    }
    if (f->n_bad > TOLD_MAX) {
        char more[64];
        snprintf(more, sizeof more, words("; och %llu till", "; and %llu more"),
                 (unsigned long long)(f->n_bad - TOLD_MAX));
        append(f, more);
    }
    if (f->n_bad == 0 && f->n_inputs == 0 && !f->is_zero_right)
        finding_bad(f, "%s",
                    words("det fanns inget att kontrollera", "there was nothing to check"));
    f->outcome = f->n_bad == 0 ? OUTCOME_PASS : OUTCOME_FAIL;
}

/* Say which checks it waited for in vain. */
static void skip(struct finding *f, const struct finding *all, const struct check *table, size_t n,
                 uint64_t needs)
{
    append(f, words("beror på: ", "depends on: "));
    bool is_first = true;
    for (size_t i = 0; i < n; i++) {
        if ((needs >> i & 1) == 0 || all[i].outcome == OUTCOME_PASS)
            continue;
        if (!is_first)
            append(f, ", ");
        append(f, table[i].id);
        is_first = false;
    }
}

static bool are_needs_met(const struct finding *all, size_t n, uint64_t needs)
{
    for (size_t i = 0; i < n; i++)
        if ((needs >> i & 1) != 0 && all[i].outcome != OUTCOME_PASS)
            return false;
    return true;
}

void check_run(struct finding *findings, const struct check *table, size_t n, struct evidence *e,
               check_on_done *on_done)
{
    memset(findings, 0, n * sizeof *findings);
    for (size_t i = 0; i < n; i++) {
        struct finding *f = &findings[i];
        if (are_needs_met(findings, n, table[i].needs)) {
            table[i].run(e, f);
            conclude(f);
        } else {
            skip(f, findings, table, n, table[i].needs);
        }
        if (on_done != NULL)
            on_done(&table[i], f);
    }
}

void check_all(struct finding findings[static N_CHECKS], struct evidence *e, check_on_done *on_done)
{
    check_run(findings, check_table, N_CHECKS, e, on_done);
}

bool check_is_verdict_pass(const struct finding findings[static N_CHECKS])
{
    for (size_t i = 0; i < N_CHECKS; i++)
        if (findings[i].outcome != OUTCOME_PASS)
            return false;
    return true;
}
