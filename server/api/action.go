package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

func (a *API) actionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/actions", Handle: a.actions},
		{Method: http.MethodPost, Path: "/api/v1/actions", Handle: a.addAction},
		{Method: http.MethodGet, Path: "/api/v1/actions/{action}", Handle: a.action},
		{Method: http.MethodPut, Path: "/api/v1/actions/{action}", Handle: a.editAction},
		{Method: http.MethodPost, Path: "/api/v1/actions/{action}/events", Handle: a.changeAction},
	}
}

type wireAction struct {
	ID        uuid.UUID             `json:"id"`
	Quartier  string                `json:"quartier"`
	Atelier   *uuid.UUID            `json:"atelier,omitempty"`
	Code      atelier.ActionCode    `json:"code"`
	Titre     string                `json:"titre"`
	Detail    string                `json:"detail"`
	State     atelier.ActionState   `json:"state"`
	Next      []atelier.ActionState `json:"next"`
	Late      bool                  `json:"late"`
	Reason    string                `json:"reason,omitempty"`
	Pilote    *uuid.UUID            `json:"pilote,omitempty"`
	Partners  []uuid.UUID           `json:"partners"`
	Echeance  string                `json:"echeance,omitempty"`
	DoneOn    string                `json:"done_on,omitempty"`
	Geometry  *geojson.Geometry     `json:"geometry,omitempty"`
	Findings  []uuid.UUID           `json:"findings"`
	Markers   []uuid.UUID           `json:"markers"`
	Proof     string                `json:"proof,omitempty"`
	ProofURL  string                `json:"proof_url,omitempty"`
	Version   int                   `json:"version"`
	Demo      bool                  `json:"demo"`
	CreatedAt time.Time             `json:"created_at"`
	UpdatedAt time.Time             `json:"updated_at"`
	History   []wireActionEvent     `json:"history,omitempty"`
	// Constats are the titles of what it answers, for a pilote, who reads no
	// constats.
	Constats []string `json:"constats,omitempty"`
	// Place is about where it is, for the map.
	Place *wireActionPlace `json:"place,omitempty"`
	// Suivi is what the public reads of it, for whoever decides.
	Suivi string `json:"suivi,omitempty"`
	// Voices are what residents say of it, once enough have spoken.
	Voices *wireVoices `json:"voices,omitempty"`
	Held   bool        `json:"held"`
	// Written are the texts that are not shown as they were written.
	Written map[string]string `json:"written,omitempty"`
}

type wireActionPlace struct {
	At orb.Point `json:"at"`
	// Of is what the place is the middle of: zone, findings, markers, quartier.
	Of string `json:"of"`
}

type wireVoices struct {
	Better int `json:"better"`
	Worse  int `json:"worse"`
}

type wireActionEvent struct {
	Seq      int                 `json:"seq"`
	ID       uuid.UUID           `json:"id"`
	From     atelier.ActionState `json:"from,omitempty"`
	State    atelier.ActionState `json:"state"`
	Reason   string              `json:"reason,omitempty"`
	Pilote   *uuid.UUID          `json:"pilote,omitempty"`
	Proof    string              `json:"proof,omitempty"`
	ProofURL string              `json:"proof_url,omitempty"`
	Role     string              `json:"role"`
	At       time.Time           `json:"at"`
}

func idOrNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func dayOrEmpty(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

func newWireAction(x atelier.Action, p auth.Principal, today time.Time, history []atelier.ActionEvent) wireAction {
	w := wireAction{ID: x.ID, Quartier: x.Quartier, Atelier: idOrNil(x.Atelier), Code: x.Code, Titre: x.Titre, Detail: x.Detail,
		State: x.State, Next: orEmpty(x.State.Next()), Late: x.Late(today), Reason: x.Reason, Pilote: idOrNil(x.Pilote),
		Partners: orEmpty(x.Partners), Echeance: dayOrEmpty(x.Echeance), DoneOn: dayOrEmpty(x.DoneOn),
		Geometry: geometryOrNil(x.Geometry), Findings: orEmpty(x.Findings), Markers: orEmpty(x.Markers), Proof: x.Proof,
		ProofURL: x.ProofURL, Version: x.Version, Demo: x.Demo, CreatedAt: x.CreatedAt.UTC(), UpdatedAt: x.UpdatedAt.UTC(),
		Held: x.Written.Held(), Written: wireWritten(x.Written, p)}
	for _, e := range history {
		w.History = append(w.History, wireActionEvent{Seq: e.Seq, ID: e.ID, From: e.From, State: e.State, Reason: e.Reason,
			Pilote: idOrNil(e.Pilote), Proof: e.Proof, ProofURL: e.ProofURL, Role: e.Role, At: e.At.UTC()})
	}
	return w
}

// today is the day in a territoire, at 00:00 UTC.
func (a *API) today(city *hexmap.City) time.Time {
	y, m, d := a.Now().In(city.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// readDay reads a day that the contract has checked; nil for "".
func readDay(text, field string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 || day.Year() > 2100 {
		return nil, fault.New(fault.Invalid, "date_impossible", "Cette date est trop lointaine.").At(field)
	}
	return &day, nil
}

func (a *API) actions(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	f, today, err := a.actionFilter(c, city)
	if err != nil {
		return err
	}
	all, err := a.Store.Actions(c.Request.Context(), city.Code, f)
	if err != nil {
		return err
	}
	out := make([]wireAction, len(all))
	written := 0
	for i, x := range all {
		out[i] = newWireAction(x, a.principal(c), today, nil)
		written += len(out[i].Written)
	}
	if err := a.readTexts(c, written); err != nil {
		return err
	}
	if err := a.annotate(c, city, all, out); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"actions": out})
}

// placeResolution is how finely the place of markers is told: no finer than an
// edition of one evening.
const placeResolution = hexgrid.Resolution(9)

// annotate adds what a role sees beside the ledger itself.
func (a *API) annotate(c *gin.Context, city *hexmap.City, all []atelier.Action, out []wireAction) error {
	ctx := c.Request.Context()
	p := a.principal(c)
	findings, err := a.Store.Findings(ctx, city.Code, store.FindingFilter{})
	if err != nil {
		return err
	}
	titles := titlesOf(findings)
	places := map[uuid.UUID]store.ActionPlace{}
	if p.Role != auth.Bailleur {
		if places, err = a.Store.ActionPlaces(ctx, city.Code); err != nil {
			return err
		}
	}
	voices, err := a.Store.Voices(ctx, city.Code)
	if err != nil {
		return err
	}
	decisions := map[uuid.UUID]atelier.SuiviDecision{}
	if p.Role.Sees("Action.suivi") {
		if decisions, err = a.Store.SuiviDecisions(ctx, city.Code, uuid.Nil); err != nil {
			return err
		}
	}
	for i, x := range all {
		if out[i].Place, err = placeOf(city, x, places[x.ID]); err != nil {
			return err
		}
		if v := voices[x.ID]; v.Enough() {
			out[i].Voices = &wireVoices{v.Better, v.Worse}
		}
		if p.Role.Sees("Action.suivi") {
			d, decided := decisions[x.ID]
			read, said := toDecide(x, findings)
			out[i].Suivi = suiviState(d, decided, read, said)
		}
		if p.Role.Sees("Action.constats") {
			forPilote(&out[i], answered(titles, x))
		}
	}
	return nil
}

// forPilote leaves out what an organisation may not follow: constats and markers
// by their identifiers. To transmit an action is the city's.
func forPilote(w *wireAction, constats []string) {
	w.Constats, w.Findings, w.Markers = constats, []uuid.UUID{}, []uuid.UUID{}
	w.Next = slices.DeleteFunc(w.Next, func(s atelier.ActionState) bool { return s == atelier.Forwarded })
}

func placeOf(city *hexmap.City, x atelier.Action, known store.ActionPlace) (*wireActionPlace, error) {
	switch {
	case x.Geometry != nil:
		return &wireActionPlace{geo.Snap(geo.Anchor(x.Geometry)), "zone"}, nil
	case known.Of == "markers":
		cell, err := hexgrid.CellOf(known.At, placeResolution)
		if err != nil {
			return nil, err
		}
		return &wireActionPlace{geo.Snap(cell.Centre()), known.Of}, nil
	case known.Of != "":
		return &wireActionPlace{geo.Snap(known.At), known.Of}, nil
	}
	area, found := city.Area(x.Quartier)
	if !found {
		return nil, nil
	}
	return &wireActionPlace{geo.Snap(geo.Anchor(area.Geom)), "quartier"}, nil
}

// actionFilter reads which actions are asked for, and the day it is.
func (a *API) actionFilter(c *gin.Context, city *hexmap.City) (f store.ActionFilter, today time.Time, err error) {
	f.Quartier = c.Query("quartier")
	if f.Atelier, err = queryID(c, "atelier"); err != nil {
		return f, today, err
	}
	if f.Pilote, err = queryID(c, "pilote"); err != nil {
		return f, today, err
	}
	if piloted(a.principal(c), &f) {
		return f, today, errNoPilote
	}
	if state := c.Query("state"); state != "" {
		f.States = []atelier.ActionState{atelier.ActionState(state)}
	}
	today = a.today(city)
	if c.Query("late") == "true" {
		f.LateBefore = &today
	}
	return f, today, nil
}

func (a *API) action(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "action")
	if err != nil {
		return err
	}
	found, err := a.Store.Actions(c.Request.Context(), city.Code, store.ActionFilter{ID: id})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errNoAction
	}
	if err := mayPilot(a.principal(c), found[0]); err != nil {
		return err
	}
	if err := a.readTexts(c, len(wireWritten(found[0].Written, a.principal(c)))); err != nil {
		return err
	}
	return a.answerAction(c, city, http.StatusOK, found[0])
}

var (
	errNoAction = fault.New(fault.NotFound, "action_inconnue", "Cette action n’existe pas.")
	errNoPilote = fault.New(fault.NotFound, "organisation_inconnue", "Votre compte n’est rattaché à aucune organisation, ou elle ne pilote pas ces actions.").At("pilote")
)

// written has the texts of an action that was written screened, tells the room
// and the public, and answers.
func (a *API) written(c *gin.Context, city *hexmap.City, status int, x atelier.Action) error {
	texts := map[string]string{atelier.ChampTitre: x.Titre, atelier.ChampDetail: x.Detail, atelier.ChampReason: x.Reason, atelier.ChampProof: x.Proof}
	if err := a.screen(c, city, atelier.OnAction, x.ID, texts); err != nil {
		return err
	}
	if err := a.Store.PublishSuivi(c.Request.Context(), city.Code); err != nil {
		return err
	}
	if x.Atelier != uuid.Nil {
		room := atelier.Atelier{ID: x.Atelier, Territoire: city.Code}
		if err := a.Live.TellFindings(c.Request.Context(), room, string(a.principal(c).Role)); err != nil {
			return err
		}
	}
	one := []atelier.Action{x}
	if err := a.Store.ClearActions(c.Request.Context(), city.Code, one); err != nil {
		return err
	}
	return a.answerAction(c, city, status, one[0])
}

func (a *API) answerAction(c *gin.Context, city *hexmap.City, status int, x atelier.Action) error {
	history, err := a.Store.ActionHistory(c.Request.Context(), city.Code, []uuid.UUID{x.ID})
	if err != nil {
		return err
	}
	out := []wireAction{newWireAction(x, a.principal(c), a.today(city), history[x.ID])}
	if err := a.annotate(c, city, []atelier.Action{x}, out); err != nil {
		return err
	}
	return answer(c, status, mediaJSON, out[0])
}

// sentContent is what describes an action.
type sentContent struct {
	Code     atelier.ActionCode `json:"code"`
	Titre    string             `json:"titre"`
	Detail   string             `json:"detail"`
	Pilote   *uuid.UUID         `json:"pilote"`
	Partners []uuid.UUID        `json:"partners"`
	Echeance string             `json:"echeance"`
	Geometry json.RawMessage    `json:"geometry"`
	Findings []uuid.UUID        `json:"findings"`
	Markers  []uuid.UUID        `json:"markers"`
}

func (s sentContent) domain(city *hexmap.City, id, room uuid.UUID) (x atelier.Action, err error) {
	x = atelier.Action{Territoire: city.Code, ID: id, Atelier: room, Code: s.Code, Titre: s.Titre, Detail: s.Detail,
		Partners: s.Partners, Findings: s.Findings, Markers: s.Markers}
	if s.Pilote != nil {
		x.Pilote = *s.Pilote
	}
	if x.Echeance, err = readDay(s.Echeance, "echeance"); err != nil {
		return x, err
	}
	if x.Geometry, err = drawnIn(city, s.Geometry); err != nil {
		return x, err
	}
	return x, x.CheckContent()
}

type sentEvent struct {
	ID       uuid.UUID           `json:"id"`
	State    atelier.ActionState `json:"state"`
	Reason   string              `json:"reason"`
	Pilote   *uuid.UUID          `json:"pilote"`
	Proof    string              `json:"proof"`
	ProofURL string              `json:"proof_url"`
}

func (s sentEvent) domain(role string) atelier.ActionEvent {
	e := atelier.ActionEvent{ID: s.ID, State: s.State, Reason: s.Reason, Proof: s.Proof, ProofURL: s.ProofURL, Role: role}
	if s.Pilote != nil {
		e.Pilote = *s.Pilote
	}
	return e
}

func (a *API) addAction(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	var sent struct {
		ID       uuid.UUID  `json:"id"`
		Quartier string     `json:"quartier"`
		Atelier  *uuid.UUID `json:"atelier"`
		Event    sentEvent  `json:"event"`
		sentContent
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	var room uuid.UUID
	quartier := sent.Quartier
	if sent.Atelier != nil {
		at, err := a.Store.Atelier(c.Request.Context(), *sent.Atelier)
		if err != nil || at.Territoire != city.Code {
			return errNoAtelier
		}
		room, quartier = at.ID, at.Quartier
	} else if quartier == "" {
		return fault.New(fault.Invalid, "champ_absent", "Une action répond à un atelier ou concerne un quartier.").At("quartier")
	}
	x, err := sent.domain(city, sent.ID, room)
	if err != nil {
		return err
	}
	if x.ID == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "L’action n’a pas d’identifiant.").At("id")
	}
	x.Quartier = quartier
	first := sent.Event.domain(string(a.principal(c).Role))
	if err := x.Change(&first, a.today(city), false); err != nil {
		return inEvent(err)
	}
	stored, created, err := a.Store.AddAction(c.Request.Context(), x, first)
	if err != nil {
		return err
	}
	return a.written(c, city, created2xx(created), stored)
}

// inEvent names the member inside the event.
func inEvent(err error) error {
	if f := fault.As(err); f != nil && f.Field != "" {
		return f.At("event." + f.Field)
	}
	return err
}

func (a *API) editAction(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "action")
	if err != nil {
		return err
	}
	var sent struct {
		Base int `json:"base"`
		sentContent
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	known, err := a.Store.Actions(c.Request.Context(), city.Code, store.ActionFilter{ID: id})
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return errNoAction
	}
	x, err := sent.domain(city, id, known[0].Atelier)
	if err != nil {
		return err
	}
	stored, err := a.Store.EditAction(c.Request.Context(), x, sent.Base)
	if err != nil {
		return overtaken(err, func(v any) (any, error) {
			one := []atelier.Action{v.(atelier.Action)}
			err := a.Store.ClearActions(c.Request.Context(), city.Code, one)
			return newWireAction(one[0], a.principal(c), a.today(city), nil), err
		})
	}
	return a.written(c, city, http.StatusOK, stored)
}

func (a *API) changeAction(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "action")
	if err != nil {
		return err
	}
	var sent sentEvent
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	p := a.principal(c)
	event := sent.domain(string(p.Role))
	today := a.today(city)
	stored, err := a.Store.ChangeAction(c.Request.Context(), city.Code, id, &event,
		func(x *atelier.Action, e *atelier.ActionEvent) error {
			if err := mayPilot(p, *x); err != nil {
				return err
			}
			if p.Role == auth.Bailleur && (e.State == atelier.Forwarded && x.State != atelier.Forwarded || e.Pilote != uuid.Nil) {
				return fault.New(fault.Forbidden, "reserve_ville", "Transmettre une action à quelqu’un d’autre revient à la ville : dites-lui plutôt pourquoi.").At("state")
			}
			return x.Change(e, today, false)
		})
	if err != nil {
		return err
	}
	if err := mayPilot(p, stored); err != nil {
		return err
	}
	// Of news that change no state the action itself keeps no words.
	said := map[string]string{atelier.ChampReason: event.Reason, atelier.ChampProof: event.Proof}
	if err := a.screen(c, city, atelier.OnAction, id, said); err != nil {
		return err
	}
	return a.written(c, city, http.StatusOK, stored)
}
