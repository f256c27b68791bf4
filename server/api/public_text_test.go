package api_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/auth"
	"quietude/server/pgtest"
)

// publicText says of a column that everybody reads where its words come from: a
// closed form, or words that somebody wrote.
type publicText struct {
	form *regexp.Regexp
	// write has somebody of the city write words that will be read there, and
	// gives the problem when they are refused at once.
	write func(w *publicWriter, words string) (refusal string)
}

// publicWriter is who brings words to where the public reads them.
type publicWriter struct {
	*node
	action string // the path of one that the public follows
}

func (w *publicWriter) announce(titre, lieu string) string {
	w.into(w.post("/api/v1/ateliers", fmt.Sprintf(`{"id":"%s","quartier":"HC","titre":"%s","lieu":"%s","starts_at":"2026-04-02T17:30:00Z","tables":2}`,
		uuid.NewString(), titre, lieu)), http.StatusCreated, &struct{}{})
	return ""
}

// decide asks that the public reads words of an action that it follows.
func (w *publicWriter) decide(said, titre, answer string) string {
	var s suiviBody
	w.into(w.get(w.action+"/suivi"), http.StatusOK, &s)
	answered := w.post(w.action+"/suivi", fmt.Sprintf(`{"id":"%s","shown":true,"said":"%s","titre":"%s","answer":"%s","digest":"%s"}`,
		uuid.New(), said, titre, answer, s.Digest))
	var problem struct{ Code string }
	if answered.Code != http.StatusOK {
		w.into(answered, http.StatusUnprocessableEntity, &problem)
	}
	return problem.Code
}

var (
	codeForm = regexp.MustCompile(`^[0-9A-Za-z_]{1,24}$`)
	hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// publicTexts has a line for every column of the schema publication that can
// hold words.
var publicTexts = map[string]publicText{
	"edition.territoire": {form: codeForm}, "edition.quartier": {form: codeForm}, "edition.hash": {form: hashForm},
	"edition.canonical":    {form: regexp.MustCompile(`^[\x20-\x7e\n]*$`)}, // held against the model when it is read
	"rencontre.territoire": {form: codeForm}, "rencontre.quartier": {form: codeForm}, "rencontre.kind": {form: codeForm},
	"rencontre.titre":  {write: func(w *publicWriter, words string) string { return w.announce(words, "") }},
	"rencontre.lieu":   {write: func(w *publicWriter, words string) string { return w.announce("Atelier", words) }},
	"suivi.territoire": {form: codeForm}, "suivi.quartier": {form: codeForm}, "suivi.code": {form: codeForm}, "suivi.state": {form: codeForm},
	"suivi.said":   {write: func(w *publicWriter, words string) string { return w.decide(words, "Le titre", "") }},
	"suivi.titre":  {write: func(w *publicWriter, words string) string { return w.decide("", words, "") }},
	"suivi.answer": {write: func(w *publicWriter, words string) string { return w.decide("", "Le titre", words) }},
	"suivi.pilote": {write: func(w *publicWriter, words string) string {
		_, w.action = w.promise(pgtest.Atelier(w.t, w.pool), w.organisation(words), "Gardiennage du hall", event("planned", ""))
		w.shows(w.action)
		return ""
	}},
}

// publicRows gives all that the public may read, column by column.
func (n *node) publicRows() map[string][]string {
	n.t.Helper()
	ctx := context.Background()
	rows, err := n.pool.Query(ctx, `select table_name, column_name, data_type from information_schema.columns
		where table_schema = 'publication' and data_type not in ('uuid', 'date', 'boolean', 'integer', 'smallint', 'timestamp with time zone') order by 1, 2`)
	if err != nil {
		n.t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Table, Column, Type string }])
	if err != nil {
		n.t.Fatal(err)
	}
	out := map[string][]string{}
	for _, c := range columns {
		name := pgx.Identifier{c.Column}.Sanitize()
		words := name + "::text"
		if c.Type == "bytea" {
			words = "encode(" + name + ", 'escape')"
		}
		rows, err := n.pool.Query(ctx, `select `+words+` from publication.`+pgx.Identifier{c.Table}.Sanitize()+` where `+name+` is not null`)
		if err != nil {
			n.t.Fatal(err)
		}
		values, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			n.t.Fatal(err)
		}
		out[c.Table+"."+c.Column] = values
	}
	return out
}

func holding(values []string, words string) bool {
	return slices.ContainsFunc(values, func(one string) bool { return strings.Contains(one, words) })
}

// TestPublicTextsAreHeld: whatever words somebody of the city writes that
// everybody would read are held, or refused, when something in them may say who
// somebody is; and read once somebody has. A column without a line fails.
func TestPublicTextsAreHeld(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	writer := &publicWriter{node: n}
	publish := func() {
		t.Helper()
		if err := n.publisher.Announce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := n.publisher.Follow(t.Context(), pgtest.Chambery); err != nil {
			t.Fatal(err)
		}
	}
	// What has nothing to hide is read without anybody's doing.
	publicTexts["suivi.pilote"].write(writer, "Bailleur du centre")
	writer.announce("Atelier du printemps", "Salle des fêtes")
	publish()
	all := n.publicRows()
	for column, words := range map[string]string{"suivi.pilote": "Bailleur du centre", "rencontre.titre": "Atelier du printemps", "rencontre.lieu": "Salle des fêtes"} {
		if !holding(all[column], words) {
			t.Errorf("%s: %q waits for nothing: %q", column, words, all[column])
		}
	}
	if listed, known := slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(publicTexts)); !slices.Equal(listed, known) {
		t.Fatalf("every column that the public reads has a line:\nin the database %v\nwith a line     %v", listed, known)
	}
	moderator := n.token(string(auth.Animateur))
	for i, column := range slices.Sorted(maps.Keys(publicTexts)) {
		if publicTexts[column].write == nil {
			continue
		}
		words := fmt.Sprintf("Voir Amandine Verlaine au 06 12 34 56 %02d", i)
		refusal := publicTexts[column].write(writer, words)
		publish()
		for other, values := range n.publicRows() {
			if holding(values, "Verlaine") || holding(values, "06 12 34") {
				t.Errorf("%s written for %s stands in %s", words, column, other)
			}
		}
		if refusal != "" {
			t.Logf("%s: refused, %s", column, refusal)
			continue
		}
		held := n.queue(moderator, "held").Texts
		at := 0
		for at < len(held) && held[at].Digest != digestOfText(words) {
			at++
		}
		if at == len(held) {
			t.Errorf("%s: not in the queue", column)
			continue
		}
		waiting := held[at]
		t.Logf("%s: held as %s of %s", column, waiting.Champ, waiting.Objet)
		shown := fmt.Sprintf("Texte relu %d", i)
		n.into(n.as(moderator, http.MethodPost, "/api/v1/moderation/decisions", decision(waiting.Objet, waiting.ObjetID,
			fmt.Sprintf(`"champ":"%s","verdict":"redact","reason":"name","texte":"%s","digest":"%s"`, waiting.Champ, shown, waiting.Digest))), http.StatusCreated, &struct{}{})
		if values := n.publicRows()[column]; !holding(values, shown) || holding(values, words) {
			t.Errorf("%s: read, and the public reads %q", column, values)
		}
	}
	for column, values := range n.publicRows() {
		for _, value := range values {
			if form := publicTexts[column].form; form != nil && !form.MatchString(value) {
				t.Errorf("%s holds %q", column, value)
			}
		}
	}
}
