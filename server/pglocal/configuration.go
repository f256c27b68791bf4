package pglocal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ExtraFile, in the data folder of the cluster, holds the operator's own
// settings. It is read after ours and never written by the program.
const ExtraFile = "quietude-extra.conf"

const mebibyte = 1 << 20

// postgresConf is the whole postgresql.conf, for a machine of that many bytes
// of memory. Sizes follow the advice of PostgreSQL's manual (chapter "Resource
// Consumption"), halved: the program shares the machine with its database.
func postgresConf(memory int64) string {
	shared := min(max(memory/8/mebibyte, 64), 1024)
	cache := max(memory/2/mebibyte, 256)
	work := min(max(memory/256/mebibyte, 4), 32)
	return fmt.Sprintf(`# Written by Quiétude at each start: changes made here are lost.
# Put your own settings in %[1]s, beside this file; they are read last.

# Memory
shared_buffers = %[2]dMB
effective_cache_size = %[3]dMB
work_mem = %[4]dMB
maintenance_work_mem = 128MB

# Connections: the program's pools, a few tools. The program cancels what a
# client no longer waits for; a forgotten transaction must not block cleaning.
max_connections = 60
client_connection_check_interval = 500ms
idle_in_transaction_session_timeout = 5min

# Small servers: many short queries at once. Compiling them or spreading one
# over several cores would serve one map by delaying the others.
jit = off
max_parallel_workers_per_gather = 0
random_page_cost = 1.1

# A new database has no statistics, and sessions keep the plans that they make
# without: with the usual minute between two looks a first evening would have begun
# with the worst of them.
autovacuum_naptime = 10s

# Journal (WAL): bounds both the disk it takes and the replay after a crash.
max_wal_size = 1GB
min_wal_size = 64MB
wal_compression = on
checkpoint_timeout = 10min
max_wal_senders = 4

# Messages. Nothing a resident wrote or placed may reach them: no statement, no
# parameter, no row. The text of an ERROR can quote a value, so only the server's
# own events are kept; the program sees the errors of its own queries anyway.
logging_collector = off
log_destination = stderr
log_line_prefix = '%%m [%%p] '
log_min_messages = log
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_statement = none
log_min_duration_statement = -1
log_checkpoints = off
log_autovacuum_min_duration = -1
log_timezone = 'UTC'
lc_messages = 'C'

# Sessions
timezone = 'UTC'
datestyle = 'iso, dmy'
default_text_search_config = 'pg_catalog.french'

include_if_exists = '%[1]s'
include_if_exists = '%[5]s'
`, ExtraFile, shared, cache, work, readOnlyFile)
}

// hbaConf lets every role in over the Unix socket, and nobody otherwise.
//
// "trust" and not "peer": the folder of the socket has mode 0700, so the kernel
// already decided who may connect (the account of PostgreSQL, and root). "peer"
// would compare the system account with the role, and root is no role.
const hbaConf = `# Written by Quiétude at each start.
# Local only. The folder of the socket (mode 0700) is the guard.
local all         all      trust
local replication postgres trust
`

// writeConfiguration rewrites our files. The folder belongs to another
// account when we are root; os.Root keeps a link planted there from leading
// the writes elsewhere.
func (c *Cluster) writeConfiguration() error {
	root, err := os.OpenRoot(c.layout.data())
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	files := map[string]string{
		"postgresql.conf": postgresConf(memoryBytes()),
		"pg_hba.conf":     hbaConf,
		readWriteBin:      readOnlyConf,
	}
	// What an earlier life thought of the disk; guardDisk looks again.
	if err := root.RemoveAll(readOnlyFile); err != nil {
		return err
	}
	for name, content := range files {
		if err := c.replaceFile(root, name, content); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile swaps the whole file at once: a crash leaves the old or the new.
func (c *Cluster) replaceFile(root *os.Root, name, content string) error {
	next := name + ".new"
	if err := root.RemoveAll(next); err != nil {
		return err
	}
	if err := root.WriteFile(next, []byte(content), 0o600); err != nil {
		return err
	}
	if err := root.Lchown(next, int(c.account.uid), int(c.account.gid)); err != nil {
		return err
	}
	return root.Rename(next, name)
}

// serverArgs are what no file may change: where the server listens, and that
// it listens nowhere else.
func (c *Cluster) serverArgs() []string {
	args := []string{
		"-D", c.dataArg,
		"-c", "listen_addresses=",
		"-c", "port=" + port,
		"-c", `unix_socket_directories="` + c.sockets + `"`,
		"-c", "unix_socket_permissions=0700",
	}
	if c.options.FastUnsafe {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return args
}

// checkConfiguration reads the settings as PostgreSQL will, before it touches
// the data: even a short run without fsync could leave pages unwritten.
func (c *Cluster) checkConfiguration(ctx context.Context) error {
	if c.options.FastUnsafe {
		return nil
	}
	settings := make(map[string]string, len(durable))
	for _, name := range durable {
		value, err := c.configured(ctx, name)
		if err != nil {
			return advise(err, "reglages_illisibles",
				"PostgreSQL refuse ses réglages. Corrigez ou retirez %s dans %s (et postgresql.auto.conf), puis relancez.", ExtraFile, c.layout.data())
		}
		settings[name] = value
	}
	return refuseUnsafe(settings)
}

func (c *Cluster) configured(ctx context.Context, name string) (string, error) {
	cmd, started, err := c.account.commandIn(c.layout.data(), c.binaries.path("postgres"), append(c.serverArgs(), "-C", name)...)
	if err != nil {
		return "", err
	}
	defer started()
	var said bytes.Buffer
	cmd.Stderr = &said
	defer context.AfterFunc(ctx, func() {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
		}
	})()
	value, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.ReplaceAll(strings.TrimSpace(said.String()), "\n", "; "))
	}
	return strings.TrimSpace(string(value)), nil
}

// memoryBytes is what this process may use: the machine's memory, or the limit
// of its control group (version 2) when lower.
func memoryBytes() int64 {
	meminfo, _ := os.ReadFile("/proc/meminfo")
	limit, _ := os.ReadFile("/sys/fs/cgroup/memory.max")
	return memoryFrom(string(meminfo), string(limit))
}

// memoryFrom reads both files; 1 GiB when neither says anything.
func memoryFrom(meminfo, limit string) int64 {
	total := int64(1 << 30)
	for line := range strings.Lines(meminfo) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			if kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64); err == nil {
				total = kb << 10
			}
		}
	}
	if most, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64); err == nil {
		total = min(total, most)
	}
	return total
}
