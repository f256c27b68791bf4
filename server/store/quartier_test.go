package store_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// bordering draws a position on or very near a border: on an edge, at a vertex,
// or off it by anything from a rounding error to some metres, snapped or not.
func bordering(rings []orb.Ring, chance *rand.Rand) orb.Point {
	ring := rings[chance.IntN(len(rings))]
	i := 1 + chance.IntN(len(ring)-1)
	a, b := ring[i-1], ring[i]
	along := chance.Float64()
	if chance.IntN(4) == 0 {
		along = math.Round(along)
	}
	p := orb.Point{a[0] + along*(b[0]-a[0]), a[1] + along*(b[1]-a[1])}
	if chance.IntN(4) > 0 {
		away := math.Pow(10, -4-8*chance.Float64()) // 1e-4 to 1e-12 degree
		p[0] += (2*chance.Float64() - 1) * away
		p[1] += (2*chance.Float64() - 1) * away
	}
	if chance.IntN(2) == 0 {
		return geo.Snap(p)
	}
	return p
}

// TestLocatorEqualsSQL asks for the quartier of a million positions near
// borders, of the locator in memory and of the statement, and finds no
// difference.
func TestLocatorEqualsSQL(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	var rings []orb.Ring
	var shapes []geo.QuartierShape
	for code, shape := range pgtest.Quartiers(t) {
		shapes = append(shapes, geo.QuartierShape{Code: code, Shape: shape})
		for _, p := range shape {
			rings = append(rings, p...)
		}
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		t.Fatal(err)
	}
	rule, err := os.ReadFile("sql/quartier_at.sql")
	if err != nil {
		t.Fatal(err)
	}
	bulk := `select coalesce(q.code, '') from unnest($1::float8[], $2::float8[]) with ordinality as u(lon, lat, n)
		left join lateral (` + strings.NewReplacer("@territoire", "'"+pgtest.Chambery+"'",
		"@position::geometry", "ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326)").Replace(string(rule)) + `) q on true order by u.n`
	const batches, size = 20, 50_000
	chance := rand.New(rand.NewPCG(3, 4))
	outside, shared := 0, 0
	for range batches {
		points := make([]orb.Point, size)
		lon, lat := make([]float64, size), make([]float64, size)
		for i := range points {
			points[i] = bordering(rings, chance)
			lon[i], lat[i] = points[i][0], points[i][1]
		}
		rows, err := pool.Query(ctx, bulk, lon, lat)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; rows.Next(); i++ {
			var want string
			if err := rows.Scan(&want); err != nil {
				t.Fatal(err)
			}
			if got, _ := locator.Locate(points[i]); got != want {
				t.Fatalf("%v: locator %q, SQL %q", points[i], got, want)
			}
			if want == "" {
				outside++
			} else {
				shared++
			}
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
	}
	if outside+shared != batches*size || outside < size || shared < size {
		t.Errorf("%d positions in no quartier and %d in one, of %d", outside, shared, batches*size)
	}
}

func TestQuartierAt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	for at, want := range map[orb.Point]string{{5.9178, 45.5646}: "CE", {5.943, 45.617}: "", {2.35, 48.85}: ""} {
		if got, err := s.QuartierAt(ctx, pgtest.Chambery, at); err != nil || got != want {
			t.Errorf("%v: %q, %v; want %q", at, got, err, want)
		}
	}
}

func TestSearchPlaces(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	for i, nom := range []string{"Rue de l’Épée", "Place de la Rue", "Impasse Épée-Rue", "Avenue du Lac", "100 % Rue_"} {
		if _, err := pool.Exec(ctx, `insert into voie (territoire, id, nom, recherche, geom) values ($1, $2, $3, $4, $5)`,
			pgtest.Chambery, fmt.Sprint("v", i), nom, atelier.Fold(nom), orb.Point{5.91, 45.57}); err != nil {
			t.Fatal(err)
		}
	}
	s := store.New(pool)
	for typed, want := range map[string]string{
		"épée rue": "Rue de l’Épée, Impasse Épée-Rue",
		"RUE":      "Rue de l’Épée, 100 % Rue_, Place de la Rue, Impasse Épée-Rue",
		"lac":      "Avenue du Lac",
		"rue du":   "",
	} {
		found, err := s.SearchPlaces(ctx, pgtest.Chambery, strings.Fields(atelier.Fold(typed)), 10)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, p := range found {
			names = append(names, p.Nom)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}
