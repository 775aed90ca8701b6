/* SPDX-License-Identifier: EUPL-1.2 */
/* front_pxweb.c - the data interface (pxweb.h) on a connection, from the site's folder alone. */
#include "server/front/front_parts.h"

#include "server/front/front_site.h"
#include "server/front/pxweb.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole of a file of the site into memory. */
static enum ska_status read_site(uint8_t **data, size_t *len, const char *name, void *arg)
{
    const struct front *front = arg;
    struct site_file file;
    if (front->site_fd < 0)
        return SKA_E_NOT_FOUND;
    SKA_TRY(site_open(&file, front->site_fd, name));
    enum ska_status status = file.len > PXWEB_FILE_MAX ? SKA_E_LIMIT : SKA_OK;
    uint8_t *buffer = status == SKA_OK ? ska_alloc((size_t)file.len + 1, 1) : NULL;
    if (status == SKA_OK && buffer == NULL)
        status = SKA_E_MEMORY;
    for (size_t got = 0; status == SKA_OK && got < file.len;) {
        ssize_t n = read(file.fd, buffer + got, (size_t)file.len - got);
        if (n <= 0)
            status = SKA_E_FILE; /* files are replaced whole, so it cannot be short */
        else
            got += (size_t)n;
    }
    (void)close(file.fd); /* only read from */
    if (status != SKA_OK) {
        free(buffer);
        return status;
    }
    *data = buffer;
    *len = (size_t)file.len;
    return SKA_OK;
}

bool pxweb_is_ours(const char *path)
{
    return strncmp(path, PXWEB_PREFIX, sizeof PXWEB_PREFIX - 1) == 0;
}

void answer_from_pxweb(struct connection *c, struct ska_slice body)
{
    struct pxweb_answer answer = {0};
    const struct pxweb_site site = {read_site, c->front};
    const struct pxweb_request request = {.is_post = c->request.method == METHOD_POST,
                                          .path = c->request.path + strlen(c->front->base_path) +
                                                  sizeof PXWEB_PREFIX - 1,
                                          .query = c->request.query,
                                          .body = body};
    pxweb_answer(&answer, &site, &request);
    answer_whole(c, answer.status, answer.type,
                 (struct ska_slice){answer.body.data, answer.body.len});
    ska_writer_clear(&answer.body);
}
