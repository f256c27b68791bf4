package comparison

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/store"
)

// Share is a number of people among n.
type Share struct {
	People   int                              `json:"people"`
	N        int                              `json:"n"`
	Interval hexstat.Result[hexstat.Interval] `json:"interval"` // Wilson, 95 %
}

func shareOf(people, n int) Share {
	return Share{People: people, N: n, Interval: hexstat.Wilson(people, n, hexstat.Level95)}
}

// EveningFigures is one atelier in the list.
type EveningFigures struct {
	ID           uuid.UUID `json:"id"`
	Titre        string    `json:"titre"`
	Kind         string    `json:"kind"`
	State        string    `json:"state"`
	StartsAt     time.Time `json:"starts_at"`
	Participants int       `json:"participants"`
	Unsafe       Share     `json:"unsafe"`
	Safe         Share     `json:"safe"`
	Avoids       Share     `json:"avoids"`
}

// ThemeFigures is one family of themes.
type ThemeFigures struct {
	Theme     atelier.Theme `json:"theme"`
	Residents Share         `json:"residents"`
	// Reporters are people among all who reported, Reports what they sent.
	Reporters Share `json:"reporters"`
	Reports   int   `json:"signalements"`
}

// Month is one month of signalements.
type Month struct {
	Month     string           `json:"month"` // 2026-03
	Reports   int              `json:"signalements"`
	Reporters int              `json:"reporters"`
	Interval  hexstat.Interval `json:"interval"` // of the expected number of reporters, exact Poisson 95 %
	// Partial is a month that the period only touches.
	Partial bool `json:"partial"`
}

// PanelHexagon is one hexagon of one small map; counts are distinct people.
type PanelHexagon struct {
	Cell    hexgrid.Cell                     `json:"h3"`
	Unsafe  int                              `json:"unsafe"`
	Safe    int                              `json:"safe"`
	Reports int                              `json:"signalements"`
	Share   hexstat.Result[hexstat.Interval] `json:"unsafe_interval"`
	// Contested is 1 when residents disagree most, null when nobody spoke.
	Contested hexstat.Result[float64] `json:"contested"`
}

// Panel is one of the small multiples: the same map for an atelier or a year.
type Panel struct {
	Key          string         `json:"key"` // identifier of the atelier, or the year
	Titre        string         `json:"titre,omitempty"`
	From         time.Time      `json:"from"`
	To           time.Time      `json:"to"`
	Participants int            `json:"participants"`
	Reporters    int            `json:"reporters"`
	Hexagons     []PanelHexagon `json:"hexagons"`
}

// Portrait is what is known of one quartier in a period.
type Portrait struct {
	Resolution   hexgrid.Resolution `json:"resolution"`
	Participants int                `json:"participants"`
	Reports      int                `json:"signalements"`
	Reporters    int                `json:"reporters"`
	Anonymous    int                `json:"anonymous"`
	Ateliers     []EveningFigures   `json:"ateliers"`
	Unsafe       Share              `json:"unsafe"`
	Safe         Share              `json:"safe"`
	Avoids       Share              `json:"avoids"`
	// Contested are hexagons where at least MinParticipants people spoke and no
	// majority is visible (sign test, p > 0.05); Spoken is how many could tell.
	Contested int            `json:"contested"`
	Spoken    int            `json:"spoken"`
	Themes    []ThemeFigures `json:"themes"`
	// Hours is hour × weekday, aoristic, in the time zone of the territoire;
	// signalements that last more than a day have no hour and are left out.
	Hours   hexstat.Strip `json:"hours"`
	Timed   int           `json:"timed"`
	Untimed int           `json:"untimed"`
	Months  []Month       `json:"months"`
	By      string        `json:"by"` // atelier or annee
	Panels  []Panel       `json:"panels"`
}

// knownDay is how long a signalement may last for its hours to mean something.
const knownDay = 24 * time.Hour

// Draw makes the portrait of a quartier for a period (From ≤ t < To; zero for
// no limit) with one small map per atelier or per year.
func Draw(area orb.MultiPolygon, data store.Compared, period Side, by string, r hexgrid.Resolution, zone *time.Location, now time.Time) (Portrait, error) {
	g, err := NewGround(area, r, data)
	if err != nil {
		return Portrait{}, err
	}
	p := Portrait{Resolution: r, By: by, Ateliers: []EveningFigures{}, Months: []Month{}, Panels: []Panel{}}
	unsafe, safe, avoids := g.three(data, period)
	p.Participants = unsafe.People
	p.Unsafe, p.Safe, p.Avoids = shareOf(unsafe.Speakers(), p.Participants), shareOf(safe.Speakers(), p.Participants), shareOf(avoids.Speakers(), p.Participants)
	for i := range g.Cells {
		if u, s := unsafe.Voices[i], safe.Voices[i]; u+s >= hexstat.MinParticipants {
			p.Spoken++
			if sign, ok := hexstat.ConsensusOf(u, s, p.Participants).SignP.Get(); ok && sign > hexstat.Alpha {
				p.Contested++
			}
		}
	}
	reports := g.Take(data, period, Reports)
	p.Reports, p.Reporters, p.Anonymous = reports.Reports, reports.People, reports.Anonymous
	for _, e := range unsafe.Evenings {
		u, s, a := g.three(data, Side{Atelier: e.ID})
		p.Ateliers = append(p.Ateliers, EveningFigures{ID: e.ID, Titre: e.Titre, Kind: e.Kind, State: e.State, StartsAt: e.StartsAt.UTC(),
			Participants: u.People, Unsafe: shareOf(u.Speakers(), u.People), Safe: shareOf(s.Speakers(), u.People), Avoids: shareOf(a.Speakers(), u.People)})
	}
	p.Themes = g.themes(data, period, p.Participants, p.Reporters)
	p.hours(data.Reports, period, zone)
	p.Months = months(data.Reports, period, zone, now)
	p.Panels = g.panels(data, period, by, zone)
	return p, nil
}

func (g *Ground) three(data store.Compared, side Side) (unsafe, safe, avoids Sample) {
	return g.Take(data, side, Unsafe), g.Take(data, side, Safe),
		g.takeVoices(data, side, func(v store.ComparedVoice) bool { return v.Avoids })
}

func (g *Ground) themes(data store.Compared, period Side, residents, reporters int) []ThemeFigures {
	out := make([]ThemeFigures, 0, len(atelier.Themes))
	for _, theme := range atelier.Themes {
		named := g.takeVoices(data, period, func(v store.ComparedVoice) bool { return slices.Contains(v.Themes, string(theme)) })
		var of []store.ComparedReport
		for _, r := range data.Reports {
			if r.Theme == theme {
				of = append(of, r)
			}
		}
		reported := g.takeReports(of, period)
		out = append(out, ThemeFigures{Theme: theme, Residents: shareOf(named.Speakers(), residents),
			Reporters: shareOf(reported.People, reporters), Reports: reported.Reports})
	}
	return out
}

func (p *Portrait) hours(reports []store.ComparedReport, period Side, zone *time.Location) {
	for _, r := range reports {
		if !period.holds(r.OccurredFrom) {
			continue
		}
		if r.OccurredTo.Sub(r.OccurredFrom) > knownDay {
			p.Untimed++
			continue
		}
		if strip, ok := hexstat.Aoristic(r.OccurredFrom, r.OccurredTo, zone).Get(); ok {
			p.Hours = p.Hours.Plus(strip)
			p.Timed++
		}
	}
}

// months lists every month from the first signalement, or the beginning of the
// period, to its end: a month without any is a zero, not a gap.
func months(reports []store.ComparedReport, period Side, zone *time.Location, now time.Time) []Month {
	var inside []store.ComparedReport
	for _, r := range reports {
		if period.holds(r.OccurredFrom) {
			inside = append(inside, r)
		}
	}
	if len(inside) == 0 {
		return []Month{}
	}
	from, to := period.From, period.To
	if from.IsZero() {
		from = inside[0].OccurredFrom
	}
	if to.IsZero() || to.After(now) {
		to = now
	}
	if last := inside[len(inside)-1].OccurredFrom; !last.Before(to) {
		to = last.Add(time.Second)
	}
	out := []Month{}
	for at := firstOfMonth(from.In(zone)); at.Before(to); at = at.AddDate(0, 1, 0) {
		next := at.AddDate(0, 1, 0)
		var p people
		m := Month{Month: at.Format("2006-01"), Partial: at.Before(period.From) || next.After(to)}
		for _, r := range inside {
			if !r.OccurredFrom.Before(at) && r.OccurredFrom.Before(next) {
				m.Reports++
				p.add(r.Reporter, nil)
			}
		}
		m.Reporters = len(p.footprints)
		m.Interval, _ = hexstat.PoissonRate(m.Reporters, 1, hexstat.Level95).Get()
		out = append(out, m)
	}
	return out
}

func firstOfMonth(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

// By is how small multiples are cut.
const (
	ByAtelier = "atelier"
	ByYear    = "annee"
)

func (g *Ground) panels(data store.Compared, period Side, by string, zone *time.Location) []Panel {
	out := []Panel{}
	if by == ByAtelier {
		for _, e := range data.Evenings {
			if period.includes(e) {
				panel := g.panel(data, Side{Atelier: e.ID}, Sample{Voices: make([]int, len(g.Cells))})
				panel.Key, panel.Titre, panel.From, panel.To = e.ID.String(), e.Titre, e.StartsAt.UTC(), e.StartsAt.UTC()
				out = append(out, panel)
			}
		}
		return out
	}
	for _, year := range years(data, period, zone) {
		side := Side{From: time.Date(year, 1, 1, 0, 0, 0, 0, zone), To: time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)}
		if side.From.Before(period.From) {
			side.From = period.From
		}
		if !period.To.IsZero() && period.To.Before(side.To) {
			side.To = period.To
		}
		panel := g.panel(data, side, g.Take(data, side, Reports))
		panel.Key, panel.From, panel.To = side.From.In(zone).Format("2006"), side.From.UTC(), side.To.UTC()
		out = append(out, panel)
	}
	return out
}

// years are those in which anything was said or reported, in order.
func years(data store.Compared, period Side, zone *time.Location) []int {
	var out []int
	for _, e := range data.Evenings {
		if period.holds(e.StartsAt) {
			out = append(out, e.StartsAt.In(zone).Year())
		}
	}
	for _, r := range data.Reports {
		if y := r.OccurredFrom.In(zone).Year(); period.holds(r.OccurredFrom) && (len(out) == 0 || out[len(out)-1] != y) {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (g *Ground) panel(data store.Compared, side Side, reports Sample) Panel {
	unsafe, safe := g.Take(data, side, Unsafe), g.Take(data, side, Safe)
	p := Panel{Participants: unsafe.People, Reporters: reports.People, Hexagons: []PanelHexagon{}}
	for i, cell := range g.Cells {
		u, s, r := unsafe.Voices[i], safe.Voices[i], reports.Voices[i]
		if u+s+r > 0 {
			p.Hexagons = append(p.Hexagons, PanelHexagon{Cell: cell, Unsafe: u, Safe: s, Reports: r,
				Share:     hexstat.Wilson(u, p.Participants, hexstat.Level95),
				Contested: hexstat.ConsensusOf(u, s, p.Participants).Contested})
		}
	}
	return p
}
