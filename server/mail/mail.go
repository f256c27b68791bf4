// Package mail sends invitations by e-mail, through the SMTP server that the
// city names. It knows neither who is invited nor why: it is given addresses and
// words, and says whether the server has taken them.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/netip"
	"net/smtp"
	"net/url"
	"strings"
	"time"

	"quietude/server/fault"
)

// Sender talks to one SMTP server. It is safe for concurrent use.
type Sender struct {
	host, port string
	tls        bool // from the first byte (smtps)
	plaintext  bool // without encryption, where the server offers none
	auth       smtp.Auth
	from       mail.Address
}

// Message is one e-mail in plain text.
type Message struct {
	To      string
	Subject string
	Text    string // lines end with \n
}

var (
	errSetting = fault.New(fault.Invalid, "configuration",
		"Le serveur d’envoi s’écrit smtp://[compte:mot-de-passe@]serveur:port (ou smtps://), avec l’adresse de l’expéditeur.")
	errPasswordInClear = fault.New(fault.Invalid, "configuration",
		"Avec smtp+plaintext:// le serveur d’envoi peut être joint sans chiffrement : un mot de passe s’y lirait en chemin. Écrivez smtp:// ou smtps://, ou retirez le compte.")
	errNotEncrypted = fault.New(fault.Unavailable, "envoi_non_chiffre",
		"Le serveur d’envoi ne propose pas de connexion chiffrée (STARTTLS) : rien ne lui est confié, car les messages portent des adresses et des liens personnels. Activez STARTTLS sur ce serveur, ou écrivez smtps://. Sur un réseau que personne d’autre ne peut lire, smtp+plaintext:// s’en passe.")
)

// New reads smtp://user:password@host:port, or smtps:// for TLS from the first byte.
// With smtp a server that offers no STARTTLS is given nothing, unless it is this
// machine: messages have addresses and links that open something. smtp+plaintext://
// does without encryption where there is none, and then has no password. from is the
// sender's address, perhaps with a name.
func New(server, from string) (*Sender, error) {
	u, err := url.Parse(server)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps" && u.Scheme != "smtp+plaintext") || u.Hostname() == "" {
		return nil, errSetting // the value may hold a password: it is not repeated
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, errSetting.Because(err)
	}
	s := &Sender{host: u.Hostname(), port: u.Port(), tls: u.Scheme == "smtps", from: *sender}
	s.plaintext = u.Scheme == "smtp+plaintext" || thisMachine(s.host)
	if u.User != nil && s.plaintext && !thisMachine(s.host) {
		return nil, errPasswordInClear
	}
	if s.port == "" {
		s.port = map[bool]string{false: "587", true: "465"}[s.tls]
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.auth = smtp.PlainAuth("", u.User.Username(), password, s.host)
	}
	return s, nil
}

// thisMachine reports whether nothing that is sent to a host leaves the machine.
func thisMachine(host string) bool {
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.Unmap().IsLoopback()
}

// patience bounds one message.
const patience = 30 * time.Second

// Send returns once the server has taken the message. A failure that may pass is
// fault.Unavailable; one that concerns this recipient for good is
// fault.Unprocessable.
func (s *Sender) Send(ctx context.Context, m Message) (err error) {
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return fault.New(fault.Unprocessable, "destinataire_refuse", "Cette adresse électronique est mal écrite.")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.Mail(s.from.Address); err != nil {
		return unreachable(err)
	}
	if err := c.Rcpt(to.Address); err != nil {
		if strings.HasPrefix(err.Error(), "5") {
			return fault.New(fault.Unprocessable, "destinataire_refuse", "Le serveur d’envoi refuse cette adresse.").Because(errWithout(err, to.Address))
		}
		return unreachable(errWithout(err, to.Address))
	}
	w, err := c.Data()
	if err != nil {
		return unreachable(err)
	}
	if _, err := w.Write(s.encode(m, *to, time.Now())); err != nil {
		return unreachable(err)
	}
	if err := w.Close(); err != nil {
		return unreachable(err)
	}
	// Taken: an unfriendly goodbye changes nothing.
	_ = c.Quit()
	return nil
}

// Check reports whether the server takes messages as they are to be sent, and gives
// it none: envoi_non_chiffre when it never will, envoi_impossible when it is away or
// refuses the account.
func (s *Sender) Check(ctx context.Context) error {
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_ = c.Quit()
	return nil
}

// NotEncrypted reports whether a server was given nothing as it offers no encryption.
func NotEncrypted(err error) bool {
	f := fault.As(err)
	return f != nil && f.Code == errNotEncrypted.Code
}

// connect gives a client that may send; until ctx ends.
func (s *Sender) connect(ctx context.Context) (c *smtp.Client, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		return nil, unreachable(err)
	}
	defer func() {
		if err != nil {
			_ = conn.Close()
		}
	}()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	settings := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if s.tls {
		conn = tls.Client(conn, settings)
	}
	if c, err = smtp.NewClient(conn, s.host); err != nil {
		return nil, unreachable(err)
	}
	if !s.tls {
		if err := c.Hello("localhost"); err != nil { // what the client would say by itself, with its error
			return nil, unreachable(err)
		}
		offered, _ := c.Extension("STARTTLS")
		if !offered && !s.plaintext {
			return nil, errNotEncrypted
		}
		if offered {
			if err := c.StartTLS(settings); err != nil {
				return nil, unreachable(err)
			}
		}
	}
	if s.auth != nil {
		if err := c.Auth(s.auth); err != nil {
			return nil, unreachable(err)
		}
	}
	return c, nil
}

// errWithout keeps an address out of the log.
func errWithout(err error, address string) error {
	return fmt.Errorf("smtp: %s", strings.ReplaceAll(err.Error(), address, "…"))
}

func unreachable(err error) error {
	return fault.New(fault.Unavailable, "envoi_impossible", "Le serveur d’envoi ne répond pas. Un nouvel essai suivra.").Because(err)
}

// encode writes the message as it travels: headers that no address or subject
// can add to, the text in base64.
func (s *Sender) encode(m Message, to mail.Address, now time.Time) []byte {
	var id [16]byte
	_, _ = rand.Read(id[:]) // crypto/rand never fails since Go 1.24
	_, domain, _ := strings.Cut(s.from.Address, "@")
	subject := strings.Join(strings.Fields(m.Subject), " ")
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%x@%s>\r\n", s.from.String(), to.String(),
		mime.QEncoding.Encode("utf-8", subject), now.Format(time.RFC1123Z), id, domain)
	b.WriteString("MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	encoded := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n")))
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	b.WriteString(encoded + "\r\n")
	return b.Bytes()
}
