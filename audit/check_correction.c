/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * check_correction.c - what a correction must be beside a release: compared with the one that its
 * signed parameters name, made by enough who changed, and with nothing shown that was hidden.
 *
 * The earlier bundle is taken as far as the parameters name it: its task by its identifier, its
 * accepted list by its hash, its submissions by the list, and what it hid by the publisher's
 * release. That its own figures are right is for an audit of itself to say.
 */
#include "audit/check.h"

#include "audit/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/release.h"
#include "protocol/revision.h"

static bool is_correction(const struct evidence *e)
{
    return e->task->config.statement->compares;
}

/* Nothing to look at where the task corrects nothing. */
static bool has_nothing(const struct evidence *e, struct finding *f)
{
    if (is_correction(e))
        return false;
    f->is_zero_right = true;
    return true;
}

static struct ska_slice find_file(const struct evidence_earlier *earlier, const char *name)
{
    for (size_t i = 0; i < earlier->n_files; i++)
        if (strcmp(earlier->files[i].name, name) == 0)
            return earlier->files[i].data;
    return (struct ska_slice){0};
}

/* The task and its list, as the parameters name them. */
static enum ska_status read_named(struct evidence *e, struct ska_error *err)
{
    struct evidence_earlier *earlier = &e->earlier;
    struct ska_signed_parameters parameters;
    struct ska_signed_accepted accepted;
    uint8_t hash[32];
    SKA_TRY(ska_bundle_read(&earlier->files, &earlier->n_files, earlier->archive, err));
    SKA_TRY(ska_signed_parameters_decode(&parameters, find_file(earlier, "parameters")));
    SKA_TRY(ska_task_new(&earlier->task, parameters.parameters, err));
    SKA_TRY(ska_signed_accepted_decode(&accepted, find_file(earlier, "accepted")));
    ska_accepted_hash(hash, accepted.list);
    SKA_TRY(ska_revision_check(e->task, earlier->task, hash, err));
    return ska_accepted_decode(&earlier->accepted, accepted.list);
}

static enum ska_status read_submission(struct evidence *e, const struct ska_accepted_entry *entry)
{
    char name[32];
    uint8_t hash[32];
    (void)snprintf(name, sizeof name, "submissions/%05u", entry->contributor);
    struct ska_slice file = find_file(&e->earlier, name);
    if (file.len <= SKA_VDAF_NONCE_BYTES)
        return SKA_E_NOT_FOUND;
    const struct ska_slice share = {file.data + SKA_VDAF_NONCE_BYTES,
                                    file.len - SKA_VDAF_NONCE_BYTES};
    ska_sha256(hash, share.data, share.len);
    if (memcmp(hash, entry->sha256, sizeof hash) != 0)
        return SKA_E_MISMATCH;
    return ska_revision_earlier(&e->earlier.commitments[entry->contributor], e->earlier.task,
                                share);
}

static void read_submissions(struct evidence *e, struct finding *f)
{
    const struct ska_accepted *list = &e->earlier.accepted;
    const uint32_t n = e->task->parameters.roster.n;
    e->earlier.commitments = ska_alloc(n, sizeof *e->earlier.commitments);
    if (e->earlier.commitments == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        if (!ska_accepted_is_counted(list, i))
            continue;
        f->n_inputs++;
        enum ska_status status =
            list->at[i].contributor < n ? read_submission(e, &list->at[i]) : SKA_E_ROSTER;
        if (finding_is_undecided(f, status))
            return;
        if (status != SKA_OK)
            finding_bad(f, words("det rättade paketet, %s: %s", "the corrected bundle, %s: %s"),
                        evidence_contributor(e, list->at[i].contributor), ska_status_text(status));
    }
}

/* The names that the list has, "2025Q1, 2025Q2 and 3 more"; "" if it cannot be read. Out: what is
 * corrected, or "" if it is not among them. */
static void name_listed(char *out, size_t size, char corrected[static SKA_EARLIER_NAME_MAX + 1],
                        const struct evidence *e)
{
    struct ska_earlier_list list = {0};
    const uint32_t n_named = 6;
    size_t len = 0;
    out[0] = corrected[0] = '\0';
    if (ska_earlier_decode(&list, e->earlier_file) != SKA_OK)
        return;
    for (uint32_t i = 0; i < list.n && len < size; i++) {
        char name[SKA_EARLIER_NAME_MAX + 1];
        ska_earlier_name(name, list.at[i].period, list.at[i].revision);
        if (memcmp(list.at[i].task_id, e->task->parameters.previous.task_id, 32) == 0)
            memcpy(corrected, name, sizeof name);
        if (i < n_named)
            len += (size_t)snprintf(out + len, size - len, "%s%s", i > 0 ? ", " : "", name);
    }
    if (list.n > n_named && len < size)
        (void)snprintf(out + len, size - len, words(" och %u till", " and %u more"),
                       list.n - n_named);
}

/* Which bundles are needed, and where: a correction is linked with others than what it corrects,
 * so that one file is not always enough. */
static void tell_missing(const struct evidence *e, struct finding *f)
{
    char text[sizeof f->detail], names[300], corrected[SKA_EARLIER_NAME_MAX + 1];
    const struct ska_parameters *p = &e->task->parameters;
    name_listed(names, sizeof names, corrected, e);
    if (corrected[0] == '\0')
        (void)snprintf(
            text, sizeof text,
            words("detta är en rättelse av %s: paketet för det som den rättar behövs",
                  "this is a correction of %s: the bundle of what it corrects is needed"),
            p->period);
    else
        (void)snprintf(
            text, sizeof text,
            words("detta är en rättelse av %s, som hör ihop med %s: lägg deras paket i "
                  "en mapp, med de namn som de gavs ut med (%s-%s.tar), och ange mappen: "
                  "--earlier utgivna/",
                  "this is a correction of %s, linked with %s: put their bundles into a "
                  "folder, under the names that they were published with (%s-%s.tar), "
                  "and name the folder: --earlier released/"),
            corrected, names, p->collection, corrected);
    finding_undecided(f, text);
}

void check_correction_earlier(struct evidence *e, struct finding *f)
{
    struct ska_error err = {0};
    if (has_nothing(e, f)) {
        if (e->changes_file.data != NULL)
            finding_bad(f, "%s",
                        words("filen changes hör till rättelser",
                              "the file changes belongs to corrections"));
        return;
    }
    if (e->earlier.archive.len == 0) {
        tell_missing(e, f);
        return;
    }
    enum ska_status status = read_named(e, &err);
    if (finding_tell(f, NULL, status, &err))
        return;
    read_submissions(e, f);
    if (f->n_bad == 0 && !f->is_undecided)
        e->task->config.earlier = e->earlier.commitments;
}

/* Both openings, each under its own commitments; then how many changed, by atom. */
static enum ska_status open_changes(struct ska_change_tally *tally, const struct evidence *e)
{
    static const enum ska_role roles[2] = {SKA_ROLE_LEADER, SKA_ROLE_HELPER};
    static const enum trust_party parties[2] = {TRUST_LEADER, TRUST_HELPER};
    struct ska_changes at[2];
    struct ska_reader r;
    SKA_TRY(ska_change_tally_init(tally, e->task));
    for (size_t i = 0; i < e->n_submissions; i++)
        SKA_TRY(ska_change_tally_add(tally, e->task, e->submissions[i].bytes));
    ska_change_tally_compare(tally, &e->earlier.accepted, &e->accepted);
    ska_reader_init(&r, e->changes_file.data, e->changes_file.len);
    for (int k = 0; k < 2; k++) {
        struct ska_slice one;
        SKA_TRY(ska_read_opaque32(&one.data, &one.len, &r, SKA_CHANGES_BYTES_MAX));
        SKA_TRY(ska_changes_read(&at[k], one, e->trust->key[parties[k]]));
        SKA_TRY(ska_changes_verify(&at[k], tally, e->task, roles[k], e->accepted_hash));
    }
    SKA_TRY(ska_read_end(&r));
    return ska_changes_open(tally, &at[0], &at[1]);
}

void check_correction_changes(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(ska_change_tally_clear) struct ska_change_tally tally = {0};
    struct ska_error err = {0};
    if (has_nothing(e, f))
        return;
    enum ska_status status = open_changes(&tally, e);
    if (finding_is_undecided(f, status))
        return;
    f->n_inputs = 2;
    if (finding_tell(f, NULL, status, NULL))
        return;
    uint32_t n_changed = 0;
    for (uint32_t i = 0; i < tally.atoms.n; i++)
        n_changed += tally.changed[i];
    if (ska_changes_judge(&tally, &err) != SKA_OK)
        finding_bad(f, "%s", err.text);
    else
        (void)snprintf(f->detail, sizeof f->detail,
                       words("%u ändrade något", "%u changed something"), n_changed);
}

/* The earlier bundle's release, which lists its files, and for which both signers vouch. */
static enum ska_status read_release(struct ska_release *release, const struct evidence *e,
                                    struct ska_error *err)
{
    const struct evidence_earlier *earlier = &e->earlier;
    SKA_TRY(ska_release_decode(release, find_file(earlier, "release")));
    SKA_TRY(ska_release_check(release, earlier->task->context.task_id, earlier->files,
                              earlier->n_files - 1, err)); /* it has a release, so at least one */
    SKA_TRY(ska_release_verify(release->signature[SKA_RELEASE_PUBLISHER], SKA_RELEASE_PUBLISHER,
                               e->trust->key[TRUST_PUBLISHER], release->body));
    return ska_release_verify(release->signature[SKA_RELEASE_SECOND], SKA_RELEASE_SECOND,
                              e->trust->key[TRUST_SECOND], release->body);
}

/* What the earlier bundle hid. */
static enum ska_status read_hidden(struct ska_suppression *hidden, const struct evidence *e,
                                   struct ska_error *err)
{
    struct ska_release release;
    SKA_TRY(read_release(&release, e, err));
    return ska_suppression_decode(hidden, find_file(&e->earlier, "suppression"));
}

/* What was hidden: of the release what its own earlier bundle hid, of its roll-up what the last one
 * hid. Returns how many figures that is. */
static uint32_t mark_hidden(bool *was_hidden, const struct evidence *e,
                            const struct ska_suppression *hidden)
{
    uint32_t n = e->task->n_figures, n_hidden = 0;
    for (uint32_t i = 0; i < hidden->n; i++)
        if (hidden->at[i].figure < n)
            was_hidden[hidden->at[i].figure] = true;
    for (uint32_t k = e->n_frozen; e->has_year && k > 0; k--) {
        const struct ska_frozen *last = &e->frozen[k - 1];
        if (!last->has_year)
            continue;
        for (uint32_t i = 0; i < last->n_hidden; i++)
            if (last->hidden[i].figure >= n && last->hidden[i].figure < 2 * n)
                was_hidden[last->hidden[i].figure] = true;
        break;
    }
    for (uint32_t j = 0; j < e->linked->n_listed; j++)
        n_hidden += was_hidden[j];
    return n_hidden;
}

void check_correction_kept(struct evidence *e, struct finding *f)
{
    SKA_SCOPED(ska_suppression_clear) struct ska_suppression hidden = {0};
    SKA_SCOPED(ska_scoped_free) bool *was_hidden = ska_alloc(e->linked->n_listed, sizeof(bool));
    struct ska_error err = {0};
    f->is_zero_right = true; /* nothing was hidden */
    if (was_hidden == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    enum ska_status status = is_correction(e) ? read_hidden(&hidden, e, &err) : SKA_OK;
    if (finding_tell(f, NULL, status, &err))
        return;
    f->n_inputs = mark_hidden(was_hidden, e, &hidden);
    for (uint32_t j = 0; j < e->linked->n_listed; j++) {
        if (was_hidden[j] && e->hidden_reason[j] != SKA_HIDDEN_KEPT &&
            e->hidden_reason[j] != SKA_HIDDEN_BLOCK)
            finding_bad(f,
                        words("%s var dold och ska förbli det", "%s was hidden and must stay so"),
                        evidence_figure(e, j));
        else if (!was_hidden[j] && e->hidden_reason[j] == SKA_HIDDEN_KEPT)
            finding_bad(f, words("%s var inte dold", "%s was not hidden"), evidence_figure(e, j));
    }
}

void check_correction_chain(struct evidence *e, struct finding *f)
{
    struct ska_release earlier;
    uint8_t hash[SKA_HASH_BYTES];
    const struct ska_release_place *place = &e->release.place;
    if (has_nothing(e, f))
        return;
    struct ska_error err = {0};
    f->n_inputs = 1;
    if (finding_tell(f, NULL, read_release(&earlier, e, &err), &err))
        return;
    ska_sha256(hash, e->earlier.archive.data, e->earlier.archive.len);
    if (place->number <= earlier.place.number)
        finding_bad(f,
                    words("den är publicering nummer %u, det som rättas nummer %u",
                          "it is release number %u, what it corrects is number %u"),
                    place->number, earlier.place.number);
    else if (place->number - 1 == earlier.place.number &&
             memcmp(place->previous, hash, sizeof hash) != 0)
        finding_bad(f, "%s",
                    words("publiceringen före den är ett annat paket än det som rättas",
                          "the release before it is another bundle than what it corrects"));
}
