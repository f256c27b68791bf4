package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

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
	defaultSeed  = 1
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
	Seed         uint64           `json:"seed"`
	Maps         int              `json:"maps"`
	Places       []wireFoundPlace `json:"places"`
	Why          *wireWhy         `json:"why"`
}

type wireAgreements struct {
	Done     bool            `json:"done"`
	Progress float64         `json:"progress"`
	Ateliers []wireAgreement `json:"ateliers"`
}

type wireConcentration struct {
	Done        bool             `json:"done"`
	Progress    float64          `json:"progress"`
	N           int              `json:"n"`
	Reporters   int              `json:"reporters"`
	Hexagons    int              `json:"hexagons"`
	Period      *wireDays        `json:"period"`
	Seed        uint64           `json:"seed"`
	Maps        int              `json:"maps"`
	Gathered    []wireFoundPlace `json:"gathered"`
	GatheredWhy *wireWhy         `json:"gathered_why"`
	Risen       []wireFoundPlace `json:"risen"`
	RisenWhy    *wireWhy         `json:"risen_why"`
	RisenPeriod *wireDays        `json:"risen_period"`
}

func (a *API) statistiqueAccords(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	done, progress, found, err := a.agreements(c, q, testPatience)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, wireAgreements{Done: done, Progress: progress, Ateliers: found})
}

// agreements tests the ateliers that a filter keeps, the latest first. Themes and
// hours are left aside: the test is about where residents agree, whatever for.
func (a *API) agreements(c *gin.Context, q question, wait time.Duration) (done bool, progress float64, out []wireAgreement, err error) {
	out = []wireAgreement{}
	known, err := a.ateliersByID(c, q.city)
	if err != nil {
		return false, 0, out, err
	}
	chosen := chosenAteliers(known, q.filter)
	seed := uint64(intQuery(c, "graine", defaultSeed))
	key := fmt.Sprint("accords ", q.view.Revision, seed, ateliersKey(chosen))
	got, err := a.desk.Ask(c.Request.Context(), key, wait, func(ctx context.Context, progress func(done, total int)) (any, error) {
		var all []analysis.Agreement
		for i, one := range chosen {
			agreement, err := q.view.Agree(ctx, analysis.AtelierOf{ID: one.ID, Quartier: one.Quartier, StartsAt: one.StartsAt}, seed,
				func(done, total int) { progress(i*1000+done*1000/max(total, 1), len(chosen)*1000) })
			if err != nil {
				return nil, err
			}
			all = append(all, agreement)
		}
		return all, nil
	})
	if err != nil || !got.Done {
		return false, got.Progress, out, err
	}
	all, _ := got.Value.([]analysis.Agreement)
	for _, one := range all {
		at := known[one.Atelier]
		wire := wireAgreement{Atelier: one.Atelier.String(), Titre: at.Titre, Quartier: at.Quartier, On: at.StartsAt.In(q.city.Zone).Format(time.DateOnly),
			Demo: at.Demo, Participants: one.Participants, Seed: one.Seed, Maps: one.Maps, Places: []wireFoundPlace{}, Why: whyOf(one.Reason)}
		for _, p := range one.Places {
			place, err := a.placeOf(c, q, p)
			if err != nil {
				return false, 0, out, err
			}
			place.Atelier, place.Titre = wire.Atelier, wire.Titre
			wire.Places = append(wire.Places, place)
		}
		out = append(out, wire)
	}
	return true, 1, out, nil
}

// mostAteliers bounds one question: the latest evenings of a city.
const mostAteliers = 40

// chosenAteliers are those that have begun and that a filter keeps.
func chosenAteliers(known map[uuid.UUID]atelier.Atelier, f hexmap.Filter) []atelier.Atelier {
	var out []atelier.Atelier
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

// placeOf names a place and says when it is busiest.
func (a *API) placeOf(c *gin.Context, q question, p analysis.Place) (wireFoundPlace, error) {
	name, err := a.Store.NearestVoirie(c.Request.Context(), q.city.Code, p.Middle())
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
	out, err := a.concentrations(c, q, testPatience)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, out)
}

func (a *API) concentrations(c *gin.Context, q question, wait time.Duration) (wireConcentration, error) {
	out := wireConcentration{Gathered: []wireFoundPlace{}, Risen: []wireFoundPlace{}}
	seed := uint64(intQuery(c, "graine", defaultSeed))
	filter := q.filter
	filter.Felt, filter.Source, filter.Atelier = "", "", uuid.Nil
	key := fmt.Sprintf("concentrations %s %d %+v", q.view.Revision, seed, filter)
	got, err := a.desk.Ask(c.Request.Context(), key, wait, func(ctx context.Context, progress func(done, total int)) (any, error) {
		return q.view.Concentrate(ctx, filter, seed, progress)
	})
	if err != nil || !got.Done {
		out.Progress = got.Progress
		return out, err
	}
	found, _ := got.Value.(analysis.Concentration)
	out.Done, out.Progress = true, 1
	out.N, out.Reporters, out.Hexagons, out.Seed, out.Maps = found.N, found.Reporters, found.HexagonsAsked, found.Seed, found.Maps
	out.Period, out.GatheredWhy, out.RisenWhy = daysOf(found.From, found.To), whyOf(found.GatheredWhy), whyOf(found.RisenWhy)
	out.RisenPeriod = daysOf(found.RisenFrom, found.RisenTo)
	for _, list := range []struct {
		from []analysis.Place
		into *[]wireFoundPlace
	}{{found.Gathered, &out.Gathered}, {found.Risen, &out.Risen}} {
		for _, p := range list.from[:min(len(list.from), mostPlaces)] {
			place, err := a.placeOf(c, q, p)
			if err != nil {
				return out, err
			}
			*list.into = append(*list.into, place)
		}
	}
	return out, nil
}

// mostPlaces bounds a list: beyond, it is no list of places any more.
const mostPlaces = 30
