package api

import (
	"container/list"
	"sync"
	"time"

	"quietude/geo/tile"
)

// tileCache keeps the newest tiles that PostGIS drew, in a bounded number of
// bytes: a scan of random tiles can empty it, not grow it.
type tileCache struct {
	mu    sync.Mutex
	limit int
	bytes int
	order *list.List // of *keptTile, last used first
	tiles map[tileKey]*list.Element
}

type tileKey struct {
	layer, territoire, revision string
	at                          tile.Coord
}

type keptTile struct {
	key   tileKey
	body  []byte
	tag   string
	until time.Time
}

// tileOverhead is about what one entry costs beside its bytes.
const tileOverhead = 256

// tileLife bounds how long a change of the streets, which has no revision, may
// go unseen.
const tileLife = 5 * time.Minute

func newTileCache(limit int) *tileCache {
	return &tileCache{limit: limit, order: list.New(), tiles: map[tileKey]*list.Element{}}
}

func (t *tileCache) get(key tileKey, now time.Time) (keptTile, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.tiles[key]
	if !ok {
		return keptTile{}, false
	}
	kept := e.Value.(*keptTile)
	if now.After(kept.until) {
		t.drop(e)
		return keptTile{}, false
	}
	t.order.MoveToFront(e)
	return *kept, true
}

func (t *tileCache) put(key tileKey, body []byte, tag string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.tiles[key]; ok {
		t.drop(e)
	}
	t.tiles[key] = t.order.PushFront(&keptTile{key, body, tag, now.Add(tileLife)})
	t.bytes += len(body) + tileOverhead
	for t.bytes > t.limit {
		t.drop(t.order.Back())
	}
}

func (t *tileCache) drop(e *list.Element) {
	kept := t.order.Remove(e).(*keptTile)
	delete(t.tiles, kept.key)
	t.bytes -= len(kept.body) + tileOverhead
}
