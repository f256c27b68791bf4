// Package demo invents data for trying the service: signalements along the real
// streets of a city, evenings of residents around tables, and what became of
// what they found. Nothing in it is about a real person or event, every text is
// invented, and every row says that it is fiction.
//
// What is invented depends only on the seed, the moment and the city: the same
// three give the same rows; of the moment, only the open evenings keep more than
// the day. Table codes and tokens are drawn anew each time,
// since a secret that everybody can compute opens every demonstration.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/store"
)

// Options say what to invent.
type Options struct {
	Territoire string // INSEE code of a loaded city
	Dir        string // where FileName is written
	// Now is the moment at which the open evenings are in the middle of their
	// cartography; everything else ends before its day, in the territoire's time zone.
	Now time.Time
	// Seed chooses one of the possible fictions; 0 is the usual one.
	Seed uint64
	// Signalements is how many there are; 0 for 6,000.
	Signalements int
	// Access makes logins and tokens for every role, unless those of the file
	// still work.
	Access bool
}

// Loaded says what Load did.
type Loaded struct {
	Created                         bool // false: there was fiction already
	Signalements, Ateliers, Markers int
}

// Load fills a territoire with fiction, once, and makes sure that
// Dir/demo.json gives its codes and, if wanted, working logins and tokens.
func Load(ctx context.Context, s *store.Store, o Options) (Loaded, error) {
	t, err := s.Territoire(ctx, o.Territoire)
	if err != nil {
		return Loaded{}, err
	}
	var out Loaded
	if !t.Demo {
		if out, err = load(ctx, s, t, o); err != nil {
			return Loaded{}, err
		}
	}
	return out, writeFile(ctx, s, t.Code, o)
}

func load(ctx context.Context, s *store.Store, t atelier.Territoire, o Options) (Loaded, error) {
	c, err := readCity(ctx, s, t)
	if err != nil {
		return Loaded{}, err
	}
	fiction, err := invent(c, o)
	if err != nil {
		return Loaded{}, err
	}
	for _, e := range fiction.Evenings {
		for i := range e.Atelier.Seats {
			e.Atelier.Seats[i].Code = atelier.NewCode()
		}
		for i := range e.Invitations {
			e.Invitations[i].Code = atelier.NewInvitationCode()
		}
	}
	created, err := s.LoadFiction(ctx, t.Code, fiction)
	if err != nil || !created {
		return Loaded{}, err
	}
	out := Loaded{Created: true, Signalements: len(fiction.Signalements), Ateliers: len(fiction.Evenings)}
	for _, e := range fiction.Evenings {
		out.Markers += len(e.Markers)
	}
	return out, nil
}

// city is where the fiction takes place.
type city struct {
	atelier.Territoire
	zone    *time.Location
	areas   []atelier.Quartier // by code
	locator *geo.Locator
	// spots are points every spotMetres along the streets, by quartier ("" for
	// those in none).
	spots map[string][]orb.Point
}

func readCity(ctx context.Context, s *store.Store, t atelier.Territoire) (city, error) {
	zone, err := time.LoadLocation(t.Fuseau)
	if err != nil {
		return city{}, fmt.Errorf("time zone of %s: %w", t.Code, err)
	}
	areas, err := s.Quartiers(ctx, t.Code)
	if err != nil {
		return city{}, err
	}
	streets, err := s.Streets(ctx, t.Code)
	if err != nil {
		return city{}, err
	}
	return newCity(t, zone, areas, streets)
}

func newCity(t atelier.Territoire, zone *time.Location, areas []atelier.Quartier, streets []orb.MultiLineString) (city, error) {
	shapes := make([]geo.QuartierShape, len(areas))
	for i, a := range areas {
		shapes[i] = geo.QuartierShape{Code: a.Code, Shape: a.Geom}
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		return city{}, err
	}
	c := city{Territoire: t, zone: zone, areas: areas, locator: locator, spots: map[string][]orb.Point{}}
	for _, street := range streets {
		for _, line := range street {
			for _, p := range along(line) {
				if t.Emprise.Contains(p) {
					code, _ := locator.Locate(p)
					c.spots[code] = append(c.spots[code], p)
				}
			}
		}
	}
	for _, a := range areas {
		if len(c.spots[a.Code]) == 0 {
			return city{}, fmt.Errorf("no street in quartier %s: the demonstration needs a street network", a.Code)
		}
	}
	return c, nil
}

// invent makes everything. Each part draws from its own source, so that a
// change in one leaves the others as they were.
func invent(c city, o Options) (store.Fiction, error) {
	now := o.Now.In(c.zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, c.zone)
	if o.Signalements == 0 {
		o.Signalements = 6000
	}
	f := store.Fiction{Organisations: inventOrganisations(c.Code)}
	var err error
	if f.Signalements, err = inventSignalements(c, source(o.Seed, 1), today, o.Signalements); err != nil {
		return store.Fiction{}, err
	}
	reporters := inventReporters(f.Signalements, today)
	for _, area := range c.areas {
		f.Reporters = append(f.Reporters, reporters[area.Code]...)
	}
	f.Evenings, err = inventEvenings(c, o.Seed, today, now, f.Signalements, reporters)
	return f, err
}

// source is the random source of one part.
func source(seed, part uint64) *rand.Rand { return rand.New(rand.NewPCG(seed+73065, part)) }

// newID is a UUID of version 7 (RFC 9562) made at a moment.
func newID(r *rand.Rand, at time.Time) uuid.UUID {
	id := randomID(r, 7)
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return id
}

// randomID has 122 random bits; version 8 is for private uses.
func randomID(r *rand.Rand, version byte) uuid.UUID {
	var id uuid.UUID
	for i := 0; i < 16; i += 8 {
		for k, v := 0, r.Uint64(); k < 8; k, v = k+1, v>>8 {
			id[i+k] = byte(v)
		}
	}
	id[6] = id[6]&0x0f | version<<4
	id[8] = id[8]&0x3f | 0x80
	return id
}
