package pgorb

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"quietude/geo/geomconv"
)

// ErrNotFinite says that a coordinate is NaN or infinite. PostGIS would store
// it, and every later distance, tile and hexagon would be wrong or fail.
//
// It is the last line of defence: pgx quotes the refused value in the error it
// wraps around this one, and in CopyFrom sends it to the server's log, so what
// people send has to be refused before it comes here.
var ErrNotFinite = errors.New("pgorb: coordinate is NaN or infinite")

// SRIDError says that a geometry came in another coordinate system than 4326.
type SRIDError struct{ SRID int }

func (e *SRIDError) Error() string {
	return fmt.Sprintf("pgorb: SRID %d, want %d", e.SRID, SRID)
}

// encode writes g as little-endian EWKB stamped 4326. g is not nil.
func encode(g orb.Geometry) ([]byte, error) {
	t, err := geomconv.ToGeom(g)
	if err != nil {
		return nil, err
	}
	if err := checkFinite(t); err != nil {
		return nil, err
	}
	if t, err = geom.SetSRID(t, SRID); err != nil {
		return nil, fmt.Errorf("pgorb: stamp SRID: %w", err)
	}
	b, err := ewkb.Marshal(t, ewkb.NDR)
	if err != nil {
		return nil, fmt.Errorf("pgorb: encode EWKB: %w", err)
	}
	return b, nil
}

// decode reads one EWKB of either byte order, all of src. SRID 0, "unknown",
// passes: that is what PostGIS gives a geometry computed without one.
func decode(src []byte) (orb.Geometry, error) {
	r := bytes.NewReader(src)
	t, err := ewkb.Read(r)
	if err != nil {
		return nil, fmt.Errorf("pgorb: decode EWKB: %w", err)
	}
	if r.Len() != 0 {
		return nil, fmt.Errorf("pgorb: %d bytes after the geometry", r.Len())
	}
	if srid := t.SRID(); srid != SRID && srid != 0 {
		return nil, &SRIDError{SRID: srid}
	}
	if err := checkFinite(t); err != nil {
		return nil, err
	}
	return geomconv.ToOrb(t)
}

func checkFinite(t geom.T) error {
	if gc, ok := t.(*geom.GeometryCollection); ok {
		for _, member := range gc.Geoms() {
			if err := checkFinite(member); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range t.FlatCoords() {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return ErrNotFinite
		}
	}
	return nil
}
