package analysis

import (
	"slices"
	"sync"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/fault"
	"quietude/server/hexmap"
)

// Resolution is that of every test: about 1.5 ha a hexagon.
const Resolution hexgrid.Resolution = 10

// ground is a quartier, or the whole city, as a lattice of hexagons.
type ground struct {
	cells []hexgrid.Cell
	index map[hexgrid.Cell]int32
	*hexstat.Ground
}

// grounds are made when first needed; quartiers seldom change.
type grounds struct {
	city *hexmap.City
	mu   sync.Mutex
	made map[string]*ground
}

func newGrounds(city *hexmap.City) *grounds { return &grounds{city: city, made: map[string]*ground{}} }

// of gives the ground of a quartier; "" is all quartiers together.
func (g *grounds) of(quartier string) (*ground, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if made, ok := g.made[quartier]; ok {
		return made, nil
	}
	var cells []hexgrid.Cell
	for _, q := range g.city.Areas {
		if quartier == "" || q.Code == quartier {
			some, err := hexgrid.Reachable(q.Geom, Resolution)
			if err != nil {
				return nil, err
			}
			cells = append(cells, some...)
		}
	}
	if len(cells) == 0 {
		return nil, fault.New(fault.NotFound, "quartier_inconnu", "Ce quartier n’existe pas.").At("quartier")
	}
	slices.Sort(cells)
	made, err := newGround(slices.Compact(cells))
	if err != nil {
		return nil, err
	}
	g.made[quartier] = made
	return made, nil
}

func newGround(cells []hexgrid.Cell) (*ground, error) {
	g := &ground{cells: cells, index: make(map[hexgrid.Cell]int32, len(cells))}
	lattice, err := hexgrid.Lattice(cells)
	if err != nil {
		return nil, err
	}
	axial := make([]hexstat.Axial, len(cells))
	for n, c := range cells {
		axial[n] = hexstat.AxialFromIJ(lattice[n].I, lattice[n].J)
		g.index[c] = int32(n)
	}
	made, why := hexstat.NewGround(axial, nil)
	if why != "" {
		return nil, fault.New(fault.Unprocessable, "hexagones_invalides", "Les hexagones de ce territoire ne peuvent pas être comparés.")
	}
	g.Ground = made
	return g, nil
}
