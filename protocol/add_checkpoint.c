/* SPDX-License-Identifier: EUPL-1.2 */
/* add_checkpoint.c - a log's request to a witness (C2SP tlog-witness). */
#include "protocol/add_checkpoint.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char old_word[] = "old ";

enum ska_status ska_add_checkpoint_parse(struct ska_add_checkpoint *out, const uint8_t *data,
                                         size_t len)
{
    struct ska_add_checkpoint request = {0};
    struct ska_slice rest = {data, len}, line;
    const size_t word_len = sizeof old_word - 1;
    if (len > SKA_ADD_BYTES_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(ska_note_line(&line, &rest));
    if (line.len < word_len || memcmp(line.data, old_word, word_len) != 0)
        return SKA_E_FORMAT;
    SKA_TRY(ska_note_number(&request.old_size, line.data + word_len, line.len - word_len));
    for (;;) {
        SKA_TRY(ska_note_line(&line, &rest));
        if (line.len == 0)
            break;
        if (request.n_proof == SKA_ADD_PROOF_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(ska_checkpoint_hash(request.proof[request.n_proof++], line));
    }
    SKA_TRY(ska_note_parse(&request.note, rest.data, rest.len));
    SKA_TRY(ska_checkpoint_parse(&request.checkpoint, request.note.text));
    *out = request;
    return SKA_OK;
}

void ska_add_checkpoint_write(struct ska_writer *w, uint64_t old_size,
                              const uint8_t (*proof)[SKA_HASH_BYTES], size_t n_proof,
                              struct ska_slice note)
{
    char line[64];
    assert(n_proof <= SKA_ADD_PROOF_MAX);
    (void)snprintf(line, sizeof line, "%s%" PRIu64 "\n", old_word, old_size);
    ska_write_bytes(w, line, strlen(line));
    for (size_t i = 0; i < n_proof; i++) {
        ska_base64_encode(line, proof[i], SKA_HASH_BYTES);
        ska_write_bytes(w, line, strlen(line));
        ska_write_u8(w, '\n');
    }
    ska_write_u8(w, '\n');
    ska_write_bytes(w, note.data, note.len);
}
