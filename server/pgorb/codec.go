package pgorb

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
)

// codec is the pgtype.Codec of geometry and geography. Both formats carry
// EWKB: as it is in binary, in hexadecimal in text. pgx itself turns nil
// pointers and slices into NULL and follows pointers before it comes here.
type codec struct{}

func (codec) FormatSupported(format int16) bool {
	return format == pgtype.BinaryFormatCode || format == pgtype.TextFormatCode
}

func (codec) PreferredFormat() int16 { return pgtype.BinaryFormatCode }

// PlanEncode accepts every orb type, *orb.Geometry, and nothing else.
func (codec) PlanEncode(_ *pgtype.Map, _ uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(*orb.Geometry); ok {
		return derefPlan{encodePlan{format: format}}
	}
	if _, ok := value.(orb.Geometry); !ok || pointsToGeometry(value) {
		return nil
	}
	return encodePlan{format: format}
}

// pointsToGeometry tells the pointers to orb types: Go lets them satisfy
// orb.Geometry, but pgx must follow them first.
func pointsToGeometry(value any) bool {
	switch value.(type) {
	case *orb.Point, *orb.MultiPoint, *orb.LineString, *orb.MultiLineString, *orb.Ring,
		*orb.Polygon, *orb.MultiPolygon, *orb.Bound, *orb.Collection:
		return true
	}
	return false
}

type encodePlan struct{ format int16 }

func (p encodePlan) Encode(value any, buf []byte) ([]byte, error) {
	b, err := encode(value.(orb.Geometry))
	if err != nil {
		return nil, err
	}
	if p.format == pgtype.TextFormatCode {
		return hex.AppendEncode(buf, b), nil
	}
	return append(buf, b...), nil
}

// derefPlan follows a pointer to the interface, which pgx cannot plan for: it
// plans by type, with a zero value, and here that is nil.
type derefPlan struct{ next encodePlan }

func (p derefPlan) Encode(value any, buf []byte) ([]byte, error) {
	g := *value.(*orb.Geometry)
	if g == nil {
		return nil, nil
	}
	return p.next.Encode(g, buf)
}

// PlanScan accepts pointers to the seven types PostGIS shares with orb and to
// orb.Geometry; pgx adds pointers to pointers, for NULL.
func (codec) PlanScan(_ *pgtype.Map, _ uint32, format int16, target any) pgtype.ScanPlan {
	switch target.(type) {
	case *orb.Geometry:
		return scanPlan[orb.Geometry]{format}
	case *orb.Point:
		return scanPlan[orb.Point]{format}
	case *orb.MultiPoint:
		return scanPlan[orb.MultiPoint]{format}
	case *orb.LineString:
		return scanPlan[orb.LineString]{format}
	case *orb.MultiLineString:
		return scanPlan[orb.MultiLineString]{format}
	case *orb.Polygon:
		return scanPlan[orb.Polygon]{format}
	case *orb.MultiPolygon:
		return scanPlan[orb.MultiPolygon]{format}
	case *orb.Collection:
		return scanPlan[orb.Collection]{format}
	}
	return nil
}

type scanPlan[T orb.Geometry] struct{ format int16 }

// Scan sets *dst, or leaves it alone and says why not. NULL gives a nil
// interface or slice; a Point has no nil, so NULL there is an error.
func (p scanPlan[T]) Scan(src []byte, dst any) error {
	var zero T
	if src == nil {
		if _, ok := dst.(*orb.Point); ok {
			return fmt.Errorf("pgorb: cannot scan NULL into %T, use **orb.Point", dst)
		}
		*dst.(*T) = zero
		return nil
	}
	g, err := decodeFormat(p.format, src)
	if err != nil {
		return err
	}
	value, ok := g.(T)
	if !ok {
		return fmt.Errorf("pgorb: cannot scan a %s into %T", g.GeoJSONType(), dst)
	}
	*dst.(*T) = value
	return nil
}

func decodeFormat(format int16, src []byte) (orb.Geometry, error) {
	if format == pgtype.BinaryFormatCode {
		return decode(src)
	}
	b := make([]byte, hex.DecodedLen(len(src)))
	if _, err := hex.Decode(b, src); err != nil {
		return nil, fmt.Errorf("pgorb: decode text EWKB: %w", err)
	}
	return decode(b)
}

// DecodeValue gives rows.Values and scans into *any an orb.Geometry.
func (codec) DecodeValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (any, error) {
	if src == nil {
		return nil, nil
	}
	return decodeFormat(format, src)
}

// DecodeDatabaseSQLValue gives database/sql the hexadecimal EWKB, unread: it
// has no notion of a geometry.
func (codec) DecodeDatabaseSQLValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (driver.Value, error) {
	if src == nil {
		return nil, nil
	}
	if format == pgtype.BinaryFormatCode {
		return hex.EncodeToString(src), nil
	}
	return string(src), nil
}
