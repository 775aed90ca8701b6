/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * order.h - whether the entries of a log of ours tell of each task in the right order
 * (protocol/log_leaf.h). Entries of other logs, which do not have our form, are passed over.
 */
#ifndef SKA_WATCH_ORDER_H
#define SKA_WATCH_ORDER_H

#include "protocol/log_leaf.h"

#define WATCH_TASKS_MAX 4096u /* of one log; those beyond are not judged */

struct watch_task {
    uint8_t id[32];
    enum ska_log_stage stage;
};

/* What is known after some first entries. Valid when zeroed: after none. */
struct watch_order {
    struct watch_task *tasks; /* owned; WATCH_TASKS_MAX of them, or NULL */
    size_t n;
};
void watch_order_clear(struct watch_order *order);

/*
 * Go on with the next entry.
 *
 * Out: *leaf   the entry, if it is of our form; unchanged if not
 *      *stage  of its task before it
 *
 * Returns SKA_OK: it may stand here; SKA_E_STATE: it may not, and is passed over; SKA_E_MEMORY.
 */
enum ska_status watch_order_add(struct ska_log_leaf *leaf, enum ska_log_stage *stage,
                                struct watch_order *order, struct ska_slice entry) SKA_MUST_CHECK;

#endif
