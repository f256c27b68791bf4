package geomconv

import "github.com/twpayne/go-geom/encoding/wkbcommon"

// The most elements go-geom may allocate for when a (E)WKB header announces
// them. The largest geometry of a city, its commune or its streets as one
// multi-line, stays below a tenth of this.
const (
	maxCoords = 1_000_000 // in one line, ring or multi-point: 16 MB
	maxParts  = 100_000   // rings of a polygon, lines or polygons of a multi
)

// go-geom believes the counts in a header and allocates before it reads: nine
// bytes that announce 2³¹ points end the process. Its only guard is a variable
// of the package, unlimited by default; package initialisation is the one
// moment when it can be set without a race, and every package that decodes
// through go-geom imports this one.
func init() {
	wkbcommon.MaxGeometryElements = [4]int{0, maxCoords, maxParts, maxParts}
}
