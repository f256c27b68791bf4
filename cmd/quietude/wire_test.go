package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestLocalNames(t *testing.T) {
	served := localNames(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for host, want := range map[string]int{
		"127.0.0.1:8080": http.StatusNoContent, "127.0.0.1": http.StatusNoContent, "localhost:8080": http.StatusNoContent,
		"[::1]:8080": http.StatusNoContent, "[::1]": http.StatusNoContent,
		"ailleurs.exemple.fr:8080": http.StatusForbidden, "localhost.exemple.fr": http.StatusForbidden,
		"127.0.0.1.exemple.fr": http.StatusForbidden, "192.0.2.1:8080": http.StatusForbidden, "": http.StatusForbidden,
	} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/ateliers", nil)
		r.Host = host
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
}
