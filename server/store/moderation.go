package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// HeldText is a text of a resident, or an object without one that is hidden,
// with the decision that holds.
type HeldText struct {
	Objet    atelier.Objet
	ObjetID  uuid.UUID
	Atelier  uuid.UUID // uuid.Nil for a signalement
	Champ    string    // "" when there is no text
	Texte    string    // as it was written
	Quartier string    // "" in the surroundings
	Felt     atelier.Felt
	Themes   []string
	At       time.Time
	Hidden   bool
	Demo     bool
	Shown    string // what is shown in its place; "" when nothing is
	Reason   string
	State    string // held, published, redacted, withheld; "" without a text
	Key      string // breaks ties of At
}

// HeldFilter narrows the queue.
type HeldFilter struct {
	// State is held, published, redacted or withheld, of what is not hidden; or
	// hidden, whatever the state of its texts.
	State    string
	Quartier string
	Objets   []atelier.Objet // nil for all
	// AfterAt and AfterKey are the place of the last one of the page before.
	AfterAt  time.Time
	AfterKey string
	Limit    int
}

// HeldTexts lists texts by the decision that holds for them, oldest first.
func (s *Store) HeldTexts(ctx context.Context, territoire string, f HeldFilter) ([]HeldText, error) {
	var objets []string
	for _, o := range f.Objets {
		objets = append(objets, string(o))
	}
	return many[HeldText](ctx, s.pool, "moderation_texts", pgx.StrictNamedArgs{
		"territoire": territoire, "state": f.State, "quartier": nullable(f.Quartier), "objets": objets, "after_at": nullTime(f.AfterAt),
		"after_key": f.AfterKey, "limit": f.Limit})
}

// HeldCounts is how much waits, and how much is hidden.
type HeldCounts struct{ Held, Hidden int }

// HeldCounts counts the queue of a territoire.
func (s *Store) HeldCounts(ctx context.Context, territoire string) (HeldCounts, error) {
	return one[HeldCounts](ctx, s.pool, "moderation_counts", pgx.StrictNamedArgs{"territoire": territoire})
}

// Moderated is an object as far as moderation cares.
type Moderated struct {
	Hidden  bool
	Atelier uuid.UUID // uuid.Nil for one that is of no room
	// Champs and Textes are its texts, pair by pair; "" where there is none.
	Champs []string
	Textes []string
}

// Text gives the text that was read; "" when the object has no such words any
// more.
func (m Moderated) Text(champ string, digest []byte) string {
	for i, text := range m.Textes {
		if m.Champs[i] == champ && text != "" && bytes.Equal(atelier.TextDigest(text), digest) {
			return text
		}
	}
	return ""
}

// Moderated gives an object; NotFound when the territoire has none.
func (s *Store) Moderated(ctx context.Context, territoire string, objet atelier.Objet, id uuid.UUID) (Moderated, error) {
	return one[Moderated](ctx, s.pool, "moderation_object", pgx.StrictNamedArgs{"territoire": territoire, "objet": string(objet), "id": id})
}

// serviceDecisions names what the service lets through by itself.
var serviceDecisions = uuid.MustParse("6f2a8c1e-5d0b-5e6a-9c39-0c1d4c5f7a11")

// serviceDecision names one of them.
func serviceDecision(id uuid.UUID, champ string, digest []byte) uuid.UUID {
	return uuid.NewSHA1(serviceDecisions, slices.Concat(id[:], []byte(champ), digest))
}

// Let stores that words of staff hold nothing that may say who somebody is, and
// need no reading. The same words again change nothing: what somebody decides about
// them afterwards holds.
func (s *Store) Let(ctx context.Context, territoire string, objet atelier.Objet, id uuid.UUID, champ, text string) error {
	digest := atelier.TextDigest(text)
	_, err := s.Decide(ctx, territoire, atelier.Decision{ID: serviceDecision(id, champ, digest), Objet: objet, ObjetID: id, Champ: champ, Verdict: atelier.Publish,
		Digest: digest, Role: "service"})
	return err
}

// UnreadText are words of the city that nobody has decided about.
type UnreadText struct {
	Objet   atelier.Objet
	ObjetID uuid.UUID
	Champ   string
	Texte   string
}

// UnreadOfStaff gives those of a territoire, oldest first.
func (s *Store) UnreadOfStaff(ctx context.Context, territoire string) ([]UnreadText, error) {
	return many[UnreadText](ctx, s.pool, "unread_of_staff", pgx.StrictNamedArgs{"territoire": territoire})
}

// Decide stores a decision; the same id again changes nothing. A decision to
// hide or restore a signalement takes effect with it; that of a marker is an
// operation of its room.
func (s *Store) Decide(ctx context.Context, territoire string, d atelier.Decision) (created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("insert_moderation"), pgx.StrictNamedArgs{
			"territoire": territoire, "id": d.ID, "objet": string(d.Objet), "objet_id": d.ObjetID, "champ": d.Champ,
			"action": string(d.Verdict), "reason": d.Reason, "digest": d.Digest, "texte": d.Text, "role": d.Role, "auteur": d.Author})
		if err != nil {
			return err
		}
		created = tag.RowsAffected() == 1
		if !created || d.Objet != atelier.OnSignalement || d.Verdict.OnText() {
			return nil
		}
		if _, err := tx.Exec(ctx, statement("hide_signalement"), pgx.StrictNamedArgs{
			"territoire": territoire, "id": d.ObjetID, "hidden": d.Verdict == atelier.Mask}); err != nil {
			return err
		}
		return recountSlides(ctx, tx, territoire)
	})
	return created && err == nil, translate(err)
}

// Decisions gives all that was decided about an object, oldest first.
func (s *Store) Decisions(ctx context.Context, territoire string, objet atelier.Objet, id uuid.UUID) (out []atelier.Decision, err error) {
	defer fault.Wrap(&err, "Decisions(%s)", territoire)
	type row struct {
		ID      uuid.UUID
		Objet   atelier.Objet
		ObjetID uuid.UUID
		Champ   string
		Action  atelier.Verdict
		Reason  string
		Digest  []byte
		Texte   string
		Role    string
		Auteur  string
		At      time.Time
	}
	rows, err := many[row](ctx, s.pool, "moderation_history", pgx.StrictNamedArgs{"territoire": territoire, "objet": string(objet), "objet_id": id})
	for _, r := range rows {
		out = append(out, atelier.Decision{ID: r.ID, Objet: r.Objet, ObjetID: r.ObjetID, Champ: r.Champ, Verdict: r.Action,
			Reason: r.Reason, Digest: r.Digest, Text: r.Texte, Role: r.Role, Author: r.Auteur, At: r.At})
	}
	return out, err
}

// PlaceNames gives the names of a territoire's streets, buildings and quartiers.
func (s *Store) PlaceNames(ctx context.Context, territoire string) ([]string, error) {
	type row struct{ Nom string }
	rows, err := many[row](ctx, s.pool, "place_names", pgx.StrictNamedArgs{"territoire": territoire})
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Nom
	}
	return names, err
}
