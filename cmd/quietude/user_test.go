package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestUserCommands goes through what an operator does about accounts, as typed, and
// what the log of access says of it.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	city := pgtest.Territoire(t, pool)
	s := store.New(pool)
	if err := s.PutOrganisation(t.Context(), atelier.Organisation{Territoire: city.Code, ID: uuid.New(), Nom: "Habitat d’essai", Kind: "bailleur"}); err != nil {
		t.Fatal(err)
	}
	run := func(code int, says string, args ...string) {
		t.Helper()
		var out, errs bytes.Buffer
		p := testProgram(&out, &errs)
		p.durable = func(context.Context, *pgx.Conn) error { return nil } // this one runs without fsync
		got := p.main(append(append([]string{"user"}, args...), "--database-url", pool.Config().ConnString()))
		if text := out.String() + errs.String(); got != code || !strings.Contains(text, says) {
			t.Errorf("user %s: exit %d, want %d with %q:\n%s", strings.Join(args, " "), got, code, says, text)
		}
	}
	run(0, "/acces#", "add", "chef@exemple.fr", "--nom", "Chef Seul", "--role", "admin")
	run(0, "/acces#", "add", "lou@exemple.fr", "--nom", "Lou Essai", "--role", "police")
	run(1, "existe déjà", "add", "lou@exemple.fr", "--nom", "Lou", "--role", "dpo")
	run(2, "role", "role", "lou@exemple.fr", "habitant")
	run(2, "Aucun compte", "role", "personne@exemple.fr", "dpo")
	run(1, "dernier compte d’administration", "role", "chef@exemple.fr", "dpo")
	run(1, "dernier compte d’administration", "disable", "chef@exemple.fr")
	run(0, "le rôle bailleur", "role", "lou@exemple.fr", "bailleur")
	run(2, "il y a : « Habitat d’essai »", "organisation", "lou@exemple.fr", "Habitat inconnu")
	run(2, "Aucun compte", "organisation", "personne@exemple.fr", "Habitat d’essai")
	run(0, "répond pour", "organisation", "lou@exemple.fr", "habitat d’essai")
	run(0, "Habitat d’essai", "list")
	run(0, "pour aucune", "organisation", "lou@exemple.fr")
	run(0, "plus de second facteur", "factor", "lou@exemple.fr")
	run(0, "fermé", "disable", "lou@exemple.fr")
	run(0, "ouvert", "enable", "lou@exemple.fr")
	run(0, "Jeton", "token", "QGIS", "--scope", "hexagones")
	var log string
	if err := pool.QueryRow(t.Context(), "select string_agg(evenement || ' ' || nom, ', ' order by at) from journal.connexion where par_nom = 'ligne de commande'").Scan(&log); err != nil {
		t.Fatal(err)
	}
	if want := "compte_cree Chef Seul, compte_cree Lou Essai, role_change Lou Essai, organisation_changee Lou Essai, organisation_changee Lou Essai, " +
		"second_facteur_retire Lou Essai, compte_ferme Lou Essai, compte_rouvert Lou Essai, jeton_cree QGIS"; log != want {
		t.Errorf("the log has %s,\nwant %s", log, want)
	}
}
