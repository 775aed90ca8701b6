/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_bundle.c - writes the small honest bundle of make_bundle.h, one that carries a year's
 * roll-up, one with its part of a public log, the log's policy, and the trust file that belongs to
 * all, for verifiers that are programs of their own.
 *
 *     tool_bundle FOLDER          writes FOLDER/small.bundle, year.bundle, logged.bundle,
 *                                 policy and trust
 */
#include "tests/tamper/cheats.h"
#include "tests/tamper/make_part.h"
#include "tests/tamper/other_verifier.h"

#include <stdio.h>
#include <string.h>

static void write_file(const char *folder, const char *name, const void *data, size_t len)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wbe");
    world_expect(f != NULL && fwrite(data, 1, len, f) == len && fclose(f) == 0, path);
}

/* From the submissions to the archive. */
static void finish(struct world *w)
{
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_publish(w);
    world_pack(w);
}

static void write_logged(const char *folder, const struct world_keys *keys)
{
    static struct world w;
    struct ska_task *task = world_task(keys, &(struct world_options){.logged = true});
    world_start(&w, keys, task);
    world_submit_all(&w);
    finish(&w);
    const struct world_file *policy = world_find(&w, "log/policy");
    write_file(folder, "policy", policy->data, policy->len);
    write_file(folder, "logged.bundle", w.archive, w.archive_len);
    world_clear(&w);
    ska_task_free(task);
}

int main(int argc, char **argv)
{
    static struct world_keys keys;
    static struct world w, year;
    char trust[TRUST_TEXT_MAX];
    if (argc != 2)
        return 2;
    ska_group_init();
    world_keys_make(&keys);
    struct ska_task *task = world_task(&keys, &(struct world_options){0});
    world_start(&w, &keys, task);
    world_submit_all(&w);
    finish(&w);
    cheats_complete_year(&year, &keys, 0);
    finish(&year);
    trust_text(trust, &w.trust);
    write_file(argv[1], "small.bundle", w.archive, w.archive_len);
    write_file(argv[1], "year.bundle", year.archive, year.archive_len);
    write_file(argv[1], "trust", trust, strlen(trust));
    write_logged(argv[1], &keys);
    world_clear(&year);
    world_clear(&w);
    ska_task_free(task);
    return 0;
}
