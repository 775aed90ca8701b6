/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * command_sign.c - sign: the second person checks a draft on a machine of their own, and signs it.
 *
 * The draft is audited whole, by the auditor's code and the second person's own trust file; nothing
 * may be missing but this signature. What was signed is kept in HOME/signed-releases, so that no
 * two drafts of one number or one period are signed without a word, and so that each release is
 * seen to follow the one signed before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/beside.h"
#include "audit/check.h"
#include "audit/parallel.h"
#include "audit/words.h"
#include "crypto/hash.h"
#include "crypto/scoped.h"
#include "protocol/tlog_policy.h"
#include "reports/commands.h"
#include "reports/home.h"
#include "reports/period.h"
#include "reports/preview.h"
#include "reports/release.h"
#include "reports/signed_releases.h"
#include "support/file.h"
#include "support/language.h"

#define TRUST_FILE "trust"

/* What signing works with. Valid when zeroed. */
struct signing {
    struct ska_signing_key key; /* secret */
    struct trust trust;
    uint8_t *draft;
    size_t len;
    uint8_t *policy; /* of the public log, the signer's own; NULL: none is given */
    size_t policy_len;
    struct beside beside; /* the bundles of earlier releases */
    struct evidence evidence;
};

static void signing_clear(struct signing *s)
{
    ska_signing_key_clear(&s->key);
    evidence_clear(&s->evidence);
    free(s->draft);
    free(s->policy);
    beside_clear(&s->beside);
    *s = (struct signing){0};
}

static enum ska_status read_key(struct signing *s, const char *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(home, "second.key");
    if (path == NULL)
        return SKA_E_MEMORY;
    enum ska_status status = keyfile_read_signing(&s->key, path, err);
    if (status != SKA_E_NOT_FOUND)
        return status;
    ska_error_clear(err);
    return ska_fail(err, status,
                    tr("%s finns inte; kör skarva-publish init --second --home %s",
                       "no %s; run skarva-publish init --second --home %s"),
                    path, home);
}

static enum ska_status read_trust(struct signing *s, const struct options *o, const char *home,
                                  struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free)
    char *path = o->trust != NULL ? strdup(o->trust) : file_join(home, TRUST_FILE);
    if (path == NULL)
        return SKA_E_MEMORY;
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    struct ska_error inner = {0};
    size_t len = 0;
    SKA_TRY(file_read(&text, &len, path, TRUST_BYTES_MAX, err));
    enum ska_status status = trust_parse(&s->trust, (struct ska_slice){text, len}, &inner);
    if (status != SKA_OK)
        return ska_fail(err, status, "%s: %s", path, inner.text);
    if (memcmp(s->trust.key[TRUST_SECOND], s->key.public_key, 32) != 0)
        return ska_fail(err, SKA_E_MISMATCH,
                        tr("%s: raden \"second\" är inte nyckeln i %s/second.key",
                           "%s: the line \"second\" is not the key in %s/second.key"),
                        path, home);
    return SKA_OK;
}

/* The whole audit; every check must pass but the one that our signature will make pass. */
static enum ska_status audit_draft(struct signing *s, struct ska_error *err)
{
    static struct finding findings[N_CHECKS];
    (void)words_choose(language_is_swedish() ? "sv" : "en"); /* both are known */
    s->evidence = (struct evidence){.archive = {s->draft, s->len},
                                    .trust = &s->trust,
                                    .policy = {s->policy, s->policy_len},
                                    .jobs = parallel_cores(),
                                    .given = s->beside.at,
                                    .n_given = s->beside.n};
    s->evidence.earlier.archive = beside_corrected(&s->beside, s->evidence.archive);
    check_all(findings, &s->evidence, NULL);
    size_t n_bad = 0, first = N_CHECKS;
    for (size_t i = 0; i < N_CHECKS; i++) {
        if (findings[i].outcome == OUTCOME_PASS || i == CHECK_RELEASE_SECOND_SIGNATURE)
            continue;
        first = n_bad++ == 0 ? i : first;
    }
    if (n_bad > 0)
        return ska_fail(err, SKA_E_PROOF,
                        tr("utkastet håller inte, skriv inte under: %s: %s (och %zu till)",
                           "the draft does not hold, do not sign: %s: %s (and %zu more)"),
                        check_table[first].id, findings[first].detail, n_bad - 1);
    if (findings[CHECK_RELEASE_SECOND_SIGNATURE].outcome == OUTCOME_PASS)
        return ska_fail(err, SKA_E_CONFLICT,
                        tr("det här är inget utkast: det är redan undertecknat",
                           "this is no draft: it is signed already"));
    printf(tr("%u av %u kontroller är godkända; den som saknas är din underskrift.\n\n",
              "%u of %u checks pass; what is missing is your signature.\n\n"),
           N_CHECKS - 1, N_CHECKS);
    return SKA_OK;
}

/* What the signer is to see. */
static enum ska_status show(const struct signing *s, struct ska_error *err)
{
    const struct evidence *e = &s->evidence;
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *year = ska_alloc(e->task->n_figures, 1);
    if (year == NULL)
        return SKA_E_MEMORY;
    for (uint32_t j = 0; e->has_year && j < e->task->n_figures; j++)
        year[j] = ska_linked_is_absent(e->linked, e->task->n_figures + j)
                      ? PREVIEW_MISSING
                      : e->hidden_reason[e->task->n_figures + j];
    const struct preview_input input = {
        .task = e->task, .reason = e->hidden_reason, .year_reason = e->has_year ? year : NULL};
    char previous[65];
    preview_write(&w, &input);
    SKA_TRY(ska_writer_status(&w));
    if (fwrite(w.data, 1, w.len, stdout) != w.len)
        return ska_fail(err, SKA_E_FILE, "%s", ska_status_text(SKA_E_FILE));
    ska_hex_encode(previous, e->release.place.previous, 32);
    if (e->release.place.number == 1)
        printf(tr("Utgåva 1 av %s, den första.\n", "Release 1 of %s, the first.\n"),
               e->task->parameters.collection);
    else
        printf(tr("Utgåva %u av %s. Den före har SHA-256\n  %s\n",
                  "Release %u of %s. The one before has SHA-256\n  %s\n"),
               e->release.place.number, e->task->parameters.collection, previous);
    return SKA_OK;
}

/* Anything but a yes is a no. */
static enum ska_status ask(const struct options *o, struct ska_error *err)
{
    char answer[16] = "";
    if (o->yes)
        return SKA_OK;
    if (!isatty(STDIN_FILENO))
        return ska_fail(err, SKA_E_USAGE,
                        tr("utan tangentbord: ange --yes för att skriva under",
                           "without a keyboard: give --yes to sign"));
    printf("%s", tr("Skriva under? (ja/nej) ", "Sign? (yes/no) "));
    (void)fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) != NULL && answer[0] != '\0' &&
        strchr("jJyY", answer[0]) != NULL)
        return SKA_OK;
    return ska_fail(err, SKA_E_STATE, tr("inget skrevs under", "nothing was signed"));
}

/* Sign, remember, and write the signature. */
static enum ska_status sign(struct signing *s, struct signed_releases *before, const char *home,
                            const char *path, struct ska_error *err)
{
    const struct evidence *e = &s->evidence;
    uint8_t signature[SKA_SIGNATURE_BYTES];
    char text[RELEASE_SIGNATURE_TEXT_MAX];
    struct signed_release r = {.place = e->release.place, .revision = e->task->parameters.revision};
    memcpy(r.collection, e->task->context.collection_hash, sizeof r.collection);
    memcpy(r.period, e->task->parameters.period, sizeof r.period);
    SKA_TRY(ska_release_sign(signature, SKA_RELEASE_SECOND, &s->key, e->release.body));
    SKA_TRY(release_put_second(s->draft, s->len, signature, err));
    ska_sha256(r.bundle_sha256, s->draft, s->len);
    SKA_TRY(signed_releases_add(before, &r));
    SKA_TRY(signed_releases_write(before, home, err));
    release_signature_text(text, e->task->context.task_id, signature);
    SKA_TRY(file_write(path, text, strlen(text), false, err));
    char name[PERIOD_NAME_MAX + 1];
    period_name(name, r.period, r.revision);
    printf(tr("Underskriften är skriven: %s\nUtgivaren kör: skarva-publish publish %s "
              "--signature %s\n",
              "The signature is written: %s\nThe publisher runs: skarva-publish publish %s "
              "--signature %s\n"),
           path, name, path);
    return SKA_OK;
}

static enum ska_status check_before(const struct signing *s, const struct signed_releases *before,
                                    const struct options *o, struct ska_error *err)
{
    const struct evidence *e = &s->evidence;
    struct ska_error why = {0};
    enum ska_status status =
        signed_releases_check(before, e->task->context.collection_hash, e->task->parameters.period,
                              e->task->parameters.revision, &e->release.place, &why);
    if (status == SKA_OK)
        return SKA_OK;
    if (o->again) {
        printf("%s\n", why.text);
        return SKA_OK;
    }
    return ska_fail(err, status,
                    tr("%s. Ta reda på varför; --again skriver under ändå",
                       "%s. Find out why; --again signs all the same"),
                    why.text);
}

enum ska_status command_sign(const struct options *o, struct ska_error *err)
{
    char buffer[HOME_PATH_MAX + 1], beside[HOME_PATH_MAX + 32];
    const char *home = home_folder(o, buffer);
    SKA_SCOPED(signing_clear) struct signing s = {0};
    SKA_SCOPED(signed_releases_clear) struct signed_releases before = {0};
    if (home == NULL || o->draft == NULL || o->n_periods != 1)
        return ska_fail(err, SKA_E_USAGE,
                        tr("så här: skarva-publish sign 2025Q2 --home MAPP --trust FIL --draft FIL",
                           "like this: skarva-publish sign 2025Q2 --home FOLDER --trust FILE "
                           "--draft FILE"));
    if (strlen(o->draft) > HOME_PATH_MAX)
        return ska_fail(err, SKA_E_USAGE, "--draft: %s", ska_status_text(SKA_E_LIMIT));
    (void)snprintf(beside, sizeof beside, "%s.signature", o->draft); /* measured above */
    SKA_TRY(read_key(&s, home, err));
    SKA_TRY(home_lock(home, err));
    SKA_TRY(read_trust(&s, o, home, err));
    SKA_TRY(signed_releases_read(&before, home, err));
    SKA_TRY(file_read(&s.draft, &s.len, o->draft, SKA_BUNDLE_BYTES_MAX, err));
    SKA_TRY(beside_read(&s.beside, (struct ska_slice){s.draft, s.len}, o->draft, o->earlier, err));
    if (o->log_policy != NULL)
        SKA_TRY(file_read(&s.policy, &s.policy_len, o->log_policy, SKA_POLICY_BYTES_MAX, err));
    ska_group_init();
    SKA_TRY(audit_draft(&s, err));
    const struct ska_parameters *p = &s.evidence.task->parameters;
    char base[SKA_PERIOD_MAX + 1];
    uint32_t revision = 0;
    if (!period_split(base, &revision, o->periods[0]) || strcmp(p->period, base) != 0 ||
        p->revision != revision)
        return ska_fail(err, SKA_E_TASK,
                        tr("%s: utkastet gäller %s, inte %s", "%s: the draft is of %s, not %s"),
                        o->draft, p->period, o->periods[0]);
    SKA_TRY(show(&s, err));
    SKA_TRY(check_before(&s, &before, o, err));
    SKA_TRY(ask(o, err));
    return sign(&s, &before, home, o->signature != NULL ? o->signature : beside, err);
}
