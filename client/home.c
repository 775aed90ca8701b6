/* SPDX-License-Identifier: EUPL-1.2 */
/* home.c - the officer's folder. */
#include "client/home.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "protocol/words.h"
#include "support/file.h"
#include "support/language.h"

#define CONFIG_NAME "skarva.conf"
#define CONFIG_BYTES_MAX 8192

enum ska_status home_path(char **path, const struct home *home, const char *format, ...)
{
    char name[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(name, sizeof name, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof name)
        return SKA_E_LIMIT;
    *path = file_join(home->dir, name);
    return *path != NULL ? SKA_OK : SKA_E_MEMORY;
}

enum ska_status home_find(char **dir, const char *wanted, struct ska_error *err)
{
    const char *from_environment = getenv("SKARVA_HOME");
    const char *user = getenv("HOME");
    if (wanted == NULL && from_environment != NULL && from_environment[0] != '\0')
        wanted = from_environment;
    if (wanted != NULL)
        *dir = strdup(wanted);
    else if (user != NULL && user[0] != '\0')
        *dir = file_join(user, ".config/skarva");
    else
        return ska_fail(err, SKA_E_CONFIG,
                        tr("ingen hemmapp: ange --home MAPP", "no home folder: give --home DIR"));
    return *dir != NULL ? SKA_OK : SKA_E_MEMORY;
}

/* --- skarva.conf ------------------------------------------------------------------------------ */

struct setting {
    const char *name;
    size_t offset, size; /* of the field in struct home */
    enum { SETTING_TEXT, SETTING_CODE, SETTING_NUMBER } kind;
    bool required;
};
#define FIELD(field) offsetof(struct home, field), sizeof((struct home *)0)->field
static const struct setting settings[] = {
    {"code", FIELD(code), SETTING_CODE, true},
    {"name", FIELD(name), SETTING_TEXT, true},
    {"leader", FIELD(leader), SETTING_TEXT, true},
    {"collection", FIELD(collection), SETTING_CODE, false},
    {"dominance_share", FIELD(dominance_share), SETTING_NUMBER, false},
    {"dominance_times", FIELD(dominance_times), SETTING_NUMBER, false},
};
#define N_SETTINGS (sizeof settings / sizeof settings[0])

static char *field_of(struct home *home, const struct setting *setting)
{
    return (char *)home + setting->offset;
}

static enum ska_status check_setting(const struct setting *setting, const char *value)
{
    size_t len = strlen(value);
    if (len == 0 || len >= setting->size)
        return SKA_E_RANGE;
    switch (setting->kind) {
    case SETTING_TEXT:
        return ska_text_check(value, len, setting->size - 1);
    case SETTING_CODE:
        return ska_code_check(value, len);
    case SETTING_NUMBER:
        break;
    }
    return strspn(value, "0123456789") == len && value[0] != '0' ? SKA_OK : SKA_E_RANGE;
}

/* One line, NUL-terminated, blanks around it gone. */
static enum ska_status take_line(struct home *home, char *line, const char *path, size_t number,
                                 struct ska_error *err)
{
    char *equals = strchr(line, '=');
    if (equals == NULL)
        return ska_fail(
            err, SKA_E_CONFIG,
            tr("%s, rad %zu: väntade \"namn = värde\"", "%s, line %zu: expected \"name = value\""),
            path, number);
    size_t name_len = (size_t)(equals - line);
    while (name_len > 0 && line[name_len - 1] == ' ')
        name_len--;
    char *value = equals + 1 + strspn(equals + 1, " ");
    for (size_t i = 0; i < N_SETTINGS; i++) {
        const struct setting *s = &settings[i];
        if (strlen(s->name) != name_len || strncmp(line, s->name, name_len) != 0)
            continue;
        if (check_setting(s, value) != SKA_OK || field_of(home, s)[0] != '\0')
            return ska_fail(err, SKA_E_CONFIG,
                            tr("%s, rad %zu: %s är ogiltigt eller står två gånger",
                               "%s, line %zu: %s is not valid or is there twice"),
                            path, number, s->name);
        memcpy(field_of(home, s), value, strlen(value) + 1);
        return SKA_OK;
    }
    return ska_fail(err, SKA_E_CONFIG,
                    tr("%s, rad %zu: okänd inställning", "%s, line %zu: unknown setting"), path,
                    number);
}

static enum ska_status parse_config(struct home *home, char *text, const char *path,
                                    struct ska_error *err)
{
    size_t number = 0;
    for (char *line = text; line != NULL;) {
        char *end = strchr(line, '\n');
        char *next = end == NULL ? NULL : end + 1;
        if (end != NULL)
            *end = '\0';
        number++;
        line += strspn(line, " \t");
        size_t len = strlen(line);
        while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
            line[--len] = '\0';
        if (len > 0 && line[0] != '#')
            SKA_TRY(take_line(home, line, path, number, err));
        line = next;
    }
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (settings[i].required && field_of(home, &settings[i])[0] == '\0')
            return ska_fail(err, SKA_E_CONFIG, tr("%s: %s saknas", "%s: %s is missing"), path,
                            settings[i].name);
    return SKA_OK;
}

static enum ska_status read_config(struct home *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&path, home, CONFIG_NAME));
    if (!file_exists(path))
        return ska_fail(err, SKA_E_NOT_FOUND,
                        tr("%s finns inte; börja med skarva init", "%s does not exist; start with "
                                                                   "skarva init"),
                        path);
    SKA_SCOPED(ska_scoped_free) uint8_t *text = NULL;
    size_t len = 0;
    SKA_TRY(file_read(&text, &len, path, CONFIG_BYTES_MAX, err));
    if (memchr(text, 0, len) != NULL)
        return ska_fail(err, SKA_E_CONFIG, tr("%s: är inte text", "%s: is not text"), path);
    SKA_TRY(parse_config(home, (char *)text, path, err));
    SKA_SCOPED(ska_scoped_free) char *ca = NULL;
    SKA_TRY(home_path(&ca, home, "ca.pem"));
    home->has_ca = file_exists(ca);
    return SKA_OK;
}

enum ska_status home_open(struct home *home, const char *wanted, struct ska_error *err)
{
    struct home opened = {0};
    SKA_TRY(home_find(&opened.dir, wanted, err));
    enum ska_status status = read_config(&opened, err);
    if (status != SKA_OK) {
        home_close(&opened);
        return status;
    }
    *home = opened;
    return SKA_OK;
}

void home_close(struct home *home)
{
    if (home->lock > 0)
        (void)close(home->lock); /* which lets the lock go */
    free(home->dir);
    *home = (struct home){0};
}

enum ska_status home_write(const struct home *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&path, home, CONFIG_NAME));
    if (file_exists(path))
        return ska_fail(
            err, SKA_E_CONFLICT,
            tr("%s finns redan; inget skrivs över", "%s exists; nothing is overwritten"), path);
    char text[CONFIG_BYTES_MAX];
    int len = snprintf(text, sizeof text, "code = %s\nname = %s\nleader = %s\n%s%s%s", home->code,
                       home->name, home->leader, home->collection[0] != '\0' ? "collection = " : "",
                       home->collection, home->collection[0] != '\0' ? "\n" : "");
    if (len < 0 || (size_t)len >= sizeof text)
        return SKA_E_LIMIT;
    return file_write(path, text, (size_t)len, false, err);
}

uint64_t home_number(const char *text, uint64_t otherwise)
{
    uint64_t value = 0;
    for (const char *c = text; *c != '\0'; c++)
        value = value * 10 + (uint64_t)(*c - '0');
    return text[0] != '\0' ? value : otherwise;
}

enum ska_status home_lock(struct home *home, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) char *path = NULL;
    SKA_TRY(home_path(&path, home, "lock"));
    int fd = -1;
    enum ska_status status = file_lock(&fd, path, err);
    if (status == SKA_E_BUSY)
        return ska_fail(err, status,
                        tr("en annan skarva arbetar i %s; vänta tills den är klar",
                           "another skarva is at work in %s; wait until it is done"),
                        home->dir);
    SKA_TRY(status);
    home->lock = fd;
    return SKA_OK;
}
