// Package roomtest tries the live room from outside, as a device sees it: a
// client written from openapi.yaml and docs/protocol.md alone, a journal of
// what each device asked and was told, and a checker that holds that journal
// against the log afterwards.
//
// The client shares no type with the server: a mistake made once in a shared
// type would be made on both sides and seen on neither. It is for tests and
// for the measurements of docs/performance-room.md.
package roomtest
