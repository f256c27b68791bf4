package auth_test

import (
	"net/http/httptest"
	"testing"

	"quietude/server/auth"
)

// TestWithoutToken: no store is asked about a request that carries no token.
func TestWithoutToken(t *testing.T) {
	t.Parallel()
	local, insecure, public := auth.New(nil, auth.Local), auth.NewInsecure(nil), auth.New(nil, auth.Public)
	for _, c := range []struct {
		name   string
		of     *auth.Authenticator
		header string
		want   auth.Role
	}{
		{"direct", local, "", auth.Local},
		{"through nginx", local, "X-Real-IP", auth.Public},
		{"through Caddy", local, "X-Forwarded-For", auth.Public},
		{"through RFC 7239", local, "Forwarded", auth.Public},
		{"through a gateway", local, "Via", auth.Public},
		{"another header", local, "Accept", auth.Local},
		{"insecure, direct", insecure, "", auth.Local},
		{"insecure, through a proxy", insecure, "X-Forwarded-For", auth.Local},
		{"public", public, "", auth.Public},
		{"public, through a proxy", public, "X-Forwarded-For", auth.Public},
	} {
		r := httptest.NewRequest("GET", "/api/v1/ateliers", nil)
		if c.header != "" {
			r.Header.Set(c.header, "203.0.113.9")
		}
		p, err := c.of.Of(r)
		if err != nil || p.Role != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, p.Role, err, c.want)
		}
		if p.Animates("73065") != (c.want == auth.Local) {
			t.Errorf("%s: %q leads ateliers: %v", c.name, p.Role, p.Animates("73065"))
		}
	}
}
