package api

import (
	"container/list"
	"hash/maphash"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/geo/hexcube"
	"quietude/server/hexmap"
)

// keptAnswers remembers, in a bounded number of bytes, the answers about
// hexagons that are asked for again: what the question was, so that it need not
// be read and checked twice, its ETag, and the bytes as they travel. An answer
// is kept when it is asked for a second time only; a scan of random tiles
// passes through without pushing out what people look at.
//
// Keys are the address as it was asked and the Accept header. Of who asks the
// answers depend on the territoire only, which is looked at beside the key.
type keptAnswers struct {
	mu        sync.Mutex
	limit     int
	bytes     int
	order     *list.List // of *keptAnswer, last used first
	byAddress map[address]*list.Element
	once      doorkeeper
}

type address struct{ uri, accept string }

// keptAnswer does not change once kept, but for verified.
type keptAnswer struct {
	address
	// route is the router's name of what answered, right its line in the table of
	// rights, and territoire the one whose principals may have it.
	route, right, territoire string

	query    hexcube.Query
	boot     string
	revision uint64
	// verified is the newest revision at which the answer was still the same.
	verified atomic.Uint64
	tag      string
	// Headers as they are sent, shared by all answers and never changed.
	caching, tags []string
	media         string
	// full is false when only the ETag is known: the client had the answer.
	full bool
	body []byte
	// Compressed bodies, nil where that does not pay.
	gzip, zstd []byte
}

// keptOverhead is about what one entry costs beside its bytes.
const keptOverhead = 512

func newKeptAnswers(limit int) *keptAnswers {
	return &keptAnswers{limit: limit, order: list.New(), byAddress: map[address]*list.Element{}, once: newDoorkeeper()}
}

func (k *keptAnswers) get(at address) *keptAnswer {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.byAddress[at]
	if !ok {
		return nil
	}
	k.order.MoveToFront(e)
	return e.Value.(*keptAnswer)
}

// wanted tells whether an answer is worth keeping: it was asked for before, not
// too long ago.
func (k *keptAnswers) wanted(at address) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.limit < 0 {
		return false
	}
	_, kept := k.byAddress[at]
	return kept || k.once.seen(at)
}

func (k *keptAnswers) put(a *keptAnswer) {
	if a.size() > k.limit/8 {
		return // one large answer is not worth many small ones
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.byAddress[a.address]; ok {
		k.drop(e)
	}
	k.byAddress[a.address] = k.order.PushFront(a)
	k.bytes += a.size()
	for k.bytes > k.limit {
		k.drop(k.order.Back())
	}
}

func (k *keptAnswers) drop(e *list.Element) {
	a := k.order.Remove(e).(*keptAnswer)
	delete(k.byAddress, a.address)
	k.bytes -= a.size()
}

func (a *keptAnswer) size() int {
	return len(a.uri) + len(a.body) + len(a.gzip) + len(a.zstd) + keptOverhead
}

// doorkeeper remembers some thousands of the addresses seen last, by their
// hash. Two addresses may be taken for one another, which keeps one too early.
type doorkeeper struct {
	seed    maphash.Seed
	buckets [][4]uint64 // in each, the newest first
}

func newDoorkeeper() doorkeeper {
	return doorkeeper{maphash.MakeSeed(), make([][4]uint64, 1<<12)}
}

// seen tells whether an address was seen before, and remembers it.
func (d *doorkeeper) seen(at address) bool {
	hash := maphash.Comparable(d.seed, at)
	bucket := &d.buckets[hash%uint64(len(d.buckets))]
	before := slices.Contains(bucket[:], hash)
	if !before {
		copy(bucket[1:], bucket[:3])
		bucket[0] = hash
	}
	return before
}

// Kept is an answer in memory to the request at hand.
type Kept struct {
	*keptAnswer
	known bool // to the client, which has it
}

// Kept finds what a request asks for if that was asked for before, is for this
// visitor, and the data behind it has not changed. Everybody else goes the long
// way, where the reason is told. It comes before any route is looked for, as it is
// asked for thousands of times a second, and does not look at the database: twice
// a second a request goes the long way and does.
func (a *API) Kept(r *http.Request, now time.Time) (k Kept, ok bool) {
	at, ok := addressOf(r)
	if !ok {
		return k, false
	}
	kept := a.kept.get(at)
	if kept == nil {
		return k, false
	}
	visitor, err := a.Auth.Of(r)
	if err != nil || visitor.Territoire != kept.territoire || !visitor.May(kept.right) {
		return k, false
	}
	view := a.Maps.Fresh(kept.territoire, now)
	if view == nil || !kept.current(view) {
		return k, false
	}
	k = Kept{kept, clientHas(r, kept.tag)}
	return k, k.known || kept.full
}

// Route is the one that would answer, as the router names it.
func (k Kept) Route() string { return k.route }

// NotModified reports whether the client has the answer: it needs no header that
// came with it, those of RFC 9110, 15.4.5 apart, which Write sets.
func (k Kept) NotModified() bool { return k.known }

// Write answers, once the headers that all answers have are set.
func (k Kept) Write(w http.ResponseWriter, r *http.Request) (status, bytes int) {
	h := w.Header()
	h["Cache-Control"], h["Etag"], h["Vary"] = k.caching, k.tags, varyCoding
	switch {
	case k.known:
		status = http.StatusNotModified
	case len(k.body) == 0:
		status = http.StatusNoContent
	default:
		coding, body := k.coded(r)
		return http.StatusOK, send(w, k.media, k.tag, coding, body)
	}
	w.WriteHeader(status)
	return status, 0
}

// coded is the best body that the client takes: the plain one where compressing
// did not pay.
func (a *keptAnswer) coded(r *http.Request) (*coding, []byte) {
	coding := chosenCoding(r)
	switch {
	case coding == zstandard && a.zstd != nil:
		return coding, a.zstd
	case coding == gzipped && a.gzip != nil:
		return coding, a.gzip
	}
	return none, a.body
}

// addressOf is the key of a request; ok is false for one that cannot have one.
func addressOf(r *http.Request) (at address, ok bool) {
	accept := r.Header["Accept"]
	if r.Method != http.MethodGet || len(accept) > 1 {
		return at, false
	}
	at.uri = r.RequestURI
	if len(accept) == 1 {
		at.accept = accept[0]
	}
	return at, true
}

// current tells whether the answer is that of a view. The look at the places
// that changed is spared while nothing has changed anywhere.
func (a *keptAnswer) current(view *hexmap.View) bool {
	if view.Boot() != a.boot {
		return false
	}
	now := uint64(view.Revision())
	if a.verified.Load() == now {
		return true
	}
	if _, revision := view.Tag(a.query); revision != a.revision {
		return false
	}
	a.verified.Store(now)
	return true
}

// keep remembers an answer if it was asked for before. full says that body is
// known; a client that had the answer already was told so without it.
func (a *API) keep(c *gin.Context, territoire string, view *hexmap.View, q hexcube.Query, tag, media string, body []byte, full bool) {
	at, ok := addressOf(c.Request)
	if !ok || !a.kept.wanted(at) {
		return
	}
	kept := &keptAnswer{address: at, route: c.FullPath(), right: visiting(c).route, territoire: territoire, query: q, tag: tag, media: media, body: body, full: full,
		caching: []string{hexagonCaching}, tags: []string{tag}}
	kept.boot, kept.revision = view.Tag(q)
	kept.verified.Store(uint64(view.Revision()))
	kept.compress()
	a.kept.put(kept)
}

// compress makes the bodies that are kept beside the plain one, better than an
// answer that is written once would be.
func (a *keptAnswer) compress() {
	a.gzip, a.zstd = gzipped.better(a.body), zstandard.better(a.body)
}
