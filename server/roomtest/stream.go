package roomtest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Event is one server-sent event.
type Event struct {
	Name string
	ID   string // last event id, as it stands after this event
	Data []byte
	At   time.Time // arrival
}

// silence is how long a stream may say nothing: the service sends a comment at
// least every 15 s.
const silence = 20 * time.Second

// errSilent ends a stream on which not even comments arrive.
var errSilent = errors.New("the stream has gone silent")

// Stream reads a room's events until ctx ends, the connection breaks, or handle
// returns an error, which it returns. after is the number to go on from;
// negative: from a snapshot.
func (c *Client) Stream(ctx context.Context, atelier uuid.UUID, after int64, handle func(Event) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	header := http.Header{"Accept": {"text/event-stream"}}
	if after >= 0 {
		header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	watch := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer watch.Stop()
	response, err := c.send(ctx, http.MethodGet, room(atelier)+"/stream", nil, header)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return errNotOurs
	}
	err = readEvents(response.Body, func() { watch.Reset(silence) }, handle)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// readEvents parses text/event-stream (WHATWG HTML, « Server-sent events »):
// lines of name and value, an empty line ends an event, an event cut off by the
// end of the stream does not count.
func readEvents(body io.Reader, heard func(), handle func(Event) error) error {
	lines := bufio.NewReaderSize(body, 64<<10)
	event := Event{}
	var data []string
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		heard()
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			if event.Name != "" || data != nil {
				event.Data, event.At = []byte(strings.Join(data, "\n")), time.Now()
				if err := handle(event); err != nil {
					return err
				}
			}
			event.Name, data = "", nil
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			event.Name = value
		case "id":
			event.ID = value
		case "data":
			data = append(data, value)
		}
	}
}
