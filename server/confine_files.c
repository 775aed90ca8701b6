/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * confine_files.c - landlock by its system calls: which files and which TCP ports a process may
 * use. Debian 12's headers know versions 1 and 2 of the interface; what came later is named here.
 *
 * Spec: Linux kernel documentation, userspace-api/landlock.
 */
#define _GNU_SOURCE /* syscall, O_PATH */
#include "server/confine_parts.h"

#ifndef SKA_SANITIZED

#include "server/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <linux/landlock.h>
#include <sys/syscall.h>

#define FS_TRUNCATE (UINT64_C(1) << 14)  /* since version 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* since version 5 */
#define NET_BIND_TCP (UINT64_C(1) << 0)  /* since version 4 */
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define RULE_NET_PORT 2
#define FS_VERSION_1 ((UINT64_C(1) << 13) - 1)

/* struct landlock_ruleset_attr of version 4, struct landlock_net_port_attr. */
struct ruleset {
    uint64_t files, net;
};
struct net_rule {
    uint64_t allowed, port;
};

static enum ska_status fail(struct ska_error *err, const char *what)
{
    return ska_fail(err, SKA_E_FORBIDDEN, "landlock: %s: %s", what, strerror(errno));
}

static enum ska_status allow_folder(int rules, const char *folder, uint64_t allowed,
                                    struct ska_error *err)
{
    struct landlock_path_beneath_attr beneath = {.allowed_access = allowed};
    beneath.parent_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (beneath.parent_fd < 0)
        return fail(err, folder);
    long added = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    (void)close(beneath.parent_fd);
    return added == 0 ? SKA_OK : fail(err, folder);
}

static enum ska_status fill_and_restrict(int rules, const struct ruleset *handled,
                                         const char *const folders[static 2], bool may_write,
                                         const uint16_t *ports, size_t n_ports,
                                         struct ska_error *err)
{
    uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | FS_TRUNCATE;
    for (size_t i = 0; i < 2; i++)
        if (folders[i] != NULL && folders[i][0] != '\0')
            SKA_TRY(allow_folder(rules, folders[i],
                                 (may_write ? read | write : read) & handled->files, err));
    for (size_t i = 0; i < n_ports && handled->net != 0; i++) {
        struct net_rule rule = {.allowed = NET_CONNECT_TCP, .port = ports[i]};
        if (syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &rule, 0) != 0)
            return fail(err, "port");
    }
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? SKA_OK : fail(err, "restrict");
}

enum ska_status confine_files(const char *const folders[static 2], bool may_write,
                              const uint16_t *ports, size_t n_ports, struct ska_error *err)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        log_warn("no_landlock", "advice=\"this kernel cannot confine the process to its files\"");
        return SKA_OK;
    }
    struct ruleset handled = {.files = FS_VERSION_1};
    if (version >= 2)
        handled.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3)
        handled.files |= FS_TRUNCATE;
    if (version >= 5)
        handled.files |= FS_IOCTL_DEV;
    if (version >= 4)
        handled.net = NET_BIND_TCP | NET_CONNECT_TCP;
    size_t size = version >= 4 ? sizeof handled : sizeof handled.files;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    if (rules < 0)
        return fail(err, "rules");
    enum ska_status status =
        fill_and_restrict(rules, &handled, folders, may_write, ports, n_ports, err);
    (void)close(rules);
    return status;
}

#endif
