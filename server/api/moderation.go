package api

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/live"
	"quietude/server/personal"
	"quietude/server/store"
)

// moderationRoutes are those of whoever reads residents' texts before anybody
// else does.
func (a *API) moderationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/moderation", Handle: a.moderationQueue},
		{Method: http.MethodPost, Path: "/api/v1/moderation/decisions", Handle: a.decide},
		{Method: http.MethodGet, Path: "/api/v1/moderation/{objet}/{id}", Handle: a.decisions},
		{Method: http.MethodGet, Path: "/api/v1/textes", Handle: a.moderatedTexts},
	}
}

type wireHeldText struct {
	Objet    atelier.Objet   `json:"objet"`
	ObjetID  uuid.UUID       `json:"objet_id"`
	Atelier  *uuid.UUID      `json:"atelier,omitempty"`
	Champ    string          `json:"champ"`
	Quartier string          `json:"quartier,omitempty"`
	Felt     atelier.Felt    `json:"felt,omitempty"`
	Themes   []string        `json:"themes"`
	At       time.Time       `json:"at"`
	Demo     bool            `json:"demo,omitempty"`
	Hidden   bool            `json:"hidden"`
	State    string          `json:"state"`
	Digest   string          `json:"digest"`
	Segments []wireSegment   `json:"segments"`
	Kinds    []personal.Kind `json:"kinds"`
	Proposal string          `json:"proposal"`
	Shown    string          `json:"shown,omitempty"`
	Reason   string          `json:"reason,omitempty"`
}

type wireSegment = personal.Segment

func (a *API) moderationQueue(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	f := store.HeldFilter{State: c.DefaultQuery("state", "held"), Quartier: c.Query("quartier"), Limit: intQuery(c, "limit", 25)}
	if f.AfterAt, f.AfterKey, err = readTextCursor(c.Query("cursor")); err != nil {
		return err
	}
	limit := f.Limit
	f.Limit++ // one more tells whether a next page exists
	found, err := a.Store.HeldTexts(c.Request.Context(), city.Code, f)
	if err != nil {
		return err
	}
	counts, err := a.Store.HeldCounts(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	detector, err := a.detectors.of(c, a.Store, city)
	if err != nil {
		return err
	}
	out := gin.H{"held": counts.Held, "hidden": counts.Hidden}
	if len(found) > limit {
		found = found[:limit]
		out["next"] = textCursor(found[limit-1])
	}
	texts := make([]wireHeldText, len(found))
	for i, t := range found {
		texts[i] = heldText(detector, t)
	}
	out["texts"] = texts
	if err := a.readTexts(c, len(texts)); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, out)
}

func heldText(detector *personal.Detector, t store.HeldText) wireHeldText {
	findings := detector.Find(t.Texte)
	w := wireHeldText{Objet: t.Objet, ObjetID: t.ObjetID, Champ: t.Champ, Quartier: t.Quartier, Felt: t.Felt,
		Themes: orEmpty(t.Themes), At: t.At.UTC(), Demo: t.Demo, Hidden: t.Hidden, State: t.State,
		Digest:   hex.EncodeToString(atelier.TextDigest(t.Texte)),
		Segments: orEmpty(personal.Segments(t.Texte, findings)), Kinds: []personal.Kind{},
		Proposal: personal.Redact(t.Texte, findings), Shown: t.Shown, Reason: t.Reason}
	if t.Atelier != uuid.Nil {
		w.Atelier = &t.Atelier
	}
	for _, f := range findings {
		w.Kinds = append(w.Kinds, f.Kind)
	}
	return w
}

// textCursor is the place of a text in the list, opaque to clients.
func textCursor(t store.HeldText) string {
	return base64.RawURLEncoding.EncodeToString([]byte(t.At.UTC().Format(time.RFC3339Nano) + " " + t.Key))
}

func readTextCursor(text string) (at time.Time, key string, err error) {
	if text == "" {
		return at, "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	first, key, _ := strings.Cut(string(raw), " ")
	if err == nil {
		at, err = time.Parse(time.RFC3339Nano, first)
	}
	if err != nil || at.Year() < 1970 || at.Year() > 9999 || !cursorKey(key) {
		return at, "", fault.New(fault.Invalid, "cursor_invalide", "Cette suite de liste n’est plus valable ; reprenez au début.").At("cursor")
	}
	return at, key, nil
}

// cursorKey holds the form of store.HeldText.Key: an identifier and a name.
func cursorKey(key string) bool {
	if len(key) < 36 || len(key) > 48 {
		return false
	}
	_, err := uuid.Parse(key[:36])
	return err == nil && strings.Trim(key[36:], "abcdefghijklmnopqrstuvwxyz") == ""
}

// decide takes a decision about a text, or about what it was said of.
func (a *API) decide(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	d, err := decisionIn(c, a.principal(c))
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	o, err := a.Store.Moderated(ctx, city.Code, d.Objet, d.ObjetID)
	if err != nil {
		return err
	}
	if d.Verdict.OnText() {
		text := o.Text(d.Champ, d.Digest)
		if text == "" {
			return fault.New(fault.Conflict, "texte_modifie", "Ce texte a changé depuis que vous l’avez lu. Lisez-le de nouveau.").At("digest")
		}
		if d.Verdict == atelier.Publish {
			d.Text = text
		}
	} else if d.Objet != atelier.OnSignalement {
		if err := a.hideInRoom(c, a.principal(c), city.Code, o.Atelier, d); err != nil {
			return err
		}
	}
	created, err := a.Store.Decide(ctx, city.Code, d)
	if err != nil {
		return err
	}
	if err := a.showDecided(ctx, city.Code, d, o.Atelier); err != nil {
		return err
	}
	counts, err := a.Store.HeldCounts(ctx, city.Code)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answer(c, status, mediaJSON, gin.H{"held": counts.Held, "hidden": counts.Hidden})
}

// decisionIn reads a decision of a principal from the body of a request.
func decisionIn(c *gin.Context, p auth.Principal) (d atelier.Decision, err error) {
	var sent struct {
		ID      uuid.UUID       `json:"id"`
		Objet   atelier.Objet   `json:"objet"`
		ObjetID uuid.UUID       `json:"objet_id"`
		Champ   string          `json:"champ"`
		Verdict atelier.Verdict `json:"verdict"`
		Reason  string          `json:"reason"`
		Digest  string          `json:"digest"`
		Texte   string          `json:"texte"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return d, err
	}
	d = atelier.Decision{ID: sent.ID, Objet: sent.Objet, ObjetID: sent.ObjetID, Champ: sent.Champ, Verdict: sent.Verdict,
		Reason: sent.Reason, Text: sent.Texte, Role: string(p.Role), Author: p.Nom}
	if sent.Digest != "" {
		if d.Digest, err = hex.DecodeString(sent.Digest); err != nil {
			return d, errBadValue.At("digest")
		}
	}
	return d, d.Check()
}

// showDecided has what shows the object of a decision show it as decided: maps,
// what the public reads, the screens of its room.
func (a *API) showDecided(ctx context.Context, territoire string, d atelier.Decision, room uuid.UUID) (err error) {
	a.Maps.Touch(territoire)
	switch d.Objet {
	case atelier.OnAtelier:
		err = a.Store.Announce(ctx, territoire, a.Now())
	case atelier.OnOrganisation:
		err = a.Store.PublishSuivi(ctx, territoire)
	}
	if err != nil {
		return err
	}
	// What the screens of the room show of it they read again.
	if d.Verdict.OnText() && d.Objet != atelier.OnMarker && room != uuid.Nil {
		return a.Live.TellFindings(ctx, atelier.Atelier{ID: room, Territoire: territoire}, d.Role)
	}
	return nil
}

// hideInRoom hides or shows a marker or a remark through the log of the room, so
// that every device of the evening converges. The operation has the identifier of
// the decision: deciding twice writes once.
func (a *API) hideInRoom(c *gin.Context, p auth.Principal, territoire string, room uuid.UUID, d atelier.Decision) error {
	kinds := [2]atelier.Kind{atelier.Hide, atelier.Unhide}
	if d.Objet == atelier.OnRemark {
		kinds = [2]atelier.Kind{atelier.RemarkHide, atelier.RemarkUnhide}
	}
	kind := kinds[1]
	if d.Verdict == atelier.Mask {
		kind = kinds[0]
	}
	raw, err := json.Marshal(map[string]any{"id": d.ID, "kind": kind, string(d.Objet): d.ObjetID})
	if err != nil {
		return err
	}
	op, err := live.DecodeOperation(raw)
	if err != nil {
		return err
	}
	at := atelier.Atelier{ID: room, Territoire: territoire}
	receipts, _, err := a.Live.Write(c.Request.Context(), at, author(p), []live.Submitted{op})
	if err != nil {
		return err
	}
	return receipts[0].Problem
}

type wireDecision struct {
	ID      uuid.UUID       `json:"id"`
	Champ   string          `json:"champ"`
	Verdict atelier.Verdict `json:"verdict"`
	Reason  string          `json:"reason,omitempty"`
	Texte   string          `json:"texte,omitempty"`
	Role    string          `json:"role"`
	Auteur  string          `json:"auteur,omitempty"`
	At      time.Time       `json:"at"`
}

func (a *API) decisions(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	objet := atelier.Objet(c.Param("objet"))
	ctx := c.Request.Context()
	if _, err := a.Store.Moderated(ctx, city.Code, objet, id); err != nil {
		return err
	}
	all, err := a.Store.Decisions(ctx, city.Code, objet, id)
	if err != nil {
		return err
	}
	out := make([]wireDecision, len(all))
	texts := 0
	for i, d := range all {
		if d.Text != "" {
			texts++
		}
		out[i] = wireDecision{ID: d.ID, Champ: d.Champ, Verdict: d.Verdict, Reason: d.Reason, Texte: d.Text, Role: d.Role,
			Auteur: d.Author, At: d.At.UTC()}
	}
	if err := a.readTexts(c, texts); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"decisions": out})
}

// moderatedTexts lists what may be read of residents' texts: never the text
// that was written, its author or its place.
func (a *API) moderatedTexts(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	type wireText struct {
		Texte    string       `json:"texte"`
		Quartier string       `json:"quartier,omitempty"`
		Felt     atelier.Felt `json:"felt,omitempty"`
		Themes   []string     `json:"themes"`
		Day      string       `json:"day"`
		Redacted bool         `json:"redacted"`
		Demo     bool         `json:"demo,omitempty"`
	}
	out := []wireText{}
	for _, state := range []string{"published", "redacted"} {
		found, err := a.Store.HeldTexts(c.Request.Context(), city.Code, store.HeldFilter{State: state, Quartier: c.Query("quartier"),
			Objets: atelier.OfResidents, Limit: intQuery(c, "limit", 200)})
		if err != nil {
			return err
		}
		for _, t := range found {
			out = append(out, wireText{Texte: t.Shown, Quartier: t.Quartier, Felt: t.Felt, Themes: orEmpty(t.Themes),
				Day: t.At.In(city.Zone).Format(time.DateOnly), Redacted: state == "redacted", Demo: t.Demo})
		}
	}
	if err := a.readTexts(c, len(out)); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"texts": out})
}

// screen lets words of staff through in which nothing may say who somebody is.
// The others wait in the queue, whoever wrote them.
func (a *API) screen(c *gin.Context, city *hexmap.City, objet atelier.Objet, id uuid.UUID, texts map[string]string) error {
	ctx := c.Request.Context()
	detector, err := a.detectors.of(c, a.Store, city)
	if err != nil {
		return err
	}
	decided, err := a.Store.Readings(ctx, city.Code, []uuid.UUID{id})
	if err != nil {
		return err
	}
	for champ, text := range texts {
		if decided.Of(id, champ, text).State == atelier.Held && len(detector.Find(text)) == 0 {
			if err := a.Store.Let(ctx, city.Code, objet, id, champ, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// wireWritten are texts as they were written, by champ, for who may decide about
// them.
func wireWritten(w atelier.Written, p auth.Principal) map[string]string {
	if !p.Role.Sees("Finding.written") || len(w) == 0 { // of an action likewise
		return nil
	}
	out := map[string]string{}
	for champ, t := range w {
		out[champ] = t.Text
	}
	return out
}

// readTexts writes to the access log that somebody is about to read residents'
// texts; without that line nothing is answered. An empty answer is no reading.
func (a *API) readTexts(c *gin.Context, texts int) error {
	if texts == 0 {
		return nil
	}
	return a.consulted(c, texts)
}

// readsTexts reports whether a principal may read what moderation lets be read
// of a territoire's texts.
func readsTexts(p auth.Principal, territoire string) bool {
	return p.Role.May("GET /api/v1/textes") && p.Territoire == territoire
}

// detectors keeps a detector per territoire, made anew when its places change.
type detectors struct {
	mu   sync.Mutex
	kept map[string]keptDetector
}

type keptDetector struct {
	revision string
	detector *personal.Detector
}

func (d *detectors) of(c *gin.Context, s *store.Store, city *hexmap.City) (*personal.Detector, error) {
	d.mu.Lock()
	kept, ok := d.kept[city.Code]
	d.mu.Unlock()
	if ok && kept.revision == city.Revision {
		return kept.detector, nil
	}
	names, err := s.PlaceNames(c.Request.Context(), city.Code)
	if err != nil {
		return nil, err
	}
	kept = keptDetector{city.Revision, personal.New(names...)}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil {
		d.kept = map[string]keptDetector{}
	}
	d.kept[city.Code] = kept
	return kept.detector, nil
}
