// Command tlog convinces itself that an exported log is what it says, with software that is not ours:
// golang.org/x/mod/sumdb/tlog and /note, which the Go checksum database uses.
//
// Usage: tlog [-old CHECKPOINT] [-proofs FILE] DIRECTORY
//
// DIRECTORY holds checkpoint, key.vkey, tile/… and tile/entries/… as C2SP tlog-tiles lays them out. It is checked that
//   - the checkpoint is signed by the key,
//   - the entries, hashed one by one, give every tile and the signed root,
//   - the log has only grown since the older checkpoint (-old), which the same key signed,
//   - the proofs in a JSON file (-proofs) hold, for the checkpoint they name by its size:
//     {"records": [{"index": 0, "size": 5, "leaf": hex, "path": [hex, …]}], "trees": [{"old": 3, "new": 5, "path": [hex, …]}]}
//
// Exit status: 0 convinced, 1 not convinced, 2 could not look (usage, unreadable files).
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// unreadable is an error of the machine, not of the log.
type unreadable struct{ error }

func (err unreadable) Unwrap() error { return err.error }

func main() {
	old := flag.String("old", "", "an older checkpoint")
	proofs := flag.String("proofs", "", "proofs as JSON")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "Usage: tlog [-old CHECKPOINT] [-proofs FILE] DIRECTORY")
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	err := check(flag.Arg(0), *old, *proofs)
	var machine unreadable
	switch {
	case err == nil:
	case errors.As(err, &machine):
		fmt.Println("cannot look:", err)
		os.Exit(2)
	default:
		fmt.Println("not convinced:", err)
		os.Exit(1)
	}
}

func check(directory, oldFile, proofFile string) error {
	vkey, err := read(filepath.Join(directory, "key.vkey"))
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return fmt.Errorf("key.vkey: %v", err)
	}
	tree, err := checkpoint(filepath.Join(directory, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	fmt.Printf("checkpoint: signed by %s, %d records\n", verifier.Name(), tree.N)

	hashes, err := entries(directory, tree)
	if err != nil {
		return err
	}
	count, err := tiles(directory, tree, hashes)
	if err != nil {
		return err
	}
	fmt.Printf("entries: %d give the root and the %d tiles\n", tree.N, count)

	if oldFile != "" {
		if err := growth(oldFile, verifier, tree, hashes); err != nil {
			return err
		}
	}
	if proofFile != "" {
		return checkProofs(proofFile, tree, hashes)
	}
	return nil
}

// checkpoint reads a signed checkpoint (C2SP tlog-checkpoint).
func checkpoint(file string, verifier note.Verifier) (tlog.Tree, error) {
	data, err := read(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %v", file, err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("%s: not a checkpoint of %s", file, verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("%s: not a size: %q", file, lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("%s: not a root: %q", file, lines[2])
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

// storage is all hashes of a log, in tlog's order.
type storage []tlog.Hash

func (hashes storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, index := range indexes {
		if index < 0 || index >= int64(len(hashes)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		list = append(list, hashes[index])
	}
	return list, nil
}

// entries computes every hash of the log from its records alone, up to the signed root.
//
// tlog.TileHashReader is not used: in the version Debian has (0.7.0) it does not check the first tiles of a call against their
// parents when tiles at the tree's edge are shared (it skips as many as there are subtrees, not tiles).
func entries(directory string, tree tlog.Tree) (storage, error) {
	const width = 1 << height
	var hashes storage
	for start := int64(0); start < tree.N; start += width {
		count := tree.N - start
		if count > width {
			count = width
		}
		tile := tlog.Tile{H: height, L: -1, N: start / width, W: int(count)}
		data, err := read(filepath.Join(directory, published(tile)))
		if err != nil {
			return nil, missing(err)
		}
		for n := start; n < start+count; n++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("record %d: its bundle is cut off", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			next, err := tlog.StoredHashes(n, data[2:end], hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, next...)
			data = data[end:]
		}
		if len(data) > 0 {
			return nil, fmt.Errorf("record %d: its bundle goes on after the last entry", start)
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return nil, err
	}
	if tree.N == 0 {
		root = sha256.Sum256(nil)
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the %d records give another root than the signed one", tree.N)
	}
	return hashes, nil
}

// tiles checks every published tile of hashes against the records.
func tiles(directory string, tree tlog.Tree, hashes storage) (int, error) {
	number := 0
	for level := 0; tree.N>>(height*level) > 0; level++ {
		// As many hashes as there are full tiles at the level below.
		left := tree.N >> (height * level)
		for n := int64(0); left > 0; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: 1 << height}
			if left < 1<<height {
				tile.W = int(left)
			}
			left -= int64(tile.W)
			expected, err := tlog.ReadTileData(tile, hashes)
			if err != nil {
				return 0, err
			}
			data, err := read(filepath.Join(directory, published(tile)))
			if err != nil {
				return 0, missing(err)
			}
			if !bytes.Equal(data, expected) {
				return 0, fmt.Errorf("%s: not the hashes that the records give", published(tile))
			}
			number++
		}
	}
	return number, nil
}

// growth proves that the log continues an older checkpoint.
func growth(file string, verifier note.Verifier, tree tlog.Tree, hashes tlog.HashReader) error {
	old, err := checkpoint(file, verifier)
	if err != nil {
		return err
	}
	if old.N > tree.N {
		return fmt.Errorf("%s: has %d records, the log %d: it was cut off", file, old.N, tree.N)
	}
	if old.N == 0 {
		fmt.Println("growth: from nothing")
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("%s: the log does not continue it: %v", file, err)
	}
	fmt.Printf("growth: from %d records to %d\n", old.N, tree.N)
	return nil
}

// checkProofs checks proofs that the log made.
func checkProofs(file string, tree tlog.Tree, hashes tlog.HashReader) error {
	data, err := read(file)
	if err != nil {
		return err
	}
	var proofs struct {
		Records []struct {
			Index, Size int64
			Leaf        string
			Path        []string
		}
		Trees []struct {
			Old, New int64
			Path     []string
		}
	}
	if err := json.Unmarshal(data, &proofs); err != nil {
		return unreadable{err}
	}
	for _, record := range proofs.Records {
		root, err := rootAt(record.Size, tree, hashes)
		if err != nil {
			return err
		}
		leaf, err := hash(record.Leaf)
		if err != nil {
			return err
		}
		path, err := list(record.Path)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, record.Size, root, record.Index, leaf); err != nil {
			return fmt.Errorf("record %d of %d: %v", record.Index, record.Size, err)
		}
	}
	for _, growth := range proofs.Trees {
		newRoot, err := rootAt(growth.New, tree, hashes)
		if err != nil {
			return err
		}
		oldRoot, err := rootAt(growth.Old, tree, hashes)
		if err != nil {
			return err
		}
		path, err := list(growth.Path)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(path, growth.New, newRoot, growth.Old, oldRoot); err != nil {
			return fmt.Errorf("tree %d of %d: %v", growth.Old, growth.New, err)
		}
	}
	fmt.Printf("proofs: %d of records, %d of growth\n", len(proofs.Records), len(proofs.Trees))
	return nil
}

// rootAt is the root at a size, from hashes proven to be under the signed root.
func rootAt(size int64, tree tlog.Tree, hashes tlog.HashReader) (tlog.Hash, error) {
	if size < 1 || size > tree.N {
		return tlog.Hash{}, fmt.Errorf("a proof names %d records, the log has %d", size, tree.N)
	}
	return tlog.TreeHash(size, hashes)
}

func hash(text string) (tlog.Hash, error) {
	var result tlog.Hash
	data, err := hex.DecodeString(text)
	if err != nil || len(data) != tlog.HashSize {
		return result, fmt.Errorf("not a hash: %q", text)
	}
	copy(result[:], data)
	return result, nil
}

func list(texts []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, text := range texts {
		next, err := hash(text)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, next)
	}
	return hashes, nil
}

// published is where C2SP tlog-tiles puts a tile: as tlog.Tile.Path, without the height and with another name for entries.
func published(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func read(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable{err}
	}
	return data, nil
}

// missing makes a tile that is not there the log's fault.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("a tile is missing: " + err.Error())
	}
	return err
}
