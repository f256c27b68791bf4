package personal

import (
	"strings"

	"quietude/server/atelier"
)

// Detector finds personal passages in the texts of one city.
type Detector struct {
	// places are the folded names of streets and places, by their first word.
	places map[string][][]string
}

// New makes a detector that takes none of the given names of streets, quartiers
// and buildings for a person: « rue Jean-Pierre Veyrat », « lycée Louis
// Armand ». Without them it still knows a street by the word before its name.
func New(places ...string) *Detector {
	d := &Detector{places: map[string][][]string{}}
	for _, p := range places {
		ws := strings.Fields(atelier.Fold(p))
		// One word alone (Martin, Carnot) may be somebody's name as well.
		if len(ws) > 1 {
			d.places[ws[0]] = append(d.places[ws[0]], ws)
		}
	}
	return d
}

// Find gives the passages, in order; no two overlap.
func (d *Detector) Find(text string) []Finding {
	return settle(append(patterns(text), d.names(text)...))
}

// known gives how many words from the first on are the longest known place that
// begins there.
func (d *Detector) known(ws []word) int {
	first, _, _ := strings.Cut(ws[0].folded, " ")
	longest := 0
	for _, place := range d.places[first] {
		if n := matches(place, ws); n > longest {
			longest = n
		}
	}
	return longest
}

// matches gives how many words spell a place; 0 when they don't.
func matches(place []string, ws []word) int {
	at := 0
	for i, w := range ws {
		for _, part := range strings.Fields(w.folded) {
			if at == len(place) || part != place[at] {
				return 0
			}
			at++
		}
		if at == len(place) {
			return i + 1
		}
	}
	return 0
}
