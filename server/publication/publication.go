// Package publication turns closed ateliers into editions that everybody may
// read: it gathers the voices, has geo/edition build, keeps the draft for the
// animateur to look at, and publishes those very bytes.
//
// What is decided here, once for all cities:
//
//   - Hexagons belong to quartiers at the resolution edition.Fine. A border
//     hexagon of 9 is cut along its children and each quartier publishes its own
//     part; owned whole, it would take 28.6 % of its ground from the smallest
//     quartier of Chambéry instead of 11.4 % (figures in edition.Partition).
//     Both choices keep the supports of published numbers disjoint.
//   - There is no residue: what does not reach the threshold is absent and is
//     not gathered into a rest. A rest that is published when it is large enough
//     says by being there that its parts are not empty.
//   - Themes are five groups of families, fixed below: of ten families one is
//     nearly always rare, and then there is no strip at all.
//   - Both strips are about the places where residents feel unsafe.
//
// The key of an edition's thresholds is drawn when the draft is built and
// forgotten when it is stored: nobody can compute it again, and looking twice
// at a draft shows the same.
package publication

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// Publisher builds and publishes. It is safe for concurrent use.
type Publisher struct {
	store  *store.Store
	places *hexmap.Places
	o      Options

	mu    sync.Mutex
	lists map[string]grounds // by territoire
}

// grounds are the hexagons of each quartier, for one state of the quartiers.
type grounds struct {
	revision string
	cells    map[string][]hexgrid.Cell
}

// Options are what a city decides, and what tests fix.
type Options struct {
	// Threshold is the city's k; 0 is edition.MinThreshold.
	Threshold int
	// Now is the clock.
	Now func() time.Time
	// Secret draws the key of one edition; nil for the only right one, random
	// and kept nowhere.
	Secret func() []byte
}

// New makes a publisher. It refuses a threshold that editions do not allow.
func New(s *store.Store, places *hexmap.Places, o Options) (*Publisher, error) {
	if o.Threshold == 0 {
		o.Threshold = edition.MinThreshold
	}
	if o.Threshold < edition.MinThreshold || o.Threshold > edition.MaxThreshold {
		return nil, fault.New(fault.Invalid, "seuil_impossible", "Le seuil de publication doit être entre %d et %d personnes.", edition.MinThreshold, edition.MaxThreshold)
	}
	if o.Secret == nil {
		o.Secret = func() []byte {
			secret := make([]byte, edition.MinKeyBytes)
			_, _ = rand.Read(secret) // never fails, see crypto/rand
			return secret
		}
	}
	return &Publisher{store: s, places: places, o: o, lists: map[string]grounds{}}, nil
}

// Build makes the draft that was asked for, ready or refused; done already, it
// changes nothing. What cannot be built is kept with its reason and is no error.
func (p *Publisher) Build(ctx context.Context, territoire string, id uuid.UUID) (err error) {
	defer fault.Wrap(&err, "Build(%s)", territoire)
	b, err := p.store.Brouillon(ctx, territoire, id)
	if err != nil || b.State != "asked" {
		return err
	}
	city, err := p.places.City(ctx, territoire)
	if err != nil {
		return err
	}
	m, err := p.store.EditionMaterial(ctx, territoire, b.Quartier, b.Ateliers)
	if err != nil {
		return err
	}
	e, err := p.build(city, b, m)
	var refusal *edition.Refusal
	switch f := fault.As(err); {
	case errors.As(err, &refusal):
		return p.store.BrouillonRefused(ctx, territoire, id, string(refusal.Reason))
	case f != nil && f.Kind != fault.Unavailable:
		return p.store.BrouillonRefused(ctx, territoire, id, f.Code)
	case err != nil:
		return err
	}
	b.Numero, b.Canonical, b.Hash, b.Material = e.Numero(), e.Canonical(), e.Hash(), digest(m)
	return p.store.BrouillonReady(ctx, b)
}

func (p *Publisher) build(city *hexmap.City, b store.Brouillon, m store.EditionMaterial) (edition.Edition, error) {
	if err := checkAteliers(b, m); err != nil {
		return edition.Edition{}, err
	}
	cells, err := p.ground(city, b.Quartier)
	if err != nil {
		return edition.Edition{}, err
	}
	spent := make([]edition.Source, len(m.Spent))
	for i, s := range m.Spent {
		spent[i] = source(s.Ateliers, s.From, s.To)
	}
	ledger, err := edition.NewLedger(city.Code, b.Quartier, spent)
	if err != nil {
		return edition.Edition{}, err
	}
	from := source(m.Ateliers, nil, nil)
	claim, err := ledger.Claim(from, day(p.o.Now().In(city.Zone)))
	if err != nil {
		return edition.Edition{}, err
	}
	key, err := edition.NewKey(p.o.Secret())
	if err != nil {
		return edition.Edition{}, err
	}
	r := edition.Request{Claim: claim, Resolution: from.Finest(), Cells: cells, Threshold: p.o.Threshold, Key: key, Themes: ThemeGroups()}
	for _, v := range m.Voices {
		// One person in two ateliers has two pseudonyms, which nothing links.
		who := v.Atelier.String() + "/" + v.Participant.String()
		r.Voices = append(r.Voices, edition.Voice{Contributor: who, Felt: edition.Felt(v.Felt), Cells: v.Cells})
		if v.Felt == string(atelier.Unsafe) {
			r.Said = append(r.Said, edition.Said{Contributor: who, Themes: groupsOf(v.Themes), Dayparts: daypartsOf(v.Moments, v.Days)})
		}
	}
	return edition.Build(r)
}

// checkAteliers refuses what is not all of one quartier and closed.
func checkAteliers(b store.Brouillon, m store.EditionMaterial) error {
	if len(m.Ateliers) != len(b.Ateliers) {
		return fault.New(fault.Unprocessable, "atelier_inconnu", "Un de ces ateliers n’existe pas.")
	}
	for _, a := range m.Ateliers {
		switch {
		case a.Quartier != b.Quartier:
			return fault.New(fault.Unprocessable, "autre_quartier", "Ces ateliers ne sont pas tous du même quartier.")
		case a.State != "closed":
			return fault.New(fault.Conflict, "atelier_ouvert", "Un de ces ateliers n’est pas clos.")
		case a.Demo != m.Ateliers[0].Demo:
			return fault.New(fault.Unprocessable, "fiction_et_reel", "Des données fictives ne se publient pas avec de vraies.")
		}
	}
	return nil
}

func source(ateliers []store.EditionAtelier, from, to *time.Time) edition.Source {
	if from != nil && to != nil {
		return edition.Source{From: day(*from), To: day(*to)}
	}
	var s edition.Source
	for _, a := range ateliers {
		s.Ateliers = append(s.Ateliers, edition.Evening{ID: a.ID.String(), Day: day(a.Day)})
	}
	return s
}

func day(t time.Time) edition.Day { return edition.Day(t.Format(time.DateOnly)) }

// digest is SHA-256 of all voices, in the fixed order of the store.
func digest(m store.EditionMaterial) []byte {
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	for _, v := range m.Voices {
		_ = encoder.Encode(v) // a hash takes everything, and the type can be written
	}
	return sum.Sum(nil)
}

// ground is the list of hexagons of a quartier, kept until quartiers change.
func (p *Publisher) ground(city *hexmap.City, quartier string) ([]hexgrid.Cell, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.lists[city.Code]
	if known.revision != city.Revision || known.cells == nil {
		stored := make(map[string][]hexgrid.Cell, len(city.Areas))
		for _, a := range city.Areas {
			cells, err := hexgrid.Reachable(a.Geom, hexgrid.Stored)
			if err != nil {
				return nil, fmt.Errorf("hexagons of %s: %w", a.Code, err)
			}
			stored[a.Code] = cells
		}
		cells, err := edition.Partition(stored, edition.Fine)
		if err != nil {
			return nil, err
		}
		known = grounds{city.Revision, cells}
		p.lists[city.Code] = known
	}
	return known.cells[quartier], nil
}

var errOutOfDate = fault.New(fault.Conflict, "brouillon_depasse",
	"Des repères ont été modérés depuis cet aperçu. Préparez de nouveau la publication et regardez-la encore une fois.")

// Publish publishes a draft that is ready: the bytes that were looked at. The
// participants' keys go with it: a device's token, its means to read or erase
// its own markers, stops within moments. Conflicts: the draft is not ready, was
// published, or is out of date.
func (p *Publisher) Publish(ctx context.Context, territoire string, id uuid.UUID) (numero int, err error) {
	b, err := p.store.Brouillon(ctx, territoire, id)
	if err != nil {
		return 0, err
	}
	switch b.State {
	case "published":
		return b.Numero, nil // the answer was lost
	case "asked":
		return 0, fault.New(fault.Conflict, "brouillon_en_cours", "L’aperçu n’est pas encore prêt. Attendez un instant.")
	case "refused":
		return 0, fault.New(fault.Conflict, "brouillon_refuse", "Cette publication n’est pas possible.").With("refusal", b.Refusal)
	}
	e, err := edition.Read(b.Canonical, b.Hash)
	if err != nil {
		return 0, err
	}
	city, err := p.places.City(ctx, territoire)
	if err != nil {
		return 0, err
	}
	published := store.NewEdition{Territoire: territoire, Quartier: b.Quartier, Numero: b.Numero, Resolution: int(e.Resolution()),
		Canonical: b.Canonical, Hash: b.Hash, PublishedOn: civil(p.o.Now().In(city.Zone)), Ateliers: b.Ateliers, Brouillon: id}
	err = p.store.PublishEdition(ctx, published, func(m store.EditionMaterial) error {
		if !slices.Equal(digest(m), b.Material) || len(m.Spent)+1 != b.Numero {
			return errOutOfDate
		}
		return nil
	})
	return b.Numero, err
}

// Withdraw takes an edition out of what is public, for good.
func (p *Publisher) Withdraw(ctx context.Context, territoire, quartier string, numero int) error {
	city, err := p.places.City(ctx, territoire)
	if err != nil {
		return err
	}
	return p.store.WithdrawEdition(ctx, territoire, quartier, numero, civil(p.o.Now().In(city.Zone)))
}

// civil is the day of a moment, as PostgreSQL's date takes it.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// BuildNow asks for a draft and builds it at once, for the command line and for
// fiction. A refusal is a Conflict.
func (p *Publisher) BuildNow(ctx context.Context, b store.Brouillon) (store.Brouillon, error) {
	atOnce := func(context.Context, pgx.Tx) error { return nil }
	if _, _, err := p.store.AskBrouillon(ctx, b, atOnce); err != nil {
		return b, err
	}
	if err := p.Build(ctx, b.Territoire, b.ID); err != nil {
		return b, err
	}
	built, err := p.store.Brouillon(ctx, b.Territoire, b.ID)
	if err == nil && built.State == "refused" {
		err = fault.New(fault.Conflict, "brouillon_refuse", "%s", Refused(built.Refusal))
	}
	return built, err
}
