/* SPDX-License-Identifier: EUPL-1.2 */
/* data_population.c - the inhabitants that rates are reckoned with, as data. */
#include "reports/data/data_population.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/data/data_csv.h"
#include "reports/data/words.h"
#include "support/json_text.h"

/* In the order of the file. Those from NUMBERS on are numbers. */
static const char *const columns[] = {"date",     "source_sv",  "source_en", "group", "group_sv",
                                      "group_en", "population", "women",     "men"};
#define N_COLUMNS (sizeof columns / sizeof columns[0])
#define NUMBERS 6u

static void put_text(struct ska_writer *w, const char *text)
{
    data_csv_field(w, text);
    ska_write_u8(w, ',');
}

static void put_number(struct ska_writer *w, const uint64_t *numbers, uint32_t block, char end)
{
    char text[24] = ".";
    if (numbers != NULL && numbers[block] != 0)
        (void)snprintf(text, sizeof text, "%" PRIu64, numbers[block]);
    ska_write_bytes(w, text, strlen(text));
    ska_write_u8(w, (uint8_t)end);
}

void data_population_csv(struct ska_writer *w, const struct cube *cube)
{
    for (size_t i = 0; i < N_COLUMNS; i++) {
        ska_write_bytes(w, columns[i], strlen(columns[i]));
        ska_write_u8(w, i + 1 < N_COLUMNS ? ',' : '\n');
    }
    for (size_t i = 0; i < cube->n_populations; i++) {
        const struct cube_population *p = &cube->populations[i];
        for (uint32_t b = 0; b < cube->n_blocks; b++) {
            put_text(w, p->date);
            put_text(w, words_text(&p->source, true));
            put_text(w, words_text(&p->source, false));
            put_text(w, b == 0 ? "all" : cube->blocks[b].code);
            put_text(w, words_text(&cube->blocks[b].label, true));
            put_text(w, words_text(&cube->blocks[b].label, false));
            put_number(w, p->all, b, ',');
            put_number(w, p->women, b, ',');
            put_number(w, p->men, b, '\n');
        }
    }
}

void data_population_csvw(struct ska_writer *w, const struct cube *cube, const char *url)
{
    const struct ska_text *title = &cube->catalogue->title;
    JSON(w,
         "{\"@context\":[\"http://www.w3.org/ns/csvw\",{\"@language\":\"sv\"}],\"url\":{},"
         "\"dc:title\":[{\"@value\":{},\"@language\":\"sv\"},{\"@value\":{},\"@language\":\"en\"}],"
         "\"dc:description\":[{\"@value\":\"Invånare, som talen per invånare räknas med\","
         "\"@language\":\"sv\"},{\"@value\":\"Inhabitants, with which rates are reckoned\","
         "\"@language\":\"en\"}],\"dialect\":{\"encoding\":\"utf-8\",\"header\":true,"
         "\"delimiter\":\",\"},\"tableSchema\":{\"columns\":[",
         url, words_text(title, true), words_text(title, false));
    for (size_t i = 0; i < N_COLUMNS; i++) {
        JSON(w, i == 0 ? "{\"name\":{},\"titles\":{}" : ",{\"name\":{},\"titles\":{}", columns[i],
             columns[i]);
        json_raw(w, i == 0 ? ",\"datatype\":\"date\"}"
                    : i < NUMBERS
                        ? ",\"datatype\":\"string\"}"
                        : ",\"datatype\":{\"base\":\"nonNegativeInteger\"},\"null\":[\".\"]}");
    }
    json_raw(w, "],\"primaryKey\":[\"date\",\"group\"]}}\n");
}
