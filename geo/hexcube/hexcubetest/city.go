// Package hexcubetest makes the rows of an imaginary city for tests and
// benchmarks: fictional data, the same for the same seed on every machine.
package hexcubetest

import (
	"encoding/binary"
	"iter"
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

// City describes the rows to make. Ten years of a large city are about 10
// million rows.
type City struct {
	// Rows is the number of rows; the last zone may be cut short.
	Rows int
	// Seed chooses among cities.
	Seed uint64
}

// The shape of the city: as wide as Paris, around the middle of Chambéry.
const (
	radiusMetres  = 5_800
	addresses     = 150_000
	hotSpots      = 60
	shareHotSpots = 0.6 // of addresses in hot spots
	markerShare   = 0.2 // of markers among items; with their zones, 0.35 of the rows
	zoneShare     = 0.2 // of zones among markers
	origins       = 3   // of signalements, as common as each other
	quartiers     = 8   // numbered from 1; outside the inner city there is none
	years         = 10
)

var (
	middle = orb.Point{5.9178, 45.5646}
	// Start is the beginning of the first year.
	Start = time.Date(2016, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// address is a place where things happen, with its hexagon worked out once.
type address struct {
	at       orb.Point
	cell     hexgrid.Cell
	quartier uint16
}

// All yields each row with the lon/lat position of its marker or signalement.
func (c City) All() iter.Seq2[hexcube.Row, orb.Point] {
	return func(yield func(hexcube.Row, orb.Point) bool) {
		g := generator{rand: rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15)), rows: c.Rows}
		g.build()
		for left := c.Rows; left > 0; {
			rows, at := g.item()
			for _, r := range rows[:min(left, len(rows))] {
				if !yield(r, at) {
					return
				}
			}
			left -= len(rows)
		}
	}
}

type generator struct {
	rand      *rand.Rand
	rows      int
	addresses []address
	zones     map[hexgrid.Cell][]hexgrid.Cell
	items     uint64
	batch     []hexcube.Row
}

func (g *generator) build() {
	g.zones = make(map[hexgrid.Cell][]hexgrid.Cell)
	type hotSpot struct{ east, north, spread float64 }
	var spots []hotSpot
	for range hotSpots {
		east, north := g.inDisc(radiusMetres * 0.8)
		spots = append(spots, hotSpot{east, north, 40 + 260*g.rand.Float64()})
	}
	for len(g.addresses) < addresses {
		east, north := g.inDisc(radiusMetres)
		if g.rand.Float64() < shareHotSpots {
			// The first spots draw more than the last ones.
			s := spots[int(hotSpots*math.Pow(g.rand.Float64(), 1.6))]
			east, north = s.east+s.spread*g.rand.NormFloat64(), s.north+s.spread*g.rand.NormFloat64()
		}
		at := position(east, north)
		if cell, err := hexgrid.CellOf(at, hexgrid.Stored); err == nil {
			g.addresses = append(g.addresses, address{at, cell, quartierOf(east, north)})
		}
	}
}

// inDisc draws a place evenly in a disc around the middle, in metres.
func (g *generator) inDisc(radius float64) (east, north float64) {
	r, angle := radius*math.Sqrt(g.rand.Float64()), 2*math.Pi*g.rand.Float64()
	return r * math.Cos(angle), r * math.Sin(angle)
}

// position is lon/lat of a place given in metres from the middle.
func position(east, north float64) orb.Point {
	const metresPerDegree = 111_195
	return orb.Point{
		middle[0] + east/(metresPerDegree*math.Cos(middle[1]*math.Pi/180)),
		middle[1] + north/metresPerDegree,
	}
}

// quartierOf cuts the inner city like a cake.
func quartierOf(east, north float64) uint16 {
	if math.Hypot(east, north) > radiusMetres*0.9 {
		return 0
	}
	turn := (math.Atan2(north, east) + math.Pi) / (2 * math.Pi)
	return 1 + uint16(turn*quartiers)%quartiers
}

// item makes one marker or signalement. The rows are valid until the next call.
func (g *generator) item() ([]hexcube.Row, orb.Point) {
	g.items++
	// Some addresses are heard of much more than others.
	u := g.rand.Float64()
	where := g.addresses[int(u*u*addresses)]
	when := g.when()
	r := hexcube.Row{
		Cell: where.cell, Quartier: where.quartier, At: when.Unix(), Hour: hexcube.HourAt(when),
		Themes: g.theme(), Anchor: true,
	}
	binary.BigEndian.PutUint64(r.ID[:8], g.items)
	binary.BigEndian.PutUint64(r.ID[8:], g.rand.Uint64())
	if g.rand.Float64() < 0.05 {
		r.Hour = hexcube.NoHour
	}
	if g.rand.Float64() < markerShare {
		return g.marker(r), where.at
	}
	if g.rand.Float64() >= 0.2 { // the others are anonymous
		r.Contributor = 1 + uint32(float64(g.reporters())*g.rand.Float64()*g.rand.Float64())
	}
	r.Origin = 1 + uint16(g.items%origins)
	g.batch = append(g.batch[:0], r)
	return g.batch, where.at
}

// reporters is how many people report: their numbers come before those of the
// participants.
func (g *generator) reporters() uint32 { return uint32(g.rows/4 + 1) }

// marker turns a row into a point or a zone of a participant.
func (g *generator) marker(r hexcube.Row) []hexcube.Row {
	r.Felt = hexcube.Unsafe
	if g.rand.Float64() < 0.35 {
		r.Felt = hexcube.Safe
	}
	if g.rand.Float64() < 0.4 {
		r.Themes |= g.theme()
	}
	participant := uint32(g.rand.IntN(g.rows/60 + 20))
	r.Contributor = 1 + g.reporters() + participant
	r.Atelier = 1 + participant/20
	g.batch = append(g.batch[:0], r)
	if g.rand.Float64() < zoneShare {
		r.Anchor = false
		for _, r.Cell = range g.around(r.Cell) {
			g.batch = append(g.batch, r)
		}
	}
	return g.batch
}

func (g *generator) around(cell hexgrid.Cell) []hexgrid.Cell {
	around, known := g.zones[cell]
	if !known {
		around = cell.Neighbours()
		g.zones[cell] = around
	}
	return around
}

// when draws a moment of the ten years, evenings three times as often.
func (g *generator) when() time.Time {
	day := g.rand.IntN(years * 365)
	hour := g.rand.IntN(24)
	if g.rand.IntN(2) == 0 {
		hour = 18 + g.rand.IntN(6)
	}
	return Start.Add(time.Duration(day*24+hour)*time.Hour + time.Duration(g.rand.IntN(3600))*time.Second)
}

// theme draws one family, the first more often than the last.
func (g *generator) theme() hexcube.ThemeSet {
	u := g.rand.Float64()
	return 1 << int(hexcube.Themes*u*math.Sqrt(u))
}
