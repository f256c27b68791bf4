package atelier

import (
	"strings"
	"testing"
)

// TestEmail: one address at a named host, and nothing else.
func TestEmail(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a@b.fr", "zoe.martin+ville@exemple.fr", "é@exemple.fr", "a@sous.domaine.exemple.fr", "a@demo.invalid", "a@xn--chambry-hya.fr"} {
		if got, err := CheckEmail(" "+good+"\n", "email"); err != nil || got != good {
			t.Errorf("%s: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "a", "a@", "@b.fr", "a@b", "a@localhost", "a@127.0.0.1", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@10", "a@b.", "a@.fr", "a b@c.fr", "a@b.fr,c@d.fr",
		"Zoé <a@b.fr>", "<a@b.fr>", "a@b.fr\r\nBcc: c@d.fr", "\"a\r\nb\"@c.fr", strings.Repeat("a", 250) + "@b.fr"} {
		if got, err := CheckEmail(bad, "email"); err == nil {
			t.Errorf("%q is taken as %q", bad, got)
		}
		if _, err := NewAccount("73065", bad, "Zoé", "police"); err == nil {
			t.Errorf("%q is taken for an account", bad)
		}
		if bad != "" && (&Contact{Email: bad}).Check() == nil {
			t.Errorf("%q is taken for a contact", bad)
		}
	}
}
