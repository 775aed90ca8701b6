/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * config.h - a witness's configuration: lines "name = value", # starts a comment line, UTF-8. Names
 * that are unknown or stand twice (but `log`), and missing ones, stop the start, naming file and
 * line.
 */
#ifndef SKA_WITNESS_CONFIG_H
#define SKA_WITNESS_CONFIG_H

#include "protocol/note.h"
#include "witness/judge.h"

#define WITNESS_PATH_MAX 1000
#define WITNESS_KEYS_OF_LOG_MAX 8u /* keys of one log, so that a remembered note stays a note */

/* Texts are "" where they do not stand in the file. */
struct witness_config {
    char name[SKA_NOTE_NAME_MAX + 1]; /* the key's */
    char listen_address[64];
    uint64_t listen_port;                 /* 0: the system chooses, for tests */
    char port_file[WITNESS_PATH_MAX + 1]; /* the port is written here once it listens */
    char key[WITNESS_PATH_MAX + 1];
    char state[WITNESS_PATH_MAX + 1];
    char tls_certificate[WITNESS_PATH_MAX + 1]; /* both or none */
    char tls_key[WITNESS_PATH_MAX + 1];
    struct ska_note_key logs[WITNESS_LOGS_MAX];
    size_t n_logs; /* 1.. */
};

/* SKA_OK; SKA_E_CONFIG naming file and line; as file_read. */
enum ska_status witness_config_read(struct witness_config *out, const char *path,
                                    struct ska_error *err) SKA_MUST_CHECK;

/* The same for a text; `name` is the file's in errors. */
enum ska_status witness_config_parse(struct witness_config *out, const char *name, const char *text,
                                     size_t len, struct ska_error *err) SKA_MUST_CHECK;

/* The option at `index` with what it means in the chosen language; false behind the last. */
bool witness_config_option(const char **name, const char **sentence, size_t index);

#endif
