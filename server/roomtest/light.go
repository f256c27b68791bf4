package roomtest

import (
	"bufio"
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Arrival is when a number of a room's log reached one reader.
type Arrival struct {
	Seq int64
	At  time.Time
}

// Listen reads a stream from a number on without looking into its entries, so
// that thousands of readers fit beside the server that they measure. It calls
// ready once the stream is open.
func (c *Client) Listen(ctx context.Context, atelier uuid.UUID, after int64, ready func(), heard func(Arrival)) error {
	response, err := c.send(ctx, "GET", room(atelier)+"/stream?after="+strconv.FormatInt(after, 10), nil, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	ready()
	lines := bufio.NewReaderSize(response.Body, 2<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			continue // the middle of an entry
		}
		if err != nil {
			return err
		}
		if id, ok := bytes.CutPrefix(line, []byte("id: ")); ok {
			seq, err := strconv.ParseInt(string(bytes.TrimSpace(id)), 10, 64)
			if err != nil {
				return err
			}
			heard(Arrival{seq, time.Now()})
		}
	}
}
