package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

const (
	mediaJSON    = "application/json"
	mediaGeoJSON = "application/geo+json"
)

// answer encodes a value. Encoding precedes the status, so that a value that
// cannot be written is a 500 and not half an answer.
func answer(c *gin.Context, status int, media string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if c.Writer.Header().Get("Cache-Control") == "" {
		c.Header("Cache-Control", "private, no-cache")
	}
	c.Data(status, media, body)
	return nil
}

// answerTagged is answer with a strong ETag of the content; a client that has
// it already is told so with 304.
func answerTagged(c *gin.Context, media string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if c.Writer.Header().Get("Cache-Control") == "" {
		c.Header("Cache-Control", "private, no-cache")
	}
	if NotModified(c, contentTag(body)) {
		return nil
	}
	c.Data(http.StatusOK, media, body)
	return nil
}

// contentTag is a strong ETag of some bytes.
func contentTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// TagSuffix is what the compressing layer adds to the ETag of a compressed
// answer, before the name of the encoding.
const TagSuffix = "-gzip"

// NotModified sets the ETag, and answers 304 when the client has it. An ETag
// that was sent with a compressed answer comes back with its suffix.
func NotModified(c *gin.Context, tag string) bool {
	c.Header("ETag", tag)
	if !clientHas(c.Request, tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	return true
}

// clientHas reports whether If-None-Match names a tag, in any encoding.
func clientHas(r *http.Request, tag string) bool {
	known := r.Header["If-None-Match"]
	if len(known) == 1 && known[0] == tag {
		return true
	}
	for i := range known {
		for list := known[i]; list != ""; {
			var one string
			one, list, _ = strings.Cut(list, ",")
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == "*" || one == tag || one == suffixed(tag, "gzip") || one == suffixed(tag, "zstd") {
				return true
			}
		}
	}
	return false
}

// suffixed is the ETag of an answer that travels in an encoding, gzip or zstd.
func suffixed(tag, encoding string) string {
	return tag[:len(tag)-1] + "-" + encoding + `"`
}
