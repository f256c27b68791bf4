package api_test

import (
	"testing"

	"quietude/server/api"
	"quietude/server/auth"
)

// TestEveryRouteHasItsLine: the table of rights and the router name the same
// routes, so that a new one is nobody's until somebody has decided whose.
func TestEveryRouteHasItsLine(t *testing.T) {
	t.Parallel()
	served := map[string]bool{}
	for _, r := range new(api.API).Routes() {
		served[r.Method+" "+r.Path] = true
	}
	for route := range served {
		if !auth.Local.May(route) {
			t.Errorf("%s has no line in the table of rights", route)
		}
	}
	for _, route := range auth.Routes() {
		if !served[route] {
			t.Errorf("%s has a line in the table of rights and is not served", route)
		}
	}
}
