package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/go-pdf/fpdf"
)

// PDF is the document on A4 pages, with its structure for screen readers and its
// headings as bookmarks.
func (d Document) PDF() ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	pdf.SetTitle(d.Title, true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(d.Made)
	pdf.SetModificationDate(d.Made)
	pdf.SetCatalogSort(true)
	pdf.AliasNbPages("")
	p := printer{card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}, newTags(pdf)}
	pdf.SetFooterFunc(func() {
		p.foot(func() {
			pdf.SetY(-12)
			p.ink()
			p.SetFont("Helvetica", "", 8.5)
			p.CellFormat(0, 5, p.text(printable(fmt.Sprintf("%s – page %d sur {nb}", d.Title, pdf.PageNo()))), "", 0, "C", false, 0, "")
		})
	})
	pdf.SetHeaderFunc(p.resume)
	p.AddPage()
	p.ink()
	p.write("H1", 19, "B", d.Title, 8.5)
	for _, line := range d.Lines {
		p.write("P", 11.5, "", line, 5.8)
	}
	if d.Demo {
		p.write("P", 12, "B", "DONNÉES FICTIVES", 7)
	}
	for i, block := range d.Blocks {
		p.room(together(d.Blocks[i:]))
		p.block(block)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("document as PDF: %w", err)
	}
	return p.added(out.Bytes())
}

// printer sets the blocks of a document one under the other.
type printer struct {
	card
	*tags
}

// write sets a text; role is what it is in the structure.
func (p printer) write(role string, size float64, style, text string, height float64) {
	p.leaf(&element{role: role}, func() {
		p.SetFont("Helvetica", style, size)
		p.MultiCell(planWidth, height, p.text(printable(text)), "", "L", false)
	})
}

// room begins a new page when less than some millimetres are left.
func (p printer) room(height float64) {
	if p.GetY()+height > pageHeight-margin {
		p.AddPage()
	}
}

// together is the height of what must not be parted from the first of some
// blocks: headings stay with what they announce, and what leads to a map or a table
// with it.
func together(blocks []Block) (height float64) {
	for i, block := range blocks {
		switch b := block.(type) {
		case Heading:
			height += 13
		case Paragraph:
			const perLine, gap, letters = 5.2, 1.5, 100 // about
			height += perLine*float64(1+len(b)/letters) + gap
			if i+1 == len(blocks) || !shows(blocks[i+1]) {
				return height
			}
		case Plan:
			return height + planHeight + 22
		case Grid:
			return height + 32
		default:
			return height + 8
		}
	}
	return height
}

func (p printer) block(block Block) {
	switch b := block.(type) {
	case Heading:
		size, role := 15.0, "H2"
		if b.Level > 2 {
			size, role = 12.5, "H3"
		}
		p.Ln(4)
		p.bookmark(b)
		p.write(role, size, "B", b.Text, size/2)
		p.Ln(1)
	case Paragraph:
		p.write("P", 10.5, "", string(b), 5.2)
		p.Ln(1.5)
	case Bullets:
		p.in(&element{role: "L"}, func() {
			for _, item := range b {
				p.in(&element{role: "LI"}, func() { p.bullet(item) })
			}
		})
		p.Ln(1.5)
	case Grid:
		p.grid(b)
	case Plan:
		p.plan(b)
	}
}

func (p printer) bullet(item string) {
	p.SetFont("Helvetica", "", 10.5)
	p.room(5.2)
	p.SetX(margin + 2)
	p.leaf(&element{role: "Lbl"}, func() { p.CellFormat(5, 5.2, p.text("•"), "", 0, "L", false, 0, "") })
	p.leaf(&element{role: "LBody"}, func() {
		p.MultiCell(pageWidth-2*margin-7, 5.2, p.text(printable(item)), "", "L", false)
	})
}

// bookmark lets a reader go to a heading from the list of them.
func (p printer) bookmark(h Heading) {
	title := "\xfe\xff"
	for _, unit := range utf16.Encode([]rune(h.Text)) {
		title += string([]byte{byte(unit >> 8), byte(unit)})
	}
	p.Bookmark(title, min(max(h.Level, 2), 3)-2, -1)
}

// Measures of a table, millimetres, but the size of its letters, in points.
const (
	gridSize = 9.5
	gridLine = 4.6
	gridPad  = 1.2
)

func (p printer) grid(g Grid) {
	p.in(&element{role: "Table"}, func() {
		p.write("Caption", gridSize+0.5, "B", g.Caption, 5.5)
		p.row(g, g.Head, headRow)
		for i, row := range g.Rows {
			need := p.tall(g, row, "")
			if i == len(g.Rows)-2 && i > 0 { // the last row does not go to the next page alone
				need += p.tall(g, g.Rows[i+1], "")
			}
			if p.GetY()+need > pageHeight-margin {
				p.AddPage()
				p.row(g, g.Head, repeatedRow)
			}
			p.row(g, row, dataRow)
		}
	})
	p.Ln(3)
}

// lines are the lines of a cell of a column.
func (p printer) lines(g Grid, column int, text string) []string {
	width := g.Shares[column]*planWidth - 2*gridPad
	var out []string
	for _, part := range strings.Split(p.text(printable(text)), "\n") {
		for _, line := range p.SplitLines([]byte(part), width) {
			out = append(out, string(line))
		}
	}
	return out
}

func (p printer) tall(g Grid, row []string, style string) float64 {
	p.SetFont("Helvetica", style, gridSize)
	most := 1
	for i, cell := range row {
		most = max(most, len(p.lines(g, i, cell)))
	}
	// A row is never more than a page.
	return min(float64(most)*gridLine+2*gridPad, pageHeight-2*margin-20)
}

// kindOfRow is what a row is: the heads, the heads again on the next page, which
// nobody needs to hear twice, or data.
type kindOfRow int

const (
	headRow kindOfRow = iota
	repeatedRow
	dataRow
)

func (p printer) row(g Grid, row []string, kind kindOfRow) {
	style, look := "B", "FD"
	if kind == dataRow {
		style, look = "", "D"
	}
	height := p.tall(g, row, style)
	top := p.GetY()
	each := func(do func(i int, x, width float64, cell string)) {
		x := margin
		for i, cell := range row {
			width := g.Shares[i] * planWidth
			do(i, x, width, cell)
			x += width
		}
	}
	words := func(i int, x float64, cell string) {
		for n, line := range p.lines(g, i, cell) {
			p.Text(x+gridPad, top+gridPad+float64(n+1)*gridLine-1.2, line)
		}
	}
	p.artifact(func() {
		p.SetDrawColor(90, 98, 114)
		p.SetLineWidth(0.2)
		p.SetFillColor(240, 237, 228)
		each(func(i int, x, width float64, cell string) {
			p.Rect(x, top, width, height, look)
			if kind == repeatedRow {
				words(i, x, cell)
			}
		})
	})
	if kind != repeatedRow {
		p.in(&element{role: "TR"}, func() {
			each(func(i int, x, _ float64, cell string) {
				e := element{role: "TD"}
				if kind == headRow {
					e = element{role: "TH", scope: "Column"}
				} else if i == 0 {
					e = element{role: "TH", scope: "Row"}
				}
				p.leaf(&e, func() { words(i, x, cell) })
			})
		})
	}
	p.SetXY(margin, top+height)
}

func (p printer) plan(m Plan) {
	top := p.GetY() + 1
	const point = millimetresPerPoint
	figure := element{role: "Figure", alt: m.Alt, box: [4]float64{margin / point, (pageHeight - top - planHeight) / point, (margin + planWidth) / point, (pageHeight - top) / point}}
	p.leaf(&figure, func() { p.draw(m, top) })
	p.SetY(top + planHeight + 1)
	p.write("P", 9, "", m.Title+" – "+m.legend()+". "+m.Map.Source, 4.3)
	p.Ln(2)
}

func (p printer) draw(m Plan, top float64) {
	on := paper{p.card, planFrame(m.Map.Outline, margin, top)}
	on.ground(m.Map)
	p.ClipRect(margin, top, planWidth, planHeight, false)
	for _, h := range m.Hexagons {
		p.hexagon(on.sheet, h)
	}
	p.ClipEnd()
	p.SetDrawColor(138, 143, 154)
	p.SetLineWidth(0.2)
	p.Rect(margin, top, planWidth, planHeight, "D")
	metres := roundMetres(40 * on.sheet.metresPerMillimetre)
	p.SetDrawColor(29, 36, 51)
	p.SetLineWidth(0.7)
	p.Line(margin+4, top+planHeight-4, margin+4+metres/on.sheet.metresPerMillimetre, top+planHeight-4)
	p.ink()
	p.SetFont("Helvetica", "", 9)
	p.Text(margin+4, top+planHeight-5.5, fmt.Sprintf("%.0f m", metres))
	p.SetFillColor(29, 36, 51)
	x := margin + planWidth - 7
	p.Polygon([]fpdf.PointType{{X: x, Y: top + 3}, {X: x + 2.4, Y: top + 10}, {X: x, Y: top + 8.5}, {X: x - 2.4, Y: top + 10}}, "F")
	p.Text(x-1.1, top+14, "N")
}

// ground draws land, buildings, streets and the limit, in grey.
func (c paper) ground(m PaperMap) {
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
	c.streets(m.Streets, 0.45, [3]int{184, 178, 162})
	c.streets(m.Streets, 0.27, [3]int{255, 255, 255})
	c.SetDrawColor(91, 100, 114)
	c.SetLineWidth(0.5)
	c.SetDashPattern([]float64{2, 1.2}, 0)
	for _, polygon := range m.Outline {
		for _, ring := range polygon {
			c.Polygon(c.ring(ring), "D")
		}
	}
	c.SetDashPattern([]float64{}, 0)
	c.ClipEnd()
}

func (p printer) hexagon(s sheet, h PlanHexagon) {
	ring := s.points(h.Ring)
	if len(ring) == 0 {
		return
	}
	corners := make([]fpdf.PointType, len(ring))
	for i, at := range ring {
		corners[i] = fpdf.PointType{X: at.x, Y: at.y}
	}
	fill, edge := h.fill(), edges[h.Reading]
	p.SetFillColor(fill[0], fill[1], fill[2])
	p.SetDrawColor(edge[0], edge[1], edge[2])
	p.SetLineWidth(0.35)
	p.SetAlpha(0.75, "Normal")
	p.Polygon(corners, "FD")
	p.SetAlpha(1, "Normal")
	if h.Reading == ReadContested {
		p.SetLineWidth(0.2)
		for _, line := range hatches(ring, hatchGap) {
			p.Line(line[0].x, line[0].y, line[1].x, line[1].y)
		}
	}
	m := middle(ring)
	p.SetFillColor(255, 255, 255)
	p.SetLineWidth(0.4)
	switch h.Reading {
	case ReadUnsafe:
		p.Polygon([]fpdf.PointType{{X: m.x, Y: m.y - 5.6}, {X: m.x + 5, Y: m.y + 2.8}, {X: m.x - 5, Y: m.y + 2.8}}, "FD")
	case ReadSafe:
		p.Circle(m.x, m.y, 3.6, "FD")
	default:
		p.Rect(m.x-3.3, m.y-3.3, 6.6, 6.6, "FD")
	}
	p.ink()
	p.SetFont("Helvetica", "B", 9)
	number := fmt.Sprint(h.Number)
	p.Text(m.x-p.GetStringWidth(number)/2, m.y+1.4, number)
}
