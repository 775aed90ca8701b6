/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_receipt.c - an officer's home folder with receipts, their proofs from a log, and bundles, as
 * tests/made_receipt.h makes them, for programs that check them without a server.
 *
 *     tool_receipt HOME SIZE     HOME: skarva.conf, trust.txt, policy.txt; receipts 1 and 2 of
 * 2025Q2 with proofs from a log of SIZE leaves; one.tar counts 1, two.tar counts 2, lost.tar lacks
 * 1
 */
#include "support/file.h"
#include "support/keyfile.h"
#include "tests/made_receipt.h"

#include <inttypes.h>
#include <time.h>

static void put(const char *folder, const char *name, const void *data, size_t len)
{
    char path[4096];
    struct ska_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (file_write(path, data, len, false, &err) == SKA_OK)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

static void put_text(const char *folder, const char *name, const char *text)
{
    put(folder, name, text, strlen(text));
}

static void put_trust(const char *folder)
{
    static const char *const names[] = {"publisher", "second", "leader", "helper"};
    char text[400];
    size_t at = 0;
    for (enum made_party party = 0; party < MADE_PARTIES; party++) {
        struct ska_signing_key key;
        char coded[44];
        made_party_key(&key, party);
        ska_base64url_encode(coded, key.public_key, sizeof key.public_key);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s %s\n", names[party], coded);
    }
    put_text(folder, "trust.txt", text);
}

static void put_policy(const char *folder)
{
    struct made_log log = {0};
    char text[2000];
    made_log_keys(&log);
    made_log_policy(text, sizeof text, &log);
    put_text(folder, "policy.txt", text);
}

static void put_receipt(const char *folder, uint64_t number, uint64_t size)
{
    struct ska_receipt receipt;
    struct ska_writer w = {0}, proof = {0};
    char name[64];
    made_receipt(&receipt, number);
    ska_receipt_encode(&w, &receipt);
    (void)snprintf(name, sizeof name, "receipts/2025Q2-%" PRIu64 ".receipt", number);
    put(folder, name, w.data, w.len);
    made_proof(&proof, &receipt, size, size / 3, 7, (uint64_t)time(NULL));
    (void)snprintf(name, sizeof name, "receipts/2025Q2-%" PRIu64 ".tlog-proof", number);
    put(folder, name, proof.data, proof.len);
    ska_writer_clear(&w);
    ska_writer_clear(&proof);
}

static void put_bundle(const char *folder, const char *name, uint64_t last, uint64_t without)
{
    struct ska_writer w = {0};
    made_bundle(&w, last, without);
    put(folder, name, w.data, w.len);
    ska_writer_clear(&w);
}

int main(int argc, char **argv)
{
    uint64_t size = 0;
    char receipts[4096];
    if (argc != 3 || ska_note_number(&size, (const uint8_t *)argv[2], strlen(argv[2])) != SKA_OK ||
        size == 0) {
        fputs("usage: tool_receipt HOME SIZE\n", stderr);
        return 2;
    }
    (void)snprintf(receipts, sizeof receipts, "%s/receipts", argv[1]);
    if (file_make_folder(receipts, false, NULL) != SKA_OK)
        return 1;
    put_text(argv[1], "skarva.conf",
             "code = 2303\nname = Ragunda kommun\nleader = https://leader.example/\n");
    put_trust(argv[1]);
    put_policy(argv[1]);
    put_receipt(argv[1], 1, size);
    put_receipt(argv[1], 2, size);
    put_bundle(argv[1], "one.tar", 1, 0);
    put_bundle(argv[1], "two.tar", 2, 0);
    put_bundle(argv[1], "lost.tar", 2, 1);
    return 0;
}
