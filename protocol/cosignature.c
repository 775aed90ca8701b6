/* SPDX-License-Identifier: EUPL-1.2 */
/* cosignature.c - timestamped cosignatures (C2SP tlog-cosignature v1.0.0). */
#include "protocol/cosignature.h"

#include "crypto/scoped.h"
#include "crypto/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TIMED_BYTES (8 + SKA_SIGNATURE_BYTES)

/* The message that is signed. */
static enum ska_status write_message(struct ska_writer *w, struct ska_slice text, uint64_t time_s)
{
    char head[64];
    int len = snprintf(head, sizeof head, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
    ska_write_bytes(w, head, (size_t)len); /* fits: at most 20 digits */
    ska_write_bytes(w, text.data, text.len);
    return ska_writer_status(w);
}

enum ska_status ska_cosignature_sign(struct ska_writer *w, const struct ska_note_key *key,
                                     const struct ska_signing_key *secret, struct ska_slice text,
                                     uint64_t time_s)
{
    if (key->type != SKA_NOTE_COSIGNATURE || time_s == 0 || time_s > INT64_MAX ||
        !ska_ct_equal(key->public_key, secret->public_key, sizeof key->public_key))
        return SKA_E_BUG;
    SKA_SCOPED(ska_writer_clear) struct ska_writer message = {0};
    SKA_TRY(write_message(&message, text, time_s));
    uint8_t signature[SKA_SIGNATURE_BYTES], timed[TIMED_BYTES];
    SKA_TRY(ska_sign_bare(signature, secret, message.data, message.len));
    struct ska_writer t;
    ska_writer_init_fixed(&t, timed, sizeof timed);
    ska_write_u64(&t, time_s);
    ska_write_bytes(&t, signature, sizeof signature);
    ska_note_write_line(w, key, timed, sizeof timed);
    return ska_writer_status(w);
}

/* One line that names the key. */
static enum ska_status verify_one(uint64_t *time_s, const struct ska_note_signature *s,
                                  const struct ska_note *note, const struct ska_note_key *key)
{
    struct ska_reader r;
    uint64_t time;
    if (key->type != SKA_NOTE_COSIGNATURE || s->signature_len != TIMED_BYTES)
        return SKA_E_SIGNATURE;
    ska_reader_init(&r, s->signature, s->signature_len);
    SKA_TRY(ska_read_u64(&time, &r));
    if (time == 0 || time > INT64_MAX)
        return SKA_E_SIGNATURE;
    SKA_SCOPED(ska_writer_clear) struct ska_writer message = {0};
    SKA_TRY(write_message(&message, note->text, time));
    SKA_TRY(ska_sign_verify_bare(r.at, key->public_key, message.data, message.len));
    *time_s = time;
    return SKA_OK;
}

enum ska_status ska_cosignature_verify(uint64_t *time_s, const struct ska_note *note,
                                       const struct ska_note_key *key)
{
    uint64_t newest = 0;
    for (size_t i = 0; i < note->n_signatures; i++) {
        uint64_t time;
        if (!ska_note_is_by(&note->signatures[i], key))
            continue;
        SKA_TRY(verify_one(&time, &note->signatures[i], note, key));
        if (time > newest)
            newest = time;
    }
    if (newest == 0)
        return SKA_E_NOT_FOUND;
    *time_s = newest;
    return SKA_OK;
}
