package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Restitution gives the slides of an atelier; Version 0 when none was chosen.
func (s *Store) Restitution(ctx context.Context, territoire string, id uuid.UUID) (r atelier.Restitution, err error) {
	// Both come from one moment: a rank always belongs to its slides.
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		r, err = restitution(ctx, tx, territoire, id)
		return err
	})
	return r, translate(err)
}

func restitution(ctx context.Context, q querier, territoire string, id uuid.UUID) (r atelier.Restitution, err error) {
	type stateRow struct{ Version, Shown, Recounted int }
	type slideRow struct {
		Rang                                            int
		Kind, Theme, Moment, FromDay, ToDay, Indicateur string
		Numero                                          int
	}
	args := pgx.StrictNamedArgs{"territoire": territoire, "atelier": id}
	states, err := many[stateRow](ctx, q, "restitution", args)
	if err != nil || len(states) == 0 {
		return atelier.Restitution{}, err
	}
	rows, err := many[slideRow](ctx, q, "slides", args)
	r = atelier.Restitution{Version: states[0].Version, Shown: states[0].Shown, Recounted: states[0].Recounted}
	for _, w := range rows {
		r.Slides = append(r.Slides, atelier.Slide{Kind: atelier.SlideKind(w.Kind), Theme: atelier.Theme(w.Theme),
			Moment: w.Moment, From: w.FromDay, To: w.ToDay, Numero: w.Numero, Indicateur: w.Indicateur})
	}
	return r, err
}

// PutSlides replaces the slides of an open atelier that had version base; the
// wall goes back to the opening page. The same slides again are the same request.
func (s *Store) PutSlides(ctx context.Context, territoire string, id uuid.UUID, base int, slides []atelier.Slide) (r atelier.Restitution, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		room, err := lockRoom(ctx, tx, territoire, id)
		if err != nil {
			return err
		}
		if room.State == "closed" {
			return errClosed
		}
		tag, err := tx.Exec(ctx, statement("upsert_restitution"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "base": base})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			if r, err = restitution(ctx, tx, territoire, id); err == nil && !slices.Equal(r.Slides, slides) {
				err = errOvertaken(r.Version)
			}
			return err
		}
		if _, err := tx.Exec(ctx, statement("delete_slides"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id}); err != nil {
			return err
		}
		for i, w := range slides {
			if _, err := tx.Exec(ctx, statement("insert_slide"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "rang": i + 1,
				"kind": string(w.Kind), "theme": string(w.Theme), "from_day": w.From, "to_day": w.To, "numero": w.Numero,
				"moment": w.Moment, "indicateur": w.Indicateur}); err != nil {
				return err
			}
		}
		r, err = restitution(ctx, tx, territoire, id)
		return err
	})
	return r, translate(err)
}

// ShowSlide puts a slide on the wall of an atelier that is not closed, and keeps
// what the hall is told of it; rang 0 is the opening page, which tells nothing.
func (s *Store) ShowSlide(ctx context.Context, territoire string, id uuid.UUID, version, rang int, told atelier.Told) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		room, err := lockRoom(ctx, tx, territoire, id)
		if err != nil {
			return err
		}
		if room.State == "closed" {
			return errClosed
		}
		tag, err := tx.Exec(ctx, statement("show_slide"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "version": version, "rang": rang})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.Conflict, "version_depassee", "Les diapositives viennent d’être changées : la liste est à jour, choisissez de nouveau.").At("rang")
		}
		// What is tried out before the evening begins is not told to a hall.
		if rang == 0 || room.State != "open" {
			return nil
		}
		_, err = tx.Exec(ctx, statement("upsert_slide_shown"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "asked": told.Slide, "told": told})
		return err
	})
	return translate(err)
}

// recountSlides has the walls of a territoire count again what stands on them.
func recountSlides(ctx context.Context, tx pgx.Tx, territoire string) error {
	_, err := tx.Exec(ctx, statement("recount_slides"), pgx.StrictNamedArgs{"territoire": territoire})
	return err
}

// SlidesShown gives what the hall of an atelier was told, in the order in which
// it was.
func (s *Store) SlidesShown(ctx context.Context, territoire string, id uuid.UUID) ([]atelier.Told, error) {
	type row struct{ Told atelier.Told }
	rows, err := many[row](ctx, s.pool, "slides_shown", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
	out := make([]atelier.Told, len(rows))
	for i, r := range rows {
		out[i] = r.Told
	}
	return out, err
}
