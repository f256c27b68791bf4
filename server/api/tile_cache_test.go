package api

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"quietude/geo/tile"
)

// TestTileCacheIsBounded asks for a hundred thousand random tiles.
func TestTileCacheIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	cache := newTileCache(limit)
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	chance := rand.New(rand.NewPCG(1, 1))
	for range 100_000 {
		key := tileKey{layer: "voirie", at: tile.Coord{Z: 16, X: uint32(chance.IntN(1 << 16)), Y: uint32(chance.IntN(1 << 16))}}
		if _, ok := cache.get(key, now); !ok {
			cache.put(key, make([]byte, chance.IntN(4000)), "x", now)
		}
		if cache.bytes > limit {
			t.Fatalf("%d bytes kept, limit %d", cache.bytes, limit)
		}
	}
	if len(cache.tiles) != cache.order.Len() || len(cache.tiles) < 100 {
		t.Errorf("%d tiles by key, %d in order", len(cache.tiles), cache.order.Len())
	}
}

func TestTileCacheForgets(t *testing.T) {
	t.Parallel()
	cache := newTileCache(10_000)
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	key := tileKey{layer: "voirie", revision: "a"}
	cache.put(key, []byte("one"), "1", now)
	cache.put(key, []byte("two"), "2", now)
	if kept, ok := cache.get(key, now.Add(tileLife)); !ok || !bytes.Equal(kept.body, []byte("two")) || kept.tag != "2" {
		t.Errorf("%+v, %v", kept, ok)
	}
	if _, ok := cache.get(tileKey{layer: "voirie", revision: "b"}, now); ok {
		t.Error("a tile of another revision is found")
	}
	if _, ok := cache.get(key, now.Add(tileLife+1)); ok || cache.bytes != 0 {
		t.Errorf("a tile outlives its time, %d bytes", cache.bytes)
	}
}
