/* SPDX-License-Identifier: EUPL-1.2 */
/* tlog_policy.c - reading a policy and applying it (C2SP tlog-policy). */
#include "protocol/tlog_policy.h"

#include "crypto/scoped.h"
#include "protocol/cosignature.h"

#include <string.h>

/* Words of a line: a line of a group may name all members. */
#define WORDS_MAX (SKA_POLICY_MEMBERS_MAX + 3u)

struct words {
    struct ska_slice at[WORDS_MAX];
    size_t n;
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_word(struct ska_slice word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.data, text, word.len) == 0;
}

/* Tab, LF, and all from 0x20 on but DEL. */
static enum ska_status check_octets(const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((text[i] < 0x20 && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7F)
            return SKA_E_FORMAT;
    return SKA_OK;
}

static enum ska_status split(struct words *out, struct ska_slice line)
{
    out->n = 0;
    for (size_t i = 0; i < line.len;) {
        while (i < line.len && is_blank(line.data[i]))
            i++;
        const size_t start = i;
        while (i < line.len && !is_blank(line.data[i]))
            i++;
        if (i == start)
            break;
        if (out->n == 0 && line.data[start] == '#')
            return SKA_OK; /* a comment */
        if (out->n == WORDS_MAX)
            return SKA_E_LIMIT;
        out->at[out->n++] = (struct ska_slice){line.data + start, i - start};
    }
    return SKA_OK;
}

/* Index of a member; SKA_POLICY_NONE: there is none. */
static size_t find(const struct ska_tlog_policy *p, struct ska_slice name)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (is_word(name, p->members[i].name))
            return i;
    return SKA_POLICY_NONE;
}

static enum ska_status add_log(struct ska_tlog_policy *p, const struct words *w)
{
    struct ska_note_key key;
    if (w->n != 2 && w->n != 3)
        return SKA_E_FORMAT;
    SKA_TRY(ska_note_key_parse(&key, (const char *)w->at[1].data, w->at[1].len));
    if (key.type != SKA_NOTE_ED25519)
        return SKA_E_UNSUPPORTED;
    for (size_t i = 0; i < p->n_logs; i++)
        if (memcmp(p->logs[i].public_key, key.public_key, sizeof key.public_key) == 0)
            return SKA_E_CONFLICT;
    if (p->n_logs == SKA_POLICY_LOGS_MAX)
        return SKA_E_LIMIT;
    p->logs[p->n_logs++] = key;
    return SKA_OK;
}

/* A new member with a name that is free. */
static enum ska_status add_member(struct ska_policy_member **out, struct ska_tlog_policy *p,
                                  struct ska_slice name)
{
    if (is_word(name, "none") || find(p, name) != SKA_POLICY_NONE)
        return SKA_E_CONFLICT;
    if (p->n_members == SKA_POLICY_MEMBERS_MAX || name.len > SKA_POLICY_NAME_MAX)
        return SKA_E_LIMIT;
    struct ska_policy_member *m = &p->members[p->n_members++];
    *m = (struct ska_policy_member){.parent = SKA_POLICY_NONE};
    memcpy(m->name, name.data, name.len);
    *out = m;
    return SKA_OK;
}

static enum ska_status add_witness(struct ska_tlog_policy *p, const struct words *w)
{
    struct ska_note_key key;
    struct ska_policy_member *m;
    if (w->n != 3 && w->n != 4)
        return SKA_E_FORMAT;
    SKA_TRY(ska_note_key_parse(&key, (const char *)w->at[2].data, w->at[2].len));
    if (key.type != SKA_NOTE_COSIGNATURE)
        return SKA_E_UNSUPPORTED;
    for (size_t i = 0; i < p->n_members; i++)
        if (!p->members[i].is_group &&
            memcmp(p->members[i].key.public_key, key.public_key, sizeof key.public_key) == 0)
            return SKA_E_CONFLICT;
    if (w->n == 4 && w->at[3].len > SKA_POLICY_URL_MAX)
        return SKA_E_LIMIT;
    SKA_TRY(add_member(&m, p, w->at[1]));
    m->key = key;
    if (w->n == 4)
        memcpy(m->url, w->at[3].data, w->at[3].len);
    return SKA_OK;
}

/* "all", "any" or a number from 1 to `n`. */
static enum ska_status parse_threshold(uint32_t *out, struct ska_slice word, size_t n)
{
    uint64_t k = is_word(word, "all") ? n : 1;
    if (!is_word(word, "all") && !is_word(word, "any"))
        SKA_TRY(ska_note_number(&k, word.data, word.len));
    if (k < 1 || k > n)
        return SKA_E_FORMAT;
    *out = (uint32_t)k; /* at most SKA_POLICY_MEMBERS_MAX */
    return SKA_OK;
}

static enum ska_status add_group(struct ska_tlog_policy *p, const struct words *w)
{
    struct ska_policy_member *m;
    const size_t self = p->n_members;
    uint32_t threshold;
    if (w->n < 4)
        return SKA_E_FORMAT;
    SKA_TRY(parse_threshold(&threshold, w->at[2], w->n - 3));
    for (size_t i = 3; i < w->n; i++) {
        const size_t member = find(p, w->at[i]);
        if (member == SKA_POLICY_NONE)
            return SKA_E_FORMAT;
        if (p->members[member].parent != SKA_POLICY_NONE)
            return SKA_E_CONFLICT; /* it would count twice */
        p->members[member].parent = self;
    }
    SKA_TRY(add_member(&m, p, w->at[1]));
    m->is_group = true;
    m->threshold = threshold;
    return SKA_OK;
}

static enum ska_status set_quorum(struct ska_tlog_policy *p, bool *has_quorum,
                                  const struct words *w)
{
    if (w->n != 2)
        return SKA_E_FORMAT;
    if (*has_quorum)
        return SKA_E_CONFLICT;
    *has_quorum = true;
    p->quorum = is_word(w->at[1], "none") ? SKA_POLICY_NONE : find(p, w->at[1]);
    return p->quorum == SKA_POLICY_NONE && !is_word(w->at[1], "none") ? SKA_E_FORMAT : SKA_OK;
}

static enum ska_status parse_line(struct ska_tlog_policy *p, bool *has_quorum,
                                  struct ska_slice line)
{
    struct words w;
    SKA_TRY(split(&w, line));
    if (w.n == 0)
        return SKA_OK;
    if (is_word(w.at[0], "log"))
        return add_log(p, &w);
    if (is_word(w.at[0], "witness"))
        return add_witness(p, &w);
    if (is_word(w.at[0], "group"))
        return add_group(p, &w);
    return is_word(w.at[0], "quorum") ? set_quorum(p, has_quorum, &w) : SKA_E_FORMAT;
}

/* What is wrong with a line, for whoever wrote it. */
static const char *fault_of(enum ska_status status)
{
    if (status == SKA_E_FORMAT)
        return ska_text("expected \"log KEY\", \"witness NAME KEY [URL]\", \"group NAME all|any|N "
                        "NAME...\" of names above, or \"quorum NAME\"");
    if (status == SKA_E_MISMATCH)
        return ska_text("the key was changed or cut: its identifier does not belong to it");
    if (status == SKA_E_UNSUPPORTED)
        return ska_text("the key is of another type than the line: a log's for a witness, or a "
                        "witness's for a log");
    if (status == SKA_E_CONFLICT)
        return ska_text("a name, a key or a member of a group stands twice");
    return ska_status_text(status);
}

enum ska_status ska_policy_parse(struct ska_tlog_policy *out, const uint8_t *text, size_t len,
                                 struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *p = ska_alloc(1, sizeof *p);
    struct ska_slice rest = {text, len}, line;
    bool has_quorum = false;
    if (p == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    if (len > SKA_POLICY_BYTES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%s", ska_status_text(SKA_E_LIMIT));
    for (size_t number = 1; rest.len > 0; number++) {
        enum ska_status status = ska_note_line(&line, &rest);
        if (status == SKA_OK)
            status = check_octets(line.data, line.len);
        if (status == SKA_OK)
            status = parse_line(p, &has_quorum, line);
        if (status != SKA_OK)
            return ska_fail(err, status, "line %zu of the policy: %s", number, fault_of(status));
    }
    if (!has_quorum)
        return ska_fail(err, SKA_E_FORMAT, "the policy has no line \"quorum\"");
    *out = *p;
    return SKA_OK;
}

/* Members stand before their group: one walk decides all. */
bool ska_policy_is_met(const struct ska_tlog_policy *policy,
                       const bool witnessed[static SKA_POLICY_MEMBERS_MAX])
{
    uint32_t n_met[SKA_POLICY_MEMBERS_MAX] = {0};
    bool is_met = policy->quorum == SKA_POLICY_NONE;
    for (size_t i = 0; i < policy->n_members; i++) {
        const struct ska_policy_member *m = &policy->members[i];
        const bool met = m->is_group ? n_met[i] >= m->threshold : witnessed[i];
        if (met && m->parent != SKA_POLICY_NONE)
            n_met[m->parent]++;
        if (met && i == policy->quorum)
            is_met = true;
    }
    return is_met;
}

/* The log that signed under its own name, whose every signature must hold. */
static enum ska_status find_log(struct ska_policy_result *r, const struct ska_tlog_policy *policy,
                                const struct ska_note *note)
{
    for (size_t i = 0; i < policy->n_logs; i++) {
        if (strcmp(policy->logs[i].name, r->checkpoint.origin) != 0)
            continue;
        enum ska_status status = ska_note_verify(note, &policy->logs[i]);
        if (status != SKA_OK && status != SKA_E_NOT_FOUND)
            return status;
        if (status == SKA_OK)
            r->log = &policy->logs[i];
    }
    return r->log == NULL ? SKA_E_NOT_FOUND : SKA_OK;
}

enum ska_status ska_policy_verify(struct ska_policy_result *out,
                                  const struct ska_tlog_policy *policy, const struct ska_note *note)
{
    struct ska_policy_result r = {0};
    SKA_TRY(ska_checkpoint_parse(&r.checkpoint, note->text));
    SKA_TRY(find_log(&r, policy, note));
    for (size_t i = 0; i < policy->n_members; i++) {
        if (policy->members[i].is_group)
            continue;
        enum ska_status status =
            ska_cosignature_verify(&r.time_s[i], note, &policy->members[i].key);
        if (status != SKA_OK && status != SKA_E_NOT_FOUND)
            return status;
        r.witnessed[i] = status == SKA_OK;
    }
    *out = r;
    return ska_policy_is_met(policy, r.witnessed) ? SKA_OK : SKA_E_BATCH_SIZE;
}
