/* SPDX-License-Identifier: EUPL-1.2 */
/* receipts.c - receipts verified, kept and shown. */
#include "client/receipts.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/dap.h"
#include "support/file.h"
#include "support/language.h"

#define RECEIPT_BYTES_MAX 4096

static void dir_release(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir); /* was only read */
}

/* The hash and length of the public share inside a prepared report. */
static enum ska_status check_share(const struct ska_log_entry *entry, const struct submission *mine,
                                   struct ska_error *err)
{
    struct ska_reader r;
    struct ska_dap_report report;
    ska_reader_init(&r, mine->report, mine->report_len);
    SKA_TRY(ska_dap_report_decode(&report, &r));
    uint8_t hash[SKA_HASH_BYTES];
    ska_sha256(hash, report.public_share.data, report.public_share.len);
    if (entry->length == report.public_share.len && memcmp(entry->sha256, hash, sizeof hash) == 0)
        return SKA_OK;
    return ska_fail(err, SKA_E_MISMATCH,
                    tr("kvittot gäller inte det som skickades härifrån",
                       "the receipt is not for what was sent from here"));
}

enum ska_status receipts_verify(const struct ska_receipt *receipt, const struct ska_task *task,
                                uint32_t contributor, const struct submission *mine,
                                struct ska_error *err)
{
    struct ska_error why = {0};
    enum ska_status status = ska_receipt_verify(receipt, task, &why);
    if (status != SKA_OK)
        return ska_fail(err, status,
                        tr("kvittot är inte giltigt: %s", "the receipt is not valid: %s"),
                        why.text[0] != '\0' ? why.text : ska_status_text(status));
    if (receipt->entry.contributor != contributor || receipt->entry.number != mine->number)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("kvittot gäller en annan uppgiftslämnare eller inlämning",
                           "the receipt is for another contributor or submission"));
    return mine->report != NULL ? check_share(&receipt->entry, mine, err) : SKA_OK;
}

enum ska_status receipts_save(const struct ska_receipt *receipt, const struct home *home,
                              struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    const struct ska_log_entry *e = &receipt->entry;
    SKA_TRY(home_path(&folder, home, "receipts"));
    if (e->revision == 0)
        SKA_TRY(home_path(&path, home, "receipts/%s-%" PRIu64 ".receipt", e->period, e->number));
    else
        SKA_TRY(home_path(&path, home, "receipts/%s.r%" PRIu32 "-%" PRIu64 ".receipt", e->period,
                          e->revision, e->number));
    SKA_TRY(file_make_folder(folder, false, err));
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    ska_receipt_encode(&w, receipt);
    SKA_TRY(ska_writer_status(&w));
    return file_write(path, w.data, w.len, false, err);
}

static enum ska_status decode(struct ska_receipt *out, struct ska_reader *r)
{
    SKA_TRY(ska_receipt_decode(out, r));
    return ska_read_end(r);
}

enum ska_status receipts_read(struct ska_receipt *out, const char *path,
                              const struct ska_trust *trust, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) uint8_t *bytes = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&bytes, &len, path, RECEIPT_BYTES_MAX, err));
    struct ska_reader r;
    ska_reader_init(&r, bytes, len);
    struct ska_receipt receipt = {0};
    if (decode(&receipt, &r) != SKA_OK)
        return ska_fail(err, SKA_E_FORMAT, tr("%s: är inget kvitto", "%s: is no receipt"), path);
    if (ska_log_entry_verify(receipt.leader, trust->leader, &receipt.entry) != SKA_OK)
        return ska_fail(err, SKA_E_SIGNATURE,
                        tr("%s: ledarens signatur stämmer inte", "%s: the leader's signature does "
                                                                 "not hold"),
                        path);
    if (ska_log_entry_verify(receipt.helper, trust->helper, &receipt.entry) != SKA_OK)
        return ska_fail(err, SKA_E_SIGNATURE,
                        tr("%s: hjälparens signatur stämmer inte",
                           "%s: the helper's signature does "
                           "not hold"),
                        path);
    *out = receipt;
    return SKA_OK;
}

/* "2025Q2-3.receipt" or "2025Q2.r1-3.receipt" as a number that grows with revision, then number;
 * 0 for other names. */
static uint64_t rank_of(const char *name, const char *period)
{
    size_t len = strlen(period);
    if (strncmp(name, period, len) != 0)
        return 0;
    uint64_t revision = 0;
    uint64_t number = 0;
    size_t n = 0;
    const char *at = name + len;
    if (strncmp(at, ".r", 2) == 0)
        for (at += 2, n = 0; *at >= '0' && *at <= '9' && n < 6; at++, n++)
            revision = revision * 10 + (uint64_t)(*at - '0');
    if (*at++ != '-')
        return 0;
    for (n = 0; *at >= '0' && *at <= '9' && n < 9; at++, n++)
        number = number * 10 + (uint64_t)(*at - '0');
    return strcmp(at, ".receipt") == 0 ? revision << 32 | number : 0;
}

enum ska_status receipts_find(char **path, const struct home *home, const char *period,
                              struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *folder = NULL;
    SKA_SCOPED(ska_scoped_free) char *best = NULL;
    SKA_TRY(home_path(&folder, home, "receipts"));
    SKA_SCOPED(dir_release) DIR *dir = opendir(folder);
    uint64_t highest = 0;
    for (const struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        if (rank_of(e->d_name, period) <= highest)
            continue;
        highest = rank_of(e->d_name, period);
        free(best);
        best = strdup(e->d_name);
        if (best == NULL)
            return SKA_E_MEMORY;
    }
    if (best == NULL)
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("inget kvitto för %s i %s; kör skarva status",
                           "no receipt for %s in %s; run skarva status"),
                        period, folder);
    *path = file_join(folder, best);
    return *path != NULL ? SKA_OK : SKA_E_MEMORY;
}

void receipts_print(FILE *out, const struct ska_receipt *receipt, const struct home *home)
{
    const struct ska_log_entry *e = &receipt->entry;
    char hash[2 * sizeof e->sha256 + 1];
    char task[44];
    ska_hex_encode(hash, e->sha256, sizeof e->sha256);
    ska_base64url_encode(task, e->task_id, sizeof e->task_id);
    fprintf(out, tr("Kvitto, signerat av båda servrarna\n", "Receipt, signed by both servers\n"));
    fprintf(out,
            tr("  uppgiftslämnare  %s %s (nummer %" PRIu32 " i förteckningen)\n",
               "  contributor      %s %s (number %" PRIu32 " on the roster)\n"),
            home->code, home->name, e->contributor);
    fprintf(out,
            tr("  period           %s, revision %" PRIu32 "\n",
               "  period           %s, revision %" PRIu32 "\n"),
            e->period, e->revision);
    fprintf(
        out,
        tr("  inlämning        nummer %" PRIu64 "\n", "  submission       number %" PRIu64 "\n"),
        e->number);
    fprintf(out,
            tr("  innehåll         %" PRIu64 " byte, SHA-256 %s\n",
               "  content          %" PRIu64 " bytes, SHA-256 %s\n"),
            e->length, hash);
    fprintf(out, tr("  insamling        %s\n", "  task             %s\n"), task);
}
