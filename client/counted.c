/* SPDX-License-Identifier: EUPL-1.2 */
/* counted.c - a receipt's submission in the accepted list, and in the log, of a bundle. */
#include "client/counted.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/bundle.h"
#include "protocol/close_record.h"
#include "protocol/log_leaf.h"
#include "protocol/log_part.h"
#include "support/file.h"
#include "support/language.h"

/* A bundle's files that are looked at; data NULL: it is not there. */
struct bundle {
    struct ska_slice accepted, parameters, log[SKA_BUNDLE_LOG_FILES];
};

static enum ska_status find_files(struct bundle *out, struct ska_slice archive)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, archive, NULL));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].name, "accepted") == 0)
            out->accepted = files[i].data;
        if (strcmp(files[i].name, "parameters") == 0)
            out->parameters = files[i].data;
        for (size_t k = 0; k < SKA_BUNDLE_LOG_FILES; k++)
            if (strcmp(files[i].name, ska_bundle_log_names[k]) == 0)
                out->log[k] = files[i].data;
    }
    return out->accepted.data != NULL ? SKA_OK : SKA_E_NOT_FOUND;
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

/* --- the log ---------------------------------------------------------------------------------- */

/* Whether the parameters promise a log. Parameters that cannot be read promise none: that is the
 * audit's business. */
static bool is_promised(struct ska_slice parameters)
{
    struct ska_signed_parameters s;
    struct ska_parameters p;
    if (parameters.data == NULL || ska_signed_parameters_decode(&s, parameters) != SKA_OK ||
        ska_parameters_decode(&p, s.parameters, NULL) != SKA_OK)
        return false;
    const bool is = ska_parameters_have_log(&p);
    ska_parameters_clear(&p);
    return is;
}

/* What both signed, and two more: the entry's bytes begin the leaf. */
static bool is_my_leaf(struct ska_slice leaf, const struct ska_log_entry *mine)
{
    uint8_t entry[SKA_LOG_ENTRY_BYTES_MAX];
    struct ska_writer w;
    ska_writer_init_fixed(&w, entry, sizeof entry);
    ska_log_entry_encode_as(&w, SKA_LEAF_SUBMISSION, mine);
    return leaf.len == w.len + SKA_LEAF_SIGNED_BYTES && memcmp(leaf.data, entry, w.len) == 0;
}

/* The record of the task's last close: of the records, which are those of its commands and closes
 * in order. And whether the submission has an entry before it. */
static enum ska_status find_close(struct ska_slice *record, bool *has_leaf,
                                  const struct ska_log_part *part, const struct ska_log_entry *mine)
{
    uint32_t n = 0;
    bool has = false;
    *record = (struct ska_slice){0};
    for (uint64_t i = 0; i < part->n; i++) {
        struct ska_log_leaf leaf;
        uint8_t hash[SKA_HASH_BYTES];
        has |= is_my_leaf(part->leaves[i], mine);
        if (ska_log_leaf_decode(&leaf, part->leaves[i]) != SKA_OK ||
            memcmp(leaf.entry.task_id, mine->task_id, sizeof mine->task_id) != 0 ||
            leaf.type < SKA_LEAF_OPEN || leaf.type > SKA_LEAF_COLLECT)
            continue;
        if (n == part->n_records)
            return SKA_E_FORMAT;
        const struct ska_slice blob = part->records[n++];
        if (leaf.type != SKA_LEAF_CLOSE)
            continue;
        ska_sha256(hash, blob.data, blob.len);
        if (memcmp(hash, leaf.entry.sha256, sizeof hash) != 0)
            return SKA_E_FORMAT;
        *record = blob;
        *has_leaf = has;
    }
    return record->data != NULL ? SKA_OK : SKA_E_FORMAT;
}

/* That the close covers the list's submissions, and both signed that. */
static enum ska_status compare_close(struct ska_slice blob, const struct ska_accepted *list,
                                     const struct ska_trust *trust)
{
    SKA_SCOPED(ska_close_record_clear) struct ska_close_record record = {0};
    struct ska_signed_close s;
    SKA_TRY(ska_signed_close_split(&s, blob));
    SKA_TRY(ska_close_record_verify(s.leader, trust->leader, s.body));
    SKA_TRY(ska_close_record_verify(s.helper, trust->helper, s.body));
    SKA_TRY(ska_close_record_decode(&record, s.body));
    bool is_same = record.n == list->n;
    for (uint32_t i = 0; is_same && i < list->n; i++)
        is_same = record.at[i].contributor == list->at[i].contributor &&
                  record.at[i].number == list->at[i].number &&
                  memcmp(record.at[i].sha256, list->at[i].sha256, 32) == 0;
    return is_same ? SKA_OK : SKA_E_MISMATCH;
}

/* Some 100 kB, so on the heap. */
struct judging {
    struct ska_note note;
    struct ska_policy_result result;
};

static enum ska_status judge(const struct ska_log_part *part, struct ska_slice checkpoint,
                             const struct ska_tlog_policy *policy)
{
    SKA_SCOPED(ska_scoped_free) struct judging *j = ska_alloc(1, sizeof *j);
    uint8_t root[SKA_HASH_BYTES];
    if (j == NULL)
        return SKA_E_MEMORY;
    if (ska_note_parse(&j->note, checkpoint.data, checkpoint.len) != SKA_OK ||
        ska_policy_verify(&j->result, policy, &j->note) != SKA_OK)
        return SKA_E_PROOF;
    ska_log_part_root(root, part);
    return memcmp(root, j->result.checkpoint.root, sizeof root) == 0 &&
                   j->result.checkpoint.size == part->left.size + part->n
               ? SKA_OK
               : SKA_E_PROOF;
}

static enum ska_status look_into_log(bool *has_leaf, const struct bundle *b,
                                     const struct ska_accepted *list,
                                     const struct ska_log_entry *mine,
                                     const struct ska_trust *trust,
                                     const struct ska_tlog_policy *policy)
{
    SKA_SCOPED(ska_log_part_clear) struct ska_log_part part = {0};
    struct ska_slice record;
    for (size_t i = 0; i < SKA_BUNDLE_LOG_FILES; i++)
        if (b->log[i].data == NULL)
            return SKA_E_FORMAT;
    SKA_TRY(ska_log_part_decode(&part, b->log[SKA_BUNDLE_LEFT], b->log[SKA_BUNDLE_LEAVES],
                                b->log[SKA_BUNDLE_RECORDS], NULL));
    if (policy != NULL)
        SKA_TRY(judge(&part, b->log[SKA_BUNDLE_CHECKPOINT], policy));
    SKA_TRY(find_close(&record, has_leaf, &part, mine));
    return compare_close(record, list, trust);
}

static enum ska_status fail_log(enum ska_status status, const char *path, struct ska_error *err)
{
    switch (ska_status_class(status)) {
    case SKA_CLASS_OK:
        return SKA_OK;
    case SKA_CLASS_RESOURCE:
    case SKA_CLASS_IO:
    case SKA_CLASS_BUG:
        return status;
    case SKA_CLASS_INPUT:
    case SKA_CLASS_REJECTED:
        break;
    }
    if (status != SKA_E_SIGNATURE && status != SKA_E_PROOF && status != SKA_E_MISMATCH)
        status = SKA_E_FORMAT;
    return ska_fail(
        err, status, "%s: %s", path,
        status == SKA_E_SIGNATURE
            ? tr("stängningen i paketets del av loggen är inte undertecknad av båda servrarna",
                 "the close in the bundle's part of the log is not signed by both servers")
        : status == SKA_E_PROOF
            ? tr("paketets kontrollpunkt ur loggen håller inte enligt policyn",
                 "the bundle's checkpoint of the log does not hold under the policy")
        : status == SKA_E_MISMATCH
            ? tr("stängningen i loggen räknar upp andra inlämningar än paketets lista",
                 "the close in the log lists other submissions than the bundle's list")
            : tr("paketets del av loggen saknas eller går inte att läsa",
                 "the bundle's part of the log is missing or cannot be read"));
}

enum ska_status counted_find(enum counted *out, uint64_t *number, bool *is_logged,
                             const char *bundle_path, const struct ska_receipt *receipt,
                             const struct ska_trust *trust, const struct ska_tlog_policy *policy,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *archive = NULL;
    SKA_SCOPED(ska_accepted_clear) struct ska_accepted accepted = {0};
    struct bundle b = {0};
    struct ska_signed_accepted list;
    size_t len = 0;
    bool has_leaf = false;
    SKA_TRY(file_read(&archive, &len, bundle_path, SKA_BUNDLE_BYTES_MAX, err));
    enum ska_status status = find_files(&b, (struct ska_slice){archive, len});
    if (status == SKA_OK)
        status = ska_signed_accepted_decode(&list, b.accepted);
    if (status == SKA_OK)
        status = ska_accepted_decode(&accepted, list.list);
    if (status != SKA_OK)
        return ska_fail(err, status == SKA_E_MEMORY ? status : SKA_E_FORMAT,
                        tr("%s: är inget paket", "%s: is no bundle"), bundle_path);
    SKA_TRY(verify_list(&list, trust, err));
    if (memcmp(accepted.task_id, receipt->entry.task_id, 32) != 0)
        return ska_fail(err, SKA_E_TASK,
                        tr("%s: gäller en annan period, insamling eller rättelse än kvittot",
                           "%s: is of another period, collection or correction than the receipt"),
                        bundle_path);
    *is_logged = b.log[SKA_BUNDLE_LEAVES].data != NULL || is_promised(b.parameters);
    if (*is_logged)
        SKA_TRY(fail_log(look_into_log(&has_leaf, &b, &accepted, &receipt->entry, trust, policy),
                         bundle_path, err));
    look_up(out, number, &accepted, &receipt->entry);
    if (*is_logged && !has_leaf)
        *out = COUNTED_UNLOGGED;
    return SKA_OK;
}
