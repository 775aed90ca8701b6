/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_config.c - any text for a configuration: refused with a sentence, or taken and printed as
 * one that is taken. A byte '@' stands for a folder with the private files s and h.
 */
#define _GNU_SOURCE /* mkdtemp, nftw, open_memstream */
#include "server/config.h"

#include "tests/fuzz/folder.h"

#include <string.h>

#define TEXT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input with the folder in place of every '@'; returns its length. */
static size_t expand(char out[static TEXT_MAX], const uint8_t *data, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < size && len + sizeof fuzz_folder < TEXT_MAX; i++) {
        if (data[i] == '@') {
            memcpy(out + len, fuzz_folder, sizeof fuzz_folder - 1);
            len += sizeof fuzz_folder - 1;
        } else {
            out[len++] = (char)data[i];
        }
    }
    out[len] = '\0';
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_MAX];
    struct config config;
    struct ska_error err = {0};
    folder_make(NULL, 0);
    folder_put("s", NULL, 0);
    folder_put("h", NULL, 0);
    size_t text_len = expand(text, data, size);
    enum ska_status status = config_parse(&config, "file", text, text_len, &err);
    assert((status == SKA_OK) == (err.text[0] == '\0'));
    if (status != SKA_OK)
        return 0;
    char *printed = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&printed, &len);
    assert(f != NULL);
    config_print(f, &config);
    (void)fclose(f);
    struct config again;
    assert(config_parse(&again, "printed", printed, len, &err) == SKA_OK);
    assert(memcmp(&config, &again, sizeof config) == 0);
    free(printed);
    return 0;
}
