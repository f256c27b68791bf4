// Package analysis answers what police and planners ask of a territoire: when,
// where, is it more than chance. It keeps the signalements and the voices of a
// territoire as plain columns in memory (Ledger), in step with PostgreSQL, and
// puts the methods of geo/hexstat over them.
//
// A filter keeps a share of each signalement: one whose hour is known to within
// the filter counts wholly or not at all, one that « happened between 20 h and
// 2 h » counts for the part of that time that the filter keeps (aoristic weights,
// method 8). The strip, the months, the themes and the hexagons of one answer
// come from one pass over the same rows, so their totals are equal.
//
// What is heavy takes a context and tells how far it is; server/work runs it and
// keeps its result under the View's Revision.
//
// The package knows no transport, no role and no text, and applies no
// publication threshold: its figures are for those who may see them.
package analysis
