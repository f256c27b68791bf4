// Command bench measures the program end to end, beside the alternative that it
// was written to beat, in the same run and on the same database:
//
//	go run ./server/bench -rows 1000000
//
// It starts a private PostgreSQL with the durable settings of service in a
// temporary folder, fills it with an imaginary city (hexcubetest), and serves it
// twice: by the real handler over loopback, and by a minimal gin handler that
// has PostGIS group an indexed H3 column into the same tiles. What needs no
// database is asked of 10 million rows made in memory. Both are asked in
// turn, round by round, by four connections. The last lines are
//
//	bench NAME VALUE
//
// The folder is removed at the end. Nothing but loopback is used.
package main
