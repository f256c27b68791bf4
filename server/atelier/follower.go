package atelier

import (
	"time"

	"github.com/google/uuid"
)

// Follower is a resident of an atelier who follows what becomes of it: by a
// code on the device, and by e-mail once an address was confirmed.
type Follower struct {
	Territoire  string
	Atelier     uuid.UUID
	ID          uuid.UUID
	Table       int
	Code        string
	Email       string // "" for none
	Confirm     string // word in the first e-mail
	ConfirmedAt *time.Time
}

const (
	// FollowerCodeLength is the length of a follower's code: 30^16 ≈ 4e23.
	FollowerCodeLength = 16
	// FollowersOfPaperTable is how many may follow from a table at which nobody
	// took a seat with a device; else as many as there were seats.
	FollowersOfPaperTable = 12
	// AskAfterDays is how long after an action was done residents are asked
	// whether it is better: before, they could only say what they hope.
	AskAfterDays = 14
)

// NewFollowerCode draws the code of a follower, or a word that confirms an
// address.
func NewFollowerCode() string { return randomCode(FollowerCodeLength) }

// AskedFrom is the day from which residents are asked about an action, at 00:00
// UTC; nil while it is not done.
func (a *Action) AskedFrom() *time.Time {
	if a.DoneOn == nil {
		return nil
	}
	day := a.DoneOn.AddDate(0, 0, AskAfterDays)
	return &day
}

// Voices are what residents who follow say of an action that is done: each of
// them once, the last answer.
type Voices struct {
	Better, Worse int
	// Tables are how many tables those who say that it is better sat at.
	Tables int
}

// MinVoices is how many must have spoken before anything follows from it or
// anybody is shown a number.
const MinVoices = 5

// Enough reports whether so many have spoken that nobody's voice shows.
func (v Voices) Enough() bool { return v.Better+v.Worse >= MinVoices }

// Verify reports whether residents have said that it is better: at least
// MinVoices of them have answered, two thirds say so, and they come from two
// tables, where more than one of the atelier is followed: no table alone decides
// for the others. followed is how many tables have a follower.
func (v Voices) Verify(followed int) bool {
	return v.Enough() && 3*v.Better >= 2*(v.Better+v.Worse) && v.Tables >= min(2, followed)
}

// OrganisationLink lets an organisation open the actions that it pilots, without
// an account.
type OrganisationLink struct {
	Territoire   string
	ID           uuid.UUID
	Organisation uuid.UUID
	Reminder     bool   // made for a reminder by e-mail
	CreatedBy    string // account; "" for a reminder
	CreatedAt    time.Time
	ExpiresAt    time.Time
	RevokedAt    *time.Time
	UsedAt       *time.Time // to the hour
}

// LinkDays is the usual life of a link of an organisation; openapi.yaml has the longest.
const LinkDays = 90
