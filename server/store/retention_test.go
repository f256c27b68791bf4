package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// machinery are tables that hold nothing of a city.
var machinery = []string{"goose_db_version", "spatial_ref_sys"}

// TestEveryTableHasARetention: a table without a line of atelier.Retentions
// fails, so that what a new one keeps is decided before it is kept.
func TestEveryTableHasARetention(t *testing.T) {
	t.Parallel()
	rows, err := pgtest.Pool(t).Query(t.Context(), `select case schemaname when 'public' then tablename else schemaname || '.' || tablename end
		from pg_tables where schemaname not in ('pg_catalog', 'information_schema', 'topology', 'tiger', 'river', 'jobs') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range atelier.Retentions {
		for _, table := range r.Tables {
			known[table] = true
		}
	}
	for _, table := range tables {
		switch {
		case known[table]:
			delete(known, table)
		case slices.Contains(machinery, table) || strings.HasPrefix(table, "river_"):
		default:
			t.Errorf("%s has no retention: give it a line in server/atelier/retention.go", table)
		}
	}
	for table := range known {
		t.Errorf("%s has a retention and is no table", table)
	}
}

// aging is how a thing that is kept for a time comes to be, and what is left of
// it. $1 is when it came to be, $2 its number: texts of that number are made of it.
type aging struct{ add, held string }

const agedAtelier = `with a as (insert into atelier (territoire, id, quartier, kind, titre, starts_at, closes_at)
	values ('73065', md5('atelier' || $2::text)::uuid, 'HC', 'atelier', 'Atelier', $1::timestamptz - interval '3 hours', $1) returning id),
	s as (insert into atelier_table (territoire, atelier, numero, code) select '73065', id, 1, 'ABCD234' || $2::text from a),
	p as (insert into participant (territoire, atelier, id, numero, rang) select '73065', id, md5('personne' || $2::text)::uuid, 1, 1 from a) `

const agedMarker = agedAtelier + `insert into marker (territoire, atelier, id, participant, numero, quartier, felt, geom, anchor, cell, note, attribute_seqs, added_seq, geometry_seq, existence_seq, seq)
	select '73065', id, md5('marker' || $2::text)::uuid, md5('personne' || $2::text)::uuid, 1, 'HC', 'unsafe', st_setsrid(st_makepoint(5.91, 45.58), 4326),
	st_setsrid(st_makepoint(5.91, 45.58), 4326), %d, 'un mot', '{}', 1, 1, 1, 1 from a`

const agedOperation = agedAtelier + `insert into operation (territoire, atelier, seq, id, kind, marker, role, body, digest)
	select '73065', id, 1, gen_random_uuid(), 'add', gen_random_uuid(), 'habitant', '{"attributes":{"note":"un mot"}}', '\x01' from a`

const agedSignalement = `insert into signalement (territoire, id, geom, cell, theme, occurred_from, occurred_to, origin, note, received_at)
	values ('73065', md5('signalement' || $2::text)::uuid, st_setsrid(st_makepoint(5.91, 45.58), 4326), %d, 'BRU', $1, $1, 'habitant', 'un mot', $1)`

const agedReporter = `with s as (` + agedSignalement + ` returning id)
	insert into contact.reporter (territoire, id, signalement, email, agreed_at) select '73065', md5('auteur' || $2::text)::uuid, id, 'a@exemple.fr', $1 from s`

const agedFollower = agedAtelier + `insert into contact.follower (territoire, atelier, id, numero, code, email, confirm, email_at, created_at)
	select '73065', id, md5('suivi' || $2::text)::uuid, 1, 'CODE%%0000000' || $2::text, 'a@exemple.fr', 'mot' || $2::text, $1, `

// agings has one for each table of each line that ends.
func agings() map[string]aging {
	const cell = 0x8b1f9d4a1b2cfff // any of resolution 11
	marker, signalement := fmt.Sprintf(agedMarker, cell), fmt.Sprintf(agedSignalement, cell)
	follower := strings.ReplaceAll(agedFollower, "%%", "")
	action := `insert into action (territoire, id, quartier, code, titre, state) values ('73065', md5('action' || $2::text)::uuid, 'HC', 'TEC', 'Titre', 'planned')`
	return map[string]aging{
		"texts marker":      {marker, `select count(*) from marker where note is not null`},
		"texts signalement": {signalement, `select count(*) from signalement where note is not null`},
		"texts remark": {agedAtelier + `insert into remark (territoire, atelier, id, participant, numero, question, texte, added_seq, seq)
			select '73065', id, gen_random_uuid(), md5('personne' || $2::text)::uuid, 1, 'troubles', 'un mot', 1, 1 from a`, `select count(*) from remark`},
		"texts operation":       {agedOperation, `select count(*) from operation where body::text like '%un mot%'`},
		"positions marker":      {marker, `select count(*) from marker where not coarse`},
		"positions signalement": {signalement, `select count(*) from signalement where not coarse`},
		"links operation":       {agedOperation, `select count(*) from operation where kind <> 'forgotten'`},
		"links participant_link": {agedAtelier + `insert into participant_link (territoire, atelier, code, participant, expires_at, used_by)
			select '73065', id, 'LIEN' || $2::text, md5('personne' || $2::text)::uuid, $1, gen_random_uuid() from a`, `select count(*) from participant_link`},
		"links late_operation": {agedAtelier + `insert into late_operation (territoire, atelier, id, numero, kind)
			select '73065', id, gen_random_uuid(), 1, 'add' from a`, `select count(*) from late_operation`},
		"contacts contact.reporter": {fmt.Sprintf(agedReporter, cell), `select count(*) from contact.reporter`},
		"contacts contact.invitation": {strings.Replace(agedAtelier, "with a", "with sig as ("+signalement+" returning id), r as (insert into contact.reporter (territoire, id, signalement, email, agreed_at) select '73065', md5('auteur' || $2::text)::uuid, id, 'a@exemple.fr', $1 from sig), a", 1) +
			`insert into contact.invitation (territoire, atelier, id, reporter, code, channel) select '73065', id, gen_random_uuid(), md5('auteur' || $2::text)::uuid, 'INVIT' || $2::text, 'email' from a`,
			`select count(*) from contact.invitation`},
		"followers contact.follower": {follower + `$1 from a`, `select count(*) from contact.follower`},
		"followers action_voice": {strings.Replace(follower, "insert into contact.follower", `, x as (`+action+`), f as (insert into contact.follower`, 1) + `$1 from a)
			insert into action_voice (territoire, action, atelier, follower, done_on, better) select '73065', md5('action' || $2::text)::uuid, id, md5('suivi' || $2::text)::uuid, '2026-01-01', true from a`,
			`select count(*) from action_voice`},
		"unconfirmed contact.follower": {follower + `now() from a`, `select count(*) from contact.follower where email <> ''`},
		"authors moderation": {`insert into moderation (territoire, id, objet, objet_id, champ, action, digest, role, auteur, at)
			values ('73065', md5('decision' || $2::text)::uuid, 'action', gen_random_uuid(), 'titre', 'publish', '\x01', 'animateur', 'Camille', $1)`, `select count(*) from moderation where auteur <> ''`},
		"authors suivi_decision": {`with x as (` + action + `) insert into suivi_decision (territoire, action, id, shown, digest, role, auteur, at)
			values ('73065', md5('action' || $2::text)::uuid, gen_random_uuid(), false, '', 'animateur', 'Camille', $1)`, `select count(*) from suivi_decision where auteur <> ''`},
		"authors organisation_link":     {agedLink(`$1, 'Camille', now() + interval '1 day'`), `select count(*) from organisation_link where created_by <> ''`},
		"pilot_links organisation_link": {agedLink(`$1, '', $1`), `select count(*) from organisation_link`},
		"notices notice": {`insert into notice (territoire, kind, objet, recipient, cause, claimed_at) values ('73065', 'ask', gen_random_uuid(), gen_random_uuid(), '', $1::timestamptz + 0 * $2::int * interval '1 day')`,
			`select count(*) from notice`},
		"account_links invitation": {`insert into invitation (territoire, digest, kind, expires_at) values ('73065', sha256($2::text::bytea), 'premier', $1)`, `select count(*) from invitation`},
		"drafts edition_brouillon": {`insert into edition_brouillon (territoire, id, quartier, ateliers, asked_at) values ('73065', md5($2::text)::uuid, 'HC', array[gen_random_uuid()], $1)`, `select count(*) from edition_brouillon`},
		"purges purge": {`insert into purge (territoire, id, at, texts_past, texts_total, positions_past, positions_total, logs_past, logs_total, contacts_past, contacts_total)
			values ('73065', md5('purge' || $2::text)::uuid, $1, 0, 0, 0, 0, 0, 0, 0, 0)`, `select count(*) from purge where id in (md5('purge2')::uuid, md5('purge3')::uuid)`},
		"journal journal.consultation": {`insert into journal.consultation (territoire, at, nom, role, objet, finalite, elements) values ('73065', $1, 'Camille ' || $2::text, 'police', 'textes', 'diagnostic', 1)`, `select count(*) from journal.consultation`},
		"journal journal.connexion":    {`insert into journal.connexion (territoire, at, evenement, nom) values ('73065', $1, 'connexion', 'Camille ' || $2::text)`, `select count(*) from journal.connexion`},
		"erased effacement":            {`insert into effacement (territoire, id, at) values ('73065', md5($2::text)::uuid, $1)`, `select count(*) from effacement`},
	}
}

func agedLink(times string) string {
	return `with o as (insert into organisation (territoire, id, nom, kind) values ('73065', md5('org' || $2::text)::uuid, 'Service ' || $2::text, 'ville') returning id)
		insert into organisation_link (territoire, id, organisation, digest, created_at, created_by, expires_at) select '73065', gen_random_uuid(), id, sha256($2::text::bytea), ` + times + ` from o`
}

// TestPurgeKeepsToTheRetentions adds to every table of every line that ends a row
// a minute past its age and one a minute short of it: purged and tidied, the
// first holds nothing any more and the second still does.
func TestPurgeKeepsToTheRetentions(t *testing.T) {
	t.Parallel()
	all := agings()
	for _, line := range atelier.Retentions {
		if !line.Age.Ends() {
			continue
		}
		for _, table := range line.Tables {
			name := line.Key + " " + table
			a, ok := all[name]
			if !ok {
				t.Errorf("nothing shows that %s ends", name)
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				ctx := context.Background()
				pool := pgtest.Pool(t)
				pgtest.Territoire(t, pool)
				s, now := store.New(pool), time.Now()
				limit := line.Age.Before(atelier.DefaultConservation, now)
				for i, at := range []time.Time{limit.Add(-time.Minute), limit.Add(time.Minute)} {
					if _, err := pool.Exec(ctx, a.add, at, fmt.Sprint(i+2)); err != nil {
						t.Fatalf("%v\n%s", err, a.add)
					}
				}
				if n := pgtest.Count(t, pool, a.held); n != 2 {
					t.Fatalf("%d rows hold it before the purge, want 2", n)
				}
				for range 2 { // twice is once
					if _, err := s.Purge(ctx, pgtest.Chambery, now); err != nil {
						t.Fatal(err)
					}
					if err := s.Tidy(ctx); err != nil {
						t.Fatal(err)
					}
					if n := pgtest.Count(t, pool, a.held); n != 1 {
						t.Errorf("%d rows hold it after the purge, want the young one", n)
					}
				}
			})
		}
	}
}
