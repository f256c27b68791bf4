package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// CheckPosition refuses what cannot be a longitude and a latitude in degrees:
// NotANumber, Lambert93 or OutOfRange.
func CheckPosition(p orb.Point) error {
	if err := checkPosition(p); err != nil {
		return err
	}
	return nil
}

func checkPosition(p orb.Point) *Invalid {
	for _, c := range p {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return invalid(NotANumber)
		}
	}
	if LooksLambert93(p) {
		return invalidAt(Lambert93, p)
	}
	if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
		return invalidAt(OutOfRange, p)
	}
	return nil
}

// LooksLambert93 says that p holds metres of EPSG:2154 (easting, northing)
// within metropolitan France, with the margins of its official domain:
// eastings 0 to 1 300 000 m, northings 6 000 000 to 7 200 000 m. Exchanged
// axes are recognised too.
func LooksLambert93(p orb.Point) bool {
	return lambert93(p[0], p[1]) || lambert93(p[1], p[0])
}

func lambert93(easting, northing float64) bool {
	return easting >= 0 && easting <= 1_300_000 && northing >= 6_000_000 && northing <= 7_200_000
}
