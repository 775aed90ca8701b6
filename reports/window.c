/* SPDX-License-Identifier: EUPL-1.2 */
/* window.c - the window of a period. */
#include "reports/window.h"

#include <time.h>

#include "reports/options.h"
#include "support/language.h"

#define MOMENT_BYTES 40

/* "2025-07-01 00:00". */
static void moment(char out[static MOMENT_BYTES], uint64_t time_s)
{
    time_t t = (time_t)time_s;
    struct tm day;
    out[0] = '\0';
    if (gmtime_r(&t, &day) != NULL)
        (void)strftime(out, MOMENT_BYTES, "%Y-%m-%d %H:%M", &day); /* fits */
}

static uint64_t end_of(struct window window)
{
    uint64_t end_s;
    return __builtin_add_overflow(window.start_s, window.duration_s, &end_s) ? UINT64_MAX : end_s;
}

static struct window window_of(const struct ska_parameters *p)
{
    return (struct window){.start_s = p->window_start_s, .duration_s = p->window_duration_s};
}

bool window_is_over(struct window window, uint64_t now_s)
{
    return end_of(window) < now_s + WINDOW_LEFT_MIN_S;
}

uint64_t window_period_end(const char *period)
{
    static const uint32_t months[] = {[SKA_MONTH] = 1,
                                      [SKA_QUARTER] = 3,
                                      [SKA_FOUR_MONTHS] = 4,
                                      [SKA_HALF_YEAR] = 6,
                                      [SKA_YEAR] = 12};
    enum ska_cadence cadence;
    uint32_t year = 0, part = 0;
    uint64_t end_s = 0;
    char day[MOMENT_BYTES];
    if (ska_period_parse(&cadence, &year, &part, period) != SKA_OK)
        return 0;
    uint32_t past = part * months[cadence];
    (void)snprintf(day, sizeof day, "%04u-%02u-01", year + past / 12, past % 12 + 1);
    return options_time(&end_s, day, 0) == SKA_OK ? end_s : 0;
}

enum ska_status window_check(struct window window, const char *period, bool is_early,
                             uint64_t now_s, struct ska_error *err)
{
    char from[MOMENT_BYTES], to[MOMENT_BYTES], ended[MOMENT_BYTES];
    moment(from, window.start_s);
    moment(to, end_of(window));
    if (window_is_over(window, now_s))
        return ska_fail(
            err, SKA_E_USAGE,
            tr("%s: fönstret från %s till %s (UTC) är slut eller har mindre än en timme kvar: "
               "ingen kan lämna, och när det är underskrivet kan det inte ändras. Ange "
               "--window-start now, en senare dag eller fler --window-days",
               "%s: the window from %s to %s (UTC) is over or has less than an hour left: nobody "
               "can submit, and once signed it cannot be changed. Give --window-start now, a later "
               "day or more --window-days"),
            period, from, to);
    uint64_t end_s = window_period_end(period);
    moment(ended, end_s);
    ended[10] = '\0'; /* the day */
    if (window.start_s < end_s && !is_early)
        return ska_fail(
            err, SKA_E_USAGE,
            tr("%s: fönstret börjar %s (UTC), men perioden är inte slut förrän %s. Ange "
               "--window-start %s eller senare, eller --early om uppgifter ska tas emot före "
               "periodens slut",
               "%s: the window starts %s (UTC), but the period is not over until %s. Give "
               "--window-start %s or later, or --early if figures are to be taken before the "
               "period's end"),
            period, from, ended, ended);
    return SKA_OK;
}

enum ska_status window_check_open(const struct ska_parameters *p, const char *name, uint64_t now_s,
                                  struct ska_error *err)
{
    char to[MOMENT_BYTES];
    if (!window_is_over(window_of(p), now_s))
        return SKA_OK;
    moment(to, end_of(window_of(p)));
    return ska_fail(
        err, SKA_E_STATE,
        tr("%s: fönstret till %s (UTC) är slut eller har mindre än en timme kvar, och det är "
           "underskrivet och kan inte ändras; öppnas inte. Ta perioden i en ny insamling "
           "(skarva-publish new)",
           "%s: the window until %s (UTC) is over or has less than an hour left, and it is signed "
           "and cannot be changed; not opened. Take the period in a new collection "
           "(skarva-publish new)"),
        name, to);
}

enum ska_status window_check_reopen(const struct ska_parameters *p, const char *name,
                                    uint64_t now_s, struct ska_error *err)
{
    char to[MOMENT_BYTES];
    uint64_t end_s = end_of(window_of(p));
    if (now_s < end_s)
        return SKA_OK;
    moment(to, end_s);
    return ska_fail(
        err, SKA_E_STATE,
        tr("%s: fönstret tog slut %s (UTC); det är underskrivet, och att öppna igen förlänger det "
           "inte, så ingen kunde lämna. Ge ut det som lämnats (collect, publish); efter det "
           "öppnar skarva-publish revise %s en rättelse med ett nytt fönster",
           "%s: the window ended %s (UTC); it is signed, and reopening does not prolong it, so "
           "nobody could submit. Publish what was handed in (collect, publish); after that "
           "skarva-publish revise %s opens a correction with a new window"),
        name, to, p->period);
}

void window_tell(FILE *out, const struct ska_parameters *p, uint64_t now_s)
{
    char from[MOMENT_BYTES], to[MOMENT_BYTES];
    moment(from, p->window_start_s);
    moment(to, end_of(window_of(p)));
    (void)fprintf(
        out, tr("  Inlämning från %s till %s (UTC)%s.\n", "  Submissions from %s to %s (UTC)%s.\n"),
        from, to,
        now_s < end_of(window_of(p)) ? "" : tr(": fönstret är slut", ": the window is over"));
}
