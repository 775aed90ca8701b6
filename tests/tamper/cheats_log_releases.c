/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log_releases.c - public logs with a release, or what it stands on, that is not right. */
#include "tests/tamper/cheats_log.h"

#include <stdlib.h>
#include <string.h>

static void release_before_collect(struct made_log *m)
{
    made_log_finish(m, &log_worlds.first);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}

static void release_twice(struct made_log *m)
{
    made_log_finish(m, &log_worlds.first);
    struct made_entry *e = log_find(m, SKA_LEAF_RELEASE, 0);
    made_log_add(m, log_worlds.first.task, SKA_LEAF_RELEASE, 1,
                 (struct ska_slice){e->blob, e->blob_len});
}

static void release_other_number(struct made_log *m)
{
    log_find(m, SKA_LEAF_RELEASE, 0)->leaf.entry.number = 2;
}

static void release_by_one(struct made_log *m)
{
    struct made_entry *e = log_find(m, SKA_LEAF_RELEASE, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    memset(data + len - 64, 0, 64);
    log_set_blob(e, data, len);
}

static void release_of_another(struct made_log *m)
{
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    world_must(ska_bundle_read(
        &files, &n, (struct ska_slice){log_worlds.other.archive, log_worlds.other.archive_len},
        NULL));
    log_set_blob(log_find(m, SKA_LEAF_RELEASE, 0), files[n - 1].data.data, files[n - 1].data.len);
    free(files);
}

/* Signed by both, of a task, at a place. */
static void log_release(struct made_log *m, const struct world *w, uint32_t number,
                        const uint8_t previous[static 32])
{
    static uint8_t data[WORLD_FILE_MAX];
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    world_must(ska_bundle_read(&files, &n, (struct ska_slice){w->archive, w->archive_len}, NULL));
    const struct ska_slice file = files[n - 1].data;
    const struct ska_slice body = {data, file.len - 128};
    memcpy(data, file.data, file.len);
    data[36] = (uint8_t)number;
    memcpy(data + 37, previous, 32);
    world_must(
        ska_release_sign(data + body.len, SKA_RELEASE_PUBLISHER, &log_worlds.keys.publisher, body));
    world_must(
        ska_release_sign(data + body.len + 64, SKA_RELEASE_SECOND, &log_worlds.keys.second, body));
    made_log_add(m, w->task, SKA_LEAF_RELEASE, number, (struct ska_slice){data, file.len});
    free(files);
}

static void changes_of_no_correction(struct made_log *m)
{
    log_collect(m);
    made_log_add(m, log_worlds.first.task, SKA_LEAF_CHANGES, 0,
                 (struct ska_slice){(const uint8_t *)"xx", 2});
}

static void corrected_and_released(struct made_log *m)
{
    uint8_t hash[32];
    log_release_and_correct(m);
    ska_sha256(hash, log_worlds.first.archive, log_worlds.first.archive_len);
    log_release(m, &log_worlds.correction, 2, hash);
}

/* Revision 2 corrects what revision 1 corrected. Not at fault, if that was never released. */
static void corrected_again(struct made_log *m)
{
    uint8_t hash[32];
    log_release_and_correct(m);
    (void)log_correct(m, &log_worlds.again);
    ska_sha256(hash, log_worlds.first.archive, log_worlds.first.archive_len);
    log_release(m, &log_worlds.again, 2, hash);
}

static void release_passed_over(struct made_log *m)
{
    uint8_t hash[32];
    corrected_and_released(m);
    (void)log_correct(m, &log_worlds.again);
    ska_sha256(hash, log_worlds.correction.archive, log_worlds.correction.archive_len);
    log_release(m, &log_worlds.again, 3, hash);
}

static void released_without_changes(struct made_log *m)
{
    corrected_and_released(m);
    free(m->at[m->n - 2].blob);
    m->at[m->n - 2] = m->at[m->n - 1];
    m->n--;
}

static void released_before_changes(struct made_log *m)
{
    corrected_and_released(m);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}

static void two_of_one_number(struct made_log *m)
{
    static const uint8_t zeros[32];
    log_release_and_correct(m);
    log_release(m, &log_worlds.correction, 1, zeros);
}

/* Two that follow upon one bundle; it is not that of the first quarter. */
static void one_bundle_twice(struct made_log *m)
{
    static const uint8_t bundle[32] = {5};
    made_log_command(m, log_worlds.first.task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    log_release(m, &log_worlds.first, 6, bundle);
    (void)log_correct(m, &log_worlds.correction);
    log_release(m, &log_worlds.correction, 7, bundle);
}

static void next_follows_another(struct made_log *m)
{
    static const uint8_t bundle[32] = {5};
    log_release_and_correct(m);
    log_release(m, &log_worlds.correction, 2, bundle);
}

static void changes_flipped(struct made_log *m)
{
    log_release_and_correct(m);
    struct made_entry *e = &m->at[m->n - 1];
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    data[80] ^= 1;
    log_set_blob(e, data, len);
}

static void changes_of_one(struct made_log *m)
{
    log_release_and_correct(m);
    struct made_entry *e = &m->at[m->n - 1];
    static uint8_t data[WORLD_FILE_MAX];
    size_t half = e->blob_len / 2;
    memcpy(data, e->blob, half);
    memcpy(data + half, e->blob, half);
    log_set_blob(e, data, 2 * half);
}

static void changes_before_collect(struct made_log *m)
{
    log_release_and_correct(m);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}

static void blob_of_other_length(struct made_log *m)
{
    m->at[m->n - 1].leaf.entry.length++;
}

const struct cheat_log log_cheats_with_releases[] = {
    {.name = "honest, corrected", .want = "", .closed = log_release_and_correct},
    {.name = "honest, corrected and released",
     .want = "",
     .closed = corrected_and_released,
     .given = log_give_bundle},
    {.name = "released before collection", .want = "log-order", .closed = release_before_collect},
    {.name = "released twice", .want = "log-order log-releases", .closed = release_twice},
    {.name = "released without what changed",
     .want = "log-releases",
     .closed = released_without_changes},
    {.name = "released before what changed",
     .want = "log-order log-releases",
     .closed = released_before_changes},
    {.name = "a correction passed over that was not released: no fault",
     .want = "",
     .closed = corrected_again},
    {.name = "a released correction passed over",
     .want = "log-releases",
     .closed = release_passed_over},
    {.name = "two releases of one number", .want = "log-releases", .closed = two_of_one_number},
    {.name = "two releases upon one bundle", .want = "log-releases", .closed = one_bundle_twice},
    {.name = "another number of a release", .want = "log-releases", .sealed = release_other_number},
    {.name = "release signed by one", .want = "log-releases", .sealed = release_by_one},
    {.name = "release of another task", .want = "log-releases", .sealed = release_of_another},
    {.name = "changes without a correction",
     .want = "log-changes",
     .closed = changes_of_no_correction},
    {.name = "changes flipped", .want = "log-changes", .closed = changes_flipped},
    {.name = "the leader's changes for both", .want = "log-changes", .closed = changes_of_one},
    {.name = "changes before collection", .want = "log-order", .closed = changes_before_collect},
    {.name = "another length of a file",
     .want = "log-blobs log-releases",
     .sealed = blob_of_other_length},
    {.name = "the next release follows upon another bundle",
     .want = "log-bundle",
     .closed = next_follows_another,
     .given = log_give_bundle},
};
const size_t n_log_cheats_with_releases =
    sizeof log_cheats_with_releases / sizeof log_cheats_with_releases[0];
