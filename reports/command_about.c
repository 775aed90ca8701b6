/* SPDX-License-Identifier: EUPL-1.2 */
/* command_about.c - about: who publishes, under which licence, whom to ask. */
#include <stdio.h>
#include <string.h>

#include "crypto/scoped.h"
#include "protocol/text.h"
#include "reports/about.h"
#include "reports/commands.h"
#include "support/language.h"

static enum ska_status take(char *out, size_t size, const char *option, const char *text,
                            struct ska_error *err)
{
    size_t len = text != NULL ? strlen(text) : 0;
    if (len == 0)
        return SKA_OK;
    if (ska_text_check(text, len, size - 1) != SKA_OK)
        return ska_fail(
            err, SKA_E_USAGE,
            tr("%s: en rad text på högst %zu byte", "%s: one line of text of at most %zu bytes"),
            option, size - 1);
    memcpy(out, text, len + 1);
    return SKA_OK;
}

static bool starts_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

enum ska_status command_about(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    struct about about;
    SKA_TRY(home_collection_load(&c, o, err));
    SKA_TRY(about_read(&about, &c, err));
    SKA_TRY(take(about.publisher, sizeof about.publisher, "--publisher", o->publisher, err));
    SKA_TRY(take(about.licence, sizeof about.licence, "--licence", o->licence, err));
    SKA_TRY(take(about.contact, sizeof about.contact, "--contact", o->contact, err));
    SKA_TRY(take(about.kind, sizeof about.kind, "--kind", o->kind, err));
    if (about.kind[0] != '\0' && !about_is_kind(about.kind))
        return ska_fail(
            err, SKA_E_USAGE,
            tr("--kind: local, regional eller national", "--kind: local, regional or national"));
    if (!starts_with(about.licence, "https://") && !starts_with(about.licence, "http://"))
        return ska_fail(
            err, SKA_E_USAGE,
            tr("--licence: en adress, https://...", "--licence: an address, https://..."));
    if (about.contact[0] != '\0' && !starts_with(about.contact, "mailto:") &&
        !starts_with(about.contact, "https://"))
        return ska_fail(
            err, SKA_E_USAGE,
            tr("--contact: mailto:... eller https://...", "--contact: mailto:... or https://..."));
    SKA_TRY(about_write(&about, &c, err));
    printf(tr("utgivare: %s\nslag av myndighet: %s\nlicens: %s\nkontakt: %s\n",
              "publisher: %s\nkind of authority: %s\nlicence: %s\ncontact: %s\n"),
           about.publisher, about.kind, about.licence, about.contact);
    return SKA_OK;
}
