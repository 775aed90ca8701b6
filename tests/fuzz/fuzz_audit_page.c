/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_audit_page.c - the reader of pages and of their figures: every figure lies within the page,
 * holds no tag, and reads as one number or none.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_figure(void *arg, const struct page_figure *figure)
{
    const struct ska_slice *page = arg;
    bool is_hidden = false;
    uint64_t value = 0;
    if (figure->text.data < page->data || figure->text.len > page->len ||
        figure->text.data + figure->text.len > page->data + page->len)
        abort();
    if (figure->text.len > 0 && memchr(figure->text.data, '<', figure->text.len) != NULL)
        abort();
    enum ska_status status = page_figure_value(&is_hidden, &value, figure->text);
    if (status != SKA_OK && (is_hidden || value != 0))
        abort();
    if (status == SKA_OK && value >= UINT64_C(1000000000000000000))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ska_slice page = {data, size};
    struct ska_error err = {0};
    enum ska_status status = page_read(page, on_figure, &page, &err);
    if ((status == SKA_OK) != (err.text[0] == '\0'))
        abort();
    return 0;
}
