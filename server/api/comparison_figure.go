package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/comparison"
	"quietude/server/export"
	"quietude/server/hexmap"
	"quietude/server/report"
)

// What follows gives each figure its document, its tables and its map. Column
// names are ASCII, as they come back in other people's programs.

// basis says what a figure rests on.
func basis(city *hexmap.City, place, period, n, caveat string, now time.Time) export.Context {
	source := "Quiétude, " + city.Nom
	if place != "" {
		source += ", " + place
	}
	if city.Demo {
		source += " (données fictives)"
	}
	return export.Context{Source: source, Period: period, N: n, Caveat: caveat, Made: now.In(city.Zone)}
}

// period writes from ≤ t < to as first and last day.
func period(from, to time.Time, zone *time.Location) string {
	first, last := from.In(zone).Format(time.DateOnly), to.Add(-time.Nanosecond).In(zone).Format(time.DateOnly)
	switch {
	case from.IsZero() && to.IsZero():
		return "depuis le début"
	case from.IsZero():
		return "jusqu’à " + last
	case to.IsZero():
		return "depuis " + first
	}
	return "de " + first + " à " + last
}

const (
	caveatVoices = "Une personne compte une fois par hexagone et par ressenti. Les participants ne sont pas un échantillon tiré au sort : les intervalles disent le hasard du petit nombre, pas le biais de qui est venu."
	caveatReport = "Signalé n’est pas commis : un signalement dit ce qui a été porté à la connaissance de la ville. Chaque signalement anonyme compte pour une personne."
)

func nParticipants(n int) string { return fmt.Sprintf("n = %d participants", n) }
func nReporters(n, anonymous int) string {
	return fmt.Sprintf("n = %d personnes ayant signalé, dont %d signalements anonymes", n, anonymous)
}

// limits are the two cells of an interval.
func limits(r hexstat.Result[hexstat.Interval]) (lo, hi any) {
	if i, ok := r.Get(); ok {
		return i.Lo, i.Hi
	}
	return nil, nil
}

func ratioLimits(r hexstat.RatioInterval) (lo, hi any) { return r.Lo, cellOf(r.Hi) }

// cellOf is a cell: nothing where there is no value.
func cellOf[T any](r hexstat.Result[T]) any {
	if v, ok := r.Get(); ok {
		return v
	}
	return nil
}

func shareCells(s comparison.Share) []any {
	lo, hi := limits(s.Interval)
	return []any{s.People, s.N, lo, hi}
}

// ── Portrait ───────────────────────────────────────────────────────────────

type portraitFigure struct {
	city     *hexmap.City
	quartier atelier.Quartier
	period   string
	now      time.Time
	Quartier identity `json:"quartier"`
	// Day limits as asked; null for none.
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
	comparison.Portrait
	ground
	Streets []orb.MultiLineString `json:"streets"`
}

func newPortraitFigure(city *hexmap.City, q atelier.Quartier, p comparison.Portrait, from, to time.Time, streets []orb.MultiLineString, now time.Time) *portraitFigure {
	for _, s := range streets {
		for _, line := range s {
			for i := range line {
				line[i] = geo.Snap(line[i])
			}
		}
	}
	f := &portraitFigure{city: city, quartier: q, period: period(from, to, city.Zone), now: now, Quartier: identityOf(city, q),
		Portrait: p, Streets: streets}
	if !from.IsZero() {
		f.From = &from
	}
	if !to.IsZero() {
		f.To = &to
	}
	return f
}

func (f *portraitFigure) cells() (cells []hexgrid.Cell) {
	for _, panel := range f.Panels {
		for _, h := range panel.Hexagons {
			cells = append(cells, h.Cell)
		}
	}
	return cells
}

func (f *portraitFigure) document() any { return f }

func (f *portraitFigure) context(n, caveat string) export.Context {
	return basis(f.city, f.quartier.Nom, f.period, n, caveat, f.now)
}

func (f *portraitFigure) tables() []export.Table {
	voices := f.context(nParticipants(f.Participants), caveatVoices)
	reports := f.context(nReporters(f.Reporters, f.Anonymous), caveatReport)
	evenings := export.Table{Name: "ateliers", Title: "Ressentis par atelier", Context: voices,
		Columns: export.Columns("atelier_id", "titre", "debut", "etat", "participants",
			"insecurite_personnes", "insecurite_sur", "insecurite_borne_basse_95", "insecurite_borne_haute_95",
			"securite_personnes", "securite_sur", "securite_borne_basse_95", "securite_borne_haute_95",
			"evitement_personnes", "evitement_sur", "evitement_borne_basse_95", "evitement_borne_haute_95")}
	for _, e := range f.Ateliers {
		row := []any{e.ID.String(), e.Titre, e.StartsAt.In(f.city.Zone), atelierStates[e.State], e.Participants}
		for _, s := range []comparison.Share{e.Unsafe, e.Safe, e.Avoids} {
			row = append(row, shareCells(s)...)
		}
		evenings.Rows = append(evenings.Rows, row)
	}
	themes := export.Table{Name: "themes", Title: "Thèmes", Context: f.context(nParticipants(f.Participants)+" ; "+nReporters(f.Reporters, f.Anonymous), caveatVoices+" "+caveatReport),
		Columns: export.Columns("theme", "libelle", "habitants_personnes", "habitants_sur", "habitants_borne_basse_95", "habitants_borne_haute_95",
			"signalants_personnes", "signalants_sur", "signalants_borne_basse_95", "signalants_borne_haute_95", "signalements")}
	for _, t := range f.Themes {
		row := append([]any{string(t.Theme), report.ThemeNames[t.Theme]}, shareCells(t.Residents)...)
		themes.Rows = append(themes.Rows, append(append(row, shareCells(t.Reporters)...), t.Reports))
	}
	months := export.Table{Name: "mois", Title: "Signalements par mois", Context: reports,
		Columns: export.Columns("mois", "signalements", "personnes", "personnes_borne_basse_95", "personnes_borne_haute_95", "mois_incomplet")}
	for _, m := range f.Months {
		partial := 0
		if m.Partial {
			partial = 1
		}
		months.Rows = append(months.Rows, []any{m.Month, m.Reports, m.Reporters, m.Interval.Lo, m.Interval.Hi, partial})
	}
	hours := export.Table{Name: "heures", Title: "Signalements par heure et jour de la semaine (répartition aoristique)", Context: reports,
		Columns: export.Columns("jour_semaine", "heure", "signalements")}
	for d, day := range f.Hours {
		for h, weight := range day {
			hours.Rows = append(hours.Rows, []any{d + 1, h, weight})
		}
	}
	hexagons := export.Table{Name: "hexagones", Title: "Hexagones par " + f.By, Context: voices,
		Columns: export.Columns("carte", "titre", "h3", "lieu", "participants", "insecurite", "insecurite_borne_basse_95", "insecurite_borne_haute_95", "securite", "partage", "signalants")}
	for _, p := range f.Panels {
		for _, h := range p.Hexagons {
			lo, hi := limits(h.Share)
			hexagons.Rows = append(hexagons.Rows, []any{p.Key, p.Titre, h.Cell.String(), f.Names[h.Cell.String()], p.Participants, h.Unsafe, lo, hi, h.Safe, cellOf(h.Contested), h.Reports})
		}
	}
	return []export.Table{evenings, themes, months, hours, hexagons}
}

// atelierStates are how far an atelier is.
var atelierStates = map[string]string{"prepared": "préparé", "open": "ouvert", "closed": "terminé"}

func (f *portraitFigure) features() *mapped {
	m := newMapped("Hexagones par "+f.By+", "+f.quartier.Nom, f.context(nParticipants(f.Participants), caveatVoices))
	for _, p := range f.Panels {
		for _, h := range p.Hexagons {
			lo, hi := limits(h.Share)
			m.add(p.Key+"/"+h.Cell.String(), h.Cell, map[string]any{"h3": h.Cell.String(), "carte": p.Key, "titre": p.Titre,
				"participants": p.Participants, "insecurite": h.Unsafe, "insecurite_borne_basse_95": lo, "insecurite_borne_haute_95": hi,
				"securite": h.Safe, "partage": cellOf(h.Contested), "signalants": h.Reports})
		}
	}
	return m
}

// ── Change ─────────────────────────────────────────────────────────────────

type changeFigure struct {
	city     *hexmap.City
	quartier atelier.Quartier
	now      time.Time
	Quartier identity `json:"quartier"`
	comparison.Change
	ground
}

func newChangeFigure(city *hexmap.City, q atelier.Quartier, change comparison.Change, now time.Time) *changeFigure {
	return &changeFigure{city: city, quartier: q, now: now, Quartier: identityOf(city, q), Change: change}
}

func (f *changeFigure) cells() (cells []hexgrid.Cell) {
	for _, p := range []*comparison.Pattern{&f.Pattern, f.Coarser} {
		if p != nil {
			for _, h := range p.Hexagons {
				cells = append(cells, h.Cell)
			}
		}
	}
	return cells
}

func (f *changeFigure) document() any { return f }

func (f *changeFigure) context() export.Context {
	side := func(s comparison.SideFigures) string {
		if s.Atelier != nil {
			return s.Titre + " (" + s.From.In(f.city.Zone).Format(time.DateOnly) + ")"
		}
		return period(s.From, s.To, f.city.Zone)
	}
	n, caveat := fmt.Sprintf("n = %d avant, %d après", f.Before.People, f.After.People), caveatVoices
	if f.Measure == comparison.Reports {
		caveat = caveatReport
	}
	return basis(f.city, f.quartier.Nom, "avant : "+side(f.Before)+" ; après : "+side(f.After), n, caveat, f.now)
}

func (f *changeFigure) tables() []export.Table {
	whole := export.Table{Name: "changement", Title: "Avant et après", Context: f.context(),
		Columns: export.Columns("grandeur", "valeur", "borne_basse_95", "borne_haute_95", "p")}
	if r, ok := f.Ratio.Get(); ok {
		lo, hi := ratioLimits(r.Exact)
		whole.Rows = append(whole.Rows, []any{"rapport des taux, intervalle exact", cellOf(r.Ratio), lo, hi, r.ExactP})
		lo, hi = ratioLimits(r.MidPInterval)
		whole.Rows = append(whole.Rows, []any{"rapport des taux, mid-p", cellOf(r.Ratio), lo, hi, r.MidP})
	}
	if t, ok := f.Residents.Get(); ok {
		whole.Rows = append(whole.Rows, []any{"hexagones nommés par personne, différence", t.Difference, nil, nil, t.PTwoSided})
	}
	whole.Rows = append(whole.Rows, []any{"S d’Andresen", cellOf(f.Pattern.Similarity), nil, nil, nil})
	tables := []export.Table{whole}
	for _, p := range []*comparison.Pattern{&f.Pattern, f.Coarser} {
		if p == nil {
			continue
		}
		t := export.Table{Name: "hexagones_" + strconv.Itoa(int(p.Resolution)), Title: fmt.Sprintf("Hexagones, résolution %d", p.Resolution), Context: f.context(),
			Columns: export.Columns("h3", "lieu", "avant", "apres", "p_fisher", "p_ajuste", "verdict", "baisse_visible_a", "hausse_visible_a")}
		for _, h := range p.Hexagons {
			// What an atelier could have shown there, looked at alone.
			var fall, rise any
			if v, ok := hexstat.SmallestVisibleChange(h.Before, f.Before.People, f.After.People, hexstat.Alpha).Get(); ok {
				fall, rise = cellOf(v.Fall), cellOf(v.Rise)
			}
			t.Rows = append(t.Rows, []any{h.Cell.String(), f.Names[h.Cell.String()], h.Before, h.After, cellOf(h.P), cellOf(h.Adjusted), int(h.Verdict), fall, rise})
		}
		tables = append(tables, t)
	}
	return tables
}

func (f *changeFigure) features() *mapped {
	m := newMapped("Changement, "+f.quartier.Nom, f.context())
	for _, h := range f.Pattern.Hexagons {
		m.add(h.Cell.String(), h.Cell, map[string]any{"h3": h.Cell.String(), "avant": h.Before, "apres": h.After,
			"p_fisher": cellOf(h.P), "p_ajuste": cellOf(h.Adjusted), "verdict": int(h.Verdict)})
	}
	return m
}

// ── Before and after ───────────────────────────────────────────────────────

type zoneFigure struct {
	city     *hexmap.City
	quartier atelier.Quartier
	now      time.Time
	Quartier identity `json:"quartier"`
	comparison.ZoneChange
	ground
}

func newZoneFigure(city *hexmap.City, q atelier.Quartier, z comparison.ZoneChange, now time.Time) *zoneFigure {
	z.From, z.At, z.To = z.From.UTC(), z.At.UTC(), z.To.UTC()
	return &zoneFigure{city: city, quartier: q, now: now, Quartier: identityOf(city, q), ZoneChange: z}
}

func (f *zoneFigure) document() any { return f }

func (f *zoneFigure) context() export.Context {
	n := fmt.Sprintf("n = %d signalements, dont %d anonymes", f.Reports, f.Anonymous)
	return basis(f.city, f.quartier.Nom, period(f.From, f.To, f.city.Zone)+", césure le "+f.At.In(f.city.Zone).Format(time.DateOnly), n,
		caveatReport+" Une baisse dans la zone peut aussi être un déplacement à côté.", f.now)
}

func (f *zoneFigure) tables() []export.Table {
	t := export.Table{Name: "avant_apres", Title: "Avant et après, dans la zone et dans le reste du quartier", Context: f.context(),
		Columns: export.Columns("zone_avant", "zone_apres", "reste_avant", "reste_apres", "rapport", "rapport_borne_basse_95", "rapport_borne_haute_95", "p_mid", "conclusion")}
	if r, ok := f.Change.Get(); ok {
		lo, hi := ratioLimits(r.Interval)
		said := map[hexstat.Conclusion]string{hexstat.Fell: "baisse", hexstat.Rose: "hausse", hexstat.Inconclusive: "pas de conclusion"}[r.Conclusion]
		t.Rows = append(t.Rows, []any{r.Counts.ZoneBefore, r.Counts.ZoneAfter, r.Counts.RestBefore, r.Counts.RestAfter, cellOf(r.Ratio), lo, hi, r.MidP, said})
	}
	return []export.Table{t}
}

func (f *zoneFigure) features() *mapped {
	m := newMapped("Zone, "+f.quartier.Nom, f.context())
	for _, cell := range f.Hexagons {
		m.add(cell.String(), cell, map[string]any{"h3": cell.String()})
	}
	return m
}

// ── Between quartiers ──────────────────────────────────────────────────────

type betweenFigure struct {
	city      *hexmap.City
	period    string
	now       time.Time
	Ville     string     `json:"ville"`
	Demo      bool       `json:"demo"`
	From      *time.Time `json:"from"`
	To        time.Time  `json:"to"`
	Quartiers []string   `json:"quartiers"`
	comparison.Between
}

func newBetweenFigure(city *hexmap.City, b comparison.Between, chosen []string, from, to, now time.Time) *betweenFigure {
	f := &betweenFigure{city: city, period: period(from, to, city.Zone), now: now, Ville: city.Nom, Demo: city.Demo, To: to.UTC(), Quartiers: chosen, Between: b}
	if !from.IsZero() {
		f.From = &from
	}
	return f
}

func (f *betweenFigure) document() any { return f }

func (f *betweenFigure) context() export.Context {
	caveat, n := caveatVoices, "n par ligne : participants"
	if f.Rate == comparison.RateReporters {
		n, caveat = "n par ligne : habitants", caveatReport
		if f.Year > 0 {
			caveat += fmt.Sprintf(" Population %d, source : %s.", f.Year, f.Source)
		}
	}
	return basis(f.city, "", f.period, n, caveat+" L’ordre des lignes est celui des codes : ce n’est pas un classement.", f.now)
}

var rateColumns = []string{"quartier_code", "quartier", "personnes", "effectif_de_reference", "taux_brut", "taux_brut_borne_basse_95", "taux_brut_borne_haute_95",
	"taux_lisse", "taux_lisse_borne_basse_95", "taux_lisse_borne_haute_95", "poids", "entonnoir"}

// row are the cells of one quartier, as rateColumns names them.
func (f *betweenFigure) row(p comparison.PlaceRate) []any {
	lo, hi := limits(p.Interval)
	row := []any{p.Quartier, f.nameOf(p.Quartier), p.People, p.Exposure, cellOf(p.Raw), lo, hi, nil, nil, nil, nil, int(p.Position)}
	if s, ok := p.Shrunk.Get(); ok {
		row[7], row[8], row[9], row[10] = s.Rate, s.Interval.Lo, s.Interval.Hi, s.Weight
	}
	return row
}

// nameOf is a quartier as people call it.
func (f *betweenFigure) nameOf(code string) string {
	if area, ok := f.city.Area(code); ok {
		return area.Nom
	}
	return code
}

func (f *betweenFigure) tables() []export.Table {
	places := export.Table{Name: "quartiers", Title: "Taux par quartier", Context: f.context(),
		Columns: export.Columns(rateColumns...)}
	for _, p := range f.Places {
		places.Rows = append(places.Rows, f.row(p))
	}
	pairs := export.Table{Name: "paires", Title: "Rapports entre quartiers", Context: f.context(),
		Columns: export.Columns("quartier_1", "quartier_2", "rapport", "rapport_borne_basse_95", "rapport_borne_haute_95", "p_mid")}
	for _, p := range f.Pairs {
		row := []any{f.nameOf(p.First), f.nameOf(p.Second), nil, nil, nil, nil}
		if r, ok := p.Ratio.Get(); ok {
			lo, hi := ratioLimits(r.MidPInterval)
			row[2], row[3], row[4], row[5] = cellOf(r.Ratio), lo, hi, r.MidP
		}
		pairs.Rows = append(pairs.Rows, row)
	}
	funnel := export.Table{Name: "entonnoir", Title: "Limites de l’entonnoir", Context: f.context(),
		Columns: export.Columns("effectif_de_reference", "entonnoir_borne_basse_95", "entonnoir_borne_haute_95", "entonnoir_borne_basse_99_8", "entonnoir_borne_haute_99_8")}
	for _, p := range f.Funnel {
		lo, hi := limits(p.Limits95)
		row := []any{p.Exposure, lo, hi}
		lo, hi = limits(p.Limits99)
		funnel.Rows = append(funnel.Rows, append(row, lo, hi))
	}
	return []export.Table{places, pairs, funnel}
}

// features are the quartiers with their rates.
func (f *betweenFigure) features() *mapped {
	m := newMapped("Taux par quartier", f.context())
	m.name = "quartiers"
	for _, p := range f.Places {
		area, ok := f.city.Area(p.Quartier)
		if !ok {
			continue
		}
		m.draw(p.Quartier, area.Geom, properties(rateColumns, f.row(p)))
	}
	return m
}
