package edition

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What reaches the public cannot be put together elsewhere: no type of it has
// an exported field, and no pointer method could fill one.
func TestPublishedTypesAreSealed(t *testing.T) {
	for _, v := range []any{Edition{}, Hexagon{}, Class{}, Bar{}, Claim{}, Ledger{}, Key{}} {
		kind := reflect.TypeOf(v)
		for i := range kind.NumField() {
			if kind.Field(i).IsExported() {
				t.Errorf("%s.%s is exported", kind.Name(), kind.Field(i).Name)
			}
		}
		if pointer := reflect.PointerTo(kind); pointer.NumMethod() != kind.NumMethod() {
			t.Errorf("%s has methods that may change it", kind.Name())
		}
	}
	if (Edition{}).Valid() || len((Edition{}).Hexagons()) != 0 || len((Edition{}).Canonical()) != 0 || !(Class{}).Absent() {
		t.Error("a zero value says something")
	}
}

// Only these functions return a sealed type; a new one has to be argued here.
var makers = map[string]string{
	"Build":            "Edition",
	"Read":             "Edition",
	"NewLedger":        "Ledger",
	"Ledger.Claim":     "Claim",
	"NewKey":           "Key",
	"Edition.Hexagons": "Hexagon",
	"Edition.Themes":   "Bar",
	"Edition.Dayparts": "Bar",
	"Hexagon.Unsafe":   "Class",
	"Hexagon.Safe":     "Class",
	"Bar.Class":        "Class",
}

func TestOnlyBuildAndReadMakeEditions(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				name = typeName(f.Recv.List[0].Type) + "." + name
				if !ast.IsExported(name) {
					continue
				}
			}
			for _, result := range f.Type.Results.List {
				if made := typeName(result.Type); slices.Contains([]string{"Edition", "Hexagon", "Class", "Bar", "Claim", "Ledger", "Key"}, made) {
					found[name] = made
				}
			}
		}
	}
	if !reflect.DeepEqual(found, makers) {
		t.Errorf("sealed types come from %v, want %v", found, makers)
	}
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.StarExpr:
		return typeName(e.X)
	}
	return ""
}

// A random source would be fresh noise, a clock a live map.
func TestEditionIsPure(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{join .Imports " "}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmp", "crypto/hmac", "crypto/sha256", "encoding/binary", "encoding/hex", "fmt", "regexp",
		"slices", "strconv", "strings", "time", "quietude/geo/hexgrid"}
	for _, imported := range strings.Fields(string(out)) {
		if !slices.Contains(allowed, imported) {
			t.Errorf("edition imports %s", imported)
		}
	}
}
