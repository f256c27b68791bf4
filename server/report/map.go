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

// Measures of the map's page, millimetres: A3.
const (
	sheetLong     = 420.0
	sheetShort    = 297.0
	sheetMargin   = 12.0
	mapHeadHeight = 22.0
	mapFootHeight = 30.0
)

// metresPerDegree of latitude, WGS84 mean; a quartier is small enough for a
// plane with one scale.
const metresPerDegree = 111_320.0

// sheet turns positions into millimetres of the page: north is up.
type sheet struct {
	box                 orb.Bound // degrees, what is drawn
	left, top           float64   // millimetres of its north-west corner
	width, height       float64   // millimetres
	perDegreeX          float64   // millimetres per degree of longitude
	perDegreeY          float64   // millimetres per degree of latitude
	metresPerMillimetre float64
}

// newSheet fits an outline, with some air around, into a frame of the page.
func newSheet(outline orb.Bound, left, top, width, height float64) sheet {
	mid := outline.Center()
	shrink := math.Cos(mid[1] * math.Pi / 180)
	const air = 1.06
	metresX := (outline.Max[0] - outline.Min[0]) * metresPerDegree * shrink * air
	metresY := (outline.Max[1] - outline.Min[1]) * metresPerDegree * air
	perMillimetre := math.Max(metresX/width, metresY/height)
	halfX, halfY := width*perMillimetre/2/(metresPerDegree*shrink), height*perMillimetre/2/metresPerDegree
	return sheet{
		box:  orb.Bound{Min: orb.Point{mid[0] - halfX, mid[1] - halfY}, Max: orb.Point{mid[0] + halfX, mid[1] + halfY}},
		left: left, top: top, width: width, height: height,
		perDegreeX: metresPerDegree * shrink / perMillimetre, perDegreeY: metresPerDegree / perMillimetre, metresPerMillimetre: perMillimetre,
	}
}

func (s sheet) at(p orb.Point) fpdf.PointType {
	return fpdf.PointType{X: s.left + (p[0]-s.box.Min[0])*s.perDegreeX, Y: s.top + (s.box.Max[1]-p[1])*s.perDegreeY}
}

// PaperBox is what a map of an outline shows on its page, degrees: what the
// caller reads streets and buildings for.
func PaperBox(outline orb.MultiPolygon) orb.Bound {
	frame, _ := frameOf(outline)
	return frame.box
}

// frameOf fits a quartier on a page across ("L") or upright ("P"), whichever shows
// it larger.
func frameOf(outline orb.MultiPolygon) (frame sheet, orientation string) {
	on := func(width, height float64) sheet {
		return newSheet(outline.Bound(), sheetMargin, sheetMargin+mapHeadHeight, width-2*sheetMargin, height-2*sheetMargin-mapHeadHeight-mapFootHeight)
	}
	across, upright := on(sheetLong, sheetShort), on(sheetShort, sheetLong)
	if upright.metresPerMillimetre < across.metresPerMillimetre {
		return upright, "P"
	}
	return across, "L"
}

// TableMaps is a PDF with one A3 page per table: the map of the quartier to
// draw on, with legend, scale and north. The same atelier gives the same bytes.
func TableMaps(e Evening, m PaperMap) ([]byte, error) {
	frame, orientation := frameOf(m.Outline)
	pdf := fpdf.New(orientation, "mm", "A3", "")
	pdf.SetMargins(sheetMargin, sheetMargin, sheetMargin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle("Plans de table – "+e.Titre, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(e.StartsAt)
	pdf.SetModificationDate(e.StartsAt)
	pdf.SetCatalogSort(true)
	c := paper{card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}, frame}
	names := c.toponyms(m)
	for _, table := range e.Seats {
		pdf.AddPage()
		c.head(e, table.Numero)
		c.draw(m, names)
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
	c.ink()
	c.write(sheetMargin, sheetMargin+8, 22, "B", fmt.Sprintf("Table %d – %s", table, e.Quartier))
	line := e.Titre + " · " + e.When()
	if e.Demo {
		line += " · DONNÉES FICTIVES"
	}
	c.write(sheetMargin, sheetMargin+16, 13, "", line)
}

// fullStreets is the scale, in metres for a millimetre, up to which streets have
// their full width: on smaller ones they would hide the blocks between them.
const fullStreets = 8.0

// draw paints the map inside its frame.
func (c paper) draw(m PaperMap, names []toponym) {
	s := c.sheet
	c.ClipRect(s.left, s.top, s.width, s.height, false)
	c.SetFillColor(244, 242, 236)
	c.Rect(s.left, s.top, s.width, s.height, "F")
	c.building()
	for _, l := range m.Landmarks {
		for _, area := range l.Areas {
			c.Polygon(c.ring(area[0]), "FD")
		}
	}
	wide := min(1, max(0.55, fullStreets/s.metresPerMillimetre))
	c.streets(m.Streets, wide, [3]int{184, 178, 162})
	c.streets(m.Streets, wide-0.4, [3]int{255, 255, 255})
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.8)
	c.SetDashPattern([]float64{4, 2}, 0)
	for _, polygon := range m.Outline {
		for _, ring := range polygon {
			c.Polygon(c.ring(ring), "D")
		}
	}
	c.SetDashPattern([]float64{}, 0)
	c.names(names)
	c.ClipEnd()
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.4)
	c.Rect(s.left, s.top, s.width, s.height, "D")
	c.north()
}

// building sets how a public building is drawn: an edge keeps it apart from the
// land on a grey printer, as a casing does a street.
func (c paper) building() {
	c.SetFillColor(205, 196, 226)
	c.SetDrawColor(104, 90, 150)
	c.SetLineWidth(0.25)
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

// northSide and northHeight are the corner that the arrow of the north takes,
// millimetres.
const (
	northSide   = 20.0
	northHeight = 29.0
)

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
	// What the ground shows, as it is drawn.
	key := s.left + 140
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.8)
	c.SetDashPattern([]float64{4, 2}, 0)
	c.Line(key, y, key+10, y)
	c.SetDashPattern([]float64{}, 0)
	c.write(key+13, y+1.5, 11, "", "limite du quartier")
	c.building()
	c.Rect(key+1, y+7, 8, 5, "FD")
	c.write(key+13, y+11.5, 11, "", "bâtiment public")
	c.write(sheetMargin, y+20, 10.5, "", "Entourez une zone si c’est tout un endroit. On parle de lieux, jamais de personnes : pas de nom, pas de plaque.")
	metres := roundMetres(70 * s.metresPerMillimetre)
	length := metres / s.metresPerMillimetre
	x := s.left + s.width - max(length+14, 78)
	c.SetFillColor(29, 36, 51)
	c.SetDrawColor(29, 36, 51)
	c.SetLineWidth(0.3)
	c.Rect(x, y, length/2, 2.4, "FD")
	c.Rect(x+length/2, y, length/2, 2.4, "D")
	c.write(x-1, y+8, 11, "", "0")
	c.write(x+length-4, y+8, 11, "", fmt.Sprintf("%.0f m", metres))
	c.write(x, y+14, 10, "", fmt.Sprintf("Échelle 1 : %.0f en A3", math.Round(s.metresPerMillimetre*1000/100)*100))
	c.write(x, y+20, 8, "", source)
}
