package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/server/fault"
)

// Public reads what everybody may read, through a pool of its own whose role
// can read nothing else. It has no method that could.
type Public struct {
	pool *pgxpool.Pool
}

// PublicEdition is one published edition; withdrawn ones have no text.
type PublicEdition struct {
	Territoire  string
	Quartier    string
	Numero      int
	Canonical   []byte
	Hash        string
	Demo        bool
	PublishedOn time.Time  // civil day
	WithdrawnOn *time.Time // civil day
}

// Rencontre is an evening as it is announced.
type Rencontre struct {
	Quartier string
	Kind     string
	Titre    string
	Lieu     string
	StartsAt time.Time
	ClosesAt time.Time
	Demo     bool
}

// publicConns bounds the pool: editions are kept in memory by those who serve them.
const publicConns = 4

// OpenPublic connects as the role of the public pages. It refuses a role that
// can read or write anything besides the schema publication.
func OpenPublic(ctx context.Context, url string) (*Public, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fault.New(fault.Invalid, "public_database_url", "L’adresse de la base pour le public est mal écrite.")
	}
	config.MaxConns = publicConns
	config.ConnConfig.RuntimeParams["application_name"] = "quietude-public"
	config.ConnConfig.RuntimeParams["statement_timeout"] = "10000"
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.Tracer = patience{}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open public pool: %w", err)
	}
	p := NewPublic(pool)
	if err := p.checkReach(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return p, nil
}

// NewPublic wraps a pool, for tests; nothing is checked.
func NewPublic(pool *pgxpool.Pool) *Public { return &Public{pool: pool} }

// Close waits for the connections in use and closes the pool.
func (p *Public) Close() { p.pool.Close() }

// Reach lists, by name, what the role may read or do besides the schema
// publication.
func (p *Public) Reach(ctx context.Context) ([]string, error) {
	type row struct{ What string }
	rows, err := many[row](ctx, p.pool, "public_reach", pgx.StrictNamedArgs{})
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.What
	}
	return out, err
}

func (p *Public) checkReach(ctx context.Context) error {
	reach, err := p.Reach(ctx)
	if err != nil || len(reach) == 0 {
		return err
	}
	return fault.New(fault.Forbidden, "role_public_trop_large",
		"Le rôle PostgreSQL des pages publiques peut plus que lire les éditions (%s) : le service refuse de s’en servir. Donnez-lui un rôle sans autre droit (voir README).",
		strings.Join(reach[:min(len(reach), 3)], ", "))
}

// Role is the name of the role.
func (p *Public) Role(ctx context.Context) (string, error) {
	type row struct{ Role string }
	r, err := one[row](ctx, p.pool, "public_role", pgx.StrictNamedArgs{})
	return r.Role, err
}

// Editions lists the editions of a territoire by quartier and number.
func (p *Public) Editions(ctx context.Context, territoire string) ([]PublicEdition, error) {
	return many[PublicEdition](ctx, p.pool, "public_editions", pgx.StrictNamedArgs{"territoire": territoire})
}

// State names what is published of a territoire: another name, other editions.
func (p *Public) State(ctx context.Context, territoire string) (string, error) {
	type row struct{ State string }
	r, err := one[row](ctx, p.pool, "public_state", pgx.StrictNamedArgs{"territoire": territoire})
	return r.State, err
}

// Rencontres lists the announced evenings of a territoire, in order.
func (p *Public) Rencontres(ctx context.Context, territoire string) ([]Rencontre, error) {
	return many[Rencontre](ctx, p.pool, "public_rencontres", pgx.StrictNamedArgs{"territoire": territoire})
}
