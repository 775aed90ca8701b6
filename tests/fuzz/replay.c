/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * replay.c - runs one fuzz target over its seeds and past crashers, without a fuzzer.
 *
 * Linked with fuzz_NAME.c as replay_NAME; the inputs are the files in tests/fuzz/corpus/NAME.
 * Prints one line that tests/run counts. A target that fails ends the process, which is a failure
 * too.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)1 << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Run one file. In memory of exactly its size, so that a sanitizer sees one byte too many. */
static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rbe");
    uint8_t *buffer = malloc(INPUT_MAX);
    if (f == NULL || buffer == NULL) {
        if (f != NULL)
            (void)fclose(f);
        free(buffer);
        return -1;
    }
    size_t len = fread(buffer, 1, INPUT_MAX, f);
    (void)fclose(f);
    uint8_t *data = malloc(len > 0 ? len : 1);
    if (data != NULL) {
        memcpy(data, buffer, len);
        (void)fprintf(stderr, "%s\n", path);
        (void)LLVMFuzzerTestOneInput(data, len);
    }
    free(buffer);
    free(data);
    return data == NULL ? -1 : 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *slash = strrchr(argv[0], '/');
    const char *program = slash != NULL ? slash + 1 : argv[0];
    const char *underscore = strchr(program, '_');
    const char *name = underscore != NULL ? underscore + 1 : program;
    char path[1024];
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/%s", name);
    DIR *directory = opendir(path);
    unsigned n_files = 0;
    unsigned n_failed = 0;
    for (struct dirent *e; directory != NULL && (e = readdir(directory)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "tests/fuzz/corpus/%s/%s", name, e->d_name);
        n_files++;
        if (replay_file(path) != 0)
            n_failed++;
    }
    if (directory != NULL)
        (void)closedir(directory);
    if (n_files == 0 || n_failed > 0) {
        printf("not ok - fuzz_%s: %u seeds, %u of them cannot be read\n", name, n_files, n_failed);
        return EXIT_FAILURE;
    }
    printf("ok - fuzz_%s takes its %u seeds\n", name, n_files);
    return EXIT_SUCCESS;
}
