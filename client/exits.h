/* SPDX-License-Identifier: EUPL-1.2 */
/* exits.h - exit codes of `skarva`: one table, from which the help and the handbook come. */
#ifndef SKA_CLIENT_EXITS_H
#define SKA_CLIENT_EXITS_H

#include "crypto/status.h"

#include <stdio.h>

/* clang-format off */
#define EXITS_LIST(X)                                                                                              \
    X(EXITS_OK,       0, "allt gick bra",                                       "all went well")                   \
    X(EXITS_REJECTED, 1, "en regel är bruten eller inlämningen avvisad",        "a rule is broken or the submission was rejected") \
    X(EXITS_USAGE,    2, "kommandoraden förstås inte",                          "the command line is not understood") \
    X(EXITS_INPUT,    3, "en fil med uppgifter kan inte användas",              "a file of records or counts cannot be used") \
    X(EXITS_NETWORK,  4, "servern nås inte eller svarar fel",                   "the server cannot be reached or answers wrongly") \
    X(EXITS_PENDING,  5, "skickad men ännu inte godkänd eller i loggen",         "sent but not accepted or logged yet") \
    X(EXITS_TRUST,    6, "en signatur, nyckel eller förteckning stämmer inte",  "a signature, key or roster is wrong") \
    X(EXITS_HOME,     7, "hemmappen eller en fil i den kan inte användas",      "the home folder or a file in it cannot be used") \
    X(EXITS_CLOSED,   8, "perioden finns inte eller är inte öppen",             "the period does not exist or is not open") \
    X(EXITS_INTERNAL, 9, "minne saknas eller programmet har ett fel",           "out of memory, or an error in the program")
/* clang-format on */

enum exits {
#define EXITS_ENUM(name, code, sv, en) name = (code),
    EXITS_LIST(EXITS_ENUM)
#undef EXITS_ENUM
};

/* What was being done when something failed. */
enum exits_phase { EXITS_DOING_HOME, EXITS_DOING_INPUT, EXITS_DOING_SERVER };

/* The exit code of a failure; SKA_OK gives EXITS_OK. */
enum exits exits_of(enum ska_status status, enum exits_phase phase);

/* Tell a failure on standard error and give its exit code. */
enum exits exits_fail(enum ska_status status, enum exits_phase phase, const struct ska_error *err);

/* The table, for --help. */
void exits_print(FILE *out);

#endif
