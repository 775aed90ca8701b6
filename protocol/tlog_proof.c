/* SPDX-License-Identifier: EUPL-1.2 */
/* tlog_proof.c - proofs that an entry is in a log (C2SP tlog-proof). */
#include "protocol/tlog_proof.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char first_line[] = "c2sp.org/tlog-proof@v1";
static const char extra_word[] = "extra ";
static const char index_word[] = "index ";

/* Take `word` off the front of a line; false if it is not there. */
static bool take_word(struct ska_slice *line, const char *word)
{
    const size_t len = strlen(word);
    if (line->len < len || memcmp(line->data, word, len) != 0)
        return false;
    *line = (struct ska_slice){line->data + len, line->len - len};
    return true;
}

/* The path up to the empty line. */
static enum ska_status read_path(struct ska_tlog_proof *p, struct ska_slice *rest)
{
    struct ska_slice line;
    for (;;) {
        SKA_TRY(ska_note_line(&line, rest));
        if (line.len == 0)
            return SKA_OK;
        if (p->path_len == SKA_MERKLE_PATH_MAX)
            return SKA_E_LIMIT;
        SKA_TRY(ska_checkpoint_hash(p->path[p->path_len++], line));
    }
}

enum ska_status ska_tlog_proof_parse(struct ska_tlog_proof *out, const uint8_t *data, size_t len)
{
    struct ska_tlog_proof p = {0};
    struct ska_slice rest = {data, len}, line;
    if (len > SKA_TLOG_PROOF_BYTES_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(ska_note_line(&line, &rest));
    if (!take_word(&line, first_line) || line.len != 0)
        return SKA_E_FORMAT;
    SKA_TRY(ska_note_line(&line, &rest));
    if (take_word(&line, extra_word)) {
        SKA_TRY(ska_base64_decode(p.extra, &p.extra_len, sizeof p.extra, (const char *)line.data,
                                  line.len));
        if (p.extra_len == 0)
            return SKA_E_FORMAT;
        SKA_TRY(ska_note_line(&line, &rest));
    }
    if (!take_word(&line, index_word))
        return SKA_E_FORMAT;
    SKA_TRY(ska_note_number(&p.index, line.data, line.len));
    SKA_TRY(read_path(&p, &rest));
    SKA_TRY(ska_note_parse(&p.note, rest.data, rest.len));
    *out = p;
    return SKA_OK;
}

static void write_text(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

static void write_base64(struct ska_writer *w, const uint8_t *data, size_t len)
{
    char text[4 * ((SKA_TLOG_PROOF_EXTRA_MAX + 2) / 3) + 1];
    ska_base64_encode(text, data, len);
    write_text(w, text);
    write_text(w, "\n");
}

void ska_tlog_proof_write(struct ska_writer *w, struct ska_slice extra, uint64_t index,
                          const uint8_t (*path)[SKA_HASH_BYTES], size_t path_len,
                          struct ska_slice note)
{
    char number[32];
    assert(extra.len <= SKA_TLOG_PROOF_EXTRA_MAX);
    write_text(w, first_line);
    write_text(w, "\n");
    if (extra.len > 0) {
        write_text(w, extra_word);
        write_base64(w, extra.data, extra.len);
    }
    (void)snprintf(number, sizeof number, "%s%" PRIu64 "\n", index_word, index);
    write_text(w, number);
    for (size_t i = 0; i < path_len; i++)
        write_base64(w, path[i], SKA_HASH_BYTES);
    write_text(w, "\n");
    ska_write_bytes(w, note.data, note.len);
}

enum ska_status ska_tlog_proof_verify(struct ska_policy_result *out,
                                      const struct ska_tlog_proof *proof,
                                      const uint8_t leaf[static SKA_HASH_BYTES],
                                      const struct ska_tlog_policy *policy)
{
    struct ska_policy_result r;
    SKA_TRY(ska_checkpoint_parse(&r.checkpoint, proof->note.text));
    SKA_TRY(ska_merkle_verify(r.checkpoint.root, leaf, proof->index, r.checkpoint.size,
                              (const uint8_t(*)[SKA_HASH_BYTES])proof->path, proof->path_len));
    return ska_policy_verify(out, policy, &proof->note);
}

const char *ska_tlog_proof_fault(enum ska_status status)
{
    if (status == SKA_E_MISMATCH)
        return ska_text("the entry is not where the proof says");
    if (status == SKA_E_NOT_FOUND)
        return ska_text("no log of the policy signed it");
    if (status == SKA_E_SIGNATURE)
        return ska_text("a signature of a log or witness of the policy does not hold");
    if (status == SKA_E_BATCH_SIZE)
        return ska_text("too few of the policy's witnesses cosigned it");
    return ska_status_text(status);
}
