// Package hexmap keeps in the memory of a node what every map asks for: the
// quartiers of each territoire (Places), and its markers and signalements as
// columns ready to be counted per hexagon (Maps). PostgreSQL stays the truth;
// all of it can be thrown away and read again.
//
// Maps holds a mirror of each territoire that is asked for (mirror.go), which reads
// everything once and then what has changed, gives identifiers the numbers that
// columns hold (numbers.go, people.go, clock.go), and shows a View of one moment
// (view.go) to whoever asks. What other nodes write it hears of (news.go) or finds.
//
// The package knows no transport, applies no publication threshold and keeps
// no text.
package hexmap
