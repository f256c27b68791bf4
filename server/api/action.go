package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

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
	Held      bool                  `json:"held"`
	// Written are the texts that are not shown as they were written.
	Written map[string]string `json:"written,omitempty"`
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
	city, err := a.staffCity(c)
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
	for i, x := range all {
		out[i] = newWireAction(x, a.principal(c), today, nil)
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"actions": out})
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
	city, err := a.staffCity(c)
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
	return a.answerAction(c, city, http.StatusOK, found[0])
}

var errNoAction = fault.New(fault.NotFound, "action_inconnue", "Cette action n’existe pas.")

// written has the texts of an action that was written screened, tells its room,
// and answers.
func (a *API) written(c *gin.Context, city *hexmap.City, status int, x atelier.Action) error {
	texts := map[string]string{atelier.ChampTitre: x.Titre, atelier.ChampDetail: x.Detail, atelier.ChampReason: x.Reason, atelier.ChampProof: x.Proof}
	if err := a.screen(c, city, atelier.OnAction, x.ID, texts); err != nil {
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
	return answer(c, status, mediaJSON, newWireAction(x, a.principal(c), a.today(city), history[x.ID]))
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
	city, err := a.staffCity(c)
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
	city, err := a.staffCity(c)
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
	city, err := a.staffCity(c)
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
	event := sent.domain(string(a.principal(c).Role))
	today := a.today(city)
	stored, err := a.Store.ChangeAction(c.Request.Context(), city.Code, id, &event,
		func(x *atelier.Action, e *atelier.ActionEvent) error { return x.Change(e, today, false) })
	if err != nil {
		return err
	}
	return a.written(c, city, http.StatusOK, stored)
}
