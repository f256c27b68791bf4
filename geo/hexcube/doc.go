// Package hexcube keeps the signalements and the voices of one territoire as
// columns in memory and answers the question behind every map: for this
// filter, how many in each hexagon?
//
// # Why columns, and why bitmaps
//
// A filter (theme × hours × period × felt) makes a new map of the city, so no
// answer can be prepared in advance. What can be prepared is the order: rows
// are sorted by H3 cell, then quartier, then time, so that a tile is a few
// contiguous ranges, a quartier a few runs, and a period a slice of each.
// Inside a range the filter is a boolean expression over bitmaps (one for each
// theme, one for each binary digit of the weekday and of the hour) that answers
// 64 rows with a few machine instructions; a count is a population count. A row
// is looked at by itself only to tell its contributor from others, and only if
// that person has more to say in the same hexagon (voices.go).
//
// # Two levels
//
// Unfiltered answers come from totals kept for each resolution. Everything
// else is scanned. Totals and scans use the same code to count a hexagon, so
// they cannot disagree.
//
// # Three shelves
//
// Signalements, unsafe markers and safe markers live on three shelves. They
// are never counted together, and a filter on what was felt then costs
// nothing: it chooses shelves.
//
// # What counts
//
//   - A marker counts once, at the row that has Anchor; a signalement counts at
//     its only row. These counts are additive: a parent is the sum of its
//     children.
//   - A voice is one person in one hexagon for one felt: a zone gives its author
//     a voice in every cell of its footprint, and ten markers of one person in
//     a hexagon are one voice. Voices are not additive; a parent has at most as
//     many as its children together.
//   - An anonymous signalement is a report but not a voice.
//
// # Reading while writing
//
// A Snapshot never changes. A Cube swaps its snapshot atomically: each Apply
// adds a thin layer of new rows and marks older rows dead, layers are merged as
// they pile up, and the large first layer is rewritten in the background.
// Readers never wait for writers. The first to ask a new snapshot for totals
// counts the hexagons that changed; those who ask meanwhile wait for it.
//
// # Memory
//
// A signalement takes 31 bytes and two bits for up to three origins, a row of a
// marker 35 (36 where hours are known), two more where somebody repeats themselves
// within five square kilometres (neighbours.go), a cell with rows 16 on each shelf
// and 40 for each resolution's total: in all 34 bytes a row for 10 million rows of
// a large city, 38 for 1 million. Building takes about twice that for a moment, and
// so does a merge of the first layer.
//
// # Words
//
// A shelf holds the rows of one felt as columns. Those of one cell and quartier are
// a segment of it, segments that follow each other a run. A layer is the shelves
// that were built at once, and which of their rows are dead: replaced or removed
// since. A plan is a filter as operations on bitmaps. A cursor asks it of one
// shelf, a scan moves the cursors of all layers from hexagon to hexagon, and a
// tally is what the hexagon at hand counts to. A total is such a count, without a
// filter, that is kept.
//
// # Where to begin
//
// What goes in is in row.go, what may be asked in query.go, and the two meet in
// snapshot.go; the example shows them. A question that totals.go has no answer to
// becomes a plan (plan.go, sliced.go, bitmap.go) that a scan (scan.go) asks of the
// columns (shelf.go) through a cursor (cursor.go) for each shelf, hexagon by hexagon
// (tally.go), without counting anybody twice (voices.go, people.go, neighbours.go).
// Rows are put on shelves by a Builder (builder.go, draft.go, segments.go); later ones
// arrive in layers (cube.go, layer.go, index.go), and history.go knows where.
//
// The package does no I/O, knows no clock and holds no text: who a contributor
// is, which quartier has which number and when to load a territoire are its
// caller's affair. It applies no publication threshold: its counts are for
// those who may see them, and package edition decides what may leave.
package hexcube
