/* SPDX-License-Identifier: EUPL-1.2 */
/* help.h - what --help prints, in the chosen language. */
#ifndef SKA_REPORTS_HELP_H
#define SKA_REPORTS_HELP_H

#include <stdio.h>

/* Help for a command, or for the whole program (NULL). */
void help_print(FILE *out, const char *command);

#endif
