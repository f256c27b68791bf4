package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"quietude/server/fault"
	sender "quietude/server/mail"
)

// certificate makes one for 0.0.0.0, which reaches this machine by an address that is
// not known to be its own.
func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4zero},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// known is one that this process trusts.
var known = certificate()

// TestMain has known trusted as an administrator would: in the file of the machine's
// authorities.
func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "autorites")
	if err != nil {
		panic(err)
	}
	file := filepath.Join(folder, "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: known.Certificate[0]}), 0o600); err != nil {
		panic(err)
	}
	for name, value := range map[string]string{"SSL_CERT_FILE": file, "SSL_CERT_DIR": folder} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

// inbox is a real SMTP server on the loopback that keeps what it receives.
type inbox struct {
	mu       sync.Mutex
	from     string
	secret   bool // how the last message came
	to       []string
	messages []string
	refuse   string // recipient that it does not know
}

func (b *inbox) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{b, c}, nil }

type session struct {
	inbox *inbox
	conn  *smtp.Conn
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.from = from
	_, s.inbox.secret = s.conn.TLSConnectionState()
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

func serve(t *testing.T, b *inbox, certificates ...tls.Certificate) (address string) {
	t.Helper()
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	if len(certificates) > 0 {
		server.TLSConfig = &tls.Config{Certificates: certificates}
	}
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

// TestNothingIsSentInClear: a server that offers no encryption is given nothing, not
// even an address, unless it is this machine or the setting says so; one that does is
// believed only with a certificate of its name.
func TestNothingIsSentInClear(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scheme, host string
		certificates []tls.Certificate
		code         string // of the refusal
		secret       bool
	}{
		"elsewhere, in clear":               {"smtp", "0.0.0.0", nil, "envoi_non_chiffre", false},
		"elsewhere, in clear, as said":      {"smtp+plaintext", "0.0.0.0", nil, "", false},
		"elsewhere, encrypted":              {"smtp", "0.0.0.0", []tls.Certificate{known}, "", true},
		"elsewhere, encrypted all the same": {"smtp+plaintext", "0.0.0.0", []tls.Certificate{known}, "", true},
		"somebody else's certificate":       {"smtp", "0.0.0.0", []tls.Certificate{certificate()}, "envoi_impossible", false},
		"this machine, in clear":            {"smtp", "127.0.0.1", nil, "", false},
		"this machine by its name":          {"smtp", "localhost", nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &inbox{}
			_, port, err := net.SplitHostPort(serve(t, b, c.certificates...))
			if err != nil {
				t.Fatal(err)
			}
			s, err := sender.New(c.scheme+"://"+net.JoinHostPort(c.host, port), "ville@exemple.fr")
			if err != nil {
				t.Fatal(err)
			}
			for what, err := range map[string]error{"check": s.Check(t.Context()), "send": s.Send(t.Context(), sender.Message{To: "b@exemple.fr", Subject: "x", Text: "x"})} {
				code := ""
				if f := fault.As(err); f != nil {
					code = f.Code
				}
				if code != c.code || c.code != "" && fault.KindOf(err) != fault.Unavailable || sender.NotEncrypted(err) != (c.code == "envoi_non_chiffre") {
					t.Errorf("%s: %v", what, err)
				}
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			if taken := len(b.messages) + len(b.to); taken != map[bool]int{true: 2}[c.code == ""] || (b.from != "") != (c.code == "") || b.secret != c.secret {
				t.Errorf("the server has %d, from %q, encrypted: %v", taken, b.from, b.secret)
			}
		})
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
	if _, err := sender.New("smtp+plaintext://compte:secret@h", "a@b.fr"); err == nil || strings.Contains(err.Error(), "secret@") {
		t.Errorf("a password in clear: %v", err)
	}
	if _, err := sender.New("smtps://compte:secret@smtp.exemple.fr", "Ville <a@b.fr>"); err != nil {
		t.Error(err)
	}
	if _, err := sender.New("smtp://compte:se%ZZcret@h", "a@b.fr"); err == nil || strings.Contains(err.Error(), "cret") {
		t.Errorf("a broken setting: %v", err)
	}
}
