/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_files.c - cheats with the archive, its files, the release and the parameters. */
#include <stdlib.h>
#include <string.h>

#include "tests/tamper/cheats.h"

#include "tests/test.h"

/* --- archive -------------------------------------------------------------------------------- */

static void empty_archive(struct world *w)
{
    w->archive_len = 0;
}

static void only_the_end(struct world *w)
{
    memset(w->archive, 0, 1024);
    w->archive_len = 1024;
}

static void cut_the_last_byte(struct world *w)
{
    w->archive_len--;
}

static void append_a_byte(struct world *w)
{
    w->archive = realloc(w->archive, w->archive_len + 1);
    world_expect(w->archive != NULL, "memory");
    w->archive[w->archive_len++] = 0;
}

static void change_mode(struct world *w)
{
    w->archive[106] = '5'; /* 0644 becomes 0654; the checksum is made to fit */
    w->archive[153]++;
}

static void change_padding(struct world *w)
{
    w->archive[512 + 511] = 1;
}

static void huge_size(struct world *w)
{
    memset(w->archive + 124, '7', 11);
}

static void drop_table(struct world *w)
{
    world_drop_file(w, "table.csv");
}

static void drop_all_but_release(struct world *w)
{
    w->n_files = 0;
}

/* A file of corrections where nothing is corrected. */
static void add_changes(struct world *w)
{
    world_insert_file(w, "changes", "table.csv")->len = 1;
}

/* The same without a byte in it: it is there all the same. */
static void add_empty_changes(struct world *w)
{
    (void)world_insert_file(w, "changes", "table.csv");
}

static void add_empty_list(struct world *w)
{
    (void)world_insert_file(w, "earlier", "table.csv");
}

/* Figures of a year that nothing is said of elsewhere. */
static void add_year_data(struct world *w)
{
    struct world_file *json = world_insert_file(w, "year.json", "page.sv.html");
    const struct world_file *table = world_find(w, "table.json");
    memcpy(json->data, table->data, table->len);
    json->len = table->len;
}

static void add_both_year_data(struct world *w)
{
    add_year_data(w);
    world_insert_file(w, "year.px", "page.sv.html")->len = 1;
}

static void add_unknown_file(struct world *w)
{
    struct world_file *file = &w->files[w->n_files++];
    file->len = 1;
    snprintf(file->name, sizeof file->name, "openings");
}

static void swap_files(struct world *w)
{
    static struct world_file kept;
    struct world_file *a = world_find(w, "aggregates");
    kept = a[0];
    a[0] = a[1];
    a[1] = kept;
}

static void double_file(struct world *w)
{
    struct world_file *file = world_find(w, "accepted");
    size_t at = (size_t)(file - w->files);
    memmove(file + 1, file, (w->n_files - at) * sizeof *file);
    w->n_files++;
}

static void other_version(struct world *w)
{
    w->files[0].data[14] = '2';
}

/* --- release -------------------------------------------------------------------------------- */

static void release_by_stranger(struct world *w)
{
    w->release_key[0] = &w->keys->stranger;
}

static void second_by_stranger(struct world *w)
{
    w->release_key[1] = &w->keys->stranger;
}

static void signed_by_publisher_alone(struct world *w)
{
    w->release_key[1] = NULL;
}

static void signed_by_second_alone(struct world *w)
{
    w->release_key[0] = NULL;
}

static void signed_by_nobody(struct world *w)
{
    w->release_key[0] = w->release_key[1] = NULL;
}

/* The publisher signs in both places, as itself and as the other. */
static void signed_twice_by_the_publisher(struct world *w)
{
    w->release_key[1] = &w->keys->publisher;
}

static void publisher_signature_twice(struct world *w)
{
    w->release_key[1] = &w->keys->publisher;
    w->release_as[1] = SKA_RELEASE_PUBLISHER;
}

static void signed_twice_by_the_second(struct world *w)
{
    w->release_key[0] = &w->keys->second;
}

/* What the second signer signed where the publisher's signature stands, and the other way. */
static void signatures_exchanged(struct world *w)
{
    w->release_key[0] = &w->keys->second;
    w->release_as[0] = SKA_RELEASE_SECOND;
    w->release_key[1] = &w->keys->publisher;
    w->release_as[1] = SKA_RELEASE_PUBLISHER;
}

/* The right key, but under the publisher's label. */
static void second_under_the_publishers_label(struct world *w)
{
    w->release_as[1] = SKA_RELEASE_PUBLISHER;
}

static void change_in_release(struct world *w, size_t at, uint8_t mask)
{
    for (size_t i = 0; i + 1024 < w->archive_len; i += 512)
        if (strcmp((const char *)w->archive + i, "release") == 0)
            w->archive[i + 512 + at] ^= mask;
}

/* Of a third release: number at byte 33, the hash of the one before from byte 37 on. */
static void third_release(struct world *w)
{
    w->place = (struct ska_release_place){.number = 3, .previous = {1}};
}

static void previous_changed_after_signing(struct world *w)
{
    change_in_release(w, 40, 1);
}

static void number_changed_after_signing(struct world *w)
{
    change_in_release(w, 36, 6); /* 3 becomes 5 */
}

static void second_release_without_a_first(struct world *w)
{
    change_in_release(w, 36, 3); /* 1 becomes 2, with no bundle before it */
}

static void first_release_with_one_before(struct world *w)
{
    change_in_release(w, 40, 1);
}

static void third_release_by_a_stranger(struct world *w)
{
    third_release(w);
    w->release_key[0] = &w->keys->stranger;
}

static void change_page_after_release(struct world *w)
{
    for (size_t i = 0; i + 5 < w->archive_len; i++)
        if (memcmp(w->archive + i, "2025</title>", 12) == 0)
            w->archive[i + 3] = '6';
}

/* A release that was signed over another task's files. */
static void release_of_other_task(struct world *w)
{
    struct ska_task *mine = w->task;
    w->task = world_task(w->keys, &(struct world_options){.period = "2025Q1"});
    world_pack(w);
    ska_task_free(w->task);
    w->task = mine;
}

/* --- parameters ----------------------------------------------------------------------------- */

static void no_helper_signature(struct world *w)
{
    memset(w->signatures[2], 0, sizeof w->signatures[2]);
    world_put_parameters(w);
}

static void leader_signature_by_stranger(struct world *w)
{
    world_must(ska_parameters_sign(w->signatures[1], w->task, &w->keys->stranger));
    world_put_parameters(w);
}

static void publisher_signature_of_leader(struct world *w)
{
    memcpy(w->signatures[0], w->signatures[1], sizeof w->signatures[0]);
    world_put_parameters(w);
}

static void distrusted_helper(struct world *w)
{
    memcpy(w->trust.key[TRUST_HELPER], w->keys->stranger.public_key, 32);
}

static void distrusted_second(struct world *w)
{
    memcpy(w->trust.key[TRUST_SECOND], w->keys->stranger.public_key, 32);
}

/* All is made for parameters that name a stranger; the trusted one signs the release. */
static void named_second_is_a_stranger(struct world *w)
{
    static struct ska_task *task; /* the world borrows it */
    ska_task_free(task);
    task = world_task(w->keys, &(struct world_options){.other_second = true});
    world_start(w, w->keys, task);
    world_submit_all(w);
}

static void cut_parameters(struct world *w)
{
    world_find(w, "parameters")->len--;
}

/* One person would sign in both places. */
static void second_is_the_publisher(struct world *w)
{
    struct world_file *file = world_find(w, "parameters");
    const struct ska_parameters *p = &w->task->parameters;
    for (size_t i = 0; i + 32 <= file->len; i++)
        if (memcmp(file->data + i, p->second_key, 32) == 0)
            memcpy(file->data + i, p->publisher_key, 32);
}

static void other_generators(struct world *w)
{
    struct world_file *file = world_find(w, "parameters");
    for (size_t i = 0; i + 32 <= file->len; i++)
        if (memcmp(file->data + i, w->task->parameters.generators_hash, 32) == 0)
            file->data[i] ^= 1;
}

/* Everyone signs other parameters after all else is done. */
static void replace_task(struct world *w, const struct world_options *options)
{
    struct ska_task *other = world_task(w->keys, options);
    struct ska_task *mine = w->task;
    w->task = other;
    world_sign_parameters(w);
    world_put_parameters(w);
    world_pack(w);
    w->task = mine;
    ska_task_free(other);
}

static void lower_threshold(struct world *w)
{
    replace_task(w, &(struct world_options){.threshold = 2});
}

static void other_bound(struct world *w)
{
    replace_task(w, &(struct world_options){.bound = 61});
}

static void other_revision(struct world *w)
{
    replace_task(w, &(struct world_options){.revision = 1});
}

/* The same, but only the publisher is in on it. */
static void lower_threshold_alone(struct world *w)
{
    struct ska_task *other = world_task(w->keys, &(struct world_options){.threshold = 2});
    struct ska_task *mine = w->task;
    w->task = other;
    world_must(ska_parameters_sign(w->signatures[0], other, &w->keys->publisher));
    world_put_parameters(w);
    world_pack(w);
    w->task = mine;
    ska_task_free(other);
}

#define OTHER_TASK                                                                    \
    "accepted-entries submission-signatures submission-proofs aggregates-signatures " \
    "suppression-proof"
const struct cheat cheats_with_files[] = {
    {.name = "empty archive", .want = "bundle-form", .packed = empty_archive},
    {.name = "nothing but the end blocks", .want = "bundle-form", .packed = only_the_end},
    {.name = "last byte cut", .want = "bundle-form", .packed = cut_the_last_byte},
    {.name = "a byte appended", .want = "bundle-form", .packed = append_a_byte},
    {.name = "another file mode", .want = "bundle-form", .packed = change_mode},
    {.name = "padding that is not zero", .want = "bundle-form", .packed = change_padding},
    {.name = "a size of 8 GiB", .want = "bundle-form", .packed = huge_size},
    {.name = "table left out", .want = "bundle-form", .published = drop_table},
    {.name = "all files left out", .want = "bundle-form", .published = drop_all_but_release},
    {.name = "unknown file", .want = "bundle-form", .published = add_unknown_file},
    {.name = "changes where nothing is corrected",
     .want = "correction-earlier",
     .published = add_changes},
    {.name = "empty changes where nothing is corrected",
     .want = "correction-earlier",
     .published = add_empty_changes},
    {.name = "empty list of earlier releases",
     .want = "earlier-releases",
     .published = add_empty_list},
    {.name = "a year's data file where no year is added up",
     .want = "bundle-form",
     .tells = "year.json",
     .published = add_year_data},
    {.name = "both data files of a year where none is added up",
     .want = "bundle-form",
     .tells = "year.json",
     .published = add_both_year_data},
    {.name = "files swapped", .want = "bundle-form", .published = swap_files},
    {.name = "file twice", .want = "bundle-form", .published = double_file},
    {.name = "version 2", .want = "bundle-form", .published = other_version},
    {.name = "release by a stranger",
     .want = "release-signature",
     .published = release_by_stranger},
    {.name = "page changed after release",
     .want = "release-form",
     .tells = "page.sv.html",
     .packed = change_page_after_release},
    {.name = "release of another task", .want = "release-form", .packed = release_of_other_task},
    {.name = "third release by a stranger",
     .want = "release-signature",
     .published = third_release_by_a_stranger},
    {.name = "second signature by a stranger",
     .want = "release-second-signature",
     .tells = "no valid signature of the second signer",
     .published = second_by_stranger},
    {.name = "release signed by the publisher alone",
     .want = "release-second-signature",
     .tells = "the signature of the second signer is missing",
     .published = signed_by_publisher_alone},
    {.name = "release signed by the second signer alone",
     .want = "release-signature",
     .tells = "the signature of the publisher is missing",
     .published = signed_by_second_alone},
    {.name = "release signed by nobody",
     .want = "release-signature release-second-signature",
     .published = signed_by_nobody},
    {.name = "release signed twice by the publisher",
     .want = "release-second-signature",
     .published = signed_twice_by_the_publisher},
    {.name = "the publisher's signature in both places",
     .want = "release-second-signature",
     .published = publisher_signature_twice},
    {.name = "release signed twice by the second signer",
     .want = "release-signature",
     .published = signed_twice_by_the_second},
    {.name = "the release's signatures exchanged",
     .want = "release-signature release-second-signature",
     .published = signatures_exchanged},
    {.name = "the second signer signed as publisher",
     .want = "release-second-signature",
     .published = second_under_the_publishers_label},
    {.name = "the release before it exchanged after signing",
     .want = "release-signature release-second-signature",
     .published = third_release,
     .packed = previous_changed_after_signing},
    {.name = "number of the release changed after signing",
     .want = "release-signature release-second-signature",
     .published = third_release,
     .packed = number_changed_after_signing},
    {.name = "a second release that names none before it",
     .want = "release-form",
     .packed = second_release_without_a_first},
    {.name = "a first release that names one before it",
     .want = "release-form",
     .packed = first_release_with_one_before},
    {.name = "second signer of the parameters is not the trusted one",
     .want = "parameters-trust release-second-signature",
     .tells = "second signer",
     .published = distrusted_second},
    {.name = "the parameters name a stranger as second signer",
     .want = "parameters-trust",
     .tells = "second signer",
     .submitted = named_second_is_a_stranger},
    {.name = "helper has not signed the parameters",
     .want = "parameters-signatures",
     .tells = "helper",
     .published = no_helper_signature},
    {.name = "leader's signature on the parameters by a stranger",
     .want = "parameters-signatures",
     .tells = "leader",
     .published = leader_signature_by_stranger},
    {.name = "publisher's signature is the leader's",
     .want = "parameters-signatures",
     .tells = "publisher",
     .published = publisher_signature_of_leader},
    {.name = "helper of the parameters is not the trusted one",
     .want = "parameters-trust parameters-signatures accepted-signatures aggregates-signatures",
     .tells = "helper",
     .published = distrusted_helper},
    {.name = "parameters cut", .want = "parameters-form", .published = cut_parameters},
    {.name = "the second signer is the publisher",
     .want = "parameters-form",
     .published = second_is_the_publisher},
    {.name = "other generators", .want = "parameters-form", .published = other_generators},
    {.name = "threshold lowered after opening, all three sign",
     .want = OTHER_TASK,
     .packed = lower_threshold},
    {.name = "threshold lowered after opening by the publisher alone",
     .want = "parameters-signatures " OTHER_TASK,
     .packed = lower_threshold_alone},
    {.name = "bounds and so weights changed afterwards, all three sign",
     .want = OTHER_TASK,
     .packed = other_bound},
    {.name = "revision changed afterwards, all three sign",
     .want = OTHER_TASK,
     .packed = other_revision},
};
const size_t n_cheats_with_files = N_OF(cheats_with_files);
