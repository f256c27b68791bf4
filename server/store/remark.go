package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
)

// Said is what a room says in words, its votes, and the findings that can be
// voted on.
type Said struct {
	Remarks  []atelier.Remark
	Votes    []atelier.VoteOf
	Findings []uuid.UUID
}

// FrozenAnswers are the findings and answers as they stood at the freeze.
type FrozenAnswers struct {
	Text string // canonical JSON
	Hash string // SHA-256 of Text, hexadecimal
	At   time.Time
}

// FrozenAnswersOf gives the answers of a closed atelier; NotFound while it is
// open.
func (s *Store) FrozenAnswersOf(ctx context.Context, territoire string, id uuid.UUID) (FrozenAnswers, error) {
	return one[FrozenAnswers](ctx, s.pool, "atelier_answers", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

type remarkRow struct {
	ID          uuid.UUID
	Participant uuid.UUID
	Numero      int
	Question    string
	Texte       string
	Theme       string
	Geom        orb.Geometry
	Marker      uuid.UUID
	Deleted     bool
	Hidden      bool
	AddedSeq    int64
	Seq         int64
}

// Remarks gives what the tables of a room said, in the order of the log.
func (s *Store) Remarks(ctx context.Context, territoire string, id uuid.UUID) ([]atelier.Remark, error) {
	return remarks(ctx, s.pool, pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

func remarks(ctx context.Context, q querier, room pgx.StrictNamedArgs) (out []atelier.Remark, err error) {
	rows, err := many[remarkRow](ctx, q, "remarks", room)
	for _, r := range rows {
		out = append(out, atelier.Remark{ID: r.ID, Author: r.Participant, Table: r.Numero, Question: r.Question,
			Text: r.Texte, Theme: atelier.Theme(r.Theme), Geometry: r.Geom, About: r.Marker, Deleted: r.Deleted, Hidden: r.Hidden,
			AddedSeq: r.AddedSeq, Seq: r.Seq})
	}
	return out, err
}

func roomSaid(ctx context.Context, q querier, territoire string, id uuid.UUID) (Said, error) {
	room := pgx.StrictNamedArgs{"territoire": territoire, "atelier": id}
	var said Said
	var err error
	if said.Remarks, err = remarks(ctx, q, room); err != nil {
		return Said{}, err
	}
	if said.Votes, err = many[atelier.VoteOf](ctx, q, "votes", room); err != nil {
		return Said{}, err
	}
	type finding struct{ ID uuid.UUID }
	open, err := many[finding](ctx, q, "votable_findings", room)
	for _, f := range open {
		said.Findings = append(said.Findings, f.ID)
	}
	return said, err
}

// Answers gives the findings of an atelier and what answers them, as written.
func (s *Store) Answers(ctx context.Context, territoire string, id uuid.UUID) (atelier.Answers, error) {
	return roomAnswers(ctx, s.pool, territoire, id)
}

func roomAnswers(ctx context.Context, q querier, territoire string, id uuid.UUID) (a atelier.Answers, err error) {
	if a.Findings, err = findings(ctx, q, territoire, FindingFilter{Atelier: id}); err != nil {
		return a, err
	}
	if a.Actions, err = actions(ctx, q, territoire, ActionFilter{Atelier: id}); err != nil {
		return a, err
	}
	all, err := many[atelier.Organisation](ctx, q, "organisations", pgx.StrictNamedArgs{"territoire": territoire})
	a.Organisations = make(map[uuid.UUID]string, len(all))
	for _, o := range all {
		a.Organisations[o.ID] = o.Nom
	}
	return a, err
}

// Evening is Snapshot with what the room says in words, all at one number of
// its log.
func (s *Store) Evening(ctx context.Context, territoire string, id uuid.UUID) (a atelier.Atelier, ms []atelier.Marker, said Said, err error) {
	// Several statements see one state only in a repeatable-read transaction.
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		all, err := s.ateliers(ctx, tx, territoire, "", &id)
		if err != nil {
			return err
		}
		if len(all) != 1 {
			return noAtelier(errNoRow)
		}
		a = all[0]
		if ms, err = roomMarkers(ctx, tx, territoire, id); err != nil {
			return err
		}
		said, err = roomSaid(ctx, tx, territoire, id)
		return err
	})
	return a, ms, said, translate(err)
}

// queueSaid adds to a batch what a change says in words.
func queueSaid(b *pgx.Batch, a atelier.Atelier, c RoomChange) {
	for _, r := range c.Remarks {
		b.Queue(statement("upsert_remark"), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "atelier": a.ID, "id": r.ID, "participant": nullUUID(r.Author), "numero": r.Table,
			"question": r.Question, "texte": r.Text, "theme": nullable(string(r.Theme)), "geom": r.Geometry, "marker": nullUUID(r.About),
			"deleted": r.Deleted, "hidden": r.Hidden, "added_seq": r.AddedSeq, "seq": r.Seq})
	}
	for _, v := range c.Votes {
		b.Queue(statement("upsert_vote"), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "atelier": a.ID, "finding": v.Finding, "participant": v.Participant, "dots": v.Dots, "seq": v.Seq})
	}
	if c.Answers != nil {
		b.Queue(statement("insert_atelier_answers"), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "atelier": a.ID, "texte": c.Answers.Text, "hash": c.Answers.Hash})
	}
}
