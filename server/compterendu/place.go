package compterendu

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/report"
)

// resolution of the working version, about 10 ha.
const resolution hexgrid.Resolution = 9

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
	unsafe, safe string // how many people, in words; "" for none
	reading      report.Reading
	strength     int
	tables       map[int]*voices // nil in what is handed out
}

// publishedPlaces are the hexagons of an edition, and nothing else.
func publishedPlaces(e edition.Edition) []place {
	var out []place
	all := e.Hexagons()
	most := func(h edition.Hexagon) int { return max(h.Unsafe().AtLeast(), h.Safe().AtLeast()) }
	slices.SortStableFunc(all, func(a, b edition.Hexagon) int { return most(b) - most(a) })
	for _, h := range all {
		out = append(out, place{cell: h.Cell(), unsafe: ClassWords(h.Unsafe()), safe: ClassWords(h.Safe()),
			reading: report.Reading(h.Reading()), strength: most(h) / e.Threshold()})
	}
	return out
}

// ClassWords are a class as people write it, so that a spreadsheet reads no date;
// "" for none.
func ClassWords(c edition.Class) string {
	if c.Absent() {
		return ""
	}
	if most, bounded := c.AtMost(); bounded {
		return fmt.Sprintf("%d à %d", c.AtLeast(), most)
	}
	return fmt.Sprintf("%d et plus", c.AtLeast())
}

// workingPlaces are all hexagons of which somebody spoke, most voices first.
func workingPlaces(markers []atelier.Marker, residents int) []place {
	byCell := map[hexgrid.Cell]*place{}
	room := map[hexgrid.Cell]*voices{}
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
				byCell[cell], room[cell] = p, &voices{}
			}
			room[cell].hear(m)
			if p.tables[m.Table] == nil {
				p.tables[m.Table] = &voices{}
			}
			p.tables[m.Table].hear(m)
		}
	}
	var out []place
	for cell, p := range byCell {
		p.say(room[cell], residents)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b place) int {
		x, y := room[a.cell], room[b.cell]
		return cmp.Or(len(y.unsafe)-len(x.unsafe), len(y.safe)-len(x.safe), strings.Compare(a.cell.String(), b.cell.String()))
	})
	return out
}

// say puts into words how many people spoke.
func (p *place) say(v *voices, residents int) {
	unsafe, safe := len(v.unsafe), len(v.safe)
	p.unsafe, p.safe = people(unsafe), people(safe)
	p.reading = readingOf(unsafe, safe, residents)
	p.strength = max(unsafe, safe) / edition.MinThreshold
}

func people(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// contested is how divided a room has to be, between 0 and 1, for opinions to be
// called shared: at least one voice in four is of the smaller side.
const contested = 0.5

func readingOf(unsafe, safe, residents int) report.Reading {
	switch {
	case safe == 0:
		return report.ReadUnsafe
	case unsafe == 0:
		return report.ReadSafe
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
	return report.Near(p.name)
}

// maps shows the places: in what is handed out, those of the edition.
func (w *writer) maps(ground report.PaperMap, places []place) {
	w.add(report.Heading{Level: 2, Text: "La carte"})
	if w.version == Diffusion {
		w.add(report.Paragraph(w.source()))
		if len(places) > 0 {
			w.plan("Carte de l’atelier", "La carte en chiffres : nombre de personnes par endroit", ground, places)
		}
		return
	}
	w.add(report.Heading{Level: 3, Text: "Toutes les tables ensemble"})
	if len(places) == 0 {
		w.add(report.Paragraph("Aucun repère n’a été placé."))
		return
	}
	w.plan("Carte de l’atelier, toutes les tables", "La carte en chiffres : nombre de personnes par endroit", ground, places)
	for _, table := range w.room.Seats {
		if table.Participants > 0 {
			w.table(ground, places, table.Numero)
		}
	}
}

// source says where the map that is handed out comes from, or why there is none.
func (w *writer) source() string {
	switch {
	case w.shown == MapNone:
		return "La carte de cet atelier n’est pas encore publiée. Ce document n’en donne aucun nombre : ceux qui sortent de la salle sont ceux de la carte publiée, et eux seuls."
	case w.shown == MapWithdrawn:
		return "La carte publiée de cet atelier a été retirée : ce document n’en donne aucun nombre."
	case len(w.edition.Hexagons()) == 0:
		return fmt.Sprintf("Aucun endroit n’a été signalé par assez de personnes (au moins %d) : la carte publiée est vide, pour que personne ne puisse être reconnu.", w.edition.Threshold())
	}
	words := fmt.Sprintf("Cette carte et ces nombres sont ceux de l’édition n° %d du quartier, publiée par la Ville", w.edition.Numero())
	if days := w.edition.Days(); len(days) > 1 {
		words += fmt.Sprintf(", qui réunit %d ateliers", len(days))
	}
	return words + "."
}

func (w *writer) plan(title, caption string, ground report.PaperMap, places []place) {
	plan := report.Plan{Title: title, Map: ground}
	grid := report.Grid{Caption: caption, Head: []string{"N°", "Endroit", "Pas en sécurité", "Plutôt en sécurité", "Lecture"}, Shares: []float64{0.08, 0.38, 0.17, 0.18, 0.19}}
	for i, p := range places {
		if p.unsafe == "" && p.safe == "" {
			continue // of another table
		}
		plan.Hexagons = append(plan.Hexagons, report.PlanHexagon{Ring: p.cell.Boundary(), Number: i + 1, Reading: p.reading, Strength: p.strength})
		grid.Rows = append(grid.Rows, []string{fmt.Sprint(i + 1), p.words(), cmp.Or(p.unsafe, "–"), cmp.Or(p.safe, "–"), readings[p.reading]})
	}
	plan.Alt = describe(w.quartier.Nom, plan.Hexagons) + " Les nombres sont dans le tableau qui suit."
	w.add(plan, grid)
}

// table is what one table drew, with the numbers of the places of the room.
func (w *writer) table(ground report.PaperMap, places []place, numero int) {
	title := fmt.Sprintf("Table %d", numero)
	w.add(report.Heading{Level: 3, Text: title})
	own, spoke := slices.Clone(places), false
	for i := range own {
		own[i].unsafe, own[i].safe = "", ""
		if v := own[i].tables[numero]; v != nil {
			own[i].say(v, w.residents())
			spoke = true
		}
	}
	if !spoke {
		w.add(report.Paragraph("Cette table n’a placé aucun repère."))
		return
	}
	w.plan("Carte de la table "+fmt.Sprint(numero), title+" : nombre de personnes par endroit", ground, own)
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
