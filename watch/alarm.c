/* SPDX-License-Identifier: EUPL-1.2 */
/* alarm.c - raising and telling alarms. */
#include "watch/alarm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "support/language.h"

const char *watch_alarm_name(enum watch_alarm_kind kind)
{
    static const char *const names[] = {
#define WATCH_ALARM_NAME(kind, name) [kind] = name,
        WATCH_ALARM_LIST(WATCH_ALARM_NAME)
#undef WATCH_ALARM_NAME
    };
    return names[kind];
}

void watch_alarm_raise(struct watch_alarms *alarms, enum watch_alarm_kind kind, const char *format,
                       ...)
{
    if (alarms->is_raised[kind])
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(alarms->text[kind], sizeof alarms->text[kind], format, args); /* cut if long */
    va_end(args);
    alarms->is_raised[kind] = true;
}

bool watch_alarm_is_any(const struct watch_alarms *alarms)
{
    for (int kind = 0; kind < WATCH_N_ALARMS; kind++)
        if (alarms->is_raised[kind])
            return true;
    return false;
}

/* Run it and wait, so that it has told before we go on. */
static void run(const char *program, const char *kind, const char *text, const char *folder)
{
    const pid_t pid = fork();
    if (pid == 0) {
        (void)execlp(program, program, kind, text, folder, (char *)NULL);
        fprintf(stderr, "%s: %s\n", program, ska_text(strerror(errno)));
        _exit(127);
    }
    int status = -1;
    pid_t waited = pid;
    while (pid > 0 && (waited = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
        continue;
    if (waited < 0 || status != 0)
        fprintf(stderr, tr("larmprogrammet %s misslyckades\n", "the alarm program %s failed\n"),
                program);
}

static void keep(struct watch_copy *copy, struct ska_slice checkpoint, const char *kind,
                 uint64_t now_s)
{
    char name[64];
    struct ska_error err = {0};
    if (checkpoint.len == 0)
        return;
    (void)snprintf(name, sizeof name, "%" PRIu64 "-%s", now_s, kind); /* fits */
    if (watch_copy_keep(copy, name, checkpoint, &err) != SKA_OK)
        fprintf(stderr, "%s\n", err.text);
}

void watch_alarm_tell(const struct watch_alarms *alarms, const struct watch_alarms *before,
                      struct watch_copy *copy, struct ska_slice checkpoint, const char *program,
                      uint64_t now_s)
{
    for (enum watch_alarm_kind kind = 0; kind < WATCH_N_ALARMS; kind++) {
        if (!alarms->is_raised[kind])
            continue;
        if (before->is_raised[kind] && strcmp(before->text[kind], alarms->text[kind]) == 0)
            continue;
        const char *name = watch_alarm_name(kind);
        fprintf(stderr, "%s %s: %s\n", tr("LARM", "ALARM"), name, alarms->text[kind]);
        keep(copy, checkpoint, name, now_s);
        if (program != NULL)
            run(program, name, alarms->text[kind], copy->folder);
    }
}
