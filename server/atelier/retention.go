package atelier

import "time"

// Retention says of tables of city data how long what they hold is kept. This is
// the one place: the purge takes its times from here; the record of processing,
// the page of the administrator and the test that compares it with the database
// read it.
type Retention struct {
	// Key names what is kept; its words are in server/report.
	Key string
	// Tables hold it, without their schema when that is public. A table may hold
	// several things, each with a line.
	Tables []string
	// Age is how long; the zero Age is for as long as it is in use, or for ever,
	// and the words say why.
	Age Age
}

// Age is how long something is kept.
type Age struct {
	Months int                    // fixed by the program
	Days   int                    // likewise
	Of     func(Conservation) int // months that the city decides; nil for none
}

// Ends reports whether an age is one: what has none is kept.
func (a Age) Ends() bool { return a.Of != nil || a.Months > 0 || a.Days > 0 }

// In gives the months and the days of an age with the settings of a city.
func (a Age) In(c Conservation) (months, days int) {
	if a.Of != nil {
		return a.Of(c), 0
	}
	return a.Months, a.Days
}

// Before gives the moment before which what has an age is past it.
func (a Age) Before(c Conservation, now time.Time) time.Time {
	months, days := a.In(c)
	return now.AddDate(0, -months, -days)
}

// What the program fixes; the others are in Conservation.
var (
	// AuthorAge is how long a decision says who took it.
	AuthorAge = Age{Months: 24}
	// DraftAge is how long the draft of an edition waits to be published.
	DraftAge = Age{Days: 90}
	// UnconfirmedAge is how long an address waits for its confirmation.
	UnconfirmedAge = Age{Days: 7}
	// PurgeAge is how long the figures of a purge are kept.
	PurgeAge = Age{Months: 24}
	// NoticeAge is how long it is known that an e-mail has left.
	NoticeAge = Age{Months: 36}
	// JournalAge is how long the access log is kept.
	JournalAge = Age{Months: 12}
	// LinkAge is how long a link of an organisation is remembered after its end.
	LinkAge = Age{Months: 12}
	// InvitationAge is the same of links that open an account.
	InvitationAge = Age{Days: 30}
	// ErasedAge is how long the identifier of what was erased is remembered.
	ErasedAge = Age{Days: 1}
)

// Retentions has a line for every table of city data.
var Retentions = []Retention{
	{Key: "texts", Tables: []string{"marker", "signalement", "remark", "operation"}, Age: Age{Of: func(c Conservation) int { return c.Text }}},
	{Key: "positions", Tables: []string{"marker", "signalement"}, Age: Age{Of: func(c Conservation) int { return c.Position }}},
	{Key: "links", Tables: []string{"operation", "participant_link", "late_operation"}, Age: Age{Of: func(c Conservation) int { return c.Position }}},
	{Key: "contacts", Tables: []string{"contact.reporter", "contact.invitation"}, Age: Age{Of: func(c Conservation) int { return c.Contact }}},
	{Key: "followers", Tables: []string{"contact.follower", "action_voice"}, Age: Age{Of: func(c Conservation) int { return c.Contact }}},
	{Key: "unconfirmed", Tables: []string{"contact.follower"}, Age: UnconfirmedAge},
	{Key: "authors", Tables: []string{"moderation", "suivi_decision", "organisation_link"}, Age: AuthorAge},
	{Key: "journal", Tables: []string{"journal.consultation", "journal.connexion"}, Age: JournalAge},
	{Key: "notices", Tables: []string{"notice"}, Age: NoticeAge},
	{Key: "pilot_links", Tables: []string{"organisation_link"}, Age: LinkAge},
	{Key: "account_links", Tables: []string{"invitation"}, Age: InvitationAge},
	{Key: "drafts", Tables: []string{"edition_brouillon"}, Age: DraftAge},
	{Key: "purges", Tables: []string{"purge"}, Age: PurgeAge},
	{Key: "erased", Tables: []string{"effacement"}, Age: ErasedAge},
	{Key: "moments", Tables: []string{"session", "oidc_attempt", "presence", "rate_bucket", "acces_inconnu"}},
	{Key: "accounts", Tables: []string{"compte", "compte_secours", "staff_token"}},
	{Key: "numbers", Tables: []string{"participant", "marker_cell", "vote", "signalement_import"}},
	{Key: "evenings", Tables: []string{"atelier", "atelier_table", "atelier_institution", "atelier_answers", "restitution", "slide", "slide_shown"}},
	{Key: "answers", Tables: []string{"finding", "finding_remark", "finding_marker", "action", "action_event", "action_finding", "action_marker", "action_partner",
		"organisation", "suivi_decision", "moderation", "publication.suivi", "publication.rencontre"}},
	{Key: "editions", Tables: []string{"edition", "edition_atelier", "publication.edition"}},
	{Key: "reference", Tables: []string{"territoire", "quartier", "voie", "voirie", "repere", "population", "statistique_communale", "statistique_import",
		"conservation", "service_secret"}},
}
