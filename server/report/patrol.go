package report

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-pdf/fpdf"
	"github.com/paulmach/orb"
)

// MostPatrolPlaces is how many places a sheet may hold: a patrol that has more
// has no priorities.
const MostPatrolPlaces = 10

// PatrolOrigin is why a place is on the sheet.
type PatrolOrigin string

// The origins.
const (
	PatrolAtelier       PatrolOrigin = "atelier"
	PatrolConcentration PatrolOrigin = "concentration"
	PatrolRise          PatrolOrigin = "rise"
	PatrolChosen        PatrolOrigin = "chosen"
)

// PatrolPlace is one place of the sheet.
type PatrolPlace struct {
	Name     string // nearest street; "" when none
	Origin   PatrolOrigin
	N, Of    int
	People   int
	Expected float64
	P        float64
	Low      float64 // limits at 95 % of N out of Of
	High     float64
	From, To time.Time // days, both included
	Titre    string    // of the atelier
	Band     *PatrolBand
	Hexagons []orb.Ring // lon/lat degrees
}

// PatrolBand is when the place is busiest.
type PatrolBand struct {
	FirstDay, LastDay int // 1 is Monday
	From, To          int // hours; To may be beyond 24
	N, Of             float64
}

// PatrolSheet is a fiche de patrouille.
type PatrolSheet struct {
	Ville, Quartier string // Quartier is "" for the whole city
	From, To        time.Time
	// Choices are what else was asked for, in words; "" when nothing was.
	Choices   string
	PrintedOn time.Time
	Demo      bool
	Places    []PatrolPlace
	Streets   []orb.MultiLineString
	Limits    []orb.MultiPolygon
}

func frenchDay(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, months[t.Month()], t.Year())
}

// days writes « le 12 mars 2026 » or « du 1er mars au 30 avril 2026 ».
func days(from, to time.Time) string {
	if from.Equal(to) {
		return "le " + frenchDay(from)
	}
	return "du " + frenchDay(from) + " au " + frenchDay(to)
}

// chance says a p-value in words.
func chance(p float64) string {
	switch {
	case p < 0.0015:
		return "environ une fois sur 1 000, ou moins"
	case p < 0.01:
		return "moins d’une fois sur 100"
	}
	return fmt.Sprintf("environ %d fois sur 100", int(math.Round(p*100)))
}

func counted(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

func felt(n int) string {
	if n < 2 {
		return "ne se sent"
	}
	return "ne se sentent"
}

// Clock writes « 22 h », and « minuit » for the end of a day.
func Clock(hour int) string {
	if hour%24 == 0 {
		return "minuit"
	}
	return fmt.Sprintf("%d h", hour%24)
}

// Lines are the plain sentences of a place: where it comes from, how sure it is.
func (p PatrolPlace) Lines() []string {
	switch p.Origin {
	case PatrolAtelier:
		return []string{
			fmt.Sprintf("Atelier « %s », %s : %s sur %d %s pas en sécurité ici ou juste à côté (entre %.0f et %.0f sur %d si l’on tient compte du hasard).",
				p.Titre, days(p.From, p.To), counted(p.N, "habitant", "habitants"), p.Of, felt(p.N), math.Round(p.Low*float64(p.Of)), math.Round(p.High*float64(p.Of)), p.Of),
			fmt.Sprintf("Un tel accord, s’il n’était dû qu’au hasard, arriverait %s.", chance(p.P)),
		}
	case PatrolConcentration:
		return []string{
			fmt.Sprintf("Signalements : %s %s, par %s ; réparti au hasard, ce secteur en aurait %.0f.",
				counted(p.N, "signalement", "signalements"), days(p.From, p.To), counted(p.People, "personne ou envoi anonyme", "personnes ou envois anonymes"), math.Round(p.Expected)),
			"Ce calcul se trompe parfois, surtout avec peu de signalements : à confirmer par une hausse, par un atelier ou sur place.",
		}
	case PatrolRise:
		return []string{
			fmt.Sprintf("Hausse : %s %s, par %s, pour %.0f attendus d’après le lieu et la saison.",
				counted(p.N, "signalement", "signalements"), days(p.From, p.To), counted(p.People, "personne ou envoi anonyme", "personnes ou envois anonymes"), math.Round(p.Expected)),
			fmt.Sprintf("Une telle hausse, si elle n’était due qu’au hasard, arriverait %s.", chance(p.P)),
		}
	}
	return []string{fmt.Sprintf("Lieu choisi : %s %s. Aucun test ne dit qu’il dépasse le hasard.", counted(p.N, "signalement", "signalements"), days(p.From, p.To))}
}

// When is the busiest time of a place in words.
func (p PatrolPlace) When() string {
	if p.Band == nil {
		return "Pas de moment qui se détache : trop peu de signalements ont une heure."
	}
	week := map[[2]int]string{{1, 7}: "tous les jours", {1, 5}: "du lundi au vendredi", {6, 7}: "samedi et dimanche"}[[2]int{p.Band.FirstDay, p.Band.LastDay}]
	return fmt.Sprintf("Surtout de %s à %s, %s (%s sur %.0f dont l’heure est connue).", Clock(p.Band.From), Clock(p.Band.To), week,
		counted(int(math.Round(p.Band.N)), "signalement", "signalements"), math.Round(p.Band.Of))
}

// Where is the name of a place.
func (p PatrolPlace) Where() string {
	if p.Name == "" {
		return "Lieu sans nom de rue proche"
	}
	return Near(p.Name)
}

// Words that streets begin with and the article after "près"; the others are
// proper names. web/src/text/near.ts has the same.
var streetKinds = func() map[string]string {
	kinds := map[string]string{}
	for of, words := range map[string]string{
		"de la ": "allée avenue cour esplanade impasse montée passerelle place placette porte promenade route rue ruelle traverse",
		"du ":    "boulevard carré carrefour chemin clos cours escalier espace faubourg hameau mail parc parvis passage pont quai rond-point sentier square",
	} {
		for word := range strings.FieldsSeq(words) {
			if startsWithVowel(word) {
				kinds[word] = "de l’"
			} else {
				kinds[word] = of
			}
		}
	}
	return kinds
}()

func startsWithVowel(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("aeiouyàâäéèêëîïôöùûüœæ", unicode.ToLower(first))
}

// Near says where a place is by its street.
func Near(street string) string {
	kind, rest, _ := strings.Cut(street, " ")
	if of := streetKinds[strings.ToLower(kind)]; of != "" && rest != "" {
		return "Près " + of + strings.ToLower(kind) + " " + rest
	}
	if startsWithVowel(street) {
		return "Près d’" + street
	}
	return "Près de " + street
}

// Caveat stands at the foot of every sheet.
const Caveat = "Ces lieux disent où des habitants ne se sentent pas en sécurité et où des signalements ont été envoyés : ni des faits établis, ni des personnes, ni une prévision. Enregistré ≠ commis."

// Patrol is the PDF of a sheet: A4, a map first, then the places with blank lines
// for consignes.
func Patrol(s PatrolSheet) ([]byte, error) {
	if len(s.Places) > MostPatrolPlaces {
		s.Places = s.Places[:MostPatrolPlaces]
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle("Fiche de patrouille – "+s.Ville, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(s.PrintedOn)
	pdf.SetModificationDate(s.PrintedOn)
	pdf.SetCatalogSort(true)
	d := patrol{card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}, s}
	d.firstPage()
	for i, p := range s.Places {
		d.place(i+1, p)
	}
	if len(s.Places) == 0 {
		d.write(12, "", "Aucun lieu n’a été retenu pour cette période.", 6)
	}
	d.foot()
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("patrol sheet: %w", err)
	}
	return out.Bytes(), nil
}

type patrol struct {
	card
	sheet PatrolSheet
}

// Measures, millimetres.
const (
	pageHeight  = 297.0
	patrolMap   = 105.0
	footHeight  = 22.0
	consigneGap = 7.5
	consignes   = 2
)

func (d patrol) write(size float64, style, text string, height float64) {
	d.SetFont("Helvetica", style, size)
	d.MultiCell(pageWidth-2*margin, height, d.text(printable(text)), "", "L", false)
}

// printable replaces what Windows-1252 lacks beside what plain does.
func printable(s string) string { return strings.ReplaceAll(plain(s), "≠", "n’est pas") }

func (d patrol) firstPage() {
	d.AddPage()
	d.SetTextColor(29, 36, 51)
	d.write(20, "B", "Fiche de patrouille", 9)
	where := d.sheet.Ville
	if d.sheet.Quartier != "" {
		where = d.sheet.Quartier + ", " + where
	}
	d.write(12, "", where, 6)
	period := ""
	if !d.sheet.From.IsZero() {
		period = "Données " + days(d.sheet.From, d.sheet.To) + ". "
	}
	d.write(11, "", period+"Éditée le "+frenchDay(d.sheet.PrintedOn)+".", 5.5)
	if d.sheet.Choices != "" {
		d.write(11, "", "Choix : "+d.sheet.Choices+".", 5.5)
	}
	if d.sheet.Demo {
		d.write(12, "B", "DONNÉES FICTIVES", 6)
	}
	d.Ln(2)
	d.drawMap(d.GetY())
	d.SetY(d.GetY() + patrolMap + 4)
}

func (d patrol) foot() {
	d.SetFont("Helvetica", "", 9)
	d.SetTextColor(90, 98, 114)
	d.SetXY(margin, pageHeight-footHeight)
	d.MultiCell(pageWidth-2*margin, 4.2, d.text(printable(Caveat)), "T", "L", false)
	d.SetTextColor(29, 36, 51)
}

// placeHeight is the room that a place takes at most.
func (d patrol) placeHeight(p PatrolPlace) float64 {
	d.SetFont("Helvetica", "", 10.5)
	lines := 0
	for _, text := range append(p.Lines(), p.When()) {
		lines += len(d.SplitLines([]byte(d.text(printable(text))), pageWidth-2*margin-10))
	}
	return 7 + 5*float64(lines) + consignes*consigneGap + 9
}

func (d patrol) place(number int, p PatrolPlace) {
	if d.GetY()+d.placeHeight(p) > pageHeight-footHeight-2 {
		d.foot()
		d.AddPage()
	}
	top := d.GetY()
	d.number(margin+4, top+4, number)
	d.SetLeftMargin(margin + 10)
	d.SetXY(margin+10, top)
	d.SetFont("Helvetica", "B", 13)
	d.MultiCell(pageWidth-2*margin-10, 7, d.text(printable(p.Where())), "", "L", false)
	d.SetFont("Helvetica", "", 10.5)
	for _, text := range append(p.Lines(), p.When()) {
		d.MultiCell(pageWidth-2*margin-10, 5, d.text(printable(text)), "", "L", false)
	}
	d.SetFont("Helvetica", "", 9)
	d.SetTextColor(90, 98, 114)
	d.CellFormat(0, 5, d.text("Consignes :"), "", 1, "L", false, 0, "")
	d.SetTextColor(29, 36, 51)
	d.SetDrawColor(138, 143, 154)
	d.SetLineWidth(0.2)
	for range consignes {
		y := d.GetY() + consigneGap - 1.5
		d.Line(margin+10, y, pageWidth-margin, y)
		d.SetY(d.GetY() + consigneGap)
	}
	d.SetLeftMargin(margin)
	d.SetY(d.GetY() + 4)
}

func (d patrol) number(x, y float64, number int) {
	d.SetFillColor(29, 36, 51)
	d.Circle(x, y, 3.6, "F")
	d.SetTextColor(255, 255, 255)
	d.SetFont("Helvetica", "B", 10)
	d.SetXY(x-4, y-3)
	d.CellFormat(8, 6, fmt.Sprint(number), "", 0, "C", false, 0, "")
	d.SetTextColor(29, 36, 51)
}

// plan turns degrees into millimetres of the page.
type plan struct {
	west, north  float64
	shrink       float64 // a degree of longitude against one of latitude
	scale        float64
	left, top    float64
	width, tall  float64
	shiftX, midY float64
}

// drawMap draws streets, limits and places from our own data; no picture comes
// from elsewhere.
func (d patrol) drawMap(top float64) {
	p := d.plan(top)
	d.ClipRect(margin, top, p.width, patrolMap, false)
	d.SetFillColor(244, 242, 236)
	d.Rect(margin, top, p.width, patrolMap, "F")
	d.SetDrawColor(178, 173, 160)
	d.SetLineWidth(0.25)
	for _, street := range d.sheet.Streets {
		for _, line := range street {
			d.path(p, line)
		}
	}
	d.SetDrawColor(91, 100, 114)
	d.SetLineWidth(0.4)
	d.SetDashPattern([]float64{1.5, 1}, 0)
	for _, area := range d.sheet.Limits {
		for _, polygon := range area {
			for _, ring := range polygon {
				d.path(p, orb.LineString(ring))
			}
		}
	}
	d.SetDashPattern(nil, 0)
	d.SetDrawColor(122, 47, 12)
	d.SetFillColor(236, 149, 91)
	d.SetLineWidth(0.4)
	d.SetAlpha(0.75, "Normal")
	for _, place := range d.sheet.Places {
		for _, ring := range place.Hexagons {
			var corners []fpdf.PointType
			for _, at := range ring {
				x, y := p.at(at)
				corners = append(corners, fpdf.PointType{X: x, Y: y})
			}
			d.Polygon(corners, "FD")
		}
	}
	d.SetAlpha(1, "Normal")
	for i, place := range d.sheet.Places {
		if len(place.Hexagons) > 0 {
			x, y := p.at(place.Hexagons[0].Bound().Center())
			d.number(x, y, i+1)
		}
	}
	d.ClipEnd()
	d.SetDrawColor(138, 143, 154)
	d.SetLineWidth(0.2)
	d.Rect(margin, top, p.width, patrolMap, "D")
	d.scaleBar(p, top)
	d.SetY(top)
}

// plan frames the places with some of what is around them; without a place, the
// limits.
func (d patrol) plan(top float64) plan {
	var box orb.Bound
	first := true
	include := func(b orb.Bound) {
		if first {
			box, first = b, false
			return
		}
		box = box.Union(b)
	}
	for _, place := range d.sheet.Places {
		for _, ring := range place.Hexagons {
			include(ring.Bound())
		}
	}
	if first {
		for _, area := range d.sheet.Limits {
			include(area.Bound())
		}
	}
	const around = 0.0035 // degrees, some 300 m
	box = orb.Bound{Min: orb.Point{box.Min[0] - around, box.Min[1] - around}, Max: orb.Point{box.Max[0] + around, box.Max[1] + around}}
	p := plan{west: box.Min[0], north: box.Max[1], shrink: math.Cos(box.Center()[1] * math.Pi / 180), left: margin, top: top, width: pageWidth - 2*margin}
	width, tall := (box.Max[0]-box.Min[0])*p.shrink, box.Max[1]-box.Min[1]
	p.scale = min(p.width/width, patrolMap/tall)
	p.shiftX, p.midY = (p.width-width*p.scale)/2, (patrolMap-tall*p.scale)/2
	return p
}

func (p plan) at(position orb.Point) (x, y float64) {
	return p.left + p.shiftX + (position[0]-p.west)*p.shrink*p.scale, p.top + p.midY + (p.north-position[1])*p.scale
}

// path draws a line, unless all of it is beyond the frame.
func (d patrol) path(p plan, line orb.LineString) {
	x0, y0 := 0.0, 0.0
	for i, at := range line {
		x, y := p.at(at)
		if i > 0 && max(x, x0) > p.left && min(x, x0) < p.left+p.width && max(y, y0) > p.top && min(y, y0) < p.top+patrolMap {
			d.Line(x0, y0, x, y)
		}
		x0, y0 = x, y
	}
}

func (d patrol) scaleBar(p plan, top float64) {
	const metersPerDegree = 111_195
	meters := 1000.0
	for meters*p.scale/metersPerDegree > p.width/3 {
		meters /= 2
	}
	length := meters * p.scale / metersPerDegree
	x, y := margin+4, top+patrolMap-4
	d.SetDrawColor(29, 36, 51)
	d.SetLineWidth(0.6)
	d.Line(x, y, x+length, y)
	d.SetFont("Helvetica", "", 9)
	d.Text(x, y-1.5, d.text(fmt.Sprintf("%.0f m", meters)))
	d.Text(pageWidth-margin-62, top+patrolMap-2, d.text("© Ville de "+d.sheet.Ville+", IGN BD TOPO"))
}
