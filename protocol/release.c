/* SPDX-License-Identifier: EUPL-1.2 */
/* release.c - the signed list of a bundle's files. */
#include "protocol/release.h"

#include "crypto/hash.h"
#include "crypto/labels.h"
#include "crypto/scoped.h"

#include <string.h>

static const char *label_of(enum ska_release_signer who)
{
    return who == SKA_RELEASE_PUBLISHER ? SKA_LABEL_SIGN_RELEASE : SKA_LABEL_SIGN_SECOND;
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= bytes[i];
    return any == 0;
}

/* The first has none before it, every other one has. */
static bool is_place(const struct ska_release_place *place)
{
    return place->number >= 1 &&
           (place->number == 1) == is_zero(place->previous, sizeof place->previous);
}

enum ska_status ska_release_body(struct ska_writer *w, const uint8_t task_id[static 32],
                                 const struct ska_release_place *place,
                                 const struct ska_bundle_file *files, size_t n)
{
    if (!is_place(place))
        return SKA_E_RANGE;
    if (n > SKA_BUNDLE_FILES_MAX)
        return SKA_E_LIMIT;
    ska_write_u8(w, SKA_DOCUMENT_VERSION);
    ska_write_bytes(w, task_id, 32);
    ska_write_u32(w, place->number);
    ska_write_bytes(w, place->previous, sizeof place->previous);
    ska_write_u32(w, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        ska_sha256(hash, files[i].data.data, files[i].data.len);
        ska_write_opaque8(w, files[i].name, strlen(files[i].name));
        ska_write_u64(w, files[i].data.len);
        ska_write_bytes(w, hash, sizeof hash);
    }
    return ska_writer_status(w);
}

enum ska_status ska_release_sign(uint8_t signature[static SKA_SIGNATURE_BYTES],
                                 enum ska_release_signer who, const struct ska_signing_key *key,
                                 struct ska_slice body)
{
    return ska_sign(signature, key, label_of(who), body.data, body.len);
}

enum ska_status ska_release_verify(const uint8_t signature[static SKA_SIGNATURE_BYTES],
                                   enum ska_release_signer who, const uint8_t key[static 32],
                                   struct ska_slice body)
{
    return ska_sign_verify(signature, key, label_of(who), body.data, body.len);
}

/* Reads one listed file. */
static enum ska_status read_file(const uint8_t **name, size_t *name_len, uint64_t *len,
                                 uint8_t sha256[static 32], struct ska_reader *r)
{
    SKA_TRY(ska_read_opaque8(name, name_len, r, SKA_BUNDLE_NAME_MAX));
    SKA_TRY(ska_read_u64(len, r));
    return ska_read_bytes(sha256, SKA_HASH_BYTES, r);
}

/* All of a body before its files. */
static enum ska_status read_head(struct ska_release *out, uint32_t *n, struct ska_reader *r)
{
    SKA_TRY(ska_document_version(r));
    SKA_TRY(ska_read_bytes(out->task_id, sizeof out->task_id, r));
    SKA_TRY(ska_read_u32(&out->place.number, r));
    SKA_TRY(ska_read_bytes(out->place.previous, sizeof out->place.previous, r));
    SKA_TRY(ska_read_u32(n, r));
    if (!is_place(&out->place))
        return SKA_E_RANGE;
    return *n <= SKA_BUNDLE_FILES_MAX ? SKA_OK : SKA_E_LIMIT;
}

enum ska_status ska_release_decode(struct ska_release *out, struct ska_slice bytes)
{
    struct ska_release release = {0};
    size_t signatures = sizeof release.signature;
    if (bytes.len < signatures)
        return SKA_E_TRUNCATED;
    release.body = (struct ska_slice){bytes.data, bytes.len - signatures};
    memcpy(release.signature, bytes.data + release.body.len, signatures);
    struct ska_reader r;
    uint32_t n = 0;
    ska_reader_init(&r, release.body.data, release.body.len);
    SKA_TRY(read_head(&release, &n, &r));
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *name;
        size_t name_len;
        uint64_t len;
        uint8_t sha256[SKA_HASH_BYTES];
        SKA_TRY(read_file(&name, &name_len, &len, sha256, &r));
    }
    SKA_TRY(ska_read_end(&r));
    *out = release;
    return SKA_OK;
}

/* One listed file against the file at its place. */
static enum ska_status check_file(struct ska_reader *r, const struct ska_bundle_file *file,
                                  const uint8_t hash[static SKA_HASH_BYTES], struct ska_error *err)
{
    const uint8_t *name;
    size_t name_len;
    uint64_t len;
    uint8_t want[SKA_HASH_BYTES];
    SKA_TRY(read_file(&name, &name_len, &len, want, r));
    if (name_len != strlen(file->name) || memcmp(name, file->name, name_len) != 0 ||
        len != file->data.len || memcmp(hash, want, sizeof want) != 0)
        return ska_fail(err, SKA_E_MISMATCH, "the file %s is not the one that was released",
                        file->name);
    return SKA_OK;
}

enum ska_status ska_release_check_hashes(const struct ska_release *release,
                                         const uint8_t task_id[static 32],
                                         const struct ska_bundle_file *files,
                                         const uint8_t (*sha256)[32], size_t n,
                                         struct ska_error *err)
{
    struct ska_release head;
    struct ska_reader r;
    uint32_t count = 0;
    ska_reader_init(&r, release->body.data, release->body.len);
    SKA_TRY(read_head(&head, &count, &r));
    if (memcmp(head.task_id, task_id, sizeof head.task_id) != 0)
        return ska_fail(err, SKA_E_TASK, "the release is of another task");
    if (count != n)
        return ska_fail(err, SKA_E_MISMATCH, "the release lists %u files, the bundle has %zu",
                        count, n);
    for (uint32_t i = 0; i < count; i++)
        SKA_TRY(check_file(&r, &files[i], sha256[i], err));
    return ska_read_end(&r);
}

enum ska_status ska_release_check(const struct ska_release *release,
                                  const uint8_t task_id[static 32],
                                  const struct ska_bundle_file *files, size_t n,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t(*sha256)[32] = ska_alloc(n + 1, sizeof *sha256);
    if (sha256 == NULL)
        return SKA_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        ska_sha256(sha256[i], files[i].data.data, files[i].data.len);
    return ska_release_check_hashes(release, task_id, files, (const uint8_t(*)[32])sha256, n, err);
}

bool ska_release_is_signed(const struct ska_release *r, enum ska_release_signer who)
{
    return !is_zero(r->signature[who], sizeof r->signature[who]);
}
