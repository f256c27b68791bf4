package hexmap_test

import (
	"context"
	"testing"

	"quietude/geo/hexgrid"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
)

// benchRows is some years of a city of a million inhabitants.
const benchRows = 200_000

// BenchmarkView reads benchRows signalements from the start, follows one more,
// and counts a quartier.
func BenchmarkView(b *testing.B) {
	pool := pgtest.Pool(b)
	pgtest.Territoire(b, pool)
	first := pgtest.Signalement(b, pool)
	if _, err := pool.Exec(context.Background(), `
		insert into signalement (territoire, id, quartier, geom, cell, theme, occurred_from, occurred_to, origin)
		select territoire, gen_random_uuid(), quartier, geom,
			-- any cell below the same parent of resolution 8
			(cell & ~(511::bigint << 12)) | ((n % 7)::bigint << 18) | ((n / 7 % 7)::bigint << 15) | ((n / 49 % 7)::bigint << 12),
			(array['BRU', 'OCC', 'CIR', 'PRO'])[1 + n % 4], occurred_from - n * interval '7 minutes', occurred_to - n * interval '7 minutes', 'demo'
		from signalement, generate_series(1, $1) n where id = $2`, benchRows, first.ID); err != nil {
		b.Fatal(err)
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			view(b, newMaps(pool))
		}
	})
	maps := newMaps(pool)
	view(b, maps)
	b.Run("follow", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			pgtest.Signalement(b, pool)
			maps.Touch(pgtest.Chambery)
			b.StartTimer()
			view(b, maps)
		}
	})
	b.Run("fresh", func(b *testing.B) {
		for b.Loop() {
			view(b, maps)
		}
	})
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			counts(b, view(b, maps), hexmap.Filter{Quartier: "CE", Themes: []string{"BRU"}}, hexgrid.Stored)
		}
	})
}
