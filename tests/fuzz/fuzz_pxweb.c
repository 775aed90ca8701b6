/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_pxweb.c - a path and a query of the data interface, one line each, against one table. An
 * answer of figures is whole; the table's hidden figures have no value in it, so it cannot have
 * any. */
#include "server/front/pxweb.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "tests/sample_dataset.h"

#define PATH_MAX_BYTES 1000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ska_status read_file(uint8_t **data, size_t *len, const char *name, void *arg)
{
    struct ska_writer w = {0};
    (void)arg;
    if (strcmp(name, "data/tables") == 0) {
        ska_write_bytes(&w, "skarva tables 1\n", 16);
        dataset_write_string(&w, "lan");
        dataset_write_text(&w, "a", "b");
        ska_write_u32(&w, 0);
    } else if (strcmp(name, "data/indicators/A.table") == 0) {
        sample_dataset(&w);
    } else {
        return SKA_E_NOT_FOUND;
    }
    return ska_writer_take(data, len, &w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[PATH_MAX_BYTES + 1] = "";
    const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t path_len = newline != NULL ? (size_t)(newline - data) : size;
    if (path_len > PATH_MAX_BYTES)
        return 0;
    if (path_len > 0)
        memcpy(path, data, path_len);
    const struct pxweb_site site = {read_file, NULL};
    struct pxweb_answer answer = {0};
    struct pxweb_request request = {.is_post = newline != NULL, .path = path, .query = ""};
    if (newline != NULL)
        request.body = (struct ska_slice){newline + 1, size - path_len - 1};
    pxweb_answer(&answer, &site, &request);
    if (answer.status < 200 || answer.status > 599 || answer.type == NULL)
        abort();
    ska_writer_clear(&answer.body);
    return 0;
}
