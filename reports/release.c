/* SPDX-License-Identifier: EUPL-1.2 */
/* release.c - drafts, the second signature, and what is released. */
#include "reports/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "reports/pages/site.h"
#include "support/file.h"
#include "support/language.h"

static const char signature_head[] = "skarva release-signature 1 ";
#define TASK_TEXT 43
#define SIGNATURE_TEXT 86

bool release_is_done(const struct period *p)
{
    return period_has(p, "released");
}

char *release_draft_path(const struct period *p)
{
    return file_join(p->folder, "draft");
}

char *release_signature_path(const struct period *p, const char *option)
{
    return option != NULL ? strdup(option) : file_join(p->folder, "draft.signature");
}

/* Bundles are larger than what period_read takes. */
static enum ska_status read_whole(uint8_t **data, size_t *len, const struct period *p,
                                  const char *name, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(p->folder, name);
    if (path == NULL)
        return SKA_E_MEMORY;
    return file_read(data, len, path, SKA_BUNDLE_BYTES_MAX, err);
}

/* Signatures ---------------------------------------------------------------------------------- */

void release_signature_text(char out[static RELEASE_SIGNATURE_TEXT_MAX],
                            const uint8_t task_id[static 32], const uint8_t signature[static 64])
{
    char task[TASK_TEXT + 1], text[SIGNATURE_TEXT + 1];
    ska_base64url_encode(task, task_id, 32);
    ska_base64url_encode(text, signature, 64);
    (void)snprintf(out, RELEASE_SIGNATURE_TEXT_MAX, "%s%s %s\n", signature_head, task, text);
}

enum ska_status release_signature_parse(uint8_t task_id[static 32], uint8_t signature[static 64],
                                        struct ska_slice text)
{
    uint8_t task[32], bytes[64];
    size_t head = sizeof signature_head - 1;
    const char *at = (const char *)text.data + head;
    if (text.len != head + TASK_TEXT + 1 + SIGNATURE_TEXT + 1 ||
        memcmp(text.data, signature_head, head) != 0 || at[TASK_TEXT] != ' ' ||
        text.data[text.len - 1] != '\n')
        return SKA_E_FORMAT;
    SKA_TRY(ska_base64url_decode(task, sizeof task, at, TASK_TEXT));
    SKA_TRY(ska_base64url_decode(bytes, sizeof bytes, at + TASK_TEXT + 1, SIGNATURE_TEXT));
    memcpy(task_id, task, sizeof task);
    memcpy(signature, bytes, sizeof bytes);
    return SKA_OK;
}

enum ska_status release_put_second(uint8_t *draft, size_t len, const uint8_t signature[static 64],
                                   struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    struct ska_release release = {0};
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, (struct ska_slice){draft, len}, err));
    if (n == 0 || strcmp(files[n - 1].name, "release") != 0)
        return ska_fail(err, SKA_E_FORMAT, "%s", ska_status_text(SKA_E_FORMAT));
    SKA_TRY(ska_release_decode(&release, files[n - 1].data));
    size_t at = (size_t)(files[n - 1].data.data - draft) + files[n - 1].data.len - 64;
    memcpy(draft + at, signature, 64);
    return SKA_OK;
}

/* Drafts -------------------------------------------------------------------------------------- */

static enum ska_status write_release(struct ska_writer *w, const struct period *p,
                                     const struct ska_release_place *place,
                                     const struct ska_bundle_file *files, size_t n)
{
    uint8_t signature[2][SKA_SIGNATURE_BYTES] = {{0}};
    SKA_TRY(ska_release_body(w, p->task->context.task_id, place, files, n));
    SKA_TRY(ska_release_sign(signature[0], SKA_RELEASE_PUBLISHER, &p->collection->signing_key,
                             (struct ska_slice){w->data, w->len}));
    ska_write_bytes(w, signature, sizeof signature);
    return ska_writer_status(w);
}

enum ska_status release_keep_draft(const struct period *p, const struct ska_release_place *place,
                                   const struct ska_bundle_file *files, size_t n,
                                   struct ska_slice figures, struct ska_error *err)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer release = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer tar = {0};
    if (release_is_done(p))
        return ska_fail(err, SKA_E_STATE, tr("%s: redan utgiven", "%s: already released"), p->name);
    SKA_TRY(write_release(&release, p, place, files, n));
    for (size_t i = 0; i < n; i++)
        ska_bundle_write_file(&tar, files[i].name, files[i].data);
    ska_bundle_write_file(&tar, "release", (struct ska_slice){release.data, release.len});
    ska_bundle_write_end(&tar);
    SKA_TRY(ska_writer_status(&tar));
    SKA_TRY(period_remove(p, "draft.signature", err));
    SKA_TRY(period_remove(p, "draft", err)); /* so that draft and figures are of one making */
    SKA_TRY(period_write(p, "draft-figures", figures, false, err));
    return period_write(p, "draft", (struct ska_slice){tar.data, tar.len}, false, err);
}

/* The release of a draft or bundle in memory. */
static enum ska_status find_release(struct ska_release *out, struct ska_slice bundle,
                                    const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, bundle, err));
    if (n == 0 || strcmp(files[n - 1].name, "release") != 0 ||
        ska_release_decode(out, files[n - 1].data) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, "%s: %s", path, ska_status_text(SKA_E_FORMAT));
    return SKA_OK;
}

enum ska_status release_has_draft(bool *has, const struct period *p,
                                  const struct ska_release_place *place, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *draft = NULL;
    size_t len = 0;
    struct ska_release release = {0};
    *has = false;
    if (!period_has(p, "draft"))
        return SKA_OK;
    SKA_TRY(read_whole(&draft, &len, p, "draft", err));
    SKA_TRY(find_release(&release, (struct ska_slice){draft, len}, "draft", err));
    *has = release.place.number == place->number &&
           memcmp(release.place.previous, place->previous, sizeof place->previous) == 0 &&
           memcmp(release.task_id, p->task->context.task_id, sizeof release.task_id) == 0;
    return SKA_OK;
}

/* Releases ------------------------------------------------------------------------------------ */

static enum ska_status read_signature(uint8_t signature[static 64], const struct period *p,
                                      const char *path, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    uint8_t task_id[32];
    SKA_TRY(file_read(&text, &len, path, RELEASE_SIGNATURE_TEXT_MAX, err));
    if (release_signature_parse(task_id, signature, (struct ska_slice){text, len}) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT,
                        tr("%s: är ingen underskrift från skarva-publish sign",
                           "%s: is not a signature by skarva-publish sign"),
                        path);
    if (memcmp(task_id, p->task->context.task_id, sizeof task_id) != 0)
        return ska_fail(err, SKA_E_TASK,
                        tr("%s: underskriften gäller en annan period än %s",
                           "%s: the signature is for another period than %s"),
                        path, p->name);
    return SKA_OK;
}

/* How many figures the kept text has, and how many are hidden. */
static enum ska_status count_figures(struct release_day *r, struct ska_slice figures)
{
    size_t n = 0, hidden = 0;
    for (size_t i = 0; i < figures.len; i++) {
        if (figures.data[i] != '\n')
            continue;
        n++;
        hidden += i >= 3 && memcmp(figures.data + i - 3, " ..", 3) == 0;
    }
    if (n > UINT32_MAX)
        return SKA_E_LIMIT;
    r->n_hidden = (uint32_t)hidden;
    r->n_shown = (uint32_t)(n - hidden);
    return SKA_OK;
}

static enum ska_status check_second(const struct period *p, const uint8_t signature[static 64],
                                    struct ska_slice draft, const char *path, struct ska_error *err)
{
    struct ska_release release = {0};
    SKA_TRY(find_release(&release, draft, "draft", err));
    if (ska_release_verify(signature, SKA_RELEASE_SECOND, p->task->parameters.second_key,
                           release.body) != SKA_OK)
        return ska_fail(err, SKA_E_SIGNATURE,
                        tr("%s: underskriften är inte den andra undertecknarens över det här "
                           "utkastet; den andra personen behöver skriva under %s/draft",
                           "%s: the signature is not the second signer's over this draft; the "
                           "second person must sign %s/draft"),
                        path, p->folder);
    return SKA_OK;
}

static struct ska_slice find_file(const struct ska_bundle_file *files, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return files[i].data;
    return (struct ska_slice){0};
}

/* Whether a bundle carries a year's roll-up. */
static enum ska_status find_year(bool *has_year, struct ska_slice bundle, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    size_t n = 0;
    SKA_TRY(ska_bundle_read(&files, &n, bundle, err));
    *has_year = find_file(files, n, "year").len > 0;
    return SKA_OK;
}

enum ska_status release_complete(const struct period *p, const struct ska_release_place *place,
                                 const char *signature_path, uint64_t now_s, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *bundle = NULL;
    size_t len = 0, figures_len = 0;
    uint8_t signature[64];
    struct release_day r = {.day_s = now_s - now_s % RELEASE_DAY_S,
                            .place = *place,
                            .revision = p->task->parameters.revision};
    SKA_TRY(read_signature(signature, p, signature_path, err));
    SKA_TRY(read_whole(&bundle, &len, p, "draft", err));
    SKA_SCOPED(ska_scoped_free) uint8_t *figures = NULL;
    SKA_TRY(read_whole(&figures, &figures_len, p, "draft-figures", err));
    SKA_TRY(check_second(p, signature, (struct ska_slice){bundle, len}, signature_path, err));
    SKA_TRY(release_put_second(bundle, len, signature, err));
    SKA_TRY(find_year(&r.has_year, (struct ska_slice){bundle, len}, err));
    SKA_TRY(count_figures(&r, (struct ska_slice){figures, figures_len}));
    ska_sha256(r.bundle_sha256, bundle, len);
    memcpy(r.period, p->base, sizeof r.period);
    memcpy(r.publisher, p->task->parameters.publisher_key, 32);
    memcpy(r.second, p->task->parameters.second_key, 32);
    SKA_TRY(period_write(p, "bundle", (struct ska_slice){bundle, len}, false, err));
    SKA_TRY(period_write(p, "figures", (struct ska_slice){figures, figures_len}, false, err));
    return release_day_write(p->folder, &r, err);
}

enum ska_status release_read(uint8_t **data, size_t *len, const struct period *p,
                             struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *bundle = NULL;
    size_t bundle_len = 0, n = 0;
    SKA_TRY(read_whole(&bundle, &bundle_len, p, "bundle", err));
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    SKA_TRY(ska_bundle_read(&files, &n, (struct ska_slice){bundle, bundle_len}, err));
    const struct ska_slice file = find_file(files, n, "release");
    uint8_t *copy = ska_alloc(file.len + 1, 1);
    if (copy == NULL)
        return SKA_E_MEMORY;
    memcpy(copy, file.data, file.len);
    *data = copy;
    *len = file.len;
    return SKA_OK;
}

enum ska_status release_show(const struct period *p, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *bundle = NULL;
    size_t len = 0, n = 0;
    uint8_t hash[32];
    struct release_day released;
    SKA_TRY(release_day_read(&released, p->folder, err));
    SKA_TRY(read_whole(&bundle, &len, p, "bundle", err));
    ska_sha256(hash, bundle, len);
    if (memcmp(hash, released.bundle_sha256, sizeof hash) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s/bundle är inte längre den som gavs ut; återställ den från en "
                           "säkerhetskopia eller från webbplatsen",
                           "%s/bundle is no longer the one that was released; restore it from a "
                           "backup or from the site"),
                        p->folder);
    struct ska_slice archive = {bundle, len};
    SKA_SCOPED(ska_scoped_free) struct ska_bundle_file *files = NULL;
    SKA_TRY(ska_bundle_read(&files, &n, archive, err));
    return site_write_period(p->collection, p->name, archive, find_file(files, n, "table.csv"),
                             find_file(files, n, "page.sv.html"),
                             find_file(files, n, "page.en.html"), err);
}
