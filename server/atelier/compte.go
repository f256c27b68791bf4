package atelier

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"quietude/server/fault"
)

// Compte is the account of a person of the staff.
type Compte struct {
	Territoire string
	ID         uuid.UUID
	Email      string // lower case
	Nom        string
	Role       string
	// Password is argon2id as text; "" for none.
	Password string
	// Demo accounts are invented, and open to the machine itself only.
	Demo         bool
	Disabled     bool
	SecondFactor bool
	CreatedAt    time.Time
	SignedInAt   *time.Time
	// Organisation is whom the person answers for, uuid.Nil for none, and its name.
	Organisation    uuid.UUID
	OrganisationNom string
}

// Jeton is a bearer token as it is stored: of a machine, or of the
// demonstration.
type Jeton struct {
	Territoire string
	ID         uuid.UUID
	Role       string
	Label      string
	// Scopes are what it may read; ScopeAll is all that its role may do.
	Scopes []string
	Demo   bool
	// Organisation is as in Compte; uuid.Nil for machines.
	Organisation uuid.UUID
}

// ScopeAll is only for the demonstration.
const ScopeAll = "tout"

// NewSession is a session to be stored.
type NewSession struct {
	Digest    string // SHA-256 of the cookie's value, base64
	Data      []byte
	Appareil  string // browser and system, for the person to recognise
	ExpiresAt time.Time
}

// Session is a browser in which a person has signed in, as they may see it.
type Session struct {
	Digest    string
	Appareil  string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Kinds of invitation.
const (
	FirstAdmin  = "premier"
	NewCompte   = "compte"
	NewPassword = "mot_de_passe"
)

// Invitation is a link that works once, and the account that it opens; without
// one, for the first administrator, Compte is zero.
type Invitation struct {
	Territoire string
	Kind       string
	ExpiresAt  time.Time
	Compte     uuid.UUID
	Email      string
	Nom        string
	Role       string
}

// SecondFactor is the state of an account's second factor.
type SecondFactor struct {
	Secret    []byte // sealed; empty for none
	Confirmed bool
	Step      int64 // last step used
}

// Machine is a token as an administrator sees it.
type Machine struct {
	ID        uuid.UUID
	Role      string
	Label     string
	Scopes    []string
	CreatedAt time.Time
	ExpiresAt *time.Time
	UsedAt    *time.Time
}

// Consultation is a line of the access log: who read what, when and why.
type Consultation struct {
	ID       uuid.UUID
	At       time.Time
	Nom      string
	Role     string
	Objet    string
	Finalite string
	Elements int
	Details  map[string]string
}

// Event is what can happen to accounts, tokens and links of organisations, as the
// log of access keeps it.
type Event string

// The events, in the order of a list.
const (
	SignedIn        Event = "connexion"
	SignInRefused   Event = "connexion_refusee"
	TooManyTries    Event = "trop_d_essais"
	SignedOut       Event = "deconnexion"
	SessionsEnded   Event = "sessions_fermees"
	AccessRefused   Event = "acces_refuse"
	PasswordChanged Event = "mot_de_passe_change"
	FactorAdded     Event = "second_facteur_ajoute"
	FactorRemoved   Event = "second_facteur_retire"
	RecoveryRenewed Event = "secours_refaits"
	AccountAdded    Event = "compte_cree"
	AccountClosed   Event = "compte_ferme"
	AccountOpened   Event = "compte_rouvert"
	RoleChanged     Event = "role_change"
	OwnerChanged    Event = "organisation_changee"
	LinkMade        Event = "lien_cree"
	LinkUsed        Event = "lien_utilise"
	TokenMade       Event = "jeton_cree"
	TokenRevoked    Event = "jeton_revoque"
	PilotLinkMade   Event = "lien_pilote_cree"
	PilotLinkEnded  Event = "lien_pilote_revoque"
)

// Connexion is a line of the log of access.
type Connexion struct {
	ID         uuid.UUID
	Territoire string
	At         time.Time
	Evenement  Event
	// Compte is the account that it is about, with its name and role at the time;
	// uuid.Nil for a machine's token, for the link of an organisation, which has the
	// organisation's name, and for an address without an account.
	Compte uuid.UUID
	Nom    string
	Role   string
	// Par is who did it, when that is somebody else.
	Par    uuid.UUID
	ParNom string
	// Origine is a pseudonym of the network address.
	Origine  string
	Appareil string
	Details  map[string]string
}

// Stranger is a try to come in that no account answers: a SignInRefused that is
// counted.
type Stranger struct {
	Territoire  string
	Raison      string
	Fournisseur string // of identity; "" for a password
	Origine     string // as in Connexion
}

// About is an event of an account.
func (e Event) About(c Compte) Connexion {
	return Connexion{Territoire: c.Territoire, Evenement: e, Compte: c.ID, Nom: c.Nom, Role: c.Role}
}

// NewAccount checks what a person's account is made of.
func NewAccount(territoire, email, nom, role string) (Compte, error) {
	c := Compte{Territoire: territoire, Email: strings.ToLower(strings.TrimSpace(email)), Nom: strings.TrimSpace(nom), Role: role}
	if !isEmail(c.Email) {
		return c, fault.New(fault.Unprocessable, "email_invalide", "Ceci n’est pas une adresse électronique.").At("email")
	}
	// It is shown beside what the person did: it must not read as anything else.
	if n := utf8.RuneCountInString(c.Nom); n < 1 || n > 120 || strings.ContainsAny(c.Nom, "\n\t") || checkText(c.Nom, 120, "nom") != nil {
		return c, fault.New(fault.Unprocessable, "nom_invalide", "Indiquez le nom de la personne, en 120 caractères au plus.").At("nom")
	}
	return c, nil
}
