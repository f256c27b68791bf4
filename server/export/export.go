// Package export writes the table behind a figure as a file for a spreadsheet,
// and lets nobody take its numbers without what they rest on: each file carries
// its source, period, number of people, caveat and day.
//
// The package knows no transport and no figure: it is given tables.
package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

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

// Column is one column; Name says the unit where there is one.
type Column struct{ Name string }

// Columns makes columns from their names.
func Columns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, name := range names {
		out[i].Name = name
	}
	return out
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

// XLSX writes a workbook with one sheet per table: title, context, numbers.
func XLSX(w io.Writer, tables []Table) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	date := "yyyy-mm-dd"
	dated, err := f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return fmt.Errorf("sheet %q: %w", t.Name, err)
		}
		if err := writeSheet(f, t, bold, dated); err != nil {
			return fmt.Errorf("sheet %q: %w", t.Name, err)
		}
	}
	return f.Write(w)
}

// columnWidth fits a heading of two or three words, in characters.
const columnWidth = 22

func writeSheet(f *excelize.File, t Table, bold, dated int) error {
	s, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, max(2, len(t.Columns)), columnWidth); err != nil {
		return err
	}
	line := 0
	write := func(cells ...any) error {
		line++
		return s.SetRow("A"+strconv.Itoa(line), cells)
	}
	if err := write(excelize.Cell{StyleID: bold, Value: Escape(t.Title)}); err != nil {
		return err
	}
	for _, e := range t.Context.entries() {
		if err := write(e[0], Escape(e[1])); err != nil {
			return err
		}
	}
	heading := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		heading[i] = excelize.Cell{StyleID: bold, Value: Escape(c.Name)}
	}
	if err := write(); err != nil {
		return err
	}
	if err := write(heading...); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = sheetCell(cell, dated)
		}
		if err := write(cells...); err != nil {
			return err
		}
	}
	return s.Flush()
}

func sheetCell(cell any, dated int) any {
	switch v := cell.(type) {
	case nil:
		return nil
	case int:
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	case time.Time:
		// The day on the wall, not the instant: a workbook has no time zone.
		return excelize.Cell{StyleID: dated, Value: time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)}
	case string:
		return Escape(v)
	}
	return Escape(fmt.Sprint(cell))
}
