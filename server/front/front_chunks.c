/* SPDX-License-Identifier: EUPL-1.2 */
/* front_chunks.c - the chunked transfer coding, read. */
#include "server/front/front_chunks.h"

#include "crypto/scoped.h"

#include <string.h>

#define LINE_MAX_BYTES 1024u
#define TRAILER_MAX 8192u

/* Take a line with its CR LF off; NULL in *line if it is not whole yet. */
static enum ska_status take_line(char **line, struct evbuffer *input)
{
    *line = NULL;
    struct evbuffer_ptr end = evbuffer_search_eol(input, NULL, NULL, EVBUFFER_EOL_CRLF_STRICT);
    if (end.pos < 0)
        return evbuffer_get_length(input) > LINE_MAX_BYTES ? SKA_E_FORMAT : SKA_OK;
    if (end.pos > (ev_ssize_t)LINE_MAX_BYTES)
        return SKA_E_FORMAT;
    *line = evbuffer_readln(input, NULL, EVBUFFER_EOL_CRLF_STRICT);
    return *line == NULL ? SKA_E_MEMORY : SKA_OK;
}

/* "1a3" or "1a3;extension". */
static enum ska_status parse_size(size_t *out, const char *line)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    size_t value = 0;
    size_t n = 0;
    for (; line[n] != '\0' && line[n] != ';' && line[n] != ' '; n++) {
        const char *digit = strchr(digits, line[n]);
        if (digit == NULL || n == 8)
            return SKA_E_FORMAT;
        value = value * 16 + (size_t)((digit - digits) % 16);
    }
    if (n == 0)
        return SKA_E_FORMAT;
    *out = value;
    return SKA_OK;
}

/* A line of the coding itself: a size, the end of a chunk, a trailer's. */
static enum ska_status take_coding(struct chunks *c, bool *moved, struct evbuffer *input)
{
    SKA_SCOPED(ska_scoped_free) char *line = NULL;
    SKA_TRY(take_line(&line, input));
    if (line == NULL)
        return SKA_OK;
    *moved = true;
    if (c->state == CHUNKS_SIZE) {
        SKA_TRY(parse_size(&c->left, line));
        c->state = c->left == 0 ? CHUNKS_TRAILER : CHUNKS_DATA;
    } else if (c->state == CHUNKS_END) {
        if (line[0] != '\0')
            return SKA_E_FORMAT;
        c->state = CHUNKS_SIZE;
    } else {
        c->done = line[0] == '\0';
        c->trailer_len += strlen(line);
        if (c->trailer_len > TRAILER_MAX)
            return SKA_E_FORMAT;
    }
    return SKA_OK;
}

enum ska_status chunks_take(struct chunks *c, struct evbuffer *body, struct evbuffer *input,
                            size_t max)
{
    bool moved = true;
    while (moved && !c->done) {
        moved = false;
        if (c->state != CHUNKS_DATA) {
            SKA_TRY(take_coding(c, &moved, input));
            continue;
        }
        size_t have = evbuffer_get_length(input);
        size_t n = have < c->left ? have : c->left;
        if (n == 0)
            break;
        if (n > max - evbuffer_get_length(body))
            return SKA_E_LIMIT;
        if (evbuffer_remove_buffer(input, body, n) != (int)n)
            return SKA_E_MEMORY;
        c->left -= n;
        moved = true;
        if (c->left == 0)
            c->state = CHUNKS_END;
    }
    return SKA_OK;
}
