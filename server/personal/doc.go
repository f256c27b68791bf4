// Package personal finds, in what residents write, the passages that may say
// who a person is or where they live: names, plates, telephone numbers,
// addresses of electronic mail, door numbers, links.
//
// It decides nothing: a text that it finds nothing in is still held until
// somebody has read it. What it finds is shown to that reader, so it prefers
// one passage too many to one too few, yet leaves alone what residents need to
// name: streets, quartiers, hours, bus lines, distances.
//
// It works on this machine, with rules and lists that are all in this package;
// no text leaves the process. It does no I/O and is safe for concurrent use.
//
// Its limit, to be known by who relies on it: a family name alone, without a
// first name, a title or a word of kinship beside it, looks like any other word.
package personal
