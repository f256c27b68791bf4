package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestNodesHearEachOther: whoever wrote and what it was about arrive as they were
// told, however many at once, and an erasure is heard like any other write.
func TestNodesHearEachOther(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	a := pgtest.Atelier(t, pool)
	m := pgtest.Marker(t, pool, a)
	s := store.New(pool)
	type word struct{ what, node string }
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	listening, heard := make(chan struct{}, 2), make(chan word, 1000)
	ready := func() { listening <- struct{}{} }
	go func() {
		_ = s.ListenRooms(ctx, ready, func(id uuid.UUID, node string) { heard <- word{id.String(), node} })
	}()
	go func() {
		_ = s.ListenHexagones(ctx, ready, func(territoire, node string) { heard <- word{territoire, node} })
	}()
	<-listening
	<-listening
	hears := func(node string, want ...string) {
		t.Helper()
		var got []string
		for range want {
			w := <-heard
			if w.node != node {
				t.Errorf("heard of %q, want %q", w.node, node)
			}
			got = append(got, w.what)
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
	}
	rooms := make([]uuid.UUID, 500)
	names := make([]string, len(rooms))
	for i := range rooms {
		rooms[i] = uuid.New()
		names[i] = rooms[i].String()
	}
	node := uuid.NewString()
	if err := s.WakeRooms(ctx, node, rooms); err != nil {
		t.Fatal(err)
	}
	hears(node, names...)
	if err := s.WakeHexagones(ctx, node, []string{pgtest.Chambery, "38185"}); err != nil {
		t.Fatal(err)
	}
	hears(node, pgtest.Chambery, "38185")
	if n, err := s.EraseParticipant(ctx, a.Territoire, a.ID, m.Author, node, "habitant"); n != 1 || err != nil {
		t.Fatalf("%d markers erased, %v", n, err)
	}
	hears(node, a.ID.String())
}
