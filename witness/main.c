/* SPDX-License-Identifier: EUPL-1.2 */
/* main.c - skarva-audit-witness, which `skarva-audit witness` becomes. */
#include "witness/witness.h"

int main(int argc, char **argv)
{
    return witness_main(argc, argv);
}
