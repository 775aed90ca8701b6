/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_publisher_home.c - the small files of a publisher's home folder, whatever became of them:
 * the first byte says which file the rest is. The large ones are messages and have targets of
 * their own.
 */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "reports/about.h"
#include "reports/data/figures.h"
#include "reports/data/population.h"
#include "reports/home.h"
#include "reports/pages/site_audit.h"
#include "reports/pages/site_facts.h"
#include "reports/release.h"
#include "reports/signed_releases.h"

#include "tests/fuzz/folder.h"
#include "tests/fuzz/layout.h"

#include <string.h>

#include "crypto/scoped.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ska_status read_figures(struct ska_slice text)
{
    SKA_SCOPED(figures_clear) struct figures f = {0};
    static const struct ska_groups none;
    SKA_TRY(figures_decode(&f, text, fuzz_layout(), &none));
    if (f.n != fuzz_layout()->n_cells)
        abort();
    return SKA_OK;
}

static enum ska_status read_audit(struct ska_slice json)
{
    struct site_audit audit = {0};
    struct cube_period period = {.name = "2025Q2"};
    bool is_of_period = false;
    return site_audit_take(&audit, &is_of_period, json, "norrsken", &period);
}

static enum ska_status read_facts(struct ska_slice text)
{
    struct ska_error err = {0};
    SKA_SCOPED(site_facts_clear) struct site_facts facts = {0};
    enum ska_status status = site_facts_read(&facts, text, &err);
    if (status != SKA_OK && err.text[0] == '\0')
        abort();
    return status;
}

/* One line of text: what is taken is written again as it was, but for its newline. */
static enum ska_status read_signature(struct ska_slice text)
{
    uint8_t task_id[32], signature[64];
    char again[RELEASE_SIGNATURE_TEXT_MAX];
    SKA_TRY(release_signature_parse(task_id, signature, text));
    release_signature_text(again, task_id, signature);
    if (text.len < strlen(again) - 1 || memcmp(again, text.data, strlen(again) - 1) != 0)
        abort();
    return SKA_OK;
}

static enum ska_status read_released(void)
{
    struct release_day day, again;
    SKA_TRY(release_day_read(&day, fuzz_folder, NULL));
    folder_take_away("released");
    if (release_day_write(fuzz_folder, &day, NULL) != SKA_OK ||
        release_day_read(&again, fuzz_folder, NULL) != SKA_OK || again.day_s != day.day_s ||
        strcmp(again.period, day.period) != 0 || again.has_year != day.has_year)
        abort();
    return SKA_OK;
}

static enum ska_status read_signed_releases(void)
{
    SKA_SCOPED(signed_releases_clear) struct signed_releases s = {0};
    return signed_releases_read(&s, fuzz_folder, NULL);
}

/* The settings come before what is not there. */
static enum ska_status read_settings(void)
{
    static const struct options options = {.home = fuzz_folder, .name = "norrsken"};
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    return home_collection_load(&c, &options, NULL);
}

static enum ska_status read_about(struct collection *c)
{
    struct about about;
    return about_read(&about, c, NULL);
}

static enum ska_status read_population(const struct collection *c)
{
    struct cube_block block = {.code = ""};
    struct cube cube = {.n_blocks = 1, .blocks = &block};
    static const char *const codes[] = {"2303", "2305"};
    const struct population_members members = {2, codes};
    enum ska_status status = population_load(&cube, c, &members, NULL);
    cube.blocks = NULL; /* not the cube's own */
    cube.n_blocks = 0;
    cube_clear(&cube);
    return status;
}

static void make_home(void)
{
    static const char *const below[] = {"collections", "collections/norrsken", "populations"};
    static bool is_made;
    struct ska_signing_key signing;
    struct ska_hpke_key hpke;
    char path[FOLDER_PATH_MAX];
    if (is_made)
        return;
    is_made = true;
    folder_make(below, 3);
    (void)snprintf(path, sizeof path, "%s/signing.key", fuzz_folder);
    if (ska_signing_key_generate(&signing) != SKA_OK || ska_hpke_key_generate(&hpke) != SKA_OK ||
        keyfile_write_signing(path, &signing, NULL) != SKA_OK)
        abort();
    (void)snprintf(path, sizeof path, "%s/hpke.key", fuzz_folder);
    if (keyfile_write_hpke(path, &hpke, NULL) != SKA_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"figures",
                                        "audit.json",
                                        "pages",
                                        "draft.signature",
                                        "released",
                                        "signed-releases",
                                        "collections/norrsken/settings",
                                        "about",
                                        "populations/2024-12-31"};
    struct collection here = {.folder = fuzz_folder};
    const struct ska_slice text = {data + 1, size - 1};
    enum ska_status status = SKA_OK;
    if (size == 0 || data[0] < 'a' || data[0] > 'i')
        return 0;
    const unsigned which = data[0] - 'a';
    make_home();
    if (which > 3)
        folder_put(names[which], text.data, text.len);
    switch (which) {
    case 0:
        status = read_figures(text);
        break;
    case 1:
        status = read_audit(text);
        break;
    case 2:
        status = read_facts(text);
        break;
    case 3:
        status = read_signature(text);
        break;
    case 4:
        status = read_released();
        break;
    case 5:
        status = read_signed_releases();
        break;
    case 6:
        status = read_settings();
        break;
    case 7:
        status = read_about(&here);
        break;
    default:
        status = read_population(&here);
    }
    ska_ignore(status, "the readers are the judges");
    return 0;
}
