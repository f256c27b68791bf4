package geo

import (
	"encoding/json"
	"math"

	"github.com/paulmach/orb"
)

// coordinates is a "coordinates" member before its type is known, which may
// come after it: either a position or a list.
type coordinates struct {
	position bool
	at       orb.Point
	list     []coordinates
}

// coordinateReader counts what it builds against a limit.
type coordinateReader struct {
	*scanner
	positions int
	lists     int
	limit     int
}

// read wants an array; null is a missing position.
func (r *coordinateReader) read() (coordinates, error) {
	first, err := r.next()
	if err != nil {
		return coordinates{}, err
	}
	if first == nil {
		return coordinates{}, invalid(MissingPosition)
	}
	if first != json.Delim('[') {
		return coordinates{}, invalid(WrongType)
	}
	return r.rest()
}

// rest reads the elements of an array whose bracket has been read. The first
// element tells a position from a list.
func (r *coordinateReader) rest() (coordinates, error) {
	var c coordinates
	for i := 0; ; i++ {
		token, err := r.next()
		if err != nil {
			return c, err
		}
		switch token := token.(type) {
		case json.Delim:
			if token == ']' {
				return c, r.checkLength(c, i)
			}
			if token != '[' || c.position {
				return c, under(index("", i), invalid(WrongType))
			}
			if r.lists++; r.lists > 2*r.limit {
				return c, &Invalid{Reason: TooManyVertices, Limit: r.limit}
			}
			inner, err := r.rest()
			if err != nil {
				return c, under(index("", i), err)
			}
			c.list = append(c.list, inner)
		case json.Number:
			if i > 1 || len(c.list) > 0 {
				return c, invalid(WrongDimension)
			}
			if i == 0 {
				c.position = true
				if r.positions++; r.positions > r.limit {
					return c, &Invalid{Reason: TooManyVertices, Limit: r.limit}
				}
			}
			value, err := token.Float64()
			if err != nil || math.IsInf(value, 0) {
				return c, under(index("", i), invalid(NotANumber))
			}
			c.at[i] = value
		case nil:
			return c, under(index("", i), invalid(MissingPosition))
		default:
			return c, under(index("", i), invalid(NotANumber))
		}
	}
}

func (r *coordinateReader) checkLength(c coordinates, n int) error {
	if c.position && n != 2 {
		return invalid(WrongDimension)
	}
	return nil
}

func (c coordinates) point() (orb.Point, error) {
	if !c.position {
		if len(c.list) == 0 {
			return orb.Point{}, invalid(MissingPosition)
		}
		return orb.Point{}, invalid(WrongType)
	}
	return c.at, nil
}

func (c coordinates) ring() (orb.Ring, error) {
	if c.position {
		return nil, invalid(WrongType)
	}
	ring := make(orb.Ring, len(c.list))
	for i, p := range c.list {
		at, err := p.point()
		if err != nil {
			return nil, under(index("", i), err)
		}
		ring[i] = at
	}
	return ring, nil
}

func (c coordinates) polygon() (orb.Polygon, error) {
	if c.position {
		return nil, invalid(WrongType)
	}
	polygon := make(orb.Polygon, len(c.list))
	for i, r := range c.list {
		ring, err := r.ring()
		if err != nil {
			return nil, under(index("", i), err)
		}
		polygon[i] = ring
	}
	return polygon, nil
}

func (c coordinates) multiPolygon() (orb.MultiPolygon, error) {
	if c.position {
		return nil, invalid(WrongType)
	}
	parts := make(orb.MultiPolygon, len(c.list))
	for i, p := range c.list {
		part, err := p.polygon()
		if err != nil {
			return nil, under(index("", i), err)
		}
		parts[i] = part
	}
	return parts, nil
}
