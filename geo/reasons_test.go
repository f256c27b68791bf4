package geo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"quietude/geo"
)

// declaredReasons reads the constants from the source: the compiler keeps no
// list of them.
func declaredReasons(t *testing.T) []geo.Reason {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "invalid.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []geo.Reason
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Reason" {
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			reasons = append(reasons, geo.Reason(word))
		}
		return true
	})
	if len(reasons) == 0 {
		t.Fatal("no reason found in invalid.go")
	}
	return reasons
}
