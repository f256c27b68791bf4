package invite_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/invite"
	"quietude/server/mail"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// inbox is a real SMTP server on the loopback; it refuses one recipient.
type inbox struct {
	mu sync.Mutex
	to map[string]int
}

func (b *inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return session{b}, nil }

type session struct{ *inbox }

func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "parti@") {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to[to]++
	return nil
}
func (session) Data(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }
func (session) Reset()                 {}
func (session) Logout() error          { return nil }

// TestSendOnce: each e-mail leaves once however often the job runs, a refused
// address holds up nobody, letters stay, while the server is away the job comes
// back, and nobody is invited to an evening that is past.
func TestSendOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	room := pgtest.Atelier(t, pool)
	s := store.New(pool)
	for _, c := range []atelier.Contact{{Email: "parti@exemple.fr"}, {Email: "un@exemple.fr"}, {Email: "deux@exemple.fr"}, {Adresse: "1 rue de l’Exemple"}} {
		if err := s.AddReporter(t.Context(), room.Territoire, pgtest.Signalement(t, pool).ID, c); err != nil {
			t.Fatal(err)
		}
	}
	reporters, err := s.Reporters(t.Context(), room, time.Time{}, time.Time{})
	if err != nil || len(reporters) != 4 {
		t.Fatalf("%d reporters, %v", len(reporters), err)
	}
	for _, r := range reporters {
		if err := s.Invite(t.Context(), room, []uuid.UUID{r.ID}); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	postman, err := mail.New("smtp://"+listener.Addr().String(), "Ville <ville@exemple.fr>")
	if err != nil {
		t.Fatal(err)
	}
	now := room.ClosesAt.Add(time.Minute)
	inviter := &invite.Inviter{Store: s, Places: hexmap.NewPlaces(s), Postman: postman, BaseURL: "https://quietude.example.fr", Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return now }}
	job := invite.Job{Territoire: room.Territoire, Atelier: room.ID}

	// Once the evening is past, nothing is even tried: nobody listens yet.
	if err := inviter.Send(t.Context(), job); err != nil {
		t.Fatalf("after the evening: %v", err)
	}
	now = room.StartsAt

	// Nobody accepts: the connection ends before a greeting.
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_ = conn.Close()
		}
	}()
	if err := inviter.Send(t.Context(), job); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("the server is away: %v", err)
	}
	b := &inbox{to: map[string]int{}}
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	for range 3 {
		if err := inviter.Send(context.Background(), job); err != nil {
			t.Fatal(err)
		}
	}
	_ = server.Close()
	if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if len(b.to) != 2 || b.to["un@exemple.fr"] != 1 || b.to["deux@exemple.fr"] != 1 {
		t.Errorf("delivered %v, want one each", b.to)
	}
	all, err := s.Invitations(t.Context(), room.Territoire, room.ID)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, i := range all {
		if i.SentAt != nil {
			sent++
		}
	}
	if sent != 2 || len(all) != 4 {
		t.Errorf("%d of %d invitations have left, want 2 of 4", sent, len(all))
	}
}
