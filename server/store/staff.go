package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// StaffToken gives what a token, by its SHA-256, stands for.
func (s *Store) StaffToken(ctx context.Context, digest []byte) (atelier.Jeton, error) {
	return one[atelier.Jeton](ctx, s.pool, "staff_token", pgx.StrictNamedArgs{"digest": digest})
}

// Bucket is a token bucket that all nodes share: burst tokens, refilled by
// perSecond.
type Bucket struct {
	Key       string
	Burst     float32
	PerSecond float32
}

// Left is how many tokens a bucket holds now.
func (s *Store) Left(ctx context.Context, b Bucket) (float32, error) {
	type row struct{ Tokens float32 }
	r, err := one[row](ctx, s.pool, "bucket_left", pgx.StrictNamedArgs{"key": b.Key, "burst": b.Burst, "per_second": b.PerSecond})
	return r.Tokens, err
}

// Take takes one token; a bucket may go below zero, which makes it wait longer.
func (s *Store) Take(ctx context.Context, b Bucket) error {
	_, err := s.pool.Exec(ctx, statement("bucket_take"), pgx.StrictNamedArgs{"key": b.Key, "burst": b.Burst, "per_second": b.PerSecond})
	return translate(err)
}

// Spend takes one token if the bucket holds one, and says whether it did.
func (s *Store) Spend(ctx context.Context, b Bucket) (ok bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("bucket_spend"), pgx.StrictNamedArgs{"key": b.Key, "burst": b.Burst, "per_second": b.PerSecond})
	return tag.RowsAffected() > 0, translate(err)
}

// Secret is a random key of 32 bytes that all nodes share, by its name; made
// when first asked for.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	type row struct{ Value []byte }
	r, err := one[row](ctx, s.pool, "service_secret", pgx.StrictNamedArgs{"name": name})
	return r.Value, err
}
