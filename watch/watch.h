/* SPDX-License-Identifier: EUPL-1.2 */
/* watch.h - the command watch of skarva and skarva-audit. */
#ifndef SKA_WATCH_WATCH_H
#define SKA_WATCH_WATCH_H

/* argv[0] is the word "watch"; `program` is how people call it: "skarva watch". Returns the exit
 * status: 0 nothing wrong, 1 an alarm, 2 the command line, 3 the log did not answer, 5 policy or
 * copy cannot be used. */
int watch_main(const char *program, int argc, char *const *argv);

#endif
