package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// configurationTable renders Config as the table of the README, from the very
// flags that the program reads, so that the two cannot differ.
func configurationTable() (string, error) {
	parser, err := newParser()
	if err != nil {
		return "", err
	}
	var serve *kong.Node
	for _, child := range parser.Model.Children {
		if child.Name == "serve" {
			serve = child
		}
	}
	var b strings.Builder
	b.WriteString("| option | variable | défaut | rôle |\n|---|---|---|---|\n")
	for _, flag := range serve.Flags {
		option := "`--" + flag.Name
		if flag.Value.Target.Kind() != reflect.Bool {
			option += " " + flag.FormatPlaceHolder()
		}
		standard := "—"
		if flag.HasDefault {
			standard = "`" + flag.Default + "`"
		}
		fmt.Fprintf(&b, "| %s` | `%s` | %s | %s |\n", strings.ReplaceAll(option, "|", "\\|"), strings.Join(flag.Envs, "`, `"), standard, flag.Help)
	}
	return b.String(), nil
}

// Markers of the table in README.md.
const (
	tableOpening = "<!-- configuration -->\n"
	tableClosing = "<!-- /configuration -->\n"
)

// withTable puts the table between its markers; ok is false without them.
func withTable(readme, table string) (text string, ok bool) {
	before, rest, found := strings.Cut(readme, tableOpening)
	_, after, closed := strings.Cut(rest, tableClosing)
	return before + tableOpening + table + tableClosing + after, found && closed
}
