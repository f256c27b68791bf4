package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"quietude/geo/hexgrid"
	"quietude/geo/tile"
	"quietude/server/atelier"
	"quietude/server/pgtest"
)

// number is what any of the three sides says of one hexagon.
type number struct{ Unsafe, Safe, Markers, Signalements int }

// fill loads random markers (points and zones, some deleted or hidden) and
// signalements (some hidden, some in no quartier).
func fill(n *node, chance *rand.Rand) atelier.Atelier {
	n.t.Helper()
	quartiers := pgtest.Quartiers(n.t)
	codes := []string{}
	for code := range quartiers {
		codes = append(codes, code)
	}
	var last atelier.Atelier
	for i, code := range codes {
		last = pgtest.Atelier(n.t, n.pool, func(a *atelier.Atelier) {
			a.Quartier = code
			a.StartsAt = a.StartsAt.AddDate(0, -i, 0)
			a.ClosesAt = a.StartsAt.Add(time.Hour)
		})
		people := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
		for j := range 15 {
			pgtest.Marker(n.t, n.pool, last, func(m *atelier.Marker) {
				at := pgtest.InQuartier(n.t, quartiers[code], chance)
				m.Author, m.Geometry = people[chance.IntN(4)], at
				if j%3 == 0 {
					d := 0.0002 + chance.Float64()*0.002
					m.Geometry = orb.Polygon{{at, {at[0] + d, at[1]}, {at[0] + d, at[1] + d}, {at[0], at[1] + d}, at}}
				}
				m.Felt = []atelier.Felt{atelier.Unsafe, atelier.Safe}[chance.IntN(2)]
				m.Themes = []string{string(atelier.Themes[chance.IntN(10)]), "BRU"}[:1+chance.IntN(2)]
				if m.Themes[0] == "BRU" {
					m.Themes = m.Themes[:1]
				}
				m.Deleted, m.Hidden = chance.IntN(10) == 0, chance.IntN(10) == 0
			})
		}
		for range 30 {
			s := pgtest.Signalement(n.t, n.pool, func(s *atelier.Signalement) {
				s.Quartier, s.Position = code, pgtest.InQuartier(n.t, quartiers[code], chance)
				s.Theme = atelier.Themes[chance.IntN(10)]
				s.OccurredFrom = now.Add(-time.Duration(chance.IntN(365*24)) * time.Hour)
				s.OccurredTo = s.OccurredFrom
			})
			if chance.IntN(10) == 0 {
				if _, err := n.pool.Exec(context.Background(), `update signalement set hidden = true where id = $1`, s.ID); err != nil {
					n.t.Fatal(err)
				}
			}
		}
	}
	pgtest.Signalement(n.t, n.pool, func(s *atelier.Signalement) { s.Quartier, s.Position = "", orb.Point{5.943, 45.617} })
	return last
}

// question is one filter, for SQL and for an address.
type question struct {
	query string
	// marker and signalement are conditions on m (with its atelier a) and s.
	marker, signalement string
}

// oracle counts in SQL, with H3's parents by the arithmetic that hexgrid
// documents. Voices are told over the footprint and the anchor.
func oracle(n *node, quartier string, r hexgrid.Resolution, q question) map[string]number {
	n.t.Helper()
	parent := func(cell string) string {
		return strings.NewReplacer("@cell", cell, "@resolution", fmt.Sprint(int(r))).Replace(hexgrid.ParentSQL)
	}
	sql := `
		with m as (
			select m.* from marker m join atelier a on a.id = m.atelier
			where not m.deleted and not m.hidden and ($1 = '' or m.quartier = $1) and ` + q.marker + `
		), s as (
			select s.* from signalement s where not s.hidden and ($1 = '' or s.quartier = $1) and ` + q.signalement + `
		), foot as (
			select m.participant, m.felt, c.cell from m join marker_cell c on c.marker = m.id
			union select participant, felt, cell from m
		), rows as (
			select ` + parent("cell") + ` as hex, participant, felt, 0 as markers, 0 as signalements from foot
			union all select ` + parent("cell") + `, null, null, 1, 0 from m
			union all select ` + parent("cell") + `, null, null, 0, 1 from s
		)
		select to_hex(hex), count(distinct participant) filter (where felt = 'unsafe'),
			count(distinct participant) filter (where felt = 'safe'), sum(markers), sum(signalements)
		from rows group by hex`
	rows, err := n.pool.Query(context.Background(), sql, quartier)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]number{}
	for rows.Next() {
		var hex string
		var c number
		if err := rows.Scan(&hex, &c.Unsafe, &c.Safe, &c.Markers, &c.Signalements); err != nil {
			n.t.Fatal(err)
		}
		out[hex] = c
	}
	if rows.Err() != nil {
		n.t.Fatal(rows.Err())
	}
	return out
}

// fromGeoJSON reads …/hexagones, whose features come sorted by cell.
func fromGeoJSON(n *node, quartier string, r hexgrid.Resolution, query string) map[string]number {
	n.t.Helper()
	var c struct {
		Features []struct {
			ID         string
			Properties struct {
				number
				H3, Quartier string
				Resolution   int
				Contested    *float64
			}
		}
	}
	n.into(n.get(fmt.Sprintf("/api/v1/quartiers/%s/hexagones?resolution=%d%s", quartier, r, query)), http.StatusOK, &c)
	out := map[string]number{}
	for i, f := range c.Features {
		p := f.Properties
		if f.ID != p.H3 || p.Quartier != quartier || p.Resolution != int(r) || (p.Contested == nil) != (p.Unsafe+p.Safe == 0) {
			n.t.Errorf("feature %+v", f)
		}
		if i > 0 && c.Features[i-1].ID >= f.ID {
			n.t.Errorf("%s follows %s", f.ID, c.Features[i-1].ID)
		}
		out[f.ID] = p.number
	}
	return out
}

// fromTiles reads every tile of a zoom over the territoire; hexagons that
// several tiles show must say the same in each.
func fromTiles(n *node, zoom maptile.Zoom, query string) map[string]number {
	n.t.Helper()
	box := n.city.Emprise.Pad(0.01)
	first, last := maptile.At(orb.Point{box.Min[0], box.Max[1]}, zoom), maptile.At(orb.Point{box.Max[0], box.Min[1]}, zoom)
	out := map[string]number{}
	for x := first.X; x <= last.X; x++ {
		for y := first.Y; y <= last.Y; y++ {
			w := n.get(fmt.Sprintf("/tiles/hexagones/%d/%d/%d.mvt?%s", zoom, x, y, query))
			if w.Code == http.StatusNoContent {
				continue
			}
			layers, err := mvt.Unmarshal(w.Body.Bytes())
			if w.Code != http.StatusOK || err != nil || len(layers) != 1 || layers[0].Name != "hexagones" {
				n.t.Fatalf("tile %d/%d/%d: status %d, %v", zoom, x, y, w.Code, err)
			}
			for _, f := range layers[0].Features {
				h3, c := f.Properties.MustString("h3"), number{}
				for name, field := range map[string]*int{"unsafe": &c.Unsafe, "safe": &c.Safe, "markers": &c.Markers, "signalements": &c.Signalements} {
					*field = int(f.Properties.MustFloat64(name, 0))
				}
				if known, ok := out[h3]; ok && known != c {
					n.t.Errorf("%s is %v in one tile and %v in another", h3, known, c)
				}
				out[h3] = c
			}
		}
	}
	return out
}

func compare(t *testing.T, name string, got, want map[string]number) {
	t.Helper()
	for h3, w := range want {
		if g := got[h3]; g != w {
			t.Errorf("%s: %s is %+v, want %+v", name, h3, g, w)
		}
	}
	for h3, g := range got {
		if _, ok := want[h3]; !ok {
			t.Errorf("%s: %s is %+v, want nothing", name, h3, g)
		}
	}
}

// TestCountsAgree holds the hexagons of GeoJSON and of tiles against counts
// made by SQL, for every quartier, resolution and kind of filter.
func TestCountsAgree(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	a := fill(n, rand.New(rand.NewPCG(7, 8)))
	questions := []question{
		{"", "true", "true"},
		{"&felt=unsafe", "m.felt = 'unsafe'", "false"},
		{"&felt=safe&source=markers", "m.felt = 'safe'", "false"},
		{"&source=signalements", "false", "true"},
		{"&theme=BRU,VOI", "m.themes && array['BRU', 'VOI']", "s.theme in ('BRU', 'VOI')"},
		{"&from=2025-10-26&to=2026-01-12", "a.starts_at >= '2025-10-26 00:00 Europe/Paris' and a.starts_at < '2026-01-13 00:00 Europe/Paris'",
			"s.occurred_from >= '2025-10-26 00:00 Europe/Paris' and s.occurred_from < '2026-01-13 00:00 Europe/Paris'"},
		{"&atelier=" + a.ID.String(), "a.id = '" + a.ID.String() + "'", "false"},
		{"&hours=18-23,0-5&days=1-5", "false", `s.occurred_to - s.occurred_from <= interval '1 hour'
			and extract(hour from s.occurred_from at time zone 'Europe/Paris') not between 6 and 17
			and extract(isodow from s.occurred_from at time zone 'Europe/Paris') < 6`},
		{"&days=7", "false", `s.occurred_to - s.occurred_from <= interval '1 hour'
			and extract(isodow from s.occurred_from at time zone 'Europe/Paris') = 7`},
	}
	hexagons := 0
	for quartier := range pgtest.Quartiers(t) {
		for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
			for _, q := range questions {
				want := oracle(n, quartier, r, q)
				compare(t, fmt.Sprintf("geojson %s %d %s", quartier, r, q.query), fromGeoJSON(n, quartier, r, q.query), want)
				hexagons += len(want)
			}
			want := oracle(n, quartier, r, questions[0])
			compare(t, fmt.Sprintf("tiles %s %d", quartier, r), fromTiles(n, 12, fmt.Sprintf("quartier=%s&resolution=%d", quartier, r)), want)
		}
	}
	if hexagons < 1000 {
		t.Errorf("only %d hexagons were compared", hexagons)
	}
	for _, zoom := range []maptile.Zoom{0, 8, 11, 12, 14, 16} {
		r := tile.ResolutionFor(uint32(zoom))
		for _, q := range questions {
			compare(t, fmt.Sprintf("tiles of zoom %d %s", zoom, q.query), fromTiles(n, zoom, strings.TrimPrefix(q.query, "&")), oracle(n, "", r, q))
		}
	}
}
