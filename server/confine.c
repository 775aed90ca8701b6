/* SPDX-License-Identifier: EUPL-1.2 */
/* confine.c - giving up what a process does not need. */
#define _GNU_SOURCE /* setresuid, setgroups, prctl */
#include "server/confine.h"

#include "protocol/tlog_policy.h"
#include "server/confine_parts.h"
#include "server/log.h"
#include "support/language.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/prctl.h>

void confine_begin(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tzset(); /* reads its file now rather than when none can be opened any more */
    confine_secrets();
}

/* Become the user in all three ways, so that there is no way back, and check that. */
static enum ska_status become(const struct passwd *user, const char *name, struct ska_error *err)
{
    if (setgroups(0, NULL) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "user: %s: %s", name, ska_text(strerror(errno)));
    if (user->pw_uid == 0 || setuid(0) == 0 || geteuid() != user->pw_uid)
        return ska_fail(err, SKA_E_FORBIDDEN,
                        tr("user: %s: är fortfarande root", "user: %s: is still root"), name);
    return SKA_OK;
}

enum ska_status confine_drop_user(const struct config *config, struct ska_error *err)
{
    if (geteuid() != 0)
        return SKA_OK;
    if (config->user[0] == '\0') {
        log_warn("running_as_root", "advice=\"set user in the configuration\"");
        return SKA_OK;
    }
    const struct passwd *user = getpwnam(config->user); /* one thread, before any outside byte */
    if (user == NULL)
        return ska_fail(err, SKA_E_CONFIG,
                        tr("user: %s: användaren finns inte", "user: %s: there is no such user"),
                        config->user);
    SKA_TRY(become(user, config->user, err));
    confine_secrets(); /* changing the user undid it */
    return SKA_OK;
}

static enum ska_status forbid_privileges(struct ska_error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return ska_fail(err, SKA_E_FORBIDDEN, "no-new-privileges: %s", ska_text(strerror(errno)));
    return SKA_OK;
}

/* The port in peer_url, whose form was checked. */
static uint16_t port_of_peer(const struct config *config)
{
    const char *host = config->peer_url + strlen("https://");
    const char *after = host[0] == '[' ? strchr(host, ']') : host;
    const char *colon = after == NULL ? NULL : strchr(after, ':');
    if (colon == NULL || colon > strchr(host, '/'))
        return 443;
    unsigned port = 0;
    for (const char *at = colon + 1; *at >= '0' && *at <= '9' && port <= 6553; at++)
        port = port * 10 + (unsigned)(*at - '0');
    return (uint16_t)port;
}

enum ska_status confine_front(const struct config *config, const uint16_t *witness_ports,
                              size_t n_ports, struct ska_error *err)
{
    const char *const folders[2] = {config->site, config->log};
    uint16_t ports[SKA_POLICY_MEMBERS_MAX + 1] = {port_of_peer(config)};
    assert(n_ports <= SKA_POLICY_MEMBERS_MAX);
    for (size_t i = 0; i < n_ports; i++)
        ports[i + 1] = witness_ports[i];
    SKA_TRY(forbid_privileges(err));
    SKA_TRY(confine_files(folders, false, ports, n_ports + 1, err));
    return confine_calls_front(err);
}

enum ska_status confine_aggregator(const struct config *config, struct ska_error *err)
{
    char folder[CONFIG_PATH_MAX + 1] = ".";
    const char *slash = strrchr(config->database, '/');
    if (slash != NULL)
        memcpy(folder, config->database,
               slash == config->database ? 1 : (size_t)(slash - config->database));
    SKA_TRY(forbid_privileges(err));
    const char *const folders[2] = {folder, config->log};
    SKA_TRY(confine_files(folders, true, NULL, 0, err));
    return confine_calls_aggregator(err);
}
