package edition

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strings"
	"testing"

	"quietude/geo/hexgrid"
)

func TestReadGivesBackWhatWasBuilt(t *testing.T) {
	strips, merged := 0, 0
	for seed := range uint64(60) {
		w := newWorld(seed)
		for slot := range slots {
			e := build(t, w.request(slot))
			back, err := Read(e.Canonical(), e.Hash())
			if err != nil || !reflect.DeepEqual(e, back) {
				t.Fatalf("seed %d: %v\n%s", seed, err, e.Canonical())
			}
			strips += len(e.Dayparts())
			for _, h := range e.Hexagons() {
				if h.Cell().Resolution() < e.Resolution() {
					merged++
				}
			}
		}
	}
	if strips == 0 || merged == 0 {
		t.Errorf("the worlds have %d bars and %d merged hexagons: not much was tried", strips, merged)
	}
}

// members of a hexagon of 9, as the canonical text has them.
func members(c hexgrid.Cell) string {
	names := []string{}
	for _, child := range children(c) {
		names = append(names, child.String())
	}
	return strings.Join(names, ",")
}

// forged pretends that altered bytes are stored with their own hash.
func forged(text string) (Edition, error) {
	sum := sha256.Sum256([]byte(text))
	return Read([]byte(text), hex.EncodeToString(sum[:]))
}

func TestReadRefusesWhatBuildWouldNotWrite(t *testing.T) {
	cells := disk(Broad, 2)
	r := request(t, func(r *Request) {
		r.Voices = append(crowd(cells[0], Unsafe, 8, "a"), crowd(cells[5], Safe, 11, "b")...)
		r.Themes = []string{"BRU", "OCC"}
		for _, v := range crowd(cells[0], Safe, 9, "s") {
			r.Said = append(r.Said, Said{v.Contributor, r.Themes, Dayparts()})
		}
	})
	e := build(t, r)
	good := string(e.Canonical())
	if _, err := forged(good); err != nil {
		t.Fatalf("%v\n%s", err, good)
	}
	if _, err := Read(e.Canonical(), strings.Repeat("0", 64)); reasonOf(err) != HashMismatch {
		t.Errorf("another hash: %v", err)
	}
	first := "hexagon " + cells[0].String() + " 5-9 - " + members(cells[0]) + "\n"
	second := "hexagon " + cells[5].String() + " - 10-14 " + members(cells[5]) + "\n"
	if !strings.Contains(good, first+second) {
		t.Fatalf("not as expected:\n%s", good)
	}
	child, _ := cells[0].DescendantRange(Fine)
	for name, change := range map[string][2]string{
		"a small class":                {" 5-9 - ", " 1-4 - "},
		"below five":                   {" 5-9 - ", " <5 - "},
		"an exact count":               {" 5-9 - ", " 8 - "},
		"a narrower class":             {" 5-9 - ", " 5-8 - "},
		"a class of another k":         {"threshold 5", "threshold 6"},
		"a lower k":                    {"threshold 5", "threshold 4"},
		"a hexagon without class":      {first, "hexagon " + cells[0].String() + " - - " + members(cells[0]) + "\n"},
		"a hexagon twice":              {first, first + first},
		"another order":                {first + second, second + first},
		"a finer hexagon":              {first, "hexagon " + child.String() + " 5-9 - -\n"},
		"a parent without the rule":    {first, "hexagon " + cells[0].Parent(8).String() + " 5-9 - " + members(cells[0]) + "\n"},
		"a parent beside its child":    {"addresses -", "addresses 8\nhexagon " + cells[0].Parent(8).String() + " 5-9 - " + members(cells[0])},
		"members of another":           {first, "hexagon " + cells[0].String() + " 5-9 - " + members(cells[5]) + "\n"},
		"a member twice":               {first, strings.Replace(first, children(cells[0])[1].String(), children(cells[0])[0].String(), 1)},
		"no members":                   {first, "hexagon " + cells[0].String() + " 5-9 - -\n"},
		"a bar less":                   {"daypart weekend_night 5-9\n", ""},
		"a bar without class":          {"daypart weekend_night 5-9", "daypart weekend_night -"},
		"one theme":                    {"theme OCC 5-9\n", ""},
		"resolution 10 for an evening": {"resolution 9", "resolution 10"},
		"resolution 11":                {"resolution 9", "resolution 11"},
		"number 0":                     {"numero 1", "numero 0"},
		"number 01":                    {"numero 1", "numero 01"},
		"another territoire":           {"territoire 73065", "territoire x"},
		"two quartiers":                {"quartier HC", "quartier HC HD"},
		"no day":                       {"ateliers 2025-03-01", "ateliers 2025-02-30"},
		"both sources":                 {"ateliers 2025-03-01", "ateliers 2025-03-01\nperiod 2025-01-01 2025-02-01"},
		"an unknown line":              {"resolution 9", "resolution 9\nvoices 19"},
		"a total":                      {"end\n", "total 19\nend\n"},
		"carriage return":              {"resolution 9\n", "resolution 9\r\n"},
		"two spaces":                   {"resolution 9", "resolution  9"},
		"no end":                       {"end\n", ""},
		"something after the end":      {"end\n", "end\n\n"},
		"another version":              {"edition 1", "edition 2"},
		"upper-case cell":              {cells[0].String(), strings.ToUpper(cells[0].String())},
		"address rule of another kind": {"addresses -", "addresses 3"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("%s: nothing was changed", name)
		} else if _, err := forged(bad); reasonOf(err) != InvalidText {
			t.Errorf("%s: %v\n%s", name, err, bad)
		}
	}
	if _, err := forged(""); reasonOf(err) != InvalidText {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for seed := range uint64(6) {
		e, err := Build(newWorld(seed).request(0))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(e.Canonical()))
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := forged(text)
		if err != nil {
			if e.Valid() || len(e.Hexagons()) > 0 {
				t.Error("a refused text gives an edition")
			}
			return
		}
		if string(e.Canonical()) != text {
			t.Error("the text that was read is not the text of the edition")
		}
		for _, h := range e.Hexagons() {
			for _, c := range []Class{h.Unsafe(), h.Safe()} {
				if !c.Absent() && c.AtLeast() < MinThreshold {
					t.Errorf("class %s", c)
				}
			}
		}
		for r := hexgrid.Coarsest; r <= e.Resolution(); r++ {
			if _, err := e.Zoom(r); err != nil {
				t.Error(err)
			}
		}
	})
}
