// Package tile knows Web Mercator tiles (z/x/y, XYZ scheme, y from the north)
// and writes hexagons with their counts as Mapbox Vector Tiles 2.1.
//
// The counts come from elsewhere; this package answers two questions. Which
// hexagons may a tile show? (Cover: ranges of cells, ready to look up in data
// sorted by cell.) And what are the bytes of a tile that shows these?
// (Encoder.)
//
// A general encoder spends its time on geometry that never changes: asking H3
// for boundaries, projecting and rounding. Here the outline of a cell is
// computed once, as integers in the finest tile grid there is; at any zoom it is
// then a shift, with the very same rounding as a projection made for that zoom,
// and has the same shape on each tile that shows it: its commands are kept as
// bytes, and a tile adds where it begins. These and covers are in caches whose
// size is fixed when they are made; a scan of random tiles can slow them, not
// grow them.
//
// Hexagons are never cut at the border of a tile: each tile that a hexagon
// touches, its buffer included, has it whole, so that outlines drawn in two
// tiles meet. On the antimeridian a hexagon is in the tiles of both sides.
//
// The package does no I/O and suppresses nothing but zeros: what may be shown to
// whom was decided before.
package tile
