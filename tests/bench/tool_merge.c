/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_merge.c - join flat JSON objects of figures into one, and print them as a table.
 *
 *     tool_merge OUT.json IN.json...
 */
#include <stdio.h>

#include <jansson.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: tool_merge OUT.json IN.json...\n", stderr);
        return 2;
    }
    json_t *all = json_object();
    for (int i = 2; i < argc; i++) {
        json_error_t fault;
        json_t *one = json_load_file(argv[i], 0, &fault);
        if (one == NULL || json_object_update(all, one) != 0) {
            fprintf(stderr, "%s: %s\n", argv[i], fault.text);
            return 1;
        }
        json_decref(one);
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(all, name, value)
    {
        if (json_is_number(value))
            printf("%-32s %14.2f\n", name, json_number_value(value));
        else
            printf("%-32s %zu points\n", name, json_array_size(value));
    }
    if (json_dump_file(all, argv[1], JSON_INDENT(1) | JSON_SORT_KEYS) != 0) {
        fprintf(stderr, "%s: cannot be written\n", argv[1]);
        return 1;
    }
    json_decref(all);
    return 0;
}
