package store

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Nodes tell each other what they have written by NOTIFY: « node name name … ».
// A notification belongs to no transaction of the rooms: PostgreSQL holds one lock
// of the whole database from NOTIFY to the end of its commit, and all commits
// would wait for each other. None is relied upon: what one lost is found by a
// regular look at the database.
const (
	roomsChannel     = "quietude_room"
	hexagonesChannel = "quietude_hexagones"
)

// WakeRooms tells the other nodes that rooms have grown.
func (s *Store) WakeRooms(ctx context.Context, node string, rooms []uuid.UUID) error {
	names := make([]string, len(rooms))
	for i, id := range rooms {
		names[i] = id.String()
	}
	return s.notify(ctx, roomsChannel, node, names)
}

// WakeHexagones tells the other nodes that markers or signalements of some
// territoires have changed.
func (s *Store) WakeHexagones(ctx context.Context, node string, territoires []string) error {
	return s.notify(ctx, hexagonesChannel, node, territoires)
}

func (s *Store) notify(ctx context.Context, channel, node string, names []string) error {
	// A payload has at most 8,000 bytes.
	for some := range slices.Chunk(names, 200) {
		if _, err := s.pool.Exec(ctx, statement("notify"), notification(channel, node, some...)); err != nil {
			return translate(err)
		}
	}
	return nil
}

func notification(channel, node string, names ...string) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"channel": channel, "payload": node + " " + strings.Join(names, " ")}
}

// ListenRooms calls ready once it hears, then heard for each room that a node
// has written to, until ctx ends or the connection is lost: then it returns the
// error, and what was written meanwhile was not heard.
func (s *Store) ListenRooms(ctx context.Context, ready func(), heard func(id uuid.UUID, node string)) error {
	return s.listen(ctx, "listen_rooms", ready, func(name, node string) {
		if id, err := uuid.Parse(name); err == nil {
			heard(id, node)
		}
	})
}

// ListenHexagones is ListenRooms for the territoires whose markers or
// signalements a node has changed.
func (s *Store) ListenHexagones(ctx context.Context, ready func(), heard func(territoire, node string)) error {
	return s.listen(ctx, "listen_hexagones", ready, heard)
}

func (s *Store) listen(ctx context.Context, name string, ready func(), heard func(name, node string)) error {
	pooled, err := s.pool.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	// The connection gets a state of its own (LISTEN): it does not go back.
	conn := pooled.Hijack()
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, statement(name)); err != nil {
		return translate(err)
	}
	ready()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		node, names, _ := strings.Cut(n.Payload, " ")
		for _, name := range strings.Fields(names) {
			heard(name, node)
		}
	}
}
