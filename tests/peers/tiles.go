// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/hex"
	"fmt"
	mrand "math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The leaf hashes of a bundle, read by Tessera.
func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var out [][]byte
	for _, e := range b.Entries {
		out = append(out, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return out, nil
}

func check(folder string, v note.Verifier) error {
	f := fsck.New(v.Name(), v, client.FileFetcher{Root: folder}, leafHashes, fsck.Opts{N: 2})
	return f.Check(context.Background())
}

// Our files as the sumdb package reads tiles; its paths have the height in them, which C2SP's have not.
type files struct{ folder string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		if out[i], err = os.ReadFile(filepath.Join(f.folder, path)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func lines[H ~[]tlog.Hash](proof H) string {
	var b strings.Builder
	for _, h := range proof {
		fmt.Fprintln(&b, hex.EncodeToString(h[:]))
	}
	return b.String()
}

// The log that a leader keeps.
func leader(folder, vkey string) {
	v, err := note.NewVerifier(vkey)
	must(err)
	err = check(folder, v)
	fact("Tessera's fsck finds a leader's log whole", err == nil, fmt.Sprint(err))
	checkpoint, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err)
	n, err := note.Open(checkpoint, note.VerifierList(v))
	fact("sumdb/note opens its checkpoint", err == nil && len(n.Sigs) == 1 && len(n.UnverifiedSigs) == 2, fmt.Sprint(err))
}

// Logs that our tile writer made: tool makes them, and proofs.
func tiles(folder, vkey, tool string) {
	v, err := note.NewVerifier(vkey)
	must(err)
	run := func(args ...string) string {
		out, err := exec.Command(tool, args...).Output()
		must(err)
		return string(out)
	}
	const whole = 70000
	at := func(size int64) string { return filepath.Join(folder, fmt.Sprint(size)) }
	var faults []string
	for _, size := range []int64{1, 2, 255, 256, 257, 65536, whole} {
		run("write", at(size), fmt.Sprint(size), "2", "0")
		if err := check(at(size), v); err != nil {
			faults = append(faults, fmt.Sprint(size, ": ", err))
		}
	}
	fact("Tessera's fsck finds our logs whole", len(faults) == 0, strings.Join(faults, "; "))

	seed := time.Now().UnixNano()
	fmt.Printf("# seed %d\n", seed)
	r := mrand.New(mrand.NewSource(seed))
	checkpoint, err := os.ReadFile(filepath.Join(at(whole), "checkpoint"))
	must(err)
	n, err := note.Open(checkpoint, note.VerifierList(v))
	must(err)
	root, err := tlog.ParseHash(strings.Split(n.Text, "\n")[2])
	must(err)
	reader := tlog.TileHashReader(tlog.Tree{N: whole, Hash: root}, files{at(whole)})
	differ := ""
	for i := 0; i < 12 && differ == ""; i++ {
		size := 1 + r.Int63n(whole)
		index, old := r.Int63n(size), 1+r.Int63n(size)
		record, err := tlog.ProveRecord(size, index, reader)
		must(err)
		tree, err := tlog.ProveTree(size, old, reader)
		must(err)
		if run("inclusion", fmt.Sprint(size), fmt.Sprint(index)) != lines(record) {
			differ = fmt.Sprintf("inclusion of %d in %d", index, size)
		}
		if run("consistency", fmt.Sprint(old), fmt.Sprint(size)) != lines(tree) {
			differ = fmt.Sprintf("consistency of %d with %d", old, size)
		}
	}
	fact("sumdb/tlog reads our tiles and makes the same proofs from them", differ == "", differ)

	for _, name := range []string{"tile/0/000", "tile/1/000"} {
		path := filepath.Join(at(whole), name)
		data, err := os.ReadFile(path)
		must(err)
		data[len(data)-1] ^= 1
		must(os.WriteFile(path, data, 0o644))
		fact("fsck sees a flipped bit in "+name, check(at(whole), v) != nil, path)
		data[len(data)-1] ^= 1
		must(os.WriteFile(path, data, 0o644))
	}
}
