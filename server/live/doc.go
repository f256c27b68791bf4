// Package live is the room of an atelier: operations enter one ordered log in
// PostgreSQL, and every reader of every server node sees that log, from any
// number on, without gaps. The rules are in docs/protocol.md.
//
// The package knows no transport: server/api turns requests into calls and
// subscriptions into server-sent events. It keeps nothing that PostgreSQL does
// not have; a room in memory is a copy that can be thrown away.
package live
