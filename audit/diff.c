/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * diff.c - two releases of one collection.
 *
 * Each release names the one before it by its hash, so all that came before a release is fixed by
 * it. The newer one is followed back, over the releases between, until the older.
 */
#include "audit/diff.h"

#include <stdio.h>
#include <string.h>

#include "audit/words.h"
#include "crypto/scoped.h"

static void check_older(struct evidence *e, struct finding *f)
{
    check_released(e->older, f);
}

static void check_newer(struct evidence *e, struct finding *f)
{
    check_released(e, f);
}

static void check_collection(struct evidence *e, struct finding *f)
{
    const struct ska_parameters *older = &e->older->task->parameters;
    const struct ska_parameters *newer = &e->task->parameters;
    f->n_inputs = 2;
    if (strcmp(older->collection, newer->collection) != 0)
        finding_bad(f, words("det ena är av %s, det andra av %s", "one is of %s, the other of %s"),
                    older->collection, newer->collection);
}

static bool is_same_bundle(const struct evidence *e)
{
    return e->archive.len == e->older->archive.len &&
           memcmp(e->archive.data, e->older->archive.data, e->archive.len) == 0;
}

static void check_order(struct evidence *e, struct finding *f)
{
    const uint32_t older = e->older->release.place.number, newer = e->release.place.number;
    f->n_inputs = 2;
    if (older > newer)
        finding_bad(f,
                    words("det som angavs som äldre är utgåva %u, det andra %u",
                          "what was named as the older is release %u, the other %u"),
                    older, newer);
    else if (older == newer && !is_same_bundle(e))
        finding_bad(
            f, words("utgåva %u finns i två versioner", "there are two versions of release %u"),
            older);
}

/* Wherever the newer speaks of what the older released, it speaks of the same. */
static void check_unchanged(struct evidence *e, struct finding *f)
{
    const struct ska_task *older = e->older->task, *newer = e->task;
    struct ska_earlier_list list = {0};
    uint8_t hash[SKA_HASH_BYTES];
    f->n_inputs = 1;
    const bool is_task = memcmp(older->context.task_id, newer->context.task_id, 32) == 0;
    const bool is_period = strcmp(older->parameters.period, newer->parameters.period) == 0 &&
                           older->parameters.revision == newer->parameters.revision;
    if ((is_task || is_period) && !is_same_bundle(e))
        finding_bad(f,
                    words("%s revision %u är utgiven en gång till, annorlunda",
                          "%s revision %u is released once more, differently"),
                    newer->parameters.period, newer->parameters.revision);
    if (e->earlier_file.data == NULL)
        return;
    enum ska_status status = ska_earlier_decode(&list, e->earlier_file);
    if (status != SKA_OK)
        finding_bad(f, "earlier: %s", ska_status_text(status));
    ska_sha256(hash, e->older->archive.data, e->older->archive.len);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct ska_earlier_entry *entry = &list.at[i];
        f->n_inputs++;
        if (strcmp(entry->period, older->parameters.period) == 0 &&
            entry->revision == older->parameters.revision &&
            memcmp(entry->sha256, hash, sizeof hash) != 0)
            finding_bad(f,
                        words("det nyare hör ihop med ett annat paket för %s",
                              "the newer is linked with another bundle of %s"),
                        entry->period);
    }
}

/* The place of a bundle among the releases, as it says itself. */
static enum ska_status read_place(struct ska_release_place *place, struct ska_slice archive)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n = 0;
    struct ska_release release;
    SKA_TRY(ska_bundle_read(&files, &n, archive, NULL));
    if (n == 0 || strcmp(files[n - 1].name, "release") != 0)
        return SKA_E_FORMAT;
    SKA_TRY(ska_release_decode(&release, files[n - 1].data));
    *place = release.place;
    return SKA_OK;
}

/* The place of the bundle between that has this hash. */
static bool find_between(struct ska_release_place *place, const struct evidence *e,
                         const uint8_t sha256[static SKA_HASH_BYTES])
{
    for (size_t i = 0; i < e->n_given; i++) {
        uint8_t hash[SKA_HASH_BYTES];
        ska_sha256(hash, e->given[i].archive.data, e->given[i].archive.len);
        if (memcmp(hash, sha256, sizeof hash) == 0)
            return read_place(place, e->given[i].archive) == SKA_OK;
    }
    return false;
}

/* From the newer, each to the one it names as the one before it. */
static void check_chain(struct evidence *e, struct finding *f)
{
    struct ska_release_place at = e->release.place;
    const uint32_t last = e->older->release.place.number;
    uint8_t hash[SKA_HASH_BYTES];
    f->n_inputs = 1;
    if (at.number == last) /* diff-order passed: it is the same bundle */
        return;
    while (at.number > last + 1) {
        struct ska_release_place before;
        char text[sizeof f->detail];
        if (!find_between(&before, e, at.previous)) {
            (void)snprintf(text, sizeof text,
                           words("utgåva %u behövs också: lägg paketen för utgåvorna emellan i en "
                                 "mapp, och ange den med --earlier",
                                 "release %u is needed too: put the bundles of the releases "
                                 "between into a folder, and name it with --earlier"),
                           at.number - 1);
            finding_undecided(f, text);
            return;
        }
        if (before.number + 1 != at.number) {
            finding_bad(f,
                        words("utgåva %u namnger utgåva %u som den före sig",
                              "release %u names release %u as the one before it"),
                        at.number, before.number);
            return;
        }
        at = before;
        f->n_inputs++;
    }
    ska_sha256(hash, e->older->archive.data, e->older->archive.len);
    if (memcmp(at.previous, hash, sizeof hash) != 0)
        finding_bad(f,
                    words("utgåva %u namnger ett annat paket som utgåva %u",
                          "release %u names another bundle as release %u"),
                    at.number, last);
}

#define NEEDS(name) (UINT64_C(1) << DIFF_##name)
#define BOTH (NEEDS(OLDER) | NEEDS(NEWER))

/* clang-format off */
const struct check diff_table[N_DIFFS] = {
    [DIFF_OLDER] = {
        "diff-older",
        "Det äldre paketet är utgivet och undertecknat av förtroendefilens parter.",
        "The older bundle is released and signed by the parties of the trust file.",
        "kontroller", "checks", 0, check_older},
    [DIFF_NEWER] = {
        "diff-newer",
        "Det nyare paketet är utgivet och undertecknat av förtroendefilens parter.",
        "The newer bundle is released and signed by the parties of the trust file.",
        "kontroller", "checks", 0, check_newer},
    [DIFF_COLLECTION] = {
        "diff-collection",
        "Båda är av samma insamling.",
        "Both are of one collection.",
        "paket", "bundles", BOTH, check_collection},
    [DIFF_ORDER] = {
        "diff-order",
        "Det nyare gavs ut efter det äldre, eller är samma paket.",
        "The newer was released after the older, or is the same bundle.",
        "paket", "bundles", BOTH, check_order},
    [DIFF_UNCHANGED] = {
        "diff-unchanged",
        "Det som det äldre gav ut är inte utgivet på nytt, annorlunda.",
        "What the older released is not released again, differently.",
        "jämförelser", "comparisons", BOTH | NEEDS(COLLECTION), check_unchanged},
    [DIFF_CHAIN] = {
        "diff-chain",
        "Kedjan av utgåvor går från det nyare tillbaka till just det äldre paketet.",
        "The chain of releases leads from the newer back to the very older bundle.",
        "utgåvor", "releases", BOTH | NEEDS(COLLECTION) | NEEDS(ORDER), check_chain},
};
/* clang-format on */

bool diff_all(struct finding findings[static N_DIFFS], struct evidence *e, check_on_done *on_done)
{
    check_run(findings, diff_table, N_DIFFS, e, on_done);
    for (size_t i = 0; i < N_DIFFS; i++)
        if (findings[i].outcome != OUTCOME_PASS)
            return false;
    return true;
}
