package api

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// What is asked for thousands of times a second, tiles and kept answers,
// compresses itself: the layer that compresses all other answers costs more than
// finding a kept one, and knows neither how large an answer is nor how long it
// will be kept.

// coding is a content coding (RFC 9110, 8.4.1); nil is the plain text.
type coding struct {
	name string
	// fast compresses what is sent once, best what is kept.
	fast, best func([]byte) []byte
}

var (
	none      *coding
	gzipped   = &coding{"gzip", gzipper(gzip.BestSpeed), gzipper(gzip.DefaultCompression)}
	zstandard = &coding{"zstd", zstder(zstd.SpeedFastest), zstder(zstd.SpeedDefault)}
)

// gzipper compresses at a level, with writers that are used again: making one
// takes longer than compressing a tile.
func gzipper(level int) func([]byte) []byte {
	writers := sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, level) // fails for unknown levels only
		return w
	}}
	return func(body []byte) []byte {
		out := bytes.NewBuffer(make([]byte, 0, len(body)/2))
		w := writers.Get().(*gzip.Writer)
		defer writers.Put(w)
		w.Reset(out)
		_, _ = w.Write(body) // a buffer never fails
		_ = w.Close()
		return out.Bytes()
	}
}

func zstder(level zstd.EncoderLevel) func([]byte) []byte {
	encoders := sync.Pool{New: func() any {
		e, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(level)) // no option fails
		return e
	}}
	return func(body []byte) []byte {
		e := encoders.Get().(*zstd.Encoder)
		defer encoders.Put(e)
		return e.EncodeAll(body, make([]byte, 0, len(body)/2))
	}
}

// smallestCompressed is the length below which compressing saves no packet.
const smallestCompressed = 1024

// better is a body that is to be kept, compressed; nil where that does not pay.
func (c *coding) better(body []byte) []byte {
	if len(body) < smallestCompressed {
		return nil
	}
	if small := c.best(body); len(small) < len(body) {
		return small
	}
	return nil
}

// chosenCoding is the best one that the client takes.
func chosenCoding(r *http.Request) *coding {
	accepted := r.Header["Accept-Encoding"]
	if len(accepted) == 0 {
		return none
	}
	list := strings.Join(accepted, ",")
	for _, one := range []*coding{zstandard, gzipped} {
		if accepts(list, one.name) {
			return one
		}
	}
	return none
}

// accepts reports whether a list of content codings names one, and does not
// refuse it by a weight of zero (RFC 9110, 12.5.3).
func accepts(list, coding string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ",")
		name, weight, _ := strings.Cut(item, ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		return !found || strings.Trim(q, "0.") != ""
	}
	return false
}

// sendOnce compresses an answer for the client at hand and sends it.
func sendOnce(c *gin.Context, media, tag string, body []byte) {
	coding := chosenCoding(c.Request)
	if coding != none && len(body) >= smallestCompressed {
		body = coding.fast(body)
	} else {
		coding = none
	}
	send(c.Writer, media, tag, coding, body)
}

// send answers with a body in a coding, which has an ETag of its own, and gives
// the bytes written. An error of writing is the client's, who has left.
func send(w http.ResponseWriter, media, tag string, coding *coding, body []byte) int {
	h := w.Header()
	h["Vary"] = varyCoding
	if coding != none {
		h["Content-Encoding"] = []string{coding.name}
		h["Etag"] = []string{suffixed(tag, coding.name)}
	}
	h["Content-Type"] = []string{media}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	n, _ := w.Write(body)
	return n
}

// varyCoding tells caches that answers differ by coding; it is shared, and never
// changed.
var varyCoding = []string{"Accept-Encoding"}
