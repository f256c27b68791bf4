package analysis

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/hexmap"
)

// metersPerDegree of latitude, on the sphere of the mean Earth radius.
const metersPerDegree = math.Pi * 6_371_008.8 / 180

// Density is a picture of where reports or voices gather, never a test.
type Density struct {
	Bounds        orb.Bound // lon/lat degrees
	Columns, Rows int
	CellMeters    float64
	RadiusMeters  float64
	// N is what was spread: signalements, or residents.
	N float64
	// Breaks are the lower bounds of the classes 1 to 5, per hectare; class 0 is
	// below the first.
	Breaks [DensityClasses]float64
	// Classes row by row from the north-west corner.
	Classes []byte
}

// DensityClasses is the number of colours.
const DensityClasses = 5

const densityCell = 25 // metres

// steps are where the classes begin, as shares of the highest point.
var steps = [DensityClasses]float64{0.05, 0.15, 0.3, 0.5, 0.75}

// Density spreads what a filter keeps by the quartic kernel. Positions are the
// middles of hexagons of resolution 11 (some 50 m wide), so that the picture says
// no more than the hexagons do. With felt empty signalements are spread; else the
// residents who feel so, each weighing one however many places he or she marked.
func (v *View) Density(f hexmap.Filter, felt atelier.Felt, radiusMeters float64) hexstat.Result[Density] {
	s, ok := v.scanOf(f)
	if !ok {
		return hexstat.Unknown[Density](hexstat.NoData)
	}
	weights := make([]float64, len(v.cells))
	if felt == "" {
		weights = v.perCell(s)
	} else {
		v.spreadVoices(weights, s, felt)
	}
	var spread []Weighted
	for i, w := range weights {
		if w > 0 {
			spread = append(spread, Weighted{v.cells[i].Centre(), w})
		}
	}
	return Spread(v.City.Emprise, spread, radiusMeters)
}

// Weighted is an amount at a position (lon/lat degrees).
type Weighted struct {
	At     orb.Point
	Weight float64
}

// Spread draws amounts as a surface over bounds, by the quartic kernel.
func Spread(bounds orb.Bound, spread []Weighted, radiusMeters float64) hexstat.Result[Density] {
	if len(spread) == 0 {
		return hexstat.Unknown[Density](hexstat.NoEvents)
	}
	d := Density{CellMeters: densityCell, RadiusMeters: radiusMeters, Bounds: bounds}
	origin := d.Bounds.Min
	east := metersPerDegree * math.Cos(d.Bounds.Center()[1]*math.Pi/180)
	var points []hexstat.PlanePoint
	for _, p := range spread {
		points = append(points, hexstat.PlanePoint{X: hexstat.Metres((p.At[0] - origin[0]) * east),
			Y: hexstat.Metres((p.At[1] - origin[1]) * metersPerDegree), Weight: p.Weight})
		d.N += p.Weight
	}
	d.Columns = int(math.Ceil((d.Bounds.Max[0] - origin[0]) * east / densityCell))
	d.Rows = int(math.Ceil((d.Bounds.Max[1] - origin[1]) * metersPerDegree / densityCell))
	// The picture ends on a whole cell, a little beyond the territoire.
	d.Bounds.Max = orb.Point{origin[0] + float64(d.Columns)*densityCell/east, origin[1] + float64(d.Rows)*densityCell/metersPerDegree}
	surface, ok := hexstat.KernelSurface(points, hexstat.Raster{Cell: densityCell, Columns: d.Columns, Rows: d.Rows}, hexstat.Metres(radiusMeters)).Get()
	if !ok {
		return hexstat.Unknown[Density](hexstat.InvalidInput)
	}
	d.classify(surface)
	return hexstat.Known(d)
}

// Area is a rectangle of one class.
type Area struct {
	orb.Bound // lon/lat degrees
	Class     int
}

// Areas are the coloured parts of the picture: cells of one class that follow each
// other in a row, joined with the same stretch of the rows below.
func (d *Density) Areas() []Area {
	type stretch struct{ first, end, class int }
	across, up := (d.Bounds.Max[0]-d.Bounds.Min[0])/float64(d.Columns), (d.Bounds.Max[1]-d.Bounds.Min[1])/float64(d.Rows)
	var out []Area
	above := map[stretch]int{} // index in out
	for row := range d.Rows {
		here := map[stretch]int{}
		cells := d.Classes[row*d.Columns:][:d.Columns]
		bottom := d.Bounds.Max[1] - float64(row+1)*up
		for first := 0; first < d.Columns; {
			s := stretch{first, first + 1, int(cells[first])}
			for s.end < d.Columns && int(cells[s.end]) == s.class {
				s.end++
			}
			if i, joined := above[s]; s.class > 0 && joined {
				out[i].Min[1], here[s] = bottom, i
			} else if s.class > 0 {
				here[s] = len(out)
				out = append(out, Area{orb.Bound{Min: orb.Point{d.Bounds.Min[0] + float64(first)*across, bottom},
					Max: orb.Point{d.Bounds.Min[0] + float64(s.end)*across, bottom + up}}, s.class})
			}
			first = s.end
		}
		above = here
	}
	return out
}

func (d *Density) classify(s hexstat.Surface) {
	const hectare = 10_000
	top := slices.Max(s.Density) * hectare
	for i := range d.Breaks {
		d.Breaks[i] = top * steps[i]
	}
	d.Classes = make([]byte, len(s.Density))
	for row := range d.Rows {
		for column := range d.Columns {
			height := s.Density[row*d.Columns+column] * hectare
			class := byte(0)
			for _, from := range d.Breaks {
				if height >= from {
					class++
				}
			}
			d.Classes[(d.Rows-1-row)*d.Columns+column] = class
		}
	}
}

// spreadVoices gives each resident a weight of one, shared between the hexagons
// that he or she marked.
func (v *View) spreadVoices(weights []float64, s scan, felt atelier.Felt) {
	marked := map[uint32]map[uint32]bool{}
	for _, m := range v.markers(s) {
		if m.unsafe != (felt == atelier.Unsafe) {
			continue
		}
		if marked[m.person] == nil {
			marked[m.person] = map[uint32]bool{}
		}
		for _, c := range m.cells {
			marked[m.person][c] = true
		}
	}
	for _, cells := range marked {
		for c := range cells {
			weights[c] += 1 / float64(len(cells))
		}
	}
}
