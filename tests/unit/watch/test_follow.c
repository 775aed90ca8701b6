/* SPDX-License-Identifier: EUPL-1.2 */
/* test_follow.c - a log that grows is followed; every lie raises its alarm and no other; no moment
 * of stopping loses or invents anything. */
#include "support/file.h"
#include "watch/follow.h"

#include "tests/made_log.h"
#include "tests/test.h"
#include "tests/unit/watch/orders.h"

#define NOW UINT64_C(1800000000)
#define DAY UINT64_C(86400)
#define SET(kind) (1u << (kind))

/* What is served, and our copy of it. */
struct world {
    struct made_log log, fork; /* the fork parts at entry 100 */
    struct made_log *served;
    struct ska_tlog_policy policy;
    char *checkpoint; /* owned; NULL: not there */
    size_t checkpoint_len;
    char folder[40];
    struct watch_copy copy;
    size_t n_requests, requests_max; /* after so many nothing answers; 0: no end */
    bool is_open;
};

static struct world w;

static enum ska_status serve(uint8_t **body, size_t *len, void *arg, const char *path, size_t max,
                             struct ska_error *err)
{
    const struct world *v = arg;
    const void *data = v->checkpoint;
    size_t size = v->checkpoint_len;
    w.n_requests++;
    if (w.requests_max > 0 && w.n_requests > w.requests_max)
        return ska_fail(err, SKA_E_NETWORK, "no answer");
    if (strcmp(path, "checkpoint") != 0) {
        const struct made_file *f = made_log_find(v->served, path);
        data = f != NULL ? f->data : NULL;
        size = f != NULL ? f->len : 0;
    }
    if (data == NULL)
        return ska_fail(err, SKA_E_NOT_FOUND, "404");
    if (size > max)
        return SKA_E_LIMIT;
    *body = malloc(size + 1);
    ck_assert_ptr_nonnull(*body);
    memcpy(*body, data, size);
    *len = size;
    return SKA_OK;
}

static void set_checkpoint(const void *data, size_t len)
{
    free(w.checkpoint);
    w.checkpoint = malloc(len + 1);
    ck_assert_ptr_nonnull(w.checkpoint);
    memcpy(w.checkpoint, data, len);
    w.checkpoint_len = len;
}

/* Let a log serve its first `size` leaves, with older partial tiles beside the new ones, and a
 * checkpoint of that size. */
static void show(struct made_log *log, uint64_t size, unsigned witnesses, uint64_t time_s)
{
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    w.served = log;
    made_log_add_files(log, 0, size);
    made_log_checkpoint(&note, log, size, witnesses, time_s);
    set_checkpoint(note.data, note.len);
}

static void open_copy(void)
{
    struct ska_error err = {0};
    ck_assert_msg(watch_copy_open(&w.copy, w.folder, &w.policy, &err) == SKA_OK, "%s", err.text);
    w.is_open = true;
}

static void setup(void)
{
    char policy[1000];
    memset(&w, 0, sizeof w);
    made_log_init(&w.log, 700, 0, "entry");
    made_log_init(&w.fork, 700, 100, "other");
    made_log_policy(policy, sizeof policy, &w.log);
    ck_assert_status(ska_policy_parse(&w.policy, (uint8_t *)policy, strlen(policy), NULL), SKA_OK);
    /* In memory where there is such a place: hundreds of files are synced. */
    (void)snprintf(w.folder, sizeof w.folder, "%s/skarva-watch-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(test_mkdtemp(w.folder));
    open_copy();
}

static void teardown(void)
{
    watch_copy_close(&w.copy);
    made_log_clear(&w.log);
    made_log_clear(&w.fork);
    free(w.checkpoint);
    memset(&w, 0, sizeof w);
}

static struct watch_alarms alarms; /* of the last look */

/* One look at `now_s`. Returns the set of alarms. */
static unsigned look_at(uint64_t now_s, enum ska_status want)
{
    const struct watch_log log = {serve, &w};
    struct watch_round r = {
        .log = &log, .policy = &w.policy, .copy = &w.copy, .now_s = now_s, .age_max_s = DAY};
    struct ska_error err = {0};
    unsigned set = 0;
    w.n_requests = 0;
    const enum ska_status got = watch_follow(&r, &err);
    ck_assert_msg(got == want, "got %s: %s", ska_status_name(got), err.text);
    for (enum watch_alarm_kind kind = 0; kind < WATCH_N_ALARMS; kind++) {
        set |= r.alarms.is_raised[kind] ? SET(kind) : 0;
        if (r.alarms.is_raised[kind])
            ck_assert_uint_gt(strlen(r.alarms.text[kind]), 10);
    }
    alarms = r.alarms;
    watch_answer_clear(&r.checkpoint);
    return set;
}

static unsigned look(void)
{
    return look_at(NOW, SKA_OK);
}

static void reopen(void)
{
    watch_copy_close(&w.copy);
    open_copy();
}

START_TEST(a_growing_log_is_followed)
{
    static const uint64_t sizes[] = {0, 1, 2, 200, 255, 256, 257, 511, 512, 513, 700};
    for (size_t i = 0; i < N_OF(sizes); i++) {
        made_log_free_files(&w.log); /* partial tiles of older sizes are gone */
        show(&w.log, sizes[i], 3, NOW);
        ck_assert_uint_eq(look(), 0);
        ck_assert_uint_eq(w.copy.checkpoint.size, sizes[i]);
        ck_assert_uint_eq(look(), 0); /* the same once more */
        reopen();                     /* hashes it anew */
        ck_assert_uint_eq(w.copy.checkpoint.size, sizes[i]);
    }
    for (size_t i = 0; i < w.log.n_files; i++) { /* the copy is a log itself, byte for byte */
        char path[200];
        uint8_t got[9000];
        (void)snprintf(path, sizeof path, "%s/%s", w.folder, w.log.files[i].path);
        FILE *f = fopen(path, "rb");
        ck_assert_msg(f != NULL, "%s", path);
        ck_assert_uint_eq(fread(got, 1, sizeof got, f), w.log.files[i].len);
        ck_assert_mem_eq(got, w.log.files[i].data, w.log.files[i].len);
        (void)fclose(f);
    }
}
END_TEST

/* --- lies: the copy has 300 leaves, then this happens ------------------------------------------
 */

static void flip(const char *path, size_t at)
{
    struct made_file *f = made_log_find(w.served, path);
    ck_assert_msg(f != NULL && at < f->len, "%s", path);
    f->data[at] ^= 1;
}

static void lose(const char *path)
{
    struct made_file *f = made_log_find(w.served, path);
    ck_assert_msg(f != NULL, "%s", path);
    f->path[0] = '-';
}

static void cut(const char *path)
{
    struct made_file *f = made_log_find(w.served, path);
    ck_assert_msg(f != NULL, "%s", path);
    f->len--;
}

static void grow(void)
{
    show(&w.log, 600, 3, NOW);
}

static void fork_same_size(void)
{
    show(&w.fork, 300, 7, NOW);
}

static void fork_larger(void)
{
    show(&w.fork, 600, 7, NOW);
}

/* Only the checkpoint is another's: bundles and tiles go on as they were. */
static void fork_checkpoint_only(void)
{
    grow();
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    made_log_checkpoint(&note, &w.fork, 600, 3, NOW);
    set_checkpoint(note.data, note.len);
}

/* The old bundles are the true ones, so that only the tree tells. */
static void fork_hidden(void)
{
    fork_larger();
    made_log_add_files(&w.log, 0, 600);
    struct made_file *theirs = made_log_find(&w.fork, "tile/entries/001");
    const struct made_file *ours = made_log_find(&w.log, "tile/entries/001");
    ck_assert(theirs != NULL && ours != NULL);
    free(theirs->data);
    theirs->data = malloc(ours->len);
    ck_assert_ptr_nonnull(theirs->data);
    memcpy(theirs->data, ours->data, ours->len);
    theirs->len = ours->len;
}

static void rollback(void)
{
    show(&w.log, 200, 3, NOW);
}

static void no_checkpoint(void)
{
    free(w.checkpoint);
    w.checkpoint = NULL;
}

static void damaged_root(void)
{
    grow();
    w.checkpoint[strlen(MADE_ORIGIN) + 10] ^= 1;
}

static void damaged_form(void)
{
    grow();
    w.checkpoint_len--;
}

static void foreign_key(void)
{
    struct made_log stranger = w.log;
    uint8_t seed[SKA_SIGN_SEED_BYTES] = {9};
    ck_assert_status(ska_signing_key_from_seed(&stranger.secrets[0], seed), SKA_OK);
    ck_assert_status(ska_note_key_init(&stranger.keys[0], MADE_ORIGIN, SKA_NOTE_ED25519,
                                       stranger.secrets[0].public_key),
                     SKA_OK);
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    made_log_checkpoint(&note, &stranger, 300, 3, NOW);
    set_checkpoint(note.data, note.len);
}

static void too_few_witnesses(void)
{
    show(&w.log, 600, 4, NOW);
}

static void no_witness_and_fork(void)
{
    show(&w.fork, 300, 0, NOW);
}

static void stale_same(void)
{
    show(&w.log, 300, 7, NOW - DAY - 1);
}

static void stale_grown(void)
{
    show(&w.log, 600, 3, NOW - DAY - 1);
}

static void from_the_future(void)
{
    show(&w.log, 300, 7, NOW + DAY + 1);
}

static void just_fresh(void)
{
    show(&w.log, 300, 3, NOW - DAY);
}

static void changed_old(void)
{
    flip("tile/entries/000", 2);
}

static void changed_last(void)
{
    flip("tile/entries/001.p/44", 2);
}

static void changed_while_growing(void)
{
    grow();
    flip("tile/entries/001", 2);
}

static void missing_old(void)
{
    lose("tile/entries/000");
}

static void missing_last(void)
{
    lose("tile/0/001.p/44");
}

static void missing_new(void)
{
    grow();
    lose("tile/entries/002.p/88");
}

static void missing_new_tile(void)
{
    grow();
    lose("tile/1/000.p/2");
}

static void truncated_new(void)
{
    grow();
    cut("tile/entries/002.p/88");
}

static void truncated_old(void)
{
    cut("tile/entries/000");
}

static void truncated_tile(void)
{
    cut("tile/0/000");
}

static void wrong_new_entry(void)
{
    grow();
    flip("tile/entries/002.p/88", 2);
}

static void wrong_new_tile(void)
{
    grow();
    flip("tile/0/002.p/88", 2);
}

static void wrong_old_tile(void)
{
    flip("tile/0/000", 8191);
}

static void wrong_upper_tile(void)
{
    flip("tile/1/000.p/1", 31);
}

/* The log went on while we looked: the partial tiles are full ones by now. */
static void partial_became_full(void)
{
    grow();
    SKA_SCOPED(ska_writer_clear) struct ska_writer note = {0};
    lose("tile/entries/001.p/44");
    lose("tile/0/001.p/44");
    made_log_checkpoint(&note, &w.log, 300, 3, NOW);
    set_checkpoint(note.data, note.len);
}

static const struct {
    const char *name;
    void (*lie)(void);
    unsigned want; /* the alarms */
    uint64_t size; /* of the copy after */
} lies[] = {
    {"nothing", just_fresh, 0, 300},
    {"growing", grow, 0, 600},
    {"the partial ones are full by now", partial_became_full, 0, 300},
    {"a fork of the same size", fork_same_size, SET(WATCH_FORK), 300},
    {"a larger fork", fork_larger, SET(WATCH_FORK) | SET(WATCH_CHANGED), 300},
    {"a fork behind the true old bundles", fork_hidden, SET(WATCH_FORK), 300},
    {"a fork's checkpoint on the true entries", fork_checkpoint_only, SET(WATCH_CONTENT), 300},
    {"rollback", rollback, SET(WATCH_ROLLBACK), 300},
    {"no checkpoint", no_checkpoint, SET(WATCH_UNSIGNED), 300},
    {"another root", damaged_root, SET(WATCH_UNSIGNED), 300},
    {"no note", damaged_form, SET(WATCH_UNSIGNED), 300},
    {"signed with another key", foreign_key, SET(WATCH_UNSIGNED), 300},
    {"one witness of two", too_few_witnesses, SET(WATCH_QUORUM), 300},
    {"a fork that nobody cosigned", no_witness_and_fork, SET(WATCH_QUORUM) | SET(WATCH_FORK), 300},
    {"cosigned too long ago", stale_same, SET(WATCH_STALE), 300},
    {"grown, but too long ago", stale_grown, SET(WATCH_STALE), 600},
    {"cosigned in the future", from_the_future, SET(WATCH_STALE), 300},
    {"an old entry changed", changed_old, SET(WATCH_CHANGED), 300},
    {"the last bundle changed", changed_last, SET(WATCH_CHANGED), 300},
    {"an old entry changed while growing", changed_while_growing,
     SET(WATCH_CHANGED) | SET(WATCH_CONTENT), 300},
    {"an old bundle lost", missing_old, SET(WATCH_MISSING), 300},
    {"the last tile lost", missing_last, SET(WATCH_MISSING), 300},
    {"a new bundle lost", missing_new, SET(WATCH_MISSING), 300},
    {"a new tile lost", missing_new_tile, SET(WATCH_MISSING), 600},
    {"a new bundle cut", truncated_new, SET(WATCH_CONTENT), 300},
    {"an old bundle cut", truncated_old, SET(WATCH_CONTENT), 300},
    {"a tile cut", truncated_tile, SET(WATCH_CONTENT), 300},
    {"a new entry that was not logged", wrong_new_entry, SET(WATCH_CONTENT), 300},
    {"a new tile that is not the entries'", wrong_new_tile, SET(WATCH_CONTENT), 600},
    {"an old tile changed", wrong_old_tile, SET(WATCH_CONTENT), 300},
    {"an upper tile changed", wrong_upper_tile, SET(WATCH_CONTENT), 300},
};

START_TEST(each_lie_raises_its_alarm)
{
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    lies[_i].lie();
    const unsigned got = look();
    ck_assert_msg(got == lies[_i].want, "%s: got %#x, want %#x", lies[_i].name, got, lies[_i].want);
    ck_assert_uint_eq(w.copy.checkpoint.size, lies[_i].size);
    ck_assert_msg(look() == got, "%s: seen once only", lies[_i].name);
    reopen(); /* what was kept is whole */
    ck_assert_uint_eq(w.copy.checkpoint.size, lies[_i].size);
    if (lies[_i].want == 0)
        return;
    made_log_free_files(&w.log); /* it takes it all back: an honest log is followed again */
    show(&w.log, 650, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    ck_assert_uint_eq(w.copy.checkpoint.size, 650);
}
END_TEST

/* At the first look there is nothing to compare with but the policy. */
START_TEST(a_first_look_believes_only_the_policy)
{
    show(&w.log, 300, 1, NOW);
    ck_assert_uint_eq(look(), SET(WATCH_QUORUM));
    ck_assert(!w.copy.has_checkpoint);
    show(&w.log, 300, 3, NOW);
    flip("tile/entries/000", 2);
    ck_assert_uint_eq(look(), SET(WATCH_CONTENT));
    ck_assert(!w.copy.has_checkpoint);
    flip("tile/entries/000", 2);
    ck_assert_uint_eq(look(), 0);
    ck_assert_uint_eq(w.copy.checkpoint.size, 300);
}
END_TEST

/* Wherever a look ends, the copy is the old or the new one, and the next look goes on. */
START_TEST(a_look_that_is_cut_short_loses_nothing)
{
    for (size_t requests = 1;; requests++) {
        made_log_free_files(&w.log);
        show(&w.log, 300, 3, NOW);
        if (!w.copy.has_checkpoint)
            ck_assert_uint_eq(look(), 0);
        show(&w.log, 600, 3, NOW);
        w.requests_max = requests;
        const struct watch_log log = {serve, &w};
        struct watch_round r = {
            .log = &log, .policy = &w.policy, .copy = &w.copy, .now_s = NOW, .age_max_s = DAY};
        w.n_requests = 0;
        const enum ska_status status = watch_follow(&r, NULL);
        ck_assert(!watch_alarm_is_any(&r.alarms));
        watch_answer_clear(&r.checkpoint);
        w.requests_max = 0;
        reopen();
        ck_assert(w.copy.checkpoint.size == 300 || w.copy.checkpoint.size == 600);
        if (status == SKA_OK)
            break;
        ck_assert_status(status, SKA_E_NETWORK);
        ck_assert_uint_lt(requests, 100);
    }
    ck_assert_uint_eq(w.copy.checkpoint.size, 600);
}
END_TEST

START_TEST(silence_is_no_alarm_until_a_day_has_passed)
{
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    w.requests_max = 1;
    w.n_requests = 1;
    const struct watch_log log = {serve, &w};
    for (uint64_t age = DAY; age <= DAY + 1; age++) {
        struct watch_round r = {.log = &log,
                                .policy = &w.policy,
                                .copy = &w.copy,
                                .now_s = NOW + age,
                                .age_max_s = DAY};
        struct ska_error err = {0};
        ck_assert_status(watch_follow(&r, &err), SKA_E_NETWORK);
        ck_assert_str_eq(err.text, "no answer");
        ck_assert_int_eq(r.alarms.is_raised[WATCH_STALE], age > DAY);
    }
}
END_TEST

/* Newer cosignatures of the same tree are kept: they say that it was still the largest. */
START_TEST(a_renewed_checkpoint_counts)
{
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    show(&w.log, 300, 3, NOW + DAY);
    ck_assert_uint_eq(look_at(NOW + DAY, SKA_OK), 0);
    reopen();
    w.requests_max = 1;
    w.n_requests = 1;
    const struct watch_log log = {serve, &w};
    struct watch_round r = {.log = &log,
                            .policy = &w.policy,
                            .copy = &w.copy,
                            .now_s = NOW + 2 * DAY,
                            .age_max_s = DAY};
    ck_assert_status(watch_follow(&r, NULL), SKA_E_NETWORK);
    ck_assert(!watch_alarm_is_any(&r.alarms));
}
END_TEST

/* Many bundles: each round compares some, and all have their turn. */
START_TEST(old_bundles_have_their_turn)
{
    const uint64_t size = 70 * 256 + 10;
    made_log_clear(&w.log);
    made_log_init(&w.log, size, 0, "entry");
    show(&w.log, size, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    flip("tile/entries/067", 2);
    unsigned got = 0;
    int rounds = 0;
    for (; got == 0 && rounds < 10; rounds++) {
        got = look();
        ck_assert_uint_lt(w.n_requests, 2 * WATCH_RECHECK + 10);
        reopen(); /* where it was is remembered */
    }
    ck_assert_uint_eq(got, SET(WATCH_CHANGED));
    ck_assert_int_le(rounds, 2);
}
END_TEST

/* --- the order of a log of ours ----------------------------------------------------------------
 */

/* A log of ours that is served: entry by entry in looks of their own, with the copy opened anew in
 * between. */
START_TEST(a_look_names_an_entry_out_of_order)
{
    const char *const at = orders[_i].entries;
    const size_t n = strlen(at) / 2;
    struct made_file bundle = {.path = ""};
    made_log_clear(&w.log);
    for (size_t size = 1; size <= n; size++) {
        struct ska_writer bytes = {0};
        made_log_clear(&w.log);
        made_log_init(&w.log, size, 0, "entry");
        for (size_t i = 0; i < size; i++) {
            uint8_t entry[SKA_LEAF_BYTES_MAX];
            const size_t len = make_entry(entry, type_of(at[2 * i]), (uint8_t)at[2 * i + 1]);
            made_log_set(&w.log, i, entry, len);
            ska_write_opaque16(&bytes, entry, len);
        }
        show(&w.log, size, 3, NOW);
        ska_tile_path(bundle.path, &(struct ska_tile){SKA_TILE_ENTRIES, 0, (unsigned)size});
        struct made_file *f = made_log_find(&w.log, bundle.path);
        ck_assert_ptr_nonnull(f);
        free(f->data);
        ck_assert_status(ska_writer_take(&f->data, &f->len, &bytes), SKA_OK);
        const bool is_wrong = size - 1 == orders[_i].wrong;
        ck_assert_uint_eq(look(), is_wrong ? SET(WATCH_ORDER) : 0);
        if (is_wrong)
            ck_assert_ptr_nonnull(strstr(alarms.text[WATCH_ORDER], orders[_i].text));
        ck_assert_uint_eq(w.copy.checkpoint.size, size);
        ck_assert_uint_eq(look(), 0);
        reopen();
    }
}
END_TEST

static void damage(const char *name)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", w.folder, name);
    FILE *f = fopen(path, "r+b");
    ck_assert_msg(f != NULL, "%s", path);
    ck_assert_int_eq(fseek(f, 2, SEEK_SET), 0);
    ck_assert_int_eq(fputc('#', f), '#');
    (void)fclose(f);
}

/* The last byte, of the hash: nothing else would tell. */
static void damage_end(const char *name)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", w.folder, name);
    FILE *f = fopen(path, "r+b");
    ck_assert_msg(f != NULL, "%s", path);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    const int last = fgetc(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    ck_assert_int_eq(fputc(last ^ 1, f), last ^ 1);
    (void)fclose(f);
}

static void forget_state(void)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/state", w.folder);
    ck_assert_int_eq(remove(path), 0);
}

START_TEST(a_copy_that_is_damaged_or_in_use_is_refused)
{
    static const struct {
        const char *file;
        enum ska_status want;
    } cases[] = {{"tile/entries/000", SKA_E_MISMATCH}, {"checkpoint", SKA_E_SIGNATURE}};
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    watch_copy_close(&w.copy);
    struct watch_copy other;
    struct ska_error err = {0};
    damage(cases[_i].file);
    forget_state();
    ck_assert_status(watch_copy_open(&other, w.folder, &w.policy, &err), cases[_i].want);
    ck_assert_ptr_nonnull(strstr(err.text, w.folder));
    watch_copy_close(&other);
}
END_TEST

/* The copy is not hashed when it is opened, so its damage comes out when it is compared: in an old
 * bundle, or in the last one, as the log grows. It is not told of the log. */
START_TEST(a_damaged_copy_is_no_alarm)
{
    static const struct {
        const char *file;
        uint64_t then;
    } cases[] = {{"tile/entries/000", 300}, {"tile/entries/001.p/44", 310}};
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    damage(cases[_i].file);
    reopen();
    ck_assert(!w.copy.is_hashed);
    show(&w.log, cases[_i].then, 3, NOW);
    ck_assert_uint_eq(look_at(NOW, SKA_E_MISMATCH), 0);
}
END_TEST

/* With what was kept of it a copy goes on as one that is hashed anew, and one is hashed if what was
 * kept is damaged, cut, or of another time. */
START_TEST(what_is_kept_of_a_copy_is_what_follows_from_it)
{
    char path[200];
    uint8_t *then = NULL, *now = NULL;
    size_t then_len = 0, now_len = 0;
    (void)snprintf(path, sizeof path, "%s/state", w.folder);
    show(&w.log, 300, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    ck_assert_status(file_read(&then, &then_len, path, 1000, NULL), SKA_OK);
    reopen();
    ck_assert(!w.copy.is_hashed);
    show(&w.log, 600, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    ck_assert_status(file_read(&now, &now_len, path, 1000, NULL), SKA_OK);
    const struct ska_merkle_edge edge = w.copy.edge;
    for (int how = 0; how < 4; how++) {
        watch_copy_close(&w.copy);
        if (how == 0)
            forget_state();
        else if (how == 1)
            damage_end("state");
        else
            ck_assert_status(
                file_write(path, how == 2 ? then : now, how == 2 ? then_len : 20, false, NULL),
                SKA_OK);
        open_copy();
        ck_assert(w.copy.is_hashed);
        ck_assert_uint_eq(w.copy.edge.size, 600);
        ck_assert_int_eq(
            memcmp(w.copy.edge.at, edge.at, ska_merkle_edge_len(600) * sizeof edge.at[0]), 0);
        reopen(); /* it is kept again */
        ck_assert(!w.copy.is_hashed);
    }
    free(then);
    free(now);
}
END_TEST

/* What is new costs its own share: few old ones are compared beside many new ones. */
START_TEST(many_new_bundles_leave_few_old_ones_to_compare)
{
    const uint64_t old = 100 * 256, size = 140 * 256;
    made_log_clear(&w.log);
    made_log_init(&w.log, size, 0, "entry");
    show(&w.log, old, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    ck_assert_uint_eq(look(), 0);
    ck_assert_uint_gt(w.n_requests, 2 * WATCH_RECHECK);
    reopen();
    show(&w.log, size, 3, NOW);
    ck_assert_uint_eq(look(), 0);
    ck_assert_uint_lt(w.n_requests, 2 * (40 + WATCH_RECHECK_MIN) + 8);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("watch");
    TCase *tc = tcase_create("follow");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_growing_log_is_followed);
    tcase_add_loop_test(tc, each_lie_raises_its_alarm, 0, (int)N_OF(lies));
    tcase_add_test(tc, a_first_look_believes_only_the_policy);
    tcase_add_test(tc, a_look_that_is_cut_short_loses_nothing);
    tcase_add_test(tc, silence_is_no_alarm_until_a_day_has_passed);
    tcase_add_test(tc, a_renewed_checkpoint_counts);
    tcase_add_test(tc, old_bundles_have_their_turn);
    tcase_add_loop_test(tc, a_look_names_an_entry_out_of_order, 0, (int)N_OF(orders));
    tcase_add_loop_test(tc, a_copy_that_is_damaged_or_in_use_is_refused, 0, 2);
    tcase_add_loop_test(tc, a_damaged_copy_is_no_alarm, 0, 2);
    tcase_add_test(tc, what_is_kept_of_a_copy_is_what_follows_from_it);
    tcase_add_test(tc, many_new_bundles_leave_few_old_ones_to_compare);
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
