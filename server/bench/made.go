package main

import (
	"context"
	"time"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// madeRows gives hexmap the rows of one city as they are made, and those of the
// others from the database. A city that is asked about in memory only, where no
// database takes part, need not be written to one first.
type madeRows struct {
	hexmap.Rows
	city   city
	totals store.CountedTotals
}

// madeAtOnce is how many items are given at once, as by the store.
const madeAtOnce = 512

func (m *madeRows) LoadCounted(ctx context.Context, territoire string, c store.CountedLoad) (horizon int64, err error) {
	if territoire != m.city.territoire {
		return m.Rows.LoadCounted(ctx, territoire, c)
	}
	m.totals = store.CountedTotals{}
	var markers []store.CountedMarker
	var signalements []store.CountedSignalement
	give := func(least int) error {
		if len(markers) >= least {
			if err := c.Markers(markers); err != nil {
				return err
			}
			markers = markers[:0]
		}
		if len(signalements) >= least {
			if err := c.Signalements(signalements); err != nil {
				return err
			}
			signalements = signalements[:0]
		}
		return ctx.Err()
	}
	starts := map[uint32]time.Time{} // of ateliers: the moment of their first marker
	for it := range m.city.items() {
		r := it.rows[0]
		if r.Felt == hexcube.FeltNone {
			m.totals.Signalements++
			signalements = append(signalements, m.signalement(r))
		} else {
			m.totals.Markers++
			if _, known := starts[r.Atelier]; !known {
				starts[r.Atelier] = time.Unix(r.At, 0)
			}
			markers = append(markers, m.marker(it, starts[r.Atelier]))
		}
		if err := give(madeAtOnce); err != nil {
			return 0, err
		}
	}
	return 0, give(0)
}

func (m *madeRows) signalement(r hexcube.Row) store.CountedSignalement {
	s := store.CountedSignalement{ID: m.city.id(r), Cell: r.Cell, Theme: atelier.Theme(themesOf(r.Themes)[0]), Origin: originName(r.Origin)}
	s.OccurredFrom, s.OccurredTo = when(r)
	if r.Quartier > 0 {
		s.Quartier = quartierCode(r.Quartier)
	}
	if r.Contributor > 0 {
		s.Reporter = m.city.person(r.Contributor)
	}
	return s
}

func (m *madeRows) marker(it item, starts time.Time) store.CountedMarker {
	r := it.rows[0]
	var cells []hexgrid.Cell
	for i := range it.rows {
		cells = append(cells, it.rows[i].Cell)
	}
	return store.CountedMarker{ID: m.city.id(r), Atelier: m.city.atelier(r.Atelier), Participant: m.city.person(r.Contributor),
		Quartier: quartierCode(r.Quartier), Felt: feltOf(r), Cell: r.Cell, Cells: cells, Themes: themesOf(r.Themes), StartsAt: starts}
}

// ReadCounted finds nothing new, as nobody writes.
func (m *madeRows) ReadCounted(ctx context.Context, territoire string, c store.Counted) (int64, store.CountedTotals, error) {
	if territoire != m.city.territoire {
		return m.Rows.ReadCounted(ctx, territoire, c)
	}
	return 0, m.totals, ctx.Err()
}
