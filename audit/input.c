/* SPDX-License-Identifier: EUPL-1.2 */
/* input.c - reading and writing whole files. */
#include "audit/input.h"

#include "audit/words.h"
#include "crypto/scoped.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FIRST_BYTES ((size_t)1 << 20)

static void close_unless_standard(int *fd)
{
    if (*fd > STDERR_FILENO)
        close(*fd); /* read only: nothing can be lost here */
}

/* Room for at least one more byte. Doubles, so the work stays linear. */
static enum ska_status grow(uint8_t **data, size_t *capacity)
{
    size_t wanted = FIRST_BYTES;
    if (*capacity > 0)
        SKA_TRY(ska_size_mul(&wanted, *capacity, 2));
    uint8_t *bigger = realloc(*data, wanted);
    if (bigger == NULL)
        return SKA_E_MEMORY;
    *data = bigger;
    *capacity = wanted;
    return SKA_OK;
}

enum ska_status input_read_open(uint8_t **data, size_t *len, int fd, uint64_t max)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *buffer = NULL;
    size_t capacity = 0, filled = 0;
    for (;;) {
        if (filled == capacity)
            SKA_TRY(grow(&buffer, &capacity));
        ssize_t got = read(fd, buffer + filled, capacity - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return SKA_E_FILE;
        if (got == 0)
            break;
        filled += (size_t)got;
        if (filled > max)
            return SKA_E_LIMIT;
    }
    *data = buffer;
    *len = filled;
    buffer = NULL; /* the caller owns it now */
    return SKA_OK;
}

enum ska_status input_store(int fd, const uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return SKA_E_FILE;
        data += n;
        len -= (size_t)n;
    }
    return SKA_OK;
}

enum ska_status input_read(uint8_t **data, size_t *len, const char *path, uint64_t max,
                           struct ska_error *err)
{
    bool is_standard = strcmp(path, "-") == 0;
    SKA_SCOPED(close_unless_standard)
    int fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ska_fail(err, SKA_E_FILE, words("%s kan inte öppnas: %s", "cannot open %s: %s"),
                        path, ska_text(strerror(errno)));
    enum ska_status status = input_read_open(data, len, fd, max);
    if (status == SKA_E_FILE)
        return ska_fail(err, status, words("%s kan inte läsas: %s", "cannot read %s: %s"), path,
                        ska_text(strerror(errno)));
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, ska_status_text(status));
    return SKA_OK;
}
