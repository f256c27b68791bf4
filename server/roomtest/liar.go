package roomtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// Liar stands in front of a server and answers writes before they are
// committed: the server that the checker must catch. It guesses the receipts,
// which is possible when everybody writes through it and nothing is refused,
// and passes the writes on in the background, in order.
type Liar struct {
	proxy *httputil.ReverseProxy
	base  string

	mu    sync.Mutex
	seq   int64
	queue []promise
	busy  bool
	hold  bool
	idle  *sync.Cond
}

type promise struct {
	path, token string
	body        []byte
}

// NewLiar stands in front of base, whose room's log is empty.
func NewLiar(base string) (*Liar, error) {
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	l := &Liar{proxy: httputil.NewSingleHostReverseProxy(target), base: base}
	l.proxy.FlushInterval = -1 // events go through as they come
	l.idle = sync.NewCond(&l.mu)
	return l, nil
}

// Hold keeps what is promised in memory, as a slow disk would, until Crash.
func (l *Liar) Hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hold = true
}

// Crash forgets what was promised and not passed on, and says how much that
// was.
func (l *Liar) Crash() (forgotten int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	forgotten, l.queue, l.hold = len(l.queue), nil, false
	return forgotten
}

// Settle waits until every promise is kept.
func (l *Liar) Settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) > 0 || l.busy {
		l.idle.Wait()
	}
}

func (l *Liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/ops") {
		l.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	var batch struct{ Ops []Operation }
	if err != nil || json.Unmarshal(body, &batch) != nil {
		http.Error(w, "unreadable", http.StatusBadGateway)
		return
	}
	l.mu.Lock()
	receipts := make([]Receipt, len(batch.Ops))
	for i, op := range batch.Ops {
		l.seq++
		receipts[i] = Receipt{Op: op.ID, Seq: l.seq}
	}
	seq := l.seq
	l.queue = append(l.queue, promise{r.URL.Path, r.Header.Get("Authorization"), body})
	if !l.busy && !l.hold {
		l.busy = true
		go l.keepPromises()
	}
	l.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"receipts": receipts, "seq": seq})
}

func (l *Liar) keepPromises() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 || l.hold {
			l.busy = false
			l.idle.Broadcast()
			l.mu.Unlock()
			return
		}
		next := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		request, err := http.NewRequest(http.MethodPost, l.base+next.path, strings.NewReader(string(next.body)))
		if err != nil {
			continue
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", next.token)
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}
}
