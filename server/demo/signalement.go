package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
)

// habit is how one theme is reported: how often, when, and what is said of it.
type habit struct {
	theme     atelier.Theme
	weight    float64
	subthemes []string
	// hours are weights of the 24 hours of the day.
	hours [24]float64
	// weekend multiplies Friday to Sunday, summer the months of June to
	// September, winter those of November to February.
	weekend, summer, winter float64
	// after is how many hours later it may have happened at most, for what is
	// found out afterwards; 0 when the moment is known.
	after  int
	places []string
}

// Shapes of a day, weights by hour.
var (
	nights   = [24]float64{8, 6, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 6, 8, 10, 12, 11}
	evenings = [24]float64{3, 1, 1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 6, 8, 9, 9, 8, 8, 7, 5}
	days     = [24]float64{0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 8, 7, 6, 5, 6, 6, 6, 7, 6, 4, 2, 1, 1, 0}
	commutes = [24]float64{1, 0, 0, 0, 0, 0, 2, 7, 9, 4, 3, 3, 5, 4, 3, 4, 8, 10, 9, 6, 5, 4, 3, 2}
	darkness = [24]float64{3, 2, 1, 1, 1, 2, 4, 4, 1, 1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 7, 6, 4}
)

// habits are plausible, not measured: nothing here comes from real reports.
var habits = []habit{
	{"PRO", 20, []string{"dépôt sauvage", "jets par fenêtre", "déjections", "odeurs", "rats"}, days, 1.1, 1.2, 0.9, 12, []string{"street", "common_parts", "park"}},
	{"BRU", 19, []string{"tapage nocturne", "musique", "rassemblement bruyant", "deux-roues bruyants", "pétards, mortiers", "aboiements", "établissement, terrasse"}, nights, 1.9, 2.2, 0.5, 0, []string{"street", "common_parts", "park"}},
	{"CIR", 16, []string{"rodéos", "vitesse", "stationnement gênant", "trottinettes", "épave"}, commutes, 1, 1.3, 0.8, 0, []string{"street", "parking", "school"}},
	{"OCC", 13, []string{"hall", "parties communes", "pied d’immeuble", "square", "parking", "gêne au passage", "alcoolisation sur la voie publique"}, evenings, 1.5, 1.6, 0.7, 0, []string{"common_parts", "street", "park", "parking"}},
	{"DEG", 9, []string{"tags", "mobilier", "boîtes aux lettres", "ascenseur", "éclairage cassé"}, nights, 1.3, 1, 1, 10, []string{"street", "common_parts", "transport"}},
	{"AMB", 9, []string{"éclairage en panne ou insuffisant", "visibilité masquée", "impasse", "végétation", "vide commercial", "abandon"}, darkness, 0.9, 0.6, 1.8, 0, []string{"street", "park", "parking"}},
	{"STU", 5, []string{"point de deal", "consommation", "seringues, déchets"}, evenings, 1.2, 1.2, 0.9, 0, []string{"common_parts", "parking", "park"}},
	{"VOL", 4, []string{"cambriolage", "vol de ou dans un véhicule", "cave, garage", "vélo"}, nights, 1.1, 1.1, 1, 14, []string{"parking", "common_parts", "street"}},
	{"VIO", 3, []string{"insultes", "menaces", "harcèlement de rue", "chien dangereux"}, evenings, 1.3, 1.2, 0.9, 0, []string{"street", "transport", "park"}},
	{"VOI", 2, []string{"conflit de voisinage", "personne isolée", "errance", "vente à la sauvette"}, days, 1, 1, 1, 0, []string{"common_parts", "street"}},
}

// hotSpot is a place that residents report again and again, mostly for two
// themes.
type hotSpot struct {
	near
	themes [2]int // indexes of habits
}

const (
	hotSpotsPerQuartier = 4
	hotSpotShare        = 0.45
	hotSpotMetres       = 45.0
	reporters           = 1400
)

// inventSignalements draws n of them over the three years before today.
func inventSignalements(c city, r *rand.Rand, today time.Time, n int) ([]atelier.Signalement, error) {
	people := make([]uuid.UUID, reporters)
	for i := range people {
		people[i] = randomID(r, 8)
	}
	var spots []hotSpot
	for _, a := range c.areas {
		for range hotSpotsPerQuartier {
			all := c.spots[a.Code]
			spots = append(spots, hotSpot{newNear(all, all[r.IntN(len(all))], hotSpotMetres), [2]int{pickHabit(r), pickHabit(r)}})
		}
	}
	r.Shuffle(len(spots), func(i, j int) { spots[i], spots[j] = spots[j], spots[i] })
	// A street counts by its length and by how many people live along it, for
	// which the quartier's density of streets has to stand.
	everywhere := slices.Clone(c.spots[""])
	for _, a := range c.areas {
		everywhere = append(everywhere, c.spots[a.Code]...)
	}
	out := make([]atelier.Signalement, 0, n)
	for len(out) < n {
		h, spot := pickHabit(r), orb.Point{}
		if r.Float64() < hotSpotShare {
			hot := spots[int(float64(len(spots))*r.Float64()*r.Float64())] // the first are the worst
			spot = hot.draw(r)
			if r.Float64() < 0.8 {
				h = hot.themes[r.IntN(2)]
			}
		} else {
			spot = everywhere[r.IntN(len(everywhere))]
		}
		at, ok := c.place(beside(r, spot))
		if !ok {
			continue
		}
		s, err := inventSignalement(r, habits[h], at, today)
		if err != nil {
			return nil, err
		}
		s.Territoire = c.Code
		if r.Float64() < 0.7 {
			// Few people report much: squaring draws the first ones more often.
			s.Reporter = people[int(float64(len(people))*r.Float64()*r.Float64())]
		}
		out = append(out, s)
	}
	return out, nil
}

// placed is a position with what the map makes of it.
type placed struct {
	at       orb.Point
	quartier string
}

// place refuses a position outside the territoire.
func (c city) place(p orb.Point) (placed, bool) {
	if !geo.Extent(c.Emprise).Contains(p) {
		return placed{}, false
	}
	code, _ := c.locator.Locate(p)
	return placed{p, code}, true
}

func inventSignalement(r *rand.Rand, h habit, p placed, today time.Time) (atelier.Signalement, error) {
	cell, err := hexgrid.CellOf(p.at, hexgrid.Stored)
	if err != nil {
		return atelier.Signalement{}, err
	}
	from, to := h.moment(r, today)
	s := atelier.Signalement{
		ID: newID(r, to), Quartier: p.quartier, Position: p.at, Cell: cell, Theme: h.theme,
		Subtheme: h.subthemes[r.IntN(len(h.subthemes))], OccurredFrom: from, OccurredTo: to,
		Nature:    weighted[string]{{"lived", 55}, {"witnessed", 30}, {"told", 7}, {"sensed", 8}}.draw(r),
		Frequency: weighted[string]{{"", 20}, {"once", 20}, {"recurrent", 45}, {"daily", 15}}.draw(r),
		Severity:  weighted[int]{{0, 15}, {1, 15}, {2, 30}, {3, 28}, {4, 12}}.draw(r),
		Origin:    "demo", Demo: true,
	}
	if r.Float64() < 0.6 {
		s.Place = h.places[r.IntN(len(h.places))]
	}
	if s.Frequency == "recurrent" || s.Frequency == "daily" {
		s.Since = weighted[string]{{"week", 15}, {"month", 35}, {"year", 35}, {"longer", 15}}.draw(r)
	}
	if r.Float64() < 0.4 {
		avoids := r.Float64() < 0.35
		s.Avoids = &avoids
	}
	if r.Float64() < 0.35 {
		s.Approached = []string{weighted[string]{{"none", 40}, {"police_municipale", 20}, {"police_17", 15}, {"bailleur", 15}, {"mairie", 10}}.draw(r)}
	}
	s.ReceivedAt = to.Add(time.Duration(r.ExpFloat64() * float64(10*time.Hour))).Truncate(time.Second)
	if s.ReceivedAt.After(today) {
		s.ReceivedAt = today
	}
	return s, nil
}

// moment draws when it happened: a day by season and day of the week, an hour
// by the theme, and a period when it was found out afterwards.
func (h habit) moment(r *rand.Rand, today time.Time) (from, to time.Time) {
	start := today.AddDate(-3, 0, 0)
	lengthDays := int(math.Round(today.Sub(start).Hours() / 24))
	most := max(h.weekend, 1) * max(h.summer, h.winter, 1)
	for {
		day := start.AddDate(0, 0, r.IntN(lengthDays))
		if r.Float64()*most > h.season(day) {
			continue
		}
		sums := make([]float64, 24)
		sum := 0.0
		for i, w := range h.hours {
			sum += w
			sums[i] = sum
		}
		// Hours are read on the wall clock: on the two days a year when it
		// jumps, time.Date chooses one of the readings.
		to = time.Date(day.Year(), day.Month(), day.Day(), pickIndex(r, sums), 5*r.IntN(12), 0, 0, today.Location())
		from = to
		if h.after > 0 && r.Float64() < 0.6 {
			from = to.Add(-time.Duration(1+r.IntN(h.after)) * time.Hour)
		}
		if to.Before(today) && !from.Before(start) {
			return from.UTC(), to.UTC()
		}
	}
}

func (h habit) season(day time.Time) float64 {
	weight := 1.0
	switch day.Weekday() {
	case time.Friday, time.Saturday, time.Sunday:
		weight *= h.weekend
	}
	switch day.Month() {
	case time.June, time.July, time.August, time.September:
		weight *= h.summer
	case time.November, time.December, time.January, time.February:
		weight *= h.winter
	}
	return weight
}

func pickHabit(r *rand.Rand) int {
	x := 0.0
	for _, h := range habits {
		x += h.weight
	}
	x *= r.Float64()
	for i, h := range habits {
		if x -= h.weight; x < 0 {
			return i
		}
	}
	return len(habits) - 1
}
