package publication

import (
	"context"

	"quietude/geo/hexgrid"
)

// GroupsOf are the groups of some families.
func GroupsOf(themes []string) []string { return groupsOf(themes) }

// Ground is the list of hexagons of a quartier.
func (p *Publisher) Ground(ctx context.Context, territoire, quartier string) ([]hexgrid.Cell, error) {
	city, err := p.places.City(ctx, territoire)
	if err != nil {
		return nil, err
	}
	return p.ground(city, quartier)
}
