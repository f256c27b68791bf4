package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/geo"
	"quietude/server/fault"
)

// answers is the single table from kinds of fault to HTTP.
var answers = map[fault.Kind]struct {
	status int
	title  string
}{
	fault.Invalid:          {http.StatusBadRequest, "Demande illisible"},
	fault.Unauthorized:     {http.StatusUnauthorized, "Accès non reconnu"},
	fault.Forbidden:        {http.StatusForbidden, "Accès refusé"},
	fault.NotFound:         {http.StatusNotFound, "Introuvable"},
	fault.NotAcceptable:    {http.StatusNotAcceptable, "Format non proposé"},
	fault.Conflict:         {http.StatusConflict, "Contradiction"},
	fault.Gone:             {http.StatusGone, "Terminé"},
	fault.TooLarge:         {http.StatusRequestEntityTooLarge, "Envoi trop grand"},
	fault.UnsupportedMedia: {http.StatusUnsupportedMediaType, "Type de contenu non lu"},
	fault.Unprocessable:    {http.StatusUnprocessableEntity, "Demande impossible"},
	fault.TooMany:          {http.StatusTooManyRequests, "Trop de demandes"},
	fault.Unavailable:      {http.StatusServiceUnavailable, "Service indisponible"},
	fault.Internal:         {http.StatusInternalServerError, "Erreur du service"},
}

// Statuses that no package but this one has a reason for.
const (
	methodNotAllowed = http.StatusMethodNotAllowed
	uriTooLong       = http.StatusRequestURITooLong
	clientGone       = 499 // as nginx writes it
)

// Problem is an error as a client receives it (RFC 9457).
type Problem struct {
	Status int
	Code   string
	Title  string
	Detail string
	Field  string
	Extra  map[string]any
}

// MarshalJSON writes the extra members beside the standard ones, which win.
func (p Problem) MarshalJSON() ([]byte, error) {
	m := make(map[string]any, len(p.Extra)+5)
	for k, v := range p.Extra {
		m[k] = v
	}
	m["status"], m["code"], m["title"], m["detail"] = p.Status, p.Code, p.Title, p.Detail
	if p.Field != "" {
		m["field"] = p.Field
	}
	return json.Marshal(m)
}

var errInternal = fault.New(fault.Internal, "erreur_interne",
	"Le service a rencontré une erreur. Elle a été notée ; réessayez plus tard.")

var errSlow = fault.New(fault.Unavailable, "service_charge",
	"Le service est très demandé en ce moment. Réessayez dans un instant.").After(2 * time.Second)

// ProblemOf is what a client may know of an error. Whatever is neither a fault
// nor a refusal of geo is a neutral 500.
func ProblemOf(err error) Problem {
	f := faultOf(err)
	answer := answers[f.Kind]
	return Problem{Status: answer.status, Code: f.Code, Title: answer.title, Detail: f.Detail, Field: f.Field, Extra: f.Extra}
}

func faultOf(err error) *fault.Error {
	if f := fault.As(err); f != nil && f.Kind != fault.Internal {
		return f
	}
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		return invalidGeometry(invalid)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errSlow.Because(err)
	}
	return errInternal
}

// fail answers an error. The chain of an internal one goes to the log, with
// the route and nothing that the client sent.
func (a *API) fail(c *gin.Context, err error) {
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(clientGone) // for the log: nobody is listening any more
		c.Abort()
		return
	}
	f := faultOf(err)
	switch f.Kind {
	case fault.Internal:
		a.Logger.LogAttrs(context.WithoutCancel(c.Request.Context()), slog.LevelError, "request failed",
			slog.String("route", c.FullPath()), slog.String("error", err.Error()))
	case fault.Unavailable:
		a.Logger.LogAttrs(context.WithoutCancel(c.Request.Context()), slog.LevelWarn, "request not served",
			slog.String("route", c.FullPath()), slog.String("error", err.Error()))
	}
	if c.Writer.Written() {
		// Part of an answer is on its way: only cutting it says that the rest
		// will not come.
		panic(http.ErrAbortHandler)
	}
	retryAfter(c, f)
	if f.Kind == fault.Unauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="quietude"`)
	}
	if p := ProblemOf(err); a.Page != nil && Opened(c.Request) {
		refuse(c.Writer, p.Status, "text/html; charset=utf-8", a.Page(p))
	} else {
		writeProblem(c.Writer, p)
	}
	c.Abort()
}

// retryAfter says when to try again, where a fault knows.
func retryAfter(c *gin.Context, f *fault.Error) {
	if f.RetryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
}

// Opened reports whether a person goes to an address with a browser, as by a link
// to a file: whoever does is shown a page, and programs a problem document.
func Opened(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && (mode == "" || mode == "navigate") &&
		strings.HasPrefix(r.Header.Get("Accept"), "text/html") // as every browser begins it
}

// writeProblem answers a problem that is not to be kept by any cache.
func writeProblem(w http.ResponseWriter, p Problem) {
	body, err := json.Marshal(p)
	if err != nil { // an extra member that is not JSON
		p.Extra = nil
		body, _ = json.Marshal(p)
	}
	refuse(w, p.Status, "application/problem+json", body)
}

func refuse(w http.ResponseWriter, status int, media string, body []byte) {
	h := w.Header()
	for _, name := range []string{"ETag", "Content-Disposition", "Content-Length", "Content-Encoding"} {
		h.Del(name) // of the answer that was to be
	}
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Refuse answers a request that no route took: status is 404, 405, 403 (a write
// from a foreign page) or 414.
func Refuse(w http.ResponseWriter, status int) {
	switch status {
	case methodNotAllowed:
		writeProblem(w, Problem{Status: status, Code: "methode_refusee", Title: "Méthode non permise",
			Detail: "Cette adresse ne se demande pas de cette façon."})
	case uriTooLong:
		writeProblem(w, Problem{Status: status, Code: "adresse_trop_longue", Title: "Adresse trop longue",
			Detail: "L’adresse demandée est trop longue."})
	case http.StatusForbidden:
		writeProblem(w, Problem{Status: status, Code: "origine_refusee", Title: answers[fault.Forbidden].title,
			Detail: "Cette demande vient d’une page d’un autre site."})
	case http.StatusInternalServerError:
		writeProblem(w, ProblemOf(errInternal))
	default:
		writeProblem(w, ProblemOf(errUnknownPath))
	}
}
