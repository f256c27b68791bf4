package compterendu

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/report"
)

// What a place must have to be handed out: the threshold of publication at its
// resolution, and, for one table, as many voices as make a cluster.
const (
	resolution    hexgrid.Resolution = 9 // about 10 ha
	fewest                           = 5 // distinct residents, by felt
	fewestAtTable                    = 3
)

// voices are the distinct residents who spoke of a place.
type voices struct{ unsafe, safe map[uuid.UUID]bool }

func (v *voices) hear(m atelier.Marker) {
	if v.unsafe == nil {
		v.unsafe, v.safe = map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	}
	if m.Felt == atelier.Unsafe {
		v.unsafe[m.Author] = true
	} else {
		v.safe[m.Author] = true
	}
}

// place is a hexagon that the document shows.
type place struct {
	cell         hexgrid.Cell
	name         string // nearest street
	all          voices
	tables       map[int]*voices
	unsafe, safe int // 0 when not shown
}

// placesOf are the hexagons to show, those of which most people spoke first.
func placesOf(markers []atelier.Marker, v Version) []place {
	byCell := map[hexgrid.Cell]*place{}
	for _, m := range markers {
		if m.Deleted || m.Hidden {
			continue
		}
		seen := map[hexgrid.Cell]bool{}
		for _, fine := range m.Cells {
			cell := fine.Parent(resolution)
			if seen[cell] {
				continue
			}
			seen[cell] = true
			p := byCell[cell]
			if p == nil {
				p = &place{cell: cell, tables: map[int]*voices{}}
				byCell[cell] = p
			}
			p.all.hear(m)
			if p.tables[m.Table] == nil {
				p.tables[m.Table] = &voices{}
			}
			p.tables[m.Table].hear(m)
		}
	}
	var out []place
	for _, p := range byCell {
		p.unsafe, p.safe = enough(len(p.all.unsafe), fewest, v), enough(len(p.all.safe), fewest, v)
		if p.unsafe > 0 || p.safe > 0 {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(a, b place) int {
		// By what is shown: the order must not tell what is not.
		if d := class(b.unsafe, v) - class(a.unsafe, v); d != 0 {
			return d
		}
		if d := class(b.safe, v) - class(a.safe, v); d != 0 {
			return d
		}
		return strings.Compare(a.cell.String(), b.cell.String())
	})
	return out
}

// enough is a number that may be shown, else 0.
func enough(n, least int, v Version) int {
	if v == Diffusion && n < least {
		return 0
	}
	return n
}

// class is the lower end of what is said of a number.
func class(n int, v Version) int {
	if v == Travail {
		return n
	}
	return min(n/fewest, 3)
}

// people says a number as it may be shown.
func people(n int, v Version) string {
	switch {
	case n == 0:
		return "–"
	case v == Travail:
		return fmt.Sprint(n)
	case n < 2*fewest:
		return "5 à 9"
	case n < 3*fewest:
		return "10 à 14"
	}
	return "15 et plus"
}

// contested is how divided a room has to be, between 0 and 1, for opinions to be
// called shared: at least one voice in four is of the smaller side.
const contested = 0.5

func readingOf(unsafe, safe, residents int, v Version) report.Reading {
	switch {
	case safe == 0:
		return report.ReadUnsafe
	case unsafe == 0:
		return report.ReadSafe
	case v == Diffusion:
		return report.ReadContested // a function of what is shown alone
	}
	// Voices of both sides may be of the same people, so N is only a bound.
	if share, known := hexstat.ConsensusOf(unsafe, safe, max(residents, unsafe, safe)).Contested.Get(); known && share >= contested {
		return report.ReadContested
	}
	if unsafe > safe {
		return report.ReadUnsafe
	}
	return report.ReadSafe
}

var readings = map[report.Reading]string{
	report.ReadUnsafe: "pas en sécurité", report.ReadSafe: "plutôt en sécurité", report.ReadContested: "avis partagés",
}

func strength(n int) int { return min(n/fewest, 4) }

func middles(places []place) []orb.Point {
	out := make([]orb.Point, len(places))
	for i, p := range places {
		out[i] = p.cell.Centre()
	}
	return out
}

func (p place) words() string {
	if p.name == "" {
		return "Lieu sans nom de rue proche"
	}
	return "Près de " + p.name
}

func (w *writer) maps(ground report.PaperMap, places []place) {
	w.add(report.Heading{Level: 2, Text: "La carte"}, report.Heading{Level: 3, Text: "Toutes les tables ensemble"})
	if len(places) == 0 {
		words := "Aucun repère n’a été placé."
		if w.version == Diffusion {
			words = fmt.Sprintf("Aucun endroit n’a été signalé par %d personnes ou plus : la carte n’est pas diffusée, pour que personne ne puisse être reconnu.", fewest)
		}
		w.add(report.Paragraph(words))
		return
	}
	n := w.residents()
	plan := report.Plan{Title: "Carte de l’atelier, toutes les tables", Map: ground}
	grid := report.Grid{Caption: "La carte en chiffres : nombre de personnes par endroit", Head: []string{"N°", "Endroit", "Pas en sécurité", "Plutôt en sécurité", "Lecture"}, Shares: []float64{0.08, 0.38, 0.17, 0.18, 0.19}}
	for i, p := range places {
		reading := readingOf(p.unsafe, p.safe, n, w.version)
		plan.Hexagons = append(plan.Hexagons, report.PlanHexagon{Ring: p.cell.Boundary(), Number: i + 1, Reading: reading, Strength: strength(max(p.unsafe, p.safe))})
		grid.Rows = append(grid.Rows, []string{fmt.Sprint(i + 1), p.words(), people(p.unsafe, w.version), people(p.safe, w.version), readings[reading]})
	}
	plan.Alt = describe(w.quartier.Nom, plan.Hexagons) + " Les nombres sont dans le tableau qui suit."
	w.add(plan, grid)
	for _, table := range w.room.Seats {
		if table.Participants > 0 {
			w.table(ground, places, table.Numero)
		}
	}
}

// table is what one table drew, at the places that the whole room shows.
func (w *writer) table(ground report.PaperMap, places []place, numero int) {
	title := fmt.Sprintf("Table %d", numero)
	w.add(report.Heading{Level: 3, Text: title})
	plan := report.Plan{Title: "Carte de la table " + fmt.Sprint(numero), Map: ground}
	grid := report.Grid{Caption: title + " : ce qu’elle dit de ces endroits", Head: []string{"N°", "Endroit", "Lecture"}, Shares: []float64{0.08, 0.62, 0.3}}
	if w.version == Travail {
		grid.Head = []string{"N°", "Endroit", "Pas en sécurité", "Plutôt en sécurité", "Lecture"}
		grid.Shares = []float64{0.08, 0.38, 0.17, 0.18, 0.19}
	}
	for i, p := range places {
		spoke := p.tables[numero]
		if spoke == nil {
			continue
		}
		unsafe, safe := enough(len(spoke.unsafe), fewestAtTable, w.version), enough(len(spoke.safe), fewestAtTable, w.version)
		// What the room does not show, no table shows.
		if p.unsafe == 0 {
			unsafe = 0
		}
		if p.safe == 0 {
			safe = 0
		}
		if unsafe == 0 && safe == 0 {
			continue
		}
		reading := readingOf(unsafe, safe, w.residents(), w.version)
		shown := report.PlanHexagon{Ring: p.cell.Boundary(), Number: i + 1, Reading: reading, Strength: 1}
		row := []string{fmt.Sprint(i + 1), p.words()}
		if w.version == Travail {
			shown.Strength = strength(max(unsafe, safe))
			row = append(row, people(unsafe, w.version), people(safe, w.version))
		}
		plan.Hexagons = append(plan.Hexagons, shown)
		grid.Rows = append(grid.Rows, append(row, readings[reading]))
	}
	if len(grid.Rows) == 0 {
		w.add(report.Paragraph(fmt.Sprintf("À cette table, aucun endroit n’a été signalé par %d personnes ou plus.", fewestAtTable)))
		return
	}
	plan.Alt = describe(w.quartier.Nom, plan.Hexagons) + " Le détail est dans le tableau qui suit."
	w.add(plan, grid)
}

// describe says in words what a map shows.
func describe(quartier string, hexagons []report.PlanHexagon) string {
	n := map[report.Reading]int{}
	for _, h := range hexagons {
		n[h.Reading]++
	}
	return fmt.Sprintf("Carte du quartier %s : %s où l’on ne se sent pas en sécurité, %s où l’on se sent plutôt en sécurité, %s aux avis partagés.",
		quartier, count(n[report.ReadUnsafe], "endroit", "endroits"), count(n[report.ReadSafe], "endroit", "endroits"), count(n[report.ReadContested], "endroit", "endroits"))
}
