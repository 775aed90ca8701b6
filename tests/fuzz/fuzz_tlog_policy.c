/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_tlog_policy.c - policies: more witnesses never make a quorum fail. */
#include <stdlib.h>
#include <string.h>

#include "protocol/tlog_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ska_tlog_policy policy;
    struct ska_error err = {0};
    if (ska_policy_parse(&policy, data, size, &err) != SKA_OK) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    bool witnessed[SKA_POLICY_MEMBERS_MAX] = {false};
    bool was_met = ska_policy_is_met(&policy, witnessed);
    if (was_met != (policy.quorum == SKA_POLICY_NONE))
        abort();
    for (size_t i = 0; i < policy.n_members; i++) {
        witnessed[i] = true;
        const bool is_met = ska_policy_is_met(&policy, witnessed);
        if (was_met && !is_met)
            abort();
        was_met = is_met;
    }
    if (!was_met) /* all cosigned */
        abort();
    return 0;
}
