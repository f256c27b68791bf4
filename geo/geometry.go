package geo

import (
	"bytes"
	"encoding/json"

	"github.com/paulmach/orb"
)

// Bounds of what people draw.
const (
	MaxDrawnBytes    = 64 << 10
	MaxDrawnVertices = 201 // positions of all rings: 200 corners and the one that closes
)

// DecodePoint reads one GeoJSON Point object, strictly: exactly the members
// type and coordinates, exactly two numbers. The position is snapped and
// satisfies CheckPosition; whether it lies in the territoire is for
// Extent.Check. All errors are *Invalid.
func DecodePoint(raw []byte) (orb.Point, error) {
	g, err := decodeGeometry(raw, "Point")
	if err != nil {
		return orb.Point{}, err
	}
	return g.(orb.Point), nil
}

// DecodeDrawn reads what a resident may draw: a GeoJSON Point or Polygon
// object, with the strictness of DecodePoint. A polygon is snapped, valid
// (ValidatePolygon), normalised and of at most MaxDrawnVertices positions.
func DecodeDrawn(raw []byte) (orb.Geometry, error) {
	return decodeGeometry(raw, "Point", "Polygon")
}

func decodeGeometry(raw []byte, types ...string) (orb.Geometry, error) {
	s := newScanner(bytes.NewReader(raw), MaxDrawnBytes)
	first, err := s.next()
	if err != nil {
		return nil, err
	}
	if first == nil {
		return nil, invalid(MissingPosition)
	}
	found, err := readGeometry(s, first, MaxDrawnVertices, refuseMember)
	if err != nil {
		return nil, err
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	return found.geometry(types...)
}

// rawGeometry is a GeoJSON geometry before its type and coordinates are
// compared: members come in any order.
type rawGeometry struct {
	kind        string
	coordinates *coordinates
}

// readGeometry reads a geometry object whose first token has been read. other
// deals with members beside type and coordinates, value included.
func readGeometry(s *scanner, first json.Token, maxVertices int, other func(s *scanner, key string) error) (rawGeometry, error) {
	var g rawGeometry
	err := s.members(first, func(key string) (err error) {
		switch key {
		case "type":
			g.kind, err = s.text()
			if err == nil && g.kind == "GeometryCollection" {
				err = invalid(UnsupportedGeometry)
			}
			return under(key, err)
		case "coordinates":
			r := coordinateReader{scanner: s, limit: maxVertices}
			c, err := r.read()
			g.coordinates = &c
			return under(key, err)
		case "geometries":
			return &Invalid{Reason: UnsupportedGeometry, Field: key}
		}
		return other(s, key)
	})
	return g, err
}

func refuseMember(_ *scanner, key string) error {
	return &Invalid{Reason: UnknownKey, Field: knownField(key)}
}

// geometry is the Point, Polygon or MultiPolygon that was read, if it is of
// one of the types wanted: snapped, valid and normalised.
func (g rawGeometry) geometry(types ...string) (orb.Geometry, error) {
	if g.kind == "" {
		return nil, &Invalid{Reason: MissingKey, Field: "type"}
	}
	wanted := false
	for _, t := range types {
		wanted = wanted || g.kind == t
	}
	if !wanted {
		return nil, &Invalid{Reason: UnsupportedGeometry, Field: "type"}
	}
	if g.coordinates == nil {
		return nil, &Invalid{Reason: MissingPosition, Field: "coordinates"}
	}
	switch g.kind {
	case "Point":
		return checkedPoint(*g.coordinates)
	case "Polygon":
		return checkedPolygon(*g.coordinates)
	}
	return checkedMultiPolygon(*g.coordinates)
}

func checkedPoint(c coordinates) (orb.Geometry, error) {
	p, err := c.point()
	if err != nil {
		return nil, under("coordinates", err)
	}
	if err := CheckPosition(p); err != nil {
		return nil, under("coordinates", err)
	}
	return Snap(p), nil
}

// Positions are checked once before snapping, so that refusals show what was
// sent, and the shape once after it, since it is what will be stored.
func checkedPolygon(c coordinates) (orb.Geometry, error) {
	p, err := c.polygon()
	if err != nil {
		return nil, under("coordinates", err)
	}
	if err := checkRings(p, "coordinates"); err != nil {
		return nil, err
	}
	p = SnapPolygon(p)
	if err := ValidatePolygon(p); err != nil {
		return nil, err
	}
	return Normalise(p), nil
}

func checkedMultiPolygon(c coordinates) (orb.Geometry, error) {
	mp, err := c.multiPolygon()
	if err != nil {
		return nil, under("coordinates", err)
	}
	for i, p := range mp {
		if err := checkRings(p, partPath("coordinates", i, true)); err != nil {
			return nil, err
		}
	}
	mp = SnapMultiPolygon(mp)
	if err := ValidateMultiPolygon(mp); err != nil {
		return nil, err
	}
	return NormaliseMultiPolygon(mp), nil
}
