package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// AddFollower keeps a resident who follows from a table. A table with as many
// followers as seats were taken is a Conflict.
func (s *Store) AddFollower(ctx context.Context, f atelier.Follower) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		table := pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier, "numero": f.Table}
		if _, err := tx.Exec(ctx, statement("lock_table"), table); err != nil {
			return err
		}
		type row struct{ Seats, Followers int }
		n, err := one[row](ctx, tx, "contact_follower_room", table)
		if err != nil {
			return err
		}
		limit := n.Seats
		if limit == 0 {
			limit = atelier.FollowersOfPaperTable
		}
		if n.Followers >= limit {
			return fault.New(fault.Conflict, "suivi_complet", "Toutes les personnes de cette table suivent déjà les réponses. Demandez à l’organisateur si vous pensez que c’est une erreur.").At("code")
		}
		_, err = tx.Exec(ctx, statement("contact_insert_follower"), pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier,
			"id": f.ID, "numero": f.Table, "code": f.Code})
		return err
	})
	return translate(err)
}

type followerRow struct {
	Territoire           string
	Atelier, ID          uuid.UUID
	Numero               int
	Code, Email, Confirm string
	ConfirmedAt          *time.Time
}

func (r followerRow) domain() atelier.Follower {
	return atelier.Follower{Territoire: r.Territoire, Atelier: r.Atelier, ID: r.ID, Table: r.Numero, Code: r.Code, Email: r.Email,
		Confirm: r.Confirm, ConfirmedAt: r.ConfirmedAt}
}

// Follower finds who has a code.
func (s *Store) Follower(ctx context.Context, code string) (atelier.Follower, error) {
	r, err := one[followerRow](ctx, s.pool, "contact_follower", pgx.StrictNamedArgs{"code": code})
	return r.domain(), err
}

// FollowerByID finds a follower for a job, which knows no code.
func (s *Store) FollowerByID(ctx context.Context, territoire string, room, id uuid.UUID) (atelier.Follower, error) {
	r, err := one[followerRow](ctx, s.pool, "contact_follower_by_id", pgx.StrictNamedArgs{"territoire": territoire, "atelier": room, "id": id})
	return r.domain(), err
}

// SetFollowerEmail keeps an address that waits for its confirmation, in place of
// an older one; "" takes it away.
func (s *Store) SetFollowerEmail(ctx context.Context, f atelier.Follower) error {
	_, err := s.pool.Exec(ctx, statement("contact_follower_email"), pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier,
		"id": f.ID, "email": f.Email, "confirm": f.Confirm})
	return translate(err)
}

// ConfirmFollower confirms an address by the word of the first e-mail; NotFound
// for another word.
func (s *Store) ConfirmFollower(ctx context.Context, f atelier.Follower, confirm string) error {
	tag, err := s.pool.Exec(ctx, statement("contact_follower_confirm"), pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier,
		"id": f.ID, "confirm": confirm})
	if err == nil && tag.RowsAffected() == 0 {
		err = errNoRow
	}
	return translate(err)
}

// EraseFollower deletes who follows, with what was answered and what was sent.
func (s *Store) EraseFollower(ctx context.Context, f atelier.Follower) error {
	_, err := s.pool.Exec(ctx, statement("contact_follower_erase"), pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier, "id": f.ID})
	return translate(err)
}

// FollowedAction is an action of an atelier as a resident who follows reads it.
type FollowedAction struct {
	atelier.Action
	atelier.Suivi
	Pilote string // name
	Voice  *bool  // own answer about this completion
}

// FollowedActions lists the actions of a follower's atelier that are public,
// newest first.
func (s *Store) FollowedActions(ctx context.Context, f atelier.Follower) ([]FollowedAction, error) {
	type row struct {
		ID                          uuid.UUID
		Code                        atelier.ActionCode
		State                       atelier.ActionState
		Said, Titre, Answer, Pilote string
		Echeance, DoneOn            *time.Time
		Better                      *bool
	}
	rows, err := many[row](ctx, s.pool, "followed_actions", pgx.StrictNamedArgs{"territoire": f.Territoire, "atelier": f.Atelier, "follower": f.ID})
	out := make([]FollowedAction, len(rows))
	for i, r := range rows {
		out[i] = FollowedAction{Action: atelier.Action{Territoire: f.Territoire, ID: r.ID, Atelier: f.Atelier, Code: r.Code, State: r.State,
			Echeance: r.Echeance, DoneOn: r.DoneOn}, Suivi: atelier.Suivi{Said: r.Said, Titre: r.Titre, Answer: r.Answer}, Pilote: r.Pilote, Voice: r.Better}
	}
	return out, err
}

// Speak keeps what a follower says of an action of the own atelier; the last
// answer holds. decide, called when the voices are enough to verify the action,
// changes it and completes the event.
func (s *Store) Speak(ctx context.Context, f atelier.Follower, action uuid.UUID, better bool,
	may func(*atelier.Action) error, decide func(*atelier.Action, *atelier.ActionEvent) error) (stored atelier.Action, verified bool, err error) {
	stored, err = s.changeAction(ctx, f.Territoire, action, func(ctx context.Context, tx pgx.Tx, a atelier.Action) error {
		if a.Atelier != f.Atelier {
			return errNoAction
		}
		if err := may(&a); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, statement("upsert_voice"), pgx.StrictNamedArgs{"territoire": f.Territoire, "action": action,
			"atelier": f.Atelier, "follower": f.ID, "done_on": a.DoneOn, "better": better}); err != nil {
			return err
		}
		type row struct {
			Action                          uuid.UUID
			Better, Worse, Tables, Followed int
		}
		n, err := one[row](ctx, tx, "contact_voices", pgx.StrictNamedArgs{"territoire": f.Territoire, "action": action})
		if err != nil || a.State != atelier.Done || !(atelier.Voices{Better: n.Better, Worse: n.Worse, Tables: n.Tables}).Verify(n.Followed) {
			return err
		}
		base := a.Version
		event := atelier.ActionEvent{ID: uuid.New(), State: atelier.Verified, Role: "habitant"}
		if err := decide(&a, &event); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, statement("update_action"), updateArgs(a, base)); err != nil {
			return err
		}
		verified = true
		return writeActionEvent(ctx, tx, a, event)
	})
	return stored, verified && err == nil, err
}

// Voices gives what residents say of the actions of a territoire that are done.
func (s *Store) Voices(ctx context.Context, territoire string) (map[uuid.UUID]atelier.Voices, error) {
	type row struct {
		Action                          uuid.UUID
		Better, Worse, Tables, Followed int
	}
	rows, err := many[row](ctx, s.pool, "contact_voices", pgx.StrictNamedArgs{"territoire": territoire, "action": nil})
	out := make(map[uuid.UUID]atelier.Voices, len(rows))
	for _, r := range rows {
		out[r.Action] = atelier.Voices{Better: r.Better, Worse: r.Worse, Tables: r.Tables}
	}
	return out, err
}

// Asked is a question that is to go to an address.
type Asked struct {
	Follower uuid.UUID
	Code     string
	Email    string
	Action   uuid.UUID
	Titre    string
	DoneOn   time.Time
}

// ToAsk lists the questions that have not been sent: confirmed followers, and
// actions of their atelier that are public and done since doneBy or longer,
// about which they have said nothing. An address that follows twice is asked
// once.
func (s *Store) ToAsk(ctx context.Context, territoire string, doneBy time.Time) ([]Asked, error) {
	return many[Asked](ctx, s.pool, "contact_to_ask", pgx.StrictNamedArgs{"territoire": territoire, "done_by": doneBy})
}
