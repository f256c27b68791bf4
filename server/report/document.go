package report

import (
	"time"

	"github.com/paulmach/orb"
)

// Document is a text to be read, printed or edited: written once, given as HTML,
// PDF and ODT with the same words in the same order. The same document gives
// the same bytes.
type Document struct {
	Title  string
	Lines  []string // under the title
	Demo   bool
	Made   time.Time // day that the files carry; nothing reads the clock
	Blocks []Block
}

// Block is a Heading, a Paragraph, Bullets, a Grid or a Plan.
type Block interface{ block() }

// Heading opens a section; Level 2 is right under the title.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is a paragraph of text.
type Paragraph string

// Bullets is a list.
type Bullets []string

// Grid is a table. Shares are the widths of its columns, of a sum of 1.
type Grid struct {
	Caption string
	Head    []string
	Shares  []float64
	Rows    [][]string
}

// Plan is a map of hexagons. Alt says in words what it shows; the numbers are
// in a Grid that follows it.
type Plan struct {
	Title    string
	Alt      string
	Map      PaperMap
	Hexagons []PlanHexagon
}

// Reading is what residents say of a hexagon.
type Reading string

// The readings. Each has a pattern of its own, for a grey printer.
const (
	ReadUnsafe    Reading = "unsafe"    // a triangle
	ReadSafe      Reading = "safe"      // a circle
	ReadContested Reading = "contested" // hatched, a square
	// ReadReports is for signalements, of which nobody says what they feel: a
	// square without hatches, on a map of its own.
	ReadReports Reading = "signalements"
)

// PlanHexagon is a hexagon of a Plan.
type PlanHexagon struct {
	Ring     orb.Ring // lon/lat degrees, closed
	Number   int      // its line in the grid
	Reading  Reading
	Strength int // 0 the palest to 4 the darkest
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Bullets) block()   {}
func (Grid) block()      {}
func (Plan) block()      {}

// ramps are the fills of a reading by strength; their luminance falls, so that
// they stay apart in grey.
var ramps = map[Reading][5][3]int{
	ReadUnsafe:    {{253, 235, 220}, {248, 199, 157}, {236, 149, 91}, {207, 97, 40}, {138, 54, 15}},
	ReadSafe:      {{223, 240, 245}, {173, 218, 230}, {107, 181, 204}, {39, 133, 165}, {10, 80, 107}},
	ReadContested: {{238, 233, 245}, {217, 207, 232}, {189, 173, 214}, {150, 127, 188}, {95, 70, 148}},
	ReadReports:   {{236, 238, 241}, {201, 206, 214}, {155, 163, 176}, {104, 113, 130}, {52, 59, 74}},
}

// edges are the lines around a hexagon, and its shape.
var edges = map[Reading][3]int{ReadUnsafe: {122, 47, 12}, ReadSafe: {9, 69, 92}, ReadContested: {71, 52, 112}, ReadReports: {43, 49, 64}}

// fill gives the colour of a hexagon.
func (h PlanHexagon) fill() [3]int { return ramps[h.Reading][min(max(h.Strength, 0), 4)] }

// legend says what the shapes of a plan mean.
func (p Plan) legend() string {
	for _, h := range p.Hexagons {
		if h.Reading == ReadReports {
			return "chaque carré porte le numéro de sa ligne dans le tableau ; plus l’hexagone est foncé, plus il y a de signalements"
		}
	}
	return "triangle : ne se sentent pas en sécurité ; rond : se sentent plutôt en sécurité ; carré et hachures : avis partagés"
}

// The frame of a plan in a document, millimetres: the width of a page of text.
const (
	planWidth  = pageWidth - 2*margin
	planHeight = 112.0
)

// PlanBox is what a plan of an outline shows, degrees.
func PlanBox(outline orb.MultiPolygon) orb.Bound { return planFrame(outline, 0, 0).box }

func planFrame(outline orb.MultiPolygon, left, top float64) sheet {
	return newSheet(outline.Bound(), left, top, planWidth, planHeight)
}

// hatches are the parallel lines at 45° that cross a convex ring, gap
// millimetres apart.
func hatches(ring []point, gap float64) [][2]point {
	if len(ring) < 3 {
		return nil
	}
	low, high := ring[0].x+ring[0].y, ring[0].x+ring[0].y
	for _, p := range ring {
		low, high = min(low, p.x+p.y), max(high, p.x+p.y)
	}
	var out [][2]point
	for c := low + gap/2; c < high; c += gap {
		var met []point
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			da, db := a.x+a.y-c, b.x+b.y-c
			if da < 0 == (db < 0) {
				continue
			}
			t := da / (da - db)
			met = append(met, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
		}
		if len(met) == 2 {
			out = append(out, [2]point{met[0], met[1]})
		}
	}
	return out
}

// point is a position on a page, millimetres from its top left.
type point struct{ x, y float64 }

// points places a ring on a page; the last corner, which repeats the first, is
// left out.
func (s sheet) points(ring orb.Ring) []point {
	var out []point
	for i, p := range ring {
		if i == len(ring)-1 && i > 0 && p == ring[0] {
			break
		}
		at := s.at(p)
		out = append(out, point{at.X, at.Y})
	}
	return out
}

// middle is the mean of the corners.
func middle(ring []point) point {
	var m point
	for _, p := range ring {
		m.x, m.y = m.x+p.x/float64(len(ring)), m.y+p.y/float64(len(ring))
	}
	return m
}

// Moment writes « jeudi 12 mars 2026, 18 h 30 » in the zone of t.
func Moment(t time.Time) string { return frenchDate(t) }

// Day writes « 12 mars 2026 ».
func Day(t time.Time) string { return frenchDay(t) }
