/* SPDX-License-Identifier: EUPL-1.2 */
/* main.c - skarva-audit-watch, which `skarva-audit watch` becomes. */
#include "watch/watch.h"

int main(int argc, char **argv)
{
    return watch_main("skarva-audit watch", argc, argv);
}
