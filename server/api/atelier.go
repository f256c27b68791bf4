package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
)

func (a *API) atelierRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/ateliers", Handle: a.ateliers},
		{Method: http.MethodPost, Path: "/api/v1/ateliers", Handle: a.createAtelier},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}", Handle: a.atelier},
		{Method: http.MethodPost, Path: "/api/v1/ateliers/{id}/deroule", Handle: a.planAtelier},
	}
}

type wireAtelier struct {
	ID           uuid.UUID   `json:"id"`
	Territoire   string      `json:"territoire"`
	Quartier     string      `json:"quartier"`
	Kind         string      `json:"kind"`
	Titre        string      `json:"titre"`
	Lieu         string      `json:"lieu"`
	StartsAt     time.Time   `json:"starts_at"`
	ClosesAt     time.Time   `json:"closes_at"`
	State        string      `json:"state"`
	Step         int         `json:"step"`
	StepAt       *time.Time  `json:"step_at,omitempty"`
	StepMinutes  int         `json:"step_minutes,omitempty"`
	Shared       bool        `json:"shared"`
	Seq          *int64      `json:"seq,omitempty"`
	FrozenAt     *time.Time  `json:"frozen_at,omitempty"`
	FrozenHash   string      `json:"frozen_hash,omitempty"`
	Demo         bool        `json:"demo"`
	Participants *int        `json:"participants,omitempty"`
	Markers      *int        `json:"markers,omitempty"`
	Plan         []int       `json:"plan,omitempty"`
	Counted      *bool       `json:"counted,omitempty"`
	Tables       []wireTable `json:"tables"`
}

type wireTable struct {
	Numero       int    `json:"numero"`
	Open         bool   `json:"open"`
	Code         string `json:"code,omitempty"`
	Participants *int   `json:"participants,omitempty"`
	Devices      *int   `json:"devices,omitempty"`
}

// newWireAtelier shows an atelier. Its codes open its tables, and its figures
// tell live who is speaking: only its animateur gets them. devices are the ones
// connected, by table.
func newWireAtelier(t atelier.Atelier, animates bool, devices map[int]int) wireAtelier {
	w := wireAtelier{ID: t.ID, Territoire: t.Territoire, Quartier: t.Quartier, Kind: t.Kind, Titre: t.Titre, Lieu: t.Lieu,
		StartsAt: t.StartsAt.UTC(), ClosesAt: t.ClosesAt.UTC(), State: t.State, Step: t.Step, StepAt: inUTC(t.StepAt),
		StepMinutes: t.StepMinutes, Shared: t.Shared, FrozenAt: inUTC(t.FrozenAt), Demo: t.Demo, Tables: []wireTable{}}
	if animates {
		w.Seq, w.FrozenHash, w.Participants, w.Markers, w.Plan = &t.Seq, t.FrozenHash, &t.Participants, &t.Markers, t.Plan
	}
	for _, seat := range t.Seats {
		row := wireTable{Numero: seat.Numero, Open: seat.Open}
		if animates {
			connected := devices[seat.Numero]
			row.Code, row.Participants, row.Devices = seat.Code, &seat.Participants, &connected
		}
		w.Tables = append(w.Tables, row)
	}
	return w
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func (a *API) ateliers(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	who := a.principal(c)
	all, err := a.Store.Ateliers(c.Request.Context(), city.Code, c.Query("quartier"))
	if err != nil {
		return err
	}
	counted, err := a.Store.CountedAteliers(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	out := make([]wireAtelier, len(all))
	for i, t := range all {
		animates := who.Animates(t.Territoire)
		out[i] = newWireAtelier(t, animates, nil)
		if once := slices.Contains(counted, t.ID); animates {
			out[i].Counted = &once
		}
	}
	return answer(c, http.StatusOK, mediaJSON, struct {
		Ateliers []wireAtelier `json:"ateliers"`
	}{out})
}

func (a *API) atelier(c *gin.Context) error {
	t, animates, err := a.atelierOf(c)
	if err != nil {
		return err
	}
	devices, err := a.Live.Presence(c.Request.Context(), t)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, newWireAtelier(t, animates, devices))
}

// atelierOf gives the atelier that the path names, to those of its territoire,
// and whether the one who asks leads it. To everybody else no evening is there:
// what is announced or published of one has routes of its own.
func (a *API) atelierOf(c *gin.Context) (t atelier.Atelier, animates bool, err error) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return t, false, errUnknownPath
	}
	who := a.principal(c)
	if who.Role == auth.Habitant && who.Atelier != id {
		return t, false, errNoAtelier
	}
	t, err = a.Store.Atelier(c.Request.Context(), id)
	if err == nil && who.Territoire != t.Territoire {
		return atelier.Atelier{}, false, errNoAtelier
	}
	return t, err == nil && who.Animates(t.Territoire), err
}

type newAtelier struct {
	ID       uuid.UUID  `json:"id"`
	Quartier string     `json:"quartier"`
	Kind     string     `json:"kind"`
	Titre    string     `json:"titre"`
	Lieu     string     `json:"lieu"`
	StartsAt time.Time  `json:"starts_at"`
	ClosesAt *time.Time `json:"closes_at"`
	Tables   int        `json:"tables"`
	Plan     []int      `json:"plan"`
}

// evening is how long an atelier's codes open its tables by default.
const evening = 12 * time.Hour

func (n newAtelier) domain(territoire string) atelier.Atelier {
	t := atelier.Atelier{Territoire: territoire, ID: n.ID, Quartier: n.Quartier, Kind: n.Kind, Titre: n.Titre, Lieu: n.Lieu,
		StartsAt: n.StartsAt, ClosesAt: n.StartsAt.Add(evening), Plan: n.Plan}
	if t.Kind == "" {
		t.Kind = "atelier"
	}
	if n.ClosesAt != nil {
		t.ClosesAt = *n.ClosesAt
	}
	return t
}

func (a *API) createAtelier(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	who := a.principal(c)
	if !who.Animates(city.Code) {
		return fault.New(fault.Forbidden, "reserve_animateur", "Seul un animateur prépare un atelier.")
	}
	var sent newAtelier
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	t := sent.domain(city.Code)
	if err := t.Check(a.Now()); err != nil {
		return err
	}
	stored, created, err := a.Store.AddAtelier(c.Request.Context(), t, sent.Tables)
	if err != nil {
		return err
	}
	if !created && !samePreparation(stored, t, sent.Tables) {
		return fault.New(fault.Conflict, "atelier_different", "Cet identifiant a déjà servi pour un autre atelier.").
			At("id").With("stored", newWireAtelier(stored, true, nil))
	}
	if err := a.screen(c, city, atelier.OnAtelier, t.ID, map[string]string{atelier.ChampTitre: stored.Titre, atelier.ChampLieu: stored.Lieu}); err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answer(c, status, mediaJSON, newWireAtelier(stored, true, nil))
}

// samePreparation reports whether what is stored is what was sent; PostgreSQL
// keeps microseconds. The minutes of the steps may have been changed since, and do
// not make it another atelier.
func samePreparation(stored, sent atelier.Atelier, tables int) bool {
	same := func(a, b time.Time) bool { return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond)) }
	return stored.Quartier == sent.Quartier && stored.Kind == sent.Kind && stored.Titre == sent.Titre &&
		stored.Lieu == sent.Lieu && same(stored.StartsAt, sent.StartsAt) && same(stored.ClosesAt, sent.ClosesAt) &&
		len(stored.Seats) == tables
}

// planAtelier keeps the minutes planned for the steps, so that the animateur
// finds them on whichever device the evening is led from.
func (a *API) planAtelier(c *gin.Context) error {
	t, animates, err := a.atelierOf(c)
	if err != nil {
		return err
	}
	if !animates {
		return errNoAtelier
	}
	var sent struct {
		Minutes []int `json:"minutes"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if err := a.Store.PlanAtelier(c.Request.Context(), t.Territoire, t.ID, sent.Minutes); err != nil {
		return err
	}
	t.Plan = sent.Minutes
	return answer(c, http.StatusOK, mediaJSON, newWireAtelier(t, true, nil))
}
