/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * groups_file.h - the file in which a publisher writes the groups of a collection
 * (docs/catalogue.md, "Groups"):
 *
 *     {"skarva_groups": 1,
 *      "groups": [{"code": "OST", "label": {"sv": "...", "en": "..."},
 *                  "members": ["2303", "2305", "2309"], "tile": [2, 0]}]}
 *
 * `members` are codes of contributors, `tile` is the place on the tile map (column, row), and may
 * be left out.
 */
#ifndef SKA_REPORTS_GROUPS_FILE_H
#define SKA_REPORTS_GROUPS_FILE_H

#include "protocol/groups.h"

#define GROUPS_FILE_MAX (1u << 20) /* bytes of the file */
#define GROUPS_TILE_MAX 100        /* columns and rows of the tile map */

/* Valid when zeroed. */
struct groups_file {
    struct ska_groups groups;
    int32_t (*tiles)[2]; /* owned, by group: column and row, or -1, -1 */
};

/* Read JSON text for a roster. `err` names the group and the field, after `path`. SKA_E_FORMAT,
 * SKA_E_RANGE, SKA_E_LIMIT, SKA_E_ROSTER (a member's code is not on the roster), SKA_E_MEMORY; that
 * the groups may be published is ska_groups_check's business. */
enum ska_status groups_file_parse(struct groups_file *out, struct ska_slice json, const char *path,
                                  const struct ska_roster *roster,
                                  struct ska_error *err) SKA_MUST_CHECK;
void groups_file_clear(struct groups_file *file);

#endif
