package api

import "testing"

func TestGinPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/healthz":                              "/healthz",
		"/api/v1/ateliers/{id}/qr/{numero}.svg": "/api/v1/ateliers/:id/qr/:numero",
		"/tiles/{layer}/{z}/{x}/{y}.mvt":        "/tiles/:layer/:z/:x/:y",
	} {
		if got, _ := ginPath(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if _, suffixes := ginPath("/tiles/{layer}/{z}/{x}/{y}.mvt"); len(suffixes) != 1 || suffixes["y"] != ".mvt" {
		t.Errorf("suffixes %v", suffixes)
	}
}

func TestAcceptable(t *testing.T) {
	t.Parallel()
	geo := []string{mediaGeoJSON}
	for header, want := range map[string]bool{
		"": true, "*/*": true, "application/*": true, mediaGeoJSON: true, mediaJSON: true,
		"application/json, application/geo+json": true, "text/html,application/xhtml+xml,*/*;q=0.8": true,
		"text/html": false, "application/xml": false, "application/geo+json;q=0": false, "*/*;q=0": false, "nonsense;;": false,
	} {
		if got := acceptable([]string{header}, geo); got != want {
			t.Errorf("Accept %q: %v, want %v", header, got, want)
		}
	}
}
