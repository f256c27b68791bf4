package store

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

type signalementRow struct {
	ID                               uuid.UUID
	Quartier                         *string
	Geom                             orb.Point
	Cell                             hexgrid.Cell
	Theme                            atelier.Theme
	Subtheme                         string
	Nature                           string
	OccurredFrom                     time.Time
	OccurredTo                       time.Time
	Frequency                        string
	Since                            string
	Place                            string
	Severity                         int
	Avoids                           *bool
	Approached                       []string
	HasNote                          bool
	ModeratedNote, ModeratedSubtheme string
	Origin                           string
	Demo                             bool
	ReceivedAt                       time.Time
	Digest                           []byte
}

// ListedSignalement is a signalement without its free texts, and what
// moderation lets be read of them.
type ListedSignalement struct {
	atelier.Signalement
	HasNote bool
	// Note and Subtheme of moderation; "" where nothing was decided or shown.
	ModeratedNote, ModeratedSubtheme string
}

func (r signalementRow) listed(territoire string) ListedSignalement {
	s := atelier.Signalement{Territoire: territoire, ID: r.ID, Position: r.Geom, Cell: r.Cell, Theme: r.Theme,
		Subtheme: r.Subtheme, Nature: r.Nature, OccurredFrom: r.OccurredFrom, OccurredTo: r.OccurredTo,
		Frequency: r.Frequency, Since: r.Since, Place: r.Place, Severity: r.Severity, Avoids: r.Avoids,
		Approached: r.Approached, Origin: r.Origin, Demo: r.Demo, ReceivedAt: r.ReceivedAt}
	if r.Quartier != nil {
		s.Quartier = *r.Quartier
	}
	return ListedSignalement{s, r.HasNote, r.ModeratedNote, r.ModeratedSubtheme}
}

// AddSignalement stores a signalement. digest identifies what was sent: the
// same id and digest again give what is stored, with created false; another
// digest is a conflict that tells nothing of what is stored.
func (s *Store) AddSignalement(ctx context.Context, n atelier.Signalement, digest []byte) (stored ListedSignalement, created bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("insert_signalement"), pgx.StrictNamedArgs{
		"territoire": n.Territoire, "id": n.ID, "quartier": nullable(n.Quartier), "geom": n.Position, "cell": n.Cell,
		"theme": string(n.Theme), "subtheme": n.Subtheme, "nature": n.Nature, "occurred_from": n.OccurredFrom,
		"occurred_to": n.OccurredTo, "frequency": n.Frequency, "since": n.Since, "place": n.Place,
		"severity": n.Severity, "avoids": n.Avoids, "approached": emptyNotNil(n.Approached), "note": n.Note,
		"reporter": nullUUID(n.Reporter), "origin": n.Origin, "digest": digest, "receipt": n.Receipt, "demo": n.Demo})
	if err != nil {
		return ListedSignalement{}, false, translate(err)
	}
	r, err := one[signalementRow](ctx, s.pool, "signalement", pgx.StrictNamedArgs{"territoire": n.Territoire, "id": n.ID})
	if err != nil {
		return ListedSignalement{}, false, err
	}
	created = tag.RowsAffected() == 1
	if !created && !bytes.Equal(r.Digest, digest) {
		return ListedSignalement{}, false, fault.New(fault.Conflict, "signalement_different",
			"Cet identifiant a déjà servi pour un autre signalement.").At("id")
	}
	return r.listed(n.Territoire), created, nil
}

// SignalementFilter narrows a list; empty fields keep everything.
type SignalementFilter struct {
	Quartier string
	Themes   []string
	From, To time.Time // when it happened, From ≤ t < To
	Box      *orb.Bound
	// BeforeAt and BeforeID are the place of the last signalement of the page
	// before; a zero time begins with the newest.
	BeforeAt time.Time
	BeforeID uuid.UUID
	Limit    int
}

// Signalements lists signalements, newest first.
func (s *Store) Signalements(ctx context.Context, territoire string, f SignalementFilter) ([]ListedSignalement, error) {
	var box *orb.Polygon
	if f.Box != nil {
		p := f.Box.ToPolygon()
		box = &p
	}
	rows, err := many[signalementRow](ctx, s.pool, "signalements", pgx.StrictNamedArgs{
		"territoire": territoire, "quartier": nullable(f.Quartier), "themes": f.Themes, "from": nullTime(f.From),
		"to": nullTime(f.To), "box": box, "before_at": nullTime(f.BeforeAt), "before_id": nullUUID(f.BeforeID), "limit": f.Limit})
	if err != nil {
		return nil, err
	}
	out := make([]ListedSignalement, len(rows))
	for i, r := range rows {
		out[i] = r.listed(territoire)
	}
	return out, nil
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
