package atelier

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/server/fault"
)

// Questions of the diagnostic, in the order in which they are asked.
var Questions = []string{"troubles", "causes", "solutions", "residents"}

// Bounds of the diagnostic.
const (
	RemarkLimit = 200 // characters
	MaxRemarks  = 40  // per participant, not deleted
)

// Remark is what a table answers to a question of the diagnostic, as the log
// has left it. It is one register: an edit replaces it whole.
type Remark struct {
	ID       uuid.UUID
	Author   uuid.UUID // participant; uuid.Nil when the animateur typed it for a table
	Table    int
	Question string
	Text     string
	Theme    Theme        // "" when not said
	Geometry orb.Geometry // orb.Point or orb.Polygon; nil when it speaks of no place
	About    uuid.UUID    // marker that it speaks of; uuid.Nil when none
	Deleted  bool
	Hidden   bool
	AddedSeq int64
	Seq      int64 // last accepted operation
}

// VoteOf is how many dots a participant gives to a finding.
type VoteOf struct {
	Participant uuid.UUID
	Finding     uuid.UUID
	Dots        int
	Seq         int64
}

// checkRemark refuses the content of a remark that cannot be kept.
func (o *Operation) checkRemark() error {
	if o.Remark == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "L’apport n’a pas d’identifiant.").At("remark")
	}
	if o.Kind != RemarkAdd && o.Kind != RemarkEdit {
		return nil
	}
	if !slices.Contains(Questions, o.Question) {
		return fault.New(fault.Invalid, "valeur_inconnue", "Cette question n’existe pas.").At("question")
	}
	if strings.TrimSpace(o.Text) == "" {
		return fault.New(fault.Invalid, "champ_absent", "Écrivez quelques mots.").At("text")
	}
	if o.Theme != "" {
		if err := CheckTheme(o.Theme, "theme"); err != nil {
			return err
		}
	}
	return checkText(o.Text, RemarkLimit, "text")
}

// MergeRemark applies an operation on a remark, as number seq of the log, to
// its state before it (nil when the log has none). The rules are those of
// docs/protocol.md, the same as in web/src/remark.ts, and both answer the cases
// of server/live/testdata/remark.json.
//
//  1. remark_add makes a remark; an existing id is refused.
//  2. Anything else on an unknown remark is refused.
//  3. remark_edit replaces the content whole; the last one in the log wins.
//  4. remark_delete and remark_restore are a register; doing it again changes nothing.
//  5. remark_edit of what is deleted is refused.
//  6. remark_hide and remark_unhide are a register of their own.
func MergeRemark(before *Remark, o *Operation, seq int64) (Remark, error) {
	if o.Kind == RemarkAdd {
		if before != nil {
			return Remark{}, refuse("apport_existe", "Cet apport existe déjà.")
		}
		r := Remark{ID: o.Remark, AddedSeq: seq, Seq: seq}
		r.set(o)
		return r, nil
	}
	if before == nil {
		return Remark{}, fault.New(fault.NotFound, "apport_inconnu", "Cet apport n’existe pas.").At("remark")
	}
	r := *before
	r.Seq = seq
	switch o.Kind {
	case RemarkEdit:
		if r.Deleted {
			return Remark{}, refuse("apport_supprime", "Cet apport a été supprimé. Vous pouvez le rétablir.")
		}
		r.set(o)
	case RemarkDelete, RemarkRestore:
		r.Deleted = o.Kind == RemarkDelete
	case RemarkHide, RemarkUnhide:
		r.Hidden = o.Kind == RemarkHide
	default:
		return Remark{}, fault.New(fault.Invalid, "operation_inconnue", "Cette opération ne concerne pas un apport.").At("kind")
	}
	return r, nil
}

func (r *Remark) set(o *Operation) {
	r.Question, r.Text, r.Theme, r.Geometry, r.About = o.Question, strings.TrimSpace(o.Text), o.Theme, o.Geometry, o.About
}

// Answers are the findings of an evening with what the authorities answered.
type Answers struct {
	Findings      []Finding // withdrawn ones are left out of the text
	Actions       []Action
	Organisations map[uuid.UUID]string // names
}

// Unanswered lists the findings that keep the atelier from being closed.
func (a Answers) Unanswered() []Finding {
	var out []Finding
	for _, f := range a.Findings {
		if !f.Withdrawn && !f.Answered {
			out = append(out, f)
		}
	}
	return out
}

// FrozenFinding is a finding as it stood at the freeze.
type FrozenFinding struct {
	ID       uuid.UUID         `json:"id"`
	Rang     int               `json:"rang"`
	Titre    string            `json:"titre"`
	Detail   string            `json:"detail"`
	Themes   []Theme           `json:"themes"`
	Tables   []int             `json:"tables"`
	Geometry *geojson.Geometry `json:"geometry"`
	Remarks  []uuid.UUID       `json:"remarks"`
	Markers  []uuid.UUID       `json:"markers"`
	Dots     int               `json:"dots"`
	Voters   int               `json:"voters"`
	Actions  []uuid.UUID       `json:"actions"`
}

// FrozenAction is an answer as it stood at the freeze; organisations stand by
// their name of that day.
type FrozenAction struct {
	ID       uuid.UUID         `json:"id"`
	Code     ActionCode        `json:"code"`
	Titre    string            `json:"titre"`
	Detail   string            `json:"detail"`
	State    ActionState       `json:"state"`
	Reason   string            `json:"reason"`
	Pilote   string            `json:"pilote"`
	Partners []string          `json:"partners"`
	Echeance string            `json:"echeance"`
	Geometry *geojson.Geometry `json:"geometry"`
	Findings []uuid.UUID       `json:"findings"`
	Markers  []uuid.UUID       `json:"markers"`
	Proof    string            `json:"proof"`
	ProofURL string            `json:"proof_url"`
}

// Frozen is what an evening was told, as it stood at the freeze: findings by
// rank, actions by identifier.
type Frozen struct {
	Findings []FrozenFinding `json:"findings"`
	Actions  []FrozenAction  `json:"actions"`
}

// ReadFrozen reads what Canonical wrote.
func ReadFrozen(text string) (f Frozen, err error) {
	if err = json.Unmarshal([]byte(text), &f); err != nil {
		return f, fmt.Errorf("frozen answers: %w", err)
	}
	return f, nil
}

// Canonical is the text of the answers at the freeze and its SHA-256,
// lower-case hexadecimal: the same findings and actions give the same bytes,
// in whatever order they come. Organisations stand by their name of that day.
func (a Answers) Canonical() (text, hash string, err error) {
	findings := []FrozenFinding{}
	for _, f := range a.Findings {
		if !f.Withdrawn {
			findings = append(findings, FrozenFinding{ID: f.ID, Rang: f.Rang, Titre: f.Titre, Detail: f.Detail, Themes: notNil(f.Themes),
				Tables: notNil(f.Tables), Geometry: frozenGeometry(f.Geometry), Remarks: notNil(f.Remarks), Markers: notNil(f.Markers),
				Dots: f.Dots, Voters: f.Voters, Actions: notNil(f.Actions)})
		}
	}
	slices.SortFunc(findings, func(x, y FrozenFinding) int {
		if x.Rang != y.Rang {
			return x.Rang - y.Rang
		}
		return strings.Compare(x.ID.String(), y.ID.String())
	})
	actions := []FrozenAction{}
	for _, x := range a.Actions {
		w := FrozenAction{ID: x.ID, Code: x.Code, Titre: x.Titre, Detail: x.Detail, State: x.State, Reason: x.Reason,
			Pilote: a.Organisations[x.Pilote], Partners: []string{}, Geometry: frozenGeometry(x.Geometry),
			Findings: notNil(x.Findings), Markers: notNil(x.Markers), Proof: x.Proof, ProofURL: x.ProofURL}
		for _, p := range x.Partners {
			w.Partners = append(w.Partners, a.Organisations[p])
		}
		slices.Sort(w.Partners)
		if x.Echeance != nil {
			w.Echeance = x.Echeance.Format("2006-01-02")
		}
		actions = append(actions, w)
	}
	slices.SortFunc(actions, func(x, y FrozenAction) int { return strings.Compare(x.ID.String(), y.ID.String()) })
	raw, err := json.Marshal(Frozen{findings, actions})
	if err != nil {
		return "", "", fmt.Errorf("canonical answers: %w", err)
	}
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), nil
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func frozenGeometry(g orb.Geometry) *geojson.Geometry {
	if g == nil {
		return nil
	}
	return geojson.NewGeometry(g)
}
