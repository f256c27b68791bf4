package compterendu

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/report"
)

// momentNames are the parts of a day, as they are read.
var momentNames = map[string]string{"day": "en journée, de 6 h à 18 h", "evening": "en soirée, de 18 h à 22 h", "night": "la nuit, de 22 h à 6 h"}

// What to mind of a slide.
const (
	recordedCaveat = "Enregistré ≠ commis : un signalement dépend de qui signale, pas seulement de ce qui arrive. Un lieu sans couleur n’est pas un lieu sans problème."
	statedCaveat   = "Enregistré ≠ commis : beaucoup de faits ne sont pas déclarés. Ces chiffres valent pour toute la commune."
	feltCaveat     = "La carte dit ce que ressentent les personnes venues ; elle ne mesure pas la délinquance."
)

// restitution is what the police showed, as the hall saw it.
func (w *writer) restitution(ground report.PaperMap, shown []atelier.Told, names map[hexgrid.Cell]string) {
	w.add(report.Heading{Level: 2, Text: "Ce que la police a présenté"})
	if len(shown) == 0 {
		w.add(report.Paragraph("Aucune diapositive n’a été montrée."))
		return
	}
	w.add(report.Paragraph("Les nombres sont ceux que la salle a vus : arrondis vers le bas, par cinq ; ce qui est plus petit n’apparaît pas."))
	for _, told := range shown {
		w.slide(ground, told, names)
	}
}

func (w *writer) slide(ground report.PaperMap, told atelier.Told, names map[hexgrid.Cell]string) {
	title, caveat := slideTitle(told), recordedCaveat
	w.add(report.Heading{Level: 3, Text: title})
	facts := []string{slidePeriod(told)}
	switch told.Kind {
	case atelier.SlideEdition:
		caveat = feltCaveat
		facts = append(facts, "source : édition publiée par la Ville")
	case atelier.SlideRecorded:
		caveat = statedCaveat
		facts = append(facts, "source : "+strings.Join(told.Sources, ", "))
	default:
		facts = append(facts, atLeast(told.AtLeast, "signalements"), "source : signalements reçus par la Ville")
	}
	facts = slices.DeleteFunc(facts, func(f string) bool { return f == "" })
	w.add(report.Paragraph(upper(strings.Join(facts, " ; ")) + "."))
	if w.version == Diffusion && told.Kind.Located() {
		// It is no edition: places leave the room by an edition only.
		w.add(report.Paragraph("Montrée dans la salle. Les lieux et leurs nombres ne sont pas diffusés : à cette échelle, ils peuvent tenir à quelques personnes, ou à une seule."))
	} else if grid, ok := slideGrid(told, title, names); ok {
		if plan, drawn := w.slidePlan(ground, told, title); drawn {
			w.add(plan)
		}
		w.add(grid)
	} else {
		w.add(report.Paragraph("Rien à montrer : moins de cinq pour ces choix. Cela ne veut pas dire qu’il ne se passe rien."))
	}
	w.add(report.Paragraph(caveat))
}

func slideTitle(told atelier.Told) (title string) {
	switch told.Kind {
	case atelier.SlideMap:
		title = "Où la Ville a reçu des signalements"
	case atelier.SlidePlaces:
		title = "Où les signalements se concentrent plus que par hasard"
	case atelier.SlideDensity:
		title = "Où les signalements sont les plus denses"
	case atelier.SlideWeek:
		title = "Quels jours, à quelles heures"
	case atelier.SlideMonths:
		title = "Mois par mois"
	case atelier.SlideThemes:
		title = "De quoi il s’agit"
	case atelier.SlideEdition:
		title = fmt.Sprintf("Ce que des habitants ont dit : édition n° %d", told.Numero)
	default:
		title = told.Indicateur
	}
	if told.Theme != "" {
		title += " : " + report.ThemeNames[told.Theme]
	}
	if told.Moment != "" {
		title += ", " + momentNames[told.Moment]
	}
	return title
}

func slidePeriod(told atelier.Told) string {
	switch {
	case told.From != "":
		return "du " + day(told.From) + " au " + day(told.Until)
	case told.Until != "":
		return "jusqu’au " + day(told.Until)
	case told.Kind == atelier.SlideEdition && told.Day != "":
		return "ateliers jusqu’au " + day(told.Day)
	}
	return ""
}

// day writes « 12 mars 2026 » of 2026-03-12.
func day(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return report.Day(t)
}

func atLeast(n int, what string) string {
	if n == 0 {
		return "moins de cinq " + what
	}
	return fmt.Sprintf("au moins %d %s", n, what)
}

// slidePlan draws the hexagons of a slide.
func (w *writer) slidePlan(ground report.PaperMap, told atelier.Told, title string) (plan report.Plan, ok bool) {
	plan = report.Plan{Title: title, Map: ground}
	for i, h := range told.Hexagons {
		drawn := report.PlanHexagon{Ring: h.Cell.Boundary(), Number: i + 1}
		if told.Kind.Located() {
			drawn.Reading, drawn.Strength = report.ReadReports, reportStrength(h.Signalements)
		} else {
			drawn.Reading, drawn.Strength = slideReading(h.Unsafe, h.Safe), max(h.Unsafe, h.Safe)/edition.MinThreshold
		}
		plan.Hexagons = append(plan.Hexagons, drawn)
	}
	if told.Kind.Located() {
		plan.Alt = fmt.Sprintf("Carte du quartier %s : %s où la Ville a reçu au moins cinq signalements.", w.quartier.Nom, count(len(plan.Hexagons), "hexagone", "hexagones"))
	} else {
		plan.Alt = describe(w.quartier.Nom, plan.Hexagons)
	}
	plan.Alt += " Les nombres sont dans le tableau qui suit."
	return plan, len(plan.Hexagons) > 0
}

// slideReading is a function of what a slide shows alone.
func slideReading(unsafe, safe int) report.Reading {
	switch {
	case safe == 0:
		return report.ReadUnsafe
	case unsafe == 0:
		return report.ReadSafe
	}
	return report.ReadContested
}

func atLeastWords(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%d et plus", n)
}

// reportStrength gives the classes of the wall: from 5, 10, 20, 40 and 80.
func reportStrength(n int) int {
	strength := 0
	for bound := 10; bound <= 80 && n >= bound; bound *= 2 {
		strength++
	}
	return strength
}

// slideGrid is the data of a slide as a table; false without any.
func slideGrid(told atelier.Told, title string, names map[hexgrid.Cell]string) (grid report.Grid, ok bool) {
	grid = report.Grid{Caption: title + " : les nombres"}
	number := func(n int) string {
		if n == 0 {
			return "–"
		}
		return fmt.Sprint(n)
	}
	switch told.Kind {
	case atelier.SlideMap, atelier.SlidePlaces, atelier.SlideDensity:
		grid.Head, grid.Shares = []string{"N°", "Endroit", "Signalements, au moins"}, []float64{0.1, 0.6, 0.3}
		for i, h := range told.Hexagons {
			grid.Rows = append(grid.Rows, []string{fmt.Sprint(i + 1), place{name: names[h.Cell]}.words(), number(h.Signalements)})
		}
	case atelier.SlideEdition:
		grid.Head, grid.Shares = []string{"N°", "Endroit", "Pas en sécurité", "Plutôt en sécurité"}, []float64{0.1, 0.5, 0.2, 0.2}
		for i, h := range told.Hexagons {
			grid.Rows = append(grid.Rows, []string{fmt.Sprint(i + 1), place{name: names[h.Cell]}.words(), atLeastWords(h.Unsafe), atLeastWords(h.Safe)})
		}
	case atelier.SlideWeek:
		grid.Head, grid.Shares = []string{"Jour"}, []float64{0.2}
		for first := 0; first < 24; first += 3 {
			grid.Head, grid.Shares = append(grid.Head, fmt.Sprintf("%d–%d h", first, first+3)), append(grid.Shares, 0.1)
		}
		any := false
		for i, bands := range told.Week {
			row := []string{[]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}[i]}
			for _, n := range bands {
				any = any || n > 0
				row = append(row, number(n))
			}
			grid.Rows = append(grid.Rows, row)
		}
		return grid, any
	case atelier.SlideMonths:
		grid.Head, grid.Shares = []string{"Mois", "Signalements, au moins"}, []float64{0.6, 0.4}
		for _, m := range told.Months {
			grid.Rows = append(grid.Rows, []string{month(m.Month), number(m.AtLeast)})
		}
	case atelier.SlideThemes:
		grid.Head, grid.Shares = []string{"Thème", "Signalements, au moins"}, []float64{0.6, 0.4}
		for _, f := range told.Themes {
			grid.Rows = append(grid.Rows, []string{report.ThemeNames[f.Theme], number(f.AtLeast)})
		}
	default:
		grid.Head, grid.Shares = []string{"Année", upper(told.Unit)}, []float64{0.6, 0.4}
		for _, y := range told.Years {
			n := "non diffusé"
			if y.N != nil {
				n = fmt.Sprint(*y.N)
			}
			grid.Rows = append(grid.Rows, []string{fmt.Sprint(y.Year), n})
		}
	}
	return grid, len(grid.Rows) > 0
}

// month writes « mars 2026 » of 2026-03.
func month(m string) string {
	first := day(m + "-01")
	_, words, _ := strings.Cut(first, " ")
	return words
}

// cellsOf are the hexagons of slides, each once, in a fixed order.
func cellsOf(shown []atelier.Told) []hexgrid.Cell {
	var out []hexgrid.Cell
	for _, told := range shown {
		for _, h := range told.Hexagons {
			out = append(out, h.Cell)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
