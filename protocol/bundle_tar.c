/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bundle_tar.c - the bundle's archive: POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange
 * Format") in the one form that bundle.h describes.
 */
#include "protocol/bundle.h"

#include "crypto/scoped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512u
#define END_BYTES (2 * BLOCK)

/* Files with a fixed name, in order; submissions stand between. */
#define N_BEFORE 3
static const char *const fixed_names[] = {
    /* clang-format off */
    "bundle", "parameters", "accepted",
    /* submissions */
    "log/policy", "log/checkpoint", "log/left", "log/leaves", "log/records", /* where one is promised */
    "aggregates", "suppression", "certificate",
    "rounding",              /* where the policy rounds */
    "changes",               /* a correction's */
    "earlier",               /* a linked release's */
    "year",                  /* of one with a roll-up */
    "table.csv", "table.json", "table.px",
    "year.json", "year.px",  /* likewise */
    "page.sv.html", "page.en.html", "release",
    /* clang-format on */
};

const char *const ska_bundle_log_names[SKA_BUNDLE_LOG_FILES] = {
    "log/policy", "log/checkpoint", "log/left", "log/leaves", "log/records"};

uint32_t ska_bundle_submission(const char *name)
{
    static const char prefix[] = "submissions/";
    const size_t prefix_len = sizeof prefix - 1;
    if (strlen(name) != prefix_len + 5 || memcmp(name, prefix, prefix_len) != 0)
        return SKA_NONE;
    uint32_t index = 0;
    for (size_t i = prefix_len; i < prefix_len + 5; i++) {
        if (name[i] < '0' || name[i] > '9')
            return SKA_NONE;
        index = index * 10 + (uint32_t)(name[i] - '0');
    }
    return index < SKA_CONTRIBUTORS_MAX ? index : SKA_NONE;
}

uint32_t ska_bundle_rank(const char *name)
{
    for (uint32_t i = 0; i < sizeof fixed_names / sizeof fixed_names[0]; i++) {
        if (strcmp(name, fixed_names[i]) == 0)
            return i < N_BEFORE ? i : SKA_CONTRIBUTORS_MAX + i;
    }
    uint32_t index = ska_bundle_submission(name);
    return index == SKA_NONE ? SKA_NONE : N_BEFORE + index;
}

/* A field of `width` bytes: octal digits with leading zeros and a NUL. */
static void put_octal(uint8_t *field, size_t width, uint64_t value)
{
    field[width - 1] = '\0';
    for (size_t i = width - 1; i > 0; i--) {
        field[i - 1] = (uint8_t)('0' + (value & 7));
        value >>= 3;
    }
}

/* The one header a file of this name and length has. `name` fits SKA_BUNDLE_NAME_MAX. */
static void make_header(uint8_t header[static BLOCK], const char *name, uint64_t len)
{
    static const uint8_t magic[8] = {'u', 's', 't', 'a', 'r', '\0', '0', '0'}; /* and version */
    memset(header, 0, BLOCK);
    for (size_t i = 0; name[i] != '\0'; i++)
        header[i] = (uint8_t)name[i];
    put_octal(header + 100, 8, 0644); /* mode */
    put_octal(header + 108, 8, 0);    /* uid */
    put_octal(header + 116, 8, 0);    /* gid */
    put_octal(header + 124, 12, len); /* size */
    put_octal(header + 136, 12, 0);   /* mtime */
    memset(header + 148, ' ', 8);     /* chksum counts as spaces */
    header[156] = '0';                /* typeflag: regular file */
    memcpy(header + 257, magic, sizeof magic);
    put_octal(header + 329, 8, 0); /* devmajor */
    put_octal(header + 337, 8, 0); /* devminor */
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += header[i];
    put_octal(header + 148, 7, sum); /* six digits, NUL, and the space that stood there */
}

static size_t padding(size_t len)
{
    return (BLOCK - len % BLOCK) % BLOCK;
}

void ska_bundle_write_file(struct ska_writer *w, const char *name, struct ska_slice data)
{
    static const uint8_t zeros[BLOCK] = {0};
    if (w->status != SKA_OK)
        return;
    if (strlen(name) > SKA_BUNDLE_NAME_MAX || data.len > SKA_BUNDLE_BYTES_MAX) {
        w->status = SKA_E_LIMIT;
        return;
    }
    uint8_t header[BLOCK];
    make_header(header, name, data.len);
    ska_write_bytes(w, header, sizeof header);
    ska_write_bytes(w, data.data, data.len);
    ska_write_bytes(w, zeros, padding(data.len));
}

void ska_bundle_write_end(struct ska_writer *w)
{
    static const uint8_t zeros[END_BYTES] = {0};
    ska_write_bytes(w, zeros, sizeof zeros);
}

static bool is_zero(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] != 0)
            return false;
    }
    return true;
}

/* The size field, if it has the form that put_octal gives it. */
static enum ska_status read_size(uint64_t *size, const uint8_t header[static BLOCK])
{
    uint64_t value = 0;
    for (size_t i = 124; i < 135; i++) {
        if (header[i] < '0' || header[i] > '7')
            return SKA_E_FORMAT;
        value = value << 3 | (uint64_t)(header[i] - '0');
    }
    *size = value;
    return SKA_OK;
}

/* One file: header, contents, padding. */
static enum ska_status read_file(struct ska_bundle_file *file, struct ska_reader *r)
{
    const uint8_t *header;
    SKA_TRY(ska_read_borrow(&header, r, BLOCK));
    size_t name_len = strnlen((const char *)header, 100);
    uint64_t len;
    if (name_len == 0 || name_len > SKA_BUNDLE_NAME_MAX)
        return SKA_E_FORMAT;
    SKA_TRY(read_size(&len, header));
    memset(file->name, 0, sizeof file->name);
    memcpy(file->name, header, name_len);
    uint8_t want[BLOCK];
    make_header(want, file->name, len);
    if (memcmp(header, want, BLOCK) != 0)
        return SKA_E_FORMAT;
    if (len > r->left)
        return SKA_E_TRUNCATED;
    file->data.len = (size_t)len;
    SKA_TRY(ska_read_borrow(&file->data.data, r, file->data.len));
    const uint8_t *pad;
    SKA_TRY(ska_read_borrow(&pad, r, padding(file->data.len)));
    return is_zero(pad, padding(file->data.len)) ? SKA_OK : SKA_E_FORMAT;
}

/* Files before the two zero blocks, counted by walking over them. */
static enum ska_status count_files(size_t *n, struct ska_slice archive, struct ska_error *err)
{
    struct ska_reader r;
    ska_reader_init(&r, archive.data, archive.len);
    uint32_t last = SKA_NONE;
    for (size_t count = 0;; count++) {
        size_t offset = archive.len - r.left;
        if (r.left >= END_BYTES && is_zero(r.at, END_BYTES)) {
            *n = count;
            return r.left == END_BYTES
                       ? SKA_OK
                       : ska_fail(err, SKA_E_TRAILING, "bundle: bytes after its end, at %zu",
                                  offset + END_BYTES);
        }
        if (count == SKA_BUNDLE_FILES_MAX)
            return ska_fail(err, SKA_E_LIMIT, "bundle: more than %u files", SKA_BUNDLE_FILES_MAX);
        struct ska_bundle_file file;
        enum ska_status status = read_file(&file, &r);
        if (status != SKA_OK)
            return ska_fail(err, status, "bundle: no file of the required form at byte %zu",
                            offset);
        uint32_t rank = ska_bundle_rank(file.name);
        if (rank == SKA_NONE || (last != SKA_NONE && rank <= last))
            return ska_fail(err, SKA_E_FORMAT,
                            "bundle: the file at byte %zu is unknown or out of order", offset);
        last = rank;
    }
}

SKA_DEFINE_RELEASE(struct ska_bundle_file *, files_release, free)

enum ska_status ska_bundle_read(struct ska_bundle_file **files, size_t *n, struct ska_slice archive,
                                struct ska_error *err)
{
    if (archive.len > SKA_BUNDLE_BYTES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "bundle: %zu bytes are too many", archive.len);
    size_t count = 0;
    SKA_TRY(count_files(&count, archive, err));
    SKA_SCOPED(files_release)
    struct ska_bundle_file *found = ska_alloc(count + 1, sizeof *found);
    if (found == NULL)
        return ska_fail(err, SKA_E_MEMORY, "bundle: no memory for %zu files", count);
    struct ska_reader r;
    ska_reader_init(&r, archive.data, archive.len);
    for (size_t i = 0; i < count; i++)
        SKA_TRY(read_file(&found[i], &r)); /* it was read before */
    *files = found;
    *n = count;
    found = NULL;
    return SKA_OK;
}
