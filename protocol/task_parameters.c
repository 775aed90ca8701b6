/* SPDX-License-Identifier: EUPL-1.2 */
/* task_parameters.c - the parameters of a task: what values they may have, and their bytes. */
#include "protocol/task.h"

#include "crypto/scoped.h"
#include "protocol/dap.h"
#include "protocol/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char https[] = "https://";

SKA_DEFINE_RELEASE(struct ska_layout *, layout_release, ska_layout_free)

void ska_parameters_clear(struct ska_parameters *p)
{
    if (p == NULL)
        return;
    ska_catalogue_free(p->catalogue);
    ska_roster_clear(&p->roster);
    ska_groups_clear(&p->groups);
    *p = (struct ska_parameters){0};
}

/* Letters, digits and what else stands in authority and path of a URL that nobody re-encodes
 * (RFC 3986): no user, query or fragment. */
static bool is_url_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("-._~:/[]%", c) != NULL);
}

static enum ska_status check_url(const char *url, const char *field, struct ska_error *err)
{
    size_t len = strnlen(url, SKA_URL_MAX + 1);
    if (len > SKA_URL_MAX)
        return ska_fail(err, SKA_E_LIMIT, "%s: longer than %d bytes", field, SKA_URL_MAX);
    size_t start = sizeof https - 1;
    if (len < start + 2 || memcmp(url, https, start) != 0 || url[start] == '/')
        return ska_fail(err, SKA_E_FORMAT, "%s: must be \"https://\", a host, and more", field);
    if (url[len - 1] != '/')
        return ska_fail(err, SKA_E_FORMAT, "%s: must end in a slash", field);
    for (size_t i = start; i < len; i++) {
        if (!is_url_character(url[i]))
            return ska_fail(err, SKA_E_FORMAT,
                            "%s: the character at byte %zu does not belong in it", field, i);
    }
    return SKA_OK;
}

static enum ska_status check_names(const struct ska_parameters *p, struct ska_error *err)
{
    enum ska_status status =
        ska_code_check(p->collection, strnlen(p->collection, sizeof p->collection));
    if (status != SKA_OK)
        return ska_fail(err, status, "collection: 1 to %d of A-Z a-z 0-9 _ -", SKA_CODE_MAX);
    if (p->cadence < SKA_MONTH || p->cadence > SKA_YEAR)
        return ska_fail(err, SKA_E_RANGE, "cadence: %d is none", (int)p->cadence);
    status = ska_period_check(p->period, strnlen(p->period, sizeof p->period));
    enum ska_cadence cadence;
    uint32_t year;
    uint32_t part;
    if (status == SKA_OK)
        status = ska_period_parse(&cadence, &year, &part, p->period);
    if (status != SKA_OK)
        return ska_fail(err, status, "period: \"%.*s\" names none", SKA_PERIOD_MAX, p->period);
    if (cadence != p->cadence)
        return ska_fail(err, SKA_E_RANGE, "period: %s does not belong to the task's cadence",
                        p->period);
    if (p->revision > SKA_REVISION_MAX)
        return ska_fail(err, SKA_E_RANGE, "revision: %u is over %u", p->revision, SKA_REVISION_MAX);
    if (p->revision == 0 && p->previous.exists)
        return ska_fail(err, SKA_E_RANGE, "previous: revision 0 corrects nothing");
    return SKA_OK;
}

static enum ska_status check_window(const struct ska_parameters *p, struct ska_error *err)
{
    uint64_t end;
    if (p->window_start_s % SKA_TIME_PRECISION_S != 0 ||
        p->window_duration_s % SKA_TIME_PRECISION_S != 0)
        return ska_fail(err, SKA_E_RANGE, "window: start and duration must be multiples of %u s",
                        SKA_TIME_PRECISION_S);
    if (p->window_duration_s == 0)
        return ska_fail(err, SKA_E_RANGE, "window: its duration is 0");
    if (__builtin_add_overflow(p->window_start_s, p->window_duration_s, &end) ||
        end > SKA_TIME_MAX_S)
        return ska_fail(err, SKA_E_RANGE, "window: its end is after the year 9999");
    return SKA_OK;
}

/* A hidden small value lies in [1, threshold - 1], or from 0 where zeros are hidden too, and a
 * hidden number of answers in [0, min_contributors - 1]: no more can be left open than these
 * ranges. */
static enum ska_status check_measures(const struct ska_policy *policy, struct ska_error *err)
{
    uint64_t small = policy->threshold - 1;
    if (policy->show_zero && small > 0)
        small--;
    uint64_t most = small < policy->min_contributors - 1 ? small : policy->min_contributors - 1;
    if (most == 0)
        most = 1; /* nothing is small then */
    if (policy->protection < 1 || policy->protection > most)
        return ska_fail(err, SKA_E_RANGE,
                        "protection: %" PRIu64 " is not from 1 to %" PRIu64
                        ", the range of what the policy hides",
                        policy->protection, most);
    /* A larger base would show as 0 what is none. */
    if (policy->rounding == 1 || policy->rounding > SKA_ROUNDING_MAX ||
        policy->rounding > policy->threshold)
        return ska_fail(err, SKA_E_RANGE,
                        "rounding: 0, or a base from 2 to %u that is not above the threshold",
                        SKA_ROUNDING_MAX);
    return SKA_OK;
}

static enum ska_status check_policy(const struct ska_parameters *p, struct ska_error *err)
{
    const struct ska_policy *policy = &p->policy;
    if (p->roster.n < SKA_MIN_CONTRIBUTORS_FLOOR)
        return ska_fail(err, SKA_E_BATCH_SIZE,
                        "roster: a collection needs at least %u contributors, this one has %u; "
                        "with fewer, one could work out another's figures from the totals",
                        SKA_MIN_CONTRIBUTORS_FLOOR, p->roster.n);
    if (policy->min_contributors < SKA_MIN_CONTRIBUTORS_FLOOR)
        return ska_fail(err, SKA_E_RANGE, "min_contributors: %u is below %u",
                        policy->min_contributors, SKA_MIN_CONTRIBUTORS_FLOOR);
    if (policy->min_contributors > p->roster.n)
        return ska_fail(err, SKA_E_RANGE, "min_contributors: %u, but the roster has %u",
                        policy->min_contributors, p->roster.n);
    if (policy->threshold < 1)
        return ska_fail(err, SKA_E_RANGE, "threshold: must be at least 1");
    return check_measures(policy, err);
}

static const uint8_t none[32];

bool ska_parameters_have_log(const struct ska_parameters *p)
{
    return memcmp(p->log_policy, none, sizeof none) != 0;
}

static bool is_equal_key(const uint8_t a[static 32], const uint8_t b[static 32])
{
    return memcmp(a, b, 32) == 0;
}

static enum ska_status check_keys(const struct ska_parameters *p, struct ska_error *err)
{
    const struct {
        const uint8_t *key;
        const char *name;
    } keys[] = {{p->publisher_key, "publisher_key"},
                {p->second_key, "second_key"},
                {p->leader_key, "leader_key"},
                {p->helper_key, "helper_key"},
                {p->leader_hpke.public_key, "leader_hpke"},
                {p->helper_hpke.public_key, "helper_hpke"},
                {p->collector_hpke_key, "collector_hpke_key"}};
    const size_t n = sizeof keys / sizeof keys[0];
    for (size_t i = 0; i < n; i++) {
        if (is_equal_key(keys[i].key, none))
            return ska_fail(err, SKA_E_RANGE, "%s: missing", keys[i].name);
        for (size_t j = 0; j < i; j++) {
            if (is_equal_key(keys[i].key, keys[j].key))
                return ska_fail(err, SKA_E_CONFLICT, "%s and %s are the same", keys[j].name,
                                keys[i].name);
        }
    }
    uint8_t ours[32];
    ska_proof_generators_hash(ours);
    if (!is_equal_key(p->generators_hash, ours))
        return ska_fail(err, SKA_E_MISMATCH, "generators_hash: not that of this program's");
    return SKA_OK;
}

enum ska_status ska_parameters_check(const struct ska_parameters *p, struct ska_error *err)
{
    SKA_TRY(check_names(p, err));
    SKA_TRY(check_window(p, err));
    SKA_TRY(check_policy(p, err));
    SKA_TRY(check_url(p->leader_url, "leader_url", err));
    SKA_TRY(check_url(p->helper_url, "helper_url", err));
    if (strcmp(p->leader_url, p->helper_url) == 0)
        return ska_fail(err, SKA_E_CONFLICT, "leader_url and helper_url are the same");
    SKA_TRY(check_keys(p, err));
    if (p->catalogue == NULL)
        return ska_fail(err, SKA_E_RANGE, "catalogue: missing");
    SKA_TRY(ska_groups_check(&p->groups, &p->roster, p->policy.min_contributors, err));
    SKA_SCOPED(layout_release) struct ska_layout *layout = NULL;
    return ska_layout_new(&layout, p->catalogue, p->cadence, err);
}

static void write_previous(struct ska_writer *w, const struct ska_parameters *p)
{
    if (p->revision == 0)
        return;
    ska_write_u8(w, p->previous.exists ? 1 : 0);
    if (!p->previous.exists)
        return;
    ska_write_bytes(w, p->previous.task_id, sizeof p->previous.task_id);
    ska_write_bytes(w, p->previous.accepted_hash, sizeof p->previous.accepted_hash);
}

void ska_policy_encode(struct ska_writer *w, const struct ska_policy *policy)
{
    ska_write_u32(w, policy->min_contributors);
    ska_write_u64(w, policy->threshold);
    ska_write_u8(w, policy->show_zero ? 1 : 0);
    ska_write_u64(w, policy->protection);
    ska_write_u64(w, policy->rounding);
}

static void write_recipient(struct ska_writer *w, const struct ska_hpke_recipient *to)
{
    const struct ska_dap_hpke_config config = ska_dap_hpke_config_of(to);
    ska_dap_hpke_config_write(w, &config);
}

enum ska_status ska_parameters_encode(struct ska_writer *w, const struct ska_parameters *p)
{
    size_t before = w->len;
    ska_write_u8(w, SKA_PARAMETERS_VERSION);
    ska_write_string8(w, p->collection);
    ska_write_string8(w, p->period);
    ska_write_u32(w, p->revision);
    write_previous(w, p);
    ska_write_u8(w, (uint8_t)p->cadence);
    ska_write_u64(w, p->window_start_s);
    ska_write_u64(w, p->window_duration_s);
    ska_policy_encode(w, &p->policy);
    ska_write_string16(w, p->leader_url);
    ska_write_string16(w, p->helper_url);
    ska_write_bytes(w, p->publisher_key, sizeof p->publisher_key);
    ska_write_bytes(w, p->second_key, sizeof p->second_key);
    ska_write_bytes(w, p->leader_key, sizeof p->leader_key);
    ska_write_bytes(w, p->helper_key, sizeof p->helper_key);
    write_recipient(w, &p->leader_hpke);
    write_recipient(w, &p->helper_hpke);
    ska_write_u8(w, p->collector_hpke_config_id);
    ska_write_bytes(w, p->collector_hpke_key, sizeof p->collector_hpke_key);
    ska_write_bytes(w, p->generators_hash, sizeof p->generators_hash);
    ska_write_bytes(w, p->log_policy, sizeof p->log_policy);
    size_t catalogue = ska_write_open32(w);
    ska_catalogue_encode(w, p->catalogue);
    ska_write_close32(w, catalogue);
    size_t roster = ska_write_open32(w);
    ska_roster_encode(w, &p->roster);
    ska_write_close32(w, roster);
    size_t groups = ska_write_open32(w);
    ska_groups_encode(w, &p->groups);
    ska_write_close32(w, groups);
    if (w->status == SKA_OK && w->len - before > SKA_PARAMETERS_BYTES_MAX)
        w->status = SKA_E_LIMIT;
    return ska_writer_status(w);
}

static enum ska_status read_previous(struct ska_parameters *p, struct ska_reader *r)
{
    uint8_t exists = 0;
    if (p->revision == 0)
        return SKA_OK;
    SKA_TRY(ska_read_u8(&exists, r));
    if (exists > 1)
        return SKA_E_RANGE;
    p->previous.exists = exists == 1;
    if (exists == 0)
        return SKA_OK;
    SKA_TRY(ska_read_bytes(p->previous.task_id, sizeof p->previous.task_id, r));
    return ska_read_bytes(p->previous.accepted_hash, sizeof p->previous.accepted_hash, r);
}

static enum ska_status read_policy(struct ska_policy *policy, struct ska_reader *r)
{
    uint8_t show_zero;
    SKA_TRY(ska_read_u32(&policy->min_contributors, r));
    SKA_TRY(ska_read_u64(&policy->threshold, r));
    SKA_TRY(ska_read_u8(&show_zero, r));
    if (show_zero > 1)
        return SKA_E_RANGE;
    policy->show_zero = show_zero == 1;
    SKA_TRY(ska_read_u64(&policy->protection, r));
    return ska_read_u64(&policy->rounding, r);
}

static enum ska_status read_url(char url[static SKA_URL_MAX + 1], struct ska_reader *r)
{
    return ska_read_text16(url, r, SKA_URL_MAX);
}

/* Another suite would have keys of another length: nothing but ours has a place in the struct. */
static enum ska_status read_recipient(struct ska_hpke_recipient *to, struct ska_reader *r)
{
    struct ska_dap_hpke_config config;
    SKA_TRY(ska_dap_hpke_config_read(&config, r));
    if (!ska_dap_hpke_config_is_supported(&config))
        return SKA_E_UNSUPPORTED;
    to->config_id = config.id;
    memcpy(to->public_key, config.public_key.data, sizeof to->public_key);
    return SKA_OK;
}

/* All before the catalogue. */
static enum ska_status read_head(struct ska_parameters *p, struct ska_reader *r)
{
    uint8_t version;
    uint8_t cadence;
    SKA_TRY(ska_read_u8(&version, r));
    if (version != SKA_PARAMETERS_VERSION)
        return SKA_E_VERSION;
    SKA_TRY(ska_read_code(p->collection, r));
    SKA_TRY(ska_read_period(p->period, r));
    SKA_TRY(ska_read_u32(&p->revision, r));
    SKA_TRY(read_previous(p, r));
    SKA_TRY(ska_read_u8(&cadence, r));
    if (cadence < SKA_MONTH || cadence > SKA_YEAR)
        return SKA_E_RANGE;
    p->cadence = (enum ska_cadence)cadence;
    SKA_TRY(ska_read_u64(&p->window_start_s, r));
    SKA_TRY(ska_read_u64(&p->window_duration_s, r));
    SKA_TRY(read_policy(&p->policy, r));
    SKA_TRY(read_url(p->leader_url, r));
    SKA_TRY(read_url(p->helper_url, r));
    SKA_TRY(ska_read_bytes(p->publisher_key, sizeof p->publisher_key, r));
    SKA_TRY(ska_read_bytes(p->second_key, sizeof p->second_key, r));
    SKA_TRY(ska_read_bytes(p->leader_key, sizeof p->leader_key, r));
    SKA_TRY(ska_read_bytes(p->helper_key, sizeof p->helper_key, r));
    SKA_TRY(read_recipient(&p->leader_hpke, r));
    SKA_TRY(read_recipient(&p->helper_hpke, r));
    SKA_TRY(ska_read_u8(&p->collector_hpke_config_id, r));
    SKA_TRY(ska_read_bytes(p->collector_hpke_key, sizeof p->collector_hpke_key, r));
    SKA_TRY(ska_read_bytes(p->generators_hash, sizeof p->generators_hash, r));
    return ska_read_bytes(p->log_policy, sizeof p->log_policy, r);
}

static enum ska_status read_catalogue(struct ska_parameters *p, struct ska_reader *r,
                                      struct ska_error *err)
{
    struct ska_reader inner;
    SKA_TRY(ska_read_opaque32(&inner.at, &inner.left, r, SKA_CATALOGUE_BYTES_MAX));
    SKA_TRY(ska_catalogue_decode(&p->catalogue, &inner, err));
    return ska_read_end(&inner);
}

static enum ska_status read_roster(struct ska_parameters *p, struct ska_reader *r)
{
    struct ska_reader inner;
    SKA_TRY(ska_read_opaque32(&inner.at, &inner.left, r, SKA_PARAMETERS_BYTES_MAX));
    SKA_TRY(ska_roster_decode(&p->roster, &inner));
    return ska_read_end(&inner);
}

static enum ska_status read_groups(struct ska_parameters *p, struct ska_reader *r)
{
    struct ska_reader inner;
    SKA_TRY(ska_read_opaque32(&inner.at, &inner.left, r, SKA_PARAMETERS_BYTES_MAX));
    SKA_TRY(ska_groups_decode(&p->groups, &inner));
    return ska_read_end(&inner);
}

enum ska_status ska_parameters_decode(struct ska_parameters *out, struct ska_slice bytes,
                                      struct ska_error *err)
{
    if (bytes.len > SKA_PARAMETERS_BYTES_MAX)
        return ska_fail(err, SKA_E_LIMIT, "parameters: longer than %u bytes",
                        SKA_PARAMETERS_BYTES_MAX);
    SKA_SCOPED(ska_parameters_clear) struct ska_parameters p = {0};
    struct ska_reader r;
    ska_reader_init(&r, bytes.data, bytes.len);
    enum ska_status status = read_head(&p, &r);
    if (status != SKA_OK)
        return ska_fail(err, status, "parameters: %s, before the catalogue",
                        ska_status_text(status));
    status = read_catalogue(&p, &r, err);
    if (status != SKA_OK)
        return ska_fail(err, status, "parameters: %s, in the catalogue", ska_status_text(status));
    status = read_roster(&p, &r);
    if (status != SKA_OK)
        return ska_fail(err, status, "parameters: %s, in the roster", ska_status_text(status));
    status = read_groups(&p, &r);
    if (status == SKA_OK)
        status = ska_read_end(&r);
    if (status != SKA_OK)
        return ska_fail(err, status, "parameters: %s, in the groups or after them",
                        ska_status_text(status));
    *out = p;
    p = (struct ska_parameters){0};
    return SKA_OK;
}
