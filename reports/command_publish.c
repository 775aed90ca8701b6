/* SPDX-License-Identifier: EUPL-1.2 */
/* command_publish.c - publish: bundles and pages of collected periods, then the index over all. */
#include <stdio.h>

#include "crypto/proof.h"
#include "crypto/scoped.h"
#include "reports/commands.h"
#include "reports/data_files.h"
#include "reports/publish.h"
#include "reports/site.h"
#include "support/language.h"

enum ska_status command_publish(const struct options *o, struct ska_error *err)
{
    SKA_SCOPED(home_collection_clear) struct collection c = {0};
    if (o->n_periods == 0)
        return ska_fail(err, SKA_E_USAGE,
                        tr("ange en eller flera perioder, till exempel: skarva-publish publish "
                           "2025Q2",
                           "name one or more periods, for example: skarva-publish publish 2025Q2"));
    SKA_TRY(home_collection_load(&c, o, err));
    ska_group_init();
    for (size_t i = 0; i < o->n_periods; i++)
        SKA_TRY(publish_period(&c, o->periods[i], err));
    SKA_TRY(site_write_index(&c, err));
    SKA_TRY(data_files_write(&c, err));
    printf("%s/index.html\n", c.site);
    return SKA_OK;
}
