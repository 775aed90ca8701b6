/* SPDX-License-Identifier: EUPL-1.2 */
/* follow.c - comparing a log with our copy, and letting the copy grow. */
#include "watch/follow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/tlog_proof.h"
#include "support/language.h"

/* --- the checkpoint --------------------------------------------------------------------------- */

/* Whether those who cosigned within the allowed time are a quorum by themselves. A time far ahead
 * of our clock says nothing of when either. */
static bool is_fresh(const struct watch_round *r, const struct ska_policy_result *result)
{
    bool recent[SKA_POLICY_MEMBERS_MAX] = {false};
    for (size_t i = 0; i < r->policy->n_members; i++) {
        const uint64_t time_s = result->time_s[i];
        const uint64_t off = time_s < r->now_s ? r->now_s - time_s : time_s - r->now_s;
        recent[i] = result->witnessed[i] && off <= r->age_max_s;
    }
    return ska_policy_is_met(r->policy, recent);
}

static void raise_stale(struct watch_round *r)
{
    if (!r->copy->has_checkpoint)
        watch_alarm_raise(
            &r->alarms, WATCH_STALE,
            tr("loggens kontrollpunkt är inte intygad av tillräckligt många vittnen "
               "de senaste %" PRIu64 " timmarna, och vi har ingen tidigare",
               "the log's checkpoint was not cosigned by enough witnesses in the last "
               "%" PRIu64 " hours, and we have no earlier one"),
            (r->age_max_s + 3599) / 3600);
    else
        watch_alarm_raise(
            &r->alarms, WATCH_STALE,
            tr("ingen kontrollpunkt som tillräckligt många vittnen har intygat de senaste %" PRIu64
               " timmarna; den vi har gäller %" PRIu64 " poster",
               "no checkpoint that enough witnesses cosigned in the last %" PRIu64
               " hours; the one we have covers %" PRIu64 " entries"),
            (r->age_max_s + 3599) / 3600, r->copy->checkpoint.size);
}

/* Without an answer: whether what we have has become too old meanwhile. */
static void judge_own_age(struct watch_round *r)
{
    struct ska_note note;
    struct ska_policy_result result = {0};
    const struct watch_answer *own = &r->copy->note;
    if (!r->copy->has_checkpoint || r->policy->quorum == SKA_POLICY_NONE ||
        ska_note_parse(&note, own->body, own->len) != SKA_OK)
        return;
    if (ska_policy_verify(&result, r->policy, &note) == SKA_OK && !is_fresh(r, &result))
        raise_stale(r);
}

static void raise_unsigned(struct watch_round *r, const char *why)
{
    watch_alarm_raise(
        &r->alarms, WATCH_UNSIGNED,
        tr("loggens kontrollpunkt duger inte: %s", "the log's checkpoint will not do: %s"), why);
}

/* Read the checkpoint and judge it by the policy. *is_usable: it is one to go on with. Fails only
 * if it could not be judged. */
static enum ska_status judge_checkpoint(bool *is_usable, struct watch_round *r,
                                        struct ska_policy_result *result, struct ska_error *err)
{
    struct ska_note note;
    enum ska_status status = ska_note_parse(&note, r->checkpoint.body, r->checkpoint.len);
    if (status == SKA_OK)
        status = ska_policy_verify(result, r->policy, &note);
    const enum ska_class class = ska_status_class(status);
    if (class == SKA_CLASS_RESOURCE || class == SKA_CLASS_BUG)
        return ska_fail(err, status, "%s", ska_status_text(status)); /* says nothing of the log */
    *is_usable = false;
    if (status != SKA_OK && status != SKA_E_BATCH_SIZE)
        raise_unsigned(r, ska_tlog_proof_fault(status));
    else if (r->copy->has_checkpoint &&
             strcmp(result->checkpoint.origin, r->copy->checkpoint.origin) != 0)
        raise_unsigned(r, tr("den är en annan loggs", "it is another log's"));
    else
        *is_usable = true;
    if (*is_usable && status == SKA_E_BATCH_SIZE)
        watch_alarm_raise(
            &r->alarms, WATCH_QUORUM,
            tr("för få av policyns vittnen har intygat loggens kontrollpunkt, %" PRIu64 " poster",
               "too few of the policy's witnesses cosigned the log's checkpoint, "
               "%" PRIu64 " entries"),
            result->checkpoint.size);
    else if (*is_usable && r->policy->quorum != SKA_POLICY_NONE && !is_fresh(r, result))
        raise_stale(r);
    return SKA_OK;
}

static void raise_fork(struct watch_round *r, const struct ska_checkpoint *c)
{
    watch_alarm_raise(&r->alarms, WATCH_FORK,
                      tr("loggen är delad: dess kontrollpunkt för %" PRIu64
                         " poster fortsätter inte på den för %" PRIu64
                         " som vi har, och den har undertecknat båda",
                         "the log has forked: its checkpoint of %" PRIu64
                         " entries does not go on from the one "
                         "of %" PRIu64 " that we have, and it signed both"),
                      c->size, r->copy->checkpoint.size);
}

/* Ours against the one signed now, as far as the two alone show. False: it is not to be followed.
 */
static bool compare_sizes(struct watch_round *r, const struct ska_checkpoint *c)
{
    const struct ska_checkpoint *own = &r->copy->checkpoint;
    if (!r->copy->has_checkpoint)
        return true;
    if (c->size < own->size)
        watch_alarm_raise(&r->alarms, WATCH_ROLLBACK,
                          tr("loggen har backat: dess kontrollpunkt gäller %" PRIu64
                             " poster, men vi har en undertecknad för %" PRIu64,
                             "the log went back: its checkpoint covers %" PRIu64
                             " entries, but we have a signed one of %" PRIu64),
                          c->size, own->size);
    else if (c->size == own->size && memcmp(c->root, own->root, sizeof own->root) != 0)
        raise_fork(r, c);
    return !r->alarms.is_raised[WATCH_ROLLBACK] && !r->alarms.is_raised[WATCH_FORK];
}

/* --- what is behind it ------------------------------------------------------------------------ */

/* Fetch a tile. What is wrong with the log is an alarm, and then *is_there is false. */
static enum ska_status fetch(struct watch_answer *out, bool *is_there, struct watch_round *r,
                             const struct ska_tile *tile, struct ska_error *err)
{
    char path[SKA_TILE_PATH_MAX + 1];
    struct ska_error why = {0};
    ska_tile_path(path, tile);
    const enum ska_status status = watch_log_tile(out, r->log, tile, &why);
    *is_there = status == SKA_OK;
    if (status == SKA_E_NOT_FOUND)
        watch_alarm_raise(&r->alarms, WATCH_MISSING,
                          tr("%s finns inte, fast loggens kontrollpunkt omfattar den",
                             "%s is not there, though the log's checkpoint covers it"),
                          path);
    else if (status == SKA_E_FORMAT)
        watch_alarm_raise(&r->alarms, WATCH_CONTENT,
                          tr("%s har inte det antal poster eller hashar som den ska ha",
                             "%s does not have the number of entries or hashes that it must"),
                          path);
    else if (status != SKA_OK)
        return ska_fail(err, status, "%s", why.text);
    return SKA_OK;
}

/* The log's own tiles, as a source of hashes. */
struct their_source {
    struct watch_round *r;
    uint64_t size;
    struct ska_error *err;
    struct watch_answer tiles[SKA_TILE_LEVELS];
    struct ska_tile at[SKA_TILE_LEVELS]; /* which they are */
};

static enum ska_status give_theirs(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                                   uint64_t index)
{
    struct their_source *s = arg;
    const struct ska_tile tile = {level, index / SKA_TILE_WIDTH,
                                  ska_tile_width(level, index / SKA_TILE_WIDTH, s->size)};
    if (s->tiles[level].body == NULL || s->at[level].index != tile.index) {
        bool is_there = false;
        watch_answer_clear(&s->tiles[level]);
        SKA_TRY(fetch(&s->tiles[level], &is_there, s->r, &tile, s->err));
        if (!is_there)
            return SKA_E_NOT_FOUND;
        s->at[level] = tile;
    }
    memcpy(out, s->tiles[level].body + (index % SKA_TILE_WIDTH) * SKA_HASH_BYTES, SKA_HASH_BYTES);
    return SKA_OK;
}

/* Whether the log's tiles give a checkpoint's root, though the tree before it is not ours. */
static enum ska_status compare_trees(bool *is_fork, struct their_source *s,
                                     const struct ska_checkpoint *c)
{
    const struct ska_tile_source source = {give_theirs, s};
    struct ska_merkle_edge whole, before;
    uint8_t root[SKA_HASH_BYTES], root_before[SKA_HASH_BYTES];
    SKA_TRY(ska_tile_edge(&whole, c->size, &source));
    SKA_TRY(ska_tile_edge(&before, s->r->copy->checkpoint.size, &source));
    ska_merkle_edge_root(root, &whole);
    ska_merkle_edge_root(root_before, &before);
    *is_fork = memcmp(root, c->root, sizeof root) == 0 && s->r->copy->has_checkpoint &&
               memcmp(root_before, s->r->copy->checkpoint.root, sizeof root) != 0;
    return SKA_OK;
}

/* Our leaves and the new ones do not give the root: is it a fork, or only what is served? */
static enum ska_status explain(struct watch_round *r, const struct ska_checkpoint *c,
                               struct ska_error *err)
{
    struct ska_error why = {0};
    struct their_source s = {.r = r, .size = c->size, .err = &why};
    bool is_fork = false;
    const enum ska_status status = compare_trees(&is_fork, &s, c);
    for (unsigned level = 0; level < SKA_TILE_LEVELS; level++)
        watch_answer_clear(&s.tiles[level]);
    if (status != SKA_OK && status != SKA_E_NOT_FOUND)
        return ska_fail(err, status, "%s", why.text);
    if (is_fork)
        raise_fork(r, c);
    else
        watch_alarm_raise(
            &r->alarms, WATCH_CONTENT,
            tr("posterna ger inte den rot som loggens kontrollpunkt för %" PRIu64 " poster har",
               "the entries do not give the root of the log's checkpoint of %" PRIu64 " entries"),
            c->size);
    return SKA_OK;
}

/* Compare a bundle's entries with ours, as many as ours has. */
static void compare_entries(struct watch_round *r, const struct ska_tile *tile,
                            struct ska_slice theirs, unsigned own_width, struct ska_slice ours)
{
    struct ska_slice a[SKA_TILE_WIDTH], b[SKA_TILE_WIDTH];
    if (ska_tile_entries(a, tile->width, theirs) != SKA_OK ||
        ska_tile_entries(b, own_width, ours) != SKA_OK)
        return; /* both were taken apart before */
    for (unsigned i = 0; i < own_width; i++)
        if (a[i].len != b[i].len || memcmp(a[i].data, b[i].data, a[i].len) != 0) {
            watch_alarm_raise(&r->alarms, WATCH_CHANGED,
                              tr("post %" PRIu64 " är inte längre den som den var",
                                 "entry %" PRIu64 " is no longer what it was"),
                              tile->index * SKA_TILE_WIDTH + i);
            return;
        }
}

/* A bundle of which we have the first entries already. */
static enum ska_status compare_known(struct watch_round *r, const struct ska_tile *tile,
                                     struct ska_slice theirs, struct ska_error *err)
{
    const struct ska_tile own = {
        SKA_TILE_ENTRIES, tile->index,
        ska_tile_width(SKA_TILE_ENTRIES, tile->index, r->copy->checkpoint.size)};
    struct ska_slice ours;
    if (own.width == 0)
        return SKA_OK;
    SKA_TRY(watch_copy_read(&ours, r->copy, &own, err));
    compare_entries(r, tile, theirs, own.width, ours);
    return SKA_OK;
}

/* Fetch and keep the bundles from our size on. *edge grows to the new size, or not: then there is
 * an alarm. */
static enum ska_status take_entries(struct ska_merkle_edge *edge, struct watch_round *r,
                                    const struct ska_checkpoint *c, struct ska_error *err)
{
    struct ska_tile tile = {SKA_TILE_ENTRIES, edge->size / SKA_TILE_WIDTH, 0};
    for (; (tile.width = ska_tile_width(SKA_TILE_ENTRIES, tile.index, c->size)) != 0;
         tile.index++) {
        SKA_SCOPED(watch_answer_clear) struct watch_answer answer = {0};
        bool is_there = false;
        SKA_TRY(fetch(&answer, &is_there, r, &tile, err));
        if (!is_there)
            return SKA_OK;
        const struct ska_slice bytes = {answer.body, answer.len};
        SKA_TRY(compare_known(r, &tile, bytes, err));
        SKA_TRY(watch_copy_write(r->copy, &tile, bytes, err));
        SKA_TRY(ska_tile_add_entries(edge, &tile, bytes)); /* taken apart before: succeeds */
    }
    return SKA_OK;
}

/* Compare a tile of hashes of theirs with what our entries give. */
static enum ska_status compare_tile(struct watch_round *r, const struct ska_tile *tile,
                                    const uint8_t (*ours)[SKA_HASH_BYTES], struct ska_error *err)
{
    SKA_SCOPED(watch_answer_clear) struct watch_answer answer = {0};
    char path[SKA_TILE_PATH_MAX + 1];
    bool is_there = false;
    SKA_TRY(fetch(&answer, &is_there, r, tile, err));
    ska_tile_path(path, tile);
    if (is_there && memcmp(answer.body, ours, answer.len) != 0)
        watch_alarm_raise(&r->alarms, WATCH_CONTENT,
                          tr("%s är inte vad posterna ger", "%s is not what the entries give"),
                          path);
    return SKA_OK;
}

/* Make our own tiles of hashes from our entries, and compare theirs. */
static enum ska_status take_tiles(struct watch_round *r, const struct ska_checkpoint *c,
                                  struct ska_error *err)
{
    struct ska_tile_walk walk;
    struct ska_tile tile;
    ska_tile_walk_init(&walk, r->copy->checkpoint.size, c->size);
    while (ska_tile_walk_next(&tile, &walk)) {
        uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        if (tile.level == SKA_TILE_ENTRIES)
            continue;
        SKA_TRY(watch_copy_hashes(hashes, r->copy, &tile, c->size, err));
        SKA_TRY(watch_copy_write(r->copy, &tile,
                                 (struct ska_slice){hashes[0], (size_t)tile.width * SKA_HASH_BYTES},
                                 err));
        SKA_TRY(compare_tile(r, &tile, (const uint8_t(*)[SKA_HASH_BYTES])hashes, err));
    }
    return SKA_OK;
}

static void raise_order(struct watch_round *r, uint64_t index, const struct ska_log_leaf *leaf,
                        enum ska_log_stage stage)
{
    const char *why = tr("står där den inte får stå", "has no place there");
    if (leaf->type == SKA_LEAF_SUBMISSION)
        why = stage >= SKA_LOG_CLOSED ? tr("kommer efter stängningen", "comes after the close")
                                      : tr("kommer före öppningen", "comes before the opening");
    watch_alarm_raise(&r->alarms, WATCH_ORDER,
                      tr("post %" PRIu64 " (%s, %s) %s", "entry %" PRIu64 " (%s, %s) %s"), index,
                      ska_log_leaf_name(leaf->type), leaf->entry.period, why);
}

/* Whether a bundle's entries from number `first` of the log on may stand where they stand. */
static enum ska_status judge_bundle(struct watch_round *r, const struct ska_tile *bundle,
                                    uint64_t first, struct ska_error *err)
{
    const uint64_t begin = bundle->index * SKA_TILE_WIDTH;
    struct ska_slice bytes, entries[SKA_TILE_WIDTH];
    SKA_TRY(watch_copy_read(&bytes, r->copy, bundle, err));
    SKA_TRY(ska_tile_entries(entries, bundle->width, bytes));
    for (uint64_t i = first > begin ? first - begin : 0; i < bundle->width; i++) {
        struct ska_log_leaf leaf;
        enum ska_log_stage stage;
        const enum ska_status status = watch_order_add(&leaf, &stage, &r->copy->order, entries[i]);
        if (status == SKA_E_STATE)
            raise_order(r, begin + i, &leaf, stage);
        else
            SKA_TRY(status);
    }
    return SKA_OK;
}

/* The same for all that is ours from `first` on. */
static enum ska_status judge_order(struct watch_round *r, uint64_t first, struct ska_error *err)
{
    const uint64_t size = r->copy->checkpoint.size;
    struct ska_tile bundle = {SKA_TILE_ENTRIES, first / SKA_TILE_WIDTH, 0};
    for (; (bundle.width = ska_tile_width(SKA_TILE_ENTRIES, bundle.index, size)) != 0;
         bundle.index++)
        SKA_TRY(judge_bundle(r, &bundle, first, err));
    return SKA_OK;
}

static enum ska_status extend(struct watch_round *r, const struct ska_checkpoint *c,
                              struct ska_error *err)
{
    struct ska_merkle_edge edge = r->copy->edge;
    uint8_t root[SKA_HASH_BYTES];
    SKA_TRY(take_entries(&edge, r, c, err));
    ska_merkle_edge_root(root, &edge);
    if (edge.size != c->size)
        return SKA_OK; /* the alarm is raised */
    if (memcmp(root, c->root, sizeof root) != 0 || r->alarms.is_raised[WATCH_CHANGED])
        return explain(r, c, err);
    SKA_TRY(take_tiles(r, c, err));
    const uint64_t first = r->copy->checkpoint.size;
    SKA_TRY(watch_copy_commit(r->copy, c, &edge,
                              (struct ska_slice){r->checkpoint.body, r->checkpoint.len}, err));
    r->n_new = c->size - first;
    SKA_TRY(judge_order(r, first, err));
    return watch_copy_remember(r->copy, err);
}

/* --- what was there before -------------------------------------------------------------------- */

static enum ska_status recheck_bundle(struct watch_round *r, uint64_t index, struct ska_error *err)
{
    const uint64_t size = r->copy->checkpoint.size;
    const struct ska_tile bundle = {SKA_TILE_ENTRIES, index,
                                    ska_tile_width(SKA_TILE_ENTRIES, index, size)};
    const struct ska_tile tile = {0, index, bundle.width};
    SKA_SCOPED(watch_answer_clear) struct watch_answer answer = {0};
    uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
    bool is_there = false;
    SKA_TRY(fetch(&answer, &is_there, r, &bundle, err));
    if (is_there)
        SKA_TRY(compare_known(r, &bundle, (struct ska_slice){answer.body, answer.len}, err));
    SKA_TRY(watch_copy_hashes(hashes, r->copy, &tile, size, err));
    return compare_tile(r, &tile, (const uint8_t(*)[SKA_HASH_BYTES])hashes, err);
}

static uint64_t n_to_recheck(const struct watch_round *r)
{
    const uint64_t n_new = r->n_new / SKA_TILE_WIDTH;
    return n_new < (WATCH_RECHECK - WATCH_RECHECK_MIN) / 2 ? WATCH_RECHECK - 2 * n_new
                                                           : WATCH_RECHECK_MIN;
}

/* The next of the first `n` bundles, in turn, and the newest tile of each level above. */
static enum ska_status recheck(struct watch_round *r, uint64_t n, struct ska_error *err)
{
    const uint64_t size = r->copy->checkpoint.size;
    const uint64_t n_now = n < n_to_recheck(r) ? n : n_to_recheck(r);
    uint64_t next = r->copy->recheck < n ? r->copy->recheck : 0;
    for (uint64_t i = 0; i < n_now; i++) {
        SKA_TRY(recheck_bundle(r, next, err));
        next = next + 1 < n ? next + 1 : 0;
    }
    for (unsigned level = 1; level < SKA_TILE_LEVELS; level++) {
        const uint64_t count = size >> (SKA_TILE_HEIGHT * level);
        if (count == 0)
            break;
        const uint64_t index = (count - 1) / SKA_TILE_WIDTH;
        const struct ska_tile tile = {level, index, ska_tile_width(level, index, size)};
        uint8_t hashes[SKA_TILE_WIDTH][SKA_HASH_BYTES];
        SKA_TRY(watch_copy_hashes(hashes, r->copy, &tile, size, err));
        SKA_TRY(compare_tile(r, &tile, (const uint8_t(*)[SKA_HASH_BYTES])hashes, err));
    }
    return next == r->copy->recheck ? SKA_OK : watch_copy_set_recheck(r->copy, next, err);
}

/* The same checkpoint again, perhaps with newer cosignatures, which are kept. */
static enum ska_status renew(struct watch_round *r, struct ska_error *err)
{
    const struct watch_answer *own = &r->copy->note;
    if (r->alarms.is_raised[WATCH_STALE] ||
        (own->len == r->checkpoint.len && memcmp(own->body, r->checkpoint.body, own->len) == 0))
        return SKA_OK;
    const struct ska_checkpoint same = r->copy->checkpoint;
    const struct ska_merkle_edge edge = r->copy->edge;
    return watch_copy_commit(r->copy, &same, &edge,
                             (struct ska_slice){r->checkpoint.body, r->checkpoint.len}, err);
}

static enum ska_status look(struct watch_round *r, struct ska_error *err)
{
    struct ska_policy_result result = {0};
    struct ska_error why = {0};
    enum ska_status status = watch_log_checkpoint(&r->checkpoint, r->log, &why);
    if (status == SKA_E_NOT_FOUND || status == SKA_E_LIMIT) {
        raise_unsigned(r, status == SKA_E_NOT_FOUND && !r->copy->has_checkpoint
                              ? tr("den finns inte; är --log loggens adress?",
                                   "it is not there; is --log the log's address?")
                              : ska_status_text(status));
        return SKA_OK;
    }
    if (status != SKA_OK) {
        judge_own_age(r);
        return ska_fail(err, status, "%s", why.text);
    }
    bool is_usable = false;
    SKA_TRY(judge_checkpoint(&is_usable, r, &result, err));
    if (!is_usable || !compare_sizes(r, &result.checkpoint))
        return SKA_OK;

    const struct ska_checkpoint *c = &result.checkpoint;
    uint64_t n_known = (r->copy->checkpoint.size + SKA_TILE_WIDTH - 1) / SKA_TILE_WIDTH;
    if (!r->alarms.is_raised[WATCH_QUORUM]) {
        const bool is_longer = !r->copy->has_checkpoint || c->size > r->copy->checkpoint.size;
        if (is_longer)
            n_known = r->copy->checkpoint.size / SKA_TILE_WIDTH; /* the rest is fetched anyway */
        SKA_TRY(is_longer ? extend(r, c, err) : renew(r, err));
    }
    /* A fork has other tiles, and that is said. */
    return r->alarms.is_raised[WATCH_FORK] ? SKA_OK : recheck(r, n_known, err);
}

/* What may come of our own copy's faults: it is hashed before that is said of the log. */
static bool may_be_our_fault(const struct watch_alarms *alarms)
{
    return alarms->is_raised[WATCH_CHANGED] || alarms->is_raised[WATCH_CONTENT];
}

enum ska_status watch_follow(struct watch_round *r, struct ska_error *err)
{
    enum ska_status status = look(r, err);
    if (!may_be_our_fault(&r->alarms))
        return status;
    struct ska_error damage = {0};
    if (watch_copy_check(r->copy, &damage) == SKA_OK)
        return status;
    r->alarms.is_raised[WATCH_CHANGED] = r->alarms.is_raised[WATCH_CONTENT] = false;
    ska_error_clear(err);
    return ska_fail(err, SKA_E_MISMATCH, "%s", damage.text);
}
