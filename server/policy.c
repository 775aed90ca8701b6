/* SPDX-License-Identifier: EUPL-1.2 */
/* policy.c - the public log's policy as a server reads it. */
#include "server/policy.h"

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "support/file.h"
#include "support/language.h"

#include <stdlib.h>
#include <string.h>

static enum ska_status fail_policy(struct ska_error *err, const struct config *config,
                                   enum ska_status status, const struct ska_error *why)
{
    return ska_fail(err, SKA_E_CONFIG, "log_policy: %s: %s", config->log_policy,
                    why->text[0] != '\0' ? why->text : ska_status_text(status));
}

enum ska_status policy_read(struct ska_tlog_policy *out, uint8_t sha256[static 32],
                            const struct config *config, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_error why = {0};
    size_t len = 0;
    SKA_TRY(file_read(&text, &len, config->log_policy, SKA_POLICY_BYTES_MAX, err));
    ska_sha256(sha256, text, len);
    const enum ska_status status = ska_policy_parse(out, text, len, &why);
    return status == SKA_OK ? SKA_OK : fail_policy(err, config, status, &why);
}

enum ska_status policy_judge(size_t *helper, struct ska_note_key *key,
                             const struct ska_tlog_policy *policy, const struct config *config,
                             const uint8_t public_key[static SKA_SIGN_PUBLIC_BYTES],
                             struct ska_error *err)
{
    const bool is_leader = config->role == SKA_ROLE_LEADER;
    struct ska_error why = {0};
    enum ska_status status =
        ska_log_policy_check(helper, policy, is_leader ? config->own_url : config->peer_url,
                             is_leader ? config->peer_url : config->own_url, &why);
    if (status != SKA_OK)
        return fail_policy(err, config, status, &why);
    const struct ska_note_key *named = is_leader ? &policy->logs[0] : &policy->members[*helper].key;
    status = ska_note_key_init(key, named->name,
                               is_leader ? SKA_NOTE_ED25519 : SKA_NOTE_COSIGNATURE, public_key);
    if (status != SKA_OK)
        return fail_policy(err, config, status, &why);
    if (key->id == named->id &&
        memcmp(key->public_key, named->public_key, sizeof named->public_key) == 0) /* both public */
        return SKA_OK;
    return ska_fail(err, SKA_E_CONFIG,
                    tr("log_policy: %s: %s har en annan nyckel än den i log_key; skarvad --log-key "
                       "skriver den rätta",
                       "log_policy: %s: %s has another key than log_key; skarvad --log-key prints "
                       "the right one"),
                    config->log_policy, named->name);
}

enum ska_status policy_calls(bool *calls, const struct ska_tlog_policy *policy,
                             const struct config *config, struct ska_error *err)
{
    size_t i = 0;
    *calls = false;
    if (config->role == SKA_ROLE_LEADER)
        while (i < policy->n_members && policy->members[i].url[0] == '\0')
            i++;
    if (config->role != SKA_ROLE_LEADER || i == policy->n_members)
        return SKA_OK;
    if (config->witness_ca[0] == '\0')
        return ska_fail(err, SKA_E_CONFIG,
                        tr("witness_ca: behövs, eftersom log_policy ger vittnet %s en adress",
                           "witness_ca: is needed, since log_policy gives the address of %s"),
                        policy->members[i].name);
    *calls = true;
    return SKA_OK;
}
