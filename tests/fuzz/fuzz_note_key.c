/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_note_key.c - verifier keys: what is taken is written back the same. */
#include <stdlib.h>
#include <string.h>

#include "protocol/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_note_key key;
    char text[SKA_NOTE_KEY_TEXT_MAX + 1];
    if (ska_note_key_parse(&key, (const char *)data, size) != SKA_OK)
        return 0;
    ska_note_key_format(text, &key);
    if (strlen(text) != size || memcmp(text, data, size) != 0)
        abort();
    return 0;
}
