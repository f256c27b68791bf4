package hexmap

import (
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/server/atelier"
	"quietude/server/store"
)

// numbers are the small integers that stand for identifiers in the columns.
// They are given out by the one who reads, and read through views.
type numbers struct {
	quartiers    map[string]uint16
	ateliers     *sync.Map // uuid.UUID → uint32, also read by views
	ateliersUsed uint32
	origins      *sync.Map // string → uint16, also read by views
	originsUsed  uint16
	people       people
	themes       map[string]hexcube.ThemeSet
	clock        *weekClock
}

func newNumbers(city *City) *numbers {
	n := &numbers{quartiers: map[string]uint16{}, ateliers: &sync.Map{}, origins: &sync.Map{}, themes: map[string]hexcube.ThemeSet{}, clock: newWeekClock(city.Zone)}
	for i, q := range city.Areas {
		n.quartiers[q.Code] = uint16(i + 1)
	}
	for i, t := range atelier.Themes {
		n.themes[string(t)] = 1 << i
	}
	return n
}

func (n *numbers) atelier(id uuid.UUID) uint32 {
	if known, ok := n.ateliers.Load(id); ok {
		return known.(uint32)
	}
	n.ateliersUsed++
	n.ateliers.Store(id, n.ateliersUsed)
	return n.ateliersUsed
}

// noOrigin is the number of an origin without any signalement.
const noOrigin = math.MaxUint16

// origin numbers where signalements come from. A city that had more origins than
// there are numbers would have the last of them share one.
func (n *numbers) origin(name string) uint16 {
	if known, ok := n.origins.Load(name); ok {
		return known.(uint16)
	}
	n.originsUsed = min(n.originsUsed+1, noOrigin-1)
	n.origins.Store(name, n.originsUsed)
	return n.originsUsed
}

// appendMarker gives one row per cell of the footprint and of the anchor, where
// the marker itself is counted. Its moment is that of its atelier: residents
// tell what they feel, not when they feel it.
func (n *numbers) appendMarker(dst []hexcube.Row, r *store.CountedMarker) []hexcube.Row {
	felt := hexcube.Unsafe
	if r.Felt == atelier.Safe {
		felt = hexcube.Safe
	}
	row := hexcube.Row{ID: hexcube.ID(r.ID), At: inRange(r.StartsAt), Contributor: n.people.number(r.Participant),
		Atelier: n.atelier(r.Atelier), Quartier: n.quartiers[r.Quartier], Felt: felt}
	for _, theme := range r.Themes {
		row.Themes |= n.themes[theme]
	}
	for _, cell := range r.Cells {
		row.Cell, row.Anchor = cell, cell == r.Cell
		dst = append(dst, row)
	}
	if !slices.Contains(r.Cells, r.Cell) {
		row.Cell, row.Anchor = r.Cell, true
		dst = append(dst, row)
	}
	return dst
}

// knownHour is how long a signalement may last for its hour to mean something.
const knownHour = time.Hour

func (n *numbers) signalement(r *store.CountedSignalement) hexcube.Row {
	row := hexcube.Row{ID: hexcube.ID(r.ID), Cell: r.Cell, At: inRange(r.OccurredFrom), Quartier: n.quartiers[r.Quartier],
		Themes: n.themes[string(r.Theme)], Origin: n.origin(r.Origin), Anchor: true}
	if r.Reporter != uuid.Nil {
		row.Contributor = n.people.number(r.Reporter)
	}
	if r.OccurredTo.Sub(r.OccurredFrom) <= knownHour {
		row.Hour = n.clock.hourAt(r.OccurredFrom)
	}
	return row
}

// inRange is a time in Unix seconds, moved to the ends of what the columns
// hold (1970 to 2106); imports may carry dates of the past century.
func inRange(t time.Time) int64 { return min(max(t.Unix(), 0), math.MaxUint32) }

func themes(codes ...string) hexcube.ThemeSet {
	var set hexcube.ThemeSet
	for _, c := range codes {
		if i := slices.Index(atelier.Themes, atelier.Theme(c)); i >= 0 {
			set |= 1 << i
		}
	}
	return set
}
