/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * resources.h - our own HTTP resources beside DAP's, and all media types. {task} is the base64url
 * task identifier.
 *
 *   who serves      method and path                              by whom                 body ->
 * answer leader          GET  skarva/tasks                            anyone                  ->
 * task list leader, helper  GET  skarva/tasks/{task}/parameters          anyone                  ->
 * signed parameters leader          PUT  skarva/tasks/{task}/parameters          publisher
 * (signature)   signed parameters (publisher only) -> signed by all three helper          PUT
 * skarva/tasks/{task}/parameters          leader (mutual TLS)     signed parameters (publisher,
 * leader) -> signed by all three leader          POST skarva/tasks/{task}/control publisher
 * (signature)   control -> task status; 202 while a close is going on helper          POST
 * skarva/tasks/{task}/control             leader (mutual TLS)     control [| opaque32 accepted list
 * | leader signature[64] for close] -> task status (for close: task status | helper's signature[64]
 * over the list) leader, helper  GET  skarva/tasks/{task}/status              anyone -> task status
 *   leader          POST skarva/tasks/{task}/submissions         contributor (signature) query ->
 * submission statuses with receipts leader          GET  skarva/tasks/{task}/accepted anyone, once
 * closed     -> signed accepted list leader          GET
 * skarva/tasks/{task}/public_shares/{contributor}  anyone, once closed  -> report_id[16] | public
 * share of the counted submission
 *
 * Errors are problem documents (RFC 9457) with the draft's types where one fits, else "about:blank"
 * with our status name in "detail".
 */
#ifndef SKA_RESOURCES_H
#define SKA_RESOURCES_H

#define SKA_DAP_VERSION_TAG "dap-18"
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

#endif
