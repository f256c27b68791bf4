package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// ActionFilter narrows a list of actions; zero values don't.
type ActionFilter struct {
	ID       uuid.UUID
	Quartier string
	Atelier  uuid.UUID
	Pilote   uuid.UUID
	States   []atelier.ActionState
	// LateBefore keeps the actions owed since before that day.
	LateBefore *time.Time
}

type actionRow struct {
	Territoire string
	ID         uuid.UUID
	Quartier   string
	Atelier    uuid.UUID
	Code       atelier.ActionCode
	Titre      string
	Detail     string
	State      atelier.ActionState
	Reason     string
	Pilote     uuid.UUID
	Echeance   *time.Time
	DoneOn     *time.Time
	Geom       orb.Geometry
	Proof      string
	ProofURL   string
	Version    int
	Demo       bool
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Partners   []uuid.UUID
	Findings   []uuid.UUID
	Markers    []uuid.UUID
}

func (r actionRow) domain() atelier.Action {
	return atelier.Action{Territoire: r.Territoire, ID: r.ID, Quartier: r.Quartier, Atelier: r.Atelier, Code: r.Code,
		Titre: r.Titre, Detail: r.Detail, State: r.State, Reason: r.Reason, Pilote: r.Pilote, Partners: r.Partners,
		Echeance: r.Echeance, DoneOn: r.DoneOn, Geometry: r.Geom, Findings: r.Findings, Markers: r.Markers, Proof: r.Proof,
		ProofURL: r.ProofURL, Version: r.Version, Demo: r.Demo, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
}

// Actions lists the actions of a territoire, newest first, with what may be shown
// of their texts.
func (s *Store) Actions(ctx context.Context, territoire string, f ActionFilter) ([]atelier.Action, error) {
	all, err := actions(ctx, s.pool, territoire, f)
	if err != nil {
		return nil, err
	}
	return all, s.ClearActions(ctx, territoire, all)
}

func actions(ctx context.Context, q querier, territoire string, f ActionFilter) ([]atelier.Action, error) {
	var states []string
	for _, s := range f.States {
		states = append(states, string(s))
	}
	rows, err := many[actionRow](ctx, q, "actions", pgx.StrictNamedArgs{"territoire": territoire, "id": nullUUID(f.ID),
		"quartier": nullable(f.Quartier), "atelier": nullUUID(f.Atelier), "pilote": nullUUID(f.Pilote), "states": states,
		"late_before": f.LateBefore, "settled": statesThat(atelier.ActionState.Settled)})
	out := make([]atelier.Action, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, err
}

// ActionPlace is about where an action without a zone of its own is.
type ActionPlace struct {
	Action uuid.UUID
	At     orb.Point // lon/lat degrees
	Of     string    // findings, markers
}

// ActionPlaces gives the middle of the constats, or else of the markers, that
// actions without a zone answer; actions of a whole quartier are left out.
func (s *Store) ActionPlaces(ctx context.Context, territoire string) (map[uuid.UUID]ActionPlace, error) {
	rows, err := many[ActionPlace](ctx, s.pool, "action_places", pgx.StrictNamedArgs{"territoire": territoire})
	out := make(map[uuid.UUID]ActionPlace, len(rows))
	for _, r := range rows {
		out[r.Action] = r
	}
	return out, err
}

var errNoAction = fault.New(fault.NotFound, "action_inconnue", "Cette action n’existe pas.")

func action(ctx context.Context, q querier, territoire string, id uuid.UUID) (atelier.Action, error) {
	all, err := actions(ctx, q, territoire, ActionFilter{ID: id})
	if err == nil && len(all) == 0 {
		err = errNoAction
	}
	if err != nil {
		return atelier.Action{}, err
	}
	return all[0], nil
}

// ActionHistory gives the changes of state of some actions, oldest first, with
// what may be shown of their texts.
func (s *Store) ActionHistory(ctx context.Context, territoire string, ids []uuid.UUID) (map[uuid.UUID][]atelier.ActionEvent, error) {
	all, err := actionHistory(ctx, s.pool, territoire, ids)
	if err != nil {
		return nil, err
	}
	return all, s.clearHistory(ctx, territoire, all)
}

func actionHistory(ctx context.Context, q querier, territoire string, ids []uuid.UUID) (map[uuid.UUID][]atelier.ActionEvent, error) {
	type row struct {
		Action    uuid.UUID
		Seq       int
		ID        uuid.UUID
		FromState atelier.ActionState
		State     atelier.ActionState
		Reason    string
		Pilote    uuid.UUID
		Proof     string
		ProofURL  string
		Role      string
		At        time.Time
	}
	rows, err := many[row](ctx, q, "action_events", pgx.StrictNamedArgs{"territoire": territoire, "actions": emptyNotNil(ids)})
	out := map[uuid.UUID][]atelier.ActionEvent{}
	for _, r := range rows {
		out[r.Action] = append(out[r.Action], atelier.ActionEvent{Seq: r.Seq, ID: r.ID, From: r.FromState, State: r.State,
			Reason: r.Reason, Pilote: r.Pilote, Proof: r.Proof, ProofURL: r.ProofURL, Role: r.Role, At: r.At})
	}
	return out, err
}

// AddAction stores a new action whose state is that of first, the beginning of
// its history. The same identifier with the same content again gives what is
// stored; with other content it is a Conflict.
func (s *Store) AddAction(ctx context.Context, a atelier.Action, first atelier.ActionEvent) (stored atelier.Action, created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := lockAnswered(ctx, tx, a); err != nil {
			return err
		}
		args := contentArgs(a)
		args["quartier"], args["atelier"], args["demo"] = a.Quartier, nullUUID(a.Atelier), a.Demo
		tag, err := tx.Exec(ctx, statement("insert_action"), args)
		if err != nil {
			return err
		}
		if created = tag.RowsAffected() == 1; created {
			if err := writeActionLinks(ctx, tx, a); err != nil {
				return err
			}
			if err := writeActionEvent(ctx, tx, a, first); err != nil {
				return err
			}
		}
		if stored, err = action(ctx, tx, a.Territoire, a.ID); err != nil || created {
			return err
		}
		history, err := actionHistory(ctx, tx, a.Territoire, []uuid.UUID{a.ID})
		if err != nil {
			return err
		}
		if begun := history[a.ID]; len(begun) == 0 || begun[0].ID != first.ID {
			return fault.New(fault.Conflict, "action_differente", "Cet identifiant a déjà servi pour une autre action.").At("id")
		}
		return nil
	})
	return stored, created && err == nil, unknownLink(err)
}

// EditAction replaces what describes an action that has the version base: not
// its state. The same content again is taken for the same request.
func (s *Store) EditAction(ctx context.Context, a atelier.Action, base int) (stored atelier.Action, err error) {
	return s.changeAction(ctx, a.Territoire, a.ID, func(ctx context.Context, tx pgx.Tx, before atelier.Action) error {
		after := before
		after.Code, after.Titre, after.Detail, after.Echeance = a.Code, a.Titre, a.Detail, a.Echeance
		after.Geometry, after.Partners, after.Findings, after.Markers = a.Geometry, a.Partners, a.Findings, a.Markers
		if a.Pilote != uuid.Nil {
			after.Pilote = a.Pilote
		}
		if before.Version != base {
			if sameAction(before, after) {
				return nil
			}
			return errOvertaken(before)
		}
		if _, err := tx.Exec(ctx, statement("update_action"), updateArgs(after, base)); err != nil {
			return err
		}
		return writeActionLinks(ctx, tx, after)
	})
}

// ChangeAction moves an action to another state by the rule of decide, which
// completes the event; both are written or nothing. The same event again
// changes nothing.
func (s *Store) ChangeAction(ctx context.Context, territoire string, id uuid.UUID, event *atelier.ActionEvent,
	decide func(*atelier.Action, *atelier.ActionEvent) error) (stored atelier.Action, err error) {
	return s.changeAction(ctx, territoire, id, func(ctx context.Context, tx pgx.Tx, a atelier.Action) error {
		history, err := actionHistory(ctx, tx, territoire, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(history[id], func(e atelier.ActionEvent) bool { return e.ID == event.ID }) {
			return nil
		}
		base := a.Version
		if err := decide(&a, event); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, statement("update_action"), updateArgs(a, base)); err != nil {
			return err
		}
		return writeActionEvent(ctx, tx, a, *event)
	})
}

func (s *Store) changeAction(ctx context.Context, territoire string, id uuid.UUID,
	change func(context.Context, pgx.Tx, atelier.Action) error) (stored atelier.Action, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		before, err := action(ctx, tx, territoire, id)
		if err != nil {
			return err
		}
		// The room first, then the action: the freeze takes them in this order.
		if err := lockAnswered(ctx, tx, before); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, statement("lock_action"), pgx.StrictNamedArgs{"territoire": territoire, "id": id}); err != nil {
			return err
		}
		if before, err = action(ctx, tx, territoire, id); err != nil {
			return err
		}
		if err := change(ctx, tx, before); err != nil {
			return err
		}
		stored, err = action(ctx, tx, territoire, id)
		return err
	})
	return stored, unknownLink(err)
}

// lockAnswered holds the room that an action answers, so that an answer is
// either before its freeze or after it.
func lockAnswered(ctx context.Context, tx pgx.Tx, a atelier.Action) error {
	if a.Atelier == uuid.Nil {
		return nil
	}
	_, err := lockRoom(ctx, tx, a.Territoire, a.Atelier)
	return err
}

func contentArgs(a atelier.Action) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"territoire": a.Territoire, "id": a.ID, "code": string(a.Code), "titre": a.Titre, "detail": a.Detail,
		"state": string(a.State), "reason": a.Reason, "pilote": nullUUID(a.Pilote), "echeance": a.Echeance, "done_on": a.DoneOn,
		"geom": a.Geometry, "proof": a.Proof, "proof_url": a.ProofURL}
}

func updateArgs(a atelier.Action, base int) pgx.StrictNamedArgs {
	args := contentArgs(a)
	args["base"] = base
	return args
}

func writeActionLinks(ctx context.Context, tx pgx.Tx, a atelier.Action) error {
	for name, ids := range map[string][]uuid.UUID{"replace_action_partners": a.Partners, "replace_action_findings": a.Findings} {
		if _, err := tx.Exec(ctx, statement(name), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "action": a.ID, "ids": emptyNotNil(ids)}); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, statement("replace_action_markers"), pgx.StrictNamedArgs{
		"territoire": a.Territoire, "action": a.ID, "atelier": nullUUID(a.Atelier), "ids": emptyNotNil(a.Markers)})
	return err
}

func writeActionEvent(ctx context.Context, tx pgx.Tx, a atelier.Action, e atelier.ActionEvent) error {
	_, err := tx.Exec(ctx, statement("insert_action_event"), pgx.StrictNamedArgs{
		"territoire": a.Territoire, "action": a.ID, "id": e.ID, "from_state": string(e.From), "state": string(e.State),
		"reason": e.Reason, "pilote": nullUUID(e.Pilote), "proof": e.Proof, "proof_url": e.ProofURL, "role": e.Role})
	return err
}

// sameAction reports whether an edit that came too late is one that was made
// already.
func sameAction(stored, sent atelier.Action) bool {
	sameDay := stored.Echeance == nil && sent.Echeance == nil ||
		stored.Echeance != nil && sent.Echeance != nil && stored.Echeance.Equal(*sent.Echeance)
	return sameDay && stored.Code == sent.Code && stored.Titre == sent.Titre && stored.Detail == sent.Detail &&
		stored.Pilote == sent.Pilote && sameGeometry(stored.Geometry, sent.Geometry) &&
		slices.Equal(stored.Partners, sent.Partners) && slices.Equal(stored.Findings, sent.Findings) &&
		slices.Equal(stored.Markers, sent.Markers)
}
