package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"quietude/server/api"
	"quietude/server/auth"
)

// logRequests writes one line per request: the route as it was declared, never
// the address that was asked for, which may hold a code or a position.
func logRequests(logger *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		logRequest(logger, slog.LevelInfo, c.Request, c.FullPath(), c.Writer.Status(), max(c.Writer.Size(), 0), time.Since(start))
	}
}

func logRequest(logger *slog.Logger, level slog.Level, r *http.Request, route string, status, bytes int, lasted time.Duration) {
	logger.LogAttrs(r.Context(), level, "request",
		slog.String("method", method(r)), slog.String("route", route),
		slog.Int("status", status), slog.Int("bytes", bytes),
		slog.Duration("duration", lasted))
}

// fromMemory answers what was kept before a route is looked for. That takes less
// than a line of log costs: it is counted by the metrics like all others, and
// written for those who look for faults only.
type fromMemory struct {
	api     *api.API
	numbers *metrics
	logger  *slog.Logger
}

// find gives the kept answer to a request; ok is false for what goes the long way.
func (m *fromMemory) find(r *http.Request) (answer keptAnswer, ok bool) {
	answer.start = time.Now()
	answer.Kept, ok = m.api.Kept(r, answer.start)
	return answer, ok
}

// keptAnswer is one that was found, and when the search began.
type keptAnswer struct {
	api.Kept
	start time.Time
}

// write answers with what was found.
func (m *fromMemory) write(answer keptAnswer, w http.ResponseWriter, r *http.Request) {
	m.numbers.inFlight.Inc()
	defer m.numbers.inFlight.Dec()
	status, bytes := answer.Write(w, r)
	lasted := time.Since(answer.start)
	m.numbers.observe(r, answer.Route(), status, lasted)
	if m.logger.Enabled(r.Context(), slog.LevelDebug) {
		logRequest(m.logger, slog.LevelDebug, r, answer.Route(), status, bytes, lasted)
	}
}

// method keeps methods that a client made up out of log and metrics.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// recoverPanics answers 500 for a mistake of the programmer and goes on.
func recoverPanics(logger *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v) // net/http cuts the connection and says nothing
			}
			logger.LogAttrs(c.Request.Context(), slog.LevelError, "panic",
				slog.String("route", c.FullPath()), slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
			if c.Writer.Written() {
				panic(http.ErrAbortHandler)
			}
			api.Refuse(c.Writer, http.StatusInternalServerError)
			c.Abort()
		}()
		c.Next()
	}
}

// maxAddress bounds path and query: the longest honest one is a list of filters.
const maxAddress = 4 << 10

func shortAddress(c *gin.Context) {
	if len(c.Request.RequestURI) > maxAddress {
		api.Refuse(c.Writer, http.StatusRequestURITooLong)
		c.Abort()
	}
}

// metrics count requests by route.
type metrics struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "quietude_http_request_seconds", Help: "Time to answer, by declared route.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"method", "route", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "quietude_http_in_flight", Help: "Requests being answered, streams included."}),
	}
	m.registry.MustRegister(m.duration, m.inFlight, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) count(c *gin.Context) {
	start := time.Now()
	m.inFlight.Inc()
	defer func() {
		m.inFlight.Dec()
		m.observe(c.Request, c.FullPath(), c.Writer.Status(), time.Since(start))
	}()
	c.Next()
}

func (m *metrics) observe(r *http.Request, route string, status int, lasted time.Duration) {
	m.duration.WithLabelValues(method(r), route, strconv.Itoa(status)).Observe(lasted.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// onlyLocal hides a route from everybody but the machine itself, asked by its
// own name: a page anywhere can point its name here (DNS rebinding).
func onlyLocal(c *gin.Context) {
	host := (&url.URL{Host: c.Request.Host}).Hostname()
	address, err := netip.ParseAddr(host)
	if !auth.FromThisMachine(c.Request) || host != "localhost" && (err != nil || !address.IsLoopback()) {
		api.Refuse(c.Writer, http.StatusNotFound)
		c.Abort()
	}
}
