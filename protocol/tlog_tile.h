/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tlog_tile.h - a log's tree and entries as plain files: where they lie, what is in them.
 *
 *     tile/LEVEL/INDEX[.p/WIDTH]      1 to 256 hashes of 32 bytes: leaf hashes on level 0, above it
 *                                     the roots of full tiles of the level below
 *     tile/entries/INDEX[.p/WIDTH]    the entries of the same leaves, each u16 length | bytes
 *
 * INDEX is decimal in groups of three digits, all but the last after an x: 1234067 is
 * x001/x234/067. A tile of less than 256 hashes is partial; it grows with the log, a full one never
 * changes.
 *
 * Who makes a log walks over the tiles that are new (ska_tile_walk), fills each
 * (ska_tile_hashes) from a source of hashes of its own, and writes it. Who follows one keeps the
 * tree's edge (merkle.h), adds each bundle (ska_tile_add_entries) and compares the root. The same
 * source gives proofs.
 *
 * Spec: C2SP tlog-tiles; trees are RFC 6962, section 2.1. Sizes are below 2^63.
 */
#ifndef SKA_TLOG_TILE_H
#define SKA_TLOG_TILE_H

#include "crypto/merkle.h"

#define SKA_TILE_WIDTH 256u
#define SKA_TILE_HEIGHT 8u  /* a full tile is a tree of this height */
#define SKA_TILE_LEVELS 8u  /* 0..7: 256^8 is over 2^63 */
#define SKA_TILE_ENTRIES 8u /* in place of a level: the bundle of entries */
#define SKA_TILE_BYTES_MAX (SKA_TILE_WIDTH * SKA_HASH_BYTES)
#define SKA_TILE_ENTRY_MAX 65535u
#define SKA_TILE_BUNDLE_BYTES_MAX (SKA_TILE_WIDTH * (2u + SKA_TILE_ENTRY_MAX))
#define SKA_TILE_PATH_MAX 63u

struct ska_tile {
    unsigned level; /* below SKA_TILE_LEVELS, or SKA_TILE_ENTRIES */
    uint64_t index; /* within the level */
    unsigned width; /* 1..256; 256: full */
};

/* "tile/0/x001/x234/067.p/5" */
void ska_tile_path(char out[static SKA_TILE_PATH_MAX + 1], const struct ska_tile *tile);

/* The width that a tile has in a tree of `size` leaves; 0 if it is not there. */
unsigned ska_tile_width(unsigned level, uint64_t index, uint64_t size);

/*
 * The tiles and bundles that a tree of `size` leaves has and one of `old_size` <= size has not, or
 * not of that width: bundles first, then level after level, each by index. So a tile comes after
 * the full ones that it is hashed from.
 */
struct ska_tile_walk {
    uint64_t old_size, size;
    unsigned step;  /* 0: bundles, 1 + level */
    uint64_t index; /* the next of the step, if is_begun */
    bool is_begun;
};
void ska_tile_walk_init(struct ska_tile_walk *walk, uint64_t old_size, uint64_t size);
bool ska_tile_walk_next(struct ska_tile *tile, struct ska_tile_walk *walk); /* false: no more */

/*
 * Where hashes come from: `hash` gives the root over the 256^level leaves that begin at leaf
 * index * 256^level, all of them in the log: a leaf's hash for level 0, above it the root of full
 * tile `index` of level - 1, ska_merkle_root over its hashes. What it returns is passed on.
 */
struct ska_tile_source {
    enum ska_status (*hash)(uint8_t out[static SKA_HASH_BYTES], void *arg, unsigned level,
                            uint64_t index);
    void *arg;
};

/* The hashes of a tile: out[0..width). They are the file as they are. Not for bundles. */
enum ska_status ska_tile_hashes(uint8_t (*out)[SKA_HASH_BYTES], const struct ska_tile *tile,
                                const struct ska_tile_source *source) SKA_MUST_CHECK;

/* The edge of the tree of `size` leaves. *out means nothing after a failure. */
enum ska_status ska_tile_edge(struct ska_merkle_edge *out, uint64_t size,
                              const struct ska_tile_source *source) SKA_MUST_CHECK;

/* The inclusion proof of leaf `index` < size in the tree of `size` leaves, as ska_merkle_verify
 * wants it. SKA_E_RANGE for an index that is not there. Outputs mean nothing after a failure. */
enum ska_status ska_tile_inclusion(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                                   uint64_t index, uint64_t size,
                                   const struct ska_tile_source *source) SKA_MUST_CHECK;

/* The consistency proof from a tree of old_size <= size leaves to one of `size`, as
 * ska_merkle_consistent wants it; SKA_E_RANGE if old_size is larger. As above. */
enum ska_status ska_tile_consistency(uint8_t (*path)[SKA_HASH_BYTES], size_t *path_len,
                                     uint64_t old_size, uint64_t size,
                                     const struct ska_tile_source *source) SKA_MUST_CHECK;

/*
 * Take apart a bundle of exactly `width` entries, 1..256, each as ska_write_opaque16 writes it.
 * entries[0..width) borrow from `bytes`.
 *
 * Returns SKA_OK; SKA_E_TRUNCATED; SKA_E_TRAILING. Out means nothing after a failure.
 */
enum ska_status ska_tile_entries(struct ska_slice entries[static SKA_TILE_WIDTH], unsigned width,
                                 struct ska_slice bytes) SKA_MUST_CHECK;

/*
 * Let a tree grow by a bundle's entries: those from edge->size on; those before it are passed over.
 *
 * Returns SKA_OK; SKA_E_RANGE if the tree ends before the bundle begins; as ska_tile_entries, with
 * the edge unchanged.
 */
enum ska_status ska_tile_add_entries(struct ska_merkle_edge *edge, const struct ska_tile *bundle,
                                     struct ska_slice bytes) SKA_MUST_CHECK;

#endif
