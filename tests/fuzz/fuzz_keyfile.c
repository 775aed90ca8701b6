/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_keyfile.c - any text as a key file and as the roots of trust: a key that is taken is written
 * to the very bytes it was read from.
 */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "support/keyfile.h"

#include <string.h>

#include "crypto/scoped.h"
#include "support/file.h"
#include "tests/fuzz/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FOLDER_PATH_MAX], again[FOLDER_PATH_MAX];
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    struct ska_signing_key key;
    struct ska_hpke_key hpke;
    struct ska_trust trust;
    folder_make(NULL, 0);
    folder_put("file", data, size);
    (void)snprintf(path, sizeof path, "%s/file", fuzz_folder);
    (void)snprintf(again, sizeof again, "%s/again", fuzz_folder);
    ska_ignore(ska_trust_read(&trust, path, NULL), "any answer will do");
    enum ska_status status = SKA_E_FORMAT;
    if (keyfile_read_signing(&key, path, NULL) == SKA_OK)
        status = keyfile_write_signing(again, &key, NULL);
    else if (keyfile_read_hpke(&hpke, path, NULL) == SKA_OK)
        status = keyfile_write_hpke(again, &hpke, NULL);
    if (status == SKA_OK && (file_read(&bytes, &len, again, 1000, NULL) != SKA_OK || len != size ||
                             memcmp(bytes, data, len) != 0))
        abort();
    return 0;
}
