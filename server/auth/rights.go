package auth

import (
	"maps"
	"slices"
)

// everyone stands for all roles, a person without an account included.
var everyone = []Role{Public, Habitant, Animateur, Analyste, Police, Bailleur, Admin, DPO}

// room are those who take part in an evening; which room, the handler asks.
var room = []Role{Habitant, Animateur}

// authorities read what ateliers found and what is answered, and compare
// quartiers from counts; a bailleur only its own actions, by another door.
var authorities = []Role{Animateur, Analyste, Police}

// watchers read statistics: where, when and whether beyond chance.
var watchers = []Role{Analyste, Police}

// rights is the one table of who may do what: each route, by its method and its
// path in openapi.yaml, and the roles that it answers. A route without a line
// is answered to nobody, and a test fails. What a role sees of an answer, and
// of which territoire, is decided beside what is answered.
var rights = map[string][]Role{
	"GET /healthz": everyone,
	"GET /readyz":  everyone,

	"GET /api/v1/territoires":                                      everyone,
	"GET /api/v1/quartiers":                                        everyone,
	"GET /api/v1/voies":                                            everyone,
	"GET /tiles/{layer}.json":                                      everyone,
	"GET /tiles/{layer}/{z}/{x}/{y}.mvt":                           everyone,
	"GET /api/v1/quartiers/{code}/hexagones":                       everyone,
	"GET /api/v1/quartiers/{code}/hexagones.csv":                   everyone,
	"GET /api/v1/hexagones":                                        everyone,
	"GET /api/v1/hexagones.csv":                                    everyone,
	"GET /api/v1/signalements":                                     everyone,
	"GET /api/v1/editions":                                         everyone,
	"GET /api/v1/rencontres":                                       everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}":               everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/hexagones":     everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/hexagones.csv": everyone,
	"GET /api/v1/quartiers/{code}/editions/{numero}/canonique.txt": everyone,
	"GET /tiles/editions.json":                                     everyone,
	"GET /tiles/editions/{z}/{x}/{y}.mvt":                          everyone,
	"DELETE /api/v1/quartiers/{code}/editions/{numero}":            {Animateur},
	"POST /api/v1/brouillons":                                      {Animateur},
	"GET /api/v1/brouillons/{id}":                                  {Animateur},
	"GET /api/v1/brouillons/{id}/hexagones":                        {Animateur},
	"POST /api/v1/brouillons/{id}/publier":                         {Animateur},
	"GET /api/v1/ateliers/{id}/brouillons":                         {Animateur},

	"POST /api/v1/signalements":                   everyone,
	"GET /api/v1/ateliers":                        everyone,
	"GET /api/v1/ateliers/{id}":                   everyone,
	"POST /api/v1/ateliers":                       {Animateur},
	"GET /api/v1/ateliers/{id}/cartes-tables.pdf": {Animateur},
	"GET /api/v1/ateliers/{id}/qr/{numero}.svg":   {Animateur},
	"GET /api/v1/ateliers/{id}/late":              room,
	"GET /api/v1/tables/{code}":                   everyone,
	"POST /api/v1/join":                           everyone,
	"POST /api/v1/ateliers/{id}/link":             {Habitant},
	"POST /api/v1/ateliers/{id}/ops":              room,
	"GET /api/v1/ateliers/{id}/ops":               room,
	"GET /api/v1/ateliers/{id}/stream":            room,
	"GET /api/v1/ateliers/{id}/snapshot":          room,
	"GET /api/v1/ateliers/{id}/markers":           room,

	"GET /api/v1/moderation":                                  {Animateur},
	"POST /api/v1/moderation/decisions":                       {Animateur},
	"GET /api/v1/moderation/{objet}/{id}":                     {Animateur},
	"GET /api/v1/textes":                                      {Animateur, Police},
	"GET /api/v1/ateliers/{id}/contribution":                  {Habitant},
	"DELETE /api/v1/ateliers/{id}/contribution":               {Habitant},
	"DELETE /api/v1/ateliers/{id}/participants/{participant}": {Animateur},
	"GET /api/v1/recu":                                        everyone,
	"DELETE /api/v1/recu":                                     everyone,
	"GET /api/v1/conservation":                                everyone,
	"PUT /api/v1/conservation":                                {Admin, DPO},
	"GET /api/v1/conservation/etat":                           {Admin, DPO, Animateur},
	"GET /api/v1/notice":                                      everyone,

	"GET /api/v1/organisations":                    authorities,
	"PUT /api/v1/organisations/{id}":               {Animateur, Admin},
	"GET /api/v1/findings":                         authorities,
	"GET /api/v1/ateliers/{id}/findings":           room,
	"PUT /api/v1/ateliers/{id}/findings/{finding}": {Animateur},
	"GET /api/v1/actions":                          authorities,
	"POST /api/v1/actions":                         {Animateur, Police},
	"GET /api/v1/actions/{action}":                 authorities,
	"PUT /api/v1/actions/{action}":                 {Animateur, Police},
	"POST /api/v1/actions/{action}/events":         {Animateur, Police},

	"GET /api/v1/statistiques/vue":                     watchers,
	"GET /api/v1/statistiques/hexagones":               watchers,
	"GET /api/v1/statistiques/densite":                 watchers,
	"GET /api/v1/statistiques/accords":                 watchers,
	"GET /api/v1/statistiques/concentrations":          watchers,
	"GET /api/v1/statistiques/communales":              watchers,
	"GET /api/v1/statistiques/lieux/{h3}":              watchers,
	"GET /api/v1/statistiques/lieux/{h3}/signalements": {Police},

	"GET /api/v1/quartiers/{code}/portrait":       authorities,
	"GET /api/v1/quartiers/{code}/lieux-partages": authorities,
	"GET /api/v1/quartiers/{code}/changement":     authorities,
	"GET /api/v1/quartiers/{code}/avant-apres":    authorities,
	"GET /api/v1/comparaisons":                    authorities,
}

// May reports whether a role may use a route, named as in the table. Local, who
// works on the machine itself, may use all that are in the table.
func (r Role) May(route string) bool {
	roles, ok := rights[route]
	return ok && (r == Local || slices.Contains(roles, r))
}

// Routes lists what the table knows, sorted.
func Routes() []string { return slices.Sorted(maps.Keys(rights)) }
