/* SPDX-License-Identifier: EUPL-1.2 */
/* diff_command.c - the command verify-diff: opens the bundles, and prints what was found. */
#include "audit/diff.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "audit/print.h"
#include "audit/source.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#define BETWEEN_MAX 200

/* The bundles of a folder. Valid when zeroed. */
struct between {
    size_t n;
    struct window window[BETWEEN_MAX]; /* owned */
    struct evidence_given given[BETWEEN_MAX];
};

static void between_clear(struct between **b)
{
    for (size_t i = 0; *b != NULL && i < (*b)->n; i++)
        window_unmap(&(*b)->window[i]);
    free(*b);
    *b = NULL;
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

/* Every file *.tar of a folder, in no order. */
static enum ska_status read_between(struct between *b, const char *folder, struct ska_error *err)
{
    SKA_SCOPED(close_folder) DIR *dir = opendir(folder);
    if (dir == NULL)
        return ska_fail(err, SKA_E_FILE, words("mappen %s kan inte läsas", "cannot read folder %s"),
                        folder);
    for (const struct dirent *found = readdir(dir); found != NULL; found = readdir(dir)) {
        char path[4096];
        const size_t len = strlen(found->d_name);
        if (len < 4 || strcmp(found->d_name + len - 4, ".tar") != 0)
            continue;
        if (b->n == BETWEEN_MAX)
            return ska_fail(err, SKA_E_LIMIT,
                            words("fler än %d paket i %s", "more than %d bundles in %s"),
                            BETWEEN_MAX, folder);
        const int n = snprintf(path, sizeof path, "%s/%s", folder, found->d_name);
        if (n < 0 || (size_t)n >= sizeof path)
            continue;
        SKA_TRY(source_open(&b->window[b->n], path, err));
        b->given[b->n].archive = b->window[b->n].bytes;
        b->n++;
    }
    return SKA_OK;
}

/* The two, and those between. */
struct opened {
    struct trust trust;
    struct window older, newer;
    struct between *between;
};

static void opened_clear(struct opened *o)
{
    window_unmap(&o->older);
    window_unmap(&o->newer);
    between_clear(&o->between);
}

static enum ska_status open_bundles(struct opened *opened, const struct options *o,
                                    struct ska_error *err)
{
    SKA_TRY(source_open(&opened->older, o->bundle, err));
    SKA_TRY(source_open(&opened->newer, o->newer, err));
    if (o->earlier == NULL)
        return SKA_OK;
    opened->between = ska_alloc(1, sizeof *opened->between);
    if (opened->between == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    return read_between(opened->between, o->earlier, err);
}

static bool print_diff(const struct options *o, struct opened *opened)
{
    SKA_SCOPED(evidence_clear)
    struct evidence older = {.archive = opened->older.bytes, .trust = &opened->trust, .jobs = 1};
    SKA_SCOPED(evidence_clear)
    struct evidence newer = {.archive = opened->newer.bytes,
                             .trust = &opened->trust,
                             .jobs = 1,
                             .older = &older,
                             .given = opened->between != NULL ? opened->between->given : NULL,
                             .n_given = opened->between != NULL ? opened->between->n : 0};
    struct finding findings[N_DIFFS] = {0};
    const bool is_pass = diff_all(findings, &newer, o->as_json ? NULL : print_finding);
    if (o->as_json) {
        print_json_diff(&newer, diff_table, findings, N_DIFFS);
        return is_pass;
    }
    putchar('\n');
    return print_counts(findings, N_DIFFS);
}

int diff_verify(const struct options *o)
{
    struct ska_error err = {0};
    SKA_SCOPED(opened_clear) struct opened opened = {0};
    int exit_status = EXIT_TRUST;
    enum ska_status status = trust_read(&opened.trust, o->trust, &err);
    if (status == SKA_OK) {
        exit_status = EXIT_BUNDLE;
        status = open_bundles(&opened, o, &err);
    }
    if (status != SKA_OK) {
        fprintf(stderr, "skarva-audit: %s\n", err.text);
        return exit_status;
    }
    return print_diff(o, &opened) ? EXIT_PASS : EXIT_FAIL;
}
