/* SPDX-License-Identifier: EUPL-1.2 */
/* alarm.h - what a log can do wrong, in words, and the evidence that is kept. */
#ifndef SKA_WATCH_ALARM_H
#define SKA_WATCH_ALARM_H

#include "watch/copy.h"

/* clang-format off */
#define WATCH_ALARM_LIST(X)                                                                              \
    X(WATCH_FORK,     "fork")     /* a signed checkpoint that does not go on from the one we have */     \
    X(WATCH_ROLLBACK, "rollback") /* a signed checkpoint that is smaller than the one we have */         \
    X(WATCH_UNSIGNED, "unsigned") /* no checkpoint, or one that is not signed as the policy says */      \
    X(WATCH_QUORUM,   "quorum")   /* too few witnesses have cosigned it */                               \
    X(WATCH_STALE,    "stale")    /* no checkpoint that enough witnesses cosigned within a day */        \
    X(WATCH_CHANGED,  "changed")  /* an entry or hash that is no longer what it was */                   \
    X(WATCH_MISSING,  "missing")  /* an entry or hash that the checkpoint covers is not there */         \
    X(WATCH_ORDER,    "order")    /* an entry that has no place there, such as a submission after the close */ \
    X(WATCH_CONTENT,  "content")  /* the entries or hashes do not give the checkpoint's root */
/* clang-format on */

enum watch_alarm_kind {
#define WATCH_ALARM_ENUM(kind, name) kind,
    WATCH_ALARM_LIST(WATCH_ALARM_ENUM)
#undef WATCH_ALARM_ENUM
        WATCH_N_ALARMS
};

/* Each kind at most once, as it was first seen. Valid when zeroed: none. */
struct watch_alarms {
    bool is_raised[WATCH_N_ALARMS];
    char text[WATCH_N_ALARMS][512]; /* a sentence each */
};

/* "fork", the same in every language: for programs. */
const char *watch_alarm_name(enum watch_alarm_kind kind);

void watch_alarm_raise(struct watch_alarms *alarms, enum watch_alarm_kind kind, const char *format,
                       ...) SKA_PRINTF(3, 4);
bool watch_alarm_is_any(const struct watch_alarms *alarms);

/*
 * Tell what `before` did not have: a line "ALARM kind: sentence" each on the error output, the
 * checkpoint (which may be empty) kept as alarms/TIME-KIND in the copy, and `program`, if not NULL,
 * run with the kind, the sentence and the copy's folder as arguments. Failures are told, too.
 */
void watch_alarm_tell(const struct watch_alarms *alarms, const struct watch_alarms *before,
                      struct watch_copy *copy, struct ska_slice checkpoint, const char *program,
                      uint64_t now_s);

#endif
