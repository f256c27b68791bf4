package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"quietude/server/api"
	"quietude/server/auth"
)

// pages are the addresses that a page of the front end answers. Those of a
// session (a table's, the staff's) are not for search engines or caches. Who may
// open which is in the table of server/auth.
var pages = []struct {
	address string
	file    string
	session bool
}{
	{"/", "index.html", false},
	{"/signaler", "signaler.html", false},
	{"/carte", "carte.html", true},
	{"/connexion", "connexion.html", true},
	{"/police", "police.html", true},
	{"/police/fiche", "fiche.html", true},
	{"/acces", "acces.html", true},
	{"/compte", "compte.html", true},
	{"/comptes", "comptes.html", true},
	{"/journal", "journal.html", true},
	{"/conservation", "conservation.html", true},
	{shell, tablePage, true},
	{"/animation", "animation.html", true},
	{"/animation/:id", "animation.html", true},
	{"/projection/:id", "projection.html", true},
	{"/restitution", "restitution.html", true},
	{"/restitution/:id", "restitution.html", true},
	{"/invitation/:code", "invitation.html", true},
	{"/moderation", "moderation.html", true},
	{"/actions", "actions.html", true},
	{"/suivi", "suivi.html", false},
	{"/suivi/:code", "suivi.html", false},
	{"/est-ce-mieux", "est-ce-mieux.html", true},
	{"/pilote", "pilote.html", true},
	{"/vie-privee", "vie-privee.html", false},
	{"/ma-contribution", "contribution.html", true},
	{"/quartiers", "quartiers.html", true},
	{"/quartiers/:code", "quartiers.html", true},
}

// The page of a table answers by its code. The shell is the same page without one,
// as a service worker keeps it (web/vite.config.ts).
const (
	tableAddress = "/a/:code"
	tablePage    = "atelier.html"
	shell        = "/a/hors-ligne"
)

// basemapMeta is where a page learns of the raster layer.
const basemapMeta = `<meta name="quietude-basemap" content="">`

// notBuilt is shown when the binary was made without the front end.
const notBuilt = `<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Quiétude</title>
<h1>L’interface n’a pas été construite</h1>
<p>Le service répond, mais ce programme a été compilé sans ses pages. Lancez <code>make build</code>, puis redémarrez.</p>
</html>
`

// refusals make the page that a browser shows of an address that is refused: that
// of the front end with the words of a problem, or the words alone where it has
// not been built.
type refusals struct{ page string }

const bareRefusal = `<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quiétude</title>
<!--message-->
</html>
`

func newRefusals(web fs.FS) refusals {
	if web != nil {
		if body, err := fs.ReadFile(web, "erreur.html"); err == nil {
			return refusals{string(body)}
		}
	}
	return refusals{bareRefusal}
}

func (r refusals) of(p api.Problem) []byte {
	name, detail := html.EscapeString(p.Title), html.EscapeString(p.Detail)
	return []byte(strings.NewReplacer(
		`status="" name="" detail=""`, fmt.Sprintf(`status="%d" name="%s" detail="%s"`, p.Status, name, detail),
		`<!--message-->`, fmt.Sprintf(`<h1>%s</h1><p>%s</p><p><a href="/">Accueil</a></p>`, name, detail),
	).Replace(r.page))
}

// show answers with such a page.
func (r refusals) show(c *gin.Context, p api.Problem) {
	c.Header("Cache-Control", "no-store")
	c.Data(p.Status, "text/html; charset=utf-8", r.of(p))
	c.Abort()
}

// noRoute answers an address that nothing serves.
func (r refusals) noRoute(c *gin.Context) {
	if !api.Opened(c.Request) {
		api.Refuse(c.Writer, http.StatusNotFound)
		return
	}
	r.show(c, api.Problem{Status: http.StatusNotFound, Title: "Cette page n’existe pas",
		Detail: "Vérifiez l’adresse, ou reprenez depuis l’accueil. Rien de ce que vous avez envoyé n’est perdu."})
}

// document is a file of the front end, ready to be sent.
type document struct {
	body []byte
	tag  string
	kind string
}

func newDocument(body []byte, name string) document {
	sum := sha256.Sum256(body)
	return document{body, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, contentType(name)}
}

// contentType does not ask the machine, whose tables differ: with nosniff a
// wrong type is a page that does not start.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// registerPages puts the pages, their assets and the files beside them (service
// worker, manifest, icons) on the router.
func registerPages(engine *gin.Engine, web fs.FS, basemapURL string, who *auth.Authenticator, refused refusals, refusal func(*gin.Context) *api.Problem) error {
	for _, p := range pages {
		page, err := readPage(web, p.file, basemapURL)
		if err != nil {
			return err
		}
		get(engine, p.address, staffOnly(who, refused), page.serve(p.session))
	}
	table, err := readPage(web, tablePage, basemapURL)
	if err != nil {
		return err
	}
	get(engine, tableAddress, table.serveTable(refusal))
	if web == nil {
		return nil
	}
	names, err := fs.ReadDir(web, ".")
	if err != nil {
		return fmt.Errorf("front end: %w", err)
	}
	for _, entry := range names {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) == ".html" || strings.HasPrefix(name, ".") {
			continue
		}
		body, err := fs.ReadFile(web, name)
		if err != nil {
			return fmt.Errorf("front end: %w", err)
		}
		// no-cache is "ask again", so that a new service worker takes over.
		get(engine, "/"+name, newDocument(body, name).serve(false))
	}
	get(engine, "/assets/*file", assets(web))
	return nil
}

func get(engine *gin.Engine, address string, h ...gin.HandlerFunc) {
	engine.GET(address, h...)
	engine.HEAD(address, h...)
}

// staffOnly sends whoever has not signed in to the page where one does, and
// keeps the wrong role out. The pages hold no data: this spares people an empty
// map, and the interface itself decides again.
func staffOnly(who *auth.Authenticator, refused refusals) gin.HandlerFunc {
	return func(c *gin.Context) {
		if auth.Public.MayOpen(c.FullPath()) {
			return
		}
		c.Header("Cache-Control", "no-store")
		p, err := who.Of(c.Request)
		switch {
		case err == nil && p.MayOpen(c.FullPath()):
		case err == nil && p.SettingUp:
			c.Redirect(http.StatusSeeOther, p.Home())
			c.Abort()
		case err == nil && p.Role != auth.Public:
			refused.show(c, api.Problem{Status: http.StatusForbidden, Title: "Cette page est réservée à un autre rôle",
				Detail: "Votre compte ne donne pas accès à cette page."})
		default:
			c.Redirect(http.StatusSeeOther, "/connexion?retour="+url.QueryEscape(c.Request.URL.RequestURI()))
			c.Abort()
		}
	}
}

// readPage gives a page with the address of the basemap in its place, or a nil
// document's stand-in when it has not been built.
func readPage(web fs.FS, name, basemapURL string) (document, error) {
	if web == nil {
		return document{}, nil
	}
	body, err := fs.ReadFile(web, name)
	if errors.Is(err, fs.ErrNotExist) {
		return document{}, nil
	}
	if err != nil {
		return document{}, fmt.Errorf("front end: %w", err)
	}
	if basemapURL != "" {
		filled := strings.Replace(basemapMeta, `content=""`, `content="`+html.EscapeString(basemapURL)+`"`, 1)
		body = []byte(strings.Replace(string(body), basemapMeta, filled, 1))
	}
	return newDocument(body, name), nil
}

// built reports whether there is such a page, and answers if there is not.
func (d document) built(c *gin.Context) bool {
	if d.body == nil {
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusServiceUnavailable, "text/html; charset=utf-8", []byte(notBuilt))
	}
	return d.body != nil
}

// ofSession keeps a session's page out of caches and search engines.
func ofSession(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Robots-Tag", "noindex, nofollow")
}

// serveTable gives the page of a table. When its code is refused the answer says so
// with its status and carries the words: the page shows them, and does not ask the
// server a second time, which would count a wrong code twice.
func (d document) serveTable(refusal func(*gin.Context) *api.Problem) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !d.built(c) {
			return
		}
		ofSession(c)
		p := refusal(c)
		if p == nil {
			c.Data(http.StatusOK, d.kind, d.body)
			return
		}
		filled := fmt.Sprintf(`<resident-page status="%d" problem="%s" detail="%s">`, p.Status, html.EscapeString(p.Code), html.EscapeString(p.Detail))
		c.Data(p.Status, d.kind, bytes.Replace(d.body, []byte("<resident-page>"), []byte(filled), 1))
	}
}

func (d document) serve(session bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !d.built(c) {
			return
		}
		c.Header("Cache-Control", "no-cache")
		if session {
			ofSession(c)
		} else if api.NotModified(c, d.tag) {
			return
		}
		c.Data(http.StatusOK, d.kind, d.body)
	}
}

// assets serves files whose names change with their content.
func assets(web fs.FS) gin.HandlerFunc {
	return func(c *gin.Context) {
		name := path.Join("assets", path.Clean("/"+c.Param("file")))
		body, err := fs.ReadFile(web, name)
		if err != nil {
			api.Refuse(c.Writer, http.StatusNotFound)
			return
		}
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
		c.Data(http.StatusOK, contentType(name), body)
	}
}
