package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/hexmap"
)

// Heavy tests: one at a time leaves a core to the room of the evening. What is
// not done after a moment is asked for again, and says how far it is.
const (
	testsAtOnce  = 1
	testsKept    = 128
	testPatience = 400 * time.Millisecond
)

// wireFoundPlace is one place beyond chance.
type wireFoundPlace struct {
	Origin   analysis.Origin `json:"origin"`
	H3       hexgrid.Cell    `json:"h3"`
	Hexagons []hexgrid.Cell  `json:"hexagons"`
	Name     string          `json:"name"`
	At       [2]float64      `json:"at"`
	N        int             `json:"n"`
	Of       int             `json:"of"`
	People   int             `json:"people"`
	Expected float64         `json:"expected"`
	P        float64         `json:"p"`
	Period   *wireDays       `json:"period"`
	Share    *wireInterval   `json:"share"`
	Atelier  string          `json:"atelier,omitempty"`
	Titre    string          `json:"titre,omitempty"`
	Band     *wireBand       `json:"band"`
}

type wireAgreement struct {
	Atelier      string           `json:"atelier"`
	Titre        string           `json:"titre"`
	Quartier     string           `json:"quartier"`
	On           string           `json:"on"`
	Demo         bool             `json:"demo"`
	Participants int              `json:"participants"`
	Speakers     int              `json:"speakers"`
	Hexagons     int              `json:"hexagons"`
	Seed         uint64           `json:"seed"`
	Maps         int              `json:"maps"`
	Places       []wireFoundPlace `json:"places"`
	Why          *wireWhy         `json:"why"`
}

// agreementsFigure is where the residents of each atelier agree.
type agreementsFigure struct {
	question
	Ateliers []wireAgreement     `json:"ateliers"`
	Cells    map[string]orb.Ring `json:"cells"`
}

// concentrationsFigure is where signalements gather, and where they rose.
type concentrationsFigure struct {
	question
	N           int                 `json:"n"`
	Reporters   int                 `json:"reporters"`
	Hexagons    int                 `json:"hexagons"`
	Period      *wireDays           `json:"period"`
	Seed        uint64              `json:"seed"`
	Maps        int                 `json:"maps"`
	Gathered    []wireFoundPlace    `json:"gathered"`
	GatheredWhy *wireWhy            `json:"gathered_why"`
	Risen       []wireFoundPlace    `json:"risen"`
	RisenWhy    *wireWhy            `json:"risen_why"`
	RisenPeriod *wireDays           `json:"risen_period"`
	Cells       map[string]orb.Ring `json:"cells"`
}

func (a *API) statistiqueAccords(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	found, progress, err := a.agreements(c, q, testPatience)
	if err != nil || found == nil {
		return unfinished(c, progress, err)
	}
	return answerFigure(c, found)
}

// agreements tests the ateliers that a filter keeps, the latest first; nil while
// that goes on. Themes and hours are left aside: the test is about where
// residents agree, whatever for.
func (a *API) agreements(c *gin.Context, q question, wait time.Duration) (*agreementsFigure, float64, error) {
	known, err := a.ateliersByID(c, q.city)
	if err != nil {
		return nil, 0, err
	}
	chosen := chosenAteliers(known, q.filter)
	seed := uint64(intQuery(c, "graine", figureSeed))
	key := fmt.Sprint("accords ", q.view.Revision, seed, ateliersKey(chosen))
	got, err := a.desk.Ask(c.Request.Context(), key, wait, func(ctx context.Context, progress func(done, total int)) (any, error) {
		var all []analysis.Agreement
		for i, one := range chosen {
			agreement, err := q.view.Agree(ctx, analysis.AtelierOf{ID: one.ID, Quartier: one.Quartier, StartsAt: one.StartsAt, Participants: one.Participants}, seed,
				func(done, total int) { progress(i*1000+done*1000/max(total, 1), len(chosen)*1000) })
			if err != nil {
				return nil, err
			}
			all = append(all, agreement)
		}
		return all, nil
	})
	if err != nil || !got.Done {
		return nil, got.Progress, err
	}
	out := &agreementsFigure{question: q, Ateliers: []wireAgreement{}, Cells: map[string]orb.Ring{}}
	all, _ := got.Value.([]analysis.Agreement)
	for _, one := range all {
		at := known[one.Atelier]
		wire := wireAgreement{Atelier: one.Atelier.String(), Titre: at.Titre, Quartier: at.Quartier, On: at.StartsAt.In(q.city.Zone).Format(time.DateOnly),
			Demo: at.Demo, Participants: one.Participants, Speakers: one.Speakers, Hexagons: one.Hexagons, Seed: one.Seed, Maps: one.Maps, Why: whyOf(one.Reason)}
		if wire.Places, err = a.foundPlaces(c, q, one.Places, out.Cells); err != nil {
			return nil, 0, err
		}
		for i := range wire.Places {
			wire.Places[i].Atelier, wire.Places[i].Titre = wire.Atelier, wire.Titre
		}
		out.Ateliers = append(out.Ateliers, wire)
	}
	return out, 1, nil
}

// mostAteliers bounds one question: the latest evenings of a city.
const mostAteliers = 40

// chosenAteliers are those that have begun and that a filter keeps.
func chosenAteliers(known map[uuid.UUID]atelier.Atelier, f hexmap.Filter) []atelier.Atelier {
	var out []atelier.Atelier
	if f.Source == "signalements" {
		return out
	}
	for _, one := range known {
		if one.State != "prepared" && (f.Quartier == "" || one.Quartier == f.Quartier) && (f.Atelier == uuid.Nil || one.ID == f.Atelier) &&
			(f.From.IsZero() || !one.StartsAt.Before(f.From)) && (f.To.IsZero() || one.StartsAt.Before(f.To)) {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b atelier.Atelier) int {
		return cmp.Or(b.StartsAt.Compare(a.StartsAt), compareText(a.ID.String(), b.ID.String()))
	})
	return out[:min(len(out), mostAteliers)]
}

func ateliersKey(all []atelier.Atelier) string {
	var key strings.Builder
	for _, one := range all {
		key.WriteString(one.ID.String())
	}
	return key.String()
}

func compareText(a, b string) int { return strings.Compare(a, b) }

func feltIDs(felt []analysis.FeltAt) []uuid.UUID {
	ids := make([]uuid.UUID, len(felt))
	for i, f := range felt {
		ids[i] = f.Atelier
	}
	return ids
}

// ateliersByID are the ateliers of a territoire.
func (a *API) ateliersByID(c *gin.Context, city *hexmap.City) (map[uuid.UUID]atelier.Atelier, error) {
	all, err := a.Store.Ateliers(c.Request.Context(), city.Code, "")
	out := make(map[uuid.UUID]atelier.Atelier, len(all))
	for _, one := range all {
		out[one.ID] = one
	}
	return out, err
}

// foundPlaces names places, says when each is busiest, and puts the outlines of
// their hexagons with the others.
func (a *API) foundPlaces(c *gin.Context, q question, places []analysis.Place, cells map[string]orb.Ring) ([]wireFoundPlace, error) {
	out := make([]wireFoundPlace, 0, len(places))
	for _, p := range places {
		one, err := a.placeOf(c, q, p)
		if err != nil {
			return nil, err
		}
		for _, h := range p.Hexagons {
			cells[h.String()] = snapRing(h.Boundary())
		}
		out = append(out, one)
	}
	return out, nil
}

// placeOf names a place and says when it is busiest.
func (a *API) placeOf(c *gin.Context, q question, p analysis.Place) (wireFoundPlace, error) {
	name, err := a.Store.NearestStreet(c.Request.Context(), q.city.Code, p.Middle())
	if err != nil {
		return wireFoundPlace{}, err
	}
	filter := q.filter
	if p.Origin == analysis.FromRise { // its own months, not those of the filter
		filter.From, filter.To = p.From, p.To.AddDate(0, 0, 1)
	}
	return wireFoundPlace{Origin: p.Origin, H3: p.Peak, Hexagons: p.Hexagons, Name: name, At: p.Middle(), N: p.N, Of: p.Of, People: p.People,
		Expected: round2(p.Expected), P: p.P, Period: daysOf(p.From, p.To), Share: intervalOf(p.Share),
		Band: bandOf(q.view.CountIn(filter, p.Hexagons).Strip)}, nil
}

func (a *API) statistiqueConcentrations(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	found, progress, err := a.concentrations(c, q, testPatience)
	if err != nil || found == nil {
		return unfinished(c, progress, err)
	}
	return answerFigure(c, found)
}

// concentrations is nil while the tests go on.
func (a *API) concentrations(c *gin.Context, q question, wait time.Duration) (*concentrationsFigure, float64, error) {
	seed := uint64(intQuery(c, "graine", figureSeed))
	filter := q.filter
	filter.Felt, filter.Atelier = "", uuid.Nil
	if filter.Source != "markers" {
		filter.Source = ""
	}
	key := fmt.Sprintf("concentrations %s %d %+v", q.view.Revision, seed, filter)
	got, err := a.desk.Ask(c.Request.Context(), key, wait, func(ctx context.Context, progress func(done, total int)) (any, error) {
		return q.view.Concentrate(ctx, filter, seed, progress)
	})
	if err != nil || !got.Done {
		return nil, got.Progress, err
	}
	found, _ := got.Value.(analysis.Concentration)
	out := &concentrationsFigure{question: q, N: found.N, Reporters: found.Reporters, Hexagons: found.HexagonsAsked, Seed: found.Seed, Maps: found.Maps,
		Period: daysOf(found.From, found.To), GatheredWhy: whyOf(found.GatheredWhy), RisenWhy: whyOf(found.RisenWhy),
		RisenPeriod: daysOf(found.RisenFrom, found.RisenTo), Cells: map[string]orb.Ring{}}
	if out.Gathered, err = a.foundPlaces(c, q, most(found.Gathered), out.Cells); err != nil {
		return nil, 0, err
	}
	out.Risen, err = a.foundPlaces(c, q, most(found.Risen), out.Cells)
	return out, 1, err
}

// most bounds a list: beyond, it is no list of places any more.
func most(places []analysis.Place) []analysis.Place { return places[:min(len(places), 30)] }
