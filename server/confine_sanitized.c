/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * confine_sanitized.c - sanitizers and coverage open files, make processes and look into memory as
 * they please: their builds are not confined.
 */
#include "server/confine_parts.h"

#ifdef SKA_SANITIZED

#include "server/log.h"

void confine_secrets(void)
{
}

enum ska_status confine_files(const char *const folders[static 2], bool may_write,
                              const uint16_t *ports, size_t n_ports, struct ska_error *err)
{
    (void)folders;
    (void)may_write;
    (void)ports;
    (void)n_ports;
    (void)err;
    return SKA_OK;
}

enum ska_status confine_calls_front(struct ska_error *err)
{
    (void)err;
    log_warn("not_confined", "advice=\"this is a test build\"");
    return SKA_OK;
}

enum ska_status confine_calls_aggregator(struct ska_error *err)
{
    (void)err;
    log_warn("not_confined", "advice=\"this is a test build\"");
    return SKA_OK;
}

#endif
