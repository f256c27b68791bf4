package geo

import (
	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
)

// AreaSquareMetres is the area of a Polygon or MultiPolygon of lon/lat
// degrees, holes taken off, whatever the orientation of the rings; 0 for
// other types. It is computed on a sphere of radius 6 378 137 m (Chamberlain
// and Duquette, JPL 07-03, 2007), within 0.7 % of the ellipsoid: good for
// limits and ranges, not for a figure beside one from PostGIS geography.
func AreaSquareMetres(g orb.Geometry) float64 { return orbgeo.Area(g) }

// LengthMetres is the length of a line, or of all the rings of an area, in
// metres on the same sphere; 0 for a point.
func LengthMetres(g orb.Geometry) float64 { return orbgeo.Length(g) }
