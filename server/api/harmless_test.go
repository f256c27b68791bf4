package api_test

import (
	"mime"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"quietude/server/auth"
)

// TestNamesAreHarmlessOutside gives an atelier and its quartier names that would end
// a script or a header, and asks every route of every role: what is JSON holds no
// angle bracket, so that a page may have it inside it; what is HTML no tag of theirs;
// a file is called what we call it.
func TestNamesAreHarmlessOutside(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	const hostile = `</script><img src=x>"; x=.bat`
	e.exec(`update quartier set nom = $1, nom_court = $1 where code = 'CE'`, hostile)
	e.exec(`update atelier set titre = $1, lieu = $1`, hostile)
	e.start() // as after an import
	fill := strings.NewReplacer("{id}", e.atelier.ID.String(), "{code}", "CE", "{numero}", "1", "{objet}", "marker",
		"{participant}", e.participant.String(), "{rang}", "1")
	name := regexp.MustCompile(`^[a-z0-9-]+\.(pdf|csv|geojson|xlsx|odt|html)$`)
	said, files := 0, 0
	for _, role := range auth.Staff {
		token := e.token(string(role))
		for _, r := range e.api.Routes() {
			path := fill.Replace(r.Path)
			if r.Method != http.MethodGet || r.Stream || strings.Contains(path, "{") {
				continue
			}
			w := e.as(token, http.MethodGet, path, "")
			body, media := w.Body.String(), w.Header().Get("Content-Type")
			switch {
			case strings.Contains(media, "json"):
				if strings.Contains(body, "<") {
					t.Errorf("%s %s would end a script: %.200s", role, path, body)
				}
				said += strings.Count(body, `/script\u003e`)
			case strings.HasPrefix(media, "text/html"):
				if strings.Contains(body, "<img src=x") || strings.Contains(body, "</script><img") {
					t.Errorf("%s %s has a tag of theirs", role, path)
				}
				said += strings.Count(body, "&lt;img src=x")
			}
			if disposition := w.Header().Get("Content-Disposition"); disposition != "" {
				files++
				if _, parameters, err := mime.ParseMediaType(disposition); err != nil || !name.MatchString(parameters["filename"]) || len(parameters) != 1 {
					t.Errorf("%s %s is called %s: %v", role, path, disposition, err)
				}
			}
		}
	}
	if said < 10 || files < 10 {
		t.Errorf("the names were said %d times and %d files named: it proves nothing", said, files)
	}
}
