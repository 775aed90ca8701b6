/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_note.c - signed notes: what is taken is text, an empty line, and the lines taken, in order.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ska_note empty;
    struct ska_note note = {0};
    if (ska_note_parse(&note, data, size) != SKA_OK) {
        if (memcmp(&note, &empty, sizeof note) != 0)
            abort();
        return 0;
    }
    const uint8_t *at = data;
    if (note.text.data != data || note.text.len == 0 || data[note.text.len - 1] != '\n' ||
        data[note.text.len] != '\n' || note.n_signatures == 0)
        abort();
    at += note.text.len + 1;
    for (size_t i = 0; i < note.n_signatures; i++) {
        const struct ska_note_signature *s = &note.signatures[i];
        if (s->line.data != at || s->name.len == 0 || s->signature_len == 0)
            abort();
        at += s->line.len;
    }
    if (at != data + size)
        abort();
    return 0;
}
