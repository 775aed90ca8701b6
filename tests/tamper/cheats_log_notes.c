/* SPDX-License-Identifier: EUPL-1.2 */
/* cheats_log_notes.c - public logs whose checkpoint is not what it must be. */
#include "tests/tamper/cheats_log.h"

#include <stdio.h>
#include <string.h>

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

const struct cheat_log log_cheats_with_notes[] = {
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
};
const size_t n_log_cheats_with_notes =
    sizeof log_cheats_with_notes / sizeof log_cheats_with_notes[0];
