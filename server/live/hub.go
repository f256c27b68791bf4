package live

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"golang.org/x/time/rate"

	"quietude/server/atelier"
	"quietude/server/bell"
	"quietude/server/fault"
	"quietude/server/store"
)

// Log is what a hub needs of the store.
type Log interface {
	WriteRoom(ctx context.Context, w store.RoomWrite, decide func(store.RoomView) (store.RoomChange, error)) error
	WakeRooms(ctx context.Context, node string, rooms []uuid.UUID) error
	Snapshot(ctx context.Context, territoire string, id uuid.UUID) (atelier.Atelier, []atelier.Marker, error)
	Evening(ctx context.Context, territoire string, id uuid.UUID) (atelier.Atelier, []atelier.Marker, store.Said, error)
	Operations(ctx context.Context, territoire string, id uuid.UUID, after int64, limit int) ([]store.Entry, error)
	ListenRooms(ctx context.Context, ready func(), heard func(id uuid.UUID, node string)) error
	LastNumbers(ctx context.Context, rooms map[uuid.UUID]string) (map[uuid.UUID]int64, error)
	BeatPresence(ctx context.Context, territoire string, id, node uuid.UUID, connected []store.Connected) error
	Presence(ctx context.Context, territoire string, id uuid.UUID) (map[int]int, error)
	EraseParticipant(ctx context.Context, territoire string, id, participant uuid.UUID, node, role string) (markers int, err error)
}

// Places finds the quartier of a position in a territoire, or a fault that
// says why the position is not accepted there.
type Places interface {
	QuartierOf(ctx context.Context, territoire string, p orb.Point) (string, error)
}

// Hub keeps the rooms that this node serves. It is safe for concurrent use.
type Hub struct {
	log     Log
	places  Places
	logger  *slog.Logger
	node    uuid.UUID
	changed func(territoire string)
	bell    *bell.Bell[uuid.UUID] // rung for rooms that have grown

	mu    sync.Mutex
	rooms map[uuid.UUID]*room

	stop     chan struct{}
	stopOnce sync.Once
	// commits is the life of every transaction: longer than the request that
	// began it, since others may share it, and ended soon after Close.
	commits context.Context
	abort   context.CancelFunc
}

// NewHub makes a hub. changed is called after each committed write of this
// node, with the territoire whose markers changed.
func NewHub(log Log, places Places, logger *slog.Logger, changed func(territoire string)) *Hub {
	node := uuid.New()
	h := &Hub{log: log, places: places, logger: logger, node: node, changed: changed, bell: bell.New[uuid.UUID](node.String()),
		rooms: map[uuid.UUID]*room{}, stop: make(chan struct{})}
	h.commits, h.abort = context.WithCancel(context.Background())
	return h
}

// Bounds of a batch and of one participant's pace. Adding is slower than the
// rest, since a person has at most thirty markers; the bursts let a device that
// was offline for the evening empty its outbox at once.
const (
	MaxBatch       = 200
	addsPerSecond  = 2
	addBurst       = 60
	otherPerSecond = 40
	otherBurst     = 400
)

// Write decides a batch and returns one receipt per operation once everything
// accepted is committed, and the last number of the log. An error means that
// nothing is known to be committed: the device sends the same batch again.
func (h *Hub) Write(ctx context.Context, a atelier.Atelier, author Author, ops []Submitted) ([]Receipt, int64, error) {
	if len(ops) == 0 {
		return nil, 0, fault.New(fault.Invalid, "lot_vide", "Un lot compte au moins une opération.").At("ops")
	}
	if len(ops) > MaxBatch {
		return nil, 0, fault.New(fault.TooLarge, "lot_trop_grand", "Un lot compte de 1 à %d opérations.", MaxBatch).At("ops")
	}
	r := h.room(a)
	if err := r.pace(author, ops); err != nil {
		return nil, 0, err
	}
	req := &request{author: author, ops: make([]placed, len(ops))}
	for i, s := range ops {
		req.ops[i] = place(s, func(p orb.Point) (string, error) { return h.places.QuartierOf(ctx, a.Territoire, p) })
		// A failure to look the place up is ours, not the operation's.
		if err := req.ops[i].Fault; err != nil && !answersOne(err) {
			return nil, 0, err
		}
	}
	return r.write(ctx, req)
}

// TellFindings writes to the log that the findings or the answers of a room
// have changed, or what may be shown of them, so that every reader reads them
// again: after the freeze too.
func (h *Hub) TellFindings(ctx context.Context, a atelier.Atelier, role string) error {
	id := uuid.Must(uuid.NewV7()) // crypto/rand never fails since Go 1.24
	digest := sha256.Sum256(id[:])
	told := Submitted{Operation: atelier.Operation{ID: id, Kind: atelier.Findings}, Digest: digest[:]}
	receipts, _, err := h.Write(ctx, a, Author{Role: role, Staff: true}, []Submitted{told})
	if err != nil {
		return err
	}
	return receipts[0].Problem
}

// Erase deletes all that a participant gave and says how many markers that
// were. The readers of every node are told to take a new snapshot; the entries
// that spoke of the participant are noop to everybody from here on.
func (h *Hub) Erase(ctx context.Context, a atelier.Atelier, participant uuid.UUID, by Author) (markers int, err error) {
	markers, err = h.log.EraseParticipant(ctx, a.Territoire, a.ID, participant, h.node.String(), by.Role)
	if err != nil {
		return 0, err
	}
	r := h.room(a)
	r.mu.Lock()
	if r.loaded {
		r.damaged(errErased)
	}
	delete(r.limits, participant)
	r.mu.Unlock()
	h.touched(a.Territoire)
	return markers, nil
}

// room gives the room of an atelier, making it when this node has not met it.
// It counts as used from here on: a room forgotten between this call and the
// caller's next step would hear of nothing any more.
func (h *Hub) room(a atelier.Atelier) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.rooms[a.ID]
	if !ok {
		r = &room{hub: h, territoire: a.Territoire, id: a.ID, wake: make(chan struct{}), limits: map[uuid.UUID]*pace{},
			connected: map[store.Connected]int{}}
		h.rooms[a.ID] = r
	}
	r.mu.Lock()
	r.used = time.Now()
	r.mu.Unlock()
	return r
}

type pace struct{ adds, others *rate.Limiter }

// pace keeps one participant from flooding the room; the whole batch waits.
func (r *room) pace(author Author, ops []Submitted) error {
	if author.Participant == uuid.Nil {
		return nil
	}
	r.mu.Lock()
	p, ok := r.limits[author.Participant]
	if !ok {
		p = &pace{rate.NewLimiter(addsPerSecond, addBurst), rate.NewLimiter(otherPerSecond, otherBurst)}
		r.limits[author.Participant] = p
	}
	r.mu.Unlock()
	adds, now := 0, time.Now()
	for _, o := range ops {
		if o.Kind == atelier.Add {
			adds++
		}
	}
	// Both are given back when one refuses: the batch is sent again as a whole.
	reserved := []*rate.Reservation{
		p.adds.ReserveN(now, min(adds, addBurst)), p.others.ReserveN(now, min(len(ops)-adds, otherBurst))}
	wait := max(reserved[0].DelayFrom(now), reserved[1].DelayFrom(now))
	if wait == 0 {
		return nil
	}
	for _, r := range reserved {
		r.CancelAt(now)
	}
	return fault.New(fault.TooMany, "trop_vite",
		"Vous allez trop vite pour le service. Vos repères restent sur cet appareil et partiront dans un instant.").After(wait)
}

// Run listens to the other nodes and wakes them, beats presence and forgets idle rooms until
// ctx ends. It reconnects by itself; while the connection is down, the regular
// look at the last numbers keeps readers current.
func (h *Hub) Run(ctx context.Context) {
	var wg sync.WaitGroup
	line := bell.Line[uuid.UUID]{About: "rooms", Tell: h.log.WakeRooms, Listen: h.log.ListenRooms, Pause: wakePause}
	wg.Go(func() {
		h.bell.Run(ctx, line, h.logger, func() { h.catchUp(ctx) }, func(id uuid.UUID) { h.heard(ctx, id) })
	})
	wg.Go(func() { h.tick(ctx) })
	wg.Wait()
}

// lastCommits is what transactions under way get to end once the hub is
// closed. One that waits for a lock nobody gives up must not keep the program
// from ending; its operations are sent again.
const lastCommits = 4 * time.Second

// Close ends every stream with the reason stop, so that readers come back to
// another node or to this one after its restart. It does not wait.
func (h *Hub) Close() {
	h.stopOnce.Do(func() {
		close(h.stop)
		time.AfterFunc(lastCommits, h.abort)
	})
}

// wakePause is the shortest time between two notifications of this node. In a
// quiet city each batch is told at once; in a full one a notification speaks of
// all the rooms that have grown meanwhile.
const wakePause = 10 * time.Millisecond

// heard follows a room that another node has written to.
func (h *Hub) heard(ctx context.Context, id uuid.UUID) {
	h.mu.Lock()
	r := h.rooms[id]
	h.mu.Unlock()
	if r != nil {
		r.followSoon(ctx)
	}
}

// tick is the part that depends on no notification.
func (h *Hub) tick(ctx context.Context) {
	catchUp := time.NewTicker(time.Second)
	defer catchUp.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-catchUp.C:
		}
		h.catchUp(ctx)
		h.beat(ctx, n%5 == 0)
		if n%60 == 0 {
			h.sweep()
		}
	}
}

// catchUp compares the numbers of the rooms with readers to the database's.
func (h *Hub) catchUp(ctx context.Context) {
	rooms := h.loaded()
	if len(rooms) == 0 {
		return
	}
	ids := make(map[uuid.UUID]string, len(rooms))
	for _, r := range rooms {
		ids[r.id] = r.territoire
	}
	last, err := h.log.LastNumbers(ctx, ids)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			h.logger.Warn("look at the last numbers", "error", err)
		}
		return
	}
	for _, r := range rooms {
		if last[r.id] > r.seq() {
			r.follow(ctx)
		}
	}
}

func (h *Hub) beat(ctx context.Context, always bool) {
	for _, r := range h.loaded() {
		r.beat(ctx, always)
	}
}

func (h *Hub) loaded() []*room {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		if r.isLoaded() {
			out = append(out, r)
		}
	}
	return out
}

// idle is how long a room without readers stays in memory.
const idle = 10 * time.Minute

func (h *Hub) sweep() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, r := range h.rooms {
		if r.forgettable() {
			delete(h.rooms, id)
		}
	}
}
