// Package geo knows coordinates: axis order, extents, the validity of what
// people draw and of what a city imports, and which quartier holds a position.
//
// Everything is lon/lat degrees, EPSG:4326, in orb types; metres appear only
// where a name says so. The package is pure: values in, values out. It opens
// no file, knows no database and no transport, and writes no sentence for
// people: what it refuses is an *Invalid, whose Reason others translate.
package geo
