package roomtest

import (
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// Hand is a resident's: it draws at random, within what the service allows one
// participant. Two devices of one participant may share a hand; what one draws
// then crosses what the other draws.
type Hand struct {
	hall *Hall
	// Notes makes it write free text, which others must not receive.
	Notes bool

	mu    sync.Mutex
	rand  *rand.Rand
	mine  []drawn
	added int
}

type drawn struct {
	id   uuid.UUID
	zone bool
	gone bool
}

// Caps of one hand: fewer than the service's 15 living markers of each kind, so
// that nothing is refused for the cap, and fewer additions than the burst that
// the pace allows.
const (
	living  = 14
	addings = 50
)

// NewHand draws the same from the same seed.
func NewHand(h *Hall, seed uint64) *Hand {
	return &Hand{hall: h, rand: rand.New(rand.NewPCG(seed, 17))}
}

// Next is what the hand draws next.
func (h *Hand) Next() Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	alive := 0
	for _, m := range h.mine {
		if !m.gone {
			alive++
		}
	}
	if len(h.mine) == 0 || (alive < living && h.added < addings && h.rand.IntN(4) == 0) {
		return h.add()
	}
	return h.change(&h.mine[h.rand.IntN(len(h.mine))], alive)
}

func (h *Hand) add() Operation {
	h.added++
	m := drawn{id: uuid.New(), zone: h.rand.IntN(4) == 0}
	h.mine = append(h.mine, m)
	return Operation{ID: uuid.New(), Kind: "add", Marker: &m.id, Felt: h.felt(), Geometry: h.geometry(m.zone), Attributes: h.attributes()}
}

func (h *Hand) change(m *drawn, alive int) Operation {
	op := Operation{ID: uuid.New(), Marker: &m.id}
	switch n := h.rand.IntN(20); {
	case m.gone && alive < living && n < 15:
		op.Kind, m.gone = "restore", false
	case m.gone && n < 18: // of a deleted marker: refused, if nobody restores it before
		op.Kind, op.Geometry = "move", h.geometry(m.zone)
	case m.gone || n == 0:
		op.Kind, m.gone = "delete", true
	case n < 10:
		op.Kind, op.Geometry = "move", h.geometry(m.zone)
		if m.zone {
			op.Kind = "reshape"
		}
	default:
		op.Kind, op.Attributes = "edit", h.attributes()
	}
	return op
}

func (h *Hand) felt() string { return []string{"unsafe", "safe"}[h.rand.IntN(2)] }

func (h *Hand) geometry(zone bool) *Geometry {
	at := h.hall.Somewhere(h.rand)
	if !zone {
		return PointAt(at)
	}
	const side = 0.0002 // about 22 m of latitude, 15 m of longitude
	return ZoneOf(at, Position{at[0] + side, at[1]}, Position{at[0] + side, at[1] + side}, Position{at[0], at[1] + side})
}

func (h *Hand) attributes() Attributes {
	a := Attributes{"severity": 1 + h.rand.IntN(4)}
	if h.rand.IntN(2) == 0 {
		a["themes"] = []string{"VOI", "BRU", "AMB"}[:1+h.rand.IntN(3)]
	}
	if h.rand.IntN(3) == 0 {
		a["moments"] = []string{"night", "evening"}[:h.rand.IntN(3)]
	}
	if h.rand.IntN(4) == 0 {
		a["nature"] = nil
	}
	if h.rand.IntN(4) == 0 {
		a["avoids"] = h.rand.IntN(2) == 0
	}
	if h.Notes && h.rand.IntN(2) == 0 {
		a["note"] = []string{"Le passage est sombre, « dangereux » l’hiver.", "éclairage & bancs = mieux", ""}[h.rand.IntN(3)]
	}
	return a
}
