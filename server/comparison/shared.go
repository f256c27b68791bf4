package comparison

import (
	"context"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/store"
)

// SharedPlaces are the places where residents agree beyond chance.
type SharedPlaces struct {
	Measure      Measure            `json:"measure"`
	Resolution   hexgrid.Resolution `json:"resolution"`
	Ateliers     int                `json:"ateliers"`
	Participants int                `json:"participants"` // n
	Speakers     int                `json:"speakers"`     // who named at least one hexagon
	Hexagons     int                `json:"hexagons"`     // of the quartier
	Maps         int                `json:"maps"`
	Seed         uint64             `json:"seed"`
	Alpha        float64            `json:"alpha"`
	// Places is without a value when no test can be made.
	Places hexstat.Result[[]SharedPlace] `json:"places"`
}

// SharedPlace is one of them.
type SharedPlace struct {
	Hexagons []hexgrid.Cell `json:"hexagons"`
	Peak     hexgrid.Cell   `json:"peak"`
	Centre   orb.Point      `json:"centre"` // of the peak, lon/lat degrees
	People   int            `json:"people"`
	// Expected is how many people chance alone lets one expect on the peak and
	// its ring, where Voices were counted.
	Voices   int     `json:"voices"`
	Expected float64 `json:"expected"`
	P        float64 `json:"p"`
	// Interval is the Wilson interval of People among the participants.
	Interval hexstat.Result[hexstat.Interval] `json:"interval"`
}

// FindSharedPlaces runs the participant permutation test in a quartier for the
// residents of one side. Addresses are not known to the service, so that each
// hexagon counts alike as a home.
func FindSharedPlaces(ctx context.Context, area orb.MultiPolygon, data store.Compared, side Side, m Measure, r hexgrid.Resolution, seed uint64,
	progress func(done, total int)) (SharedPlaces, error) {
	cells, err := hexgrid.Reachable(area, r)
	if err != nil {
		return SharedPlaces{}, err
	}
	g := &Ground{Resolution: r, Cells: cells, index: map[hexgrid.Cell]int32{}}
	for i, c := range cells {
		g.index[c] = int32(i)
	}
	s := g.Take(data, side, m)
	out := SharedPlaces{Measure: m, Resolution: r, Ateliers: len(s.Evenings), Participants: s.People, Speakers: s.Speakers(), Hexagons: len(cells),
		Maps: hexstat.DefaultMaps, Seed: seed, Alpha: hexstat.Alpha}
	lattice, err := hexgrid.Lattice(cells)
	if err != nil {
		return SharedPlaces{}, err
	}
	axial := make([]hexstat.Axial, len(lattice))
	for i, at := range lattice {
		axial[i] = hexstat.AxialFromIJ(at.I, at.J)
	}
	ground, why := hexstat.NewGround(axial, nil)
	if why != "" {
		out.Places = hexstat.Unknown[[]SharedPlace](why)
		return out, nil
	}
	result, err := hexstat.SharedPlaces(ctx, ground, s.Footprints,
		hexstat.SharedPlaceOptions{Maps: out.Maps, Seed: seed, Reach: hexstat.WithRing, Progress: progress})
	if err != nil {
		return SharedPlaces{}, err
	}
	test, ok := result.Get()
	if !ok {
		out.Places = hexstat.Unknown[[]SharedPlace](result.Reason)
		return out, nil
	}
	places := []SharedPlace{}
	for _, p := range test.Places(ground, s.Footprints, hexstat.Alpha) {
		peak := test.Hexagons[p.Peak]
		place := SharedPlace{Peak: cells[p.Peak], Centre: cells[p.Peak].Centre(), People: p.People, Voices: peak.Voices,
			Expected: peak.Expected, P: p.P, Interval: hexstat.Wilson(p.People, s.People, hexstat.Level95)}
		for _, h := range p.Hexagons {
			place.Hexagons = append(place.Hexagons, cells[h])
		}
		places = append(places, place)
	}
	out.Places = hexstat.Known(places)
	return out, nil
}
