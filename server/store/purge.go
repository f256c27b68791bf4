package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// Conservation is how long a territoire keeps what residents gave; the defaults
// where it has decided nothing.
func (s *Store) Conservation(ctx context.Context, territoire string) (atelier.Conservation, error) {
	type row struct{ TextMonths, PositionMonths, ContactMonths int }
	r, err := one[row](ctx, s.pool, "conservation", pgx.StrictNamedArgs{"territoire": territoire})
	if fault.KindOf(err) == fault.NotFound {
		return atelier.DefaultConservation, nil
	}
	return atelier.Conservation{Text: r.TextMonths, Position: r.PositionMonths, Contact: r.ContactMonths}, err
}

// SetConservation decides how long a territoire keeps what residents gave.
func (s *Store) SetConservation(ctx context.Context, territoire string, c atelier.Conservation) error {
	_, err := s.pool.Exec(ctx, statement("upsert_conservation"), pgx.StrictNamedArgs{
		"territoire": territoire, "text_months": c.Text, "position_months": c.Position, "contact_months": c.Contact})
	return translate(err)
}

// Retained says, for one kind of data, how many rows hold it and how many of
// those are past their retention.
type Retained struct{ Past, Total int }

// PurgeReport is what is past its retention in a territoire.
type PurgeReport struct {
	Texts     Retained // free texts of markers, signalements and tables
	Positions Retained // exact positions of markers and signalements
	Logs      Retained // logs of ateliers
	Contacts  Retained // reporters and followers who left an address or a code
	Journal   Retained // lines of the logs of readings and sign-ins
}

// Sum adds the kinds up.
func (r PurgeReport) Sum() Retained {
	return Retained{r.Texts.Past + r.Positions.Past + r.Logs.Past + r.Contacts.Past + r.Journal.Past,
		r.Texts.Total + r.Positions.Total + r.Logs.Total + r.Contacts.Total + r.Journal.Total}
}

// PastRetention counts what Purge would work on.
func (s *Store) PastRetention(ctx context.Context, territoire string, now time.Time) (PurgeReport, error) {
	c, err := s.Conservation(ctx, territoire)
	if err != nil {
		return PurgeReport{}, err
	}
	text, position, contact := c.Before(now)
	type row struct {
		MarkerTexts, MarkerTextsPast, SignalementTexts, SignalementTextsPast                 int
		MarkerPositions, MarkerPositionsPast, SignalementPositions, SignalementPositionsPast int
		Remarks, RemarksPast                                                                 int
		Logs, LogsPast                                                                       int
	}
	r, err := one[row](ctx, s.pool, "purge_figures", pgx.StrictNamedArgs{"territoire": territoire, "text": text, "position": position})
	if err != nil {
		return PurgeReport{}, err
	}
	type addresses struct{ Contacts, ContactsPast int }
	kept, err := one[addresses](ctx, s.pool, "contact_purge_figures", pgx.StrictNamedArgs{"territoire": territoire, "contact": contact})
	if err != nil {
		return PurgeReport{}, err
	}
	type logs struct{ Past, Total int }
	journal, err := one[logs](ctx, s.pool, "journal_figures", pgx.StrictNamedArgs{"territoire": territoire})
	return PurgeReport{
		Texts:     Retained{r.MarkerTextsPast + r.SignalementTextsPast + r.RemarksPast, r.MarkerTexts + r.SignalementTexts + r.Remarks},
		Positions: Retained{r.MarkerPositionsPast + r.SignalementPositionsPast, r.MarkerPositions + r.SignalementPositions},
		Logs:      Retained{r.LogsPast, r.Logs},
		Contacts:  Retained{kept.ContactsPast, kept.Contacts},
		Journal:   Retained(journal),
	}, err
}

// purgeBatch is how many rows one transaction of a purge changes.
const purgeBatch = 1000

// Purge applies the retention of a territoire and reports what is still past it
// afterwards. Counts per hexagon do not change: what becomes coarse keeps its
// cell at resolution 11, the finest that is counted. It works in batches of
// their own transactions, may stop anywhere and be called again, and several
// nodes may call it at once: each skips the rows that another one holds.
func (s *Store) Purge(ctx context.Context, territoire string, now time.Time) (report PurgeReport, err error) {
	defer fault.Wrap(&err, "Purge(%s)", territoire)
	c, err := s.Conservation(ctx, territoire)
	if err != nil {
		return report, err
	}
	text, position, contact := c.Before(now)
	if _, err := s.PurgeContacts(ctx, territoire, contact); err != nil {
		return report, err
	}
	if _, err := s.pool.Exec(ctx, statement("contact_purge_followers"), pgx.StrictNamedArgs{
		"territoire": territoire, "before": contact, "unconfirmed": atelier.UnconfirmedAge.Before(c, now)}); err != nil {
		return report, translate(err)
	}
	for name, age := range map[string]atelier.Age{"purge_authors": atelier.AuthorAge, "purge_drafts": atelier.DraftAge, "purge_purges": atelier.PurgeAge} {
		if _, err := s.pool.Exec(ctx, statement(name), pgx.StrictNamedArgs{"territoire": territoire, "before": age.Before(c, now)}); err != nil {
			return report, translate(err)
		}
	}
	steps := []func(context.Context) (int, error){
		func(ctx context.Context) (int, error) {
			return s.purgeTexts(ctx, "purge_marker_texts", territoire, text)
		},
		func(ctx context.Context) (int, error) { return s.purgeTexts(ctx, "purge_remarks", territoire, text) },
		func(ctx context.Context) (int, error) { return s.purgeTexts(ctx, "purge_log_texts", territoire, text) },
		func(ctx context.Context) (int, error) {
			return s.purgeTexts(ctx, "purge_signalement_texts", territoire, text)
		},
		func(ctx context.Context) (int, error) { return s.purgeMarkerPositions(ctx, territoire, position) },
		func(ctx context.Context) (int, error) { return s.purgeSignalementPositions(ctx, territoire, position) },
		func(ctx context.Context) (int, error) { return s.purgeLog(ctx, territoire, position) },
	}
	for _, step := range steps {
		for {
			n, err := step(ctx)
			if err != nil {
				return report, translate(err)
			}
			if n == 0 {
				break
			}
		}
	}
	if _, err := s.pool.Exec(ctx, statement("journal_oublier"), pgx.StrictNamedArgs{"territoire": territoire}); err != nil {
		return report, translate(err)
	}
	if report, err = s.PastRetention(ctx, territoire, now); err != nil {
		return report, err
	}
	_, err = s.pool.Exec(ctx, statement("insert_purge"), pgx.StrictNamedArgs{"territoire": territoire, "now": now,
		"texts_past": report.Texts.Past, "texts_total": report.Texts.Total, "positions_past": report.Positions.Past,
		"positions_total": report.Positions.Total, "logs_past": report.Logs.Past, "logs_total": report.Logs.Total,
		"contacts_past": report.Contacts.Past, "contacts_total": report.Contacts.Total,
		"journal_past": report.Journal.Past, "journal_total": report.Journal.Total})
	return report, translate(err)
}

// PurgeRun is one purge and what was still past its retention when it ended.
type PurgeRun struct {
	At time.Time
	PurgeReport
}

// Purges lists the last purges of a territoire, newest first.
func (s *Store) Purges(ctx context.Context, territoire string, limit int) ([]PurgeRun, error) {
	type row struct {
		At                                                     time.Time
		TextsPast, TextsTotal                                  int
		PositionsPast, PositionsTotal                          int
		LogsPast, LogsTotal                                    int
		ContactsPast, ContactsTotal, JournalPast, JournalTotal int
	}
	rows, err := many[row](ctx, s.pool, "purges", pgx.StrictNamedArgs{"territoire": territoire, "limit": limit})
	out := make([]PurgeRun, len(rows))
	for i, r := range rows {
		out[i] = PurgeRun{r.At, PurgeReport{Retained{r.TextsPast, r.TextsTotal}, Retained{r.PositionsPast, r.PositionsTotal},
			Retained{r.LogsPast, r.LogsTotal}, Retained{r.ContactsPast, r.ContactsTotal}, Retained{r.JournalPast, r.JournalTotal}}}
	}
	return out, err
}

func (s *Store) purgeTexts(ctx context.Context, name, territoire string, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, statement(name), pgx.StrictNamedArgs{"territoire": territoire, "text": before, "limit": purgeBatch})
	return int(tag.RowsAffected()), err
}

// centre is the middle of a cell, lon/lat degrees.
func centre(c hexgrid.Cell) orb.Geometry { return geo.Snap(c.Centre()) }

func (s *Store) purgeMarkerPositions(ctx context.Context, territoire string, before time.Time) (n int, err error) {
	type row struct {
		Atelier, ID uuid.UUID
		Cell        hexgrid.Cell
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := many[row](ctx, tx, "purge_marker_due", pgx.StrictNamedArgs{"territoire": territoire, "position": before, "limit": purgeBatch})
		if err != nil || len(rows) == 0 {
			return err
		}
		ateliers, ids, centres := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows)), make([]orb.Geometry, len(rows))
		for i, r := range rows {
			ateliers[i], ids[i], centres[i] = r.Atelier, r.ID, centre(r.Cell)
		}
		n = len(rows)
		_, err = tx.Exec(ctx, statement("purge_marker_positions"), pgx.StrictNamedArgs{
			"territoire": territoire, "ateliers": ateliers, "ids": ids, "centres": centres})
		return err
	})
	return n, err
}

func (s *Store) purgeSignalementPositions(ctx context.Context, territoire string, before time.Time) (n int, err error) {
	type row struct {
		ID   uuid.UUID
		Cell hexgrid.Cell
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := many[row](ctx, tx, "purge_signalement_due", pgx.StrictNamedArgs{"territoire": territoire, "position": before, "limit": purgeBatch})
		if err != nil || len(rows) == 0 {
			return err
		}
		ids, centres := make([]uuid.UUID, len(rows)), make([]orb.Geometry, len(rows))
		for i, r := range rows {
			ids[i], centres[i] = r.ID, centre(r.Cell)
		}
		n = len(rows)
		_, err = tx.Exec(ctx, statement("purge_signalement_positions"), pgx.StrictNamedArgs{
			"territoire": territoire, "ids": ids, "centres": centres})
		return err
	})
	return n, err
}

// purgeLog empties the log of one atelier and destroys the key of its
// participants' tokens.
func (s *Store) purgeLog(ctx context.Context, territoire string, before time.Time) (n int, err error) {
	type row struct{ ID uuid.UUID }
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		due, err := many[row](ctx, tx, "purge_logs_due", pgx.StrictNamedArgs{"territoire": territoire, "position": before})
		if err != nil || len(due) == 0 {
			return err
		}
		args := pgx.StrictNamedArgs{"territoire": territoire, "atelier": due[0].ID}
		n = len(due)
		if _, err := tx.Exec(ctx, statement("purge_log"), args); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, statement("purge_links"), args)
		return err
	})
	return n, err
}
