package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
	"rsc.io/qr"

	"quietude/server/atelier"
)

// Evening is what a card says beside the table itself.
type Evening struct {
	atelier.Atelier
	Quartier string // name
	Ville    string
	Zone     *time.Location
	BaseURL  string // without a final slash
}

// When is « jeudi 12 mars 2026, 18 h 30 », or the hour alone where the title, which is
// proposed with the day, already says it.
func (e Evening) When() string {
	when := frenchDate(e.StartsAt.In(e.Zone))
	if day, hour, _ := strings.Cut(when, ", "); strings.Contains(e.Titre, day) {
		return hour
	}
	return when
}

// Weekday names a day of the week, from 1 (Monday) to 7.
func Weekday(day int) string { return weekdays[day%7] }

var weekdays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
var months = [...]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre"}

// frenchDate writes « jeudi 12 mars 2026, 18 h 30 ».
func frenchDate(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	hour := fmt.Sprintf("%d h", t.Hour())
	if t.Minute() > 0 {
		hour += fmt.Sprintf(" %02d", t.Minute())
	}
	return fmt.Sprintf("%s %s %s %d, %s", weekdays[t.Weekday()], day, months[t.Month()], t.Year(), hour)
}

// rules are what residents agree on before they draw.
var rules = []string{
	"On parle de lieux, jamais de personnes : pas de nom, pas d’origine, pas de plaque.",
	"Chacun place ce qu’il ressent ; personne ne corrige le repère d’un autre.",
	"Rien n’est publié ce soir : la ville ne montre que ce que cinq habitants au moins ont dit.",
}

// spacedCode is easier to copy than eight characters in a row.
func spacedCode(code string) string {
	if len(code) != atelier.CodeLength {
		return code
	}
	return code[:4] + " " + code[4:]
}

// Measures of the page, millimetres: A4 upright.
const (
	pageWidth = 210.0
	margin    = 18.0
	qrSide    = 88.0
)

// TableCards is a PDF with one A4 page per table.
func TableCards(e Evening) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle("Cartes de tables – "+e.Titre, true)
	pdf.SetLang("fr")
	// The same atelier gives the same bytes, whenever they are printed.
	pdf.SetCreationDate(e.StartsAt)
	pdf.SetModificationDate(e.StartsAt)
	pdf.SetCatalogSort(true)
	c := card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}
	for _, table := range e.Seats {
		if err := c.page(e, table); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("table cards: %w", err)
	}
	return out.Bytes(), nil
}

// card draws pages; text is for fonts that every reader has (Windows-1252).
type card struct {
	*fpdf.Fpdf
	text func(string) string
}

func (c card) ink() { c.SetTextColor(29, 36, 51) }

func (c card) centred(size float64, style, text string, height float64) {
	c.SetFont("Helvetica", style, size)
	c.MultiCell(pageWidth-2*margin, height, c.text(plain(text)), "", "C", false)
}

// plain replaces what Windows-1252 does not have by what looks like it.
func plain(s string) string {
	return strings.NewReplacer("\u202f", "\u00a0", "\u2009", " ", "−", "–", "\u0301", "").Replace(s)
}

func (c card) page(e Evening, table atelier.Table) error {
	c.AddPage()
	c.ink()
	c.centred(22, "B", e.Titre, 10)
	c.Ln(1)
	c.centred(16, "", e.Quartier+" · "+e.Ville, 7)
	when := e.When()
	if e.Lieu != "" {
		when += " · " + e.Lieu
	}
	c.centred(14, "", when, 7)
	if e.Demo {
		c.centred(14, "B", "DONNÉES FICTIVES", 7)
	}
	c.Ln(4)
	c.centred(30, "B", fmt.Sprintf("Table %d", table.Numero), 13)
	c.centred(46, "B", spacedCode(table.Code), 20)
	if err := c.qr(TableAddress(e.BaseURL, table.Code)); err != nil {
		return err
	}
	c.centred(14, "", "Visez ce carré avec l’appareil photo, ou ouvrez "+host(e.BaseURL)+",", 7)
	c.centred(14, "", "touchez « Dessiner avec votre table » et tapez le code.", 7)
	c.centred(14, "B", "Sans compte, sans nom.", 7)
	c.legend()
	c.rules()
	return c.Error()
}

func host(url string) string {
	_, rest, found := strings.Cut(url, "://")
	if !found {
		return url
	}
	return rest
}

func (c card) qr(address string) error {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	module := qrSide / float64(code.Size+2*quietZone)
	left, top := (pageWidth-qrSide)/2+quietZone*module, c.GetY()+quietZone*module
	c.SetFillColor(0, 0, 0)
	eachDark(code, func(x, y, width int) {
		c.Rect(left+float64(x)*module, top+float64(y)*module, float64(width)*module, module, "F")
	})
	c.SetY(c.GetY() + qrSide)
	return nil
}

// legend shows the two shapes, which differ without their colours too.
func (c card) legend() {
	c.Ln(5)
	y := c.GetY()
	c.SetFont("Helvetica", "B", 15)
	c.SetFillColor(168, 58, 18)
	c.Polygon([]fpdf.PointType{{X: margin + 7, Y: y}, {X: margin + 13, Y: y + 10}, {X: margin + 1, Y: y + 10}}, "F")
	c.Text(margin+18, y+7.5, c.text("Ici, je ne me sens pas en sécurité"))
	c.SetFillColor(13, 98, 131)
	c.Circle(margin+7, y+18, 5, "F")
	c.Text(margin+18, y+20, c.text("Ici, je me sens plutôt en sécurité"))
	c.SetY(y + 28)
}

func (c card) rules() {
	for i, rule := range rules {
		c.SetFont("Helvetica", "B", 14)
		c.CellFormat(8, 7, fmt.Sprintf("%d.", i+1), "", 0, "L", false, 0, "")
		c.SetFont("Helvetica", "", 13)
		c.MultiCell(pageWidth-2*margin-8, 7, c.text(plain(rule)), "", "L", false)
		c.Ln(1)
	}
}
