// Package comparison makes the figures of the planners' pages from the rows of
// the store: the portrait of a quartier, what changed between two ateliers or
// periods, before and after at a place, one quartier beside the others.
//
// The unit is the person. A resident counts once per hexagon and kind; a
// signalement whose reporter is not known counts as a person of its own, and
// how many there were is said beside the figure, since the interval is then too
// narrow. Pseudonyms differ from one atelier to the next: who came twice is
// counted twice.
//
// The package draws no conclusion that geo/hexstat does not draw, ranks nothing
// and knows neither transport nor SQL.
package comparison
