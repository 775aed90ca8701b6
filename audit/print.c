/* SPDX-License-Identifier: EUPL-1.2 */
/* print.c - what the auditor reads. */
#include "audit/print.h"

#include "audit/words.h"
#include "crypto/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The names in JSON and the words for people. */
static const char *const outcome_names[] = {"not checked", "pass", "fail"};

static const char *outcome_word(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_PASS:
        return words("godkänd", "pass");
    case OUTCOME_FAIL:
        return words("UNDERKÄND", "FAIL");
    case OUTCOME_NOT_CHECKED:
        return words("EJ PRÖVAD", "NOT CHECKED");
    }
    return "?";
}

/* Characters of a UTF-8 text, for columns. */
static size_t width(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80 ? 1u : 0u;
    return n;
}

/* Text from outside must not command a terminal: control characters become spaces. */
static void put_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        putchar(c < 0x20 || c == 0x7F ? ' ' : c);
    }
}

void print_finding(const struct check *c, const struct finding *f)
{
    const char *word = outcome_word(f->outcome);
    printf("%s%*s  %-26s %s", word, 11 - (int)width(word), "", c->id,
           words(c->sentence_sv, c->sentence_en));
    if (f->outcome != OUTCOME_NOT_CHECKED)
        printf(" (%s: %" PRIu64 ")", words(c->inputs_sv, c->inputs_en), f->n_inputs);
    putchar('\n');
    if (f->detail[0] != '\0') {
        printf("%*s", 13, "");
        put_plain(f->detail);
        putchar('\n');
    }
    fflush(stdout);
}

static size_t count_outcome(const struct finding *findings, size_t n, enum outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += findings[i].outcome == outcome ? 1u : 0u;
    return count;
}

bool print_counts(const struct finding *findings, size_t n)
{
    const size_t n_pass = count_outcome(findings, n, OUTCOME_PASS);
    if (n_pass == n)
        printf(words("GODKÄND: alla %zu kontroller godkända.\n", "PASS: all %zu checks passed.\n"),
               n_pass);
    else
        printf(words("UNDERKÄND: %zu godkända, %zu underkända, %zu ej prövade.\n",
                     "FAIL: %zu passed, %zu failed, %zu not checked.\n"),
               n_pass, count_outcome(findings, n, OUTCOME_FAIL),
               count_outcome(findings, n, OUTCOME_NOT_CHECKED));
    return n_pass == n;
}

/* Where the release stands among the others: what it says follows on, and what will follow on it.
 */
static void print_place(const struct evidence *e)
{
    uint8_t hash[32];
    char own[65], previous[65];
    ska_sha256(hash, e->archive.data, e->archive.len);
    ska_hex_encode(own, hash, sizeof hash);
    ska_hex_encode(previous, e->release.place.previous, sizeof e->release.place.previous);
    if (e->release.place.number == 1)
        printf(words("Utgåva 1, den första; SHA-256 %s\n", "Release 1, the first; SHA-256 %s\n"),
               own);
    else
        printf(words("Utgåva %u; SHA-256 %s\n  den före har  SHA-256 %s\n",
                     "Release %u; SHA-256 %s\n  the one before SHA-256 %s\n"),
               e->release.place.number, own, previous);
}

void print_verdict(const struct evidence *e, const struct finding findings[static N_CHECKS])
{
    putchar('\n');
    if (e->task != NULL)
        printf(
            words(
                "Insamling %s, period %s, revision %u: %u av %u uppgiftslämnare räknade, %u celler "
                "visade, %u dolda.\n",
                "Collection %s, period %s, revision %u: %u of %u contributors counted, %u cells "
                "published, %u hidden.\n"),
            e->task->parameters.collection, e->task->parameters.period,
            e->task->parameters.revision, e->n_counted, e->task->parameters.roster.n, e->openings.n,
            e->suppression.n);
    if (findings[CHECK_RELEASE_FORM].outcome == OUTCOME_PASS)
        print_place(e);
    (void)print_counts(findings, N_CHECKS); /* the caller asks for the verdict itself */
}

/* Bytes of a well-formed UTF-8 character at `text`, or 0. */
static size_t utf8_length(const unsigned char *text)
{
    size_t n = text[0] < 0x80                      ? 1
               : text[0] >= 0xC2 && text[0] < 0xE0 ? 2
               : (text[0] & 0xF0) == 0xE0          ? 3
               : text[0] >= 0xF0 && text[0] < 0xF5 ? 4
                                                   : 0;
    for (size_t i = 1; i < n; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

/* A JSON string; bytes that are not UTF-8 become U+FFFD. */
static void put_json(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    putchar('"');
    while (*at != '\0') {
        size_t n = utf8_length(at);
        if (n == 0) {
            fputs("\\ufffd", stdout);
            n = 1;
        } else if (*at == '"' || *at == '\\') {
            printf("\\%c", *at);
        } else if (*at < 0x20 || *at == 0x7F) {
            printf("\\u%04x", *at);
        } else {
            fwrite(at, 1, n, stdout);
        }
        at += n;
    }
    putchar('"');
}

static void put_json_member(const char *name, const char *value, bool is_last)
{
    put_json(name);
    putchar(':');
    put_json(value);
    if (!is_last)
        putchar(',');
}

static void put_json_task(const struct evidence *e)
{
    if (e->task == NULL) {
        fputs("null", stdout);
        return;
    }
    char task_id[2 * sizeof e->task->context.task_id + 1];
    ska_hex_encode(task_id, e->task->context.task_id, sizeof e->task->context.task_id);
    putchar('{');
    put_json_member("task_id", task_id, false);
    put_json_member("collection", e->task->parameters.collection, false);
    put_json_member("period", e->task->parameters.period, false);
    printf("\"revision\":%u,\"roster\":%u,\"counted\":%u,\"opened\":%u,\"hidden\":%u}",
           e->task->parameters.revision, e->task->parameters.roster.n, e->n_counted, e->openings.n,
           e->suppression.n);
}

static void put_json_release(const struct evidence *e, bool is_known)
{
    fputs(",\"release\":", stdout);
    if (!is_known) {
        fputs("null", stdout);
        return;
    }
    uint8_t hash[32];
    char own[65], previous[65];
    ska_sha256(hash, e->archive.data, e->archive.len);
    ska_hex_encode(own, hash, sizeof hash);
    ska_hex_encode(previous, e->release.place.previous, sizeof e->release.place.previous);
    printf("{\"number\":%u,", e->release.place.number);
    put_json_member("sha256", own, false);
    put_json_member("previous_sha256", previous, true);
    putchar('}');
}

static void put_json_checks(const struct check *table, const struct finding *findings, size_t n)
{
    fputs(",\"checks\":[", stdout);
    for (size_t i = 0; i < n; i++) {
        const struct check *c = &table[i];
        fputs(i > 0 ? ",\n{" : "\n{", stdout);
        put_json_member("id", c->id, false);
        put_json_member("outcome", outcome_names[findings[i].outcome], false);
        put_json_member("sentence", words(c->sentence_sv, c->sentence_en), false);
        printf("\"inputs\":%" PRIu64 ",\"bad\":%" PRIu64 ",", findings[i].n_inputs,
               findings[i].n_bad);
        put_json_member("detail", findings[i].detail, true);
        putchar('}');
    }
    fputs("\n]}\n", stdout);
}

void print_json(const struct evidence *e, const struct finding findings[static N_CHECKS])
{
    fputs("{\"version\":1,", stdout);
    put_json_member("verdict", check_is_verdict_pass(findings) ? "pass" : "fail", false);
    fputs("\"task\":", stdout);
    put_json_task(e);
    put_json_release(e, findings[CHECK_RELEASE_FORM].outcome == OUTCOME_PASS);
    put_json_checks(check_table, findings, N_CHECKS);
}

void print_json_diff(const struct evidence *e, const struct check *table,
                     const struct finding *findings, size_t n)
{
    const bool is_pass = count_outcome(findings, n, OUTCOME_PASS) == n;
    fputs("{\"version\":1,", stdout);
    put_json_member("verdict", is_pass ? "pass" : "fail", false);
    fputs("\"older\":{\"task\":", stdout);
    put_json_task(e->older);
    put_json_release(e->older, findings[0].outcome == OUTCOME_PASS);
    fputs("},\"newer\":{\"task\":", stdout);
    put_json_task(e);
    put_json_release(e, findings[1].outcome == OUTCOME_PASS);
    putchar('}');
    put_json_checks(table, findings, n);
}

void print_json_log(const struct log_evidence *log, const struct check *table,
                    const struct finding *findings, size_t n)
{
    const bool is_pass = count_outcome(findings, n, OUTCOME_PASS) == n;
    fputs("{\"version\":1,", stdout);
    put_json_member("verdict", is_pass ? "pass" : "fail", false);
    fputs("\"log\":", stdout);
    if (findings[0].outcome == OUTCOME_PASS) {
        char root[2 * SKA_HASH_BYTES + 1];
        ska_hex_encode(root, log->note.root, sizeof log->note.root);
        putchar('{');
        put_json_member("origin", log->note.origin, false);
        printf("\"size\":%" PRIu64 ",\"tasks\":%u,\"cosigned\":%u,", log->note.size, log->n_tasks,
               log->note.n_witnesses);
        put_json_member("root", root, true);
        putchar('}');
    } else {
        fputs("null", stdout);
    }
    put_json_checks(table, findings, n);
}

void print_check_list(bool as_json)
{
    if (as_json)
        putchar('[');
    for (size_t i = 0; i < N_CHECKS; i++) {
        const struct check *c = &check_table[i];
        if (!as_json) {
            printf("%-26s %s\n", c->id, words(c->sentence_sv, c->sentence_en));
            continue;
        }
        fputs(i > 0 ? ",\n{" : "\n{", stdout);
        put_json_member("id", c->id, false);
        put_json_member("sentence", words(c->sentence_sv, c->sentence_en), true);
        putchar('}');
    }
    if (as_json)
        fputs("\n]\n", stdout);
}
