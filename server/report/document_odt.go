package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
)

// ODT is the document as OpenDocument Text 1.3 (OASIS, 2021), for those who edit
// it: its headings are headings and its tables are tables. Maps are SVG
// pictures with their words.
func (d Document) ODT() ([]byte, error) {
	content, pictures := d.odtContent()
	files := append([]odtFile{{"content.xml", content}, {"styles.xml", d.odtStyles()}, {"meta.xml", d.odtMeta()}}, pictures...)
	packed, err := packODT(append(files, odtFile{"META-INF/manifest.xml", odtManifest(files)}))
	if err != nil {
		return nil, fmt.Errorf("document as ODT: %w", err)
	}
	return packed, nil
}

// odtFile is a file in the archive that an ODT is.
type odtFile struct{ name, body string }

// odtContent is the text of the document, and the pictures that it shows.
func (d Document) odtContent() (content string, pictures []odtFile) {
	var out strings.Builder
	out.WriteString(odtHead)
	out.WriteString(paragraph("Title", d.Title))
	for _, line := range d.Lines {
		out.WriteString(paragraph("Text_20_body", line))
	}
	if d.Demo {
		out.WriteString(paragraph("Demo", "DONNÉES FICTIVES"))
	}
	for i, block := range d.Blocks {
		switch b := block.(type) {
		case Heading:
			level, style := min(max(b.Level, 2), 3)-1, "Heading_20_"
			if i > 0 && leadsToPlan(d.Blocks[i:]) && !isHeading(d.Blocks[i-1]) {
				style = "MapHeading"
			}
			fmt.Fprintf(&out, `<text:h text:style-name="%s%d" text:outline-level="%d">%s</text:h>`, style, level, level, xmlText(b.Text))
		case Paragraph:
			style := "Text_20_body"
			if i+1 < len(d.Blocks) && shows(d.Blocks[i+1]) {
				style = "Lead"
			}
			out.WriteString(paragraph(style, string(b)))
		case Bullets:
			out.WriteString(`<text:list text:style-name="Bullets">`)
			for _, item := range b {
				out.WriteString(`<text:list-item>` + paragraph("Text_20_body", item) + `</text:list-item>`)
			}
			out.WriteString(`</text:list>`)
		case Grid:
			out.WriteString(b.odt(i))
		case Plan:
			name := fmt.Sprintf("Pictures/plan%d.svg", i)
			pictures = append(pictures, odtFile{name, `<?xml version="1.0" encoding="UTF-8"?>` + b.svg(fmt.Sprintf("plan%d", i))})
			fmt.Fprintf(&out, `<text:p text:style-name="Text_20_body"><draw:frame draw:style-name="Picture" draw:name="plan%d" text:anchor-type="as-char" svg:width="%.0fmm" svg:height="%.0fmm" draw:z-index="0"><draw:image xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad" draw:mime-type="image/svg+xml"/><svg:title>%s</svg:title><svg:desc>%s</svg:desc></draw:frame></text:p>`,
				i, planWidth, planHeight, name, xmlText(b.Title), xmlText(b.Alt))
			out.WriteString(paragraph("Legend", b.Title+" – "+b.legend()+". "+b.Map.Source))
		}
	}
	out.WriteString(`</office:text></office:body></office:document-content>`)
	return out.String(), pictures
}

// leadsToPlan tells whether what stands between a heading and the next map belongs to
// the map: headings, then paragraphs. LibreOffice parts such a chain from its map, so
// that it begins a page of its own.
func leadsToPlan(blocks []Block) bool {
	said := false
	for _, b := range blocks {
		switch b.(type) {
		case Plan:
			return true
		case Paragraph:
			said = true
		case Heading:
			if said { // another section
				return false
			}
		default:
			return false
		}
	}
	return false
}

func isHeading(b Block) bool {
	_, heading := b.(Heading)
	return heading
}

// odtManifest lists the files of the archive, itself and the type apart.
func odtManifest(files []odtFile) string {
	var out strings.Builder
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + mediaODT + `"/>`)
	for _, f := range files {
		media := "text/xml"
		if strings.HasSuffix(f.name, ".svg") {
			media = "image/svg+xml"
		}
		fmt.Fprintf(&out, `<manifest:file-entry manifest:full-path="%s" manifest:media-type="%s"/>`, f.name, media)
	}
	out.WriteString(`</manifest:manifest>`)
	return out.String()
}

// packODT puts files in an archive after the type of the document.
func packODT(files []odtFile) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	// The first entry says what the file is, at a fixed place: stored, with its
	// size before it (ODF 1.3, part 2, 3.3).
	first, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(mediaODT)),
		CompressedSize64: uint64(len(mediaODT)), UncompressedSize64: uint64(len(mediaODT))})
	if err != nil {
		return nil, err
	}
	if _, err := first.Write([]byte(mediaODT)); err != nil {
		return nil, err
	}
	for _, f := range files {
		// Without a time of its own, the same document gives the same bytes.
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(f.body)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// shows tells a map or a table, from which what leads to it is not parted.
func shows(b Block) bool {
	switch b.(type) {
	case Plan, Grid:
		return true
	}
	return false
}

const mediaODT = "application/vnd.oasis.opendocument.text"

func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
	return b.String()
}

func paragraph(style, text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<text:p text:style-name="%s">`, style)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString(`<text:line-break/>`)
		}
		b.WriteString(xmlText(line))
	}
	b.WriteString(`</text:p>`)
	return b.String()
}

func (g Grid) odt(number int) string {
	var b strings.Builder
	b.WriteString(paragraph("Caption", g.Caption))
	fmt.Fprintf(&b, `<table:table table:name="tableau%d" table:style-name="Table">`, number)
	for _, share := range g.Shares {
		// Column styles exist for each share in hundredths.
		fmt.Fprintf(&b, `<table:table-column table:style-name="col%d"/>`, hundredths(share))
	}
	cells := func(row []string, style string) {
		b.WriteString(`<table:table-row table:style-name="Row">`)
		for _, cell := range row {
			b.WriteString(`<table:table-cell table:style-name="Cell" office:value-type="string">` + paragraph(style, cell) + `</table:table-cell>`)
		}
		b.WriteString(`</table:table-row>`)
	}
	b.WriteString(`<table:table-header-rows>`)
	cells(g.Head, "Table_20_Heading")
	b.WriteString(`</table:table-header-rows>`)
	for _, row := range g.Rows {
		cells(row, "Table_20_Contents")
	}
	b.WriteString(`</table:table>` + paragraph("Text_20_body", ""))
	return b.String()
}

func hundredths(share float64) int { return int(share*100 + 0.5) }

func (d Document) odtMeta() string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.3"><office:meta><dc:title>` +
		xmlText(d.Title) + `</dc:title><dc:language>fr-FR</dc:language><meta:creation-date>` + d.Made.UTC().Format(time.RFC3339) + `</meta:creation-date></office:meta></office:document-meta>`
}

const odtSpaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"`

// odtHead opens the content, with the styles that tables and pictures need.
var odtHead = func() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document-content ` + odtSpaces + `><office:automatic-styles>`)
	fmt.Fprintf(&b, `<style:style style:name="Table" style:family="table"><style:table-properties style:width="%.0fmm" table:align="margins" table:border-model="collapsing"/></style:style>`, planWidth)
	for share := 1; share <= 100; share++ {
		fmt.Fprintf(&b, `<style:style style:name="col%d" style:family="table-column"><style:table-column-properties style:column-width="%.1fmm"/></style:style>`, share, planWidth*float64(share)/100)
	}
	// A row stays on one page, with the name of what it is about.
	b.WriteString(`<style:style style:name="Row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>`)
	b.WriteString(`<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #5a6272" fo:padding="1mm"/></style:style>`)
	b.WriteString(`<style:style style:name="Picture" style:family="graphic"><style:graphic-properties style:vertical-pos="top" style:vertical-rel="baseline"/></style:style>`)
	b.WriteString(`<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-5mm" fo:margin-left="7mm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>`)
	b.WriteString(`</office:automatic-styles><office:body><office:text>`)
	return b.String()
}()

// odtStyles are the looks of the text, and the foot of its pages.
func (d Document) odtStyles() string {
	return odtLooks + `<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer><text:p text:style-name="Footer">` + xmlText(d.Title) +
		` – page <text:page-number text:select-page="current"/> sur <text:page-count/></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`
}

const odtLooks = `<?xml version="1.0" encoding="UTF-8"?><office:document-styles ` + odtSpaces + `><office:styles>` +
	`<style:default-style style:family="paragraph"><style:text-properties style:font-name="Liberation Sans" fo:font-family="'Liberation Sans', Arial, sans-serif" fo:font-size="11pt" fo:language="fr" fo:country="FR" fo:color="#1d2433"/></style:default-style>` +
	`<style:style style:name="Text_20_body" style:display-name="Text body" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="2mm"/></style:style>` +
	`<style:style style:name="Lead" style:family="paragraph" style:parent-style-name="Text_20_body"><style:paragraph-properties fo:keep-with-next="always"/></style:style>` +
	`<style:style style:name="Title" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="3mm"/><style:text-properties fo:font-size="20pt" fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Demo" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"><style:paragraph-properties fo:margin-top="6mm" fo:margin-bottom="2mm" fo:keep-with-next="always"/><style:text-properties fo:font-size="15pt" fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2"><style:paragraph-properties fo:margin-top="4mm" fo:margin-bottom="1mm" fo:keep-with-next="always"/><style:text-properties fo:font-size="12.5pt" fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="MapHeading1" style:family="paragraph" style:parent-style-name="Heading_20_1" style:default-outline-level="1"><style:paragraph-properties fo:break-before="page"/></style:style>` +
	`<style:style style:name="MapHeading2" style:family="paragraph" style:parent-style-name="Heading_20_2" style:default-outline-level="2"><style:paragraph-properties fo:break-before="page"/></style:style>` +
	`<style:style style:name="Caption" style:family="paragraph"><style:paragraph-properties fo:margin-top="2mm" fo:margin-bottom="1mm" fo:keep-with-next="always"/><style:text-properties fo:font-size="10pt" fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Legend" style:family="paragraph"><style:paragraph-properties fo:margin-top="1mm" fo:margin-bottom="2mm"/><style:text-properties fo:font-size="9.5pt"/></style:style>` +
	`<style:style style:name="Footer" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="8.5pt"/></style:style>` +
	`<style:style style:name="Table_20_Contents" style:display-name="Table Contents" style:family="paragraph"><style:text-properties fo:font-size="10pt"/></style:style>` +
	`<style:style style:name="Table_20_Heading" style:display-name="Table Heading" style:family="paragraph"><style:text-properties fo:font-size="10pt" fo:font-weight="bold"/></style:style>` +
	`</office:styles><office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin="18mm" fo:margin-bottom="10mm"/><style:header-style/><style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="2mm"/></style:footer-style></style:page-layout></office:automatic-styles>`
