/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_client_home.c - the files of an officer's home folder, whatever became of them: the first
 * byte says which file the rest is. What is refused is refused with a sentence.
 */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "client/home.h"
#include "client/marks.h"
#include "client/receipts.h"
#include "client/submission.h"
#include "client/terms.h"

#include "tests/fuzz/folder.h"
#include "tests/fuzz/layout.h"

#include <string.h>

#define SUBMISSION "submissions/2025Q2-00000000-1"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ska_status read_config(struct ska_error *err)
{
    struct home home = {0};
    enum ska_status status = home_open(&home, fuzz_folder, err);
    home_close(&home);
    return status;
}

/* One that is taken is written to what is read again. */
static enum ska_status read_submission(const struct home *home, struct ska_error *err)
{
    static const uint8_t task_id[32];
    struct submission s = {0}, again = {0};
    enum ska_status status = submission_load(&s, home, "2025Q2", task_id, 1, err);
    if (status == SKA_OK && s.number == 1 && memcmp(s.task_id, task_id, sizeof task_id) == 0 &&
        (submission_save(&s, home, "2025Q2", err) != SKA_OK ||
         submission_load(&again, home, "2025Q2", task_id, 1, err) != SKA_OK ||
         again.report_len != s.report_len || again.counts.n != s.counts.n))
        abort();
    submission_clear(&s);
    submission_clear(&again);
    return status;
}

static enum ska_status read_marks(const struct home *home, struct ska_error *err)
{
    struct counts counts = {0};
    if (counts_init(&counts, fuzz_layout()->n_cells) != SKA_OK)
        abort();
    enum ska_status status = marks_recall(&counts, fuzz_layout(), home, "2025Q2", err);
    counts_clear(&counts);
    return status;
}

static enum ska_status read_terms(const struct home *home, struct ska_error *err)
{
    struct terms terms = {0};
    enum ska_status status = terms_recall(&terms, home, "operation-norrsken", err);
    if (status == SKA_OK)
        terms_clear(&terms);
    return status;
}

static enum ska_status read_receipt(struct ska_error *err)
{
    char path[FOLDER_PATH_MAX];
    struct ska_receipt receipt;
    static const struct ska_trust trust;
    (void)snprintf(path, sizeof path, "%s/receipts/file", fuzz_folder);
    return receipts_read(&receipt, path, &trust, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const below[] = {"submissions", "marks", "terms", "receipts"};
    static const char *const names[] = {"skarva.conf", SUBMISSION, "marks/2025Q2",
                                        "terms/operation-norrsken", "receipts/file"};
    struct home home = {.dir = fuzz_folder};
    struct ska_error err = {0};
    enum ska_status status = SKA_OK;
    if (size == 0 || data[0] < 'a' || data[0] > 'e')
        return 0;
    const unsigned which = data[0] - 'a';
    folder_make(below, 4);
    folder_put(names[which], data + 1, size - 1);
    switch (which) {
    case 0:
        status = read_config(&err);
        break;
    case 1:
        status = read_submission(&home, &err);
        break;
    case 2:
        status = read_marks(&home, &err);
        break;
    case 3:
        status = read_terms(&home, &err);
        break;
    default:
        status = read_receipt(&err);
    }
    if (status != SKA_OK && err.text[0] == '\0')
        abort();
    return 0;
}
