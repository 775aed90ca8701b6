/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_cheats.c - writes what comes of every cheat, for verifiers that are programs of their own.
 *
 *     tool_cheats FOLDER      writes for each a FOLDER/NNN.bundle, NNN.trust and, for a correction,
 *                             NNN.earlier, for a linked release a folder NNN.parts with
 *                             PERIOD.tar, for one with a public log perhaps NNN.policy; and
 *                             FOLDER/index, with a line "NNN TAB name TAB checks that fail" for
 *                             each, the honest ones too: no check fails then
 */
#include "tests/tamper/other_verifier.h"
#include "tests/tamper/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
    world_expect(f != NULL, path);
    return f;
}

static void write_bytes(const char *extension, struct ska_slice bytes)
{
    FILE *f = open_for_writing(extension);
    world_expect(fwrite(bytes.data, 1, bytes.len, f) == bytes.len && fclose(f) == 0, extension);
}

static void write_trust(const struct trust *trust)
{
    char text[TRUST_TEXT_MAX];
    trust_text(text, trust);
    write_bytes(".trust", (struct ska_slice){(const uint8_t *)text, strlen(text)});
}

/* The releases that a verifier is given as those that a linked one names. */
static void write_given(const struct world *w)
{
    char path[1024], name[64];
    if (w->n_given == 0)
        return;
    (void)snprintf(path, sizeof path, "%s/%03u.parts", folder, n_written);
    world_expect(mkdir(path, 0755) == 0, path);
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
    if (w.policy.len > 0)
        write_bytes(".policy", w.policy);
    write_given(&w);
    write_trust(&w.trust);
    (void)fprintf(list, "%03u\t%s: %s\t%s\n", n_written, group->name, cheat->name,
                  cheat->waits ? "something is missing" : cheat->want);
    n_written++;
    world_clear(&w);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    FILE *list = open_for_writing("index");
    play_begin();
    for (const struct cheat_group *g = cheat_groups; g < cheat_groups + N_CHEAT_GROUPS; g++) {
        write_one(list, g, &(struct cheat){.name = "honest", .want = ""});
        for (size_t i = 0; i < *g->n; i++)
            write_one(list, g, &g->at[i]);
    }
    world_expect(fclose(list) == 0, "index");
    return 0;
}
