/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * seeds.c - writes the first seed of each fuzz target, tests/fuzz/corpus/NAME/sample, from the
 * messages of tests/samples.h, and the catalogues' canonical form from their JSON. Run by `make
 * fuzz-seeds`; tests/unit/protocol/test_codec.c checks that what is committed is current.
 */
#include "tests/sample_dataset.h"
#include "tests/sample_task.h"

#include <errno.h>
#include <sys/stat.h>

static void write_seed_as(const char *name, const char *seed, const uint8_t *data, size_t len)
{
    char path[256];
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/%s", name);
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        abort();
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/%s/%s", name, seed);
    FILE *f = fopen(path, "wbe");
    if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
        abort();
}

static void write_seed(const char *name, const uint8_t *data, size_t len)
{
    write_seed_as(name, "sample", data, len);
}

/* The canonical form of a catalogue that is a seed in JSON. */
static void write_catalogue(const char *seed)
{
    static char json[SKA_CATALOGUE_BYTES_MAX];
    char path[256];
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/catalogue_json/%s", seed);
    FILE *f = fopen(path, "rbe");
    if (f == NULL)
        abort();
    size_t len = fread(json, 1, sizeof json, f);
    (void)fclose(f); /* only read from */
    struct ska_catalogue *c = NULL;
    must(ska_catalogue_parse(&c, json, len, NULL));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_catalogue_encode(&w, c);
    must(ska_writer_status(&w));
    ska_catalogue_free(c);
    write_seed_as("catalogue", seed, w.data, w.len);
}

int main(void)
{
    ska_group_init();
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        samples[i].write(&w);
        must(ska_writer_status(&w));
        write_seed(samples[i].name, w.data, w.len);
    }
    static const struct {
        const char *name;
        void (*write)(struct ska_writer *w);
        size_t without; /* bytes left off: the target adds them */
    } others[] = {{"parameters", sample_parameters_bytes, 0},
                  {"dap_hpke_config_list", sample_hpke_config_list, 0},
                  {"problem", sample_problem, 0},
                  {"dataset", sample_dataset, 0},
                  {"release", sample_release, 0}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
        others[i].write(&w);
        must(ska_writer_status(&w));
        write_seed(others[i].name, w.data, w.len - others[i].without);
    }
    write_catalogue("example");
    write_catalogue("norrsken");
    write_catalogue("published");
    write_catalogue("vasternorrland");
    return 0;
}
