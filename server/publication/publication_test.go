package publication_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/jobs"
	"quietude/server/pgtest"
	"quietude/server/publication"
	"quietude/server/store"
)

var today = time.Date(2026, 4, 1, 10, 0, 0, 0, time.UTC)

// city is a database with Chambéry and what publishes it.
type city struct {
	*testing.T
	pool      *pgxpool.Pool
	store     *store.Store
	public    *store.Public
	publisher *publication.Publisher
}

func newCity(t *testing.T) *city {
	t.Helper()
	pool := pgtest.Pool(t, pgtest.MaxConns(10))
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	p, err := publication.New(s, hexmap.NewPlaces(s), publication.Options{Now: func() time.Time { return today },
		Secret: func() []byte { return bytes.Repeat([]byte{7}, edition.MinKeyBytes) }})
	if err != nil {
		t.Fatal(err)
	}
	return &city{t, pool, s, store.NewPublic(pgtest.Public(t, pool)), p}
}

// evening is a closed atelier of CE where so many people feel unsafe at one
// place of the quartier.
func (c *city) evening(people int, change ...func(*atelier.Atelier)) atelier.Atelier {
	c.Helper()
	a := pgtest.Atelier(c.T, c.pool, change...)
	for range people {
		c.mark(a, "BRU", "evening")
	}
	c.close(a)
	return a
}

func (c *city) mark(a atelier.Atelier, theme, moment string) atelier.Marker {
	c.Helper()
	m := pgtest.Marker(c.T, c.pool, a, func(m *atelier.Marker) { m.Themes = []string{theme} })
	c.exec(`update marker set moments = array[$2] where id = $1`, m.ID, moment)
	return m
}

func (c *city) close(a atelier.Atelier) {
	c.Helper()
	c.exec(`update atelier set state = 'closed', frozen_at = now(), frozen_hash = 'x' where id = $1`, a.ID)
}

func (c *city) exec(sql string, args ...any) {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), sql, args...); err != nil {
		c.Fatal(err)
	}
}

func (c *city) build(ateliers ...atelier.Atelier) (store.Brouillon, error) {
	c.Helper()
	b := store.Brouillon{Territoire: pgtest.Chambery, ID: uuid.New(), Quartier: ateliers[0].Quartier}
	for _, a := range ateliers {
		b.Ateliers = append(b.Ateliers, a.ID)
	}
	return c.publisher.BuildNow(c.Context(), b)
}

// publish builds and publishes, or fails the test.
func (c *city) publish(ateliers ...atelier.Atelier) edition.Edition {
	c.Helper()
	b, err := c.build(ateliers...)
	if err != nil {
		c.Fatal(err)
	}
	if _, err := c.publisher.Publish(c.Context(), b.Territoire, b.ID); err != nil {
		c.Fatal(err)
	}
	all := c.editions()
	last := all[len(all)-1]
	e, err := edition.Read(last.Canonical, last.Hash)
	if err != nil {
		c.Fatal(err)
	}
	return e
}

func (c *city) editions() []store.PublicEdition {
	c.Helper()
	all, err := c.public.Editions(c.Context(), pgtest.Chambery)
	if err != nil {
		c.Fatal(err)
	}
	return all
}

// TestPublished: what enough people said of a place is public, numbered, with
// its hash; the rest is not, and neither is what was hidden.
func TestPublished(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(8)
	elsewhere := orb.Point{5.9230, 45.5700}
	for range 3 { // too few
		pgtest.Marker(t, c.pool, a, func(m *atelier.Marker) { m.Geometry = elsewhere })
	}
	e := c.publish(a)
	hexagons := e.Hexagons()
	if e.Numero() != 1 || e.Quartier() != "CE" || e.Resolution() != edition.Broad || len(hexagons) != 1 || hexagons[0].Unsafe().AtLeast() != 5 {
		t.Fatalf("%s", e.Canonical())
	}
	if got := c.editions()[0]; got.Hash != e.Hash() || got.Demo || got.PublishedOn.Format(time.DateOnly) != "2026-04-01" {
		t.Errorf("published %+v", got)
	}
	if n := c.publish(c.evening(9, later, seats)).Numero(); n != 2 {
		t.Errorf("the second edition is number %d", n)
	}
}

// later is another evening.
func later(a *atelier.Atelier) {
	a.StartsAt, a.ClosesAt = a.StartsAt.AddDate(0, 0, 7), a.ClosesAt.AddDate(0, 0, 7)
}

// seats gives new codes to tables.
func seats(a *atelier.Atelier) {
	a.Seats = []atelier.Table{{Numero: 1, Open: true, Code: atelier.NewCode()}}
}

// TestHiddenIsNotCounted: moderation decides before publication.
func TestHiddenIsNotCounted(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(8)
	c.exec(`update marker set hidden = true where atelier = $1 and id in (select id from marker where atelier = $1 limit 4)`, a.ID)
	if e := c.publish(a); len(e.Hexagons()) != 0 {
		t.Errorf("four people are public: %s", e.Canonical())
	}
}

// TestModeratedSinceThePreview: what is published is what was looked at.
func TestModeratedSinceThePreview(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(9)
	b, err := c.build(a)
	if err != nil {
		t.Fatal(err)
	}
	c.exec(`update marker set hidden = true where atelier = $1 and id in (select id from marker where atelier = $1 limit 1)`, a.ID)
	if _, err := c.publisher.Publish(t.Context(), b.Territoire, b.ID); codeOf(err) != "brouillon_depasse" {
		t.Errorf("published what nobody looked at: %v", err)
	}
	if len(c.editions()) != 0 || pgtest.Count(t, c.pool, `select count(*) from edition_atelier`) != 0 {
		t.Error("half of it is public")
	}
	c.publish(a) // looked at again
}

func codeOf(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return ""
}

// TestCountedOnce: neither two drafts at once nor a withdrawal lets an evening
// be counted twice.
func TestCountedOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(9)
	var drafts [3]store.Brouillon
	for i := range drafts {
		var err error
		if drafts[i], err = c.build(a); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	errs := make([]error, len(drafts))
	for i, b := range drafts {
		all.Go(func() { _, errs[i] = c.publisher.Publish(t.Context(), b.Territoire, b.ID) })
	}
	all.Wait()
	published := 0
	for _, err := range errs {
		switch {
		case err == nil:
			published++
		case fault.KindOf(err) != fault.Conflict:
			t.Error(err)
		}
	}
	if published != 1 || len(c.editions()) != 1 {
		t.Fatalf("%d of %d drafts of the same evening were published", published, len(drafts))
	}
	for _, when := range []string{"published", "withdrawn"} {
		if _, err := c.build(a); codeOf(err) != "brouillon_refuse" {
			t.Errorf("counted again when %s: %v", when, err)
		}
		if when == "published" {
			if err := c.publisher.Withdraw(t.Context(), pgtest.Chambery, "CE", 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := c.editions(); len(got) != 1 || got[0].Canonical != nil || got[0].Hash != "" || got[0].WithdrawnOn == nil {
		t.Errorf("withdrawn: %+v", got)
	}
	if err := c.publisher.Withdraw(t.Context(), pgtest.Chambery, "CE", 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("withdrawn twice: %v", err)
	}
}

// TestPublishAgain: the answer was lost, the person presses once more.
func TestPublishAgain(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b, err := c.build(c.evening(9))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if n, err := c.publisher.Publish(t.Context(), b.Territoire, b.ID); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
	}
}

// TestKeysAreGone: tokens and pseudonyms of the ateliers cannot be made again,
// by nobody, and the key of the thresholds is nowhere in the database.
func TestKeysAreGone(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(9)
	before, err := c.store.Atelier(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	token := before.Token(atelier.Participant{ID: uuid.New(), Table: 1})
	c.publish(a)
	after, err := c.store.Atelier(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(before.ParticipantKey, after.ParticipantKey) || len(after.ParticipantKey) != len(before.ParticipantKey) || after.VerifyToken(token) {
		t.Error("the participants' key is still there")
	}
	secret := hex.EncodeToString(bytes.Repeat([]byte{7}, edition.MinKeyBytes))
	for _, table := range []string{"edition", "edition_brouillon", "edition_atelier", "publication.edition", "service_secret", "jobs.river_job"} {
		if n := pgtest.Count(t, c.pool, `select count(*) from `+table+` x where x::text like '%' || $1 || '%'`, secret); n > 0 {
			t.Errorf("%s keeps the key of an edition", table)
		}
	}
}

// TestRefusals: each reason has its sentence and nothing is published.
func TestRefusals(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	open := pgtest.Atelier(t, c.pool)
	other := c.evening(0, func(a *atelier.Atelier) { a.Quartier = "HC" }, seats)
	fiction := c.evening(0, func(a *atelier.Atelier) { a.Demo = true }, seats)
	tomorrow := c.evening(0, func(a *atelier.Atelier) { a.StartsAt, a.ClosesAt = today.AddDate(0, 0, 1), today.AddDate(0, 0, 2) }, seats)
	mine := c.evening(0, seats)
	unknown := atelier.Atelier{ID: uuid.New(), Quartier: "CE"}
	for name, test := range map[string]struct {
		ateliers []atelier.Atelier
		want     string
	}{
		"not closed":       {[]atelier.Atelier{open}, "atelier_ouvert"},
		"another quartier": {[]atelier.Atelier{mine, other}, "autre_quartier"},
		"fiction and real": {[]atelier.Atelier{mine, fiction}, "fiction_et_reel"},
		"unknown":          {[]atelier.Atelier{mine, unknown}, "atelier_inconnu"},
		"to come":          {[]atelier.Atelier{tomorrow}, "not_closed"},
		"twice":            {[]atelier.Atelier{mine, mine}, "atelier_inconnu"},
	} {
		b, err := c.build(test.ateliers...)
		if codeOf(err) != "brouillon_refuse" || b.Refusal != test.want {
			t.Errorf("%s: %q, %v", name, b.Refusal, err)
		}
		if _, err := c.publisher.Publish(t.Context(), b.Territoire, b.ID); codeOf(err) != "brouillon_refuse" {
			t.Errorf("%s: published: %v", name, err)
		}
	}
	if len(c.editions()) != 0 {
		t.Error("something is public")
	}
	for _, k := range []int{1, 4, 51} {
		if _, err := publication.New(c.store, nil, publication.Options{Threshold: k}); codeOf(err) != "seuil_impossible" {
			t.Errorf("threshold %d: %v", k, err)
		}
	}
}

// TestStrips: the groups and dayparts that residents name, when there are
// enough for each.
func TestStrips(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := pgtest.Atelier(t, c.pool)
	themes := []string{"BRU", "STU", "PRO", "CIR", "VOL"}
	for range 8 {
		for _, theme := range themes {
			c.mark(a, theme, "day")
			c.mark(a, theme, "evening")
			c.mark(a, theme, "night")
		}
	}
	c.close(a)
	e := c.publish(a)
	var codes []string
	for _, bar := range e.Themes() {
		codes = append(codes, bar.Code())
	}
	if !slices.Equal(codes, publication.ThemeGroups()) || len(e.Dayparts()) != 8 {
		t.Errorf("%s", e.Canonical())
	}
	rare := c.evening(8, later, seats)
	if e := c.publish(rare); len(e.Themes()) != 0 || len(e.Dayparts()) != 0 {
		t.Errorf("half a strip: %s", e.Canonical())
	}
}

// TestThemeGroupsCoverTheFamilies: each family is in one group.
func TestThemeGroupsCoverTheFamilies(t *testing.T) {
	t.Parallel()
	for _, theme := range atelier.Themes {
		if got := publication.GroupsOf([]string{string(theme)}); len(got) != 1 {
			t.Errorf("%s is in %v", theme, got)
		}
	}
}

// TestEveryRefusalHasASentence, of those an animateur can meet.
func TestEveryRefusalHasASentence(t *testing.T) {
	t.Parallel()
	for _, reason := range []edition.Reason{edition.NotClosed, edition.AlreadyCounted, edition.InvalidCells} {
		if publication.Refused(string(reason)) == publication.Refused("?"+string(reason)) {
			t.Errorf("%s has no sentence", reason)
		}
	}
}

// TestJobBuildsWhatIsAsked: ordered with the row, built by a node.
func TestJobBuildsWhatIsAsked(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(9)
	work := jobs.NewWork()
	c.publisher.Register(work)
	queue, err := jobs.Open(c.pool, work, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	life, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- queue.Run(life) }()
	b := store.Brouillon{Territoire: pgtest.Chambery, ID: uuid.New(), Quartier: "CE", Ateliers: []uuid.UUID{a.ID}}
	for _, created := range []bool{true, false} {
		if _, got, err := publication.Ask(t.Context(), c.store, queue, b); err != nil || got != created {
			t.Fatalf("created %v, %v", got, err)
		}
	}
	deadline := time.Now().Add(time.Minute)
	for b.State != "ready" {
		if b, err = c.store.Brouillon(t.Context(), b.Territoire, b.ID); err != nil || time.Now().After(deadline) {
			t.Fatalf("%s, %v", b.State, err)
		}
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestAnnouncements hold public facts, follow the ateliers, and name none.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.evening(3, func(a *atelier.Atelier) { a.StartsAt, a.ClosesAt = today.Add(time.Hour), today.Add(4*time.Hour) })
	announced := func() []store.Rencontre {
		t.Helper()
		if err := c.publisher.Announce(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := c.public.Rencontres(t.Context(), pgtest.Chambery)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	// Closed before its hour, it is announced no longer.
	if got := announced(); len(got) != 0 {
		t.Errorf("closed: %+v", got)
	}
	c.exec(`update atelier set state = 'prepared', frozen_at = null, frozen_hash = null where id = $1`, a.ID)
	if got := announced(); len(got) != 1 || got[0].Titre != a.Titre || !got[0].StartsAt.Equal(a.StartsAt) {
		t.Fatalf("%+v", got)
	}
	c.exec(`update atelier set lieu = 'Salle Jean-Renoir' where id = $1`, a.ID)
	if got := announced(); len(got) != 1 || got[0].Lieu != "Salle Jean-Renoir" {
		t.Errorf("changed: %+v", got)
	}
	if n := pgtest.Count(t, c.pool, `select count(*) from publication.rencontre where id = $1`, a.ID); n != 0 {
		t.Error("an announcement has the identifier of its room")
	}
	// How an evening goes is not announced; that it is over is.
	c.exec(`update atelier set state = 'open', step = 4, step_at = now(), shared = true where id = $1`, a.ID)
	if got := announced(); len(got) != 1 {
		t.Errorf("under way: %+v", got)
	}
	c.exec(`update atelier set starts_at = $2::timestamptz - interval '3 hours', closes_at = $2 where id = $1`, a.ID, today)
	if got := announced(); len(got) != 0 {
		t.Errorf("past: %+v", got)
	}
	c.exec(`update atelier set closes_at = $2::timestamptz + interval '1 hour' where id = $1`, a.ID, today)
	if got := announced(); len(got) != 1 {
		t.Errorf("again: %+v", got)
	}
	c.exec(`delete from marker where atelier = $1`, a.ID)
	c.exec(`delete from atelier where id = $1`, a.ID)
	if got := announced(); len(got) != 0 {
		t.Errorf("gone: %+v", got)
	}
}

// TestGroundIsWhole: the lists of the seven quartiers share no hexagon.
func TestGroundIsWhole(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	owner := map[hexgrid.Cell]string{}
	for code := range pgtest.Quartiers(t) {
		cells, err := c.publisher.Ground(t.Context(), pgtest.Chambery, code)
		if err != nil || len(cells) == 0 {
			t.Fatalf("%s: %d hexagons, %v", code, len(cells), err)
		}
		for _, cell := range cells {
			if other, taken := owner[cell]; taken {
				t.Fatalf("%s is of %s and %s", cell, code, other)
			}
			owner[cell] = code
		}
	}
}
