package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
	"rsc.io/qr"
)

// Letter is an invitation to be posted.
type Letter struct {
	Nom     string
	Adresse string // several lines
	Code    string
}

// FrenchDate writes « jeudi 12 mars 2026, 18 h 30 », in the zone of t.
func FrenchDate(t time.Time) string { return frenchDate(t) }

// InvitationAddress is where an invited person answers.
func InvitationAddress(base, code string) string { return base + "/invitation/" + code }

// InvitationWords say where and when, in a letter as in an e-mail.
func InvitationWords(kind, quartier, when, lieu string) string {
	meeting := "un atelier de tranquillité publique"
	then := "Une vingtaine d’habitants y rencontrent la ville, la police et les bailleurs : vous montrerez sur une carte où l’on se sent en sécurité et où l’on ne s’y sent pas, et vous entendrez ce qui peut être fait."
	if kind == "reunion" {
		meeting = "une réunion avec des habitants"
		then = "Vous y direz ce que vous vivez, et vous entendrez de la ville, de la police et des bailleurs ce qui peut être fait."
	}
	words := "Vous avez signalé à la ville une gêne ou un lieu où l’on ne se sent pas tranquille, et accepté d’être recontacté·e. " +
		"Nous vous invitons à " + meeting + " du quartier " + quartier + ", le " + when
	if lieu != "" {
		words += " (" + lieu + ")"
	}
	return words + ". " + then
}

// InvitationWhy says why the letter came, and what becomes of the address.
const InvitationWhy = "Vous recevez cette invitation parce que vous avez laissé cette adresse avec votre signalement. Elle ne sert qu’à cela, n’est montrée ni à la police ni au public, et est effacée au plus tard après la durée indiquée sur le site."

// Letters is a PDF with one A4 page per letter; the address stands where a
// window envelope shows it.
func Letters(e Evening, letters []Letter) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(20, 20, 20)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetTitle("Invitations – "+e.Titre, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(e.StartsAt)
	pdf.SetModificationDate(e.StartsAt)
	pdf.SetCatalogSort(true)
	c := card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}
	for _, l := range letters {
		if err := c.letter(e, l); err != nil {
			return nil, err
		}
	}
	if len(letters) == 0 {
		pdf.AddPage()
		c.centred(14, "", "Aucune lettre à imprimer.", 8)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return out.Bytes(), nil
}

func (c card) letter(e Evening, l Letter) error {
	c.AddPage()
	c.ink()
	c.SetFont("Helvetica", "B", 13)
	c.Text(20, 26, c.text(plain("Ville de "+e.Ville)))
	c.SetFont("Helvetica", "", 12)
	y := 50.0
	for _, line := range append([]string{l.Nom}, strings.Split(l.Adresse, "\n")...) {
		if line = strings.TrimSpace(line); line != "" {
			c.Text(110, y, c.text(plain(line)))
			y += 6
		}
	}
	c.SetXY(20, 95)
	c.SetFont("Helvetica", "B", 15)
	c.MultiCell(170, 8, c.text(plain(e.Titre)), "", "L", false)
	if e.Demo {
		c.MultiCell(170, 8, c.text("DONNÉES FICTIVES"), "", "L", false)
	}
	c.Ln(3)
	c.SetFont("Helvetica", "", 12)
	c.MultiCell(170, 6.5, c.text(plain("Bonjour,\n\n"+InvitationWords(e.Kind, e.Quartier, frenchDate(e.StartsAt.In(e.Zone)), e.Lieu))), "", "L", false)
	c.Ln(4)
	address := InvitationAddress(e.BaseURL, l.Code)
	c.MultiCell(170, 6.5, c.text(plain("Pour répondre oui ou non, visez ce carré avec l’appareil photo de votre téléphone, ou ouvrez :\n"+address)), "", "L", false)
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	const side = 38.0
	module := side / float64(code.Size+2*quietZone)
	left, top := 20+quietZone*module, c.GetY()+2+quietZone*module
	c.SetFillColor(0, 0, 0)
	eachDark(code, func(x, y, width int) {
		c.Rect(left+float64(x)*module, top+float64(y)*module, float64(width)*module, module, "F")
	})
	c.SetY(c.GetY() + side + 6)
	c.SetFont("Helvetica", "", 10)
	c.MultiCell(170, 5.5, c.text(plain(InvitationWhy)), "", "L", false)
	return c.Error()
}
