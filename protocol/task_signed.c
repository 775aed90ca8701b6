/* SPDX-License-Identifier: EUPL-1.2 */
/* task_signed.c - the three signatures over a task's parameters. */
#include "protocol/task.h"

#include "crypto/labels.h"

#include <string.h>

void ska_signed_parameters_encode(struct ska_writer *w, const struct ska_signed_parameters *s)
{
    ska_write_opaque32(w, s->parameters.data, s->parameters.len);
    ska_write_bytes(w, s->publisher, sizeof s->publisher);
    ska_write_bytes(w, s->leader, sizeof s->leader);
    ska_write_bytes(w, s->helper, sizeof s->helper);
}

enum ska_status ska_signed_parameters_decode(struct ska_signed_parameters *out,
                                             struct ska_slice bytes)
{
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    struct ska_signed_parameters s = {0};
    SKA_TRY(ska_read_opaque32(&s.parameters.data, &s.parameters.len, &r, SKA_PARAMETERS_BYTES_MAX));
    SKA_TRY(ska_read_bytes(s.publisher, sizeof s.publisher, &r));
    SKA_TRY(ska_read_bytes(s.leader, sizeof s.leader, &r));
    SKA_TRY(ska_read_bytes(s.helper, sizeof s.helper, &r));
    SKA_TRY(ska_read_end(&r));
    *out = s;
    return SKA_OK;
}

enum ska_status ska_parameters_sign(uint8_t signature[static 64], const struct ska_task *task,
                                    const struct ska_signing_key *key)
{
    return ska_sign(signature, key, SKA_LABEL_SIGN_PARAMETERS, task->context.parameters_hash,
                    sizeof task->context.parameters_hash);
}

enum ska_status ska_parameters_verify(const uint8_t signature[static 64],
                                      const struct ska_task *task, const uint8_t key[static 32])
{
    return ska_sign_verify(signature, key, SKA_LABEL_SIGN_PARAMETERS, task->context.parameters_hash,
                           sizeof task->context.parameters_hash);
}

enum ska_status ska_parameters_verify_unread(const uint8_t signature[static 64],
                                             struct ska_slice parameters,
                                             const uint8_t key[static 32])
{
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256_labelled(hash, SKA_LABEL_PARAMETERS, parameters.data, parameters.len);
    return ska_sign_verify(signature, key, SKA_LABEL_SIGN_PARAMETERS, hash, sizeof hash);
}

static enum ska_status verify_party(const uint8_t signature[static 64], const struct ska_task *task,
                                    const uint8_t key[static 32], const char *party,
                                    struct ska_error *err)
{
    static const uint8_t unsigned_yet[SKA_SIGNATURE_BYTES] = {0};
    enum ska_status status = ska_parameters_verify(signature, task, key);
    if (status == SKA_OK)
        return SKA_OK;
    if (memcmp(signature, unsigned_yet, sizeof unsigned_yet) == 0)
        return ska_fail(err, status, "the %s has not signed the parameters", party);
    return ska_fail(err, status, "the %s's signature on the parameters does not hold", party);
}

enum ska_status ska_signed_parameters_verify(const struct ska_signed_parameters *s,
                                             const struct ska_task *task, struct ska_error *err)
{
    if (s->parameters.len != task->encoded_len ||
        memcmp(s->parameters.data, task->encoded, task->encoded_len) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the signatures are over other parameters");
    const struct ska_parameters *p = &task->parameters;
    SKA_TRY(verify_party(s->publisher, task, p->publisher_key, ska_text("publisher"), err));
    SKA_TRY(verify_party(s->leader, task, p->leader_key, ska_text("leader"), err));
    return verify_party(s->helper, task, p->helper_key, ska_text("helper"), err);
}
