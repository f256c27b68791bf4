package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// SuiviDecisions gives the decision that holds for each action of a territoire
// that somebody has decided about; of one action unless uuid.Nil.
func (s *Store) SuiviDecisions(ctx context.Context, territoire string, action uuid.UUID) (map[uuid.UUID]atelier.SuiviDecision, error) {
	type row struct {
		Action, ID          uuid.UUID
		Shown               bool
		Said, Titre, Answer string
		Digest              []byte
		Role, Auteur        string
		At                  time.Time
	}
	rows, err := many[row](ctx, s.pool, "suivi_decisions", pgx.StrictNamedArgs{"territoire": territoire, "action": nullUUID(action)})
	out := make(map[uuid.UUID]atelier.SuiviDecision, len(rows))
	for _, r := range rows {
		out[r.Action] = atelier.SuiviDecision{ID: r.ID, Action: r.Action, Shown: r.Shown,
			Suivi: atelier.Suivi{Said: r.Said, Titre: r.Titre, Answer: r.Answer}, Digest: r.Digest, Role: r.Role, Author: r.Auteur, At: r.At}
	}
	return out, err
}

// DecideSuivi keeps a decision and brings what is public up to date; the same
// id again changes nothing.
func (s *Store) DecideSuivi(ctx context.Context, territoire string, d atelier.SuiviDecision) error {
	if _, err := s.pool.Exec(ctx, statement("suivi_decide"), pgx.StrictNamedArgs{"territoire": territoire, "action": d.Action,
		"id": d.ID, "shown": d.Shown, "said": d.Said, "titre": d.Titre, "answer": d.Answer, "digest": d.Digest,
		"role": d.Role, "auteur": d.Author}); err != nil {
		return translate(err)
	}
	return s.PublishSuivi(ctx, territoire)
}

// PublishSuivi makes the public follow-up of a territoire what the ledger and
// the decisions say.
func (s *Store) PublishSuivi(ctx context.Context, territoire string) error {
	if _, err := s.Secret(ctx, "suivi"); err != nil {
		return err
	}
	_, err := s.pool.Exec(ctx, statement("suivi_publish"), pgx.StrictNamedArgs{"territoire": territoire})
	return translate(err)
}

// PublicAction is an action as everybody may follow it.
type PublicAction struct {
	Quartier  string
	Said      string
	Titre     string
	Answer    string
	Code      atelier.ActionCode
	State     atelier.ActionState
	Pilote    string     // "" when none is named
	Echeance  *time.Time // a day, at 00:00 UTC
	DoneOn    *time.Time
	AtelierOn *time.Time // nil for an action of the quartier
	ChangedOn time.Time
	Demo      bool
}

// Suivi lists what everybody may follow, of a quartier unless "": by quartier,
// what changed last first.
func (p *Public) Suivi(ctx context.Context, territoire, quartier string) ([]PublicAction, error) {
	return many[PublicAction](ctx, p.pool, "public_suivi", pgx.StrictNamedArgs{"territoire": territoire, "quartier": nullable(quartier)})
}
