package report

import (
	"bytes"
	"fmt"
	"math"

	"github.com/go-pdf/fpdf"
	"github.com/paulmach/orb"
)

// PaperMap is what a printed map of a quartier shows, from the city's own data.
type PaperMap struct {
	Outline   orb.MultiPolygon
	Streets   []PaperStreet   // the important ones first
	Landmarks []PaperLandmark // the largest first
	Source    string          // attribution
}

// PaperStreet is a street; Main ones are drawn wider.
type PaperStreet struct {
	Name  string
	Main  bool
	Lines orb.MultiLineString
}

// PaperLandmark is a public building.
type PaperLandmark struct {
	Name  string
	Areas orb.MultiPolygon
}

// Measures of the map's page, millimetres: A3 across.
const (
	sheetWidth    = 420.0
	sheetHeight   = 297.0
	sheetMargin   = 12.0
	mapHeadHeight = 22.0
	mapFootHeight = 30.0
)

// metresPerDegree of latitude, WGS84 mean; a quartier is small enough for a
// plane with one scale.
const metresPerDegree = 111_320.0

// sheet turns positions into millimetres of the page: north is up.
type sheet struct {
	box             orb.Bound // degrees, what is drawn
	left, top       float64   // millimetres of its north-west corner
	width, height   float64   // millimetres
	perDegreeX      float64   // millimetres per degree of longitude
	perDegreeY      float64   // millimetres per degree of latitude
	metresPerMillim float64
}

// newSheet fits an outline, with some air around, into a frame of the page.
func newSheet(outline orb.Bound, left, top, width, height float64) sheet {
	mid := outline.Center()
	shrink := math.Cos(mid[1] * math.Pi / 180)
	const air = 1.06
	metresX := (outline.Max[0] - outline.Min[0]) * metresPerDegree * shrink * air
	metresY := (outline.Max[1] - outline.Min[1]) * metresPerDegree * air
	perMillim := math.Max(metresX/width, metresY/height)
	halfX, halfY := width*perMillim/2/(metresPerDegree*shrink), height*perMillim/2/metresPerDegree
	return sheet{
		box:  orb.Bound{Min: orb.Point{mid[0] - halfX, mid[1] - halfY}, Max: orb.Point{mid[0] + halfX, mid[1] + halfY}},
		left: left, top: top, width: width, height: height,
		perDegreeX: metresPerDegree * shrink / perMillim, perDegreeY: metresPerDegree / perMillim, metresPerMillim: perMillim,
	}
}

func (s sheet) at(p orb.Point) fpdf.PointType {
	return fpdf.PointType{X: s.left + (p[0]-s.box.Min[0])*s.perDegreeX, Y: s.top + (s.box.Max[1]-p[1])*s.perDegreeY}
}

// PaperBox is what a map of an outline shows on its page, degrees: what the
// caller reads streets and buildings for.
func PaperBox(outline orb.MultiPolygon) orb.Bound { return frameOf(outline).box }

func frameOf(outline orb.MultiPolygon) sheet {
	return newSheet(outline.Bound(), sheetMargin, sheetMargin+mapHeadHeight, sheetWidth-2*sheetMargin, sheetHeight-2*sheetMargin-mapHeadHeight-mapFootHeight)
}

// TableMaps is a PDF with one A3 page per table: the map of the quartier to
// draw on, with legend, scale and north. The same atelier gives the same bytes.
func TableMaps(e Evening, m PaperMap) ([]byte, error) {
	pdf := fpdf.New("L", "mm", "A3", "")
	pdf.SetMargins(sheetMargin, sheetMargin, sheetMargin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle("Plans de table – "+e.Titre, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(e.StartsAt)
	pdf.SetModificationDate(e.StartsAt)
	pdf.SetCatalogSort(true)
	c := paper{card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}, frameOf(m.Outline)}
	for _, table := range e.Seats {
		pdf.AddPage()
		c.head(e, table.Numero)
		c.draw(m)
		c.foot(m.Source)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("table maps: %w", err)
	}
	return out.Bytes(), nil
}

type paper struct {
	card
	sheet sheet
}

func (c paper) write(x, y, size float64, style, text string) {
	c.SetFont("Helvetica", style, size)
	c.Text(x, y, c.text(plain(text)))
}

func (c paper) head(e Evening, table int) {
	c.SetTextColor(29, 36, 51)
	c.write(sheetMargin, sheetMargin+8, 22, "B", fmt.Sprintf("Table %d – %s", table, e.Quartier))
	line := e.Titre + " · " + e.When()
	if e.Demo {
		line += " · DONNÉES FICTIVES"
	}
	c.write(sheetMargin, sheetMargin+16, 13, "", line)
}

// draw paints the map inside its frame.
func (c paper) draw(m PaperMap) {
	s := c.sheet
	c.ClipRect(s.left, s.top, s.width, s.height, false)
	c.SetFillColor(244, 242, 236)
	c.Rect(s.left, s.top, s.width, s.height, "F")
	c.SetFillColor(227, 221, 239)
	for _, l := range m.Landmarks {
		for _, area := range l.Areas {
			c.Polygon(c.ring(area[0]), "F")
		}
	}
	// A casing under the street keeps it apart from the land on a grey printer.
	c.streets(m.Streets, 1.0, [3]int{200, 194, 180})
	c.streets(m.Streets, 0.6, [3]int{255, 255, 255})
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.8)
	c.SetDashPattern([]float64{4, 2}, 0)
	for _, polygon := range m.Outline {
		for _, ring := range polygon {
			c.Polygon(c.ring(ring), "D")
		}
	}
	c.SetDashPattern([]float64{}, 0)
	c.names(m)
	c.ClipEnd()
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.4)
	c.Rect(s.left, s.top, s.width, s.height, "D")
	c.north()
}

func (c paper) ring(ring orb.Ring) []fpdf.PointType {
	out := make([]fpdf.PointType, len(ring))
	for i, p := range ring {
		out[i] = c.sheet.at(p)
	}
	return out
}

func (c paper) streets(streets []PaperStreet, width float64, colour [3]int) {
	c.SetDrawColor(colour[0], colour[1], colour[2])
	c.SetLineCapStyle("round")
	c.SetLineJoinStyle("round")
	// The important ones come last, above the others.
	for i := len(streets) - 1; i >= 0; i-- {
		w := width * 2
		if streets[i].Main {
			w = width * 3.4
		}
		c.SetLineWidth(w)
		for _, line := range streets[i].Lines {
			for j := 1; j < len(line); j++ {
				a, b := c.sheet.at(line[j-1]), c.sheet.at(line[j])
				c.Line(a.X, a.Y, b.X, b.Y)
			}
		}
	}
}

// label is a name on the map, as circles along its line (their centres), which
// no circle of another name may meet.
type label []fpdf.PointType

// labelRadius is the radius of those circles, millimetres: half a line of text.
const labelRadius = 2.1

// spread covers a name that is centred at a place and turned by an angle.
func spread(at fpdf.PointType, angle, width float64) label {
	n := max(1, int(width/labelRadius/1.5))
	turn := -angle * math.Pi / 180
	out := make(label, 0, n+1)
	for i := 0; i <= n; i++ {
		along := (float64(i)/float64(n) - 0.5) * width
		out = append(out, fpdf.PointType{X: at.X + along*math.Cos(turn), Y: at.Y + along*math.Sin(turn)})
	}
	return out
}

// names writes each name once, where its street runs straight for long enough,
// and leaves out those that would lie on another.
func (c paper) names(m PaperMap) {
	var placed []label
	free := func(l label) bool {
		for _, other := range placed {
			for _, a := range l {
				for _, b := range other {
					if math.Hypot(a.X-b.X, a.Y-b.Y) < 2*labelRadius {
						return false
					}
				}
			}
		}
		return true
	}
	c.SetTextColor(70, 60, 100)
	for _, l := range m.Landmarks {
		c.SetFont("Helvetica", "I", 7)
		words := c.text(plain(l.Name))
		at := c.sheet.at(l.Areas.Bound().Center())
		here := spread(at, 0, c.GetStringWidth(words))
		if !c.inFrame(at) || !free(here) {
			continue
		}
		placed = append(placed, here)
		c.Text(at.X-c.GetStringWidth(words)/2, at.Y+1, words)
	}
	c.SetTextColor(29, 36, 51)
	named := map[string]bool{}
	for _, street := range m.Streets {
		if street.Name == "" || named[street.Name] {
			continue
		}
		c.SetFont("Helvetica", "", 8)
		words := c.text(plain(street.Name))
		width := c.GetStringWidth(words)
		at, angle, long := c.longest(street.Lines)
		here := spread(at, angle, width)
		if long < width*0.8 || !c.inFrame(at) || !free(here) {
			continue
		}
		named[street.Name] = true
		placed = append(placed, here)
		c.TransformBegin()
		c.TransformRotate(angle, at.X, at.Y)
		c.Text(at.X-width/2, at.Y+1, words)
		c.TransformEnd()
	}
}

func (c paper) inFrame(p fpdf.PointType) bool {
	s := c.sheet
	return p.X > s.left+4 && p.X < s.left+s.width-4 && p.Y > s.top+4 && p.Y < s.top+s.height-4
}

// longest is the middle of the straightest long part of a street, its angle in
// degrees (never upside down), and its length in millimetres.
func (c paper) longest(lines orb.MultiLineString) (middle fpdf.PointType, angle, length float64) {
	const bend = 0.35 // radians that a name may ignore
	for _, line := range lines {
		for i := 0; i+1 < len(line); i++ {
			a := c.sheet.at(line[i])
			first := math.NaN()
			for j := i + 1; j < len(line); j++ {
				p, b := c.sheet.at(line[j-1]), c.sheet.at(line[j])
				turn := math.Atan2(b.Y-p.Y, b.X-p.X)
				if math.IsNaN(first) {
					first = turn
				}
				if math.Abs(math.Remainder(turn-first, 2*math.Pi)) > bend {
					break
				}
				if far := math.Hypot(b.X-a.X, b.Y-a.Y); far > length {
					length = far
					middle = fpdf.PointType{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}
					angle = -math.Atan2(b.Y-a.Y, b.X-a.X) * 180 / math.Pi
				}
			}
		}
	}
	if angle > 90 {
		angle -= 180
	} else if angle < -90 {
		angle += 180
	}
	return middle, angle, length
}

// north is an arrow in the corner of the map.
func (c paper) north() {
	x, y := c.sheet.left+c.sheet.width-14, c.sheet.top+8
	c.SetFillColor(255, 255, 255)
	c.Rect(x-6, y-5, 12, 26, "F")
	c.SetFillColor(29, 36, 51)
	c.Polygon([]fpdf.PointType{{X: x, Y: y}, {X: x + 4, Y: y + 12}, {X: x, Y: y + 9.5}, {X: x - 4, Y: y + 12}}, "F")
	c.write(x-1.8, y+18, 13, "B", "N")
}

// roundMetres is the largest 1, 2 or 5 times a power of ten up to most.
func roundMetres(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, n := range []float64{5, 2} {
		if n*power <= most {
			return n * power
		}
	}
	return power
}

func (c paper) foot(source string) {
	s := c.sheet
	y := s.top + s.height + 8
	c.SetFillColor(168, 58, 18)
	c.Polygon([]fpdf.PointType{{X: sheetMargin + 5, Y: y - 4}, {X: sheetMargin + 9, Y: y + 3}, {X: sheetMargin + 1, Y: y + 3}}, "F")
	c.write(sheetMargin+13, y+1.5, 13, "B", "Dessinez un triangle : ici, je ne me sens pas en sécurité")
	c.SetFillColor(13, 98, 131)
	c.Circle(sheetMargin+5, y+9.5, 3.6, "F")
	c.write(sheetMargin+13, y+11.5, 13, "B", "Dessinez un rond : ici, je me sens plutôt en sécurité")
	c.write(sheetMargin, y+20, 10, "", "Entourez une zone si c’est tout un endroit. On parle de lieux, jamais de personnes : pas de nom, pas de plaque.")
	metres := roundMetres(80 * s.metresPerMillim)
	length := metres / s.metresPerMillim
	x := s.left + s.width - length - 30
	c.SetFillColor(29, 36, 51)
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.3)
	c.Rect(x, y, length/2, 2.4, "FD")
	c.Rect(x+length/2, y, length/2, 2.4, "D")
	c.write(x-1, y+8, 10, "", "0")
	c.write(x+length-4, y+8, 10, "", fmt.Sprintf("%.0f m", metres))
	c.write(x, y+14, 9, "", fmt.Sprintf("Échelle 1 : %.0f en A3", math.Round(s.metresPerMillim*1000/100)*100))
	c.write(x, y+20, 8, "", source)
}
