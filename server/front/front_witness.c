/* SPDX-License-Identifier: EUPL-1.2 */
/* front_witness.c - the outside witnesses of the leader's log: one peer for each that the policy
 * gives a URL. */
#include "server/front/front_parts.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "server/policy.h"

static enum ska_status open_each(struct front *front, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    if (policy == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    bool calls = false;
    uint8_t sha256[32];
    SKA_TRY(policy_read(policy, sha256, front->config, err));
    SKA_TRY(policy_calls(&calls, policy, front->config, err));
    for (size_t i = 0; calls && i < policy->n_members; i++)
        if (policy->members[i].url[0] != '\0')
            SKA_TRY(peer_new_witness(&front->witnesses[i], front, policy->members[i].url, err));
    return SKA_OK;
}

enum ska_status witnesses_open(struct front *front, struct ska_error *err)
{
    bool keeps_log = front->config->role == SKA_ROLE_LEADER && front->config->log_policy[0] != '\0';
    return keeps_log ? open_each(front, err) : SKA_OK;
}

void witnesses_free(struct front *front)
{
    for (size_t i = 0; i < SKA_POLICY_MEMBERS_MAX; i++) {
        peer_free(front->witnesses[i]);
        front->witnesses[i] = NULL;
    }
}

void witness_fetch(struct front *front, uint32_t id, const struct ipc_fetch *fetch)
{
    uint64_t member = SKA_POLICY_MEMBERS_MAX;
    struct ska_writer w = {0};
    if (ska_note_number(&member, (const uint8_t *)fetch->name, strlen(fetch->name)) == SKA_OK &&
        member < SKA_POLICY_MEMBERS_MAX && front->witnesses[member] != NULL) {
        peer_fetch(front->witnesses[member], id, fetch);
        return;
    }
    ipc_write_fetched(&w, id, &(struct ipc_fetched){.outcome = SKA_E_NOT_FOUND});
    front_send(front, &w);
}
