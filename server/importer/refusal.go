package importer

import (
	"errors"
	"fmt"
	"strings"

	"quietude/geo"
	"quietude/server/fault"
)

// refusal is how a reason of geo is told to the person who holds the file. A
// sentence with %d is given the limit, one with %s the text at fault.
type refusal struct {
	kind   fault.Kind
	code   string
	detail string
}

// refusals has the reasons that a file of quartiers or a row can be refused
// for; any other one is a mistake of the program.
var refusals = map[geo.Reason]refusal{
	geo.MissingPosition:   {fault.Invalid, "position_absente", "une position manque"},
	geo.NotANumber:        {fault.Invalid, "position_invalide", "une coordonnée n’est pas un nombre"},
	geo.WrongDimension:    {fault.Invalid, "position_invalide", "une position compte exactement deux nombres, longitude puis latitude"},
	geo.OutOfRange:        {fault.Invalid, "position_invalide", "la longitude va de −180 à 180 et la latitude de −90 à 90"},
	geo.SwappedAxes:       {fault.Invalid, "coordonnees_inversees", "les coordonnées semblent inversées : la longitude vient en premier, puis la latitude"},
	geo.Lambert93:         {fault.Unprocessable, "lambert93", "les coordonnées semblent être en Lambert-93 : exportez le fichier en WGS 84 (EPSG:4326), en degrés"},
	geo.OutsideTerritoire: {fault.Unprocessable, "hors_territoire", "la position est hors de la ville et de ses abords"},

	geo.EmptyGeometry:        {fault.Unprocessable, "geometrie_vide", "la surface est vide"},
	geo.TooFewPoints:         {fault.Unprocessable, "contour_trop_court", "un contour compte au moins quatre positions, la première reprise à la fin"},
	geo.UnclosedRing:         {fault.Unprocessable, "contour_ouvert", "un contour n’est pas fermé : sa dernière position doit être la première"},
	geo.ZeroArea:             {fault.Unprocessable, "surface_nulle", "toutes les positions d’un contour sont sur une même ligne"},
	geo.SelfIntersection:     {fault.Unprocessable, "contour_croise", "le contour se croise ou se touche lui-même"},
	geo.CrossingRings:        {fault.Unprocessable, "contours_croises", "deux contours se croisent"},
	geo.HoleOutsideShell:     {fault.Unprocessable, "trou_hors_contour", "un trou est en dehors de sa surface"},
	geo.NestedHoles:          {fault.Unprocessable, "trous_emboites", "un trou se trouve dans un autre trou"},
	geo.DisconnectedInterior: {fault.Unprocessable, "surface_coupee", "des trous coupent la surface en plusieurs morceaux"},
	geo.OverlappingParts:     {fault.Unprocessable, "parties_superposees", "deux parties de la surface se recouvrent"},
	geo.TooSmall:             {fault.Unprocessable, "surface_trop_petite", "la surface est trop petite pour être un quartier : moins de %d m²"},
	geo.TooWide:              {fault.Unprocessable, "hors_territoire", "la surface est hors de la ville : elle dépasse %d km²"},
	geo.CrossesAntimeridian:  {fault.Unprocessable, "hors_territoire", "la surface est hors de la ville : elle fait le tour de la Terre"},
	geo.TooManyVertices:      {fault.TooLarge, "trop_de_sommets", "trop de positions, au plus %d : simplifiez le tracé"},

	geo.InvalidJSON:         {fault.Invalid, "json_illisible", "le fichier n’est pas du JSON bien formé"},
	geo.InvalidText:         {fault.Invalid, "texte_illisible", "un texte contient un caractère qui ne peut pas être gardé"},
	geo.DuplicateKey:        {fault.Invalid, "champ_double", "le même champ est donné deux fois"},
	geo.MissingKey:          {fault.Invalid, "champ_absent", "il manque un champ"},
	geo.WrongType:           {fault.Invalid, "geojson_attendu", "ce n’est pas le GeoJSON attendu (FeatureCollection de surfaces avec code et nom)"},
	geo.TooDeep:             {fault.Invalid, "json_trop_profond", "le texte est trop imbriqué : au plus %d niveaux"},
	geo.UnsupportedGeometry: {fault.Invalid, "geometrie_refusee", "seuls Polygon et MultiPolygon sont lus"},
	geo.WrongCRS:            {fault.Unprocessable, "systeme_refuse", "le fichier déclare un autre système de coordonnées que WGS 84 (%s) : exportez-le en EPSG:4326"},
	geo.FileTooLarge:        {fault.TooLarge, "fichier_trop_grand", "le fichier dépasse %d octets"},
	geo.TooManyFeatures:     {fault.TooLarge, "trop_d_objets", "le fichier compte plus de %d objets"},
	geo.TextTooLong:         {fault.Invalid, "texte_trop_long", "un texte dépasse %d caractères"},
	geo.NullFeature:         {fault.Invalid, "objet_nul", "l’objet est nul"},
	geo.NoFeatures:          {fault.Unprocessable, "collection_vide", "le fichier ne contient aucun quartier"},
	geo.DuplicateCode:       {fault.Conflict, "code_double", "deux quartiers portent le code « %s »"},
	geo.DuplicateName:       {fault.Conflict, "nom_double", "deux quartiers portent le nom « %s »"},
	geo.InvalidCode:         {fault.Unprocessable, "code_invalide", "le code « %s » n’est pas fait de 1 à 12 lettres majuscules, chiffres, tirets ou soulignés"},
}

// reason is the sentence of a refusal, without capital and full stop.
func reason(e *geo.Invalid) refusal {
	r, ok := refusals[e.Reason]
	if !ok {
		return refusal{fault.Internal, "erreur", "erreur inattendue"}
	}
	switch {
	case strings.Contains(r.detail, "%d"):
		r.detail = fmt.Sprintf(r.detail, e.Limit)
	case strings.Contains(r.detail, "%s"):
		r.detail = fmt.Sprintf(r.detail, e.Value)
	}
	return r
}

// refuseFeature tells what is wrong in a file of quartiers: which feature, its
// code when it is known, where. Errors of reading stay as they are.
func refuseFeature(err error, code string) error {
	var e *geo.Invalid
	if !errors.As(err, &e) {
		return err
	}
	r := reason(e)
	text := capital(r.detail)
	if e.Feature > 0 {
		label := fmt.Sprintf("Quartier n° %d", e.Feature)
		if code != "" {
			label += fmt.Sprintf(" (code « %s »)", code)
		}
		text = label + " : " + r.detail
	}
	if e.At != nil {
		text += fmt.Sprintf(", en %.7f, %.7f", e.At[0], e.At[1])
	}
	if e.Reason == geo.MissingKey || e.Reason == geo.WrongType || e.Reason == geo.DuplicateKey {
		text += " (" + e.Field + ")"
	}
	f := &fault.Error{Kind: r.kind, Code: r.code, Detail: text + ".", Field: e.Field}
	if e.Feature > 0 {
		f = f.With("objet", e.Feature)
	}
	if code != "" {
		f = f.With("quartier", code)
	}
	if e.At != nil {
		f = f.With("position", []float64{e.At[0], e.At[1]})
	}
	return f.Because(err)
}

// capital writes a sentence's first letter in upper case.
func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
