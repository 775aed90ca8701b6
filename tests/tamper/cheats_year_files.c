/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_year_files.c - cheating with the data files of a year's roll-up, year.json and year.px.
 * The year is that of cheats_year.c: A is 220, of which K 160; D, E and Q are hidden.
 */
#include "tests/tamper/cheats.h"

#include <string.h>

#include "tests/test.h"

#define REPLACE(function, file, old, new) \
    static void function(struct world *w) \
    {                                     \
        world_replace(w, file, old, new); \
    }

#define JSON "year.json"
#define PX "year.px"

REPLACE(json_digit, JSON, "[220,", "[221,")
REPLACE(json_hidden_shown, JSON, "null", "16")
REPLACE(json_shown_hidden, JSON, "[220,", "[null,")
REPLACE(json_without_status, JSON, "\":\"..\"", "\":\".\"")
REPLACE(json_reason, JSON, ":\"summed\"", ":\"small\"")
REPLACE(json_title, JSON, "2025, årssummor", "2024, årssummor")
REPLACE(json_not_sums, JSON, "2025, årssummor", "2025")
REPLACE(json_time, JSON, "{\"2025\":0}", "{\"2025Q4\":0}")
REPLACE(json_table, JSON, "2025-quarter", "2025-half_year")
REPLACE(px_digit, PX, "\n220 \r", "\n221 \r")
REPLACE(px_hidden_shown, PX, "\n\"..\" \r", "\n16 \r")
REPLACE(px_shown_hidden, PX, "\n220 \r", "\n\"..\" \r")
REPLACE(px_one_more, PX, "\r\n;", "\r\n3 \r\n;")
REPLACE(px_time_scale, PX, "TLIST(A1),\"2025\"", "TLIST(Q1),\"20254\"")
REPLACE(px_matrix, PX, "MATRIX=\"2025-quarter\"", "MATRIX=\"2025Q4\"")
REPLACE(px_title, PX, "T, 2025, sums of the year", "T, 2025")
REPLACE(px_codes, PX, "\"A.KON.K\",\"A.KON.M\"", "\"A.KON.M\",\"A.KON.K\"")

static void copy_file(struct world *w, const char *to, const char *from)
{
    struct world_file *file = world_find(w, to);
    const struct world_file *source = world_find(w, from);
    memcpy(file->data, source->data, source->len);
    file->len = source->len;
}

static void json_of_period(struct world *w)
{
    copy_file(w, JSON, "table.json");
}

static void px_of_period(struct world *w)
{
    copy_file(w, PX, "table.px");
}

static void year_as_period(struct world *w)
{
    copy_file(w, "table.json", JSON);
}

static void json_empty(struct world *w)
{
    world_find(w, JSON)->len = 0;
}

static void px_empty(struct world *w)
{
    world_find(w, PX)->len = 0;
}

static void drop_json(struct world *w)
{
    world_drop_file(w, JSON);
}

static void drop_px(struct world *w)
{
    world_drop_file(w, PX);
}

static void drop_both(struct world *w)
{
    drop_json(w);
    drop_px(w);
}

static void drop_openings_alone(struct world *w)
{
    world_drop_file(w, "year");
}

static void swapped(struct world *w)
{
    static struct world_file kept;
    struct world_file *json = world_find(w, JSON);
    kept = json[0];
    json[0] = json[1];
    json[1] = kept;
}

/* Each holds what the other should. */
static void contents_swapped(struct world *w)
{
    static struct world_file kept;
    kept = *world_find(w, JSON);
    copy_file(w, JSON, PX);
    memcpy(world_find(w, PX)->data, kept.data, kept.len);
    world_find(w, PX)->len = kept.len;
}

const struct cheat cheats_with_year_files[] = {
    {.name = "digit in year.json",
     .want = "data-files",
     .tells = "2025:A",
     .published = json_digit},
    {.name = "hidden figure in year.json", .want = "data-files", .published = json_hidden_shown},
    {.name = "shown figure hidden in year.json",
     .want = "data-files",
     .tells = "2025:A",
     .published = json_shown_hidden},
    {.name = "hidden figure missing in year.json",
     .want = "data-files",
     .published = json_without_status},
    {.name = "small figure told in year.json", .want = "data-files", .published = json_reason},
    {.name = "another year in the title of year.json",
     .want = "data-files",
     .published = json_title},
    {.name = "no sums in the title of year.json", .want = "data-files", .published = json_not_sums},
    {.name = "year.json of a quarter", .want = "data-files", .published = json_time},
    {.name = "year.json of other parts", .want = "data-files", .published = json_table},
    {.name = "year.json is table.json", .want = "data-files", .published = json_of_period},
    {.name = "table.json is year.json", .want = "data-files", .published = year_as_period},
    {.name = "year.json empty", .want = "data-files", .published = json_empty},
    {.name = "digit in year.px", .want = "data-files", .tells = "2025:A", .published = px_digit},
    {.name = "hidden figure in year.px", .want = "data-files", .published = px_hidden_shown},
    {.name = "shown figure hidden in year.px",
     .want = "data-files",
     .tells = "2025:A",
     .published = px_shown_hidden},
    {.name = "a figure more in year.px", .want = "data-files", .published = px_one_more},
    {.name = "year.px of a quarter", .want = "data-files", .published = px_time_scale},
    {.name = "another name in year.px", .want = "data-files", .published = px_matrix},
    {.name = "no sums in the title of year.px", .want = "data-files", .published = px_title},
    {.name = "codes exchanged in year.px", .want = "data-files", .published = px_codes},
    {.name = "year.px is table.px", .want = "data-files", .published = px_of_period},
    {.name = "year.px empty", .want = "data-files", .published = px_empty},
    {.name = "year.json and year.px changed about",
     .want = "data-files",
     .published = contents_swapped},
    {.name = "year.json left out",
     .want = "bundle-form",
     .tells = "year.json",
     .published = drop_json},
    {.name = "year.px left out", .want = "bundle-form", .tells = "year.px", .published = drop_px},
    {.name = "year.json and year.px left out",
     .want = "bundle-form",
     .tells = "year.json",
     .published = drop_both},
    {.name = "year.px before year.json", .want = "bundle-form", .published = swapped},
    {.name = "data files of a year without its sums",
     .want = "bundle-form",
     .published = drop_openings_alone},
};
const size_t n_cheats_with_year_files = N_OF(cheats_with_year_files);
