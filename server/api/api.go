// Package api is the HTTP interface: it decodes strictly, asks the packages
// that know, and encodes. openapi.yaml beside it is the contract; every route
// is an operation of it, its parameters and bodies are checked against it
// before a handler runs, and its answers in the tests.
//
// A handler returns an error instead of writing one: problem.go turns it into a
// document for the person. The package holds no rule of the domain and no SQL.
package api

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/geo/hexgrid"
	"quietude/geo/memo"
	"quietude/geo/tile"
	"quietude/server/analysis"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/jobs"
	"quietude/server/live"
	"quietude/server/publication"
	"quietude/server/store"
	"quietude/server/work"
)

// Config is what the interface is made of. All pointers are
// required but those that may be nil.
type Config struct {
	Store  *store.Store
	Places *hexmap.Places
	Maps   *hexmap.Maps
	Live   *live.Hub
	Auth   *auth.Authenticator
	Logger *slog.Logger
	// External vouches for people of the staff; nil where only passwords do.
	External *auth.Provider
	// Public reads what is published; nil where no role for the public is
	// configured. Publisher and Jobs publish; nil where nothing does.
	Public    *store.Public
	Publisher *publication.Publisher
	Jobs      *jobs.Queue

	// Territoire is the default one, INSEE code; "" for the first one loaded.
	Territoire string
	// BaseURL is the public address without a final slash (for example
	// https://quietude.example.fr), written on table cards and in TileJSON; ""
	// takes the address of each request.
	BaseURL string
	Version string
	// DPO is how to reach the city's délégué·e à la protection des données, as
	// the information notice says it; "" until it is known.
	DPO string
	// SendInvitations orders the e-mails of an atelier; nil without a mail
	// server.
	SendInvitations SendInvitations
	// Confirm orders the e-mail that confirms an address; nil without a mail
	// server.
	Confirm Confirm
	// KeptBytes bounds the memory for answers that are asked for again; 0 is
	// the default, a negative number keeps none.
	KeptBytes int
	// Page is a problem as a page, for people who open an address themselves;
	// nil where there are no pages.
	Page func(Problem) []byte
	// Migrated reports whether the schema is the newest one.
	Migrated func(context.Context) (bool, error)
	// Now is the clock of the server.
	Now func() time.Time
}

// API serves the operations of openapi.yaml. It is safe for concurrent use.
type API struct {
	Config
	contract *contract
	heavy    *places
	requests *places
	streams  *places
	tilePace *pace
	drawn    *tileCache
	kept     *keptAnswers
	rings    *memo.Table[hexgrid.Cell, ringText]
	coverer  *tile.Coverer
	encoder  *tile.Encoder
	migrated migrated
	tries    *tries
	shelves  shelves
	ledger   *analysis.Ledger
	desk     *work.Desk
	// detectors find personal passages for those who moderate.
	detectors detectors
	receipts  receiptKey
	logins    *logins
	addresses pseudonyms
	origins   pseudonyms
}

// Bounds of the work done at once. Heavy requests (tiles, hexagons) wait a
// moment for their turn, so that a storm of them neither starves the rooms nor
// piles up in memory; the others are only counted. No visitor has all places
// of the kinds that take long: not the heavy ones, and not those of streams.
const (
	heavyAtOnce    = 16
	heavyEach      = heavyAtOnce / 2
	requestsAtOnce = 512
	streamsAtOnce  = 4096
	streamsEach    = streamsAtOnce / 8
	tileCacheBytes = 32 << 20
	keptBytes      = 32 << 20
	outlineMB      = 24
	coverMB        = 8
)

// requestTime is how long a request may take: a lock that another one holds in
// the database must not hold the person too.
const requestTime = 15 * time.Second

// New checks the contract against the routes; an error is a mistake of the
// programmer.
func New(c Config) (*API, error) {
	contract, err := loadContract()
	if err != nil {
		return nil, err
	}
	return &API{Config: c, contract: contract,
		heavy: newPlaces(heavyAtOnce, heavyEach), requests: newPlaces(requestsAtOnce, 0), streams: newPlaces(streamsAtOnce, streamsEach), tilePace: newPace(tilesPerSecond, tilesBurst),
		drawn: newTileCache(tileCacheBytes), kept: newKeptAnswers(cmp.Or(c.KeptBytes, keptBytes)), rings: memo.New[hexgrid.Cell, ringText](ringsKept),
		coverer: tile.NewCoverer(coverMB), encoder: tile.NewEncoder(outlineMB), tries: newTries(c.Store), logins: newLogins(c.Store),
		addresses: pseudonyms{store: c.Store, secret: "addresses"}, origins: pseudonyms{store: c.Store, secret: "origins"},
		ledger: analysis.NewLedger(c.Store, c.Maps), desk: work.New(testsAtOnce, testsKept)}, nil
}

// Warm reads what the first visitors of the statistics would wait for; it stops
// with ctx, and an error is left to those who ask.
func (a *API) Warm(ctx context.Context) error {
	cities, err := a.Places.Cities(ctx)
	if err != nil {
		return err
	}
	codes := make([]string, len(cities))
	for i, city := range cities {
		codes[i] = city.Code
	}
	return a.ledger.Warm(ctx, codes)
}

// Route is one operation of openapi.yaml.
type Route struct {
	Method string
	Path   string // as in openapi.yaml, with {names}
	// Handle decodes, decides who may, calls and answers. An error it returns
	// is answered as a problem.
	Handle func(*gin.Context) error
	// Position names the member of the body that is a GeoJSON Point, to be
	// read with the strictness of geo before anything else is looked at.
	Position string
	// OwnBody leaves the members of the body to the handler, which answers
	// for each element on its own; the text is strict JSON all the same.
	OwnBody bool
	// Heavy takes one of the few places for work that loads the machine.
	Heavy bool
	// Stream stays open: it takes a place among the streams instead of one
	// among the requests, and has no deadline.
	Stream bool
	// Always answers even when every place is taken.
	Always bool
}

// Routes lists every operation served.
func (a *API) Routes() []Route {
	return slices.Concat(
		a.serviceRoutes(), a.sessionRoutes(), a.externalRoutes(), a.compteRoutes(), a.comptesRoutes(), a.journalRoutes(), a.connexionRoutes(), a.territoireRoutes(), a.quartierRoutes(), a.hexagoneRoutes(), a.voieRoutes(),
		a.signalementRoutes(), a.atelierRoutes(), a.cardRoutes(), a.seatRoutes(), a.roomRoutes(), a.tileRoutes(),
		a.findingRoutes(), a.actionRoutes(), a.invitationRoutes(), a.compteRenduRoutes(), a.ledgerRoutes(),
		a.suiviRoutes(), a.abonnementRoutes(), a.piloteRoutes(), a.decidimRoutes(),
		a.moderationRoutes(), a.contributionRoutes(), a.conservationRoutes(),
		a.restitutionRoutes(), a.propositionRoutes(),
		a.statistiqueRoutes(),
		a.comparisonRoutes(),
		a.editionRoutes(), a.brouillonRoutes(),
	)
}

// Register puts the routes on a router; HEAD answers wherever GET does.
func (a *API) Register(router gin.IRouter) error {
	for _, r := range a.Routes() {
		operation, err := a.contract.operation(r)
		if err != nil {
			return err
		}
		handler := a.handler(r, operation)
		path, _ := ginPath(r.Path)
		router.Handle(r.Method, path, handler)
		if r.Method == http.MethodGet {
			router.HEAD(path, handler)
		}
	}
	router.GET("/api/openapi.yaml", serveContract)
	router.HEAD("/api/openapi.yaml", serveContract)
	return nil
}

// ginPath translates a path of openapi.yaml. gin has no parameter with a
// suffix ({y}.mvt): the suffix is taken off here and cut from the value, or the
// path is unknown.
func ginPath(path string) (translated string, suffixes map[string]string) {
	suffixes = map[string]string{}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		name, suffix, _ := strings.Cut(part[1:], "}")
		if suffix != "" {
			suffixes[name] = suffix
		}
		parts[i] = ":" + name
	}
	return strings.Join(parts, "/"), suffixes
}

// handler is the door in front of a handler: places, size, contract, then the
// handler itself.
func (a *API) handler(r Route, operation *operation) gin.HandlerFunc {
	_, suffixes := ginPath(r.Path)
	in := entrances(r)
	return func(c *gin.Context) {
		if err := a.serve(c, r, in, operation, suffixes); err != nil {
			a.fail(c, err)
		}
	}
}

func (a *API) serve(c *gin.Context, r Route, in map[string]entrance, operation *operation, suffixes map[string]string) error {
	if err := a.admit(c, in); err != nil {
		return err
	}
	for i, p := range c.Params {
		if suffix := suffixes[p.Key]; suffix != "" {
			value, found := strings.CutSuffix(p.Value, suffix)
			if !found {
				return errUnknownPath
			}
			c.Params[i].Value = value
		}
	}
	if err := operation.checkRequest(c); err != nil {
		return err
	}
	// Before a place is taken: nobody waits for whoever sends slowly.
	if err := operation.readBody(c, r); err != nil {
		return err
	}
	leave, err := a.place(c, r)
	if err != nil {
		return err
	}
	defer leave()
	if !r.Stream {
		ctx, cancel := context.WithTimeout(c.Request.Context(), requestTime)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
		c.Writer = &leaving{c.Writer, leave}
	}
	return r.Handle(c)
}

var errUnknownPath = fault.New(fault.NotFound, "adresse_inconnue", "Cette adresse n’existe pas.")

// entrance is what is asked of whoever comes in by a route: its name in the table
// of rights, and whether it is closed, that is, not for everyone.
type entrance struct {
	route  string
	closed bool
}

// entrances are those of a route, by layer where it has some: tiles of different
// layers have different rights. "" is the only one of any other route.
func entrances(r Route) map[string]entrance {
	all := map[string]entrance{}
	add := func(layer, route string) { all[layer] = entrance{route, !auth.Open(route)} }
	route := r.Method + " " + r.Path
	if !strings.Contains(route, "{layer}") {
		add("", route)
		return all
	}
	for layer := range layers {
		add(layer, strings.ReplaceAll(route, "{layer}", layer))
	}
	return all
}

// visitor is who makes a request, and by what kind of route.
type visitor struct {
	auth.Principal
	entrance
	// finalite is why staff reads what the route shows; "" where nothing is logged.
	finalite string
}

// admit lets a request in when its principal may use the route at all, and
// remembers who it is.
func (a *API) admit(c *gin.Context, in map[string]entrance) error {
	p, err := a.Auth.Of(c.Request)
	if err != nil {
		return err
	}
	layer, _, _ := strings.Cut(c.Param("layer"), ".")
	to, ok := in[layer]
	if !ok {
		return errUnknownPath.At("layer")
	}
	p = p.At(to.route)
	v := visitor{Principal: p, entrance: to}
	if p.May(to.route) {
		v.finalite, err = finaliteOf(c, v)
	}
	c.Set(visitorKey, v)
	switch {
	case p.May(to.route):
		return err
	case p.SettingUp:
		return errSettingUp
	case p.Role == auth.Public:
		return errNoAccess
	}
	if err := a.refusedEntry(c, to.route); err != nil {
		return err
	}
	return errNotForRole
}

const visitorKey = "visitor"

var (
	errNoAccess   = fault.New(fault.Unauthorized, "connexion_requise", "Cette adresse demande de se connecter, ou d’entrer le code d’une table.")
	errSettingUp  = fault.New(fault.Forbidden, "second_facteur_requis", "Votre compte doit d’abord avoir un second facteur : ajoutez-le sur la page « Mon compte ».")
	errNotForRole = fault.New(fault.Forbidden, "acces_refuse", "Votre rôle ne donne pas accès à cette page.")
)

// principal says who makes the request.
func (a *API) principal(c *gin.Context) auth.Principal { return visiting(c).Principal }

func visiting(c *gin.Context) visitor {
	v, _ := c.MustGet(visitorKey).(visitor)
	return v
}

// territoire is the one that the request names, or the default one. What is not
// for everyone is answered for the principal's own territoire only; another one
// is as unknown as one that does not exist.
func (a *API) territoire(c *gin.Context) (*hexmap.City, error) {
	code := c.Query("territoire")
	if v := visiting(c); v.closed {
		own := v.Territoire
		if code != "" && code != own {
			return nil, hexmap.ErrNoTerritoire
		}
		code = own
	}
	if code == "" {
		code = a.Territoire
	}
	return a.Places.City(c.Request.Context(), code)
}
