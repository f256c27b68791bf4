package atelier

import (
	"strings"

	"quietude/server/fault"
)

// Contact is how a reporter agreed to be reached: by e-mail, by letter or both.
type Contact struct {
	Nom     string
	Email   string
	Adresse string // postal, several lines
}

// Check refuses what nobody could be reached by.
func (c *Contact) Check() error {
	c.Nom, c.Email, c.Adresse = strings.TrimSpace(c.Nom), strings.TrimSpace(c.Email), strings.TrimSpace(c.Adresse)
	if c.Email == "" && c.Adresse == "" {
		return fault.New(fault.Invalid, "contact_absent", "Donnez une adresse électronique ou postale, ou n’en donnez aucune.").At("contact")
	}
	if err := checkText(c.Nom, 120, "contact.nom"); err != nil {
		return err
	}
	if err := checkText(c.Adresse, 300, "contact.adresse"); err != nil {
		return err
	}
	if c.Email == "" {
		return nil
	}
	_, err := CheckEmail(c.Email, "contact.email")
	return err
}

// NewInvitationCode draws the code of an invitation: 30^16 ≈ 4e23, so that
// nobody answers for somebody else.
func NewInvitationCode() string { return randomCode(InvitationCodeLength) }

// InvitationCodeLength is the length of an invitation's code.
const InvitationCodeLength = 16

// TableOf seats the guest number i, counted from 0 in the order in which they
// said yes, at one of n tables, numbered from 1: tables never differ by more
// than one guest.
func TableOf(i, n int) int {
	if n < 1 {
		return 0
	}
	return i%n + 1
}

// Institutions are whom an atelier brings together beside residents.
var Institutions = []string{"elus", "police_nationale", "police_municipale", "parquet", "bailleurs", "correspondants_nuit", "agents", "autres"}
