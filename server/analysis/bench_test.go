package analysis

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// million is a city with a million signalements of the last three years, a fifth
// of them with an hour known only to within several hours.
func million(b *testing.B) *View {
	b.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	city := &hexmap.City{Zone: zone, Areas: []atelier.Quartier{{Code: "A"}, {Code: "B"}, {Code: "C"}}}
	cells := make([]hexgrid.Cell, 6000)
	for i := range cells {
		if cells[i], err = hexgrid.CellOf(orb.Point{5.88 + chance.Float64()*0.08, 45.54 + chance.Float64()*0.08}, hexgrid.Stored); err != nil {
			b.Fatal(err)
		}
	}
	w := newWriter(city)
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 1_000_000 {
		from := start.Add(time.Duration(chance.IntN(3*365*24)) * time.Hour)
		to := from
		if chance.IntN(5) == 0 {
			to = from.Add(6 * time.Hour)
		}
		w.signalement(&store.CountedSignalement{ID: uuid.New(), Quartier: string(rune('A' + chance.IntN(3))), Cell: cells[chance.IntN(len(cells))],
			Theme: atelier.Themes[chance.IntN(10)], OccurredFrom: from, OccurredTo: to})
	}
	book := &book{writer: w}
	book.publish(city, "bench", make([]uint64, len(w.ids)/64+1), len(w.ids), nil, nil)
	return book.view
}

// BenchmarkFilterChange is what one change of a filter costs the server: the
// counts of the page, and the hexagons of the map.
func BenchmarkFilterChange(b *testing.B) {
	v := million(b)
	var evenings hexcube.HourSet
	for day := range 7 {
		for hour := 18; hour < 24; hour++ {
			evenings.Add(hexcube.HourOf(day, hour))
		}
	}
	filters := map[string]hexmap.Filter{
		"everything": {},
		"evenings":   {Hours: evenings},
		"all of it":  {Hours: evenings, Themes: []string{"BRU", "OCC"}, Quartier: "A", From: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	for name, f := range filters {
		b.Run("counts/"+name, func(b *testing.B) {
			for b.Loop() {
				v.Count(f)
			}
		})
		b.Run("hexagons/"+name, func(b *testing.B) {
			for b.Loop() {
				v.Cross(f, 10)
			}
		})
	}
}
