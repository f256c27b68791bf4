// Package atelier is the domain: quartiers, ateliers and their tables, the
// residents' markers, the signalements, and the rules that hold between them.
// It does no I/O: values in, values or faults out. Positions are lon/lat
// degrees, EPSG:4326, snapped to 1e-7.
package atelier
