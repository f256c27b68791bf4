package report

import (
	"bytes"
	"fmt"

	"github.com/go-pdf/fpdf"
)

// Presence is how many people of an institution are expected.
type Presence struct {
	Institution string // as it is read
	Expected    int
}

// Attendance is a PDF: who is expected by institution, to be signed by those
// who come, and a count of the residents of each table. Residents sign nothing:
// they are counted, never named.
func Attendance(e Evening, institutions []Presence) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	pdf.SetTitle("Feuille de présence – "+e.Titre, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(e.StartsAt)
	pdf.SetModificationDate(e.StartsAt)
	pdf.SetCatalogSort(true)
	c := card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}
	pdf.AddPage()
	c.ink()
	c.centred(20, "B", "Feuille de présence", 10)
	c.centred(14, "", e.Titre, 7)
	when := e.When()
	if e.Lieu != "" {
		when += " · " + e.Lieu
	}
	c.centred(12, "", when, 7)
	if e.Demo {
		c.centred(12, "B", "DONNÉES FICTIVES", 7)
	}
	c.Ln(4)
	c.cells(11, "B", "Institution", "Nom et fonction", "Signature")
	for _, p := range institutions {
		for range max(1, p.Expected) {
			c.cells(11, "", p.Institution, "", "")
		}
	}
	for range 3 {
		c.cells(11, "", "", "", "")
	}
	c.Ln(6)
	c.centred(12, "B", "Habitants : un nombre par table, aucun nom", 8)
	c.cells(11, "B", "Table", "Nombre de personnes", "Tablette ou papier")
	for _, t := range e.Seats {
		c.cells(11, "", fmt.Sprintf("Table %d", t.Numero), "", "")
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("attendance: %w", err)
	}
	return out.Bytes(), nil
}

// cells is one line of a table of three columns.
func (c card) cells(size float64, style string, columns ...string) {
	c.SetFont("Helvetica", style, size)
	widths := []float64{62, 72, 40}
	for i, text := range columns {
		end := 0
		if i == len(columns)-1 {
			end = 1
		}
		c.CellFormat(widths[i], 9, c.text(plain(text)), "1", end, "L", false, 0, "")
	}
}
