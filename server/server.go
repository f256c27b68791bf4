// Package server puts the parts of the service behind one HTTP handler: the
// interface of server/api, the pages of the front end, and what holds for all
// of them (headers, compression, limits, log, metrics). It has no rule of its
// own about who may see what.
package server

import (
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"quietude/server/api"
)

// Config is what the handler is made of.
type Config struct {
	API *api.API
	// Web is the built front end, with index.html and assets/ at its root; nil
	// or empty when it has not been built.
	Web    fs.FS
	Logger *slog.Logger
	// BasemapURL is a raster layer drawn under the map, with {z}, {x} and {y};
	// "" for none.
	BasemapURL string
	// BaseURL is the public address; when it is https, browsers are told to
	// come back by https only.
	BaseURL string
	// TrustedProxies are the addresses or ranges of reverse proxies whose
	// X-Forwarded-For is believed; without any, a client is its own address.
	TrustedProxies []string
	// SecurityContact is where a weakness is reported, as a mailto: or https:
	// address; "" serves no security.txt.
	SecurityContact string
}

// New makes the handler. It fails on a basemap address that cannot be used and
// on a front end that cannot be read.
func New(c Config) (http.Handler, error) {
	basemap, err := originOf(c.BasemapURL)
	if err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	if err := engine.SetTrustedProxies(c.TrustedProxies); err != nil {
		return nil, err
	}
	numbers := newMetrics()
	engine.Use(numbers.count, logRequests(c.Logger), recoverPanics(c.Logger), shortAddress)
	refused := newRefusals(c.Web)
	engine.NoRoute(refused.noRoute)
	engine.NoMethod(noMethod)
	c.API.Page = refused.of
	if err := c.API.Register(engine); err != nil {
		return nil, err
	}
	engine.GET("/metrics", onlyLocal, gin.WrapH(numbers.handler()))
	if err := registerPages(engine, c.Web, c.BasemapURL, c.API.Auth, refused, c.API.TableRefusal); err != nil {
		return nil, err
	}
	if c.SecurityContact != "" {
		get(engine, "/.well-known/security.txt", securityText(c.SecurityContact, strings.TrimRight(c.BaseURL, "/"), time.Now))
	}
	public, err := originOf(c.BaseURL)
	if err != nil {
		return nil, err
	}
	return outer(engine, &fromMemory{c.API, numbers, c.Logger}, public, securityHeaders(basemap, strings.HasPrefix(public, "https://")))
}

// outer wraps what does not depend on routes. public is the origin of the pages
// as browsers know it, which a proxy may hide from us; "" for none.
func outer(inner http.Handler, kept *fromMemory, public string, headers map[string]string) (http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.ContentTypeFilter(compressible), gzhttp.SuffixETag(api.TagSuffix), gzhttp.EnableZstd(true))
	if err != nil {
		return nil, err
	}
	compressed := compress(inner)
	protection := http.NewCrossOriginProtection()
	if public != "" {
		if err := protection.AddTrustedOrigin(public); err != nil {
			return nil, err
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { api.Refuse(w, http.StatusForbidden) }))
	protected := protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A stream is flushed event by event; its first byte may be long in
		// coming. Tiles compress themselves.
		if strings.HasSuffix(r.URL.Path, "/stream") || isTile(r) {
			inner.ServeHTTP(w, r)
			return
		}
		compressed(w, r)
	}))
	// The values are shared by all answers: whoever changes a header replaces them.
	ready, forTiles := http.Header{}, http.Header{}
	for name, value := range headers {
		ready.Set(name, value)
		if slices.Contains(tileHeaders, name) {
			forTiles[name] = ready[name]
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A body in chunks may have come with a length too, which net/http forgets: a
		// proxy that believed the length takes what follows for the body, and it would be
		// answered here as a request of this machine (RFC 9112, 6.1). Nothing follows.
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		answer, isKept := kept.find(r)
		switch {
		case isKept && answer.NotModified():
		case isTile(r):
			maps.Copy(w.Header(), forTiles)
		default:
			maps.Copy(w.Header(), ready)
		}
		if isKept {
			kept.write(answer, w, r)
			return
		}
		protected.ServeHTTP(w, r)
	}), nil
}

// isTile reports whether a request is for a vector tile, of which a map asks for
// dozens at a time.
func isTile(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, ".mvt") }

// tileHeaders are the headers of security that mean something for a tile: the
// others speak to documents, and would be a tenth of what a small tile weighs.
var tileHeaders = []string{"X-Content-Type-Options", "Strict-Transport-Security"}

// compressible lists what shrinks; pictures, fonts and PDF already have.
func compressible(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	switch strings.TrimSpace(media) {
	case "application/json", "application/geo+json", "application/problem+json", "application/manifest+json",
		"application/vnd.mapbox-vector-tile", "application/yaml", "text/html", "text/css", "text/csv", "text/plain",
		"text/javascript", "image/svg+xml":
		return true
	}
	return false
}

// originOf gives scheme and host of an address, as a content security policy
// names them; "" for none.
func originOf(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.ContainsAny(u.Host, " ;,'\"") {
		return "", fmt.Errorf("adresse %q : elle doit commencer par https:// et nommer un serveur", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

// securityLife is how long a reader may rely on a security.txt; RFC 9116, 2.5.5
// wants less than a year.
const securityLife = 180 * 24 * time.Hour

// securityText says where to report a weakness (RFC 9116). It is made for each
// request: a service that goes on running never shows one that has expired.
func securityText(contact, base string, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		text := "Contact: " + contact + "\nExpires: " + now().Add(securityLife).UTC().Truncate(24*time.Hour).Format(time.RFC3339) +
			"\nPreferred-Languages: fr, en\n"
		if strings.HasPrefix(base, "https://") {
			text += "Canonical: " + base + "/.well-known/security.txt\n"
		}
		c.Header("Cache-Control", "public, max-age=86400")
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(text))
	}
}

func securityHeaders(basemap string, https bool) map[string]string {
	images := "img-src 'self' data: blob:"
	if basemap != "" {
		images += " " + basemap
	}
	h := map[string]string{
		"Content-Security-Policy": strings.Join([]string{
			"default-src 'none'", "object-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", images, "connect-src 'self'",
			"worker-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
			// A string becomes markup or a script by these two alone (web/src/trusted.ts).
			"require-trusted-types-for 'script'", "trusted-types default lit-html"}, "; "),
		"Referrer-Policy":            "no-referrer",
		"Permissions-Policy":         "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
		"X-Content-Type-Options":     "nosniff",
		"Cross-Origin-Opener-Policy": "same-origin",
	}
	if https {
		h["Strict-Transport-Security"] = "max-age=31536000"
	}
	return h
}

// noMethod answers a path that exists with another method; gin has set Allow.
func noMethod(c *gin.Context) {
	if c.Request.Method == http.MethodOptions {
		c.Header("Allow", c.Writer.Header().Get("Allow")+", OPTIONS")
		c.Status(http.StatusNoContent)
		return
	}
	api.Refuse(c.Writer, http.StatusMethodNotAllowed)
}
