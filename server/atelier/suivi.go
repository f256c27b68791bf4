package atelier

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"quietude/server/fault"
)

// Suivi is what the public reads of an action beside its state, its pilote and
// its days: texts that somebody has read and decided about.
type Suivi struct {
	Said   string // what residents said
	Titre  string // the action in one sentence
	Answer string // what was done, or why not; may be empty
}

// SuiviDecision is a decision about an action: its texts, or to show nothing.
type SuiviDecision struct {
	ID     uuid.UUID
	Action uuid.UUID
	Shown  bool
	Suivi
	Digest []byte // of the texts of the ledger that were read
	Role   string
	Author string
	At     time.Time
}

// ProposedSuivi is what the ledger says of an action, for whoever decides: the
// constats that it answers, its title, and the text that its state is about.
func ProposedSuivi(a Action, said []string) Suivi {
	s := Suivi{Said: strings.Join(said, " ; "), Titre: a.Titre, Answer: a.Detail}
	switch {
	case slices.Contains(needsReason, a.State):
		s.Answer = a.Reason
	case (a.State == Done || a.State == Verified) && a.Proof != "":
		s.Answer = a.Proof
	}
	s.Said, s.Answer = shorten(s.Said, ReasonLimit), shorten(s.Answer, ReasonLimit)
	return s
}

func shorten(text string, limit int) string {
	if all := []rune(text); len(all) > limit {
		return string(all[:limit-1]) + "…"
	}
	return text
}

// SuiviDigest is the SHA-256 of all texts of the ledger that the public texts of
// an action are made from.
func SuiviDigest(a Action, said []string) []byte {
	// Strings can always be written.
	text, _ := json.Marshal([]any{a.Titre, a.Detail, a.Reason, a.Proof, said})
	sum := sha256.Sum256(text)
	return sum[:]
}

// Check refuses a decision that cannot be kept.
func (d *SuiviDecision) Check() error {
	d.Said, d.Titre, d.Answer = strings.TrimSpace(d.Said), strings.TrimSpace(d.Titre), strings.TrimSpace(d.Answer)
	if d.ID == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "La décision n’a pas d’identifiant.").At("id")
	}
	if !d.Shown {
		d.Suivi = Suivi{}
		return nil
	}
	if d.Titre == "" {
		return fault.New(fault.Invalid, "champ_absent", "Dites en une phrase ce qui est répondu.").At("titre")
	}
	for _, t := range []struct {
		text, field string
		limit       int
	}{{d.Said, "said", ReasonLimit}, {d.Titre, "titre", TitreLimit}, {d.Answer, "answer", ReasonLimit}} {
		if err := checkText(t.text, t.limit, t.field); err != nil {
			return err
		}
	}
	return nil
}
