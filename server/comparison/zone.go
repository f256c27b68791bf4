package comparison

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/store"
)

// ZoneChange is before and after at a place, beside the rest of its quartier.
type ZoneChange struct {
	Hexagons  []hexgrid.Cell                      `json:"hexagons"`
	From      time.Time                           `json:"from"`
	At        time.Time                           `json:"at"`
	To        time.Time                           `json:"to"`
	Reports   int                                 `json:"signalements"`
	Anonymous int                                 `json:"anonymous"`
	Change    hexstat.Result[hexstat.BeforeAfter] `json:"change"`
}

// CompareZone counts the people who reported in a zone and in the rest of the
// quartier, from ≤ t < at and at ≤ t < to. The hexagons of the zone may be of
// any resolution.
func CompareZone(reports []store.ComparedReport, zone []hexgrid.Cell, from, at, to time.Time) ZoneChange {
	out := ZoneChange{Hexagons: zone, From: from, At: at, To: to}
	var rows []hexstat.ZoneReport
	number := map[uuid.UUID]int{}
	for _, r := range reports {
		if r.OccurredFrom.Before(from) || !r.OccurredFrom.Before(to) {
			continue
		}
		out.Reports++
		who, known := number[r.Reporter]
		if !known || r.Reporter == uuid.Nil {
			who = len(rows) // unused so far: each row adds at most one person
			number[r.Reporter] = who
		}
		if r.Reporter == uuid.Nil {
			out.Anonymous++
		}
		inside := slices.ContainsFunc(zone, func(c hexgrid.Cell) bool { return r.Cell.Parent(c.Resolution()) == c })
		rows = append(rows, hexstat.ZoneReport{Reporter: who, InZone: inside, After: !r.OccurredFrom.Before(at)})
	}
	out.Change = hexstat.CompareZone(hexstat.CountReporters(rows), hexstat.Level95)
	return out
}
