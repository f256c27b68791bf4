package edition

import (
	"strconv"
	"strings"

	"quietude/geo/hexgrid"
)

// heading is the first line; its number changes with the grammar.
const heading = "quietude edition 1"

// text is the canonical form, one fact a line, fields separated by one space,
// each line ended by a line feed, ASCII only:
//
//	quietude edition 1
//	territoire 73065
//	quartier HC
//	numero 3
//	ateliers 2025-03-14 2025-04-02 2025-05-16   or   period 2025-01-01 2025-04-01
//	resolution 10
//	threshold 5
//	addresses 8                                  or   addresses -
//	theme BRU 5-9                                all in the order of the request, or none
//	daypart weekday_morning 10-14                all eight, or none
//	hexagon 8a1f916e271ffff 5-9 - -              cell, unsafe, safe, members unless itself
//	hexagon 891f916e277ffff 15+ 5-9 8a…,8a…
//	end
func (e Edition) text() string {
	var b strings.Builder
	line := func(fields ...string) { b.WriteString(strings.Join(fields, " ") + "\n") }
	line(heading)
	line("territoire", e.territoire)
	line("quartier", e.quartier)
	line("numero", strconv.Itoa(e.numero))
	if e.from != "" {
		line("period", string(e.from), string(e.to))
	} else {
		fields := []string{"ateliers"}
		for _, day := range e.days {
			fields = append(fields, string(day))
		}
		line(fields...)
	}
	line("resolution", strconv.Itoa(int(e.resolution)))
	line("threshold", strconv.Itoa(e.k))
	if e.addressRule {
		line("addresses", strconv.Itoa(MinAddresses))
	} else {
		line("addresses", "-")
	}
	for _, bar := range e.themes {
		line("theme", bar.code, bar.class.String())
	}
	for _, bar := range e.dayparts {
		line("daypart", bar.code, bar.class.String())
	}
	for _, h := range e.hexagons {
		line("hexagon", h.cell.String(), h.Unsafe().String(), h.Safe().String(), h.memberText())
	}
	line("end")
	return b.String()
}

func (h Hexagon) memberText() string {
	if len(h.members) == 1 && h.members[0] == h.cell {
		return "-"
	}
	names := make([]string, len(h.members))
	for i, c := range h.members {
		names[i] = c.String()
	}
	return strings.Join(names, ",")
}

// Read is the edition whose Canonical and Hash these are. It refuses
// HashMismatch, and InvalidText for bytes that Build would not write: classes
// of another threshold, hexagons that overlap, half a strip. So what is read
// obeys the same rules as what is built; that these people existed is for the
// database to guarantee.
func Read(canonical []byte, hash string) (Edition, error) {
	e, ok := parse(string(canonical))
	if !ok || !e.consistent() {
		return Edition{}, refuse(InvalidText)
	}
	e = e.sealed()
	switch {
	case e.canonical != string(canonical):
		return Edition{}, refuse(InvalidText)
	case e.hash != hash:
		return Edition{}, refuse(HashMismatch)
	}
	return e, nil
}

// parse reads the grammar of text loosely; Read then compares the bytes.
func parse(s string) (e Edition, ok bool) {
	body, ok := strings.CutPrefix(s, heading+"\n")
	if !ok {
		return e, false
	}
	body, ok = strings.CutSuffix(body, "\nend\n")
	if !ok {
		return e, false
	}
	for line := range strings.SplitSeq(body, "\n") {
		fields := strings.Split(line, " ")
		if !e.parseLine(fields[0], fields[1:]) {
			return e, false
		}
	}
	return e, true
}

func (e *Edition) parseLine(name string, values []string) bool {
	switch {
	case name == "ateliers" && len(values) > 0:
		for _, day := range values {
			e.days = append(e.days, Day(day))
		}
		return true
	case name == "hexagon" && len(values) == 4:
		return e.parseHexagon(values)
	case len(values) == 2:
		return e.parsePair(name, values[0], values[1])
	case len(values) == 1:
		return e.parseValue(name, values[0])
	}
	return false
}

func (e *Edition) parseValue(name, value string) bool {
	number, err := strconv.Atoi(value)
	switch name {
	case "territoire":
		e.territoire = value
		return true
	case "quartier":
		e.quartier = value
		return true
	case "numero":
		e.numero = number
	case "resolution":
		e.resolution = hexgrid.Resolution(number)
	case "threshold":
		e.k = number
	case "addresses":
		e.addressRule = value != "-"
		return true
	default:
		return false
	}
	return err == nil
}

func (e *Edition) parsePair(name, first, second string) bool {
	if name == "period" {
		e.from, e.to = Day(first), Day(second)
		return true
	}
	class, ok := parseClass(second, e.k)
	if !ok || class.Absent() {
		return false
	}
	switch name {
	case "theme":
		e.themes = append(e.themes, Bar{first, class})
	case "daypart":
		e.dayparts = append(e.dayparts, Bar{first, class})
	default:
		return false
	}
	return true
}

func (e *Edition) parseHexagon(values []string) bool {
	cell, err := hexgrid.ParseCell(values[0])
	if err != nil {
		return false
	}
	h := Hexagon{cell: cell}
	for f := range felts {
		class, ok := parseClass(values[1+f], e.k)
		if !ok {
			return false
		}
		h.classes[f] = class
	}
	names := strings.Split(values[3], ",")
	if values[3] == "-" {
		names = values[:1]
	}
	for _, name := range names {
		member, err := hexgrid.ParseCell(name)
		if err != nil {
			return false
		}
		h.members = append(h.members, member)
	}
	e.hexagons = append(e.hexagons, h)
	return true
}

// consistent checks the rules that the grammar does not say.
func (e Edition) consistent() bool {
	source := Source{From: e.from, To: e.to}
	for i, day := range e.days {
		source.Ateliers = append(source.Ateliers, Evening{strconv.Itoa(i), day})
		if i > 0 && e.days[i-1] > day {
			return false
		}
	}
	return source.check() == nil &&
		territoireCode.MatchString(e.territoire) && plainCode.MatchString(e.quartier) && e.numero > 0 &&
		e.k >= MinThreshold && e.k <= MaxThreshold &&
		(e.resolution == Broad || e.resolution == Fine) && e.resolution <= source.Finest() &&
		e.stripsWhole() && e.hexagonsDisjoint()
}

func (e Edition) stripsWhole() bool {
	codes := make([]string, len(e.themes))
	for i, bar := range e.themes {
		codes[i] = bar.code
	}
	if !themesValid(codes) {
		return false
	}
	for i, daypart := range Dayparts() {
		if len(e.dayparts) > 0 && (len(e.dayparts) != len(Dayparts()) || e.dayparts[i].code != string(daypart)) {
			return false
		}
	}
	return true
}

// hexagonsDisjoint says that hexagons are sorted, hold a class, and that no
// published hexagon lies in another: members of one parent are in its list
// only, and a parent stands beside none of its children.
func (e Edition) hexagonsDisjoint() bool {
	published := map[hexgrid.Cell]bool{}
	for _, h := range e.hexagons {
		published[h.cell] = true
	}
	for i, h := range e.hexagons {
		if i > 0 && e.hexagons[i-1].cell >= h.cell || h.classes == [len(felts)]Class{} {
			return false
		}
		own := h.cell.Resolution()
		if own < hexgrid.Coarsest || own > e.resolution || own < e.resolution && !e.addressRule || !distinctCells(h.members, Fine) {
			return false
		}
		for j, member := range h.members {
			if j > 0 && h.members[j-1] >= member || member.Parent(own) != h.cell {
				return false
			}
		}
		for r := hexgrid.Coarsest; r < own; r++ {
			if published[h.cell.Parent(r)] {
				return false
			}
		}
	}
	return true
}
