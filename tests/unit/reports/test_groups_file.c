/* SPDX-License-Identifier: EUPL-1.2 */
/* test_groups_file.c - the groups and contributors that come with our catalogues fit each other,
 * and no combination of groups leaves fewer than three by themselves. */
#include "reports/groups_file.h"

#include "crypto/scoped.h"
#include "tests/sample_task.h"
#include "tests/test.h"

struct ours_case {
    const char *name;
    uint32_t contributors, groups;
};
static const struct ours_case ours[] = {{"norrbotten", 17, 5},
                                        {"vasternorrland", 15, 5},
                                        {"umea", 17, 4},
                                        {"sundbyberg", 11, 3},
                                        {"operation-norrsken", 10, 3}};

static char *read_text(size_t *len, const char *folder, const char *name, const char *ending)
{
    char path[200];
    (void)snprintf(path, sizeof path, "catalogues/%s/%s.%s", folder, name, ending);
    FILE *f = fopen(path, "rbe");
    ck_assert_msg(f != NULL, "cannot open %s (run from the project's root)", path);
    char *text = calloc(1, GROUPS_FILE_MAX + 1);
    ck_assert_ptr_nonnull(text);
    *len = fread(text, 1, GROUPS_FILE_MAX, f);
    ck_assert_int_eq(fclose(f), 0);
    return text;
}

/* Lines code,name,inhabitants after the first. */
static void make_roster(struct ska_roster *roster, const char *name)
{
    struct ska_contributor at[40] = {0};
    uint32_t n = 0;
    size_t len = 0;
    char *text = read_text(&len, "contributors", name, "csv");
    for (char *line = strchr(text, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        ck_assert_uint_lt(n, N_OF(at));
        int fields = sscanf(line, "%32[^,\n],%200[^,\n]", at[n].code, at[n].name);
        ck_assert_int_eq(fields, 2);
        memcpy(at[n].key, sample_party((uint8_t)(11 + n)).public_key, 32);
        n++;
    }
    struct ska_error err = {0};
    ck_assert_msg(ska_roster_build(roster, at, n, &err) == SKA_OK, "%s: %s", name, err.text);
    free(text);
}

START_TEST(our_groups_can_be_published_for_our_contributors)
{
    const struct ours_case *k = &ours[_i];
    struct ska_roster roster = {0};
    struct groups_file file = {0};
    struct ska_error err = {0};
    size_t len = 0;
    char *json = read_text(&len, "groups", k->name, "json");
    make_roster(&roster, k->name);
    ck_assert_uint_eq(roster.n, k->contributors);
    enum ska_status got = groups_file_parse(&file, (struct ska_slice){(const uint8_t *)json, len},
                                            k->name, &roster, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", k->name, err.text);
    ck_assert_uint_eq(file.groups.n, k->groups);
    got = ska_groups_check(&file.groups, &roster, 3, &err);
    ck_assert_msg(got == SKA_OK, "%s: %s", k->name, err.text);
    /* Each has a part of just three, so that the check is seen to count. */
    got = ska_groups_check(&file.groups, &roster, 4, &err);
    ck_assert_msg(got == SKA_E_BATCH_SIZE, "%s: got %s", k->name, ska_status_name(got));
    for (uint32_t i = 0; i < file.groups.n; i++) {
        ck_assert_int_ge(file.tiles[i][0], 0);
        for (uint32_t j = 0; j < i; j++)
            ck_assert(file.tiles[i][0] != file.tiles[j][0] || file.tiles[i][1] != file.tiles[j][1]);
    }
    groups_file_clear(&file);
    ska_roster_clear(&roster);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("groups_file");
    TCase *tc = tcase_create("groups_file");
    tcase_add_loop_test(tc, our_groups_can_be_published_for_our_contributors, 0, (int)N_OF(ours));
    suite_add_tcase(suite, tc);
    return test_run(suite);
}
