package api_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
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

// BenchmarkKnown measures an empty 304 to a client that has the tile, beside
// gin's, without the network.
func BenchmarkKnown(b *testing.B) {
	n := newNode(b)
	fill(n, rand.New(rand.NewPCG(1, 1)))
	path := centreTile("hexagones")
	request := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "127.0.0.1:1234"
		r.Header.Set("Authorization", "Bearer "+n.bearer)
		return r
	}
	known := request()
	for range 2 { // what is asked for twice is kept
		w := httptest.NewRecorder()
		n.bare.ServeHTTP(w, request())
		known.Header.Set("If-None-Match", w.Header().Get("ETag"))
	}
	plain := gin.New()
	plain.GET("/tiles/:layer/:z/:x/:y", func(c *gin.Context) { c.Status(http.StatusNotModified) })
	for name, handler := range map[string]http.Handler{"here": n.bare, "gin": plain} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, known)
				if w.Code != http.StatusNotModified {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
