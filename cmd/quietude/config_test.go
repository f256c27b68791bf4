package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"quietude/server/fault"
)

var update = flag.Bool("update", false, "rewrite the table of README.md")

// plain is what somebody reads who starts the program: a whole one, without a
// word of the libraries.
var plain = regexp.MustCompile(`^[«A-ZÀ-Ü][^%]{30,}[.…]$`)

func TestConfigurationIsRefused(t *testing.T) {
	good := Config{Storage: Storage{Data: "/tmp/x"}, Listen: "127.0.0.1:8080"}
	if err := good.check(); err != nil {
		t.Fatalf("a good configuration is refused: %v", err)
	}
	for name, test := range map[string]struct {
		change func(*Config)
		field  string
		says   string
	}{
		"no database":       {func(c *Config) { c.Data = "" }, "data", "--data"},
		"database address":  {func(c *Config) { c.DatabaseURL = "mysql://root:hunter2@x/y" }, "database-url", "postgres://"},
		"listen on nothing": {func(c *Config) { c.Listen = "127.0.0.1" }, "listen", "adresse:port"},
		"territoire":        {func(c *Config) { c.Territoire = "Chambéry" }, "territoire", "INSEE"},
		"base with path":    {func(c *Config) { c.BaseURL = "https://a.fr/b" }, "base-url", "https://"},
		"base in clear":     {func(c *Config) { c.BaseURL = "http://quietude.exemple.fr" }, "base-url", "https://"},
		"base scheme":       {func(c *Config) { c.BaseURL = "javascript:alert(1)" }, "base-url", "https://"},
		"basemap member":    {func(c *Config) { c.BasemapURL = "https://a.fr/{z}/{x}.png" }, "basemap-url", "{y}"},
		"security contact":  {func(c *Config) { c.SecurityContact = "securite@ville.fr" }, "security-contact", "mailto:"},
		"half a provider":   {func(c *Config) { c.OIDCIssuer = "https://id.ville.fr" }, "oidc-issuer", "QUIETUDE_OIDC_CLIENT_SECRET"},
		"provider without https": {func(c *Config) {
			c.BaseURL, c.OIDCIssuer, c.OIDCClientID, c.OIDCClientSecret = "https://q.ville.fr", "http://id.ville.fr", "q", "s"
		}, "oidc-issuer", "https://"},
		"provider without our address": {func(c *Config) {
			c.OIDCIssuer, c.OIDCClientID, c.OIDCClientSecret = "https://id.ville.fr", "q", "s"
		}, "base-url", "--base-url"},
		"security lines":   {func(c *Config) { c.SecurityContact = "https://ville.fr/\nContact: x" }, "security-contact", "mailto:"},
		"basemap scheme":   {func(c *Config) { c.BasemapURL = "file:///{z}/{x}/{y}" }, "basemap-url", "https://"},
		"public demo":      {func(c *Config) { c.BaseURL, c.Demo = "https://quietude.exemple.fr", true }, "demo", "fictifs"},
		"short secret":     {func(c *Config) { c.Secret = "court" }, "secret", "32"},
		"public no secret": {func(c *Config) { c.BaseURL, c.DatabaseURL = "https://quietude.exemple.fr", "postgres:///x" }, "secret", "QUIETUDE_SECRET"},
		"public debug":     {func(c *Config) { c.BaseURL, c.LogLevel = "https://quietude.exemple.fr", "debug" }, "log-level", "mise au point"},
		"public basemap in clear": {func(c *Config) {
			c.BaseURL, c.BasemapURL = "https://quietude.exemple.fr", "http://a.fr/{z}/{x}/{y}"
		}, "basemap-url", "https://"},
		"base with a password":         {func(c *Config) { c.BaseURL = "https://root:hunter2@a.fr" }, "base-url", "mot de passe"},
		"secret of one letter":         {func(c *Config) { c.Secret = strings.Repeat("ab", 32) }, "secret", "openssl"},
		"any proxy":                    {func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/8", "0.0.0.0/0"} }, "trusted-proxies", "tout le monde"},
		"any proxy of IPv6":            {func(c *Config) { c.TrustedProxies = []string{"::/0"} }, "trusted-proxies", "tout le monde"},
		"second factor of no provider": {func(c *Config) { c.OIDCACR = []string{"eidas2"} }, "oidc-issuer", "QUIETUDE_OIDC_ISSUER"},
		"mail server in clear with a password": {func(c *Config) {
			c.BaseURL, c.SMTPFrom, c.SMTPURL = "https://q.ville.fr", "ville@ville.fr", "smtp+plaintext://ville:hunter2@smtp.ville.fr"
		}, "smtp-url", "mot de passe"},
		"mail server by http": {func(c *Config) {
			c.BaseURL, c.SMTPFrom, c.SMTPURL = "https://q.ville.fr", "ville@ville.fr", "http://ville:hunter2@smtp.ville.fr"
		}, "smtp-url", "smtp://"},
		"proxy":             {func(c *Config) { c.TrustedProxies = []string{"mandataire"} }, "trusted-proxies", "plage"},
		"demo without data": {func(c *Config) { c.Data, c.DatabaseURL, c.Demo = "", "postgres:///x", true }, "demo", "--data"},
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			test.change(&c)
			f := fault.As(c.check())
			if f == nil || f.Kind != fault.Invalid || f.Field != test.field || !strings.Contains(f.Detail, test.says) {
				t.Fatalf("got %+v, want a refusal of %q that says %q", f, test.field, test.says)
			}
			if strings.Contains(f.Detail, "hunter2") {
				t.Fatal("the refusal repeats a password")
			}
			if !plain.MatchString(f.Detail) {
				t.Errorf("not a sentence that says what to change: %s", f.Detail)
			}
		})
	}
	for _, listen := range []string{"localhost:0", "[::1]:80", "0.0.0.0:8080", ":8080"} {
		c := good
		c.Listen, c.BaseURL, c.TrustedProxies = listen, "https://quietude.exemple.fr", []string{"10.0.0.0/8"}
		if err := c.check(); err != nil {
			t.Errorf("%s is refused: %v", listen, err)
		}
	}
}

// TestReadmeHasTheConfiguration keeps the table of README.md in step with the
// flags: run with -update after changing one.
func TestReadmeHasTheConfiguration(t *testing.T) {
	const path = "../../README.md"
	table, err := configurationTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"QUIETUDE_LISTEN", "QUIETUDE_DATA", "DATABASE_URL", "QUIETUDE_TERRITOIRE", "QUIETUDE_BASEMAP_URL",
		"QUIETUDE_BASE_URL", "QUIETUDE_LOG_LEVEL", "QUIETUDE_DEMO", "QUIETUDE_TRUSTED_PROXIES"} {
		if !strings.Contains(table, "`"+name+"`") {
			t.Errorf("the table lacks %s:\n%s", name, table)
		}
	}
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, ok := withTable(string(readme), table)
	if !ok {
		t.Fatalf("README.md lacks the markers %q and %q", tableOpening, tableClosing)
	}
	if want == string(readme) {
		return
	}
	if !*update {
		t.Fatal("the configuration table of README.md is not that of the program: go test ./cmd/quietude -update")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeCommandsAreAccepted runs each block of README.md with bin/quietude
// in it as far as the parser and the check of where the data is: a newcomer
// copies them as they stand.
func TestReadmeCommandsAreAccepted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for i, block := range strings.Split(string(readme), "```\n") {
		if i%2 == 0 {
			continue
		}
		t.Run(fmt.Sprint("block ", i), func(t *testing.T) {
			t.Setenv("QUIETUDE_DATA", "")
			t.Setenv("DATABASE_URL", "")
			for line := range strings.Lines(block) {
				line, _, _ = strings.Cut(line, "#")
				words := strings.Fields(line)
				switch {
				case len(words) == 2 && words[0] == "export":
					name, value, _ := strings.Cut(words[1], "=")
					t.Setenv(name, value)
				case len(words) > 0 && words[0] == "bin/quietude":
					seen++
					tryCommand(t, words[1:])
				}
			}
		})
	}
	if seen < 3 {
		t.Errorf("README.md shows %d commands of bin/quietude, want at least 3", seen)
	}
}

func tryCommand(t *testing.T, words []string) {
	t.Helper()
	var all commands
	parser, err := kong.New(&all)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(words); err != nil {
		t.Errorf("bin/quietude %s: %v", strings.Join(words, " "), err)
		return
	}
	for command, storage := range map[string]Storage{
		"territoire": all.Import.Territoire.Storage, "signalements": all.Import.Signalements.Storage, "doctor": all.Doctor.Storage} {
		if !slices.Contains(words, command) {
			continue
		}
		if err := storage.check(); err != nil {
			t.Errorf("bin/quietude %s: %v", strings.Join(words, " "), err)
		}
	}
}

func TestVersionsCompareByNumber(t *testing.T) {
	for version, want := range map[string]bool{"3.3.2": true, "3.10.0": true, "4": true, "3.2.9": false, "2.5": false, "": false, "x": false} {
		if got := atLeast(version, "3.3"); got != want {
			t.Errorf("atLeast(%q, 3.3) = %v, want %v", version, got, want)
		}
	}
}

// TestSecondFactorIsAskedForInProduction: by itself with a public address, and as
// the city says otherwise.
func TestSecondFactorIsAskedForInProduction(t *testing.T) {
	for _, test := range []struct {
		rule, address string
		want          bool
	}{
		{"auto", "https://quietude.exemple.fr", true}, {"auto", "", false}, {"auto", "http://127.0.0.1:8080", false},
		{"required", "", true}, {"offered", "https://quietude.exemple.fr", false},
	} {
		if got := (Config{SecondFactor: test.rule, BaseURL: test.address}).secondFactor(); got != test.want {
			t.Errorf("%s with %q: %v", test.rule, test.address, got)
		}
	}
}
