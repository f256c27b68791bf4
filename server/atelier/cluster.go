package atelier

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// What makes a cluster: hexagons of this resolution (about 1.5 ha) that touch,
// each with at least that many voices.
const (
	ClusterResolution hexgrid.Resolution = 10
	ClusterVoices                        = 3
)

// Cluster is a place where several residents feel unsafe and that no finding
// speaks of yet.
type Cluster struct {
	Voices  int            // distinct residents
	Markers []uuid.UUID    // sorted
	Cells   []hexgrid.Cell // touching each other, sorted
	At      orb.Point      // centre of the hexagon with most voices
}

// Clusters are the connected groups of hexagons in each of which at least
// ClusterVoices distinct residents feel unsafe, most voices first. Markers that
// are deleted, hidden, felt safe, or in spoken (a finding or an action names
// them) don't count.
func Clusters(markers []Marker, spoken map[uuid.UUID]bool) []Cluster {
	type hexagon struct {
		voices  map[uuid.UUID]bool
		markers map[uuid.UUID]bool
	}
	hexagons := map[hexgrid.Cell]*hexagon{}
	author := map[uuid.UUID]uuid.UUID{}
	for _, m := range markers {
		if m.Deleted || m.Hidden || m.Felt != Unsafe || spoken[m.ID] {
			continue
		}
		author[m.ID] = m.Author
		for _, fine := range m.Cells {
			cell := fine.Parent(ClusterResolution)
			h := hexagons[cell]
			if h == nil {
				h = &hexagon{map[uuid.UUID]bool{}, map[uuid.UUID]bool{}}
				hexagons[cell] = h
			}
			h.voices[m.Author], h.markers[m.ID] = true, true
		}
	}
	var dense []hexgrid.Cell
	for cell, h := range hexagons {
		if len(h.voices) >= ClusterVoices {
			dense = append(dense, cell)
		}
	}
	slices.Sort(dense)
	seen := map[hexgrid.Cell]bool{}
	var out []Cluster
	for _, start := range dense {
		if seen[start] {
			continue
		}
		c, voices, ids, most := Cluster{}, map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, 0
		seen[start] = true
		for queue := []hexgrid.Cell{start}; len(queue) > 0; {
			cell := queue[0]
			queue = queue[1:]
			c.Cells = append(c.Cells, cell)
			h := hexagons[cell]
			if len(h.voices) > most {
				most, c.At = len(h.voices), cell.Centre()
			}
			for id := range h.markers {
				ids[id], voices[author[id]] = true, true
			}
			for _, next := range cell.Neighbours() {
				if _, found := slices.BinarySearch(dense, next); found && !seen[next] {
					seen[next] = true
					queue = append(queue, next)
				}
			}
		}
		c.Voices = len(voices)
		slices.Sort(c.Cells)
		for id := range ids {
			c.Markers = append(c.Markers, id)
		}
		slices.SortFunc(c.Markers, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Cluster) int { return b.Voices - a.Voices })
	return out
}
