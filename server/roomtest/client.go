package roomtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Client makes requests as one person: a resident with the token of a seat, or
// the animateur with the cookie of a session.
type Client struct {
	Base   string // http://host:port
	Token  string
	Cookie string // name=value
	HTTP   *http.Client
}

// NewClient has connections of its own, so that cutting one device cuts no
// other.
func NewClient(base string) *Client {
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 2,
		DisableCompression:  true,
	}
	return &Client{Base: base, HTTP: &http.Client{Transport: transport}}
}

// Close ends the idle connections.
func (c *Client) Close() { c.HTTP.CloseIdleConnections() }

// errNotOurs says that the answer is not one of the service's: nothing at all,
// or the page of a captive portal.
var errNotOurs = errors.New("not an answer of the service")

// refusal is a problem with how long it asks to wait; 0 when it does not say.
type refusal struct {
	Problem
	after time.Duration
}

func (r *refusal) Error() string { return r.Problem.Error() }

// call sends body (nil: none) and decodes a 2xx answer into into. A problem is
// returned as *refusal.
func (c *Client) call(ctx context.Context, method, path string, body, into any) error {
	response, err := c.send(ctx, method, path, body, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	kind := response.Header.Get("Content-Type")
	if into == nil {
		_, err := io.Copy(io.Discard, response.Body)
		return err
	}
	if !strings.Contains(kind, "json") {
		return fmt.Errorf("%s %s: %s: %w", method, path, kind, errNotOurs)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("%s %s: %w: %w", method, path, errNotOurs, err)
	}
	return nil
}

// send returns the response of a success; its body is the caller's to close.
func (c *Client) send(ctx context.Context, method, path string, body any, header http.Header) (*http.Response, error) {
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		payload = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, payload)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	// The transport repeats a request by itself only when it has no body or a
	// header says that it may; a device repeats by its own rule.
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Cookie != "" {
		request.Header.Set("Cookie", c.Cookie)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotOurs, err)
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	r := &refusal{Problem: Problem{Status: response.StatusCode}}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&r.Problem); err != nil || r.Status != response.StatusCode {
		return nil, fmt.Errorf("%s %s: %d: %w", method, path, response.StatusCode, errNotOurs)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		r.after = time.Duration(seconds) * time.Second
	}
	return nil, r
}

// RetryAfter is how long the service asks to wait; 0 when it does not say.
func (r *refusal) RetryAfter() time.Duration { return r.after }

// problemOf gives the problem of an error, nil when it is not one.
func problemOf(err error) *Problem {
	var r *refusal
	if errors.As(err, &r) {
		return &r.Problem
	}
	return nil
}

// Join sits down at a table. The secret makes it the same resident each time.
func (c *Client) Join(ctx context.Context, code string, secret uuid.UUID, link string) (Seat, error) {
	body := map[string]any{"code": code, "secret": secret}
	if link != "" {
		body["link"] = link
	}
	var s Seat
	err := c.call(ctx, http.MethodPost, "/api/v1/join", body, &s)
	return s, err
}

// Link asks for the code with which a second device continues as this one.
func (c *Client) Link(ctx context.Context, atelier uuid.UUID) (string, error) {
	var answer struct{ Link string }
	err := c.call(ctx, http.MethodPost, room(atelier)+"/link", nil, &answer)
	return answer.Link, err
}

// Write sends a batch.
func (c *Client) Write(ctx context.Context, atelier uuid.UUID, ops []Operation) ([]Receipt, error) {
	var answer struct {
		Receipts []Receipt
		Seq      int64
	}
	if err := c.call(ctx, http.MethodPost, room(atelier)+"/ops", map[string]any{"ops": ops}, &answer); err != nil {
		return nil, err
	}
	if len(answer.Receipts) != len(ops) {
		return nil, fmt.Errorf("%d receipts for %d operations: %w", len(answer.Receipts), len(ops), errNotOurs)
	}
	for i, r := range answer.Receipts {
		if r.Op != ops[i].ID || (r.Seq <= 0) == (r.Problem == nil) {
			return nil, fmt.Errorf("receipt %d does not answer its operation: %w", i, errNotOurs)
		}
	}
	return answer.Receipts, nil
}

// Log reads the log after a number, page by page, to its end.
func (c *Client) Log(ctx context.Context, atelier uuid.UUID, after int64) ([]Entry, error) {
	var all []Entry
	for {
		var page struct {
			Ops []Entry
			Seq int64
		}
		if err := c.call(ctx, http.MethodGet, fmt.Sprintf("%s/ops?after=%d&limit=1000", room(atelier), after), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Ops...)
		if len(page.Ops) == 0 || page.Ops[len(page.Ops)-1].Seq >= page.Seq {
			return all, nil
		}
		after = page.Ops[len(page.Ops)-1].Seq
	}
}

// Snapshot reads the room at its newest number.
func (c *Client) Snapshot(ctx context.Context, atelier uuid.UUID) (Snapshot, error) {
	var s Snapshot
	err := c.call(ctx, http.MethodGet, room(atelier)+"/snapshot", nil, &s)
	return s, err
}

// Atelier reads one atelier.
func (c *Client) Atelier(ctx context.Context, id uuid.UUID) (Atelier, error) {
	var a Atelier
	err := c.call(ctx, http.MethodGet, room(id), nil, &a)
	return a, err
}

// Late counts per table what came after the freeze.
func (c *Client) Late(ctx context.Context, id uuid.UUID) (total int, err error) {
	var answer struct {
		Tables []struct{ Operations int }
	}
	err = c.call(ctx, http.MethodGet, room(id)+"/late", nil, &answer)
	for _, t := range answer.Tables {
		total += t.Operations
	}
	return total, err
}

// Ready reports whether the server says that it is.
func (c *Client) Ready(ctx context.Context) bool {
	return c.call(ctx, http.MethodGet, "/readyz", nil, nil) == nil
}

func room(id uuid.UUID) string { return "/api/v1/ateliers/" + id.String() }
