package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/geo/tile"
	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
	"quietude/server/publication"
	"quietude/server/store"
)

// Twin worlds: two databases that differ only in what is not published must be
// the same, byte for byte, to whoever asks the public routes anything at all.

// twinSeeds is how many pairs of worlds are compared; the race detector makes
// each ten times as dear, and finds races in the first ones.
func twinSeeds() int {
	if raceDetector {
		return 10
	}
	return 200
}

// mark is a marker as far as it matters: who, what, where, and what was said.
type mark struct {
	who             uuid.UUID
	felt            edition.Felt
	cell            hexgrid.Cell // stored
	themes, moments []string
}

// world is what the database of a city holds.
type world struct {
	seed              uint64
	published         []mark // of the atelier whose edition is published
	open, unpublished []mark // of an atelier under way, and of one not published
	live              course // how far the evening under way is
	signalements      int
	reports           uint64 // seed of where and when they were
}

// course is what happens in a room while the public waits.
type course struct {
	state        string
	step         int
	minutes      *int
	shared, open bool
	seq          int
	tables       int // further ones
}

// land is the ground that worlds are made on.
type land struct {
	fine    []hexgrid.Cell // owned by HC
	inside  map[hexgrid.Cell][]hexgrid.Cell
	outside []hexgrid.Cell // stored, owned by CE
}

func newLand(t testing.TB) *land {
	t.Helper()
	stored := map[string][]hexgrid.Cell{}
	for code, shape := range pgtest.Quartiers(t) {
		cells, err := hexgrid.Reachable(shape, hexgrid.Stored)
		if err != nil {
			t.Fatal(err)
		}
		stored[code] = cells
	}
	lists, err := edition.Partition(stored, edition.Fine)
	if err != nil {
		t.Fatal(err)
	}
	l := &land{fine: lists["HC"], inside: map[hexgrid.Cell][]hexgrid.Cell{}}
	for _, c := range stored["HC"] {
		if fine := c.Parent(edition.Fine); slices.Contains(l.fine, fine) {
			l.inside[fine] = append(l.inside[fine], c)
		}
	}
	l.fine = slices.DeleteFunc(slices.Clone(l.fine), func(c hexgrid.Cell) bool { return len(l.inside[c]) == 0 })
	for _, c := range stored["CE"] {
		if slices.Contains(lists["CE"], c.Parent(edition.Fine)) {
			l.outside = append(l.outside, c)
		}
	}
	return l
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

func person(rng *rand.Rand) uuid.UUID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(rng.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id
}

func newWorld(l *land, seed uint64) world {
	rng := rand.New(rand.NewPCG(seed, 1))
	w := world{seed: seed}
	hot := []hexgrid.Cell{pick(rng, l.fine), pick(rng, l.fine), pick(rng, l.fine), pick(rng, l.fine)}
	talk := []float64{0.25, 0.97}[seed%2] // of half of the worlds the strips are published
	for range 14 + rng.IntN(26) {
		who := person(rng)
		for range 2 + rng.IntN(4) {
			at := pick(rng, hot)
			if rng.IntN(3) == 0 {
				at = pick(rng, l.fine)
			}
			felt := []edition.Felt{edition.Unsafe, edition.Safe}[(int(at>>15)%5+rng.IntN(4)/3)%2]
			w.published = append(w.published, mark{who: who, felt: felt, cell: pick(rng, l.inside[at])})
		}
		said := mark{who: who, felt: edition.Unsafe, cell: pick(rng, l.outside)}
		for _, theme := range []string{"BRU", "OCC", "PRO", "CIR", "VIO"} {
			if rng.Float64() < talk {
				said.themes = append(said.themes, theme)
			}
		}
		for _, moment := range []string{"day", "evening", "night"} {
			if rng.Float64() < talk {
				said.moments = append(said.moments, moment)
			}
		}
		w.published = append(w.published, said)
	}
	w.unheard(l, rng)
	return w
}

// unheard draws what no edition counts.
func (w *world) unheard(l *land, rng *rand.Rand) {
	for range 4 + rng.IntN(30) {
		who := person(rng)
		for range 1 + rng.IntN(4) {
			m := mark{who: who, felt: edition.Unsafe, cell: pick(rng, l.inside[pick(rng, l.fine[:40])])}
			if rng.IntN(2) == 0 {
				w.open = append(w.open, m)
			} else {
				w.unpublished = append(w.unpublished, m)
			}
		}
	}
	w.signalements, w.reports = 1+rng.IntN(30), rng.Uint64()
	minutes := 1 + rng.IntN(60)
	w.live = course{"open", 1 + rng.IntN(7), &minutes, rng.IntN(2) == 0, rng.IntN(2) == 0, 1 + rng.IntN(900), rng.IntN(6)}
	if rng.IntN(4) == 0 {
		w.live = course{state: "prepared", tables: rng.IntN(6)}
	}
}

// twin is a world with the same edition and everything else different.
func (w world) twin(l *land, e edition.Edition) world {
	rng := rand.New(rand.NewPCG(w.seed, 2))
	shown := map[hexgrid.Cell]edition.Hexagon{}
	for _, h := range e.Hexagons() {
		for _, c := range h.Members() {
			shown[c] = h
		}
	}
	visible := func(fine hexgrid.Cell, felt edition.Felt) bool {
		h, ok := shown[fine]
		return ok && (felt == edition.Unsafe && !h.Unsafe().Absent() || felt == edition.Safe && !h.Safe().Absent())
	}
	names := map[uuid.UUID]uuid.UUID{}
	rename := func(who uuid.UUID) uuid.UUID {
		if _, known := names[who]; !known {
			names[who] = person(rng)
		}
		return names[who]
	}
	t := world{seed: w.seed}
	for _, m := range w.published {
		fine := m.cell.Parent(edition.Fine)
		switch cells, mine := l.inside[fine]; {
		case !mine: // what was said
			said := mark{who: rename(m.who), felt: m.felt, cell: pick(rng, l.outside)}
			if len(e.Themes()) > 0 {
				said.themes = m.themes
			}
			if len(e.Dayparts()) > 0 {
				said.moments = m.moments
			}
			t.published = append(t.published, said)
		case visible(fine, m.felt):
			t.published = append(t.published, mark{who: rename(m.who), felt: m.felt, cell: pick(rng, cells)})
		}
	}
	units := map[hexgrid.Cell][]hexgrid.Cell{}
	for _, c := range l.fine {
		units[c.Parent(edition.Broad)] = append(units[c.Parent(edition.Broad)], c)
	}
	order := make([]hexgrid.Cell, 0, len(units))
	for unit := range units {
		order = append(order, unit)
	}
	slices.Sort(order)
	for _, unit := range order {
		for _, felt := range []edition.Felt{edition.Unsafe, edition.Safe} {
			if visible(units[unit][0], felt) {
				continue
			}
			for range rng.IntN(edition.MinThreshold) {
				t.published = append(t.published, mark{who: person(rng), felt: felt, cell: pick(rng, l.inside[pick(rng, units[unit])])})
			}
		}
	}
	rng.Shuffle(len(t.published), func(i, j int) { t.published[i], t.published[j] = t.published[j], t.published[i] })
	t.unheard(l, rng)
	return t
}

// twinNode is a server over a database that is filled again and again.
type twinNode struct {
	*node
	publisher *publication.Publisher
	seed      *uint64
}

func newTwinNode(t testing.TB) *twinNode {
	t.Helper()
	n := newNode(t)
	seed := new(uint64)
	p, err := publication.New(n.store, hexmap.NewPlaces(n.store), publication.Options{Now: func() time.Time { return now },
		Secret: func() []byte { sum := sha256.Sum256(fmt.Append(nil, "key ", *seed)); return sum[:] }})
	if err != nil {
		t.Fatal(err)
	}
	n.web = twinWeb
	n.start()
	return &twinNode{n, p, seed}
}

// twinWeb stands for the built pages: nothing of them may follow from what the
// database holds.
var twinWeb = fstest.MapFS{
	"index.html":           {Data: []byte(`<html><meta name="quietude-basemap" content=""><p>accueil</p></html>`)},
	"erreur.html":          {Data: []byte(`<error-page status="" name="" detail=""></error-page><!--message-->`)},
	"suivi.html":           {Data: []byte(`<p>suivi</p>`)},
	"sw.js":                {Data: []byte(`self`)},
	"manifest.webmanifest": {Data: []byte(`{}`)},
	"assets/main-1a2b.js":  {Data: []byte("let a = 1;")},
}

// Ateliers of every world, by what becomes of them.
var (
	twinPublished   = uuid.MustParse("00000000-0000-7000-8000-000000000001")
	twinOpen        = uuid.MustParse("00000000-0000-7000-8000-000000000002")
	twinUnpublished = uuid.MustParse("00000000-0000-7000-8000-000000000003")
)

const twinEmpty = `truncate public.atelier, public.signalement, public.edition, public.edition_brouillon, publication.edition, publication.rencontre, publication.suivi, public.rate_bucket cascade`

// fill makes the database hold a world, and publishes its edition.
func (n *twinNode) fill(w world) edition.Edition {
	n.t.Helper()
	*n.seed = w.seed
	n.exec(twinEmpty)
	for _, a := range []struct {
		id    uuid.UUID
		state string
		code  string
		marks []mark
	}{{twinPublished, "closed", "PQRS2345", w.published}, {twinOpen, w.live.state, "JKMN2345", w.open}, {twinUnpublished, "closed", "EFGH2345", w.unpublished}} {
		n.exec(`insert into atelier (territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, state, frozen_at, frozen_hash, created_at)
			values ($1, $2, 'HC', 'atelier', 'Atelier', 'Salle', '2026-03-12T17:30Z', '2026-03-25T22:00Z', $3,
			case when $3 = 'closed' then '2026-03-12T20:00Z'::timestamptz end, case when $3 = 'closed' then md5(random()::text) end, now() - random() * interval '1 day')`,
			pgtest.Chambery, a.id, a.state)
		n.exec(`insert into atelier_table (territoire, atelier, numero, code, is_open) values ($1, $2, 1, $3, $4)`, pgtest.Chambery, a.id, a.code, w.live.open)
		n.write(a.id, a.marks)
	}
	n.exec(`update atelier set step = $2::int, step_minutes = $3, step_at = case when $2::int > 0 then now() - $2::int * interval '7 minutes' end, shared = $4, seq = $5 where id = $1`,
		twinOpen, w.live.step, w.live.minutes, w.live.shared, w.live.seq)
	n.exec(`insert into atelier_table (territoire, atelier, numero, code) select $1, $2, n, 'JKMP234' || n from generate_series(2, 1 + $3::int) n`,
		pgtest.Chambery, twinOpen, w.live.tables)
	rng := rand.New(rand.NewPCG(w.reports, 3))
	for range w.signalements {
		n.exec(`insert into signalement (territoire, id, quartier, geom, cell, theme, occurred_from, occurred_to, origin, note)
			values ($1, gen_random_uuid(), 'HC', st_setsrid(st_makepoint($2, $3), 4326), 1, 'BRU', '2026-03-01', '2026-03-02', 'habitant', $4)`,
			pgtest.Chambery, 5.91+rng.Float64()/50, 45.58+rng.Float64()/50, fmt.Sprint("texte ", rng.Uint64()))
	}
	n.follow(w)
	b := store.Brouillon{Territoire: pgtest.Chambery, ID: uuid.New(), Quartier: "HC", Ateliers: []uuid.UUID{twinPublished}}
	b, err := n.publisher.BuildNow(context.Background(), b)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.publisher.Publish(context.Background(), b.Territoire, b.ID); err != nil {
		n.t.Fatal(err)
	}
	if err := n.publisher.Announce(context.Background()); err != nil {
		n.t.Fatal(err)
	}
	e, err := edition.Read(b.Canonical, b.Hash)
	if err != nil {
		n.t.Fatal(err)
	}
	return e
}

// follow writes what became of the published atelier: one action that the public
// follows, the same in both worlds of a seed, and around it what it does not
// follow: other actions and texts, residents who follow, and what they say while
// it decides nothing.
func (n *twinNode) follow(w world) {
	n.t.Helper()
	rng := rand.New(rand.NewPCG(w.reports, 4))
	n.exec(`insert into organisation (territoire, id, nom, kind) values ($1, '00000000-0000-7000-8000-0000000000a1', 'Bailleur', 'bailleur') on conflict do nothing`, pgtest.Chambery)
	act := func(shown bool) uuid.UUID {
		id := uuid.New()
		n.exec(`insert into action (territoire, id, quartier, atelier, code, titre, detail, state, pilote, echeance, done_on, proof)
			values ($1, $2, 'HC', $3, 'TEC', $4, $5, 'done', '00000000-0000-7000-8000-0000000000a1', '2026-03-18', '2026-03-05', $4)`,
			pgtest.Chambery, id, twinPublished, fmt.Sprint("titre ", rng.Uint64()), fmt.Sprint("détail ", rng.Uint64()))
		n.exec(`insert into action_event (territoire, action, seq, id, state, role, at) values ($1, $2, 1, gen_random_uuid(), 'done', 'animateur', $3)`,
			pgtest.Chambery, id, time.Date(2026, 3, 5, 9, rng.IntN(60), 0, 0, time.UTC))
		n.exec(`insert into suivi_decision (territoire, action, id, shown, said, titre, answer, digest, role, at)
			select $1, $2, gen_random_uuid(), d.shown, d.said, case when d.shown then 'Six lampadaires' else '' end, '', '', 'animateur', d.at
			from (values (true, $3, '2026-03-06'::timestamptz), ($4, 'Il fait sombre', '2026-03-07')) d (shown, said, at)`,
			pgtest.Chambery, id, fmt.Sprint("autrefois ", rng.Uint64()), shown)
		return id
	}
	followed := act(true)
	for range rng.IntN(3) {
		act(false)
	}
	for i := range rng.IntN(5) {
		id := uuid.New()
		n.exec(`insert into contact.follower (territoire, atelier, id, numero, code, email) values ($1, $2, $3, 1, $4, $5)`,
			pgtest.Chambery, twinPublished, id, fmt.Sprintf("CODE%012d", i), fmt.Sprintf("%d@exemple.fr", rng.Uint64()))
		n.exec(`insert into action_voice (territoire, action, atelier, follower, done_on, better) values ($1, $2, $3, $4, '2026-03-05', $5)`,
			pgtest.Chambery, followed, twinPublished, id, rng.IntN(2) == 0)
	}
	if err := n.store.PublishSuivi(context.Background(), pgtest.Chambery); err != nil {
		n.t.Fatal(err)
	}
}

// write adds the marks of an atelier.
func (n *twinNode) write(atelier uuid.UUID, marks []mark) {
	n.t.Helper()
	var people, markers, cells [][]any
	rank := map[uuid.UUID]int{}
	for i, m := range marks {
		if rank[m.who] == 0 {
			rank[m.who] = len(rank) + 1
			people = append(people, []any{pgtest.Chambery, atelier, m.who, 1, rank[m.who]})
		}
		id, at := uuid.NewSHA1(m.who, fmt.Append(nil, i)), m.cell.Centre()
		themes, moments := append([]string{}, m.themes...), append([]string{}, m.moments...)
		markers = append(markers, []any{pgtest.Chambery, atelier, id, m.who, 1, "HC", string(m.felt), at, at, m.cell, themes, moments,
			fmt.Sprint("mot de ", m.who), i + 1, i + 1, i + 1, i + 1})
		cells = append(cells, []any{pgtest.Chambery, atelier, id, m.cell})
	}
	n.copy("participant", []string{"territoire", "atelier", "id", "numero", "rang"}, people)
	n.copy("marker", []string{"territoire", "atelier", "id", "participant", "numero", "quartier", "felt", "geom", "anchor", "cell", "themes", "moments",
		"note", "added_seq", "geometry_seq", "existence_seq", "seq"}, markers)
	n.copy("marker_cell", []string{"territoire", "atelier", "marker", "cell"}, cells)
}

func (n *twinNode) copy(table string, columns []string, rows [][]any) {
	n.t.Helper()
	if _, err := n.pool.CopyFrom(context.Background(), pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
		n.t.Fatalf("%s: %v", table, err)
	}
}

// probe is one request of the crawler.
type probe struct {
	method, path string
	headers      map[string]string
	deep         bool // asked of every twentieth pair
}

func (q probe) String() string { return fmt.Sprint(q.method, " ", q.path, " ", q.headers) }

// crawler knows what to ask. It reads the routes from the router's own list and
// the table of rights, and their parameters from the contract: a public route
// that is new is asked the day it appears, and one whose parameters it cannot
// fill fails the test.
type crawler struct {
	t      testing.TB
	probes []probe
	round  int // of answers: every round comes from other addresses
}

// broken is a value that nothing accepts.
const broken = "%00"

// values fill parameters that have no list of values of their own. The code of a
// table whose evening is under way is not among them: who has it sits there.
var values = map[string][]string{
	"territoire": {"73065", "00000"}, "code": {"HC", "CE", "ABCD2345", "ZZZZ2222", "ZZZZ2222ZZZZ2222"}, "numero": {"1", "2", "99"},
	"id":       {twinPublished.String(), twinOpen.String(), twinUnpublished.String(), "00000000-0000-7000-8000-00000000000f"},
	"quartier": {"HC", "ZZ"}, "q": {"rue", "%"}, "limit": {"1", "50"}, "langue": {"fr", "en"}, "atelier": {twinOpen.String()},
	"theme": {"BRU"}, "origine": {"habitant"}, "from": {"2026-01-01"}, "to": {"2026-04-01"}, "hours": {"18-24"}, "days": {"1"},
	"retour": {"/carte"}, "state": {"x"}, "iss": {"https://exemple.fr"}, "session_state": {"x"}, "scope": {"openid"},
	"error": {"access_denied"}, "error_description": {"x"}, "error_uri": {"https://exemple.fr/x"},
}

func newCrawler(t testing.TB, contract *openapi3.T) *crawler {
	t.Helper()
	c := &crawler{t: t}
	routes := 0
	for _, r := range new(api.API).Routes() {
		for _, path := range c.layers(contract, r.Path) {
			if !auth.Public.May(r.Method + " " + path) {
				continue
			}
			routes++
			operation := contract.Paths.Value(r.Path).GetOperation(r.Method)
			shared := contract.Paths.Value(r.Path).Parameters
			c.route(r.Method, path, slices.Concat(shared, operation.Parameters))
		}
	}
	for _, path := range []string{"/", "/signaler", "/carte", "/animation", "/api/openapi.yaml", "/metrics", "/robots.txt", "/nulle-part", "/api/v1/hexagones?bbox=5.9,45.5,6,45.6",
		"/api/v1/signalements", "/api/v1/quartiers/HC/hexagones", "/api/v1/ateliers", "/api/v1/ateliers?quartier=HC", "/api/v1/ateliers/" + twinOpen.String(),
		"/api/v1/ateliers/" + twinPublished.String() + "/markers", "/tiles/hexagones/14/8462/5855.mvt", "/sitemap.xml", "/.well-known/security.txt",
		"/favicon.ico", "/sw.js", "/manifest.webmanifest", "/assets/main-1a2b.js", "/debug/pprof/", "/api/v1/moderation", "/api/v1/journal",
		"/api/v1/actions", "/api/v1/findings", "/api/v1/ateliers/" + twinPublished.String() + "/compte-rendu", "/api/v1/quartiers/HC/editions/0",
		"/api/v1/quartiers/HC/editions/01", "/api/v1/quartiers/HC/editions/2147483648", "/api/v1/quartiers/hc/editions/1"} {
		c.ask(http.MethodGet, path)
	}
	// What only the machine itself may see, asked by those who say that they are it.
	for _, headers := range []map[string]string{{"Host": "localhost"}, {"X-Forwarded-For": "127.0.0.1", "Host": "127.0.0.1"},
		{"X-Real-Ip": "::1"}, {"Forwarded": "for=127.0.0.1"}} {
		c.probes = append(c.probes, probe{method: http.MethodGet, path: "/metrics", headers: headers}, probe{method: http.MethodGet, path: "/readyz", headers: headers})
	}
	t.Logf("%d public routes, %d requests", routes, len(c.probes))
	if routes < 20 || len(c.probes) < 500 {
		t.Error("the crawler does not know the public routes")
	}
	return c
}

// layers writes out the layers of tiles, which have a line each in the table of
// rights.
func (c *crawler) layers(contract *openapi3.T, path string) []string {
	if !strings.Contains(path, "{layer}") {
		return []string{path}
	}
	var out []string
	for _, layer := range contract.Components.Parameters["Layer"].Value.Schema.Value.Enum {
		out = append(out, strings.Replace(path, "{layer}", fmt.Sprint(layer), 1))
	}
	return out
}

// route asks a route with every value of every parameter of the path, then with
// each value of each parameter of the query.
func (c *crawler) route(method, path string, parameters openapi3.Parameters) {
	paths := []string{path}
	if strings.Contains(path, "{z}") {
		paths = c.tiles(path)
	}
	for _, p := range parameters {
		if p.Value.In != "path" || !strings.Contains(paths[0], "{"+p.Value.Name+"}") {
			continue
		}
		var filled []string
		for _, value := range c.valuesOf(p.Value, path) {
			for _, one := range paths {
				filled = append(filled, strings.Replace(one, "{"+p.Value.Name+"}", value, 1))
			}
		}
		paths = filled
	}
	for i, one := range paths {
		if i < 3 || strings.Contains(path, "{z}") {
			c.ask(method, one)
		} else {
			c.probes = append(c.probes, probe{method: method, path: one})
		}
	}
	for _, p := range parameters {
		if p.Value.In != "query" {
			continue
		}
		for _, value := range c.valuesOf(p.Value, path) {
			for _, one := range paths[:min(len(paths), 6)] {
				c.probes = append(c.probes, probe{method: method, path: one + "?" + p.Value.Name + "=" + value, deep: value == broken})
			}
		}
	}
}

// tiles are those over HC at every zoom, and one beside.
func (c *crawler) tiles(path string) (out []string) {
	shape := pgtest.Quartiers(c.t)["HC"]
	at := shape.Bound().Center()
	for z := range uint32(tile.MaxZoom + 1) {
		x, y := tileOver(at[0], at[1], z)
		for _, dx := range []uint32{0, 1} {
			if z > 0 || dx == 0 {
				out = append(out, strings.NewReplacer("{z}", fmt.Sprint(z), "{x}", fmt.Sprint(x+dx), "{y}", fmt.Sprint(y)).Replace(path))
			}
		}
	}
	return append(out, strings.NewReplacer("{z}", "40", "{x}", "0", "{y}", "0").Replace(path))
}

func (c *crawler) valuesOf(p *openapi3.Parameter, path string) (out []string) {
	schema := p.Schema.Value
	for _, one := range schema.Enum {
		out = append(out, fmt.Sprint(one))
	}
	switch known, ok := values[p.Name]; {
	case len(out) > 0:
	case ok:
		out = slices.Clone(known)
	case schema.Type.Is("integer") && schema.Min != nil && schema.Max != nil && *schema.Max-*schema.Min < 20:
		for v := *schema.Min; v <= *schema.Max; v++ {
			out = append(out, fmt.Sprint(v))
		}
	default:
		c.t.Errorf("the crawler cannot fill the parameter %s of the public route %s: teach it", p.Name, path)
	}
	return append(out, broken)
}

// unserved are media that no public route makes.
var unserved = []string{"text/html", "application/xml"}

// ask asks for a path in every way.
func (c *crawler) ask(method, path string) {
	add := func(method, path string, headers map[string]string) {
		deep := method == http.MethodPost || method == http.MethodOptions || headers["Range"]+headers["If-Modified-Since"] != "" || headers["Accept-Encoding"] == "zstd" || slices.Contains(unserved, headers["Accept"])
		c.probes = append(c.probes, probe{method, path, headers, deep})
	}
	add(method, path, nil)
	if method != http.MethodGet {
		return
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	add(http.MethodHead, path, nil)
	if strings.HasPrefix(path, "/tiles/") && !strings.HasPrefix(path, "/tiles/editions/") {
		return // drawn from streets and quartiers alone
	}
	add(http.MethodOptions, path, nil)
	add(method, path, map[string]string{"Range": "bytes=0-9"})
	add(method, path, map[string]string{"If-Modified-Since": "Thu, 12 Mar 2026 17:30:00 GMT"})
	add(method, path+separator+"inconnu=1", nil)
	add(method, path, map[string]string{"Accept-Encoding": "gzip"})
	add(method, path, map[string]string{"Accept-Encoding": "zstd"})
	add(method, path, map[string]string{"If-None-Match": "*"})
	if !strings.HasPrefix(path, "/tiles/") {
		for _, media := range append([]string{"application/json", "application/geo+json", "text/csv"}, unserved...) {
			add(method, path, map[string]string{"Accept": media})
		}
		add(http.MethodPost, path, nil)
	}
}

// reference are the routes that only the city's geography answers.
var reference = regexp.MustCompile(`^/(tiles/(quartiers|voirie|reperes)[/.]|api/v1/(voies|territoires|quartiers(\?|$)|openapi|conservation|notice|recu|session)|api/openapi|healthz|readyz)`)

// answers are all answers of a server to somebody without an account, each as
// one text: status, headers and body. Every probe comes from another address,
// so that no limit is met.
//
// deep asks all; else what is drawn from streets, landmarks and the shapes of
// quartiers is left out, in which no world has a say, and so are the forms that
// nobody serves.
func (c *crawler) answers(h http.Handler, deep bool) []string {
	out := make([]string, len(c.probes))
	for i, q := range c.probes {
		if !deep && (q.deep || reference.MatchString(q.path)) {
			continue
		}
		r := httptest.NewRequest(q.method, q.path, nil)
		r.RemoteAddr = fmt.Sprintf("%d.%d.%d.9:1234", 11+c.round%100, i/250%250, i%250)
		for name, value := range q.headers {
			r.Header.Set(name, value)
		}
		if host := q.headers["Host"]; host != "" {
			r.Host = host
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var b bytes.Buffer
		fmt.Fprintln(&b, w.Code)
		_ = w.Header().Write(&b) // sorted by name
		b.Write(w.Body.Bytes())
		out[i] = b.String()
	}
	return out
}

// differences are the probes that tell two servers apart.
func (c *crawler) differences(a, b []string) (out []string) {
	for i := range a {
		if a[i] != b[i] {
			out = append(out, fmt.Sprintf("%s\n--- one\n%.400s\n--- other\n%.400s", c.probes[i], a[i], b[i]))
		}
	}
	return out
}

// tileOver is the tile of a zoom that holds a position.
func tileOver(lon, lat float64, z uint32) (x, y uint32) {
	t := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
	return t.X, t.Y
}

// pair is two servers whose worlds are twins.
type pair struct {
	a, b *twinNode
	land *land
}

func newPair(t testing.TB) pair { return pair{newTwinNode(t), newTwinNode(t), newLand(t)} }

// fill makes twin worlds of a seed. What was not published yet is enough for an
// edition in those that have one to withdraw.
func (p pair) fill(seed uint64) (edition.Edition, world, world) {
	w := newWorld(p.land, seed)
	if withdraws(seed) {
		w.unpublished = newWorld(p.land, 1_000+seed).published
	}
	e := p.a.fill(w)
	other := w.twin(p.land, e)
	if withdraws(seed) {
		other.unpublished = newWorld(p.land, 2_000+seed).published
	}
	p.b.fill(other)
	return e, w, other
}

// withdraws reports whether worlds of a seed had a later edition, which was withdrawn.
func withdraws(seed uint64) bool { return seed%8 == 5 }

// withdrawNewest publishes one more edition in each of two twin worlds, which are
// unlike, has somebody look at them, and withdraws them.
func (p pair) withdrawNewest(t *testing.T, c *crawler) {
	t.Helper()
	var looked [2][]string
	for i, n := range []*twinNode{p.a, p.b} {
		n.publishLater()
		looked[i] = c.answers(n.bare, false)
		if err := n.publisher.Withdraw(t.Context(), pgtest.Chambery, "HC", 2); err != nil {
			t.Fatal(err)
		}
	}
	tiles := 0
	for i, q := range c.probes {
		if looked[0][i] != looked[1][i] && strings.HasPrefix(q.path, "/tiles/editions/") {
			tiles++
		}
	}
	if tiles == 0 {
		t.Fatal("the editions that are withdrawn look alike")
	}
}

// TestTwinWorlds compares all public answers of twin worlds. Some of them had a later
// edition, other ones, and both nodes had it in memory when it was withdrawn.
func TestTwinWorlds(t *testing.T) {
	p := newPair(t)
	c := newCrawler(t, p.a.contract)
	shown := aboutEditions(c)
	hexagons, strips, unlike, followed, withdrawn := 0, 0, 0, 0, 0
	for seed := range twinSeeds() {
		e, w, other := p.fill(uint64(seed))
		hexagons += len(e.Hexagons())
		strips += min(1, len(e.Themes())) + min(1, len(e.Dayparts()))
		if len(w.published) != len(other.published) {
			unlike++
		}
		if withdraws(uint64(seed)) {
			p.withdrawNewest(t, shown)
			withdrawn++
		}
		var both [2][]string
		var all sync.WaitGroup
		c.round++
		for i, n := range []*twinNode{p.a, p.b} {
			all.Go(func() { both[i] = c.answers(n.bare, seed%20 == 0) })
		}
		all.Wait()
		if different := c.differences(both[0], both[1]); len(different) > 0 {
			t.Fatalf("seed %d: %d of %d answers tell twins apart; the first:\n%s", seed, len(different), len(c.probes), different[0])
		}
		for i, answer := range both[0] {
			if strings.Contains(answer, `"titre":"Six lampadaires"`) {
				followed++
			}
			if strings.HasPrefix(answer, "5") && !strings.HasPrefix(answer, "503") {
				t.Fatalf("%s: %.200s", c.probes[i], answer)
			}
		}
	}
	n := twinSeeds()
	t.Logf("%d pairs of worlds, %d of them with other numbers of markers and %d with another newest edition, withdrawn; %d hexagons and %d strips published", n, unlike, withdrawn, hexagons, strips)
	if hexagons < n || strips < n/4 || unlike < n/2 || followed < n || withdrawn == 0 {
		t.Error("the worlds are too poor to prove anything")
	}
}
