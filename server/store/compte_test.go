package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"quietude/server/atelier"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// administrators adds accounts that can sign in.
func administrators(t *testing.T, s *store.Store, territoire string, emails ...string) (all []atelier.Compte) {
	t.Helper()
	for _, email := range emails {
		c, err := s.AddCompte(t.Context(), atelier.Compte{Territoire: territoire, Email: email, Nom: "Camille Essai", Role: "admin", Password: "x"})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// TestAdministratorsLeaveOne: two administrators who close each other's accounts, or give
// each other another role, at the same moment leave one, and every line of the log says
// what was done.
func TestAdministratorsLeaveOne(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	city := pgtest.Territoire(t, pool)
	acts := []func(*store.Store, context.Context, atelier.Compte) error{
		func(s *store.Store, ctx context.Context, c atelier.Compte) error {
			return s.DisableCompte(ctx, c, true, atelier.AccountClosed.About(c))
		},
		func(s *store.Store, ctx context.Context, c atelier.Compte) error {
			return s.SetRole(ctx, c, "dpo", atelier.RoleChanged.About(c))
		},
	}
	s := store.New(pool)
	for round := range 20 {
		if _, err := pool.Exec(t.Context(), "delete from compte"); err != nil {
			t.Fatal(err)
		}
		two := administrators(t, s, city.Code, "ali@exemple.fr", "lou@exemple.fr")
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, c := range two {
			both.Go(func() { errs[i] = acts[round>>i&1](s, t.Context(), c) })
		}
		both.Wait()
		if left := pgtest.Count(t, pool, "select count(*) from compte where role = 'admin' and disabled_at is null"); left != 1 {
			t.Fatalf("%d administrators are left; %v", left, errs)
		}
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("one of two is refused: %v", errs)
		}
	}
	if lines := pgtest.Count(t, pool, "select count(*) from journal.connexion"); lines != 20 {
		t.Errorf("%d lines for 20 changes", lines)
	}
}

// TestLastAdministratorIsWhoIsNow: whether an account is the last that administers is
// decided by what it is at that moment, not by what somebody read before; an
// administrator who has never come counts for nothing.
func TestLastAdministratorIsWhoIsNow(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	city := pgtest.Territoire(t, pool)
	s := store.New(pool)
	all := administrators(t, s, city.Code, "ali@exemple.fr", "lou@exemple.fr")
	first, second := all[0], all[1]
	if err := s.SetRole(t.Context(), second, "police", atelier.RoleChanged.About(second)); err != nil {
		t.Fatal(err)
	}
	read, err := s.Compte(t.Context(), city.Code, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	// Somebody else makes the account that was just read the only one that administers.
	for _, change := range []struct {
		of   atelier.Compte
		role string
	}{{second, "admin"}, {first, "dpo"}} {
		if err := s.SetRole(t.Context(), change.of, change.role, atelier.RoleChanged.About(change.of)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.AddCompte(t.Context(), atelier.Compte{Territoire: city.Code, Email: "invitee@exemple.fr", Nom: "Camille Essai", Role: "admin"}); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"close":        s.DisableCompte(t.Context(), read, true, atelier.AccountClosed.About(read)),
		"another role": s.SetRole(t.Context(), read, "dpo", atelier.RoleChanged.About(read)),
	} {
		if err == nil || !strings.Contains(err.Error(), "dernier_administrateur") {
			t.Errorf("%s: %v", what, err)
		}
	}
	// The line says what the role was, whatever had been read.
	var before string
	if err := pool.QueryRow(t.Context(), "select details->>'avant' from journal.connexion where details->>'apres' = 'admin'").Scan(&before); err != nil || before != "police" {
		t.Errorf("the role was %q, %v", before, err)
	}
}
