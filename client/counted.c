/* SPDX-License-Identifier: EUPL-1.2 */
/* counted.c - a receipt's submission in the accepted list of a bundle. */
#include "client/counted.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/bundle.h"
#include "support/file.h"
#include "support/language.h"

/* The file `accepted` of an archive. */
static enum ska_status find_list(struct ska_signed_accepted *out, struct ska_slice archive,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, archive, err));
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, "accepted") == 0)
            return ska_signed_accepted_decode(out, files[i].data);
    return SKA_E_NOT_FOUND;
}

static enum ska_status verify_list(const struct ska_signed_accepted *list,
                                   const struct ska_trust *trust, struct ska_error *err)
{
    enum ska_status status = ska_accepted_verify(list->leader, trust->leader, list->list);
    if (status == SKA_OK)
        status = ska_accepted_verify(list->helper, trust->helper, list->list);
    if (status != SKA_E_SIGNATURE)
        return status;
    return ska_fail(err, status,
                    tr("paketets lista över godkända inlämningar är inte undertecknad av båda "
                       "servrarna",
                       "the bundle's list of accepted submissions is not signed by both servers"));
}

/* The list is sorted by contributor and number, so the counted one is the contributor's last. */
static void look_up(enum counted *out, uint64_t *number, const struct ska_accepted *accepted,
                    const struct ska_log_entry *mine)
{
    bool is_there = false;
    *out = COUNTED_NOT;
    for (uint32_t i = 0; i < accepted->n; i++) {
        const struct ska_accepted_entry *e = &accepted->at[i];
        if (e->contributor != mine->contributor)
            continue;
        is_there |= e->number == mine->number && e->length == mine->length &&
                    memcmp(e->sha256, mine->sha256, sizeof e->sha256) == 0;
        *number = e->number;
    }
    if (is_there)
        *out = *number == mine->number ? COUNTED_THIS : COUNTED_NEWER;
}

enum ska_status counted_find(enum counted *out, uint64_t *number, const char *bundle_path,
                             const struct ska_receipt *receipt, const struct ska_trust *trust,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *archive = NULL;
    size_t len = 0;
    struct ska_signed_accepted list;
    struct ska_accepted accepted = {0};
    SKA_TRY(file_read(&archive, &len, bundle_path, SKA_BUNDLE_BYTES_MAX, err));
    enum ska_status status = find_list(&list, (struct ska_slice){archive, len}, NULL);
    if (status == SKA_OK)
        status = ska_accepted_decode(&accepted, list.list);
    if (status != SKA_OK)
        return ska_fail(err, status == SKA_E_MEMORY ? status : SKA_E_FORMAT,
                        tr("%s: är inget paket", "%s: is no bundle"), bundle_path);
    status = verify_list(&list, trust, err);
    if (status == SKA_OK && memcmp(accepted.task_id, receipt->entry.task_id, 32) != 0)
        status = ska_fail(err, SKA_E_TASK,
                          tr("%s: gäller en annan period, insamling eller rättelse än kvittot",
                             "%s: is of another period, collection or correction than the receipt"),
                          bundle_path);
    if (status == SKA_OK)
        look_up(out, number, &accepted, &receipt->entry);
    ska_accepted_clear(&accepted);
    return status;
}
