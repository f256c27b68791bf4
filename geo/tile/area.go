package tile

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
)

// Area is a shape with what is said of it. Properties are strings, numbers and
// booleans; nil ones are left out by whoever makes them.
type Area struct {
	ID         uint64
	Shape      orb.MultiPolygon // degrees
	Properties geojson.Properties
}

// EncodeAreas writes the part of areas that a tile shows, as one layer of a
// Mapbox Vector Tile; nil when it shows none. The same areas in the same order
// give the same bytes. For few areas: hexagons by the thousand have Encoder.
func EncodeAreas(c Coord, layer string, areas []Area) ([]byte, error) {
	shown := c.BufferedBounds()
	collection := geojson.NewFeatureCollection()
	for _, a := range areas {
		if !a.Shape.Bound().Intersects(shown) {
			continue
		}
		f := geojson.NewFeature(a.Shape.Clone()) // projecting changes it in place
		f.ID, f.Properties = a.ID, a.Properties
		collection.Append(f)
	}
	l := mvt.NewLayer(layer, collection)
	l.Version = 2
	l.Extent = Extent
	l.ProjectToTile(maptile.New(c.X, c.Y, maptile.Zoom(c.Z)))
	l.Clip(orb.Bound{Min: orb.Point{-Buffer, -Buffer}, Max: orb.Point{Extent + Buffer, Extent + Buffer}})
	l.RemoveEmpty(0, 0)
	if len(l.Features) == 0 {
		return nil, nil
	}
	return mvt.Marshal(mvt.Layers{l})
}
