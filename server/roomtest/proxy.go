package roomtest

import (
	"bytes"
	"io"
	"net"
	"sync"
)

// Proxy is the Wi-Fi between one device and the server: a TCP forwarder that
// can be cut, and that can lose an answer after the request has gone through.
// Its address stays the same when the server comes back on another port.
type Proxy struct {
	listener net.Listener

	mu      sync.Mutex
	target  string
	offline bool
	lose    int // answers still to be lost
	lost    int
	last    bool // the next one lost is the last thing that happens here
	conns   map[net.Conn]bool
	wg      sync.WaitGroup
}

// NewProxy forwards to a target, host:port.
func NewProxy(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, target: target, conns: map[net.Conn]bool{}}
	p.wg.Go(p.accept)
	return p, nil
}

// URL is where the device finds the service.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Close ends everything that goes through.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.Cut()
	p.wg.Wait()
}

// Aim changes the target of the connections to come.
func (p *Proxy) Aim(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Cut ends every connection at once, in the middle of whatever goes through.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		hangUp(c)
	}
}

// hangUp closes without a goodbye: what was under way is thrown away.
func hangUp(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// Offline refuses connections, after cutting those that exist, until it is
// called with false.
func (p *Proxy) Offline(off bool) {
	p.mu.Lock()
	p.offline = off
	p.mu.Unlock()
	if off {
		p.Cut()
	}
}

// LoseAnswer lets the next POST through and cuts the connection in place of
// its answer.
func (p *Proxy) LoseAnswer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose++
}

// LoseLastAnswer is LoseAnswer, and nothing goes through any more afterwards.
func (p *Proxy) LoseLastAnswer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose, p.last = 1, true
}

// Lost counts the answers lost that way.
func (p *Proxy) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.forward(client) })
	}
}

func (p *Proxy) forward(client net.Conn) {
	defer client.Close()
	if !p.keep(client) {
		return
	}
	defer p.forget(client)
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
	if err != nil {
		hangUp(client)
		return
	}
	defer server.Close()
	if !p.keep(server) {
		return
	}
	defer p.forget(server)
	request := &lastRequest{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(io.MultiWriter(server, request), client)
		hangUp(server)
	}()
	_, _ = io.Copy(answers{p, client, request}, server)
	hangUp(client)
	<-done
}

func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.offline {
		hangUp(c)
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) forget(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// lastRequest remembers whether the last request begun on a connection is a
// POST of operations. A request line begins a packet, since a client sends one
// request at a time.
type lastRequest struct {
	mu   sync.Mutex
	post bool
}

func (r *lastRequest) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line, _, _ := bytes.Cut(b, []byte("\r\n"))
	if bytes.Contains(line, []byte(" HTTP/1.1")) {
		r.post = bytes.HasPrefix(line, []byte("POST ")) && bytes.Contains(line, []byte("/ops "))
	}
	return len(b), nil
}

// answers is the way back.
type answers struct {
	proxy   *Proxy
	client  net.Conn
	request *lastRequest
}

func (a answers) Write(b []byte) (int, error) {
	a.request.mu.Lock()
	post := a.request.post
	a.request.mu.Unlock()
	a.proxy.mu.Lock()
	lose := post && a.proxy.lose > 0
	if lose {
		a.proxy.lose--
		a.proxy.lost++
		a.proxy.offline = a.proxy.offline || a.proxy.last
	}
	a.proxy.mu.Unlock()
	if lose {
		return 0, io.ErrClosedPipe
	}
	return a.client.Write(b)
}
