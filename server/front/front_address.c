/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front_address.c - a table of addresses in sets of WAYS places. The set of an address follows from
 * a hash under a key that nobody else knows, so that nobody can fill a certain set.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "server/front/front_address.h"

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <netinet/in.h>
#include <sys/mman.h>

#define WAYS 8u
#define PLACES_MIN 4096u
#define KEY_BYTES 9 /* family, then 4 or 8 bytes */

struct address {
    uint8_t key[KEY_BYTES]; /* zeros: a free place */
    uint32_t connections;
    uint64_t milli_left; /* thousandths of requests in the bucket, at ... */
    uint64_t at_ms;
};

struct addresses {
    struct address_limits limits;
    uint8_t secret[16];
    size_t bytes;         /* of the whole, places included */
    pthread_mutex_t lock; /* of the places */
    size_t n_sets;        /* a power of two */
    struct address places[];
};

/* A place is valid at every step of its changes: what a process left that died is taken as it is.
 */
static void lock_places(struct addresses *a)
{
    int failed = pthread_mutex_lock(&a->lock);
    if (failed == EOWNERDEAD)
        failed = pthread_mutex_consistent(&a->lock);
    assert(failed == 0);
}

static void unlock_places(struct addresses *a)
{
    int failed = pthread_mutex_unlock(&a->lock);
    assert(failed == 0);
}

static enum ska_status init_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t kind;
    if (pthread_mutexattr_init(&kind) != 0)
        return SKA_E_MEMORY;
    bool failed = pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED) != 0 ||
                  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST) != 0 ||
                  pthread_mutex_init(lock, &kind) != 0;
    (void)pthread_mutexattr_destroy(&kind);
    return failed ? SKA_E_MEMORY : SKA_OK;
}

enum ska_status addresses_new(struct addresses **out, const struct address_limits *limits)
{
    size_t n = PLACES_MIN;
    while (n < 4 * limits->connections_total) /* at most 2^18: connections_max is limited */
        n *= 2;
    size_t bytes = sizeof(struct addresses) + n * sizeof(struct address);
    struct addresses *a =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (a == MAP_FAILED)
        return SKA_E_MEMORY;
    a->bytes = bytes;
    if (init_lock(&a->lock) != SKA_OK) {
        (void)munmap(a, bytes);
        return SKA_E_MEMORY;
    }
    a->limits = *limits;
    a->n_sets = n / WAYS;
    ska_random(a->secret, sizeof a->secret);
    *out = a;
    return SKA_OK;
}

void addresses_free(struct addresses *a)
{
    if (a != NULL)
        (void)munmap(a, a->bytes);
}

/* What stands for a client; false for this machine itself, and for what is no IP address. */
static bool read_key(uint8_t key[static KEY_BYTES], const struct sockaddr *from)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const uint8_t own4[4] = {127, 0, 0, 1};
    const uint8_t *v4 = NULL;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    memset(key, 0, KEY_BYTES);
    if (from->sa_family == AF_INET) {
        memcpy(&in4, from, sizeof in4);
        v4 = (const uint8_t *)&in4.sin_addr;
    } else if (from->sa_family == AF_INET6) {
        memcpy(&in6, from, sizeof in6);
        if (memcmp(&in6.sin6_addr, &in6addr_loopback, sizeof in6.sin6_addr) == 0)
            return false;
        if (memcmp(&in6.sin6_addr, mapped, sizeof mapped) == 0)
            v4 = in6.sin6_addr.s6_addr + sizeof mapped;
    } else {
        return false;
    }
    key[0] = v4 != NULL ? 4 : 6;
    memcpy(key + 1, v4 != NULL ? v4 : in6.sin6_addr.s6_addr, v4 != NULL ? 4 : 8);
    return v4 == NULL || memcmp(v4, own4, sizeof own4) != 0;
}

static uint64_t milli_max(const struct addresses *a)
{
    return a->limits.requests_per_s * ADDRESS_BURST_S * 1000u;
}

/* What is in the bucket now: `requests_per_s` thousandths a millisecond have come to it. */
static uint64_t milli_now(const struct addresses *a, const struct address *one, uint64_t now_ms)
{
    uint64_t max = milli_max(a);
    uint64_t passed_ms = now_ms > one->at_ms ? now_ms - one->at_ms : 0;
    if (passed_ms >= ADDRESS_BURST_S * 1000u)
        return max;
    uint64_t left = one->milli_left + passed_ms * a->limits.requests_per_s;
    return left < max ? left : max;
}

/* The place of a key; NULL if all of its set have connections of others. */
static struct address *find(struct addresses *a, const uint8_t key[static KEY_BYTES],
                            uint64_t now_ms)
{
    uint8_t hash[SKA_HASH_BYTES];
    const struct ska_slice pieces[2] = {{a->secret, sizeof a->secret}, {key, KEY_BYTES}};
    ska_sha256_pieces(hash, pieces, 2);
    size_t set = ((size_t)hash[0] | (size_t)hash[1] << 8 | (size_t)hash[2] << 16) & (a->n_sets - 1);
    struct address *best = NULL;
    for (struct address *p = a->places + set * WAYS; p < a->places + (set + 1) * WAYS; p++) {
        if (memcmp(p->key, key, KEY_BYTES) == 0)
            return p;
        if (p->connections == 0 &&
            (best == NULL || p->key[0] == 0 ||
             (best->key[0] != 0 && milli_now(a, p, now_ms) > milli_now(a, best, now_ms))))
            best = p;
    }
    if (best == NULL)
        return NULL;
    *best = (struct address){.milli_left = milli_max(a), .at_ms = now_ms};
    memcpy(best->key, key, KEY_BYTES);
    return best;
}

bool addresses_enter(struct address **out, struct addresses *a, const struct sockaddr *from,
                     uint64_t now_ms)
{
    uint8_t key[KEY_BYTES];
    *out = NULL;
    if (!read_key(key, from))
        return true;
    lock_places(a);
    struct address *one = find(a, key, now_ms);
    /* without a place it cannot be told apart from others: connections_max holds all the same */
    bool may =
        one == NULL || a->limits.connections == 0 || one->connections < a->limits.connections;
    if (one != NULL && may)
        one->connections++;
    unlock_places(a);
    if (may)
        *out = one;
    return may;
}

void addresses_leave(struct addresses *a, struct address *one)
{
    if (one == NULL)
        return;
    lock_places(a);
    assert(one->connections > 0);
    one->connections--;
    unlock_places(a);
}

bool addresses_request(struct addresses *a, struct address *one, uint64_t now_ms)
{
    if (one == NULL || a->limits.requests_per_s == 0)
        return true;
    lock_places(a);
    one->milli_left = milli_now(a, one, now_ms);
    one->at_ms = now_ms;
    bool may = one->milli_left >= 1000;
    if (may)
        one->milli_left -= 1000;
    unlock_places(a);
    return may;
}
