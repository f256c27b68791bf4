package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// Readings are what was decided about the texts of some objects. Who shows such
// a text asks here, so that a decision is everywhere at once.
type Readings map[reading]atelier.Shown

// reading names one wording of one text.
type reading struct {
	objet  uuid.UUID
	champ  string
	digest string
}

// Of is what may be shown of a text as it was written; nobody has read what no
// decision is about.
func (r Readings) Of(objet uuid.UUID, champ, text string) atelier.Shown {
	if text == "" {
		return atelier.Shown{}
	}
	shown, decided := r[reading{objet, champ, string(atelier.TextDigest(text))}]
	switch {
	case !decided:
		return atelier.Shown{State: atelier.Held}
	case shown.State == atelier.Published:
		shown.Text = text
	}
	return shown
}

// Readings gives what was decided about the texts of some objects of a
// territoire.
func (s *Store) Readings(ctx context.Context, territoire string, objets []uuid.UUID) (Readings, error) {
	type row struct {
		ObjetID uuid.UUID
		Champ   string
		Digest  []byte
		Action  atelier.Verdict
		Texte   string
	}
	rows, err := many[row](ctx, s.pool, "moderation_verdicts", pgx.StrictNamedArgs{"territoire": territoire, "ids": emptyNotNil(objets)})
	states := map[atelier.Verdict]string{atelier.Publish: atelier.Published, atelier.Redact: atelier.Redacted, atelier.Withhold: atelier.Withheld}
	out := make(Readings, len(rows))
	for _, r := range rows {
		out[reading{r.ObjetID, r.Champ, string(r.Digest)}] = atelier.Shown{Text: r.Texte, State: states[r.Action]}
	}
	return out, err
}

// words replaces a text by what may be shown of it, and notes the difference.
func (r Readings) words(objet uuid.UUID, champ string, text *string, written *atelier.Written) {
	shown := r.Of(objet, champ, *text)
	if shown.State == "" || shown.State == atelier.Published {
		return
	}
	if *written == nil {
		*written = atelier.Written{}
	}
	(*written)[champ] = atelier.WrittenText{Text: *text, State: shown.State}
	*text = shown.Words()
}

// ClearFindings replaces the texts of findings by what may be shown of them.
func (s *Store) ClearFindings(ctx context.Context, territoire string, list []atelier.Finding) error {
	ids := make([]uuid.UUID, len(list))
	for i, f := range list {
		ids[i] = f.ID
	}
	r, err := s.Readings(ctx, territoire, ids)
	for i := range list {
		f := &list[i]
		r.words(f.ID, atelier.ChampTitre, &f.Titre, &f.Written)
		r.words(f.ID, atelier.ChampDetail, &f.Detail, &f.Written)
	}
	return err
}

// ClearActions replaces the texts of actions by what may be shown of them.
func (s *Store) ClearActions(ctx context.Context, territoire string, list []atelier.Action) error {
	ids := make([]uuid.UUID, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	r, err := s.Readings(ctx, territoire, ids)
	for i := range list {
		x := &list[i]
		r.words(x.ID, atelier.ChampTitre, &x.Titre, &x.Written)
		r.words(x.ID, atelier.ChampDetail, &x.Detail, &x.Written)
		r.words(x.ID, atelier.ChampReason, &x.Reason, &x.Written)
		r.words(x.ID, atelier.ChampProof, &x.Proof, &x.Written)
	}
	return err
}

// clearHistory replaces the texts of changes of state by what may be shown.
func (s *Store) clearHistory(ctx context.Context, territoire string, history map[uuid.UUID][]atelier.ActionEvent) error {
	ids := make([]uuid.UUID, 0, len(history))
	for id := range history {
		ids = append(ids, id)
	}
	r, err := s.Readings(ctx, territoire, ids)
	for id, events := range history {
		for i := range events {
			e := &events[i]
			e.Reason = r.Of(id, atelier.ChampReason, e.Reason).Words()
			e.Proof = r.Of(id, atelier.ChampProof, e.Proof).Words()
		}
	}
	return err
}
