/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * status.h - the one type by which every function that can fail says how.
 *
 * SKA_STATUS_LIST is the single source: the enum, the names, the texts and the classes come from
 * it. The class alone decides what a program does with a failure (HTTP status, log level, exit
 * code, whether to try again).
 */
#ifndef SKA_STATUS_H
#define SKA_STATUS_H

#include <stdbool.h>
#include <stddef.h>

enum ska_class {
    SKA_CLASS_OK,
    SKA_CLASS_INPUT,    /* bytes or text from outside that do not have the right form */
    SKA_CLASS_REJECTED, /* well formed, but not acceptable: a bad proof, signature, state, replay */
    SKA_CLASS_RESOURCE, /* memory, disk or time ran out; the same call may work later */
    SKA_CLASS_IO,       /* a file, a socket or the other server failed */
    SKA_CLASS_BUG       /* cannot happen unless our own code or a library is wrong */
};

/* clang-format off */
#define SKA_STATUS_LIST(X)                                                                                    \
    X(SKA_OK,            OK,       "ok")                                                                      \
    X(SKA_E_TRUNCATED,   INPUT,    "the data ends too early")                                                 \
    X(SKA_E_TRAILING,    INPUT,    "there is data after the end")                                             \
    X(SKA_E_LIMIT,       INPUT,    "longer or larger than allowed")                                           \
    X(SKA_E_RANGE,       INPUT,    "a value is outside its allowed range")                                    \
    X(SKA_E_ENCODING,    INPUT,    "a value is not in its canonical encoding")                                \
    X(SKA_E_FORMAT,      INPUT,    "not of the expected form")                                                \
    X(SKA_E_VERSION,     INPUT,    "a version this program does not know")                                    \
    X(SKA_E_UNSUPPORTED, INPUT,    "an algorithm or extension that is not supported")                         \
    X(SKA_E_CONFIG,      INPUT,    "the configuration cannot be used")                                        \
    X(SKA_E_USAGE,       INPUT,    "the command line is not understood")                                      \
    X(SKA_E_RULE,        INPUT,    "a consistency rule of the catalogue is broken")                           \
    X(SKA_E_NOT_FOUND,   REJECTED, "not found")                                                               \
    X(SKA_E_PROOF,       REJECTED, "a proof does not hold")                                                   \
    X(SKA_E_COMMITMENT,  REJECTED, "a share does not open its commitment")                                    \
    X(SKA_E_SIGNATURE,   REJECTED, "a signature does not hold")                                               \
    X(SKA_E_DECRYPT,     REJECTED, "a ciphertext does not open")                                              \
    X(SKA_E_ROSTER,      REJECTED, "not on the roster")                                                       \
    X(SKA_E_TASK,        REJECTED, "belongs to another task")                                                 \
    X(SKA_E_REPLAY,      REJECTED, "seen before")                                                             \
    X(SKA_E_NUMBER,      REJECTED, "the submission number is not newer than the last one")                    \
    X(SKA_E_CONFLICT,    REJECTED, "one name or number with two contents")                                    \
    X(SKA_E_STATE,       REJECTED, "not possible in this state")                                              \
    X(SKA_E_TOO_EARLY,   REJECTED, "too early")                                                               \
    X(SKA_E_TOO_LATE,    REJECTED, "too late")                                                                \
    X(SKA_E_BATCH_SIZE,  REJECTED, "too few contributors")                                                    \
    X(SKA_E_MISMATCH,    REJECTED, "two things that must be equal differ")                                    \
    X(SKA_E_FORBIDDEN,   REJECTED, "not allowed to this peer")                                                \
    X(SKA_E_MEMORY,      RESOURCE, "out of memory")                                                           \
    X(SKA_E_BUSY,        RESOURCE, "too much at once, try again")                                             \
    X(SKA_E_FULL,        RESOURCE, "no space left")                                                           \
    X(SKA_E_TIMEOUT,     IO,       "no answer in time")                                                       \
    X(SKA_E_FILE,        IO,       "a file cannot be read or written")                                        \
    X(SKA_E_NETWORK,     IO,       "the other side cannot be reached")                                        \
    X(SKA_E_PEER,        IO,       "the other side answered wrongly")                                         \
    X(SKA_E_STORE,       IO,       "the database failed")                                                     \
    X(SKA_E_CRYPTO,      BUG,      "the cryptographic library failed")                                        \
    X(SKA_E_BUG,         BUG,      "an error in the program")
/* clang-format on */

enum ska_status {
#define SKA_STATUS_ENUM(name, class, text) name,
    SKA_STATUS_LIST(SKA_STATUS_ENUM)
#undef SKA_STATUS_ENUM
        SKA_N_STATUSES
};

#define SKA_MUST_CHECK __attribute__((warn_unused_result))
#define SKA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The enumerator's own name ("SKA_E_RANGE"), its text for people in the chosen language, its class.
 * Static strings; any value is accepted, one outside the list is "unknown status" of class BUG. */
const char *ska_status_name(enum ska_status status);
const char *ska_status_text(enum ska_status status);
enum ska_class ska_status_class(enum ska_status status);

/*
 * The language of texts for people. The texts of crypto/, protocol/ and support/ are written in
 * English where they arise; a program that speaks another language hands over, once at start and
 * before any thread, a function that gives the same text (or printf format with the same
 * conversions in the same order) in that language, or NULL for a text it does not know. NULL:
 * English, as at the beginning.
 */
typedef const char *(*ska_translator)(const char *english);
void ska_translate_with(ska_translator translator);

/* The text in the chosen language, else as it is: for a word that is put into a sentence, also one
 * from strerror. ska_fail does this with its format by itself. */
const char *ska_text(const char *english) __attribute__((format_arg(1)));

/* What went wrong, for people. Valid when zeroed (no failure told). Never holds a secret. */
struct ska_error {
    enum ska_status status;
    char text[512]; /* what, where, what to do; UTF-8, NUL-terminated, cut at a character's end */
};

/*
 * Fill `err` (may be NULL) with the status and a formatted text, unless it is filled already:
 * whoever knew first tells. Returns `status`, so that a function can end with `return ska_fail(err,
 * SKA_E_RANGE, "row %zu: ...", row);`.
 */
enum ska_status ska_fail(struct ska_error *err, enum ska_status status, const char *format, ...)
    SKA_PRINTF(3, 4);

/* Forget an earlier failure, so that `err` can be filled again. NULL is accepted. */
void ska_error_clear(struct ska_error *err);

/* Return a failing status at once. The only macro in this project that hides control flow. */
#define SKA_TRY(call)                             \
    do {                                          \
        enum ska_status ska_try_status_ = (call); \
        if (ska_try_status_ != SKA_OK)            \
            return ska_try_status_;               \
    } while (0)

/* Say on purpose that a status is not looked at, and why. */
static inline void ska_ignore(enum ska_status status, const char *reason)
{
    (void)status;
    (void)reason;
}

#ifdef NDEBUG
#error "assertions are part of the program: do not define NDEBUG"
#endif

#endif
