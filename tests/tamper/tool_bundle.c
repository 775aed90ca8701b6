/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_bundle.c - writes the small honest bundle of make_bundle.h and the trust file that belongs
 * to it, for verifiers that are programs of their own.
 *
 *     tool_bundle FOLDER          writes FOLDER/small.bundle and FOLDER/trust
 */
#include "tests/tamper/make_bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

static const char *folder;

static FILE *open_for_writing(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wbe");
    ck_assert_msg(f != NULL, "cannot write %s", path);
    return f;
}

static void write_key(FILE *f, const char *who, const struct ska_signing_key *key)
{
    char text[44];
    ska_base64url_encode(text, key->public_key, sizeof key->public_key);
    (void)fprintf(f, "%s %s\n", who, text);
}

/* The steps of a world are assertions of Check and need its runner around them. */
START_TEST(write_bundle)
{
    static struct world_keys keys;
    static struct world w;
    ska_group_init();
    world_keys_make(&keys);
    struct ska_task *task = world_task(&keys, &(struct world_options){0});
    world_start(&w, &keys, task);
    world_submit_all(&w);
    world_close(&w);
    world_aggregate(&w);
    world_disclose(&w);
    world_publish(&w);
    world_pack(&w);
    FILE *f = open_for_writing("small.bundle");
    ck_assert_uint_eq(fwrite(w.archive, 1, w.archive_len, f), w.archive_len);
    ck_assert_int_eq(fclose(f), 0);
    f = open_for_writing("trust");
    write_key(f, "publisher", &keys.publisher);
    write_key(f, "leader", &keys.leader);
    write_key(f, "helper", &keys.helper);
    write_key(f, "second", &keys.second);
    ck_assert_int_eq(fclose(f), 0);
    world_clear(&w);
    ska_task_free(task);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    return test_run_tool("tool_bundle", write_bundle);
}
