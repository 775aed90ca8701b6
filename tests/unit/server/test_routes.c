/* SPDX-License-Identifier: EUPL-1.2 */
/* test_routes.c - the table of resources: what is found, by which method, for whom, how long. */
#include "server/front/routes.h"

#include "tests/test.h"

#include <string.h>

#define TASK "8BY0RzZMzxvA46_8ymhzycOB9krN-QIGYvg_RsByGec"
#define JOB "lc7aUeGpdSNosNlh-UZhKA"
#define HASH "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff"

/* The draft's example identifiers. */
static const uint8_t task_id[32] = {
    0xf0, 0x16, 0x34, 0x47, 0x36, 0x4c, 0xcf, 0x1b, 0xc0, 0xe3, 0xaf, 0xfc, 0xca, 0x68, 0x73, 0xc9,
    0xc3, 0x81, 0xf6, 0x4a, 0xcd, 0xf9, 0x02, 0x06, 0x62, 0xf8, 0x3f, 0x46, 0xc0, 0x72, 0x19, 0xe7};

struct find_case {
    const char *path;
    enum ska_role role;
    enum method method;
    enum routes_result want;
    enum route route; /* if found */
    const char *text; /* name if found, Allow if the method is wrong */
};

static const struct find_case cases[] = {
    {"hpke_config", SKA_ROLE_LEADER, METHOD_GET, ROUTES_FOUND, ROUTE_HPKE_CONFIG, ""},
    {"hpke_config", SKA_ROLE_HELPER, METHOD_HEAD, ROUTES_FOUND, ROUTE_HPKE_CONFIG, ""},
    {"hpke_config", SKA_ROLE_HELPER, METHOD_POST, ROUTES_METHOD, 0, "GET, HEAD"},
    {"hpke_config/", SKA_ROLE_HELPER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"hpke_config/x", SKA_ROLE_HELPER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"hpke_configs", SKA_ROLE_HELPER, METHOD_GET, ROUTES_NOT_OURS, 0, NULL},
    {"tasks/" TASK "/reports", SKA_ROLE_LEADER, METHOD_POST, ROUTES_FOUND, ROUTE_REPORTS, ""},
    {"tasks/" TASK "/reports", SKA_ROLE_HELPER, METHOD_POST, ROUTES_UNKNOWN, 0, NULL},
    {"tasks/" TASK "/reports", SKA_ROLE_LEADER, METHOD_PUT, ROUTES_METHOD, 0, "POST"},
    {"tasks/" TASK "/reports/", SKA_ROLE_LEADER, METHOD_POST, ROUTES_UNKNOWN, 0, NULL},
    {"tasks//" TASK "/reports", SKA_ROLE_LEADER, METHOD_POST, ROUTES_UNKNOWN, 0, NULL},
    {"tasks/" TASK, SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"tasks/8BY0RzZMzxvA46_8ymhzycOB9krN-QIGYvg_RsByGe", SKA_ROLE_LEADER, METHOD_GET,
     ROUTES_UNKNOWN, 0, NULL},
    /* the last character's unused bits are set; padding; standard alphabet */
    {"tasks/8BY0RzZMzxvA46_8ymhzycOB9krN-QIGYvg_RsByGed/reports", SKA_ROLE_LEADER, METHOD_POST,
     ROUTES_UNKNOWN, 0, NULL},
    {"tasks/" TASK "=/reports", SKA_ROLE_LEADER, METHOD_POST, ROUTES_UNKNOWN, 0, NULL},
    {"tasks/8BY0RzZMzxvA46/8ymhzycOB9krN+QIGYvg/RsByGec/reports", SKA_ROLE_LEADER, METHOD_POST,
     ROUTES_UNKNOWN, 0, NULL},
    {"tasks/%38BY0RzZMzxvA46_8ymhzycOB9krN-QIGYvg_RsByGec/reports", SKA_ROLE_LEADER, METHOD_POST,
     ROUTES_UNKNOWN, 0, NULL},
    {"tasks/" TASK "/collection_jobs", SKA_ROLE_LEADER, METHOD_POST, ROUTES_FOUND,
     ROUTE_COLLECTION_JOBS, ""},
    {"tasks/" TASK "/collection_jobs/" JOB, SKA_ROLE_LEADER, METHOD_GET, ROUTES_FOUND,
     ROUTE_COLLECTION_JOB_GET, JOB},
    {"tasks/" TASK "/collection_jobs/" JOB, SKA_ROLE_LEADER, METHOD_DELETE, ROUTES_FOUND,
     ROUTE_COLLECTION_JOB_DELETE, JOB},
    {"tasks/" TASK "/collection_jobs/" JOB, SKA_ROLE_LEADER, METHOD_PUT, ROUTES_METHOD, 0,
     "GET, HEAD, DELETE"},
    {"tasks/" TASK "/collection_jobs/" JOB "A", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0,
     NULL},
    {"tasks/" TASK "/collection_jobs/..", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"tasks/" TASK "/aggregation_jobs", SKA_ROLE_HELPER, METHOD_POST, ROUTES_FOUND,
     ROUTE_AGGREGATION_JOBS, ""},
    {"tasks/" TASK "/aggregation_jobs/" JOB, SKA_ROLE_HELPER, METHOD_POST, ROUTES_FOUND,
     ROUTE_AGGREGATION_JOB_CONTINUE, JOB},
    {"tasks/" TASK "/aggregation_jobs/" JOB, SKA_ROLE_HELPER, METHOD_OTHER, ROUTES_METHOD, 0,
     "POST, GET, HEAD, DELETE"},
    {"tasks/" TASK "/aggregate_shares", SKA_ROLE_HELPER, METHOD_POST, ROUTES_FOUND,
     ROUTE_AGGREGATE_SHARES, ""},
    {"skarva/tasks", SKA_ROLE_LEADER, METHOD_GET, ROUTES_FOUND, ROUTE_TASKS, ""},
    {"skarva/tasks", SKA_ROLE_HELPER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"skarva/tasks/" TASK "/parameters", SKA_ROLE_HELPER, METHOD_PUT, ROUTES_FOUND,
     ROUTE_PARAMETERS_PUT, ""},
    {"skarva/tasks/" TASK "/release", SKA_ROLE_LEADER, METHOD_PUT, ROUTES_FOUND, ROUTE_RELEASE, ""},
    {"skarva/tasks/" TASK "/release", SKA_ROLE_LEADER, METHOD_GET, ROUTES_METHOD, 0, "PUT"},
    {"skarva/verifier", SKA_ROLE_LEADER, METHOD_PUT, ROUTES_FOUND, ROUTE_VERIFIER, ""},
    {"skarva/tasks/" TASK "/public_shares/0", SKA_ROLE_LEADER, METHOD_GET, ROUTES_FOUND,
     ROUTE_PUBLIC_SHARE, "0"},
    {"skarva/tasks/" TASK "/public_shares/4294967295", SKA_ROLE_LEADER, METHOD_GET, ROUTES_FOUND,
     ROUTE_PUBLIC_SHARE, "4294967295"},
    {"skarva/tasks/" TASK "/public_shares/4294967296", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN,
     0, NULL},
    {"skarva/tasks/" TASK "/public_shares/01", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0,
     NULL},
    {"skarva/tasks/" TASK "/public_shares/-1", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0,
     NULL},
    {"skarva/tasks/" TASK "/public_shares/", SKA_ROLE_LEADER, METHOD_GET, ROUTES_UNKNOWN, 0, NULL},
    {"", SKA_ROLE_LEADER, METHOD_GET, ROUTES_NOT_OURS, 0, NULL},
    {"index.html", SKA_ROLE_LEADER, METHOD_GET, ROUTES_NOT_OURS, 0, NULL},
    {"task", SKA_ROLE_LEADER, METHOD_GET, ROUTES_NOT_OURS, 0, NULL},
};

START_TEST(path_and_method_find_their_route)
{
    const struct find_case *k = &cases[_i];
    struct routed out = {0};
    enum routes_result got = routes_find(&out, k->role, k->method, k->path);
    ck_assert_msg(got == k->want, "%s: got %d", k->path, (int)got);
    if (k->want == ROUTES_FOUND) {
        ck_assert_int_eq(out.info->route, k->route);
        ck_assert_str_eq(out.name, k->text);
        if (strchr(out.info->path, '*') != NULL)
            ck_assert_mem_eq(out.task_id, task_id, 32);
    } else if (k->want == ROUTES_METHOD) {
        ck_assert_str_eq(out.allow, k->text);
    }
}
END_TEST

START_TEST(every_row_is_found_by_its_own_path)
{
    for (int r = ROUTE_HPKE_CONFIG; r < N_ROUTES; r++) {
        const struct route_info *info = routes_info((enum route)r);
        if (info->served_by == 0)
            continue; /* of others: only fetched */
        const char *name = info->name == ROUTE_NAME_NONE   ? ""
                           : info->name == ROUTE_NAME_ID   ? JOB
                           : info->name == ROUTE_NAME_HASH ? HASH
                                                           : "17";
        char path[ROUTES_PATH_MAX];
        ck_assert(routes_path(path, info, task_id, name));
        enum ska_role role =
            info->served_by & 1u << SKA_ROLE_LEADER ? SKA_ROLE_LEADER : SKA_ROLE_HELPER;
        struct routed out = {0};
        ck_assert_int_eq(routes_find(&out, role, info->method, path), ROUTES_FOUND);
        ck_assert_ptr_eq(out.info, info);
        ck_assert_str_eq(out.name, name);
    }
}
END_TEST

START_TEST(only_the_peer_reaches_what_servers_do_for_each_other)
{
    for (int r = ROUTE_HPKE_CONFIG; r < N_ROUTES; r++) {
        const struct route_info *info = routes_info((enum route)r);
        bool at_helper = (info->served_by & 1u << SKA_ROLE_HELPER) != 0;
        bool changes = info->method != METHOD_GET || strstr(info->path, "aggregat") != NULL;
        bool peer_only = (info->peer_only & 1u << SKA_ROLE_HELPER) != 0;
        ck_assert_msg(peer_only == (at_helper && changes), "%s", info->path);
        ck_assert_uint_eq(info->peer_only & 1u << SKA_ROLE_LEADER, 0);
    }
}
END_TEST

START_TEST(body_limits_follow_the_configuration)
{
    struct config c = {.role = SKA_ROLE_LEADER, .upload_max = 1000, .reports_per_job_max = 4};
    ck_assert_uint_eq(routes_body_max(routes_info(ROUTE_REPORTS), &c), 1000);
    ck_assert_uint_ge(routes_body_max(routes_info(ROUTE_AGGREGATION_JOBS), &c), 4000);
    ck_assert_uint_eq(routes_body_max(routes_info(ROUTE_STATUS), &c), 0);
    ck_assert_uint_lt(routes_body_max(routes_info(ROUTE_CONTROL), &c), 10000);
    c.role = SKA_ROLE_HELPER;
    ck_assert_uint_gt(routes_body_max(routes_info(ROUTE_CONTROL), &c), 1000000);
    c.upload_max = 64u << 20;
    c.reports_per_job_max = 64;
    for (int r = ROUTE_HPKE_CONFIG; r < N_ROUTES; r++)
        ck_assert_uint_le(routes_body_max(routes_info((enum route)r), &c), 64u << 20);
}
END_TEST

START_TEST(media_types_are_compared_by_meaning)
{
    static const char wanted[] = "application/ppm-dap;message=upload-req";
    ck_assert(routes_is_media("application/ppm-dap;message=upload-req", wanted));
    ck_assert(routes_is_media("application/ppm-dap; message=upload-req", wanted));
    ck_assert(routes_is_media("Application/PPM-DAP \t; \tMessage=upload-req ", wanted));
    ck_assert(!routes_is_media("application/ppm-dap", wanted));
    ck_assert(!routes_is_media("application/ppm-dap;message=upload-reqs", wanted));
    ck_assert(!routes_is_media("application/ppm-dap;message=upload-req;version=09", wanted));
    ck_assert(!routes_is_media("application /ppm-dap;message=upload-req", wanted));
    ck_assert(!routes_is_media("", wanted));
    for (int m = MEDIA_NONE + 1; m < N_MEDIA; m++)
        ck_assert_int_eq(routes_media_find(routes_media_name((enum media)m)), m);
    ck_assert_int_eq(routes_media_find("text/html"), MEDIA_NONE);
    ck_assert_int_eq(routes_media_find(""), MEDIA_NONE);
}
END_TEST

START_TEST(name_that_does_not_fit_makes_no_path)
{
    char name[200];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    char path[ROUTES_PATH_MAX];
    ck_assert(!routes_path(path, routes_info(ROUTE_REPORTS), task_id, name));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("routes");
    TCase *tests = tcase_create("routes");
    tcase_add_loop_test(tests, path_and_method_find_their_route, 0, (int)N_OF(cases));
    tcase_add_test(tests, every_row_is_found_by_its_own_path);
    tcase_add_test(tests, only_the_peer_reaches_what_servers_do_for_each_other);
    tcase_add_test(tests, body_limits_follow_the_configuration);
    tcase_add_test(tests, media_types_are_compared_by_meaning);
    tcase_add_test(tests, name_that_does_not_fit_makes_no_path);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
