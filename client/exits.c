/* SPDX-License-Identifier: EUPL-1.2 */
/* exits.c - from a status and what was being done to the exit code. */
#include "client/exits.h"

#include "support/language.h"

/* Failures at the server that are not just a server that cannot be reached or answers wrongly. */
static const struct {
    enum ska_status status;
    enum exits code;
} at_server[] = {
    {SKA_E_SIGNATURE, EXITS_TRUST}, {SKA_E_ROSTER, EXITS_TRUST},
    {SKA_E_TASK, EXITS_TRUST},      {SKA_E_MISMATCH, EXITS_TRUST},
    {SKA_E_PROOF, EXITS_TRUST},     {SKA_E_NOT_FOUND, EXITS_CLOSED},
    {SKA_E_STATE, EXITS_CLOSED},    {SKA_E_TOO_EARLY, EXITS_CLOSED},
    {SKA_E_TOO_LATE, EXITS_CLOSED}, {SKA_E_FORBIDDEN, EXITS_CLOSED},
    {SKA_E_CONFLICT, EXITS_CLOSED},
};

enum exits exits_of(enum ska_status status, enum exits_phase phase)
{
    if (status == SKA_OK)
        return EXITS_OK;
    if (status == SKA_E_USAGE)
        return EXITS_USAGE;
    if (ska_status_class(status) == SKA_CLASS_BUG || status == SKA_E_MEMORY)
        return EXITS_INTERNAL;
    if (status == SKA_E_RULE)
        return EXITS_REJECTED;
    if (phase == EXITS_DOING_HOME)
        return EXITS_HOME;
    if (phase == EXITS_DOING_INPUT)
        return EXITS_INPUT;
    for (size_t i = 0; i < sizeof at_server / sizeof at_server[0]; i++)
        if (at_server[i].status == status)
            return at_server[i].code;
    return EXITS_NETWORK;
}

enum exits exits_fail(enum ska_status status, enum exits_phase phase, const struct ska_error *err)
{
    const char *text = err->text[0] != '\0' ? err->text : ska_status_text(status);
    fprintf(stderr, "skarva: %s\n", text);
    return exits_of(status, phase);
}

void exits_print(FILE *out)
{
    static const struct {
        int code;
        const char *sv, *en;
    } table[] = {
#define EXITS_ROW(name, code, sv, en) {code, sv, en},
        EXITS_LIST(EXITS_ROW)
#undef EXITS_ROW
    };
    fputs(tr("Slutkoder:\n", "Exit codes:\n"), out);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        fprintf(out, "  %d  %s\n", table[i].code,
                language_is_swedish() ? table[i].sv : table[i].en);
}
