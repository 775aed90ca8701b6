/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_base64url.c - base64url and hexadecimal: one text for each string of bytes, as an old table
 * says it. */
#include "crypto/bytes.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void check_base64url(const char *text, size_t text_len)
{
    uint8_t bytes[BYTES_MAX];
    char again[2 * BYTES_MAX];
    const size_t len = text_len * 6 / 8;
    const enum ska_status status = ska_base64url_decode(bytes, len, text, text_len);
    for (size_t i = 0; i < text_len; i++)
        if (status == SKA_OK && memchr(alphabet, text[i], sizeof alphabet - 1) == NULL)
            abort();
    if (status != SKA_OK)
        return;
    ska_base64url_encode(again, bytes, len);
    if (strlen(again) != text_len || memcmp(again, text, text_len) != 0)
        abort();
}

/* Bytes as text: its first character is the table's, and it comes back. */
static void check_bytes(const uint8_t *bytes, size_t len)
{
    char text[2 * BYTES_MAX];
    uint8_t again[BYTES_MAX];
    ska_base64url_encode(text, bytes, len);
    if (len > 0 && text[0] != alphabet[bytes[0] >> 2])
        abort();
    if (ska_base64url_decode(again, len, text, strlen(text)) != SKA_OK ||
        memcmp(again, bytes, len) != 0)
        abort();
    ska_hex_encode(text, bytes, len);
    if (ska_hex_decode(again, len, text) != SKA_OK || memcmp(again, bytes, len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= BYTES_MAX / 2)
        return 0;
    check_base64url((const char *)data, size);
    check_bytes(data, size);
    return 0;
}
