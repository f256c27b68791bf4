package atelier

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"quietude/server/fault"
)

// Steps of an evening, 0 (before) to 7 (follow-up); see docs.
const (
	FirstStep       = 0
	CartographyStep = 4
	LastStep        = 7
)

// meetingSteps are those of a réunion spécifique, with a copropriété or the
// residents of one place: no slides of the police, and the answers are read
// where they are given.
var meetingSteps = []int{FirstStep, 1, 2, CartographyStep, 5}

// HasStep reports whether an evening of this kind has a step.
func (a *Atelier) HasStep(step int) bool {
	if a.Kind == "reunion" {
		return slices.Contains(meetingSteps, step)
	}
	return step >= FirstStep && step <= LastStep
}

// Atelier is one evening, or one réunion spécifique.
type Atelier struct {
	Territoire string
	ID         uuid.UUID
	Quartier   string
	Kind       string // atelier, reunion
	Titre      string
	Lieu       string
	StartsAt   time.Time
	ClosesAt   time.Time
	Room
	FrozenAt     *time.Time
	Seq          int64
	Demo         bool
	Plan         []int // minutes of the steps 1 to 7; none: nobody has changed them
	Participants int
	Markers      int
	Seats        []Table
	// ParticipantKey derives pseudonyms and tokens; it never leaves the server.
	ParticipantKey []byte
}

// Over reports whether the evening is past: it is closed, or its codes have ended.
func (a *Atelier) Over(now time.Time) bool { return a.State == "closed" || now.After(a.ClosesAt) }

// Table is a group around one table.
type Table struct {
	Numero       int
	Open         bool
	Code         string
	Participants int
}

// MaxPerTable bounds the seats of a table: far beyond any real one, so that a
// code that got about cannot become any number of voices.
const MaxPerTable = 500

// Participant is a resident of one atelier: a pseudonym, one voice.
type Participant struct {
	ID    uuid.UUID
	Table int
	Rang  int // order of arrival at the table, from 1
}

// Check refuses an atelier that cannot be prepared.
func (a *Atelier) Check(now time.Time) error {
	a.Titre, a.Lieu = strings.TrimSpace(a.Titre), strings.TrimSpace(a.Lieu)
	switch {
	case a.ID == uuid.Nil:
		return fault.New(fault.Invalid, "identifiant_absent", "L’atelier n’a pas d’identifiant.").At("id")
	case a.Titre == "":
		return fault.New(fault.Invalid, "champ_absent", "Donnez un titre à l’atelier.").At("titre")
	case a.StartsAt.Before(now.AddDate(-20, 0, 0)) || a.StartsAt.After(now.AddDate(5, 0, 0)):
		return fault.New(fault.Invalid, "date_impossible", "La date de l’atelier est trop lointaine.").At("starts_at")
	case !a.ClosesAt.After(a.StartsAt) || a.ClosesAt.Sub(a.StartsAt) > 31*24*time.Hour:
		return fault.New(fault.Invalid, "date_impossible", "L’atelier doit finir après son début, au plus un mois plus tard.").At("closes_at")
	}
	if err := checkText(a.Titre, TitreLimit, "titre"); err != nil {
		return err
	}
	return checkText(a.Lieu, TitreLimit, "lieu")
}

// codeAlphabet leaves out 0 O 1 I L U: read aloud or copied by hand, no two
// remaining characters are easily taken for each other.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// CodeLength gives 30^8 ≈ 6.6e11 codes.
const CodeLength = 8

// NewCode draws a table code.
func NewCode() string { return randomCode(CodeLength) }

// NewLinkCode draws a short-lived code for a second device.
func NewLinkCode() string { return randomCode(6) }

func randomCode(n int) string {
	code := make([]byte, 0, n)
	var buf [32]byte
	for len(code) < n {
		_, _ = rand.Read(buf[:]) // crypto/rand never fails since Go 1.24
		for _, b := range buf {
			// 240 = 8 × 30: refusing the rest keeps the draw uniform.
			if b < 240 && len(code) < n {
				code = append(code, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return string(code)
}

// ErasureCode is the code by which a resident may ask to be erased, once the device
// is gone or the atelier is published: it follows from the pseudonym and says
// nothing else about it.
func ErasureCode(participant uuid.UUID) string {
	sum := sha256.Sum256(append([]byte("quietude erasure\x00"), participant[:]...))
	code := make([]byte, CodeLength)
	for i := range code {
		code[i] = codeAlphabet[int(sum[i])%len(codeAlphabet)]
	}
	return string(code)
}

// ReadCode takes a code as a person types it: case, spaces and dashes do not
// matter. ok is false when it cannot be a code.
func ReadCode(typed string, length int) (code string, ok bool) {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(typed))
	if len(code) != length {
		return "", false
	}
	for _, r := range code {
		if !strings.ContainsRune(codeAlphabet, r) {
			return "", false
		}
	}
	return code, true
}

// Pseudonym is the participant that a device's secret stands for at a table:
// the same secret gives the same participant, and the identifier that others
// see says nothing about the secret.
func (a *Atelier) Pseudonym(table int, secret uuid.UUID) uuid.UUID {
	mac := hmac.New(sha256.New, a.ParticipantKey)
	mac.Write([]byte{'p', byte(table)})
	mac.Write(secret[:])
	id, _ := uuid.FromBytes(mac.Sum(nil)[:16])
	id[6] = id[6]&0x0f | 0x80 // version 8: custom, RFC 9562
	id[8] = id[8]&0x3f | 0x80
	return id
}

// Token is the bearer token of a participant: who it is, and a proof that this
// server said so. It opens one atelier and dies with its key.
func (a *Atelier) Token(p Participant) string {
	raw := make([]byte, 0, 33+32)
	raw = append(raw, a.ID[:]...)
	raw = append(raw, p.ID[:]...)
	raw = append(raw, byte(p.Table))
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(append(raw, a.proof(raw)...))
}

const tokenPrefix = "qh1_"

// ReadToken splits a participant's token; ok is false when it is not one.
// The proof must still be checked with VerifyToken.
func ReadToken(token string) (atelier uuid.UUID, p Participant, ok bool) {
	body, found := strings.CutPrefix(token, tokenPrefix)
	if !found {
		return uuid.Nil, Participant{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || len(raw) != 33+32 {
		return uuid.Nil, Participant{}, false
	}
	copy(atelier[:], raw[:16])
	copy(p.ID[:], raw[16:32])
	p.Table = int(raw[32])
	return atelier, p, true
}

// VerifyToken reports whether this atelier issued the token.
func (a *Atelier) VerifyToken(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, tokenPrefix))
	if err != nil || len(raw) != 33+32 || len(a.ParticipantKey) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(a.proof(raw[:33]), raw[33:]) == 1
}

func (a *Atelier) proof(raw []byte) []byte {
	mac := hmac.New(sha256.New, a.ParticipantKey)
	mac.Write([]byte{'t'})
	mac.Write(raw)
	return mac.Sum(nil)
}
