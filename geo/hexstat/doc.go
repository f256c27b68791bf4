// Package hexstat holds the statistics of a quartier seen as hexagons: how many
// residents agree, where they agree beyond chance, what changed, when it
// happens, and how sure one may be of each answer.
//
// Everything is a pure function: values in, values out, no I/O, no clock, no
// global state. What draws at random takes a seed and uses PCG, so that the
// same call gives the same answer on every machine. What may last takes a
// context and stops soon after it ends.
//
// Hexagons are an index space: hexagon i is entry i of every slice. Who is
// beside whom is a [Neighbours], and where each hexagon lies on the hexagonal
// lattice is an [Axial] coordinate. Only the methods that move footprints need
// the coordinates.
//
// The unit is the resident, not the marker. u and s are numbers of distinct
// people ("voices"): one person counts once per hexagon and kind. Counting
// markers instead makes false hot spots: see [GiStar] for the measured figures.
//
// What cannot be computed is a [Result] without a value and with a [Reason].
// No function of this package returns NaN or an infinity, whatever it is given.
//
// The package refuses to rank quartiers by raw counts, to score persons and to
// predict.
package hexstat
