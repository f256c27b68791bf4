package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// meanwhile asks while another connection has run a statement and not committed it
// yet, waits until the request is held up by it or answered, and commits.
func (n *node) meanwhile(ask func() *httptest.ResponseRecorder, sql string, args ...any) *httptest.ResponseRecorder {
	n.t.Helper()
	tx, err := n.pool.Begin(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(n.t.Context()) }()
	if _, err := tx.Exec(n.t.Context(), sql, args...); err != nil {
		n.t.Fatal(err)
	}
	answered := make(chan *httptest.ResponseRecorder, 1)
	go func() { answered <- ask() }()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for pgtest.Count(n.t, n.pool, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0 {
		select {
		case w := <-answered:
			answered <- w
		case <-again.C:
			continue
		}
		break
	}
	if err := tx.Commit(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	return <-answered
}

// TestAccountAndItsSessionsChangeAtOnce: what ends sessions is done with their end and
// the line about it, or not at all. When the sessions cannot be ended, the account is
// what it was before; when they can, none of them is left.
func TestAccountAndItsSessionsChangeAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	admin := n.session(n.compte(auth.Admin))
	n.exec(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'as if the program ended here'; end $$`)
	type person struct {
		atelier.Compte
		path, cookie string
		code         func(time.Time) string
		recovery     []string
	}
	another := func(p *person) { n.session(p.Compte) }
	withFactor := func(p *person) {
		_, p.code = n.beginFactor(p.cookie)
		var got struct{ Recovery []string }
		w := n.send(http.MethodPut, "/api/v1/compte/second-facteur", p.cookie, `{"code":"`+p.code(now)+`"}`)
		n.into(w, http.StatusOK, &got)
		p.cookie, p.recovery = cookieOf(t, w), got.Recovery
		want(t, "another browser", n.enter(p.Compte, p.recovery[9]), http.StatusOK)
	}
	for _, act := range []struct {
		what   string
		before func(*person)
		do     func(p person, try int) *httptest.ResponseRecorder
		done   int
		left   int // sessions, that of the browser that asks
	}{
		{"adding a second factor", func(p *person) { another(p); _, p.code = n.beginFactor(p.cookie) }, func(p person, _ int) *httptest.ResponseRecorder {
			return n.send(http.MethodPut, "/api/v1/compte/second-facteur", p.cookie, `{"code":"`+p.code(now)+`"}`)
		}, http.StatusOK, 1},
		{"removing one's own", withFactor, func(p person, try int) *httptest.ResponseRecorder {
			return n.send(http.MethodPost, "/api/v1/compte/second-facteur/retrait", p.cookie, `{"current":"`+goodPassword+`","code":"`+p.recovery[try]+`"}`)
		}, http.StatusNoContent, 1},
		{"changing one's password", another, func(p person, _ int) *httptest.ResponseRecorder {
			return n.send(http.MethodPut, "/api/v1/compte/mot-de-passe", p.cookie, `{"current":"`+goodPassword+`","password":"agrafe cheval correcte pile"}`)
		}, http.StatusNoContent, 1},
		{"taking a second factor away", withFactor, func(p person, _ int) *httptest.ResponseRecorder {
			return n.send(http.MethodDelete, p.path+"/second-facteur", admin, "")
		}, http.StatusNoContent, 0},
		{"giving another role", another, func(p person, _ int) *httptest.ResponseRecorder {
			return n.send(http.MethodPut, p.path+"/role", admin, `{"role":"dpo"}`)
		}, http.StatusOK, 0},
		{"closing", another, func(p person, _ int) *httptest.ResponseRecorder {
			return n.send(http.MethodPut, p.path+"/etat", admin, `{"open":false}`)
		}, http.StatusOK, 0},
	} {
		c := n.compte(auth.Police)
		p := person{Compte: c, path: "/api/v1/comptes/" + c.ID.String(), cookie: n.session(c)}
		act.before(&p)
		state := func() (text string) {
			t.Helper()
			if err := n.pool.QueryRow(t.Context(), `select row(c, (select count(*) from compte_secours s where s.compte = c.id),
				(select array_agg(digest order by digest) from session s where s.compte = c.id),
				(select count(*) from journal.connexion j where j.compte = c.id))::text from compte c where id = $1`, c.ID).Scan(&text); err != nil {
				t.Fatal(err)
			}
			return text
		}
		before := state()
		n.exec(`create trigger refuse before delete on session for each row execute function refuse()`)
		w := act.do(p, 0)
		if got := state(); w.Code != http.StatusInternalServerError || got != before {
			t.Errorf("%s without ending sessions: %d, and\n%s became\n%s", act.what, w.Code, before, got)
		}
		n.exec(`drop trigger refuse on session`)
		want(t, act.what, act.do(p, 1), act.done)
		if left := pgtest.Count(t, n.pool, `select count(*) from session where compte = $1`, c.ID); left != act.left {
			t.Errorf("%s leaves %d sessions, want %d", act.what, left, act.left)
		}
		if after := state(); after == before {
			t.Errorf("%s changes nothing", act.what)
		}
	}
}

// TestNoSessionByWhatWasTrueBefore: who has shown a password while the account was
// being changed is not let in by it afterwards, and nothing says that they were.
func TestNoSessionByWhatWasTrueBefore(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	other, err := auth.Hash(t.Context(), "agrafe cheval correcte pile")
	if err != nil {
		t.Fatal(err)
	}
	for what, set := range map[string]string{
		"a second factor": "totp_at = clock_timestamp()",
		"a password":      "password = '" + other + "'",
		"an end":          "disabled_at = clock_timestamp()",
		"another role":    "role = 'admin'",
	} {
		c := n.compte(auth.Police)
		w := n.meanwhile(func() *httptest.ResponseRecorder { return n.signIn(c.Email, goodPassword, here, "") },
			"update compte set "+set+" where id = $1", c.ID)
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
		if left := pgtest.Count(t, n.pool, `(select count(*) from session where compte = $1) + (select count(*) from journal.connexion where compte = $1)`, c.ID); left != 0 {
			t.Errorf("%s: %d sessions and lines", what, left)
		}
	}
}

// TestEndedSessionStaysEnded: a request that was under way when its session ended, and
// that would have prolonged it, neither goes on by it nor brings it back.
func TestEndedSessionStaysEnded(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	var data []byte
	if err := n.pool.QueryRow(t.Context(), "select data from session").Scan(&data); err != nil {
		t.Fatal(err)
	}
	age, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	values["seen"] = time.Now().Add(-time.Hour).Unix() // the next request prolongs it
	if data, err = (scs.GobCodec{}).Encode(age, values); err != nil {
		t.Fatal(err)
	}
	n.exec("update session set data = $1", data)
	n.api.Auth.Forget(c.ID)
	want(t, "the request", n.meanwhile(func() *httptest.ResponseRecorder { return n.with(http.MethodGet, staffOnlyPath, cookie) }, "delete from session"), http.StatusUnauthorized)
	if back := pgtest.Count(t, n.pool, "select count(*) from session"); back != 0 {
		t.Error("the session is back")
	}
}
