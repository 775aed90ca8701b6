/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * config.h - one configuration file, one table (config.c): name, type, range, default, unit,
 * sentence. The parser, the checks, --print-config and --help come from the table. After start it
 * is const.
 *
 * File: lines `name = value`; # starts a comment line; UTF-8. Unknown or repeated names, missing
 * required ones and impossible combinations stop the start, naming file and line.
 */
#ifndef SKA_CONFIG_H
#define SKA_CONFIG_H

#include "crypto/proof_context.h"

#include <stdio.h>

#define CONFIG_PATH_MAX 1000
#define CONFIG_FRONTS_MAX 16

struct config {
    enum ska_role role;      /* role = leader | helper */
    char own_url[501];       /* own_url: as written in the parameters, ends in a slash */
    char peer_url[501];      /* peer_url */
    char listen_address[64]; /* listen_address, default 127.0.0.1 */
    uint64_t listen_port;    /* listen_port; 0: the system chooses, for tests */
    char port_file[CONFIG_PATH_MAX +
                   1]; /* port_file: the port is written here once it listens; "" : not */
    char tls_certificate[CONFIG_PATH_MAX +
                         1];           /* tls_certificate: PEM chain; also shown to the peer */
    char tls_key[CONFIG_PATH_MAX + 1]; /* tls_key: PEM, private */
    char
        peer_ca[CONFIG_PATH_MAX + 1]; /* peer_ca: PEM; verifies the peer's certificate, both ways */
    char peer_name[256]; /* peer_name: DNS name in the peer's certificate; default: the host of
                            peer_url */
    char database[CONFIG_PATH_MAX + 1];    /* database */
    char signing_key[CONFIG_PATH_MAX + 1]; /* signing_key: secret file (support/keyfile.h) */
    char hpke_key[CONFIG_PATH_MAX + 1];    /* hpke_key: secret file */
    uint64_t hpke_config_id;               /* hpke_config_id, 0..255, default 1 */
    uint8_t peer_key[32];                  /* peer_key: the peer's public signing key, base64url */
    uint8_t publisher_key[32];             /* publisher_key */
    uint8_t second_key[32];                /* second_key */
    char site[CONFIG_PATH_MAX + 1];        /* site: folder with published pages and bundles that the
                                              leader's front serves; "" : none */
    char log_key[CONFIG_PATH_MAX + 1];     /* log_key: secret file of the key that signs (leader) or
                                              cosigns (helper) the public log; "" : none */
    char
        log_policy[CONFIG_PATH_MAX + 1]; /* log_policy: the log's tlog-policy; "" : no public log */
    char log[CONFIG_PATH_MAX + 1];       /* log: folder into which a leader writes the public log,
                                            and from which its front serves it; "" : none */
    char witness_ca[CONFIG_PATH_MAX + 1]; /* witness_ca: PEM; verifies the outside witnesses'
                                             certificates; "" : the system's issuers */
    uint64_t log_interval_s; /* log_interval_s, default 3600: how often new entries go into the log
                              */
    char user[64]; /* user: to become when started as root; "" : stay (a warning as root) */
    uint64_t front_processes; /* front_processes, default 0: one per core, at most 4 */
    uint64_t upload_max; /* upload_max: bytes of an upload's body, default 1 MiB, up to 64 MiB */
    uint64_t connections_max;         /* connections_max, default 1000 */
    uint64_t address_connections_max; /* address_connections_max, default 250; 0: no limit */
    uint64_t address_requests_per_s;  /* address_requests_per_s, default 100; 0: no limit */
    uint64_t requests_max;        /* requests_max: open requests at the aggregator, default 500 */
    uint64_t reports_per_job_max; /* reports_per_job_max, default 16, 1..64 */
    uint64_t header_timeout_ms;   /* header_timeout_ms, default 10000: time for a request's head */
    uint64_t
        request_timeout_ms; /* request_timeout_ms, default 30000: time for a whole request body */
    uint64_t
        peer_timeout_ms;   /* peer_timeout_ms, default 60000: time for the other server's answer */
    uint64_t retry_min_ms; /* retry_min_ms, default 500: first wait before a request to the peer is
                              repeated */
    uint64_t retry_max_ms; /* retry_max_ms, default 30000 */
    uint64_t commit_delay_ms; /* commit_delay_ms, default 2: how long uploads wait for others to
                                 share a commit */
    uint64_t verify_threads;  /* verify_threads, default 1, 1..64 */
    char log_level[8];        /* log_level = error | warn | info | debug, default info */
};

/* Read, check values and combinations, and that secret files are private. `err` names file and
 * line. */
enum ska_status config_read(struct config *out, const char *path,
                            struct ska_error *err) SKA_MUST_CHECK;

/* The same for a text of `len` bytes with a NUL after it, which is taken apart in place; `name` is
 * the file's in errors. */
enum ska_status config_parse(struct config *out, const char *name, char *text, size_t len,
                             struct ska_error *err) SKA_MUST_CHECK;

void config_print(
    FILE *out,
    const struct config *config); /* every name with its value, as a file that would be accepted */
void config_help(FILE *out);      /* every name with type, range, default, unit and sentence */

#endif
