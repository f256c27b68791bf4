// Package importer brings files into the database: the shipped data of
// Chambéry, the quartiers of another city, and signalements kept elsewhere as
// CSV. It reads as a stream, checks every row, and writes all or nothing in one
// transaction. It sends nothing anywhere and keeps no file.
//
// What it refuses is a fault with a French sentence that names the line or the
// feature; positions are lon/lat degrees, EPSG:4326.
package importer
