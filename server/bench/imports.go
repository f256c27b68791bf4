package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"quietude/server/importer"
)

// imports reads a file of signalements through the importer, and writes the
// very same rows with a bare COPY into the same table with its indexes, in turn.
func (b *bench) imports(ctx context.Context) error {
	var filled bool
	if err := b.admin.QueryRow(ctx, `select exists (select from signalement)`).Scan(&filled); err != nil {
		return err
	}
	if filled {
		return nil // it would empty the table
	}
	file := city{territoire: b.small.territoire, rows: b.importRows}.file()
	var ours, bare []float64
	var rows int
	for range b.rounds {
		if _, err := b.admin.Exec(ctx, `truncate signalement, signalement_import cascade`); err != nil {
			return err
		}
		start := time.Now()
		report, err := importer.ImportSignalements(ctx, b.store, b.small.territoire, importer.Options{Format: "csv"}, bytes.NewReader(file))
		if err != nil {
			return err
		}
		rows = report.Added
		ours = append(ours, float64(rows)/time.Since(start).Seconds())

		var copied bytes.Buffer
		if _, err := b.admin.PgConn().CopyTo(ctx, &copied, `copy signalement to stdout (format binary)`); err != nil {
			return err
		}
		if _, err := b.admin.Exec(ctx, `truncate signalement cascade`); err != nil {
			return err
		}
		start = time.Now()
		tag, err := b.admin.PgConn().CopyFrom(ctx, &copied, `copy signalement from stdin (format binary)`)
		if err != nil {
			return err
		}
		if tag.RowsAffected() != int64(rows) {
			return fmt.Errorf("COPY wrote %d rows, the importer %d", tag.RowsAffected(), rows)
		}
		bare = append(bare, float64(rows)/time.Since(start).Seconds())
	}
	_, err := b.admin.Exec(ctx, `truncate signalement, signalement_import cascade`)
	ratios := make([]float64, len(ours))
	for i := range ratios {
		ratios[i] = ours[i] / bare[i]
	}
	b.printf("%d rows imported: %.4g rows/s (of %.4g), bare COPY %.4g rows/s (of %.4g), ratio %.3g\n\n", rows, median(ours), ours, median(bare), bare, median(ratios))
	b.result("import_vs_copy", median(ratios))
	return err
}
