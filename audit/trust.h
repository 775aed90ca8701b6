/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * trust.h - the roots of trust: the four public keys that an auditor got from elsewhere than the
 * bundle.
 *
 * A text of lines "publisher <key>", "leader <key>", "helper <key>", "second <key>", each once, in
 * any order; a key is 43 characters of base64url. Empty lines and lines starting with # are
 * skipped. A line may end in CR LF.
 */
#ifndef SKA_AUDIT_TRUST_H
#define SKA_AUDIT_TRUST_H

#include "crypto/bytes.h"

#define TRUST_BYTES_MAX 65536u
#define TRUST_N 4

/* Who signs; the index of its key. */
enum trust_party { TRUST_PUBLISHER, TRUST_LEADER, TRUST_HELPER, TRUST_SECOND };

struct trust {
    uint8_t key[TRUST_N][32];
};

/* "leader"; the party's name in the chosen language. */
const char *trust_party_name(enum trust_party party);

/*
 * Returns SKA_OK; SKA_E_FORMAT naming the line; SKA_E_CONFLICT if two parties have one key, since
 * then nobody watches the other. Outputs change only on success.
 */
enum ska_status trust_parse(struct trust *out, struct ska_slice text,
                            struct ska_error *err) SKA_MUST_CHECK;

/* The same from a file. SKA_E_FILE, SKA_E_LIMIT, SKA_E_MEMORY too. */
enum ska_status trust_read(struct trust *out, const char *path,
                           struct ska_error *err) SKA_MUST_CHECK;

#endif
