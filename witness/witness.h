/* SPDX-License-Identifier: EUPL-1.2 */
/* witness.h - the command `skarva-audit witness`. */
#ifndef SKA_WITNESS_H
#define SKA_WITNESS_H

/* argv[0] is "witness". Returns the process's exit status. */
int witness_main(int argc, char *const *argv);

#endif
