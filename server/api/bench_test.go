package api_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkAnswers measures whole answers, door and middleware included.
func BenchmarkAnswers(b *testing.B) {
	n := newStreetNode(b)
	fill(n, rand.New(rand.NewPCG(1, 1)))
	for name, path := range map[string]string{
		"territoires": "/api/v1/territoires", "hexagones": "/api/v1/quartiers/CE/hexagones?resolution=10&theme=BRU",
		"hexagon tile": centreTile("hexagones"), "street tile": centreTile("voirie"), "search": "/api/v1/voies?q=rue",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				n.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
