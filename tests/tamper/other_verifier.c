/* SPDX-License-Identifier: EUPL-1.2 */
/* other_verifier.c - a second verifier as a process that is asked. */
#include "tests/tamper/other_verifier.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

void other_start(struct other_verifier *o, char *const *command)
{
    int to[2], from[2];
    world_expect(pipe(to) == 0 && pipe(from) == 0, "pipes");
    o->pid = fork();
    world_expect(o->pid >= 0, "a process");
    if (o->pid == 0) {
        if (dup2(to[0], STDIN_FILENO) < 0 || dup2(from[1], STDOUT_FILENO) < 0)
            _exit(127);
        for (size_t i = 0; i < 2; i++) {
            (void)close(to[i]);
            (void)close(from[i]);
        }
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    o->to = fdopen(to[1], "wb");
    o->from = fdopen(from[0], "rb");
    world_expect(o->to != NULL && o->from != NULL, "streams");
}

void other_end(struct other_verifier *o)
{
    if (o->pid == 0)
        return;
    (void)fclose(o->to); /* what it answered was read */
    (void)fclose(o->from);
    (void)waitpid(o->pid, NULL, 0);
    *o = (struct other_verifier){0};
}

void trust_text(char out[static TRUST_TEXT_MAX], const struct trust *trust)
{
    static const char *const names[TRUST_N] = {[TRUST_PUBLISHER] = "publisher",
                                               [TRUST_LEADER] = "leader",
                                               [TRUST_HELPER] = "helper",
                                               [TRUST_SECOND] = "second"};
    size_t len = 0;
    for (size_t i = 0; i < TRUST_N; i++) {
        char key[44];
        ska_base64url_encode(key, trust->key[i], sizeof trust->key[i]);
        len += (size_t)snprintf(out + len, TRUST_TEXT_MAX - len, "%s %s\n", names[i], key);
    }
}

void other_question(struct ska_writer *w, const struct world *world, struct ska_slice archive)
{
    struct ska_writer body = {0};
    char trust[TRUST_TEXT_MAX];
    trust_text(trust, &world->trust);
    ska_write_opaque32(&body, archive.data, archive.len);
    ska_write_opaque32(&body, trust, strlen(trust));
    ska_write_opaque32(&body, world->earlier_bundle.data, world->earlier_bundle.len);
    ska_write_opaque32(&body, world->policy.data, world->policy.len);
    ska_write_u32(&body, (uint32_t)world->n_given); /* at most WORLD_EARLIER */
    for (size_t i = 0; i < world->n_given; i++) {
        const struct evidence_given *given = &world->given[i];
        ska_write_opaque8(&body, given->name, strlen(given->name));
        ska_write_opaque32(&body, given->archive.data, given->archive.len);
    }
    world_must(ska_writer_status(&body));
    ska_write_opaque32(w, body.data, body.len);
    ska_writer_clear(&body);
}

bool other_ask(struct verdict *v, struct other_verifier *o, struct ska_slice question)
{
    char line[5 + VERDICT_TEXT_MAX];
    if (fwrite(question.data, 1, question.len, o->to) != question.len || fflush(o->to) != 0 ||
        fgets(line, sizeof line, o->from) == NULL)
        return false;
    v->passes = strncmp(line, "pass\t", 5) == 0;
    if (!v->passes && strncmp(line, "fail\t", 5) != 0)
        return false;
    line[strcspn(line, "\n")] = '\0';
    memcpy(v->failed, line + 5, strlen(line + 5) + 1); /* the line is five bytes larger */
    return true;
}
