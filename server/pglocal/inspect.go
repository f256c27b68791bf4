package pglocal

import (
	"context"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// reported lists the settings that a person diagnosing a server looks at.
var reported = []string{
	"fsync", "full_page_writes", "synchronous_commit", "data_checksums", "default_transaction_read_only",
	"shared_buffers", "work_mem", "max_connections", "max_wal_size",
	"listen_addresses", "server_encoding", "TimeZone",
}

// Report describes a database for the person who runs it.
type Report struct {
	Server   string // "15.18 (Debian 15.18-0+deb12u1)"
	Major    int    // 15
	PostGIS  string // version of the extension in this database, "" when absent
	Library  string // version of the PostGIS library; differs after a package upgrade
	Database string
	Role     string
	// Superuser: the application must not connect as one.
	Superuser bool
	SizeBytes int64 // of this database
	Settings  map[string]string
	// Unsafe lists the settings that could lose acknowledged rows.
	Unsafe []string

	// Known for the private cluster only.
	DataDir  string
	DiskFree int64 // bytes an ordinary process may still write
	DiskSize int64 // bytes
}

// Inspect describes the database of a connection, as its role sees it.
func Inspect(ctx context.Context, conn *pgx.Conn) (Report, error) {
	r := Report{Settings: make(map[string]string, len(reported))}
	err := conn.QueryRow(ctx, `
SELECT current_setting('server_version'),
       current_setting('server_version_num')::int / 10000,
       coalesce((SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'postgis'), ''),
       current_database(), current_user,
       current_setting('is_superuser') = 'on',
       pg_catalog.pg_database_size(current_database())`).
		Scan(&r.Server, &r.Major, &r.PostGIS, &r.Database, &r.Role, &r.Superuser, &r.SizeBytes)
	if err != nil {
		return r, fmt.Errorf("inspect database: %w", err)
	}
	if r.PostGIS != "" {
		if err := conn.QueryRow(ctx, `SELECT postgis_lib_version()`).Scan(&r.Library); err != nil {
			return r, fmt.Errorf("inspect PostGIS: %w", err)
		}
	}
	rows, err := conn.Query(ctx, `SELECT name, current_setting(name) FROM pg_catalog.pg_settings WHERE name = ANY ($1)`, reported)
	if err != nil {
		return r, fmt.Errorf("inspect settings: %w", err)
	}
	var name, setting string
	_, err = pgx.ForEachRow(rows, []any{&name, &setting}, func() error {
		r.Settings[name] = setting
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("inspect settings: %w", err)
	}
	r.Unsafe = unsafeSettings(r.Settings)
	return r, nil
}

// Inspect describes the private cluster, its folder and its disk.
func (c *Cluster) Inspect(ctx context.Context) (Report, error) {
	conn, closeConn, err := c.connect(ctx, AppRole, c.options.Database)
	if err != nil {
		return Report{}, err
	}
	defer closeConn()
	r, err := Inspect(ctx, conn)
	if err != nil {
		return r, err
	}
	r.DataDir = c.layout.data()
	r.DiskFree, r.DiskSize, err = DiskSpace(c.layout.dir)
	return r, err
}

// DiskSpace is the free and total size, in bytes, of the file system of path.
func DiskSpace(path string) (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, 0, fmt.Errorf("free space of %s: %w", path, err)
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize, nil
}
