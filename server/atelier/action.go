package atelier

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/server/fault"
)

// ActionCode is the kind of means that answers a finding; the codes are stable
// and stored.
type ActionCode string

// ActionCodes are the eleven kinds, in the order in which they are shown. REN
// is a « renvoi motivé »: outside the authority's remit, done already, or
// impossible.
var ActionCodes = []ActionCode{"PAT", "JUD", "MED", "TEC", "AME", "VID", "BAI", "PRE", "VIC", "INF", "REN"}

// ActionState is how far an action is.
type ActionState string

// The states of an action. « En retard » is none of them: it is what an action
// that is not settled is after its échéance (Action.Late), so that no job has
// to run for the ledger to be true, and a late action does not forget whether
// it was planned or under way.
const (
	Proposed  ActionState = "proposed"  // proposé: nobody has committed to it yet
	Retained  ActionState = "retained"  // retenu
	Studied   ActionState = "studied"   // étudié
	Planned   ActionState = "planned"   // programmé
	Ongoing   ActionState = "ongoing"   // en cours
	Done      ActionState = "done"      // réalisé; as a first state: « déjà fait »
	Verified  ActionState = "verified"  // vérifié par les habitants
	Refused   ActionState = "refused"   // refusé, with its reason
	Forwarded ActionState = "forwarded" // transmis à the pilote, with its reason
	Abandoned ActionState = "abandoned" // abandonné, with its reason
)

// ActionStates are all states, in the order in which they are shown.
var ActionStates = []ActionState{Proposed, Retained, Studied, Planned, Ongoing, Done, Verified, Refused, Forwarded, Abandoned}

// transitions are the states that may follow each; "" is before the first. An
// action is never deleted: it is refused or abandoned with a reason, and may
// be taken up again. Verified comes from residents only.
var transitions = map[ActionState][]ActionState{
	"":        {Proposed, Retained, Studied, Planned, Ongoing, Done, Refused, Forwarded},
	Proposed:  {Retained, Studied, Planned, Ongoing, Done, Refused, Forwarded, Abandoned},
	Retained:  {Studied, Planned, Ongoing, Done, Refused, Forwarded, Abandoned},
	Studied:   {Retained, Planned, Ongoing, Done, Refused, Forwarded, Abandoned},
	Planned:   {Studied, Ongoing, Done, Forwarded, Abandoned},
	Ongoing:   {Planned, Done, Forwarded, Abandoned},
	Done:      {Verified, Ongoing},
	Verified:  {Ongoing},
	Refused:   {Proposed, Studied, Retained},
	Forwarded: {Studied, Retained, Planned, Ongoing, Done, Refused, Abandoned},
	Abandoned: {Proposed, Studied},
}

// Next lists the states that may follow s; "" asks for the first ones.
func (s ActionState) Next() []ActionState { return slices.Clone(transitions[s]) }

// Settled reports whether nothing more is owed: an action in this state is
// never late.
func (s ActionState) Settled() bool {
	return s == Done || s == Verified || s == Refused || s == Abandoned
}

// Answers reports whether an action in this state is an answer to a finding:
// an authority has committed itself, also by refusing or transmitting. What is
// only proposed answers nothing, and neither does what was given up.
func (s ActionState) Answers() bool { return s != Proposed && s != Abandoned }

// Decides reports whether an action in this state says what will be done, or why
// nothing will: what the indicator of AnswerMonths waits for. A finding that was
// transmitted or is being studied has been heard, which is enough to close an
// evening, and its residents still wait.
func (s ActionState) Decides() bool { return s.Answers() && s != Forwarded && s != Studied }

// Action is what an authority does about findings.
type Action struct {
	Territoire string
	ID         uuid.UUID
	Quartier   string
	Atelier    uuid.UUID // uuid.Nil for an action of the quartier alone
	Code       ActionCode
	Titre      string
	Detail     string
	State      ActionState
	Reason     string // given with the last change of state
	Pilote     uuid.UUID
	Partners   []uuid.UUID // sorted
	Echeance   *time.Time  // a day, at 00:00 UTC
	DoneOn     *time.Time  // a day, at 00:00 UTC
	Geometry   orb.Geometry
	Findings   []uuid.UUID // sorted
	Markers    []uuid.UUID // of Atelier, sorted
	Proof      string
	ProofURL   string
	Version    int
	Demo       bool
	// Written are its texts that are not shown as they were written.
	Written   Written
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Late reports whether the action is owed since before today, a day at 00:00
// UTC: « en retard ».
func (a *Action) Late(today time.Time) bool {
	return a.Echeance != nil && !a.State.Settled() && a.Echeance.Before(today)
}

// ActionEvent is one change of state, as it enters the history.
type ActionEvent struct {
	Seq      int
	ID       uuid.UUID
	From     ActionState // "" for the first
	State    ActionState
	Reason   string
	Pilote   uuid.UUID // after a transmission, to whom; else as it was
	Proof    string
	ProofURL string
	Role     string // of who changed it
	At       time.Time
}

// CheckContent refuses what describes an action and cannot be kept, and puts
// its lists in order. States are Change's.
func (a *Action) CheckContent() (err error) {
	a.Titre, a.Detail = strings.TrimSpace(a.Titre), strings.TrimSpace(a.Detail)
	switch {
	case !slices.Contains(ActionCodes, a.Code):
		return fault.New(fault.Invalid, "valeur_inconnue", "Ce type d’action n’existe pas.").At("code")
	case a.Titre == "":
		return fault.New(fault.Invalid, "champ_absent", "Dites en une phrase ce qui est répondu.").At("titre")
	case a.Atelier == uuid.Nil && len(a.Markers) > 0:
		return fault.New(fault.Invalid, "champ_en_trop", "Des repères se lient à une action d’un atelier.").At("markers")
	}
	if err = checkText(a.Titre, TitreLimit, "titre"); err != nil {
		return err
	}
	if err = checkText(a.Detail, DetailLimit, "detail"); err != nil {
		return err
	}
	if a.Partners, err = links(a.Partners, "partners"); err != nil {
		return err
	}
	if a.Findings, err = links(a.Findings, "findings"); err != nil {
		return err
	}
	a.Markers, err = links(a.Markers, "markers")
	return err
}

// needsReason are the states that say nothing without one.
var needsReason = []ActionState{Refused, Forwarded, Abandoned}

// Change moves the action to e.State and completes e for the history; the state
// that it has already is news without a change. today is
// the day in the time zone of the territoire, at 00:00 UTC. byResidents is
// true where residents themselves say that it is better.
func (a *Action) Change(e *ActionEvent, today time.Time, byResidents bool) error {
	e.Reason, e.Proof, e.ProofURL = strings.TrimSpace(e.Reason), strings.TrimSpace(e.Proof), strings.TrimSpace(e.ProofURL)
	if e.ID == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "Le changement n’a pas d’identifiant.").At("id")
	}
	if !slices.Contains(ActionStates, e.State) {
		return fault.New(fault.Invalid, "valeur_inconnue", "Cet état n’existe pas.").At("state")
	}
	if e.State == a.State && a.State != "" {
		return a.progress(e)
	}
	if !slices.Contains(transitions[a.State], e.State) {
		return fault.New(fault.Conflict, "transition_refusee", "Cette action ne peut pas passer à cet état depuis celui où elle est.").
			At("state").With("state", a.State).With("next", a.State.Next())
	}
	if (e.State == Verified) != byResidents {
		return fault.New(fault.Forbidden, "reserve_habitants", "Seuls les habitants peuvent dire qu’une action est vérifiée.").At("state")
	}
	if err := checkText(e.Reason, ReasonLimit, "reason"); err != nil {
		return err
	}
	if err := checkText(e.Proof, ReasonLimit, "proof"); err != nil {
		return err
	}
	if err := checkLink(e.ProofURL, "proof_url"); err != nil {
		return err
	}
	settled := a.State == Done || a.State == Verified || a.State == Refused || a.State == Abandoned
	switch {
	case e.Reason == "" && slices.Contains(needsReason, e.State):
		return fault.New(fault.Invalid, "motif_absent", "Donnez la raison : les habitants la liront.").At("reason")
	case e.Reason == "" && settled && !byResidents:
		return fault.New(fault.Invalid, "motif_absent", "Dites pourquoi cette action est reprise.").At("reason")
	case e.State == Done && e.Proof == "" && e.ProofURL == "":
		return fault.New(fault.Invalid, "preuve_absente", "Dites ce qui a été fait, ou donnez un lien qui le montre.").At("proof")
	case e.State == Forwarded && e.Pilote == uuid.Nil:
		return fault.New(fault.Invalid, "champ_absent", "Dites à qui l’action est transmise.").At("pilote")
	}
	e.From = a.State
	if e.Pilote == uuid.Nil {
		e.Pilote = a.Pilote
	}
	a.State, a.Reason, a.Pilote = e.State, e.Reason, e.Pilote
	if e.Proof != "" || e.ProofURL != "" {
		a.Proof, a.ProofURL = e.Proof, e.ProofURL
	}
	switch {
	case e.State == Done:
		a.DoneOn = &today
	case e.State != Verified:
		a.DoneOn = nil
	}
	return nil
}

// progress adds news to the history without another state: what is under way, or
// what shows that it was done.
func (a *Action) progress(e *ActionEvent) error {
	if a.State.Settled() && a.State != Done && a.State != Verified {
		return fault.New(fault.Conflict, "transition_refusee", "Cette action est close : reprenez-la d’abord, avec la raison.").
			At("state").With("state", a.State).With("next", a.State.Next())
	}
	if e.Reason == "" && e.Proof == "" && e.ProofURL == "" {
		return fault.New(fault.Invalid, "avancement_absent", "Dites où l’on en est, ou ce qui le montre.").At("reason")
	}
	if err := checkText(e.Reason, ReasonLimit, "reason"); err != nil {
		return err
	}
	if err := checkText(e.Proof, ReasonLimit, "proof"); err != nil {
		return err
	}
	if err := checkLink(e.ProofURL, "proof_url"); err != nil {
		return err
	}
	e.From, e.Pilote = a.State, a.Pilote
	if e.Proof != "" || e.ProofURL != "" {
		a.Proof, a.ProofURL = e.Proof, e.ProofURL
	}
	return nil
}

// checkLink takes an absolute https or http address, or none.
func checkLink(link, field string) error {
	if link == "" {
		return nil
	}
	if err := checkText(link, ReasonLimit, field); err != nil {
		return err
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return fault.New(fault.Invalid, "lien_refuse", "Un lien commence par https:// et mène à une page.").At(field)
	}
	return nil
}
