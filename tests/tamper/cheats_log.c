/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log.c - cheats of leader, helper, publisher, or whoever serves a log's files. */
#include "tests/tamper/cheats_log.h"

#include "tests/tamper/cheats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANY 262 /* submissions of the first contributor that newer ones replace */

static struct world_keys keys;
static struct world first, second, other; /* a released quarter, an open one, one not in the log */
static struct world correction;           /* of the first quarter */
static struct world renamed, elsewhere; /* a contributor has another name; in another collection */
static struct ska_task *tasks[5], *correction_task;
static struct made_log honest;
static size_t at_close, at_second; /* entries */

static void finish_world(struct world *w)
{
    world_close(w);
    world_aggregate(w);
    world_disclose(w);
    world_publish(w);
    world_pack(w);
}

/* The first quarter up to its close; then `close` may change what is to be closed. */
static void make_log(struct made_log *m, void (*close)(struct made_log *m),
                     void (*closed)(struct made_log *m))
{
    made_log_start(m, &keys);
    made_log_task(m, &first, true);
    struct world_submission s = first.submissions[0];
    for (uint32_t i = 0; i < MANY; i++) { /* to a task whose list has one of each only */
        s.number = 2 + i;
        made_log_submission(m, second.task, &s)->is_filed = false;
    }
    /* They are the second task's: its parameters and opening go before them. */
    m->n -= MANY;
    static struct made_entry moved[MANY];
    memcpy(moved, m->at + m->n, sizeof moved);
    const size_t at = m->n;
    made_log_task(m, &second, false);
    for (size_t i = at; i < m->n; i++) /* submissions are given out from the close on */
        m->at[i].is_filed = m->at[i].leaf.type != SKA_LEAF_SUBMISSION;
    memmove(m->at + m->n, moved, sizeof moved);
    m->n += MANY;
    made_log_plan_close(m, first.task, 2);
    if (close != NULL)
        close(m);
    made_log_close(m, first.task);
    at_close = m->n - 1;
    if (closed != NULL)
        closed(m);
    else
        made_log_finish(m, &first);
}

void play_log_begin(void)
{
    static const struct world_options options[] = {
        {.period = "2025Q1"},
        {.period = "2025Q2"},
        {.period = "2025Q3"},
        {.period = "2025Q4", .first_name = "Ragunda nya"},
        {.period = "2025Q4", .first_name = "Ragunda nya", .collection = "soderskar"}};
    struct world *worlds[] = {&first, &second, &other, &renamed, &elsewhere};
    ska_group_init();
    world_keys_make(&keys);
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        tasks[i] = world_task(&keys, &options[i]);
        world_start(worlds[i], &keys, tasks[i]);
        world_submit_all(worlds[i]);
        finish_world(worlds[i]);
    }
    correction_task = world_task(
        &keys, &(struct world_options){.period = "2025Q1", .revision = 1, .corrects = &first});
    cheats_correct(&correction, correction_task, &first);
    finish_world(&correction);
    make_log(&honest, NULL, NULL);
    at_second = 3 + WORLD_CONTRIBUTORS;
    made_log_checkpoint(&honest);
}

/* --- cheats ------------------------------------------------------------------------------------
 */

/* The n-th entry of a type. */
static struct made_entry *find(struct made_log *m, enum ska_leaf_type type, size_t n)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->at[i].leaf.type == type && n-- == 0)
            return &m->at[i];
    world_expect(false, "no such entry");
    return NULL;
}

static void set_blob(struct made_entry *e, const void *data, size_t len)
{
    free(e->blob);
    e->blob = malloc(len + 1);
    memcpy(e->blob, data, len);
    e->blob_len = len;
    e->leaf.entry.length = len;
    ska_sha256(e->leaf.entry.sha256, data, len);
}

/* Of the entries before the close nothing may change its root: those cheats make the log anew. */
#define SERVED(name) static void name(struct made_log *m, const char *folder)

/* Flip a bit of a file. */
static void flip(const char *folder, const char *name, size_t at)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, name);
    world_expect(at < len, name);
    data[at] ^= 1;
    made_file_write(folder, name, data, len);
}

static void cut(const char *folder, const char *name, size_t len)
{
    uint8_t *data;
    size_t had = made_file_read(&data, folder, name);
    world_expect(len < had, name);
    made_file_write(folder, name, data, len);
}

static void longer(const char *folder, const char *name, size_t more)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, name);
    made_file_write(folder, name, data, len + more); /* what a longer file left, or zeros */
}

static void erase(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    world_expect(unlink(path) == 0, path);
}

static const char *partial(const char *prefix, size_t n)
{
    static char name[64];
    (void)snprintf(name, sizeof name, "%s/001.p/%zu", prefix, n - 256);
    return name;
}

SERVED(entry_flipped)
{
    (void)m;
    flip(folder, "tile/entries/000", 400);
}
SERVED(entry_length)
{
    (void)m;
    flip(folder, "tile/entries/000", 1);
}
SERVED(entries_cut)
{
    cut(folder, partial("tile/entries", m->n), 100);
}
SERVED(entries_longer)
{
    longer(folder, partial("tile/entries", m->n), 1);
}
SERVED(entries_missing)
{
    (void)m;
    erase(folder, "tile/entries/000");
}
SERVED(tile_flipped)
{
    (void)m;
    flip(folder, "tile/0/000", 77);
}
SERVED(tile_of_roots_flipped)
{
    (void)m;
    flip(folder, "tile/1/000.p/1", 3);
}
SERVED(tile_narrow)
{
    cut(folder, partial("tile/0", m->n), 32 * (m->n - 256 - 1));
}
SERVED(tile_wide)
{
    longer(folder, partial("tile/0", m->n), 32);
}
SERVED(tile_missing)
{
    erase(folder, partial("tile/0", m->n));
}
SERVED(tile_width_renamed)
{
    uint8_t *data;
    size_t len = made_file_read(&data, folder, partial("tile/0", m->n));
    made_file_write(folder, partial("tile/0", m->n - 1), data, len);
    erase(folder, partial("tile/0", m->n));
}
SERVED(roster_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_ROSTER, 0)), 9);
}
SERVED(roster_missing)
{
    erase(folder, made_blob_name(find(m, SKA_LEAF_ROSTER, 0)));
}
SERVED(roster_longer)
{
    longer(folder, made_blob_name(find(m, SKA_LEAF_ROSTER, 0)), 1);
}
SERVED(command_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_COLLECT, 0)), 50);
}
SERVED(parameters_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_PARAMETERS, 0)), 99);
}
SERVED(close_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_CLOSE, 0)), 200);
}
SERVED(release_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_RELEASE, 0)), 60);
}
SERVED(share_flipped)
{
    flip(folder, made_blob_name(find(m, SKA_LEAF_SUBMISSION, 2)), 60);
}
SERVED(share_missing)
{
    erase(folder, made_blob_name(find(m, SKA_LEAF_SUBMISSION, 2)));
}
SERVED(blob_extra)
{
    (void)m;
    made_file_write(folder, "blob/0000000000000000000000000000000000000000000000000000000000000000",
                    "x", 1);
}
SERVED(blob_named_otherwise)
{
    (void)m;
    made_file_write(folder, "blob/notes.txt", "x", 1);
}
SERVED(blob_renamed)
{
    uint8_t *data;
    char name[100];
    (void)snprintf(name, sizeof name, "%s", made_blob_name(find(m, SKA_LEAF_ROSTER, 0)));
    size_t len = made_file_read(&data, folder, name);
    erase(folder, name);
    name[10] = name[10] == 'a' ? 'b' : 'a';
    made_file_write(folder, name, data, len);
}
SERVED(checkpoint_missing)
{
    (void)m;
    erase(folder, "checkpoint");
}

/* Notes. */
static void note_of(struct made_log *m, uint64_t n, const uint8_t root[static 32], enum made_key a,
                    enum made_key b, enum made_key c)
{
    const enum made_key signers[3] = {a, b, c};
    made_log_note(m->note, m, n, root, signers);
}
#define NOTED(name, size, a, b, c)       \
    static void name(struct made_log *m) \
    {                                    \
        uint8_t root[32];                \
        made_log_root(root, m, m->n);    \
        note_of(m, size, root, a, b, c); \
    }
NOTED(note_larger, m->n + 1, MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE)
NOTED(note_smaller, m->n - 1, MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE)
NOTED(note_empty, 0, MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE)
NOTED(note_without_helper, m->n, MADE_LOG_KEY, MADE_OUTSIDE, N_MADE_KEYS)
NOTED(note_without_outside, m->n, MADE_LOG_KEY, MADE_HELPER, N_MADE_KEYS)
NOTED(note_without_any, m->n, MADE_LOG_KEY, N_MADE_KEYS, N_MADE_KEYS)
NOTED(note_witness_twice, m->n, MADE_LOG_KEY, MADE_HELPER, MADE_HELPER)
NOTED(note_stranger, m->n, MADE_LOG_KEY, MADE_HELPER, MADE_STRANGER)
NOTED(note_without_log, m->n, MADE_HELPER, MADE_OUTSIDE, N_MADE_KEYS)
static void note_root(struct made_log *m)
{
    uint8_t root[32];
    made_log_root(root, m, m->n);
    root[31] ^= 1;
    note_of(m, m->n, root, MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE);
}

/* Replace the first `old` of the note. */
static void edit(struct made_log *m, const char *old, const char *new)
{
    char text[MADE_NOTE_MAX];
    char *at = strstr(m->note, old);
    world_expect(at != NULL, "a place in the note");
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - m->note), m->note, new,
                   at + strlen(old));
    memcpy(m->note, text, sizeof text);
}
static void note_leading_zero(struct made_log *m)
{
    edit(m, "log\n", "log\n0");
}
static void note_carriage_return(struct made_log *m)
{
    edit(m, "log\n", "log\r\n");
}
static void note_extension(struct made_log *m)
{
    edit(m, "=\n\n", "=\nmore\n\n");
}
static void note_trailing(struct made_log *m)
{
    memcpy(m->note + strlen(m->note), "x\n", 3);
}
static void note_no_end(struct made_log *m)
{
    m->note[strlen(m->note) - 1] = '\0';
}
static void note_other_origin(struct made_log *m)
{
    edit(m, "leader.example", "lender.example");
}
static void note_other_size(struct made_log *m)
{
    char size[24];
    (void)snprintf(size, sizeof size, "\n%zu\n", m->n);
    edit(m, size, "\n1\n");
}
static void note_many_signatures(struct made_log *m)
{
    char line[600];
    const char *last = strstr(m->note, SKA_NOTE_DASH "outside");
    (void)snprintf(line, sizeof line, "%s", last);
    memcpy(line + strlen(SKA_NOTE_DASH), "unknown", 7);
    for (size_t i = 0; i < 14; i++)
        memcpy(m->note + strlen(m->note), line, strlen(line) + 1);
}
/* A character of a signature of the n-th line. */
static void spoil_line(struct made_log *m, const char *who, size_t from_end)
{
    char *at = strstr(m->note, who);
    world_expect(at != NULL, "a place in the note");
    at = strchr(at, '\n') - from_end;
    *at = *at == 'A' ? 'B' : 'A';
}
static void note_log_signature(struct made_log *m)
{
    spoil_line(m, SKA_NOTE_DASH "leader", 20);
}
static void note_helper_signature(struct made_log *m)
{
    spoil_line(m, SKA_NOTE_DASH "helper", 20);
}
static void note_outside_time(struct made_log *m)
{
    spoil_line(m, SKA_NOTE_DASH "outside", 92);
}
static void note_log_identifier(struct made_log *m)
{
    char *at = strstr(m->note, SKA_NOTE_DASH "leader.example/log ");
    at += strlen(SKA_NOTE_DASH "leader.example/log ");
    at[0] = at[0] == 'A' ? 'B' : 'A';
}

/* Entries before the close. */
static void unsigned_by_leader(struct made_log *m)
{
    find(m, SKA_LEAF_SUBMISSION, 1)->leaf.leader[3] ^= 1;
    made_log_plan_close(m, first.task, 2);
}
static void unsigned_by_helper(struct made_log *m)
{
    find(m, SKA_LEAF_SUBMISSION, 1)->leaf.helper[3] ^= 1;
    made_log_plan_close(m, first.task, 2);
}
static void signatures_exchanged(struct made_log *m)
{
    struct ska_log_leaf *leaf = &find(m, SKA_LEAF_SUBMISSION, 1)->leaf;
    memcpy(leaf->leader, leaf->helper, sizeof leaf->leader);
    made_log_plan_close(m, first.task, 2);
}
static void not_on_the_roster(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_SUBMISSION, WORLD_CONTRIBUTORS - 1);
    e->leaf.entry.contributor = WORLD_CONTRIBUTORS;
    made_log_sign(m, e);
    made_log_plan_close(m, first.task, 2);
}
static void another_period(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_SUBMISSION, 1);
    memcpy(e->leaf.entry.period, "2025Q4", 7);
    made_log_sign(m, e);
    made_log_plan_close(m, first.task, 2);
}
static void one_number_twice(struct made_log *m)
{
    struct made_entry *e = &m->at[m->n - 1]; /* of the open quarter */
    e->leaf.entry.number = 5;
    made_log_sign(m, e);
    made_log_plan_close(m, first.task, 2);
}
static void parameters_twice(struct made_log *m)
{
    const struct world_file *p = world_find(&first, "parameters");
    made_log_add(m, first.task, SKA_LEAF_PARAMETERS, 0, (struct ska_slice){p->data, p->len});
    made_log_plan_close(m, first.task, 2);
}
static void parameters_unsigned(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_PARAMETERS, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    memset(data + len - 64, 0, 64);
    set_blob(e, data, len);
    made_log_plan_close(m, first.task, 2);
}
static void parameters_of_another(struct made_log *m)
{
    const struct world_file *p = world_find(&other, "parameters");
    set_blob(find(m, SKA_LEAF_PARAMETERS, 0), p->data, p->len);
    made_log_plan_close(m, first.task, 2);
}
static void roster_of_another(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_ROSTER, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    data[len - 1] ^= 1;
    set_blob(e, data, len);
    made_log_plan_close(m, first.task, 2);
}
static void no_roster(struct made_log *m)
{
    free(m->at[0].blob);
    memmove(&m->at[0], &m->at[1], (m->n - 1) * sizeof m->at[0]);
    m->n--;
    made_log_plan_close(m, first.task, 2);
}
/* Exchange two neighbours. */
static void swap(struct made_log *m, size_t i)
{
    const struct made_entry e = m->at[i];
    m->at[i] = m->at[i + 1];
    m->at[i + 1] = e;
    made_log_plan_close(m, first.task, 2);
}
static void submission_before_open(struct made_log *m)
{
    swap(m, 2);
}
static void open_before_parameters(struct made_log *m)
{
    swap(m, 1);
}
static void roster_after_parameters(struct made_log *m)
{
    swap(m, 0);
}
/* Behind the parameters of the next quarter too, which has none of its own. */
static void roster_after_the_next_s(struct made_log *m)
{
    made_log_move(m, 0, (size_t)(find(m, SKA_LEAF_PARAMETERS, 1) - m->at));
    made_log_plan_close(m, first.task, 2);
}
static void opened_before_all(struct made_log *m)
{
    made_log_move(m, (size_t)(find(m, SKA_LEAF_OPEN, 1) - m->at), 0);
    made_log_plan_close(m, first.task, 2);
}
/* One more period, of another roster. */
static void log_another(struct made_log *m, struct world *w)
{
    const size_t from = m->n;
    made_log_task(m, w, true);
    for (size_t i = from; i < m->n; i++)
        m->at[i].is_filed = m->at[i].leaf.type != SKA_LEAF_SUBMISSION;
    made_log_plan_close(m, first.task, 2);
}
static void another_roster_later(struct made_log *m)
{
    log_another(m, &renamed);
}
static void another_roster_elsewhere(struct made_log *m)
{
    log_another(m, &elsewhere);
}
/* After another that has its own. */
static void roster_again(struct made_log *m)
{
    const struct made_entry *e = find(m, SKA_LEAF_ROSTER, 0);
    log_another(m, &renamed);
    made_log_add(m, first.task, SKA_LEAF_ROSTER, 0, (struct ska_slice){e->blob, e->blob_len});
    made_log_plan_close(m, first.task, 2);
}
static void command_by_a_stranger(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_OPEN, 0);
    struct ska_control c = {.kind = SKA_CONTROL_OPEN, .serial = 1};
    uint8_t bytes[SKA_CONTROL_BYTES];
    memcpy(c.task_id, first.task->context.task_id, 32);
    world_must(ska_control_encode(bytes, &c, &keys.stranger));
    set_blob(e, bytes, sizeof bytes);
    made_log_plan_close(m, first.task, 2);
}
static void command_of_another_serial(struct made_log *m)
{
    find(m, SKA_LEAF_OPEN, 0)->leaf.entry.number = 7;
    made_log_plan_close(m, first.task, 2);
}
static void command_of_another_task(struct made_log *m)
{
    const struct made_entry *from = find(m, SKA_LEAF_OPEN, 1);
    set_blob(find(m, SKA_LEAF_OPEN, 0), from->blob, from->blob_len);
    made_log_plan_close(m, first.task, 2);
}
static void command_of_another_kind(struct made_log *m)
{
    struct ska_control c = {.kind = SKA_CONTROL_REOPEN, .serial = 1};
    uint8_t bytes[SKA_CONTROL_BYTES];
    memcpy(c.task_id, first.task->context.task_id, 32);
    world_must(ska_control_encode(bytes, &c, &keys.publisher));
    set_blob(find(m, SKA_LEAF_OPEN, 0), bytes, sizeof bytes);
    made_log_plan_close(m, first.task, 2);
}

/* The close itself. */
static void close_drops_one(struct made_log *m)
{
    memmove(&m->record.at[1], &m->record.at[2], (m->record.n - 2) * sizeof m->record.at[0]);
    m->record.n--;
}
static void close_drops_one_by_leader(struct made_log *m)
{
    made_log_drop_by_leader(m, &m->at[at_close]);
    made_log_finish(m, &first);
}
static void close_drops_all(struct made_log *m)
{
    m->record.n = 0;
}
static void close_adds_one(struct made_log *m)
{
    struct ska_close_entry *e = &m->record.at[m->record.n];
    *e = m->record.at[m->record.n - 1];
    e->number++;
    m->record.n++;
}
static void close_takes_another_s(struct made_log *m)
{
    m->record.at[2].index = m->record.at[1].index;
}
static void close_takes_the_next_quarter_s(struct made_log *m)
{
    m->record.at[2].index = at_second + 2;
}
static void close_takes_a_command(struct made_log *m)
{
    m->record.at[2].index = 2;
}
static void close_other_hash(struct made_log *m)
{
    m->record.at[2].sha256[0] ^= 1;
}
static void close_other_length(struct made_log *m)
{
    m->record.at[2].length++;
}
static void close_other_root(struct made_log *m)
{
    m->record.root[0] ^= 1;
}
static void close_other_size(struct made_log *m)
{
    m->record.log_size--;
}
static void close_larger(struct made_log *m)
{
    m->record.log_size += 3;
}
static void close_other_parameters(struct made_log *m)
{
    m->record.parameters_hash[0] ^= 1;
}
static void close_by_one(struct made_log *m)
{
    m->close_signer[1] = &keys.leader;
}
static void close_by_a_stranger(struct made_log *m)
{
    m->close_signer[0] = &keys.stranger;
}
static void close_command_forged(struct made_log *m)
{
    m->record.control[60] ^= 1;
}
static void close_of_the_next_quarter(struct made_log *m)
{
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = 2};
    memcpy(c.task_id, second.task->context.task_id, 32);
    world_must(ska_control_encode(m->record.control, &c, &keys.publisher));
}
static void late_before_close(struct made_log *m)
{
    struct world_submission s = first.submissions[1];
    s.number = 9;
    made_log_submission(m, first.task, &s); /* after the log was frozen */
}
static void late_counted(struct made_log *m)
{
    late_before_close(m);
    struct ska_close_entry *e = &m->record.at[1];
    e->number = 9;
    e->index = m->n - 1;
    m->record.log_size = m->n;
}

/* After the close. */
static void late_after_close(struct made_log *m)
{
    struct world_submission s = first.submissions[1];
    s.number = 9;
    made_log_submission(m, first.task, &s);
    made_log_finish(m, &first);
}
static void close_twice(struct made_log *m)
{
    made_log_close(m, first.task);
    made_log_finish(m, &first);
}
static void reopened(struct made_log *m)
{
    made_log_command(m, first.task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 3);
}
static void reopened_and_closed(struct made_log *m)
{
    struct world_submission s = first.submissions[1];
    reopened(m);
    s.number = 9;
    made_log_submission(m, first.task, &s);
    made_log_plan_close(m, first.task, 2);
    made_log_close(m, first.task);
}
static void reopened_after_collect(struct made_log *m)
{
    made_log_finish(m, &first);
    made_log_command(m, first.task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 4);
}
static void release_before_collect(struct made_log *m)
{
    made_log_finish(m, &first);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}
static void release_twice(struct made_log *m)
{
    made_log_finish(m, &first);
    struct made_entry *e = find(m, SKA_LEAF_RELEASE, 0);
    made_log_add(m, first.task, SKA_LEAF_RELEASE, 1, (struct ska_slice){e->blob, e->blob_len});
}
static void release_other_number(struct made_log *m)
{
    find(m, SKA_LEAF_RELEASE, 0)->leaf.entry.number = 2;
}
static void release_by_one(struct made_log *m)
{
    struct made_entry *e = find(m, SKA_LEAF_RELEASE, 0);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    memset(data + len - 64, 0, 64);
    set_blob(e, data, len);
}
static void release_of_another(struct made_log *m)
{
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    world_must(
        ska_bundle_read(&files, &n, (struct ska_slice){other.archive, other.archive_len}, NULL));
    set_blob(find(m, SKA_LEAF_RELEASE, 0), files[n - 1].data.data, files[n - 1].data.len);
    free(files);
}
/* Signed by both, of a task, at a place. */
static void log_release(struct made_log *m, const struct world *w, uint32_t number,
                        const uint8_t previous[static 32])
{
    static uint8_t data[WORLD_FILE_MAX];
    struct ska_bundle_file *files = NULL;
    size_t n = 0;
    world_must(ska_bundle_read(&files, &n, (struct ska_slice){w->archive, w->archive_len}, NULL));
    const struct ska_slice file = files[n - 1].data;
    const struct ska_slice body = {data, file.len - 128};
    memcpy(data, file.data, file.len);
    data[36] = (uint8_t)number;
    memcpy(data + 37, previous, 32);
    world_must(ska_release_sign(data + body.len, SKA_RELEASE_PUBLISHER, &keys.publisher, body));
    world_must(ska_release_sign(data + body.len + 64, SKA_RELEASE_SECOND, &keys.second, body));
    made_log_add(m, w->task, SKA_LEAF_RELEASE, number, (struct ska_slice){data, file.len});
    free(files);
}
/* So that only the lists tell a bundle from the log. */
static void not_released(struct made_log *m)
{
    made_log_command(m, first.task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
}
static void changes_of_no_correction(struct made_log *m)
{
    not_released(m);
    made_log_add(m, first.task, SKA_LEAF_CHANGES, 0, (struct ska_slice){(const uint8_t *)"xx", 2});
}
static struct made_entry *log_correction_of(struct made_log *m)
{
    const struct world_file *changes = world_find(&correction, "changes");
    made_log_task(m, &correction, false);
    made_log_close(m, correction.task);
    made_log_command(m, correction.task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    return made_log_add(m, correction.task, SKA_LEAF_CHANGES, 0,
                        (struct ska_slice){changes->data, changes->len});
}
/* The first quarter, corrected. */
static struct made_entry *log_correction(struct made_log *m)
{
    made_log_finish(m, &first);
    return log_correction_of(m);
}
static void corrected(struct made_log *m)
{
    log_correction(m);
}
static void corrected_and_released(struct made_log *m)
{
    uint8_t hash[32];
    log_correction(m);
    ska_sha256(hash, first.archive, first.archive_len);
    log_release(m, &correction, 2, hash);
}
static void released_without_changes(struct made_log *m)
{
    corrected_and_released(m);
    free(m->at[m->n - 2].blob);
    m->at[m->n - 2] = m->at[m->n - 1];
    m->n--;
}
static void released_before_changes(struct made_log *m)
{
    corrected_and_released(m);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}
static void two_of_one_number(struct made_log *m)
{
    static const uint8_t zeros[32];
    log_correction(m);
    log_release(m, &correction, 1, zeros);
}
/* Two that follow upon one bundle; it is not that of the first quarter. */
static void one_bundle_twice(struct made_log *m)
{
    static const uint8_t bundle[32] = {5};
    made_log_command(m, first.task, SKA_LEAF_COLLECT, SKA_CONTROL_COLLECT, 3);
    log_release(m, &first, 6, bundle);
    log_correction_of(m);
    log_release(m, &correction, 7, bundle);
}
static void next_follows_another(struct made_log *m)
{
    static const uint8_t bundle[32] = {5};
    log_correction(m);
    log_release(m, &correction, 2, bundle);
}
static void changes_flipped(struct made_log *m)
{
    struct made_entry *e = log_correction(m);
    static uint8_t data[WORLD_FILE_MAX];
    size_t len = e->blob_len;
    memcpy(data, e->blob, len);
    data[80] ^= 1;
    set_blob(e, data, len);
}
static void changes_of_one(struct made_log *m)
{
    struct made_entry *e = log_correction(m);
    static uint8_t data[WORLD_FILE_MAX];
    size_t half = e->blob_len / 2;
    memcpy(data, e->blob, half);
    memcpy(data + half, e->blob, half);
    set_blob(e, data, 2 * half);
}
static void changes_before_collect(struct made_log *m)
{
    log_correction(m);
    const struct made_entry e = m->at[m->n - 1];
    m->at[m->n - 1] = m->at[m->n - 2];
    m->at[m->n - 2] = e;
}
/* Of no task. */
static struct made_entry *log_verifier(struct made_log *m)
{
    struct made_entry *e = made_log_add(m, first.task, SKA_LEAF_VERIFIER, 0,
                                        (struct ska_slice){(const uint8_t *)"xx", 2});
    memset(e->leaf.entry.task_id, 0, sizeof e->leaf.entry.task_id);
    memset(e->leaf.entry.period, 0, sizeof e->leaf.entry.period);
    memcpy(e->leaf.entry.period, SKA_LEAF_NO_PERIOD, sizeof SKA_LEAF_NO_PERIOD);
    return e;
}
static void unknown_type(struct made_log *m)
{
    log_verifier(m);
    m->at[m->n - 1].type = 77;
    m->at[m->n - 1].is_filed = false;
}
static void verifier(struct made_log *m)
{
    log_verifier(m);
}
static void verifier_of_a_task(struct made_log *m)
{
    memcpy(log_verifier(m)->leaf.entry.task_id, first.task->context.task_id, 32);
}
static void verifier_of_a_period(struct made_log *m)
{
    memcpy(log_verifier(m)->leaf.entry.period, "2025Q1", 7);
}
static void verifier_of_a_revision(struct made_log *m)
{
    log_verifier(m)->leaf.entry.revision = 1;
}
static void verifier_not_there(struct made_log *m)
{
    log_verifier(m)->is_filed = false;
}
static void task_without_parameters(struct made_log *m)
{
    made_log_command(m, other.task, SKA_LEAF_OPEN, SKA_CONTROL_OPEN, 1);
}
static void blob_of_other_length(struct made_log *m)
{
    m->at[m->n - 1].leaf.entry.length++;
}

/* What the auditor is given. */
static char earlier[MADE_NOTE_MAX];
static const enum made_key all_three[3] = {MADE_LOG_KEY, MADE_HELPER, MADE_OUTSIDE};
static void earlier_of(struct log_given *g, size_t n, uint8_t flip_root,
                       const enum made_key *signers)
{
    uint8_t root[32];
    made_log_root(root, &honest, n < honest.n ? n : honest.n);
    root[0] ^= flip_root;
    made_log_note(earlier, &honest, n, root, signers);
    g->earlier = earlier;
}
static void earlier_honest(struct log_given *g)
{
    earlier_of(g, 12, 0, all_three);
}
static void earlier_same(struct log_given *g)
{
    earlier_of(g, honest.n, 0, all_three);
}
static void earlier_at_tile(struct log_given *g)
{
    earlier_of(g, 256, 0, all_three);
}
static void earlier_fork(struct log_given *g)
{
    earlier_of(g, 12, 1, all_three);
}
static void earlier_larger(struct log_given *g)
{
    earlier_of(g, honest.n + 5, 0, all_three);
}
static void earlier_unsigned(struct log_given *g)
{
    static const enum made_key signers[3] = {MADE_HELPER, MADE_OUTSIDE, N_MADE_KEYS};
    earlier_of(g, 12, 0, signers);
}
static void earlier_no_note(struct log_given *g)
{
    g->earlier = "x";
}
static struct trust other_trust;
static void trust_of_others(struct log_given *g)
{
    other_trust = first.trust;
    memcpy(other_trust.key[TRUST_HELPER], keys.stranger.public_key, 32);
    g->trust = &other_trust;
}
static void with_bundle(struct log_given *g)
{
    g->bundle = &first;
}
static void with_open_bundle(struct log_given *g)
{
    g->bundle = &second;
}
static void with_foreign_bundle(struct log_given *g)
{
    g->bundle = &other;
}
static struct world dishonest; /* the first quarter's task, with another list */
static void pack_dishonest(struct log_given *g)
{
    world_sign_list(&dishonest);
    world_aggregate(&dishonest);
    world_publish(&dishonest);
    world_pack(&dishonest);
    g->bundle = &dishonest;
}
static void start_dishonest(void)
{
    static bool is_made;
    if (is_made)
        world_clear(&dishonest);
    is_made = true;
    dishonest = first;
    dishonest.archive = NULL;
    dishonest.n_files = 0;
}
static void bundle_drops_one(struct log_given *g)
{
    start_dishonest();
    dishonest.n_entries--;
    pack_dishonest(g);
}
static void bundle_other_report(struct log_given *g)
{
    start_dishonest();
    dishonest.entries[1].report_id[0] ^= 1;
    pack_dishonest(g);
}
static void bundle_other_number(struct log_given *g)
{
    start_dishonest();
    dishonest.entries[1].number = 8;
    pack_dishonest(g);
}
/* The first quarter's bundle, with the checkpoint of the log that it says it is from. */
static void pack_with_checkpoint(struct log_given *g)
{
    start_dishonest();
    world_publish(&dishonest);
    struct world_file *file = world_insert_file(&dishonest, "log/checkpoint", "aggregates");
    file->len = strlen(earlier);
    memcpy(file->data, earlier, file->len);
    world_pack(&dishonest);
    g->earlier = NULL;
    g->bundle = &dishonest;
}
static void bundle_of_this_log(struct log_given *g)
{
    earlier_honest(g);
    pack_with_checkpoint(g);
}
static void bundle_of_a_fork(struct log_given *g)
{
    earlier_fork(g);
    pack_with_checkpoint(g);
}
static void bundle_of_a_larger_log(struct log_given *g)
{
    earlier_larger(g);
    pack_with_checkpoint(g);
}
static void bundle_of_an_unsigned_log(struct log_given *g)
{
    earlier_unsigned(g);
    pack_with_checkpoint(g);
}
static void bundle_released_again(struct log_given *g)
{
    start_dishonest();
    dishonest.place = (struct ska_release_place){.number = 2, .previous = {1}};
    pack_dishonest(g);
}

const struct cheat_log log_cheats[] = {
    {.name = "honest", .want = ""},
    {.name = "honest, with its bundle", .want = "", .given = with_bundle},
    {.name = "honest, with its bundle, not released yet",
     .want = "",
     .closed = not_released,
     .given = with_bundle},
    {.name = "honest, with a bundle that has a checkpoint",
     .want = "",
     .closed = not_released,
     .given = bundle_of_this_log},
    {.name = "honest, continues an earlier one", .want = "", .given = earlier_honest},
    {.name = "honest, the same as before", .want = "", .given = earlier_same},
    {.name = "honest, continues one of a full tile", .want = "", .given = earlier_at_tile},
    {.name = "honest, reopened", .want = "", .closed = reopened},
    {.name = "honest, reopened and closed", .want = "", .closed = reopened_and_closed},
    {.name = "honest, corrected", .want = "", .closed = corrected},
    {.name = "honest, corrected and released",
     .want = "",
     .closed = corrected_and_released,
     .given = with_bundle},
    {.name = "honest, of another roster later", .want = "", .close = another_roster_later},
    {.name = "honest, of another roster elsewhere",
     .want = "",
     .close = another_roster_elsewhere,
     .closed = corrected},
    {.name = "honest, of a type that nobody knows", .want = "", .sealed = unknown_type},
    {.name = "honest, with a verifier", .want = "", .sealed = verifier},
    /* files */
    {.name = "entry flipped", .want = "log-root", .served = entry_flipped},
    {.name = "entry's length flipped", .want = "log-entries", .served = entry_length},
    {.name = "entries cut", .want = "log-entries", .served = entries_cut},
    {.name = "entries longer", .want = "log-entries", .served = entries_longer},
    {.name = "entries missing", .want = "log-entries", .served = entries_missing},
    {.name = "tile flipped", .want = "log-tiles", .served = tile_flipped},
    {.name = "tile of roots flipped", .want = "log-tiles", .served = tile_of_roots_flipped},
    {.name = "tile too narrow", .want = "log-tiles", .served = tile_narrow},
    {.name = "tile too wide", .want = "log-tiles", .served = tile_wide},
    {.name = "tile missing", .want = "log-tiles", .served = tile_missing},
    {.name = "tile of another width", .want = "log-tiles", .served = tile_width_renamed},
    {.name = "roster flipped", .want = "log-blobs", .served = roster_flipped},
    {.name = "roster longer", .want = "log-blobs", .served = roster_longer},
    {.name = "roster missing", .want = "log-blobs", .served = roster_missing},
    {.name = "command flipped", .want = "log-blobs log-commands", .served = command_flipped},
    {.name = "parameters flipped",
     .want = "log-blobs log-parameters",
     .served = parameters_flipped},
    {.name = "close flipped", .want = "log-blobs log-closes", .served = close_flipped},
    {.name = "release flipped", .want = "log-blobs log-releases", .served = release_flipped},
    {.name = "counted share flipped", .want = "log-closes", .served = share_flipped},
    {.name = "counted share missing", .want = "log-closes", .served = share_missing},
    {.name = "a file too many", .want = "log-blobs", .served = blob_extra},
    {.name = "a file that is no hash", .want = "log-blobs", .served = blob_named_otherwise},
    {.name = "file renamed", .want = "log-blobs", .served = blob_renamed},
    {.name = "no checkpoint", .want = "log-checkpoint", .served = checkpoint_missing},
    /* notes */
    {.name = "size one more", .want = "log-entries", .noted = note_larger},
    {.name = "size one less", .want = "log-entries", .noted = note_smaller},
    {.name = "an empty log", .want = "log-entries", .noted = note_empty},
    {.name = "another root", .want = "log-root", .noted = note_root},
    {.name = "not cosigned by the helper", .want = "log-quorum", .noted = note_without_helper},
    {.name = "not cosigned outside", .want = "log-quorum", .noted = note_without_outside},
    {.name = "cosigned by nobody", .want = "log-quorum", .noted = note_without_any},
    {.name = "one witness twice", .want = "log-quorum", .noted = note_witness_twice},
    {.name = "a witness of no policy", .want = "log-quorum", .noted = note_stranger},
    {.name = "not signed by the log", .want = "log-checkpoint", .noted = note_without_log},
    {.name = "leading zero", .want = "log-checkpoint", .noted = note_leading_zero},
    {.name = "carriage return", .want = "log-checkpoint", .noted = note_carriage_return},
    {.name = "extension line", .want = "log-checkpoint", .noted = note_extension},
    {.name = "trailing bytes", .want = "log-checkpoint", .noted = note_trailing},
    {.name = "no line's end", .want = "log-checkpoint", .noted = note_no_end},
    {.name = "another origin", .want = "log-checkpoint", .noted = note_other_origin},
    {.name = "another size", .want = "log-checkpoint", .noted = note_other_size},
    {.name = "seventeen signatures", .want = "log-checkpoint", .noted = note_many_signatures},
    {.name = "bad signature of the log", .want = "log-checkpoint", .noted = note_log_signature},
    {.name = "bad signature of a witness",
     .want = "log-checkpoint",
     .noted = note_helper_signature},
    {.name = "another time of a witness", .want = "log-checkpoint", .noted = note_outside_time},
    {.name = "wrong key identifier", .want = "log-checkpoint", .noted = note_log_identifier},
    /* entries */
    {.name = "unsigned by the leader", .want = "log-submissions", .close = unsigned_by_leader},
    {.name = "unsigned by the helper", .want = "log-submissions", .close = unsigned_by_helper},
    {.name = "signed twice by one", .want = "log-submissions", .close = signatures_exchanged},
    {.name = "not on the roster", .want = "log-submissions", .close = not_on_the_roster},
    {.name = "of another period", .want = "log-submissions", .close = another_period},
    {.name = "one number twice", .want = "log-submissions", .close = one_number_twice},
    {.name = "parameters twice", .want = "log-parameters", .close = parameters_twice},
    {.name = "parameters not signed by all",
     .want = "log-parameters",
     .close = parameters_unsigned},
    {.name = "parameters of another task",
     .want = "log-parameters",
     .close = parameters_of_another},
    {.name = "another roster", .want = "log-parameters", .close = roster_of_another},
    {.name = "no roster", .want = "log-parameters", .close = no_roster},
    {.name = "a task without parameters",
     .want = "log-parameters",
     .sealed = task_without_parameters},
    {.name = "submission before the opening", .want = "log-order", .close = submission_before_open},
    {.name = "opened before parameters", .want = "log-order", .close = open_before_parameters},
    {.name = "roster after parameters", .want = "log-order", .close = roster_after_parameters},
    {.name = "roster after the next quarter's parameters",
     .want = "log-parameters",
     .close = roster_after_the_next_s},
    {.name = "roster again, after another's", .want = "log-order", .close = roster_again},
    {.name = "the next quarter opened before all", .want = "log-order", .close = opened_before_all},
    {.name = "another roster, and none of the correction",
     .want = "log-parameters",
     .close = another_roster_later,
     .closed = corrected},
    {.name = "command of a stranger", .want = "log-commands", .close = command_by_a_stranger},
    {.name = "command of another serial",
     .want = "log-commands",
     .close = command_of_another_serial},
    {.name = "command of another task", .want = "log-commands", .close = command_of_another_task},
    {.name = "command of another kind", .want = "log-commands", .close = command_of_another_kind},
    /* closes */
    {.name = "logged one dropped by both", .want = "log-closes", .close = close_drops_one},
    {.name = "logged one dropped by the leader alone",
     .want = "log-closes",
     .closed = close_drops_one_by_leader},
    {.name = "all dropped by both", .want = "log-closes", .close = close_drops_all},
    {.name = "one that is not logged is counted", .want = "log-closes", .close = close_adds_one},
    {.name = "another's entry", .want = "log-closes", .close = close_takes_another_s},
    {.name = "the next quarter's entry",
     .want = "log-closes",
     .close = close_takes_the_next_quarter_s},
    {.name = "a command is counted", .want = "log-closes", .close = close_takes_a_command},
    {.name = "another hash in the close", .want = "log-closes", .close = close_other_hash},
    {.name = "another length in the close", .want = "log-closes", .close = close_other_length},
    {.name = "another root in the close", .want = "log-closes", .close = close_other_root},
    {.name = "a smaller log in the close", .want = "log-closes", .close = close_other_size},
    {.name = "a log of the future in the close", .want = "log-closes", .close = close_larger},
    {.name = "other parameters in the close",
     .want = "log-closes",
     .close = close_other_parameters},
    {.name = "the close not signed by the helper", .want = "log-closes", .close = close_by_one},
    {.name = "the close signed by a stranger", .want = "log-closes", .close = close_by_a_stranger},
    {.name = "the close's command forged", .want = "log-closes", .close = close_command_forged},
    {.name = "the close of another task", .want = "log-closes", .close = close_of_the_next_quarter},
    {.name = "late, and not counted", .want = "log-closes", .close = late_before_close},
    {.name = "late submission counted", .want = "log-closes", .close = late_counted},
    {.name = "submission after the close", .want = "log-order", .closed = late_after_close},
    {.name = "closed twice", .want = "log-order", .closed = close_twice},
    {.name = "reopened after collection", .want = "log-order", .closed = reopened_after_collect},
    {.name = "released before collection", .want = "log-order", .closed = release_before_collect},
    {.name = "released twice", .want = "log-order log-releases", .closed = release_twice},
    {.name = "released without what changed",
     .want = "log-releases",
     .closed = released_without_changes},
    {.name = "released before what changed",
     .want = "log-order log-releases",
     .closed = released_before_changes},
    {.name = "two releases of one number", .want = "log-releases", .closed = two_of_one_number},
    {.name = "two releases upon one bundle", .want = "log-releases", .closed = one_bundle_twice},
    {.name = "a verifier of a task", .want = "log-entries", .sealed = verifier_of_a_task},
    {.name = "a verifier of a period", .want = "log-entries", .sealed = verifier_of_a_period},
    {.name = "a verifier of a revision", .want = "log-entries", .sealed = verifier_of_a_revision},
    {.name = "a verifier that is not there", .want = "log-blobs", .sealed = verifier_not_there},
    {.name = "another number of a release", .want = "log-releases", .sealed = release_other_number},
    {.name = "release signed by one", .want = "log-releases", .sealed = release_by_one},
    {.name = "release of another task", .want = "log-releases", .sealed = release_of_another},
    {.name = "changes without a correction",
     .want = "log-changes",
     .closed = changes_of_no_correction},
    {.name = "changes flipped", .want = "log-changes", .closed = changes_flipped},
    {.name = "the leader's changes for both", .want = "log-changes", .closed = changes_of_one},
    {.name = "changes before collection", .want = "log-order", .closed = changes_before_collect},
    {.name = "another length of a file",
     .want = "log-blobs log-releases",
     .sealed = blob_of_other_length},
    /* what the auditor has */
    {.name = "fork", .want = "log-earlier", .given = earlier_fork},
    {.name = "rollback", .want = "log-earlier", .given = earlier_larger},
    {.name = "an earlier one that nobody signed", .want = "log-earlier", .given = earlier_unsigned},
    {.name = "an earlier one that is no note", .want = "log-earlier", .given = earlier_no_note},
    {.name = "another helper", .want = "log-trust", .given = trust_of_others},
    {.name = "bundle of an open period", .want = "log-bundle", .given = with_open_bundle},
    {.name = "bundle of a task that is not logged",
     .want = "log-bundle",
     .given = with_foreign_bundle},
    {.name = "bundle drops a logged one",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_drops_one},
    {.name = "bundle of another report",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_other_report},
    {.name = "bundle of another number",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_other_number},
    {.name = "the next release follows upon another bundle",
     .want = "log-bundle",
     .closed = next_follows_another,
     .given = with_bundle},
    {.name = "bundle from a fork of the log",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_of_a_fork},
    {.name = "bundle from more of the log than is shown",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_of_a_larger_log},
    {.name = "bundle whose checkpoint the log did not sign",
     .want = "log-bundle",
     .closed = not_released,
     .given = bundle_of_an_unsigned_log},
    {.name = "bundle released otherwise", .want = "log-bundle", .given = bundle_released_again},
};
const size_t n_log_cheats = sizeof log_cheats / sizeof log_cheats[0];

void play_log(struct made_log *m, struct log_given *given, const struct cheat_log *c,
              const char *folder)
{
    if (c->close != NULL || c->closed != NULL)
        make_log(m, c->close, c->closed);
    else
        made_log_copy(m, &honest);
    if (c->sealed != NULL)
        c->sealed(m);
    made_log_checkpoint(m);
    if (c->noted != NULL)
        c->noted(m);
    made_log_write(m, folder);
    if (c->served != NULL)
        c->served(m, folder);
    *given = (struct log_given){.policy = m->policy, .trust = &first.trust};
    if (c->given != NULL)
        c->given(given);
}
