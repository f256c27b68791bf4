package atelier

import "github.com/paulmach/orb"

// Territoire is a commune that uses the service.
type Territoire struct {
	Code   string // INSEE
	Nom    string
	Fuseau string // IANA time zone in which hours and days are read
	// Emprise is the bounding box of the quartiers enlarged by the
	// surroundings; a position outside it is refused.
	Emprise   orb.Bound
	Demo      bool
	Quartiers int
}

// Quartier is an official quartier; quartiers of a territoire don't overlap.
type Quartier struct {
	Territoire string
	Code       string
	Nom        string
	NomCourt   string
	Geom       orb.MultiPolygon
}
