/* SPDX-License-Identifier: EUPL-1.2 */
/* options.h - the command line of skarva-audit. */
#ifndef SKA_AUDIT_OPTIONS_H
#define SKA_AUDIT_OPTIONS_H

#include "crypto/status.h"

enum command {
    COMMAND_NONE = 0,
    COMMAND_HELP,
    COMMAND_LIST_CHECKS,
    COMMAND_VERIFY,
    COMMAND_VERIFY_DIFF,
    COMMAND_CHECK_PROOF,
    COMMAND_CHECK_LOG
};

/* docs/audit.md */
enum exit_status { EXIT_PASS, EXIT_FAIL, EXIT_USAGE, EXIT_BUNDLE, EXIT_TRUST };

/* Pointers borrow from argv; NULL where not given. */
struct options {
    enum command command;
    const char *bundle;
    const char *newer;       /* verify-diff: the second bundle */
    const char *with_bundle; /* check-log, whose log is `bundle`: a bundle that it must agree with;
                                check-proof: whose release it must be */
    const char *trust;
    const char *proof;   /* check-proof */
    const char *policy;  /* its policy */
    const char *entry;   /* its entry; else the proof's own */
    const char *earlier; /* the bundle of what a correction corrects */
    const char *ca_file; /* for addresses */
    const char *language;
    bool as_json;
    unsigned jobs; /* 0: as many as there are cores */
};

/* SKA_E_USAGE with a text in the language that the command line or the environment asks for, which
 * is chosen on the way. Options may stand before, between and after the other words. */
enum ska_status options_parse(struct options *out, int argc, char *const *argv,
                              struct ska_error *err) SKA_MUST_CHECK;

/* The help text in the chosen language. */
const char *options_help(void);

#endif
