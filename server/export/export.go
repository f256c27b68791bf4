// Package export writes the table behind a figure as a file for a spreadsheet,
// and lets nobody take its numbers without what they rest on: each file carries
// its source, period, number of people, caveat and day.
//
// The package knows no transport and no figure: it is given tables. What their
// columns mean is said once, in column.go.
package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Table is a figure as numbers.
type Table struct {
	// Name is that of a sheet or a file: ASCII, at most 31 characters.
	Name    string
	Title   string
	Columns []Column
	// Rows hold a string, an int, a float64, a time.Time (a day) or nil per column.
	Rows    [][]any
	Context Context
}

// Context is what a number rests on, in sentences for the reader.
type Context struct {
	Source string
	Period string
	N      string
	Caveat string
	Made   time.Time
}

// entries are the context as it is written beside the numbers.
func (c Context) entries() [][2]string {
	return [][2]string{{"source", c.Source}, {"periode", c.Period}, {"n", c.N}, {"reserve", c.Caveat}, {"etabli_le", day(c.Made)}}
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Escape is a text as a cell: a spreadsheet would run one that begins like a
// formula, so an apostrophe before it says that it is text (OWASP ASVS 5.0,
// 1.2.10). Numbers are not texts, and keep their sign.
func Escape(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// CSV writes a table: comma-separated, UTF-8, a line of names first. The
// context follows in columns of its own on each line, so that a line that was
// cut out, or joined to others, still says where it comes from.
func CSV(w io.Writer, t Table) error {
	if err := t.check(); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	var names, tail []string
	for _, c := range t.Columns {
		names = append(names, Escape(c.Name))
	}
	for _, e := range t.Context.entries() {
		names, tail = append(names, e[0]), append(tail, Escape(e[1]))
	}
	if err := out.Write(names); err != nil {
		return err
	}
	for _, row := range t.Rows {
		fields := make([]string, 0, len(names))
		for _, cell := range row {
			fields = append(fields, field(cell))
		}
		if err := out.Write(append(fields, tail...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func field(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return Escape(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', 6, 64)
	case time.Time:
		return day(v)
	}
	return Escape(fmt.Sprint(cell))
}

// Workbook is the media type of what XLSX writes.
const Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// XLSX writes a workbook with one sheet per table: title, context, numbers, as they
// are read and printed without anything being set first. The last sheet says what
// the columns mean.
func XLSX(w io.Writer, tables []Table) error {
	tables = append(slices.Clone(tables), explanation(tables))
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	looks, err := newLooks(f)
	if err != nil {
		return err
	}
	for i, t := range tables {
		if err := t.check(); err != nil {
			return err
		}
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err == nil {
			err = laidOut(f, t)
		}
		if err == nil {
			err = writeSheet(f, t, looks)
		}
		if err != nil {
			return fmt.Errorf("sheet %q: %w", t.Name, err)
		}
	}
	return f.Write(w)
}

// looks are the styles of cells.
type looks struct{ title, label, heading, words, number, dated int }

func newLooks(f *excelize.File) (l looks, err error) {
	date := "[$-40C]dd/mm/yyyy" // French, whatever the computer speaks
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	for _, s := range []struct {
		into  *int
		style excelize.Style
	}{
		{&l.title, excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 14}}},
		{&l.label, excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 11}}},
		{&l.heading, excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 11}, Alignment: top, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F0EDE4"}},
			Border: []excelize.Border{{Type: "bottom", Color: "1D2433", Style: 1}}}},
		// An indent keeps words apart from a number before them.
		{&l.words, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1, WrapText: true}}},
		{&l.number, excelize.Style{Alignment: top}},
		{&l.dated, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: &date}},
	} {
		if *s.into, err = f.NewStyle(&s.style); err != nil {
			return l, err
		}
	}
	return l, nil
}

// headingRow is the line of the names of columns: the title, what the numbers rest
// on and an empty line come before it.
const headingRow = 8

// The sizes of paper (ECMA-376, ST_PaperSize), and how wide a table may be, in
// characters, to be read on the smaller one.
const (
	paperA3 = 8
	paperA4 = 9
	wideA4  = 150.0
)

// laidOut has a sheet printed across the page, as many pages long as it has to be,
// with the names of columns on each.
func laidOut(f *excelize.File, t Table) error {
	landscape, size, whole, length := "landscape", paperA4, true, 0
	sum := 0.0
	for _, width := range widths(t) {
		sum += width
	}
	if sum > wideA4 {
		size = paperA3
	}
	if err := f.SetPageLayout(t.Name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &size, FitToHeight: &length}); err != nil {
		return err
	}
	if err := f.SetSheetProps(t.Name, &excelize.SheetPropsOptions{FitToPage: &whole}); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", t.Name, headingRow, headingRow), Scope: t.Name})
}

// The widths of a column, in characters: a date at least, and no more than what is
// read at a glance; sentences have more room where columns are few.
const (
	narrowest  = 11
	widest     = 34
	widestFew  = 72
	fewColumns = 4
)

// widths fit the columns of a table to what they hold.
func widths(t Table) []float64 {
	out := make([]float64, max(2, len(t.Columns)))
	most := float64(widest)
	if len(t.Columns) <= fewColumns {
		most = widestFew
	}
	wide := func(column int, text string) {
		for _, line := range strings.Split(text, "\n") {
			out[column] = max(out[column], min(most, float64(utf8.RuneCountInString(line))*1.1+2))
		}
	}
	for i := range out {
		out[i] = narrowest
	}
	// Names of columns break between their words, which keep whole.
	for i, c := range t.Columns {
		for _, word := range strings.Fields(c.Label) {
			wide(i, word)
		}
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			wide(i, field(cell))
		}
	}
	return out
}

// The height of a line of text, and the most that a row may have, points.
const (
	lineHeight = 15
	mostHeight = 409
)

// tall is the height of a row whose texts are broken into the widths of their
// columns: not every program finds it out when it opens a file.
func tall(row []any, wide []float64) float64 {
	most := 1
	for i, cell := range row {
		lines := 0
		for _, part := range strings.Split(field(cell), "\n") {
			// Lines break between words: some room at their end stays empty.
			lines += 1 + int(float64(utf8.RuneCountInString(part))*1.1/wide[i])
		}
		most = max(most, lines)
	}
	return min(mostHeight, float64(most)*lineHeight)
}

// contextNames are the entries of a context as a sheet names them.
var contextNames = map[string]string{"source": "Source", "periode": "Période", "n": "Effectif", "reserve": "Réserve", "etabli_le": "Établi le"}

func writeSheet(f *excelize.File, t Table, l looks) error {
	s, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	wide := widths(t)
	for i, width := range wide {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: headingRow, TopLeftCell: "A" + strconv.Itoa(headingRow+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	line := 0
	put := func(height float64, cells ...any) error {
		line++
		return s.SetRow("A"+strconv.Itoa(line), cells, excelize.RowOpts{Height: height})
	}
	write := func(cells ...any) error { return put(0, cells...) }
	if err := write(excelize.Cell{StyleID: l.title, Value: Escape(t.Title)}); err != nil {
		return err
	}
	for _, e := range t.Context.entries() {
		var value any = Escape(e[1])
		if e[0] == "etabli_le" && !t.Context.Made.IsZero() {
			value = sheetCell(t.Context.Made, l)
		}
		if err := write(excelize.Cell{StyleID: l.label, Value: contextNames[e[0]]}, value); err != nil {
			return err
		}
	}
	heading := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		heading[i] = excelize.Cell{StyleID: l.heading, Value: Escape(c.Label)}
	}
	if err := write(); err != nil {
		return err
	}
	names := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Label
	}
	if err := put(tall(names, wide), heading...); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = sheetCell(cell, l)
		}
		if err := put(tall(row, wide), cells...); err != nil {
			return err
		}
	}
	return s.Flush()
}

func sheetCell(cell any, l looks) any {
	switch v := cell.(type) {
	case nil:
		return nil
	case int:
		return excelize.Cell{StyleID: l.number, Value: v}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return excelize.Cell{StyleID: l.number, Value: v}
	case time.Time:
		// The day on the wall, not the instant: a workbook has no time zone.
		return excelize.Cell{StyleID: l.dated, Value: time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)}
	case string:
		return excelize.Cell{StyleID: l.words, Value: Escape(v)}
	}
	return excelize.Cell{StyleID: l.words, Value: Escape(fmt.Sprint(cell))}
}
