package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
)

// Fiction is invented data: what a territoire would hold after some years of
// use.
type Fiction struct {
	Signalements  []atelier.Signalement
	Organisations []atelier.Organisation
	Evenings      []Evening
	Reporters     []FictionReporter
}

// FictionReporter is somebody invented who agreed to be invited.
type FictionReporter struct {
	ID, Signalement uuid.UUID
	Nom, Adresse    string
	AgreedAt        time.Time
}

// FictionInvitation is one that went out by letter; Answer is "" until there is one.
type FictionInvitation struct {
	ID, Reporter uuid.UUID
	Code         string
	SentAt       time.Time
	Answer       string // yes, no
	AnsweredAt   time.Time
}

// Evening is an atelier with everything its log has led to.
type Evening struct {
	Atelier      atelier.Atelier // Seats: numbers and codes; the key is drawn by the database
	Participants []atelier.Participant
	Operations   []LoggedOperation
	Markers      []atelier.Marker
	Remarks      []atelier.Remark
	// Read: the animateur has let all of Remarks be shown.
	Read         bool
	Institutions []Institution
	Invitations  []FictionInvitation
	Slides       []atelier.Slide
	// Told is what the hall was shown of them, at ToldAt.
	Told     []atelier.Told
	ToldAt   time.Time
	Findings []atelier.Finding
	Votes    []atelier.VoteOf // the last of a resident on a constat
	Actions  []FictionAction
}

// FictionAction is an action with its history, and what the public follows of
// it; nil for nothing.
type FictionAction struct {
	atelier.Action
	Events []atelier.ActionEvent
	Suivi  *atelier.SuiviDecision
}

// LoadFiction writes invented data and marks the territoire as holding some,
// all or nothing. created is false when there is fiction already.
func (s *Store) LoadFiction(ctx context.Context, territoire string, f Fiction) (created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("mark_demo"), pgx.StrictNamedArgs{"territoire": territoire})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		created = true
		for _, t := range fictionTables(territoire, f) {
			if _, err := tx.CopyFrom(ctx, strings.Split(t.name, "."), t.columns, pgx.CopyFromRows(t.rows)); err != nil {
				return fmt.Errorf("copy %s: %w", t.name, err)
			}
		}
		return nil
	})
	return created && err == nil, translate(err)
}

// rowsOf are the rows of one table, in the order of columns.
type rowsOf struct {
	name    string
	columns []string
	rows    [][]any
}

// fictionTables are in the order that foreign keys ask for.
func fictionTables(territoire string, f Fiction) []rowsOf {
	ateliers := rowsOf{name: "atelier", columns: []string{"territoire", "id", "quartier", "kind", "titre", "lieu", "starts_at", "closes_at",
		"state", "step", "step_at", "step_minutes", "shared", "seq", "frozen_at", "frozen_hash", "demo", "plan"}}
	tables := rowsOf{name: "atelier_table", columns: []string{"territoire", "atelier", "numero", "code", "is_open"}}
	participants := rowsOf{name: "participant", columns: []string{"territoire", "atelier", "id", "numero", "rang"}}
	operations := rowsOf{name: "operation", columns: []string{"territoire", "atelier", "seq", "id", "kind", "marker", "participant",
		"numero", "role", "body", "digest", "at"}}
	markers := rowsOf{name: "marker", columns: []string{"territoire", "atelier", "id", "participant", "numero", "quartier", "felt", "geom",
		"anchor", "cell", "themes", "reasons", "moments", "days", "nature", "frequency", "since", "place", "severity", "avoids", "approached",
		"note", "deleted", "hidden", "added_seq", "geometry_seq", "existence_seq", "attribute_seqs", "seq"}}
	cells := rowsOf{name: "marker_cell", columns: []string{"territoire", "atelier", "marker", "cell"}}
	for _, e := range f.Evenings {
		a := e.Atelier
		ateliers.rows = append(ateliers.rows, []any{territoire, a.ID, a.Quartier, a.Kind, a.Titre, a.Lieu, a.StartsAt, a.ClosesAt,
			a.State, a.Step, a.StepAt, nullInt(a.StepMinutes), a.Shared, a.Seq, a.FrozenAt, nullable(a.FrozenHash), true, a.Plan})
		for _, t := range a.Seats {
			tables.rows = append(tables.rows, []any{territoire, a.ID, t.Numero, t.Code, t.Open})
		}
		for _, p := range e.Participants {
			participants.rows = append(participants.rows, []any{territoire, a.ID, p.ID, p.Table, p.Rang})
		}
		for _, o := range e.Operations {
			operations.rows = append(operations.rows, []any{territoire, a.ID, o.Seq, o.ID, string(o.Kind), nullUUID(o.Marker),
				nullUUID(o.Participant), nullInt(o.Table), o.Role, o.Body, o.Digest, o.At})
		}
		for _, m := range e.Markers {
			markers.rows = append(markers.rows, []any{territoire, a.ID, m.ID, m.Author, m.Table, m.Quartier, string(m.Felt), m.Geometry,
				m.Anchor, m.Cell, emptyNotNil(m.Themes), emptyNotNil(m.Reasons), emptyNotNil(m.Moments), emptyNotNil(m.Days),
				nullable(m.Nature), nullable(m.Frequency), nullable(m.Since), nullable(m.Place), nullInt(m.Severity), m.Avoids,
				emptyNotNil(m.Approached), nullable(m.Note), m.Deleted, m.Hidden, m.AddedSeq, m.GeometrySeq, m.ExistenceSeq, m.AttributeSeqs, m.Seq})
			for _, c := range m.Cells {
				cells.rows = append(cells.rows, []any{territoire, a.ID, m.ID, c})
			}
		}
	}
	return slices.Concat([]rowsOf{fictionSignalements(territoire, f.Signalements), ateliers, tables, participants, operations, markers, cells},
		fictionPrepared(territoire, f), fictionAnswers(territoire, f))
}

// fictionPrepared are what tables said, what the police shows, who comes and who
// could be invited.
func fictionPrepared(territoire string, f Fiction) []rowsOf {
	remarks := rowsOf{name: "remark", columns: []string{"territoire", "atelier", "id", "participant", "numero", "question", "texte", "theme", "added_seq", "seq"}}
	institutions := rowsOf{name: "atelier_institution", columns: []string{"territoire", "atelier", "institution", "expected", "present"}}
	restitutions := rowsOf{name: "restitution", columns: []string{"territoire", "atelier", "version"}}
	slides := rowsOf{name: "slide", columns: []string{"territoire", "atelier", "rang", "kind", "from_day", "to_day"}}
	shown := rowsOf{name: "slide_shown", columns: []string{"territoire", "atelier", "asked", "told", "at"}}
	reporters := rowsOf{name: "contact.reporter", columns: []string{"territoire", "id", "signalement", "nom", "adresse", "agreed_at"}}
	invitations := rowsOf{name: "contact.invitation", columns: []string{"territoire", "atelier", "id", "reporter", "code", "channel", "created_at", "sent_at", "answer", "answered_at"}}
	for _, e := range f.Evenings {
		id := e.Atelier.ID
		for _, v := range e.Invitations {
			invitations.rows = append(invitations.rows, []any{territoire, id, v.ID, v.Reporter, v.Code, "letter", v.SentAt, v.SentAt, nullable(v.Answer), nullTime(v.AnsweredAt)})
		}
		for _, r := range e.Remarks {
			remarks.rows = append(remarks.rows, []any{territoire, id, r.ID, nullUUID(r.Author), r.Table, r.Question, r.Text, nullable(string(r.Theme)), r.AddedSeq, r.Seq})
		}
		for _, i := range e.Institutions {
			institutions.rows = append(institutions.rows, []any{territoire, id, i.Institution, i.Expected, i.Present})
		}
		if len(e.Slides) > 0 {
			restitutions.rows = append(restitutions.rows, []any{territoire, id, 1})
		}
		for i, s := range e.Slides {
			slides.rows = append(slides.rows, []any{territoire, id, i + 1, string(s.Kind), civil(s.From), civil(s.To)})
		}
		for i, t := range e.Told {
			shown.rows = append(shown.rows, []any{territoire, id, t.Slide, t, e.ToldAt.Add(time.Duration(i) * time.Minute)})
		}
	}
	for _, r := range f.Reporters {
		reporters.rows = append(reporters.rows, []any{territoire, r.ID, r.Signalement, r.Nom, r.Adresse, r.AgreedAt})
	}
	return []rowsOf{remarks, institutions, restitutions, slides, shown, reporters, invitations}
}

// civil is a day, as 2026-03-31, for a column of days.
func civil(day string) *time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return &t
}

func fictionAnswers(territoire string, f Fiction) []rowsOf {
	organisations := rowsOf{name: "organisation", columns: []string{"territoire", "id", "nom", "kind", "email", "demo"}}
	for _, o := range f.Organisations {
		organisations.rows = append(organisations.rows, []any{territoire, o.ID, o.Nom, o.Kind, o.Email, true})
	}
	findings := rowsOf{name: "finding", columns: []string{"territoire", "id", "atelier", "quartier", "rang", "titre", "detail", "themes", "tables", "geom", "created_at", "updated_at"}}
	actions := rowsOf{name: "action", columns: []string{"territoire", "id", "quartier", "atelier", "code", "titre", "detail", "state", "reason", "pilote",
		"echeance", "done_on", "proof", "version", "demo", "created_at", "updated_at"}}
	votes := rowsOf{name: "vote", columns: []string{"territoire", "atelier", "finding", "participant", "dots", "seq"}}
	answers := rowsOf{name: "action_finding", columns: []string{"territoire", "action", "finding"}}
	events := rowsOf{name: "action_event", columns: []string{"territoire", "action", "seq", "id", "from_state", "state", "reason", "pilote", "proof", "role", "at"}}
	decisions := rowsOf{name: "suivi_decision", columns: []string{"territoire", "action", "id", "shown", "said", "titre", "answer", "digest", "role", "at"}}
	// The words of the authorities say of nobody who it is: the service has let
	// them through.
	read := rowsOf{name: "moderation", columns: []string{"territoire", "id", "objet", "objet_id", "champ", "action", "digest", "role", "at"}}
	shown := func(role string, objet atelier.Objet, id uuid.UUID, at time.Time, texts map[string]string) {
		for champ, text := range texts {
			if text != "" {
				digest := atelier.TextDigest(text)
				read.rows = append(read.rows, []any{territoire, serviceDecision(id, champ, digest), string(objet), id, champ, string(atelier.Publish), digest, role, at})
			}
		}
	}
	let := func(objet atelier.Objet, id uuid.UUID, at time.Time, texts map[string]string) {
		shown("service", objet, id, at, texts)
	}
	for _, e := range f.Evenings {
		for _, x := range e.Findings {
			let(atelier.OnFinding, x.ID, x.CreatedAt, map[string]string{"titre": x.Titre, "detail": x.Detail})
			findings.rows = append(findings.rows, []any{territoire, x.ID, x.Atelier, x.Quartier, x.Rang, x.Titre, x.Detail, themeTexts(x.Themes), smallints(x.Tables),
				x.Geometry, x.CreatedAt, x.CreatedAt})
		}
		for _, r := range e.Remarks {
			if e.Read {
				shown("animateur", atelier.OnRemark, r.ID, *e.Atelier.FrozenAt, map[string]string{atelier.ChampTexte: r.Text})
			}
		}
		for _, v := range e.Votes {
			votes.rows = append(votes.rows, []any{territoire, e.Atelier.ID, v.Finding, v.Participant, v.Dots, v.Seq})
		}
		for _, a := range e.Actions {
			let(atelier.OnAction, a.ID, a.CreatedAt, map[string]string{"titre": a.Titre, "detail": a.Detail})
			actions.rows = append(actions.rows, []any{territoire, a.ID, a.Quartier, a.Atelier, string(a.Code), a.Titre, a.Detail, string(a.State), a.Reason,
				nullUUID(a.Pilote), a.Echeance, a.DoneOn, a.Proof, a.Version, true, a.CreatedAt, a.UpdatedAt})
			for _, id := range a.Findings {
				answers.rows = append(answers.rows, []any{territoire, a.ID, id})
			}
			for _, v := range a.Events {
				let(atelier.OnAction, a.ID, v.At, map[string]string{"reason": v.Reason, "proof": v.Proof})
				events.rows = append(events.rows, []any{territoire, a.ID, v.Seq, v.ID, nullable(string(v.From)), string(v.State), v.Reason, nullUUID(v.Pilote), v.Proof, v.Role, v.At})
			}
			if d := a.Suivi; d != nil {
				decisions.rows = append(decisions.rows, []any{territoire, a.ID, d.ID, d.Shown, d.Said, d.Titre, d.Answer, d.Digest, d.Role, d.At})
			}
		}
	}
	return []rowsOf{organisations, findings, votes, actions, answers, events, decisions, read}
}

func fictionSignalements(territoire string, all []atelier.Signalement) rowsOf {
	t := rowsOf{name: "signalement", columns: []string{"territoire", "id", "quartier", "geom", "cell", "theme", "subtheme", "nature",
		"occurred_from", "occurred_to", "frequency", "since", "place", "severity", "avoids", "approached", "reporter", "origin", "demo", "received_at"}}
	for _, s := range all {
		t.rows = append(t.rows, []any{territoire, s.ID, nullable(s.Quartier), s.Position, s.Cell, string(s.Theme), nullable(s.Subtheme),
			nullable(s.Nature), s.OccurredFrom, s.OccurredTo, nullable(s.Frequency), nullable(s.Since), nullable(s.Place), nullInt(s.Severity),
			s.Avoids, emptyNotNil(s.Approached), nullUUID(s.Reporter), s.Origin, true, s.ReceivedAt})
	}
	return t
}

// ProlongDemo lets the codes of the open fictional ateliers work until a moment,
// where they would end before another, and puts those that are being prepared off
// by whole weeks once their day has come.
func (s *Store) ProlongDemo(ctx context.Context, territoire string, now, before, until time.Time) error {
	_, err := s.pool.Exec(ctx, statement("prolong_demo"), pgx.StrictNamedArgs{"territoire": territoire, "before": before, "until": until})
	if err == nil {
		_, err = s.pool.Exec(ctx, statement("postpone_demo"), pgx.StrictNamedArgs{"territoire": territoire, "now": now})
	}
	return translate(err)
}

// Streets gives the lines of a territoire's street network, by id.
func (s *Store) Streets(ctx context.Context, territoire string) ([]orb.MultiLineString, error) {
	type row struct{ Geom orb.MultiLineString }
	rows, err := many[row](ctx, s.pool, "streets", pgx.StrictNamedArgs{"territoire": territoire})
	out := make([]orb.MultiLineString, len(rows))
	for i, r := range rows {
		out[i] = r.Geom
	}
	return out, err
}
