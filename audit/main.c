/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * main.c - skarva-audit: re-derives every published number of a bundle.
 *
 * Reads files, computes, prints; opens no socket. It writes no file but a temporary one where the
 * bundle is no file (source.h). What is fetched from an address is fetched by another program
 * (fetch/); the commands `witness` and `watch` are others too (witness/, watch/), which serve,
 * fetch and write.
 */
#include "audit/beside.h"
#include "audit/check.h"
#include "audit/diff.h"
#include "audit/input.h"
#include "audit/log_check.h"
#include "audit/log_proof.h"
#include "audit/options.h"
#include "audit/parallel.h"
#include "audit/print.h"
#include "audit/source.h"
#include "audit/words.h"
#include "crypto/scoped.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int tell(const struct ska_error *err, int exit_status)
{
    fprintf(stderr, "skarva-audit: %s\n", err->text);
    return exit_status;
}

static int verify(const struct options *o)
{
    struct ska_error err = {0};
    struct trust trust = {0};
    SKA_SCOPED(window_unmap) struct window archive = {0};
    SKA_SCOPED(ska_scoped_free) uint8_t *policy = NULL;
    size_t policy_len = 0;
    if (trust_read(&trust, o->trust, &err) != SKA_OK ||
        (o->policy != NULL && log_policy_read(&policy, &policy_len, o->policy, &err) != SKA_OK))
        return tell(&err, EXIT_TRUST);
    if (source_open(&archive, o->bundle, &err) != SKA_OK)
        return tell(&err, EXIT_BUNDLE);

    SKA_SCOPED(beside_clear) struct beside beside = {0};
    const struct ska_slice bundle = archive.bytes;
    if (beside_read(&beside, bundle, o->bundle, o->earlier, &err) != SKA_OK)
        return tell(&err, EXIT_BUNDLE);
    const struct ska_slice corrected = beside_corrected(&beside, bundle);
    SKA_SCOPED(evidence_clear)
    struct evidence e = {.archive = bundle,
                         .trust = &trust,
                         .policy = {policy, policy_len},
                         .earlier = {.archive = corrected},
                         .given = beside.at,
                         .n_given = beside.n,
                         .jobs = o->jobs > 0 ? o->jobs : parallel_cores()};
    struct finding findings[N_CHECKS] = {0};
    ska_group_init();
    check_all(findings, &e, o->as_json ? NULL : print_finding);
    if (window_has_changed(&archive) || beside_has_changed(&beside)) {
        ska_ignore(ska_fail(&err, SKA_E_FILE,
                            words("%s ändrades under granskningen", "%s changed during the audit"),
                            o->bundle),
                   "told");
        return tell(&err, EXIT_BUNDLE);
    }
    if (o->as_json)
        print_json(&e, findings);
    else
        print_verdict(&e, findings);
    return check_is_verdict_pass(findings) ? EXIT_PASS : EXIT_FAIL;
}

/* What was printed must have arrived: a verdict that was cut off is not a pass. */
static int finish(int exit_status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    fprintf(stderr, "skarva-audit: %s\n",
            words("utmatningen kunde inte skrivas", "the output could not be written"));
    return exit_status == EXIT_PASS ? EXIT_FAIL : exit_status;
}

/* A program that stands beside this one, and is one of its own so that the auditor is linked with
 * no network, goes on in this process: skarva-audit-WORD. */
static int become(const char *word, char **argv)
{
    char path[4096];
    const size_t word_len = strlen(word);
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path - word_len - 2);
    if (len > 0 && (size_t)len < sizeof path - word_len - 2) {
        path[len] = '-';
        memcpy(path + len + 1, word, word_len + 1);
        (void)execv(path, argv);
    }
    fprintf(stderr,
            words("skarva-audit: programmet skarva-audit-%s finns inte bredvid skarva-audit\n",
                  "skarva-audit: the program skarva-audit-%s is not beside skarva-audit\n"),
            word);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    struct ska_error err = {0};
    if (argc > 1 && (strcmp(argv[1], "witness") == 0 || strcmp(argv[1], "watch") == 0))
        return become(argv[1], argv + 1);
    if (options_parse(&o, argc, argv, &err) != SKA_OK) {
        fprintf(stderr, "skarva-audit: %s\n%s\n", err.text,
                words("(skarva-audit --help visar hur)", "(skarva-audit --help shows how)"));
        return EXIT_USAGE;
    }
    const bool shows_progress = isatty(STDERR_FILENO) && (o.as_json || isatty(STDOUT_FILENO));
    if (shows_progress)
        progress_enable();
    source_choose(o.ca_file, shows_progress);
    switch (o.command) {
    case COMMAND_HELP:
        fputs(options_help(), stdout);
        return finish(EXIT_PASS);
    case COMMAND_LIST_CHECKS:
        print_check_list(o.as_json);
        return finish(EXIT_PASS);
    case COMMAND_VERIFY_DIFF:
        return finish(diff_verify(&o));
    case COMMAND_VERIFY:
        return finish(verify(&o));
    case COMMAND_CHECK_PROOF:
        return finish(log_proof_check(&o));
    case COMMAND_CHECK_LOG:
        return finish(log_check_command(&o));
    case COMMAND_NONE:
        break;
    }
    return EXIT_USAGE;
}
