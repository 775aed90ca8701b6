/* SPDX-License-Identifier: EUPL-1.2 */
/* checkpoint.c - the text of a checkpoint (C2SP tlog-checkpoint v1.0.0). */
#include "protocol/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HASH_BASE64 44

enum ska_status ska_checkpoint_hash(uint8_t out[static SKA_HASH_BYTES], struct ska_slice line)
{
    uint8_t hash[SKA_HASH_BYTES];
    size_t len = 0;
    if (line.len != HASH_BASE64 ||
        ska_base64_decode(hash, &len, sizeof hash, (const char *)line.data, line.len) != SKA_OK ||
        len != sizeof hash)
        return SKA_E_FORMAT;
    memcpy(out, hash, sizeof hash);
    return SKA_OK;
}

enum ska_status ska_checkpoint_parse(struct ska_checkpoint *out, struct ska_slice text)
{
    struct ska_checkpoint c = {0};
    struct ska_slice origin, size, root;
    SKA_TRY(ska_note_line(&origin, &text));
    SKA_TRY(ska_note_line(&size, &text));
    SKA_TRY(ska_note_line(&root, &text));
    if (origin.len == 0 || memchr(origin.data, '\0', origin.len) != NULL)
        return SKA_E_FORMAT;
    if (origin.len > SKA_NOTE_NAME_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(ska_note_number(&c.size, size.data, size.len));
    SKA_TRY(ska_checkpoint_hash(c.root, root));
    if (text.len != 0)
        return SKA_E_UNSUPPORTED;
    memcpy(c.origin, origin.data, origin.len);
    *out = c;
    return SKA_OK;
}

void ska_checkpoint_format(struct ska_writer *w, const struct ska_checkpoint *checkpoint)
{
    char text[SKA_CHECKPOINT_TEXT_MAX + 1], root[HASH_BASE64 + 1];
    ska_base64_encode(root, checkpoint->root, sizeof checkpoint->root);
    int len = snprintf(text, sizeof text, "%s\n%" PRIu64 "\n%s\n", checkpoint->origin,
                       checkpoint->size, root);
    ska_write_bytes(w, text, (size_t)len); /* fits: that is what the constant counts */
}
