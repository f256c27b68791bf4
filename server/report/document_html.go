package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
)

// documentStyle is in the page itself: the file is read where it was saved.
const documentStyle = `
:root { color: #1d2433; background: #fff; font: 100%/1.5 "Atkinson Hyperlegible", "Helvetica Neue", Arial, sans-serif; }
/* A seal is one word of 64 characters, wider than a phone. */
body { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 2.2rem 0 .5rem; border-bottom: 2px solid #1d2433; }
h3 { font-size: 1.1rem; margin: 1.5rem 0 .4rem; }
header p { margin: .15rem 0; }
.demo { font-weight: bold; border: 2px solid #1d2433; padding: .3rem .6rem; display: inline-block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: .6rem 0 1rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { border: 1px solid #5a6272; padding: .35rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; white-space: pre-line; }
th { background: #f0ede4; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; }
figcaption { font-size: .95rem; }
.wide:focus-visible { outline: 3px solid #1746c4; outline-offset: 2px; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .wide { overflow: visible; }
}
`

// DocumentPolicy is the content security policy of a document as a page: its
// own style, and nothing else.
var DocumentPolicy = func() string {
	sum := sha256.Sum256([]byte(documentStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

var documentPage = template.Must(template.New("document").Parse(`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<header>
<h1>{{.Title}}</h1>
{{range .Lines}}<p>{{.}}</p>
{{end}}{{if .Demo}}<p class="demo">Données fictives</p>
{{end}}</header>
<main>
{{range .Parts}}{{if eq .Kind "h2"}}<h2>{{.Text}}</h2>
{{else if eq .Kind "h3"}}<h3>{{.Text}}</h3>
{{else if eq .Kind "p"}}<p>{{.Text}}</p>
{{else if eq .Kind "ul"}}<ul>
{{range .Items}}<li>{{.}}</li>
{{end}}</ul>
{{else if eq .Kind "grid"}}<div class="wide" role="region" aria-label="{{.Grid.Caption}}" tabindex="0"><table>
<caption>{{.Grid.Caption}}</caption>
<thead><tr>{{range .Grid.Head}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
<tbody>
{{range .Grid.Rows}}<tr>{{range $i, $cell := .}}{{if eq $i 0}}<th scope="row">{{$cell}}</th>{{else}}<td>{{$cell}}</td>{{end}}{{end}}</tr>
{{end}}</tbody>
</table></div>
{{else}}<figure>{{.Picture}}<figcaption>{{.Text}} – {{.Legend}}. {{.Source}}</figcaption></figure>
{{end}}{{end}}</main>
</body>
</html>
`))

type htmlPart struct {
	Kind, Text, Legend, Source string
	Items                      []string
	Grid                       Grid
	Picture                    template.HTML
}

// HTML is the document as a page that stands alone: headings, a caption and
// heads for each table, words for each map, no script.
func (d Document) HTML() ([]byte, error) {
	view := struct {
		Title string
		Lines []string
		Demo  bool
		Style template.CSS
		Parts []htmlPart
	}{Title: d.Title, Lines: d.Lines, Demo: d.Demo, Style: template.CSS(documentStyle)}
	for i, block := range d.Blocks {
		switch b := block.(type) {
		case Heading:
			view.Parts = append(view.Parts, htmlPart{Kind: fmt.Sprintf("h%d", min(max(b.Level, 2), 3)), Text: b.Text})
		case Paragraph:
			view.Parts = append(view.Parts, htmlPart{Kind: "p", Text: string(b)})
		case Bullets:
			view.Parts = append(view.Parts, htmlPart{Kind: "ul", Items: b})
		case Grid:
			view.Parts = append(view.Parts, htmlPart{Kind: "grid", Grid: b})
		case Plan:
			// svg escapes what it is given.
			view.Parts = append(view.Parts, htmlPart{Kind: "plan", Text: b.Title, Legend: b.legend(), Source: b.Map.Source, Picture: template.HTML(b.svg(fmt.Sprintf("plan%d", i)))})
		}
	}
	var out bytes.Buffer
	if err := documentPage.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("document as HTML: %w", err)
	}
	return out.Bytes(), nil
}
