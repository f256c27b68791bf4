package hexgrid_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// A position is indexed once; maps at coarser resolutions use its parents.
func ExampleCell_Parent() {
	townHall := orb.Point{5.9203, 45.5655}
	c, err := hexgrid.CellOf(townHall, hexgrid.Stored)
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
		fmt.Println(r, c.Parent(r))
	}
	// Output:
	// 8 881f916e27fffff
	// 9 891f916e273ffff
	// 10 8a1f916e271ffff
	// 11 8b1f916e271afff
}

// Rows of a hexagon are found by a range of the stored cells.
func ExampleCell_DescendantRange() {
	c, err := hexgrid.ParseCell("891f916e273ffff")
	if err != nil {
		fmt.Println(err)
		return
	}
	first, last := c.DescendantRange(hexgrid.Stored)
	fmt.Println(first, last)
	// Output: 8b1f916e2700fff 8b1f916e2736fff
}
