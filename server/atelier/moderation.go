package atelier

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"quietude/server/fault"
)

// Objet is what a decision of moderation is about.
type Objet string

// The objects that hold free texts: the first three residents', the others those
// of the authorities.
const (
	OnMarker       Objet = "marker"
	OnSignalement  Objet = "signalement"
	OnRemark       Objet = "remark"
	OnFinding      Objet = "finding"
	OnAction       Objet = "action"
	OnAtelier      Objet = "atelier"
	OnOrganisation Objet = "organisation"
)

// Objets are all of them.
var Objets = []Objet{OnMarker, OnSignalement, OnRemark, OnFinding, OnAction, OnAtelier, OnOrganisation}

// OfResidents are those whose words are residents'.
var OfResidents = []Objet{OnMarker, OnSignalement, OnRemark}

// The free texts of the objects.
const (
	ChampNote     = "note"
	ChampSubtheme = "subtheme"
	ChampTexte    = "texte"
	ChampTitre    = "titre"
	ChampDetail   = "detail"
	ChampReason   = "reason"
	ChampProof    = "proof"
	ChampLieu     = "lieu"
	ChampNom      = "nom"
)

// The states of a text.
const (
	Held      = "held"
	Published = "published"
	Redacted  = "redacted"
	Withheld  = "withheld"
)

// What stands in place of words that an object cannot be shown without.
const (
	HeldWords     = "Texte en cours de relecture"
	WithheldWords = "Texte non diffusé"
)

// Shown is what may be shown of a text.
type Shown struct {
	Text  string // "" when nothing may be
	State string // held, published, redacted or withheld; "" for no text
}

// Words are the text, or what stands in its place.
func (s Shown) Words() string {
	switch s.State {
	case Held:
		return HeldWords
	case Withheld:
		return WithheldWords
	}
	return s.Text
}

// Written are the texts of an object that are not shown as they were written, by
// champ, with what is wanting.
type Written map[string]WrittenText

// WrittenText is a text as it was written, and its state.
type WrittenText struct{ Text, State string }

// Held reports whether one of them waits to be read.
func (w Written) Held() bool {
	for _, t := range w {
		if t.State == Held {
			return true
		}
	}
	return false
}

// Verdict is what a decision does.
type Verdict string

// The first three are about a text, the others about the object as a whole.
const (
	Publish  Verdict = "publish"  // the text is shown as it is
	Redact   Verdict = "redact"   // another text is shown in its place
	Withhold Verdict = "withhold" // nothing is shown
	Mask     Verdict = "hide"     // the object leaves maps, lists and counts
	Unmask   Verdict = "restore"  // and comes back
)

// Verdicts are all of them.
var Verdicts = []Verdict{Publish, Redact, Withhold, Mask, Unmask}

// OnText reports whether a verdict is about a text.
func (v Verdict) OnText() bool { return v == Publish || v == Redact || v == Withhold }

// The reasons that a decision may give, by what it is about.
var (
	TextReasons   = []string{"name", "contact", "plate", "address", "accusation", "insult", "health", "off_topic"}
	MaskReasons   = []string{"duplicate", "off_topic", "wrong_place", "targets_person", "abuse", "test"}
	UnmaskReasons = []string{"mistake", "clarified"}
)

// Reasons that go with a verdict; none for Publish.
func (v Verdict) Reasons() []string {
	switch v {
	case Redact, Withhold:
		return TextReasons
	case Mask:
		return MaskReasons
	case Unmask:
		return UnmaskReasons
	}
	return nil
}

// Decision is one act of moderation.
type Decision struct {
	ID      uuid.UUID
	Objet   Objet
	ObjetID uuid.UUID
	Champ   string // "" for the object as a whole
	Verdict Verdict
	Reason  string
	// Digest is TextDigest of the text that was read; nil for the object.
	Digest []byte
	// Text is shown in place of what was read.
	Text   string
	Role   string
	Author string
	At     time.Time
}

// TextDigest identifies a text that was read: a decision holds for no other.
func TextDigest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// Check refuses a decision that does not say what it decides.
func (d *Decision) Check() error {
	d.Text = strings.TrimSpace(d.Text)
	bad := func(field, detail string) error {
		return fault.New(fault.Invalid, "valeur_inconnue", detail).At(field)
	}
	switch {
	case d.ID == uuid.Nil:
		return fault.New(fault.Invalid, "identifiant_absent", "La décision n’a pas d’identifiant.").At("id")
	case d.ObjetID == uuid.Nil:
		return fault.New(fault.Invalid, "identifiant_absent", "La décision ne dit pas de quoi elle parle.").At("objet_id")
	case !slices.Contains(Objets, d.Objet):
		return bad("objet", "Cet objet ne se modère pas.")
	case !d.Verdict.OnText() && !slices.Contains(OfResidents, d.Objet):
		return bad("verdict", "Ce que la collectivité écrit ne se masque pas en entier : refusez son texte, ou retirez-le là où il est écrit.")
	case !slices.Contains(Verdicts, d.Verdict):
		return bad("verdict", "Cette décision n’existe pas.")
	case d.Verdict.OnText() != (d.Champ != ""):
		return bad("champ", "Une décision sur un texte dit lequel ; masquer et rétablir concernent l’ensemble.")
	case d.Verdict == Publish && d.Reason != "":
		return bad("reason", "Publier un texte tel quel n’a pas de motif.")
	case d.Verdict != Publish && !slices.Contains(d.Verdict.Reasons(), d.Reason):
		return bad("reason", "Choisissez un motif dans la liste.")
	case d.Verdict == Redact && d.Text == "":
		return fault.New(fault.Invalid, "champ_absent", "Écrivez le texte à montrer, ou refusez-le.").At("texte")
	case d.Verdict != Redact && d.Text != "":
		return fault.New(fault.Invalid, "champ_en_trop", "Seul un texte expurgé se récrit.").At("texte")
	case d.Verdict.OnText() && len(d.Digest) != sha256.Size:
		return bad("digest", "La décision ne dit pas quel texte a été lu.")
	}
	limit := NoteLimit
	if !slices.Contains(OfResidents, d.Objet) {
		limit = DetailLimit
	}
	return checkText(d.Text, limit, "texte")
}
