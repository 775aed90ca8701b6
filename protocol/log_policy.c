/* SPDX-License-Identifier: EUPL-1.2 */
/* log_policy.c - whether a policy is one for a leader's log. */
#include "protocol/log_policy.h"

#include <stdio.h>
#include <string.h>

static const char scheme[] = "https://";

static enum ska_status make_name(char out[static SKA_NOTE_NAME_MAX + 1], const char *url,
                                 const char *what)
{
    const size_t len = strlen(url);
    if (len < sizeof scheme || strncmp(url, scheme, sizeof scheme - 1) != 0 || url[len - 1] != '/')
        return SKA_E_FORMAT;
    const char *rest = url + sizeof scheme - 1;
    if (strlen(rest) + strlen(what) > SKA_NOTE_NAME_MAX)
        return SKA_E_LIMIT;
    memset(out, 0, SKA_NOTE_NAME_MAX + 1);
    (void)snprintf(out, SKA_NOTE_NAME_MAX + 1, "%s%s", rest, what); /* fits: measured above */
    return SKA_OK;
}

enum ska_status ska_log_origin(char out[static SKA_NOTE_NAME_MAX + 1], const char *leader_url)
{
    return make_name(out, leader_url, "log");
}

enum ska_status ska_log_helper_name(char out[static SKA_NOTE_NAME_MAX + 1], const char *helper_url)
{
    return make_name(out, helper_url, "witness");
}

/* The quorum, if all witnesses but the helper cosigned, and if it alone did. */
static bool quorum_is_safe(const struct ska_tlog_policy *policy, size_t helper)
{
    bool others[SKA_POLICY_MEMBERS_MAX] = {0};
    bool alone[SKA_POLICY_MEMBERS_MAX] = {0};
    bool all[SKA_POLICY_MEMBERS_MAX] = {0};
    for (size_t i = 0; i < policy->n_members; i++) {
        all[i] = !policy->members[i].is_group;
        others[i] = all[i] && i != helper;
    }
    alone[helper] = true;
    return ska_policy_is_met(policy, all) && !ska_policy_is_met(policy, others) &&
           !ska_policy_is_met(policy, alone);
}

/* Whether a witness is one of the aggregators under another key: another of the helper's name, or
 * one with the log's own key. It would stand for somebody outside. */
static bool is_insider(const struct ska_tlog_policy *policy, size_t i, size_t helper)
{
    const struct ska_policy_member *m = &policy->members[i];
    const struct ska_note_key *log = &policy->logs[0];
    return !m->is_group && i != helper &&
           (strcmp(m->key.name, policy->members[helper].key.name) == 0 ||
            strcmp(m->key.name, log->name) == 0 ||
            memcmp(m->key.public_key, log->public_key, sizeof log->public_key) == 0);
}

enum ska_status ska_log_policy_check(size_t *helper, const struct ska_tlog_policy *policy,
                                     const char *leader_url, const char *helper_url,
                                     struct ska_error *err)
{
    char origin[SKA_NOTE_NAME_MAX + 1];
    char name[SKA_NOTE_NAME_MAX + 1];
    size_t i = 0;
    SKA_TRY(ska_log_origin(origin, leader_url));
    SKA_TRY(ska_log_helper_name(name, helper_url));
    if (policy->n_logs != 1 || strcmp(policy->logs[0].name, origin) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the policy must name one log, %s", origin);
    while (i < policy->n_members &&
           (policy->members[i].is_group || strcmp(policy->members[i].key.name, name) != 0))
        i++;
    if (i == policy->n_members)
        return ska_fail(err, SKA_E_MISMATCH, "the policy must name the helper's witness, %s", name);
    for (size_t k = 0; k < policy->n_members; k++)
        if (is_insider(policy, k, i))
            return ska_fail(err, SKA_E_MISMATCH,
                            "the policy's witness %s is the log or the helper once more, under "
                            "another key or name; each witness must be somebody else",
                            policy->members[k].name);
    if (!quorum_is_safe(policy, i))
        return ska_fail(err, SKA_E_MISMATCH,
                        "the policy's quorum must need the helper, and a witness that is not");
    *helper = i;
    return SKA_OK;
}
