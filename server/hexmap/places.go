package hexmap

import (
	"context"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // a small server may have no time zones of its own

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// Quartiers is what Places needs of the store.
type Quartiers interface {
	Territoires(ctx context.Context) ([]atelier.Territoire, error)
	Quartiers(ctx context.Context, territoire string) ([]atelier.Quartier, error)
	TerritoireRevisions(ctx context.Context) (map[string]string, error)
}

// Places knows the territoires and finds the quartier of a position. It is
// safe for concurrent use.
type Places struct {
	source Quartiers

	mu      sync.Mutex
	checked time.Time
	order   []string
	cities  map[string]*City
}

// City is a territoire as Places last read it; it never changes.
type City struct {
	atelier.Territoire
	// Revision changes when the territoire or its quartiers do.
	Revision string
	Areas    []atelier.Quartier // by code in byte order
	Zone     *time.Location
	locator  *geo.Locator
}

// NewPlaces reads nothing yet.
func NewPlaces(source Quartiers) *Places {
	return &Places{source: source, cities: map[string]*City{}}
}

// placesLife is how long a change of the quartiers may go unseen: they change
// by an import, some times in a decade.
const placesLife = 2 * time.Second

// firstReading and laterReading bound one look at the database, whatever the
// request allows. All requests wait for it, so one that can do without is short.
const (
	firstReading = 5 * time.Second
	laterReading = 500 * time.Millisecond
)

// ErrNoTerritoire says that a territoire is not served, or not to the one who
// asks.
var ErrNoTerritoire = fault.New(fault.NotFound, "territoire_inconnu", "Cette commune n’est pas servie ici.").At("territoire")

// City gives a territoire by its INSEE code; "" is the first one loaded.
func (p *Places) City(ctx context.Context, code string) (*City, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.cities[code]; time.Since(p.checked) > placesLife || !known && code != "" || len(p.order) == 0 {
		if err := p.refresh(ctx); err != nil {
			return nil, err
		}
	}
	if code == "" && len(p.order) > 0 {
		code = p.order[0]
	}
	if c, ok := p.cities[code]; ok {
		return c, nil
	}
	if len(p.order) == 0 {
		return nil, fault.New(fault.NotFound, "aucun_territoire", "Aucune commune n’est encore chargée.")
	}
	return nil, ErrNoTerritoire
}

// known gives a territoire that was looked at a moment ago, else nil.
func (p *Places) known(code string, now time.Time) *City {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.checked) > placesLife {
		return nil
	}
	return p.cities[code]
}

// refresh reads what has changed. While the database is away, what is known
// stays good: quartiers don't move.
func (p *Places) refresh(ctx context.Context) error {
	patience := firstReading
	if len(p.order) > 0 {
		patience = laterReading
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.read(ctx)
	if err != nil && len(p.order) > 0 && fault.KindOf(err) == fault.Unavailable {
		p.checked = time.Now()
		return nil
	}
	return err
}

func (p *Places) read(ctx context.Context) error {
	revisions, err := p.source.TerritoireRevisions(ctx)
	if err != nil {
		return err
	}
	if p.current(revisions) {
		p.checked = time.Now()
		return nil
	}
	all, err := p.source.Territoires(ctx)
	if err != nil {
		return err
	}
	order, cities := []string{}, map[string]*City{}
	for _, t := range all {
		city, ok := p.cities[t.Code]
		if !ok || city.Revision != revisions[t.Code] {
			if city, err = p.city(ctx, t, revisions[t.Code]); err != nil {
				return err
			}
		}
		order = append(order, t.Code)
		cities[t.Code] = city
	}
	p.order, p.cities, p.checked = order, cities, time.Now()
	return nil
}

func (p *Places) current(revisions map[string]string) bool {
	if len(revisions) != len(p.cities) {
		return false
	}
	for code, revision := range revisions {
		if c, ok := p.cities[code]; !ok || c.Revision != revision {
			return false
		}
	}
	return len(p.order) > 0
}

func (p *Places) city(ctx context.Context, t atelier.Territoire, revision string) (*City, error) {
	areas, err := p.source.Quartiers(ctx, t.Code)
	if err != nil {
		return nil, err
	}
	shapes := make([]geo.QuartierShape, len(areas))
	for i, q := range areas {
		shapes[i] = geo.QuartierShape{Code: q.Code, Shape: q.Geom}
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		return nil, fmt.Errorf("quartiers of %s: %w", t.Code, err)
	}
	zone, err := time.LoadLocation(t.Fuseau)
	if err != nil {
		return nil, fmt.Errorf("time zone of %s: %w", t.Code, err)
	}
	return &City{Territoire: t, Revision: revision, Areas: areas, Zone: zone, locator: locator}, nil
}

// Cities lists the territoires, the one loaded first at the head.
func (p *Places) Cities(ctx context.Context) ([]*City, error) {
	if _, err := p.City(ctx, ""); err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]*City, len(p.order))
	for i, code := range p.order {
		out[i] = p.cities[code]
	}
	return out, nil
}

// QuartierOf gives the quartier of a position, "" in the surroundings of the
// territoire. A position beyond them is refused with a *geo.Invalid that says
// whether its axes are exchanged.
func (p *Places) QuartierOf(ctx context.Context, territoire string, at orb.Point) (string, error) {
	city, err := p.City(ctx, territoire)
	if err != nil {
		return "", err
	}
	return city.QuartierOf(at)
}

// QuartierOf is Places.QuartierOf in one territoire.
func (c *City) QuartierOf(at orb.Point) (string, error) {
	if err := geo.Extent(c.Emprise).Check(at); err != nil {
		return "", err
	}
	code, _ := c.locator.Locate(at)
	return code, nil
}

// Area gives a quartier by its code.
func (c *City) Area(code string) (atelier.Quartier, bool) {
	for _, q := range c.Areas {
		if q.Code == code {
			return q, true
		}
	}
	return atelier.Quartier{}, false
}
