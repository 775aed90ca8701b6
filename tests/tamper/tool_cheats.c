/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_cheats.c - writes what comes of every cheat, for verifiers that are programs of their own.
 *
 *     tool_cheats FOLDER      writes for each a FOLDER/NNN.bundle, NNN.trust and, for a correction,
 *                             NNN.earlier, for a linked release a folder NNN.parts with
 *                             PERIOD.tar; and FOLDER/index, with a line "NNN TAB name TAB checks
 *                             that fail" for each, the honest ones too: no check fails then
 */
#include "tests/tamper/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/test.h"

static const char *folder;
static unsigned n_written;

static FILE *open_for_writing(const char *extension)
{
    char path[1024];
    if (extension[0] == '.')
        (void)snprintf(path, sizeof path, "%s/%03u%s", folder, n_written, extension);
    else
        (void)snprintf(path, sizeof path, "%s/%s", folder, extension);
    FILE *f = fopen(path, "wbe");
    ck_assert_msg(f != NULL, "cannot write %s", path);
    return f;
}

static void write_bytes(const char *extension, struct ska_slice bytes)
{
    FILE *f = open_for_writing(extension);
    ck_assert_uint_eq(fwrite(bytes.data, 1, bytes.len, f), bytes.len);
    ck_assert_int_eq(fclose(f), 0);
}

static void write_trust(const struct trust *trust)
{
    static const char *const names[TRUST_N] = {[TRUST_PUBLISHER] = "publisher",
                                               [TRUST_LEADER] = "leader",
                                               [TRUST_HELPER] = "helper",
                                               [TRUST_SECOND] = "second"};
    FILE *f = open_for_writing(".trust");
    for (size_t i = 0; i < TRUST_N; i++) {
        char text[44];
        ska_base64url_encode(text, trust->key[i], sizeof trust->key[i]);
        (void)fprintf(f, "%s %s\n", names[i], text);
    }
    ck_assert_int_eq(fclose(f), 0);
}

/* The releases that a verifier is given as those that a linked one names. */
static void write_given(const struct world *w)
{
    char path[1024], name[64];
    if (w->n_given == 0)
        return;
    (void)snprintf(path, sizeof path, "%s/%03u.parts", folder, n_written);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    for (size_t i = 0; i < w->n_given; i++) {
        (void)snprintf(name, sizeof name, ".parts/%s.tar", w->given[i].name);
        write_bytes(name, w->given[i].archive);
    }
}

static void write_one(FILE *list, const struct cheat_group *group, const struct cheat *cheat)
{
    static struct world w;
    play(&w, group, cheat);
    write_bytes(".bundle", (struct ska_slice){w.archive, w.archive_len});
    if (w.earlier_bundle.len > 0)
        write_bytes(".earlier", w.earlier_bundle);
    write_given(&w);
    write_trust(&w.trust);
    (void)fprintf(list, "%03u\t%s: %s\t%s\n", n_written, group->name, cheat->name,
                  cheat->waits ? "something is missing" : cheat->want);
    n_written++;
    world_clear(&w);
}

/* The steps of a world are assertions of Check and need its runner around them. */
START_TEST(write_all)
{
    FILE *list = open_for_writing("index");
    play_begin();
    for (const struct cheat_group *g = cheat_groups; g < cheat_groups + N_CHEAT_GROUPS; g++) {
        write_one(list, g, &(struct cheat){.name = "honest", .want = ""});
        for (size_t i = 0; i < *g->n; i++)
            write_one(list, g, &g->at[i]);
    }
    ck_assert_int_eq(fclose(list), 0);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    return test_run_tool("tool_cheats", write_all);
}
