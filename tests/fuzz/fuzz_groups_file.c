/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_groups_file.c - a publisher's file of groups: what is taken is encoded in the one form, with
 * a tile for each group; what is refused leaves nothing and a sentence.
 */
#include "reports/groups_file.h"

#include <stdlib.h>
#include <string.h>

#include "tests/samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ska_roster *roster(void)
{
    static struct ska_roster r; /* lives as long as the process */
    static const struct ska_contributor at[] = {{"2303", "Ragunda", {1}},
                                                {"2305", "Bräcke", {2}},
                                                {"2309", "Krokom", {3}},
                                                {"2313", "Strömsund", {4}}};
    if (r.n == 0)
        must(ska_roster_build(&r, at, 4, NULL));
    return &r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SKA_SCOPED(groups_file_clear) struct groups_file file = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    struct ska_error err = {0};
    if (groups_file_parse(&file, (struct ska_slice){data, size}, "file", roster(), &err) !=
        SKA_OK) {
        if (err.text[0] == '\0')
            abort();
        return 0;
    }
    if (ska_groups_check(&file.groups, roster(), 3, NULL) != SKA_OK)
        return 0;
    ska_groups_encode(&w, &file.groups);
    return recode_or_abort(recode_groups, w.data, w.len);
}
