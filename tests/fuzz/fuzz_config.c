/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_config.c - any text for a configuration: refused with a sentence, or taken and printed as
 * one that is taken. A byte '@' stands for a folder with the private files s and h.
 */
#define _GNU_SOURCE /* mkdtemp, open_memstream */
#include "server/config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/skarva-fuzz.XXXXXX";

static void write_private(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    assert(f != NULL);
    assert(fclose(f) == 0 && chmod(path, 0600) == 0);
}

static void remove_folder(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/s", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/h", folder);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void make_folder(void)
{
    static bool made;
    if (made)
        return;
    made = true;
    assert(mkdtemp(folder) != NULL);
    write_private("s");
    write_private("h");
    (void)atexit(remove_folder);
}

/* The input with the folder in place of every '@'; returns its length. */
static size_t expand(char out[static TEXT_MAX], const uint8_t *data, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < size && len + sizeof folder < TEXT_MAX; i++) {
        if (data[i] == '@') {
            memcpy(out + len, folder, sizeof folder - 1);
            len += sizeof folder - 1;
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
    make_folder();
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
