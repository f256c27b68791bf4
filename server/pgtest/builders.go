package pgtest

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/data"
	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
)

// Chambery is the INSEE code of the territoire that Territoire loads.
const Chambery = "73065"

// surroundingsMetres is how far beyond its quartiers a territoire reaches.
const surroundingsMetres = 500

// Builders write rows as they are given, without the rules of the domain: a
// test says what it cares about, the rest is plausible.

func write(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

// Quartiers are the seven real quartiers of Chambéry, by code. Their shapes are
// those of every test: not to be changed.
func Quartiers(t testing.TB) map[string]orb.MultiPolygon {
	t.Helper()
	out := map[string]orb.MultiPolygon{}
	for _, q := range readQuartiers(t) {
		out[q.Code] = q.Shape
	}
	return out
}

// quartiersOfChambery reads them once: a test may ask for each of its markers.
var quartiersOfChambery = sync.OnceValues(func() ([]geo.QuartierFeature, error) {
	file, err := data.Chambery().Open("quartiers_chambery_topo.geojson")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return geo.ReadQuartiers(file, geo.DefaultQuartierLimits)
})

func readQuartiers(t testing.TB) []geo.QuartierFeature {
	t.Helper()
	all, err := quartiersOfChambery()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return all
}

// Territoire loads Chambéry with its quartiers, without streets or landmarks.
func Territoire(t testing.TB, pool *pgxpool.Pool) atelier.Territoire {
	t.Helper()
	var shape orb.MultiPolygon
	quartiers := readQuartiers(t)
	for _, q := range quartiers {
		shape = append(shape, q.Shape...)
	}
	emprise := orb.Bound(geo.Surroundings(shape, surroundingsMetres))
	write(t, pool, `insert into territoire (territoire, nom, emprise) values ($1, 'Chambéry', $2)`, Chambery, emprise.ToPolygon())
	for _, q := range quartiers {
		write(t, pool, `insert into quartier (territoire, code, nom, nom_court, geom) values ($1, $2, $3, $4, $5)`,
			Chambery, q.Code, q.Nom, q.NomCourt, q.Shape)
	}
	return atelier.Territoire{Code: Chambery, Nom: "Chambéry", Fuseau: "Europe/Paris", Emprise: emprise, Quartiers: len(quartiers)}
}

// Atelier adds an open atelier of the quartier CE with two tables.
func Atelier(t testing.TB, pool *pgxpool.Pool, change ...func(*atelier.Atelier)) atelier.Atelier {
	t.Helper()
	start := time.Date(2026, 3, 12, 17, 30, 0, 0, time.UTC)
	a := atelier.Atelier{Territoire: Chambery, ID: uuid.Must(uuid.NewV7()), Quartier: "CE", Kind: "atelier",
		Titre: "Atelier du centre", StartsAt: start, ClosesAt: start.Add(12 * time.Hour), Room: atelier.Room{State: "open"},
		Seats: []atelier.Table{{Numero: 1, Open: true, Code: atelier.NewCode()}, {Numero: 2, Open: true, Code: atelier.NewCode()}}}
	for _, c := range change {
		c(&a)
	}
	err := pool.QueryRow(context.Background(), `
		insert into atelier (territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, state, demo)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning participant_key`,
		a.Territoire, a.ID, a.Quartier, a.Kind, a.Titre, a.Lieu, a.StartsAt, a.ClosesAt, a.State, a.Demo).Scan(&a.ParticipantKey)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	for _, s := range a.Seats {
		write(t, pool, `insert into atelier_table (territoire, atelier, numero, code, is_open) values ($1, $2, $3, $4, $5)`,
			a.Territoire, a.ID, s.Numero, s.Code, s.Open)
	}
	return a
}

// Marker adds a marker to an atelier beside its log: an unsafe point of a new
// participant at table 1, somewhere in the quartier of the atelier. Cell,
// footprint and quartier follow from the geometry unless change sets them.
func Marker(t testing.TB, pool *pgxpool.Pool, a atelier.Atelier, change ...func(*atelier.Marker)) atelier.Marker {
	t.Helper()
	m := atelier.Marker{ID: uuid.Must(uuid.NewV7()), Author: uuid.New(), Table: 1, Quartier: a.Quartier, Felt: atelier.Unsafe,
		Seq: 1, AddedSeq: 1, GeometrySeq: 1, ExistenceSeq: 1, AttributeSeqs: map[string]int64{"felt": 1}}
	for _, c := range change {
		c(&m)
	}
	if m.Geometry == nil {
		m.Geometry = InQuartier(t, Quartiers(t)[m.Quartier], nil)
	}
	anchor, cell, cells, err := atelier.Footprint(m.Geometry)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	m.Anchor, m.Cell = anchor, cell
	if m.Cells == nil {
		m.Cells = cells
	}
	write(t, pool, `
		insert into participant (territoire, atelier, id, numero, rang)
		select $1, $2, $3, $4, 1 + count(*) from participant where territoire = $1 and atelier = $2 and numero = $4
		on conflict (territoire, atelier, id) do nothing`, a.Territoire, a.ID, m.Author, m.Table)
	themes := m.Themes
	if themes == nil {
		themes = []string{}
	}
	write(t, pool, `
		insert into marker (territoire, atelier, id, participant, numero, quartier, felt, geom, anchor, cell, themes, note,
			deleted, hidden, added_seq, geometry_seq, existence_seq, attribute_seqs, seq)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, ''), $13, $14, $15, $16, $17, $18, $19)`,
		a.Territoire, a.ID, m.ID, m.Author, m.Table, m.Quartier, string(m.Felt), m.Geometry, m.Anchor, m.Cell, themes, m.Note,
		m.Deleted, m.Hidden, m.AddedSeq, m.GeometrySeq, m.ExistenceSeq, m.AttributeSeqs, m.Seq)
	write(t, pool, `insert into marker_cell (territoire, atelier, marker, cell) select $1, $2, $3, unnest($4::bigint[])`,
		a.Territoire, a.ID, m.ID, m.Cells)
	return m
}

// Signalement adds an anonymous signalement of nuisances sonores in the
// quartier CE. The cell follows from the position.
func Signalement(t testing.TB, pool *pgxpool.Pool, change ...func(*atelier.Signalement)) atelier.Signalement {
	t.Helper()
	at := time.Date(2026, 2, 14, 22, 30, 0, 0, time.UTC)
	s := atelier.Signalement{Territoire: Chambery, ID: uuid.Must(uuid.NewV7()), Quartier: "CE", Theme: "BRU",
		OccurredFrom: at, OccurredTo: at, Origin: "habitant", ReceivedAt: at}
	for _, c := range change {
		c(&s)
	}
	if s.Position == (orb.Point{}) {
		s.Position = InQuartier(t, Quartiers(t)[s.Quartier], nil)
	}
	s.Cell = cellOf(t, s.Position)
	write(t, pool, `
		insert into signalement (territoire, id, quartier, geom, cell, theme, note, occurred_from, occurred_to, reporter, origin, demo, received_at)
		values ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, ''), $8, $9, nullif($10, '00000000-0000-0000-0000-000000000000'::uuid), $11, $12, $13)`,
		s.Territoire, s.ID, s.Quartier, s.Position, s.Cell, string(s.Theme), s.Note, s.OccurredFrom, s.OccurredTo,
		s.Reporter, s.Origin, s.Demo, s.ReceivedAt)
	return s
}

// InQuartier draws a position inside an area, snapped; a nil source of chance
// always draws the same one.
func InQuartier(t testing.TB, area orb.MultiPolygon, chance *rand.Rand) orb.Point {
	t.Helper()
	if chance == nil {
		return geo.Anchor(area)
	}
	locator, err := geo.NewLocator([]geo.QuartierShape{{Code: "X", Shape: area}})
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	box := area.Bound()
	for range 10_000 {
		p := geo.Snap(orb.Point{
			box.Min[0] + chance.Float64()*(box.Max[0]-box.Min[0]),
			box.Min[1] + chance.Float64()*(box.Max[1]-box.Min[1])})
		if _, ok := locator.Locate(p); ok {
			return p
		}
	}
	t.Fatal("pgtest: no position found inside the area")
	return orb.Point{}
}

func cellOf(t testing.TB, p orb.Point) hexgrid.Cell {
	t.Helper()
	cell, err := hexgrid.CellOf(p, hexgrid.Stored)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return cell
}

// Count is a number that a query gives.
func Count(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(context.Background(), "select ("+sql+")::int", args...).Scan(&n); err != nil {
		t.Fatalf("pgtest: %s: %v", sql, err)
	}
	return n
}

// Token adds a token that may do all that a role may in Chambéry, or in the
// territoire that is named.
func Token(t testing.TB, pool *pgxpool.Pool, role string, territoire ...string) string {
	t.Helper()
	token := "qd1_" + uuid.NewString()
	digest := sha256.Sum256([]byte(token))
	write(t, pool, `insert into staff_token (territoire, digest, role, label, demo, scopes) values ($1, $2, $3, 'test', true, '{tout}')`,
		append(territoire, Chambery)[0], digest[:], role)
	return token
}
