package report

import (
	"math"
	"strings"

	"github.com/go-pdf/fpdf"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
)

// lettering is how a kind of name is written on the map of a table. Five people
// read it at arm's length, in a hall: nothing is below 9 points, but the alleys of a
// dense centre, which would have no name at all.
type lettering struct {
	style string
	size  float64 // points
	ink   [3]int
}

var (
	mainLetters     = lettering{"B", 12, [3]int{29, 36, 51}}
	streetLetters   = lettering{"", 9.5, [3]int{29, 36, 51}}
	alleyLetters    = lettering{"", 8, [3]int{29, 36, 51}}
	landmarkLetters = lettering{"BI", 10, [3]int{62, 44, 110}}
)

const (
	millimetresPerPoint = 25.4 / 72
	// lineAdvance is a line of text, in heights of its letters.
	lineAdvance = 1.12
	// nameApart is how far the same name of a main street is repeated, millimetres.
	nameApart = 130.0
	// longestLine is how many letters of a landmark's name stand on a line, of a
	// name that would need more than three lines longerLine.
	longestLine = 20
	longerLine  = 28
)

// toponym is a name at its place.
type toponym struct {
	lettering
	lines []string // in the encoding of the font
	at    fpdf.PointType
	angle float64 // degrees, anticlockwise, never upside down
	// discs cover the letters: no disc of another name may meet them.
	discs  []fpdf.PointType
	radius float64
}

// newToponym covers a name that is centred at a place.
func (c paper) newToponym(l lettering, lines []string, at fpdf.PointType, angle float64) toponym {
	t := toponym{lettering: l, lines: lines, at: at, angle: angle, radius: l.size * millimetresPerPoint * lineAdvance / 2}
	turn := -angle * math.Pi / 180
	c.SetFont("Helvetica", l.style, l.size)
	for i, line := range lines {
		below := (float64(i) - float64(len(lines)-1)/2) * 2 * t.radius
		half := max(0, c.GetStringWidth(line)/2-t.radius/2)
		n := max(1, int(math.Ceil(2*half/t.radius)))
		for k := 0; k <= n; k++ {
			along := (2*float64(k)/float64(n) - 1) * half
			t.discs = append(t.discs, fpdf.PointType{X: at.X + along*math.Cos(turn) - below*math.Sin(turn), Y: at.Y + along*math.Sin(turn) + below*math.Cos(turn)})
		}
	}
	return t
}

func (t toponym) meets(other toponym) bool {
	apart := t.radius + other.radius
	for _, a := range t.discs {
		for _, b := range other.discs {
			if math.Abs(a.X-b.X) < apart && math.Hypot(a.X-b.X, a.Y-b.Y) < apart {
				return true
			}
		}
	}
	return false
}

// gazetteer are the names of a map, each where it lies on no other.
type gazetteer struct {
	paper
	placed []toponym
}

// place takes the first of some places that is free and on the map.
func (g *gazetteer) place(candidates []toponym) bool {
	for _, t := range candidates {
		if g.shows(t) && g.free(t) {
			g.placed = append(g.placed, t)
			return true
		}
	}
	return false
}

// shows tells whether all of a name is inside the frame, and not under the arrow
// of the north.
func (g *gazetteer) shows(t toponym) bool {
	s, edge := g.sheet, t.radius+1
	for _, p := range t.discs {
		if p.X < s.left+edge || p.X > s.left+s.width-edge || p.Y < s.top+edge || p.Y > s.top+s.height-edge {
			return false
		}
		if p.X > s.left+s.width-northSide-edge && p.Y < s.top+northHeight+edge {
			return false
		}
	}
	return true
}

func (g *gazetteer) free(t toponym) bool {
	for _, other := range g.placed {
		if t.meets(other) {
			return false
		}
	}
	return true
}

// toponyms chooses what is named, and where: the main streets, then what is
// inside the quartier, then the streets and the buildings around it. What finds no
// place is left out.
func (c paper) toponyms(m PaperMap) []toponym {
	g := gazetteer{paper: c}
	for _, s := range streetsByName(m.Streets) {
		if s.Main {
			g.mainStreet(s)
		}
	}
	g.landmarks(m, true)
	g.streets(m, true)
	g.streets(m, false)
	g.landmarks(m, false)
	return g.placed
}

// landmarks names those inside the quartier or around it; a school of several
// buildings once.
func (g *gazetteer) landmarks(m PaperMap, inside bool) {
	named := map[string]bool{}
	for _, l := range m.Landmarks {
		if l.Name != "" && !named[l.Name] && planar.MultiPolygonContains(m.Outline, l.Areas.Bound().Center()) == inside {
			named[l.Name] = g.place(g.aroundLandmark(l))
		}
	}
}

// streets names those inside the quartier or around it that are no main ones. Inside,
// those that found no place get smaller letters.
func (g *gazetteer) streets(m PaperMap, inside bool) {
	var nameless []PaperStreet
	for _, s := range streetsByName(m.Streets) {
		if !s.Main && planar.MultiPolygonContains(m.Outline, middleOf(s.Lines)) == inside && !g.place(g.along(streetLetters, s)) {
			nameless = append(nameless, s)
		}
	}
	for _, s := range nameless {
		if inside {
			g.place(g.along(alleyLetters, s))
		}
	}
}

// streetsByName joins the parts of a street, in the order of their first; those
// without a name are left out.
func streetsByName(streets []PaperStreet) []PaperStreet {
	var out []PaperStreet
	at := map[string]int{}
	for _, s := range streets {
		if s.Name == "" {
			continue
		}
		i, known := at[s.Name]
		if !known {
			i = len(out)
			at[s.Name], out = i, append(out, PaperStreet{Name: s.Name})
		}
		out[i].Main = out[i].Main || s.Main
		out[i].Lines = append(out[i].Lines, s.Lines...)
	}
	return out
}

// middleOf is a position on the longest line of a street.
func middleOf(lines orb.MultiLineString) orb.Point {
	var longest orb.LineString
	for _, line := range lines {
		if len(line) > 0 && (len(longest) == 0 || geo.Length(line) > geo.Length(longest)) {
			longest = line
		}
	}
	if len(longest) == 0 {
		return orb.Point{}
	}
	at, _ := geo.PointAtDistanceAlongLine(longest, geo.Length(longest)/2)
	return at
}

// mainStreet names a street again where it goes on for long.
func (g *gazetteer) mainStreet(s PaperStreet) {
	var own []fpdf.PointType
	for _, t := range g.along(mainLetters, s) {
		near := false
		for _, p := range own {
			near = near || math.Hypot(p.X-t.at.X, p.Y-t.at.Y) < nameApart
		}
		if !near && g.place([]toponym{t}) {
			own = append(own, t.at)
		}
	}
}

// abbreviations of kinds of streets on a map, for names that find no place in full.
var abbreviations = strings.NewReplacer("Avenue ", "Av. ", "Boulevard ", "Bd ", "Chemin ", "Ch. ", "Allée ", "All. ", "Impasse ", "Imp. ",
	"Place ", "Pl. ", "Square ", "Sq. ", "Passage ", "Pass. ", "Faubourg ", "Fg ", "Rue ", "R. ", "Route ", "Rte ", "Montée ", "Mtée ")

// along are the places where a street runs straight under its name, those nearest
// to the middle of its lines first, in full and then shortened.
func (g *gazetteer) along(l lettering, s PaperStreet) []toponym {
	var out []toponym
	for _, name := range []string{s.Name, abbreviations.Replace(s.Name)} {
		if len(out) > 0 && name == s.Name {
			break
		}
		words := g.text(plain(name))
		g.SetFont("Helvetica", l.style, l.size)
		width := g.GetStringWidth(words)
		for _, line := range s.Lines {
			for _, at := range g.straights(line, width) {
				out = append(out, g.newToponym(l, []string{words}, at.middle, at.angle))
			}
		}
	}
	return out
}

// straight is where a name may stand on a line.
type straight struct {
	middle fpdf.PointType
	angle  float64
}

const (
	// bendMillimetres is how far a street may leave the straight line of its name.
	bendMillimetres = 1.6
	// shortStreet is the part of a name that its street must be as long as.
	shortStreet = 0.6
)

// straights are the stretches of a line, as long as a name, that are nearly
// straight, from the middle of the line outwards.
func (c paper) straights(line orb.LineString, width float64) []straight {
	points := make([]fpdf.PointType, len(line))
	reached := make([]float64, len(line)) // millimetres from the first point
	for i, p := range line {
		points[i] = c.sheet.at(p)
		if i > 0 {
			reached[i] = reached[i-1] + math.Hypot(points[i].X-points[i-1].X, points[i].Y-points[i-1].Y)
		}
	}
	if len(points) < 2 || reached[len(reached)-1] < width*shortStreet {
		return nil
	}
	long := reached[len(reached)-1]
	half := min(width, long) / 2
	var out []straight
	for step := 0; ; step++ {
		// 0, 1, −1, 2, −2 … quarters of a name from the middle
		from := long/2 + float64((step+1)/2)*float64(1-2*(step%2))*width/4
		if from-half < -1e-9 || from+half > long+1e-9 {
			if step > 0 && step%2 == 0 {
				return out
			}
			continue
		}
		if s, ok := straightBetween(points, reached, from-half, from+half); ok {
			out = append(out, s)
		}
	}
}

// straightBetween looks at a line from one length to another.
func straightBetween(points []fpdf.PointType, reached []float64, from, to float64) (straight, bool) {
	a, b := pointAt(points, reached, from), pointAt(points, reached, to)
	across := math.Hypot(b.X-a.X, b.Y-a.Y)
	if across == 0 {
		return straight{}, false
	}
	for i, p := range points {
		if reached[i] > from && reached[i] < to {
			if off := math.Abs((b.X-a.X)*(p.Y-a.Y)-(b.Y-a.Y)*(p.X-a.X)) / across; off > bendMillimetres {
				return straight{}, false
			}
		}
	}
	angle := -math.Atan2(b.Y-a.Y, b.X-a.X) * 180 / math.Pi
	if angle > 90 {
		angle -= 180
	} else if angle <= -90 {
		angle += 180
	}
	return straight{fpdf.PointType{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}, angle}, true
}

func pointAt(points []fpdf.PointType, reached []float64, at float64) fpdf.PointType {
	for i := 1; i < len(points); i++ {
		if at <= reached[i] && reached[i] > reached[i-1] {
			t := max(0, at-reached[i-1]) / (reached[i] - reached[i-1])
			return fpdf.PointType{X: points[i-1].X + t*(points[i].X-points[i-1].X), Y: points[i-1].Y + t*(points[i].Y-points[i-1].Y)}
		}
	}
	return points[len(points)-1]
}

// aroundLandmark are places for the name of a building: on it, under it, over it
// and beside it.
func (g *gazetteer) aroundLandmark(l PaperLandmark) []toponym {
	var lines []string
	widest := 0.0
	g.SetFont("Helvetica", landmarkLetters.style, landmarkLetters.size)
	for _, line := range balanced(l.Name, longestLine) {
		lines = append(lines, g.text(plain(line)))
		widest = max(widest, g.GetStringWidth(lines[len(lines)-1]))
	}
	box := l.Areas.Bound()
	low, high := g.sheet.at(orb.Point{box.Min[0], box.Max[1]}), g.sheet.at(orb.Point{box.Max[0], box.Min[1]})
	middle := fpdf.PointType{X: (low.X + high.X) / 2, Y: (low.Y + high.Y) / 2}
	tall := float64(len(lines)) * landmarkLetters.size * millimetresPerPoint * lineAdvance
	const gap = 0.8
	var out []toponym
	for _, at := range []fpdf.PointType{middle, {X: middle.X, Y: high.Y + tall/2 + gap}, {X: middle.X, Y: low.Y - tall/2 - gap},
		{X: high.X + widest/2 + gap, Y: middle.Y}, {X: low.X - widest/2 - gap, Y: middle.Y}} {
		out = append(out, g.newToponym(landmarkLetters, lines, at, 0))
	}
	return out
}

// balanced breaks a text between words into as few lines of at most some letters
// as there can be, of about the same length.
func balanced(text string, most int) []string {
	words := strings.Fields(text)
	letters := len([]rune(text))
	lines := (letters + most - 1) / most
	if lines < 2 {
		return []string{text}
	}
	if lines > 3 && most < longerLine {
		return balanced(text, longerLine)
	}
	aim := letters / lines
	var out []string
	line := ""
	for _, w := range words {
		switch joined := strings.TrimSpace(line + " " + w); {
		case line == "" || w == "-" || len([]rune(joined)) <= max(aim+len([]rune(w))/2, 1):
			line = joined
		default:
			out, line = append(out, line), w
		}
	}
	return append(out, line)
}

// names writes the names, each with a rim that keeps it readable on what it
// crosses.
func (c paper) names(all []toponym) {
	const rim = 1.1 // millimetres
	c.SetLineJoinStyle("round")
	for _, over := range []bool{false, true} {
		for _, t := range all {
			c.SetFont("Helvetica", t.style, t.size)
			if over {
				c.SetTextColor(t.ink[0], t.ink[1], t.ink[2])
			} else {
				c.SetDrawColor(255, 255, 255)
				c.SetLineWidth(rim)
				c.SetTextRenderingMode(1)
			}
			c.TransformBegin()
			c.TransformRotate(t.angle, t.at.X, t.at.Y)
			for i, line := range t.lines {
				y := t.at.Y + (float64(i)-float64(len(t.lines)-1)/2)*2*t.radius
				c.Text(t.at.X-c.GetStringWidth(line)/2, y+t.size*millimetresPerPoint*0.36, line)
			}
			c.TransformEnd()
			c.SetTextRenderingMode(0)
		}
	}
	c.ink()
}
