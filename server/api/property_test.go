package api_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"quietude/server/api"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// everybody are the roles, each as a request makes it: with a token, a seat or
// nothing.
func (n *node) everybody(room uuid.UUID, code string) map[auth.Role]*node {
	n.t.Helper()
	all := map[auth.Role]*node{auth.Public: n.by(auth.Public)}
	for _, role := range auth.Staff {
		all[role] = n.by(role)
	}
	seat := *n.by(auth.Public)
	seat.bearer = n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())).Token
	seat.handler = seat.signed()
	all[auth.Habitant] = &seat
	return all
}

// members collects which members an answer has, by the object of the contract
// that they belong to.
func members(schema *openapi3.SchemaRef, value any, under string, seen map[string]bool) {
	if schema == nil || schema.Value == nil {
		return
	}
	if name, ok := strings.CutPrefix(schema.Ref, "#/components/schemas/"); ok {
		under = name
	}
	for _, part := range slices.Concat(schema.Value.AllOf, schema.Value.OneOf, schema.Value.AnyOf) {
		members(part, value, under, seen)
	}
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			members(schema.Value.Items, one, under, seen)
		}
	case map[string]any:
		for name, one := range v {
			if under != "" {
				seen[under+"."+name] = true
			}
			if property := schema.Value.Properties[name]; property != nil {
				members(property, one, under, seen)
			}
		}
	}
}

// TestPropertiesByRole asks every route that is read, as every role that it
// answers, about the same rooms, findings, actions and signalements. Where two
// roles do not find the same members in an answer, the table of rights says so;
// and of every line of the table both sides are seen.
func TestPropertiesByRole(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	marker := pgtest.Marker(t, n.pool, atelier.Atelier{Territoire: n.city.Code, ID: room, Quartier: "CE"})
	bailleur, finding, action, withdrawn := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	if err := n.store.PutOrganisation(t.Context(), atelier.Organisation{Territoire: n.city.Code, ID: bailleur, Nom: "Habitat", Kind: "bailleur", Email: "h@exemple.fr"}); err != nil {
		t.Fatal(err)
	}
	n.exec(`update atelier set state = 'closed', frozen_at = now(), frozen_hash = 'a' where id = $1`, pgtest.Atelier(t, n.pool).ID)
	n.exec(`update atelier set seq = 3, plan = '{10,20,20,10,20,10,10}' where id = $1`, room)
	for _, f := range []struct {
		id        uuid.UUID
		withdrawn bool
	}{{finding, false}, {withdrawn, true}} {
		n.exec(`insert into finding (territoire, id, atelier, quartier, rang, titre, withdrawn) values ($1, $2, $3, 'CE', 1, 'Il fait sombre', $4)`, n.city.Code, f.id, room, f.withdrawn)
	}
	n.exec(`insert into finding_marker (territoire, finding, atelier, marker) values ($1, $2, $3, $4)`, n.city.Code, finding, room, marker.ID)
	remark := uuid.New()
	n.exec(`insert into remark (territoire, atelier, id, numero, question, texte, added_seq, seq) values ($1, $2, $3, 1, 'troubles', 'Il fait sombre', 1, 1)`, n.city.Code, room, remark)
	n.exec(`insert into finding_remark (territoire, finding, atelier, remark) values ($1, $2, $3, $4)`, n.city.Code, finding, room, remark)
	n.exec(`insert into action (territoire, id, quartier, atelier, code, titre, state, pilote) values ($1, $2, 'CE', $3, 'TEC', 'Six lampadaires', 'planned', $4)`, n.city.Code, action, room, bailleur)
	n.exec(`insert into action_finding (territoire, action, finding) values ($1, $2, $3)`, n.city.Code, action, finding)

	told := pgtest.Signalement(t, n.pool)
	n.exec(`update signalement set origin = 'habitant', note = 'Du bruit', subtheme = 'Moteurs' where id = $1`, told.ID)
	for champ, text := range map[string]string{"note": "Du bruit", "subtheme": "Moteurs"} {
		want(t, "publish", n.post("/api/v1/moderation/decisions", fmt.Sprintf(`{"id":"%s","objet":"signalement","objet_id":"%s","champ":"%s","verdict":"publish","digest":"%s"}`,
			uuid.New(), told.ID, champ, hex.EncodeToString(atelier.TextDigest(text)))), http.StatusCreated)
	}

	everybody := n.everybody(room, code)
	n.exec(`update staff_token set organisation = $1 where role = 'bailleur'`, bailleur)
	n.api.Auth.Forget(uuid.Nil)
	names := regexp.MustCompile(`\{(\w+)\}`)
	fill := map[string]string{"id": room.String(), "code": "CE", "action": action.String(), "numero": "1", "h3": told.Cell.Parent(10).String(), "objet": "signalement"}
	seen := map[string]map[auth.Role]bool{} // member → roles that saw it
	object := map[string]map[auth.Role]bool{}
	note := func(into map[string]map[auth.Role]bool, key string, role auth.Role) {
		if into[key] == nil {
			into[key] = map[auth.Role]bool{}
		}
		into[key][role] = true
	}
	for _, route := range new(api.API).Routes() {
		if route.Method != http.MethodGet || route.Stream || strings.Contains(route.Path, "{layer}") {
			continue
		}
		operation := n.contract.Paths.Value(route.Path).Get
		path := names.ReplaceAllStringFunc(route.Path, func(name string) string {
			if route.Path == "/api/v1/tables/{code}" {
				return code
			}
			return fill[strings.Trim(name, "{}")]
		})
		if route.Path == "/api/v1/statistiques/lieux/{h3}/signalements" || route.Path == "/api/v1/statistiques/lieux/{h3}" {
			path += "?from=2020-01-01"
		}
		by := map[auth.Role]map[string]bool{}
		for role, as := range everybody {
			if !role.May(route.Method + " " + route.Path) {
				continue
			}
			w := httptest.NewRecorder()
			as.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			content := operation.Responses.Status(http.StatusOK)
			if w.Code != http.StatusOK || !isJSON(w) || content == nil {
				continue
			}
			media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
			described := content.Value.Content.Get(media)
			if described == nil {
				continue
			}
			var value any
			if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
				t.Fatalf("%s as %s: %v", path, role, err)
			}
			by[role] = map[string]bool{}
			members(described.Schema, value, "", by[role])
			for member := range by[role] {
				note(seen, member, role)
				name, _, _ := strings.Cut(member, ".")
				note(object, name, role)
			}
		}
		for one, a := range by {
			for other, b := range by {
				for member := range a {
					name, _, _ := strings.Cut(member, ".")
					both := slices.ContainsFunc(keysOf(b), func(m string) bool { return strings.HasPrefix(m, name+".") })
					if both && !b[member] && (!one.Sees(member) || other.Sees(member)) {
						t.Errorf("%s: %s finds %s, %s does not, and the table says %v and %v", path, one, member, other, one.Sees(member), other.Sees(member))
					}
				}
			}
		}
	}
	for _, member := range auth.Properties() {
		name, _, _ := strings.Cut(member, ".")
		if len(seen[member]) == 0 {
			t.Errorf("nobody was shown %s: its line is not tried", member)
		}
		for role := range object[name] {
			if seen[member][role] && !role.Sees(member) {
				t.Errorf("%s finds %s", role, member)
			}
		}
		if len(object[name]) == len(seen[member]) {
			t.Errorf("everybody who got a %s was shown %s: its line keeps nothing from anybody", name, member)
		}
	}
	t.Logf("%d members of %d objects", len(seen), len(object))
}

func keysOf(m map[string]bool) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}
