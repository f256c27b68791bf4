package geo

import (
	"strconv"

	"github.com/paulmach/orb"
)

// Reason says in one stable English word why a geometry or a file was
// refused. Programs switch on it; the sentence shown to people is made
// elsewhere, in their language.
type Reason string

// Reasons about one position.
const (
	MissingPosition   Reason = "missing_position"   // null, absent or empty coordinates
	NotANumber        Reason = "not_a_number"       // a string, NaN or a number too large for a float64
	WrongDimension    Reason = "wrong_dimension"    // not exactly two coordinates
	OutOfRange        Reason = "out_of_range"       // longitude beyond ±180 or latitude beyond ±90
	SwappedAxes       Reason = "swapped_axes"       // inside the territoire once latitude and longitude are exchanged
	Lambert93         Reason = "lambert93"          // metres of EPSG:2154 where degrees are expected
	OutsideTerritoire Reason = "outside_territoire" // beyond the surroundings of the territoire
)

// Reasons about the shape of an area.
const (
	EmptyGeometry        Reason = "empty_geometry"        // no ring, no part, or null
	TooFewPoints         Reason = "too_few_points"        // a ring of fewer than four positions
	UnclosedRing         Reason = "unclosed_ring"         // first and last positions differ
	ZeroArea             Reason = "zero_area"             // all positions on one line
	SelfIntersection     Reason = "self_intersection"     // a ring crosses or touches itself, At tells where
	CrossingRings        Reason = "crossing_rings"        // two rings cross or share a stretch of border
	HoleOutsideShell     Reason = "hole_outside_shell"    // a hole that is not in its polygon
	NestedHoles          Reason = "nested_holes"          // a hole inside another hole
	DisconnectedInterior Reason = "disconnected_interior" // holes that touch so as to cut the area in two
	OverlappingParts     Reason = "overlapping_parts"     // two parts of a multipolygon overlap
	TooSmall             Reason = "too_small"             // a sliver: less than Limit square metres
	TooWide              Reason = "too_wide"              // larger than any commune: more than Limit square kilometres
	TooManyVertices      Reason = "too_many_vertices"     // more than Limit positions
	TooLarge             Reason = "too_large"             // would need more than Limit hexagons
	CrossesAntimeridian  Reason = "crosses_antimeridian"  // wider than 180 degrees of longitude
)

// Reasons about hexagons.
const (
	InvalidCell       Reason = "invalid_cell"       // not the index of an H3 cell
	InvalidResolution Reason = "invalid_resolution" // outside the resolutions of H3
	RadiusTooLarge    Reason = "radius_too_large"   // a disk of more than Limit rings
)

// Reasons about JSON and files.
const (
	InvalidJSON         Reason = "invalid_json"         // not JSON, or something after its end
	InvalidText         Reason = "invalid_text"         // invalid UTF-8 or a NUL character
	DuplicateKey        Reason = "duplicate_key"        // the same member twice, letter case ignored
	UnknownKey          Reason = "unknown_key"          // a member that is not expected there
	MissingKey          Reason = "missing_key"          // an expected member is absent or empty
	WrongType           Reason = "wrong_type"           // another JSON type than expected
	TooDeep             Reason = "too_deep"             // arrays and objects nested beyond Limit
	UnsupportedGeometry Reason = "unsupported_geometry" // a geometry type that has no meaning there
	WrongCRS            Reason = "wrong_crs"            // a crs member other than WGS 84 lon/lat
	FileTooLarge        Reason = "file_too_large"       // more than Limit bytes
	TooManyFeatures     Reason = "too_many_features"    // more than Limit features
	TextTooLong         Reason = "text_too_long"        // more than Limit characters
	NullFeature         Reason = "null_feature"         // a feature that is null
	NoFeatures          Reason = "no_features"          // an empty collection
	DuplicateCode       Reason = "duplicate_code"       // two quartiers with one code
	DuplicateName       Reason = "duplicate_name"       // two quartiers with one name
	InvalidCode         Reason = "invalid_code"         // a code that is not 1 to 16 ASCII letters, digits, - or _
)

// AllReasons lists every Reason once, so that a table of sentences can be
// checked for completeness.
var AllReasons = []Reason{
	MissingPosition, NotANumber, WrongDimension, OutOfRange, SwappedAxes, Lambert93, OutsideTerritoire,
	EmptyGeometry, TooFewPoints, UnclosedRing, ZeroArea, SelfIntersection, CrossingRings, HoleOutsideShell,
	NestedHoles, DisconnectedInterior, OverlappingParts, TooSmall, TooWide, TooManyVertices, TooLarge, CrossesAntimeridian,
	InvalidCell, InvalidResolution, RadiusTooLarge,
	InvalidJSON, InvalidText, DuplicateKey, UnknownKey, MissingKey, WrongType, TooDeep, UnsupportedGeometry,
	WrongCRS, FileTooLarge, TooManyFeatures, TextTooLong, NullFeature, NoFeatures, DuplicateCode, DuplicateName,
	InvalidCode,
}

// Invalid is the one error type of geo and hexgrid for input that is refused.
type Invalid struct {
	Reason Reason
	// At is where, lon/lat degrees as received; nil when the reason has no place.
	At *orb.Point
	// Feature counts the features of a file from 1; 0 outside files.
	Feature int
	// Field is the JSON path at fault, such as "geometry.coordinates[0][3]"; "" when none.
	Field string
	// Value is the short text at fault (a code, a name, the name of a crs); "" when none.
	// It was written by the sender and must be escaped like any free text.
	Value string
	// Limit is the bound that was exceeded, in the unit of the reason; 0 when none.
	Limit int
}

// Error is for logs: it gives reason, feature, field and limit, never a
// position or a text of the sender.
func (e *Invalid) Error() string {
	s := "geo: " + string(e.Reason)
	if e.Feature > 0 {
		s += " in feature " + strconv.Itoa(e.Feature)
	}
	if e.Field != "" {
		s += " at " + e.Field
	}
	if e.Limit > 0 {
		s += " (limit " + strconv.Itoa(e.Limit) + ")"
	}
	return s
}

func invalid(r Reason) *Invalid { return &Invalid{Reason: r} }

func invalidAt(r Reason, p orb.Point) *Invalid { return &Invalid{Reason: r, At: &p} }
