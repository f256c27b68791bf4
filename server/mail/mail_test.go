package mail_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"quietude/server/fault"
	sender "quietude/server/mail"
)

// inbox is a real SMTP server on the loopback that keeps what it receives.
type inbox struct {
	mu       sync.Mutex
	from     string
	to       []string
	messages []string
	refuse   string // recipient that it does not know
}

func (b *inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{inbox: b}, nil }

type session struct{ inbox *inbox }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	if to == s.inbox.refuse {
		return &smtp.SMTPError{Code: 550, Message: "no such user " + to}
	}
	s.inbox.to = append(s.inbox.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.messages = append(s.inbox.messages, string(raw))
	return err
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func serve(t *testing.T, b *inbox) (address string) {
	t.Helper()
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	return listener.Addr().String()
}

// TestSend: what arrives is what was sent, and neither subject nor address can
// add a header.
func TestSend(t *testing.T) {
	t.Parallel()
	b := &inbox{refuse: "inconnu@exemple.fr"}
	s, err := sender.New("smtp://"+serve(t, b), "Ville de Chambéry <tranquillite@chambery.example>")
	if err != nil {
		t.Fatal(err)
	}
	text := "Bonjour,\n\nVous êtes invité·e. " + strings.Repeat("À bientôt. ", 40) + "\n"
	if err := s.Send(t.Context(), sender.Message{To: "habitante@exemple.fr", Subject: "Atelier du centre\r\nBcc: tous@exemple.fr", Text: text}); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	from, to, messages := b.from, slices.Clone(b.to), slices.Clone(b.messages)
	b.mu.Unlock()
	if from != "tranquillite@chambery.example" || len(to) != 1 || to[0] != "habitante@exemple.fr" || len(messages) != 1 {
		t.Fatalf("received from %q to %v: %d messages", from, to, len(messages))
	}
	m, err := mail.ReadMessage(strings.NewReader(messages[0]))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" || m.Header.Get("Message-Id") == "" || m.Header.Get("Date") == "" {
		t.Errorf("headers %v", m.Header)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil || strings.ReplaceAll(string(body), "\r\n", "\n") != text {
		t.Errorf("the text became %q, %v", body, err)
	}
	err = s.Send(t.Context(), sender.Message{To: "inconnu@exemple.fr", Subject: "x", Text: "x"})
	if fault.KindOf(err) != fault.Unprocessable || strings.Contains(err.Error(), "inconnu@") {
		t.Errorf("an unknown recipient: %v", err)
	}
	for _, bad := range []string{"", "a@b@c", "habitante@exemple.fr\r\nRCPT TO:<x@exemple.fr>"} {
		if err := s.Send(t.Context(), sender.Message{To: bad}); fault.KindOf(err) != fault.Unprocessable {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	s, err := sender.New("smtp://"+address, "a@exemple.fr")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), sender.Message{To: "b@exemple.fr"}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"", "a@b.fr"}, {"http://h:25", "a@b.fr"}, {"smtp://", "a@b.fr"}, {"smtp://h", "nobody"}} {
		if _, err := sender.New(c[0], c[1]); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := sender.New("smtps://compte:secret@smtp.exemple.fr", "Ville <a@b.fr>"); err != nil {
		t.Error(err)
	}
	if _, err := sender.New("smtp://compte:se%ZZcret@h", "a@b.fr"); err == nil || strings.Contains(err.Error(), "cret") {
		t.Errorf("a broken setting: %v", err)
	}
}
