/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release.h - from draft to release: two people sign before anything of a period is public.
 *
 *     periods/2025Q2/draft            the bundle, signed by the publisher, the second signer's
 *                                     signature zeros
 *                   /draft-figures    what the file figures will be
 *                   /draft.signature  the second signer's signature, unless it lies elsewhere
 *                   /bundle           the bundle as released, for ever
 *                   /released         release_day.h: the period is released
 *
 *     nothing --publish--> drafted --the second signer's signature--> released --> on the site
 *                            ^  |
 *                            +--+ another period was released in between, or --redraft
 *
 * Each file is written whole, in this order, and the site last, pages that link to the period after
 * what they link to: after a crash at any moment the period is still a draft, or is released and
 * the same command writes the site. What is released never changes.
 */
#ifndef SKA_REPORTS_RELEASE_H
#define SKA_REPORTS_RELEASE_H

#include "reports/ledger.h"
#include "reports/period.h"

bool release_is_done(const struct period *p);

/* Keep a draft of the bundle's files (all but the release), signed by the publisher. A signature
 * over an earlier draft is removed. */
enum ska_status release_keep_draft(const struct period *p, const struct ska_release_place *place,
                                   const struct ska_bundle_file *files, size_t n,
                                   struct ska_slice figures, struct ska_error *err) SKA_MUST_CHECK;

/* Whether there is a draft for this place among the releases. */
enum ska_status release_has_draft(bool *has, const struct period *p,
                                  const struct ska_release_place *place,
                                  struct ska_error *err) SKA_MUST_CHECK;

/* The draft's path; the caller frees. NULL without memory. */
char *release_draft_path(const struct period *p) SKA_MUST_CHECK;
/* Where the second signer's signature is looked for: the option's, or "draft.signature". */
char *release_signature_path(const struct period *p, const char *option) SKA_MUST_CHECK;

/* Release the draft with the second signer's signature. SKA_E_SIGNATURE if it is not over this
 * draft; SKA_E_FORMAT; what files give. */
enum ska_status release_complete(const struct period *p, const struct ska_release_place *place,
                                 const char *signature_path, uint64_t now_s,
                                 struct ska_error *err) SKA_MUST_CHECK;

/* The file `release` of a released period's bundle; the caller frees. SKA_E_FORMAT; what files
 * give.
 */
enum ska_status release_read(uint8_t **data, size_t *len, const struct period *p,
                             struct ska_error *err) SKA_MUST_CHECK;

/* Write a released period's own files to the site, from its bundle. Again and again the same. */
enum ska_status release_show(const struct period *p, struct ska_error *err) SKA_MUST_CHECK;

/*
 * A signature as a file: one line of text,
 *     skarva release-signature 1 <task_id, 43 characters> <signature, 86 characters>
 * both base64url without padding.
 */
#define RELEASE_SIGNATURE_TEXT_MAX 200
void release_signature_text(char out[static RELEASE_SIGNATURE_TEXT_MAX],
                            const uint8_t task_id[static 32], const uint8_t signature[static 64]);
enum ska_status release_signature_parse(uint8_t task_id[static 32], uint8_t signature[static 64],
                                        struct ska_slice text) SKA_MUST_CHECK;

/* Put the second signer's signature into a draft, in place. SKA_E_FORMAT if it is no bundle. */
enum ska_status release_put_second(uint8_t *draft, size_t len, const uint8_t signature[static 64],
                                   struct ska_error *err) SKA_MUST_CHECK;

#endif
