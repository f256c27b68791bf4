package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// acquireTime is how long a request waits for a connection of the pool. Beyond
// it the person is better served by « réessayez dans un instant » than by a
// page that hangs.
const acquireTime = 1500 * time.Millisecond

// patience bounds the wait for a connection. pgxpool has no such setting, but
// lets a tracer replace the context of the wait, and of nothing after it.
type patience struct{}

type patienceKey struct{}

func (patience) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, acquireTime)
	return context.WithValue(ctx, patienceKey{}, cancel)
}

func (patience) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(patienceKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// Queries themselves are not traced.
func (patience) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (patience) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
