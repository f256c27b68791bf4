// Package geomconv converts between the geometries the program computes with
// (orb) and those its two encoders understand (go-geom): EWKB in server/pgorb
// and KML in geo/kml. Both ways, two dimensions only, coordinates copied bit
// for bit in the order they come: longitude first, degrees, EPSG:4326.
//
// It refuses whatever one side cannot hold (a height, an empty point) rather
// than bending it. It judges neither validity nor extent, and neither reads
// nor stamps an SRID: server/pgorb does.
package geomconv

import (
	"errors"
	"fmt"

	"github.com/twpayne/go-geom"
)

// ErrEmptyPoint says that a go-geom point has no coordinates. orb.Point is
// always somewhere; (0, 0) instead would put it in the Gulf of Guinea.
var ErrEmptyPoint = errors.New("geomconv: empty point")

// LayoutError says that a geometry carries a height or a measure. Dropping
// them in silence would hide that somebody sent the wrong column.
type LayoutError struct{ Layout geom.Layout }

func (e *LayoutError) Error() string {
	return fmt.Sprintf("geomconv: layout %s, want XY", e.Layout)
}

// UnsupportedError names a Go type that has no counterpart on the other side.
type UnsupportedError struct{ Type string }

func (e *UnsupportedError) Error() string {
	return "geomconv: no counterpart for " + e.Type
}
