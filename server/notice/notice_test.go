package notice_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/mail"
	"quietude/server/notice"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// inbox is a real SMTP server on the loopback.
type inbox struct {
	mu       sync.Mutex
	messages []letter
}

type letter struct{ to, text string }

type session struct {
	*inbox
	to string
}

func (b *inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{inbox: b}, nil }
func (*session) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }
func (*session) Reset()                                      {}
func (*session) Logout() error                               { return nil }
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, letter{s.to, string(text)})
	return err
}

// taken gives what has arrived since the last call.
func (b *inbox) taken() []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.messages
	b.messages = nil
	return out
}

// postOffice serves an inbox; away says nothing at all to who connects.
func postOffice(t *testing.T) (b *inbox, postman *mail.Sender) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b = &inbox{}
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	if postman, err = mail.New("smtp://"+listener.Addr().String(), "Ville <ville@exemple.fr>"); err != nil {
		t.Fatal(err)
	}
	return b, postman
}

// nobody is a postman whose server is away.
type nobody struct{}

func (nobody) Send(context.Context, mail.Message) error {
	return fault.New(fault.Unavailable, "envoi_impossible", "Le serveur d’envoi ne répond pas.")
}

type world struct {
	*store.Store
	t      *testing.T
	city   *hexmap.City
	teller notice.Teller
	now    time.Time
}

func newWorld(t *testing.T, postman notice.Postman) *world {
	t.Helper()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	w := &world{Store: store.New(pool), t: t, now: time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)}
	places := hexmap.NewPlaces(w.Store)
	city, err := places.City(t.Context(), pgtest.Chambery)
	if err != nil {
		t.Fatal(err)
	}
	w.city = city
	w.teller = notice.Teller{Store: w.Store, Places: places, Postman: postman, BaseURL: "https://quietude.example.fr", Thresholds: []int{14, 3, -1},
		Now: func() time.Time { return w.now }, Logger: slog.New(slog.DiscardHandler)}
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// owe adds an action that an organisation owes.
func (w *world) owe(organisation uuid.UUID, titre, echeance, state string) uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	w.exec(`insert into action (territoire, id, quartier, code, titre, state, pilote, echeance) values ($1, $2, 'CE', 'TEC', $3, $4, $5, $6)`,
		pgtest.Chambery, id, titre, state, organisation, echeance)
	if err := w.Let(w.t.Context(), pgtest.Chambery, atelier.OnAction, id, atelier.ChampTitre, titre); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) organisation(nom, email string) uuid.UUID {
	w.t.Helper()
	o := atelier.Organisation{Territoire: pgtest.Chambery, ID: uuid.New(), Nom: nom, Kind: "bailleur", Email: email}
	if err := w.PutOrganisation(w.t.Context(), o); err != nil {
		w.t.Fatal(err)
	}
	return o.ID
}

// both lets two nodes remind at once.
func (w *world) both() {
	w.t.Helper()
	var all sync.WaitGroup
	for range 2 {
		other := w.teller
		all.Go(func() {
			if err := other.Remind(context.Background(), w.city); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
}

var secretOf = regexp.MustCompile(`https://quietude\.example\.fr/pilote#(\S+)`)

// TestRemind: a pilote is told once of an action and a threshold, though two
// nodes work, in one message for all its actions, with a link that opens them;
// what is settled, far away or without an address is left alone; a new échéance
// is told of anew; while the server is away nothing is taken for sent.
func TestRemind(t *testing.T) {
	t.Parallel()
	b, postman := postOffice(t)
	w := newWorld(t, postman)
	one, two := w.organisation("Bailleur", "actions@bailleur.exemple.fr"), w.organisation("Sans adresse", "")
	near := w.owe(one, "Réparer la porte", "2026-04-01", "planned")
	w.owe(one, "Tailler la haie", "2026-03-10", "ongoing")
	w.owe(one, "Plus tard", "2026-06-01", "planned")
	w.owe(one, "Refusé", "2026-03-10", "refused")
	w.owe(two, "Sans adresse", "2026-03-10", "planned")

	away := w.teller
	away.Postman = nobody{}
	if err := away.Remind(t.Context(), w.city); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("the server is away: %v", err)
	}
	w.both()
	w.both()
	got := b.taken()
	if len(got) != 1 || got[0].to != "actions@bailleur.exemple.fr" {
		t.Fatalf("sent %+v, want one message", got)
	}
	text := got[0].text
	if !strings.Contains(text, "Réparer la porte (Centre, programmé), attendue le") || !strings.Contains(text, "Tailler la haie (Centre, en cours), en retard") ||
		strings.Contains(text, "Plus tard") || strings.Contains(text, "Refusé") {
		t.Errorf("the message says:\n%s", text)
	}
	found := secretOf.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link in:\n%s", text)
	}
	if link, err := w.OrganisationLink(t.Context(), auth.Digest(found[1])); err != nil || link.Organisation != one || !link.Reminder {
		t.Errorf("the link opens %+v, %v", link, err)
	}
	log, err := w.Connexions(t.Context(), w.city.Code, atelier.PilotLinkMade, time.Time{}, time.Now().Add(time.Hour), 10)
	if err != nil || len(log) != 1 || log[0].Nom == "" || log[0].Details["liens"] != "rappel" {
		t.Errorf("the log of access has %+v, %v; want one link", log, err)
	}

	// The next thresholds of one of them, and no other.
	for _, c := range []struct {
		day  time.Time
		want int
	}{{time.Date(2026, 3, 28, 9, 0, 0, 0, time.UTC), 0}, {time.Date(2026, 3, 29, 9, 0, 0, 0, time.UTC), 1}, {time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), 0},
		{time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC), 1}, {time.Date(2026, 4, 20, 9, 0, 0, 0, time.UTC), 0}} {
		w.now = c.day
		w.both()
		if got := b.taken(); len(got) != c.want || len(got) == 1 && strings.Count(got[0].text, "\n– ") != 1 {
			t.Errorf("%s: %+v, want %d", c.day.Format(time.DateOnly), got, c.want)
		}
	}
	w.exec(`update action set echeance = '2026-04-25' where id = $1`, near)
	w.both()
	if got := b.taken(); len(got) != 1 || !strings.Contains(got[0].text, "attendue le") {
		t.Errorf("a new échéance: %+v", got)
	}
}

// TestPassed: of several thresholds only the last that has passed is told.
func TestPassed(t *testing.T) {
	t.Parallel()
	thresholds := []int{-1, 14, 3, -30}
	for left, want := range map[int]int{15: 999, 14: 14, 4: 14, 3: 3, 0: 3, -1: -1, -29: -1, -30: -30, -400: -30} {
		last, any := notice.Passed(thresholds, left)
		if any != (want != 999) || any && last != want {
			t.Errorf("%d days left: %d %v, want %d", left, last, any, want)
		}
	}
}

// TestAskAndConfirm: an address is written to once to confirm it, and then once
// for each action that is done since a fortnight and public; not after an
// answer, and not an address that was taken back.
func TestAskAndConfirm(t *testing.T) {
	t.Parallel()
	b, postman := postOffice(t)
	w := newWorld(t, postman)
	room := pgtest.Atelier(t, w.Pool())
	done := uuid.New()
	w.exec(`insert into action (territoire, id, quartier, atelier, code, titre, state, done_on, proof) values ($1, $2, 'CE', $3, 'TEC', 'Six lampadaires', 'done', '2026-03-06', 'Fait')`,
		pgtest.Chambery, done, room.ID)
	var all []atelier.Follower
	for i := range 3 {
		f := atelier.Follower{Territoire: pgtest.Chambery, Atelier: room.ID, ID: uuid.New(), Table: 1, Code: atelier.NewFollowerCode(),
			Email: []string{"a@exemple.fr", "b@exemple.fr", "A@exemple.fr"}[i], Confirm: atelier.NewFollowerCode()}
		if err := w.AddFollower(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		if err := w.SetFollowerEmail(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	job := notice.ConfirmJob{Territoire: pgtest.Chambery, Atelier: room.ID, Follower: all[0].ID}
	for range 2 {
		if err := w.teller.Confirm(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	got := b.taken()
	if len(got) != 1 || got[0].to != "a@exemple.fr" || !strings.Contains(got[0].text, "/est-ce-mieux#"+all[0].Code+"-"+all[0].Confirm) {
		t.Fatalf("confirmation: %+v", got)
	}
	ask := func() []letter {
		t.Helper()
		var both sync.WaitGroup
		for range 2 {
			other := w.teller
			both.Go(func() {
				if err := other.Ask(context.Background(), w.city); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		return b.taken()
	}
	for _, f := range []atelier.Follower{all[0], all[2]} {
		if err := w.ConfirmFollower(t.Context(), f, f.Confirm); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(); len(got) != 0 {
		t.Fatalf("nothing is public, and %+v was sent", got)
	}
	w.exec(`insert into suivi_decision (territoire, action, id, shown, titre, digest, role) values ($1, $2, gen_random_uuid(), true, 'Six lampadaires', '', 'animateur')`, pgtest.Chambery, done)
	w.now = w.now.AddDate(0, 0, -1)
	if got := ask(); len(got) != 0 {
		t.Fatalf("too early: %+v", got)
	}
	w.now = w.now.AddDate(0, 0, 1)
	got = ask()
	if len(got) != 1 || !strings.EqualFold(got[0].to, "a@exemple.fr") || !strings.Contains(got[0].text, "Six lampadaires") {
		t.Fatalf("asked %+v, want the confirmed address, once", got)
	}
	if got := ask(); len(got) != 0 {
		t.Errorf("asked again: %+v", got)
	}
	if err := w.ConfirmFollower(t.Context(), all[1], all[1].Confirm); err != nil {
		t.Fatal(err)
	}
	all[1].Email = ""
	if err := w.SetFollowerEmail(t.Context(), all[1]); err != nil {
		t.Fatal(err)
	}
	w.exec(`update action set done_on = '2026-03-05' where id = $1`, done)
	w.exec(`insert into action_voice (territoire, action, atelier, follower, done_on, better) select $1, $2, $3, id, '2026-03-05', true from contact.follower where email <> ''`, pgtest.Chambery, done, room.ID)
	if got := ask(); len(got) != 0 {
		t.Errorf("who has answered, or has taken the address back, is asked: %+v", got)
	}
}
