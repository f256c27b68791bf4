package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/fault"
)

//go:embed openapi.yaml
var openapiYAML []byte

// contract is openapi.yaml, read and checked.
type contract struct {
	document *openapi3.T
}

// loadContract reads it once: nothing writes to it, and reading takes long.
var loadContract = sync.OnceValues(func() (*contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(openapiYAML)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return &contract{document}, nil
})

func serveContract(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "application/yaml", openapiYAML)
}

// operation is one operation of the contract, ready to check requests.
type operation struct {
	route      *routers.Route
	parameters []*openapi3.Parameter
	produces   []string // media types of its successes
	body       *openapi3.Schema
}

// operation finds the operation of a route.
func (k *contract) operation(r Route) (*operation, error) {
	item := k.document.Paths.Value(r.Path)
	if item == nil || item.GetOperation(r.Method) == nil {
		return nil, fmt.Errorf("openapi.yaml has no %s %s", r.Method, r.Path)
	}
	spec := item.GetOperation(r.Method)
	o := &operation{route: &routers.Route{Spec: k.document, Path: r.Path, PathItem: item, Method: r.Method, Operation: spec}}
	for _, list := range []openapi3.Parameters{item.Parameters, spec.Parameters} {
		for _, p := range list {
			o.parameters = append(o.parameters, p.Value)
		}
	}
	for status, response := range spec.Responses.Map() {
		if strings.HasPrefix(status, "2") {
			for media := range response.Value.Content {
				o.produces = append(o.produces, media)
			}
		}
	}
	if spec.RequestBody != nil {
		o.body = spec.RequestBody.Value.Content.Get("application/json").Schema.Value
	}
	return o, nil
}

// formats are the string formats of the contract, checked by what later reads
// them rather than by a regular expression.
var formats = openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
	"uuid": openapi3.NewCallbackValidator(func(s string) error {
		if len(s) != 36 {
			return errBadValue
		}
		_, err := uuid.Parse(s)
		return err
	}),
	"date": openapi3.NewCallbackValidator(func(s string) error {
		_, err := time.Parse(time.DateOnly, s)
		return err
	}),
	"date-time": openapi3.NewCallbackValidator(func(s string) error {
		_, err := time.Parse(time.RFC3339, s)
		return err
	}),
})

// checkRequest holds a request against the contract, but for its body.
func (o *operation) checkRequest(c *gin.Context) error {
	if !acceptable(c.Request.Header.Values("Accept"), o.produces) {
		return fault.New(fault.NotAcceptable, "format_inconnu", "Ce format de réponse n’est pas proposé.").
			At("Accept").With("formats", o.produces)
	}
	query, err := o.checkQuery(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	path := map[string]string{}
	for _, p := range c.Params {
		if !utf8.ValidString(p.Value) || strings.ContainsRune(p.Value, 0) {
			return errUnknownPath
		}
		path[p.Key] = p.Value
	}
	input := &openapi3filter.RequestValidationInput{
		Request: c.Request, PathParams: path, QueryParams: query, Route: o.route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{
			formats, openapi3.EnableFormatValidation(), openapi3.DisableSchemaErrorDetails()}},
	}
	for _, p := range o.parameters {
		value := query.Get(p.Name)
		if p.In == openapi3.ParameterInPath {
			value = path[p.Name]
		}
		if p.In == openapi3.ParameterInQuery && !p.Required && !query.Has(p.Name) {
			continue
		}
		if err := checkSpelling(p, value); err != nil {
			return err
		}
		if err := openapi3filter.ValidateParameter(c.Request.Context(), input, p); err != nil {
			return parameterFault(p, err)
		}
	}
	return nil
}

// checkQuery wants each parameter once, known, and readable.
func (o *operation) checkQuery(raw string) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.New(fault.Invalid, "adresse_illisible", "Les paramètres de l’adresse sont mal écrits.").Because(err)
	}
	for name, values := range query {
		if !o.knows(name) {
			return nil, fault.New(fault.Invalid, "parametre_inconnu", "Ce paramètre n’existe pas ici.").At(safeName(name))
		}
		if len(values) > 1 {
			return nil, fault.New(fault.Invalid, "parametre_double", "Ce paramètre est donné plusieurs fois.").At(name)
		}
		if !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0) {
			return nil, fault.New(fault.Invalid, "texte_illisible", "Ce paramètre contient un caractère illisible.").At(name)
		}
	}
	return query, nil
}

func (o *operation) knows(name string) bool {
	for _, p := range o.parameters {
		if p.In == openapi3.ParameterInQuery && p.Name == name {
			return true
		}
	}
	return false
}

// safeName keeps the name of an unknown parameter printable.
func safeName(name string) string {
	if len(name) > maxFieldLength || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return "…"
	}
	return name
}

var plainInteger = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,17})$`)

// checkSpelling admits one spelling of an integer, so that what it names has
// one address: not 010, +1 or 1e9.
func checkSpelling(p *openapi3.Parameter, value string) error {
	if value != "" && p.Schema.Value.Type.Is("integer") && !plainInteger.MatchString(value) {
		return badParameter(p)
	}
	return nil
}

// badParameter is 404 in a path, where it names something that is not there,
// and 400 in a query.
func badParameter(p *openapi3.Parameter) *fault.Error {
	if p.In == openapi3.ParameterInPath {
		return errUnknownPath.At(p.Name)
	}
	return fault.New(fault.Invalid, "parametre_invalide", "Ce paramètre n’est pas dans les valeurs possibles.").At(p.Name)
}

func parameterFault(p *openapi3.Parameter, err error) error {
	if errors.Is(err, openapi3filter.ErrInvalidRequired) {
		return fault.New(fault.Invalid, "parametre_absent", "Il manque un paramètre.").At(p.Name)
	}
	f := badParameter(p).Because(err)
	if p.In == openapi3.ParameterInQuery {
		if allowed := enumOf(p.Schema.Value); allowed != "" {
			f.Detail = "Ce paramètre vaut l’une de ces valeurs : " + allowed + "."
		} else if p.Schema.Value.Format == "date" {
			f.Detail = "Une date s’écrit 2026-03-12, et doit exister."
		} else if low, high := p.Schema.Value.Min, p.Schema.Value.Max; low != nil && high != nil {
			f.Detail = fmt.Sprintf("Ce paramètre va de %g à %g.", *low, *high)
		}
	}
	return f
}

func enumOf(s *openapi3.Schema) string {
	words := make([]string, 0, len(s.Enum))
	for _, v := range s.Enum {
		if v != nil {
			words = append(words, fmt.Sprint(v))
		}
	}
	return strings.Join(words, ", ")
}

// readBody reads and checks the body when the operation has one.
func (o *operation) readBody(c *gin.Context, r Route) error {
	if o.body == nil {
		return nil
	}
	body, err := readBody(c.Writer, c.Request)
	if err != nil {
		return err
	}
	if r.Position != "" {
		if err := body.point(r.Position); err != nil {
			return err
		}
	}
	if !r.OwnBody {
		if err := checkSchema(o.body, body.Raw); err != nil {
			return err
		}
	}
	c.Set(bodyKey, body)
	return nil
}

// checkSchema holds a strict JSON text against a schema of the contract.
func checkSchema(schema *openapi3.Schema, raw []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	var value any
	if err := decoder.Decode(&value); err != nil {
		return errBadValue.Because(err) // a number beyond a float64
	}
	err := schema.VisitJSON(value, openapi3.VisitAsRequest(), formats,
		openapi3.EnableFormatValidation(), openapi3.DisableSchemaErrorDetails())
	if err == nil {
		return nil
	}
	var refused *openapi3.SchemaError
	if !errors.As(err, &refused) {
		return errBadValue.Because(err)
	}
	return bodyFault(refused)
}

// unexpected finds the name of a member that no schema has; the pointer of the
// error stops at the object that holds it.
var unexpected = regexp.MustCompile(`^property "([^"]+)" is unsupported$`)

// bodyFault tells in French which member breaks which rule of the schema.
func bodyFault(e *openapi3.SchemaError) error {
	field := fieldOf(e.JSONPointer())
	f := func(code, detail string, args ...any) error {
		return fault.New(fault.Invalid, code, detail, args...).At(field).Because(errors.New(e.Reason))
	}
	switch e.SchemaField {
	case "required":
		return f("champ_absent", "Il manque une information.")
	case "properties", "additionalProperties":
		if m := unexpected.FindStringSubmatch(e.Reason); m != nil {
			field = under(field, safeName(m[1]))
		}
		return f("champ_en_trop", "Cette information n’est pas prévue ici.")
	case "type", "nullable":
		return f("type_invalide", "Cette valeur n’a pas le bon type.")
	case "enum":
		return f("valeur_inconnue", "Cette valeur n’est pas dans la liste : %s.", enumOf(e.Schema))
	case "maxLength":
		return f("texte_trop_long", "Le texte dépasse %d caractères.", *e.Schema.MaxLength)
	case "minLength":
		return f("texte_trop_court", "Le texte est trop court.")
	case "format":
		switch e.Schema.Format {
		case "date-time", "date":
			return f("date_invalide", "Cette date est mal écrite ou n’existe pas.")
		case "uuid":
			return f("identifiant_invalide", "Cet identifiant n’est pas un UUID.")
		}
	case "minimum", "maximum":
		return f("nombre_hors_bornes", "Ce nombre est hors des bornes.")
	case "maxItems", "minItems", "uniqueItems":
		return f("liste_invalide", "La liste est trop longue, trop courte, ou se répète.")
	}
	return f("valeur_invalide", "Cette valeur n’est pas acceptée.")
}

// fieldOf writes a JSON pointer as the path people know: a.b[0].
func fieldOf(pointer []string) string {
	path := ""
	for _, part := range pointer {
		if _, err := strconv.Atoi(part); err == nil && path != "" {
			path += "[" + part + "]"
		} else {
			path = under(path, part)
		}
	}
	return path
}

// acceptable reports whether one of the media types may be sent to a client
// with these Accept headers. A client that asks for JSON is content with any
// +json, and errors are always problem+json.
func acceptable(accept, produces []string) bool {
	header := strings.Join(accept, ",")
	if strings.TrimSpace(header) == "" || len(produces) == 0 {
		return true
	}
	for _, item := range strings.Split(header, ",") {
		media, parameters, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil && q == 0 {
			continue
		}
		for _, p := range produces {
			major, minor, _ := strings.Cut(p, "/")
			if media == "*/*" || media == p || media == major+"/*" ||
				media == "application/json" && strings.HasSuffix(minor, "+json") {
				return true
			}
		}
	}
	return false
}
