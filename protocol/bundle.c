/* SPDX-License-Identifier: EUPL-1.2 */
/* bundle.c - the release: the publisher's signature over every file of a bundle. */
#include "protocol/bundle.h"

#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <stdlib.h>
#include <string.h>

static void write_files(struct ska_writer *w, const struct ska_bundle_file *files, size_t n)
{
    if (n > SKA_BUNDLE_FILES_MAX && w->status == SKA_OK)
        w->status = SKA_E_LIMIT;
    ska_write_u32(w, (uint32_t)n);
    for (size_t i = 0; i < n && w->status == SKA_OK; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        ska_sha256(hash, files[i].data.data, files[i].data.len);
        ska_write_opaque8(w, files[i].name, strlen(files[i].name));
        ska_write_u64(w, files[i].data.len);
        ska_write_bytes(w, hash, sizeof hash);
    }
}

enum ska_status ska_release_encode(struct ska_writer *w, const uint8_t task_id[static 32],
                                   const struct ska_bundle_file *files, size_t n,
                                   const struct ska_signing_key *publisher)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer body = {0};
    ska_write_u8(&body, SKA_DOCUMENT_VERSION);
    ska_write_bytes(&body, task_id, 32);
    write_files(&body, files, n);
    SKA_TRY(ska_writer_status(&body));
    uint8_t signature[SKA_SIGNATURE_BYTES];
    SKA_TRY(ska_sign(signature, publisher, SKA_LABEL_SIGN_RELEASE, body.data, body.len));
    ska_write_bytes(w, body.data, body.len);
    ska_write_bytes(w, signature, sizeof signature);
    return ska_writer_status(w);
}

/* One listed file against the file at its place. */
static enum ska_status verify_file(struct ska_reader *r, const struct ska_bundle_file *file,
                                   struct ska_error *err)
{
    const uint8_t *name;
    size_t name_len;
    uint64_t len;
    uint8_t want[SKA_HASH_BYTES];
    SKA_TRY(ska_read_opaque8(&name, &name_len, r, SKA_BUNDLE_NAME_MAX));
    SKA_TRY(ska_read_u64(&len, r));
    SKA_TRY(ska_read_bytes(want, sizeof want, r));
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256(hash, file->data.data, file->data.len);
    if (name_len != strlen(file->name) || memcmp(name, file->name, name_len) != 0 ||
        len != file->data.len || memcmp(hash, want, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the file %s is not the one that was released",
                        file->name);
    return SKA_OK;
}

enum ska_status ska_release_verify(struct ska_slice release, const uint8_t task_id[static 32],
                                   const struct ska_bundle_file *files, size_t n,
                                   const uint8_t publisher_key[static 32], struct ska_error *err)
{
    if (release.len < SKA_SIGNATURE_BYTES)
        return ska_fail(err, SKA_E_TRUNCATED, "the release ends too early");
    size_t body_len = release.len - SKA_SIGNATURE_BYTES;
    enum ska_status status = ska_sign_verify(release.data + body_len, publisher_key,
                                             SKA_LABEL_SIGN_RELEASE, release.data, body_len);
    if (status != SKA_OK)
        return ska_fail(err, status, "the publisher's signature on the release does not hold");
    struct ska_reader r;
    ska_reader_init(&r, release.data, body_len);
    SKA_TRY(ska_document_version(&r));
    uint8_t found_task[32];
    uint32_t count;
    SKA_TRY(ska_read_bytes(found_task, sizeof found_task, &r));
    SKA_TRY(ska_read_u32(&count, &r));
    if (memcmp(found_task, task_id, sizeof found_task) != 0)
        return ska_fail(err, SKA_E_TASK, "the release is of another task");
    if (count != n)
        return ska_fail(err, SKA_E_MISMATCH, "the release lists %u files, the bundle has %zu",
                        count, n);
    for (uint32_t i = 0; i < count; i++)
        SKA_TRY(verify_file(&r, &files[i], err));
    return ska_read_end(&r);
}
