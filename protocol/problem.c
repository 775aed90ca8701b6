/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * problem.c - problem documents (RFC 9457) with the types of draft-ietf-ppm-dap-18, section
 * "Errors".
 */
#include "protocol/dap.h"

#include "crypto/scoped.h"
#include "protocol/text.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#define URN_PREFIX "urn:ietf:params:ppm:dap:error:"
#define PROBLEM_BYTES_MAX 65536
#define N_PROBLEMS (SKA_PROBLEM_INVALID_EXTENSION + 1)

SKA_DEFINE_RELEASE(json_t *, json_release, json_decref)

static const struct {
    const char *type;
    const char *title;
} problems[N_PROBLEMS] = {
    [SKA_PROBLEM_NONE] = {"about:blank", NULL},
    [SKA_PROBLEM_INVALID_MESSAGE] = {URN_PREFIX "invalidMessage", "The message is invalid."},
    [SKA_PROBLEM_UNRECOGNIZED_TASK] = {URN_PREFIX "unrecognizedTask", "The task is unknown."},
    [SKA_PROBLEM_UNRECOGNIZED_AGGREGATION_JOB] = {URN_PREFIX "unrecognizedAggregationJob",
                                                  "The aggregation job is unknown."},
    [SKA_PROBLEM_BATCH_INVALID] = {URN_PREFIX "batchInvalid", "The query names no valid batch."},
    [SKA_PROBLEM_INVALID_BATCH_SIZE] = {URN_PREFIX "invalidBatchSize",
                                        "The number of reports in the batch is invalid."},
    [SKA_PROBLEM_INVALID_AGGREGATION_PARAMETER] = {URN_PREFIX "invalidAggregationParameter",
                                                   "The aggregation parameter is invalid."},
    [SKA_PROBLEM_BATCH_MISMATCH] = {URN_PREFIX "batchMismatch",
                                    "The aggregators disagree on the reports in the batch."},
    [SKA_PROBLEM_STEP_MISMATCH] = {URN_PREFIX "stepMismatch",
                                   "The aggregators disagree on the step of the aggregation."},
    [SKA_PROBLEM_BATCH_OVERLAP] = {URN_PREFIX "batchOverlap",
                                   "The batch holds reports that were collected before."},
    [SKA_PROBLEM_UNSUPPORTED_EXTENSION] = {URN_PREFIX "unsupportedExtension",
                                           "An extension is not supported."},
    [SKA_PROBLEM_INVALID_EXTENSION] = {URN_PREFIX "invalidExtension",
                                       "The extensions are out of order or invalid."},
};

const char *ska_problem_type(enum ska_problem problem)
{
    return (unsigned)problem < N_PROBLEMS ? problems[problem].type
                                          : problems[SKA_PROBLEM_NONE].type;
}

static void write_plain(struct ska_writer *w, const char *text)
{
    ska_write_bytes(w, text, strlen(text));
}

/* A JSON string (RFC 8259, section 7). Characters that text may not hold become a question mark. */
static void write_string(struct ska_writer *w, const char *text)
{
    write_plain(w, "\"");
    for (size_t len = strlen(text); len > 0;) {
        size_t width = ska_text_character(text, len);
        if (*text == '"' || *text == '\\')
            write_plain(w, "\\");
        if (width == 0)
            write_plain(w, "?");
        else
            ska_write_bytes(w, text, width);
        size_t step = width == 0 ? 1 : width;
        text += step;
        len -= step;
    }
    write_plain(w, "\"");
}

enum ska_status ska_problem_write(struct ska_writer *w, enum ska_problem problem, int http_status,
                                  const char *detail, const uint8_t *task_id)
{
    if ((unsigned)problem >= N_PROBLEMS || http_status < 100 || http_status > 599)
        return SKA_E_BUG;
    char number[16];
    (void)snprintf(number, sizeof number, "%d", http_status); /* three digits */
    write_plain(w, "{\"type\":");
    write_string(w, problems[problem].type);
    if (problems[problem].title != NULL) {
        write_plain(w, ",\"title\":");
        write_string(w, problems[problem].title);
    }
    write_plain(w, ",\"status\":");
    write_plain(w, number);
    if (detail != NULL) {
        write_plain(w, ",\"detail\":");
        write_string(w, detail);
    }
    if (task_id != NULL) {
        char text[44];
        ska_base64url_encode(text, task_id, 32);
        write_plain(w, ",\"taskid\":");
        write_string(w, text);
    }
    write_plain(w, "}");
    return ska_writer_status(w);
}

/* Copy what may be shown of `text`, cut to `size` at a character's end. */
static void copy_shown(char *out, size_t size, const char *text)
{
    size_t at = 0;
    for (size_t len = strlen(text); len > 0 && size > 0;) {
        size_t width = ska_text_character(text, len);
        size_t step = width == 0 ? 1 : width;
        if (step > size - 1 - at)
            break;
        if (width == 0)
            out[at] = '?';
        else
            memcpy(out + at, text, width);
        at += step;
        text += step;
        len -= step;
    }
    if (size > 0)
        out[at] = '\0';
}

enum ska_status ska_problem_read(char *type, size_t type_size, char *detail, size_t detail_size,
                                 struct ska_slice json)
{
    if (json.len == 0 || json.len > PROBLEM_BYTES_MAX)
        return SKA_E_FORMAT;
    SKA_SCOPED(json_release)
    json_t *root = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root))
        return SKA_E_FORMAT;
    const json_t *type_member = json_object_get(root, "type");
    const json_t *detail_member = json_object_get(root, "detail");
    if ((type_member != NULL && !json_is_string(type_member)) ||
        (detail_member != NULL && !json_is_string(detail_member)))
        return SKA_E_FORMAT;
    const char *urn = type_member != NULL ? json_string_value(type_member) : "about:blank";
    const size_t prefix_len = strlen(URN_PREFIX);
    bool is_ours = strncmp(urn, URN_PREFIX, prefix_len) == 0;
    copy_shown(type, type_size, is_ours ? urn + prefix_len : "");
    copy_shown(detail, detail_size, detail_member != NULL ? json_string_value(detail_member) : "");
    return SKA_OK;
}
