package api

import (
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/fault"
	"quietude/server/store"
)

// logins bounds wrong passwords, in the database, for all nodes. One account is
// guarded against one address, so that nobody can lock a person out from
// elsewhere, and one address against all accounts, generously: a whole town
// hall shares it. Right passwords cost nothing.
type logins struct {
	store *store.Store
	names pseudonyms
}

func newLogins(s *store.Store) *logins {
	return &logins{store: s, names: pseudonyms{store: s, secret: "logins"}}
}

// buckets are the two counts of a try.
func (l *logins) buckets(c *gin.Context, email string) ([]store.Bucket, error) {
	ctx, address := c.Request.Context(), network(c)
	one, err := l.names.of(ctx, address+" "+strings.ToLower(email))
	if err != nil {
		return nil, err
	}
	all, err := l.names.of(ctx, address)
	if err != nil {
		return nil, err
	}
	return []store.Bucket{
		{Key: "login:" + one, Burst: 8, PerSecond: 1.0 / 60},
		{Key: "login:" + all, Burst: 60, PerSecond: 0.2},
	}, nil
}

func (l *logins) allowed(c *gin.Context, email string) error {
	buckets, err := l.buckets(c, email)
	if err != nil {
		return err
	}
	for _, b := range buckets {
		left, err := l.store.Left(c.Request.Context(), b)
		if err != nil {
			return err
		}
		if left < 1 {
			return fault.New(fault.TooMany, "trop_d_essais",
				"Trop de mots de passe erronés ont été essayés d’ici. Attendez quelques minutes, puis réessayez.").After(time.Minute)
		}
	}
	return nil
}

// failed takes a try away and returns the fault to answer.
func (l *logins) failed(c *gin.Context, email string, answer error) error {
	buckets, err := l.buckets(c, email)
	if err != nil {
		return err
	}
	for _, b := range buckets {
		if err := l.store.Take(c.Request.Context(), b); err != nil {
			return err
		}
	}
	return answer
}
