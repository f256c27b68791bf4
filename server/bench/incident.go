package main

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/store"
)

// incidents is a set of real data: where and when something was reported to a
// city, and of which kind. It is read from a file given on the command line and
// never part of this repository.
type incidents struct {
	name  string
	items []item
	box   orb.Bound
}

// readIncidents reads the files of a folder named *.csv.gz. They have a line of
// names, among which lon and lat, a time or a day (time_utc, date), and a kind
// (offense, type).
func readIncidents(dir string) (all []incidents, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv.gz"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no file *.csv.gz", dir)
	}
	for _, file := range files {
		one, readErr := readIncidentFile(file)
		err = errors.Join(err, readErr)
		all = append(all, one)
	}
	return all, err
}

func readIncidentFile(path string) (set incidents, err error) {
	file, err := os.Open(path)
	if err != nil {
		return set, err
	}
	defer func() { _ = file.Close() }()
	text, err := gzip.NewReader(file)
	if err != nil {
		return set, err
	}
	set.name = strings.TrimSuffix(filepath.Base(path), ".csv.gz")
	r := csv.NewReader(text)
	names, err := r.Read()
	if err != nil {
		return set, err
	}
	column := map[string]int{}
	for i, name := range names {
		column[name] = i
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return set, nil
		}
		if err != nil {
			return set, fmt.Errorf("%s: %w", path, err)
		}
		value := func(names ...string) string {
			for _, name := range names {
				if i, ok := column[name]; ok {
					return record[i]
				}
			}
			return ""
		}
		if err := set.add(len(set.items), value("lon"), value("lat"), value("time_utc", "date"), value("offense", "type")); err != nil {
			return set, fmt.Errorf("%s, line %d: %w", path, len(set.items)+2, err)
		}
	}
}

// add takes one incident. Kinds are spread over the themes by their name: what
// they mean does not matter here, only that there are several.
func (s *incidents) add(number int, lon, lat, moment, kind string) error {
	var at orb.Point
	for axis, text := range []string{lon, lat} {
		var err error
		if at[axis], err = strconv.ParseFloat(text, 64); err != nil {
			return err
		}
	}
	cell, err := hexgrid.CellOf(at, hexgrid.Stored)
	if err != nil {
		return err
	}
	r := hexcube.Row{Cell: cell, Anchor: true, Quartier: 1}
	when, err := time.Parse(time.RFC3339, moment)
	if err == nil {
		r.Hour = hexcube.HourAt(when)
	} else if when, err = time.Parse(time.DateOnly, moment); err != nil {
		return err
	}
	r.At = when.Unix()
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(kind)) // never fails
	r.Themes = 1 << (hash.Sum32() % hexcube.Themes)
	binary.BigEndian.PutUint64(r.ID[8:], uint64(number+1))
	s.items = append(s.items, item{[]hexcube.Row{r}, at})
	if number == 0 {
		s.box = at.Bound()
	}
	s.box = s.box.Extend(at)
	return nil
}

func (s *incidents) all() iter.Seq[item] {
	return func(yield func(item) bool) {
		for _, it := range s.items {
			if !yield(it) {
				return
			}
		}
	}
}

// reference is a territoire of one quartier, the box of all incidents.
func (s *incidents) reference(code string) store.Reference {
	box := s.box.Pad(0.01)
	return store.Reference{
		Territoire: atelier.Territoire{Code: code, Nom: s.name, Fuseau: "Europe/Paris", Emprise: box},
		Quartiers:  []atelier.Quartier{{Code: quartierCode(1), Nom: "Tout", NomCourt: "Tout", Geom: orb.MultiPolygon{box.ToPolygon()}}},
	}
}
