package api

import (
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/personal"
	"quietude/server/store"
)

// suiviRoutes are the public follow-up, and what is decided about its texts.
func (a *API) suiviRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/suivi", Handle: a.suivi},
		{Method: http.MethodGet, Path: "/api/v1/actions/{action}/suivi", Handle: a.proposedSuivi},
		{Method: http.MethodPost, Path: "/api/v1/actions/{action}/suivi", Handle: a.decideSuivi},
	}
}

type wirePublicAction struct {
	Quartier  string              `json:"quartier"`
	Said      string              `json:"said"`
	Titre     string              `json:"titre"`
	Answer    string              `json:"answer"`
	Code      atelier.ActionCode  `json:"code"`
	State     atelier.ActionState `json:"state"`
	Late      bool                `json:"late"`
	Pilote    string              `json:"pilote,omitempty"`
	Echeance  string              `json:"echeance,omitempty"`
	DoneOn    string              `json:"done_on,omitempty"`
	AtelierOn string              `json:"atelier_on,omitempty"`
	ChangedOn string              `json:"changed_on"`
	Demo      bool                `json:"demo"`
}

// suivi is what everybody may follow: a function of the schema publication and
// of the day, through a pool that can read nothing else.
func (a *API) suivi(c *gin.Context) error {
	city, rows, err := a.publicActions(c)
	if err != nil {
		return err
	}
	today := a.today(city)
	out := []wirePublicAction{}
	for _, r := range rows {
		late := (&atelier.Action{State: r.State, Echeance: r.Echeance}).Late(today)
		out = append(out, wirePublicAction{Quartier: r.Quartier, Said: r.Said, Titre: r.Titre, Answer: r.Answer, Code: r.Code,
			State: r.State, Late: late, Pilote: r.Pilote, Echeance: dayOrEmpty(r.Echeance), DoneOn: dayOrEmpty(r.DoneOn),
			AtelierOn: dayOrEmpty(r.AtelierOn), ChangedOn: r.ChangedOn.Format(time.DateOnly), Demo: r.Demo})
	}
	c.Header("Cache-Control", editionCaching)
	return answerTagged(c, mediaJSON, struct {
		Actions []wirePublicAction `json:"actions"`
	}{out})
}

// publicActions are the rows of the follow-up that the request asks for.
func (a *API) publicActions(c *gin.Context) (*hexmap.City, []store.PublicAction, error) {
	city, err := a.territoire(c)
	if err != nil {
		return nil, nil, err
	}
	if a.Public == nil {
		return nil, nil, errNoPublic
	}
	rows, err := a.Public.Suivi(c.Request.Context(), city.Code, c.Query("quartier"))
	return city, rows, err
}

// ledgerEntry is an action with the titles of the constats that it answers.
func (a *API) ledgerEntry(c *gin.Context) (city *hexmap.City, x atelier.Action, said []string, err error) {
	if city, err = a.territoire(c); err != nil {
		return nil, x, nil, err
	}
	id, err := pathID(c, "action")
	if err != nil {
		return nil, x, nil, err
	}
	found, err := a.Store.Actions(c.Request.Context(), city.Code, store.ActionFilter{ID: id})
	if err == nil && len(found) == 0 {
		err = errNoAction
	}
	if err != nil {
		return nil, x, nil, err
	}
	findings, err := a.Store.Findings(c.Request.Context(), city.Code, store.FindingFilter{})
	if err != nil {
		return nil, x, nil, err
	}
	x, said = toDecide(found[0], findings)
	return city, x, said, nil
}

// toDecide gives an action and the titles of the constats that it answers as
// whoever decides about the public reads them: what still waits to be read as it
// was written, what was redacted as it was redacted.
func toDecide(x atelier.Action, findings []atelier.Finding) (atelier.Action, []string) {
	x.Titre, x.Detail = unread(x.Written, atelier.ChampTitre, x.Titre), unread(x.Written, atelier.ChampDetail, x.Detail)
	x.Reason, x.Proof = unread(x.Written, atelier.ChampReason, x.Reason), unread(x.Written, atelier.ChampProof, x.Proof)
	titles := map[uuid.UUID]string{}
	for _, f := range findings {
		titles[f.ID] = unread(f.Written, atelier.ChampTitre, f.Titre)
	}
	return x, answered(titles, x)
}

func unread(w atelier.Written, champ, shown string) string {
	if t := w[champ]; t.State == atelier.Held {
		return t.Text
	}
	return shown
}

func titlesOf(findings []atelier.Finding) map[uuid.UUID]string {
	titles := make(map[uuid.UUID]string, len(findings))
	for _, f := range findings {
		titles[f.ID] = f.Titre
	}
	return titles
}

// answered are the titles of the constats of one action.
func answered(titles map[uuid.UUID]string, x atelier.Action) (out []string) {
	for _, id := range x.Findings {
		if titles[id] != "" {
			out = append(out, titles[id])
		}
	}
	return out
}

// suiviState says of an action, for whoever decides, what the public reads:
// nothing yet, what was decided, what was decided about other texts, or nothing
// any more.
func suiviState(d atelier.SuiviDecision, decided bool, x atelier.Action, said []string) string {
	switch {
	case !decided:
		return "none"
	case !d.Shown:
		return "hidden"
	case !slices.Equal(d.Digest, atelier.SuiviDigest(x, said)):
		return "outdated"
	}
	return "shown"
}

type wireSuiviText struct {
	Texte    string             `json:"texte"`
	Segments []personal.Segment `json:"segments"`
	Kinds    []personal.Kind    `json:"kinds"`
}

func suiviText(detector *personal.Detector, text string) wireSuiviText {
	found := detector.Find(text)
	w := wireSuiviText{Texte: text, Segments: orEmpty(personal.Segments(text, found)), Kinds: []personal.Kind{}}
	for _, f := range found {
		w.Kinds = append(w.Kinds, f.Kind)
	}
	return w
}

// proposedSuivi is what the public would read, or reads, of an action.
func (a *API) proposedSuivi(c *gin.Context) error {
	city, x, said, err := a.ledgerEntry(c)
	if err != nil {
		return err
	}
	return a.answerSuivi(c, city, x, said)
}

func (a *API) answerSuivi(c *gin.Context, city *hexmap.City, x atelier.Action, said []string) error {
	decisions, err := a.Store.SuiviDecisions(c.Request.Context(), city.Code, x.ID)
	if err != nil {
		return err
	}
	detector, err := a.detectors.of(c, a.Store, city)
	if err != nil {
		return err
	}
	d, decided := decisions[x.ID]
	state := suiviState(d, decided, x, said)
	text := d.Suivi
	if !decided || !d.Shown {
		text = atelier.ProposedSuivi(x, said)
	}
	fresh := atelier.ProposedSuivi(x, said)
	// Whoever decides reads them before moderation has.
	if err := a.consulted(c, 3); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"state": state, "digest": hex.EncodeToString(atelier.SuiviDigest(x, said)),
		"said": suiviText(detector, text.Said), "titre": suiviText(detector, text.Titre), "answer": suiviText(detector, text.Answer),
		"ledger": gin.H{"said": fresh.Said, "titre": fresh.Titre, "answer": fresh.Answer}})
}

// decideSuivi publishes texts, or takes an action out of what is public. What
// names or reaches a person is refused; a name that is none, such as that of a
// place, may be confirmed.
func (a *API) decideSuivi(c *gin.Context) error {
	var sent struct {
		ID        uuid.UUID `json:"id"`
		Shown     bool      `json:"shown"`
		Said      string    `json:"said"`
		Titre     string    `json:"titre"`
		Answer    string    `json:"answer"`
		Digest    string    `json:"digest"`
		Confirmed bool      `json:"confirmed"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	city, x, said, err := a.ledgerEntry(c)
	if err != nil {
		return err
	}
	p := a.principal(c)
	d := atelier.SuiviDecision{ID: sent.ID, Action: x.ID, Shown: sent.Shown, Suivi: atelier.Suivi{Said: sent.Said, Titre: sent.Titre, Answer: sent.Answer},
		Digest: atelier.SuiviDigest(x, said), Role: string(p.Role), Author: p.Nom}
	if err := d.Check(); err != nil {
		return err
	}
	if hex.EncodeToString(d.Digest) != sent.Digest {
		return fault.New(fault.Conflict, "texte_modifie", "Cette action a changé depuis que vous l’avez lue. Lisez-la de nouveau.").At("digest")
	}
	if d.Shown {
		detector, err := a.detectors.of(c, a.Store, city)
		if err != nil {
			return err
		}
		if err := refusePersonal(detector, d.Suivi, sent.Confirmed); err != nil {
			return err
		}
	}
	if err := a.Store.DecideSuivi(c.Request.Context(), city.Code, d); err != nil {
		return err
	}
	return a.answerSuivi(c, city, x, said)
}

// refusePersonal refuses texts in which the detector finds a person.
func refusePersonal(detector *personal.Detector, s atelier.Suivi, confirmed bool) error {
	for _, t := range []struct{ field, text string }{{"said", s.Said}, {"titre", s.Titre}, {"answer", s.Answer}} {
		for _, f := range detector.Find(t.text) {
			passage := t.text[f.Start:f.End]
			switch {
			case f.Kind != personal.Name:
				return fault.New(fault.Unprocessable, "texte_personnel",
					"« %s » ne peut pas être publié : c’est un moyen de joindre ou de reconnaître quelqu’un. Retirez-le.", passage).At(t.field).With("kind", f.Kind)
			case !confirmed:
				return fault.New(fault.Unprocessable, "nom_possible",
					"« %s » ressemble à un nom de personne. Retirez-le, ou confirmez que ce n’en est pas un.", passage).At(t.field).With("kind", f.Kind)
			}
		}
	}
	return nil
}
