/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * announce.h - what is released, and what the site offers for checking, becomes an entry of the
 * servers' public log (docs/log.md), and the proof that it stands there is published.
 *
 *     nothing --PUT to the leader--> an entry at both servers --published checkpoint--> proof
 *
 *     periods/2025Q2/release.tlog-proof              of the release's entry, under the policy of
 *     SITE/bundles/NAME-2025Q2.release.tlog-proof    the period
 *     SITE/check/verifier.js.tlog-proof              of the verifier's, beside the file itself
 *
 * Every step can be repeated: the servers take the same bytes again for what they are. What has a
 * proof is not asked about any more; its file is written to the site again.
 */
#ifndef SKA_REPORTS_ANNOUNCE_H
#define SKA_REPORTS_ANNOUNCE_H

#include "reports/period.h"

#define ANNOUNCE_PROOF_FILE "release.tlog-proof"
#define ANNOUNCE_PROOF_ENDING ".tlog-proof"

/*
 * Announce a released period, and wait up to `wait_s` seconds for the proof.
 *
 * Out: proven  whether there is one; false, and SKA_OK, where the period's parameters promise no
 *              public log
 *
 * Returns SKA_OK; SKA_E_STATE if it is not released; SKA_E_BUSY: announced, but in no published
 * checkpoint yet; SKA_E_NETWORK, SKA_E_TIMEOUT; SKA_E_PEER if the leader's answer or proof does not
 * hold; what a refusal by the servers means (support/https.h); `err` says it in words.
 */
enum ska_status announce_release(bool *proven, const struct period *p, uint64_t wait_s,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* All releases of a collection that have no proof, in the order of their numbers, up to the first
 * that fails. `n` is how many have one now that had none. */
enum ska_status announce_all(size_t *n, const struct collection *c, uint64_t wait_s,
                             struct ska_error *err) SKA_MUST_CHECK;

/* Announce the file as what the site offers for checking; its proof is put beside it. As
 * announce_release; SKA_E_STATE if the collection has no policy of a public log. */
enum ska_status announce_verifier(const struct collection *c, const char *path, uint64_t wait_s,
                                  struct ska_error *err) SKA_MUST_CHECK;

#endif
