package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexstat"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/export"
	"quietude/server/report"
)

// What follows gives the figures of the police their tables and their maps.

// choice says in words one thing that a question keeps besides its place and
// period.
type choice struct{ about, words string }

// What choices are about.
const (
	aboutThemes = "themes"
	aboutHours  = "hours"
	aboutSource = "source"
)

func asked(c *gin.Context) (all []choice) {
	keep := func(about, words string) { all = append(all, choice{about, words}) }
	if list := c.Query("theme"); list != "" {
		var names []string
		for _, code := range strings.Split(list, ",") {
			names = append(names, report.ThemeNames[atelier.Theme(code)])
		}
		keep(aboutThemes, "thèmes : "+strings.Join(names, ", "))
	}
	if days := c.Query("days"); days != "" {
		keep(aboutHours, stretchWords(days, 1, 7, func(first, last int) string {
			if first == last {
				return "le " + report.Weekday(first)
			}
			return "du " + report.Weekday(first) + " au " + report.Weekday(last)
		}))
	}
	if hours := c.Query("hours"); hours != "" {
		keep(aboutHours, stretchWords(hours, 0, 23, func(first, last int) string {
			return "de " + report.Clock(first) + " à " + report.Clock(last+1)
		}))
	}
	switch c.Query("source") {
	case "markers":
		keep(aboutSource, "ateliers seuls")
	case "signalements":
		keep(aboutSource, "signalements seuls")
	}
	if origins := readOrigins(c.Query("origine")); origins != nil {
		for i, origin := range origins {
			origins[i] = report.OriginName(origin)
		}
		keep(aboutSource, "signalements venus de : "+strings.Join(origins, ", "))
	}
	return all
}

// words are all choices.
func (q question) words() string {
	words := make([]string, len(q.choices))
	for i, one := range q.choices {
		words[i] = one.words
	}
	return strings.Join(words, " ; ")
}

// without is the question of a figure that shows what one choice is about, and
// does not follow it.
func (q question) without(about string) question {
	q.choices = slices.DeleteFunc(slices.Clone(q.choices), func(one choice) bool { return one.about == about })
	return q
}

// stretchWords reads « 22-23,0-5 » aloud; what readStretches refuses was refused
// before. A stretch that passes over the end is one again.
func stretchWords(text string, first, last int, say func(from, to int) string) string {
	numbers, _ := readStretches(text, first, last)
	slices.Sort(numbers)
	var stretches [][2]int
	for _, n := range slices.Compact(numbers) {
		if i := len(stretches) - 1; i >= 0 && stretches[i][1] == n-1 {
			stretches[i][1] = n
		} else {
			stretches = append(stretches, [2]int{n, n})
		}
	}
	if n := len(stretches) - 1; n > 0 && stretches[0][0] == first && stretches[n][1] == last {
		stretches[n][1] = stretches[0][1]
		stretches = stretches[1:]
	}
	var words []string
	for _, s := range stretches {
		words = append(words, say(s[0], s[1]))
	}
	return strings.Join(words, " et ")
}

// basis says what a figure rests on: the place, the period and whatever else the
// filter keeps.
func (q question) basis(over *wireDays, n, caveat string) export.Context {
	place, span := "", period(q.filter.From, q.filter.To, q.city.Zone)
	if area, ok := q.city.Area(q.filter.Quartier); ok {
		place = area.Nom
	}
	if over != nil {
		span = "de " + over.From + " à " + over.To
	}
	if words := q.words(); words != "" {
		span += " ; " + words
	}
	return basis(q.city, place, span, n, caveat, q.now)
}

// boundsOf are the two cells of an interval.
func boundsOf(i *wireInterval) (lo, hi any) {
	if i == nil {
		return nil, nil
	}
	return i.Lo, i.Hi
}

// countsFigure is when signalements are, and of what.
type countsFigure struct {
	question
	wireCounts
}

func (f countsFigure) document() any { return f.wireCounts }

func (f countsFigure) tables() []export.Table {
	n := func(total float64) string { return fmt.Sprintf("n = %g signalements", round2(total)) }
	inMonths, inHours, inThemes := 0.0, 0.0, 0.0
	for _, m := range f.Months {
		inMonths += m.N
	}
	for _, row := range f.Strip {
		for _, of := range row {
			inHours += of
		}
	}
	for _, t := range f.Themes {
		inThemes += t.N
	}
	// The months are those of the whole time: the period does not cut them.
	over := f.Extent
	if over == nil {
		over = f.wireCounts.Period
	}
	months := export.Table{Name: "mois", Title: "Signalements par mois", Context: f.basis(over, n(inMonths), caveatReport), Columns: export.Columns("mois", "signalements", "signalements_borne_basse_95", "signalements_borne_haute_95")}
	for _, m := range f.Months {
		months.Rows = append(months.Rows, []any{m.Month, m.N, m.Range.Lo, m.Range.Hi})
	}
	hours := export.Table{Name: "heures", Title: "Signalements par heure et jour de la semaine (répartition aoristique)",
		Context: f.without(aboutHours).basis(f.wireCounts.Period, n(inHours), caveatReport),
		Columns: export.Columns("jour_semaine", "heure", "signalements")}
	for day, row := range f.Strip {
		for hour, n := range row {
			hours.Rows = append(hours.Rows, []any{day + 1, hour, n})
		}
	}
	themes := export.Table{Name: "themes", Title: "Signalements par thème",
		Context: f.without(aboutThemes).basis(f.wireCounts.Period, n(inThemes), caveatReport), Columns: export.Columns("theme", "libelle", "signalements", "part", "part_borne_basse_95", "part_borne_haute_95")}
	for _, t := range f.Themes {
		lo, hi := boundsOf(t.Share)
		var part any
		if inThemes > 0 {
			part = t.N / inThemes
		}
		themes.Rows = append(themes.Rows, []any{string(t.Theme), report.ThemeNames[t.Theme], t.N, part, lo, hi})
	}
	return []export.Table{months, hours, themes}
}

func (f countsFigure) features() *mapped { return nil }

// crossingFigure is what is reported and what is felt, per hexagon, for files.
type crossingFigure struct {
	question
	analysis.Crossing
	names []string
}

func (f crossingFigure) middles() []orb.Point {
	out := make([]orb.Point, len(f.Hexagons))
	for i, h := range f.Hexagons {
		out[i] = h.Cell.Centre()
	}
	return out
}

func (f crossingFigure) document() any { return nil } // it is streamed

// row are the cells of one hexagon, as crossingColumns names them.
func (f crossingFigure) row(i int) []any {
	h := f.Hexagons[i]
	at := h.Cell.Centre()
	return []any{h.Cell.String(), f.names[i], at[0], at[1], round2(h.Signalements), h.Unsafe, h.Safe, quadrantNames[h.Quadrant], yesNo(h.Beyond)}
}

var crossingColumns = []string{"h3", "lieu", "lon", "lat", "signalements", "insecurite", "securite", "lecture", "ecart_au_dela_du_hasard"}

const crossingTitle = "Signalé et ressenti par hexagone"

func (f crossingFigure) context() export.Context {
	return f.basis(nil, fmt.Sprintf("n = %g signalements, %d voix d’insécurité (habitants × hexagones)", round2(f.Signalements), f.Voices), caveatReport+" "+caveatVoices)
}

// quadrantNames are the readings of a hexagon.
var quadrantNames = map[analysis.Quadrant]string{"": "peu des deux", analysis.FeltOnly: "ressenti, peu signalé",
	analysis.ReportedOnly: "signalé, peu ressenti", analysis.FeltReported: "ressenti et signalé"}

func yesNo(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}

func (f crossingFigure) tables() []export.Table {
	t := export.Table{Name: "hexagones", Title: crossingTitle, Context: f.context(), Columns: export.Columns(crossingColumns...)}
	for i := range f.Hexagons {
		t.Rows = append(t.Rows, f.row(i))
	}
	return []export.Table{t}
}

func (f crossingFigure) features() *mapped {
	m := newMapped(crossingTitle, f.context())
	for i, h := range f.Hexagons {
		m.add(h.Cell.String(), h.Cell, properties(crossingColumns, f.row(i)))
	}
	return m
}

// densityFigure is the picture of density: signalements, or residents who feel so.
type densityFigure struct {
	question
	felt   atelier.Felt
	radius int // metres
	Result hexstat.Result[analysis.Density]
}

func (f densityFigure) context() export.Context {
	d, _ := f.Result.Get()
	n, caveat := fmt.Sprintf("n = %g signalements", round2(d.N)), caveatReport
	if f.felt != "" {
		n, caveat = fmt.Sprintf("n = %g habitants", round2(d.N)), caveatVoices
	}
	return f.basis(nil, n, fmt.Sprintf("Image lissée sur %d m : elle guide l’œil, elle ne prouve rien. ", f.radius)+caveat)
}

// places calls back for each rectangle with its class, from 1, and where that begins.
func (f densityFigure) places(each func(a analysis.Area, perHectare float64)) {
	d, ok := f.Result.Get()
	if !ok {
		return
	}
	for _, area := range d.Areas() {
		area.Min, area.Max = geo.Snap(area.Min), geo.Snap(area.Max)
		each(area, d.Breaks[area.Class-1])
	}
}

func (f densityFigure) tables() []export.Table {
	t := export.Table{Name: "densite", Title: "Densité, par rectangles d’une même classe", Context: f.context(),
		Columns: export.Columns("ouest", "sud", "est", "nord", "classe", "a_partir_de_par_hectare")}
	f.places(func(a analysis.Area, perHectare float64) {
		t.Rows = append(t.Rows, []any{a.Min[0], a.Min[1], a.Max[0], a.Max[1], a.Class, perHectare})
	})
	return []export.Table{t}
}

func (f densityFigure) features() *mapped {
	m := newMapped("Densité", f.context())
	m.name = "densite"
	f.places(func(a analysis.Area, perHectare float64) {
		m.draw(fmt.Sprint(len(m.Features)+1), a.ToPolygon(), map[string]any{"classe": a.Class, "a_partir_de_par_hectare": perHectare})
	})
	return m
}

// mapPlaces puts the hexagons of places on a map, with what their test says.
func mapPlaces(m *mapped, kind string, places []wireFoundPlace) {
	for i, p := range places {
		for _, cell := range p.Hexagons {
			m.add(kind+"/"+p.Atelier+"/"+cell.String(), cell, map[string]any{"h3": cell.String(), "methode": kind, "rang": i + 1, "lieu": p.Name, "atelier": p.Titre,
				"nombre": p.N, "sur": p.Of, "personnes": p.People, "attendu_par_hasard": p.Expected, "p": p.P, "centre": cell == p.H3})
		}
	}
}

// placeCells are what every table of places ends with.
func placeCells(rank int, p wireFoundPlace) []any {
	lo, hi := boundsOf(p.Share)
	return []any{rank, p.Name, p.H3.String(), p.At[0], p.At[1], len(p.Hexagons), p.N, p.Of, lo, hi, p.People, p.Expected, p.P}
}

var placeColumns = []string{"rang", "lieu", "h3", "lon", "lat", "hexagones", "nombre", "sur", "part_borne_basse_95", "part_borne_haute_95", "personnes", "attendu_par_hasard", "p"}

const (
	caveatShared = "Test par permutation des participants, graine fixe : au seuil de 5 %, un atelier sur vingt désigne un lieu par hasard. Les adresses n’étant pas connues, chaque hexagone compte autant comme lieu de vie."
	caveatPlaces = caveatReport + " Un lieu retenu dit où regarder, pas ce qui s’y passera, ni qui."
)

func (f *agreementsFigure) document() any { return f }

func (f *agreementsFigure) context() export.Context {
	people := 0
	for _, one := range f.Ateliers {
		people += one.Participants
	}
	q := f.question
	q.choices = nil // none is asked of an atelier
	return q.basis(nil, fmt.Sprintf("n = %d participants, ateliers testés un à un : %d", people, len(f.Ateliers)), caveatShared)
}

func (f *agreementsFigure) tables() []export.Table {
	t := export.Table{Name: "lieux_partages", Title: "Où les participants d’un atelier sont d’accord au-delà du hasard", Context: f.context(),
		Columns: export.Columns(append([]string{"atelier", "jour", "participants", "ayant_marque", "resultat", "tirages", "graine"}, placeColumns...)...)}
	for _, one := range f.Ateliers {
		about := func(result string) []any {
			return []any{one.Titre, one.On, one.Participants, one.Speakers, result, one.Maps, fmt.Sprint(one.Seed)}
		}
		switch {
		case one.Why != nil:
			t.Rows = append(t.Rows, append(about(one.Why.Words), make([]any, len(placeColumns))...))
		case len(one.Places) == 0:
			t.Rows = append(t.Rows, append(about("aucun lieu au-delà du hasard"), make([]any, len(placeColumns))...))
		}
		for i, p := range one.Places {
			t.Rows = append(t.Rows, append(about("lieu partagé"), placeCells(i+1, p)...))
		}
	}
	return []export.Table{t}
}

func (f *agreementsFigure) features() *mapped {
	m := newMapped("Où les participants d’un atelier sont d’accord au-delà du hasard", f.context())
	for _, one := range f.Ateliers {
		mapPlaces(m, "lieu partagé", one.Places)
	}
	return m
}

func (f *concentrationsFigure) document() any { return f }

func (f *concentrationsFigure) context(over *wireDays) export.Context {
	return f.basis(over, fmt.Sprintf("n = %d signalements de %d personnes ou envois anonymes", f.N, f.Reporters), caveatPlaces)
}

func (f *concentrationsFigure) tables() []export.Table {
	list := func(name, title string, over *wireDays, places []wireFoundPlace, why *wireWhy) export.Table {
		t := export.Table{Name: name, Title: title, Context: f.context(over), Columns: export.Columns(append([]string{"resultat", "du", "au"}, placeColumns...)...)}
		for i, p := range places {
			t.Rows = append(t.Rows, append([]any{"lieu retenu", p.Period.From, p.Period.To}, placeCells(i+1, p)...))
		}
		result := "aucun lieu au-delà du hasard"
		if why != nil {
			result = why.Words
		}
		if len(places) == 0 {
			t.Rows = append(t.Rows, append([]any{result, nil, nil}, make([]any, len(placeColumns))...))
		}
		return t
	}
	return []export.Table{
		list("concentrations", "Où les signalements se concentrent (Gi*, Benjamini-Hochberg)", f.Period, f.Gathered, f.GatheredWhy),
		list("hausses", fmt.Sprintf("Où et quand ils ont augmenté (balayage, %d tirages, graine %d)", f.Maps, f.Seed), f.RisenPeriod, f.Risen, f.RisenWhy),
	}
}

func (f *concentrationsFigure) features() *mapped {
	m := newMapped("Lieux de signalements au-delà du hasard", f.context(f.Period))
	mapPlaces(m, "concentration", f.Gathered)
	mapPlaces(m, "hausse", f.Risen)
	return m
}

// recordedFigure is what the commune's recorded statistics say.
type recordedFigure struct {
	question
	wireRecorded
}

func (f recordedFigure) document() any { return f.wireRecorded }

func (f recordedFigure) tables() []export.Table {
	about := basis(f.city, "commune entière", "années de la source", "n par ligne", "Enregistré n’est pas commis. « non diffusé » n’est ni zéro ni petit.", f.now)
	about.Source = strings.Join(f.Sources, " ; ")
	t := export.Table{Name: "communales", Title: "Chiffres enregistrés, " + f.Commune, Context: about,
		Columns: export.Columns("indicateur", "unite", "annee", "diffusion", "nombre_enregistre", "taux_pour_mille")}
	for _, one := range f.Indicators {
		for _, y := range one.Years {
			row := []any{one.Indicator, one.Unit, y.Year, "diffusé", nil, nil}
			if !y.Diffuse {
				row[3] = "non diffusé"
			}
			if y.N != nil {
				row[4] = *y.N
			}
			if y.Rate != nil {
				row[5] = *y.Rate
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return []export.Table{t}
}

func (f recordedFigure) features() *mapped { return nil }
