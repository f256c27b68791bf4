package auth

import (
	"maps"
	"slices"

	"quietude/server/atelier"
)

// everyone stands for all roles, a person without an account included.
var everyone = []Role{Public, Habitant, Animateur, Analyste, Police, Bailleur, Admin, DPO}

// room are those who take part in an evening; which room, the handler asks.
var room = []Role{Habitant, Animateur}

// authorities read what ateliers found and what is answered, and compare
// quartiers from counts.
var authorities = []Role{Animateur, Analyste, Police}

// pilots read the ledger; a Bailleur only the actions that its organisation
// pilots, which the handler sees to.
var pilots = []Role{Animateur, Analyste, Police, Bailleur}

// watchers read statistics: where, when and whether beyond chance.
var watchers = []Role{Analyste, Police}

// counts are those who see how many people said what, per hexagon, before any
// edition.
var counts = []Role{Animateur, Analyste, Police}

// points are those who see where exactly a signalement was.
var points = []Role{Animateur, Police}

// rights is the one table of who may do what: each route, by its method and its
// path in openapi.yaml, and the roles that it answers. A route without a line
// is answered to nobody, and a test fails. The layers of tiles have a line
// each. A route that is not for everyone answers for the territoire of the
// principal only; what a role sees of an answer is decided beside what is
// answered.
var rights = map[string][]Role{
	"GET /healthz": everyone,
	"GET /readyz":  everyone,

	"GET /api/v1/session":    everyone,
	"POST /api/v1/session":   everyone,
	"DELETE /api/v1/session": everyone,

	"GET /api/v1/connexion-externe":        everyone,
	"GET /api/v1/connexion-externe/retour": everyone,

	"GET /api/v1/compte":                         Staff,
	"PUT /api/v1/compte/mot-de-passe":            Staff,
	"POST /api/v1/compte/second-facteur":         Staff,
	"PUT /api/v1/compte/second-facteur":          Staff,
	"POST /api/v1/compte/second-facteur/retrait": Staff,
	"POST /api/v1/compte/second-facteur/secours": Staff,
	"POST /api/v1/compte/sessions/fin":           Staff,
	"POST /api/v1/liens/lecture":                 everyone,
	"POST /api/v1/liens/acceptation":             everyone,
	"GET /api/v1/comptes":                        {Admin},
	"POST /api/v1/comptes":                       {Admin},
	"POST /api/v1/comptes/{id}/lien":             {Admin},
	"PUT /api/v1/comptes/{id}/etat":              {Admin},
	"PUT /api/v1/comptes/{id}/organisation":      {Admin},
	"DELETE /api/v1/comptes/{id}/second-facteur": {Admin},
	"GET /api/v1/jetons":                         {Admin},
	"POST /api/v1/jetons":                        {Admin},
	"DELETE /api/v1/jetons/{id}":                 {Admin},
	"GET /api/v1/journal":                        {DPO},
	"GET /api/v1/journal.csv":                    {DPO},
	"GET /api/v1/connexions":                     {Admin, DPO},
	"PUT /api/v1/comptes/{id}/role":              {Admin},

	"GET /api/v1/territoires":                                      everyone,
	"GET /api/v1/quartiers":                                        everyone,
	"GET /api/v1/voies":                                            everyone,
	"GET /tiles/quartiers.json":                                    everyone,
	"GET /tiles/voirie.json":                                       everyone,
	"GET /tiles/reperes.json":                                      everyone,
	"GET /tiles/hexagones.json":                                    counts,
	"GET /tiles/quartiers/{z}/{x}/{y}.mvt":                         everyone,
	"GET /tiles/voirie/{z}/{x}/{y}.mvt":                            everyone,
	"GET /tiles/reperes/{z}/{x}/{y}.mvt":                           everyone,
	"GET /tiles/hexagones/{z}/{x}/{y}.mvt":                         counts,
	"GET /api/v1/quartiers/{code}/hexagones":                       counts,
	"GET /api/v1/quartiers/{code}/hexagones.csv":                   counts,
	"GET /api/v1/hexagones":                                        counts,
	"GET /api/v1/hexagones.csv":                                    counts,
	"GET /api/v1/signalements":                                     points,
	"GET /api/v1/editions":                                         everyone,
	"GET /api/v1/rencontres":                                       everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}":               everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/hexagones":     everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/hexagones.csv": everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/canonique.txt": everyone,
	"GET /tiles/editions.json":                                     everyone,
	"POST /api/v1/brouillons":                                      {Animateur},
	"GET /api/v1/brouillons/{id}":                                  {Animateur},
	"GET /api/v1/brouillons/{id}/hexagones":                        {Animateur},
	"POST /api/v1/brouillons/{id}/publier":                         {Animateur},
	"GET /api/v1/ateliers/{id}/brouillons":                         {Animateur},
	"DELETE /api/v1/quartiers/{code}/editions/{numero}":            {Animateur},
	"GET /tiles/editions/{z}/{x}/{y}.mvt":                          everyone,
	"POST /api/v1/signalements":                                    everyone,
	"GET /api/v1/ateliers":                                         authorities,
	"GET /api/v1/ateliers/{id}":                                    {Habitant, Animateur, Analyste, Police},
	"POST /api/v1/ateliers":                                        {Animateur},
	"GET /api/v1/ateliers/{id}/cartes-tables.pdf":                  {Animateur},
	"GET /api/v1/ateliers/{id}/qr/{numero}.svg":                    {Animateur},
	"POST /api/v1/ateliers/{id}/deroule":                           {Animateur},
	"GET /api/v1/ateliers/{id}/late":                               room,
	"GET /api/v1/tables/{code}":                                    everyone,
	"POST /api/v1/join":                                            everyone,
	"POST /api/v1/ateliers/{id}/link":                              {Habitant},
	"POST /api/v1/ateliers/{id}/ops":                               room,
	"GET /api/v1/ateliers/{id}/ops":                                room,
	"GET /api/v1/ateliers/{id}/stream":                             room,
	"GET /api/v1/ateliers/{id}/snapshot":                           room,
	"GET /api/v1/ateliers/{id}/markers":                            room,

	"GET /api/v1/moderation":                                  {Animateur},
	"POST /api/v1/moderation/decisions":                       {Animateur},
	"GET /api/v1/moderation/{objet}/{id}":                     {Animateur},
	"GET /api/v1/textes":                                      {Animateur, Police},
	"GET /api/v1/ateliers/{id}/contribution":                  {Habitant},
	"DELETE /api/v1/ateliers/{id}/contribution":               {Habitant},
	"GET /api/v1/ateliers/{id}/participants":                  {Animateur},
	"DELETE /api/v1/ateliers/{id}/participants/{participant}": {Animateur},
	"GET /api/v1/recu":                                        everyone,
	"DELETE /api/v1/recu":                                     everyone,
	"GET /api/v1/conservation":                                everyone,
	"PUT /api/v1/conservation":                                {Admin, DPO},
	"GET /api/v1/conservation/etat":                           {Admin, DPO, Animateur},
	"GET /api/v1/notice":                                      everyone,

	"GET /api/v1/organisations":                         {Animateur, Analyste, Police, Admin},
	"PUT /api/v1/organisations/{id}":                    {Animateur, Admin},
	"GET /api/v1/findings":                              authorities,
	"GET /api/v1/ateliers/{id}/findings":                room,
	"PUT /api/v1/ateliers/{id}/findings/{finding}":      {Animateur},
	"GET /api/v1/ateliers/{id}/plans-tables.pdf":        {Animateur},
	"GET /api/v1/ateliers/{id}/presence.pdf":            {Animateur},
	"GET /api/v1/ateliers/{id}/lettres.pdf":             {Animateur},
	"GET /api/v1/ateliers/{id}/compte-rendu":            {Animateur},
	"GET /api/v1/ateliers/{id}/compte-rendu.html":       {Animateur},
	"GET /api/v1/ateliers/{id}/compte-rendu.pdf":        {Animateur},
	"GET /api/v1/ateliers/{id}/compte-rendu.odt":        {Animateur},
	"POST /api/v1/ateliers/{id}/compte-rendu/diffusion": {Animateur},
	"GET /api/v1/ateliers/{id}/reporters":               {Animateur},
	"GET /api/v1/ateliers/{id}/invitations":             {Animateur},
	"POST /api/v1/ateliers/{id}/invitations":            {Animateur},
	"GET /api/v1/ateliers/{id}/institutions":            {Animateur},
	"PUT /api/v1/ateliers/{id}/institutions":            {Animateur},
	"GET /api/v1/invitations/{code}":                    everyone,
	"POST /api/v1/invitations/{code}":                   everyone,
	"GET /api/v1/rencontres-tenues":                     authorities,
	"GET /api/v1/ateliers/{id}/suggestions":             {Animateur},
	"GET /api/v1/suivi":                                 everyone,
	"POST /api/v1/abonnements":                          everyone,
	"GET /api/v1/abonnements/{code}":                    everyone,
	"DELETE /api/v1/abonnements/{code}":                 everyone,
	"PUT /api/v1/abonnements/{code}/email":              everyone,
	"POST /api/v1/abonnements/{code}/confirmation":      everyone,
	"POST /api/v1/abonnements/{code}/reponses":          everyone,
	"GET /api/v1/actions/{action}/suivi":                {Animateur},
	"POST /api/v1/actions/{action}/suivi":               {Animateur},
	"GET /api/v1/organisations/{id}/liens":              {Animateur, Admin},
	"POST /api/v1/organisations/{id}/liens":             {Animateur, Admin},
	"DELETE /api/v1/organisations/{id}/liens":           {Animateur, Admin},
	"DELETE /api/v1/organisations/{id}/liens/{lien}":    {Animateur, Admin},
	"GET /api/v1/pilote":                                {Bailleur},
	"GET /api/v1/decidim/resultats.csv":                 {Animateur},
	"GET /api/v1/decidim/rencontres.csv":                {Animateur},
	"GET /api/v1/actions":                               pilots,
	"POST /api/v1/actions":                              {Animateur, Police},
	"GET /api/v1/actions/{action}":                      pilots,
	"GET /api/v1/actions.xlsx":                          authorities,
	"GET /api/v1/actions.csv":                           authorities,
	"GET /api/v1/actions.geojson":                       authorities,
	"GET /api/v1/indicateurs":                           authorities,
	"GET /api/v1/indicateurs.csv":                       authorities,
	"PUT /api/v1/actions/{action}":                      {Animateur, Police},
	"POST /api/v1/actions/{action}/events":              {Animateur, Police, Bailleur},

	"GET /api/v1/ateliers/{id}/restitution":          {Animateur, Police},
	"PUT /api/v1/ateliers/{id}/restitution":          {Animateur, Police},
	"POST /api/v1/ateliers/{id}/restitution/montree": {Animateur},
	"GET /api/v1/ateliers/{id}/restitution/{rang}":   {Animateur, Police},
	"GET /api/v1/propositions":                       {Animateur},

	"GET /api/v1/statistiques/vue":                     watchers,
	"GET /api/v1/statistiques/hexagones":               watchers,
	"GET /api/v1/statistiques/densite":                 watchers,
	"GET /api/v1/statistiques/accords":                 authorities,
	"GET /api/v1/statistiques/concentrations":          watchers,
	"GET /api/v1/statistiques/communales":              counts,
	"GET /api/v1/statistiques/fiche":                   watchers,
	"GET /api/v1/statistiques/fiche.pdf":               watchers,
	"GET /api/v1/statistiques/lieux/{h3}":              watchers,
	"GET /api/v1/statistiques/lieux/{h3}/signalements": {Police},

	"GET /api/v1/quartiers/{code}/portrait":    authorities,
	"GET /api/v1/quartiers/{code}/changement":  authorities,
	"GET /api/v1/quartiers/{code}/avant-apres": authorities,
	"GET /api/v1/comparaisons":                 authorities,
}

// scopeActions is what a link of an organisation may: no token of a machine has
// it.
const scopeActions = "actions"

// properties is the same for what not everybody who gets an answer finds in it,
// by object and member of openapi.yaml. A member without a line is for all whom
// its route answers. Whose objects these are is another question: what is of
// another territoire, room or pilote is not answered at all.
var properties = map[string][]Role{
	// Codes open tables, and figures tell live who is speaking.
	"Atelier.seq":          {Animateur},
	"Atelier.frozen_hash":  {Animateur},
	"Atelier.participants": {Animateur},
	"Atelier.markers":      {Animateur},
	"Atelier.plan":         {Animateur},
	"Table.code":           {Animateur},
	"Table.participants":   {Animateur},
	"Table.devices":        {Animateur},
	"Atelier.counted":      {Animateur},
	// Residents see what they may vote on, without the score.
	"Finding.remarks":   authorities,
	"Finding.markers":   authorities,
	"Finding.actions":   authorities,
	"Finding.dots":      authorities,
	"Finding.voters":    authorities,
	"Finding.withdrawn": authorities,
	"Finding.held":      authorities,
	// What moderation keeps back is read by who decides about it.
	"Finding.written": {Animateur},
	"Action.written":  {Animateur},
	"Action.suivi":    {Animateur},
	// A bailleur does not open the findings that its actions answer.
	"Action.constats":    {Bailleur},
	"Organisation.email": {Animateur, Admin},
	"Session.nom":        Staff,
	"Session.home":       Staff,
	"Session.pages":      Staff,
	"Session.territoire": {Habitant, Animateur, Analyste, Police, Bailleur, Admin, DPO},
}

// Sees reports whether a role finds a member in an answer that it gets.
func (r Role) Sees(property string) bool {
	roles, kept := properties[property]
	return !kept || slices.Contains(roles, r)
}

// Properties lists the members that not everybody sees, sorted.
func Properties() []string { return slices.Sorted(maps.Keys(properties)) }

// scopes says which routes a machine's token or an organisation's link may use,
// and by which of its scopes. What is for everyone needs none; a route without a line is for people.
var scopes = map[string]string{
	"GET /tiles/hexagones.json":                  "hexagones",
	"GET /tiles/hexagones/{z}/{x}/{y}.mvt":       "hexagones",
	"GET /api/v1/quartiers/{code}/hexagones":     "hexagones",
	"GET /api/v1/hexagones":                      "hexagones",
	"GET /api/v1/quartiers/{code}/hexagones.csv": "exports",
	"GET /api/v1/hexagones.csv":                  "exports",
	"GET /api/v1/pilote":                         scopeActions,
	"GET /api/v1/actions":                        scopeActions,
	"GET /api/v1/actions/{action}":               scopeActions,
	"POST /api/v1/actions/{action}/events":       scopeActions,
}

// setUp are the routes that an account uses to add the second factor that it must
// have. On any other one it is the public until then.
var setUp = []string{
	"GET /api/v1/session",
	"DELETE /api/v1/session",
	"GET /api/v1/compte",
	"POST /api/v1/compte/second-facteur",
	"PUT /api/v1/compte/second-facteur",
}

// setUpPage is where the second factor is added.
const setUpPage = "/compte"

// At is the principal as a route meets it.
func (p Principal) At(route string) Principal {
	if p.SettingUp && !slices.Contains(setUp, route) {
		return Principal{Role: Public, SettingUp: true}
	}
	return p
}

// pages is the same for the pages of the front end: who may open each, by its
// address as the router has it. A page without a line is for everyone.
var pages = map[string][]Role{
	"/carte":           counts,
	"/animation":       {Animateur},
	"/compte":          Staff,
	"/comptes":         {Admin},
	"/journal":         {DPO},
	"/conservation":    {Admin, DPO},
	"/animation/:id":   {Animateur},
	"/projection/:id":  {Animateur},
	"/restitution":     {Police},
	"/restitution/:id": {Police},
	"/police":          watchers,
	"/police/fiche":    watchers,
	"/moderation":      {Animateur},
	"/quartiers":       authorities,
	"/quartiers/:code": authorities,
	"/actions":         pilots,
}

// menu are the pages that the bar of the staff leads to, in its order.
var menu = []string{"/animation", "/moderation", "/carte", "/quartiers", "/police", "/restitution", "/actions", "/comptes", "/journal", "/conservation", "/compte"}

// homes are where each role goes after signing in.
var homes = map[Role]string{
	Animateur: "/animation", Analyste: "/carte", Police: "/police", Bailleur: "/actions", Admin: "/comptes", DPO: "/journal",
}

// May reports whether a role may use a route, named as in the table.
func (r Role) May(route string) bool { return slices.Contains(rights[route], r) }

// May reports whether a principal may use a route: its role may, and so does
// the scope of its token, if it is one.
func (p Principal) May(route string) bool {
	if p = p.At(route); !p.Role.May(route) {
		return false
	}
	return p.Scopes == nil || Open(route) || slices.Contains(p.Scopes, atelier.ScopeAll) ||
		scopes[route] != "" && slices.Contains(p.Scopes, scopes[route])
}

// Open reports whether a route is for everyone.
func Open(route string) bool { return Public.May(route) }

// MayOpen reports whether a role may open a page, by its address on the router.
func (r Role) MayOpen(page string) bool {
	roles, closed := pages[page]
	return !closed || slices.Contains(roles, r)
}

// Menu are the pages that the bar of the staff offers a role; all of them open.
func (r Role) Menu() []string {
	var open []string
	for _, page := range menu {
		if slices.Contains(pages[page], r) {
			open = append(open, page)
		}
	}
	return open
}

// MayOpen reports whether a principal may open a page, by its address on the
// router.
func (p Principal) MayOpen(page string) bool {
	return p.Role.MayOpen(page) && (!p.SettingUp || page == setUpPage || Public.MayOpen(page))
}

// Menu are the pages that the bar offers a principal.
func (p Principal) Menu() []string {
	if p.SettingUp {
		return []string{setUpPage}
	}
	return p.Role.Menu()
}

// Home is where a principal begins.
func (p Principal) Home() string {
	if p.SettingUp {
		return setUpPage
	}
	return p.Role.Home()
}

// Home is where a role begins.
func (r Role) Home() string {
	if home, ok := homes[r]; ok {
		return home
	}
	return "/"
}

// Pages lists the pages that are not for everyone, sorted.
func Pages() []string { return slices.Sorted(maps.Keys(pages)) }

// Routes lists what the table knows, sorted.
func Routes() []string { return slices.Sorted(maps.Keys(rights)) }
