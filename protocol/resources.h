/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * resources.h - our own HTTP resources beside DAP's, and all media types. {task} is the base64url
 * task identifier; paths are relative to the aggregator's URL.
 *
 *   GET  skarva/tasks                             leader; anyone
 *        -> task list
 *   GET  skarva/tasks/{task}/parameters           leader, helper; anyone
 *        -> signed parameters
 *   PUT  skarva/tasks/{task}/parameters           leader; publisher (signature)
 *        signed parameters (publisher's signature only) -> signed by all three
 *   PUT  skarva/tasks/{task}/parameters           helper; leader (mutual TLS)
 *        signed parameters (publisher's and leader's) -> signed by all three
 *   POST skarva/tasks/{task}/control              leader; publisher (signature)
 *        control -> task status; 202 while a close is going on
 *   POST skarva/tasks/{task}/control              helper; leader (mutual TLS)
 *        control, for close followed by opaque32 accepted list | leader's signature[64]
 *        -> task status, for close followed by helper's signature[64] over the list
 *   GET  skarva/tasks/{task}/status               leader, helper; anyone
 *        -> task status
 *   POST skarva/tasks/{task}/submissions          leader; contributor (signature)
 *        query -> submission statuses with receipts
 *   GET  skarva/tasks/{task}/accepted             leader; anyone, once closed
 *        -> signed accepted list
 *   GET  skarva/tasks/{task}/public_shares/{contributor}    leader; anyone, once closed
 *        -> report_id[16] | public share of the counted submission
 *   GET  skarva/tasks/{task}/changes              leader; anyone, once a correction is collected
 *        -> both aggregators' openings of the flags (protocol/revision.h)
 *   PUT  skarva/tasks/{task}/release              leader; publisher (the release's signatures)
 *        the bundle's file `release`, both signatures -> log leaf, the entry of type 9
 *   PUT  skarva/tasks/{task}/release              helper; leader (mutual TLS): the same
 *   PUT  skarva/verifier                          leader; publisher (signature)
 *        verifier statement | the built file (protocol/verifier.h) -> log leaf, of type 10
 *   PUT  skarva/verifier                          helper; leader (mutual TLS): the same
 *
 *   GET  skarva/log/proof/{leaf hash in lower-case hexadecimal}      leader; anyone
 *        -> tlog-proof (text/plain) under the published checkpoint; 202 if it is not in that yet
 *   POST skarva/log/extend                        helper; leader (mutual TLS)
 *        u64 old_size | u32 n | n x opaque16 leaf | opaque32 checkpoint
 *        -> opaque16 cosignature line; 409 with u64 size if old_size is not the helper's
 *   GET  log/...                                  leader; anyone: the public log as files (log.md)
 *
 * To collect a correction, the leader's control to the helper is followed by opaque32 its changes,
 * and the helper's task status by opaque32 its own.
 *
 * Errors are problem documents (RFC 9457) with the draft's types where one fits, else "about:blank"
 * with our status name in "detail".
 */
#ifndef SKA_RESOURCES_H
#define SKA_RESOURCES_H

#define SKA_MEDIA_DAP_PREFIX "application/ppm-dap;message="
#define SKA_MEDIA_PROBLEM "application/problem+json"
#define SKA_MEDIA_PARAMETERS "application/skarva;message=signed-parameters"
#define SKA_MEDIA_CONTROL "application/skarva;message=control"
#define SKA_MEDIA_TASK_STATUS "application/skarva;message=task-status"
#define SKA_MEDIA_TASK_LIST "application/skarva;message=task-list"
#define SKA_MEDIA_QUERY "application/skarva;message=query"
#define SKA_MEDIA_SUBMISSIONS "application/skarva;message=submissions"
#define SKA_MEDIA_ACCEPTED "application/skarva;message=signed-accepted"
#define SKA_MEDIA_PUBLIC_SHARE "application/skarva;message=public-share"
#define SKA_MEDIA_CHANGES "application/skarva;message=changes"
#define SKA_MEDIA_RELEASE "application/skarva;message=release"
#define SKA_MEDIA_VERIFIER "application/skarva;message=verifier"
#define SKA_MEDIA_LOG_LEAF "application/skarva;message=log-leaf"
#define SKA_MEDIA_LOG_EXTENSION "application/skarva;message=log-extension"
#define SKA_MEDIA_LOG_COSIGNATURE "application/skarva;message=log-cosignature"
#define SKA_MEDIA_LOG_SIZE "application/skarva;message=log-size"
#define SKA_MEDIA_TEXT "text/plain;charset=utf-8"

#endif
