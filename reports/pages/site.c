/* SPDX-License-Identifier: EUPL-1.2 */
/* site.c - writing the folder of published pages. */
#include "reports/pages/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/log_leaf.h"
#include "protocol/tlog_proof.h"
#include "protocol/verifier.h"
#include "reports/about.h"
#include "reports/announce.h"
#include "reports/pages/page_split.h"
#include "reports/pages/site_made.h"
#include "reports/pages/style.h"
#include "reports/period.h"
#include "support/file.h"

/* Where files go, and which pages have been made. */
struct target {
    const char *site;
    struct site_made made;
};

static void target_clear(struct target *t)
{
    site_made_clear(&t->made);
}

/* `english`: into the folder en/. */
static enum ska_status write_named(struct target *t, bool english, const char *stem,
                                   const char *ending, struct ska_slice data, struct ska_error *err)
{
    char name[2 * SKA_CODE_MAX + SKA_PERIOD_MAX + 40];
    (void)snprintf(name, sizeof name, "%s%s%s", english ? "en/" : "", stem,
                   ending); /* fits: a code, a period */
    SKA_SCOPED(ska_scoped_free) char *path = file_join(t->site, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(file_write(path, data.data, data.len, false, err));
    return site_made_add(&t->made, name, data);
}

/* A page in both languages. */
static enum ska_status write_both(struct target *t, const struct page_piece *piece,
                                  const char *stem, const char *ending, struct ska_error *err)
{
    SKA_TRY(write_named(t, false, stem, ending, (struct ska_slice){piece->sv, piece->sv_len}, err));
    return write_named(t, true, stem, ending, (struct ska_slice){piece->en, piece->en_len}, err);
}

static enum ska_status make_folder(const char *site, const char *name, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(site, name);
    return path != NULL ? file_make_folder(path, false, err) : SKA_E_MEMORY;
}

/* In both languages; a heavy one on several pages. */
static enum ska_status write_release(struct target *t, const char *period, struct ska_slice page_sv,
                                     struct ska_slice page_en, struct ska_error *err)
{
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    char ending[32];
    SKA_TRY(page_split(&pieces, period, page_sv, page_en, PAGE_BYTES_MAX));
    for (size_t k = pieces.n; k > 0; k--) { /* the first page, which links to the others, last */
        if (k > 1)
            (void)snprintf(ending, sizeof ending, "-%zu.html", k - 1);
        else
            (void)snprintf(ending, sizeof ending, ".html");
        SKA_TRY(write_both(t, &pieces.at[k - 1], period, ending, err));
    }
    return SKA_OK;
}

enum ska_status site_write_period(const struct collection *c, const char *period,
                                  struct ska_slice bundle, struct ska_slice table,
                                  struct ska_slice page_sv, struct ska_slice page_en,
                                  struct ska_error *err)
{
    SKA_SCOPED(target_clear) struct target t = {.site = c->site};
    SKA_SCOPED(ska_scoped_free) char *periods = file_join(c->folder, "periods");
    char stem[sizeof "bundles/" + SKA_CODE_MAX + PERIOD_NAME_MAX + 2];
    if (periods == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(ska_scoped_free) char *list = home_path(periods, period, SITE_MADE_LIST);
    if (list == NULL)
        return SKA_E_MEMORY;
    (void)snprintf(stem, sizeof stem, "bundles/%s-%s", c->name,
                   period); /* fits: a code, a period */
    SKA_TRY(make_folder(c->site, "en", err));
    SKA_TRY(make_folder(c->site, "bundles", err));
    SKA_TRY(write_named(&t, false, stem, ".tar", bundle, err));
    SKA_TRY(write_named(&t, false, period, ".csv", table, err));
    SKA_TRY(write_release(&t, period, page_sv, page_en, err));
    return site_made_finish(&t.made, c->site, list, err);
}

/* Pages -----------------------------------------------------------------------------------------
 */

static enum ska_status write_lines(struct target *t, const char *name, const char *const *lines,
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    for (; *lines != NULL; lines++)
        ska_write_bytes(&w, *lines, strlen(*lines));
    SKA_TRY(ska_writer_status(&w));
    return write_named(t, false, name, "", (struct ska_slice){w.data, w.len}, err);
}

/* A page that there is one of. */
struct kind {
    const char *file;
    void (*write)(struct page *p);
    bool groups_only;
};
static const struct kind kinds[] = {
    {"index.html", page_overview, false}, {"groups.html", page_groups, true},
    {"map.html", page_map, true},         {"quality.html", page_quality, false},
    {"method.html", page_method, false},  {"check.html", page_check, false},
    {"data.html", page_data, false},      {"accessibility.html", page_accessibility, false},
    {"about.html", page_about, false},
};

/* `indicator` is SKA_NONE for a page of `kinds`. */
static void write_page(struct page *p, const struct kind *kind, uint32_t indicator)
{
    if (indicator == SKA_NONE)
        kind->write(p);
    else
        page_indicator(p, indicator);
}

/* In both languages; a heavy one on several pages, the first one, which leads to them, last. */
static enum ska_status write_cut(struct target *t, const struct page_site *site,
                                 const struct kind *kind, uint32_t indicator, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer sv = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer en = {0};
    SKA_SCOPED(page_marks_clear) struct page_marks marks_sv = {0};
    SKA_SCOPED(page_marks_clear) struct page_marks marks_en = {0};
    SKA_SCOPED(page_pieces_clear) struct page_pieces pieces = {0};
    struct page in_swedish = {.w = &sv, .site = site, .swedish = true, .marks = &marks_sv};
    struct page in_english = {.w = &en, .site = site, .swedish = false, .marks = &marks_en};
    char file[PAGE_FILE_MAX], name[PAGE_CUT_FILE_MAX];
    if (indicator == SKA_NONE)
        (void)snprintf(file, sizeof file, "%s", kind->file); /* fits: our own names */
    else
        page_indicator_file(file, &site->cube->catalogue->indicators[indicator]);
    write_page(&in_swedish, kind, indicator);
    write_page(&in_english, kind, indicator);
    SKA_TRY(ska_writer_status(&sv));
    SKA_TRY(ska_writer_status(&en));
    SKA_TRY(page_cut(&pieces, file, &(struct page_marked){{sv.data, sv.len}, &marks_sv},
                     &(struct page_marked){{en.data, en.len}, &marks_en}, PAGE_BYTES_MAX));
    for (size_t k = pieces.n; k > 0; k--) {
        page_cut_file(name, file, k - 1);
        SKA_TRY(write_both(t, &pieces.at[k - 1], name, "", err));
    }
    return SKA_OK;
}

/* Whether anything is published of an indicator. */
static bool is_published(const struct cube *cube, uint32_t indicator)
{
    const char *code = cube->catalogue->indicators[indicator].code;
    for (size_t k = 0; k < cube->n_series; k++)
        if (!cube->series[k].is_rollup && ska_layout_find(cube->series[k].layout, code) != SKA_NONE)
            return true;
    return false;
}

enum ska_status site_write_pages(const char *folder, const char *list, const struct page_site *site,
                                 struct ska_error *err)
{
    SKA_SCOPED(target_clear) struct target t = {.site = folder};
    SKA_TRY(make_folder(folder, "en", err));
    SKA_TRY(write_lines(&t, "style.css", site_style, err));
    SKA_TRY(write_lines(&t, "comfort.js", site_comfort, err));
    SKA_TRY(write_lines(&t, "icon.svg", site_icon, err));
    for (uint32_t i = 0; i < site->cube->catalogue->n_indicators; i++)
        if (is_published(site->cube, i))
            SKA_TRY(write_cut(&t, site, NULL, i, err));
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (!kinds[k].groups_only || site->cube->n_blocks > 1)
            SKA_TRY(write_cut(&t, site, &kinds[k], SKA_NONE, err));
    return list != NULL ? site_made_finish(&t.made, folder, list, err) : SKA_OK;
}

/* A fact that is not said in "pages" is taken from what data portals are told (about.h). */
static enum ska_status fall_back(struct site_facts *facts, enum site_fact which, const char *text)
{
    if (facts->at[which] != NULL || text[0] == '\0')
        return SKA_OK;
    facts->at[which] = ska_alloc(strlen(text) + 1, 1);
    if (facts->at[which] == NULL)
        return SKA_E_MEMORY;
    memcpy(facts->at[which], text, strlen(text));
    return SKA_OK;
}

/* What the publisher says of itself; nothing if there is no such file. */
static enum ska_status read_facts(struct site_facts *facts, const struct collection *c,
                                  struct ska_error *err)
{
    static const char mail[] = "mailto:";
    SKA_SCOPED(ska_scoped_free) char *path = file_join(c->folder, "pages");
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_error why = {0};
    struct about about;
    size_t len = 0;
    if (path == NULL)
        return SKA_E_MEMORY;
    if (file_exists(path)) {
        SKA_TRY(file_read(&text, &len, path, SITE_FACTS_BYTES_MAX, err));
        enum ska_status status = site_facts_read(facts, (struct ska_slice){text, len}, &why);
        if (status != SKA_OK)
            return ska_fail(err, status, "%s: %s", path, why.text);
    }
    SKA_TRY(about_read(&about, c, err));
    SKA_TRY(fall_back(facts, FACT_ORGANISATION_SV, about.publisher));
    SKA_TRY(fall_back(facts, FACT_ORGANISATION_EN, about.publisher));
    if (strncmp(about.contact, mail, sizeof mail - 1) == 0)
        return fall_back(facts, FACT_EMAIL, about.contact + sizeof mail - 1);
    return fall_back(facts, FACT_WEB, about.contact);
}

/* Of the page "check it yourself", if it has been put into the site's folder; else "". */
static enum ska_status hash_checker(char out[static 65], const char *site, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(site, "check/verifier.js");
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    uint8_t hash[32];
    size_t len = 0;
    out[0] = '\0';
    if (path == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&data, &len, path, SKA_VERIFIER_BYTES_MAX, err));
    ska_sha256(hash, data, len);
    ska_hex_encode(out, hash, sizeof hash);
    return SKA_OK;
}

/* Whether the proof beside it is about this very file. Who wants to know whether it holds tries it.
 */
static enum ska_status is_logged(bool *out, const char *site, const char *sha256,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free)
    char *path = file_join(site, "check/verifier.js" ANNOUNCE_PROOF_ENDING);
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_proof *proof = ska_alloc(1, sizeof *proof);
    struct ska_log_leaf leaf;
    char hash[65];
    size_t len = 0;
    *out = false;
    if (path == NULL || proof == NULL)
        return SKA_E_MEMORY;
    if (!file_exists(path))
        return SKA_OK;
    SKA_TRY(file_read(&data, &len, path, SKA_TLOG_PROOF_BYTES_MAX, err));
    if (ska_tlog_proof_parse(proof, data, len) != SKA_OK ||
        ska_log_leaf_decode(&leaf, (struct ska_slice){proof->extra, proof->extra_len}) != SKA_OK)
        return SKA_OK;
    ska_hex_encode(hash, leaf.entry.sha256, sizeof leaf.entry.sha256);
    *out = leaf.type == SKA_LEAF_VERIFIER && strcmp(hash, sha256) == 0;
    return SKA_OK;
}

enum ska_status site_write_index(const struct collection *c, struct ska_error *err)
{
    SKA_SCOPED(cube_clear) struct cube cube = {0};
    SKA_SCOPED(site_facts_clear) struct site_facts facts = {0};
    SKA_SCOPED(site_audits_clear) struct site_audits audits = {0};
    char keys[4][KEY_TEXT_BYTES], checker[65];
    bool checker_is_logged = false;
    SKA_SCOPED(ska_scoped_free) char *list = file_join(c->folder, SITE_MADE_LIST);
    if (list == NULL)
        return SKA_E_MEMORY;
    SKA_TRY(hash_checker(checker, c->site, err));
    SKA_TRY(is_logged(&checker_is_logged, c->site, checker, err));
    SKA_TRY(cube_load(&cube, c, err));
    SKA_TRY(read_facts(&facts, c, err));
    SKA_TRY(site_audits_read(&audits, c->folder, &cube, err));
    ska_base64url_encode(keys[0], c->trust.publisher, 32);
    ska_base64url_encode(keys[1], c->trust.leader, 32);
    ska_base64url_encode(keys[2], c->trust.helper, 32);
    ska_base64url_encode(keys[3], c->trust.second, 32);
    const struct page_site site = {.cube = &cube,
                                   .facts = &facts,
                                   .audits = &audits,
                                   .leader_url = c->leader_url,
                                   .publisher_key = keys[0],
                                   .second_key = keys[3],
                                   .leader_key = keys[1],
                                   .helper_key = keys[2],
                                   .checker_sha256 = checker,
                                   .checker_is_logged = checker_is_logged};
    SKA_TRY(file_make_folder(c->site, false, err));
    return site_write_pages(c->site, list, &site, err);
}
