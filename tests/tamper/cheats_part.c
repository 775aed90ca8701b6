/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cheats_part.c - cheats with the bundle's part of the public log: by leader and helper, who sign
 * what is in it, by those who keep or witness the log, and by the publisher, who puts the files
 * together.
 */
#include "tests/tamper/cheats.h"
#include "tests/tamper/make_part.h"

#include <stdio.h>
#include <string.h>

/* A cheat of the world `published`, made of one step of the log's. */
#define CHEAT(name, which)                                          \
    static void name##_in_log(struct made_log *m, struct world *w); \
    static void name(struct world *w)                               \
    {                                                               \
        part_make(w, &(struct part_steps){.which = name##_in_log}); \
    }                                                               \
    static void name##_in_log(struct made_log *m, struct world *w)

static struct world_file *file_of(struct world *w, enum ska_bundle_log which)
{
    return world_find(w, ska_bundle_log_names[which]);
}

/* --- files ------------------------------------------------------------------------------------ */

static void drop_file(struct world *w, const char *name)
{
    struct world_file *file = world_find(w, name);
    const size_t at = (size_t)(file - w->files);
    w->n_files--;
    memmove(file, file + 1, (w->n_files - at) * sizeof *file);
}

static void log_left_out(struct world *w)
{
    for (size_t i = 0; i < SKA_BUNDLE_LOG_FILES; i++)
        drop_file(w, ska_bundle_log_names[i]);
}

static void records_left_out(struct world *w)
{
    drop_file(w, "log/records");
}

static void hash_too_many(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEFT)->len += 32;
}

static void leaf_cut(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEAVES)->len--;
}

static void no_leaf(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEAVES)->len = 8;
}

static void records_longer(struct world *w)
{
    file_of(w, SKA_BUNDLE_RECORDS)->len++;
}

static void flip_in_left(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEFT)->data[40] ^= 1;
}

/* In the hash of the roster. */
static void flip_in_leaf(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEAVES)->data[8 + 2 + 70] ^= 1;
}

/* Of two one-bits, as it was. */
static void other_first(struct world *w)
{
    file_of(w, SKA_BUNDLE_LEAVES)->data[7] = 6;
}

static void flip_in_record(struct world *w)
{
    file_of(w, SKA_BUNDLE_RECORDS)->data[4 + 4 + 50] ^= 1;
}

CHEAT(leaf_left_out, put)
{
    part_remove(m, part_find(m, w, SKA_LEAF_SUBMISSION, 2));
    part_put_from(w, m, N_PART_BEFORE);
}

CHEAT(last_leaf_left_out, put)
{
    part_remove(m, &m->at[m->n - 1]);
    part_put_from(w, m, N_PART_BEFORE);
}

CHEAT(without_the_roster, put)
{
    part_put_from(w, m, N_PART_BEFORE + 1);
}

CHEAT(from_another_task_on, put)
{
    part_put_from(w, m, N_PART_BEFORE - 1);
}

/* --- policy ----------------------------------------------------------------------------------- */

/* The same to who reads it. */
CHEAT(policy_of_other_bytes, begun)
{
    (void)w;
    (void)snprintf(m->policy + strlen(m->policy), 8, "#\n");
}

CHEAT(policy_without_outsiders, begun)
{
    (void)w;
    char *quorum = strstr(m->policy, "quorum both\n");
    world_expect(quorum != NULL, "a quorum");
    (void)snprintf(quorum, 15, "quorum helper\n");
}

static void another_policy_given(struct world *w)
{
    static const char policy[] = "quorum none\n";
    w->policy = (struct ska_slice){(const uint8_t *)policy, sizeof policy - 1};
}

/* --- checkpoint ------------------------------------------------------------------------------- */

static void sign_note(struct made_log *m, enum made_key a, enum made_key b, enum made_key c)
{
    uint8_t root[32];
    made_log_root(root, m, m->n);
    made_log_note(m->note, m, m->n, root, (const enum made_key[3]){a, b, c});
}

CHEAT(not_signed_by_the_log, noted)
{
    (void)w;
    sign_note(m, MADE_STRANGER, MADE_HELPER, MADE_OUTSIDE);
}

CHEAT(helper_alone, noted)
{
    (void)w;
    sign_note(m, MADE_LOG_KEY, MADE_HELPER, MADE_STRANGER);
}

CHEAT(outsider_alone, noted)
{
    (void)w;
    sign_note(m, MADE_LOG_KEY, MADE_OUTSIDE, N_MADE_KEYS);
}

CHEAT(helper_twice, noted)
{
    (void)w;
    sign_note(m, MADE_LOG_KEY, MADE_HELPER, MADE_HELPER);
}

/* In place of a part of the note, another one. */
static void replace(char note[static MADE_NOTE_MAX], const char *what, const char *with)
{
    char rest[MADE_NOTE_MAX];
    char *at = strstr(note, what);
    world_expect(at != NULL, what);
    (void)snprintf(rest, sizeof rest, "%s", at + strlen(what));
    (void)snprintf(at, MADE_NOTE_MAX - (size_t)(at - note), "%s%s", with, rest);
}

CHEAT(leading_zero, noted)
{
    (void)w;
    replace(m->note, "/log\n", "/log\n0");
}

CHEAT(carriage_return, noted)
{
    (void)w;
    replace(m->note, "/log\n", "/log\r\n");
}

CHEAT(extension_line, noted)
{
    (void)w;
    replace(m->note, "\n\n", "\nmore\n\n");
}

CHEAT(bytes_after_the_note, noted)
{
    (void)w;
    (void)snprintf(m->note + strlen(m->note), 8, "more");
}

/* The last character of the last signature, before its padding. */
CHEAT(outsiders_signature_flipped, noted)
{
    (void)w;
    char *at = m->note + strlen(m->note) - 8;
    *at = *at == 'A' ? 'B' : 'A';
}

/* Of a key that nobody has: fifteen more of them. */
CHEAT(eighteen_signatures, noted)
{
    (void)w;
    char line[MADE_NOTE_MAX];
    (void)snprintf(line, sizeof line, "%s", strstr(m->note, SKA_NOTE_DASH "outside"));
    memcpy(line + strlen(SKA_NOTE_DASH), "unknown", 7);
    for (size_t i = 0; i < 15; i++)
        (void)snprintf(m->note + strlen(m->note), sizeof m->note - strlen(m->note), "%s", line);
}

CHEAT(wrong_identifier, noted)
{
    (void)w;
    char *at = strstr(m->note, SKA_NOTE_DASH);
    at = strchr(at + strlen(SKA_NOTE_DASH), ' ') + 1; /* behind the log's name */
    *at = *at == 'A' ? 'B' : 'A';
}

/* Log and witnesses have two of this size. */
CHEAT(fork_of_the_log, noted)
{
    struct ska_log_entry *entry = &part_find(m, w, SKA_LEAF_SUBMISSION, 0)->leaf.entry;
    entry->length ^= 1;
    made_log_checkpoint(m);
    entry->length ^= 1;
}

/* --- the task's entries ------------------------------------------------------------------------
 */

static struct ska_slice blob_of(const struct made_entry *e)
{
    return (struct ska_slice){e->blob, e->blob_len};
}

/* An entry like another one, as the log's last. */
static void repeat(struct made_log *m, const struct world *w, const struct made_entry *entry)
{
    made_log_add(m, w->task, entry->leaf.type, entry->leaf.entry.number, blob_of(entry));
}

/* Let an entry be one of other bytes. */
static void set_blob(struct made_entry *e, const void *data, size_t len)
{
    e->leaf.entry.length = len;
    ska_sha256(e->leaf.entry.sha256, data, len);
}

CHEAT(opening_left_out, planned)
{
    part_remove(m, part_find(m, w, SKA_LEAF_OPEN, 0));
    part_plan(m, w);
}

CHEAT(opened_by_a_stranger, planned)
{
    struct made_entry *e = part_find(m, w, SKA_LEAF_OPEN, 0);
    struct ska_control c = {.kind = SKA_CONTROL_OPEN, .serial = 1};
    memcpy(c.task_id, w->task->context.task_id, 32);
    world_must(ska_control_encode(e->blob, &c, &w->keys->stranger));
    set_blob(e, e->blob, e->blob_len);
    part_plan(m, w);
}

CHEAT(other_roster, planned)
{
    set_blob(part_find(m, w, SKA_LEAF_ROSTER, 0), "another", 7);
    part_plan(m, w);
}

CHEAT(other_parameters, planned)
{
    set_blob(part_find(m, w, SKA_LEAF_PARAMETERS, 0), "another", 7);
    part_plan(m, w);
}

/* It stands between the opening and the submissions. */
CHEAT(submission_of_another_period, planned)
{
    struct made_entry *e = part_find(m, w, SKA_LEAF_SUBMISSION, 1);
    (void)snprintf(e->leaf.entry.period, sizeof e->leaf.entry.period, "2025Q1");
    made_log_sign(m, e);
    part_plan(m, w);
}

CHEAT(submission_after_the_close, closed)
{
    made_log_submission(m, w->task, &w->submissions[0])->leaf.entry.number = 9;
    part_collect(m, w);
}

CHEAT(not_collected, closed)
{
    (void)m;
    (void)w;
}

CHEAT(reopened_after_all, closed)
{
    made_log_command(m, w->task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 3);
}

CHEAT(collected_twice, closed)
{
    part_collect(m, w);
    part_collect(m, w);
}

CHEAT(parameters_twice, closed)
{
    part_collect(m, w);
    repeat(m, w, part_find(m, w, SKA_LEAF_PARAMETERS, 0));
}

CHEAT(released_before, closed)
{
    part_collect(m, w);
    made_log_add(m, w->task, SKA_LEAF_RELEASE, 1, (struct ska_slice){(const uint8_t *)"r", 1});
}

CHEAT(changes_of_no_correction, closed)
{
    part_collect(m, w);
    made_log_add(m, w->task, SKA_LEAF_CHANGES, 0, (struct ska_slice){(const uint8_t *)"c", 1});
}

/* --- the close -------------------------------------------------------------------------------- */

CHEAT(close_not_by_the_leader, planned)
{
    m->close_signer[0] = &w->keys->stranger;
}

CHEAT(close_not_by_the_helper, planned)
{
    m->close_signer[1] = &m->keys->leader;
    (void)w;
}

CHEAT(logged_one_dropped_by_both, planned)
{
    (void)w;
    m->record.n--;
}

CHEAT(logged_one_dropped_by_one, closed)
{
    made_log_drop_by_leader(m, part_find(m, w, SKA_LEAF_CLOSE, 0));
    part_collect(m, w);
}

CHEAT(late_one_counted, planned)
{
    m->record.log_size--; /* the last submission's place, which it is now above */
    made_log_root(m->record.root, m, m->record.log_size);
    m->record.n--;
    (void)w;
}

CHEAT(unlogged_one_counted, planned)
{
    m->record.at[1].sha256[0] ^= 1;
    (void)w;
}

CHEAT(counted_at_anothers_place, planned)
{
    m->record.at[0].index = m->record.at[1].index;
    (void)w;
}

CHEAT(frozen_root_of_a_fork, planned)
{
    m->record.root[0] ^= 1;
    (void)w;
}

CHEAT(close_of_other_parameters, planned)
{
    m->record.parameters_hash[0] ^= 1;
    (void)w;
}

CHEAT(close_before_the_task, planned)
{
    ska_close_record_clear(&m->record);
    m->record = (struct ska_close_record){.log_size = N_PART_BEFORE};
    struct ska_control c = {.kind = SKA_CONTROL_CLOSE, .serial = 2};
    memcpy(c.task_id, w->task->context.task_id, 32);
    world_must(ska_control_encode(m->record.control, &c, &w->keys->publisher));
    memcpy(m->record.parameters_hash, w->task->context.parameters_hash, 32);
    made_log_root(m->record.root, m, N_PART_BEFORE);
}

/* --- the accepted list -------------------------------------------------------------------------
 */

/* Both logged and closed over it; the list, the sums and the bundle do without. */
static void leave_out_last(struct world *w)
{
    struct world_submission *s = &w->submissions[w->n_submissions - 1];
    s->is_listed = s->is_filed = s->is_added[0] = s->is_added[1] = false;
}

CHEAT(logged_one_not_listed, planned)
{
    made_log_submission(m, w->task, &w->submissions[w->n_submissions - 1]);
    part_plan(m, w);
}

CHEAT(listed_one_not_logged, planned)
{
    part_remove(m, part_find(m, w, SKA_LEAF_SUBMISSION, 1));
    part_plan(m, w);
}

CHEAT(logged_for_another_report, planned)
{
    part_find(m, w, SKA_LEAF_SUBMISSION, 1)->leaf.report_id[3] ^= 1;
    part_plan(m, w);
}

CHEAT(logged_by_the_leader_alone, planned)
{
    struct made_entry *e = part_find(m, w, SKA_LEAF_SUBMISSION, 1);
    memcpy(e->leaf.helper, e->leaf.leader, sizeof e->leaf.helper);
    part_plan(m, w);
}

/* Closed, and opened again. */
static void close_and_reopen(struct made_log *m, struct world *w)
{
    made_log_close(m, w->task);
    made_log_command(m, w->task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 3);
}

/* The list is of the first of two closes: what came between is left out. */
CHEAT(list_of_an_earlier_close, closed)
{
    made_log_command(m, w->task, SKA_LEAF_REOPEN, SKA_CONTROL_REOPEN, 3);
    made_log_plan_close(m, w->task, 4);
    made_log_close(m, w->task);
    m->at[m->n - 1].leaf.entry.number = 4;
    part_collect(m, w);
}

/* Not a cheat: a period may be closed, reopened and closed. */
CHEAT(reopened_and_closed, planned)
{
    made_log_plan_close(m, w->task, 7);
    close_and_reopen(m, w);
    part_find(m, w, SKA_LEAF_CLOSE, 0)->leaf.entry.number = 7;
    part_plan(m, w);
}

/* Nor is an entry of a type that is not known yet. */
CHEAT(unknown_type, sealed)
{
    part_stranger(m, w, SKA_LEAF_ROSTER);
    m->at[m->n - 1].type = 77;
}

const struct cheat cheats_with_part[] = {
    {.name = "honest, reopened and closed again", .want = "", .published = reopened_and_closed},
    {.name = "honest, with an entry of an unknown type", .want = "", .published = unknown_type},

    {.name = "log left out", .want = "log-form", .published = log_left_out},
    {.name = "log's records left out", .want = "log-form", .published = records_left_out},
    {.name = "a hash too many left of the log", .want = "log-form", .published = hash_too_many},
    {.name = "log's last leaf cut", .want = "log-form", .published = leaf_cut},
    {.name = "log without a leaf", .want = "log-form", .published = no_leaf},
    {.name = "a byte after the log's records", .want = "log-form", .published = records_longer},

    {.name = "log's policy of other bytes",
     .want = "log-policy",
     .published = policy_of_other_bytes},
    {.name = "log's policy without outsiders",
     .want = "log-policy",
     .published = policy_without_outsiders},
    {.name = "another policy than the auditor's",
     .want = "log-policy",
     .tells = "--policy",
     .published = another_policy_given},

    {.name = "checkpoint not signed by the log",
     .want = "log-checkpoint",
     .published = not_signed_by_the_log},
    {.name = "checkpoint's size with a leading zero",
     .want = "log-checkpoint",
     .published = leading_zero},
    {.name = "checkpoint with a carriage return",
     .want = "log-checkpoint",
     .published = carriage_return},
    {.name = "checkpoint with an extension line",
     .want = "log-checkpoint",
     .published = extension_line},
    {.name = "bytes after the checkpoint",
     .want = "log-checkpoint",
     .published = bytes_after_the_note},
    {.name = "checkpoint with eighteen signatures",
     .want = "log-checkpoint",
     .published = eighteen_signatures},
    {.name = "log's key under another identifier",
     .want = "log-checkpoint",
     .published = wrong_identifier},
    {.name = "a witness's signature flipped",
     .want = "log-checkpoint",
     .published = outsiders_signature_flipped},

    {.name = "checkpoint cosigned by the helper alone",
     .want = "log-quorum",
     .published = helper_alone},
    {.name = "checkpoint cosigned by the outsider alone",
     .want = "log-quorum",
     .published = outsider_alone},
    {.name = "checkpoint cosigned by the helper twice",
     .want = "log-quorum",
     .published = helper_twice},

    {.name = "a hash left of the log flipped", .want = "log-root", .published = flip_in_left},
    {.name = "a leaf flipped", .want = "log-root", .published = flip_in_leaf},
    {.name = "log that begins elsewhere", .want = "log-root", .published = other_first},
    {.name = "a leaf left out", .want = "log-root", .published = leaf_left_out},
    {.name = "log's last leaf left out", .want = "log-root", .published = last_leaf_left_out},
    {.name = "fork of the log", .want = "log-root", .published = fork_of_the_log},

    {.name = "log without the roster", .want = "log-task", .published = without_the_roster},
    {.name = "log from another task on", .want = "log-task", .published = from_another_task_on},
    {.name = "a record flipped", .want = "log-task", .published = flip_in_record},
    {.name = "opening left out", .want = "log-task", .published = opening_left_out},
    {.name = "opened by a stranger", .want = "log-task", .published = opened_by_a_stranger},
    {.name = "another roster logged", .want = "log-task", .published = other_roster},
    {.name = "other parameters logged", .want = "log-task", .published = other_parameters},
    {.name = "logged for another period",
     .want = "log-task",
     .published = submission_of_another_period},
    {.name = "logged after the close", .want = "log-task", .published = submission_after_the_close},
    {.name = "not collected", .want = "log-task", .published = not_collected},
    {.name = "reopened after all", .want = "log-task", .published = reopened_after_all},
    {.name = "collected twice", .want = "log-task", .published = collected_twice},
    {.name = "parameters logged twice", .want = "log-task", .published = parameters_twice},
    {.name = "released before", .want = "log-task", .published = released_before},
    {.name = "changes logged of no correction",
     .want = "log-task",
     .published = changes_of_no_correction},

    {.name = "close signed by a stranger for the leader",
     .want = "log-close",
     .published = close_not_by_the_leader},
    {.name = "close signed by the leader for the helper",
     .want = "log-close",
     .published = close_not_by_the_helper},
    {.name = "logged one dropped by both",
     .want = "log-close",
     .published = logged_one_dropped_by_both},
    {.name = "logged one dropped by the leader alone",
     .want = "log-close",
     .published = logged_one_dropped_by_one},
    {.name = "late one counted", .want = "log-close", .published = late_one_counted},
    {.name = "unlogged one counted", .want = "log-close", .published = unlogged_one_counted},
    {.name = "counted at another's place",
     .want = "log-close",
     .published = counted_at_anothers_place},
    {.name = "frozen root of a fork", .want = "log-close", .published = frozen_root_of_a_fork},
    {.name = "close of other parameters",
     .want = "log-close",
     .published = close_of_other_parameters},
    {.name = "log frozen before the task", .want = "log-close", .published = close_before_the_task},

    {.name = "logged one not listed",
     .want = "log-accepted",
     .begun = leave_out_last,
     .published = logged_one_not_listed},
    {.name = "listed one not logged", .want = "log-accepted", .published = listed_one_not_logged},
    {.name = "logged for another report",
     .want = "log-accepted",
     .published = logged_for_another_report},
    {.name = "logged by the leader alone",
     .want = "log-accepted",
     .published = logged_by_the_leader_alone},
    {.name = "list of an earlier close",
     .want = "log-accepted",
     .published = list_of_an_earlier_close},
};
const size_t n_cheats_with_part = sizeof cheats_with_part / sizeof cheats_with_part[0];
