// Package pgorb makes orb geometries native parameters and results of pgx: a
// PostGIS geometry or geography, alone, NULL or in an array, in queries and in
// CopyFrom, in both wire formats.
//
// Coordinates are longitude then latitude, degrees, EPSG:4326. This package is
// the only place that writes that SRID, and it refuses any other on the way
// back: columns in metres are transformed inside SQL. It also refuses NaN,
// infinities, heights and measures, both ways. It does not judge validity or
// extent.
package pgorb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// SRID is the only coordinate system that crosses this package: longitude and
// latitude on WGS 84, in degrees.
const SRID = 4326

// ErrNoPostGIS says that no type geometry is visible from the search_path of
// the connection.
var ErrNoPostGIS = errors.New("pgorb: type geometry not found: is the postgis extension created, in a schema of the search_path?")

// registration finds the types by name: an extension's OIDs differ from one
// database to the next, and to_regtype follows the search_path. PostGIS
// separates array elements with ':', not ',', hence typdelim.
const registration = `
SELECT typname, oid, typarray, ascii(typdelim::text)
FROM pg_catalog.pg_type
WHERE oid IN (to_regtype('geometry'), to_regtype('geography'))`

// Register teaches conn the types geometry and geography and their arrays.
// Give it to pgxpool.Config.AfterConnect. It costs one query; it returns
// ErrNoPostGIS when the database, or its search_path, lacks PostGIS.
func Register(ctx context.Context, conn *pgx.Conn) error {
	var (
		name              string
		element, array    uint32
		delimiter         int32
		foundGeometryType bool
	)
	rows, err := conn.Query(ctx, registration)
	if err != nil {
		return fmt.Errorf("pgorb: look up types: %w", err)
	}
	types := conn.TypeMap()
	_, err = pgx.ForEachRow(rows, []any{&name, &element, &array, &delimiter}, func() error {
		foundGeometryType = foundGeometryType || name == "geometry"
		t := &pgtype.Type{Name: name, OID: element, Codec: codec{}}
		types.RegisterType(t)
		types.RegisterType(&pgtype.Type{
			Name:  "_" + name,
			OID:   array,
			Codec: &pgtype.ArrayCodec{ElementType: t, Delimiter: byte(delimiter)},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("pgorb: look up types: %w", err)
	}
	if !foundGeometryType {
		return ErrNoPostGIS
	}
	return nil
}
