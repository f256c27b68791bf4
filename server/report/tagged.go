package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/go-pdf/fpdf"
)

// tags are the logical structure of a PDF (ISO 32000-1, 14.7 and 14.8): what a
// screen reader says of it, in which order. fpdf draws and knows no structure: the
// marks are written among what it draws, and the tree is added to the finished file
// as an incremental update (7.5.6).
type tags struct {
	pdf   *fpdf.Fpdf
	root  *element
	open  []*element   // from the root to what is being written
	marks [][]*element // whose content each mark of a page is; pages from 1
	// marking: content of the innermost open element is being drawn.
	marking bool
}

// element is a node of the structure.
type element struct {
	role  string // standard structure type, 14.8.4
	alt   string
	scope string     // of a TH: Column or Row
	box   [4]float64 // of a Figure: left, bottom, right, top, points
	kids  []kid
	id    int // object number, once it is known
}

// kid is an element or a mark of a page.
type kid struct {
	element    *element
	page, mark int
}

func newTags(pdf *fpdf.Fpdf) *tags {
	root := &element{role: "Document"}
	return &tags{pdf: pdf, root: root, open: []*element{root}}
}

// in opens an element for what do adds to it.
func (t *tags) in(e *element, do func()) {
	top := t.open[len(t.open)-1]
	top.kids = append(top.kids, kid{element: e})
	t.open = append(t.open, e)
	do()
	t.open = t.open[:len(t.open)-1]
}

// leaf is an element whose content is what do draws.
func (t *tags) leaf(e *element, do func()) {
	t.in(e, func() {
		t.begin()
		do()
		t.end()
	})
}

// artifact is what draw adds to a page and nobody needs to hear: rules, frames,
// the foot of a page.
func (t *tags) artifact(draw func()) {
	t.pdf.RawWriteStr("/Artifact BMC")
	draw()
	t.pdf.RawWriteStr("EMC")
}

func (t *tags) begin() {
	page, top := t.pdf.PageNo(), t.open[len(t.open)-1]
	for len(t.marks) <= page {
		t.marks = append(t.marks, nil)
	}
	mark := len(t.marks[page])
	t.marks[page] = append(t.marks[page], top)
	top.kids = append(top.kids, kid{page: page, mark: mark})
	t.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", top.role, mark))
	t.marking = true
}

func (t *tags) end() {
	t.pdf.RawWriteStr("EMC")
	t.marking = false
}

// foot draws the foot of a page. A mark ends with its page; resume goes on with it.
func (t *tags) foot(draw func()) {
	if t.marking {
		t.pdf.RawWriteStr("EMC")
	}
	t.artifact(draw)
}

func (t *tags) resume() {
	if t.marking {
		t.begin()
	}
}

var trailerOf = regexp.MustCompile(`trailer\n<<\n/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n>>\nstartxref\n(\d+)\n%%EOF\n$`)

// added gives the file with its structure. Page n of fpdf is object 1 + 2n.
func (t *tags) added(file []byte) ([]byte, error) {
	said := trailerOf.FindSubmatch(file)
	if said == nil {
		return nil, fmt.Errorf("structure: the file ends otherwise than fpdf writes")
	}
	var numbers [4]int
	for i := range numbers {
		numbers[i], _ = strconv.Atoi(string(said[i+1])) // digits
	}
	next, catalog, info, table := numbers[0], numbers[1], numbers[2], numbers[3]
	out := bytes.NewBuffer(bytes.Clone(file))
	offsets := map[int]int{}
	add := func(id int, body string) {
		offsets[id] = out.Len()
		fmt.Fprintf(out, "%d 0 obj\n%s\nendobj\n", id, body)
	}
	again := func(id int, more string) error {
		body, err := objectOf(file, table, id)
		if err == nil {
			add(id, strings.TrimSuffix(strings.TrimSpace(body), ">>")+more+">>")
		}
		return err
	}

	tree := next
	next = t.root.number(tree + 1)
	parents := next
	next++
	if err := again(catalog, fmt.Sprintf("/StructTreeRoot %d 0 R\n/MarkInfo <</Marked true>>\n/ViewerPreferences <</DisplayDocTitle true>>\n", tree)); err != nil {
		return nil, err
	}
	var nums strings.Builder
	for page := 1; page < len(t.marks); page++ {
		if err := again(1+2*page, fmt.Sprintf("/StructParents %d /Tabs /S", page-1)); err != nil {
			return nil, err
		}
		fmt.Fprintf(&nums, "%d [", page-1)
		for _, e := range t.marks[page] {
			fmt.Fprintf(&nums, "%d 0 R ", e.id)
		}
		nums.WriteString("] ")
	}
	add(tree, fmt.Sprintf("<</Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d>>", t.root.id, parents, max(0, len(t.marks)-1)))
	t.root.write(tree, add)
	add(parents, "<</Nums ["+nums.String()+"]>>")

	at := out.Len()
	out.WriteString("xref\n")
	for id := range next {
		if offset, new := offsets[id]; new {
			fmt.Fprintf(out, "%d 1\n%010d 00000 n \n", id, offset)
		}
	}
	fmt.Fprintf(out, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n", next, catalog, info, table, at)
	return out.Bytes(), nil
}

// objectOf is what an object of a file holds, by the table of a single section that
// begins at some byte.
func objectOf(file []byte, table, id int) (string, error) {
	const entry = 20 // bytes of an entry of the table
	lost := fmt.Errorf("structure: object %d is not where it should be", id)
	_, entries, found := bytes.Cut(file[table+len("xref\n"):], []byte("\n"))
	if !found || len(entries) < entry*(id+1) {
		return "", lost
	}
	offset, err := strconv.Atoi(string(entries[entry*id : entry*id+10]))
	head := fmt.Sprintf("%d 0 obj\n", id)
	if err != nil || offset >= len(file) || !bytes.HasPrefix(file[offset:], []byte(head)) {
		return "", lost
	}
	body, _, found := bytes.Cut(file[offset+len(head):], []byte("\nendobj"))
	if !found {
		return "", lost
	}
	return string(body), nil
}

// number gives numbers to an element and what is in it, and the one after the last.
func (e *element) number(next int) int {
	e.id, next = next, next+1
	for _, k := range e.kids {
		if k.element != nil {
			next = k.element.number(next)
		}
	}
	return next
}

func (e *element) write(parent int, add func(id int, body string)) {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type /StructElem /S /%s /P %d 0 R", e.role, parent)
	if e.alt != "" {
		b.WriteString(" /Alt " + pdfText(e.alt))
	}
	if e.scope != "" {
		fmt.Fprintf(&b, " /A <</O /Table /Scope /%s>>", e.scope)
	}
	if e.box != [4]float64{} {
		fmt.Fprintf(&b, " /A <</O /Layout /BBox [%.2f %.2f %.2f %.2f]>>", e.box[0], e.box[1], e.box[2], e.box[3])
	}
	b.WriteString(" /K [")
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&b, "%d 0 R ", k.element.id)
		} else {
			fmt.Fprintf(&b, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", 1+2*k.page, k.mark)
		}
	}
	b.WriteString("]>>")
	add(e.id, b.String())
	for _, k := range e.kids {
		if k.element != nil {
			k.element.write(e.id, add)
		}
	}
}

// pdfText is a text string (7.9.2) in UTF-16, as hexadecimal digits.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}
