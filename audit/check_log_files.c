/* SPDX-License-Identifier: EUPL-1.2 */
/* check_log_files.c - what the entries of a log are about: content-addressed files. */
#include "audit/log_check.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/scoped.h"

/* Reading them all, by all threads. */
struct reading {
    struct log_evidence *log;
    const uint64_t *rows;    /* whose files are to be there */
    enum ska_status *status; /* one for each of them */
};

static void read_one(void *arg, size_t i)
{
    struct reading *r = arg;
    SKA_SCOPED(ska_scoped_free) uint8_t *data = NULL;
    size_t len = 0;
    r->status[i] = log_blob(&data, &len, r->log, &r->log->rows[r->rows[i]].leaf, NULL);
}

/* All entries but submissions: those that a close counted are for log-closes to ask for. */
static uint64_t list_rows(uint64_t *rows, const struct log_evidence *log)
{
    uint64_t n = 0;
    for (uint64_t i = 0; i < log->size; i++)
        if (log->rows[i].is_known && log->rows[i].leaf.type != SKA_LEAF_SUBMISSION)
            rows[n++] = i;
    return n;
}

/* The hashes that entries name, sorted. */
struct named {
    uint8_t (*at)[SKA_HASH_BYTES];
    size_t n;
    struct finding *f;
};

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, SKA_HASH_BYTES);
}

static void look_at_name(void *arg, const char *name)
{
    const struct named *named = arg;
    uint8_t hash[SKA_HASH_BYTES];
    bool is_hash = strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
    for (size_t i = 0; is_hash && i < sizeof hash; i++) {
        const char *digits = "0123456789abcdef";
        hash[i] = (uint8_t)((strchr(digits, name[2 * i]) - digits) << 4 |
                            (strchr(digits, name[2 * i + 1]) - digits));
    }
    if (!is_hash || bsearch(hash, named->at, named->n, sizeof hash, compare) == NULL)
        finding_bad(
            named->f,
            words("blob/%s: ingen post namnger den; är mappen en levande logg som växte medan "
                  "den lästes, pröva igen",
                  "blob/%s: no entry names it; if the folder is a live log that grew while "
                  "it was read, try again"),
            name);
}

/* No file is there that no entry names. */
static void look_for_strangers(struct log_evidence *log, struct finding *f)
{
    SKA_SCOPED(ska_scoped_free)
    uint8_t(*hashes)[SKA_HASH_BYTES] = ska_alloc((size_t)log->size, sizeof *hashes);
    struct named named = {.at = hashes, .f = f};
    if (hashes == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    for (uint64_t i = 0; i < log->size; i++)
        if (log->rows[i].is_known)
            memcpy(hashes[named.n++], log->rows[i].leaf.entry.sha256, SKA_HASH_BYTES);
    qsort(hashes, named.n, sizeof *hashes, compare);
    if (log->n_unknown == 0) /* those of unknown entries are unknown too */
        finding_is_undecided(f, log_place_list(&log->place, "blob", look_at_name, &named));
}

void check_log_blobs(struct evidence *e, struct finding *f)
{
    struct log_evidence *log = e->log;
    SKA_SCOPED(ska_scoped_free) uint64_t *rows = ska_alloc((size_t)log->size, sizeof *rows);
    SKA_SCOPED(ska_scoped_free)
    enum ska_status *status = ska_alloc((size_t)log->size, sizeof *status);
    if (rows == NULL || status == NULL) {
        finding_undecided(f, ska_status_text(SKA_E_MEMORY));
        return;
    }
    struct reading reading = {.log = log, .rows = rows, .status = status};
    const uint64_t n = list_rows(rows, log);
    parallel_run(log->place.is_address ? 1 : e->jobs, (size_t)n, read_one, &reading, "log-blobs");
    for (uint64_t i = 0; i < n; i++) {
        if (finding_is_undecided(f, status[i]))
            return;
        if (status[i] != SKA_OK)
            finding_bad(f, "%s: %s", log_entry_name(log, rows[i]),
                        status[i] == SKA_E_NOT_FOUND
                            ? words("filen saknas", "the file is missing")
                            : words("filen är inte den som posten namnger",
                                    "the file is not the one that the entry names"));
    }
    f->n_inputs = n;
    look_for_strangers(log, f);
}
