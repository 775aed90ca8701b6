/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_damage.c - for tests of the program and for fuzz seeds: write a good bundle and its trust
 * file, or damage a given bundle in every way that needs no key but the publisher's.
 *
 *     tool_damage make FOLDER                          FOLDER/bundle.tar, FOLDER/trust
 *     tool_damage damage BUNDLE TRUST [KEY] [SAMPLES]  KEY: the publisher's key file, or -
 *
 * Damage: the bundle as it is must pass; then bits flipped in every file and every header, files
 * dropped, doubled, swapped and replaced by others, the archive cut and lengthened, each must fail;
 * with KEY also everything again under a release signed anew. One line "ok - ..." or "not ok - ..."
 * for each kind, as tests/run counts them. Status 0 if all are ok.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/input.h"
#include "audit/parallel.h"
#include "tests/tamper/mutate.h"
#include "tests/tamper/other_verifier.h"

#include "tests/test.h"

#define KEY_TEXT "skarva signing key 1 "

struct victim {
    uint8_t *archive; /* owned */
    size_t len;
    struct trust trust;
    bool has_key;
    struct ska_signing_key key[2]; /* by enum ska_release_signer */
    struct ska_release_place place;
    uint8_t task_id[32];
    struct ska_bundle_file *files; /* owned; the release is the last */
    size_t n_files;
    size_t samples;
    bool all_ok;
};

/* --- make
 * ------------------------------------------------------------------------------------------ */

static void write_file(const char *folder, const char *name, const void *data, size_t len)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_key(const char *folder, const char *name, const struct ska_signing_key *key)
{
    char text[100], encoded[64];
    ska_base64url_encode(encoded, key->seed, sizeof key->seed);
    snprintf(text, sizeof text, KEY_TEXT "%s\n", encoded);
    write_file(folder, name, text, strlen(text));
}

static int make(const char *folder)
{
    static struct world_keys keys;
    static struct world w;
    char text[TRUST_TEXT_MAX];
    world_keys_make(&keys);
    struct ska_task *task = world_task(&keys, &(struct world_options){0});
    world_start(&w, &keys, task);
    world_submit_all(&w);
    world_close(&w);
    world_aggregate(&w);
    world_disclose(&w);
    world_publish(&w);
    world_pack(&w);
    write_file(folder, "bundle.tar", w.archive, w.archive_len);
    for (size_t i = 0; i < w.n_files; i++)
        if (strchr(w.files[i].name, '/') == NULL)
            write_file(folder, w.files[i].name, w.files[i].data, w.files[i].len);
    trust_text(text, &w.trust);
    write_file(folder, "trust", text, strlen(text));
    write_key(folder, "publisher.key", &keys.publisher);
    write_key(folder, "second.key", &keys.second);
    world_clear(&w);
    ska_task_free(task);
    return 0;
}

/* --- damage
 * ---------------------------------------------------------------------------------------- */

static bool passes(const struct victim *v, struct ska_slice archive)
{
    struct finding findings[N_CHECKS];
    struct evidence e = {.archive = archive, .trust = &v->trust, .jobs = parallel_cores()};
    check_all(findings, &e, NULL);
    evidence_clear(&e);
    return check_is_verdict_pass(findings);
}

static void tell(struct victim *v, bool is_ok, const char *what, size_t n)
{
    printf("%s - %s (%zu)\n", is_ok ? "ok" : "not ok", what, n);
    fflush(stdout);
    v->all_ok = v->all_ok && is_ok;
}

/* Pack files, with a release signed anew. */
static bool is_refused_anew(const struct victim *v, const struct ska_bundle_file *files, size_t n)
{
    struct ska_writer release = {0}, archive = {0};
    for (size_t i = 0; i < n; i++)
        ska_bundle_write_file(&archive, files[i].name, files[i].data);
    world_must(ska_release_body(&release, v->task_id, &v->place, files, n));
    size_t body_len = release.len;
    for (int who = SKA_RELEASE_PUBLISHER; who <= SKA_RELEASE_SECOND; who++) {
        uint8_t signature[SKA_SIGNATURE_BYTES];
        world_must(ska_release_sign(signature, (enum ska_release_signer)who, &v->key[who],
                                    (struct ska_slice){release.data, body_len}));
        ska_write_bytes(&release, signature, sizeof signature);
    }
    world_must(ska_writer_status(&release));
    ska_bundle_write_file(&archive, "release", (struct ska_slice){release.data, release.len});
    ska_bundle_write_end(&archive);
    world_must(ska_writer_status(&archive));
    bool is_refused = !passes(v, (struct ska_slice){archive.data, archive.len});
    ska_writer_clear(&release);
    ska_writer_clear(&archive);
    return is_refused;
}

static uint8_t random_bit(void)
{
    return (uint8_t)(1u << test_random() % 8);
}

static void flip_archive(struct victim *v)
{
    size_t n_bad = 0, step = v->len / v->samples + 1;
    for (size_t n = 0; n < v->samples; n++) {
        size_t at = (n * step + test_random() % step) % v->len;
        uint8_t mask = random_bit();
        v->archive[at] ^= mask;
        if (passes(v, (struct ska_slice){v->archive, v->len})) {
            printf("# accepted with byte %zu changed\n", at);
            n_bad++;
        }
        v->archive[at] ^= mask;
    }
    tell(v, n_bad == 0, "a bit flipped anywhere is refused", v->samples);
}

static void cut_archive(struct victim *v)
{
    size_t n_bad = 0, step = v->len / v->samples + 1;
    for (size_t n = 0; n < v->samples; n++)
        n_bad += passes(v, (struct ska_slice){v->archive, (n * step) % v->len}) ? 1u : 0u;
    tell(v, n_bad == 0, "an archive cut anywhere is refused", v->samples);
}

/* Pack the files as they are, the old release too. */
static bool is_refused(const struct victim *v, const struct ska_bundle_file *files, size_t n)
{
    struct ska_writer archive = {0};
    for (size_t i = 0; i < n; i++)
        ska_bundle_write_file(&archive, files[i].name, files[i].data);
    ska_bundle_write_end(&archive);
    world_must(ska_writer_status(&archive));
    bool result = !passes(v, (struct ska_slice){archive.data, archive.len});
    ska_writer_clear(&archive);
    return result;
}

/* Both ways, if there is a key: `n` counts the release. */
static bool is_refused_in_both(const struct victim *v, const struct ska_bundle_file *files,
                               size_t n)
{
    return is_refused(v, files, n) && (!v->has_key || is_refused_anew(v, files, n - 1));
}

/* The k-th of a few files to play with: all but submissions beyond the first three are taken. */
static bool is_taken(const struct victim *v, size_t i)
{
    uint32_t contributor = ska_bundle_submission(v->files[i].name);
    return contributor == SKA_NONE || i < 6;
}

static void rearrange(struct victim *v)
{
    size_t n = 0, n_bad = 0;
    struct ska_bundle_file *files = ska_alloc(v->n_files + 1, sizeof *files);
    world_expect(files != NULL, "no memory");
    for (size_t i = 0; i + 1 < v->n_files; i++) {
        if (!is_taken(v, i))
            continue;
        size_t before = i * sizeof *files, after = (v->n_files - i) * sizeof *files;
        memcpy(files, v->files, before); /* dropped */
        memcpy(files + i, v->files + i + 1, after - sizeof *files);
        n_bad += is_refused_in_both(v, files, v->n_files - 1) ? 0u : 1u;
        memcpy(files, v->files, before + sizeof *files); /* doubled */
        memcpy(files + i + 1, v->files + i, after);
        n_bad += is_refused_in_both(v, files, v->n_files + 1) ? 0u : 1u;
        memcpy(files, v->files, before + after); /* with its neighbour's content */
        files[i].data = v->files[i + 1].data;
        if (strcmp(files[i].name, "page.sv.html") != 0) /* the other page has the same figures */
            n_bad += is_refused_in_both(v, files, v->n_files) ? 0u : 1u;
        files[i].data = (struct ska_slice){(const uint8_t *)"", 0}; /* emptied */
        n_bad += is_refused_in_both(v, files, v->n_files) ? 0u : 1u;
        n += 4;
    }
    free(files);
    tell(v, n_bad == 0, "files dropped, doubled, exchanged or emptied are refused", n);
}

static void flip_files_anew(struct victim *v)
{
    size_t n = 0, n_bad = 0, each = v->samples / 10 + 1;
    for (size_t i = 0; i + 1 < v->n_files; i++) {
        struct ska_slice *data = &v->files[i].data;
        struct ska_slice kept = *data;
        if (!is_taken(v, i) || data->len == 0 ||
            mutate_is_harmless_at(v->files[i].name, data->data, 0))
            continue;
        uint8_t *copy = malloc(data->len);
        world_expect(copy != NULL, "no memory");
        memcpy(copy, data->data, data->len);
        data->data = copy;
        for (size_t k = 0; k < each; k++, n++) {
            size_t at = test_random() % data->len;
            uint8_t mask = random_bit();
            bool is_free = mutate_is_harmless_at(v->files[i].name, kept.data, at);
            copy[at] ^= mask;
            if (!is_refused_anew(v, v->files, v->n_files - 1) && !is_free) {
                printf("# accepted with byte %zu of %s changed\n", at, v->files[i].name);
                n_bad++;
            }
            copy[at] ^= mask;
        }
        free(copy);
        *data = kept;
    }
    tell(v, n_bad == 0, "a bit flipped under a release signed anew is refused", n);
}

/* --- reading
 * --------------------------------------------------------------------------------------- */

static void read_or_exit(uint8_t **data, size_t *len, const char *path)
{
    struct ska_error err = {0};
    if (input_read(data, len, path, SKA_BUNDLE_BYTES_MAX, &err) != SKA_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
}

static void read_key(struct ska_signing_key *key, const char *path)
{
    uint8_t *text = NULL, seed[SKA_SIGN_SEED_BYTES];
    size_t len = 0, prefix = strlen(KEY_TEXT);
    read_or_exit(&text, &len, path);
    if (len < prefix + 43 || memcmp(text, KEY_TEXT, prefix) != 0 ||
        ska_base64url_decode(seed, sizeof seed, (const char *)text + prefix, 43) != SKA_OK) {
        fprintf(stderr, "%s: no signing key\n", path);
        exit(2);
    }
    world_must(ska_signing_key_from_seed(key, seed));
    free(text);
}

/* "PUBLISHER,SECOND". */
static void read_keys(struct victim *v, char *paths)
{
    char *comma = strchr(paths, ',');
    if (comma == NULL) {
        fprintf(stderr, "%s: two key files, with a comma between\n", paths);
        exit(2);
    }
    *comma = '\0';
    read_key(&v->key[SKA_RELEASE_PUBLISHER], paths);
    read_key(&v->key[SKA_RELEASE_SECOND], comma + 1);
    v->has_key = true;
}

static void read_victim(struct victim *v, char *const *arguments, int n)
{
    uint8_t *text = NULL;
    size_t len = 0;
    struct ska_error err = {0};
    struct ska_signed_parameters parameters;
    struct ska_task *task = NULL;
    read_or_exit(&v->archive, &v->len, arguments[0]);
    read_or_exit(&text, &len, arguments[1]);
    if (trust_parse(&v->trust, (struct ska_slice){text, len}, &err) != SKA_OK ||
        ska_bundle_read(&v->files, &v->n_files, (struct ska_slice){v->archive, v->len}, &err) !=
            SKA_OK ||
        v->n_files < 3 || ska_signed_parameters_decode(&parameters, v->files[1].data) != SKA_OK ||
        ska_task_new(&task, parameters.parameters, &err) != SKA_OK) {
        fprintf(stderr, "not a bundle with its trust file: %s\n", err.text);
        exit(2);
    }
    memcpy(v->task_id, task->context.task_id, sizeof v->task_id);
    struct ska_release release;
    world_must(ska_release_decode(&release, v->files[v->n_files - 1].data));
    v->place = release.place;
    ska_task_free(task);
    free(text);
    if (n > 2 && strcmp(arguments[2], "-") != 0)
        read_keys(v, arguments[2]);
    v->samples = n > 3 ? (size_t)strtoul(arguments[3], NULL, 10) : 100;
    v->samples = v->samples > 0 ? v->samples : 1;
}

static int damage(char *const *arguments, int n)
{
    static struct victim v = {.all_ok = true};
    read_victim(&v, arguments, n);
    test_seed("damage");
    tell(&v, passes(&v, (struct ska_slice){v.archive, v.len}), "the bundle as it is passes", 1);
    flip_archive(&v);
    cut_archive(&v);
    rearrange(&v);
    if (v.has_key)
        flip_files_anew(&v);
    free(v.files);
    free(v.archive);
    return v.all_ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    ska_group_init();
    if (argc == 3 && strcmp(argv[1], "make") == 0)
        return make(argv[2]);
    if (argc >= 4 && argc <= 6 && strcmp(argv[1], "damage") == 0)
        return damage(argv + 2, argc - 2);
    fprintf(stderr, "usage: tool_damage make FOLDER | damage BUNDLE TRUST [KEY,KEY|-] [SAMPLES]\n");
    return 2;
}
