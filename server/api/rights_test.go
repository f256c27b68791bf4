package api_test

import (
	"slices"
	"strings"
	"testing"

	"quietude/server/api"
	"quietude/server/auth"
)

// TestEveryRouteHasItsLine: the table of rights and the router name the same
// routes, so that a new one is nobody's until somebody has decided whose.
func TestEveryRouteHasItsLine(t *testing.T) {
	t.Parallel()
	served := map[string]bool{}
	for _, route := range routeNames(t) {
		served[route] = true
	}
	known := auth.Routes()
	for route := range served {
		if !slices.Contains(known, route) {
			t.Errorf("%s has no line in the table of rights", route)
		}
	}
	for _, route := range known {
		if !served[route] {
			t.Errorf("%s has a line in the table of rights and is not served", route)
		}
	}
}

// routeNames are the routes as the table of rights names them: those of tiles
// once for each layer of the contract.
func routeNames(t *testing.T) (names []string) {
	t.Helper()
	layers := loadContract(t).Components.Parameters["Layer"].Value.Schema.Value.Enum
	for _, r := range new(api.API).Routes() {
		name := r.Method + " " + r.Path
		if !strings.Contains(name, "{layer}") {
			names = append(names, name)
			continue
		}
		for _, layer := range layers {
			names = append(names, strings.ReplaceAll(name, "{layer}", layer.(string)))
		}
	}
	return names
}
