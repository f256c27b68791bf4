package atelier

import (
	"time"

	"github.com/google/uuid"
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
}

// ScopeAll is only for the demonstration.
const ScopeAll = "tout"

// NewSession is a session to be stored.
type NewSession struct {
	Territoire string
	Compte     uuid.UUID
	Digest     string // SHA-256 of the cookie's value, base64
	Data       []byte
	Appareil   string // browser and system, for the person to recognise
	ExpiresAt  time.Time
}
